//! `list` and `show`: the records of the federation, and those that were recorded here.

use protocol::api::{Lang, NOT_FOUNDED, RecordQuery, Stand, path};
use protocol::gate::MEANT;
use protocol::id::{RecordId, Week};
use serde_json::Value;

use crate::amount;
use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::next;
use crate::output::{Output, Stop};
use crate::table::{Table, cut};
use crate::value;

/// Characters of an id in a table: enough to be unique among very many.
const ID_CHARS: usize = 10;
/// Characters of a title in a table.
const TITLE_CHARS: usize = 72;
/// Rows that are aligned together; a longer list is shown in pieces while it comes in.
const ROWS: usize = 1_000;
/// The field that says most about a record, in order of preference.
const TITLES: [&str; 8] = [
    "titel",
    "naam",
    "tekst",
    "kern",
    "hypothese",
    "uitleg",
    "aanpassing",
    "aard",
];

/// Shows the records that fit the question.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn list(client: &Client, query: &RecordQuery, local: bool, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let query = query.pairs();
    let from = if local { path::LOKALE_RECORDS } else { path::RECORDS };
    if output.json {
        client.lines(from, &query, |line| {
            output.bytes(line)?;
            output.bytes(b"\n")
        })?;
        return Ok(Exit::Ok);
    }
    let mut table = heading(output.lang);
    let (mut count, mut rows) = (0_u64, 0);
    client.lines(from, &query, |line| {
        add(&mut table, &parse(&String::from_utf8_lossy(line))?);
        (count, rows) = (count + 1, rows + 1);
        if rows < ROWS {
            return Ok(());
        }
        rows = 0;
        print(&std::mem::replace(&mut table, heading(output.lang)), output)
    })?;
    print(&table, output)?;
    output.line(&amount::of(count, "record", "records"))?;
    match count {
        // Nobody meant what was recorded here to be anonymous.
        _ if local => {}
        0 => why_none(client, output)?,
        _ => output.say(&MEANT)?,
    }
    Ok(Exit::Ok)
}

/// A node that does not belong yet has no records to show whatever is asked.
fn why_none(client: &Client, output: &mut Output<'_>) -> Result<(), Stop> {
    let stand: Stand = client.read(path::STAND, &[])?;
    let Some(step) = next::of_stand(&stand) else {
        return Ok(());
    };
    output.say(&NOT_FOUNDED)?;
    next::say(&step, output)
}

fn heading(lang: Lang) -> Table {
    Table::new(&match lang {
        Lang::Nl => ["ID", "SOORT", "GEMEENTE", "WEEK", "STAAT", "THEMA", "TITEL"],
        Lang::En => ["ID", "KIND", "GEMEENTE", "WEEK", "STATE", "THEME", "TITLE"],
    })
}

fn print(table: &Table, output: &mut Output<'_>) -> Result<(), Stop> {
    if table.is_empty() {
        return Ok(());
    }
    let lines = table.lines_within(output.width);
    lines.iter().try_for_each(|line| output.line(line))
}

fn add(table: &mut Table, record: &Value) {
    let text = |name: &str| record.get(name).map(shown).unwrap_or_default();
    let id = short(text("id"));
    let title = cut(&title(record), TITLE_CHARS);
    table.row(&[
        &id,
        &text("soort"),
        &text("eigenaar"),
        &text("week"),
        &text("staat"),
        &text("thema"),
        &title,
    ]);
}

/// What of an id stands in a table: of one in the network its begin, of one of the vault all, as a person chose it.
fn short(id: String) -> String {
    match id.parse::<RecordId>() {
        Ok(_) => id.chars().take(ID_CHARS).collect(),
        Err(_) => id,
    }
}

fn title(record: &Value) -> String {
    let field = TITLES.iter().find_map(|name| record.get(name));
    field.map(shown).unwrap_or_default()
}

/// What a record says of itself, by the begin of its id or its id in the vault; nothing when it is not to be shown.
#[must_use]
pub fn title_of(client: &Client, id: &str) -> Option<String> {
    title_of_shared(client, id).or_else(|| title_in(&client.get(&path_of(path::CONCEPT, id), &[]).ok()?))
}

/// What a record in the network says of itself, by the begin of its id; nothing when it is not to be shown.
#[must_use]
pub fn title_of_shared(client: &Client, id: &str) -> Option<String> {
    title_in(&client.get(&path_of(path::RECORD, id), &[]).ok()?)
}

fn title_in(text: &str) -> Option<String> {
    let record: Value = serde_json::from_str(text).ok()?;
    let title = cut(&title(&record), TITLE_CHARS);
    (!title.is_empty()).then_some(title)
}

/// A field on one line. In a co-written record a field has a value per gemeente: the first one stands here.
fn shown(field: &Value) -> String {
    match field {
        Value::Object(per_gemeente) => per_gemeente.values().next().map(value::short).unwrap_or_default(),
        field => value::short(field),
    }
}

/// Shows one record: of the federation, or else the one that was recorded here under that id.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn show(
    client: &Client,
    id: &str,
    peilweek: Option<Week>,
    local: bool,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let query: Vec<(&str, String)> = peilweek
        .map(|week| ("peilweek", week.to_string()))
        .into_iter()
        .collect();
    let here = || client.get(&path_of(path::LOKAAL_RECORD, id), &query);
    let (text, shared) = match local {
        true => (here()?, false),
        false => match client.get(&path_of(path::RECORD, id), &query) {
            Err(unknown) if unknown.exit == Exit::Input => {
                let text = here().map_err(|error| match error.exit {
                    // Of a record that is in neither place it is said where others would have it.
                    Exit::Input => unknown,
                    _ => error,
                })?;
                (text, false)
            }
            answer => (answer?, true),
        },
    };
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    for line in value::lines(&parse(&text)?) {
        output.line(&line)?;
    }
    if shared {
        output.say(&MEANT)?;
    }
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_a_person_chose_is_shown_whole() {
        assert_eq!(short("knelpunt-01".to_owned()), "knelpunt-01");
        assert_eq!(short("0123456789abcdefghjkmnpqrstvwxyz".to_owned()), "0123456789");
    }
}
