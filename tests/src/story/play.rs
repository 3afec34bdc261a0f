//! Doing what a story says, in a directory of its own.

use std::env;
use std::fs;
use std::path::Path;

use super::expected::{Remembered, fill, matches};
use super::parse::{CommandStep, Step, Story};
use crate::harness::{Command, Process, Scratch, executable, wait};

/// A story under way.
struct Stage {
    /// Where its commands run.
    scratch: Scratch,
    /// What runs until the story is over, with where it prints. Last in, first out.
    running: Vec<(Process, Scratch)>,
    known: Remembered,
    path: String,
}

/// Plays the story in a file.
///
/// # Panics
/// When it cannot be read, or when something else happens than it says: with the line, what was expected and what was printed.
#[track_caller]
pub fn play(file: &Path) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let story = Story::read(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let program = executable::leerkring();
    let directory = program.parent().expect("an executable stands in a directory");
    if let Err(what) = play_with(&story, directory) {
        panic!("{}:{what}", file.display());
    }
}

/// Plays a story with the programs in a directory, before those of the machine.
fn play_with(story: &Story, programs: &Path) -> Result<(), String> {
    let path = format!("{}:{}", programs.display(), env::var("PATH").unwrap_or_default());
    let scratch = Scratch::new("story");
    let mut stage = Stage {
        scratch,
        running: Vec::new(),
        known: Remembered::new(),
        path,
    };
    for step in &story.steps {
        match step {
            Step::File { name, content } => {
                let content = fill(content, &stage.known);
                stage.scratch.write(name, &content);
            }
            Step::Command(step) => stage.perform(step).map_err(|what| format!("{}: {what}", step.line))?,
        }
    }
    while stage.running.pop().is_some() {}
    Ok(())
}

impl Stage {
    fn perform(&mut self, step: &CommandStep) -> Result<(), String> {
        if step.background {
            return self.start(step);
        }
        if !step.eventually {
            return self.attempt(step);
        }
        let mut last = String::new();
        let attempts = wait::within(wait::DEADLINE, &step.command, || match self.attempt(step) {
            Ok(()) => Some(()),
            Err(what) => {
                last = what;
                None
            }
        });
        attempts.map_err(|timed_out| format!("{timed_out}; at last\n{last}"))
    }

    fn attempt(&mut self, step: &CommandStep) -> Result<(), String> {
        let ran = self.command(step).run();
        self.compare(step, &ran.stdout)?;
        match ran.code {
            Some(code) if code == step.code => Ok(()),
            code => Err(format!(
                "$ {}\nexit code {code:?}, expected {}; printed:\n{}",
                step.command, step.code, ran.stdout
            )),
        }
    }

    fn start(&mut self, step: &CommandStep) -> Result<(), String> {
        let output = Scratch::new("background");
        let mut process = self.command(step).start_in(&output);
        let begun = wait::within(wait::DEADLINE, &step.command, || {
            let ended = process.ended();
            let compared = self.compare(step, &stdout(&output));
            (compared.is_ok() || ended.is_some()).then_some((compared, ended))
        });
        self.running.push((process, output));
        match begun {
            Ok((_, Some(status))) => Err(format!("$ {} &\nended at once ({status})", step.command)),
            Ok((compared, None)) => compared,
            Err(timed_out) => {
                let printed = self
                    .running
                    .last()
                    .map_or_else(String::new, |(_, output)| stdout(output));
                let differs = self.compare(step, &printed).err().unwrap_or_default();
                Err(format!("{timed_out}; at last\n{differs}"))
            }
        }
    }

    /// The shell with this command: both kinds of output in one, as on a screen.
    fn command(&self, step: &CommandStep) -> Command {
        let exec = if step.background { "exec " } else { "" };
        let script = format!("exec 2>&1\n{exec}{}", fill(&step.command, &self.known));
        let shell = Command::new("/bin/sh", self.scratch.path())
            .arguments(["-c", &script])
            .env("PATH", &self.path);
        match &step.node {
            Some(node) => shell.env("LEERKRING_NODE", node),
            None => shell,
        }
    }

    fn compare(&mut self, step: &CommandStep, printed: &str) -> Result<(), String> {
        match matches(&step.expected, printed, &self.known) {
            Some(known) => {
                self.known = known;
                Ok(())
            }
            None => {
                let expected = fill(&step.expected.join("\n"), &self.known);
                Err(format!(
                    "$ {}\nexpected:\n{expected}\nprinted:\n{printed}",
                    step.command
                ))
            }
        }
    }
}

/// What a command in the background has printed so far.
fn stdout(output: &Scratch) -> String {
    fs::read_to_string(output.join("stdout")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn play_text(blocks: &str) -> Result<(), String> {
        play_with(
            &Story::read(&format!("# Titel\n{blocks}")).unwrap(),
            Path::new("/nergens"),
        )
    }

    #[test]
    fn a_story_that_tells_the_truth_passes() {
        let text = "```txt brief.txt\nbeste lezer\n```\n```console kromhoek\n$ cat brief.txt; echo $LEERKRING_NODE\nbeste {wie}\nkromhoek\n\n\
                    $ echo {wie} >&2; exit 3\nlezer\n? 3\n```\n";
        assert_eq!(play_text(text), Ok(()));
    }

    #[test]
    fn a_file_may_hold_what_is_remembered() {
        let text = "```console\n$ echo ab12\n{id}\n```\n```json a.json\n{\"over\": \"{id}\"}\n```\n```console\n$ cat a.json\n{\"over\": \"ab12\"}\n```\n";
        assert_eq!(play_text(text), Ok(()));
    }

    #[test]
    fn a_story_that_does_not_is_told_where() {
        let wrong_text = play_text("```console\n$ echo a\nb\n```\n").unwrap_err();
        assert!(
            wrong_text.starts_with("3: $ echo a\nexpected:\nb\nprinted:\na"),
            "{wrong_text}"
        );
        let wrong_code = play_text("```console\n$ exit 1\n```\n").unwrap_err();
        assert!(wrong_code.contains("exit code Some(1), expected 0"), "{wrong_code}");
        let ended = play_text("```console\n$ true &\nklaar\n```\n").unwrap_err();
        assert!(ended.contains("ended at once"), "{ended}");
    }

    #[test]
    fn eventually_tries_again() {
        let text = "```console eventually\n$ echo x >> teller; cat teller | wc -l | tr -d ' '\n3\n```\n";
        assert_eq!(play_text(text), Ok(()));
    }

    #[test]
    fn what_runs_in_the_background_ends_with_the_story() {
        let notes = Scratch::new("note");
        let note = notes.join("pid");
        let loops = "$ sh -c 'echo $$; while :; do :; done' &\n{pid}";
        let notes_down = format!("$ kill -0 {{pid}} && echo {{pid}} > {}", note.display());
        assert_eq!(play_text(&format!("```console\n{loops}\n{notes_down}\n```\n")), Ok(()));
        let pid = fs::read_to_string(&note).unwrap();
        assert!(!Path::new(&format!("/proc/{}", pid.trim())).exists());
    }
}
