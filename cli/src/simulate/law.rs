//! What must hold at the end of every run.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document;
use protocol::entropy::Seeded;
use protocol::id::{DocumentId, LogId, RecordId, Week};
use protocol::log::{Entry, Payload, Replica, Versions};
use protocol::record::{self, Merged, Part};
use protocol::store::{Memory, Store};

use super::node::Up;
use super::world::World;

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

/// What every node shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    /// Entries held.
    pub(super) entries: u64,
    /// Records shown.
    pub(super) records: u64,
}

/// Whether all running nodes that are not away hold the same.
pub(super) fn are_equal(world: &World) -> bool {
    let away = world.plan.away.filter(|node| world.wires.linked(*node).is_empty());
    let mut digests = world
        .running()
        .filter(|(node, _)| Some(*node) != away)
        .map(|(_, up)| up.replica.digest());
    let first = digests.next();
    digests.all(|digest| Some(digest) == first)
}

/// In what the running nodes differ.
pub(super) fn difference(world: &World) -> String {
    let mut lines = vec!["the nodes do not become equal:".to_owned()];
    for (node, up) in world.running() {
        let heights = up
            .replica
            .logs()
            .map(|(log, state)| format!("{}:{}", &log.to_string()[..6], state.held));
        let heights: Vec<String> = heights.collect();
        let statements = up.replica.statements().len();
        lines.push(format!("  node {node}: {statements} statements, {}", heights.join(" ")));
    }
    lines.join("\n")
}

/// Checks every law.
///
/// # Errors
/// The one that does not hold.
pub(super) fn check(world: &mut World) -> Result<Shown, String> {
    let mut shown = None;
    for (node, up) in world.running() {
        effective(node, up)?;
        acknowledged(world, node, up)?;
        erased(world, node, up)?;
        let answer = answer(&up.replica).map_err(|why| format!("node {node}: {why}"))?;
        match &shown {
            None => shown = Some(answer),
            Some(first) if *first == answer => {}
            Some(_) => return Err(format!("node {node} holds the same as node 0 and shows something else")),
        }
    }
    let answer = shown.ok_or("no node runs")?;
    let mut rng = Seeded::new(world.plan.seed ^ 0x006f_7264_6572);
    let Some((_, up)) = world.running().next() else {
        return Err("no node runs".to_owned());
    };
    if another_order(&up.replica, &mut rng)? != answer {
        return Err("the same entries in another order say something else".to_owned());
    }
    Ok(Shown {
        entries: up.replica.logs().map(|(_, state)| state.held).sum(),
        records: answer.records.len() as u64,
    })
}

/// Correct nodes write only what counts.
fn effective(node: usize, up: &Up) -> Result<(), String> {
    let idle = up.replica.logs().find(|(_, state)| state.effective < state.held);
    idle.map_or(Ok(()), |(log, state)| {
        Err(format!(
            "node {node}: of log {log} only {} of {} entries count: waiting {:?}, cut {:?}",
            state.effective, state.held, state.waiting, state.cut
        ))
    })
}

/// Nothing that was acknowledged is lost.
fn acknowledged(world: &World, node: usize, up: &Up) -> Result<(), String> {
    for entry in &world.acknowledged {
        let held = up
            .replica
            .header(entry.log, entry.seq)
            .map_err(|error| error.to_string())?;
        if held.map(|signed| signed.hash()) != Some(entry.header) {
            return Err(format!(
                "node {node} lost entry {} of log {}, which was acknowledged",
                entry.seq, entry.log
            ));
        }
    }
    Ok(())
}

/// What was withdrawn is gone: no document, no payload under its key, none that is passed on.
fn erased(world: &World, node: usize, up: &Up) -> Result<(), String> {
    let failed = |error: protocol::log::ReplicaError| error.to_string();
    for document in &world.withdrawn {
        let known = up.replica.document(*document).map_err(failed)?.is_some();
        if known || !up.replica.changes(*document).map_err(failed)?.is_empty() {
            return Err(format!(
                "node {node} still has document {document}, which was withdrawn"
            ));
        }
    }
    for (log, state) in up.replica.logs() {
        for entry in entries(&up.replica, log, state.held)? {
            let header = entry.signed.header();
            let gone = entry.payload == Payload::Erased;
            if gone != world.withdrawn.contains(&header.document) {
                let seq = header.seq;
                return Err(format!(
                    "node {node} passes on entry {seq} of log {log} with erased: {gone}"
                ));
            }
        }
    }
    let kept = |document: &&DocumentId| !matches!(up.replica.store().is_forgotten(**document), Ok(true));
    match world.withdrawn.iter().find(kept) {
        None => Ok(()),
        Some(document) => Err(format!(
            "node {node} kept the key of document {document}, which was withdrawn"
        )),
    }
}

/// What a replica answers: its snapshot, and every record as it is shown.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    snapshot: String,
    records: BTreeMap<RecordId, String>,
}

fn answer<S: Store>(replica: &Replica<S>) -> Result<Answer, String> {
    let week = Week::new(2026, 20).map_err(|error| error.to_string())?;
    let mut parts: BTreeMap<RecordId, Vec<Part>> = BTreeMap::new();
    for document in documents(replica)? {
        if let Some(part) = part(replica, document)? {
            parts
                .entry(part.contributes_to.unwrap_or(document.into()))
                .or_default()
                .push(part);
        }
    }
    let merged: Vec<(RecordId, Merged)> = parts
        .iter()
        .filter_map(|(id, parts)| Some((*id, record::merge(*id, parts)?)))
        .collect();
    let all: Vec<&Merged> = merged.iter().map(|(_, record)| record).collect();
    let show = |record: &Merged| {
        record
            .to_json(week, &record::incoming(record, all.iter().copied()))
            .to_string()
    };
    Ok(Answer {
        snapshot: replica.snapshot(&VERSIONS, week).to_string(),
        records: merged.iter().map(|(id, record)| (*id, show(record))).collect(),
    })
}

/// All entries of a log.
fn entries<S: Store>(replica: &Replica<S>, log: LogId, held: u64) -> Result<Vec<Entry>, String> {
    let mut all = Vec::new();
    while (all.len() as u64) < held {
        let page = replica
            .entries(log, all.len() as u64, 1 << 20)
            .map_err(|error| error.to_string())?;
        if page.is_empty() {
            return Err(format!("entry {} of log {log} cannot be read", all.len()));
        }
        all.extend(page);
    }
    Ok(all)
}

fn documents<S: Store>(replica: &Replica<S>) -> Result<BTreeSet<DocumentId>, String> {
    let mut documents = BTreeSet::new();
    for (log, state) in replica.logs() {
        let entries = entries(replica, log, state.held)?;
        documents.extend(entries.iter().map(|entry| entry.signed.header().document));
    }
    Ok(documents)
}

fn part<S: Store>(replica: &Replica<S>, document: DocumentId) -> Result<Option<Part>, String> {
    let Some(info) = replica.document(document).map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let changes = replica.changes(document).map_err(|error| error.to_string())?;
    let contents = document::read(&changes).map_err(|error| format!("document {document} cannot be read: {error}"))?;
    Ok(Some(Part {
        gemeente: info.owner,
        document,
        kind: contents.kind,
        week: contents.week,
        contributes_to: contents.contributes_to,
        practice: contents.practice,
        fields: contents.fields,
        unknown: contents.unknown,
    }))
}

/// What a fresh replica answers that takes the same in random runs and a random order, some of it twice.
fn another_order<S: Store>(replica: &Replica<S>, rng: &mut Seeded) -> Result<Answer, String> {
    let failed = |error: protocol::log::ReplicaError| error.to_string();
    let mut fresh = Replica::open(Memory::default()).map_err(failed)?;
    fresh.join(replica.statements().federation()).map_err(failed)?;
    let mut statements: Vec<_> = replica.statements().iter().cloned().collect();
    rng.shuffle(&mut statements);
    fresh.add_statements(statements).map_err(failed)?;
    let mut logs = Vec::new();
    for (log, state) in replica.logs() {
        logs.push((log, entries(replica, log, state.held)?));
    }
    while !logs.is_empty() {
        let at = rng.below(logs.len() as u64) as usize;
        let (log, left) = &mut logs[at];
        let (log, mut count) = (*log, 1 + rng.below(left.len() as u64) as usize);
        // A signature that was damaged on the way may be held behind a good one; a run ends at a good one.
        while count < left.len() && left[count - 1].signed.verify().is_err() {
            count += 1;
        }
        let run = left[..count].to_vec();
        if !rng.chance(1, 8) {
            left.drain(..count);
        }
        if left.is_empty() {
            logs.swap_remove(at);
        }
        let taken = fresh.ingest(log, run).map_err(failed)?;
        if let Some(refusal) = taken.refused {
            return Err(format!(
                "entry {} of log {log} is refused in another order: {}",
                refusal.seq, refusal.why
            ));
        }
    }
    if fresh.statements().digest() != replica.statements().digest() {
        return Err("the same statements in another order make another set".to_owned());
    }
    if fresh.digest() != replica.digest() {
        return Err("the same entries in another order are not held the same".to_owned());
    }
    answer(&fresh)
}
