//! A dry run: of every row what it would become, and what is wrong with it.

use protocol::api::{Intake, Message, Outcome};
use serde_json::{Map, Value, json};

use super::table::Table;
use super::{fault_text, finding_text, verdict_text};
use crate::output::{Output, Stop, plain};

/// Characters of one field that are shown.
const SHOWN_MAX: usize = 60;

/// Shows what would become of every record.
pub(super) fn show(intake: &Intake, rows: Option<&Table>, output: &mut Output<'_>) -> Result<(), Stop> {
    for (number, outcome) in intake.concepten.iter().enumerate() {
        let row = rows.and_then(|table| Some((table, table.rows.get(number)?)));
        let place = row.map_or(number as u64 + 1, |(_, row)| row.line);
        let fields = row.map(|(table, row)| named(table, &row.cells)).unwrap_or_default();
        if output.json {
            let mut line = json!(outcome);
            line["regel"] = place.into();
            line["wordt"] = Value::Object(fields);
            output.line(&line.to_string())?;
        } else {
            tell(outcome, place, &fields, output)?;
        }
    }
    if output.json {
        return Ok(());
    }
    let all = intake.concepten.len();
    let taken = intake
        .concepten
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Taken { .. }));
    let taken = taken.count();
    output.say(&Message::with(
        format!("proef: {taken} van {all} kan worden vastgelegd; er is niets opgenomen"),
        format!("dry run: {taken} of {all} can be recorded; nothing was taken in"),
    ))?;
    Ok(())
}

/// What stands in a row, by the name of its field.
fn named(table: &Table, cells: &[String]) -> Map<String, Value> {
    let fields = table.header.iter().zip(cells);
    let given = fields.filter(|(name, cell)| !name.trim().is_empty() && !cell.trim().is_empty());
    given
        .map(|(name, cell)| (name.trim().to_owned(), Value::String(cell.trim().to_owned())))
        .collect()
}

fn tell(outcome: &Outcome, place: u64, fields: &Map<String, Value>, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    let (verdict, below) = match outcome {
        Outcome::Taken {
            verdict,
            findings,
            eerder,
            ..
        } => {
            let below: Vec<_> = findings.iter().map(|finding| finding_text(finding, lang)).collect();
            match eerder {
                Some(before) => (
                    lang.pick("ligt er al, als ", "is there already, as ").to_owned() + &plain(before),
                    below,
                ),
                None => (verdict_text(*verdict, lang).to_owned(), below),
            }
        }
        Outcome::Refused { fouten, .. } => {
            let below: Vec<_> = fouten.iter().map(|fault| fault_text(fault, lang)).collect();
            (lang.pick("kan zo niet", "cannot be like this").to_owned(), below)
        }
    };
    let line = lang.pick("regel", "line");
    output.line(&format!("{line} {place}  {verdict}"))?;
    let told = fields.iter().map(|(name, value)| {
        let text: String = value.as_str().unwrap_or_default().chars().take(SHOWN_MAX).collect();
        format!("{name}={text}")
    });
    let told = told.collect::<Vec<_>>().join(" · ");
    if !told.is_empty() {
        output.line(&format!("  {}", plain(&told)))?;
    }
    below.iter().try_for_each(|text| output.line(&format!("  {text}")))?;
    Ok(())
}
