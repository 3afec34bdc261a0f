//! That a node belonged to a federation, kept beside its store.
//!
//! A store that is gone, or was emptied, opens as that of a node that belongs nowhere yet, and nothing in it says otherwise. Such a
//! node would begin again as if nothing had happened, and might show what was withdrawn; made anew by a person, it hears others first.

use std::io;

use protocol::id::NodeKey;
use protocol::log::Replica;

use super::{Home, RunError};
use crate::driver::Hearing;
use crate::secret::replace;
use crate::store::{Sled, own_log_ids};

/// Notes that this node is in the roster of its federation.
///
/// # Errors
/// [`RunError::System`] when it cannot be written.
pub(super) fn note(home: &Home, replica: &Replica<Sled>, me: NodeKey) -> Result<(), RunError> {
    let (path, listed) = (home.federation(), replica.roster().gemeente_of(me).is_some());
    let Some(federation) = replica.federation().filter(|_| listed && !path.exists()) else {
        return Ok(());
    };
    replace(&path, federation.to_string().as_bytes()).map_err(failed(home))
}

/// Whether this node belonged to a federation: it was noted, or it wrote for one.
///
/// # Errors
/// [`RunError::System`] when that cannot be read.
pub(super) fn somewhere(home: &Home) -> Result<bool, RunError> {
    let noted = home.federation().try_exists().map_err(failed(home))?;
    Ok(noted || !own_log_ids(&home.own())?.is_empty())
}

/// What the directory of a node says of the federation that its store does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// It never belonged anywhere.
    None,
    /// It belonged to one, and its store is gone.
    Lost,
    /// A person made it anew, and it waits for its charter.
    MadeAnew,
}

/// Where the node in this directory belonged, when its store does not know any federation.
#[must_use]
pub fn past(home: &Home) -> Past {
    match (home.restored().exists(), somewhere(home)) {
        (true, _) => Past::MadeAnew,
        (false, Ok(true)) => Past::Lost,
        (false, Ok(false) | Err(_)) => Past::None,
    }
}

/// Refuses a store that does not know the federation of this node any more, unless a person made it anew.
///
/// # Errors
/// [`RunError::StoreLost`]; as [`somewhere`].
pub(super) fn check(home: &Home, replica: &Replica<Sled>) -> Result<(), RunError> {
    let anew = || Hearing::of(home.restored()).is_some();
    match replica.federation().is_none() && somewhere(home)? && !anew() {
        true => Err(RunError::StoreLost { path: home.store() }),
        false => Ok(()),
    }
}

fn failed(home: &Home) -> impl FnOnce(io::Error) -> RunError {
    let what = home.federation().display().to_string();
    move |source| RunError::System { what, source }
}
