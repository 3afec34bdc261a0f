//! The draft with every free text masked, what was found, and the verdict.

use std::fmt;

use super::walk::{Walk, text_at};
use super::{Coarse, Draft, Policy, Span, combine};
use crate::api::Lang;
use crate::id::{Content, Week};
use crate::record::schema;
use crate::record::{Around, Fields, Input, Merged, Row, Value};

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
    /// Another language than Dutch, as far as can be seen.
    NotDutch,
}

/// A draft that was looked at. It has no way to a log: only [`Screened::approve`] takes it further.
#[derive(Clone)]
pub struct Screened {
    pub(super) draft: Draft,
    pub(super) masked: Fields,
    found: Vec<Found>,
    blocks: Vec<Block>,
    withheld: Vec<String>,
    pub(super) quarter_only: bool,
    free_text: bool,
}

/// Looks at a draft. It never fails: what cannot be judged is blocked.
#[must_use]
pub fn screen(draft: Draft, policy: &Policy) -> Screened {
    let mut walk = Walk::new(&draft, policy);
    let masked = walk.row("", schema::fields(draft.input.kind), &draft.input.fields);
    let (found, blocks, free_text, mut withheld) = (walk.found, walk.blocks, walk.free_text, walk.withheld);
    let small = policy.headcount.as_ref().is_some_and(super::Headcount::is_small);
    let quarter_only = small || !withheld.is_empty() || draft.coarse >= Coarse::Quarter;
    withheld.extend(quarter_only.then(|| "week".to_owned()));
    Screened {
        draft,
        masked,
        found,
        blocks,
        withheld,
        quarter_only,
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
        input.week = self.week();
        let mut shown = Merged::local(id, &input);
        shown.quarter_only = self.quarter_only;
        shown
    }

    /// The record as it was typed, but for what only its gemeente knows: every text as it would leave, and nothing that stays. Codes
    /// are as they were typed, since what of them is withheld is decided whenever it leaves.
    #[must_use]
    pub fn without_local(&self) -> Input {
        let mut input = self.draft.input.clone();
        input.local = Fields::new();
        keep_masked(&mut input.fields, &self.masked);
        input
    }

    /// The week that leaves: the first of its quarter where that is all that is told.
    pub(super) fn week(&self) -> Week {
        let week = self.draft.input.week;
        if self.quarter_only { week.quarter_start() } else { week }
    }

    /// The fields of which something is withheld, because too few people could have written it.
    pub fn withheld(&self) -> impl Iterator<Item = &str> {
        self.withheld.iter().map(String::as_str)
    }

    /// Whether its text puts characteristics together: then the coded fields are compared with all that was shared before,
    /// see [`super::History`].
    #[must_use]
    pub fn combines(&self) -> bool {
        self.found.iter().any(|found| combine::is_of(found.span.rule))
    }

    /// The names of the fields that stay.
    pub fn stays_local(&self) -> impl Iterator<Item = &str> {
        self.draft.input.local.keys().map(String::as_str)
    }

    /// What names exactly this content: an approval holds for nothing else.
    #[must_use]
    pub fn content(&self) -> Content {
        let any_week = self.draft.input.week;
        let shown = self.preview("").to_json(any_week, &Around::default()).to_string();
        Content(crate::id::hash("gate content", &[shown.as_bytes()]))
    }
}

/// Texts become those that leave, and what does not leave goes.
fn keep_masked(typed: &mut Row, masked: &Row) {
    typed.retain(|name, _| masked.contains_key(name));
    for (name, value) in typed {
        match (value, masked.get(name)) {
            (value @ (Value::Text(_) | Value::Texts(_)), Some(left)) => value.clone_from(left),
            (Value::Row(row), Some(Value::Row(left))) => keep_masked(row, left),
            (Value::Rows(rows), Some(Value::Rows(left))) => {
                for (nr, row) in rows {
                    left.get(nr).into_iter().for_each(|left| keep_masked(row, left));
                }
            }
            _ => {}
        }
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
            Self::NotDutch => lang
                .pick(
                    "lijkt niet in het Nederlands; de poort kent alleen Nederlands",
                    "does not seem to be Dutch; the gate knows no other language",
                )
                .to_owned(),
            Self::NotInSchema => lang
                .pick("hoort niet bij deze soort", "does not belong to this kind")
                .to_owned(),
        }
    }
}
