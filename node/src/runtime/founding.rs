//! Making a node, and founding a federation with others: the steps a person takes before anything is shared.
//!
//! `init` makes keys and configuration. `card` is what a gemeente hands to the other founders; `propose` makes of all
//! cards the founding edition; `endorse` adds a founder's signature. The text goes round by any means, since every
//! statement in it verifies itself; once each founder signed, the federation exists.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Card, Edition, Endorsement, Member, Role, Statement, next_root};
use protocol::id::{Gemeente, NodeKey, RootKey};

use super::armor::{self, ArmorError};
use super::{Config, ConfigError, Home};
use crate::secret::{Secret, SecretError, random_bytes};

/// Why a step of the founding failed.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The directory holds a node already.
    #[error("{} holds a node already", path.display())]
    Exists {
        /// The directory.
        path: PathBuf,
    },
    /// A file or directory could not be made.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A key could not be read or made.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The configuration could not be read or written.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address that no other node could use.
    #[error("{address:?} is not a multiaddr such as /ip4/192.0.2.1/tcp/4001")]
    Address {
        /// The address.
        address: String,
    },
    /// A card or charter could not be read.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// The cards do not make an edition.
    #[error("these cards do not make a federation: {0}")]
    Edition(#[from] protocol::charter::StatementError),
    /// The charter holds no founding edition.
    #[error("the charter holds no founding edition")]
    NoEdition,
    /// The founding edition does not list this gemeente with this key.
    #[error("the founding edition does not list {gemeente} with the key of this node")]
    NotListed {
        /// This gemeente.
        gemeente: Gemeente,
    },
}

/// What `init` is told.
#[derive(Debug, Clone)]
pub struct Init {
    /// The configuration to write.
    pub config: Config,
}

/// Makes a node: directory, keys, configuration. A listening port 0 is replaced by one that is free now, so that the
/// address stays the same from start to start.
///
/// # Errors
/// [`FoundingError`]; a directory that holds a node already is left as it is.
pub fn init(home: &Home, init: Init) -> Result<Config, FoundingError> {
    if home.config().exists() {
        return Err(FoundingError::Exists {
            path: home.root().to_path_buf(),
        });
    }
    for path in [home.root().to_path_buf(), home.keys()] {
        fs::create_dir_all(&path).map_err(|source| FoundingError::Io { path, source })?;
    }
    private(home)?;
    let mut config = init.config;
    config.listen = config.listen.into_iter().map(fixed_port).collect::<Result<_, _>>()?;
    for name in ["root", "next-root", "node", "storage", "vault"] {
        Secret::load_or_create(&home.key(name))?;
    }
    config.write(home)?;
    Ok(config)
}

/// Keys are for the owner only, whatever the umask says.
fn private(home: &Home) -> Result<(), FoundingError> {
    use std::os::unix::fs::PermissionsExt;
    for path in [home.root().to_path_buf(), home.keys()] {
        let mode = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&path, mode).map_err(|source| FoundingError::Io { path, source })?;
    }
    Ok(())
}

/// `/ip4/…/tcp/0` with a port that is free at this moment.
fn fixed_port(address: String) -> Result<String, FoundingError> {
    let parts: Vec<&str> = address.split('/').collect();
    let ["", "ip4" | "ip6", host, transport @ ("tcp" | "udp"), port, ..] = parts[..] else {
        return Err(FoundingError::Address { address });
    };
    let (Ok(host), Ok(port)) = (host.parse::<std::net::IpAddr>(), port.parse::<u16>()) else {
        return Err(FoundingError::Address { address });
    };
    if port != 0 {
        return Ok(address);
    }
    let free = TcpListener::bind((host, 0)).and_then(|listener| listener.local_addr());
    let free = free.map_err(|source| FoundingError::Io {
        path: address.clone().into(),
        source,
    })?;
    Ok(address.replacen(&format!("/{transport}/0"), &format!("/{transport}/{}", free.port()), 1))
}

/// The key in a file of this node.
pub(super) fn signing_key(home: &Home, name: &str) -> Result<SigningKey, SecretError> {
    Ok(SigningKey::from_bytes(Secret::load(&home.key(name))?.bytes()))
}

fn member(home: &Home, config: &Config) -> Result<Member, FoundingError> {
    let public = |name| signing_key(home, name).map(|key| key.verifying_key().to_bytes());
    Ok(Member {
        gemeente: config.gemeente,
        name: config.name.clone(),
        root: RootKey(public("root")?),
        next_root: next_root(RootKey(public("next-root")?)),
        role: Role::Voting,
        nodes: vec![NodeKey(public("node")?)],
        mailbox: config.mailbox.clone(),
        addresses: config.announced().to_vec(),
    })
}

/// The card of this gemeente, as text.
///
/// # Errors
/// [`FoundingError`].
pub fn card(home: &Home) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    Ok(armor::write_card(&Card::sign(
        &member(home, &config)?,
        &signing_key(home, "root")?,
    )))
}

/// The founding edition of this gemeente and the cards of the others, signed by this gemeente.
///
/// # Errors
/// [`FoundingError`].
pub fn propose(home: &Home, cards: &[String]) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let mut members = vec![member(home, &config)?];
    for text in cards {
        members.push(armor::read_card(text)?.member);
    }
    members.sort_by_key(|member| member.gemeente);
    // One's own card among the others is what a person expects to be allowed.
    members.dedup();
    let edition = Edition::founding(random_bytes()?, members);
    edition.check()?;
    let root = signing_key(home, "root")?;
    let federation = edition.federation();
    let vote = Statement::sign(federation, endorsement(&edition), &root);
    let proposal = Statement::sign(federation, Body::Edition(edition), &root);
    Ok(armor::write_charter([&proposal, &vote]))
}

/// The charter with this gemeente's signature under its founding edition.
///
/// # Errors
/// [`FoundingError`].
pub fn endorse(home: &Home, charter: &str) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let mut statements = armor::read_charter(charter)?;
    let edition = statements
        .iter()
        .find_map(Statement::founding)
        .ok_or(FoundingError::NoEdition)?;
    let own = member(home, &config)?;
    let listed = edition
        .members
        .iter()
        .any(|member| member.gemeente == own.gemeente && member.root == own.root);
    if !listed {
        return Err(FoundingError::NotListed { gemeente: own.gemeente });
    }
    let vote = Statement::sign(edition.federation(), endorsement(edition), &signing_key(home, "root")?);
    if statements.iter().all(|statement| statement.id() != vote.id()) {
        statements.push(vote);
    }
    Ok(armor::write_charter(&statements))
}

fn endorsement(edition: &Edition) -> Body {
    Body::Endorse(Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    })
}
