//! `share`: records into the vault, and what the gate says of them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use protocol::api::{self, BODY_BYTES_MAX, Fault, Finding, Format, Intake, Lang, Message, Outcome, Verdict, path};

use serde_json::json;

use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate;
use crate::output::{Output, Stop, plain};

/// Reads the file and hands it to the node.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn share(
    client: &Client,
    file: &Path,
    format: Option<Format>,
    known: Option<&Path>,
    input: &mut dyn Read,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let body = read(file, input)?;
    let format = format.unwrap_or(Format::Json);
    let text = match known {
        None => client.post(path::CONCEPTEN, format.media(), &body)?,
        Some(known) => client.post(path::CONCEPTEN, api::MEDIA_JSON, &beside(file, body, format, known)?)?,
    };
    let intake: Intake = parse(&text)?;
    if output.json {
        lines(&intake, output)?;
    } else {
        show(&intake, output)?;
    }
    Ok(ending(&intake))
}

/// The file as text, beside what is known of the case.
fn beside(file: &Path, body: Vec<u8>, format: Format, known: &Path) -> Result<Vec<u8>, CommandError> {
    let known = gate::known(known)?.into_identities();
    let text = String::from_utf8(body).map_err(|error| gate::no_text(file, error.utf8_error().valid_up_to()))?;
    let asked = json!({"bestand": text, "vorm": format.ending(), "bekenden": known});
    Ok(serde_json::to_vec(&asked).expect("texts have a form in JSON"))
}

fn read(file: &Path, input: &mut dyn Read) -> Result<Vec<u8>, CommandError> {
    let mut body = Vec::new();
    let failed = |error: io::Error| CommandError::of_file(file, error);
    let limit = BODY_BYTES_MAX as u64 + 1;
    if file == Path::new("-") {
        input.take(limit).read_to_end(&mut body).map_err(failed)?;
    } else {
        File::open(file)
            .map_err(failed)?
            .take(limit)
            .read_to_end(&mut body)
            .map_err(failed)?;
    }
    if body.len() > BODY_BYTES_MAX {
        return Err(CommandError::new(
            Exit::Input,
            Message::with(
                format!("{} is groter dan {BODY_BYTES_MAX} bytes", file.display()),
                format!("{} is larger than {BODY_BYTES_MAX} bytes", file.display()),
            ),
        )
        .hinting(Message::new(
            "verdeel de invoer over meer bestanden",
            "divide the input over more files",
        )));
    }
    Ok(body)
}

fn lines(intake: &Intake, output: &mut Output<'_>) -> Result<(), Stop> {
    for outcome in &intake.concepten {
        let line = serde_json::to_string(outcome).expect("an outcome is plain text and numbers");
        output.line(&line)?;
    }
    Ok(())
}

fn show(intake: &Intake, output: &mut Output<'_>) -> Result<(), Stop> {
    for outcome in &intake.concepten {
        match outcome {
            Outcome::Taken {
                id,
                verdict,
                findings,
                eerder,
                ..
            } => {
                output.line(&format!("{}  {}", plain(id), verdict_text(*verdict, output.lang)))?;
                eerder.iter().try_for_each(|before| twice(before, output))?;
                for finding in findings {
                    output.line(&format!("  {}", finding_text(finding, output.lang)))?;
                }
            }
            Outcome::Refused { id, fouten } => {
                let id = id.as_deref().unwrap_or("-");
                let text = match output.lang {
                    Lang::Nl => "niet opgenomen",
                    Lang::En => "not taken in",
                };
                output.line(&format!("{}  {text}", plain(id)))?;
                for fault in fouten {
                    output.line(&format!("  {}", fault_text(fault, output.lang)))?;
                }
            }
        }
    }
    summary(intake, output)
}

/// It was taken in before under this id.
fn twice(before: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let before = plain(before);
    output.say(&Message::with(
        format!("  dit lag er al, als {before}"),
        format!("  this was there already, as {before}"),
    ))
}

fn summary(intake: &Intake, output: &mut Output<'_>) -> Result<(), Stop> {
    let all = intake.concepten.len();
    let taken = intake
        .concepten
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Taken { .. }))
        .count();
    output.say(&Message::with(
        format!("{taken} van {all} vastgelegd; er is nog niets gedeeld. Verder met leerkring review"),
        format!("{taken} of {all} recorded; nothing is shared yet. Go on with leerkring review"),
    ))?;
    let again = |outcome: &&Outcome| matches!(outcome, Outcome::Taken { eerder: Some(_), .. });
    match intake.concepten.iter().filter(again).count() {
        0 => Ok(()),
        again => output.say(&Message::with(
            format!("{again} daarvan lag er al, en is niet nog eens opgenomen"),
            format!("{again} of these was there already, and was not taken in again"),
        )),
    }
}

fn ending(intake: &Intake) -> Exit {
    let ending = |outcome: &Outcome| match outcome {
        Outcome::Refused { .. } => Exit::Input,
        Outcome::Taken {
            verdict: Verdict::Block,
            ..
        } => Exit::Refused,
        Outcome::Taken { .. } => Exit::Ok,
    };
    intake.concepten.iter().map(ending).max().unwrap_or(Exit::Ok)
}

/// What the gate says, for a person.
#[must_use]
pub fn verdict_text(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (Verdict::Pass, Lang::Nl) => "niets gevonden",
        (Verdict::Pass, Lang::En) => "nothing found",
        (Verdict::Review, Lang::Nl) => "eerst bekijken",
        (Verdict::Review, Lang::En) => "look first",
        (Verdict::Block, Lang::Nl) => "tegengehouden",
        (Verdict::Block, Lang::En) => "held back",
    }
}

/// A finding on one line.
#[must_use]
pub fn finding_text(finding: &api::Finding, lang: Lang) -> String {
    let Finding {
        veld,
        start,
        einde,
        melding,
        actie,
        ..
    } = finding;
    // What becomes of the text stands in the sentence; that nothing leaves does not.
    let held = match actie.as_str() {
        "block" => lang.pick(" (houdt het record tegen)", " (holds the record back)"),
        _ => "",
    };
    plain(&format!("{veld} {start}-{einde}: {melding}{held}"))
}

/// A fault on one line.
#[must_use]
pub fn fault_text(fault: &Fault, lang: Lang) -> String {
    let problem = api::Problem::of_fault(fault.clone(), lang);
    let error = CommandError::of_problem(&problem, lang);
    let hint = error
        .hint
        .as_ref()
        .map(|hint| format!("; {}", hint.text(lang)))
        .unwrap_or_default();
    plain(&format!("{}{hint}", error.message.text(lang)))
}
