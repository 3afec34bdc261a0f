//! Where a node is made of a backup: it has its name, or its directory, only when it is whole.
//!
//! **Invariant:** a directory in which something stood is left as it was.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::BackupError;
use crate::runtime::Home;
use crate::secret::sync_dir;

/// What a file system keeps in its root: a directory with nothing else is empty.
const LOST_AND_FOUND: &str = "lost+found";

/// Where a node is made.
pub(super) struct Place {
    pub(super) into: PathBuf,
    /// Where it stands until it is whole.
    pub(super) half: PathBuf,
    /// Whether the directory is there already. It may be the root of a disk, which nothing can be put in the place of: the node
    /// is made inside.
    there: bool,
}

impl Place {
    /// A directory that is not there, or empty.
    pub(super) fn of(into: PathBuf) -> Result<Self, BackupError> {
        let there = match fs::read_dir(&into) {
            Ok(found) => {
                let mut found = found.flatten();
                !found.any(|file| file.file_name() != LOST_AND_FOUND)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut half = into.as_os_str().to_owned();
                half.push(".half");
                let half = half.into();
                return Ok(Self {
                    into,
                    half,
                    there: false,
                });
            }
            Err(_) => false,
        };
        match there {
            true => Ok(Self {
                half: into.join(".half"),
                into,
                there,
            }),
            false => Err(BackupError::Exists { path: into }),
        }
    }

    /// Gives the node its place. In a directory that was there its configuration comes last: without that it is none.
    pub(super) fn take(&self) -> io::Result<()> {
        if !self.there {
            fs::rename(&self.half, &self.into)?;
            return sync_dir(self.into.parent().unwrap_or(Path::new(".")));
        }
        fs::set_permissions(&self.into, Permissions::from_mode(0o700))?;
        let config = Home::new(&self.half).config();
        for file in fs::read_dir(&self.half)? {
            let path = file?.path();
            if path != config {
                self.move_up(&path)?;
            }
        }
        sync_dir(&self.into)?;
        self.move_up(&config)?;
        fs::remove_dir(&self.half)?;
        sync_dir(&self.into)
    }

    fn move_up(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default();
        fs::rename(path, self.into.join(name))
    }

    /// Leaves nothing behind: all that is in the directory was put there.
    pub(super) fn clear(&self) -> io::Result<()> {
        if !self.there {
            return fs::remove_dir_all(&self.half);
        }
        for file in fs::read_dir(&self.into)? {
            let file = file?;
            match file.file_type()?.is_dir() {
                true if file.file_name() == LOST_AND_FOUND => {}
                true => fs::remove_dir_all(file.path())?,
                false => fs::remove_file(file.path())?,
            }
        }
        Ok(())
    }
}
