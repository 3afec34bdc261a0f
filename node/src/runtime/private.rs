//! What nobody but the account of the node may read: looked at before anything is opened.
//!
//! A secret that others could read is no secret any more, and a node that runs on with it hides that. So it does not start,
//! and says what to type. Nor does another account, who may read everything, write in the directory of a node: the node could not
//! go on with what that leaves.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use super::{ConfigError, Home, RunError};
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
pub(super) fn same_account(home: &Home) -> Result<(), ConfigError> {
    match (owner(&home.key("node")), myself()) {
        (Some(account), Some(me)) if account != me => Err(ConfigError::OtherAccount {
            path: home.root().to_path_buf(),
            account,
        }),
        _ => Ok(()),
    }
}

/// Refuses to make a node where everything is of another account, which only who may do everything could: the account that is to
/// run it would not be able to.
pub(super) fn may_make(dir: &Path) -> Result<(), ConfigError> {
    let named = |path: &'_ Path| !path.as_os_str().is_empty();
    let there = dir
        .ancestors()
        .find(|path| !named(path) || path.symlink_metadata().is_ok());
    let there = there.filter(|path| named(path)).unwrap_or(Path::new("."));
    match (owner(there), myself()) {
        (Some(account), Some(0)) if account != 0 => Err(ConfigError::OtherAccount {
            path: there.to_path_buf(),
            account,
        }),
        _ => Ok(()),
    }
}

/// The account of a file.
fn owner(path: &Path) -> Option<u32> {
    fs::metadata(path).map(|found| found.uid()).ok()
}

/// The account of this process.
fn myself() -> Option<u32> {
    owner(Path::new("/proc/self"))
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
    use std::os::unix::fs::chown;

    use super::super::world::{account, home, root};
    use super::super::{Config, Restore, card, restore};
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn the_directory_of_another_account_is_left_alone() {
        let scratch = Scratch::new("private-account");
        let home = home(scratch.path().join("node"), 0);
        Config::read(&home).unwrap();
        // Only who may do everything can give a file away.
        if myself() == Some(0) {
            chown(home.key("node"), Some(65_534), None).unwrap();
            let refused = Config::read(&home);
            assert!(
                matches!(&refused, Err(ConfigError::OtherAccount { path, account: 65_534 }) if path == home.root()),
                "{refused:?}"
            );
            assert!(card(&home, &root()).is_err());
        }
    }

    #[test]
    fn no_node_is_made_where_another_account_is_at_home() {
        let scratch = Scratch::new("private-place");
        let of_another = scratch.path().join("thuis");
        fs::create_dir(&of_another).unwrap();
        for dir in [of_another.clone(), of_another.join("node"), "node".into()] {
            may_make(&dir).unwrap();
        }
        if myself() != Some(0) {
            return;
        }
        chown(&of_another, Some(65_534), None).unwrap();
        for dir in [of_another.clone(), of_another.join("a/b")] {
            let refused = may_make(&dir);
            assert!(
                matches!(&refused, Err(ConfigError::OtherAccount { path, account: 65_534 }) if *path == of_another),
                "{refused:?}"
            );
        }
        let how = Restore {
            keys: None,
            into: &of_another.join("node"),
            alone: false,
            by: &account(),
        };
        let restored = restore(&scratch.path().join("x.reservekopie"), &how).unwrap_err();
        assert!(restored.to_string().contains("account 65534"), "{restored}");
    }
}
