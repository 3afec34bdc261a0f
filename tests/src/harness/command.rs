//! One run of a program, to its end.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::process::Process;
use super::scratch::Scratch;
use super::{executable, wait};

/// The most of what a program prints that a test looks at, in bytes.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A program with everything it is given. Nothing of the environment of the test comes along but `PATH`.
#[derive(Debug, Clone)]
pub struct Command {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
    directory: PathBuf,
    stdin: Stdin,
    deadline: Duration,
}

#[derive(Debug, Clone)]
enum Stdin {
    /// These bytes, and then the end.
    Bytes(Vec<u8>),
    /// Nothing, and no end while the test lives.
    Open,
}

/// How a program ended and what it printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The command line, for messages.
    pub line: String,
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained about.
    pub stderr: String,
}

impl Command {
    /// A program, to be run in this directory.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, directory: &Path) -> Self {
        let path = std::env::var_os("PATH").unwrap_or_default();
        Command {
            program: program.into(),
            arguments: Vec::new(),
            environment: vec![("PATH".into(), path), ("HOME".into(), directory.into())],
            directory: directory.to_owned(),
            stdin: Stdin::Bytes(Vec::new()),
            deadline: wait::DEADLINE,
        }
    }

    /// The executable `leerkring` with these arguments.
    #[must_use]
    pub fn leerkring<A: AsRef<OsStr>>(directory: &Path, arguments: impl IntoIterator<Item = A>) -> Self {
        Command::new(executable::leerkring(), directory).arguments(arguments)
    }

    /// The same in a network of its own, see [`super::network`].
    #[must_use]
    pub fn inside(mut self, network: &str) -> Self {
        let program = std::mem::replace(&mut self.program, PathBuf::from("ip"));
        let exec = ["netns".into(), "exec".into(), network.into(), program.into()];
        self.arguments.splice(0..0, exec);
        self
    }

    /// More arguments.
    #[must_use]
    pub fn arguments<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// A variable of its environment; the last one of a name counts.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// What it can read; nothing when this is not called.
    #[must_use]
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Stdin::Bytes(bytes.into());
        self
    }

    /// Its input stays open as long as the test lives, however that ends: a program that stops when its input ends does not
    /// outlive a test that is killed.
    #[must_use]
    pub fn stdin_open(mut self) -> Self {
        self.stdin = Stdin::Open;
        self
    }

    /// How long it may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The command line, for messages.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = self
            .program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for argument in &self.arguments {
            let _ = write!(line, " {}", argument.to_string_lossy());
        }
        line
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started, or does not end before its deadline (it is killed then).
    #[track_caller]
    pub fn run(&self) -> Ran {
        let scratch = Scratch::new("run");
        let mut process = self.start_in(&scratch);
        let line = self.line();
        let Ok(status) = wait::within(self.deadline, &line, || process.ended()) else {
            let printed = read(&scratch.join("stdout")) + &read(&scratch.join("stderr"));
            panic!("{line} did not end within {:?}; it printed:\n{printed}", self.deadline);
        };
        let (stdout, stderr) = (read(&scratch.join("stdout")), read(&scratch.join("stderr")));
        Ran {
            line,
            code: status.code(),
            stdout,
            stderr,
        }
    }

    /// Starts it and does not wait; what it prints goes to `stdout` and `stderr` in that directory. Files and not pipes: a
    /// program that prints more than a pipe holds would wait for a reader.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn start_in(&self, output: &Scratch) -> Process {
        let create = |name: &str| File::create(output.join(name)).expect("a scratch directory can be written");
        let stdin = match &self.stdin {
            Stdin::Open => Stdio::piped(),
            Stdin::Bytes(bytes) => {
                Stdio::from(File::open(output.write("stdin", bytes)).expect("what was just written can be read"))
            }
        };
        let mut command = std::process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(self.environment.iter().cloned());
        command.stdin(stdin).stdout(create("stdout")).stderr(create("stderr"));
        match command.spawn() {
            Ok(child) => Process::new(child),
            Err(error) => panic!("{}: {error}", self.line()),
        }
    }
}

impl Ran {
    /// What it printed, if it ended well.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn succeeded(self) -> String {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.stdout
    }

    /// What it complained about, if it ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self.stderr
    }
}

fn read(path: &Path) -> String {
    let length = fs::metadata(path).map_or(0, |found| found.len());
    assert!(length <= OUTPUT_BYTES_MAX, "{} holds {length} bytes", path.display());
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        Command::new("/bin/sh", &std::env::temp_dir()).arguments(["-c", script])
    }

    #[test]
    fn output_input_environment_and_code_are_told_apart() {
        let ran = sh("cat; echo \"$A\"; echo fout >&2; exit 3")
            .stdin("in\n")
            .env("A", "b")
            .run();
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str(), ran.code),
            ("in\nb\n", "fout\n", Some(3))
        );
        assert_eq!(sh("echo \"[$USER$CARGO]\"").run().succeeded(), "[]\n");
    }

    #[test]
    fn more_than_a_pipe_holds_is_printed_to_the_end() {
        let script =
            "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789012345678; i=$((i+1)); done";
        assert_eq!(sh(script).run().succeeded().len(), 150_000);
    }

    #[test]
    #[should_panic(expected = "did not end within")]
    fn a_program_that_does_not_end_is_killed() {
        let _ = sh("echo begonnen; while :; do :; done")
            .deadline(Duration::from_millis(50))
            .run();
    }
}
