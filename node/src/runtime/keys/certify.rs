//! One more node of a gemeente: it asks, and the root key certifies it.

use std::fs;
use std::io;
use std::path::Path;

use protocol::charter::{Body, NodeRequest, SetError};
use protocol::id::{Gemeente, NodeKey};

use super::super::charter::RootFiles;
use super::super::{Config, Home, armor, founding};
use super::{Held, KeysError};

/// Longest card or invitation that is read back, as text.
const TEXT_BYTES_MAX: u64 = 64 * 1024;

/// A certificate, to be handed to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// The statement as text.
    pub text: String,
    /// Whose it is.
    pub gemeente: Gemeente,
    /// The node that speaks for it now.
    pub node: NodeKey,
    /// Whether it did already.
    pub spoke: bool,
}

/// The request of a second node to be certified, as text.
///
/// # Errors
/// [`KeysError::NoInvitation`], [`KeysError::NoCard`]: what it lacks; whatever else is wrong with its files.
pub fn request(home: &Home) -> Result<String, KeysError> {
    let config = Config::read(home)?;
    let absent = |path: &Path| KeysError::NoCard {
        path: path.to_path_buf(),
    };
    let card = armor::read_card(&read(&home.card(), absent)?)?;
    let absent = |path: &Path| KeysError::NoInvitation {
        path: path.to_path_buf(),
    };
    let invitation = armor::read_invitation(&read(&home.invitation(), absent)?)?;
    let key = founding::signing_key(home, "node")?;
    let request = NodeRequest::sign(invitation.federation, card.member.root, config.gemeente, &key);
    Ok(armor::write_request(&request.encode()))
}

/// The node that asks in a request.
///
/// # Errors
/// [`KeysError::Armor`] when it is none.
pub fn requested(request: &str) -> Result<NodeKey, KeysError> {
    Ok(armor::read_request(request)?.proof.node)
}

fn read(path: &Path, absent: impl Fn(&Path) -> KeysError) -> Result<String, KeysError> {
    let failed = |source| KeysError::Io {
        path: path.to_path_buf(),
        source,
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(absent(path)),
        Err(error) => return Err(failed(error)),
        Ok(found) if found.len() > TEXT_BYTES_MAX => return Err(failed(io::Error::other("it is too large"))),
        Ok(_) => {}
    }
    fs::read_to_string(path).map_err(failed)
}

/// Certifies the node of a request for the gemeente of this one.
///
/// # Errors
/// [`KeysError`]: why the charter would not have it speak.
pub fn certify(home: &Home, charter: &str, request: &str, keys: &RootFiles) -> Result<Certified, KeysError> {
    let gemeente = Config::read(home)?.gemeente;
    let held = Held::read(charter)?;
    let request = armor::read_request(request)?;
    let root = keys.root(home)?;
    held.check_root(gemeente, &root)?;
    let asked = (request.federation, request.root, request.proof.gemeente);
    if asked != (held.set.federation(), held.member(gemeente)?.root, gemeente) {
        return Err(KeysError::OtherRequest);
    }
    let node = request.proof.node;
    let spoke = held.roster.gemeente_of(node) == Some(gemeente) && held.roster.may_connect(node);
    let (statement, after) = held.sign(Body::NodeKey(request.proof), &root)?;
    if after.gemeente_of(node) != Some(gemeente) || after.ended(node).is_some() {
        return Err(KeysError::Taken { node });
    }
    // A certificate too many crowds out another one of the same root key, and that node would fall silent.
    let mut before = held.roster.nodes().filter(|(node, _)| held.roster.may_connect(*node));
    if before.any(|(node, _)| !after.may_connect(node)) {
        return Err(KeysError::Refused(SetError::Superseded));
    }
    Ok(Certified {
        text: armor::write_charter([&statement]),
        gemeente,
        node,
        spoke,
    })
}
