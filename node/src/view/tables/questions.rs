//! The ten questions that analysts ask most, as SQL that runs as it is on the node, on a mirror and on an export.
//!
//! **Law:** SQLite, DuckDB and PostgreSQL give the same rows in the same order. So where a value can be empty the order says
//! where it stands, a flag is no number, no division is of two whole numbers, and what is rounded is first made whole: a half
//! then is a half, in decimals and in doubles.

use super::Words;

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// What is asked.
    pub about: Words,
    /// How it is asked.
    pub sql: &'static str,
}

/// The ten, in order.
pub const QUESTIONS: [Question; 10] = [
    Question {
        about: Words {
            nl: "Knelpunten in drie of meer gemeenten",
            en: "Knelpunten in three or more gemeenten",
        },
        sql: include_str!("questions/01-in-drie-gemeenten.sql"),
    },
    Question {
        about: Words {
            nl: "Wat onmogelijk leek en mogelijk bleek, met de bron",
            en: "Thought impossible, turned out possible, with its source",
        },
        sql: include_str!("questions/02-bleek-te-kunnen.sql"),
    },
    Question {
        about: Words {
            nl: "Wie wat overnam, hoe aangepast, met welke uitkomst",
            en: "Who adopted what, adapted how, with what outcome",
        },
        sql: include_str!("questions/03-wie-nam-wat-over.sql"),
    },
    Question {
        about: Words {
            nl: "De tijd van signaal tot duiding per grootteklasse",
            en: "The time from signaal to duiding per size class",
        },
        sql: include_str!("questions/04-van-signaal-tot-duiding.sql"),
    },
    Question {
        about: Words {
            nl: "Thema's per kwartaal en laag",
            en: "Themes by quarter and laag",
        },
        sql: include_str!("questions/05-themas-per-kwartaal-en-laag.sql"),
    },
    Question {
        about: Words {
            nl: "Opgelost en teruggekomen",
            en: "Solved and come back",
        },
        sql: include_str!("questions/06-opgelost-en-terug.sql"),
    },
    Question {
        about: Words {
            nl: "Belemmering en thema, en wat haar wegnam",
            en: "Obstacle and theme, and what removed it",
        },
        sql: include_str!("questions/07-wat-nam-de-belemmering-weg.sql"),
    },
    Question {
        about: Words {
            nl: "Experimenten per variabele en uitkomst, ook wat mislukte",
            en: "Experimenten by varied variable and outcome, failures included",
        },
        sql: include_str!("questions/08-experimenten.sql"),
    },
    Question {
        about: Words {
            nl: "Vragen zonder antwoord na dertien weken",
            en: "Questions without an answer after thirteen weeks",
        },
        sql: include_str!("questions/09-zonder-antwoord.sql"),
    },
    Question {
        about: Words {
            nl: "Welk deel van de signalen bij een overdracht speelde, per regeling",
            en: "The share of signalen at hand-overs, per regeling",
        },
        sql: include_str!("questions/10-bij-overdracht.sql"),
    },
];
