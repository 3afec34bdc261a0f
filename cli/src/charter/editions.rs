//! `charter propose`, `endorse` without a file, `suspend` and `merge`: what a member signs about a federation that
//! exists.
//!
//! What is held comes from the node, running or not; the signature is made here, with a root key that may be on a medium of
//! its own; and the statements go back to the node, which passes them on.

use protocol::api::{Imported, Message, Stand};
use protocol::id::Gemeente;
use serde_json::{Value, json};

use super::{changes, held, read, stand};
use crate::address::Node;
use crate::args::{NextEdition, RootFiles};
use crate::daemon::{self, Signed, Voted};
use crate::heard;
use crate::next;
use crate::output::{Output, Stop};

/// Proposes the next edition, or shows what it would change.
pub(super) fn propose(
    node: &Node,
    edition: &NextEdition,
    keys: &RootFiles,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let asked = daemon::asked(edition, read)?;
    // Before the charter is read: what came meanwhile is in it then.
    let before = match edition.dry_run {
        true => None,
        false => heard::before_vote(node, edition.now, output.lang)?,
    };
    let charter = held::text_of(node, output.lang)?;
    let touched = daemon::touches(&asked)?.into_iter();
    let logs = touched.map(|gemeente| held::logs_of(node, gemeente, output.lang));
    let logs = logs.collect::<Result<Vec<_>, _>>()?;
    if edition.dry_run {
        let changed = daemon::draft(&charter, &logs, &asked)?;
        if output.json {
            return output.line(&json!({ "wijzigingen": changed }).to_string());
        }
        output.heading(&Message::new(
            "De volgende editie zou veranderen (er is niets getekend)",
            "The next edition would change (nothing was signed)",
        ))?;
        let lines = changes::lines(&changed, output.lang);
        return lines.iter().try_for_each(|line| output.line(line));
    }
    let signed = daemon::propose_edition(node, &charter, &logs, &asked, keys)?;
    voted(node, &signed, before.as_ref(), output)
}

/// Votes for a proposal in the charter of the node.
pub(super) fn endorse(
    node: &Node,
    (edition, keys, now): (Option<&str>, &RootFiles, bool),
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let before = heard::before_vote(node, now, output.lang)?;
    let charter = held::text_of(node, output.lang)?;
    let signed = daemon::endorse_edition(node, &charter, edition, keys)?;
    voted(node, &signed, before.as_ref(), output)
}

/// Shows what was voted for, hands it over, and says how the vote stands then.
fn voted(node: &Node, signed: &Signed, before: Option<&Stand>, output: &mut Output<'_>) -> Result<(), Stop> {
    let Some(voted) = &signed.voted else {
        unreachable!("a vote is for an edition")
    };
    if !output.json {
        show(voted, output)?;
        old_key(signed, output)?;
    }
    let imported = held::hand_over(node, &signed.charter, output.lang)?;
    let (by, number) = (signed.by, voted.number);
    let decided = signed.stand.hash == Some(voted.edition);
    if output.json {
        let mut value = told(signed, &imported);
        value["nummer"] = number.into();
        value["ronde"] = voted.ballot.into();
        value["editie"] = json!(voted.edition);
        value["besloten"] = decided.into();
        value["wijzigingen"] = json!(voted.changes);
        return output.line(&value.to_string());
    }
    if decided {
        output.say(&Message::with(
            format!("{by} heeft getekend en daarmee is het besloten: editie {number} is van kracht"),
            format!("{by} signed, and with that it is decided: edition {number} is in force"),
        ))?;
        return unheard(before, output);
    }
    output.say(&Message::with(format!("{by} heeft getekend"), format!("{by} signed")))?;
    if let Some(vote) = &signed.stand.stemming {
        let mut proposals = vote.voorstellen.iter();
        let this = proposals.find(|proposal| (proposal.editie, proposal.ronde) == (voted.edition, voted.ballot));
        let counted = this.map(|this| {
            Message::with(
                stand::count(this, protocol::api::Lang::Nl),
                stand::count(this, protocol::api::Lang::En),
            )
        });
        counted.map_or(Ok(()), |counted| output.say(&counted))?;
    }
    unheard(before, output)?;
    next::say(&next::of_vote(&stand::short(voted.edition)), output)
}

/// Says so when no other node hears the one that runs here. What was signed counts all the same.
fn unheard(before: Option<&Stand>, output: &mut Output<'_>) -> Result<(), Stop> {
    before.map_or(Ok(()), |stand| heard::if_deaf(stand, output).map(drop))
}

fn show(voted: &Voted, output: &mut Output<'_>) -> Result<(), Stop> {
    let (number, hash, ballot) = (voted.number, stand::short(voted.edition), voted.ballot);
    let round = match ballot {
        0 => Message::new("", ""),
        _ => Message::with(
            format!("; ronde {ballot}, want een eerdere kwam op niets uit: nu moeten alle stemmende leden tekenen"),
            format!("; ballot {ballot}, since an earlier one came to nothing: now all voting members have to sign"),
        ),
    };
    output.heading(&Message::with(
        format!("Voorstel voor editie {number} ({hash}){}", round.nl),
        format!("Proposal for edition {number} ({hash}){}", round.en),
    ))?;
    if voted.changes.is_empty() {
        return output.say(&Message::new(
            "Er verandert niets: alles blijft zoals in de editie die van kracht is.",
            "Nothing changes: all stays as in the edition in force.",
        ));
    }
    let lines = changes::lines(&voted.changes, output.lang);
    lines.iter().try_for_each(|line| output.line(line))
}

/// Says so when the key that signed was replaced: it counts until the next edition, also in the hands of who stole it.
pub(super) fn old_key(signed: &Signed, output: &mut Output<'_>) -> Result<(), Stop> {
    if !signed.replaced {
        return Ok(());
    }
    let by = signed.by;
    output.say(&Message::with(
        format!(
            "Let op: dit is een oude wortelsleutel van {by}, die door de volgende is vervangen. Zij telt nog tot een editie de nieuwe \
             noemt, ook bij wie haar stal: teken met de nieuwe, en laat zo'n editie aannemen (leerkring charter propose --renew KAART)"
        ),
        format!(
            "Mind: this is an old root key of {by}, which the next one replaced. It counts until an edition lists the new one, also \
             for whoever stole it: sign with the new one, and have such an edition decided (leerkring charter propose --renew CARD)"
        ),
    ))
}

/// What every answer of a signature says to a program.
pub(super) fn told(signed: &Signed, imported: &Imported) -> Value {
    json!({
        "door": signed.by, "gelezen": imported.gelezen, "nieuw": imported.nieuw, "stemming": signed.stand.stemming,
        "schorsingen": signed.stand.schorsingen, "oude_sleutel": signed.replaced,
    })
}

/// Asks to put a member on hold.
pub(super) fn suspend(
    node: &Node,
    gemeente: Gemeente,
    (keys, now): (&RootFiles, bool),
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let before = heard::before_vote(node, now, output.lang)?;
    let charter = held::text_of(node, output.lang)?;
    let logs = held::logs_of(node, gemeente, output.lang)?;
    let signed = daemon::suspend(node, &charter, gemeente, &logs, keys)?;
    let imported = held::hand_over(node, &signed.charter, output.lang)?;
    if output.json {
        return output.line(&told(&signed, &imported).to_string());
    }
    let mut all = signed.stand.schorsingen.iter();
    let held = all.find(|held| held.gemeente == gemeente);
    let Some(held) = held else {
        return Ok(());
    };
    old_key(&signed, output)?;
    stand::suspension(held, output)?;
    unheard(before.as_ref(), output)?;
    if held.van_kracht {
        return Ok(());
    }
    next::say(&next::of_suspension(gemeente), output)
}
