//! `gate`: what the gate finds in a text, by itself. No node, nothing leaves, nothing is kept.
//!
//! | file | what it holds |
//! |---|---|
//! | `read` | texts and lines in, with bounds |
//! | `told` | one text, for a person or a program |
//! | `lines` | many texts, a line of JSON each |
//! | `bar` | how far it is |
//! | `gold` | a text with labels |
//! | `evaluate`, `score` | the gate against labelled texts |
//!
//! **Invariant:** what could not be read is an error with its line, never a text that passes.

mod bar;
mod evaluate;
mod gold;
mod lines;
mod read;
mod score;
mod told;

use std::io::Read;
use std::path::PathBuf;

use protocol::gate::{Known, Policy};

pub use bar::Bar;

use crate::exit::Exit;
use crate::output::{Output, Stop};

/// The most characters of one text; the vault takes less, a file may hold a whole dossier.
const TEXT_CHARS_MAX: usize = 1_000_000;

/// What is asked of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Over what.
    pub what: What,
    /// Identities to look for, one per line.
    pub known: Option<PathBuf>,
}

/// Over what the gate runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// One text.
    Text(PathBuf),
    /// A text per line of JSON.
    Lines(PathBuf),
    /// Labelled texts, to measure the gate itself.
    Evaluate(PathBuf),
}

/// Runs the gate.
///
/// # Errors
/// [`Stop`] when something cannot be read, or nobody reads the answer.
pub fn gate(asked: &Asked, input: &mut dyn Read, bar: Bar<'_>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let known = match &asked.known {
        Some(file) => read::known(file)?,
        None => Known::default(),
    };
    let policy = Policy {
        text_chars_max: TEXT_CHARS_MAX,
        ..Policy::default()
    };
    match &asked.what {
        What::Text(file) => told::text(&read::text(file, input)?, &known, &policy, output),
        What::Lines(file) => lines::lines(file, input, &known, &policy, bar, output),
        What::Evaluate(file) => evaluate::evaluate(file, input, &policy, bar, output),
    }
}
