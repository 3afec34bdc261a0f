//! Many texts, a line of JSON each, as they come.

use std::io::Read;
use std::path::Path;

use protocol::gate::{Known, Policy, screen_text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::read::Lines;
use super::{Bar, told};
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// A text with its id; what else stands on the line is left alone.
#[derive(Deserialize)]
struct Line {
    id: Value,
    text: String,
}

/// Screens every line. One that is blocked is told as such, and the others go on.
pub(super) fn lines(
    file: &Path,
    input: &mut dyn Read,
    known: &Known,
    policy: &Policy,
    mut bar: Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let mut lines = Lines::open(file, input)?;
    let told = each(&mut lines, known, policy, &mut bar, output);
    bar.end();
    // What came before a wrong line was answered.
    output.flush()?;
    told
}

fn each(
    lines: &mut Lines<'_>,
    known: &Known,
    policy: &Policy,
    bar: &mut Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    while let Some(Line { id, text }) = lines.next::<Line>()? {
        let screened = screen_text(&text, known, policy);
        let mut answer = json!({
            "id": id,
            "verdict": screened.verdict().name(),
            "spans": screened.spans.iter().map(told::span).collect::<Vec<_>>(),
            "masked": screened.masked,
        });
        if let Some(reason) = screened.block {
            answer["reason"] = reason.message(output.lang).into();
        }
        output.line(&answer.to_string())?;
        bar.at(lines.bytes, lines.total, lines.number);
    }
    Ok(Exit::Ok)
}
