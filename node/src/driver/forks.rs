//! States what is proven against others: a fork, so that everybody cuts the log in the same place, and a double vote, so that
//! it stays known when the votes themselves do not.

use protocol::charter::{Body, DoubleVote};
use protocol::log::ForkProof;

use super::Core;

impl Core {
    /// States a proof that came to light, unless one of that log is stated already.
    pub(super) fn state_fork(&mut self, proof: ForkProof) {
        let roster = self.parts.replica.roster();
        let Ok(forked) = proof.verify() else { return };
        if roster.gemeente_of(self.me).is_none() || roster.fork(forked.log).is_some() {
            return;
        }
        let (log, node, seq) = (forked.log, forked.node, forked.seq);
        tracing::error!(%log, %node, seq, "a node wrote two histories into one log: it is cut there for everybody");
        if let Err(error) = self.state(Body::Fork(proof)) {
            tracing::error!(%error, "the proof of a fork could not be stated");
        }
    }

    /// States a proof of each double vote that the votes held here show and nobody has proven yet.
    pub(super) fn state_double_votes(&mut self) {
        let roster = self.parts.replica.roster();
        if roster.gemeente_of(self.me).is_none() || roster.double_votes().next().is_none() {
            return;
        }
        for proof in DoubleVote::unproven(self.parts.replica.statements()) {
            tracing::error!("a member voted for two editions in one ballot; leerkring charter show tells who");
            if let Err(error) = self.state(Body::DoubleVote(proof)) {
                tracing::error!(%error, "the proof of a double vote could not be stated");
            }
        }
    }
}

#[cfg(test)]
mod tests;
