//! `withdraw` and `receipts`: take back what was shared, and see where it is gone.

use protocol::api::{self, Ingetrokken, IntrekkingDetail, IntrekkingPage, Lang, Message, Stand, path};
use serde_json::json;

use crate::amount;
use crate::charter;
use crate::client::{Client, parse, path_of};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::heard;
use crate::list;
use crate::output::{Output, Stop, plain};
use crate::person::Person;
use crate::table::Table;

/// Characters of an id in a list: enough to tell them apart, short enough to type.
const ID_CHARS: usize = 12;

/// Takes a record back. Somebody at a terminal first sees which one it is: it cannot be undone, and the begin of an id fits more
/// than one thinks.
///
/// # Errors
/// [`Stop`] when the node does not, there is no such record, or somebody says no.
pub fn withdraw(
    client: &Client,
    id: &str,
    yes: bool,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let title = match output.json {
        true => None,
        false => list::title_of(client, id),
    };
    if !yes {
        let what = plain(title.as_deref().unwrap_or(id));
        let question = Message::with(
            format!("Trekt deze gemeente voorgoed in: {what}? Typ ja:"),
            format!("Does this gemeente take back for good: {what}? Type yes:"),
        );
        agreed(&question, person, output)?;
    }
    let text = client.post(&path_of(path::RECORD_INTREKKING, id), api::MEDIA_JSON, b"{}")?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let withdrawn: Ingetrokken = parse(&text)?;
    told(&withdrawn, title.as_deref(), output)?;
    if withdrawn.documenten.is_empty() {
        return Ok(Exit::Ok);
    }
    hears(client, output)?;
    Ok(Exit::Ok)
}

/// Takes back all that this gemeente shared.
///
/// # Errors
/// [`Stop`] when the node does not, or somebody says no.
pub fn withdraw_all(
    client: &Client,
    yes: bool,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let stand: Stand = client.read(path::STAND, &[])?;
    let records = charter::own(client, stand.gemeente)?;
    let (code, count) = (stand.gemeente, amount::of(records.len() as u64, "record", "records"));
    if !yes {
        let question = Message::with(
            format!("Trekt {code} voorgoed alles in wat het deelde ({count})? Typ ja:"),
            format!("Does {code} take back for good all that it shared ({count})? Type yes:"),
        );
        agreed(&question, person, output)?;
    }
    let gone = withdraw_each(client, &records, output)?;
    if output.json {
        output.line(&json!({"ingetrokken": gone}).to_string())?;
        return Ok(Exit::Ok);
    }
    hears(client, output)?;
    Ok(Exit::Ok)
}

/// Takes these records back one by one, and says how many that were. What was taken back before one fails stays so, and is
/// not asked for again.
pub(crate) fn withdraw_each(client: &Client, records: &[String], output: &mut Output<'_>) -> Result<u64, Stop> {
    let mut gone = 0;
    for record in records {
        let text = client.post(&path_of(path::RECORD_INTREKKING, record), api::MEDIA_JSON, b"{}")?;
        let withdrawn: Ingetrokken = parse(&text)?;
        gone += u64::from(!withdrawn.documenten.is_empty());
    }
    if !output.json {
        let gone = amount::of(gone, "record", "records");
        output.say(&Message::with(
            format!("ingetrokken: {gone}; elke node wist ze zodra hij dit hoort; leerkring receipts toont wie dat bevestigde"),
            format!("withdrawn: {gone}; every node erases them once it hears of this; leerkring receipts shows who confirmed"),
        ))?;
    }
    Ok(gone)
}

/// Says so when nobody hears that something is taken back. It is whether or not the node answers this too.
pub(crate) fn hears(client: &Client, output: &mut Output<'_>) -> Result<(), Stop> {
    if let Ok(stand) = client.read::<Stand>(path::STAND, &[]) {
        heard::if_deaf(&stand, output)?;
    }
    Ok(())
}

/// Has somebody at a terminal say that this is the record.
pub(crate) fn agreed(question: &Message, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
    match person.agrees(question, output)? {
        Some(false) => Err(CommandError::new(
            Exit::Refused,
            Message::new(
                "niet ingetrokken: er is niets veranderd",
                "not withdrawn: nothing changed",
            ),
        )
        .into()),
        Some(true) | None => Ok(()),
    }
}

fn told(withdrawn: &Ingetrokken, title: Option<&str>, output: &mut Output<'_>) -> Result<(), Stop> {
    if let Some(title) = title.filter(|_| !withdrawn.documenten.is_empty()) {
        output.line(&plain(title))?;
    }
    for document in &withdrawn.documenten {
        let id: String = document.to_string().chars().take(ID_CHARS).collect();
        output.say(&Message::with(
            format!("ingetrokken: document {id}; wat u zelf vastlegde blijft in de kluis"),
            format!("withdrawn: document {id}; what you recorded yourself stays in the vault"),
        ))?;
        output.say(&Message::with(
            format!("elke node wist het zodra hij dit hoort; leerkring receipts {id} toont wie dat bevestigde"),
            format!("every node erases it once it hears of this; leerkring receipts {id} shows who confirmed"),
        ))?;
    }
    if withdrawn.documenten.is_empty() {
        output.say(&Message::new("dit was al ingetrokken", "this was withdrawn already"))?;
    }
    Ok(())
}

/// Who has confirmed: of one withdrawal, or how many of each.
///
/// # Errors
/// [`Stop`] when the node does not answer, or there is no such withdrawal.
pub fn receipts(client: &Client, id: Option<&str>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = match id {
        Some(id) => client.get(&path_of(path::INTREKKING, id), &[])?,
        None => client.get(path::INTREKKINGEN, &[("aantal", api::PAGE_MAX.to_string())])?,
    };
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    match id {
        Some(_) => one(&parse(&text)?, output)?,
        None => all(&parse(&text)?, output)?,
    }
    Ok(Exit::Ok)
}

fn one(detail: &IntrekkingDetail, output: &mut Output<'_>) -> Result<(), Stop> {
    let (confirmed, nodes) = (detail.intrekking.bevestigd, detail.intrekking.nodes);
    output.heading(&Message::with(
        format!("Ingetrokken, {confirmed} van {nodes} nodes hebben het wissen bevestigd"),
        format!("Withdrawn, {confirmed} of {nodes} nodes have confirmed that it is erased"),
    ))?;
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["GEMEENTE", "NODE", "BEVESTIGD"],
        Lang::En => ["GEMEENTE", "NODE", "CONFIRMED"],
    });
    for receipt in &detail.ontvangst {
        let key: String = receipt.node.to_string().chars().take(ID_CHARS).collect();
        let confirmed = match (receipt.bevestigd, receipt.hoort_erbij, output.lang) {
            (true, _, Lang::Nl) => "ja",
            (true, _, Lang::En) => "yes",
            (false, true, Lang::Nl) => "nog niet",
            (false, true, Lang::En) => "not yet",
            (false, false, Lang::Nl) => "nee, hoort er niet meer bij",
            (false, false, Lang::En) => "no, belongs no longer",
        };
        table.row(&[&receipt.gemeente.to_string(), &key, confirmed]);
    }
    table.lines().iter().try_for_each(|line| output.line(line))?;
    output.say(&Message::new(
        "Een node bevestigt ten hoogste eens per dag. Wie niet bevestigt kan uit de lucht zijn: bel die gemeente.",
        "A node confirms at most once a day. Who does not confirm may be down: call that gemeente.",
    ))
}

fn all(page: &IntrekkingPage, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["DOCUMENT", "SOORT", "EIGENAAR", "BEVESTIGD"],
        Lang::En => ["DOCUMENT", "KIND", "OWNER", "CONFIRMED"],
    });
    for line in &page.intrekkingen {
        let id: String = line.document.to_string().chars().take(ID_CHARS).collect();
        let confirmed = format!("{}/{}", line.bevestigd, line.nodes);
        let kind = line.soort.as_deref().unwrap_or("?");
        table.row(&[&id, kind, &line.eigenaar.to_string(), &confirmed]);
    }
    table.lines().iter().try_for_each(|line| output.line(line))?;
    let (shown, total) = (page.intrekkingen.len(), page.totaal);
    output.say(&Message::with(
        format!("{shown} van {total} ingetrokken documenten"),
        format!("{shown} of {total} withdrawn documents"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(typed: Option<&str>) -> (Result<(), u8>, String) {
        let mut input = typed.unwrap_or_default().as_bytes();
        let mut written = Vec::new();
        let mut person = Person::new(&mut input, typed.is_some());
        let mut output = Output::new(&mut written, Lang::Nl, false, false);
        let ended = match agreed(
            &Message::new("Weg? Typ ja:", "Gone? Type yes:"),
            &mut person,
            &mut output,
        ) {
            Ok(()) => Ok(()),
            Err(Stop::Failed(error)) => Err(error.exit.code()),
            Err(Stop::Closed) => panic!("it writes into memory"),
        };
        (ended, String::from_utf8(written).unwrap())
    }

    #[test]
    fn somebody_at_a_terminal_says_yes() {
        assert_eq!(asked(Some("ja\n")), (Ok(()), "Weg? Typ ja: ".to_owned()));
        for typed in ["", "nee", "f"] {
            assert_eq!(asked(Some(typed)).0, Err(1), "{typed:?}");
        }
        assert_eq!(
            asked(None),
            (Ok(()), String::new()),
            "where nobody sits nothing is asked"
        );
    }
}
