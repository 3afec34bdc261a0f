//! That a node belonged to a federation, kept beside its store.
//!
//! A store that is gone, or was emptied, opens as that of a node that belongs nowhere yet, and nothing in it says otherwise. Such a
//! node would begin again as if nothing had happened, and might show what was withdrawn; made anew by a person, it hears others first.

use std::{fs, io};

use protocol::id::{Gemeente, NodeKey};
use protocol::log::Replica;

use super::{Home, RunError, roots};
use crate::driver::{Hearing, Own};
use crate::secret::replace;
use crate::store::{Sled, own_log_ids};

/// Notes that this node is in the roster of its federation, and for which gemeente, where that is one with a root key that is
/// known here: a charter that lists it for somebody else says nothing of it.
///
/// # Errors
/// [`RunError::System`] when it cannot be written.
pub(super) fn note(home: &Home, replica: &Replica<Sled>, me: NodeKey) -> Result<(), RunError> {
    let (path, roster) = (home.federation(), replica.roster());
    let Some((federation, gemeente)) = replica.federation().zip(roster.gemeente_of(me)) else {
        return Ok(());
    };
    let roots = roots::kept(home).map_err(failed(home))?;
    let is_ours = Own { gemeente, roots }.is_listed(replica.statements(), roster, me);
    let text = match is_ours {
        true => format!("{federation}\n{gemeente}\n"),
        false => federation.to_string(),
    };
    // Noted once: the version before noted no gemeente.
    if path.exists() && (noted_gemeente(home).is_some() || !is_ours) {
        return Ok(());
    }
    replace(&path, text.as_bytes()).map_err(failed(home))
}

/// The gemeente that the node in this directory speaks for, when that was noted.
pub(super) fn noted_gemeente(home: &Home) -> Option<Gemeente> {
    let text = fs::read_to_string(home.federation()).ok()?;
    text.lines().nth(1)?.parse().ok()
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
