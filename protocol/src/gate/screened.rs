//! The draft with every free text masked, what was found, and the verdict.

use std::fmt;

use super::{Draft, Known, Policy, Span, screen_text};
use crate::api::Lang;
use crate::record::schema::{self, Type};
use crate::record::{Field, Fields, List, Merged, Row, Value};

/// What the gate says of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// No free text and nothing found.
    Pass,
    /// A person must read it.
    Review,
    /// It may not leave as it is.
    Block,
}

/// Something found in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The field, such as `tekst` or `afspraken[2].wat`.
    pub field: String,
    /// The place in it.
    pub span: Span,
}

/// Why a field keeps the whole record inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The field.
    pub field: String,
    /// Why.
    pub reason: BlockReason,
}

/// Why a text may not leave at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockReason {
    /// Longer than the gate reads, or than the field holds once masks are in place.
    TooLong {
        /// The most characters.
        max: usize,
    },
    /// A control character: this is not text.
    ControlCharacter,
    /// A code holds what looks like an identifier; a code cannot be masked.
    CodeHoldsIdentifier,
    /// A field that the schema does not know, or of another type.
    NotInSchema,
}

/// A draft that was looked at. It has no way to a log: only [`Screened::approve`] takes it further.
#[derive(Clone)]
pub struct Screened {
    pub(super) draft: Draft,
    pub(super) masked: Fields,
    found: Vec<Found>,
    blocks: Vec<Block>,
    free_text: bool,
}

/// Looks at a draft. It never fails: what cannot be judged is blocked.
#[must_use]
pub fn screen(draft: Draft, policy: &Policy) -> Screened {
    let mut walk = Walk {
        known: &draft.known,
        policy,
        found: Vec::new(),
        blocks: Vec::new(),
        free_text: false,
    };
    let masked = walk.row("", schema::fields(draft.input.kind), &draft.input.fields);
    let (found, blocks, free_text) = (walk.found, walk.blocks, walk.free_text);
    Screened {
        draft,
        masked,
        found,
        blocks,
        free_text,
    }
}

impl Screened {
    /// Block beats review beats pass.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.blocks.is_empty() {
            Verdict::Block
        } else if self.free_text || !self.found.is_empty() {
            Verdict::Review
        } else {
            Verdict::Pass
        }
    }

    /// What was found, field by field.
    #[must_use]
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// What keeps it inside.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Whether a person wrote words of their own in it.
    #[must_use]
    pub fn has_free_text(&self) -> bool {
        self.free_text
    }

    /// The text of a field as it was typed, to show a finding in its sentence.
    #[must_use]
    pub fn original(&self, field: &str) -> Option<&str> {
        text_at(&self.draft.input.fields, field)
    }

    /// The record as it would leave, local links included, under its local id.
    #[must_use]
    pub fn preview(&self, id: &str) -> Merged {
        let mut input = self.draft.input.clone();
        input.fields = self.masked.clone();
        input.local = Fields::new();
        Merged::local(id, &input)
    }

    /// The names of the fields that stay.
    pub fn stays_local(&self) -> impl Iterator<Item = &str> {
        self.draft.input.local.keys().map(String::as_str)
    }

    /// What identifies exactly this content: an approval holds for nothing else.
    #[must_use]
    pub fn content(&self) -> [u8; 32] {
        let any_week = self.draft.input.week;
        let shown = self.preview("").to_json(any_week, &[]).to_string();
        crate::id::hash("gate content", &[shown.as_bytes()])
    }
}

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for Screened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Screened({}, {:?})", self.draft.input.kind.name(), self.verdict())
    }
}

impl Verdict {
    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

impl Found {
    /// Why, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        format!("{}: {}", self.field, self.span.why(lang))
    }
}

impl Block {
    /// Why, in one sentence.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        format!("{}: {}", self.field, self.reason.message(lang))
    }
}

impl BlockReason {
    /// Why, and what to do about it.
    #[must_use]
    pub fn message(self, lang: Lang) -> String {
        match self {
            Self::TooLong { max } => lang.pick(
                format!("is te lang; hooguit {max} tekens, met de maskers erin"),
                format!("is too long; at most {max} characters, masks included"),
            ),
            Self::ControlCharacter => lang
                .pick(
                    "bevat stuurtekens; plak het als gewone tekst",
                    "holds control characters; paste it as plain text",
                )
                .to_owned(),
            Self::CodeHoldsIdentifier => lang
                .pick(
                    "lijkt een persoonsgegeven te bevatten; kies een andere code",
                    "seems to hold personal data; choose another code",
                )
                .to_owned(),
            Self::NotInSchema => lang
                .pick("hoort niet bij deze soort", "does not belong to this kind")
                .to_owned(),
        }
    }
}

/// Walks the fields by the schema: what the schema does not know cannot pass.
struct Walk<'a> {
    known: &'a Known,
    policy: &'a Policy,
    found: Vec<Found>,
    blocks: Vec<Block>,
    free_text: bool,
}

impl Walk<'_> {
    fn row(&mut self, path: &str, columns: &'static [Field], row: &Row) -> Row {
        let mut masked = Row::new();
        for (name, value) in row {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            match schema::find(columns, name) {
                Some(column) if column.local_only => {}
                Some(column) => {
                    masked.insert(name.clone(), self.value(&path, column, value));
                }
                None => self.block(&path, BlockReason::NotInSchema),
            }
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
            (what, value) if has_type(what, value) => value.clone(),
            _ => {
                self.block(path, BlockReason::NotInSchema);
                Value::Flag(false)
            }
        }
    }

    fn text(&mut self, path: &str, chars_max: usize, text: &str) -> String {
        self.free_text |= !text.is_empty();
        let screened = screen_text(text, self.known, self.policy);
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
        if screened.block.is_some() || !screened.spans.is_empty() {
            self.block(path, BlockReason::CodeHoldsIdentifier);
        }
    }

    fn block(&mut self, field: &str, reason: BlockReason) {
        self.blocks.push(Block {
            field: field.to_owned(),
            reason,
        });
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

/// The text that a path such as `afspraken[2].wat` points at.
fn text_at<'a>(row: &'a Row, path: &str) -> Option<&'a str> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let (name, nr) = match first.strip_suffix(']').and_then(|first| first.split_once('[')) {
        Some((name, nr)) => (name, nr.parse::<u32>().ok()),
        None => (first, None),
    };
    match (row.get(name)?, nr) {
        (Value::Text(text), None) => Some(text),
        (Value::Texts(texts), Some(nr)) => texts.get(usize::try_from(nr).ok()?.checked_sub(1)?).map(String::as_str),
        (Value::Row(row), None) => text_at(row, rest),
        (Value::Rows(rows), Some(nr)) => text_at(rows.get(&nr)?, rest),
        _ => None,
    }
}
