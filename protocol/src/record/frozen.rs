//! What an experiment froze before it started: a hash of its hypothesis, variable, measure and design.
//!
//! The hash is made when the record leaves, of what leaves, and an edit adds one and takes none away. So an
//! experiment that was changed after it was frozen holds a hash that is not of what it says now.

use std::collections::BTreeMap;

use super::{Fields, Kind, Value, json};
use crate::id::hash;

/// The field of a shared experiment that holds the hashes; nobody types it.
pub const FROZEN: &str = "vastgelegd_als";

/// The fields that are frozen, in order.
const FIELDS: [&str; 4] = ["gevarieerd", "hypothese", "maat", "opzet"];

/// Adds the hash to an experiment that says to be frozen.
pub(crate) fn freeze(kind: Kind, fields: &mut Fields) {
    if kind == Kind::Experiment && fields.contains_key("vastgelegd") {
        let name = name_of(|field| fields.get(field));
        fields.insert(FROZEN.to_owned(), Value::Codes([name].into()));
    }
}

/// The hash of what these fields say.
pub(super) fn name_of<'a>(field: impl Fn(&str) -> Option<&'a Value>) -> String {
    let text = |name| {
        field(name).map_or_else(String::new, |value| {
            json::value_json(value, &BTreeMap::new()).to_string()
        })
    };
    let texts = FIELDS.map(text);
    let name = hash("frozen experiment", &texts.each_ref().map(|text| text.as_bytes()));
    // In letters: a run of digits would be hidden on arrival like a number that somebody forgot to mask.
    let letter = |half: u8| char::from(b'a' + half);
    name.iter()
        .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
        .collect()
}
