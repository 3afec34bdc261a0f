//! One value by its type: the only place that turns JSON into a [`Value`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::id::Gemeente;
use crate::record::finding::Expected;
use crate::record::schema::{self, Type};
use crate::record::{FINDINGS_MAX, Field, Finding, List, Problem, Reference, Row, Value};

/// The most characters of an id that a gemeente gives itself.
const LOCAL_ID_CHARS_MAX: usize = 64;

/// Reads values and remembers what was wrong.
pub(super) struct Reader {
    pub(super) own: Gemeente,
    pub(super) findings: Vec<Finding>,
}

/// Whether nothing was filled in: a field left empty is a field left out.
pub(super) fn is_absent(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// The record that a text points at: a record id, or an id of the gemeente itself.
pub(super) fn reference(text: &str) -> Option<Reference> {
    if let Ok(record) = text.parse() {
        return Some(Reference::Record(record));
    }
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.');
    let local = (1..=LOCAL_ID_CHARS_MAX).contains(&text.len())
        && text.bytes().all(plain)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric());
    local.then(|| Reference::Local(text.to_owned()))
}

/// The name of an unknown field, short enough to show.
pub(super) fn shown_name(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

impl Reader {
    pub(super) fn new(own: Gemeente) -> Self {
        Self {
            own,
            findings: Vec::new(),
        }
    }

    pub(super) fn refuse(&mut self, path: &str, problem: Problem) {
        // One more than is reported, so that a refusal is never lost to a list full of notes.
        if self.findings.len() <= FINDINGS_MAX {
            self.findings.push(Finding::new(path, problem));
        }
    }

    pub(super) fn wrong(&mut self, path: &str, expected: Expected) {
        self.refuse(path, Problem::WrongType { expected });
    }

    /// Of a field given per gemeente (`{"GM9901": "2"}`), the value of the own gemeente.
    pub(super) fn own_value<'a>(&mut self, field: &Field, each: &'a Map<String, Json>) -> Option<&'a Json> {
        if !each.keys().all(|name| name.parse::<Gemeente>().is_ok()) {
            self.wrong(field.name, Expected::Gemeente);
            return None;
        }
        if each.len() > 1 || !each.contains_key(&self.own.to_string()) {
            self.refuse(field.name, Problem::OthersValue);
        }
        each.get(&self.own.to_string())
    }

    /// The value of a field; `None` after a finding.
    pub(super) fn value(&mut self, path: &str, field: &Field, json: &Json) -> Option<Value> {
        match field.what {
            Type::Text { chars_max } => self.text(path, chars_max, json).map(Value::Text),
            Type::Code(list) => self.code(path, list, json).map(Value::Code),
            Type::Codes { list, min, max } => self.codes(path, list, (min, max), json),
            Type::Flag => self.flag(path, json),
            Type::Number { min, max } => self.number(path, min, max, json).map(Value::Number),
            Type::Hundredths { min, max } => self.hundredths(path, min, max, json),
            Type::Week => self.parsed(path, Expected::Week, json).map(Value::Week),
            Type::Quarter => self.parsed(path, Expected::Quarter, json).map(Value::Quarter),
            Type::Texts { items_max, chars_max } => self.texts(path, items_max, chars_max, json),
            Type::Link(_) => self.link(path, json).map(Value::Link),
            Type::Links { max, .. } => self.links(path, max, json),
            Type::Row(columns) => self.row(path, columns, json).map(Value::Row),
            Type::Rows { columns, max, numbered } => self.rows(path, columns, max, numbered, json),
            Type::Counts { list, max } => self.counts(path, list, max, json),
        }
    }

    fn text(&mut self, path: &str, max: usize, json: &Json) -> Option<String> {
        let Some(text) = json.as_str().map(str::trim) else {
            self.wrong(path, Expected::Text);
            return None;
        };
        let found = text.chars().count();
        if found > max {
            self.refuse(path, Problem::TooLong { found, max });
            return None;
        }
        Some(text.to_owned())
    }

    fn code(&mut self, path: &str, list: List, json: &Json) -> Option<String> {
        let Some(code) = json.as_str().map(str::trim) else {
            self.wrong(path, Expected::Text);
            return None;
        };
        if !list.allows(code) {
            let code = code.to_owned();
            self.refuse(path, Problem::UnknownCode { code, list });
            return None;
        }
        Some(code.to_owned())
    }

    fn codes(&mut self, path: &str, list: List, limits: (usize, usize), json: &Json) -> Option<Value> {
        let items = self.items(path, limits, json)?;
        let codes: Vec<_> = items.iter().map(|item| self.code(path, list, item)).collect();
        codes.into_iter().collect::<Option<BTreeSet<_>>>().map(Value::Codes)
    }

    fn flag(&mut self, path: &str, json: &Json) -> Option<Value> {
        let flag = json.as_bool().map(Value::Flag);
        if flag.is_none() {
            self.wrong(path, Expected::Flag);
        }
        flag
    }

    fn number(&mut self, path: &str, min: i64, max: i64, json: &Json) -> Option<i64> {
        let Some(number) = json.as_i64() else {
            self.wrong(path, Expected::Number);
            return None;
        };
        self.within(path, min, max, number)
    }

    fn within(&mut self, path: &str, min: i64, max: i64, number: i64) -> Option<i64> {
        if (min..=max).contains(&number) {
            return Some(number);
        }
        self.refuse(path, Problem::OutOfRange { min, max });
        None
    }

    fn hundredths(&mut self, path: &str, min: i64, max: i64, json: &Json) -> Option<Value> {
        let Json::Number(number) = json else {
            self.wrong(path, Expected::Decimal);
            return None;
        };
        match in_hundredths(&number.to_string()) {
            Some(number) => self.within(path, min, max, number).map(Value::Hundredths),
            None => {
                self.refuse(path, Problem::Decimals);
                None
            }
        }
    }

    fn parsed<T: std::str::FromStr>(&mut self, path: &str, expected: Expected, json: &Json) -> Option<T> {
        let parsed = json.as_str().and_then(|text| text.trim().parse().ok());
        if parsed.is_none() {
            self.wrong(path, expected);
        }
        parsed
    }

    fn texts(&mut self, path: &str, items_max: usize, chars_max: usize, json: &Json) -> Option<Value> {
        let items = self.items(path, (0, items_max), json)?;
        let texts: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(at, item)| self.text(&format!("{path}[{}]", at + 1), chars_max, item))
            .collect();
        texts.into_iter().collect::<Option<Vec<_>>>().map(Value::Texts)
    }

    fn link(&mut self, path: &str, json: &Json) -> Option<Reference> {
        let link = json.as_str().and_then(|text| reference(text.trim()));
        if link.is_none() {
            self.wrong(path, Expected::Link);
        }
        link
    }

    fn links(&mut self, path: &str, max: usize, json: &Json) -> Option<Value> {
        let items = self.items(path, (0, max), json)?;
        let links: Vec<_> = items.iter().map(|item| self.link(path, item)).collect();
        links.into_iter().collect::<Option<BTreeSet<_>>>().map(Value::Links)
    }

    /// The filled-in items of a list; a single text counts as a list of one.
    fn items<'a>(&mut self, path: &str, (min, max): (usize, usize), json: &'a Json) -> Option<Vec<&'a Json>> {
        let items: Vec<_> = match json {
            Json::Array(items) => items.iter().filter(|item| !is_absent(item)).collect(),
            Json::String(_) => vec![json],
            _ => {
                self.wrong(path, Expected::List);
                return None;
            }
        };
        let found = items.len();
        if found < min || found > max {
            self.refuse(path, Problem::Items { found, min, max });
            return None;
        }
        Some(items)
    }

    fn row(&mut self, path: &str, columns: &'static [Field], json: &Json) -> Option<Row> {
        let Json::Object(object) = json else {
            let varied = path == "gevarieerd" && json.is_array();
            let wrong = Problem::WrongType {
                expected: Expected::Object,
            };
            self.refuse(path, if varied { Problem::VariedMany } else { wrong });
            return None;
        };
        let before = self.findings.len();
        self.unknown_columns(path, columns, object);
        let mut row = Row::new();
        for column in columns {
            let path = format!("{path}.{}", column.name);
            match object.get(column.name).filter(|value| !is_absent(value)) {
                Some(given) => {
                    let value = self.value(&path, column, given);
                    row.extend(value.map(|value| (column.name.to_owned(), value)));
                }
                None if column.required => self.refuse(&path, Problem::Missing),
                None => {}
            }
        }
        let refused = |finding: &Finding| finding.severity() == crate::record::Severity::Refused;
        let whole = !self.findings[before..].iter().any(refused);
        whole.then_some(row)
    }

    fn unknown_columns(&mut self, path: &str, columns: &'static [Field], object: &Map<String, Json>) {
        for name in object.keys() {
            let path = format!("{path}.{}", shown_name(name));
            match name.as_str() {
                "nr" => {}
                "staat" => self.refuse(&path, Problem::StateDerived),
                _ if schema::find(columns, name).is_some() => {}
                _ => {
                    let known = columns.iter().map(|column| column.name).collect();
                    self.refuse(&path, Problem::UnknownField { known });
                }
            }
        }
    }

    fn rows(
        &mut self,
        path: &str,
        columns: &'static [Field],
        max: usize,
        numbered: bool,
        json: &Json,
    ) -> Option<Value> {
        let Json::Array(items) = json else {
            self.wrong(path, Expected::List);
            return None;
        };
        let found = items.len();
        if found > max {
            self.refuse(path, Problem::Items { found, min: 0, max });
            return None;
        }
        let mut rows = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let position = u32::try_from(at + 1).unwrap_or(u32::MAX);
            let nr = if numbered {
                self.row_number(path, position, item)?
            } else {
                position
            };
            let row = self.row(&format!("{path}[{nr}]"), columns, item)?;
            if rows.insert(nr, row).is_some() {
                self.refuse(path, Problem::NumberTwice { nr });
                return None;
            }
        }
        Some(Value::Rows(rows))
    }

    /// The `nr` of a row; its position when it states none.
    fn row_number(&mut self, path: &str, position: u32, item: &Json) -> Option<u32> {
        let Some(nr) = item.get("nr") else {
            return Some(position);
        };
        let nr = nr.as_u64().and_then(|nr| u32::try_from(nr).ok());
        let nr = nr.filter(|nr| (1..=9_999).contains(nr));
        if nr.is_none() {
            self.wrong(&format!("{path}[{position}].nr"), Expected::RowNumber);
        }
        nr
    }

    fn counts(&mut self, path: &str, list: List, max: i64, json: &Json) -> Option<Value> {
        let Json::Object(object) = json else {
            self.wrong(path, Expected::Object);
            return None;
        };
        let mut counts = BTreeMap::new();
        for (code, number) in object {
            let code = self.code(path, list, &Json::String(code.clone()))?;
            let number = self.number(&format!("{path}.{code}"), 0, max, number)?;
            counts.insert(code, number);
        }
        Some(Value::Counts(counts))
    }
}

/// A decimal text of at most two decimals, in hundredths.
fn in_hundredths(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|c| c.is_ascii_digit());
    if decimals.len() > 2 || whole.is_empty() || !plain(whole) || !plain(decimals) {
        return None;
    }
    let number: i64 = format!("{whole}{decimals:0<2}").parse().ok()?;
    Some(if negative { -number } else { number })
}
