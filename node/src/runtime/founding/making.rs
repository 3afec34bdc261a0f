//! Making a node: directory, keys, configuration.
//!
//! **Invariant:** whoever is refused finds everything as it was: what can be found out is found out before anything is made,
//! and what was made goes again when the rest fails. Only a process that is killed leaves keys behind, and the next start
//! goes on with those.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use protocol::charter::{ADDRESS_BYTES_MAX, ADDRESSES_MAX, NAME_BYTES_MAX};

use super::super::charter::RootFiles;
use super::super::roots::{keep, me};
use super::super::{Config, Home, armor, config, itself, private as accounts};
use super::{FoundingError, port};
use crate::net;
use crate::secret::Secret;

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
    accounts::may_make(home.root())?;
    let mut config = init.config;
    config.listen = config.listen.into_iter().map(port::fixed).collect::<Result<_, _>>()?;
    check_addresses(&config)?;
    check_texts(&config)?;
    check_roots(home, roots)?;
    let mut unfinished = Unfinished::default();
    for path in [home.root().to_path_buf(), home.keys()] {
        unfinished.begins(&path);
        fs::create_dir_all(&path).map_err(|source| FoundingError::Io { path, source })?;
    }
    private(home)?;
    for path in ["node", "storage", "vault"].map(|name| home.key(name)) {
        unfinished.begins(&path);
        Secret::load_or_create(&path)?;
    }
    unfinished.begins(&home.node_public());
    itself::check(home, me(home)?)?;
    make_roots(home, roots, &mut unfinished)?;
    unfinished.begins(&config::beside(&home.config()));
    config.write(home)?;
    unfinished.finished();
    Ok(config)
}

/// What was made so far: it goes again when the rest cannot be made, so that a mistake leaves nothing behind. What was there
/// before stays.
#[derive(Default)]
struct Unfinished {
    made: Vec<PathBuf>,
}

impl Unfinished {
    /// A file or directory is about to be made, and the directories above it.
    fn begins(&mut self, path: &Path) {
        let above = path.ancestors().filter(|path| !path.as_os_str().is_empty());
        let mut absent: Vec<PathBuf> = above
            .take_while(|path| path.symlink_metadata().is_err())
            .map(Path::to_owned)
            .collect();
        absent.reverse();
        self.made.append(&mut absent);
    }

    fn finished(mut self) {
        self.made.clear();
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        for path in self.made.iter().rev() {
            // Never made, or not ours alone any more: then it stays.
            let _ = fs::remove_file(path).or_else(|_| fs::remove_dir(path));
        }
    }
}

/// Found out before anything is made: files of root keys that are there, and a card that is none.
fn check_roots(home: &Home, roots: &Roots) -> Result<(), FoundingError> {
    match roots {
        Roots::Elsewhere(card) => Ok(armor::read_card(card).map(drop)?),
        Roots::Made(files) => {
            let named = || [&files.root, &files.next].into_iter().flatten();
            if let Some(path) = named().find_map(|path| no_folder(home, path)) {
                return Err(FoundingError::NoFolder { path });
            }
            match named().find(|path| path.exists()) {
                Some(path) => Err(FoundingError::KeyExists { path: path.clone() }),
                None if files.root.is_some() && files.root == files.next => Err(FoundingError::SameFile),
                None => Ok(()),
            }
        }
    }
}

/// The directory of a key, when it is neither there nor about to be made: a stick that is not mounted.
fn no_folder(home: &Home, key: &Path) -> Option<PathBuf> {
    let folder = key.parent().filter(|folder| !folder.as_os_str().is_empty())?;
    let ours = folder == home.root() || folder == home.keys();
    (!ours && !folder.is_dir()).then(|| folder.to_path_buf())
}

fn make_roots(home: &Home, roots: &Roots, unfinished: &mut Unfinished) -> Result<(), FoundingError> {
    unfinished.begins(&home.roots());
    let files = match roots {
        Roots::Elsewhere(card) => {
            let path = home.card();
            unfinished.begins(&path);
            fs::write(&path, card).map_err(|source| FoundingError::Io { path, source })?;
            return keep_root(home, &RootFiles::default());
        }
        Roots::Made(files) => files,
    };
    for (named, name) in [(&files.root, "root"), (&files.next, "next-root")] {
        let path = named.clone().unwrap_or_else(|| home.key(name));
        unfinished.begins(&path);
        match named {
            Some(_) => Secret::create(&path)?,
            None => Secret::load_or_create(&path)?,
        };
    }
    keep_root(home, files)
}

/// Keeps in the directory whose root key this is, for when the key itself is elsewhere.
pub(super) fn keep_root(home: &Home, files: &RootFiles) -> Result<(), FoundingError> {
    keep(home, files).map_err(|source| FoundingError::Io {
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
    let text = &config.mailbox;
    match long {
        Some(text) => Err(FoundingError::TooLong { text: text.clone() }),
        None if text.is_empty() || config::is_mailbox(text) => Ok(()),
        None => Err(FoundingError::Mailbox { text: text.clone() }),
    }
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use protocol::id::Gemeente;

    use super::super::super::{Keep, Release};
    use super::super::card;
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
            sql_seconds: crate::runtime::SQL_SECONDS,
            gossip: true,
            release: Release::Weekly,
            four_eyes: false,
            zaaknummers: Vec::new(),
            audit: Keep::default(),
            digest: None,
            headcount: None,
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
        fits.config.mailbox = format!("{}@b.nl", "n".repeat(NAME_BYTES_MAX - 5));
        init(&home, fits).unwrap();
        card(&home, &RootFiles::default()).unwrap();
    }

    #[test]
    fn a_mailbox_that_is_no_address_is_refused_before_anything_is_made() {
        let scratch = Scratch::new("founding-mailbox");
        let home = Home::new(scratch.path().join("node"));
        let mut asked = asked(&[]);
        asked.config.mailbox = "jan".to_owned();
        let refused = init(&home, asked);
        assert!(matches!(refused, Err(FoundingError::Mailbox { ref text }) if text == "jan"));
        assert!(!home.root().exists());
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
    #[test]
    fn whatever_cannot_be_made_leaves_nothing_behind() {
        let scratch = Scratch::new("init-nothing");
        let home = Home::new(scratch.path().join("above/node"));
        let (stick, safe) = (scratch.path().join("stick"), scratch.path().join("safe"));
        let roots = Roots::Made(RootFiles {
            root: Some(stick.join("root.key")),
            next: Some(safe.join("next.key")),
        });
        let refused = init_with(&home, asked(&[]), &roots);
        assert!(
            matches!(&refused, Err(FoundingError::NoFolder { path }) if *path == stick),
            "{refused:?}"
        );
        for folder in [&stick, &safe] {
            fs::create_dir(folder).unwrap();
        }
        // Found out only when the other keys are made: it is there and leads nowhere.
        std::os::unix::fs::symlink("nowhere", safe.join("next.key")).unwrap();
        let refused = init_with(&home, asked(&[]), &roots);
        assert!(matches!(refused, Err(FoundingError::Secret(_))), "{refused:?}");
        assert!(!scratch.path().join("above").exists() && !stick.join("root.key").exists());
        assert!(safe.join("next.key").is_symlink(), "what was there stays");
        fs::remove_file(safe.join("next.key")).unwrap();
        init_with(&home, asked(&[]), &roots).unwrap();
        assert!(stick.join("root.key").exists() && safe.join("next.key").exists());
    }
}
