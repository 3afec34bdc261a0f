//! Computing a snapshot anew from its parts, and checking every signature that it rests on.

use super::from_hexadecimal;
use crate::api::{Hoogte, Momentopname};
use crate::charter::{Roster, Set, Statement};
use crate::id::{Digest, EditionHash, FederationId, Gemeente, LogId, NodeKey, Snapshot};
use crate::log::{HEADER_BYTES_MAX, SignedHeader, Versions, state_of};

const SIGNATURE_BYTES: usize = 64;

/// What does not hold of an export.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// Not every statement belongs to the federation, or is vouched for.
    #[error("{count} statements do not belong to the set")]
    Stranger {
        /// How many.
        count: usize,
    },
    /// The statements are not those that were told.
    #[error("the statements give {found}, told was {told}")]
    Statements {
        /// The digest of what is there.
        found: Digest,
        /// The digest that was told.
        told: Digest,
    },
    /// There are more or fewer statements than was told.
    #[error("there are {found} statements, told were {told}")]
    Count {
        /// How many are there.
        found: u64,
        /// How many were told.
        told: u64,
    },
    /// The edition in force is another.
    #[error("the edition in force is not the one that was told")]
    Edition,
    /// The logs are not in order, or one is told twice.
    #[error("log {log} stands in the wrong place")]
    Order {
        /// The log.
        log: LogId,
    },
    /// The head of a log is not what was signed.
    #[error("the head of log {log} is not what its node signed")]
    Head {
        /// The log.
        log: LogId,
    },
    /// A log is of a node that the charter does not know, or of another gemeente.
    #[error("the charter does not say that {node} speaks for {gemeente}")]
    Node {
        /// The node.
        node: NodeKey,
        /// For whom it would speak.
        gemeente: Gemeente,
    },
    /// A log counts further than the charter lets it.
    #[error("log {log} counts {limit} entries at most, told was {told}")]
    Cut {
        /// The log.
        log: LogId,
        /// Entries that may count.
        limit: u64,
        /// What was told.
        told: u64,
    },
    /// The statements and heights give another state.
    #[error("the parts give state {found}, told was {told}")]
    State {
        /// What they give.
        found: Digest,
        /// What was told.
        told: Digest,
    },
    /// The parts give another snapshot.
    #[error("the parts give snapshot {found}, told was {told}")]
    Snapshot {
        /// What they give.
        found: Snapshot,
        /// What was told.
        told: Snapshot,
    },
}

/// Computes a snapshot anew from its parts. Gives who belonged, and everything that does not hold.
#[must_use]
pub fn check(told: &Momentopname, statements: Vec<Statement>) -> (Roster, Vec<ProofFault>) {
    let mut faults = Vec::new();
    let mut set = Set::new(told.federatie);
    let given = statements.len();
    let (added, _) = set.extend(statements);
    if added < given {
        faults.push(ProofFault::Stranger { count: given - added });
    }
    let roster = Roster::of(&set);
    faults.extend(statements_faults(told, &set, &roster));
    faults.extend(heads_faults(told, &roster));
    let heights = told.hoogten.iter().map(|line| (line.logboek, line.hoogte, line.kop));
    let state = state_of(told.federatie, set.digest(), heights);
    if state != told.stand {
        let (found, told) = (state, told.stand);
        faults.push(ProofFault::State { found, told });
    }
    let versions = Versions {
        view: told.versies.weergave,
        words: told.versies.woordenlijst,
        rules: told.versies.regels,
    };
    let found = versions.snapshot(state, told.peilweek);
    if found != told.snapshot {
        let told = told.snapshot;
        faults.push(ProofFault::Snapshot { found, told });
    }
    (roster, faults)
}

fn statements_faults(told: &Momentopname, set: &Set, roster: &Roster) -> Vec<ProofFault> {
    let mut faults = Vec::new();
    let (found, said) = (set.digest(), told.verklaringen.digest);
    if found != said {
        faults.push(ProofFault::Statements { found, told: said });
    }
    let (found, said) = (set.len() as u64, told.verklaringen.aantal);
    if found != said {
        faults.push(ProofFault::Count { found, told: said });
    }
    let in_force = roster
        .course()
        .map(|course| (course.number, EditionHash(course.edition)));
    if in_force != Some((told.editie.nummer, told.editie.hash)) {
        faults.push(ProofFault::Edition);
    }
    faults
}

fn heads_faults(told: &Momentopname, roster: &Roster) -> Vec<ProofFault> {
    let mut faults = Vec::new();
    let mut before: Option<LogId> = None;
    for line in &told.hoogten {
        if before.is_some_and(|before| before >= line.logboek) {
            faults.push(ProofFault::Order { log: line.logboek });
        }
        before = Some(line.logboek);
        if !is_signed(line, told.federatie) {
            faults.push(ProofFault::Head { log: line.logboek });
        }
        if !speaks_for(roster, line.node, line.gemeente) {
            let (node, gemeente) = (line.node, line.gemeente);
            faults.push(ProofFault::Node { node, gemeente });
        }
        let limit = roster.cut(line.node, line.logboek);
        if let Some(limit) = limit.filter(|limit| line.hoogte > *limit) {
            let (log, told) = (line.logboek, line.hoogte);
            faults.push(ProofFault::Cut { log, limit, told });
        }
    }
    faults
}

fn speaks_for(roster: &Roster, node: NodeKey, gemeente: Gemeente) -> bool {
    roster.gemeente_of(node) == Some(gemeente)
}

/// Whether the last entry that counts is the one that was told, of this federation and under the signature of its node.
fn is_signed(line: &Hoogte, federation: FederationId) -> bool {
    let bytes = from_hexadecimal(&line.kopregel, HEADER_BYTES_MAX);
    let signature = from_hexadecimal(&line.handtekening, SIGNATURE_BYTES);
    let signature: Option<[u8; SIGNATURE_BYTES]> = signature.and_then(|bytes| bytes.try_into().ok());
    let (Some(bytes), Some(signature)) = (bytes, signature) else {
        return false;
    };
    let Ok(signed) = SignedHeader::read(&bytes, signature) else {
        return false;
    };
    let header = signed.header();
    let is_it = header.federation == federation
        && header.log() == line.logboek
        && header.node == line.node
        && header.seq.checked_add(1) == Some(line.hoogte);
    is_it && signed.hash() == line.kop && signed.verify().is_ok()
}
