//! Making a node, and founding a federation with others: the steps a person takes before anything is shared.
//!
//! `init` makes keys and configuration. `card` is what a gemeente hands to the other founders; `propose` makes of all
//! cards the founding edition; `endorse` adds a founder's signature. The text goes round by any means, since every
//! statement in it verifies itself; once each founder signed, the federation exists. `inspect` says what such a text
//! means before anybody signs it.

mod endorsing;
mod port;

use std::fs;
use std::io;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use protocol::charter::{ADDRESS_BYTES_MAX, ADDRESSES_MAX, NAME_BYTES_MAX};
use protocol::charter::{Body, Card, Edition, Endorsement, Member, Role, Roster, Set, Standing, Statement, next_root};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};

use super::armor::{self, ArmorError};
use super::charter::{RootError, RootFiles};
use super::{Config, ConfigError, Home, config, roots};
use crate::net;
use crate::secret::{Secret, SecretError, random_bytes};

pub use endorsing::{Endorsing, Entry, endorse, to_endorse};

/// Why a step of the founding failed.
#[derive(Debug, thiserror::Error)]
pub enum FoundingError {
    /// The directory holds a node already.
    #[error("{} holds a node already", path.display())]
    Exists {
        /// The directory.
        path: PathBuf,
    },
    /// The directory holds something else.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// There is a key in the file already.
    #[error("{} is there already", path.display())]
    KeyExists {
        /// The file.
        path: PathBuf,
    },
    /// Both root keys are to be in one file.
    #[error("the root key and the next one cannot be in one file")]
    SameFile,
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
    /// There is no root key to sign with.
    #[error(transparent)]
    Root(#[from] RootError),
    /// The configuration could not be read or written.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// An address that no other node could use.
    #[error("{address:?} is too much, or not a multiaddr such as /ip4/192.0.2.1/tcp/4001")]
    Address {
        /// The address.
        address: String,
    },
    /// A name or mailbox that no card can carry.
    #[error("{text:?} has {} bytes, a card carries {NAME_BYTES_MAX}", text.len())]
    TooLong {
        /// The text.
        text: String,
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
    /// The founding edition lists this gemeente with a key or a vote that is not in its card.
    #[error("the founding edition lists {gemeente} with {entry:?} that are not its own")]
    Altered {
        /// This gemeente.
        gemeente: Gemeente,
        /// What is not its own.
        entry: Entry,
    },
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

/// Where the root keys of a new node's gemeente are to be.
#[derive(Debug, Clone)]
pub enum Roots {
    /// In these files, made now; in the directory of the node where none is named.
    Made(RootFiles),
    /// Elsewhere already: this is one more node of the gemeente with this card, as text.
    Elsewhere(String),
}

/// Makes a node with its root keys beside the others.
///
/// # Errors
/// As [`init_with`].
pub fn init(home: &Home, init: Init) -> Result<Config, FoundingError> {
    init_with(home, init, &Roots::Made(RootFiles::default()))
}

/// Makes a node: directory, keys, configuration. A listening port 0 is replaced by one that is free now, so that the
/// address stays the same from start to start.
///
/// # Errors
/// [`FoundingError`]; a directory that holds anything already is left as it is, and so is everything when an address is
/// one that no other node can use, or a root key has a file already.
pub fn init_with(home: &Home, init: Init, roots: &Roots) -> Result<Config, FoundingError> {
    if home.config().exists() {
        return Err(FoundingError::Exists {
            path: home.root().to_path_buf(),
        });
    }
    check_empty(home)?;
    let mut config = init.config;
    config.listen = config.listen.into_iter().map(port::fixed).collect::<Result<_, _>>()?;
    check_addresses(&config)?;
    check_texts(&config)?;
    check_roots(roots)?;
    for path in [home.root().to_path_buf(), home.keys()] {
        fs::create_dir_all(&path).map_err(|source| FoundingError::Io { path, source })?;
    }
    private(home)?;
    for name in ["node", "storage", "vault"] {
        Secret::load_or_create(&home.key(name))?;
    }
    make_roots(home, roots)?;
    config.write(home)?;
    Ok(config)
}

/// Found out before anything is made: files of root keys that are there, and a card that is none.
fn check_roots(roots: &Roots) -> Result<(), FoundingError> {
    match roots {
        Roots::Elsewhere(card) => Ok(armor::read_card(card).map(drop)?),
        Roots::Made(files) => {
            let named = [&files.root, &files.next].into_iter().flatten();
            match named.into_iter().find(|path| path.exists()) {
                Some(path) => Err(FoundingError::KeyExists { path: path.clone() }),
                None if files.root.is_some() && files.root == files.next => Err(FoundingError::SameFile),
                None => Ok(()),
            }
        }
    }
}

fn make_roots(home: &Home, roots: &Roots) -> Result<(), FoundingError> {
    let files = match roots {
        Roots::Elsewhere(card) => {
            let path = home.card();
            fs::write(&path, card).map_err(|source| FoundingError::Io { path, source })?;
            return keep_root(home, &RootFiles::default());
        }
        Roots::Made(files) => files,
    };
    for (named, name) in [(&files.root, "root"), (&files.next, "next-root")] {
        match named {
            Some(path) => Secret::create(path)?,
            None => Secret::load_or_create(&home.key(name))?,
        };
    }
    keep_root(home, files)
}

/// Keeps in the directory whose root key this is, for when the key itself is elsewhere.
fn keep_root(home: &Home, files: &RootFiles) -> Result<(), FoundingError> {
    roots::keep(home, files).map_err(|source| FoundingError::Io {
        path: home.roots(),
        source,
    })
}

/// A directory with anything in it may be somebody's, and is about to be closed to everybody else. Keys of an earlier
/// start that was cut short are no obstacle.
fn check_empty(home: &Home) -> Result<(), FoundingError> {
    let failed = |source| FoundingError::Io {
        path: home.root().to_path_buf(),
        source,
    };
    let found = match fs::read_dir(home.root()) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    for file in found {
        let path = file.map_err(failed)?.path();
        let ours = [home.keys(), home.card(), home.roots()].contains(&path);
        if !ours && path != config::beside(&home.config()) {
            return Err(FoundingError::NotEmpty {
                path: home.root().to_path_buf(),
            });
        }
    }
    Ok(())
}

/// What goes into the card of this gemeente: one that others cannot read, or cannot use, is found out here and not by
/// them.
fn check_addresses(config: &Config) -> Result<(), FoundingError> {
    let fits = |address: &&String| address.len() <= ADDRESS_BYTES_MAX && net::is_dialable(address);
    let mut all = config.listen.iter().chain(&config.announce);
    let wrong = all.find(|address| !fits(address));
    // One more than a card holds is as useless as a wrong one.
    let wrong = wrong.or_else(|| config.announced().get(ADDRESSES_MAX));
    wrong.map_or(Ok(()), |address| {
        Err(FoundingError::Address {
            address: address.clone(),
        })
    })
}

/// What goes into the card beside the addresses.
fn check_texts(config: &Config) -> Result<(), FoundingError> {
    let long = [&config.name, &config.mailbox]
        .into_iter()
        .find(|text| text.len() > NAME_BYTES_MAX);
    long.map_or(Ok(()), |text| Err(FoundingError::TooLong { text: text.clone() }))
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

/// The key in a file of this node.
pub(super) fn signing_key(home: &Home, name: &str) -> Result<SigningKey, SecretError> {
    Ok(SigningKey::from_bytes(Secret::load(&home.key(name))?.bytes()))
}

fn member(home: &Home, config: &Config, keys: &RootFiles) -> Result<Member, FoundingError> {
    let public = |key: SigningKey| key.verifying_key().to_bytes();
    Ok(Member {
        gemeente: config.gemeente,
        name: config.name.clone(),
        root: RootKey(public(keys.root(home)?)),
        next_root: next_root(RootKey(public(keys.next(home)?))),
        role: Role::Voting,
        nodes: vec![NodeKey(public(signing_key(home, "node")?))],
        mailbox: config.mailbox.clone(),
        addresses: config.announced().to_vec(),
    })
}

/// The card of this gemeente, as text.
///
/// # Errors
/// [`FoundingError`].
pub fn card(home: &Home, keys: &RootFiles) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let member = member(home, &config, keys)?;
    keep_root(home, keys)?;
    Ok(armor::write_card(&Card::sign(&member, &keys.root(home)?)))
}

/// The founding edition of this gemeente and the cards of the others, signed by this gemeente.
///
/// # Errors
/// [`FoundingError`].
pub fn propose(home: &Home, cards: &[String], keys: &RootFiles) -> Result<String, FoundingError> {
    let config = Config::read(home)?;
    let mut members = vec![member(home, &config, keys)?];
    for text in cards {
        members.push(armor::read_card(text)?.member);
    }
    members.sort_by_key(|member| member.gemeente);
    // One's own card among the others is what a person expects to be allowed.
    members.dedup();
    let edition = Edition::founding(random_bytes()?, members);
    edition.check()?;
    let root = keys.root(home)?;
    let federation = edition.federation();
    let vote = Statement::sign(federation, endorsement(&edition), &root);
    let proposal = Statement::sign(federation, Body::Edition(edition), &root);
    Ok(armor::write_charter([&proposal, &vote]))
}

/// What a card or a charter says, for whoever has to decide on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// The card of one gemeente.
    Card(Box<Member>),
    /// A charter.
    Charter(Proposal),
}

/// A charter on paper: who would belong, and who agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The federation that it founds.
    pub federation: FederationId,
    /// The members, in order of code.
    pub members: Vec<Member>,
    /// Founders who have not signed yet.
    pub missing: Vec<Gemeente>,
    /// Statements in it.
    pub statements: usize,
}

/// Reads a card or a charter without any node; every signature in it is checked.
///
/// # Errors
/// [`FoundingError`].
pub fn inspect(text: &str) -> Result<Paper, FoundingError> {
    if armor::is_card(text) {
        return Ok(Paper::Card(Box::new(armor::read_card(text)?.member)));
    }
    let statements = armor::read_charter(text)?;
    let founding = statements.iter().find_map(Statement::founding);
    let federation = founding.ok_or(FoundingError::NoEdition)?.federation();
    let mut set = Set::new(federation);
    set.extend(statements.clone());
    Ok(Paper::Charter(Proposal {
        federation,
        members: Roster::of(&set).members().to_vec(),
        missing: missing(&statements, federation),
        statements: statements.len(),
    }))
}

/// Founders whose signature is not among these statements.
fn missing(statements: &[Statement], federation: FederationId) -> Vec<Gemeente> {
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    match Roster::of(&set).standing() {
        Standing::Proposed { missing } => missing.clone(),
        Standing::Absent | Standing::Active { .. } => Vec::new(),
    }
}

fn endorsement(edition: &Edition) -> Body {
    Body::Endorse(Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::{Keep, Release};
    use super::*;
    use crate::scratch::Scratch;

    fn asked(announce: &[&str]) -> Init {
        let config = Config {
            gemeente: Gemeente::new(9901).unwrap(),
            name: "Zuiderwaard".to_owned(),
            mailbox: String::new(),
            listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
            announce: announce.iter().map(|text| (*text).to_owned()).collect(),
            api: "127.0.0.1:0".to_owned(),
            proxy: None,
            member_mib: crate::runtime::MEMBER_MIB,
            gossip: true,
            release: Release::Weekly,
            audit: Keep::default(),
        };
        Init { config }
    }

    #[test]
    fn a_name_or_mailbox_that_no_card_carries_is_refused_before_anything_is_made() {
        let scratch = Scratch::new("founding-long");
        let home = Home::new(scratch.path().join("node"));
        let long = "ë".repeat(NAME_BYTES_MAX / 2) + "n";
        for in_name in [true, false] {
            let mut asked = asked(&[]);
            let text = if in_name {
                &mut asked.config.name
            } else {
                &mut asked.config.mailbox
            };
            text.clone_from(&long);
            let refused = init(&home, asked);
            assert!(
                matches!(refused, Err(FoundingError::TooLong { ref text }) if *text == long),
                "{refused:?}"
            );
            assert!(!home.root().exists());
        }
        let mut fits = asked(&[]);
        fits.config.mailbox = long[..NAME_BYTES_MAX].to_owned();
        init(&home, fits).unwrap();
        card(&home, &RootFiles::default()).unwrap();
    }

    #[test]
    fn a_directory_with_something_in_it_stays_as_it_is() {
        let scratch = Scratch::new("init-shared");
        let home = Home::new(scratch.path().join("shared"));
        fs::create_dir(home.root()).unwrap();
        fs::set_permissions(home.root(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(home.root().join("of-others"), "").unwrap();
        assert!(matches!(init(&home, asked(&[])), Err(FoundingError::NotEmpty { path }) if path == home.root()));
        assert_eq!(fs::metadata(home.root()).unwrap().permissions().mode() & 0o777, 0o755);
        assert_eq!(fs::read_dir(home.root()).unwrap().count(), 1);
        fs::remove_file(home.root().join("of-others")).unwrap();
        init(&home, asked(&[])).unwrap();
        assert_eq!(fs::metadata(home.root()).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_start_that_was_cut_short_is_finished_with_the_same_keys() {
        let scratch = Scratch::new("init-short");
        let home = Home::new(scratch.path().join("node"));
        init(&home, asked(&[])).unwrap();
        let key = fs::read(home.key("root")).unwrap();
        fs::rename(home.config(), config::beside(&home.config())).unwrap();
        init(&home, asked(&[])).unwrap();
        assert_eq!(fs::read(home.key("root")).unwrap(), key);
        assert!(matches!(init(&home, asked(&[])), Err(FoundingError::Exists { .. })));
    }

    #[test]
    fn an_address_that_no_other_node_can_use_is_refused_before_anything_is_made() {
        let scratch = Scratch::new("init-address");
        let home = Home::new(scratch.path().join("node"));
        let long = format!("/dns4/{}.example.org/tcp/4001", "a".repeat(ADDRESS_BYTES_MAX));
        for wrong in [
            "nonsense",
            "/ip4/192.0.2.1",
            "/ip4/192.0.2.1/udp/4001",
            "192.0.2.1:4001",
            &long,
        ] {
            let refused = init(&home, asked(&[wrong]));
            assert!(
                matches!(&refused, Err(FoundingError::Address { address }) if address == wrong),
                "{refused:?}"
            );
            assert!(!home.root().exists(), "{wrong}");
        }
        let many = ["/dns4/node.example.org/tcp/4001"; ADDRESSES_MAX + 1];
        assert!(matches!(init(&home, asked(&many)), Err(FoundingError::Address { .. })));
        init(&home, asked(&many[1..])).unwrap();
        let text = card(&home, &RootFiles::default()).unwrap();
        assert_eq!(armor::read_card(&text).unwrap().member.addresses, many[1..]);
    }
}
