//! What is exported is what stands in the tables, in every form, and nothing else decides the bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use protocol::api::{Editie, Verklaringen, Weergaveversies};
use protocol::id::{Digest, DocumentId, EditionHash, FederationId, Gemeente, LogId, Snapshot, Week};
use protocol::{document, gate, record};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;

use super::*;
use crate::scratch::Scratch;
use crate::view::{Batch, Change, Content, Writer};

mod feed;

/// Text that some program somewhere takes for something else.
const TEXTS: [&str; 6] = [
    "=1+1;\"twee\",\nregels",
    "@SOM(A1) 😀 עברית",
    "-5,5",
    "gewoon",
    "\u{202e}om",
    "\ttab",
];

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

/// A document with the number as its id, that says this.
fn founded(number: u8, typed: &Value) -> Change {
    let gemeente = Gemeente::new(9901).unwrap();
    let intake = record::Intake {
        gemeente,
        week: week("2026-W53"),
        kind: None,
    };
    let draft = gate::Draft::new(record::read_json(typed, &intake).unwrap(), gate::Known::default());
    let screened = gate::screen(draft, &gate::Policy::default());
    let approval = gate::Approval::after_reading(gate::Account::new("tester").unwrap(), &screened);
    let record = screened.approve(approval).unwrap().release(&|_| None).0;
    let document = DocumentId([number; 32]);
    let change = document::found(document::actor(LogId([1; 32]), document), &record).unwrap();
    Change {
        document,
        content: Content::Changes {
            gemeente,
            kind: record.kind().number(),
            changes: vec![change],
        },
    }
}

fn signaal(tekst: &str) -> Value {
    json!({"soort": "signaal", "week": "2026-W53", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering",
        "overdracht": true, "tekst": tekst})
}

/// A view with these changes, one batch after the other.
fn view(scratch: &Scratch, batches: &[Vec<Change>]) -> Writer {
    let mut writer = Writer::open(&scratch.path().join("v")).unwrap();
    writer.set_peilweek(week("2027-W01")).unwrap();
    for (at, changes) in batches.iter().enumerate() {
        let batch = Batch {
            number: at as u64,
            restarts: at == 0,
            changes: changes.clone(),
            state: Some(Digest([9; 32])),
            ..Batch::default()
        };
        writer.apply(&batch).unwrap();
    }
    writer
}

fn known() -> Known {
    Known {
        told: Momentopname {
            snapshot: Snapshot([7; 32]),
            peilweek: week("2027-W01"),
            federatie: FederationId([1; 32]),
            editie: Editie {
                nummer: 0,
                hash: EditionHash([2; 32]),
            },
            stand: Digest([9; 32]),
            verklaringen: Verklaringen {
                aantal: 1,
                digest: Digest([3; 32]),
            },
            versies: Weergaveversies {
                weergave: 8,
                woordenlijst: 1,
                regels: 1,
            },
            hoogten: Vec::new(),
        },
        statements: vec![vec![0, 1]],
        withdrawn: "document,record,soort,eigenaar\r\n".to_owned(),
        since: None,
    }
}

/// The files of an export.
fn exported(writer: &Writer, form: Uitvoervorm) -> BTreeMap<String, Vec<u8>> {
    let mut bytes = Vec::new();
    let outcome = writer
        .readers()
        .read(|reading| Ok(reading.export(&known(), form, &mut bytes)));
    outcome.unwrap().unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        files.insert(file.name().to_owned(), content);
    }
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

/// The rows of a table in JSON Lines.
fn lines(files: &BTreeMap<String, Vec<u8>>, table: &str) -> Vec<Value> {
    let text = text(files, &format!("{table}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn reader_of(bytes: &[u8]) -> SerializedFileReader<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    SerializedFileReader::new(file).unwrap()
}

/// The rows of a table in Parquet, as JSON.
fn groups(files: &BTreeMap<String, Vec<u8>>, table: &str) -> Vec<Value> {
    let reader = reader_of(&files[&format!("{table}.parquet")]);
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let cells = row.get_column_iter().map(|(name, field)| {
            let value = match field {
                Field::Null => Value::Null,
                Field::Bool(flag) => json!(flag),
                Field::Long(number) => json!(number),
                Field::Double(number) => json!(number),
                Field::Str(text) => json!(text),
                other => panic!("{other:?}"),
            };
            (name.clone(), value)
        });
        cells.collect::<serde_json::Map<_, _>>().into()
    });
    rows.collect()
}

fn all() -> Vec<Change> {
    let mut changes: Vec<Change> = TEXTS
        .iter()
        .zip(1..)
        .map(|(text, number)| founded(number, &signaal(text)))
        .collect();
    // A text may have 600 characters.
    let long: String = "Zo lang als het mag. ".repeat(30).chars().take(599).collect();
    changes.push(founded(90, &signaal(&format!("{long}."))));
    changes
}

#[test]
fn every_form_has_the_same_rows() {
    let scratch = Scratch::new("export-forms");
    let writer = view(&scratch, &[all()]);
    let (json, parquet) = (
        exported(&writer, Uitvoervorm::Jsonl),
        exported(&writer, Uitvoervorm::Parquet),
    );
    for table in TABLES {
        assert_eq!(lines(&json, table.name), groups(&parquet, table.name), "{}", table.name);
    }
    let records = lines(&json, "records");
    assert_eq!(records.len(), TEXTS.len() + 1);
    assert!(records.iter().all(|row| row["week"] == "2026-W53"), "{records:?}");
    let ids: Vec<_> = records.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted());
    let texts: Vec<Value> = lines(&json, "teksten")
        .into_iter()
        .map(|row| row["tekst"].clone())
        .collect();
    assert!(
        texts.iter().any(|text| text.as_str().unwrap().contains("😀 [naam")),
        "{texts:?}"
    );
    // A double, and something that is not known.
    let gemeenten = lines(&json, "gemeenten");
    assert!(
        gemeenten
            .iter()
            .any(|row| row["lengtegraad"].is_f64() && row["opvolger"].is_null())
    );
}

#[test]
fn a_sheet_has_no_formulas_and_reads_back_as_cells() {
    let scratch = Scratch::new("export-csv");
    let writer = view(&scratch, &[all()]);
    let json = exported(&writer, Uitvoervorm::Jsonl);
    for (form, delimiter) in [(Uitvoervorm::Csv, b','), (Uitvoervorm::Excel, b';')] {
        let files = exported(&writer, form);
        for table in TABLES {
            let whole = text(&files, &format!("{}.csv", table.name));
            let marked = whole.strip_prefix('\u{feff}');
            assert_eq!(marked.is_some(), form == Uitvoervorm::Excel);
            let plain = marked.unwrap_or(&whole);
            assert!(plain.ends_with("\r\n"), "{}", table.name);
            let mut reader = csv::ReaderBuilder::new()
                .delimiter(delimiter)
                .from_reader(plain.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
            assert_eq!(rows.len(), lines(&json, table.name).len(), "{}", table.name);
            for (row, line) in rows.iter().zip(lines(&json, table.name)) {
                for (cell, column) in row.iter().zip(table.columns) {
                    let is_text = line[column.name].is_string();
                    let begins = cell.starts_with(['=', '@', '+', '-', '\t', '\r']);
                    assert!(!(is_text && begins), "{} {cell:?}", column.name);
                }
            }
        }
        let places = text(&files, "gemeenten.csv");
        assert_eq!(places.contains("GM0014;Groningen;"), form == Uitvoervorm::Excel);
        assert_eq!(places.contains("GM0014,Groningen,"), form == Uitvoervorm::Csv);
    }
}

#[test]
fn only_what_there_is_decides_the_bytes() {
    let scratches = ["export-one", "export-other"].map(Scratch::new);
    let whole = all();
    let mut apart: Vec<Vec<Change>> = whole.iter().rev().map(|change| vec![change.clone()]).collect();
    apart.insert(0, vec![founded(100, &signaal("Dit gaat weer weg."))]);
    let gone = |content| Change {
        document: DocumentId([100; 32]),
        content,
    };
    apart.push(vec![gone(Content::Gone)]);
    let (one, other) = (view(&scratches[0], &[whole]), view(&scratches[1], &apart));
    for form in Uitvoervorm::ALL {
        let (one, other) = (exported(&one, form), exported(&other, form));
        let different: Vec<_> = one.keys().filter(|name| one[*name] != other[*name]).collect();
        assert!(
            different.is_empty() && one.len() == other.len(),
            "{form:?}: {different:?}"
        );
        let held = one
            .values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("weer weg"));
        assert!(!held, "{form:?}");
    }
}

#[test]
fn the_description_is_of_the_files() {
    let scratch = Scratch::new("export-package");
    let writer = view(&scratch, &[all()]);
    for form in Uitvoervorm::ALL {
        let files = exported(&writer, form);
        let package: Value = serde_json::from_slice(&files[export::PACKAGE]).unwrap();
        let resources = package["resources"].as_array().unwrap();
        assert_eq!(resources.len(), TABLES.len() + 1);
        for resource in resources {
            let bytes = &files[resource["path"].as_str().unwrap()];
            assert_eq!(resource["bytes"], bytes.len());
            let hash = export::hexadecimal(&Sha256::digest(bytes));
            assert_eq!(resource["hash"], format!("sha256:{hash}"));
        }
        let sums = text(&files, export::SUMS);
        assert_eq!(sums.lines().count(), files.len() - 1);
        for line in sums.lines() {
            let (hash, name) = line.split_once("  ").unwrap();
            assert_eq!(hash, export::hexadecimal(&Sha256::digest(&files[name])), "{name}");
        }
    }
    let files = exported(&writer, Uitvoervorm::Jsonl);
    let package: Value = serde_json::from_slice(&files[export::PACKAGE]).unwrap();
    for resource in package["resources"].as_array().unwrap() {
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let coded = fields.iter().filter(|field| field["categories"].is_array());
        for field in coded {
            let values: Vec<&Value> = field["categories"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| &one["value"])
                .collect();
            assert!(!values.is_empty(), "{field}");
            for row in lines(&files, resource["name"].as_str().unwrap()) {
                let value = &row[field["name"].as_str().unwrap()];
                assert!(value.is_null() || values.contains(&value), "{value} of {field}");
            }
        }
    }
}

/// A field of the table of gemeenten, as the description of this form has it.
fn described(writer: &Writer, form: Uitvoervorm, field: &str) -> Value {
    let files = exported(writer, form);
    let package: Value = serde_json::from_slice(&files[export::PACKAGE]).unwrap();
    let named = |list: &Value, name: &str| {
        let list = list.as_array().unwrap().iter();
        list.clone().find(|one| one["name"] == name).unwrap().clone()
    };
    named(&named(&package["resources"], "gemeenten")["schema"]["fields"], field)
}

#[test]
fn the_description_says_how_decimals_are_written() {
    let scratch = Scratch::new("export-decimals");
    let writer = view(&scratch, &[all()]);
    let comma = described(&writer, Uitvoervorm::Excel, "lengtegraad");
    assert_eq!(comma["decimalChar"], ",");
    let whole = described(&writer, Uitvoervorm::Excel, "inwoners");
    let point = described(&writer, Uitvoervorm::Csv, "lengtegraad");
    assert!(whole["decimalChar"].is_null() && point["decimalChar"].is_null());
}

#[test]
fn a_table_of_several_groups_is_one_table() {
    use crate::view::tables::Table;
    use protocol::export::Cell;
    let table = Table::named("teksten").unwrap();
    let long = "é".repeat(1024 * 1024);
    let mut bytes = Vec::new();
    let mut groups = super::parquet::Groups::new(table, Snapshot([7; 32]), &mut bytes).unwrap();
    for number in 0..40 {
        let id = format!("{number:032}");
        let cells = [id.as_str(), "tekst", "GM9901", &long].map(Cell::Text);
        groups.row(&cells).unwrap();
    }
    groups.finish().unwrap();
    let reader = reader_of(&bytes);
    assert!(reader.num_row_groups() > 1);
    let rows = reader.get_row_iter(None).unwrap();
    assert_eq!(rows.count(), 40);
}

#[test]
fn what_cannot_be_written_ends_the_export() {
    let scratch = Scratch::new("export-full");
    let writer = view(&scratch, &[all()]);
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            match self.0.checked_sub(bytes.len()) {
                None => Err(io::ErrorKind::StorageFull.into()),
                Some(left) => {
                    self.0 = left;
                    Ok(bytes.len())
                }
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    for room in [0, 1_000, 20_000] {
        let outcome = writer
            .readers()
            .read(|reading| Ok(reading.export(&known(), Uitvoervorm::Csv, &mut Full(room))));
        let failure = crate::http::Failure::internal(outcome.unwrap().unwrap_err());
        assert!(matches!(failure, crate::http::Failure::Full(_)), "{room}: {failure:?}");
    }
}
