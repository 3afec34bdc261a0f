//! What of a record is searched: its texts, and its codes.

use protocol::record::schema::{self, Type};
use protocol::record::{Kind, Merged, Row, Value};

use super::analysis::{Analysis, Terms};

/// Fields in which a record says in a few words what it is about: each counts as often as this.
const TITLES: [&str; 3] = ["titel", "naam", "kern"];
const TITLE_COUNTS: u32 = 2;
/// The field by which a record is found by its kind, and by who contributes to it.
const KIND: &str = "soort";
const GEMEENTE: &str = "gemeente";

/// A record as the index takes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::view) struct Entry {
    /// The week it is about, counted.
    pub(super) week: i64,
    /// Its codes: `thema=wonen`.
    pub(super) codes: Vec<String>,
    /// What its texts are searched by.
    pub(super) terms: Terms,
}

/// What a record looks like to a question with a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    pub(super) codes: Vec<String>,
    pub(super) texts: Vec<String>,
    /// Only what is of one of these kinds; none: of those that a draft is shown.
    pub(super) kinds: Vec<Kind>,
}

impl Looks {
    /// Of a record.
    #[must_use]
    pub fn of(record: &Merged) -> Self {
        Self {
            codes: codes(record),
            texts: texts(record).into_iter().map(|(_, text)| text).collect(),
            kinds: Vec::new(),
        }
    }

    /// The same, among these kinds.
    #[must_use]
    pub fn among(mut self, kinds: &[Kind]) -> Self {
        self.kinds = kinds.to_vec();
        self
    }
}

impl Entry {
    /// Of a record.
    pub(in crate::view) fn of(record: &Merged, analysis: &Analysis) -> Self {
        let mut terms = Terms::default();
        for (field, text) in texts(record) {
            let counts = if TITLES.contains(&field) { TITLE_COUNTS } else { 1 };
            (0..counts).for_each(|_| terms.add(analysis.terms(&text)));
        }
        Self {
            week: record.week.index(),
            codes: codes(record),
            terms,
        }
    }
}

/// A code as the index has it.
pub(super) fn code(field: &str, code: &str) -> String {
    format!("{field}={code}")
}

/// A kind as the index has it.
pub(super) fn kind(name: &str) -> String {
    code(KIND, name)
}

/// A gemeente as the index has it.
pub(super) fn gemeente(gemeente: protocol::id::Gemeente) -> String {
    code(GEMEENTE, &gemeente.to_string())
}

fn codes(record: &Merged) -> Vec<String> {
    let mut codes = vec![kind(record.kind.name())];
    codes.extend(record.contributors.iter().map(|one| gemeente(*one)));
    for name in record.fields.keys() {
        for value in record.values(name) {
            match value {
                Value::Code(value) => codes.push(code(name, value)),
                Value::Codes(values) => codes.extend(values.iter().map(|value| code(name, value))),
                _ => {}
            }
        }
    }
    codes.sort();
    codes.dedup();
    codes
}

/// The texts that people typed, with the field of each. What stays in the gemeente by its nature (a case, a team) is not searched.
pub(super) fn texts(record: &Merged) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    for name in record.fields.keys() {
        let field = schema::field(record.kind, name);
        if !field.is_some_and(|field| field.is_free_text() && !field.local_only) || is_code(field) {
            continue;
        }
        for value in record.values(name) {
            collect(value, &mut |text| found.push((name.as_str(), text.to_owned())));
        }
    }
    found
}

fn is_code(field: Option<&schema::Field>) -> bool {
    field.is_some_and(|field| matches!(field.what, Type::Code(_)))
}

fn collect(value: &Value, each: &mut dyn FnMut(&str)) {
    let row = |row: &Row, each: &mut dyn FnMut(&str)| row.values().for_each(|value| collect(value, each));
    match value {
        Value::Text(text) => each(text),
        Value::Texts(texts) => texts.iter().for_each(|text| each(text)),
        Value::Row(one) => row(one, each),
        Value::Rows(rows) => rows.values().for_each(|one| row(one, each)),
        _ => {}
    }
}
