//! `query` and `tables`: questions in SQL, and the tables that they are asked of.
//!
//! Whoever ends this program ends the connection, and with it the question: the node stops working on it.

use std::io::Read;

use protocol::api::{self, Message, Tabel, TabelPage, Zoekantwoord, ZoekvraagAsked, path};
use protocol::export::{Cell, Dialect, line};
use serde_json::Value;

use crate::client::{Client, parse, path_of};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Longest question that is read, in bytes; the node says so of one that is longer than it takes.
const SQL_BYTES_MAX: u64 = 1024 * 1024;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The question; `-` is what stands on standard input.
    pub sql: String,
    /// The values for its places, in order.
    pub values: Vec<String>,
    /// Rows that are wanted at most.
    pub rows: Option<u32>,
    /// Words that records are looked for by, for the table `gevonden`.
    pub search: Option<String>,
    /// Whether the answer is a CSV file.
    pub csv: bool,
}

/// Asks a question and shows the answer.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn query(client: &Client, asked: &Asked, input: &mut dyn Read, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let question = ZoekvraagAsked {
        sql: match asked.sql.as_str() {
            "-" => read(input)?,
            sql => sql.to_owned(),
        },
        parameters: match asked.values.as_slice() {
            [] => Value::Null,
            values => values.iter().map(|value| value_of(value)).collect(),
        },
        rijen: asked.rows,
        zoeken: asked.search.clone(),
    };
    let body = serde_json::to_vec(&question).expect("a question is plain text and values");
    let text = client.post(path::ZOEKVRAGEN, api::MEDIA_JSON, &body)?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let answer: Zoekantwoord = parse(&text)?;
    if asked.csv {
        csv(&answer, output)?;
    } else {
        table(&answer, output)?;
    }
    if answer.afgekapt {
        let count = answer.aantal;
        output.say_beside(&Message::with(
            format!("er zijn meer rijen dan deze {count}: beperk de vraag, of vraag er meer met --rows"),
            format!("there are more rows than these {count}: narrow the question down, or ask for more with --rows"),
        ));
    }
    Ok(Exit::Ok)
}

fn read(input: &mut dyn Read) -> Result<String, CommandError> {
    let mut sql = String::new();
    let read = input.take(SQL_BYTES_MAX).read_to_string(&mut sql);
    read.map(|_| sql).map_err(|error| {
        CommandError::new(
            Exit::Input,
            Message::new(
                "de vraag op standaardinvoer is geen leesbare tekst",
                "the question on standard input is not readable text",
            ),
        )
        .caused_by(error)
    })
}

/// A number is a number; everything else is text.
fn value_of(text: &str) -> Value {
    let whole = text.parse::<i64>().map(Value::from).ok();
    whole.unwrap_or_else(|| Value::from(text))
}

fn table(answer: &Zoekantwoord, output: &mut Output<'_>) -> Result<(), Stop> {
    let heading: Vec<String> = answer.kolommen.iter().map(|name| name.to_uppercase()).collect();
    let mut table = Table::new(&heading.iter().map(String::as_str).collect::<Vec<_>>());
    for row in &answer.rijen {
        let cells: Vec<String> = row.iter().map(cell).collect();
        table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for line in table.lines_within(output.width) {
        output.line(&line)?;
    }
    let (count, more) = (answer.aantal, if answer.afgekapt { "+" } else { "" });
    let (nl, en) = if count == 1 { ("rij", "row") } else { ("rijen", "rows") };
    output.say(&Message::with(
        format!("{count}{more} {nl}"),
        format!("{count}{more} {en}"),
    ))
}

/// A value as it is shown; what is not known is empty.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A CSV file as RFC 4180 has it: with CRLF, in UTF-8.
fn csv(answer: &Zoekantwoord, output: &mut Output<'_>) -> Result<(), Stop> {
    let heading = answer.kolommen.iter().map(|name| Cell::Text(name));
    output.bytes(line(Dialect::Plain, heading).as_bytes())?;
    for row in &answer.rijen {
        output.bytes(line(Dialect::Plain, row.iter().map(csv_cell)).as_bytes())?;
    }
    Ok(())
}

fn csv_cell(value: &Value) -> Cell<'_> {
    match value {
        Value::String(text) => Cell::Text(text),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cell::Integer(whole),
            None => number.as_f64().map_or(Cell::Empty, Cell::Real),
        },
        Value::Bool(flag) => Cell::Boolean(*flag),
        // An answer has rows of single values.
        Value::Null | Value::Array(_) | Value::Object(_) => Cell::Empty,
    }
}

/// Shows the tables, or the columns of one.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn tables(client: &Client, name: Option<&str>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let from = name.map_or_else(|| path::TABELLEN.to_owned(), |name| path_of(path::TABEL, name));
    let text = client.get(&from, &[])?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    match name {
        None => all(&parse(&text)?, output)?,
        Some(_) => one(&parse(&text)?, output)?,
    }
    Ok(Exit::Ok)
}

fn all(page: &TabelPage, output: &mut Output<'_>) -> Result<(), Stop> {
    let heading = output
        .lang
        .pick(["TABEL", "KOLOMMEN", "EEN RIJ IS"], ["TABLE", "COLUMNS", "A ROW IS"]);
    let mut table = Table::new(&heading);
    for line in &page.tabellen {
        table.row(&[&line.naam, &line.kolommen.to_string(), &line.over]);
    }
    for line in table.lines_within(output.width) {
        output.line(&line)?;
    }
    Ok(())
}

fn one(found: &Tabel, output: &mut Output<'_>) -> Result<(), Stop> {
    output.line(&crate::output::plain(&found.over))?;
    let heading = output.lang.pick(
        ["KOLOM", "SOORT", "CODES", "TABEL", "BETEKENIS"],
        ["COLUMN", "KIND", "CODES", "TABLE", "MEANING"],
    );
    let mut table = Table::new(&heading);
    for column in &found.kolommen {
        let unit = column
            .eenheid
            .as_ref()
            .map_or(String::new(), |unit| format!(" ({unit})"));
        table.row(&[
            &column.naam,
            column.soort.name(),
            column.codes.as_deref().unwrap_or_default(),
            column.verwijst.as_deref().unwrap_or_default(),
            &format!("{}{unit}", column.over),
        ]);
    }
    for line in table.lines_within(output.width) {
        output.line(&line)?;
    }
    let key = found.sleutel.join(", ");
    output.say(&Message::with(format!("sleutel: {key}"), format!("key: {key}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_none_of_somebodys_words() {
        let cells = [Value::from(-1), Value::from(-0.5), Value::from("-1"), Value::Null];
        let written = line(Dialect::Plain, cells.iter().map(csv_cell));
        assert_eq!(written, "-1,-0.5,'-1,\r\n");
    }

    #[test]
    fn a_value_that_is_a_number_is_given_as_one() {
        assert_eq!(value_of("12"), Value::from(12));
        assert_eq!(value_of("2026-W07"), Value::from("2026-W07"));
    }
}
