//! Which tips this node does not show, in a file of its own.
//!
//! It stands beside the vault and not in it, since it says nothing of anybody's case, and travels in no backup: a node that was
//! made anew shows what it is given until somebody switches that off.
//!
//! **Invariant:** a file that cannot be read is an error, never an empty file: what somebody switched off stays off.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::secret::replace;

/// Largest file that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Tips that are kept as switched off; what no kring gives any more is forgotten first.
const OFF_MAX: usize = 10_000;
/// The form of the file.
const FORM: u32 = 1;

/// What is switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Switched {
    /// All, also what is yet to come.
    pub(super) all_off: bool,
    off: BTreeSet<String>,
}

impl Switched {
    /// Whether a tip is shown.
    pub(super) fn is_on(&self, tip: &str) -> bool {
        !self.all_off && !self.off.contains(tip)
    }
}

#[derive(Serialize, Deserialize)]
struct File {
    form: u32,
    alle_uit: bool,
    uit: BTreeSet<String>,
}

/// Why nothing can be said or changed of what is switched off.
#[derive(Debug, thiserror::Error)]
pub(super) enum SwitchesError {
    /// One was to be switched on while all are off.
    #[error("all tips are switched off")]
    AllOff,
    /// The file is of no form that this version knows.
    #[error("{} cannot be read; remove it to have every tip shown", path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// It could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The file.
#[derive(Debug)]
pub(super) struct Switches {
    path: PathBuf,
    /// Held while the file is read and written again.
    change: Mutex<()>,
}

impl Switches {
    /// Of this file, which need not be there.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            change: Mutex::default(),
        }
    }

    /// What is switched off.
    pub(super) fn read(&self) -> Result<Switched, SwitchesError> {
        let file = match fs::File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Switched::default()),
            Err(error) => return Err(self.failed(error)),
        };
        let mut text = Vec::new();
        let read = file.take(FILE_BYTES_MAX).read_to_end(&mut text);
        read.map_err(|error| self.failed(error))?;
        let form = || SwitchesError::Form {
            path: self.path.clone(),
        };
        let file: File = serde_json::from_slice(&text).map_err(|_| form())?;
        if file.form != FORM {
            return Err(form());
        }
        Ok(Switched {
            all_off: file.alle_uit,
            off: file.uit,
        })
    }

    /// Switches one, or all, and says what is switched off now. `known` are the tips that there are.
    pub(super) fn switch(
        &self,
        tip: Option<&str>,
        on: bool,
        known: &BTreeSet<&str>,
    ) -> Result<Switched, SwitchesError> {
        let _change = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = self.read()?;
        match (tip, on) {
            (None, on) => {
                now.all_off = !on;
                now.off.clear();
            }
            (Some(_), true) if now.all_off => return Err(SwitchesError::AllOff),
            (Some(tip), true) => drop(now.off.remove(tip)),
            (Some(tip), false) => drop(now.off.insert(tip.to_owned())),
        }
        if now.off.len() > OFF_MAX {
            now.off.retain(|tip| known.contains(tip.as_str()));
        }
        let file = File {
            form: FORM,
            alle_uit: now.all_off,
            uit: now.off.clone(),
        };
        let bytes = serde_json::to_vec_pretty(&file).expect("ids are plain text");
        replace(&self.path, &bytes).map_err(|error| self.failed(error))?;
        Ok(now)
    }

    fn failed(&self, source: io::Error) -> SwitchesError {
        SwitchesError::Io {
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn what_is_switched_off_stays_off_also_after_a_restart() {
        let dir = Scratch::new("switches");
        let path = dir.path().join("tips.json");
        let known = BTreeSet::from(["a", "b"]);
        let switches = Switches::new(path.clone());
        assert!(switches.read().unwrap().is_on("a"));
        switches.switch(Some("a"), false, &known).unwrap();
        let kept = Switches::new(path.clone()).read().unwrap();
        assert!(!kept.is_on("a") && kept.is_on("b"));
        assert!(switches.switch(Some("a"), true, &known).unwrap().is_on("a"));
        switches.switch(None, false, &known).unwrap();
        let none = Switches::new(path).read().unwrap();
        assert!(!none.is_on("a") && !none.is_on("yet to come"), "none means none");
        let one = switches.switch(Some("a"), true, &known);
        assert!(matches!(one, Err(SwitchesError::AllOff)));
        assert!(switches.switch(None, true, &known).unwrap().is_on("a"));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_no_reason_to_show_what_was_switched_off() {
        let dir = Scratch::new("switches-form");
        let path = dir.path().join("tips.json");
        let switches = Switches::new(path.clone());
        for damaged in ["", "{", r#"{"form":2,"alle_uit":false,"uit":[]}"#] {
            fs::write(&path, damaged).unwrap();
            assert!(matches!(switches.read(), Err(SwitchesError::Form { .. })), "{damaged}");
            let switched = switches.switch(None, true, &BTreeSet::new());
            assert!(switched.is_err(), "nothing is written over it");
        }
    }
}
