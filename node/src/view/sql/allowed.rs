//! What a question may touch. SQLite asks about every table, column, function and kind of statement while it reads a question.
//!
//! **Invariant:** who asks by way of a name of their own is not believed: SQLite names the subquery that something is read in,
//! and a subquery may be called like a table.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::fault::Refused;

/// The tables that may be read with their columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Readable(BTreeMap<String, Vec<String>>);

/// Functions whose answer depends on their arguments alone, and that take no longer than these are long.
pub(super) const FUNCTIONS: &[&str] = &[
    "->",
    "->>",
    "abs",
    "avg",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "count",
    "cume_dist",
    "dense_rank",
    "first_value",
    "format",
    "glob",
    "group_concat",
    "hex",
    "if",
    "ifnull",
    "iif",
    "instr",
    "json",
    "json_array",
    "json_array_length",
    "json_each",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_tree",
    "json_type",
    "json_valid",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "lower",
    "ltrim",
    "max",
    "min",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "printf",
    "quote",
    "rank",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "soundex",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "total",
    "trim",
    "typeof",
    "unhex",
    "unicode",
    "unlikely",
    "upper",
    "zeroblob",
    "unistr",
];

/// Tables that are functions: the rows of a JSON value.
pub(super) const TABLE_FUNCTIONS: [&str; 2] = ["json_each", "json_tree"];

/// The table with what full text found, where a question comes with words to look for.
pub(super) const FOUND_NAME: &str = "gevonden";

/// Functions that read the clock.
const CLOCK: [&str; 10] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "datetime",
    "julianday",
    "strftime",
    "time",
    "timediff",
    "unixepoch",
];

/// Functions that draw lots.
const CHANCE: [&str; 2] = ["random", "randomblob"];

/// The guard before a connection: what it lets through, and what it refused last.
#[derive(Debug)]
pub(super) struct Guard {
    readable: Readable,
    /// What else there is by name in the file and in SQLite, in lower case.
    hidden: BTreeSet<String>,
    /// Whether the node itself asks.
    own: AtomicBool,
    refused: Mutex<Option<Refused>>,
}

impl Readable {
    pub(super) fn new<'a>(tables: impl IntoIterator<Item = (&'a str, Vec<&'a str>)>) -> Self {
        let named = |columns: Vec<&str>| columns.into_iter().map(str::to_owned).collect();
        let tables = tables.into_iter();
        Self(
            tables
                .map(|(table, columns)| (table.to_owned(), named(columns)))
                .collect(),
        )
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The columns of the tables whose name stands in a text; of all tables when none does.
    pub(super) fn columns_in(&self, sql: &str) -> Vec<&str> {
        let sql = sql.to_lowercase();
        let words = || sql.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
        let named = |table: &str| words().any(|word| word == table);
        let some = self.0.keys().any(|table| named(table));
        let of = self.0.iter().filter(|(table, _)| !some || named(table));
        let mut columns: Vec<&str> = of.flat_map(|(_, columns)| columns.iter().map(String::as_str)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Whether a column may be read; the empty name stands for the rows without their values.
    fn has(&self, table: &str, column: &str) -> bool {
        let columns = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(table));
        columns.is_some_and(|(_, columns)| {
            column.is_empty() || columns.iter().any(|known| known.eq_ignore_ascii_case(column))
        })
    }

    pub(super) fn has_table(&self, table: &str) -> bool {
        self.0.keys().any(|name| name.eq_ignore_ascii_case(table))
    }
}

impl Guard {
    /// A guard that lets these tables be read; `known` is every name that there is.
    pub(super) fn new(readable: Readable, known: impl IntoIterator<Item = String>) -> Arc<Self> {
        let known = known.into_iter().map(|name| name.to_lowercase());
        let hidden = known.filter(|name| !readable.has_table(name) && !TABLE_FUNCTIONS.contains(&name.as_str()));
        let hidden = hidden.collect();
        Arc::new(Self {
            readable,
            hidden,
            own: AtomicBool::new(true),
            refused: Mutex::new(None),
        })
    }

    pub(super) fn readable(&self) -> &Readable {
        &self.readable
    }

    /// Does what only the node may.
    pub(super) fn own<T>(&self, work: impl FnOnce() -> T) -> T {
        self.own.store(true, Ordering::Relaxed);
        let done = work();
        self.own.store(false, Ordering::Relaxed);
        done
    }

    /// What was refused since this was last asked.
    pub(super) fn refused(&self) -> Option<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn decide(&self, asked: &AuthContext<'_>) -> Authorization {
        if self.own.load(Ordering::Relaxed) {
            return Authorization::Allow;
        }
        let Some(refused) = self.refusal(asked) else {
            return Authorization::Allow;
        };
        let mut kept = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        // What stands first in the question is told: the rest may follow from it.
        kept.get_or_insert(refused);
        Authorization::Deny
    }

    /// Why this may not be; nothing when it may.
    fn refusal(&self, asked: &AuthContext<'_>) -> Option<Refused> {
        match asked.action {
            AuthAction::Select | AuthAction::Recursive => None,
            AuthAction::Read {
                table_name,
                column_name,
            } => self.reading(asked.database_name, table_name, column_name),
            AuthAction::Function { function_name } => calling(function_name),
            AuthAction::Pragma { pragma_name, .. } => Some(Refused::Pragma(pragma_name.to_owned())),
            AuthAction::Attach { .. } | AuthAction::Detach { .. } => Some(Refused::Attach),
            _ => Some(Refused::Write),
        }
    }

    /// Whether there is something by this name that nobody may read.
    fn is_known(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.hidden.contains(&name) || name.starts_with("sqlite_") || name.starts_with("pragma_")
    }

    fn reading(&self, database: Option<&str>, table: &str, column: &str) -> Option<Refused> {
        if TABLE_FUNCTIONS.contains(&table) {
            return None;
        }
        if database == Some("temp") && table == FOUND_NAME {
            return None;
        }
        let main = database.is_none_or(|database| database == "main");
        match main && self.readable.has_table(table) {
            true if self.readable.has(table, column) => None,
            true => Some(Refused::Column(column.to_owned())),
            // Rows are counted of a name that the question itself made.
            false if column.is_empty() && database.is_none() && !self.is_known(table) => None,
            false => Some(Refused::Table(table.to_owned())),
        }
    }
}

fn calling(function: &str) -> Option<Refused> {
    let name = function.to_ascii_lowercase();
    if FUNCTIONS.contains(&name.as_str()) {
        None
    } else if CLOCK.contains(&name.as_str()) {
        Some(Refused::Clock(name))
    } else if CHANCE.contains(&name.as_str()) {
        Some(Refused::Chance(name))
    } else {
        Some(Refused::Function(name))
    }
}
