//! `share`: records into the vault, and what the gate says of them.

mod batch;
mod encoding;
mod mapping;
mod sheet;
mod table;
mod tried;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use protocol::api::{self, BODY_BYTES_MAX, Fault, Finding, Format, Intake, Lang, Message, Outcome, Verdict, path};

use serde_json::json;

pub use encoding::Encoding;

use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate::{self, Bar};
use crate::output::{Output, Stop, plain};
use crate::search;
use crate::tips;
use table::Table;

/// Largest file of rows, which goes to the node in parts.
const ROWS_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How a file is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One record, a list of them, or an object with a list `records`.
    Json,
    /// One record per line.
    JsonLines,
    /// Rows as text.
    Csv,
    /// Rows in a workbook.
    Xlsx,
}

impl Form {
    /// The names that can be typed.
    pub const NAMES: [&'static str; 4] = ["json", "jsonl", "csv", "xlsx"];

    /// The form that the name of a file suggests.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        Self::of_name(&name.rsplit_once('.')?.1.to_ascii_lowercase())
    }

    /// The form with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            "xlsx" => Some(Self::Xlsx),
            _ => None,
        }
    }
}

/// What is to be taken in, and how it is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The file; `-` is standard input.
    pub file: PathBuf,
    /// How it is written down; by the name of the file when absent.
    pub form: Option<Form>,
    /// The sheet of a workbook; the first when absent.
    pub sheet: Option<String>,
    /// How columns become fields.
    pub mapping: Option<PathBuf>,
    /// How letters are written down; as the file shows it when absent.
    pub encoding: Option<Encoding>,
    /// Identities of the case, one per line.
    pub known: Option<PathBuf>,
    /// Only say what would become of it.
    pub dry_run: bool,
}

/// What became of a file: an outcome per record, and of rows where they stand and what they said.
struct Handed {
    intake: Intake,
    rows: Option<Table>,
}

/// Reads the file and hands it to the node.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn share(
    client: &Client,
    asked: &Asked,
    input: &mut dyn Read,
    bar: Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let form = asked.form.unwrap_or(Form::Json);
    check(asked, form)?;
    let handed = match form {
        Form::Json => whole(client, asked, Format::Json, input)?,
        Form::JsonLines => whole(client, asked, Format::JsonLines, input)?,
        Form::Csv => {
            let bytes = read(&asked.file, input, ROWS_BYTES_MAX)?;
            let rows = table::of_text(&encoding::text_of(&bytes, asked.encoding)?)?;
            in_parts(client, asked, rows, bar, output.lang)?
        }
        Form::Xlsx => {
            let bytes = read(&asked.file, input, ROWS_BYTES_MAX)?;
            let rows = sheet::read(&bytes, asked.sheet.as_deref())?;
            in_parts(client, asked, rows, bar, output.lang)?
        }
    };
    let Handed { intake, rows } = handed;
    if !asked.dry_run {
        return told(&intake, output);
    }
    tried::show(&intake, rows.as_ref(), output)?;
    Ok(ending(&intake))
}

/// Shows what became of records that were handed in.
///
/// # Errors
/// [`Stop`] when it cannot be shown.
pub fn told(intake: &Intake, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match output.json {
        true => lines(intake, output)?,
        false => show(intake, output)?,
    }
    Ok(ending(intake))
}

/// The file as text, beside what is known of the case.
fn beside(file: &Path, body: Vec<u8>, format: Format, known: &Path) -> Result<Vec<u8>, CommandError> {
    let known = gate::known(known)?.into_identities();
    let text = String::from_utf8(body).map_err(|error| gate::no_text(file, error.utf8_error().valid_up_to()))?;
    let asked = json!({"bestand": text, "vorm": format.ending(), "bekenden": known});
    Ok(serde_json::to_vec(&asked).expect("texts have a form in JSON"))
}

/// Refuses an option that the form of the file gives no place to.
fn check(asked: &Asked, form: Form) -> Result<(), CommandError> {
    let is_rows = matches!(form, Form::Csv | Form::Xlsx);
    let wrong = match () {
        () if asked.mapping.is_some() && !is_rows => "--mapping",
        () if asked.encoding.is_some() && form != Form::Csv => "--encoding",
        () if asked.sheet.is_some() && form != Form::Xlsx => "--sheet",
        () => return Ok(()),
    };
    Err(CommandError::new(
        Exit::Usage,
        Message::with(
            format!("{wrong} past niet bij deze vorm van invoer"),
            format!("{wrong} does not go with this form of input"),
        ),
    )
    .hinting(Message::new(
        "--mapping is voor csv en xlsx, --encoding voor csv, --sheet voor xlsx; --format zegt welke vorm het is",
        "--mapping is for csv and xlsx, --encoding for csv, --sheet for xlsx; --format says which form it is",
    )))
}

/// Where records are handed in.
fn place(asked: &Asked) -> String {
    match asked.dry_run {
        true => format!("{}?proef=true", path::CONCEPTEN),
        false => path::CONCEPTEN.to_owned(),
    }
}

/// Hands records over as they are.
fn whole(client: &Client, asked: &Asked, format: Format, input: &mut dyn Read) -> Result<Handed, CommandError> {
    let body = read(&asked.file, input, BODY_BYTES_MAX)?;
    let intake = hand(client, asked, format, body)?;
    Ok(Handed { intake, rows: None })
}

/// Hands a body over, with what is known of the case beside it.
fn hand(client: &Client, asked: &Asked, format: Format, body: Vec<u8>) -> Result<Intake, CommandError> {
    let place = place(asked);
    parse(&match &asked.known {
        None => client.post(&place, format.media(), &body)?,
        Some(known) => client.post(&place, api::MEDIA_JSON, &beside(&asked.file, body, format, known)?)?,
    })
}

/// Hands rows over in parts. What was taken in before a part fails stays, and is not taken in twice when the file is read again.
fn in_parts(client: &Client, asked: &Asked, rows: Table, mut bar: Bar<'_>, lang: Lang) -> Result<Handed, CommandError> {
    let rows = match &asked.mapping {
        Some(path) => mapping::read(path)?.apply(rows)?,
        None => rows,
    };
    if rows.rows.is_empty() {
        return Err(nothing());
    }
    let mut intake = Intake::default();
    let total = rows.rows.len() as u64;
    for batch in batch::batches(&rows) {
        let done = intake.concepten.len() as u64;
        bar.at(done, Some(total), done);
        let told = hand(client, asked, Format::Csv, batch.body.clone())?;
        let outcomes = batch.outcomes(told, lang);
        intake.concepten.extend(outcomes.ok_or_else(miscounted)?);
    }
    bar.end();
    Ok(Handed {
        intake,
        rows: Some(rows),
    })
}

fn nothing() -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::new(
            "er staan geen rijen onder een kop in het bestand",
            "there are no rows under a heading in the file",
        ),
    )
    .hinting(Message::new(
        "zet op de eerste regel de namen van de velden, zoals tekst;thema;laag; bij een werkboek kiest --sheet het blad",
        "put the names of the fields on the first line, such as tekst;thema;laag; of a workbook --sheet chooses the sheet",
    ))
}

fn miscounted() -> CommandError {
    CommandError::new(
        Exit::Internal,
        Message::new(
            "de node antwoordt over een ander aantal rijen",
            "the node answers about another number of rows",
        ),
    )
}

fn read(file: &Path, input: &mut dyn Read, bytes_max: usize) -> Result<Vec<u8>, CommandError> {
    let mut body = Vec::new();
    let failed = |error: io::Error| CommandError::of_file(file, error);
    let limit = bytes_max as u64 + 1;
    if file == Path::new("-") {
        input.take(limit).read_to_end(&mut body).map_err(failed)?;
    } else {
        File::open(file)
            .map_err(failed)?
            .take(limit)
            .read_to_end(&mut body)
            .map_err(failed)?;
    }
    if body.len() > bytes_max {
        return Err(CommandError::new(
            Exit::Input,
            Message::with(
                format!("{} is groter dan {bytes_max} bytes", file.display()),
                format!("{} is larger than {bytes_max} bytes", file.display()),
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
                lijkt_op,
                tips,
                ..
            } => {
                output.line(&format!("{}  {}", plain(id), verdict_text(*verdict, output.lang)))?;
                eerder.iter().try_for_each(|before| twice(before, output))?;
                for finding in findings {
                    output.line(&format!("  {}", finding_text(finding, output.lang)))?;
                }
                search::resembling(lijkt_op, output)?;
                tips::with(tips, output)?;
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
