//! `pending`: who knocked at the node and was not let in, and what a person can do about it.
//!
//! A key is not a name: whoever knocks proves only that it has that key. So the key is shown whole, to be compared with a
//! card that came by another way.

use protocol::api::{Knocked, KnockedWhy, Lang, Message, Stand, path};
use serde_json::json;

use crate::client::Client;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};
use crate::status::ago;

/// Shows who knocked.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn pending(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let stand: Stand = client.read(path::STAND, &[])?;
    let edition = stand.editie;
    if output.json {
        let lines = stand.aangeklopt.iter().map(|line| {
            let mut value = serde_json::to_value(line).expect("texts, numbers and keys");
            value["advies"] = advice(line, edition).text(output.lang).into();
            value
        });
        let lines: Vec<_> = lines.collect();
        output.line(&json!({"federatie": stand.federatie, "editie": edition, "aangeklopt": lines}).to_string())?;
        return Ok(Exit::Ok);
    }
    if stand.aangeklopt.is_empty() {
        output.say(&Message::new(
            "Niemand klopte vergeefs aan sinds de node startte",
            "Nobody knocked in vain since the node started",
        ))?;
        return Ok(Exit::Ok);
    }
    output.heading(&Message::new("Aangeklopt, niet binnengelaten", "Knocked, not let in"))?;
    for line in &stand.aangeklopt {
        one(line, edition, output)?;
    }
    Ok(Exit::Ok)
}

fn one(line: &Knocked, edition: Option<u64>, output: &mut Output<'_>) -> Result<(), Stop> {
    let key = line.node.map_or_else(|| plain(&line.peer), |node| node.to_string());
    let (times, last, from) = (line.keer, ago(line.laatst_s, output.lang), plain(&line.adres));
    let advice = advice(line, edition);
    output.line(&key)?;
    output.say(&Message::with(
        format!("  {times} keer, de laatste {last}, vanaf {from}\n  {}", advice.nl),
        format!("  {times} times, the last {last}, from {from}\n  {}", advice.en),
    ))
}

/// What the charter says of whoever knocked, and what to do.
fn advice(line: &Knocked, edition: Option<u64>) -> Message {
    let of = |lang: Lang| {
        line.gemeente.map_or_else(
            || lang.pick("een gemeente", "a gemeente").to_owned(),
            |code| code.to_string(),
        )
    };
    let (nl, en) = (of(Lang::Nl), of(Lang::En));
    match line.reden {
        KnockedWhy::Onbekend => unknown(edition),
        KnockedWhy::Ingetrokken => Message::with(
            format!("sprak voor {nl}, die deze sleutel beëindigde: laat haar buiten, en bel {nl} als dit blijft komen"),
            format!("spoke for {en}, which ended this key: keep it out, and call {en} when it keeps coming"),
        ),
        KnockedWhy::Verwijderd => Message::with(
            format!(
                "sprak voor {nl}, die geen lid meer is: komt zij terug, dan met een nieuwe kaart en een nieuwe sleutel"
            ),
            format!("spoke for {en}, which is no member any more: it comes back with a new card and a new key only"),
        ),
        KnockedWhy::Vertrokken => Message::with(
            format!("sprak voor {nl}, die vertrok: zij hoeft niets meer te vragen en krijgt niets meer"),
            format!("spoke for {en}, which left: it gets nothing any more"),
        ),
        KnockedWhy::Geschorst => Message::with(
            format!("spreekt voor {nl}, die geschorst is tot de volgende editie"),
            format!("speaks for {en}, which is suspended until the next edition"),
        ),
    }
}

fn unknown(edition: Option<u64>) -> Message {
    match edition {
        Some(number) => Message::with(
            format!(
                "hoort bij niemand in editie {number}: vraag de gemeente haar kaart, vergelijk de sleutel, en stel haar voor met \
                 leerkring charter propose --add KAART. Is zij de tweede node van een lid, dan tekent dat lid haar verzoek (leerkring \
                 keys certify)"
            ),
            format!(
                "belongs to nobody in edition {number}: ask the gemeente for its card, compare the key, and propose it with \
                 leerkring charter propose --add CARD. If it is the second node of a member, that member signs its request (leerkring \
                 keys certify)"
            ),
        ),
        None => Message::new(
            "hoort bij niemand: deze node kent nog geen gestichte federatie",
            "belongs to nobody: this node knows no federation that is founded",
        ),
    }
}
