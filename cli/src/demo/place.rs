//! Where the practice federation lives.

use std::fs;
use std::path::{Path, PathBuf};

use super::{CommandError, system};

/// A directory; a temporary one is removed at the end.
pub(super) struct Place {
    path: PathBuf,
    temporary: bool,
}

impl Place {
    pub(super) fn new(dir: Option<&Path>) -> Result<Self, CommandError> {
        let temporary = dir.is_none();
        let path = match dir {
            Some(dir) => dir.to_path_buf(),
            None => std::env::temp_dir().join(format!("leerkring-demo-{}", std::process::id())),
        };
        fs::create_dir_all(&path).map_err(|error| system(&path.display().to_string(), error))?;
        Ok(Self { path, temporary })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed stays in the temporary directory of the system, which is cleaned anyway.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
