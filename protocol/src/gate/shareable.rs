//! The record that may leave: built fresh from approved text.

use crate::id::{Gemeente, RecordId, Week};
use crate::record::{Fields, Kind};

/// A record that a person approved and that holds nothing but shareable fields. Only the gate constructs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shareable {
    pub(super) kind: Kind,
    pub(super) owner: Gemeente,
    pub(super) week: Week,
    pub(super) quarter_only: bool,
    pub(super) contributes_to: Option<RecordId>,
    pub(super) practice: bool,
    pub(super) fields: Fields,
}

impl Shareable {
    /// The kind of record.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The gemeente that owns it.
    #[must_use]
    pub fn owner(&self) -> Gemeente {
        self.owner
    }

    /// The week it is about.
    #[must_use]
    pub fn week(&self) -> Week {
        self.week
    }

    /// Whether the week is withheld and only its quarter told; the week is the first of it then.
    #[must_use]
    pub fn is_quarter_only(&self) -> bool {
        self.quarter_only
    }

    /// The co-written record this is a contribution to, when it does not found one.
    #[must_use]
    pub fn contributes_to(&self) -> Option<RecordId> {
        self.contributes_to
    }

    /// Whether this is practice data (`fictief`).
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.practice
    }

    /// The fields beyond the envelope.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }
}

#[cfg(test)]
impl Shareable {
    /// A record for the unit tests of other rooms, which have no draft to screen.
    pub(crate) fn for_test(kind: Kind, owner: Gemeente, week: Week, fields: Fields) -> Self {
        Self {
            kind,
            owner,
            week,
            quarter_only: false,
            contributes_to: None,
            practice: true,
            fields,
        }
    }

    /// The same as a contribution to a co-written record.
    pub(crate) fn contributing_to(mut self, record: RecordId) -> Self {
        self.contributes_to = Some(record);
        self
    }
}
