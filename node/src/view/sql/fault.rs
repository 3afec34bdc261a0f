//! Why a question has no answer: as facts, in which the words of SQLite stand only where it has no others.

use rusqlite::ErrorCode;
use serde::{Deserialize, Serialize};

use super::allowed::{FUNCTIONS, Readable};
use super::near::nearest;

/// Characters of a name out of a question that are told back.
const NAME_CHARS_MAX: usize = 64;
/// Characters of a sentence of SQLite that are told.
const SAID_CHARS_MAX: usize = 200;

/// Where in a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Character in that line, from 1.
    pub column: u32,
}

/// What a question tried that it may not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refused {
    /// A table that nobody may read, or that is not there.
    Table(String),
    /// A column that nobody may read.
    Column(String),
    /// A function that is not on the list.
    Function(String),
    /// A function that reads the clock.
    Clock(String),
    /// A function that draws lots.
    Chance(String),
    /// Changing anything.
    Write,
    /// Another file.
    Attach,
    /// How SQLite itself works.
    Pragma(String),
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// There is no statement in it.
    Empty,
    /// There is more than one.
    Several,
    /// It is longer than a question may be.
    Long,
    /// It has a character in it that no text has.
    Nul,
    /// It tried what it may not.
    Refused(Refused),
    /// There is no such table.
    NoTable {
        /// As it was written.
        name: String,
        /// What it resembles.
        near: Vec<String>,
        /// Where.
        at: Option<Place>,
    },
    /// There is no such column.
    NoColumn {
        /// As it was written.
        name: String,
        /// What it resembles.
        near: Vec<String>,
        /// Where.
        at: Option<Place>,
    },
    /// More than one table has this column.
    Ambiguous {
        /// As it was written.
        name: String,
        /// Where.
        at: Option<Place>,
    },
    /// There is no such function.
    NoFunction {
        /// As it was written.
        name: String,
        /// What it resembles.
        near: Vec<String>,
    },
    /// A function takes other arguments.
    Arguments {
        /// Which.
        name: String,
    },
    /// It is not SQL from here on.
    Syntax {
        /// What stands there; nothing when the question ends too early.
        near: Option<String>,
        /// Where.
        at: Option<Place>,
    },
    /// A place in it has no value, or a value has no place.
    Parameters {
        /// Places in the question.
        wanted: u32,
        /// Values.
        given: u32,
    },
    /// A named place in it has no value.
    NoParameter {
        /// Its name.
        name: String,
    },
    /// It took longer than it may.
    Late {
        /// What it was given.
        ms: u64,
    },
    /// It needs more memory than it may have.
    Memory {
        /// What it was given, in MiB.
        mib: u32,
    },
    /// One value in it is larger than a value may be.
    Value {
        /// What that is, in bytes.
        bytes: u32,
    },
    /// SQLite says something else about it, in English.
    Said {
        /// Its sentence.
        text: String,
        /// Where.
        at: Option<Place>,
    },
    /// The view itself failed.
    View {
        /// What SQLite says.
        text: String,
        /// Whether the file is damaged.
        damaged: bool,
    },
}

/// What a fault is told about.
pub(super) struct Context<'a> {
    pub(super) readable: &'a Readable,
    pub(super) sql: &'a str,
    pub(super) refused: Option<Refused>,
    pub(super) ms: u64,
    pub(super) mib: u32,
    pub(super) value_bytes: u32,
}

impl Fault {
    /// What an error of SQLite means.
    pub(super) fn of(error: &rusqlite::Error, context: &Context<'_>) -> Self {
        let (code, text, at) = match error {
            rusqlite::Error::SqlInputError { error, msg, offset, .. } => {
                let at = usize::try_from(*offset).ok().map(|offset| place(context.sql, offset));
                (error.code, msg.as_str(), at)
            }
            rusqlite::Error::SqliteFailure(error, text) => (error.code, text.as_deref().unwrap_or_default(), None),
            other => return Self::view(&other.to_string(), false),
        };
        match code {
            ErrorCode::OperationInterrupted => Self::Late { ms: context.ms },
            ErrorCode::OutOfMemory => Self::Memory { mib: context.mib },
            ErrorCode::TooBig => Self::Value {
                bytes: context.value_bytes,
            },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::view(text, true),
            ErrorCode::AuthorizationForStatementDenied => Self::refused(context, at),
            ErrorCode::Unknown => Self::said(text, at, context),
            _ => Self::view(text, false),
        }
    }

    fn view(text: &str, damaged: bool) -> Self {
        let text = short(text, SAID_CHARS_MAX);
        Self::View { text, damaged }
    }

    /// What the guard refused. A table that nobody may read is told as one that is not there.
    pub(super) fn refused(context: &Context<'_>, at: Option<Place>) -> Self {
        match context.refused.clone() {
            Some(Refused::Table(name)) => Self::no_table(&name, at, context),
            Some(Refused::Column(name)) => Self::no_column(&name, at, context),
            Some(refused) => Self::Refused(refused),
            None => Self::Refused(Refused::Write),
        }
    }

    fn no_table(name: &str, at: Option<Place>, context: &Context<'_>) -> Self {
        Self::NoTable {
            name: short(name, NAME_CHARS_MAX),
            near: nearest(name, context.readable.tables()),
            at,
        }
    }

    fn no_column(name: &str, at: Option<Place>, context: &Context<'_>) -> Self {
        let bare = name.rsplit('.').next().unwrap_or(name);
        Self::NoColumn {
            name: short(name, NAME_CHARS_MAX),
            near: nearest(bare, context.readable.columns_in(context.sql)),
            at,
        }
    }

    /// A sentence of SQLite about a question, taken apart where it is one of those that people meet.
    fn said(text: &str, at: Option<Place>, context: &Context<'_>) -> Self {
        let after = |begin: &str| text.strip_prefix(begin);
        if let Some(name) = after("no such table: ") {
            Self::no_table(name.rsplit('.').next().unwrap_or(name), at, context)
        } else if let Some(name) = after("no such column: ") {
            // Behind a name between double quotes stands advice, which is told in other words.
            let name = name.split(" - ").next().unwrap_or(name).trim_matches('"');
            Self::no_column(name, at, context)
        } else if let Some(name) = after("ambiguous column name: ") {
            let name = short(name, NAME_CHARS_MAX);
            Self::Ambiguous { name, at }
        } else if let Some(name) = after("no such function: ") {
            Self::no_function(name)
        } else if let Some(rest) = after("wrong number of arguments to function ") {
            let name = short(rest.trim_end_matches("()"), NAME_CHARS_MAX);
            Self::Arguments { name }
        } else if text == "incomplete input" {
            Self::Syntax { near: None, at }
        } else if let Some(quoted) = after("near \"").or_else(|| after("unrecognized token: \"")) {
            let near = quoted.strip_suffix("\": syntax error").unwrap_or(quoted);
            let near = Some(short(near.trim_end_matches('"'), NAME_CHARS_MAX));
            Self::Syntax { near, at }
        } else if text.starts_with("not authorized") || text.ends_with(" is prohibited") {
            Self::refused(context, at)
        } else {
            let text = short(text, SAID_CHARS_MAX);
            Self::Said { text, at }
        }
    }

    fn no_function(name: &str) -> Self {
        Self::NoFunction {
            name: short(name, NAME_CHARS_MAX),
            near: nearest(name, FUNCTIONS.iter().copied()),
        }
    }
}

fn short(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

/// The line and character of a byte.
fn place(sql: &str, offset: usize) -> Place {
    let before = sql.get(..offset).unwrap_or(sql);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Place {
        line: number(line),
        column: number(column),
    }
}
