//! Reading a backup: to its end before anything is believed, and then once more to make a node of it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{BufReader, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use protocol::charter::Statement;
use protocol::gate::Account;
use protocol::id::NodeKey;
use protocol::log::{Entry, Payload, Replica, SALT_BYTES, SignedHeader, commit};

use super::frame::{self, FAMILY, HASH_BYTES, Hashed, Kind, MAGIC, Next, Seal};
use super::place::Place;
use super::{BackupError, Head, KEYS, Totals, at};
use crate::http::Deed;
use crate::runtime::release::came_back;
use crate::runtime::{Config, Home, RunError, heard, private};
use crate::secret::{SECRET_BYTES, Secret, sync_dir};
use crate::store::Sled;
use crate::vault::Vault;

/// Bytes of the charter that are held at once: far above what a charter of all gemeenten has.
const STATEMENTS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What a backup that was read to its end turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it says of itself.
    pub head: Head,
    /// Whether it holds its keys.
    pub has_keys: bool,
    /// What is in it; nothing when no key was there to look.
    pub totals: Option<Totals>,
}

/// How a node is made of a backup.
#[derive(Debug, Clone)]
pub struct Restore<'a> {
    /// The directory of keys for a backup without.
    pub keys: Option<&'a Path>,
    /// The directory to make; it may not hold anything.
    pub into: &'a Path,
    /// No other node is left that could tell what was withdrawn since: the new node waits for none.
    pub alone: bool,
    /// Who restores: it stands in the audit log of the new node.
    pub by: &'a Account,
}

/// Reads a backup to its end: whole, unchanged, and every entry as it was signed.
///
/// # Errors
/// [`BackupError`]: why nothing can be restored from it.
pub fn check(path: &Path, keys: Option<&Path>) -> Result<Checked, BackupError> {
    let mut reading = Reading::open(path, keys)?;
    let mut totals = Totals::default();
    while let Some(part) = reading.next()? {
        match part {
            Part::Vault(bytes) => totals.vault_bytes += bytes.len() as u64,
            Part::Audit(_, bytes) => totals.audit_bytes += bytes.len() as u64,
            Part::Statements(statements) => totals.statements += statements.len() as u64,
            Part::Entries(entries) => count(&entries, &mut totals, path)?,
            Part::Config(_) | Part::Card(_) | Part::Roots(_) => {}
        }
    }
    reading.finish(totals)
}

/// Counts entries, each of which must be what was signed.
fn count(entries: &[Entry], totals: &mut Totals, path: &Path) -> Result<(), BackupError> {
    totals.entries += entries.len() as u64;
    let mut previous = None;
    for entry in entries {
        let header = entry.signed.header();
        totals.logs += u64::from(header.seq == 0);
        let follows = previous.is_none_or(|previous| previous == header.previous);
        let committed = match &entry.payload {
            Payload::Erased => {
                totals.erased += 1;
                true
            }
            Payload::Held { salt, bytes } => commit(salt, bytes) == header.commitment,
        };
        if !(follows && committed) {
            return Err(damaged(path, "an entry in it is not what was signed"));
        }
        previous = Some(entry.signed.hash());
    }
    // The chain carries the last signature to the others.
    match entries.last().is_none_or(|last| last.signed.verify().is_ok()) {
        true => Ok(()),
        false => Err(damaged(path, "an entry in it is not what was signed")),
    }
}

/// Makes a node of a backup, in a directory that is not there yet or empty. Nothing is written before the whole backup was
/// read, and what is there is a node only when it is whole.
///
/// # Errors
/// [`BackupError`].
pub fn restore(path: &Path, how: &Restore<'_>) -> Result<Checked, BackupError> {
    // A name that ends in a slash is that of the same directory.
    let into: PathBuf = how.into.components().collect();
    private::may_make(&into).map_err(RunError::from)?;
    let place = Place::of(into)?;
    let checked = check(path, how.keys)?;
    if checked.totals.is_none() {
        return Err(BackupError::NoKeys);
    }
    if place.half.exists() {
        return Err(BackupError::Exists { path: place.half });
    }
    let made = fill(path, how, &Home::new(&place.half)).and_then(|()| place.take().map_err(at(&place.into)));
    if made.is_err() {
        // The first failure is the one to tell.
        let _ = place.clear();
    }
    made?;
    Ok(checked)
}

fn fill(path: &Path, how: &Restore<'_>, home: &Home) -> Result<(), BackupError> {
    for dir in [home.root().to_path_buf(), home.keys(), home.vault()] {
        DirBuilder::new().mode(0o700).create(&dir).map_err(at(&dir))?;
    }
    let mut reading = Reading::open(path, how.keys)?;
    for (name, key) in reading.keys.take_all() {
        create(&home.key(&name), key.bytes())?;
    }
    let storage = Secret::load(&home.key("storage")).map_err(RunError::from)?;
    let sled = Sled::open(&home.store(), &storage).map_err(RunError::from)?;
    let mut replica = Replica::open(sled)?;
    take_statements(path, how.keys, &mut replica)?;
    let vault = home.vault().join("vault.sqlite");
    let mut vault_file = create(&vault, &[])?;
    while let Some(part) = reading.next()? {
        match part {
            Part::Config(text) => drop(create(&home.config(), &text)?),
            Part::Card(text) => drop(create(&home.card(), &text)?),
            Part::Roots(text) => drop(create(&home.roots(), &text)?),
            Part::Vault(bytes) => vault_file.write_all(&bytes).map_err(at(&vault))?,
            Part::Audit(name, bytes) => audit(home, &name, &bytes)?,
            Part::Entries(entries) => take(&mut replica, entries)?,
            Part::Statements(_) => {}
        }
    }
    vault_file.sync_all().map_err(at(&vault))?;
    drop(vault_file);
    replica.flush()?;
    let key = Secret::load(&home.key("vault")).map_err(RunError::from)?;
    came_back(&mut Vault::open(&home.vault(), &key)?, &replica)?;
    list_own_logs(home, &replica)?;
    if !how.alone {
        create(&home.restored(), b"")?;
    }
    let deed = if how.alone { Deed::RestoredAlone } else { Deed::Restored };
    heard::note(home, &Config::read(home).map_err(RunError::from)?, how.by, deed, &[])?;
    for dir in [home.keys(), home.vault(), home.root().to_path_buf()] {
        sync_dir(&dir).map_err(at(&dir))?;
    }
    Ok(())
}

/// The files of the own log are in no backup, and what else tells a node which logs of its key it wrote is this.
fn list_own_logs(home: &Home, replica: &Replica<Sled>) -> Result<(), BackupError> {
    let secret = Secret::load(&home.key("node")).map_err(RunError::from)?;
    let node = NodeKey(SigningKey::from_bytes(secret.bytes()).verifying_key().to_bytes());
    let lines: String = replica.logs_of(node).map(|(log, _)| format!("{log}\n")).collect();
    create(&home.restored_logs(), lines.as_bytes()).map(drop)
}

/// The charter comes last in the file and first into the store: without it no entry is anybody's.
fn take_statements(path: &Path, keys: Option<&Path>, replica: &mut Replica<Sled>) -> Result<(), BackupError> {
    let mut reading = Reading::open(path, keys)?;
    let (mut statements, mut bytes) = (Vec::new(), 0);
    while let Some(part) = reading.next()? {
        if let Part::Statements(more) = part {
            bytes += more.iter().map(|statement| statement.bytes().len()).sum::<usize>();
            statements.extend(more);
        }
        if bytes > STATEMENTS_BYTES_MAX {
            return Err(damaged(path, "its charter is larger than any"));
        }
    }
    if let Some(federation) = reading.head.federation {
        replica.join(federation)?;
        replica.add_statements(statements)?;
    }
    Ok(())
}

fn take(replica: &mut Replica<Sled>, entries: Vec<Entry>) -> Result<(), BackupError> {
    let Some(log) = entries.first().map(|entry| entry.signed.header().log()) else {
        return Ok(());
    };
    if let Some(refused) = replica.ingest(log, entries)?.refused {
        // A log that was cut, or of a node that belongs no more: it was held without effect, and need not be.
        tracing::warn!(%log, seq = refused.seq, why = %refused.why, "an entry of the backup counts for nobody");
    }
    Ok(())
}

fn audit(home: &Home, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
    let dir = home.audit();
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
    made.map_err(at(&dir))?;
    let path = dir.join(name);
    let mut options = OpenOptions::new();
    let file = options.append(true).create(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(at(&path))
}

/// Writes a new file for the owner only.
fn create(path: &Path, bytes: &[u8]) -> Result<File, BackupError> {
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(at(path))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(at(path))?;
    Ok(file)
}

fn damaged(path: &Path, what: &'static str) -> BackupError {
    BackupError::Damaged {
        path: path.to_path_buf(),
        what,
    }
}

/// The keys that go with a backup.
#[derive(Default)]
struct Keys(Vec<(String, Secret)>);

impl Keys {
    fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, key)| key)
    }

    fn take_all(&mut self) -> Vec<(String, Secret)> {
        std::mem::take(&mut self.0)
    }

    /// Those in a directory.
    fn of(dir: &Path) -> Result<Self, BackupError> {
        let load = |name: &str| Ok((name.to_owned(), Secret::load(&dir.join(format!("{name}.key")))?));
        let keys = KEYS.iter().map(|name| load(name)).collect::<Result<_, _>>();
        keys.map(Self)
            .map_err(|error: crate::secret::SecretError| RunError::from(error).into())
    }
}

/// A part of a backup, opened.
enum Part {
    Config(Vec<u8>),
    Card(Vec<u8>),
    Roots(Vec<u8>),
    Vault(Vec<u8>),
    Statements(Vec<Statement>),
    Entries(Vec<Entry>),
    Audit(String, Vec<u8>),
}

/// A backup being read.
struct Reading {
    path: PathBuf,
    input: Hashed<BufReader<File>>,
    head: Head,
    keys: Keys,
    has_keys: bool,
    storage: Option<Secret>,
    number: u64,
    end: Option<Totals>,
}

impl Reading {
    /// Reads up to the head.
    fn open(path: &Path, given: Option<&Path>) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(at(path))?;
        // Not buffered as far as the keys go: what a buffer held nobody wipes.
        let mut input = Hashed::new(file);
        let mut magic = [0; MAGIC.len()];
        match frame::filled(&mut input, &mut magic).map_err(at(path))? {
            true if magic == MAGIC => {}
            true if magic.starts_with(FAMILY) => {
                return Err(BackupError::Newer {
                    path: path.to_path_buf(),
                });
            }
            _ => return Err(damaged(path, "it does not begin as one")),
        }
        let mut keys = Keys::default();
        let head = loop {
            match frame::read(&mut input).map_err(at(path))? {
                Next::Frame(Kind::Key, body) if keys.0.len() < KEYS.len() => {
                    keys.0
                        .push(read_key(&body).ok_or_else(|| damaged(path, "a key in it is none"))?);
                }
                Next::Frame(Kind::Head, body) => {
                    break serde_json::from_slice(&body).map_err(|_| damaged(path, "its head cannot be read"))?;
                }
                Next::Frame(..) => return Err(damaged(path, "a part is not in its place")),
                Next::Wrong(what) => return Err(damaged(path, what)),
            }
        };
        let has_keys = !keys.0.is_empty();
        if let Some(dir) = given.filter(|_| !has_keys) {
            keys = Keys::of(dir)?;
        }
        Ok(Self {
            path: path.to_path_buf(),
            input: input.around(BufReader::new),
            head,
            storage: keys.get("storage").cloned(),
            keys,
            has_keys,
            number: 0,
            end: None,
        })
    }

    /// The next part; nothing behind the last. Without a key the parts are read and not opened.
    fn next(&mut self) -> Result<Option<Part>, BackupError> {
        loop {
            let (kind, body) = match frame::read(&mut self.input).map_err(at(&self.path))? {
                Next::Frame(Kind::Key | Kind::Head, _) => return Err(self.damaged("a part is not in its place")),
                Next::Frame(kind, body) => (kind, body),
                Next::Wrong(what) => return Err(self.damaged(what)),
            };
            let Some(storage) = &self.storage else {
                match kind {
                    Kind::End => return self.hash().map(|()| None),
                    _ => continue,
                }
            };
            let mut seal = Seal::at(storage, self.head.id, self.number);
            let plain = seal.open(kind, &body);
            self.number += 1;
            let plain = match plain {
                Some(plain) => plain,
                // The very first part does not open: it is the key. Later it is the part.
                None if self.number == 1 => return Err(BackupError::WrongKey),
                None => return Err(self.damaged("a part was changed, or stands in another place")),
            };
            if kind == Kind::End {
                let totals = serde_json::from_slice(&plain);
                self.end = Some(totals.map_err(|_| self.damaged("its end cannot be read"))?);
                return self.hash().map(|()| None);
            }
            let part = read_part(kind, plain);
            return part.map(Some).ok_or_else(|| self.damaged("a part cannot be read"));
        }
    }

    /// The hash at the end, and nothing behind it.
    fn hash(&mut self) -> Result<(), BackupError> {
        let found = self.input.so_far();
        let mut hash = [0; HASH_BYTES];
        let whole = frame::filled(&mut self.input, &mut hash).map_err(at(&self.path))?;
        let more = frame::filled(&mut self.input, &mut [0]).map_err(at(&self.path))?;
        match whole && !more && hash == found {
            true => Ok(()),
            false => Err(self.damaged("its hash is another")),
        }
    }

    /// What was read, which must be what the end says.
    fn finish(self, counted: Totals) -> Result<Checked, BackupError> {
        if let Some(said) = self.end {
            let missing = said.missing;
            // A log of which nothing could be read has no first entry to count it by.
            let counted = Totals {
                missing,
                logs: said.logs,
                ..counted
            };
            if counted != said {
                return Err(self.damaged("it holds something else than it says"));
            }
        }
        Ok(Checked {
            head: self.head,
            has_keys: self.has_keys,
            totals: self.end,
        })
    }

    fn damaged(&self, what: &'static str) -> BackupError {
        damaged(&self.path, what)
    }
}

fn read_key(body: &[u8]) -> Option<(String, Secret)> {
    let (name, key) = body.split_at_checked(body.len().checked_sub(SECRET_BYTES)?)?;
    let name = std::str::from_utf8(name.strip_suffix(b"\n")?).ok()?;
    let known = KEYS.contains(&name);
    let key = Secret::new(key.try_into().ok()?);
    known.then(|| (name.to_owned(), key))
}

fn read_part(kind: Kind, plain: Vec<u8>) -> Option<Part> {
    Some(match kind {
        Kind::Config => Part::Config(plain),
        Kind::Card => Part::Card(plain),
        Kind::Roots => Part::Roots(plain),
        Kind::Vault => Part::Vault(plain),
        Kind::Statements => {
            let mut rest = &plain[..];
            let mut statements = Vec::new();
            while !rest.is_empty() {
                statements.push(Statement::read(take_bytes(&mut rest)?).ok()?);
            }
            Part::Statements(statements)
        }
        Kind::Entries => {
            let mut rest = &plain[..];
            let mut entries = Vec::new();
            while !rest.is_empty() {
                entries.push(take_entry(&mut rest)?);
            }
            Part::Entries(entries)
        }
        Kind::Audit => {
            let end = plain.iter().position(|byte| *byte == b'\n')?;
            let name = std::str::from_utf8(&plain[..end]).ok()?;
            // It becomes the name of a file.
            let plainly = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            let fits = name.ends_with(".jsonl") && !name.starts_with('.') && name.chars().all(plainly);
            fits.then(|| Part::Audit(name.to_owned(), plain[end + 1..].to_vec()))?
        }
        Kind::Key | Kind::Head | Kind::End => return None,
    })
}

fn take_entry(rest: &mut &[u8]) -> Option<Entry> {
    let header = take_bytes(rest)?;
    let (signature, behind) = rest.split_first_chunk::<64>()?;
    *rest = behind;
    let signed = SignedHeader::read(header, *signature).ok()?;
    let payload = match take_bytes(rest)? {
        [] => Payload::Erased,
        salted => {
            let (salt, bytes) = salted.split_first_chunk::<SALT_BYTES>()?;
            Payload::Held {
                salt: *salt,
                bytes: bytes.to_vec(),
            }
        }
    };
    Some(Entry { signed, payload })
}

fn take_bytes<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let (bytes, behind) = behind.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    *rest = behind;
    Some(bytes)
}
