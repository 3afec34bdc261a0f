//! The commands about kringen: which there are, coming in and leaving, and the account over a quarter.

mod account;

use std::collections::BTreeSet;

use protocol::api::{Intake, Lang, LidmaatschapStand, MEDIA_JSON, Message, Outcome, Stand, Verantwoording, path};
use protocol::id::Week;
use serde_json::{Value, json};

use crate::args::kring::{Kring, New};
use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gemeenten;
use crate::output::{Output, Stop, plain};
use crate::share;
use crate::table::{Table, cut};
use crate::value;

/// Characters of an id in a table.
const ID_CHARS: usize = 10;
/// Characters of a name in a table.
const NAME_CHARS: usize = 60;

/// Asks it, and shows the answer.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn kring(client: &Client, asked: Kring, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match asked {
        Kring::List { peilweek } => list(client, peilweek, output)?,
        Kring::New(new) => return begin(client, new, output),
        Kring::Membership(asked) => {
            let body = serde_json::to_vec(&asked).expect("a question is plain text");
            let text = client.post(path::LIDMAATSCHAPPEN, MEDIA_JSON, &body)?;
            if output.json {
                output.line(&text)?;
            } else {
                said(&parse(&text)?, output)?;
            }
        }
        Kring::Account { query, form } => {
            let text = client.get(path::VERANTWOORDING, &query.pairs())?;
            if output.json {
                output.line(&text)?;
            } else {
                account::show(&parse::<Verantwoording>(&text)?, form, output)?;
            }
        }
    }
    Ok(Exit::Ok)
}

fn list(client: &Client, peilweek: Option<Week>, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut query = vec![("soort", "kring".to_owned())];
    query.extend(peilweek.map(|week| ("peilweek", week.to_string())));
    if output.json {
        return client.lines(path::RECORDS, &query, |line| {
            output.bytes(line)?;
            output.bytes(b"\n")
        });
    }
    let heading = match output.lang {
        Lang::Nl => ["ID", "STAAT", "LEDEN", "NAAM"],
        Lang::En => ["ID", "STATE", "MEMBERS", "NAME"],
    };
    let mut table = Table::new(&heading);
    let mut known = BTreeSet::new();
    client.lines(path::RECORDS, &query, |line| {
        let record: Value = parse(&String::from_utf8_lossy(line))?;
        let text = |name: &str| value::short(&record[name]);
        let id: String = text("id").chars().take(ID_CHARS).collect();
        table.row(&[&id, &text("staat"), &text("leden"), &cut(&text("naam"), NAME_CHARS)]);
        known.insert(text("id"));
        Ok::<(), Stop>(())
    })?;
    begun_here(client, &query, &known, (&mut table, output.lang))?;
    if table.is_empty() {
        return output.say(&Message::new(
            "er is nog geen kring; leerkring kring new begint er een",
            "there is no kring yet; leerkring kring new begins one",
        ));
    }
    table.lines().iter().try_for_each(|line| output.line(line))
}

/// Adds the kringen that were begun here and of which nobody else knows yet.
fn begun_here(
    client: &Client,
    query: &[(&str, String)],
    known: &BTreeSet<String>,
    (table, lang): (&mut Table, Lang),
) -> Result<(), Stop> {
    let state = lang.pick("nog niet gedeeld", "not shared yet");
    let told = client.lines(path::LOKALE_RECORDS, query, |line| {
        let record: Value = parse(&String::from_utf8_lossy(line))?;
        let text = |name: &str| value::short(&record[name]);
        if !known.contains(&text("record")) {
            table.row(&[&text("id"), state, &text("leden"), &cut(&text("naam"), NAME_CHARS)]);
        }
        Ok::<(), Stop>(())
    });
    match told {
        // Whoever may read what is shared need not be allowed to look into the vault.
        Err(Stop::Failed(error)) if error.exit == Exit::Permission => Ok(()),
        told => told,
    }
}

fn begin(client: &Client, new: New, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let stand: Stand = client.read(path::STAND, &[])?;
    let record = json!({
        "soort": "kring", "id": new.id, "naam": new.name, "doel": new.purpose, "ritme": new.rhythm,
        "week": new.week.unwrap_or(stand.peilweek), "fictief": gemeenten::is_practice(&stand.gemeente.to_string()),
    });
    let text = client.post(path::CONCEPTEN, MEDIA_JSON, record.to_string().as_bytes())?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let intake: Intake = parse(&text)?;
    match intake.concepten.into_iter().next() {
        Some(Outcome::Taken { id, .. }) => {
            let id = plain(&id);
            output.say(&Message::with(
                format!("{id}: kring vastgelegd, met deze gemeente erin"),
                format!("{id}: kring recorded, with this gemeente in it"),
            ))?;
            waits(&id, output)?;
            Ok(Exit::Ok)
        }
        Some(Outcome::Refused { fouten, .. }) => {
            let lang = output.lang;
            let told: Vec<String> = fouten.iter().map(|fault| share::fault_text(fault, lang)).collect();
            let told = told.join("; ");
            Err(CommandError::new(Exit::Input, Message::with(told.clone(), told)).into())
        }
        None => Ok(Exit::Ok),
    }
}

fn said(stand: &LidmaatschapStand, output: &mut Output<'_>) -> Result<(), Stop> {
    let (name, week) = (plain(&stand.naam), stand.week);
    output.say(&match stand.lid {
        true => Message::with(
            format!("{name}: deze gemeente zit erin vanaf {week}"),
            format!("{name}: this gemeente is in it from {week} on"),
        ),
        false => Message::with(
            format!("{name}: deze gemeente is eruit vanaf {week}; wat zij deelde blijft van haar"),
            format!("{name}: this gemeente is out of it from {week} on; what it shared stays its own"),
        ),
    })?;
    waits(&plain(&stand.id), output)
}

fn waits(id: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    output.say(&Message::with(
        format!("de anderen horen ervan na leerkring review {id}, en dan leerkring approve {id}"),
        format!("the others hear of it after leerkring review {id}, and then leerkring approve {id}"),
    ))
}
