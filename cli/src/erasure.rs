//! `withdraw` and `receipts`: take back what was shared, and see where it is gone.

use protocol::api::{self, Ingetrokken, IntrekkingDetail, IntrekkingPage, Lang, Message, path};

use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Characters of an id in a list: enough to tell them apart, short enough to type.
const ID_CHARS: usize = 12;

/// Takes a record back.
///
/// # Errors
/// [`Stop`] when the node does not, or there is no such record.
pub fn withdraw(client: &Client, id: &str, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.post(&path_of(path::RECORD_INTREKKING, id), api::MEDIA_JSON, b"{}")?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let withdrawn: Ingetrokken = parse(&text)?;
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
    Ok(Exit::Ok)
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
