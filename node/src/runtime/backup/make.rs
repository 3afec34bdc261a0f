//! Making a backup: the parts in the order of the format, from a node that runs or from its files.
//!
//! What is written is read again, as a restore would, before it gets its name: a backup that cannot be read back is found out
//! today and not on the day that it is needed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use protocol::id::NodeKey;
use protocol::log::{Entry, Payload, ReplicaError};

use super::frame::{self, Hashed, Kind, MAGIC, Seal};
use super::restore::check;
use super::source::{Source, Stopped, Temporary};
use super::{BackupError, Head, KEYS, Totals, at};
use crate::runtime::opening::open_replica;
use crate::runtime::{Config, Home, RunError, founding, roots};
use crate::secret::{Secret, random_bytes, sync_dir};
use crate::store::close;
use crate::vault::Vault;

/// Bytes of a file that are read at once.
const CHUNK_BYTES: usize = 1024 * 1024;
/// Bytes of statements in one frame, unless one has more.
const STATEMENTS_BYTES: usize = 512 * 1024;

/// What goes into a backup beside what always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// The keys.
    pub keys: bool,
    /// The audit log.
    pub audit: bool,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Entries that were held and could not be read: they are not in it.
    pub missing: u64,
    /// Whether the root keys lie in the directory of the node, which is not where they belong: they are not in it.
    pub root_beside: bool,
}

/// Makes a backup of the node in a directory, and reads it again before it counts as one. Of one that runs, `running` is what it answered; what is in that is passed on
/// as it is, and the keys are taken from the directory. Where `out` is a directory the backup gets a name of its own in it.
///
/// # Errors
/// [`BackupError`]; there is no backup then, and nothing that looks like one.
pub fn backup(home: &Home, ask: Ask, out: &Path, running: Option<&mut dyn Read>) -> Result<Made, BackupError> {
    let config = Config::read(home).map_err(RunError::from)?;
    let path = match out.is_dir() {
        true => out.join(name(&config)),
        false => out.to_path_buf(),
    };
    if path.exists() {
        return Err(BackupError::Exists { path });
    }
    if is_inside(&path, home) {
        return Err(BackupError::Inside { path });
    }
    let half = with_end(&path, ".half");
    if !is_left_over(&half).map_err(at(&half))? {
        return Err(BackupError::Exists { path: half });
    }
    remove(&half).map_err(at(&half))?;
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(&half);
    let file = file.map_err(at(&half))?;
    // Goes with the process, whatever ends it. Where a disk knows no locks, two at once are not told apart.
    let _ = file.lock_shared();
    let written = write(home, &config, ask, &file, running, &half);
    if written.is_err() {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&half);
    }
    let bytes = written?;
    let checked = check(&half, Some(&home.keys()));
    if checked.is_err() {
        let _ = fs::remove_file(&half);
    }
    let missing = checked?.totals.map_or(0, |totals| totals.missing);
    let named = give_name(&half, &path);
    if named.is_err() {
        let _ = fs::remove_file(&half);
    }
    match named {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(BackupError::Exists { path }),
        Err(error) => Err(at(&path)(error)),
        Ok(()) => Ok(Made {
            path,
            bytes,
            missing,
            root_beside: home.key("root").exists(),
        }),
    }
}

/// Whether a file would stand in the directory of the node, by whatever name that is called.
fn is_inside(path: &Path, home: &Home) -> bool {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.unwrap_or(Path::new(".")).canonicalize();
    let own = home.root().canonicalize();
    matches!((&dir, &own), (Ok(dir), Ok(own)) if dir.starts_with(own))
}

/// Whether nothing stands in the way: there is no such file, or one that a backup which was cut short left. One that is being
/// written is no such file, and neither is one that does not begin as a backup: that is somebody else's.
fn is_left_over(half: &Path) -> io::Result<bool> {
    let file = match File::open(half) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Ok(false);
    }
    let mut begin = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut begin)?;
    Ok(MAGIC.starts_with(&begin))
}

/// Gives a file its name, unless there is something with that name by now: a rename would write over it.
fn give_name(half: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(half, path) {
        Ok(()) => fs::remove_file(half)?,
        Err(_) if path.exists() => return Err(io::ErrorKind::AlreadyExists.into()),
        // A stick has no links.
        Err(_) => fs::rename(half, path)?,
    }
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

fn name(config: &Config) -> String {
    format!("{}-{}.reservekopie", config.gemeente, now_s())
}

fn now_s() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn write(
    home: &Home,
    config: &Config,
    ask: Ask,
    file: &File,
    running: Option<&mut dyn Read>,
    path: &Path,
) -> Result<u64, BackupError> {
    // Not buffered as far as the keys go: what a buffer held nobody wipes.
    let mut out = Hashed::new(file);
    out.write_all(MAGIC).map_err(at(path))?;
    for name in KEYS.iter().filter(|_| ask.keys) {
        let key = Secret::load(&home.key(name)).map_err(RunError::from)?;
        let body = zeroize::Zeroizing::new([name.as_bytes(), b"\n", &key.bytes()[..]].concat());
        frame::write(&mut out, Kind::Key, &body).map_err(at(path))?;
    }
    let mut out = out.around(io::BufWriter::new);
    match running {
        Some(stream) => {
            io::copy(stream, &mut out).map_err(at(path))?;
        }
        None => {
            let (replica, ..) = open_replica(home)?;
            let vault_key = Secret::load(&home.key("vault")).map_err(RunError::from)?;
            let vault = Vault::open(&home.vault(), &vault_key)?;
            let source = Stopped { replica, vault };
            let streamed = stream(home, config, &source, ask.audit, (&mut out, path));
            let closed = close(source).map_err(|error| RunError::from(ReplicaError::from(error)));
            streamed?;
            closed?;
        }
    }
    let (mut out, hash) = out.finish();
    let done = out.write_all(&hash).and_then(|()| out.flush());
    done.and_then(|()| file.sync_all()).map_err(at(path))?;
    Ok(file.metadata().map_err(at(path))?.len())
}

/// Writes everything behind the keys: what a running node gives to who asks for a backup.
pub(in crate::runtime) fn stream(
    home: &Home,
    config: &Config,
    source: &dyn Source,
    audit: bool,
    (out, named): (&mut dyn Write, &Path),
) -> Result<(), BackupError> {
    let storage = Secret::load(&home.key("storage")).map_err(RunError::from)?;
    let id = random_bytes().map_err(RunError::from)?;
    let node = founding::signing_key(home, "node").map_err(RunError::from)?;
    let temporary = Temporary::new(home)?;
    source.vault(&temporary.vault())?;
    let (federation, heights) = source.heights()?;
    let head = Head {
        gemeente: config.gemeente,
        name: config.name.clone(),
        node: NodeKey(node.verifying_key().to_bytes()),
        federation,
        made_s: now_s(),
        leerkring: env!("CARGO_PKG_VERSION").to_owned(),
        id,
    };
    let head = serde_json::to_vec(&head).expect("texts, numbers and ids have a form in JSON");
    let mut parts = Parts {
        out,
        named,
        seal: Seal::at(&storage, id, 0),
        totals: Totals::default(),
    };
    frame::write(parts.out, Kind::Head, &head).map_err(at(named))?;
    let text = fs::read(home.config()).map_err(at(&home.config()))?;
    parts.put(Kind::Config, &text)?;
    match fs::read(home.card()) {
        Ok(card) => parts.put(Kind::Card, &card)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(at(&home.card())(error)),
    }
    if let Some(text) = roots::text(home).map_err(at(&home.roots()))? {
        parts.put(Kind::Roots, text.as_bytes())?;
    }
    parts.totals.vault_bytes = parts.file(Kind::Vault, b"", &temporary.vault())?;
    for (log, held) in heights {
        parts.totals.logs += 1;
        let mut next = 0;
        while next < held {
            let entries = source.entries(log, next)?;
            let taken = parts.entries(&entries[..entries.len().min((held - next) as usize)])?;
            if taken == 0 {
                parts.totals.missing += held - next;
                break;
            }
            next += taken;
        }
    }
    parts.statements(&source.statements()?)?;
    if audit {
        parts.audit(&home.audit())?;
    }
    let totals = serde_json::to_vec(&parts.totals).expect("numbers have a form in JSON");
    parts.put(Kind::End, &totals)
}

/// The parts of a backup on their way.
struct Parts<'a> {
    out: &'a mut dyn Write,
    named: &'a Path,
    seal: Seal<'a>,
    totals: Totals,
}

impl Parts<'_> {
    fn put(&mut self, kind: Kind, plain: &[u8]) -> Result<(), BackupError> {
        let sealed = self.seal.seal(kind, plain);
        frame::write(self.out, kind, &sealed).map_err(at(self.named))
    }

    /// The bytes of a file, each frame with this before it; how many they were.
    fn file(&mut self, kind: Kind, before: &[u8], path: &Path) -> Result<u64, BackupError> {
        let mut file = File::open(path).map_err(at(path))?;
        let mut total = 0;
        loop {
            let mut chunk = before.to_vec();
            let read = (&mut file).take(CHUNK_BYTES as u64).read_to_end(&mut chunk);
            match read.map_err(at(path))? {
                0 => return Ok(total),
                read => total += read as u64,
            }
            self.put(kind, &chunk)?;
        }
    }

    /// A run of entries; how many were taken. The last of a run that is cut short may have no valid signature of its own:
    /// the run then ends at the last that has.
    fn entries(&mut self, entries: &[Entry]) -> Result<u64, BackupError> {
        let valid = |entry: &Entry| entry.signed.verify().is_ok();
        let taken = entries.iter().rposition(valid).map_or(0, |last| last + 1);
        if taken == 0 {
            return Ok(0);
        }
        let mut body = Vec::new();
        for entry in &entries[..taken] {
            put_entry(&mut body, entry);
            self.totals.erased += u64::from(entry.payload == Payload::Erased);
        }
        self.put(Kind::Entries, &body)?;
        self.totals.entries += taken as u64;
        Ok(taken as u64)
    }

    fn statements(&mut self, statements: &[Vec<u8>]) -> Result<(), BackupError> {
        let mut body = Vec::new();
        for (at, statement) in statements.iter().enumerate() {
            put_bytes(&mut body, statement);
            if body.len() >= STATEMENTS_BYTES || at + 1 == statements.len() {
                self.put(Kind::Statements, &std::mem::take(&mut body))?;
            }
        }
        self.totals.statements = statements.len() as u64;
        Ok(())
    }

    fn audit(&mut self, dir: &Path) -> Result<(), BackupError> {
        let found = match fs::read_dir(dir) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(at(dir)(error)),
        };
        for file in found {
            let path = file.map_err(at(dir))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let before = [name.as_bytes(), b"\n"].concat();
            self.totals.audit_bytes += self.file(Kind::Audit, &before, &path)?;
        }
        Ok(())
    }
}

/// An entry: header, signature, and the payload behind its salt, or nothing where it was withdrawn.
fn put_entry(body: &mut Vec<u8>, entry: &Entry) {
    put_bytes(body, entry.signed.bytes());
    body.extend_from_slice(entry.signed.signature());
    match &entry.payload {
        Payload::Erased => put_bytes(body, &[]),
        Payload::Held { salt, bytes } => put_bytes(body, &[&salt[..], bytes].concat()),
    }
}

fn put_bytes(body: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("headers, payloads and statements are far below 4 GiB");
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(bytes);
}
