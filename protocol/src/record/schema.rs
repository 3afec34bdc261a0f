//! Per kind the fields a record has: one table that intake, gate, merge and pages read.
//!
//! Limits bind what a gemeente types. What arrives is bounded by the document room; a field or code that a
//! newer version added is kept and shown, never refused here.

use super::{Kind, List};

mod kinds;

/// The most bytes of JSON a record can be, counted over its texts.
pub const RECORD_CHARS_MAX: usize = 32_768;
/// The most characters of the text of a case annex, which never leaves.
pub const ANNEX_CHARS_MAX: usize = 20_000;

/// One field of a kind, or one column of a row.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in JSON, CSV and documents.
    pub name: &'static str,
    /// What it holds.
    pub what: Type,
    /// Whether local input must give it.
    pub required: bool,
    /// Whether it stays in the gemeente.
    pub local_only: bool,
}

/// What a field holds; one per variant of [`super::Value`], with its limits.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// Free text; always meets a person before it leaves.
    Text {
        /// Most characters.
        chars_max: usize,
    },
    /// A code of a list.
    Code(List),
    /// A set of codes.
    Codes {
        /// The list.
        list: List,
        /// Fewest when the field is given.
        min: usize,
        /// Most.
        max: usize,
    },
    /// Yes or no.
    Flag,
    /// A whole number.
    Number {
        /// Lowest.
        min: i64,
        /// Highest.
        max: i64,
    },
    /// A decimal number of at most two decimals, limits in hundredths.
    Hundredths {
        /// Lowest, in hundredths.
        min: i64,
        /// Highest, in hundredths.
        max: i64,
    },
    /// An ISO week.
    Week,
    /// A quarter.
    Quarter,
    /// Free texts in their order.
    Texts {
        /// Most items.
        items_max: usize,
        /// Most characters of each.
        chars_max: usize,
    },
    /// A link to a record of one of these kinds (names, some of which a later version reads; empty: any).
    Link(&'static [&'static str]),
    /// A set of links.
    Links {
        /// Names of the kinds.
        to: &'static [&'static str],
        /// Most links.
        max: usize,
    },
    /// A small structure.
    Row(&'static [Field]),
    /// Numbered rows.
    Rows {
        /// The columns.
        columns: &'static [Field],
        /// Most rows.
        max: usize,
        /// Whether people know the rows by their number (`nr`), as with afspraken.
        numbered: bool,
    },
    /// A number per code.
    Counts {
        /// The list of codes.
        list: List,
        /// Highest number.
        max: i64,
    },
}

impl Field {
    /// Whether a person typed words of their own here: such a field is screened and read before it leaves.
    #[must_use]
    pub fn is_free_text(&self) -> bool {
        match self.what {
            Type::Text { .. } | Type::Texts { .. } => true,
            Type::Code(List::Open) => true,
            Type::Row(columns) | Type::Rows { columns, .. } => columns.iter().any(Self::is_free_text),
            _ => false,
        }
    }
}

/// The fields of a kind, in the order people read them.
#[must_use]
pub fn fields(kind: Kind) -> &'static [Field] {
    kinds::of(kind)
}

/// The field of a kind with this name.
#[must_use]
pub fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    find(fields(kind), name)
}

/// The field with this name among these.
#[must_use]
pub fn find(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    fields.iter().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &'static [Field]) {
        for (at, field) in fields.iter().enumerate() {
            assert!(!field.name.is_empty());
            assert!(
                fields[..at].iter().all(|other| other.name != field.name),
                "{}",
                field.name
            );
            if let Type::Row(columns) | Type::Rows { columns, .. } = field.what {
                check(columns);
            }
        }
    }

    #[test]
    fn names_are_unique_and_stay_out_of_the_envelope() {
        for kind in Kind::ALL {
            check(fields(kind));
            for name in crate::record::json::ENVELOPE {
                assert!(field(kind, name).is_none(), "{name}");
            }
        }
    }

    #[test]
    fn what_names_a_team_or_a_case_is_local() {
        for name in ["team", "casus", "casussleutel"] {
            assert!(
                field(Kind::Signaal, name).is_some_and(|field| field.local_only),
                "{name}"
            );
        }
        let local = |kind: Kind| fields(kind).iter().filter(|field| field.local_only).count();
        assert_eq!(Kind::ALL.map(local), [3, 0, 0, 0, 1, 0, 0, 0, 0]);
    }

    #[test]
    fn prose_is_free_text_and_codes_are_not() {
        let free = |kind, name| field(kind, name).is_some_and(Field::is_free_text);
        assert!(free(Kind::Signaal, "tekst") && free(Kind::Duiding, "bron") && free(Kind::Experiment, "maat"));
        assert!(!free(Kind::Signaal, "thema") && !free(Kind::Knelpunt, "teams") && !free(Kind::Overname, "van"));
    }
}
