//! What nobody but the account of the node may read: looked at before anything is opened.
//!
//! A secret that others could read is no secret any more, and a node that runs on with it hides that. So it does not start,
//! and says what to type. Nor does another account, who may read everything, write in the directory of a node: the node could not
//! go on with what that leaves.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::{Home, RunError};
use crate::secret::SecretError;

/// Refuses keys or a vault that others than the owner may read, write or list.
pub(super) fn check(home: &Home) -> Result<(), RunError> {
    for dir in [home.keys(), home.vault()] {
        // What is not there yet is made private.
        if !dir.exists() {
            continue;
        }
        closed(&dir)?;
        let is_keys = dir == home.keys();
        for file in fs::read_dir(&dir).map_err(|source| unreadable(&dir, source))? {
            let path = file.map_err(|source| unreadable(&dir, source))?.path();
            match closed(&path) {
                // A key says so in the same words wherever it is read.
                Err(RunError::Open { path, mode, .. }) if is_keys => {
                    return Err(SecretError::Readable { path, mode }.into());
                }
                looked => looked?,
            }
        }
    }
    Ok(())
}

/// Refuses to work in the directory of a node whose key another account made. Where that cannot be told it is not looked at.
pub(super) fn same_account(home: &Home) -> Result<(), RunError> {
    let of = |path: &Path| fs::metadata(path).map(|found| found.uid());
    match (of(&home.key("node")), of(Path::new("/proc/self"))) {
        (Ok(account), Ok(me)) if account != me => Err(RunError::OtherAccount {
            path: home.root().to_path_buf(),
            account,
        }),
        _ => Ok(()),
    }
}

fn closed(path: &Path) -> Result<(), RunError> {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        // A file that the last process of this directory is just putting away.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(unreadable(path, source)),
    };
    let mode = found.permissions().mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(RunError::Open {
            path: path.to_path_buf(),
            mode,
            directory: found.is_dir(),
        }),
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> RunError {
    let path = path.to_path_buf();
    RunError::Secret(SecretError::Io { path, source })
}

#[cfg(test)]
mod tests {
    use super::super::world::home;
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_directory_of_another_account_is_left_alone() {
        let scratch = Scratch::new("private-account");
        let home = home(scratch.path().join("node"), 0);
        same_account(&home).unwrap();
        let me = fs::metadata("/proc/self").unwrap().uid();
        // Only who may do everything can give a file away.
        if me == 0 {
            std::os::unix::fs::chown(home.key("node"), Some(65_534), None).unwrap();
            let refused = same_account(&home);
            assert!(
                matches!(&refused, Err(RunError::OtherAccount { path, account: 65_534 }) if path == home.root()),
                "{refused:?}"
            );
        }
    }
}
