//! What a root key signs about a federation that exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use node::runtime::{self, Asked, Home};
use protocol::api::{HandvestLogs, Vindplaats, Wijziging};
use protocol::id::Gemeente;

use super::refused::of_sign;
use super::root_files;
use crate::address::Node;
use crate::args::{NextEdition, RootFiles};
use crate::command_error::CommandError;

pub use node::runtime::{Signed, Voted};

/// What is asked of a next edition, with the cards read.
///
/// # Errors
/// [`CommandError`] when a card cannot be read.
pub fn asked(next: &NextEdition, read: impl Fn(&Path) -> Result<String, CommandError>) -> Result<Asked, CommandError> {
    let cards = |paths: &[PathBuf]| paths.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>();
    Ok(Asked {
        add: cards(&next.add)?,
        renew: cards(&next.renew)?,
        remove: next.remove.clone(),
        reading: next.reading.clone(),
        voting: next.voting.clone(),
        carry: next.carry.clone(),
        lift: next.lift.clone(),
        merges: next.merges.clone(),
        against: next.against,
    })
}

/// The gemeenten of which it must be known where their logs stand.
///
/// # Errors
/// [`CommandError`] when a card is none.
pub fn touches(asked: &Asked) -> Result<BTreeSet<Gemeente>, CommandError> {
    asked.touches().map_err(of_sign)
}

/// What a next edition would change.
///
/// # Errors
/// [`CommandError`].
pub fn draft(charter: &str, logs: &[HandvestLogs], asked: &Asked) -> Result<Vec<Wijziging>, CommandError> {
    runtime::draft(charter, logs, asked).map_err(of_sign)
}

/// Signs a next edition and the vote for it.
///
/// # Errors
/// [`CommandError`].
pub fn propose_edition(
    node: &Node,
    charter: &str,
    logs: &[HandvestLogs],
    asked: &Asked,
    keys: &RootFiles,
) -> Result<Signed, CommandError> {
    let key = root_key(node, keys)?;
    runtime::propose_edition(charter, logs, asked, &key).map_err(of_sign)
}

/// Signs a vote for a proposal.
///
/// # Errors
/// [`CommandError`].
pub fn endorse_edition(
    node: &Node,
    charter: &str,
    begin: Option<&str>,
    keys: &RootFiles,
) -> Result<Signed, CommandError> {
    let key = root_key(node, keys)?;
    runtime::endorse_edition(charter, begin, &key).map_err(of_sign)
}

/// Signs that a member is to be put on hold.
///
/// # Errors
/// [`CommandError`].
pub fn suspend(
    node: &Node,
    charter: &str,
    gemeente: Gemeente,
    logs: &HandvestLogs,
    keys: &RootFiles,
) -> Result<Signed, CommandError> {
    let key = root_key(node, keys)?;
    runtime::suspend(charter, gemeente, logs, &key).map_err(of_sign)
}

/// Signs that a document is to be taken back, whoever it is of.
///
/// # Errors
/// [`CommandError`].
pub fn withdraw(node: &Node, charter: &str, place: &Vindplaats, keys: &RootFiles) -> Result<Signed, CommandError> {
    let key = root_key(node, keys)?;
    runtime::withdraw(charter, place, &key).map_err(of_sign)
}

/// The gemeente that a root key speaks for.
///
/// # Errors
/// [`CommandError`].
pub fn speaks_for(node: &Node, charter: &str, keys: &RootFiles) -> Result<Gemeente, CommandError> {
    let key = root_key(node, keys)?;
    runtime::speaks_for(charter, &key).map_err(of_sign)
}

/// Signs that a member leaves.
///
/// # Errors
/// [`CommandError`].
pub fn leave(
    node: &Node,
    charter: &str,
    logs: &HandvestLogs,
    now: bool,
    keys: &RootFiles,
) -> Result<Signed, CommandError> {
    let key = root_key(node, keys)?;
    runtime::leave(charter, logs, now, &key).map_err(of_sign)
}

/// The root key that was named, or that is in the folder of the node.
fn root_key(node: &Node, keys: &RootFiles) -> Result<SigningKey, CommandError> {
    let home = match (node.dir(), &keys.root) {
        (Ok(dir), _) => Home::new(dir),
        // Not looked at: a file was named.
        (Err(_), Some(_)) => Home::new(""),
        (Err(error), None) => return Err(error),
    };
    runtime::root_key(&home, &root_files(keys)).map_err(|error| of_sign(error.into()))
}
