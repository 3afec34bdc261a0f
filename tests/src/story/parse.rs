//! From Markdown to steps.

use std::fmt;

/// What a story does, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Its first heading.
    pub title: String,
    /// What it does.
    pub steps: Vec<Step>,
}

/// One thing that a story does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A file is written.
    File {
        /// Its name, in the directory of the story.
        name: String,
        /// What it holds.
        content: String,
    },
    /// A command is given.
    Command(CommandStep),
}

/// A command and what it must print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandStep {
    /// The line in the story, from 1.
    pub line: usize,
    /// The node whose terminal this is.
    pub node: Option<String>,
    /// Whether it is repeated until it prints what is expected.
    pub eventually: bool,
    /// Whether it keeps running.
    pub background: bool,
    /// What the shell is given.
    pub command: String,
    /// What is expected, line by line.
    pub expected: Vec<String>,
    /// The exit code.
    pub code: i32,
}

/// Why a text is no story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryError {
    /// There is no heading.
    NoTitle,
    /// There is no command in it.
    NoCommand,
    /// A block is opened and never closed.
    Open(usize),
    /// What is printed stands before any command.
    NoPrompt(usize),
    /// The exit code is no number.
    Code(usize),
}

impl fmt::Display for StoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoryError::NoTitle => f.write_str("a story opens with a heading: # ..."),
            StoryError::NoCommand => f.write_str("there is no command in it"),
            StoryError::Open(line) => write!(f, "line {line}: the block is never closed"),
            StoryError::NoPrompt(line) => write!(f, "line {line}: output before any `$ command`"),
            StoryError::Code(line) => write!(f, "line {line}: `?` is followed by an exit code"),
        }
    }
}

/// A fenced block: the line of its fence, the words after it and its lines.
struct Block<'a> {
    line: usize,
    words: Vec<&'a str>,
    lines: Vec<&'a str>,
}

impl Story {
    /// Reads a story.
    ///
    /// # Errors
    /// [`StoryError`].
    pub fn read(text: &str) -> Result<Self, StoryError> {
        let title = text
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .ok_or(StoryError::NoTitle)?;
        let mut steps = Vec::new();
        for block in blocks(text)? {
            match block.words[..] {
                ["console", ..] => steps.extend(commands(&block)?.into_iter().map(Step::Command)),
                [_, name, ..] => steps.push(Step::File {
                    name: name.to_owned(),
                    content: block.content(),
                }),
                _ => {} // For people only.
            }
        }
        if !steps.iter().any(|step| matches!(step, Step::Command(_))) {
            return Err(StoryError::NoCommand);
        }
        Ok(Story {
            title: title.trim().to_owned(),
            steps,
        })
    }
}

impl Block<'_> {
    fn content(&self) -> String {
        self.lines.iter().flat_map(|line| [line, "\n"]).collect()
    }
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, StoryError> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(_), Some(block)) => blocks.push(block),
            (Some(words), None) => {
                open = Some(Block {
                    line: index + 1,
                    words: words.split_whitespace().collect(),
                    lines: Vec::new(),
                });
            }
            (None, Some(mut block)) => {
                block.lines.push(line);
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    match open {
        Some(block) => Err(StoryError::Open(block.line)),
        None => Ok(blocks),
    }
}

fn commands(block: &Block<'_>) -> Result<Vec<CommandStep>, StoryError> {
    let node = block
        .words
        .get(1)
        .filter(|word| **word != "eventually")
        .map(|word| (*word).to_owned());
    let eventually = block.words.contains(&"eventually");
    let mut commands: Vec<CommandStep> = Vec::new();
    for (index, text) in block.lines.iter().enumerate() {
        let line = block.line + 1 + index;
        if let Some(command) = text.strip_prefix("$ ") {
            let background = command.ends_with(" &");
            let command = command.trim_end_matches(" &").to_owned();
            let node = node.clone();
            commands.push(CommandStep {
                line,
                node,
                eventually,
                background,
                command,
                expected: Vec::new(),
                code: 0,
            });
            continue;
        }
        let last = commands.last_mut().ok_or(StoryError::NoPrompt(line))?;
        match text.strip_prefix("? ") {
            Some(code) => last.code = code.trim().parse().map_err(|_| StoryError::Code(line))?,
            None => last.expected.push(text.trim_end().to_owned()),
        }
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_steps() {
        let text = "# Titel\nProza.\n```json a.json\n{}\n```\n```console een eventually\n$ leerkring list\nA\n\n$ leerkring x\n? 2\n```\n```\nniets\n```\n";
        let story = Story::read(text).unwrap();
        let command = |line, command: &str, expected: &[&str], code| {
            Step::Command(CommandStep {
                line,
                node: Some("een".into()),
                eventually: true,
                background: false,
                command: command.into(),
                expected: expected.iter().map(|line| (*line).to_owned()).collect(),
                code,
            })
        };
        assert_eq!(story.title, "Titel");
        assert_eq!(
            story.steps,
            [
                Step::File {
                    name: "a.json".into(),
                    content: "{}\n".into()
                },
                command(7, "leerkring list", &["A", ""], 0),
                command(10, "leerkring x", &[], 2),
            ]
        );
    }

    #[test]
    fn a_command_in_the_background_is_told_by_its_ampersand() {
        let story = Story::read("# T\n```console\n$ leerkring node &\n```\n").unwrap();
        let Step::Command(step) = &story.steps[0] else {
            panic!("{story:?}")
        };
        assert!(step.background && step.command == "leerkring node" && step.node.is_none());
    }

    #[test]
    fn what_is_no_story_says_why() {
        let cases = [
            ("geen titel", StoryError::NoTitle),
            ("# T\nproza", StoryError::NoCommand),
            ("# T\n```console\n$ a\n", StoryError::Open(2)),
            ("# T\n```console\nuitvoer\n```\n", StoryError::NoPrompt(3)),
            ("# T\n```console\n$ a\n? nul\n```\n", StoryError::Code(4)),
        ];
        for (text, error) in cases {
            assert_eq!(Story::read(text), Err(error), "{text}");
        }
    }
}
