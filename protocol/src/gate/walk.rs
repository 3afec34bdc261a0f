//! The way through the fields of a draft, by the schema: what the schema does not know cannot pass.

use super::mask::Persons;
use super::scan::Spread;
use super::text::{gather, screen_among};
use super::{Block, BlockReason, Coarse, Draft, Found, Known, Policy, Span, SpanType, screen_text};
use crate::record::schema::{self, Type};
use crate::record::{Field, List, Row, Value, WITHHELD};

/// What was found on the way, and what blocks.
pub(super) struct Walk<'a> {
    known: &'a Known,
    coarse: Coarse,
    policy: &'a Policy,
    persons: Persons,
    spread: Spread,
    pub(super) found: Vec<Found>,
    /// Fields of which a laag is withheld.
    pub(super) withheld: Vec<String>,
    pub(super) blocks: Vec<Block>,
    pub(super) free_text: bool,
}

impl<'a> Walk<'a> {
    /// A walk through these fields.
    pub(super) fn new(draft: &'a Draft, policy: &'a Policy) -> Self {
        let (mut persons, mut spread) = (Persons::default(), Spread::default());
        texts(&draft.input.fields, &mut |text| {
            persons.heed(text);
            gather(text, &draft.known, policy, &mut spread);
        });
        Self {
            known: &draft.known,
            coarse: draft.coarse,
            policy,
            persons,
            spread,
            found: Vec::new(),
            withheld: Vec::new(),
            blocks: Vec::new(),
            free_text: false,
        }
    }

    pub(super) fn row(&mut self, path: &str, columns: &'static [Field], row: &Row) -> Row {
        let path = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        let mut masked = Row::new();
        // In the order in which people read them, which is that of the schema.
        for column in columns.iter().filter(|column| !column.local_only) {
            if let Some(value) = row.get(column.name) {
                masked.insert(column.name.to_owned(), self.value(&path(column.name), column, value));
            }
        }
        for name in row.keys().filter(|name| schema::find(columns, name).is_none()) {
            self.block(&path(name), BlockReason::NotInSchema);
        }
        masked
    }

    fn value(&mut self, path: &str, field: &Field, value: &Value) -> Value {
        match (field.what, value) {
            (Type::Text { chars_max }, Value::Text(text)) => Value::Text(self.text(path, chars_max, text)),
            (Type::Texts { chars_max, .. }, Value::Texts(texts)) => {
                let texts = (1..).zip(texts);
                Value::Texts(
                    texts
                        .map(|(nr, text)| self.text(&format!("{path}[{nr}]"), chars_max, text))
                        .collect(),
                )
            }
            (Type::Row(columns), Value::Row(row)) => Value::Row(self.row(path, columns, row)),
            (Type::Rows { columns, .. }, Value::Rows(rows)) => {
                let rows = rows.iter();
                Value::Rows(
                    rows.map(|(nr, row)| (*nr, self.row(&format!("{path}[{nr}]"), columns, row)))
                        .collect(),
                )
            }
            (Type::Code(List::Open), Value::Code(code)) => {
                self.open_code(path, code);
                value.clone()
            }
            (what, value) if has_type(what, value) => self.coded(path, what, value),
            _ => {
                self.block(path, BlockReason::NotInSchema);
                Value::Flag(false)
            }
        }
    }

    /// A coded value as it leaves: a laag in which too few people work is withheld, and so is what the record must not say
    /// as exactly as it was typed.
    fn coded(&mut self, path: &str, what: Type, value: &Value) -> Value {
        let regeling = matches!(
            what,
            Type::Codes {
                list: List::Regeling,
                ..
            }
        ) && self.coarse >= Coarse::Regeling;
        let laag = matches!(what, Type::Code(List::Laag) | Type::Codes { list: List::Laag, .. });
        let laag = laag && self.coarse >= Coarse::Laag;
        match value {
            Value::Code(_) if laag => {
                self.withheld.push(path.to_owned());
                Value::Code(WITHHELD.to_owned())
            }
            Value::Codes(codes) if (laag || regeling) && !codes.is_empty() => {
                self.withheld.push(path.to_owned());
                Value::Codes([WITHHELD.to_owned()].into())
            }
            _ => self.counted(path, what, value),
        }
    }

    /// The same by the headcount of the gemeente.
    fn counted(&mut self, path: &str, what: Type, value: &Value) -> Value {
        let Some(headcount) = &self.policy.headcount else {
            return value.clone();
        };
        let (left, withheld) = match (what, value) {
            (Type::Code(List::Laag), Value::Code(laag)) if headcount.withholds(laag) => {
                (Value::Code(WITHHELD.to_owned()), true)
            }
            (Type::Codes { list: List::Laag, .. }, Value::Codes(lagen)) => {
                let (left, withheld) = headcount.codes(lagen);
                (Value::Codes(left), withheld)
            }
            (Type::Counts { list: List::Laag, .. }, Value::Counts(counts)) => {
                let (left, withheld) = headcount.counts(counts);
                (Value::Counts(left), withheld)
            }
            _ => (value.clone(), false),
        };
        self.withheld.extend(withheld.then(|| path.to_owned()));
        left
    }

    fn text(&mut self, path: &str, chars_max: usize, text: &str) -> String {
        self.free_text |= !text.is_empty();
        let screened = screen_among(text, self.known, self.policy, &mut self.persons, &mut self.spread);
        let too_long = screened.masked.chars().count() > chars_max;
        let too_long = too_long.then_some(BlockReason::TooLong { max: chars_max });
        if let Some(reason) = screened.block.or(too_long) {
            self.block(path, reason);
        }
        let found = screened.spans.into_iter().map(|span| Found {
            field: path.to_owned(),
            span,
        });
        self.found.extend(found);
        screened.masked
    }

    fn open_code(&mut self, path: &str, code: &str) {
        self.free_text = true;
        let screened = screen_text(&code.replace('_', " "), self.known, self.policy);
        // A code is short and may be made up: only what looks like something is held against it. What no list knows may
        // still be a name, and a code cannot be masked, so a person has to see it.
        let (unknown, telling): (Vec<_>, Vec<_>) = screened
            .spans
            .into_iter()
            .partition(|span| span.what == SpanType::Unknown);
        if screened.block.is_some() || !telling.is_empty() {
            self.block(path, BlockReason::CodeHoldsIdentifier);
        }
        self.found.extend(unknown.into_iter().map(|span| Found {
            field: path.to_owned(),
            span: Span {
                what: SpanType::UnknownCode,
                rule: "onbekend-woord-in-code",
                nr: None,
                ..span
            },
        }));
    }

    fn block(&mut self, field: &str, reason: BlockReason) {
        self.blocks.push(Block {
            field: field.to_owned(),
            reason,
        });
    }
}

/// Every text in these fields: what is found in one of them holds in all.
fn texts(fields: &Row, visit: &mut impl FnMut(&str)) {
    for value in fields.values() {
        match value {
            Value::Text(text) => visit(text),
            Value::Texts(several) => several.iter().for_each(|text| visit(text)),
            Value::Row(row) => texts(row, visit),
            Value::Rows(rows) => rows.values().for_each(|row| texts(row, visit)),
            _ => {}
        }
    }
}

/// Types that hold nothing a person typed freely.
fn has_type(what: Type, value: &Value) -> bool {
    matches!(
        (what, value),
        (Type::Code(_), Value::Code(_))
            | (Type::Codes { .. }, Value::Codes(_))
            | (Type::Flag, Value::Flag(_))
            | (Type::Number { .. }, Value::Number(_))
            | (Type::Hundredths { .. }, Value::Hundredths(_))
            | (Type::Week, Value::Week(_))
            | (Type::Quarter, Value::Quarter(_))
            | (Type::Link(_), Value::Link(_))
            | (Type::Links { .. }, Value::Links(_))
            | (Type::Counts { .. }, Value::Counts(_))
    )
}

/// The text, or the code, that a path such as `afspraken[2].wat` points at.
pub(super) fn text_at<'a>(row: &'a Row, path: &str) -> Option<&'a str> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let (name, nr) = match first.strip_suffix(']').and_then(|first| first.split_once('[')) {
        Some((name, nr)) => (name, nr.parse::<u32>().ok()),
        None => (first, None),
    };
    match (row.get(name)?, nr) {
        (Value::Text(text) | Value::Code(text), None) => Some(text),
        (Value::Texts(texts), Some(nr)) => texts.get(usize::try_from(nr).ok()?.checked_sub(1)?).map(String::as_str),
        (Value::Row(row), None) => text_at(row, rest),
        (Value::Rows(rows), Some(nr)) => text_at(rows.get(&nr)?, rest),
        _ => None,
    }
}
