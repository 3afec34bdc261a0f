//! What documents mean: kinds of records, their fields, the word list, the merge of co-written records, states.

mod value;

pub use value::{Fields, Kind, Reference, Row, Value};
