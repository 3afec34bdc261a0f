//! Taking a charter into a node, and what the audit log says of it.

use protocol::api::{self, Lang};
use protocol::charter::{Body, Set, Statement};
use protocol::gate::Account;
use protocol::id::{EditionHash, FederationId};

use super::backend::{Answers, import_failed, not_a_charter, stopping};
use super::opening::with_replica;
use super::{Config, Home, RunError, armor, belongs, heard, roots};
use crate::driver::{self, CoreError};
use crate::http::{Deed, Failure};

/// Characters of a hash or key in the audit log: enough to tell them apart.
const HASH_CHARS: usize = 10;

/// What became of a charter that was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Statements in it.
    pub read: usize,
    /// Those that were new.
    pub new: usize,
    /// The federation this node belongs to.
    pub federation: Option<FederationId>,
}

/// What is new in a charter, in the words of the audit log: who reads it months later must see whether somebody voted, put a member
/// on hold or only passed on what others said.
fn deeds(held: &Set, statements: &[Statement]) -> Vec<String> {
    let new = statements.iter().filter(|statement| held.get(statement.id()).is_none());
    new.map(deed).collect()
}

fn deed(statement: &Statement) -> String {
    let short = |hash: String| hash.chars().take(HASH_CHARS).collect::<String>();
    let edition = |hash: [u8; 32]| short(EditionHash(hash).to_string());
    match statement.body() {
        Body::Edition(next) => format!("editie {} {}", next.number, edition(next.hash())),
        Body::Endorse(vote) => format!("stem voor editie {} {}", vote.number, edition(vote.edition)),
        Body::NodeKey(proof) => format!("nodesleutel van {} {}", proof.gemeente, short(proof.node.to_string())),
        Body::NodeKeyEnd(ending) => format!("einde van nodesleutel {}", short(ending.node.to_string())),
        Body::Rotate(rotation) => format!("andere wortelsleutel van {}", rotation.gemeente),
        Body::Leave(departure) => format!("vertrek van {}", departure.gemeente),
        Body::Suspend(suspension) => format!("schorsing van {}", suspension.gemeente),
        Body::Withdraw(withdrawal) => format!("intrekking van {} {}", withdrawal.owner, withdrawal.document()),
        Body::Address(_) => "adres".to_owned(),
        Body::Receipt(_) => "ontvangstbewijs".to_owned(),
        Body::Fork(_) => "vork".to_owned(),
        Body::DoubleVote(_) => "dubbele stem".to_owned(),
        Body::Unknown { .. } => "onbekend".to_owned(),
    }
}

/// Takes a charter into the node that runs; with what of it was new, for the audit log.
pub(super) fn take_in(answers: &Answers, body: &[u8], lang: Lang) -> Result<(api::Imported, Vec<String>), Failure> {
    let text = std::str::from_utf8(body).map_err(|_| not_a_charter("het is geen tekst", "it is not text", lang))?;
    let statements = armor::read_charter(text).map_err(|error| {
        let error = error.to_string();
        not_a_charter(&error, &error, lang)
    })?;
    let gelezen = statements.len() as u64;
    let imported = answers.calls.call(move |core| {
        let new = deeds(core.replica().statements(), &statements);
        let nieuw = core.import(statements)? as u64;
        let replica = core.replica();
        let federatie = replica.federation().filter(|_| replica.roster().is_active());
        Ok((nieuw, federatie, new))
    });
    let (nieuw, federatie, new) = imported.map_err(stopping)?.map_err(import_failed)?;
    let imported = api::Imported {
        gelezen,
        nieuw,
        federatie,
    };
    Ok((imported, new))
}

/// Takes a charter in, in a node that does not run, and notes who did it.
///
/// # Errors
/// [`RunError`]; a node that runs has its store in use: hand the charter to its API.
pub fn import(home: &Home, charter: &str, by: &Account) -> Result<Imported, RunError> {
    let config = Config::read(home)?;
    let statements = armor::read_charter(charter)?;
    let (own, me) = (roots::own(home)?, roots::me(home)?);
    with_replica(home, |replica| {
        belongs::check(home, replica)?;
        let read = statements.len();
        let joined = driver::joins(&statements, replica.federation(), &own, me).map_err(CoreError::from)?;
        let new = deeds(replica.statements(), &statements);
        heard::note(home, &config, by, Deed::ChangedCharter, &new)?;
        if let Some(federation) = joined {
            driver::enter(replica, federation, me)?;
        }
        let new = replica.add_statements(statements)?;
        replica.flush()?;
        Ok(Imported {
            read,
            new,
            federation: replica.federation(),
        })
    })
}
