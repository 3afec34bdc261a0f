//! What documents mean: kinds of records, their fields, the word list, the merge of co-written records, states.
//!
//! | file | what it holds |
//! |---|---|
//! | `value`, `kind` | the shape every record has, and the names of the kinds |
//! | `words` | the versioned word list, Dutch and English |
//! | `schema` | per kind the fields it has, with their types and limits |
//! | `finding` | what is wrong with input, said in Dutch or English |
//! | `intake` | JSON and CSV cells to a checked local record |
//! | `merge`, `state`, `json` | documents to a record, what state it is in, how it is shown |
//!
//! **Invariant:** everything here is a pure function; the order in which documents arrive cannot be seen.

mod finding;
mod intake;
mod json;
mod kind;
mod merge;
pub mod schema;
mod state;
mod value;
mod words;

pub use finding::{FINDINGS_MAX, Finding, Problem, Severity};
pub use intake::{COLUMN_CHARS_MAX, COLUMNS_MAX, Input, Intake, Visibility, each, from_text, read_json, read_row};
pub use json::SCHEMA;
pub use merge::{Merged, Part, Told, merge};
pub use schema::Field;
pub use state::{Incoming, State, incoming, state};
pub use value::{Fields, Kind, Reference, Row, Value};
pub use words::{List, WITHHELD, WORDS_VERSION, Word};
