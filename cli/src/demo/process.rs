//! The processes of the practice federation: one `leerkring node` per gemeente, stopped whatever happens.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use protocol::api::Message;
use serde_json::Value;

use super::{pause, system};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// How long a node may take to say that it is ready.
const START_MAX: Duration = Duration::from_secs(60);
/// How long a node may take to stop.
const STOP_MAX: Duration = Duration::from_secs(10);

/// A node that runs. Dropped, it is stopped: it holds the other end of its standard input, which closes with it, also
/// when this process is killed.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    /// Its directory.
    pub(super) dir: PathBuf,
    /// The root of its API.
    pub(super) api: String,
    /// Its name on the network.
    pub(super) peer: String,
}

impl Process {
    /// Starts the node in a directory and waits until it answers.
    pub(super) fn start(dir: &Path, offline: bool) -> Result<Self, CommandError> {
        let mut command = Command::new(own_program()?);
        command.args(["node", "--stop-with-stdin", "--dir"]).arg(dir);
        if offline {
            command.arg("--offline");
        }
        let log = log_file(dir)?;
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log);
        let mut child = command.spawn().map_err(|error| system("leerkring node", error))?;
        let stdin = child.stdin.take();
        let mut process = Self {
            child,
            stdin,
            dir: dir.to_path_buf(),
            api: String::new(),
            peer: String::new(),
        };
        process.await_ready()?;
        Ok(process)
    }

    /// The process id.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn await_ready(&mut self) -> Result<(), CommandError> {
        let deadline = Instant::now() + START_MAX;
        loop {
            if let Some(ready) = read_ready(&self.dir, self.pid()) {
                ready["api"].as_str().unwrap_or_default().clone_into(&mut self.api);
                ready["peer"].as_str().unwrap_or_default().clone_into(&mut self.peer);
                return Ok(());
            }
            if self.child.try_wait().is_ok_and(|ended| ended.is_some()) || Instant::now() > deadline {
                return Err(not_ready(&self.dir));
            }
            pause();
        }
    }

    /// Ends the process at this instant, as a power cut would.
    pub(super) fn kill(mut self) -> Result<(), CommandError> {
        let killed = self.child.kill().and_then(|()| self.child.wait());
        killed.map(drop).map_err(|error| system("SIGKILL", error))
    }

    /// Asks the node to stop, and waits until it has.
    pub(super) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stdin.take());
        let deadline = Instant::now() + STOP_MAX;
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            pause();
        }
        // It did not stop in time; nothing it acknowledged is lost by this.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// This very program.
fn own_program() -> Result<PathBuf, CommandError> {
    std::env::current_exe().map_err(|error| system("the path of this program", error))
}

fn log_file(dir: &Path) -> Result<Stdio, CommandError> {
    let opened = File::options()
        .create(true)
        .append(true)
        .open(dir.join("leerkringd.log"));
    opened.map(Stdio::from).map_err(|error| system("leerkringd.log", error))
}

/// What the node of this process wrote once it was ready; a file that an earlier process left does not count.
fn read_ready(dir: &Path, pid: u32) -> Option<Value> {
    let text: io::Result<String> = fs::read_to_string(dir.join("node.json"));
    let ready: Value = serde_json::from_str(&text.ok()?).ok()?;
    (ready["pid"].as_u64() == Some(u64::from(pid))).then_some(ready)
}

fn not_ready(dir: &Path) -> CommandError {
    let log = dir.join("leerkringd.log");
    let message = Message::with(
        format!("de node in {} start niet", dir.display()),
        format!("the node in {} does not start", dir.display()),
    );
    let hint = Message::with(format!("zie {}", log.display()), format!("see {}", log.display()));
    CommandError::new(Exit::Internal, message).hinting(hint)
}
