//! Own writing: one log per run of the node, opened once and never resumed.
//!
//! What is written goes through the same border as what arrives, so a node never holds an entry that others refuse.

use std::collections::BTreeMap;

use ed25519_dalek::SigningKey;

use super::arrive::Ingested;
use super::entry::{Entry, Payload, commit};
use super::header::{Class, Header, SignedHeader, document_id, log_id};
use super::ingest::RUN_ENTRIES_MAX;
use super::opening::{Earlier, OPENING_KIND, Opening};
use super::read;
use super::replica::Replica;
use super::tables::{DocumentRow, Place};
use super::{LogState, ReplicaError};
use crate::document;
use crate::entropy::Entropy;
use crate::gate::Shareable;
use crate::id::{DocumentId, Gemeente, HeaderHash, Incarnation, LogId, NodeKey};
use crate::store::Store;

/// What to write.
#[derive(Debug, Clone, Copy)]
pub enum Write<'a> {
    /// A new document.
    Found {
        /// What it holds.
        record: &'a Shareable,
    },
    /// A change of a document that is there.
    Edit {
        /// Which.
        document: DocumentId,
        /// What it holds from now on.
        record: &'a Shareable,
    },
}

/// The next entry, without what its payload decides.
struct Draft {
    incarnation: Incarnation,
    seq: u64,
    previous: HeaderHash,
    class: Class,
    document: DocumentId,
    kind: u16,
}

impl<S: Store> Replica<S> {
    /// Opens the log of this run; its first entry names the heads of the node's earlier logs.
    ///
    /// # Errors
    /// [`ReplicaError::LogOpen`] the second time; [`ReplicaError::NotMember`]; [`ReplicaError::Cut`] when the key ended;
    /// store errors.
    pub fn open_log(&mut self, key: &SigningKey, rng: &mut dyn Entropy) -> Result<Entry, ReplicaError> {
        if self.own.is_some() {
            return Err(ReplicaError::LogOpen);
        }
        let node = NodeKey(key.verifying_key().to_bytes());
        let federation = self.federation.ok_or(ReplicaError::NoFederation)?;
        self.roster.gemeente_of(node).ok_or(ReplicaError::NotMember { node })?;
        let mut rng = rng;
        let draft = Draft {
            incarnation: Incarnation(Entropy::bytes(&mut rng)),
            seq: 0,
            previous: HeaderHash([0; 32]),
            class: Class::Statement,
            document: DocumentId([0; 32]),
            kind: OPENING_KIND,
        };
        let log = log_id(federation, node, draft.incarnation);
        self.check_counts(node, log, 0)?;
        let payload = Opening::new(self.unclosed(node)?).encode();
        let entry = self.append(key, rng, log, draft, payload)?;
        self.own = Some(log);
        Ok(entry)
    }

    /// Lets go of the log of this run when nothing written into it would count any more: two histories of it are proven, or an
    /// entry in it builds on what was cut off. Then another can be opened, for as long as the key speaks. False when it goes
    /// on, or there is none.
    pub fn leave_log(&mut self) -> bool {
        let Some((log, state)) = self.own.and_then(|log| Some((log, self.log(log)?))) else {
            return false;
        };
        let ends = self.check_counts(state.node, log, state.held).is_err() || state.effective < state.held;
        if ends {
            self.own = None;
        }
        ends
    }

    /// Founds a document or changes one; nothing when the record is what the document holds already.
    ///
    /// The entry is in the store when this returns, but not yet flushed: put it in the own-log file before telling
    /// anybody that it was written.
    ///
    /// # Errors
    /// [`ReplicaError`]: why it cannot be written; nothing changed then.
    pub fn write(
        &mut self,
        key: &SigningKey,
        rng: &mut dyn Entropy,
        write: Write<'_>,
    ) -> Result<Option<Entry>, ReplicaError> {
        let (log, state) = self.own_state(key)?;
        let owner = self.roster.gemeente_of(state.node);
        let owner = owner.ok_or(ReplicaError::NotMember { node: state.node })?;
        self.check_counts(state.node, log, state.held)?;
        if state.effective < state.held {
            // It stands still at an entry that waits, perhaps for what never counts: what is written behind it waits as well.
            let seq = state.effective;
            return Err(ReplicaError::Cut { log, seq });
        }
        let (Write::Found { record } | Write::Edit { record, .. }) = write;
        let kind = record.kind() as u16;
        let document = match write {
            Write::Found { .. } => {
                check_owner(record.owner(), owner)?;
                document_id(log, state.held, kind, owner)
            }
            Write::Edit { document, .. } => document,
        };
        let actor = document::actor(log, document);
        let payload = match write {
            Write::Found { record } => Some(document::found(actor, record)?),
            Write::Edit { document, record } => {
                let row = self.editable(document, owner, kind)?;
                check_owner(record.owner(), row.owner)?;
                let edit = document::edit(actor, &self.changes(document)?, record)?;
                let bytes = edit.as_ref().map(|payload| row.bytes + payload.len() as u64);
                bytes.map_or(Ok(()), |bytes| read::check_size(document, row.changes + 1, bytes))?;
                edit
            }
        };
        let Some(payload) = payload else {
            return Ok(None);
        };
        let draft = Draft {
            incarnation: state.incarnation,
            seq: state.held,
            previous: state.head,
            class: Class::Change,
            document,
            kind,
        };
        self.append(key, rng, log, draft, payload).map(Some)
    }

    /// Takes back own entries that were acknowledged and that the store lost: runs of several logs, in the order in
    /// which they were written.
    ///
    /// # Errors
    /// Store errors.
    pub fn restore(&mut self, entries: Vec<Entry>) -> Result<Vec<Ingested>, ReplicaError> {
        let mut runs: BTreeMap<LogId, Vec<Entry>> = BTreeMap::new();
        for entry in entries {
            runs.entry(entry.signed.header().log()).or_default().push(entry);
        }
        let mut restored = Vec::new();
        for (log, mut run) in runs {
            run.sort_by_key(|entry| entry.signed.header().seq);
            run.dedup_by_key(|entry| entry.signed.header().seq);
            while !run.is_empty() {
                let rest = run.split_off(run.len().min(RUN_ENTRIES_MAX));
                restored.push(self.ingest(log, run)?);
                run = rest;
            }
        }
        Ok(restored)
    }

    /// The log of this run, when it was opened with this key.
    fn own_state(&self, key: &SigningKey) -> Result<(LogId, LogState), ReplicaError> {
        let node = NodeKey(key.verifying_key().to_bytes());
        let own = self.own.and_then(|log| Some((log, self.log(log)?.clone())));
        own.filter(|(_, state)| state.node == node).ok_or(ReplicaError::NoLog)
    }

    /// What would not count is not written: nobody is told that something was shared when it was not.
    fn check_counts(&self, node: NodeKey, log: LogId, seq: u64) -> Result<(), ReplicaError> {
        match self.roster.cut(node, log) {
            Some(cut) if cut <= seq => Err(ReplicaError::Cut { log, seq: cut }),
            _ => Ok(()),
        }
    }

    fn editable(&self, document: DocumentId, owner: Gemeente, kind: u16) -> Result<DocumentRow, ReplicaError> {
        let row = self
            .document_row(document)?
            .ok_or(ReplicaError::UnknownDocument { document })?;
        if !self.roster.may_edit(owner, row.owner) {
            return Err(ReplicaError::OtherGemeente { owner: row.owner });
        }
        if row.kind != kind {
            return Err(ReplicaError::OtherKind);
        }
        Ok(row)
    }

    /// Earlier logs of a node, as far as its earlier openings do not name them at their full height.
    fn unclosed(&self, node: NodeKey) -> Result<Vec<Earlier>, ReplicaError> {
        let mut named: BTreeMap<Incarnation, u64> = BTreeMap::new();
        for (_, state) in self.logs_of(node) {
            let number = state.number;
            let payload = read::payload(&self.store, DocumentId([0; 32]), Place { number, seq: 0 })?;
            let Some(Payload::Held { bytes, .. }) = payload else {
                continue;
            };
            for earlier in Opening::decode(&bytes)?.earlier() {
                let height = named.entry(earlier.incarnation).or_default();
                *height = (*height).max(earlier.held);
            }
        }
        let open = self.logs_of(node).filter(|(_, state)| {
            let closed = named.get(&state.incarnation).copied().unwrap_or(0);
            state.held > closed
        });
        Ok(open
            .map(|(_, state)| Earlier {
                incarnation: state.incarnation,
                held: state.held,
                head: state.head,
            })
            .collect())
    }

    /// Signs an entry and takes it as if it had arrived.
    fn append(
        &mut self,
        key: &SigningKey,
        rng: &mut dyn Entropy,
        log: LogId,
        draft: Draft,
        payload: Vec<u8>,
    ) -> Result<Entry, ReplicaError> {
        let mut rng = rng;
        let salt = Entropy::bytes(&mut rng);
        let header = Header {
            federation: self.federation.ok_or(ReplicaError::NoFederation)?,
            node: NodeKey(key.verifying_key().to_bytes()),
            incarnation: draft.incarnation,
            seq: draft.seq,
            previous: draft.previous,
            class: draft.class,
            document: draft.document,
            kind: draft.kind,
            payload_len: u32::try_from(payload.len()).unwrap_or(u32::MAX),
            commitment: commit(&salt, &payload),
            extension: Vec::new(),
        };
        let signed = SignedHeader::sign(header, key);
        let payload = Payload::Held { salt, bytes: payload };
        let entry = Entry { signed, payload };
        let ingested = self.ingest(log, vec![entry.clone()])?;
        match ingested.refused {
            Some(refusal) => Err(ReplicaError::Refused { why: refusal.why }),
            None => Ok(entry),
        }
    }
}

fn check_owner(found: Gemeente, own: Gemeente) -> Result<(), ReplicaError> {
    if found == own {
        Ok(())
    } else {
        Err(ReplicaError::OtherGemeente { owner: found })
    }
}
