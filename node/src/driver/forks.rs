//! States the proof of a fork, so that everybody cuts the log in the same place.

use protocol::charter::Body;
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
}
