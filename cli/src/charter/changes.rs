//! What an edition changes, line by line.

use protocol::api::{Lang, Wijziging, WijzigingSoort};

use crate::output::plain;

/// The lines that tell these changes, each with what stands below it.
pub(super) fn lines(changes: &[Wijziging], lang: Lang) -> Vec<String> {
    changes.iter().flat_map(|change| told(change, lang)).collect()
}

fn told(change: &Wijziging, lang: Lang) -> Vec<String> {
    let who = format!("{} {}", change.gemeente, plain(&change.naam));
    let mut lines = vec![format!(
        "  {} {}{}",
        sign(change.soort),
        who.trim_end(),
        what(change, lang)
    )];
    let mut below = |name: &str, value: &str| lines.push(format!("      {name:<13} {}", plain(value)));
    if let Some(print) = &change.vingerafdruk {
        // The root key alone has another one, in `keys`.
        below(lang.pick("vingerafdruk van de kaart", "fingerprint of the card"), print);
    }
    for node in &change.nodes {
        below("node", &node.to_string());
    }
    lines
}

fn sign(sort: WijzigingSoort) -> char {
    match sort {
        WijzigingSoort::Komt | WijzigingSoort::KomtMeelezen | WijzigingSoort::NodesErbij => '+',
        WijzigingSoort::Gaat | WijzigingSoort::Herindeling | WijzigingSoort::NodesEindigen => '-',
        _ => '~',
    }
}

fn what(change: &Wijziging, lang: Lang) -> String {
    let to = change.naar.map_or_else(String::new, |to| to.to_string());
    let (day, becomes) = (
        change.datum.as_deref().unwrap_or_default(),
        plain(change.wordt.as_deref().unwrap_or_default()),
    );
    match change.soort {
        WijzigingSoort::Komt => lang.pick(" komt erbij en stemt", " joins and votes").to_owned(),
        WijzigingSoort::KomtMeelezen => lang
            .pick(" komt erbij en leest mee", " joins and reads along")
            .to_owned(),
        WijzigingSoort::Gaat => lang.pick(" gaat eruit", " goes").to_owned(),
        WijzigingSoort::Herindeling => lang.pick(
            format!(" gaat op in {to}, per {day}"),
            format!(" becomes part of {to}, on {day}"),
        ),
        WijzigingSoort::GaatStemmen => lang.pick(": stemt voortaan", ": votes from now on").to_owned(),
        WijzigingSoort::GaatMeelezen => lang
            .pick(": leest voortaan mee", ": reads along from now on")
            .to_owned(),
        WijzigingSoort::Wortelsleutel => lang.pick(": andere wortelsleutel", ": another root key").to_owned(),
        WijzigingSoort::VolgendeSleutel => lang
            .pick(
                ": legt een andere volgende wortelsleutel vast",
                ": commits to another next root key",
            )
            .to_owned(),
        WijzigingSoort::Naam => lang
            .pick(": heet voortaan zo", ": has this name from now on")
            .to_owned(),
        WijzigingSoort::Postbus => lang.pick(format!(": postbus {becomes}"), format!(": mailbox {becomes}")),
        WijzigingSoort::Adressen => lang.pick(format!(": adres {becomes}"), format!(": address {becomes}")),
        WijzigingSoort::NodesErbij => lang.pick(": nodes erbij", ": more nodes").to_owned(),
        WijzigingSoort::NodesEindigen => lang
            .pick(": nodes houden voorgoed op", ": nodes end for good")
            .to_owned(),
        WijzigingSoort::BlijftGeschorst => lang.pick(" blijft geschorst", " stays on hold").to_owned(),
        WijzigingSoort::SchorsingVervalt => lang.pick(": de schorsing vervalt", ": is on hold no longer").to_owned(),
    }
}
