//! The folder in which an export becomes whole.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use protocol::api::Message;
use zip::ZipArchive;

use super::copy;
use crate::command_error::CommandError;
use crate::exit::Exit;

/// The end of its name.
const ENDING: &str = ".part";
/// What the node sends, until it is unpacked.
const ARCHIVE: &str = "uitvoer.zip";
/// Says that a folder was made here, for as long as its export is not whole.
pub(super) const MARK: &str = ".leerkring-uitvoer";
/// Bytes that the files of an archive may have together.
const UNPACKED_BYTES_MAX: u64 = 64 << 30;
/// Files in an archive at most.
const FILES_MAX: usize = 1_000;
/// Characters of the name of one.
const NAME_CHARS_MAX: usize = 100;

/// A folder that goes when it is dropped, unless it was kept. It is locked for as long as somebody works in it, so that what an
/// ended process left is told apart.
pub(super) struct Part {
    dir: PathBuf,
    archive: File,
    /// Holds the lock.
    _locked: File,
    is_kept: bool,
}

impl Part {
    /// Makes the folder in which the export of this one becomes whole.
    pub(super) fn make(target: &Path) -> Result<Self, CommandError> {
        if !is_free(target)? {
            return Err(CommandError::of_file(target, io::ErrorKind::AlreadyExists.into()));
        }
        let Some(name) = target.file_name() else {
            return Err(CommandError::of_file(target, io::ErrorKind::AlreadyExists.into()));
        };
        let mut name = name.to_owned();
        name.push(ENDING);
        let dir = target.with_file_name(name);
        clear(&dir)?;
        let made = DirBuilder::new().mode(0o700).create(&dir);
        made.map_err(|error| CommandError::of_file(&dir, error))?;
        let opened = lock(&dir).and_then(|locked| {
            private().open(dir.join(MARK))?;
            let archive = private().read(true).open(dir.join(ARCHIVE))?;
            Ok((locked, archive))
        });
        let (locked, archive) = opened.map_err(|error| {
            // It holds nothing of anybody.
            let _ = fs::remove_dir_all(&dir);
            CommandError::of_file(&dir, error)
        })?;
        Ok(Self {
            archive,
            dir,
            _locked: locked,
            is_kept: false,
        })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the archive is written, and its name.
    pub(super) fn archive(&mut self) -> (&mut File, PathBuf) {
        (&mut self.archive, self.dir.join(ARCHIVE))
    }

    /// Takes the files out of the archive, and that away.
    pub(super) fn unpack(&mut self) -> Result<(), CommandError> {
        let place = self.dir.join(ARCHIVE);
        let archive = self.archive.try_clone();
        let archive = archive.map_err(|error| CommandError::of_file(&place, error))?;
        let mut archive = ZipArchive::new(archive).map_err(|error| damaged(error.into()))?;
        if archive.len() > FILES_MAX {
            return Err(damaged(io::Error::other("too many files")));
        }
        let mut left = UNPACKED_BYTES_MAX;
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).map_err(|error| damaged(error.into()))?;
            if !is_plain(file.name()) {
                return Err(damaged(io::Error::other(format!("a file is called {:?}", file.name()))));
            }
            let path = self.dir.join(file.name());
            let failed = |error| CommandError::of_file(&path, error);
            let mut out = private().open(&path).map_err(failed)?;
            let taken = copy(&mut (&mut file).take(left.saturating_add(1)), &mut out, &path, damaged)?;
            let rest = left.checked_sub(taken);
            left = rest.ok_or_else(|| damaged(io::Error::other("too many bytes")))?;
            out.sync_all().map_err(failed)?;
        }
        fs::remove_file(&place).map_err(|error| CommandError::of_file(&place, error))
    }

    /// Gives it its name, on the disk.
    pub(super) fn keep(mut self, target: &Path) -> Result<(), CommandError> {
        let failed = |error| CommandError::of_file(target, error);
        fs::remove_file(self.dir.join(MARK)).map_err(failed)?;
        sync(&self.dir).map_err(failed)?;
        // An empty folder with that name makes way; one that is not empty any more does not.
        fs::rename(&self.dir, target).map_err(failed)?;
        self.is_kept = true;
        sync(&parent(target)).map_err(failed)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_kept {
            // What cannot be removed is told of at the next export to this place.
            let _ = fs::remove_dir_all(&self.dir);
        }
    }
}

/// Whether nothing stands in the way: there is nothing by that name, or an empty folder.
fn is_free(target: &Path) -> Result<bool, CommandError> {
    match fs::read_dir(target) {
        Ok(mut found) => Ok(found.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(CommandError::of_file(target, error)),
    }
}

/// Takes away what an export left whose process was ended; what is anything else stays.
fn clear(dir: &Path) -> Result<(), CommandError> {
    if !dir.exists() {
        return Ok(());
    }
    let failed = |error| CommandError::of_file(dir, error);
    let is_busy = matches!(
        File::open(dir).map_err(failed)?.try_lock(),
        Err(TryLockError::WouldBlock)
    );
    let is_empty = fs::read_dir(dir).map_err(failed)?.next().is_none();
    let is_ours = is_empty || dir.join(MARK).exists();
    match is_ours && !is_busy {
        true => fs::remove_dir_all(dir).map_err(failed),
        false => Err(in_the_way(dir, is_busy)),
    }
}

/// Locks a folder for as long as what this gives is held. Where a disk knows no locks, two at once are not told apart.
fn lock(dir: &Path) -> io::Result<File> {
    let locked = File::open(dir)?;
    let _ = locked.try_lock();
    Ok(locked)
}

fn in_the_way(dir: &Path, is_busy: bool) -> CommandError {
    let shown = dir.display();
    let (nl, en) = match is_busy {
        true => (
            format!("er loopt al een uitvoer naar {shown}"),
            format!("an export to {shown} is under way"),
        ),
        false => (
            format!("{shown} staat in de weg: daarin wordt de uitvoer gemaakt"),
            format!("{shown} is in the way: the export is made in it"),
        ),
    };
    CommandError::new(Exit::Conflict, Message::with(nl, en)).hinting(Message::new(
        "wacht tot die klaar is, of verwijder die map",
        "wait until it is done, or remove that folder",
    ))
}

/// A new file for its owner only.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

/// Whether a name is that of a file here, and nowhere else.
fn is_plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    !name.is_empty()
        && name.len() <= NAME_CHARS_MAX
        && !name.starts_with('.')
        && name != ARCHIVE
        && name.chars().all(fits)
}

fn parent(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

fn damaged(error: io::Error) -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new(
            "het archief van de node is niet heel aangekomen",
            "the archive of the node did not arrive whole",
        ),
    )
    .hinting(Message::new("probeer het opnieuw", "try again"))
    .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_elsewhere_is_none() {
        for name in ["", "..", ".verborgen", "a/b", "a\\b", "/etc/passwd", ARCHIVE, "é"] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(!is_plain(&"a".repeat(NAME_CHARS_MAX + 1)));
        for name in ["records.csv", "SHA256SUMS", "knelpunt_delen.parquet"] {
            assert!(is_plain(name), "{name}");
        }
    }
}
