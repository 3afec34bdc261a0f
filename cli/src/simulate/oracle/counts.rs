//! Which entries count, naively: over all logs again and again, until nothing changes.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document::{self, Checked};
use protocol::id::{ChangeHash, DocumentId, Gemeente, LogId};
use protocol::log::{Class, Entry, Payload};

use super::members::Members;

/// What counts.
pub(super) struct Counts {
    /// Per log how far.
    pub(super) heights: BTreeMap<LogId, u64>,
    /// Documents that are there, and whose they are.
    pub(super) documents: BTreeMap<DocumentId, Gemeente>,
}

/// A document as far as it counts.
struct Known {
    owner: Gemeente,
    kind: u16,
    /// Change to its greatest operation.
    changes: BTreeMap<ChangeHash, u64>,
    /// Per log the last change and its number.
    last: BTreeMap<LogId, (ChangeHash, u64)>,
}

#[derive(PartialEq, Eq)]
enum Verdict {
    Counts,
    Waits,
    Broken,
}

/// What counts of these logs.
pub(super) fn of(members: &Members, logs: &BTreeMap<LogId, Vec<Entry>>) -> Counts {
    let mut heights: BTreeMap<LogId, u64> = BTreeMap::new();
    let mut broken = BTreeSet::new();
    let mut documents = BTreeMap::new();
    loop {
        let mut moved = false;
        for (log, entries) in logs {
            let Some(first) = entries.first() else { continue };
            let node = first.signed.header().node;
            let Some(by) = members.spoke.get(&node).copied() else {
                continue;
            };
            let cut = members.cut(node, *log);
            let height = heights.entry(*log).or_default();
            while let Some(entry) = entries.get(*height as usize) {
                if *height >= cut || broken.contains(log) {
                    break;
                }
                let shares = members.shares.contains(&node);
                match judge(members, &mut documents, *log, entry, by, shares) {
                    Verdict::Counts => (*height, moved) = (*height + 1, true),
                    Verdict::Waits => break,
                    Verdict::Broken => {
                        broken.insert(*log);
                    }
                }
            }
        }
        if !moved {
            let documents = documents
                .into_iter()
                .map(|(document, known): (_, Known)| (document, known.owner));
            return Counts {
                heights,
                documents: documents.collect(),
            };
        }
    }
}

/// The rules of *What counts*, in their order.
fn judge(
    members: &Members,
    documents: &mut BTreeMap<DocumentId, Known>,
    log: LogId,
    entry: &Entry,
    by: Gemeente,
    shares: bool,
) -> Verdict {
    let header = entry.signed.header();
    if header.class == Class::Statement {
        return Verdict::Counts;
    }
    if !shares {
        return Verdict::Broken;
    }
    if let Some((owner, kind)) = members.withdrawn.get(&header.document) {
        let may = members.may_edit(by, *owner) && header.kind == *kind;
        return if may { Verdict::Counts } else { Verdict::Broken };
    }
    let Payload::Held { bytes, .. } = &entry.payload else {
        return Verdict::Waits;
    };
    let Ok(change) = document::validate(bytes) else {
        return Verdict::Broken;
    };
    if header.founded(by) == header.document {
        let known = documents.entry(header.document).or_insert(Known {
            owner: by,
            kind: header.kind,
            changes: BTreeMap::new(),
            last: BTreeMap::new(),
        });
        known.take(log, &change);
        return Verdict::Counts;
    }
    let Some(known) = documents.get_mut(&header.document) else {
        return Verdict::Waits;
    };
    if !members.may_edit(by, known.owner) || known.kind != header.kind {
        return Verdict::Broken;
    }
    known.change(log, &change)
}

impl Known {
    fn take(&mut self, log: LogId, change: &Checked) {
        self.changes.insert(change.hash, change.max_op);
        self.last.insert(log, (change.hash, change.seq));
    }

    fn change(&mut self, log: LogId, change: &Checked) -> Verdict {
        let ops: Option<Vec<u64>> = change.deps.iter().map(|dep| self.changes.get(dep).copied()).collect();
        let Some(ops) = ops else {
            return Verdict::Waits;
        };
        let last = self.last.get(&log);
        let builds = last.is_none_or(|(hash, _)| change.deps.contains(hash));
        let seq = last.map_or(1, |(_, seq)| seq + 1);
        let start = ops.into_iter().max().unwrap_or(0) + 1;
        if builds && change.seq == seq && change.start_op == start {
            self.take(log, change);
            Verdict::Counts
        } else {
            Verdict::Broken
        }
    }
}
