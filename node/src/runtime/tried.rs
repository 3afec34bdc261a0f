//! Tries now and then whether the disk takes anything where a node acknowledges: a node in which nobody writes would not know
//! that it cannot, and whoever watches it would not hear of it before somebody tries.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::Home;
use crate::driver::{Disk, Pulse};
use crate::full::is_full;
use crate::trouble::Trouble;

/// The file that is written and removed.
const NAME: &str = "probeer.tmp";
/// As much as a disk gives at once: a file that fits into what is left of its directory shows nothing.
const BYTES: [u8; 16 * 1024] = [0x5a; 16 * 1024];

/// What was found the times before.
#[derive(Debug, Default)]
pub(super) struct Tried {
    own: Trouble,
    vault: Trouble,
}

impl Tried {
    /// Tries beside the own log and beside the vault.
    pub(super) fn write(&mut self, home: &Home, pulse: &Pulse, now_ms: u64) {
        // The directory of the own log is made with the first.
        let own = if home.own().exists() { home.own() } else { home.store() };
        pulse.tried(
            disk(&own, &mut self.own, now_ms),
            disk(&home.vault(), &mut self.vault, now_ms),
        );
    }
}

fn disk(dir: &Path, trouble: &mut Trouble, now_ms: u64) -> Disk {
    let path = dir.join(NAME);
    let written = written(&path);
    let removed = fs::remove_file(&path);
    match written.and(removed) {
        Ok(()) => {
            if let Some(times) = trouble.over() {
                tracing::info!(times, path = %path.display(), "it can be written here again");
            }
            Disk::Works
        }
        Err(error) => {
            if let Some(times) = trouble.again(now_ms) {
                tracing::error!(%error, times, path = %path.display(), "nothing can be written here");
            }
            if is_full(&error) { Disk::Full } else { Disk::Fails }
        }
    }
}

fn written(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(&BYTES)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::answers::health;
    use crate::runtime::world::Founded;

    #[test]
    fn a_disk_that_takes_nothing_is_told_with_the_part_that_it_holds() {
        let founded = Founded::new("tried", 1);
        let (home, pulse) = (&founded.homes[0], Pulse::default());
        fs::create_dir_all(home.vault()).unwrap();
        Tried::default().write(home, &pulse, 0);
        let works = health(&pulse.signs(), false);
        assert!(works.is_ok() && works.status == "ok", "{works:?}");
        assert!(!home.vault().join(NAME).exists());

        // A vault that is gone takes nothing, whoever asks.
        fs::remove_dir_all(home.vault()).unwrap();
        Tried::default().write(home, &pulse, 0);
        let fails = health(&pulse.signs(), false);
        let of = |name: &str| fails.onderdelen.iter().find(|part| part.naam == name).unwrap();
        assert_eq!(
            (of("vault").werkt, of("own-log").werkt, fails.is_ok()),
            (false, true, false)
        );
        assert_eq!(of("vault").reden.as_deref(), Some("niet te beschrijven"));

        fs::create_dir_all(home.vault()).unwrap();
        Tried::default().write(home, &pulse, 0);
        assert!(health(&pulse.signs(), false).is_ok());
        let full = health(&pulse.signs(), true);
        let vault = full.onderdelen.iter().find(|part| part.naam == "vault").unwrap();
        assert_eq!(vault.reden.as_deref(), Some("schijf vol"));
    }
}
