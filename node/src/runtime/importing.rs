//! Taking a charter into a node that does not run.

use protocol::gate::Account;
use protocol::id::FederationId;

use super::opening::with_replica;
use super::{Config, Home, RunError, armor, belongs, heard, roots};
use crate::driver::{self, CoreError};
use crate::http::Deed;

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
        heard::note(home, &config, by, Deed::ChangedCharter, &[])?;
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
