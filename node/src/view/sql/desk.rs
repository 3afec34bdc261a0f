//! Where questions in SQL are handed in: it starts the processes that answer them, and ends the one that is not to go on.
//!
//! **Invariant:** when [`Desk::ask`] returns, nobody works on that question any more.

use std::ffi::OsString;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::frame::{replied, send_json};
use super::{Answer, Asked, Fault};
use crate::stop::Stop;

/// Processes that are kept between questions.
const KEPT_MAX: usize = 3;
/// How often is looked whether a question is to go on.
const LOOK: Duration = Duration::from_millis(50);
/// How long a process may go on beyond what it was told before it is ended: it may be busy with one value.
const BEYOND: Duration = Duration::from_secs(1);
/// How long a question may take to be taken.
const TAKEN: Duration = Duration::from_secs(5);

/// What is started to answer questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The executable.
    pub path: PathBuf,
    /// What it is told.
    pub args: Vec<OsString>,
}

/// Why a question was not answered at all.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Whoever asked does not want to know any more.
    #[error("the question was taken back")]
    Stopped,
    /// No process could be started.
    #[error("no process answers questions: {0}")]
    Start(#[source] io::Error),
    /// The process ended, or says what none says.
    #[error("the process that answers questions ended: {0}")]
    Ended(#[source] io::Error),
}

/// Where questions are handed in.
#[derive(Debug)]
pub struct Desk {
    program: Program,
    idle: Mutex<Vec<Worker>>,
    running: AtomicUsize,
}

#[derive(Debug)]
struct Worker {
    child: Child,
    stream: UnixStream,
}

impl Program {
    /// This very program, told to answer questions about the view in a file.
    #[must_use]
    pub fn own(view: &Path) -> Self {
        // The executable on disk may be another version by now, which speaks otherwise.
        let path = PathBuf::from("/proc/self/exe");
        Self {
            path: path
                .exists()
                .then_some(path)
                .or_else(|| std::env::current_exe().ok())
                .unwrap_or_default(),
            args: vec!["answer".into(), view.into()],
        }
    }
}

impl Desk {
    /// A desk of which the questions are answered by this program.
    #[must_use]
    pub fn new(program: Program) -> Self {
        Self {
            program,
            idle: Mutex::new(Vec::new()),
            running: AtomicUsize::new(0),
        }
    }

    /// Questions that are being answered.
    #[must_use]
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Acquire)
    }

    /// Has a question answered, unless `stop` is said.
    ///
    /// # Errors
    /// [`DeskError`]; a question that is wrong or too much has a [`Fault`] for an answer.
    pub fn ask(&self, asked: &Asked, stop: &Stop) -> Result<Result<Answer, Fault>, DeskError> {
        let _under_way = UnderWay::new(&self.running);
        // A std mutex: it is held for a push or a pop, never while a question runs.
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(mut worker) = idle {
            match worker.ask(asked, stop) {
                // It had waited long enough and was leaving.
                Err(DeskError::Ended(_)) => {}
                outcome => return self.keep(worker, outcome),
            }
        }
        let mut worker = Worker::start(&self.program).map_err(DeskError::Start)?;
        let outcome = worker.ask(asked, stop);
        self.keep(worker, outcome)
    }

    /// Keeps a process that can go on, and ends one that cannot.
    fn keep(
        &self,
        worker: Worker,
        outcome: Result<Result<Answer, Fault>, DeskError>,
    ) -> Result<Result<Answer, Fault>, DeskError> {
        let spent = |fault: &Fault| matches!(fault, Fault::Late { .. } | Fault::Memory { .. } | Fault::View { .. });
        let goes_on = outcome.as_ref().is_ok_and(|answer| !answer.as_ref().is_err_and(spent));
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if goes_on && idle.len() < KEPT_MAX {
            idle.push(worker);
        }
        outcome
    }
}

impl Worker {
    fn start(program: &Program) -> io::Result<Self> {
        let (stream, theirs) = UnixStream::pair()?;
        stream.set_read_timeout(Some(LOOK))?;
        stream.set_write_timeout(Some(TAKEN))?;
        let child = Command::new(&program.path)
            .args(&program.args)
            .env_clear()
            // Otherwise it starts itself anew to have this: see `memory`.
            .env("MALLOC_ARENA_MAX", "2")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            // What it says of a failure may quote what it read.
            .stderr(Stdio::null())
            // Ctrl-C at a terminal is for the node, which lets questions under way end.
            .process_group(0)
            .spawn()?;
        Ok(Self { child, stream })
    }

    fn ask(&mut self, asked: &Asked, stop: &Stop) -> Result<Result<Answer, Fault>, DeskError> {
        send_json(&mut &self.stream, asked).map_err(DeskError::Ended)?;
        let mut patient = Patient {
            stream: &self.stream,
            stop,
            until: Instant::now() + Duration::from_millis(asked.ms) + BEYOND,
        };
        replied(&mut patient).map_or_else(
            |error| match error.kind() {
                _ if stop.is_said() => Err(DeskError::Stopped),
                io::ErrorKind::TimedOut => Ok(Err(Fault::Late { ms: asked.ms })),
                _ => Err(DeskError::Ended(error)),
            },
            Ok,
        )
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end, and it is taken from the list of processes all the same.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what may take its time, until it has taken too much or nobody wants it.
struct Patient<'a> {
    stream: &'a UnixStream,
    stop: &'a Stop,
    until: Instant,
}

impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.is_said() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            match self.stream.read(buffer) {
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if Instant::now() >= self.until {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                other => return other,
            }
        }
    }
}

/// Counts a question for as long as it is being answered.
struct UnderWay<'a>(&'a AtomicUsize);

impl<'a> UnderWay<'a> {
    fn new(running: &'a AtomicUsize) -> Self {
        running.fetch_add(1, Ordering::AcqRel);
        Self(running)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}
