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

use protocol::api::Message;
use protocol::gate::{CasePatternError, CasePatterns, Known, Policy};

pub use bar::Bar;
pub(crate) use read::{known, no_text};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// The most characters of one text; the vault takes less, a file may hold a whole dossier.
const TEXT_CHARS_MAX: usize = 1_500_000;

/// What is asked of the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Over what.
    pub what: What,
    /// Identities to look for, one per line.
    pub known: Option<PathBuf>,
    /// What case numbers look like.
    pub case_numbers: Vec<String>,
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
        case_numbers: case_numbers(&asked.case_numbers)?,
        ..Policy::default()
    };
    match &asked.what {
        What::Text(file) => match read::text(file, input) {
            Ok(text) => told::text(&text, &known, &policy, output),
            Err(error) => told::unreadable(error, output),
        },
        What::Lines(file) => lines::lines(file, input, &known, &policy, bar, output),
        What::Evaluate(file) => evaluate::evaluate(file, input, &policy, bar, output),
    }
}

fn case_numbers(written: &[String]) -> Result<CasePatterns, CommandError> {
    CasePatterns::new(written.iter().map(String::as_str)).map_err(|error| {
        let why = case_number(error);
        CommandError::new(
            Exit::Usage,
            Message::with(
                format!("--case-number past niet: {}", why.nl),
                format!("--case-number does not fit: {}", why.en),
            ),
        )
        .hinting(Message::new(
            "geef een patroon als Z/##/######: # is een cijfer, @ een letter, * nog meer cijfers",
            "give a pattern such as Z/##/######: # is a digit, @ a letter, * any more digits",
        ))
        .caused_by(error)
    })
}

/// What is wrong with the pattern of a case number.
pub(crate) fn case_number(error: CasePatternError) -> Message {
    let nl = match error {
        CasePatternError::Length { found } => format!("een zaaknummer telt 4 tot 32 tekens, niet {found}"),
        CasePatternError::Digits { found } => format!("een zaaknummer heeft ten minste 3 cijfers (#), niet {found}"),
        CasePatternError::Character { found } => {
            format!("{found:?} kan niet in een zaaknummer: alleen letters, cijfers, # @ * en - / . _ en spaties")
        }
        CasePatternError::TooMany => "hooguit 4 patronen voor zaaknummers".to_owned(),
    };
    Message::with(nl, error.to_string())
}
