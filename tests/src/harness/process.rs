//! A process that runs until it is told to stop. It does not outlive its value.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use super::wait::{self, TimedOut};

/// A running process.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Takes care of a child.
    #[must_use]
    pub fn new(child: Child) -> Self {
        Process { child }
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, once it has.
    ///
    /// # Panics
    /// When the machine does not know the process.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child
            .try_wait()
            .expect("a child can be asked about until it was waited for")
    }

    /// SIGKILL, as by a power cut for everything but the disk, and waits until it is gone.
    ///
    /// # Panics
    /// When the machine does not know the process.
    pub fn kill(&mut self) {
        if self.ended().is_none() {
            self.child.kill().expect("a child that has not ended can be killed");
            self.child.wait().expect("a child that was killed can be waited for");
        }
    }

    /// SIGTERM: asks it to stop. The shell sends it, because the standard library cannot.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn ask_to_stop(&self) {
        self.signal("TERM");
    }

    /// SIGINT: Ctrl-C.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn interrupt(&self) {
        self.signal("INT");
    }

    fn signal(&self, name: &str) {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", &format!("kill -{name} {}", self.pid())])
            .stdin(Stdio::null());
        let sent = shell.status().expect("/bin/sh can be run");
        assert!(sent.success(), "SIG{name} could not be sent to {}", self.pid());
    }

    /// SIGTERM, and waits until it has ended.
    ///
    /// # Errors
    /// [`TimedOut`] when it has not ended before the deadline.
    pub fn stop(&mut self, deadline: Duration) -> Result<ExitStatus, TimedOut> {
        self.ask_to_stop();
        wait::within(deadline, "the end of a process after SIGTERM", || self.ended())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing can be done about a process that cannot be killed, and a panic here would hide the one under way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;
    use crate::harness::{self, Scratch};

    fn sh(script: &str) -> Process {
        Process::new(
            Command::new("/bin/sh")
                .args(["-c", script])
                .stdout(Stdio::null())
                .spawn()
                .unwrap(),
        )
    }

    #[test]
    fn sigterm_can_be_answered_and_sigkill_cannot() {
        let scratch = Scratch::new("process");
        let script = "trap 'exit 7' TERM; echo klaar; while :; do :; done";
        let command = harness::Command::new("/bin/sh", scratch.path()).arguments(["-c", script]);
        let mut polite = command.start_in(&scratch);
        let ready = || {
            std::fs::read_to_string(scratch.join("stdout"))
                .ok()
                .filter(|printed| !printed.is_empty())
        };
        wait::until("the trap to be set", ready);
        assert_eq!(polite.stop(wait::DEADLINE).map(|status| status.code()), Ok(Some(7)));
        let mut stubborn = sh("trap '' TERM; while :; do :; done");
        stubborn.kill();
        assert_eq!(stubborn.ended().and_then(|status| status.signal()), Some(9));
    }

    #[test]
    fn a_process_does_not_outlive_its_value() {
        let process = sh("while :; do :; done");
        let place = format!("/proc/{}", process.pid());
        let alive = || std::path::Path::new(&place).exists();
        assert!(alive() || !std::path::Path::new("/proc/self").exists());
        drop(process);
        assert!(!alive());
    }
}
