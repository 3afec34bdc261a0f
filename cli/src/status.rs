//! `status`: how a node is doing, on one screen of eighty columns, in the language of the reader.

mod words;

use protocol::api::{HoortEerst, Lang, Lidmaatschap, Message, PeerLine, Stand, Vol, WerkStatus, path};
use protocol::id::{Gemeente, Week};

use crate::amount;
use crate::client::{Client, parse};
use crate::exit::Exit;
use crate::joining;
use crate::next;
use crate::output::{Output, Stop, plain};
use crate::table::Table;

/// Characters of a key in a table.
const KEY_CHARS: usize = 10;

/// Shows the stand of the node.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn status(client: &Client, peilweek: Option<Week>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let query: Vec<(&str, String)> = peilweek
        .map(|week| ("peilweek", week.to_string()))
        .into_iter()
        .collect();
    let text = client.get(path::STAND, &query)?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    show(&parse(&text)?, output)?;
    Ok(Exit::Ok)
}

/// Writes the stand for a person.
///
/// # Errors
/// [`Stop`] when nobody reads any more or writing fails.
pub fn show(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    let who = plain(&format!("{} {}", stand.gemeente, stand.naam));
    output.heading(&Message::with(who.clone(), who))?;
    for (name, value) in facts(stand, output.lang) {
        output.line(&format!("  {name:<12} {}", plain(&value)))?;
    }
    peers(stand, output)?;
    stopped(stand, output)?;
    knocked(stand, output)?;
    workers(stand, output)?;
    let Some(step) = next::of_stand(stand) else {
        return Ok(());
    };
    output.line("")?;
    next::say(&step, output)
}

/// The invitation that still has to be decided on. Who belonged once has other things on its mind.
fn awaits_admission(stand: &Stand) -> bool {
    let before = matches!(stand.lidmaatschap, Lidmaatschap::NietGesticht | Lidmaatschap::Onbekend);
    before && stand.uitnodiging.as_ref().is_some_and(|one| !one.toegelaten)
}

/// What the node is in its federation, when that is anything but a member that shares.
fn place(stand: &Stand, lang: Lang) -> Option<&'static str> {
    Some(match stand.lidmaatschap {
        Lidmaatschap::NietGesticht | Lidmaatschap::Lid => return None,
        Lidmaatschap::LeestMee => lang.pick("leest mee, deelt niet", "reads along, shares nothing"),
        Lidmaatschap::Verwijderd => lang.pick(
            "is geen lid meer: er vertrekt niets; terugkomen kan met een nieuwe node",
            "is no member any more: nothing leaves; coming back takes a new node",
        ),
        Lidmaatschap::Opgegaan => lang.pick(
            "is opgegaan in een andere gemeente: er vertrekt niets; deel bij de opvolger",
            "became part of another gemeente: nothing leaves; share at the successor",
        ),
        Lidmaatschap::NodeBeeindigd => lang.pick(
            "de sleutel van deze node is voorgoed beëindigd: er vertrekt niets; gebruik een andere",
            "the key of this node has ended for good: nothing leaves; use another node",
        ),
        Lidmaatschap::Vertrokken => lang.pick(
            "heeft de federatie verlaten: er vertrekt niets",
            "has left the federation: nothing leaves",
        ),
        Lidmaatschap::Geschorst => lang.pick(
            "is geschorst tot de volgende editie: er vertrekt niets; bel de andere leden",
            "is on hold until the next edition: nothing leaves; call the other members",
        ),
        Lidmaatschap::Onbekend => lang.pick(
            "het handvest noemt deze node niet",
            "the charter does not list this node",
        ),
    })
}

/// For whom a node waits that was made of a backup, and what to do about it.
fn hears_first(waits: &HoortEerst) -> Message {
    let codes = |of: &[Gemeente]| of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let (heard, needed, left) = (waits.gehoord.len(), waits.nodig, codes(&waits.ontbreekt));
    if needed == 0 {
        return Message::new(
            "heeft een nieuwe opslag zonder handvest, en weet dus niet wie er nog gehoord moet worden",
            "has a store that was made anew, without a charter, so it does not know who has to be heard",
        );
    }
    Message::with(
        format!(
            "komt uit een reservekopie of met een nieuwe opslag en toont en deelt niets voordat {needed} gemeenten vertelden wat sindsdien is ingetrokken; \
             gehoord: {heard}, nog niet: {left}. Zorg voor verbinding; komen zij niet meer, start de node een keer met --heard"
        ),
        format!(
            "was made of a backup, or has a store that was made anew, and shows and shares nothing before {needed} gemeenten told what was withdrawn since; \
             heard: {heard}, not yet: {left}. See to a link; when they do not come any more, start the node once with --heard"
        ),
    )
}

fn versions(stand: &Stand, lang: Lang) -> String {
    let versies = &stand.versies;
    let [view, words, rules] = match lang {
        Lang::Nl => ["weergave", "woordenlijst", "regels"],
        Lang::En => ["view", "words", "rules"],
    };
    format!(
        "leerkring {}, protocol {}, {view} {}, {words} {}, {rules} {}",
        versies.leerkring, versies.protocol, versies.view, versies.woordenlijst, versies.regels
    )
}

fn facts(stand: &Stand, lang: Lang) -> Vec<(&'static str, String)> {
    let hoogten = &stand.hoogten;
    let federation = stand.federatie.map(|id| id.to_string());
    let nl = lang == Lang::Nl;
    let name = |dutch, english| if nl { dutch } else { english };
    let none = match awaits_admission(stand) {
        true => name("nog niet toegelaten", "not let in yet"),
        false => name("nog niet gesticht", "not founded yet"),
    };
    let none = none.to_owned();
    let heights = if nl {
        format!(
            "{}, {} effectief",
            amount::held(hoogten.entries, hoogten.logs),
            hoogten.effectief
        )
    } else {
        format!(
            "{}, {} effective",
            amount::held(hoogten.entries, hoogten.logs),
            hoogten.effectief
        )
    };
    let invited = stand
        .uitnodiging
        .as_ref()
        .filter(|one| one.toegelaten || awaits_admission(stand));
    let standing = invited.map(|one| joining::standing(one, stand.editie));
    let invitation = standing.map(|message| message.text(lang).to_owned());
    let mut facts = vec![
        ("node", stand.node.to_string()),
        ("peer", stand.peer.clone()),
        (name("federatie", "federation"), federation.unwrap_or(none)),
        (name("luistert", "listens"), stand.luistert.join(" ")),
        ("api", format!("{} (pid {})", stand.api, stand.pid)),
        (name("hoogten", "heights"), heights),
        ("digest", stand.digest.to_string()),
        (name("peilweek", "week"), stand.peilweek.to_string()),
        ("snapshot", stand.snapshot.to_string()),
        ("records", stand.records.to_string()),
        (name("concepten", "concepts"), stand.concepten.to_string()),
        (name("versies", "versions"), versions(stand, lang)),
    ];
    if stand
        .workers
        .iter()
        .any(|worker| worker.status == WerkStatus::SchijfVol)
    {
        let said = name(
            "vol: maak ruimte en start de node opnieuw",
            "full: make room and restart the node",
        );
        facts.push((name("schijf", "disk"), said.to_owned()));
    }
    if stand.verborgen > 0 {
        facts.push((name("verborgen", "hidden"), hidden(stand.verborgen, lang)));
    }
    if let Some(invitation) = invitation {
        facts.insert(3, (name("uitnodiging", "invitation"), invitation));
    }
    if let Some(waits) = &stand.hoort_eerst {
        facts.insert(3, (name("let op", "mind"), hears_first(waits).text(lang).to_owned()));
    }
    if let Some(place) = place(stand, lang) {
        facts.insert(3, (name("let op", "mind"), place.to_owned()));
    }
    facts
}

/// What receivers hide of what this gemeente shared.
fn hidden(count: u64, lang: Lang) -> String {
    lang.pick(
        format!("bij ontvangers: iets in {count} eigen documenten; deel ze opnieuw zonder"),
        format!("at receivers: something in {count} own documents; share them anew without"),
    )
}

fn print(title: Message, table: &Table, output: &mut Output<'_>) -> Result<(), Stop> {
    if table.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.heading(&title)?;
    table
        .lines()
        .iter()
        .try_for_each(|line| output.line(&format!("  {line}")))
}

fn key(key: impl ToString) -> String {
    key.to_string().chars().take(KEY_CHARS).collect()
}

/// One line per peer, and below it where it is and what went wrong: together they are wider than a screen.
fn peers(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    let mut table = Table::new(&match lang {
        Lang::Nl => ["GEMEENTE", "NODE", "VERBONDEN", "CONTACT", "LOOPT VOOR", "VERSIE"],
        Lang::En => ["GEMEENTE", "NODE", "CONNECTED", "CONTACT", "AHEAD", "VERSION"],
    });
    for peer in &stand.peers {
        let [connected, contact, ahead] = peer_words(peer, lang);
        let version = peer.versie.as_deref().unwrap_or("-");
        table.row(&[
            &peer.gemeente.to_string(),
            &key(peer.node),
            &connected,
            &contact,
            &ahead,
            version,
        ]);
    }
    if table.is_empty() {
        return Ok(());
    }
    output.line("")?;
    output.heading(&Message::new("Andere nodes", "Other nodes"))?;
    let mut lines = table.lines().into_iter();
    lines
        .next()
        .map_or(Ok(()), |heading| output.line(&format!("  {heading}")))?;
    for (line, peer) in lines.zip(&stand.peers) {
        output.line(&format!("  {line}"))?;
        let below = [peer.adres.clone(), trouble(stand, peer, lang)];
        below
            .iter()
            .flatten()
            .try_for_each(|text| output.line(&format!("    {}", plain(text))))?;
    }
    Ok(())
}

/// Why there is no connection with a peer, as far as that is known.
fn trouble(stand: &Stand, peer: &PeerLine, lang: Lang) -> Option<String> {
    if peer.wijst_af && awaits_admission(stand) {
        return Some(joining::turned_away(peer.gemeente, lang));
    }
    peer.laatste_fout.map(|why| words::unreached(why).text(lang).to_owned())
}

fn peer_words(peer: &PeerLine, lang: Lang) -> [String; 3] {
    let connected = match (peer.verbonden, lang) {
        (true, Lang::Nl) => "ja",
        (true, Lang::En) => "yes",
        (false, Lang::Nl) => "nee",
        (false, Lang::En) => "no",
    };
    let contact = peer.laatste_contact_s.map(|seconds| ago(seconds, lang));
    let unknown = || "?".to_owned();
    let ahead = peer.achter.map(|entries| format!("{entries} entries"));
    [
        connected.to_owned(),
        contact.unwrap_or_else(unknown),
        ahead.unwrap_or_else(unknown),
    ]
}

/// A length of time, as coarse as a person needs it.
pub(crate) fn ago(seconds: u64, lang: Lang) -> String {
    let (amount, nl, en) = match seconds {
        0..120 => (seconds, "s geleden", "s ago"),
        120..7_200 => (seconds / 60, "min geleden", "min ago"),
        7_200..172_800 => (seconds / 3_600, "uur geleden", "h ago"),
        _ => (seconds / 86_400, "dagen geleden", "days ago"),
    };
    match lang {
        Lang::Nl => format!("{amount} {nl}"),
        Lang::En => format!("{amount} {en}"),
    }
}

fn stopped(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    let heading = match output.lang {
        Lang::Nl => ["LOG", "NODE", "ENTRY", "REDEN"],
        Lang::En => ["LOG", "NODE", "ENTRY", "REASON"],
    };
    let mut waiting = Table::new(&heading);
    for line in &stand.wachtend {
        let reason = words::waits(line.reden);
        let reason = reason.text(output.lang);
        waiting.row(&[&key(line.log), &key(line.node), &line.seq.to_string(), reason]);
    }
    print(Message::new("Logs die wachten", "Logs that wait"), &waiting, output)?;
    let mut refused = Table::new(&heading);
    for line in &stand.geweigerd {
        let reason = words::reason(&line.reden);
        let reason = reason.text(output.lang);
        refused.row(&[&key(line.log), &key(line.node), &line.seq.to_string(), reason]);
    }
    print(Message::new("Logs die stopten", "Logs that stopped"), &refused, output)?;
    for full in &stand.vol {
        output.say(&told_full(full))?;
    }
    for rationed in &stand.gedoseerd {
        output.say(&told_rationed(rationed))?;
    }
    let mut counts = Table::new(&match output.lang {
        Lang::Nl => ["AANTAL", "REDEN"],
        Lang::En => ["COUNT", "REASON"],
    });
    for (name, count) in &stand.weigeringen {
        counts.row(&[&count.to_string(), words::reason(name).text(output.lang)]);
    }
    print(Message::new("Geweigerd", "Refused"), &counts, output)
}

/// Who fills all it may here, and what to do about it.
fn told_full(full: &Vol) -> Message {
    let (gemeente, mib, most) = (full.gemeente, full.bytes >> 20, full.grens >> 20);
    Message::with(
        format!(
            "{gemeente} neemt hier {mib} van {most} MiB in: van deze gemeente komt niets meer binnen. Vraag wat er aan de \
             hand is; schors haar als zij de boel overspoelt (leerkring charter suspend), of verhoog member_mib in \
             leerkring.toml en herstart de node."
        ),
        format!(
            "{gemeente} takes {mib} of {most} MiB here: nothing more of this gemeente comes in. Ask what is going on; suspend \
             it when it floods (leerkring charter suspend), or raise member_mib in leerkring.toml and restart the node."
        ),
    )
}

/// Who brought very much lately.
fn told_rationed(rationed: &Vol) -> Message {
    let (gemeente, mib, most) = (rationed.gemeente, rationed.bytes >> 20, rationed.grens >> 20);
    Message::with(
        format!(
            "{gemeente} brengt veel tegelijk en neemt hier nu {mib} van {most} MiB in: wat zij nog brengt komt met mate binnen, \
             zodat anderen niet hoeven te wachten. Vraag wat er aan de hand is als u dit niet verwacht."
        ),
        format!(
            "{gemeente} brings much at once and takes {mib} of {most} MiB here by now: what it still brings comes in little by \
             little, so that nobody else has to wait. Ask what is going on if you do not expect this."
        ),
    )
}

fn knocked(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    let mut table = Table::new(&match output.lang {
        Lang::Nl => ["PEER", "KEER", "ADRES"],
        Lang::En => ["PEER", "TIMES", "ADDRESS"],
    });
    for line in &stand.aangeklopt {
        table.row(&[&line.peer, &line.keer.to_string(), &line.adres]);
    }
    print(
        Message::new("Aangeklopt, geen lid", "Knocked, no member"),
        &table,
        output,
    )
}

fn workers(stand: &Stand, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    let mut table = Table::new(&match lang {
        Lang::Nl => ["WERK", "WACHTRIJ", "STAND"],
        Lang::En => ["WORK", "QUEUE", "STATE"],
    });
    for worker in &stand.workers {
        let (name, doing) = (words::work(worker.naam), words::doing(worker));
        table.row(&[name.text(lang), &worker.wachtrij.to_string(), doing.text(lang)]);
    }
    print(
        Message::new("Werk op de achtergrond", "Background work"),
        &table,
        output,
    )?;
    let faults = stand
        .workers
        .iter()
        .filter_map(|worker| Some((worker.naam, worker.laatste_fout.as_ref()?)));
    let mut faults = faults.peekable();
    if faults.peek().is_none() {
        return Ok(());
    }
    output.line("")?;
    output.heading(&Message::new("Wat er mis is", "What is wrong"))?;
    for (work, fault) in faults {
        let (name, fault) = (words::work(work), words::fault(fault));
        output.line(&format!("  {}: {}", name.text(lang), fault.text(lang)))?;
    }
    Ok(())
}
