//! Bytes to records: JSON, JSON Lines, or CSV as a spreadsheet saves it.
//!
//! A body that cannot be read at all is one error with its line and column. Otherwise every record stands on its
//! own: what is wrong with one does not stop the next.
//!
//! **Invariant:** bytes, records and columns are bounded before anything is built from them.

use std::fmt;

use protocol::api::{BODY_BYTES_MAX, INTAKE_RECORDS_MAX, Lang};
use protocol::gate::{Coarse, Known};
use protocol::record::{self, COLUMN_CHARS_MAX, COLUMNS_MAX, Finding, Input, Kind};

use super::Source;

mod known;
mod table;

/// How the bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One object, a list of them, or an object with a list `records`.
    Json,
    /// One object per line.
    JsonLines,
    /// A table with a header, its cells divided by `;`, `,` or tabs.
    Csv,
}

/// A record that can be added to the vault.
#[derive(Clone)]
pub struct Taken {
    /// What was typed.
    pub source: Source,
    /// What was read from it.
    pub input: Input,
    /// What held when it came in.
    pub intake: record::Intake,
    /// The local account that shared it, where that is known.
    pub by: Option<String>,
    /// How much less exact it has to leave.
    pub coarse: Coarse,
    /// What is known of the case behind it, when that was said.
    pub known: Option<Known>,
}

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Taken({:?}, {:?})", self.source, self.input)
    }
}

/// A record that is none.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which record of the body, from 1.
    pub number: usize,
    /// The line it starts on, from 1, where the format has lines.
    pub line: Option<u64>,
    /// The local id, when it could be read.
    pub id: Option<String>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

// Findings quote what was typed.
impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refused({}, {} findings)", self.number, self.findings.len())
    }
}

/// Why a body cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// More bytes than are taken at once.
    #[error("{found} bytes, at most {BODY_BYTES_MAX} at once")]
    TooLarge {
        /// How many there are.
        found: usize,
    },
    /// More records than are taken at once.
    #[error("more than {INTAKE_RECORDS_MAX} records at once")]
    TooMany,
    /// The bytes are text in another encoding.
    #[error("line {line}, column {column}: not UTF-8")]
    NotUtf8 {
        /// Line, from 1.
        line: u64,
        /// Column, from 1, in characters.
        column: u64,
    },
    /// There is nothing in it.
    #[error("the input is empty")]
    Empty,
    /// Not JSON.
    #[error("line {line}, column {column}: not valid JSON: {detail}")]
    Json {
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: u64,
        /// What the reader says; it quotes nothing.
        detail: String,
    },
    /// JSON, but neither a record nor a list of them.
    #[error("neither a record nor a list of records")]
    NoRecords,
    /// A table with more columns than are read.
    #[error("{found} columns, at most {COLUMNS_MAX}")]
    Columns {
        /// How many there are.
        found: usize,
    },
    /// A column is there twice.
    #[error("column {name:?} is there twice")]
    ColumnTwice {
        /// Its name.
        name: String,
    },
    /// A column has a name that is none.
    #[error("the name of column {column} has {found} characters, at most {COLUMN_CHARS_MAX}")]
    ColumnName {
        /// Which column, from 1.
        column: usize,
        /// How many there are.
        found: usize,
    },
    /// What stands around a file does not say what the file is.
    #[error("vorm is json, jsonl or csv")]
    Form,
    /// A quote that is never closed swallows the rest of the table.
    #[error("line {line}: a quote is not closed")]
    Quote {
        /// The line of the record, from 1.
        line: u64,
    },
}

impl IntakeError {
    /// Line and column, where there is one.
    #[must_use]
    pub fn place(&self) -> Option<(u64, Option<u64>)> {
        match self {
            Self::NotUtf8 { line, column } | Self::Json { line, column, .. } => Some((*line, Some(*column))),
            Self::Quote { line } => Some((*line, None)),
            _ => None,
        }
    }

    /// What is wrong, in one sentence; where it is, [`IntakeError::place`] says.
    #[must_use]
    pub fn message(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NotUtf8 { .. }, Lang::En) => "not UTF-8".to_owned(),
            (Self::Json { detail, .. }, Lang::En) => format!("not valid JSON: {detail}"),
            (Self::Quote { .. }, Lang::En) => "a quote is not closed".to_owned(),
            (other, Lang::En) => other.to_string(),
            (other, Lang::Nl) => other.in_dutch(),
        }
    }

    fn in_dutch(&self) -> String {
        match self {
            Self::TooLarge { found } => format!("{found} bytes; hooguit {BODY_BYTES_MAX} tegelijk"),
            Self::TooMany => format!("meer dan {INTAKE_RECORDS_MAX} records tegelijk"),
            Self::NotUtf8 { .. } => "dit is geen UTF-8".to_owned(),
            Self::Empty => "de invoer is leeg".to_owned(),
            Self::Json { detail, .. } => format!("geen geldige JSON: {}", json_in_dutch(detail)),
            Self::Form => "vorm is json, jsonl of csv".to_owned(),
            Self::NoRecords => "dit is geen record en geen lijst van records".to_owned(),
            Self::Columns { found } => format!("{found} kolommen; hooguit {COLUMNS_MAX}"),
            Self::ColumnTwice { name } => format!("kolom {name:?} komt twee keer voor"),
            Self::ColumnName { column, found } => {
                format!("de naam van kolom {column} telt {found} tekens; hooguit {COLUMN_CHARS_MAX}")
            }
            Self::Quote { .. } => "een aanhalingsteken wordt niet gesloten".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self, lang: Lang) -> &'static str {
        match self {
            Self::TooLarge { .. } | Self::TooMany => {
                lang.pick("deel het bestand in stukken", "divide the file into parts")
            }
            Self::NotUtf8 { .. } => lang.pick(
                "sla het bestand op als 'CSV UTF-8', of zet het om: iconv -f ISO-8859-1 -t UTF-8",
                "save the file as 'CSV UTF-8', or convert it: iconv -f ISO-8859-1 -t UTF-8",
            ),
            Self::Empty | Self::NoRecords => lang.pick(
                "geef één record, een lijst, of {\"records\": [...]}",
                "give one record, a list, or {\"records\": [...]}",
            ),
            Self::Form => lang.pick(
                "geef {\"bestand\": \"...\", \"vorm\": \"csv\", \"bekenden\": [...]}",
                "give {\"bestand\": \"...\", \"vorm\": \"csv\", \"bekenden\": [...]}",
            ),
            Self::Json { .. } => lang.pick("verbeter de JSON op die plaats", "correct the JSON at that place"),
            Self::Columns { .. } | Self::ColumnTwice { .. } => lang.pick(
                "verwijder de kolommen die er niet toe doen",
                "remove the columns that do not matter",
            ),
            Self::ColumnName { .. } => lang.pick(
                "zet op de eerste regel de namen van de velden, zoals tekst;thema;laag",
                "put the names of the fields on the first line, such as tekst;thema;laag",
            ),
            Self::Quote { .. } => lang.pick(
                "sluit het aanhalingsteken, of verdubbel het binnen een cel: \"\"",
                "close the quote, or double it inside a cell: \"\"",
            ),
        }
    }
}

/// What the reader of JSON says, in Dutch; what it says of what never happens to people stays as it is.
fn json_in_dutch(detail: &str) -> &str {
    match detail {
        "expected `,` or `}`" => "hier hoort een komma of }",
        "expected `,` or `]`" => "hier hoort een komma of ]",
        "expected `:`" => "hier hoort een dubbele punt",
        "expected value" => "hier hoort een waarde",
        "trailing comma" => "er staat een komma te veel",
        "trailing characters" => "er staat nog iets achter het einde",
        "key must be a string" => "de naam van een veld hoort tussen aanhalingstekens",
        "invalid escape" => "deze combinatie met \\ bestaat niet",
        "invalid number" => "dit is geen getal",
        "recursion limit exceeded" => "er zitten te veel lagen in elkaar",
        _ if detail.starts_with("EOF while parsing") => "de tekst houdt hier te vroeg op",
        _ if detail.starts_with("control character") => {
            "in een tekst staat een besturingsteken: schrijf een nieuwe regel als \\n"
        }
        other => other,
    }
}

/// What became of each record, in the order of the body.
pub type Outcomes = Vec<Result<Taken, Refused>>;

/// Reads a body.
///
/// # Errors
/// [`IntakeError`] when nothing of it can be read.
pub fn read(bytes: &[u8], format: Format, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    match format {
        Format::Json => read_json(text_of(bytes)?, intake),
        format => read_file(bytes, format, intake),
    }
}

/// A file, which has nothing around it.
fn read_file(bytes: &[u8], format: Format, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    let text = text_of(bytes)?;
    match format {
        Format::Json => read_document(&parsed(text)?, intake),
        Format::JsonLines => read_lines(text, intake),
        Format::Csv => table::read(text, intake),
    }
}

/// The text of the bytes, without a byte-order mark.
fn text_of(bytes: &[u8]) -> Result<&str, IntakeError> {
    if bytes.len() > BODY_BYTES_MAX {
        return Err(IntakeError::TooLarge { found: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let (line, column) = place_at_end(&before);
        IntakeError::NotUtf8 { line, column }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(IntakeError::Empty);
    }
    Ok(text)
}

/// Line and column of the character that follows a text.
fn place_at_end(before: &str) -> (u64, u64) {
    let lines = before.matches('\n').count() as u64;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (lines + 1, last.chars().count() as u64 + 1)
}

fn read_json(text: &str, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    let mut document = parsed(text)?;
    let Some(envelope) = known::envelope(&mut document)? else {
        return read_document(&document, intake);
    };
    let outcomes = match &envelope.file {
        None => read_document(&document, intake)?,
        Some((file, form)) => {
            // A table is of signals, whatever it came in.
            let table = (*form == Format::Csv).then_some(Kind::Signaal);
            let with = record::Intake {
                kind: intake.kind.or(table),
                ..*intake
            };
            read_file(file.as_bytes(), *form, &with)?
        }
    };
    Ok(envelope.known_of_all(outcomes))
}

fn parsed(text: &str) -> Result<serde_json::Value, IntakeError> {
    serde_json::from_str(text).map_err(|error| not_json(&error, 0))
}

fn read_document(document: &serde_json::Value, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    let records = record::each(document).map_err(|_| IntakeError::NoRecords)?;
    if records.len() > INTAKE_RECORDS_MAX {
        return Err(IntakeError::TooMany);
    }
    let records = records.into_iter().zip(1..);
    Ok(records
        .map(|(json, number)| take(Source::Json(json.clone()), number, None, intake))
        .collect())
}

fn read_lines(text: &str, intake: &record::Intake) -> Result<Outcomes, IntakeError> {
    let mut outcomes = Vec::new();
    for (line, number) in text.lines().zip(1_u64..).filter(|(line, _)| !line.trim().is_empty()) {
        if outcomes.len() == INTAKE_RECORDS_MAX {
            return Err(IntakeError::TooMany);
        }
        let json = serde_json::from_str(line).map_err(|error| not_json(&error, number - 1))?;
        outcomes.push(take(Source::Json(json), outcomes.len() + 1, Some(number), intake));
    }
    Ok(outcomes)
}

/// The error of a JSON reader that started `lines_before` lines into the text.
fn not_json(error: &serde_json::Error, lines_before: u64) -> IntakeError {
    let text = error.to_string();
    // Its message ends with a place of its own, counted from where it started.
    let detail = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(detail, _)| detail);
    IntakeError::Json {
        line: error.line() as u64 + lines_before,
        column: error.column().max(1) as u64,
        detail: detail.to_owned(),
    }
}

fn take(mut source: Source, number: usize, line: Option<u64>, intake: &record::Intake) -> Result<Taken, Refused> {
    let known = known::taken_out(&mut source);
    match known.and_then(|known| Ok((known, source.read(intake)?))) {
        Ok((known, input)) => Ok(Taken {
            source,
            input,
            intake: *intake,
            by: None,
            coarse: Coarse::AsTyped,
            known,
        }),
        Err(findings) => Err(Refused {
            number,
            line,
            id: id_of(&source),
            findings,
        }),
    }
}

/// The id that a refused record was given, as far as it looks like one.
fn id_of(source: &Source) -> Option<String> {
    const CHARS_MAX: usize = 64;
    let id = match source {
        Source::Json(json) => json.get("id")?.as_str()?,
        Source::Row { header, cells } => {
            let at = header.iter().position(|name| name.trim().eq_ignore_ascii_case("id"))?;
            cells.get(at)?.trim()
        }
    };
    let fits = (1..=CHARS_MAX).contains(&id.chars().count()) && !id.chars().any(char::is_control);
    fits.then(|| id.to_owned())
}

#[cfg(test)]
mod tests;
