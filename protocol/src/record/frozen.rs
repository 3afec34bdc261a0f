//! What an experiment froze before it started: a hash of its hypothesis, variable, measure and design.
//!
//! The hash is made when the record leaves, of what leaves, and an edit adds one and takes none away. So an
//! experiment that was changed after it was frozen holds a hash that is not of what it says now. The vault does the same
//! with what was typed, from the first time it said to be frozen; of that nothing leaves but that it was otherwise.

use std::collections::BTreeMap;

use super::{Fields, Kind, Value, json};
use crate::id::hash;

/// The field of a shared experiment that holds the hashes; nobody types it.
pub const FROZEN: &str = "vastgelegd_als";

/// The fields that are frozen, in order.
const FIELDS: [&str; 4] = ["gevarieerd", "hypothese", "maat", "opzet"];

/// The hash of an experiment that says to be frozen.
#[must_use]
pub fn frozen_as(kind: Kind, fields: &Fields) -> Option<String> {
    let frozen = kind == Kind::Experiment && fields.contains_key("vastgelegd");
    frozen.then(|| name_of(|field| fields.get(field)))
}

/// Adds the hash to an experiment that says to be frozen, and beside it a second one, of nothing that was typed, when it was
/// frozen otherwise before.
pub(crate) fn freeze(kind: Kind, fields: &mut Fields, otherwise: bool) {
    let Some(name) = frozen_as(kind, fields) else { return };
    let before = otherwise.then(|| in_letters(hash("frozen otherwise before", &[name.as_bytes()])));
    let names = std::iter::once(name).chain(before).collect();
    fields.insert(FROZEN.to_owned(), Value::Codes(names));
}

/// The hash of what these fields say.
pub(super) fn name_of<'a>(field: impl Fn(&str) -> Option<&'a Value>) -> String {
    let text = |name| {
        field(name).map_or_else(String::new, |value| {
            json::value_json(value, &BTreeMap::new()).to_string()
        })
    };
    let texts = FIELDS.map(text);
    in_letters(hash("frozen experiment", &texts.each_ref().map(|text| text.as_bytes())))
}

/// In letters: a run of digits would be hidden on arrival like a number that somebody forgot to mask.
fn in_letters(name: [u8; 32]) -> String {
    let letter = |half: u8| char::from(b'a' + half);
    name.iter()
        .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
        .collect()
}
