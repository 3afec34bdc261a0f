//! What a person approved, and its release: the only place that builds a [`Shareable`].

use std::collections::BTreeSet;
use std::fmt;

use super::{Screened, Shareable, Verdict};
use crate::id::{Content, RecordId};
use crate::record;
use crate::record::schema::{self, Type};
use crate::record::{Field, Reference, Row, Value};

const ACCOUNT_CHARS_MAX: usize = 80;

/// The local account of whoever approves. It stays in the vault; nothing that leaves says who approved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Account(String);

/// Why a text is not an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an account has 1 to {ACCOUNT_CHARS_MAX} visible characters, found {found}")]
pub struct AccountError {
    /// How many characters it has.
    pub found: usize,
}

impl Account {
    /// The account with this id.
    ///
    /// # Errors
    /// [`AccountError`] when it is empty, too long, or holds what nobody can see.
    pub fn new(id: &str) -> Result<Self, AccountError> {
        let found = id.chars().take(ACCOUNT_CHARS_MAX + 1).count();
        if found == 0 || found > ACCOUNT_CHARS_MAX || id.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(AccountError { found });
        }
        Ok(Self(id.to_owned()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person's decision to let a record leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    by: Account,
    /// The content that was read; `None` when there was nothing to read.
    read: Option<Content>,
}

impl Approval {
    /// "I have read what will leave, and it may": the only approval that lets free text through. It holds for
    /// this content and no other.
    #[must_use]
    pub fn after_reading(by: Account, screened: &Screened) -> Self {
        Self {
            by,
            read: Some(screened.content()),
        }
    }

    /// The same decision, kept in the vault beside the content it was about.
    #[must_use]
    pub fn kept(by: Account, content: Content) -> Self {
        Self {
            by,
            read: Some(content),
        }
    }

    /// An approval of a record in which there is nothing to read.
    #[must_use]
    pub fn without_text(by: Account) -> Self {
        Self { by, read: None }
    }
}

/// Why an approval does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApproveError {
    /// The gate blocks the record; nobody can approve it as it is.
    #[error("the gate blocks this record")]
    Blocked,
    /// There is something to read, and nobody said to have read it.
    #[error("a person must read this record before it leaves")]
    MustBeRead,
    /// What was read is not what would leave now.
    #[error("the record has changed since it was read")]
    Changed,
}

impl Screened {
    /// Approves the record.
    ///
    /// # Errors
    /// [`ApproveError`] when it is blocked, was not read, or has changed since.
    pub fn approve(self, approval: Approval) -> Result<Approved, ApproveError> {
        match (self.verdict(), approval.read) {
            (Verdict::Block, _) => Err(ApproveError::Blocked),
            (Verdict::Review, None) => Err(ApproveError::MustBeRead),
            (_, Some(read)) if read != self.content() => Err(ApproveError::Changed),
            _ => Ok(Approved {
                screened: self,
                by: approval.by,
            }),
        }
    }
}

/// A record that may leave as soon as it is released.
#[derive(Clone)]
pub struct Approved {
    screened: Screened,
    by: Account,
}

impl fmt::Debug for Approved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Approved({:?})", self.screened)
    }
}

/// A link that could not go along, because its target has not been shared: an edit adds it later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pending {
    /// The field, such as `signalen` or `afspraken[2].leidt_tot`.
    pub field: String,
    /// The local id it points at.
    pub link: Reference,
}

impl Approved {
    /// Who approved, for the audit log of the vault.
    #[must_use]
    pub fn by(&self) -> &Account {
        &self.by
    }

    /// Builds the record that leaves: fresh, from the masked text, field by field of the schema. Local links
    /// are resolved, or left out and reported.
    #[must_use]
    pub fn release(&self, resolve: &dyn Fn(&Reference) -> Option<RecordId>) -> (Shareable, Vec<Pending>) {
        let input = &self.screened.draft.input;
        let mut release = Release {
            resolve,
            pending: Vec::new(),
        };
        let mut fields = release.row("", schema::fields(input.kind), &self.screened.masked);
        record::freeze(input.kind, &mut fields, self.screened.draft.refrozen);
        let shareable = Shareable {
            kind: input.kind,
            owner: input.owner,
            week: self.screened.week(),
            quarter_only: self.screened.quarter_only,
            contributes_to: input.contributes_to,
            practice: input.practice,
            fields,
        };
        (shareable, release.pending)
    }
}

struct Release<'a> {
    resolve: &'a dyn Fn(&Reference) -> Option<RecordId>,
    pending: Vec<Pending>,
}

impl Release<'_> {
    fn row(&mut self, path: &str, columns: &'static [Field], row: &Row) -> Row {
        let mut shared = Row::new();
        for column in columns.iter().filter(|column| !column.local_only) {
            let Some(value) = row.get(column.name) else {
                continue;
            };
            let path = if path.is_empty() {
                column.name.to_owned()
            } else {
                format!("{path}.{}", column.name)
            };
            let value = self.value(&path, column, value);
            shared.extend(value.map(|value| (column.name.to_owned(), value)));
        }
        shared
    }

    fn value(&mut self, path: &str, column: &Field, value: &Value) -> Option<Value> {
        match (column.what, value) {
            (_, Value::Link(link)) => self.link(path, link).map(Value::Link),
            (_, Value::Links(links)) => {
                let links: BTreeSet<_> = links.iter().filter_map(|link| self.link(path, link)).collect();
                (!links.is_empty()).then_some(Value::Links(links))
            }
            (Type::Row(columns), Value::Row(row)) => Some(Value::Row(self.row(path, columns, row))),
            (Type::Rows { columns, .. }, Value::Rows(rows)) => {
                let rows = rows.iter();
                let rows = rows.map(|(nr, row)| (*nr, self.row(&format!("{path}[{nr}]"), columns, row)));
                Some(Value::Rows(rows.collect()))
            }
            (_, value) => Some(value.clone()),
        }
    }

    fn link(&mut self, path: &str, link: &Reference) -> Option<Reference> {
        if let Reference::Record(_) = link {
            return Some(link.clone());
        }
        let resolved = (self.resolve)(link).map(Reference::Record);
        if resolved.is_none() {
            self.pending.push(Pending {
                field: path.to_owned(),
                link: link.clone(),
            });
        }
        resolved
    }
}
