//! A small disk: a file system of its own in memory, which fills up, and which can be made larger.
//!
//! Only who may mount file systems can make one.

use std::path::Path;
use std::process::{Command, Stdio};

use super::Scratch;

/// A small disk, mounted for as long as the value lives.
#[derive(Debug)]
pub struct Disk {
    place: Scratch,
}

impl Disk {
    /// A disk of so many megabytes; nothing where none can be mounted.
    #[must_use]
    pub fn of(megabytes: usize) -> Option<Self> {
        let place = Scratch::new("disk");
        let size = format!("size={megabytes}m");
        let mounted = ran("mount", &["-t", "tmpfs", "-o", &size, "tmpfs"], place.path());
        mounted.then_some(Disk { place })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// Makes room.
    ///
    /// # Panics
    /// When the machine refuses.
    pub fn grow_to(&self, megabytes: usize) {
        let size = format!("remount,size={megabytes}m");
        assert!(ran("mount", &["-o", &size], self.path()), "the disk does not grow");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily: a process that a failing test leaves behind for a moment must not keep it.
        ran("umount", &["-l"], self.path());
    }
}

fn ran(program: &str, arguments: &[&str], place: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).arg(place).stdin(Stdio::null());
    let ran = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}
