//! What a replica answers, and whether another order of the same says so too.

use std::collections::{BTreeMap, BTreeSet};

use protocol::document;
use protocol::entropy::Seeded;
use protocol::id::{DocumentId, Gemeente, LogId, RecordId, Week};
use protocol::log::{Entry, Replica, Versions};
use protocol::record::agenda::{Candidate, Point, agenda};
use protocol::record::{self, Held, Merged, Part, Reference};
use protocol::store::{Memory, Store};

use super::super::law::{Broken, Law};

const VERSIONS: Versions = Versions {
    view: 1,
    words: 1,
    rules: 1,
};

/// What a replica answers: its snapshot, who belongs, every record as it is shown, and every agenda.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answer {
    snapshot: String,
    roster: protocol::charter::Roster,
    heights: BTreeMap<LogId, u64>,
    /// Every record as it is shown.
    pub(super) records: BTreeMap<Reference, String>,
    /// What each gemeente has to talk about.
    pub(super) agendas: BTreeMap<Gemeente, Vec<Point>>,
}

impl Answer {
    /// What this replica answers.
    pub(super) fn of<S: Store>(replica: &Replica<S>) -> Result<Self, Broken> {
        let week = Week::new(2026, 20).or_else(|error| Law::Work.broken(error.to_string()))?;
        let mut parts: BTreeMap<RecordId, Vec<Part>> = BTreeMap::new();
        for document in documents(replica)? {
            if let Some(part) = part(replica, document)? {
                let record = part.contributes_to.unwrap_or(document.into());
                parts.entry(record).or_default().push(part);
            }
        }
        let merged = parts.iter().filter_map(|(id, parts)| record::merge(*id, parts));
        let merged: Vec<Merged> = merged.collect();
        let roster = replica.roster();
        let held = Held::new(&merged)
            .without(roster.erasures().documents().map(|(document, _)| document.into()))
            .after(roster.merges().map(|merge| (merge.from, merge.to)));
        let show = |record: &Merged| record.to_json(week, &held.around(record)).to_string();
        let counting = replica.logs().filter(|(_, state)| state.effective > 0);
        Ok(Self {
            snapshot: replica.snapshot(&VERSIONS, week).to_string(),
            roster: replica.roster().clone(),
            heights: counting.map(|(log, state)| (log, state.effective)).collect(),
            records: merged.iter().map(|record| (record.id.clone(), show(record))).collect(),
            agendas: agendas(&merged, &held, week),
        })
    }
}

/// The agenda of each gemeente that wrote something, in the quarter of this week.
fn agendas(records: &[Merged], held: &Held, week: Week) -> BTreeMap<Gemeente, Vec<Point>> {
    let writers: BTreeSet<Gemeente> = records.iter().flat_map(|record| record.contributors.clone()).collect();
    let of = |gemeente: Gemeente| {
        let concerning = held.concerning(records, &BTreeSet::from([gemeente]));
        let candidates: Vec<Candidate> = concerning
            .into_iter()
            .map(|record| Candidate {
                record: record.clone(),
                around: held.around(record),
            })
            .collect();
        agenda(&candidates, week.quarter(), week)
    };
    writers.into_iter().map(|gemeente| (gemeente, of(gemeente))).collect()
}

/// All entries of a log.
pub(in super::super) fn entries<S: Store>(replica: &Replica<S>, log: LogId, held: u64) -> Result<Vec<Entry>, Broken> {
    let mut all = Vec::new();
    while (all.len() as u64) < held {
        let page = replica.entries(log, all.len() as u64, 1 << 20)?;
        if page.is_empty() {
            return Law::Keep.broken(format!("entry {} of log {log} cannot be read", all.len()));
        }
        all.extend(page);
    }
    Ok(all)
}

fn documents<S: Store>(replica: &Replica<S>) -> Result<BTreeSet<DocumentId>, Broken> {
    let mut documents = BTreeSet::new();
    for (log, state) in replica.logs() {
        let entries = entries(replica, log, state.effective)?;
        documents.extend(entries.iter().map(|entry| entry.signed.header().document));
    }
    Ok(documents)
}

fn part<S: Store>(replica: &Replica<S>, document: DocumentId) -> Result<Option<Part>, Broken> {
    let Some(info) = replica.document(document)? else {
        return Ok(None);
    };
    // One that cannot be read is broken by its own gemeente, and shown as such by everybody.
    let Ok(contents) = document::read(&replica.changes(document)?) else {
        return Ok(None);
    };
    Ok(Some(Part {
        gemeente: info.owner,
        document,
        kind: contents.kind,
        week: contents.week,
        quarter_only: contents.quarter_only,
        contributes_to: contents.contributes_to,
        practice: contents.practice,
        fields: contents.fields,
        unknown: contents.unknown,
    }))
}

/// What a fresh replica answers that takes the same in random runs and a random order, some of it twice.
pub(super) fn another_order<S: Store>(replica: &Replica<S>, rng: &mut Seeded) -> Result<Answer, Broken> {
    let mut fresh = Replica::open(Memory::default())?;
    fresh.join(replica.statements().federation())?;
    let mut statements: Vec<_> = replica.statements().iter().cloned().collect();
    rng.shuffle(&mut statements);
    // In two portions, each offered again, as two peers would.
    let later = statements.split_off(statements.len() / 2);
    for portion in [&statements, &later, &statements, &later] {
        fresh.add_statements(portion.clone())?;
    }
    while fresh.add_statements([&statements[..], &later].concat())? > 0 {}
    let mut logs = Vec::new();
    for (log, state) in replica.logs() {
        // A node key that speaks for nobody any more keeps what it wrote, in no digest.
        if replica.roster().gemeente_of(state.node).is_some() {
            logs.push((log, entries(replica, log, state.held)?));
        }
    }
    logs.retain(|(_, left)| !left.is_empty());
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
        let held = fresh.log(log).map_or(0, |state| state.held);
        let taken = fresh.ingest(log, run)?;
        if let Some(refusal) = taken.refused.filter(|_| taken.accepted == 0 && taken.replayed == 0) {
            return Law::Order.broken(format!(
                "entry {} of log {log} is refused in another order, behind {held}: {}",
                refusal.seq, refusal.why
            ));
        }
    }
    if fresh.statements().digest() != replica.statements().digest() {
        return Law::Order.broken("the same statements in another order make another set");
    }
    if fresh.digest() != replica.digest() {
        return Law::Order.broken("the same entries in another order are not held the same");
    }
    Answer::of(&fresh)
}
