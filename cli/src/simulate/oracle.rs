//! A second opinion on what counts, written from the specification and slow on purpose: it shares no rule with the
//! replica, which keeps rows and judges once, where this goes over everything again and again.
//!
//! **Invariant:** nothing here asks the roster or the effective heights that it judges.

mod bounds;
mod counts;
mod members;

use std::collections::BTreeMap;

use protocol::id::LogId;
use protocol::log::{Entry, Replica, log_id};
use protocol::store::Store;

use super::check::entries;
use super::law::{Broken, Law};
use members::Members;

/// Whether what a replica lets count is what may count.
///
/// # Errors
/// Where it is not.
pub(super) fn check<S: Store>(replica: &Replica<S>) -> Result<(), Broken> {
    let mut logs: BTreeMap<LogId, Vec<Entry>> = BTreeMap::new();
    for (log, state) in replica.logs() {
        let all = entries(replica, log, state.held)?;
        chained(log, &all)?;
        logs.insert(log, all);
    }
    let Some(members) = Members::of(replica.statements())? else {
        return Ok(());
    };
    bounds::check(replica.statements(), &members)?;
    connected(replica, &members)?;
    let counts = counts::of(&members, &logs);
    for (log, state) in replica.logs() {
        let may = counts.heights.get(&log).copied().unwrap_or(0);
        if state.effective != may {
            return Law::Authorised.broken(format!(
                "of log {log} {} of {} entries count, where {may} may: waiting {:?}, cut {:?}",
                state.effective, state.held, state.waiting, state.cut
            ));
        }
    }
    for (document, owner) in &counts.documents {
        let shown = replica.document(*document)?.map(|info| info.owner);
        if shown != Some(*owner) {
            return Law::Authorised.broken(format!("document {document} is of {owner}, and shown as of {shown:?}"));
        }
    }
    Ok(())
}

/// Whoever may connect speaks for somebody and did not end, and nobody else may.
fn connected<S: Store>(replica: &Replica<S>, members: &Members) -> Result<(), Broken> {
    let roster = replica.roster();
    let named = roster
        .nodes()
        .map(|(node, _)| node)
        .chain(members.spoke.keys().copied());
    for node in named {
        let (may, does) = (members.may_connect(node), roster.may_connect(node));
        if may != does {
            return Law::Authorised.broken(format!("node key {node} may connect: {may}, and is let in: {does}"));
        }
    }
    Ok(())
}

/// Nobody but the node itself can have written this log: each entry names the one before it, up to a signature.
fn chained(log: LogId, entries: &[Entry]) -> Result<(), Broken> {
    let mut previous = [0; 32];
    for (seq, entry) in entries.iter().enumerate() {
        let header = entry.signed.header();
        let own = log_id(header.federation, header.node, header.incarnation) == log;
        if !own || header.seq != seq as u64 || header.previous.0 != previous {
            return Law::Authorised.broken(format!("entry {seq} of log {log} does not follow the one before it"));
        }
        previous = entry.signed.hash().0;
    }
    match entries.last().map(|last| last.signed.verify()) {
        Some(Err(_)) => Law::Authorised.broken(format!("nobody signed the end of log {log}")),
        _ => Ok(()),
    }
}
