//! The fields of a record as keys of one flat map, and back.
//!
//! A key says the type, the name and the place: `t:titel`, `C:thema:schulden`, `R:afspraken:3:t:wat`. A scalar has one
//! key; a set has one per member, so that two nodes of a gemeente that add to it at the same time both succeed, even
//! when the set did not exist yet (an automerge object made twice loses one of the two with all it holds). The type in
//! the key lets any version read any field; a key that cannot be read is kept and shown as unknown. An empty set, list
//! or row is not written at all.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Bound;

use super::DocumentError;
use super::rows::Written;
use super::texts::{self, Place};
use crate::record::{Fields, Reference, Row, Value};

/// Rows inside rows: no deeper than this.
pub(super) const DEPTH_MAX: usize = 4;

/// A value of the map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scalar<'a> {
    Text(Cow<'a, str>),
    Number(i64),
    Flag(bool),
}

/// The map of a document.
pub(super) type Entries<'a> = BTreeMap<Cow<'a, str>, Scalar<'a>>;

impl<'a> From<Written<'a>> for Scalar<'a> {
    fn from(written: Written<'a>) -> Self {
        match written {
            Written::Text(text) => Self::Text(Cow::Borrowed(text)),
            Written::Number(number) => Self::Number(number),
            Written::Flag(flag) => Self::Flag(flag),
        }
    }
}

impl Scalar<'_> {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_ref().into(),
            Self::Number(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
        }
    }
}

/// Writes fields into a map. Lists keep the places that their texts have in `before`, the map as it stands.
pub(super) struct Encoder<'a, 'b> {
    pub(super) entries: Entries<'a>,
    pub(super) before: &'b Entries<'b>,
}

impl<'a> Encoder<'a, '_> {
    pub(super) fn fields(&mut self, fields: &'a Fields) -> Result<(), DocumentError> {
        self.row("", fields, 0)
    }

    fn row(&mut self, path: &str, row: &'a Row, depth: usize) -> Result<(), DocumentError> {
        if depth > DEPTH_MAX {
            return Err(DocumentError::Depth);
        }
        for (name, value) in row {
            if name.is_empty() || name.contains(':') {
                return Err(DocumentError::FieldName { name: name.clone() });
            }
            self.value(path, name, value, depth)?;
        }
        Ok(())
    }

    fn value(&mut self, path: &str, name: &str, value: &'a Value, depth: usize) -> Result<(), DocumentError> {
        let key = |mark: char| format!("{path}{mark}:{name}");
        match value {
            Value::Text(text) => self.put(key('t'), Scalar::Text(text.into())),
            Value::Code(code) => self.put(key('c'), Scalar::Text(code.into())),
            Value::Flag(flag) => self.put(key('b'), Scalar::Flag(*flag)),
            Value::Number(number) => self.put(key('n'), Scalar::Number(*number)),
            Value::Hundredths(number) => self.put(key('h'), Scalar::Number(*number)),
            Value::Week(week) => self.put(key('w'), Scalar::Text(week.to_string().into())),
            Value::Quarter(quarter) => self.put(key('q'), Scalar::Text(quarter.to_string().into())),
            Value::Link(link) => self.put(key('l'), Scalar::Text(target(name, link)?.into())),
            Value::Codes(codes) => self.members(&key('C'), codes),
            Value::Links(links) => {
                let targets: Result<Vec<_>, _> = links.iter().map(|link| target(name, link)).collect();
                self.members(&key('L'), targets?);
            }
            Value::Counts(counts) => {
                for (code, count) in counts {
                    self.put(format!("{}:{code}", key('N')), Scalar::Number(*count));
                }
            }
            Value::Texts(list) => self.list(&key('T'), list),
            Value::Row(row) => self.row(&format!("{}:", key('r')), row, depth + 1)?,
            Value::Rows(rows) => {
                for (number, row) in rows {
                    self.row(&format!("{}:{number}:", key('R')), row, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, key: String, value: Scalar<'a>) {
        self.entries.insert(key.into(), value);
    }

    fn members(&mut self, key: &str, members: impl IntoIterator<Item = impl Display>) {
        for member in members {
            self.put(format!("{key}:{member}"), Scalar::Flag(true));
        }
    }

    fn list(&mut self, key: &str, list: &'a [String]) {
        let prefix = format!("{key}:");
        let from = (Bound::Included(prefix.as_str()), Bound::Unbounded);
        let before = self.before.range::<str, _>(from);
        let before = before.map_while(|(key, text)| Some((key.strip_prefix(prefix.as_str())?, text)));
        let before = before.filter_map(|(place, text)| Some((Place::read(place)?, text.text()?)));
        let places = texts::place(&before.collect::<Vec<_>>(), list);
        for (place, text) in places.into_iter().zip(list) {
            self.put(format!("{prefix}{place}"), Scalar::Text(text.into()));
        }
    }
}

/// What a link points at; the gate has resolved or dropped every local one.
fn target(field: &str, link: &Reference) -> Result<String, DocumentError> {
    match link {
        Reference::Record(record) => Ok(record.to_string()),
        Reference::Local(_) => Err(DocumentError::LocalLink {
            field: field.to_owned(),
        }),
    }
}
