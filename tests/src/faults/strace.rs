//! One system call of a program fails, as a disk makes it: `strace` does it from outside, so that what runs is the
//! program as people have it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

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
