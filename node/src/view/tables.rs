//! The tables that analysts, exports and mirrors read: what the records say, in columns with a name and a meaning.
//!
//! The catalogue ([`TABLES`]) is the one source: the tables are made from it, described from it and exported from it.
//!
//! | file | what it holds |
//! |---|---|
//! | `catalogue` | every table and column, with what it means |
//! | `words` | every code that stands in a column, Dutch and English |
//! | `fill`, `cell`, `parts` | one record to its rows |
//! | `links` | what the records around one put into its rows |
//! | `queue` | which records have to be filled anew, and doing so in small steps |
//! | `changed` | which records and tables changed since a mark |
//! | `charter` | members, editions, nodes, heights and gemeenten |
//! | `questions` | the ten questions that analysts ask most, in SQL |
//! | `shown` | which peilweek the tables show, and waiting until they show everything |
//!
//! **Law:** the rows are a function of the effective entries, the statements and the peilweek. In which order anything
//! arrived cannot be seen in them, also not in the order in which SQLite happens to return them.
//!
//! **Invariant:** a row of a record that was withdrawn goes in the transaction that takes the record away.

mod catalogue;
mod cell;
mod changed;
mod charter;
mod fill;
mod links;
mod parts;
mod questions;
mod queue;
mod shown;
mod words;

use std::fmt::Write;

pub use catalogue::TABLES;
pub use changed::{Mark, NoMark};
pub use charter::{Charter, Edition, Height, MemberRow, NodeRow};
pub use questions::{QUESTIONS, Question};
pub use shown::Shown;

pub(super) use changed::{SHOWN, begin};
pub(super) use charter::{charter, heights, list_gemeenten};
pub(super) use queue::{Queue, Touched, mark_all};
pub(super) use shown::Waiting;
pub(super) use words::{all as all_words, list_words};

/// The version of names, columns and meanings; it is part of the version of the view.
pub const TABLES_VERSION: u32 = 2;

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Dutch.
    pub nl: &'static str,
    /// English.
    pub en: &'static str,
}

/// One table.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What a row is.
    pub about: Words,
    /// Its columns, in order.
    pub columns: &'static [Column],
    /// The columns that tell rows apart, which is also the order of an export.
    pub key: &'static [&'static str],
}

/// What a column holds. Any column that is not in the key may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals: of places on the map only, where the same text gives the same number everywhere.
    Real,
    /// 0 or 1.
    Boolean,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// What it means.
    pub about: Words,
    /// What a number is counted in.
    pub unit: Option<&'static str>,
    /// The list in `woordenlijst` that its codes are from.
    pub codes: Option<&'static str>,
    /// The table whose key it holds.
    pub refers: Option<&'static str>,
}

/// What is looked up fast beside a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Of which table.
    pub table: &'static str,
    /// The columns, in order.
    pub columns: &'static [&'static str],
    /// The column that must not be empty for a row to stand in it.
    pub filled: Option<&'static str>,
}

impl Index {
    fn sql(&self) -> String {
        let only = self.filled.map(|column| format!(" WHERE {column} IS NOT NULL"));
        let (columns, only) = (self.columns.join(", "), only.unwrap_or_default());
        format!("CREATE INDEX {} ON {} ({columns}){only};\n", self.name, self.table)
    }
}

impl ColumnKind {
    /// As SQLite calls it in a strict table.
    fn sql(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Integer | Self::Boolean => "INTEGER",
            Self::Real => "REAL",
        }
    }
}

impl Table {
    /// The table with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// Its indexes.
    pub fn indexes(&self) -> impl Iterator<Item = &'static Index> {
        catalogue::INDEXES.iter().filter(|index| index.table == self.name)
    }

    /// Without a rowid, so that the order of arrival is nowhere in it; strict, so that a column holds what it says.
    fn sql(&self) -> String {
        let mut sql = format!("CREATE TABLE {} (", self.name);
        for column in self.columns {
            let must = if self.key.contains(&column.name) {
                " NOT NULL"
            } else {
                ""
            };
            let _ = write!(sql, "{} {}{must}, ", column.name, column.kind.sql());
        }
        let _ = writeln!(sql, "PRIMARY KEY ({})) STRICT, WITHOUT ROWID;", self.key.join(", "));
        sql
    }
}

/// The statements that make the tables, and what keeps them up.
pub(super) fn schema() -> String {
    let tables = TABLES.iter().map(|table| table.sql());
    let indexes = catalogue::INDEXES.iter().map(Index::sql);
    let own = [queue::TABLES.to_owned(), changed::OWN.to_owned(), changed::triggers()];
    tables.chain(indexes).chain(own).collect()
}

/// Every table that has rows: of the catalogue and of what keeps it up.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let catalogued = TABLES.iter().map(|table| table.name);
    catalogued.chain(queue::NAMES).chain(changed::NAMES)
}

#[cfg(test)]
mod tests;
