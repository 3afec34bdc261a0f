//! `orphans`: own work that counts for nobody, and sharing it anew.

use protocol::api::{
    self, Approvals, ConceptState, HeruitgaveAsked, Lidmaatschap, Lot, Message, Stand, VerweesdPage, Waarom, path,
};
use serde_json::Value;

use crate::client::{Client, parse};
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// Characters of an id in a list: enough to tell them apart, short enough to type.
const ID_CHARS: usize = 12;

/// Shows what is orphaned, each with its record.
///
/// # Errors
/// [`Stop`] when the node does not answer.
pub fn show(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::VERWEESD, &[])?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let page: VerweesdPage = parse(&text)?;
    let (held, lost): (Vec<_>, Vec<_>) = page.verweesd.iter().partition(|line| line.lot == Lot::Wacht);
    for line in lost.into_iter().chain(held.iter().copied()) {
        let document: String = line.document.to_string().chars().take(ID_CHARS).collect();
        let id = line.id.as_deref().unwrap_or("-");
        let kind = line.soort.as_deref().unwrap_or("?");
        let (why, fate) = (why(line.waarom), fate(line.lot));
        let (entries, log) = (line.entries, line.log.to_string());
        let log: String = log.chars().take(ID_CHARS).collect();
        output.say(&Message::with(
            format!(
                "{document}  {id}  {kind}: {entries} entries in log {log}, {}; {}",
                why.nl, fate.nl
            ),
            format!(
                "{document}  {id}  {kind}: {entries} entries in log {log}, {}; {}",
                why.en, fate.en
            ),
        ))?;
        for (name, value) in line.record.as_ref().and_then(Value::as_object).into_iter().flatten() {
            if let Value::String(text) = value {
                let field = format!("    {name}: {text}");
                output.say(&Message::with(field.clone(), field))?;
            }
        }
    }
    let (all, ready) = (
        page.totaal.saturating_sub(held.len() as u64),
        page.verweesd.iter().filter(|line| line.lot == Lot::Verweesd).count(),
    );
    let stand = client.read::<Stand>(path::STAND, &[]);
    let place = stand.map_or(Lidmaatschap::Lid, |stand| stand.lidmaatschap);
    output.say(&summed(all, ready, place))?;
    if !held.is_empty() {
        let held = held.len();
        output.say(&Message::with(
            format!("{held} opgehouden door een schorsing, tot de volgende editie"),
            format!("{held} held back by a suspension, until the next edition"),
        ))?;
    }
    Ok(Exit::Ok)
}

/// How much is orphaned, and what is done about it: only who may share can share anew.
fn summed(all: u64, ready: usize, place: Lidmaatschap) -> Message {
    if matches!(place, Lidmaatschap::Lid | Lidmaatschap::NietGesticht) || ready == 0 {
        return Message::with(
            format!("{all} verweesd, {ready} daarvan opnieuw te delen met leerkring orphans --reissue"),
            format!("{all} orphaned, {ready} of them to be shared anew with leerkring orphans --reissue"),
        );
    }
    let (nl, en) = match place {
        Lidmaatschap::Opgegaan => (
            "deze gemeente is opgegaan in een andere: leg het daar opnieuw vast en deel het bij de opvolger",
            "this gemeente became part of another one: record it anew there and share it at the successor",
        ),
        _ => (
            "deze node mag niets delen (leerkring status zegt waarom), dus ook niet opnieuw",
            "this node may share nothing (leerkring status says why), so nothing anew either",
        ),
    };
    Message::with(format!("{all} verweesd; {nl}"), format!("{all} orphaned; {en}"))
}

/// Shares what is orphaned anew: one of it, or all.
///
/// # Errors
/// [`Stop`] when the node does not answer, or refuses.
pub fn reissue(client: &Client, id: Option<String>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let asked = serde_json::to_vec(&HeruitgaveAsked { id }).expect("a text has a form in JSON");
    let text = client.post(path::VERWEESD_HERUITGAVE, api::MEDIA_JSON, &asked)?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let done: Approvals = parse(&text)?;
    for line in &done.goedkeuringen {
        let record = line.record.map(|record| record.to_string()).unwrap_or_default();
        let (nl, en) = match (&line.fout, line.staat) {
            (Some(fault), _) => (fault.melding.clone(), fault.melding.clone()),
            (None, ConceptState::Gedeeld) => (format!("opnieuw gedeeld  {record}"), format!("shared anew  {record}")),
            (None, _) => (
                "vertrekt met de volgende wekelijkse uitgave".to_owned(),
                "leaves with the next weekly release".to_owned(),
            ),
        };
        output.say(&Message::with(
            format!("{}  {nl}", line.id),
            format!("{}  {en}", line.id),
        ))?;
    }
    if done.goedkeuringen.is_empty() {
        output.say(&Message::new(
            "er is niets opnieuw te delen",
            "there is nothing to share anew",
        ))?;
    }
    Ok(Exit::Ok)
}

fn why(why: Waarom) -> Message {
    match why {
        Waarom::Gesplitst => Message::new("want dat log is gesplitst", "because that log was forked"),
        Waarom::Beeindigd => Message::new(
            "want het handvest beëindigde die sleutel eerder",
            "because the charter ended that key before",
        ),
        Waarom::Geschorst => Message::new("want de gemeente is geschorst", "because the gemeente is on hold"),
        Waarom::Geweigerd => Message::new(
            "want een entry ervoor is ongeldig",
            "because an entry before it is invalid",
        ),
        Waarom::BouwtOpVerweesd => Message::new(
            "want het bouwt op werk dat niet telt",
            "because it builds on work that does not count",
        ),
    }
}

fn fate(fate: Lot) -> Message {
    match fate {
        Lot::Verweesd => Message::new("telt voor niemand", "counts for nobody"),
        Lot::Wacht => Message::new("wacht op de volgende editie", "waits for the next edition"),
        Lot::Opnieuw => Message::new("is al opnieuw gedeeld", "was shared anew already"),
        Lot::Ingetrokken => Message::new("is ingetrokken", "was withdrawn"),
        Lot::Onbekend => Message::new("staat niet in deze kluis", "is not in this vault"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharing_anew_is_advised_only_where_it_can_be_done() {
        let advised = |place| summed(3, 2, place).nl.contains("--reissue");
        assert!(advised(Lidmaatschap::Lid));
        for place in [
            Lidmaatschap::Opgegaan,
            Lidmaatschap::NodeBeeindigd,
            Lidmaatschap::Geschorst,
        ] {
            assert!(!advised(place), "{place:?}");
        }
        assert!(summed(3, 2, Lidmaatschap::Opgegaan).nl.contains("bij de opvolger"));
    }
}
