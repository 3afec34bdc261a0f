//! The command line as people and programs see it, against a node that answers from a script.
//!
//! Help texts and answers are compared with agreed texts in `tests/golden`; running the tests with
//! `LEERKRING_BLESS=1` writes those anew.

mod answers;
mod canned;
mod charter;
mod export;
mod gate;
mod golden;
mod help;
mod intake;
mod joining;
mod keys;
mod kring;
mod learning;
mod papers;
mod query;
mod quorum;
mod readme;
mod simulate;
mod states;
mod sticks;
mod tips;

use std::ffi::OsString;
use std::io::Read;

use crate::output::World;

/// How a command line ended.
struct Ran {
    code: u8,
    output: String,
    errors: String,
}

/// Words that Dutch does not have, and that stand in what a program says of itself.
const ENGLISH: [&str; 43] = [
    "a", "an", "and", "at", "by", "busy", "could", "cut", "damaged", "does", "failed", "for", "from", "has", "here",
    "idle", "it", "know", "left", "lost", "made", "mended", "more", "not", "off", "once", "out", "refused", "room",
    "serve", "store", "that", "the", "this", "to", "unknown", "us", "view", "weekly", "which", "with", "wrong", "yet",
];

/// Refuses a text for a Dutch reader that has a word of English in it. An option is typed as it is in every language.
#[track_caller]
pub(crate) fn assert_dutch(text: &str) {
    let parts = text.split_whitespace().filter(|part| !part.starts_with("--"));
    let words = parts.flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let english: Vec<&str> = words
        .filter(|word| ENGLISH.contains(&word.to_lowercase().as_str()))
        .collect();
    assert!(english.is_empty(), "{english:?} in {text}");
}

/// Runs a command line, with what it reads on standard input and finds in its environment.
fn run(words: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
    run_at(false, words, input, environment)
}

/// The same where somebody sits at a terminal and types this, in a terminal without colours.
fn typed(words: &[&str], input: &str) -> Ran {
    run_at(true, words, input, &[("NO_COLOR", "1")])
}

fn run_at(terminal: bool, words: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
    run_reading(terminal, words, &mut input.as_bytes(), environment)
}

/// The same where what is read may take its time.
fn run_reading(terminal: bool, words: &[&str], input: &mut dyn Read, environment: &[(&str, &str)]) -> Ran {
    let mut args: Vec<OsString> = vec!["leerkring".into()];
    args.extend(words.iter().map(OsString::from));
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let variable = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let exit = crate::run(
        &args,
        &mut World {
            input,
            output: &mut output,
            errors: &mut errors,
            variable: &variable,
            terminal,
            width: None,
            watched: false,
            typed: terminal,
        },
    );
    Ran {
        code: exit.code(),
        output: String::from_utf8(output).unwrap(),
        errors: String::from_utf8(errors).unwrap(),
    }
}
