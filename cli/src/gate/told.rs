//! One text: what becomes of it, and what was found where.

use protocol::api::{Lang, Message};
use protocol::gate::{Known, Policy, ScreenedText, Span, Verdict, screen_text};
use serde_json::{Value, json};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// The most of a finding that is shown.
const SHOWN_CHARS_MAX: usize = 60;

/// Screens a text and tells it.
pub(super) fn text(text: &str, known: &Known, policy: &Policy, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let screened = screen_text(text, known, policy);
    if output.json {
        output.line(&whole(&screened, output.lang).to_string())?;
    } else {
        told(text, &screened, output)?;
    }
    Ok(ending(screened.verdict()))
}

/// What cannot be read is blocked like what cannot be judged: a program that looks at the verdict only lets nothing go.
pub(super) fn unreadable(error: CommandError, output: &mut Output<'_>) -> Result<Exit, Stop> {
    if output.json {
        let reason = error.message.text(output.lang);
        output.line(&blocked(None, reason).to_string())?;
        output.flush()?;
    }
    Err(error.into())
}

/// What is answered to a text that nobody could read.
pub(super) fn blocked(id: Option<Value>, reason: &str) -> Value {
    let mut answer = json!({
        "verdict": Verdict::Block.name(),
        "reason": reason,
        "spans": [],
        "masked": "",
    });
    if let Some(id) = id {
        answer["id"] = id;
    }
    answer
}

/// Only what is blocked makes the command fail: a finding is what the gate is for.
fn ending(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Block => Exit::Refused,
        Verdict::Pass | Verdict::Review => Exit::Ok,
    }
}

fn whole(screened: &ScreenedText, lang: Lang) -> Value {
    let spans = screened.spans.iter().map(|found| {
        let mut span = span(found);
        span["why"] = found.why(lang).into();
        span
    });
    json!({
        "verdict": screened.verdict().name(),
        "reason": screened.block.map(|reason| reason.message(lang)),
        "spans": spans.collect::<Vec<_>>(),
        "masked": screened.masked,
    })
}

/// A finding, as programs read it.
pub(super) fn span(span: &Span) -> Value {
    json!({
        "start": span.start,
        "end": span.end,
        "type": span.what.name(),
        "rule": span.rule,
        "action": span.action().name(),
    })
}

fn told(text: &str, screened: &ScreenedText, output: &mut Output<'_>) -> Result<(), Stop> {
    let verdict = screened.verdict();
    let words = match verdict {
        Verdict::Pass => Message::new("pass: niets gevonden", "pass: nothing found"),
        Verdict::Review => {
            let found = screened.spans.len();
            Message::with(
                format!("review: {found} bevindingen; een mens moet kijken"),
                format!("review: {found} findings; a person must look"),
            )
        }
        Verdict::Block => {
            let why = |lang| screened.block.map(|reason| reason.message(lang)).unwrap_or_default();
            Message::with(format!("block: {}", why(Lang::Nl)), format!("block: {}", why(Lang::En)))
        }
    };
    output.heading(&words)?;
    let characters: Vec<char> = text.chars().collect();
    for span in &screened.spans {
        let found = characters[span.start as usize..span.end as usize].iter();
        let found: String = found.take(SHOWN_CHARS_MAX).collect();
        let (start, end, rule) = (span.start, span.end, span.rule);
        let why = span.why(output.lang);
        output.line(&format!("  {start}-{end}  {}: {why} ({rule})", plain(&found)))?;
    }
    if verdict != Verdict::Block {
        output.line("")?;
        // Line by line: a text keeps its lines, but steers no terminal.
        for line in screened.masked.lines() {
            output.line(&plain(line))?;
        }
    }
    Ok(())
}
