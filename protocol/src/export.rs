//! What an export proves by itself, and its rows as CSV: the same bytes on every node.
//!
//! An export is a folder with the tables of one snapshot. Beside them stand the statements of the charter ([`STATEMENTS`]), how
//! far every log counts with the signature under its head ([`HEIGHTS`]), and the snapshot in words ([`SNAPSHOT`]). From
//! these three anybody computes the snapshot anew ([`check`]), without a node and without a network. That the rows
//! are what was exported is proven by [`SUMS`]; that they follow from the entries only by another export of that snapshot,
//! which has the same bytes.
//!
//! | file | what it holds |
//! |---|---|
//! | `proof` | computing the snapshot anew |
//! | `csv` | a row as a line of CSV |
//!
//! **Invariant:** nothing in here depends on which node exports, or when.

mod csv;
mod proof;

use std::fmt::Write;

pub use csv::{Cell, Dialect, harmless, line};
pub use proof::{ProofFault, check};

use crate::api::Momentopname;
use crate::charter::{Roster, STATEMENT_BYTES_MAX, Statement, StatementError, Withdrawn};
use crate::id::{DocumentId, RecordId};
use crate::record::Kind;

/// How far each log counts, as [`Momentopname`] in JSON.
pub const HEIGHTS: &str = "hoogten.json";
/// The statements, in the form of a charter file.
pub const STATEMENTS: &str = "handvest.txt";
/// The snapshot in words, and nothing that does not follow from [`HEIGHTS`].
pub const SNAPSHOT: &str = "snapshot.txt";
/// The SHA-256 of every other file, as `sha256sum` writes it.
pub const SUMS: &str = "SHA256SUMS";
/// The description, as Data Package 2.
pub const PACKAGE: &str = "datapackage.json";
/// How to cite, as Citation File Format.
pub const CITATION: &str = "CITATION.cff";
/// What it is, for a catalogue of data: DCAT-AP-NL as JSON-LD.
pub const DATASET: &str = "dataset.jsonld";
/// What it is, for a person.
pub const README: &str = "README.md";
/// The records and documents that were taken back.
pub const WITHDRAWN: &str = "ingetrokken.csv";
/// What was taken back of an earlier state since: only in an export of one that is made later, and only when there is any.
pub const WITHDRAWN_SINCE: &str = "ingetrokken-sindsdien.csv";

/// Most bytes of [`STATEMENTS`] or [`HEIGHTS`] that are read.
pub const PROOF_BYTES_MAX: usize = 256 * 1024 * 1024;
/// The first line of a charter file.
pub const CHARTER_HEADING: &str = "leerkring-handvest-1";

/// Why [`STATEMENTS`] cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementsError {
    /// The first line is another.
    #[error("the first line is not {CHARTER_HEADING:?}")]
    Heading,
    /// A line is no hexadecimal, or longer than a statement may be.
    #[error("line {line} is not a statement in hexadecimal")]
    Hexadecimal {
        /// Line, from 1.
        line: usize,
    },
    /// A line is no valid statement.
    #[error("line {line}: {source}")]
    Statement {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        #[source]
        source: StatementError,
    },
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes that [`hexadecimal`] wrote, no more than so many; nothing when it did not.
#[must_use]
pub fn from_hexadecimal(text: &str, bytes_max: usize) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() / 2 > bytes_max {
        return None;
    }
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pairs = digits.chunks_exact(2);
    pairs.map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

/// Statements as a charter file has them; they must be in order of id.
#[must_use]
pub fn statements_text<'a>(statements: impl Iterator<Item = &'a [u8]>) -> String {
    let mut text = format!("{CHARTER_HEADING}\n");
    for bytes in statements {
        text += &hexadecimal(bytes);
        text.push('\n');
    }
    text
}

/// The statements in a charter file, their signatures checked.
///
/// # Errors
/// [`StatementsError`], with the line.
pub fn read_statements(text: &str) -> Result<Vec<Statement>, StatementsError> {
    let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    if lines.next().is_none_or(|(_, line)| line != CHARTER_HEADING) {
        return Err(StatementsError::Heading);
    }
    let read = |(line, text): (usize, &str)| {
        let bytes = from_hexadecimal(text, STATEMENT_BYTES_MAX).ok_or(StatementsError::Hexadecimal { line })?;
        Statement::read(&bytes).map_err(|source| StatementsError::Statement { line, source })
    };
    lines.map(read).collect()
}

/// [`SNAPSHOT`]: the parts of a snapshot, one on a line.
#[must_use]
pub fn snapshot_text(told: &Momentopname) -> String {
    let (edition, statements, versions) = (&told.editie, &told.verklaringen, &told.versies);
    format!(
        "snapshot {}\npeilweek {}\nfederatie {}\neditie {} {}\nstand {}\nverklaringen {} {}\nhoogten {}\nweergave {}\n\
         woordenlijst {}\nregels {}\n",
        told.snapshot,
        told.peilweek,
        told.federatie,
        edition.nummer,
        edition.hash,
        told.stand,
        statements.aantal,
        statements.digest,
        told.hoogten.len(),
        versions.weergave,
        versions.woordenlijst,
        versions.regels,
    )
}

/// The columns of [`WITHDRAWN`].
pub const WITHDRAWN_COLUMNS: [&str; 4] = ["document", "record", "soort", "eigenaar"];

/// [`WITHDRAWN`]: every document that was taken back.
#[must_use]
pub fn withdrawn_csv(roster: &Roster) -> String {
    withdrawn_lines(roster.erasures().documents())
}

/// The form of [`WITHDRAWN`] and [`WITHDRAWN_SINCE`]: documents, which must be in order, with the record that each would be the
/// first of.
#[must_use]
pub fn withdrawn_lines(documents: impl Iterator<Item = (DocumentId, Withdrawn)>) -> String {
    let dialect = Dialect::Plain;
    let mut text = line(dialect, WITHDRAWN_COLUMNS.map(Cell::Text));
    for (document, withdrawn) in documents {
        let (id, record) = (document.to_string(), RecordId::from(document).to_string());
        let kind = Kind::from_number(withdrawn.kind).map_or("", Kind::name);
        let owner = withdrawn.owner.to_string();
        text += &line(dialect, [id.as_str(), &record, kind, &owner].map(Cell::Text));
    }
    text
}
