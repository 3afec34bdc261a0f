//! One system call of a program fails, as a disk makes it: `strace` does it from outside, so that what runs is the
//! program as people have it.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::harness::wait;

/// Calls by which a program reads and writes files, and that a disk can fail. Those that this machine does not have are none.
pub const CALLS: [&str; 16] = [
    "openat",
    "read",
    "pread64",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "ftruncate",
    "fallocate",
    "rename",
    "unlink",
    "mkdir",
    "getdents64",
    "statx",
    "lseek",
];

/// A call that is to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Which.
    pub call: &'static str,
    /// Of each thread, from 1.
    pub when: u64,
    /// What the system says.
    pub error: &'static str,
}

/// Whether a program can be watched here at all: the tool must be there, and allowed.
#[must_use]
pub fn is_here() -> bool {
    let mut probe = Command::new("strace");
    probe.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=openat", "true"]);
    let ran = probe
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ran.is_ok_and(|status| status.success())
}

/// The program under `strace`, of which the report goes to a file; with a fault, one call of it fails.
#[must_use]
pub fn watched(program: &Path, report: &Path, fault: Option<Fault>) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "--seccomp-bpf", "-o"]).arg(report);
    match fault {
        None => command.args(["-e", &format!("trace={}", CALLS.join(","))]),
        Some(Fault { call, when, error }) => command
            .args(["-e", &format!("trace={call}")])
            .args(["-e", &format!("inject={call}:error={error}:when={when}")]),
    };
    command.arg(program);
    command
}

/// Runs a command until it ends, or for so long; nothing when it had to be killed then, with whatever it started. A program
/// under `strace` outlives it otherwise.
///
/// # Panics
/// When it cannot be run.
pub fn end(command: &mut Command, deadline: Duration) -> Option<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("what was here a moment ago can be run");
    let asked = || {
        child
            .try_wait()
            .expect("a child can be asked about until it was waited for")
    };
    let ended = wait::within(deadline, "the end of a program", asked);
    if ended.is_err() {
        let group = format!("kill -KILL -{}", child.id());
        let killed = Command::new("/bin/sh").args(["-c", &group]).status();
        assert!(
            killed.is_ok_and(|status| status.success()),
            "{command:?} cannot be killed"
        );
        child.wait().expect("a child that was killed can be waited for");
    }
    ended.ok()
}

/// Whether the call that was to fail was made at all, as a report says it.
#[must_use]
pub fn struck(report: &str) -> bool {
    report.lines().any(|line| line.ends_with("(INJECTED)"))
}

/// Of each call, how often the thread that made it most often did, as a report says it.
#[must_use]
pub fn counted(report: &str) -> BTreeMap<&'static str, u64> {
    let mut of_thread: BTreeMap<(&'static str, &str), u64> = BTreeMap::new();
    for line in report.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let name = rest.trim_start().split('(').next().unwrap_or_default();
        if let Some(call) = CALLS.iter().find(|call| **call == name) {
            *of_thread.entry((call, thread)).or_default() += 1;
        }
    }
    let mut most = BTreeMap::new();
    for ((call, _), times) in of_thread {
        let known: &mut u64 = most.entry(call).or_default();
        *known = times.max(*known);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::Scratch;

    #[test]
    fn what_does_not_end_is_killed_with_what_it_started() {
        let scratch = Scratch::new("hung");
        let pid = scratch.join("pid");
        let hangs = format!(
            "sh -c 'echo $$ > {0}.new; mv {0}.new {0}; while :; do :; done' & wait",
            pid.display()
        );
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &hangs]);
        assert_eq!(end(&mut shell, Duration::from_secs(1)), None);
        let started = std::fs::read_to_string(&pid).unwrap();
        let gone = || (!Path::new("/proc").join(started.trim()).join("exe").exists()).then_some(());
        wait::until("what it started to be gone", gone);
        let mut polite = Command::new("/bin/sh");
        polite.args(["-c", "exit 7"]);
        assert_eq!(end(&mut polite, wait::DEADLINE).and_then(|ended| ended.code()), Some(7));
    }

    #[test]
    fn a_call_that_failed_is_told_from_one_that_was_never_made() {
        assert!(struck(
            "7 fsync(3) = -1 EIO (Input/output error) (INJECTED)\n7 write(1, \"x\", 1) = 1\n"
        ));
        assert!(!struck("7 fsync(3) = 0\n"));
    }

    #[test]
    fn calls_are_counted_by_thread() {
        let report = "7 openat(AT_FDCWD, \"a\") = 3\n7 openat(AT_FDCWD, \"b\") = 4\n8  openat(AT_FDCWD, \"c\") = 5\n\
            8  write(1, \"x\", 1) = 1\n8  exit_group(0) = ?\n7 +++ exited with 0 +++\n";
        assert_eq!(counted(report), BTreeMap::from([("openat", 2), ("write", 1)]));
    }
}
