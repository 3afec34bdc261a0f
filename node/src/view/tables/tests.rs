//! The catalogue holds together: names, keys, references, codes, and a place for every field that is shared.

use std::collections::BTreeSet;

use protocol::record::{Kind, schema};
use rusqlite::Connection;

use super::catalogue::INDEXES;
use super::*;

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain)
}

#[test]
fn names_are_plain_and_unique_and_everything_is_described_in_both_languages() {
    let mut names = BTreeSet::new();
    for table in TABLES {
        assert!(is_name(table.name) && names.insert(table.name), "{}", table.name);
        assert!(table.about.nl.len() > 3 && table.about.en.len() > 3, "{}", table.name);
        let mut columns = BTreeSet::new();
        for column in table.columns {
            assert!(
                is_name(column.name) && columns.insert(column.name),
                "{} {}",
                table.name,
                column.name
            );
            assert!(
                column.about.nl.len() > 3 && column.about.en.len() > 3,
                "{} {}",
                table.name,
                column.name
            );
        }
        assert!(
            !table.key.is_empty() && table.key.iter().all(|key| columns.contains(key)),
            "{}",
            table.name
        );
        assert!(
            table
                .key
                .iter()
                .zip(table.columns)
                .all(|(key, column)| *key == column.name),
            "{}",
            table.name
        );
    }
}

#[test]
fn a_reference_names_a_table_with_one_key_and_a_code_a_list_that_is_there() {
    let lists: BTreeSet<&str> = words::all().into_iter().map(|(list, ..)| list).collect();
    for (table, column) in TABLES
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| (table, column)))
    {
        if let Some(to) = column.refers {
            let to = Table::named(to).unwrap();
            assert_eq!(to.key.len(), 1, "{} {}", table.name, column.name);
            assert_eq!(column.kind, ColumnKind::Text);
        }
        assert!(
            column.codes.is_none_or(|list| lists.contains(list)),
            "{} {}",
            table.name,
            column.name
        );
    }
}

#[test]
fn every_word_stands_once_and_in_both_languages() {
    let words = words::all();
    let unique: BTreeSet<_> = words.iter().map(|(list, code, ..)| (list, code)).collect();
    assert_eq!(unique.len(), words.len());
    assert!(
        words
            .iter()
            .all(|(_, code, nl, en)| !code.is_empty() && !nl.is_empty() && !en.is_empty())
    );
}

#[test]
fn the_tables_are_made_as_the_catalogue_says() {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE kernen (record BLOB);").unwrap();
    connection.execute_batch(&schema()).unwrap();
    for table in TABLES {
        let query = format!("SELECT * FROM {}", table.name);
        let statement = connection.prepare(&query).unwrap();
        let made: Vec<&str> = statement.column_names().collect();
        let told: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        assert_eq!(made, told);
    }
    let indexes: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(indexes, i64::try_from(INDEXES.len()).unwrap() + 2);
}

/// Where a field of a kind stands: a column of its table, or of one beside it, or as a link or a long text.
#[test]
fn every_field_that_is_shared_has_a_place() {
    let texts: BTreeSet<&str> = words::all()
        .into_iter()
        .filter(|word| word.0 == "tekstveld")
        .map(|word| word.1)
        .collect();
    let links: BTreeSet<&str> = words::all()
        .into_iter()
        .filter(|word| word.0 == "verwijzing")
        .map(|word| word.1)
        .collect();
    for kind in Kind::ALL {
        let columns: BTreeSet<&str> = fill::of_kind(kind)
            .iter()
            .flat_map(|table| table.columns)
            .map(cell::field_of)
            .collect();
        for field in schema::fields(kind).iter().filter(|field| !field.local_only) {
            let elsewhere = match field.name {
                "bron" => "verwijzing",
                "voorwaarden" | "werkt_als" | "werkt_niet_als" => "voorwaarde",
                "ingebracht_door" => "ingebracht",
                "afspraken" => "wat",
                "episodes" => "opgelost",
                "lidmaatschap" => "is_lid",
                "tips" => "toon",
                "gevarieerd" => "variabele",
                "kwartaal" => "over_kwartaal",
                name => name,
            };
            let is_link = matches!(field.what, schema::Type::Link(_) | schema::Type::Links { .. });
            let is_text = matches!(field.what, schema::Type::Text { .. });
            assert!(
                columns.contains(elsewhere)
                    || is_link && links.contains(field.name)
                    || is_text && texts.contains(field.name),
                "{kind:?} {}",
                field.name
            );
        }
    }
}
