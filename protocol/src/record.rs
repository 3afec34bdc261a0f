//! What documents mean: kinds of records, their fields, the word list, the merge of co-written records, states.
//!
//! | file | what it holds |
//! |---|---|
//! | `value`, `kind` | the shape every record has, and the names of the kinds |
//! | `words` | the versioned word list, Dutch and English |
//! | `schema` | per kind the fields it has, with their types and limits |
//! | `finding` | what is wrong with input, said in Dutch or English |
//! | `intake` | JSON and CSV cells to a checked local record |
//! | `merge`, `relink`, `json` | documents to a record, its links, how it is shown |
//! | `around`, `held` | the facts of the records around one, and looking around |
//! | `lasting` | what stands open, what came back, which questions wait |
//! | `recurrence`, `agenda` | what recurs between teams, what a quarter asks to be talked about |
//! | `prikkel` | when a tip of a kring is shown to somebody who is typing |
//! | `verantwoording` | what a kring did in a quarter, why, and what it learned |
//! | `state`, `frozen` | what state a record is in, what an experiment froze |
//! | `horizon` | until when a state stays as it is if nothing arrives |
//! | `transition` | from one state into another: what a person says, and what follows |
//!
//! **Invariant:** everything here is a pure function; the order in which documents arrive cannot be seen.

pub mod agenda;
mod around;
mod finding;
mod frozen;
mod held;
mod horizon;
mod intake;
mod json;
mod kind;
pub mod lasting;
mod merge;
pub mod prikkel;
pub mod recurrence;
mod relink;
pub mod schema;
mod state;
pub mod transition;
mod value;
pub mod verantwoording;
mod words;

pub use around::{Around, Facts, LINKING_MAX, Linked, Neighbours, Standing, around};
pub use finding::{Expected, FINDINGS_MAX, Finding, Problem, Severity};
pub(crate) use frozen::freeze;
pub use frozen::{FROZEN, frozen_as};
pub use held::Held;
pub use horizon::horizon;
pub use intake::{
    COLUMN_CHARS_MAX, COLUMNS_MAX, Input, Intake, Visibility, delimiter, each, from_text, open_quote, read_json,
    read_row, row_json,
};
pub use json::SCHEMA;
pub use merge::{Merged, Part, Told, merge};
pub use relink::relink;
pub use schema::Field;
pub use state::{State, returns, state};
pub use value::{Fields, Kind, Reference, Row, Value};
pub use words::{List, WITHHELD, WORDS_VERSION, Word};
