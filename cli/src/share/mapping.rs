//! A mapping: how the columns of somebody else's register become the fields of a record.
//!
//! ```toml
//! [columns]
//! "Omschrijving melding" = "tekst"
//! "Cluster" = "laag"
//!
//! [values.laag]
//! "KCC" = "uitvoering"
//!
//! [constants]
//! soort = "signaal"
//! thema = "schulden"
//! ```
//!
//! Columns that it does not name stay behind. A value that it does not name goes on as it is: the node says what would be right.

use std::collections::BTreeMap;
use std::path::Path;

use protocol::api::Message;
use serde::Deserialize;

use super::table::Table;
use crate::address::read_text_of;
use crate::command_error::CommandError;
use crate::exit::Exit;

/// Longest mapping that is read.
const BYTES_MAX: u64 = 256 * 1024;

/// What a mapping says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// Which column becomes which field.
    #[serde(default)]
    columns: BTreeMap<String, String>,
    /// Per field, which value becomes which.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    /// Fields that have this value wherever the file gives none.
    #[serde(default)]
    constants: BTreeMap<String, String>,
}

/// Reads a mapping.
///
/// # Errors
/// [`CommandError`]: what is wrong, and on which line.
pub(super) fn read(path: &Path) -> Result<Mapping, CommandError> {
    let text = read_text_of(path, BYTES_MAX)?;
    parse(&text).map_err(|(line, detail)| {
        let path = path.display();
        CommandError::new(
            Exit::Input,
            Message::with(
                format!("{path}, regel {line}: dit is geen mapping: {detail}"),
                format!("{path}, line {line}: this is no mapping: {detail}"),
            ),
        )
        .hinting(Message::new(
            "een mapping heeft [columns] met \"kolom\" = \"veld\", [values.veld] met \"waarde\" = \"code\", en [constants]",
            "a mapping has [columns] with \"column\" = \"field\", [values.field] with \"value\" = \"code\", and [constants]",
        ))
    })
}

fn parse(text: &str) -> Result<Mapping, (usize, String)> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        (before.matches('\n').count() + 1, error.message().to_owned())
    })
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Mapping {
    /// The table with the fields of a record above its columns.
    ///
    /// # Errors
    /// [`CommandError`] when the file has not the columns that this names.
    pub(super) fn apply(&self, table: Table) -> Result<Table, CommandError> {
        let mut header = Vec::new();
        let mut places = Vec::new();
        for (column, field) in &self.columns {
            let place = table.header.iter().position(|name| plain(name) == plain(column));
            places.push(place.ok_or_else(|| no_column(column, &table.header))?);
            header.push(field.clone());
        }
        let alone = self.constants.iter().filter(|(field, _)| !header.contains(field));
        let alone: Vec<_> = alone.map(|(field, value)| (field.clone(), value.clone())).collect();
        let expected = table.header.len();
        let rows = table.rows.into_iter().map(|mut row| {
            // A row that is not whole stays as it is, so that it is told.
            if row.cells.len() == expected {
                let given = places.iter().zip(&header);
                let mut cells: Vec<String> = given
                    .map(|(place, field)| self.value(field, &row.cells[*place]))
                    .collect();
                cells.extend(alone.iter().map(|(_, value)| value.clone()));
                row.cells = cells;
            }
            row
        });
        let rows = rows.collect();
        header.extend(alone.into_iter().map(|(field, _)| field));
        Ok(Table { header, rows })
    }

    /// What a cell becomes in this field.
    fn value(&self, field: &str, cell: &str) -> String {
        let given = cell.trim();
        if given.is_empty() {
            return self.constants.get(field).cloned().unwrap_or_default();
        }
        let Some(values) = self.values.get(field) else {
            return cell.to_owned();
        };
        let find = |text: &str| values.iter().find(|(from, _)| plain(from) == plain(text));
        if let Some((_, to)) = find(given) {
            return to.clone();
        }
        let each = given.split(';').map(|part| match find(part) {
            Some((_, to)) => to.clone(),
            None => part.to_owned(),
        });
        each.collect::<Vec<_>>().join(";")
    }
}

fn no_column(wanted: &str, header: &[String]) -> CommandError {
    let header = header.join(", ");
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("het bestand heeft geen kolom {wanted:?}"),
            format!("the file has no column {wanted:?}"),
        ),
    )
    .hinting(Message::with(
        format!("de kolommen zijn: {header}"),
        format!("the columns are: {header}"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::table::of_text;

    const MAPPING: &str = "[columns]\n\"Omschrijving\" = \"tekst\"\n\"Cluster\" = \"laag\"\n\"Onderwerp\" = \"thema\"\n\
        [values.laag]\n\"KCC\" = \"uitvoering\"\n[values.thema]\n\"Schuld\" = \"schulden\"\n\
        [constants]\nsoort = \"signaal\"\nlaag = \"beleid\"\n";

    #[test]
    fn columns_become_fields_values_codes_and_what_is_not_given_a_constant() {
        let table = of_text(
            "Naam;omschrijving ;Cluster;Onderwerp\nJan;wacht;kcc;Schuld;\nPiet;loopt;;Wonen\nx;y;z;Schuld; wonen\n",
        );
        let mut table = table.unwrap();
        table.rows[0].cells.pop();
        table.rows[2].cells = ["x", "y", "z", "Schuld; wonen"].map(str::to_owned).to_vec();
        let mapped = parse(MAPPING).unwrap().apply(table).unwrap();
        let row = |number: usize| mapped.header.iter().zip(&mapped.rows[number].cells);
        let at = |number, field: &str| row(number).find(|(name, _)| *name == field).unwrap().1.clone();
        assert_eq!(
            [at(0, "tekst"), at(0, "laag"), at(0, "thema"), at(0, "soort")],
            ["wacht", "uitvoering", "schulden", "signaal"]
        );
        assert_eq!([at(1, "laag"), at(1, "thema")], ["beleid", "Wonen"]);
        assert_eq!([at(2, "laag"), at(2, "thema")], ["z", "schulden; wonen"]);
        assert!(!format!("{mapped:?}").contains("Jan"), "what is not named stays behind");
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        let missing = parse(MAPPING)
            .unwrap()
            .apply(of_text("Omschrijving;Onderwerp\n").unwrap())
            .unwrap_err();
        assert!(missing.message.nl.contains("\"Cluster\""), "{:?}", missing.message);
        assert!(missing.hint.unwrap().nl.contains("Omschrijving, Onderwerp"));
    }

    #[test]
    fn what_is_no_mapping_is_told_with_its_line() {
        for (text, line) in [
            ("[columns]\nx = \n", 2),
            ("[kolommen]\n", 1),
            ("\n\n[constants]\nsoort = 3\n", 4),
        ] {
            assert_eq!(parse(text).unwrap_err().0, line, "{text:?}");
        }
    }
}
