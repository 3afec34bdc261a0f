//! The commands of an analyst.

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::{Lang, ROWS_MAX};

use super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn commands(lang: Lang) -> [Command; 3] {
    [query(lang), questions(lang), tables(lang)]
}

fn query(lang: Lang) -> Command {
    let text = Text {
        name: "query",
        usage: ("SQL|- [OPTIES]", "SQL|- [OPTIONS]"),
        about: (
            "Stel een vraag in SQL over alles wat gedeeld is",
            "Ask a question in SQL about all that is shared",
        ),
        more: (
            "De vraag leest alleen: een opdracht in SQL, zoals SQLite die kent, over de tabellen van leerkring tables. Zij krijgt \
             een begrensde tijd, zoveel geheugen en zoveel rijen; wat zij ziet is een stand van kennis, die in --json het \
             snapshot heet. Functies die op de klok kijken of toeval zijn bestaan hier niet: hetzelfde snapshot geeft hetzelfde \
             antwoord. Zonder ORDER BY is de volgorde niet beloofd. Met --search staan de records met die woorden, zoals leerkring \
             search ze vindt, in de tabel gevonden: de beste 10000, met rang 1 voor de beste. Ctrl-C stopt de vraag ook op de node.",
            "The question only reads: one statement in SQL, as SQLite knows it, over the tables of leerkring tables. It gets a \
             bounded time, so much memory and so many rows; what it sees is one state of knowledge, which --json calls the \
             snapshot. Functions that look at the clock or draw lots do not exist here: the same snapshot gives the same answer. \
             Without ORDER BY no order is promised. With --search the records that have those words, as leerkring search finds \
             them, stand in the table gevonden: the best 10000, with rang 1 for the best. Ctrl-C stops the question on the node too.",
        ),
        examples: &[
            "leerkring query 'SELECT soort, count(*) FROM records GROUP BY soort ORDER BY soort'",
            "leerkring query 'SELECT id, week FROM records WHERE week >= ?1 ORDER BY id' --value 2026-W01 --csv",
            "leerkring query --search briefadres 'SELECT r.soort, count(*) FROM gevonden g JOIN records r ON r.id = g.id GROUP BY 1'",
            "leerkring query - --json < vraag.sql",
        ],
    };
    let rows = option(
        lang,
        "rows",
        ("AANTAL", "NUMBER"),
        (
            "Hoeveel rijen hoogstens (standaard 10000, ten hoogste 100000)",
            "How many rows at most (10000 unless given, 100000 at most)",
        ),
    );
    let value = option(
        lang,
        "value",
        ("WAARDE", "VALUE"),
        (
            "De waarde voor ?1, dan die voor ?2: een geheel getal, of tekst",
            "The value for ?1, then that for ?2: a whole number, or text",
        ),
    );
    let sql = (
        "De vraag; - leest haar van standaardinvoer",
        "The question; - reads it from standard input",
    );
    let takes: [Arg; 5] = [
        positional(lang, "sql", ("SQL", "SQL"), sql).required(true),
        value.action(ArgAction::Append).allow_hyphen_values(true),
        search(lang).allow_hyphen_values(true),
        rows.value_parser(value_parser!(u32).range(1..=i64::from(ROWS_MAX))),
        option(
            lang,
            "csv",
            ("", ""),
            (
                "Een CSV-bestand (RFC 4180); wat een rekenblad als formule zou lezen krijgt er een ' voor",
                "A CSV file (RFC 4180); what a spreadsheet would read as a formula gets a ' before it",
            ),
        )
        .conflicts_with("json"),
    ];
    explained(lang, &text, takes)
}

fn search(lang: Lang) -> Arg {
    option(
        lang,
        "search",
        ("WOORDEN", "WORDS"),
        (
            "Zoek eerst met deze woorden: wat ze heeft staat in de tabel gevonden (id, rang, score)",
            "Look for these words first: what has them stands in the table gevonden (id, rang, score)",
        ),
    )
}

fn questions(lang: Lang) -> Command {
    let text = Text {
        name: "questions",
        usage: ("[NR] [OPTIES]", "[NR] [OPTIONS]"),
        about: (
            "Toon de vragen die analisten het meest stellen, of de SQL van een",
            "Show the questions that analysts ask most, or the SQL of one",
        ),
        more: (
            "De SQL is om zo te stellen, of om een eigen vraag mee te beginnen.",
            "The SQL is to be asked as it is, or to begin a question of your own with.",
        ),
        examples: &[
            "leerkring questions",
            "leerkring questions 3",
            "leerkring questions 3 | leerkring query -",
        ],
    };
    let help = ("Het nummer van de vraag", "The number of the question");
    let nr = positional(lang, "nr", ("NR", "NR"), help).value_parser(value_parser!(u32).range(1..));
    explained(lang, &text, [nr])
}

fn tables(lang: Lang) -> Command {
    let text = Text {
        name: "tables",
        usage: ("[NAAM] [OPTIES]", "[NAME] [OPTIONS]"),
        about: (
            "Toon de tabellen voor vragen in SQL, of de kolommen van een",
            "Show the tables for questions in SQL, or the columns of one",
        ),
        more: ("", ""),
        examples: &[
            "leerkring tables",
            "leerkring tables signalen",
            "leerkring tables signalen --json",
        ],
    };
    let help = ("De tabel", "The table");
    explained(lang, &text, [positional(lang, "name", ("NAAM", "NAME"), help)])
}
