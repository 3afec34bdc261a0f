//! `verify` of an export: offline, with nothing but the folder.
//!
//! Every file is what was written ([`SUMS`], and again in the description), the heads are signed by nodes that the charter
//! knows, and the statements and heights give the snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::iter;
use std::path::Path;

use protocol::api::{Message, Momentopname};
use protocol::charter::Roster;
use protocol::export::{
    CITATION, DATASET, HEIGHTS, PACKAGE, PROOF_BYTES_MAX, ProofFault, README, SNAPSHOT, STATEMENTS, SUMS,
    StatementsError, WITHDRAWN, WITHDRAWN_SINCE, hexadecimal, read_statements, snapshot_text, withdrawn_csv,
    withdrawn_lines,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::CHUNK_BYTES;
use crate::amount;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Files of a folder that are looked at.
const FILES_MAX: usize = 10_000;
/// Bytes of any other file that is read as a whole.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// What an export always has beside its tables.
const ALWAYS: [&str; 8] = [
    PACKAGE, CITATION, DATASET, README, HEIGHTS, STATEMENTS, SNAPSHOT, WITHDRAWN,
];
/// What the folder of a node has, and an export has not.
const OF_A_NODE: &str = "leerkring.toml";

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// The hash of the list of hashes, in hexadecimal.
    pub(super) sums: String,
    pub(super) told: Option<Momentopname>,
    /// Documents that were withdrawn after this state, and are not in it any more.
    pub(super) since: u64,
    pub(super) faults: Vec<Message>,
}

/// A file as it is.
struct Found {
    bytes: u64,
    sha256: String,
}

type Files = BTreeMap<String, Found>;

/// What a folder calls itself by the files in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folder {
    /// Of a node.
    Node,
    /// An export.
    Export,
    /// Neither, or not there.
    Neither,
}

impl Folder {
    /// What this folder is.
    #[must_use]
    fn of(dir: &Path) -> Self {
        // What may not be looked at is told by who tries to read it.
        let has = |name: &str| dir.join(name).try_exists().unwrap_or(true);
        if has(OF_A_NODE) {
            Self::Node
        } else if has(SNAPSHOT) || has(PACKAGE) || has(SUMS) {
            Self::Export
        } else {
            Self::Neither
        }
    }
}

/// Checks an export; who checks a node is handed what is none.
///
/// # Errors
/// [`Stop`] when nothing here can be checked.
pub fn verify_any(
    dir: &Path,
    of_a_node: impl FnOnce(&Path, &mut Output<'_>) -> Result<Exit, Stop>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    match Folder::of(dir) {
        Folder::Node => of_a_node(dir, output),
        Folder::Export => verify(dir, output),
        Folder::Neither => Err(neither(dir).into()),
    }
}

fn neither(dir: &Path) -> CommandError {
    let shown = dir.display();
    let message = Message::with(
        format!("{shown} is geen map van een node en geen export: {OF_A_NODE} en {SNAPSHOT} staan er niet in"),
        format!("{shown} is no folder of a node and no export: {OF_A_NODE} and {SNAPSHOT} are not in it"),
    );
    CommandError::new(Exit::Input, message).hinting(Message::new(
        "geef de map van een node, of een map die leerkring export schreef",
        "give the folder of a node, or one that leerkring export wrote",
    ))
}

/// Checks an export, and changes nothing in it.
///
/// # Errors
/// [`Stop`] when it cannot be read.
fn verify(dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let checked = check(dir, None)?;
    let exit = match checked.faults.is_empty() {
        true => Exit::Ok,
        false => Exit::Refused,
    };
    if output.json {
        output.line(&checked.json().to_string())?;
        return Ok(exit);
    }
    let (shown, files, bytes, faults) = (dir.display(), checked.files, checked.bytes, checked.faults.len());
    for fault in &checked.faults {
        output.line(&plain(fault.text(output.lang)))?;
    }
    output.say(&match exit {
        Exit::Ok => Message::with(
            format!("Alles klopt in {shown}: {files} bestanden, {bytes} bytes"),
            format!("Everything holds in {shown}: {files} files, {bytes} bytes"),
        ),
        _ => Message::with(
            format!(
                "{shown} is niet wat is uitgevoerd: {faults} keer klopt iets niet. Gebruik haar niet; voer opnieuw uit"
            ),
            format!("{shown} is not what was exported: {faults} things do not hold. Do not use it; export again"),
        ),
    })?;
    checked.tell(output)?;
    Ok(exit)
}

impl Checked {
    /// As a program reads it.
    pub(super) fn json(&self) -> Value {
        json!({
            "bestanden": self.files,
            "bytes": self.bytes,
            "sha256sums": self.sums,
            "snapshot": self.told.as_ref().map(|told| told.snapshot),
            "peilweek": self.told.as_ref().map(|told| told.peilweek),
            "ingetrokken_sindsdien": self.since,
            "fouten": self.faults.iter().map(|fault| fault.nl.as_ref()).collect::<Vec<&str>>(),
        })
    }

    /// What the export is of, when that holds.
    pub(super) fn tell(&self, output: &mut Output<'_>) -> Result<(), Stop> {
        let Some(told) = self.told.as_ref().filter(|_| self.faults.is_empty()) else {
            return Ok(());
        };
        let (week, snapshot, sums) = (told.peilweek, told.snapshot, &self.sums);
        output.say(&Message::with(
            format!("  peilweek {week}, snapshot {snapshot}"),
            format!("  reference week {week}, snapshot {snapshot}"),
        ))?;
        output.say(&match self.since {
            0 => Message::with(
                format!("  sha256 van {SUMS}: {sums}\n  (dezelfde op elke node die dit snapshot in deze vorm uitvoert)"),
                format!("  sha256 of {SUMS}: {sums}\n  (the same on every node that exports this snapshot in this form)"),
            ),
            since => Message::with(
                format!(
                    "  na dit snapshot ingetrokken, en niet meer hierin: {} ({WITHDRAWN_SINCE})\n  sha256 van {SUMS}: {sums}\n  \
                     (dezelfde op elke node waar hetzelfde is ingetrokken)",
                    amount::of(since, "document", "documenten")
                ),
                format!(
                    "  withdrawn after this snapshot, and not in here any more: {} ({WITHDRAWN_SINCE})\n  sha256 of {SUMS}: \
                     {sums}\n  (the same on every node where the same was withdrawn)",
                    amount::of(since, "document", "documents")
                ),
            ),
        })
    }

    fn fault(&mut self, nl: impl Into<String>, en: impl Into<String>) {
        self.faults.push(Message::with(nl.into(), en.into()));
    }

    /// Every file against the list of hashes.
    fn sums(&mut self, dir: &Path, files: &Files) -> Result<(), CommandError> {
        let Some(text) = self.text(dir, SUMS)? else {
            return Ok(());
        };
        let mut listed = BTreeMap::new();
        for (at, line) in text.split_terminator('\n').enumerate() {
            match line.split_once("  ") {
                Some((hash, name)) => drop(listed.insert(name, hash)),
                None => {
                    let line = at + 1;
                    self.fault(
                        format!("{SUMS}: regel {line} is geen hash met een naam"),
                        format!("{SUMS}: line {line} is no hash with a name"),
                    );
                }
            }
        }
        for (name, hash) in &listed {
            match files.get(*name) {
                None => self.fault(format!("{name} ontbreekt"), format!("{name} is missing")),
                Some(found) if found.sha256 != *hash => self.fault(
                    format!("{name} is veranderd: de SHA-256 is een andere dan in {SUMS}"),
                    format!("{name} was changed: its SHA-256 is another than in {SUMS}"),
                ),
                Some(_) => {}
            }
        }
        let others = files
            .keys()
            .filter(|name| *name != SUMS && !listed.contains_key(name.as_str()));
        for name in others {
            self.fault(
                format!("{name} hoort er niet bij"),
                format!("{name} does not belong here"),
            );
        }
        for name in ALWAYS.iter().filter(|name| !listed.contains_key(*name)) {
            self.fault(
                format!("{SUMS}: {name} staat er niet in"),
                format!("{SUMS}: {name} is not in it"),
            );
        }
        Ok(())
    }

    /// Every table against the description.
    fn package(&mut self, dir: &Path, files: &Files) -> Result<(), CommandError> {
        let Some(text) = self.text(dir, PACKAGE)? else {
            return Ok(());
        };
        let Ok(package) = serde_json::from_str::<Value>(&text) else {
            self.fault(format!("{PACKAGE} is geen JSON"), format!("{PACKAGE} is no JSON"));
            return Ok(());
        };
        let snapshot = self.told.as_ref().map(|told| told.snapshot.to_string());
        if package["snapshot"].as_str() != snapshot.as_deref() {
            self.fault(
                format!("{PACKAGE} noemt een ander snapshot dan {HEIGHTS}"),
                format!("{PACKAGE} names another snapshot than {HEIGHTS}"),
            );
        }
        let resources = package["resources"].as_array().into_iter().flatten();
        let mut described: BTreeSet<&str> = ALWAYS.into_iter().chain([SUMS]).collect();
        for resource in resources {
            let path = resource["path"].as_str().unwrap_or_default();
            described.insert(path);
            let is_it = |found: &Found| {
                resource["bytes"].as_u64() == Some(found.bytes)
                    && resource["hash"].as_str() == Some(&format!("sha256:{}", found.sha256))
            };
            if !files.get(path).is_some_and(is_it) {
                self.fault(
                    format!("{path} is niet het bestand dat {PACKAGE} beschrijft: grootte of hash is anders"),
                    format!("{path} is not the file that {PACKAGE} describes: its size or hash is another"),
                );
            }
        }
        for name in files.keys().filter(|name| !described.contains(name.as_str())) {
            self.fault(
                format!("{PACKAGE} beschrijft {name} niet"),
                format!("{PACKAGE} does not describe {name}"),
            );
        }
        Ok(())
    }

    /// The snapshot from its parts, and what follows from those.
    fn proof(&mut self, dir: &Path) -> Result<(), CommandError> {
        let Some(roster) = self.parts(dir)? else { return Ok(()) };
        if let Some(text) = self.text(dir, SNAPSHOT)?
            && self.told.as_ref().map(snapshot_text) != Some(text)
        {
            self.fault(
                format!("{SNAPSHOT} zegt iets anders dan {HEIGHTS}"),
                format!("{SNAPSHOT} says something else than {HEIGHTS}"),
            );
        }
        if let Some(text) = self.text(dir, WITHDRAWN)?
            && text != withdrawn_csv(&roster)
        {
            self.fault(
                format!("{WITHDRAWN} is niet wat volgens {STATEMENTS} is ingetrokken"),
                format!("{WITHDRAWN} is not what was withdrawn according to {STATEMENTS}"),
            );
        }
        self.since(dir)
    }

    /// What was withdrawn after this state, when it was exported again later. Who may withdraw what is decided by statements that
    /// this state does not have, so only its form is looked at.
    fn since(&mut self, dir: &Path) -> Result<(), CommandError> {
        if !dir.join(WITHDRAWN_SINCE).exists() {
            return Ok(());
        }
        let Some(text) = self.text(dir, WITHDRAWN_SINCE)? else {
            return Ok(());
        };
        let none = withdrawn_lines(iter::empty());
        match text.strip_prefix(&none).map(|lines| lines.lines().count() as u64) {
            Some(since) if since > 0 => self.since = since,
            _ => self.fault(
                format!("{WITHDRAWN_SINCE} noemt niet wat sindsdien is ingetrokken"),
                format!("{WITHDRAWN_SINCE} does not name what was withdrawn since"),
            ),
        }
        Ok(())
    }

    /// Reads the parts and computes the snapshot anew.
    fn parts(&mut self, dir: &Path) -> Result<Option<Roster>, CommandError> {
        let (heights, statements) = (self.text(dir, HEIGHTS)?, self.text(dir, STATEMENTS)?);
        let (Some(heights), Some(statements)) = (heights, statements) else {
            return Ok(None);
        };
        let told = match serde_json::from_str::<Momentopname>(&heights) {
            Ok(told) => told,
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                self.fault(
                    format!("{HEIGHTS} is niet te lezen: regel {line}, kolom {column}"),
                    format!("{HEIGHTS} cannot be read: line {line}, column {column}"),
                );
                return Ok(None);
            }
        };
        let statements = match read_statements(&statements) {
            Ok(statements) => statements,
            Err(error) => {
                self.faults.push(not_statements(&error));
                return Ok(None);
            }
        };
        let (roster, faults) = protocol::export::check(&told, statements);
        self.faults.extend(faults.iter().map(in_words));
        self.told = Some(told);
        Ok(Some(roster))
    }

    /// The text of a file that must be there; a fault when it is not, or no text.
    fn text(&mut self, dir: &Path, name: &str) -> Result<Option<String>, CommandError> {
        let path = dir.join(name);
        // What is no file could keep whoever opens it waiting.
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
            self.fault(format!("{name} ontbreekt"), format!("{name} is missing"));
            return Ok(None);
        }
        let max = if [HEIGHTS, STATEMENTS].contains(&name) {
            PROOF_BYTES_MAX
        } else {
            TEXT_BYTES_MAX
        };
        let mut bytes = Vec::new();
        let file = File::open(&path).map_err(|error| CommandError::of_file(&path, error))?;
        let read = file.take(max as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| CommandError::of_file(&path, error))?;
        if bytes.len() > max {
            self.fault(
                format!("{name} is groter dan {max} bytes"),
                format!("{name} is larger than {max} bytes"),
            );
            return Ok(None);
        }
        let text = String::from_utf8(bytes).ok();
        if text.is_none() {
            self.fault(format!("{name} is geen tekst"), format!("{name} is no text"));
        }
        Ok(text)
    }
}

/// Checks everything in a folder, but for a file that is known to go.
pub(super) fn check(dir: &Path, but: Option<&str>) -> Result<Checked, CommandError> {
    let mut checked = Checked::default();
    let mut files = read_files(dir, &mut checked)?;
    but.and_then(|name| files.remove(name));
    checked.files = files.len() as u64;
    checked.bytes = files.values().map(|found| found.bytes).sum();
    checked.sums = files.get(SUMS).map(|found| found.sha256.clone()).unwrap_or_default();
    checked.sums(dir, &files)?;
    checked.proof(dir)?;
    checked.package(dir, &files)?;
    Ok(checked)
}

fn read_files(dir: &Path, checked: &mut Checked) -> Result<Files, CommandError> {
    let failed = |error| CommandError::of_file(dir, error);
    let mut files = Files::new();
    for (at, entry) in fs::read_dir(dir).map_err(failed)?.enumerate() {
        let entry = entry.map_err(failed)?;
        if at == FILES_MAX {
            checked.fault(
                format!("er staan meer dan {FILES_MAX} bestanden in"),
                format!("there are more than {FILES_MAX} files in it"),
            );
            break;
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type().map_err(failed)?.is_file() {
            checked.fault(
                format!("{name} hoort er niet bij"),
                format!("{name} does not belong here"),
            );
            continue;
        }
        let path = entry.path();
        let found = hash(&path).map_err(|error| CommandError::of_file(&path, error))?;
        files.insert(name, found);
    }
    Ok(files)
}

fn hash(path: &Path) -> io::Result<Found> {
    let mut file = File::open(path)?;
    let (mut hasher, mut bytes) = (Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            let sha256 = hexadecimal(&hasher.finalize());
            return Ok(Found { bytes, sha256 });
        }
        hasher.update(&chunk[..read]);
        bytes += read as u64;
    }
}

fn not_statements(error: &StatementsError) -> Message {
    let nl = match error {
        StatementsError::Heading => format!("{STATEMENTS}: de eerste regel is niet die van een handvest"),
        StatementsError::Hexadecimal { line } => format!("{STATEMENTS}: regel {line} is geen hexadecimale verklaring"),
        StatementsError::Statement { line, .. } => {
            format!("{STATEMENTS}: regel {line} is geen geldige verklaring, of de handtekening klopt niet")
        }
    };
    Message::with(nl, format!("{STATEMENTS}: {error}"))
}

fn in_words(fault: &ProofFault) -> Message {
    let nl = match fault {
        ProofFault::Stranger { count } => format!("{STATEMENTS}: {count} verklaringen horen er niet bij"),
        ProofFault::Statements { .. } => format!("{STATEMENTS} is niet de verzameling die {HEIGHTS} noemt"),
        ProofFault::Count { found, told } => {
            format!("{STATEMENTS} heeft {found} verklaringen, {HEIGHTS} noemt er {told}")
        }
        ProofFault::Edition => format!("{HEIGHTS}: volgens {STATEMENTS} geldt een andere editie"),
        ProofFault::Order { log } => format!("{HEIGHTS}: logboek {log} staat niet op zijn plaats"),
        ProofFault::Head { log } => {
            format!("{HEIGHTS}: de kop van logboek {log} is niet wat zijn node ondertekende")
        }
        ProofFault::Node { node, gemeente } => {
            format!("{HEIGHTS}: volgens {STATEMENTS} spreekt node {node} niet voor {gemeente}")
        }
        ProofFault::Cut { log, limit, told } => {
            format!(
                "{HEIGHTS}: volgens {STATEMENTS} tellen van logboek {log} hoogstens {limit} posten, en er staan er {told}"
            )
        }
        ProofFault::State { found, .. } => {
            format!("{HEIGHTS}: de verklaringen en hoogten geven stand {found}, en dat staat er niet")
        }
        ProofFault::Snapshot { found, told } => {
            format!("{HEIGHTS}: de delen geven snapshot {found}, en er staat {told}")
        }
    };
    Message::with(nl, fault.to_string())
}
