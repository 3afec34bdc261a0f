//! What the vault knows of one record, and the steps it can take.
//!
//! ```text
//! draft ── screened ──► screened ── approved ──► approved ── shared ──► shared
//!   ▲          └──────► refused ▲                  │  ▲                   │ (again, when links resolve)
//!   │                           └──── failed ──────┘  └───── recalled ────┤
//!   └──────────────── typed again, from every state ◄─────────────────────┘
//! ```
//!
//! From every state it becomes withdrawn when its document is taken back; typed again, it starts over.
//!
//! Kept is what was typed, not what was read from it: a later version reads it again with its own rules. That is a
//! pure function of the source, the gemeente, and the week and kind that held when it came in.

use std::collections::BTreeSet;
use std::fmt;

use protocol::api::{Finding as GateFinding, Mislukt, Verdict};
use protocol::gate::{Coarse, Known};
use protocol::id::{DocumentId, Gemeente, LogId, RecordId, Week};
use protocol::record::{self, Finding, Input, Kind};
use serde::{Deserialize, Serialize};

use super::VaultError;
use super::intake::Taken;

/// How far a record is. The number is part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum State {
    /// Typed; the gate has not looked yet.
    Draft = 1,
    /// The gate has looked; a person must.
    Screened = 2,
    /// A person approved; it leaves with the next release.
    Approved = 3,
    /// It has left.
    Shared = 4,
    /// The gate refuses it as it is.
    Refused = 5,
    /// It had left and was taken back; typed again, it can be shared anew.
    Withdrawn = 6,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Draft,
        Self::Screened,
        Self::Approved,
        Self::Shared,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The name in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Screened => "screened",
            Self::Approved => "approved",
            Self::Shared => "shared",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| i64::from(*state as u8) == number)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What was typed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Source {
    /// One JSON object.
    Json(serde_json::Value),
    /// One row of a table under its header.
    Row {
        /// The names of the columns.
        header: Vec<String>,
        /// The cells.
        cells: Vec<String>,
    },
}

impl Source {
    /// Reads the record that was typed.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, intake: &record::Intake) -> Result<Input, Vec<Finding>> {
        match self {
            Self::Json(json) => record::read_json(json, intake),
            Self::Row { header, cells } => {
                let header: Vec<&str> = header.iter().map(String::as_str).collect();
                let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
                record::read_row(&header, &cells, intake)
            }
        }
    }
}

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("Source::Json(..)"),
            Self::Row { cells, .. } => write!(f, "Source::Row({} cells)", cells.len()),
        }
    }
}

/// What the gate said.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// The verdict.
    pub verdict: Verdict,
    /// What it found.
    pub findings: Vec<GateFinding>,
}

// Findings quote what was typed.
impl fmt::Debug for Screening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Screening({:?}, {} findings)", self.verdict, self.findings.len())
    }
}

/// A person's approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The local account.
    pub by: String,
    /// When, as a week.
    pub week: Week,
    /// What identifies the content that was approved; nothing where there was nothing to read.
    pub content: Option<[u8; 32]>,
}

/// Where a record is in the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The own document.
    pub document: DocumentId,
    /// The record it is, or contributes to.
    pub record: RecordId,
}

/// Where an own entry stands in a log of this node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The log of the run that wrote it.
    pub log: LogId,
    /// The position in it.
    pub seq: u64,
}

/// A link that could not go along, because its target was not shared yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The field.
    pub field: String,
    /// The local id of the target.
    pub target: String,
}

/// What the vault knows of one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Concept {
    /// The local id.
    pub id: String,
    /// How far it is. Kept beside the sealed text, and bound to it.
    #[serde(skip, default = "draft")]
    pub state: State,
    /// What was typed.
    pub source: Source,
    /// The gemeente of this node when it was typed.
    pub gemeente: Gemeente,
    /// The week that held for a record without one.
    pub week: Week,
    /// The number of the kind that held for a record without one.
    pub kind: Option<u16>,
    /// The local account that typed it as it is now; not known of what was shared before accounts were kept.
    #[serde(default)]
    pub typed_by: Option<String>,
    /// How much less exact it has to leave, by what was shared when it was typed.
    #[serde(default)]
    pub coarse: Coarse,
    /// What is known of the case behind it, to look for whenever it is screened. It stays here.
    #[serde(default)]
    pub known: Known,
    /// What the gate said.
    pub screening: Option<Screening>,
    /// Who approved.
    pub decision: Option<Decision>,
    /// Where it is in the network.
    pub shared: Option<Shared>,
    /// Where it will be, once what is under way has been written.
    #[serde(default)]
    pub leaving: Option<Shared>,
    /// The last entry it was written in; a founding or an edit counts as shared only while that entry is held.
    #[serde(default)]
    pub written: Option<Place>,
    /// It was taken from a backup as shared in an entry that was not in there: others may hold it, or have withdrawn it.
    #[serde(default)]
    pub missed: bool,
    /// Why it could not leave after it was approved, or may not leave without being looked at again.
    #[serde(default)]
    pub failed: Option<Mislukt>,
    /// The last document of it that was taken back.
    #[serde(default)]
    pub withdrawn: Option<DocumentId>,
    /// Documents of it that count for nobody any more, and were shared anew as another.
    #[serde(default)]
    pub orphaned: Vec<DocumentId>,
    /// Links that wait.
    pub waiting: Vec<Waiting>,
    /// What an experiment froze before it was typed as it is now. A hash of what was typed: it stays here.
    #[serde(default)]
    pub frozen: BTreeSet<String>,
}

fn draft() -> State {
    State::Draft
}

impl Concept {
    pub(super) fn new(id: String, taken: &Taken) -> Self {
        Self {
            id,
            state: State::Draft,
            source: taken.source.clone(),
            gemeente: taken.intake.gemeente,
            week: taken.intake.week,
            kind: taken.intake.kind.map(Kind::number),
            typed_by: taken.by.clone(),
            coarse: taken.coarse,
            known: taken.known.clone().unwrap_or_default(),
            screening: None,
            decision: None,
            shared: None,
            leaving: None,
            written: None,
            missed: false,
            failed: None,
            withdrawn: None,
            orphaned: Vec::new(),
            waiting: Vec::new(),
            frozen: BTreeSet::new(),
        }
    }

    /// What held when it came in.
    #[must_use]
    pub fn intake(&self) -> record::Intake {
        record::Intake {
            gemeente: self.gemeente,
            week: self.week,
            kind: self.kind.and_then(Kind::from_number),
        }
    }

    /// Reads what was typed, under what held when it came in.
    ///
    /// # Errors
    /// What a later version finds wrong with it.
    pub fn input(&self) -> Result<Input, Vec<Finding>> {
        let mut input = self.source.read(&self.intake())?;
        input.id.get_or_insert_with(|| self.id.clone());
        Ok(input)
    }

    /// Whether this is what was typed, with what is known of the case. Typed without, it says nothing of what is known; and what
    /// was taken back does not come back with another list.
    pub(super) fn is_as(&self, taken: &Taken) -> bool {
        let known = taken.known.as_ref().is_none_or(|known| *known == self.known);
        self.source == taken.source && (known || self.state == State::Withdrawn)
    }

    /// Typed again: what was shared before stays known, so that approving it again edits that document.
    pub(super) fn retype(&mut self, taken: &Taken) {
        let frozen = match taken.input.kind {
            // What this version cannot read any more froze nothing that it knows.
            Kind::Experiment => self
                .input()
                .map_or(self.frozen.clone(), |input| self.frozen_with(&input)),
            _ => BTreeSet::new(),
        };
        let before = std::mem::replace(self, Self::new(self.id.clone(), taken));
        self.frozen = frozen;
        if taken.known.is_none() {
            self.known = before.known;
        }
        self.shared = before.shared;
        self.leaving = before.leaving;
        self.written = before.written;
        self.missed = before.missed;
        self.withdrawn = before.withdrawn;
        self.orphaned = before.orphaned;
        self.waiting = before.waiting;
    }

    /// All that an experiment froze, what it says now included; `input` is what was read from it.
    pub(super) fn frozen_with(&self, input: &Input) -> BTreeSet<String> {
        let now = record::frozen_as(input.kind, &input.fields);
        self.frozen.iter().cloned().chain(now).collect()
    }

    /// Whether an experiment froze something else before than what it says now; `input` is what was read from it.
    #[must_use]
    pub fn was_frozen_otherwise(&self, input: &Input) -> bool {
        let now = record::frozen_as(input.kind, &input.fields);
        self.frozen.iter().any(|name| Some(name) != now.as_ref())
    }

    /// Handed in again just so by somebody: whether what nobody approved is theirs now, because nobody knew whose it was.
    pub(super) fn claimed(&mut self, taken: &Taken) -> bool {
        let waits = matches!(self.state, State::Draft | State::Screened | State::Refused);
        if !waits || self.typed_by.is_some() || taken.by.is_none() {
            return false;
        }
        self.typed_by.clone_from(&taken.by);
        self.coarse = taken.coarse;
        true
    }

    /// Of what was typed only this stays, and nothing of the case behind it.
    pub(super) fn reduced(&mut self, left: serde_json::Value) {
        self.source = Source::Json(left);
        self.known = Known::default();
        if let Some(screening) = &mut self.screening {
            screening.findings = Vec::new();
        }
    }

    pub(super) fn screened(&mut self, screening: Screening) -> Result<(), VaultError> {
        let to = if screening.verdict == Verdict::Block {
            State::Refused
        } else {
            State::Screened
        };
        self.step(&[State::Draft, State::Screened, State::Refused], to)?;
        self.screening = Some(screening);
        Ok(())
    }

    pub(super) fn approved(&mut self, decision: Decision) -> Result<(), VaultError> {
        self.step(&[State::Screened], State::Approved)?;
        self.decision = Some(decision);
        self.failed = None;
        Ok(())
    }

    pub(super) fn was_shared(
        &mut self,
        shared: Shared,
        written: Option<Place>,
        waiting: Vec<Waiting>,
    ) -> Result<(), VaultError> {
        self.step(&[State::Approved, State::Shared], State::Shared)?;
        self.shared = Some(shared);
        self.leaving = None;
        // Without a new entry the document says so already, by the entry before.
        self.written = written.or(self.written);
        self.missed = false;
        self.waiting = waiting;
        Ok(())
    }

    /// Its document is about to be founded there.
    pub(super) fn leaves_as(&mut self, leaving: Shared) {
        self.leaving = Some(leaving);
    }

    /// The document that was about to be founded is there: approving it edits that one.
    pub(super) fn left(&mut self) {
        self.shared = self.shared.or(self.leaving.take());
    }

    /// Its last entry is gone; `document` says whether the document it belongs to is still there. Then what is written
    /// again edits that one: another document would be the same record twice.
    pub(super) fn recalled(&mut self, document: bool) -> Result<(), VaultError> {
        self.step(&[State::Shared], State::Approved)?;
        self.shared = self.shared.filter(|_| document);
        self.written = None;
        Ok(())
    }

    /// Its last entry was in no backup and nobody gave it back; otherwise as above. A person looks before it leaves again,
    /// because it left before.
    pub(super) fn lost(&mut self, document: bool, why: Mislukt) -> Result<(), VaultError> {
        self.recalled(document)?;
        self.missed = false;
        self.failed(why)
    }

    /// Its last entry counts for nobody, and neither does its document unless that was `founded` before.
    pub(super) fn orphaned(&mut self, founded: bool) -> Result<(), VaultError> {
        let lost = self.shared.filter(|_| !founded);
        self.recalled(founded)?;
        self.orphaned.extend(lost.map(|shared| shared.document));
        Ok(())
    }

    /// Its document was taken back, in whatever state it is here. What was shared of it is no longer there, so typed
    /// again it becomes another document; what was approved meanwhile does not leave.
    pub(super) fn taken_back(&mut self) {
        self.withdrawn = self.shared.or(self.leaving).map(|shared| shared.document);
        (self.shared, self.leaving, self.written, self.decision) = (None, None, None, None);
        self.waiting = Vec::new();
        self.missed = false;
        self.state = State::Withdrawn;
    }

    /// Whether others hold something of it that was not taken back, or may at any moment.
    pub(super) fn is_outside(&self) -> bool {
        let orphaned = !self.orphaned.is_empty() && self.state != State::Withdrawn;
        self.shared.is_some() || self.leaving.is_some() || orphaned
    }

    /// It could not leave as it was approved: a person must look again.
    pub(super) fn failed(&mut self, why: Mislukt) -> Result<(), VaultError> {
        self.step(&[State::Approved], State::Screened)?;
        self.decision = None;
        self.failed = Some(why);
        Ok(())
    }

    fn step(&mut self, from: &[State], to: State) -> Result<(), VaultError> {
        if !from.contains(&self.state) {
            return Err(VaultError::Transition {
                id: self.id.clone(),
                from: self.state,
                to,
            });
        }
        self.state = to;
        Ok(())
    }
}
