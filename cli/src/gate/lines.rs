//! Many texts, a line of JSON each, as they come.

use std::io::Read;
use std::path::Path;

use protocol::api::Lang;
use protocol::gate::{Known, Policy, screen_text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::read::Lines;
use super::{Bar, told};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// A text with its id; what else stands on the line is left alone.
#[derive(Deserialize)]
struct Line {
    id: Value,
    text: String,
}

/// Screens every line. One that is blocked, or cannot be read, is told as such, and the others go on; at the end the first that
/// could not be read makes the command fail.
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
    // What came before a failure was answered.
    output.flush()?;
    match told? {
        Some(wrong) => Err(wrong.into()),
        None => Ok(Exit::Ok),
    }
}

/// Answers every line; what is wrong with the first that could not be read.
fn each(
    lines: &mut Lines<'_>,
    known: &Known,
    policy: &Policy,
    bar: &mut Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Option<CommandError>, Stop> {
    let mut first = None;
    while let Some(line) = lines.next_or_wrong::<Line>()? {
        let answer = match line {
            Ok(line) => screened(line, known, policy, output.lang),
            Err(why) => {
                let answer = told::blocked(Some(lines.id()), why.text(output.lang));
                first.get_or_insert_with(|| lines.wrong(&why));
                answer
            }
        };
        output.line(&answer.to_string())?;
        bar.at(lines.bytes, lines.total, lines.number);
    }
    Ok(first)
}

fn screened(Line { id, text }: Line, known: &Known, policy: &Policy, lang: Lang) -> Value {
    let screened = screen_text(&text, known, policy);
    let mut answer = json!({
        "id": id,
        "verdict": screened.verdict().name(),
        "spans": screened.spans.iter().map(told::span).collect::<Vec<_>>(),
        "masked": screened.masked,
    });
    if let Some(reason) = screened.block {
        answer["reason"] = reason.message(lang).into();
    }
    answer
}
