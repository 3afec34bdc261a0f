//! What is asked about kringen.

use protocol::api::{LidmaatschapAsked, VerantwoordingQuery};
use protocol::id::Week;

use super::learning::Form;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kring {
    /// The kringen that there are.
    List {
        /// The week it is asked for.
        peilweek: Option<Week>,
    },
    /// A kring that this gemeente begins.
    New(New),
    /// Coming into a kring, or leaving it.
    Membership(LidmaatschapAsked),
    /// What a kring did in a quarter.
    Account {
        /// Which kring and quarter.
        query: VerantwoordingQuery,
        /// How it is written down.
        form: Form,
    },
}

/// A kring that this gemeente begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// How often it meets.
    pub rhythm: Option<String>,
    /// Its local id.
    pub id: Option<String>,
    /// From when.
    pub week: Option<Week>,
}
