//! A node as a real process: started, asked, killed, started again.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use protocol::api::Stand;
use serde::Deserialize;

use super::api::Api;
use super::command::{Command, Ran};
use super::process::Process;
use super::records;
use super::scratch::Scratch;
use super::wait;

/// A node must have stopped this long after SIGTERM.
pub const STOP: Duration = Duration::from_secs(5);

/// What a running node says of itself in `node.json`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Ready {
    /// The process.
    pub pid: u32,
    /// Root of the API.
    pub api: String,
    /// How the network names it.
    pub peer: String,
    /// Where other nodes can reach it.
    pub addresses: Vec<String>,
}

/// One node with its directory. It may be running or not.
#[derive(Debug)]
pub struct Node {
    home: PathBuf,
    environment: Vec<(String, OsString)>,
    /// The network of its own that it is in, if it is in one.
    network: Option<String>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    process: Process,
    output: Scratch,
    ready: Ready,
}

impl Node {
    /// The node in this directory, not running.
    #[must_use]
    pub fn new(home: impl Into<PathBuf>) -> Self {
        Node {
            home: home.into(),
            environment: Vec::new(),
            network: None,
            running: None,
        }
    }

    /// The same in a network of its own: the node and every command to it.
    #[must_use]
    pub fn inside(mut self, network: Option<String>) -> Self {
        self.network = network;
        self
    }

    /// Its directory.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Sets a variable of the environment in which it runs, and in which it is asked.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.push((name.to_owned(), value.into()));
    }

    /// A command to this node.
    #[must_use]
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let directory = self.home.parent().unwrap_or(&self.home);
        let command = Command::leerkring(directory, arguments).env("LEERKRING_NODE", &self.home);
        let set = |command: Command, (name, value): &(String, OsString)| command.env(name, value);
        let command = self.environment.iter().fold(command, set);
        match &self.network {
            Some(network) => command.inside(network),
            None => command,
        }
    }

    /// A command to this node, run to its end.
    ///
    /// # Panics
    /// When it does not end in time.
    #[track_caller]
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        self.command(arguments).run()
    }

    /// Takes an invitation in with the fingerprint that the file has, as whoever wrote it would read it out.
    ///
    /// # Panics
    /// When the file is no invitation.
    #[track_caller]
    pub fn join(&self, invitation: &Path) -> Ran {
        let read = self
            .command(["charter", "show", "--json"])
            .arguments([invitation])
            .run();
        let said: serde_json::Value = serde_json::from_str(&read.succeeded()).expect("an invitation as JSON");
        let print = said["vingerafdruk"].as_str().expect("an invitation has a fingerprint");
        let command = self.command(["join", "--fingerprint", print]);
        command.arguments([invitation]).run()
    }

    /// Starts it and waits until it says where it answers.
    ///
    /// # Panics
    /// When it runs already, or ends instead of answering: with what it printed.
    #[track_caller]
    pub fn start(&mut self) -> &Ready {
        self.start_with(&[])
    }

    /// The same with more options, such as `--offline`.
    ///
    /// # Panics
    /// As [`Node::start`].
    #[track_caller]
    pub fn start_with(&mut self, options: &[&str]) -> &Ready {
        if let Err(what) = self.try_start_with(options) {
            panic!("{}: {what}", self.home.display());
        }
        self.ready()
    }

    /// The same for a node that may refuse.
    ///
    /// # Errors
    /// How it ended, with what it printed.
    ///
    /// # Panics
    /// When it runs already.
    #[track_caller]
    pub fn try_start(&mut self) -> Result<(), String> {
        self.try_start_with(&[])
    }

    #[track_caller]
    fn try_start_with(&mut self, options: &[&str]) -> Result<(), String> {
        assert!(self.running.is_none(), "{} runs already", self.home.display());
        let output = Scratch::new("node");
        let command = self
            .command(["node", "--stop-with-stdin", "--dir"])
            .arguments([&self.home])
            .arguments(options)
            .env("LEERKRING_LOG", "debug");
        let mut process = command.stdin_open().start_in(&output);
        let pid = process.pid();
        let ready = wait::within(wait::DEADLINE, "a node that is ready", || match process.ended() {
            Some(status) => Some(Err(format!("it ended ({status})"))),
            None => self.says(pid).map(Ok),
        });
        let ready = ready.map_err(|timed_out| timed_out.to_string()).and_then(|ready| ready);
        let ready = ready.map_err(|what| format!("{what}; it printed:\n{}", printed(&output)))?;
        self.running = Some(Running { process, output, ready });
        Ok(())
    }

    /// What `node.json` says, when this process wrote it and not an earlier one that was killed.
    fn says(&self, pid: u32) -> Option<Ready> {
        let text = fs::read_to_string(self.home.join("node.json")).ok()?;
        let ready: Ready = serde_json::from_str(&text).ok()?;
        (ready.pid == pid).then_some(ready)
    }

    /// What it says of itself.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    #[track_caller]
    pub fn ready(&self) -> &Ready {
        &self
            .running
            .as_ref()
            .expect("only a node that was started is asked where it answers")
            .ready
    }

    /// What it is asked over its API.
    ///
    /// # Panics
    /// When it does not run.
    #[must_use]
    #[track_caller]
    pub fn api(&self) -> Api {
        Api::of(&self.home).expect("a node that runs says where it answers")
    }

    /// How it is doing.
    ///
    /// # Panics
    /// When it does not answer.
    #[must_use]
    #[track_caller]
    pub fn stand(&self) -> Stand {
        let stand = self.api().stand(records::week());
        stand.expect("a node that runs says how it is doing")
    }

    /// Shares the signal with this number, which leaves at once; its id in the network.
    ///
    /// # Panics
    /// When it does not answer, or did not take it.
    #[track_caller]
    pub fn share_signal(&self, number: usize) -> String {
        let signal = records::signal(&format!("s-{number}"), number);
        let approvals = self.api().share(&[signal]).expect("a node that runs answers");
        approvals[0].record.expect("it left").to_string()
    }

    /// Proposes that one gemeente becomes part of another on 1 January, with the vote of this node's own.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn propose_merger(&self, from: &str, into: &str) {
        let merge = [
            "charter",
            "merge",
            "--from",
            from,
            "--into",
            into,
            "--date",
            "2027-01-01",
        ];
        self.run(merge).succeeded();
    }

    /// Whether it was started and has not been stopped or killed here.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Changes its configuration, which is read at the next start.
    ///
    /// # Panics
    /// When the configuration does not hold `from`.
    #[track_caller]
    pub fn configure(&self, from: &str, to: &str) {
        let path = self.home.join("leerkring.toml");
        let text = fs::read_to_string(&path).expect("a node has a configuration");
        assert!(text.contains(from), "{from:?} is not in:\n{text}");
        fs::write(&path, text.replace(from, to)).expect("a configuration can be written");
    }

    /// SIGKILL. Nothing happens to a node that does not run.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.process.kill();
        }
    }

    /// SIGTERM, and waits until it has stopped.
    ///
    /// # Panics
    /// When it does not run, or takes longer than [`STOP`].
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        let mut running = self.running.take().expect("only a node that was started is stopped");
        match running.process.stop(STOP) {
            Ok(status) => status,
            Err(timed_out) => panic!("{timed_out}; it printed:\n{}", printed(&running.output)),
        }
    }

    /// What the process that runs now has printed.
    #[must_use]
    pub fn printed(&self) -> String {
        self.running
            .as_ref()
            .map_or_else(String::new, |running| printed(&running.output))
    }
}

fn printed(output: &Scratch) -> String {
    let read = |name: &str| fs::read(output.join(name)).unwrap_or_default();
    [read("stdout"), read("stderr")]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat()
}
