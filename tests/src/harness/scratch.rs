//! A directory of one test, gone when the test is over.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Two tests in one process must not get the same directory; two processes differ by their id.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A fresh directory. With `LEERKRING_KEEP=1` it stays, to look at what a failing test left.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
}

impl Scratch {
    /// A fresh, empty directory whose name starts with this.
    ///
    /// # Panics
    /// When the machine has no place for it.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("leerkring-{name}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path); // Of an earlier process with the same id, which was killed.
        fs::create_dir_all(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Scratch { path }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A place in it.
    #[must_use]
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// Writes a file in it, in the place of one that was there, and says where.
    ///
    /// **Invariant:** nothing outside this directory changes. What stood in the place is removed first and the file is made anew,
    /// so that a link is replaced and never written through.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        let _ = fs::remove_file(&path); // Mostly there is none; if it cannot go, making it anew fails.
        let made = File::create_new(&path).and_then(|mut file| file.write_all(content.as_ref()));
        made.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::env::var("LEERKRING_KEEP").is_ok_and(|keep| keep == "1") {
            return;
        }
        // A test may have taken its own rights away (wrong permissions are one of the errors we test). Nothing is lost when a
        // directory in the temporary place of the machine stays.
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_fresh_and_goes_with_what_is_in_it() {
        let (one, other) = (Scratch::new("same"), Scratch::new("same"));
        assert_ne!(one.path(), other.path());
        let file = one.write("a.txt", "x");
        assert_eq!(fs::read_to_string(&file).unwrap(), "x");
        let path = one.path().to_owned();
        drop(one);
        assert!(!path.exists() && other.path().exists());
    }
    #[test]
    fn a_link_is_replaced_and_what_it_points_at_is_left_alone() {
        let (one, other) = (Scratch::new("link"), Scratch::new("pointed-at"));
        let outside = other.write("system", "untouched");
        std::os::unix::fs::symlink(&outside, one.join("name")).unwrap();
        let inside = one.write("name", "ours");
        assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched");
        assert_eq!(fs::read_to_string(&inside).unwrap(), "ours");
        assert_eq!(fs::read_to_string(one.write("name", "again")).unwrap(), "again");
    }
}
