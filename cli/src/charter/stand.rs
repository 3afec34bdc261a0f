//! Who belongs, how the vote on the next edition stands, and what is proven against whom.

use protocol::api::{Einde, HandvestStand, Lang, Lid, LidNode, Message, Schorsing, Stemming, StemmingStand, Voorstel};
use protocol::id::{EditionHash, Gemeente};

use super::{changes, together};
use crate::joining;
use crate::next;
use crate::output::{Output, Stop, plain};
use crate::table::Table;

/// Characters of a hash or key in an answer: enough to tell them apart, short enough to type.
const HASH_CHARS: usize = 10;

/// The begin of a hash, as it is shown and as it can be typed.
pub(super) fn short(hash: EditionHash) -> String {
    hash.to_string().chars().take(HASH_CHARS).collect()
}

pub(super) fn codes(gemeenten: &[Gemeente]) -> String {
    let codes: Vec<String> = gemeenten.iter().map(ToString::to_string).collect();
    codes.join(", ")
}

/// Everything, for a person.
pub(super) fn show(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    let founded = match stand.federatie {
        Some(federation) => Message::with(format!("Federatie {federation}"), format!("Federation {federation}")),
        None => Message::new("Nog niet gesticht", "Not founded yet"),
    };
    output.heading(&founded)?;
    if stand.editie.is_none() && stand.federatie.is_some() {
        output.say(&Message::new("Nog niet gesticht", "Not founded yet"))?;
    }
    if stand.opgeheven {
        output.say(&Message::new(
            "Opgeheven: alle leden zijn vertrokken; wat gedeeld is blijft leesbaar",
            "Dissolved: all members left; what was shared can still be read",
        ))?;
    }
    edition(stand, output)?;
    if let Some(invitation) = &stand.uitnodiging {
        output.say(&joining::standing(invitation, stand.editie))?;
    }
    votes_on(stand, output)?;
    if let Some(step) = next::of_charter(stand) {
        if !stand.leden.is_empty() {
            members(stand, output)?;
        }
        return next::say(&step, output);
    }
    members(stand, output)?;
    stand.schorsingen.iter().try_for_each(|held| suspension(held, output))?;
    stand
        .intrekkingen
        .iter()
        .try_for_each(|asked| together::asked(asked, output))?;
    for merger in &stand.herindelingen {
        let (from, to, day) = (merger.van, merger.naar, plain(&merger.datum));
        output.say(&Message::with(
            format!("Herindeling: {from} gaat per {day} verder als {to}"),
            format!("Merger: {from} goes on as {to}, on {day}"),
        ))?;
    }
    proven(stand, output)
}

/// Which edition is in force and how the vote on the next stands, of a charter in a file.
pub(super) fn course(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    edition(stand, output)?;
    votes_on(stand, output)
}

fn edition(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    let (Some(number), Some(hash)) = (stand.editie, stand.hash) else {
        return Ok(());
    };
    let hash = short(hash);
    output.say(&Message::with(
        format!("Editie {number} ({hash})"),
        format!("Edition {number} ({hash})"),
    ))
}

fn votes_on(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    stand.stemming.as_ref().map_or(Ok(()), |vote| self::vote(vote, output))
}

fn members(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["GEMEENTE", "NAAM", "STEMT", "NODE", "ADRES"],
        Lang::En => ["GEMEENTE", "NAME", "VOTES", "NODE", "ADDRESS"],
    });
    for member in &stand.leden {
        let (gemeente, votes) = (member.gemeente.to_string(), votes(member, output.lang));
        for node in &member.nodes {
            let key: String = node.node.to_string().chars().take(HASH_CHARS).collect();
            table.row(&[&gemeente, &member.naam, &votes, &key, &place(node, output.lang)]);
        }
        if member.nodes.is_empty() {
            table.row(&[&gemeente, &member.naam, &votes, "-", "-"]);
        }
    }
    table.lines().iter().try_for_each(|line| output.line(line))
}

fn votes(member: &Lid, lang: Lang) -> String {
    let votes = if member.stemt {
        lang.pick("ja", "yes")
    } else {
        lang.pick("nee", "no")
    };
    let more = match (member.vertrokken, member.geschorst) {
        (true, _) => lang.pick(", vertrokken", ", left"),
        (_, true) => lang.pick(", geschorst", ", on hold"),
        _ => "",
    };
    format!("{votes}{more}")
}

fn place(node: &LidNode, lang: Lang) -> String {
    match node.einde {
        None => plain(&node.adressen.join(" ")),
        Some(Einde::Editie) => lang.pick("voorgoed beëindigd", "ended for good").to_owned(),
        Some(Einde::Lid) => lang.pick("beëindigd door het lid", "ended by the member").to_owned(),
        Some(Einde::Vertrek) => lang.pick("vertrokken", "left").to_owned(),
        Some(Einde::Schorsing) => lang.pick("geschorst", "on hold").to_owned(),
    }
}

/// How the vote stands, with every proposal.
pub(super) fn vote(vote: &Stemming, output: &mut Output<'_>) -> Result<(), Stop> {
    let (quorum, voters) = (vote.quorum, vote.stemmers);
    output.say(&match vote.stand {
        StemmingStand::Rustig => Message::with(
            format!("Stemming: er ligt geen voorstel; een volgende editie vraagt {quorum} van {voters} stemmen"),
            format!("Vote: nothing is proposed; a next edition takes {quorum} of {voters} votes"),
        ),
        StemmingStand::Open => Message::with(
            format!("Stemming: open; een voorstel vraagt {quorum} van {voters} stemmen"),
            format!("Vote: open; a proposal takes {quorum} of {voters} votes"),
        ),
        StemmingStand::Vastgelopen => Message::with(
            format!(
                "Stemming: vastgelopen; in ronde 0 haalt geen voorstel nog {quorum} van {voters} stemmen. Spreek er samen een \
                 af: in een volgende ronde moeten alle {voters} daarvoor tekenen (leerkring charter endorse --edition HASH)"
            ),
            format!(
                "Vote: stalled; in ballot 0 no proposal can get {quorum} of {voters} votes any more. Agree on one together: in \
                 a next ballot all {voters} have to sign it (leerkring charter endorse --edition HASH)"
            ),
        ),
        StemmingStand::Dubbel => Message::with(
            format!(
                "Stemming: dubbel; voor twee edities is genoeg gestemd, dus leden stemden twee keer. Actief is wie in allebei \
                 staat, tot alle {voters} in een volgende ronde voor dezelfde tekenen (leerkring charter endorse --edition HASH)"
            ),
            format!(
                "Vote: doubled; two editions have enough votes, so members voted twice. Active is who is in both, until all \
                 {voters} sign the same in a next ballot (leerkring charter endorse --edition HASH)"
            ),
        ),
    })?;
    vote.voorstellen
        .iter()
        .try_for_each(|proposal| self::proposal(proposal, output))
}

fn proposal(proposal: &Voorstel, output: &mut Output<'_>) -> Result<(), Stop> {
    let (hash, ballot) = (short(proposal.editie), proposal.ronde);
    output.say(&Message::with(
        format!("Voorstel {hash}, ronde {ballot}: {}", count(proposal, Lang::Nl)),
        format!("Proposal {hash}, ballot {ballot}: {}", count(proposal, Lang::En)),
    ))?;
    if !proposal.bekend {
        return output.say(&Message::new(
            "  de tekst ervan is hier nog niet",
            "  its text is not here yet",
        ));
    }
    let lines = changes::lines(&proposal.wijzigingen, output.lang);
    lines.iter().try_for_each(|line| output.line(line))?;
    if proposal.nodig == 0 || proposal.ontbreekt.is_empty() {
        return Ok(());
    }
    output.say(&Message::with(
        format!("  eens? teken het: leerkring charter endorse --edition {hash}"),
        format!("  agreed? sign it: leerkring charter endorse --edition {hash}"),
    ))
}

/// Who voted for it, and who can.
pub(super) fn count(proposal: &Voorstel, lang: Lang) -> String {
    let (voted, needed) = (codes(&proposal.voor), proposal.nodig);
    let voted = match voted.as_str() {
        "" => lang.pick("nog niemand tekende", "nobody signed yet").to_owned(),
        codes => lang.pick(format!("getekend door {codes}"), format!("signed by {codes}")),
    };
    let missing = codes(&proposal.ontbreekt);
    let missing = match (needed, missing.as_str()) {
        (0, _) => lang.pick("dat is genoeg", "that is enough").to_owned(),
        (_, "") => lang.pick(
            format!("nog {needed} nodig, en niemand kan nog"),
            format!("{needed} more needed, and nobody can any more"),
        ),
        (_, codes) => lang.pick(
            format!("nog {needed} nodig, van {codes}"),
            format!("{needed} more needed, of {codes}"),
        ),
    };
    format!("{voted}; {missing}")
}

/// A member that is on hold, or that somebody wants to put on hold.
pub(super) fn suspension(held: &Schorsing, output: &mut Output<'_>) -> Result<(), Stop> {
    let (who, by, needed) = (held.gemeente, codes(&held.door), held.nodig);
    output.say(&match (held.door_editie, held.van_kracht) {
        (true, _) => Message::with(
            format!("Geschorst: {who}, door de editie zelf; vervalt met de volgende"),
            format!("On hold: {who}, by the edition itself; lapses with the next"),
        ),
        (false, true) => Message::with(
            format!("Geschorst: {who}, op verzoek van {by}; vervalt met de volgende editie"),
            format!("On hold: {who}, as {by} asked; lapses with the next edition"),
        ),
        (false, false) => Message::with(
            format!("Gevraagd te schorsen: {who}, door {by}; nog {needed} nodig"),
            format!("Asked to put on hold: {who}, by {by}; {needed} more needed"),
        ),
    })
}

fn proven(stand: &HandvestStand, output: &mut Output<'_>) -> Result<(), Stop> {
    for fork in &stand.vorken {
        let who = fork
            .gemeente
            .map_or_else(|| "?".to_owned(), |gemeente| gemeente.to_string());
        let key: String = fork.node.to_string().chars().take(HASH_CHARS).collect();
        let at = fork.positie;
        output.say(&Message::with(
            format!("Bewezen vork: node {key} van {who} schreef twee geschiedenissen; zijn log telt tot entry {at}"),
            format!("Proven fork: node {key} of {who} wrote two histories; its log counts up to entry {at}"),
        ))?;
    }
    for double in &stand.dubbele_stemmen {
        let (who, number) = (double.gemeente, double.editie);
        output.say(&Message::with(
            format!("Bewezen dubbele stem: {who} tekende twee voorstellen voor editie {number} in een ronde"),
            format!("Proven double vote: {who} signed two proposals for edition {number} in one ballot"),
        ))?;
    }
    Ok(())
}
