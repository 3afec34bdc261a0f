//! What is asked about learning here.

use std::collections::BTreeMap;

use protocol::api::{KoppelingAsked, OpenstaandQuery, TerugQuery};
use protocol::id::{Quarter, Week};

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learning {
    /// What signals may belong to.
    Proposals {
        /// The week it is asked for.
        peilweek: Option<Week>,
    },
    /// Signals belong to a knelpunt.
    Link(KoppelingAsked),
    /// Signals do not belong to their knelpunt.
    Unlink {
        /// The signals.
        signals: Vec<String>,
    },
    /// In which state a local record is, and into which it can go or went.
    Mark(Mark),
    /// What a quarter asks to be talked about.
    Agenda {
        /// Which quarter, and as of when.
        of: Quartered,
        /// How it is written down.
        form: Form,
    },
    /// A sessie that was held.
    Close(Box<Close>),
    /// What became of our signals.
    Back(TerugQuery),
    /// What others say about our records.
    Post {
        /// Also what waits for no answer.
        all: bool,
        /// The week it is asked for.
        peilweek: Option<Week>,
    },
    /// Knelpunten that stand open the longest, or came back.
    Knelpunten(OpenstaandQuery),
    /// Questions that nobody has answered.
    Questions(OpenstaandQuery),
    /// A word about a record.
    Say(Box<Bericht>),
}

/// A local record, or an afspraak of it, with the state that it is in now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub id: String,
    /// The number of the afspraak.
    pub afspraak: Option<u32>,
    /// The state; without one it is only looked at.
    pub state: Option<String>,
    /// What is said with it.
    pub fields: BTreeMap<String, String>,
    /// The week in which it became so.
    pub week: Option<Week>,
}

/// A word about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bericht {
    /// The record.
    pub over: String,
    /// What sort of word.
    pub vorm: String,
    /// The word.
    pub tekst: String,
    /// Its own local id; drawn when absent.
    pub id: Option<String>,
    /// The week; this week when absent.
    pub week: Option<Week>,
}

/// A quarter, and the week it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quartered {
    /// The quarter.
    pub quarter: Quarter,
    /// The week.
    pub peilweek: Option<Week>,
}

/// How an agenda is written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// For a screen.
    #[default]
    Text,
    /// Markdown.
    Markdown,
    /// A page that can be printed.
    Html,
}

/// A sessie that was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// Its local id.
    pub id: String,
    /// The quarter whose agenda was talked about.
    pub of: Quartered,
    /// The week it was held.
    pub week: Option<Week>,
    /// What sort of sessie.
    pub aard: Option<String>,
    /// The lagen that were there.
    pub present: Vec<String>,
    /// How many people.
    pub band: Option<String>,
    /// What was talked about: numbers of the agenda, or records.
    pub discussed: Vec<String>,
    /// What was agreed, as it was typed.
    pub afspraken: Vec<String>,
}
