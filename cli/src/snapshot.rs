//! `snapshot`: the hash that cites what the node knows now, and what it is made of.

use protocol::api::{Message, Momentopname, path};

use crate::amount;
use crate::client::{Client, parse};
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// Shows the snapshot and its parts.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn snapshot(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::MOMENTOPNAME, &[])?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let told: Momentopname = parse(&text)?;
    output.line(&told.snapshot.to_string())?;
    for (name, value) in parts(&told) {
        output.line(&format!("  {:<16}{}", name.text(output.lang), value.text(output.lang)))?;
    }
    Ok(Exit::Ok)
}

fn parts(told: &Momentopname) -> [(Message, Message); 6] {
    let same = |text: String| Message::with(text.clone(), text);
    let (edition, statements, versions) = (&told.editie, &told.verklaringen, told.versies);
    let entries: u64 = told.hoogten.iter().map(|line| line.hoogte).sum();
    let logs = told.hoogten.len() as u64;
    let heights = Message::with(
        format!(
            "{}, {}, stand {}",
            amount::of(logs, "logboek", "logboeken"),
            amount::of(entries, "post", "posten"),
            told.stand
        ),
        format!(
            "{}, {}, state {}",
            amount::of(logs, "log", "logs"),
            amount::of(entries, "entry", "entries"),
            told.stand
        ),
    );
    let (view, words, rules) = (versions.weergave, versions.woordenlijst, versions.regels);
    [
        (
            Message::new("peilweek", "reference week"),
            same(told.peilweek.to_string()),
        ),
        (
            Message::new("federatie", "federation"),
            same(told.federatie.to_string()),
        ),
        (
            Message::new("editie", "edition"),
            same(format!("{} ({})", edition.nummer, edition.hash)),
        ),
        (
            Message::new("verklaringen", "statements"),
            same(format!("{} ({})", statements.aantal, statements.digest)),
        ),
        (Message::new("hoogten", "heights"), heights),
        (
            Message::new("versies", "versions"),
            Message::with(
                format!("weergave {view}, woordenlijst {words}, regels {rules}"),
                format!("view {view}, word list {words}, rules {rules}"),
            ),
        ),
    ]
}
