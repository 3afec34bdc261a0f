//! Why a question to the node has no answer.
//!
//! A failure keeps two things apart: what the asker is told, in their language, and what only the log of the
//! node says (the source of [`Failure::Internal`]).

use std::error::Error;

use protocol::api::{Fault, Lang, Message, Problem, ProblemKind};

use crate::full::{is_full, is_silent};

/// What can be looked up by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    /// A record of the network.
    Record,
    /// A concept in the vault.
    Concept,
    /// A local record.
    Local,
    /// Something that was taken back.
    Withdrawal,
    /// A token with a name.
    Token,
    /// A table for questions in SQL.
    Table,
}

/// Why a question to the node has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The body or a value in the query is wrong; already in the language of the asker.
    #[error("input refused: {}", .0.melding)]
    Input(Fault),
    /// There is nothing by that name.
    #[error("no such {what:?}")]
    Unknown {
        /// What was looked for.
        what: Thing,
        /// The name as given.
        id: String,
    },
    /// More than one thing begins like that.
    #[error("{} candidates for a {what:?}", .candidates.len())]
    Ambiguous {
        /// What was looked for.
        what: Thing,
        /// The begin as given.
        prefix: String,
        /// The first few that fit, in order.
        candidates: Vec<String>,
    },
    /// It does not go together with how things stand, or the gate holds it back.
    #[error("{kind:?}: {}", .message.en)]
    Told {
        /// [`ProblemKind::Conflict`] or [`ProblemKind::Geweigerd`].
        kind: ProblemKind,
        /// What is in the way.
        message: Message,
        /// What to do about it.
        hint: Option<Message>,
    },
    /// Too much is being asked at once.
    #[error("too many questions at once")]
    Busy,
    /// The disk of the node is full.
    #[error("the disk is full")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    /// The node itself failed.
    #[error("the node failed")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// A failure of the node itself, or of its disk.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = source.into();
        if is_full(&*source) {
            Self::Full(source)
        } else if is_silent(&*source) {
            silent()
        } else {
            Self::Internal(source)
        }
    }

    /// What the asker is told.
    #[must_use]
    pub fn problem(self, lang: Lang) -> Problem {
        match self {
            Self::Input(fault) => Problem::of_fault(fault, lang),
            Self::Unknown { what, id } => unknown(what, &id, lang),
            Self::Ambiguous {
                what,
                prefix,
                candidates,
            } => ambiguous(what, &prefix, candidates, lang),
            Self::Told { kind, message, hint } => {
                let problem = Problem::new(kind, lang, &message);
                match hint {
                    Some(hint) => problem.hinting(lang, &hint),
                    None => problem,
                }
            }
            Self::Busy => busy(lang),
            Self::Full(_) => full(lang),
            Self::Internal(_) => internal(lang),
        }
    }
}

fn unknown(what: Thing, id: &str, lang: Lang) -> Problem {
    let (message, hint) = match what {
        Thing::Record => (
            Message::with(
                format!("er is hier geen record {id:?}"),
                format!("there is no record {id:?} here"),
            ),
            Message::new(
                "leerkring list toont wat er is; een record van een ander kan nog onderweg zijn",
                "leerkring list shows what there is; a record of somebody else may still be on its way",
            ),
        ),
        Thing::Concept => (
            Message::with(
                format!("er is hier geen concept {id:?}"),
                format!("there is no concept {id:?} here"),
            ),
            Message::new(
                "leerkring review toont wat er wacht",
                "leerkring review shows what waits",
            ),
        ),
        Thing::Local => (
            Message::with(
                format!("er is hier geen lokaal record {id:?}"),
                format!("there is no local record {id:?} here"),
            ),
            Message::new(
                "leerkring list --local toont wat er is vastgelegd",
                "leerkring list --local shows what was recorded",
            ),
        ),
        Thing::Withdrawal => (
            Message::with(
                format!("er is hier niets ingetrokken onder {id:?}"),
                format!("nothing is withdrawn here under {id:?}"),
            ),
            Message::new(
                "leerkring receipts toont wat er is ingetrokken",
                "leerkring receipts shows what is withdrawn",
            ),
        ),
        Thing::Token => (
            Message::with(
                format!("er is hier geen token {id:?}"),
                format!("there is no token {id:?} here"),
            ),
            Message::new(
                "leerkring token list toont wat er is",
                "leerkring token list shows what there is",
            ),
        ),
        Thing::Table => (
            Message::with(format!("er is geen tabel {id:?}"), format!("there is no table {id:?}")),
            Message::new(
                "leerkring tables toont de tabellen",
                "leerkring tables shows the tables",
            ),
        ),
    };
    Problem::new(ProblemKind::NietGevonden, lang, &message).hinting(lang, &hint)
}

fn ambiguous(what: Thing, prefix: &str, candidates: Vec<String>, lang: Lang) -> Problem {
    let what = match what {
        Thing::Record => Message::new("record", "record"),
        Thing::Concept => Message::new("concept", "concept"),
        Thing::Local => Message::new("lokaal record", "local record"),
        Thing::Withdrawal => Message::new("ingetrokken document", "withdrawn document"),
        Thing::Token => Message::new("token", "token"),
        Thing::Table => Message::new("tabel", "table"),
    };
    let message = Message::with(
        format!("meer dan een {} begint met {prefix:?}", what.nl),
        format!("more than one {} begins with {prefix:?}", what.en),
    );
    let hint = Message::new("geef meer tekens", "give more characters");
    let mut problem = Problem::new(ProblemKind::NietUniek, lang, &message).hinting(lang, &hint);
    problem.toegestaan = candidates;
    problem
}

fn busy(lang: Lang) -> Problem {
    let message = Message::new(
        "er lopen al te veel vragen tegelijk",
        "too many questions run at once already",
    );
    let hint = Message::new("probeer het over enkele seconden opnieuw", "try again in a few seconds");
    Problem::new(ProblemKind::Bezet, lang, &message).hinting(lang, &hint)
}

fn full(lang: Lang) -> Problem {
    let message = Message::new("de schijf van de node is vol", "the disk of the node is full");
    let hint = Message::new(
        "maak ruimte en start de node daarna opnieuw: wat bevestigd was, is er dan nog",
        "make room and then restart the node: what was acknowledged is still there then",
    );
    Problem::new(ProblemKind::Conflict, lang, &message).hinting(lang, &hint)
}

fn silent() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "de schijf van de node antwoordt niet",
            "the disk of the node does not answer",
        ),
        hint: Some(Message::new(
            "kijk naar de schijf en start de node daarna opnieuw: wat bevestigd was, is er dan nog",
            "look at the disk and then restart the node: what was acknowledged is still there then",
        )),
    }
}

fn internal(lang: Lang) -> Problem {
    let message = Message::new(
        "de node kon de vraag niet beantwoorden",
        "the node could not answer the question",
    );
    let hint = Message::new(
        "het logboek van de node zegt waarom; leerkring status toont de laatste fout van elke worker",
        "the log of the node says why; leerkring status shows the last error of every worker",
    );
    Problem::new(ProblemKind::Intern, lang, &message).hinting(lang, &hint)
}
