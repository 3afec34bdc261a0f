//! `charter leave`: going, and what becomes of what was shared.
//!
//! **Invariant:** what is withdrawn is withdrawn before the node goes: what comes after that nobody takes from it any more.

use std::collections::BTreeSet;

use protocol::api::{HandvestStand, Message, path};
use protocol::id::Gemeente;
use serde_json::json;

use super::editions::told;
use super::held;
use crate::address::Node;
use crate::amount;
use crate::args::{Leave, RootFiles, Shared};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::daemon::{self, Signed};
use crate::erasure;
use crate::exit::Exit;
use crate::heard;
use crate::output::{Output, Stop};
use crate::person::Person;

/// Leaves the federation. Somebody at a terminal first sees what that does to the others, and says what becomes of what was
/// shared: it cannot be undone.
pub(super) fn leave(
    node: &Node,
    asked: &Leave,
    keys: &RootFiles,
    person: &mut Person<'_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let before = heard::before_vote(node, asked.now, output.lang)?;
    let charter = held::text_of(node, output.lang)?;
    let gemeente = daemon::speaks_for(node, &charter, keys)?;
    let logs = held::logs_of(node, gemeente, output.lang)?;
    // Before anything is taken back: who may not go now keeps what it has.
    let mut signed = daemon::leave(node, &charter, &logs, asked.now, keys)?;
    if !output.json {
        stuck(gemeente, &signed, output)?;
    }
    let client = match (asked.shared, node.running()?) {
        (Some(Shared::Keep), _) | (None, None) => None,
        _ => Some(Client::of(node, output.lang)?),
    };
    let records = match &client {
        Some(client) => own(client, gemeente)?,
        None => Vec::new(),
    };
    let withdraws = match asked.shared {
        Some(shared) => shared == Shared::Withdraw,
        None => chooses(gemeente, records.len(), person, output)?,
    };
    if !asked.yes {
        agreed(gemeente, person, output)?;
    }
    let mut gone = 0;
    if let Some(client) = client.filter(|_| withdraws) {
        gone = erasure::withdraw_each(&client, &records, output)?;
        let (charter, logs) = (
            held::text_of(node, output.lang)?,
            held::logs_of(node, gemeente, output.lang)?,
        );
        signed = daemon::leave(node, &charter, &logs, asked.now, keys)?;
    }
    let imported = held::hand_over(node, &signed.charter, output.lang)?;
    if output.json {
        let mut value = told(&signed, &imported);
        value["ingetrokken"] = json!(gone);
        return output.line(&value.to_string());
    }
    went(gemeente, withdraws, output)?;
    match before {
        Some(stand) if heard::deaf(&stand).is_none() => output.say(&Message::new(
            "Laat de node nog een minuut draaien, zodat de anderen het horen",
            "Let the node run for a minute more, so that the others hear of it",
        )),
        before => heard::told(before.as_ref(), output),
    }
}

fn went(gemeente: Gemeente, withdraws: bool, output: &mut Output<'_>) -> Result<(), Stop> {
    output.say(&match withdraws {
        true => Message::with(
            format!("{gemeente} heeft de federatie verlaten; wat gedeeld was is ingetrokken, en wat in de kluis staat blijft van u"),
            format!("{gemeente} left the federation; what was shared is withdrawn, and what is in the vault stays yours"),
        ),
        false => Message::with(
            format!(
                "{gemeente} heeft de federatie verlaten; wat gedeeld is blijft staan, en wat in de kluis staat blijft van u"
            ),
            format!("{gemeente} left the federation; what was shared stays, and what is in the vault stays yours"),
        ),
    })
}

/// What a gemeente wrote or wrote in, and those that became part of it.
pub(crate) fn own(client: &Client, gemeente: Gemeente) -> Result<Vec<String>, Stop> {
    let charter: HandvestStand = client.read(path::HANDVEST, &[])?;
    let mut ours = BTreeSet::from([gemeente]);
    loop {
        let more = charter.herindelingen.iter().filter(|merge| ours.contains(&merge.naar));
        let more: BTreeSet<Gemeente> = more.map(|merge| merge.van).collect();
        if more.is_subset(&ours) {
            break;
        }
        ours.extend(more);
    }
    let mut records = BTreeSet::new();
    for gemeente in ours {
        let query = [("eigenaar", gemeente.to_string())];
        client.lines(path::RECORDS, &query, |line| {
            let record: serde_json::Value = crate::client::parse(&String::from_utf8_lossy(line))?;
            records.extend(record["id"].as_str().map(str::to_owned));
            Ok::<(), Stop>(())
        })?;
    }
    Ok(records.into_iter().collect())
}

/// Whether somebody at a terminal wants to take back what was shared. Where nobody is asked it stays: that can still be
/// changed later.
fn chooses(gemeente: Gemeente, records: usize, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<bool, Stop> {
    if records == 0 {
        return Ok(false);
    }
    let records = amount::of(records as u64, "record", "records");
    let question = Message::with(
        format!("{gemeente} deelde {records}. Blijven die staan, of trekt u alles in? Typ houden of intrekken:"),
        format!("{gemeente} shared {records}. Do these stay, or do you withdraw everything? Type keep or withdraw:"),
    );
    let Some(answer) = person.ask(&question, output)? else {
        return Ok(false);
    };
    match answer.to_lowercase().as_str() {
        "houden" | "keep" => Ok(false),
        "intrekken" | "withdraw" => Ok(true),
        _ => Err(not_left().into()),
    }
}

fn not_left() -> CommandError {
    CommandError::new(
        Exit::Refused,
        Message::new("niet vertrokken: er is niets veranderd", "not left: nothing changed"),
    )
}

/// Says so when those that stay can decide nothing any more: the vote of who left goes on counting.
fn stuck(gemeente: Gemeente, signed: &Signed, output: &mut Output<'_>) -> Result<(), Stop> {
    let Some(vote) = &signed.stand.stemming else {
        return Ok(());
    };
    let stay = signed
        .stand
        .leden
        .iter()
        .filter(|member| member.stemt && !member.vertrokken);
    let (stay, quorum, voters) = (stay.count() as u64, vote.quorum, vote.stemmers);
    if stay == 0 || stay >= quorum {
        return Ok(());
    }
    output.say(&Message::with(
        format!(
            "LET OP: een editie vraagt {quorum} van {voters} stemmen, en zonder {gemeente} zijn er {stay}: de anderen kunnen dan niets meer \
             besluiten, ook geen editie zonder {gemeente}"
        ),
        format!(
            "MIND: an edition takes {quorum} of {voters} votes, and without {gemeente} there are {stay}: the others can decide nothing any \
             more then, not even an edition without {gemeente}"
        ),
    ))
}

/// Has somebody at a terminal say that they are sure.
fn agreed(gemeente: Gemeente, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<(), Stop> {
    let question = Message::with(
        format!("Verlaat {gemeente} de federatie voorgoed? Typ ja:"),
        format!("Does {gemeente} leave the federation for good? Type yes:"),
    );
    match person.agrees(&question, output)? {
        Some(false) => Err(not_left().into()),
        Some(true) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use protocol::api::Lang;

    use super::*;

    fn answered(answer: &str, sits: bool, records: usize) -> (Result<bool, Stop>, String) {
        let (mut input, mut printed) = (answer.as_bytes(), Vec::new());
        let mut output = Output::new(&mut printed, Lang::Nl, false, false);
        let gemeente = "GM9903".parse().unwrap();
        let chosen = chooses(gemeente, records, &mut Person::new(&mut input, sits), &mut output);
        (chosen, String::from_utf8(printed).unwrap())
    }

    #[test]
    fn who_leaves_says_what_becomes_of_what_was_shared() {
        for (answer, withdraws) in [
            ("houden\n", false),
            ("keep\n", false),
            ("Intrekken\n", true),
            ("withdraw\n", true),
        ] {
            let (chosen, asked) = answered(answer, true, 7);
            assert!(matches!(chosen, Ok(found) if found == withdraws), "{answer}");
            assert!(asked.contains("GM9903 deelde 7 records"), "{asked}");
        }
        for answer in ["", "ja\n", "allebei\n"] {
            assert!(answered(answer, true, 7).0.is_err(), "{answer:?} is no answer");
        }
    }

    #[test]
    fn nothing_is_asked_and_nothing_taken_back_where_nobody_sits_or_nothing_was_shared() {
        for (sits, records) in [(false, 7), (true, 0)] {
            let (chosen, asked) = answered("intrekken\n", sits, records);
            assert!(matches!(chosen, Ok(false)) && asked.is_empty(), "{asked}");
        }
    }
}
