//! The executable that cargo built, beside the test that runs.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Why there is no executable to test with.
#[derive(Debug, PartialEq, Eq)]
pub enum ExecutableError {
    /// It was never built.
    Absent(PathBuf),
    /// A source is newer than the executable: a test of it would prove something about yesterday.
    Stale {
        /// The executable.
        executable: PathBuf,
        /// The source that is newer.
        source: PathBuf,
    },
}

impl fmt::Display for ExecutableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExecutableError::Absent(path) => write!(f, "{} is not there", path.display())?,
            ExecutableError::Stale { executable, source } => {
                write!(f, "{} is older than {}", executable.display(), source.display())?;
            }
        }
        f.write_str(": first `cargo build --release -p cli` (tests/run does)")
    }
}

/// The executable `leerkring`.
///
/// # Panics
/// When it was not built, or is older than one of its sources.
#[must_use]
pub fn leerkring() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has an executable");
    let target = test
        .ancestors()
        .nth(2)
        .expect("cargo puts tests in a directory below the executables");
    match fresh(&target.join("leerkring")) {
        Ok(path) => path,
        Err(error) => panic!("{error}"),
    }
}

/// The executable at a path, if it is at least as new as the sources that cargo lists beside it.
fn fresh(path: &Path) -> Result<PathBuf, ExecutableError> {
    let built = changed(path).ok_or_else(|| ExecutableError::Absent(path.to_owned()))?;
    let listed = fs::read_to_string(path.with_extension("d")).unwrap_or_default();
    let sources = listed.split_once(": ").map_or("", |(_, sources)| sources);
    let newer = sources
        .split_whitespace()
        .map(PathBuf::from)
        .find(|source| changed(source).is_some_and(|at| at > built));
    match newer {
        Some(source) => Err(ExecutableError::Stale {
            executable: path.to_owned(),
            source,
        }),
        None => Ok(path.to_owned()),
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::Scratch;

    #[test]
    fn an_executable_older_than_a_source_is_refused() {
        let scratch = Scratch::new("executable");
        let path = scratch.join("leerkring");
        assert_eq!(fresh(&path), Err(ExecutableError::Absent(path.clone())));
        let source = scratch.write("a.rs", "");
        scratch.write("leerkring", "");
        scratch.write("leerkring.d", format!("{}: {}\n", path.display(), source.display()));
        let age = |path: &Path, at| fs::File::open(path).and_then(|file| file.set_modified(at)).unwrap();
        let now = SystemTime::now();
        age(&path, now);
        age(&source, now - std::time::Duration::from_secs(1));
        assert_eq!(fresh(&path), Ok(path.clone()));
        age(&source, now + std::time::Duration::from_secs(1));
        assert_eq!(
            fresh(&path),
            Err(ExecutableError::Stale {
                executable: path,
                source
            })
        );
    }
}
