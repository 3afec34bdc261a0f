//! The border: what a run of entries must be before any of it is kept.
//!
//! What is decided here depends on the bytes, the chain before them, the federation and the gemeente of the node, and
//! on nothing else that this replica happens to hold; so every replica draws the line at the same entry. What needs
//! other documents or logs is decided later, by the effective set.
//!
//! **Invariant:** every entry kept is at most [`SIGNED_EVERY`] entries, and [`SIGNED_EVERY_BYTES`] bytes, before one whose
//! signature is valid, however the runs it came in were divided: so what is kept can be passed on.

use super::entry::{Entry, PAYLOAD_BYTES_MAX, Payload, commit};
use super::header::{Class, Header};
use super::opening::{OPENING_KIND, Opening};
use super::refusal::{Reason, Refusal};
use crate::charter::{Erasures, Withdrawn};
use crate::document::{self, Checked};
use crate::id::{DocumentId, FederationId, Gemeente, HeaderHash, Incarnation, LogId, NodeKey};

/// Most entries one call takes.
pub const RUN_ENTRIES_MAX: usize = 8192;
/// At least one in so many entries of a log has a valid signature; the chain carries it to the others.
pub const SIGNED_EVERY: usize = 64;
/// The entries from one valid signature to the next take at most so many bytes, so that they fit in one answer.
pub const SIGNED_EVERY_BYTES: usize = 512 * 1024;

const NO_DOCUMENT: DocumentId = DocumentId([0; 32]);

/// What a run is judged against.
pub(super) struct Border<'a> {
    /// What is withdrawn: such payloads are neither asked for nor kept.
    pub(super) erasures: &'a Erasures,
    /// The federation of this replica.
    pub(super) federation: FederationId,
    /// The gemeente of the node whose log it is.
    pub(super) gemeente: Gemeente,
    /// The log the run was sent for.
    pub(super) log: LogId,
    /// Whose log it is.
    pub(super) node: NodeKey,
    /// Which run of that node.
    pub(super) incarnation: Incarnation,
    /// The position the first entry must have.
    pub(super) next: u64,
    /// The header it must name.
    pub(super) head: HeaderHash,
}

/// A change that passed the border.
#[derive(Debug)]
pub(super) struct Change {
    /// What the change validator read.
    pub(super) checked: Checked,
    /// Whether it founds its document.
    pub(super) founding: bool,
}

/// What an entry does.
#[derive(Debug)]
pub(super) enum Deed {
    /// It says something.
    States,
    /// It changes a document.
    Changes(Change),
    /// It changed a document that is withdrawn.
    Erased(Withdrawn),
}

/// An entry that passed the border.
#[derive(Debug)]
pub(super) struct Sound {
    /// The entry, without its payload where that is withdrawn.
    pub(super) entry: Entry,
    /// What it does.
    pub(super) deed: Deed,
}

impl Sound {
    fn new(mut entry: Entry, deed: Deed) -> Self {
        if matches!(deed, Deed::Erased(_)) {
            entry.payload = Payload::Erased;
        }
        Self { entry, deed }
    }
}

/// What is left of a run.
#[derive(Debug)]
pub(super) struct Run {
    /// The entries that passed, from the first on.
    pub(super) sound: Vec<Sound>,
    /// The first that did not.
    pub(super) refused: Option<Refusal>,
    /// Whether that is the node's own doing: it signed what nobody may take, so its log ends there.
    pub(super) ends: bool,
}

impl Border<'_> {
    /// The entries of a run that may be kept, and why the next one may not.
    pub(super) fn admit(&self, mut entries: Vec<Entry>) -> Run {
        let (chained, mut refused) = self.chained(&entries);
        let signed = signed(&entries[..chained]);
        let mut ends = refused.is_some_and(|why| misplaced(why) && entries[chained].signed.verify().is_ok());
        if signed < chained {
            (refused, ends) = (Some(Reason::Signature), false);
        }
        let mut deeds = Vec::with_capacity(signed);
        for entry in &entries[..signed] {
            match self.check_payload(entry) {
                Ok(deed) => deeds.push(deed),
                Err(why) => {
                    refused = Some(why);
                    ends = !matches!(why, Reason::PayloadMissing | Reason::Commitment);
                    break;
                }
            }
        }
        let mut kept = deeds.len();
        // A signature further on vouched for these; the last one kept must vouch for itself when it is passed on.
        while kept < signed && kept > 0 && entries[kept - 1].signed.verify().is_err() {
            (kept, refused, ends) = (kept - 1, Some(Reason::Signature), false);
        }
        entries.truncate(kept);
        let sound = entries.into_iter().zip(deeds);
        Run {
            refused: refused.map(|why| Refusal {
                seq: self.next + kept as u64,
                why,
            }),
            sound: sound.map(|(entry, deed)| Sound::new(entry, deed)).collect(),
            ends,
        }
    }

    /// How many entries from the first on are in their place, and what is wrong with the next.
    fn chained(&self, entries: &[Entry]) -> (usize, Option<Reason>) {
        let mut previous = self.head;
        for (at, entry) in entries.iter().enumerate() {
            if at == RUN_ENTRIES_MAX {
                return (at, Some(Reason::RunLength));
            }
            if let Err(why) = self.check_place(entry.signed.header(), self.next + at as u64, previous) {
                return (at, Some(why));
            }
            previous = entry.signed.hash();
        }
        (entries.len(), None)
    }

    /// The rules of a header: of this log at its next position, the chain, a class in its place, a payload within its
    /// limit.
    fn check_place(&self, header: &Header, seq: u64, previous: HeaderHash) -> Result<(), Reason> {
        self.check_log(header, seq)?;
        let opening = header.class == Class::Statement && header.kind == OPENING_KIND;
        let about_document = header.document != NO_DOCUMENT;
        first_broken(&[
            (header.previous == previous, Reason::Chain),
            (opening == (seq == 0), Reason::Opening),
            (about_document == (header.class == Class::Change), Reason::Class),
            (header.payload_len as usize <= PAYLOAD_BYTES_MAX, Reason::PayloadLength),
        ])
    }

    /// The rules of belonging: our federation, this log, this position.
    pub(super) fn check_log(&self, header: &Header, seq: u64) -> Result<(), Reason> {
        first_broken(&[
            (header.federation == self.federation, Reason::Federation),
            (header.node == self.node, Reason::Log),
            (header.incarnation == self.incarnation, Reason::Log),
            (header.seq == seq, Reason::Gap),
        ])
    }

    /// The rules of a payload: there, as committed to, within its limit, and what its class says. What is withdrawn
    /// is not looked at, since others can no longer look at it either.
    fn check_payload(&self, entry: &Entry) -> Result<Deed, Reason> {
        let header = entry.signed.header();
        if let Some(withdrawn) = self.erasures.withdrawn(header.document) {
            return Ok(Deed::Erased(withdrawn));
        }
        let Payload::Held { salt, bytes } = &entry.payload else {
            return Err(Reason::PayloadMissing);
        };
        if commit(salt, bytes) != header.commitment {
            return Err(Reason::Commitment);
        }
        if bytes.len() != header.payload_len as usize {
            return Err(Reason::PayloadLength);
        }
        match header.class {
            Class::Change => self.check_change(header, bytes).map(Deed::Changes),
            Class::Statement => check_statement(header, bytes).map(|()| Deed::States),
        }
    }

    /// The rules of a change: one valid change by this log's actor, that founds its document here or builds on it.
    fn check_change(&self, header: &Header, payload: &[u8]) -> Result<Change, Reason> {
        let checked = document::validate(payload).map_err(|_| Reason::Change)?;
        let founding = header.document == super::header::document_id(self.log, header.seq, header.kind, self.gemeente);
        let actor = document::actor(self.log, header.document);
        if checked.actor != actor {
            return Err(Reason::Change);
        }
        match (founding, checked.deps.is_empty()) {
            (true, true) if checked.seq == 1 && checked.start_op == 1 => Ok(Change { checked, founding }),
            (false, false) => Ok(Change { checked, founding }),
            (false, true) => Err(Reason::DocumentId),
            _ => Err(Reason::Change),
        }
    }
}

/// The reason of the first rule that is not kept.
fn first_broken(rules: &[(bool, Reason)]) -> Result<(), Reason> {
    let broken = rules.iter().find(|(kept, _)| !kept);
    broken.map_or(Ok(()), |(_, why)| Err(*why))
}

/// Whether a header, next in its chain, is refused for what its node put in it.
fn misplaced(why: Reason) -> bool {
    matches!(why, Reason::Opening | Reason::Class | Reason::PayloadLength)
}

/// An opening has its form; a kind of statement that this program does not know is kept without effect.
fn check_statement(header: &Header, payload: &[u8]) -> Result<(), Reason> {
    if header.kind == OPENING_KIND {
        Opening::decode(payload).map_err(|_| Reason::Opening)?;
    }
    Ok(())
}

/// How many entries, from the first on, are vouched for by a signature on the last of them. No signature is tried
/// twice, and how a log is divided into runs makes no difference as long as each begins behind a valid one.
pub(super) fn signed(entries: &[Entry]) -> usize {
    let (mut vouched, mut tried) = (0, 0);
    loop {
        let end = vouched + stretch(&entries[vouched..]);
        let valid = |entry: &Entry| entry.signed.verify().is_ok();
        let Some(last) = entries[tried..end].iter().rposition(valid) else {
            return vouched;
        };
        (vouched, tried) = (tried + last + 1, end);
    }
}

/// How many entries, from the first on, one signature can vouch for.
fn stretch(entries: &[Entry]) -> usize {
    let mut left = SIGNED_EVERY_BYTES;
    let fits = entries.iter().take(SIGNED_EVERY).take_while(|entry| {
        let rest = left.checked_sub(entry.signed.weight());
        left = rest.unwrap_or(0);
        rest.is_some()
    });
    fits.count()
}
