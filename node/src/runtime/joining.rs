//! Coming into a federation that exists, and inviting others: what is done on the files of a node, and what the API says
//! of it.
//!
//! An invitation is kept as the text it came in, so that a node that restarts before it was let in still knows whom to
//! ask. It is written beside its place before the store changes, and put there afterwards: a crash in between is made up
//! for at the next start. Who was let in gives it up.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use protocol::api::{Oordeel, Uitnodiging, UitnodigingNode};
use protocol::charter::{Invitation, Invited, Roster, Set};
use protocol::gate::Account;
use protocol::id::NodeKey;
use protocol::log::{Replica, ReplicaError};

use super::opening::with_replica;
use super::{ArmorError, Config, Home, RunError, armor, belongs, founding, heard, roots};
use crate::driver::{self, CoreError};
use crate::http::Deed;
use crate::secret::{replace, sync_dir};
use crate::store::Sled;

/// Longest invitation that is read back, as text.
const TEXT_BYTES_MAX: u64 = 64 * 1024;

/// Why somebody could not be invited, or this node could not come in.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// This node belongs to no federation that is founded, or nobody could reach any node of it.
    #[error("this node cannot let anybody in")]
    Closed,
    /// The text is no invitation.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// The invitation could not be kept.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The node runs, or its files do not open.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The node belongs to another federation, or its store failed.
    #[error(transparent)]
    Core(#[from] CoreError),
}

/// An invitation of a node that does not run, as text.
///
/// # Errors
/// [`JoinError`].
pub fn invite(home: &Home) -> Result<(String, Uitnodiging), JoinError> {
    let config = Config::read(home).map_err(RunError::from)?;
    let key = founding::signing_key(home, "node").map_err(RunError::from)?;
    let me = NodeKey(key.verifying_key().to_bytes());
    with_replica(home, |replica| {
        let invitation = driver::invitation(replica.roster(), me, config.announced(), &|_| false);
        let invitation = invitation.ok_or(JoinError::Closed)?;
        let text = armor::write_invitation(&invitation.sign(&key));
        Ok((text, told(&invitation, replica.roster(), me)))
    })
}

/// Takes an invitation in, in a node that does not run, and notes whose decision that was.
///
/// # Errors
/// [`JoinError`]; nothing changed then, or the next start finishes it.
pub fn join(home: &Home, text: &str, by: &Account) -> Result<Uitnodiging, JoinError> {
    let (config, me) = (Config::read(home).map_err(RunError::from)?, roots::me(home)?);
    let invitation = armor::read_invitation(text)?;
    with_replica(home, |replica| {
        belongs::check(home, replica)?;
        driver::join(replica, invitation.federation, me, || {
            stage(home, text)?;
            let about = [invitation.federation.to_string()];
            Ok::<(), JoinError>(heard::note(home, &config, by, Deed::Joined, &about)?)
        })?;
        settle(home)?;
        Ok(told(&invitation, replica.roster(), me))
    })
}

/// What an invitation says, without any node; nothing when the text calls itself something else.
///
/// # Errors
/// [`JoinError::Armor`] when it calls itself one and is none.
pub fn invitation(text: &str) -> Result<Option<Uitnodiging>, JoinError> {
    if !armor::is_invitation(text) {
        return Ok(None);
    }
    let invitation = armor::read_invitation(text)?;
    let nobody = Roster::of(&Set::new(invitation.federation));
    let me = NodeKey([0; NodeKey::LEN]);
    Ok(Some(told(&invitation, &nobody, me)))
}

/// Writes an invitation beside its place, before anything else changes.
pub(super) fn stage(home: &Home, text: &str) -> Result<(), JoinError> {
    let path = home.coming_invitation();
    replace(&path, text.as_bytes()).map_err(|source| JoinError::Io { path, source })
}

/// Puts an invitation in its place, once the store is of its federation.
pub(super) fn settle(home: &Home) -> Result<(), JoinError> {
    let path = home.invitation();
    let settled = fs::rename(home.coming_invitation(), &path).and_then(|()| sync_dir(home.root()));
    settled.map_err(|source| JoinError::Io { path, source })
}

/// The invitation that this node waits with, after what a crash cut short is finished. One that cannot be read is told and
/// left; one that is no longer needed goes: this node was let in, or came into another federation by a charter.
pub(super) fn kept(home: &Home, replica: &mut Replica<Sled>, me: NodeKey) -> Result<Option<Invitation>, CoreError> {
    finish(home, replica, me)?;
    let Kept::Whole(invitation) = read(&home.invitation()) else {
        return Ok(None);
    };
    if replica.federation().is_none() {
        // The store was made anew without a charter.
        driver::enter(replica, invitation.federation, me)?;
        replica.flush()?;
    }
    let here = replica.federation() == Some(invitation.federation);
    let listed = replica.roster().gemeente_of(me).is_some();
    if here && !(listed && invitation.judge(replica.roster()) == Invited::Decided) {
        return Ok(Some(invitation));
    }
    remove(&home.invitation());
    Ok(None)
}

/// Finishes taking an invitation in that was cut short. One that the disk does not give stays for the next start.
fn finish(home: &Home, replica: &mut Replica<Sled>, me: NodeKey) -> Result<(), CoreError> {
    let path = home.coming_invitation();
    found_before(&home.coming_invitation_before(), &path);
    let joined = match read(&path) {
        Kept::Whole(invitation) => driver::join(replica, invitation.federation, me, || Ok(())),
        Kept::Nothing | Kept::Unread => return Ok(()),
        // Nobody can come in with it any more.
        Kept::Damaged => {
            remove(&path);
            return Ok(());
        }
    };
    match joined {
        Ok(()) => {
            if let Err(error) = settle(home) {
                tracing::error!(%error, "the invitation of this node could not be put in its place");
            }
            Ok(())
        }
        Err(CoreError::LetIn { .. } | CoreError::Replica(ReplicaError::OtherFederation { .. })) => {
            remove(&path);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Takes what the version before staged as staged, unless there is a later one.
fn found_before(before: &Path, path: &Path) {
    if fs::symlink_metadata(path).is_ok() {
        return;
    }
    match fs::rename(before, path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::error!(path = %before.display(), %error, "an invitation could not be put in its place");
        }
        _ => {}
    }
}

/// What a file with an invitation has.
enum Kept {
    /// There is no such file.
    Nothing,
    /// The disk does not give it now, and may do so later.
    Unread,
    /// What it gives is no invitation.
    Damaged,
    /// An invitation.
    Whole(Invitation),
}

fn read(path: &Path) -> Kept {
    let text = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Kept::Nothing,
        Err(error) => Err(error),
        Ok(found) if found.len() > TEXT_BYTES_MAX => Err(io::Error::from(io::ErrorKind::InvalidData)),
        Ok(_) => fs::read_to_string(path),
    };
    let (why, kept) = match text.map(|text| armor::read_invitation(&text)) {
        Ok(Ok(invitation)) => return Kept::Whole(invitation),
        Ok(Err(error)) => (error.to_string(), Kept::Damaged),
        // It is too large, or no text.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => (error.to_string(), Kept::Damaged),
        Err(error) => (error.to_string(), Kept::Unread),
    };
    tracing::error!(path = %path.display(), why, "the invitation of this node cannot be read");
    kept
}

fn remove(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::error!(path = %path.display(), %error, "an invitation that is no longer needed could not be removed");
        }
        _ => {}
    }
}

/// What an invitation says, and what the charter says of it.
pub(super) fn told(invitation: &Invitation, roster: &Roster, me: NodeKey) -> Uitnodiging {
    let nodes = invitation.places.iter().map(|place| UitnodigingNode {
        gemeente: place.gemeente,
        node: place.node,
        adressen: place.addresses.clone(),
    });
    Uitnodiging {
        federatie: invitation.federation,
        editie: invitation.number,
        vingerafdruk: invitation.fingerprint(),
        nodes: nodes.collect(),
        oordeel: match invitation.judge(roster) {
            Invited::Ahead => Oordeel::Onbekend,
            Invited::Decided => Oordeel::Beslist,
            Invited::Doubled => Oordeel::Dubbel,
            Invited::Undecided => Oordeel::NietBeslist,
        },
        toegelaten: roster.is_active() && roster.may_connect(me),
        tweede: false,
    }
}

#[cfg(test)]
mod tests;
