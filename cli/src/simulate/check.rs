//! The laws that are checked when everybody who belongs is equal.

mod answer;

use protocol::id::DocumentId;
use protocol::log::Payload;
use protocol::store::Store;

use super::law::{Broken, Law};
use super::node::Up;
use super::oracle;
use super::world::World;
pub(super) use answer::entries;
use answer::{Answer, another_order};

impl World {
    /// Checks every law.
    pub(super) fn check(&mut self) -> Result<(), Broken> {
        let active = self.active();
        let mut shown: Option<Answer> = None;
        for (node, up) in self.running().filter(|(node, _)| !self.nodes[*node].hostile) {
            let place = |broken: Broken| Broken {
                what: format!("node {node}: {}", broken.what),
                ..broken
            };
            oracle::check(&up.replica).map_err(place)?;
            self.erased(up).map_err(place)?;
            self.acknowledged(node, up).map_err(place)?;
            if !active.contains(&node) {
                continue;
            }
            let answer = Answer::of(&up.replica).map_err(place)?;
            match &shown {
                None => shown = Some(answer),
                Some(first) if *first == answer => {}
                Some(_) => {
                    return Law::Agree.broken(format!(
                        "node {node} holds the same as another and shows something else"
                    ));
                }
            }
        }
        let first = active.first().and_then(|node| self.nodes[*node].up.as_deref());
        let (Some(answer), Some(up)) = (shown, first) else {
            return Ok(());
        };
        self.withdrawals_held(up, &active)?;
        let mut rng = protocol::entropy::Seeded::new(self.plan.seed ^ 0x006f_7264_6572);
        if another_order(&up.replica, &mut rng)? != answer {
            return Law::Order.broken("the same entries in another order say something else");
        }
        let entries = up.replica.logs().map(|(_, state)| state.held).sum();
        let effective: u64 = up.replica.logs().map(|(_, state)| state.effective).sum();
        let statements = up.replica.statements().len();
        let edition = up.replica.roster().course().map_or(0, |course| course.number);
        let withdrawn = up.replica.roster().erasures().documents().count();
        let report = &mut self.report;
        (report.entries, report.idle) = (entries, entries - effective);
        let points = answer.agendas.values().flatten();
        report.points = points.clone().count() as u64;
        report.reasons = points.map(|point| point.why).collect();
        (report.records, report.statements) = (answer.records.len() as u64, statements as u64);
        (report.edition, report.withdrawn) = (edition, withdrawn as u64);
        Ok(())
    }

    /// Nothing that was acknowledged is lost: who wrote it holds it, and everybody who can talk with its writer. What its
    /// writer lost with its disk is held by whoever can talk with those that held it then, the writer too. Behind a proven fork each copy of the node holds its own history.
    fn acknowledged(&self, node: usize, up: &Up) -> Result<(), Broken> {
        let roster = up.replica.roster();
        for entry in &self.acknowledged {
            let writer = &self.nodes[entry.node];
            if writer.hostile || roster.fork(entry.log).is_some_and(|fork| fork.seq <= entry.seq) {
                continue;
            }
            let with = |other: usize| other == node || self.talks(node, other);
            let holds = match &entry.keepers {
                None => with(entry.node),
                // Of two histories one may be lost before anybody saw both.
                Some(_) if self.doubled.contains(&writer.name) => false,
                Some(keepers) => keepers.iter().any(|keeper| with(*keeper)),
            };
            if !holds {
                continue;
            }
            let held = up.replica.header(entry.log, entry.seq)?;
            if held.map(|signed| signed.hash()) != Some(entry.header) {
                let (seq, log) = (entry.seq, entry.log);
                return Law::Keep.broken(format!("entry {seq} of log {log} is lost, which was acknowledged"));
            }
        }
        Ok(())
    }

    /// What was stated by a node that still belongs, and whose disk was never lost, is stated for all.
    fn withdrawals_held(&self, up: &Up, active: &[usize]) -> Result<(), Broken> {
        for (id, taken) in &self.withdrawals {
            let stays = active.contains(&taken.node) && taken.sure;
            let erased = up.replica.roster().erasures().withdrawn(taken.document).is_some();
            if stays && (up.replica.statements().get(*id).is_none() || !erased) {
                return Law::Erase.broken(format!("the withdrawal of document {} is lost", taken.document));
            }
        }
        Ok(())
    }

    /// What was withdrawn is gone: no document, no payload under its key, none that is passed on.
    fn erased(&self, up: &Up) -> Result<(), Broken> {
        let replica = &up.replica;
        let withdrawn = |document: DocumentId| replica.roster().erasures().withdrawn(document).is_some();
        for (document, _) in replica.roster().erasures().documents() {
            let known = replica.document(document)?.is_some();
            if known || !replica.changes(document)?.is_empty() {
                return Law::Erase.broken(format!("document {document} is still there, and was withdrawn"));
            }
            if !matches!(replica.store().is_forgotten(document), Ok(true)) {
                return Law::Erase.broken(format!("the key of document {document} is still there"));
            }
        }
        for (log, state) in replica.logs() {
            for entry in entries(replica, log, state.held)? {
                let header = entry.signed.header();
                let gone = entry.payload == Payload::Erased;
                if gone != withdrawn(header.document) {
                    let seq = header.seq;
                    return Law::Erase.broken(format!("entry {seq} of log {log} is passed on with erased: {gone}"));
                }
            }
        }
        Ok(())
    }
}
