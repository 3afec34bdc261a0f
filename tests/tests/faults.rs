//! Every call to the disk fails once: what was acknowledged is there after the next start, whole, and the node opens.
#![allow(
    clippy::print_stdout,
    reason = "the process whose disk fails says what it acknowledged"
)]

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use node::runtime::{self, FaultKind, Home, RunError, VerifyError};
use node::store::{OpenError, Sled};
use protocol::log::{Replica, Stored};
use protocol::store::Store as _;
use tests::faults::script::{self, Acknowledged};
use tests::faults::strace::{self, Fault};
use tests::harness::{Scratch, wait};
use tests::scope;

/// Where the process whose disk fails finds its node, and how much it is to do.
const HOME: &str = "LEERKRING_FAULTS_HOME";
const CHARTER: &str = "LEERKRING_FAULTS_CHARTER";
const OPERATIONS: &str = "LEERKRING_FAULTS_OPERATIONS";
/// Operations in the script of which every call fails once, and in the longer one that runs as well when nothing is left out.
const FEW: usize = 200;
const MANY: usize = 2_000;
/// Calls of the longer one that fail, spread over all of it: each of them would take a day.
const MANY_RUNS: u64 = 1_000;
/// How the process says that it ended well, or could not.
const CLOSED: &str = "closed";
const FAILED: &str = "failed: ";
/// Where calls fail, so many of them at least must come after something was acknowledged, of a hundred.
const LATER_MIN: usize = 40;
/// How long one run may take, with others beside it: more than a store waits for a disk that says nothing, and then some.
const RUN_WAIT: Duration = Duration::from_secs(300);
/// Runs at once: they mostly wait for the disk.
const WORKERS: usize = 6;

/// The process whose disk fails: it plays the script on its node, and prints what was acknowledged.
#[test]
fn the_process_whose_disk_fails() {
    let Some(home) = std::env::var_os(HOME) else {
        return;
    };
    let operations = std::env::var(OPERATIONS).unwrap().parse().unwrap();
    // A line that cannot be written is one that nobody was told.
    let tell = |done: Acknowledged| drop(writeln!(io::stdout(), "\n{done}"));
    let charter = std::env::var(CHARTER).unwrap();
    let played = script::play(&Home::new(home), &charter, operations, tell);
    // It failed as a whole when it could not even be opened or closed: then it says so, as a node does.
    let word = played.map_or_else(|error| format!("{FAILED}{error}"), |()| CLOSED.to_owned());
    // Twice, since one call fails.
    drop(writeln!(io::stdout(), "\n{word}"));
    drop(writeln!(io::stderr(), "\n{word}"));
}

/// sled panics when the last sync of all fails, after everything was made durable: a node ends with 70 and says so.
fn is_closing(line: &str) -> bool {
    line.contains("panicked at") && line.contains("sled-0.34.7/src/pagecache/logger.rs")
}

/// What every run plays.
struct Script {
    charter: String,
    operations: usize,
}

/// What one run acknowledged, with the system failing as told; every line that the process printed.
fn run(home: &Path, report: &Path, fault: Option<Fault>, script: &Script) -> Vec<String> {
    let program = std::env::current_exe().expect("a running test has an executable");
    let mut command = strace::watched(&program, report, fault);
    command.args([
        "--exact",
        "the_process_whose_disk_fails",
        "--nocapture",
        "--test-threads=1",
    ]);
    command.env("RUST_BACKTRACE", "0");
    command.env(HOME, home).env(CHARTER, &script.charter);
    command.env(OPERATIONS, script.operations.to_string());
    let (said, complained) = (report.with_extension("out"), report.with_extension("err"));
    command
        .stdout(File::create(&said).expect("a scratch directory can be written"))
        .stderr(File::create(&complained).expect("a scratch directory can be written"));
    let ended = strace::end(&mut command, RUN_WAIT);
    let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).expect("it was made a moment ago")).into_owned();
    let printed: Vec<String> = read(&said).lines().map(str::to_owned).collect();
    let complaint = read(&complained);
    let status: ExitStatus = ended.unwrap_or_else(|| {
        panic!(
            "{fault:?}: it hung, and was killed after {RUN_WAIT:?}: {complaint}\n{}",
            printed.join("\n")
        )
    });
    let mut lines = printed.iter().map(String::as_str).chain(complaint.lines());
    let told = lines.any(|line| line == CLOSED || line.starts_with(FAILED) || is_closing(line));
    // Before `main` the loader reads libraries, and the harness around the script reads and writes as well; whatever fails
    // there ends the process before anything was done. A panic of sled is caught and told, but for one when it closes; any other that escapes is not.
    let began = printed.iter().any(|line| Acknowledged::read(line).is_some());
    assert!(
        status.code().is_some(),
        "{fault:?}: it was killed by a signal: {complaint}"
    );
    assert!(
        told || !began,
        "{fault:?}: it ended without a word: {complaint}\n{}",
        printed.join("\n")
    );
    printed
}

/// Opens what a run left, with a disk that works again, and compares it with what was acknowledged.
fn check(home: &Home, printed: &[String], case: &str) -> usize {
    let said: Vec<Acknowledged> = printed.iter().filter_map(|line| Acknowledged::read(line)).collect();
    let opened = match runtime::open_replica(home) {
        // sled takes a place that it cannot read as it opens for its end, and writes there. The store says so and takes nothing.
        Err(RunError::Store(OpenError::Damaged { .. })) if said.is_empty() => {
            runtime::doctor(home).unwrap_or_else(|error| panic!("{case}: {error}"));
            runtime::open_replica(home)
        }
        opened => opened,
    };
    let opened = opened.unwrap_or_else(|error| panic!("{case}: it does not open: {error}"));
    compare(&opened.0, &said, case);
    // All of it: the keys hold the store as well, and threads of sled a moment longer.
    drop(opened);
    let verified = wait::until("a store that is closed", || match runtime::verify(home) {
        Err(VerifyError::InUse { .. }) => None,
        verified => Some(verified),
    });
    let verified = verified.unwrap_or_else(|error| panic!("{case}: {error}"));
    let wrong: Vec<_> = verified
        .faults
        .iter()
        .filter(|fault| fault.kind != FaultKind::OwnMissing)
        // What it belonged to comes with the charter, once more.
        .filter(|fault| !(said.is_empty() && fault.kind == FaultKind::Lost))
        .collect();
    assert!(wrong.is_empty(), "{case}: {wrong:?}");
    said.len()
}

/// What was acknowledged is held, whole.
fn compare(replica: &Replica<Sled>, said: &[Acknowledged], case: &str) {
    for done in said {
        match done {
            Acknowledged::Entry { log, seq, header } => {
                let held = replica
                    .header(*log, *seq)
                    .unwrap_or_else(|error| panic!("{case}: {error}"));
                assert_eq!(held.map(|held| held.hash()), Some(*header), "{case}: entry {seq}");
                let stored = replica
                    .stored(*log, *seq)
                    .unwrap_or_else(|error| panic!("{case}: {error}"));
                assert!(matches!(stored, Stored::Whole(_)), "{case}: entry {seq} is {stored:?}");
            }
            Acknowledged::Withdrawn(document) => {
                let withdrawn = replica.roster().erasures().withdrawn(*document).is_some();
                assert!(withdrawn, "{case}: {document} was withdrawn");
                let forgotten = replica.store().is_forgotten(*document);
                assert!(
                    forgotten.unwrap_or_else(|error| panic!("{case}: {error}")),
                    "{case}: {document} is erased"
                );
            }
        }
    }
}

/// A copy of the founded node.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a scratch directory can be written");
    for found in fs::read_dir(from).expect("the founded node is there") {
        let found = found.expect("its directory can be read");
        let place = to.join(found.file_name());
        if found.file_type().expect("its directory can be read").is_dir() {
            copy(&found.path(), &place);
        } else {
            fs::copy(found.path(), place).expect("the disk has room");
        }
    }
}

/// Runs one fault on a fresh copy; how many operations were acknowledged, or nothing when the call was not made this
/// time.
fn fail_once(founded: &Path, scratch: &Scratch, fault: Fault, script: &Script) -> Option<usize> {
    let place = scratch.join(format!("{}-{}-{}", fault.call, fault.when, fault.error));
    copy(founded, &place);
    let report = place.with_extension("report");
    let printed = run(&place, &report, Some(fault), script);
    let acknowledged = check(&Home::new(&place), &printed, &format!("{fault:?}"));
    let struck = strace::struck(&fs::read_to_string(&report).expect("strace wrote a report"));
    fs::remove_dir_all(&place).expect("a scratch directory can be removed");
    for end in ["report", "out", "err"] {
        fs::remove_file(place.with_extension(end)).expect("a run leaves its report and what it printed");
    }
    struck.then_some(acknowledged)
}

#[test]
fn every_call_to_the_disk_can_fail_and_nothing_acknowledged_is_lost() {
    if !strace::is_here() {
        return scope::left_out("a disk that fails at every call: strace is not here, or may not watch a process");
    }
    fail_each(FEW, u64::MAX);
    match scope::full() {
        true => fail_each(MANY, MANY_RUNS),
        false => scope::left_out(&format!(
            "a disk that fails: {MANY_RUNS} calls of a script of {MANY} operations"
        )),
    }
}

/// Plays a script of so many operations over and over, each time with another call that fails, so often at most.
fn fail_each(operations: usize, runs_max: u64) {
    let scratch = Scratch::new("faults");
    let founded: PathBuf = scratch.join("founded");
    let charter = script::init(&Home::new(&founded));
    let script = Script { charter, operations };
    let whole = scratch.join("whole");
    copy(&founded, &whole);
    let report = scratch.join("report");
    let printed = run(&whole, &report, None, &script);
    let acknowledged = check(&Home::new(&whole), &printed, "no fault");
    assert!(
        acknowledged > operations * 7 / 10,
        "{acknowledged} of {operations}: {printed:?}"
    );
    let counted = strace::counted(&fs::read_to_string(&report).expect("strace wrote a report"));
    let calls: u64 = counted.values().sum();
    let every = calls.div_ceil(runs_max);
    let faults: Vec<Fault> = counted
        .iter()
        .flat_map(|(call, times)| (1..=*times).map(|when| (*call, when)))
        .step_by(usize::try_from(every).expect("a script has fewer calls"))
        .map(|(call, when)| Fault {
            call,
            when,
            error: if (when / every).is_multiple_of(2) && call.contains("write") {
                "ENOSPC"
            } else {
                "EIO"
            },
        })
        .collect();
    println!("{} of {calls} calls fail, one in each run: {counted:?}", faults.len());
    let queue = Mutex::new(faults.iter());
    let next = || queue.lock().expect("nothing panics while it is held").next().copied();
    let work = || {
        std::iter::from_fn(next)
            .map(|fault| fail_once(&founded, &scratch, fault, &script))
            .collect()
    };
    let runs: Vec<Option<usize>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| -> Vec<Option<usize>> { worker.join().expect("a run tells what is wrong with it") })
            .collect()
    });
    let struck = runs.iter().flatten().count();
    let later = runs.iter().flatten().filter(|acknowledged| **acknowledged > 0).count();
    println!(
        "{struck} of {} calls failed, {later} of them after something was acknowledged",
        runs.len()
    );
    assert!(
        struck * 100 >= runs.len() * 95,
        "{struck} of {} calls were made",
        runs.len()
    );
    assert!(
        later * 100 >= struck * LATER_MIN,
        "{later} of {struck} came after something was acknowledged"
    );
}
