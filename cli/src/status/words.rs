//! The codes of a stand in the language of the reader.
//!
//! **Invariant:** every code has words in both languages here and nowhere else, and a code that a newer node sends is
//! shown in our own words, never as it came: no word of a program stands between those of a person.

use protocol::api::{Fout, Geteld, Message, Verbindfout, WachtOp, Werk, WerkStatus, WorkerLine};
use protocol::log::Reason;

use crate::output::plain;

/// Characters of a hash between words.
const HASH_CHARS: usize = 10;

fn short(hash: impl ToString) -> String {
    hash.to_string().chars().take(HASH_CHARS).collect()
}

/// The name of a piece of background work.
pub(crate) fn work(work: Werk) -> Message {
    let (nl, en) = match work {
        Werk::Store => ("opslag", "store"),
        Werk::View => ("weergave", "view"),
        Werk::Flush => ("wegschrijven", "flush"),
        Werk::Sync => ("uitwisselen", "sync"),
        Werk::Network => ("netwerk", "network"),
        Werk::Scrub => ("nakijken", "scrub"),
        Werk::OwnLog => ("eigen logboek", "own log"),
        Werk::Serve => ("antwoorden", "serve"),
        Werk::Vault => ("kluis", "vault"),
        Werk::Release => ("vrijgave", "release"),
        Werk::Audit => ("auditlog", "audit log"),
        Werk::Zoekvragen => ("zoekvragen", "questions"),
        Werk::Onbekend => ("ander werk", "other work"),
    };
    Message::new(nl, en)
}

/// What a piece of work does, with what it counted.
pub(crate) fn doing(line: &WorkerLine) -> Message {
    let (nl, en) = match line.status {
        WerkStatus::Rust => ("niets te doen", "idle"),
        WerkStatus::Bezig => ("bezig", "busy"),
        WerkStatus::Open => ("open", "open"),
        WerkStatus::Gestopt => ("gestopt: herstart de node", "stopped: restart the node"),
        WerkStatus::SchijfVol => ("schijf vol", "disk full"),
        WerkStatus::Meteen => ("meteen na goedkeuring", "at once when approved"),
        WerkStatus::Wekelijks => ("één keer per week", "once a week"),
        WerkStatus::Onbekend => ("onbekend in deze versie", "unknown to this version"),
    };
    let counts = line.geteld.iter().map(|count| counted(count.wat, count.aantal));
    let counts: Vec<Message> = counts.collect();
    if counts.is_empty() {
        return Message::new(nl, en);
    }
    let join = |of: fn(&Message) -> &str, status: &'static str| {
        let idle = line.status == WerkStatus::Rust;
        let status = Some(status).filter(|_| !idle);
        let parts: Vec<&str> = status.into_iter().chain(counts.iter().map(of)).collect();
        parts.join(", ")
    };
    Message::with(join(|count| &count.nl, nl), join(|count| &count.en, en))
}

fn counted(what: Geteld, number: u64) -> Message {
    let (nl, en) = match what {
        Geteld::Beschadigd => ("beschadigd", "damaged"),
        Geteld::Hersteld => ("hersteld", "mended"),
        Geteld::Teruggehaald => ("teruggehaald", "taken back"),
        Geteld::Afgeknipt => ("afgeknipt", "cut off"),
        Geteld::Geweigerd => ("berichten geweigerd", "frames refused"),
        Geteld::Dagen => ("dagen bewaard", "days kept"),
        Geteld::Onbekend => ("onbekend in deze versie", "unknown to this version"),
    };
    Message::with(format!("{number} {nl}"), format!("{number} {en}"))
}

/// What is wrong with a piece of work, and what to do.
pub(crate) fn fault(fault: &Fout) -> Message {
    let (nl, en) = match fault {
        Fout::SchijfVol => ("de schijf is vol: maak ruimte", "the disk is full: make room"),
        Fout::SchijfVolHerstart => (
            "de schijf is vol: maak ruimte en herstart de node",
            "the disk is full: make room, then restart the node",
        ),
        Fout::SchijfZwijgt => (
            "de schijf antwoordt niet: kijk naar de schijf en herstart de node",
            "the disk does not answer: look at the disk, then restart the node",
        ),
        Fout::GeenToegang => (
            "geen toegang tot een bestand: geef de map aan de gebruiker van de node",
            "no access to a file: give the folder to the user of the node",
        ),
        Fout::AlleenLezen => (
            "de schijf is alleen te lezen: maak hem beschrijfbaar en herstart de node",
            "the disk can only be read: make it writable, then restart the node",
        ),
        Fout::Beschadigd => (
            "wat is opgeslagen is beschadigd: leerkring verify MAP zegt wat",
            "what is stored is damaged: leerkring verify DIR says what",
        ),
        Fout::WeergaveGestopt => (
            "de weergave is gestopt: herstart de node; het logboek zegt waarom",
            "the view has stopped: restart the node; the log says why",
        ),
        Fout::EerstHoren => (
            "gemaakt uit een reservekopie of met een nieuwe opslag: er vertrekt niets tot een andere node is gehoord",
            "made of a backup, or its store was made anew: nothing leaves before another node was heard",
        ),
        Fout::NietGesticht => (
            "er is nog geen federatie: leerkring charter show zegt wat er nog moet gebeuren",
            "there is no federation yet: leerkring charter show says what has still to be done",
        ),
        Fout::MagNietDelen => (
            "deze node mag niets delen: zie hierboven",
            "this node may share nothing: see above",
        ),
        Fout::EigenGeweigerd { log, seq, reden } => {
            let (log, why) = (short(log), reason(reden));
            return Message::with(
                format!("eigen log {log}, entry {seq} telt niet: {}", why.nl),
                format!("own log {log}, entry {seq} does not count: {}", why.en),
            );
        }
        Fout::NietVertrokken { id, reden } => {
            let (id, why) = (plain(id), reden.message());
            return Message::with(format!("{id}: {}", why.nl), format!("{id}: {}", why.en));
        }
        Fout::Onbekend => (
            "het logboek van de node zegt wat er mis is",
            "the log of the node says what is wrong",
        ),
    };
    Message::new(nl, en)
}

/// Why another node could not be reached, and what to do.
pub(crate) fn unreached(why: Verbindfout) -> Message {
    let (nl, en) = match why {
        Verbindfout::Geweigerd => (
            "op dat adres luistert niemand: draait die node, en klopt de poort?",
            "nobody listens at that address: does that node run, and is the port right?",
        ),
        Verbindfout::GeenAntwoord => (
            "geen antwoord: houdt een firewall de poort dicht?",
            "no answer: does a firewall keep the port shut?",
        ),
        Verbindfout::Onbereikbaar => (
            "er is van hier geen weg naar dat adres: klopt het, en heeft deze machine netwerk?",
            "there is no way to that address from here: is it right, and has this machine a network?",
        ),
        Verbindfout::AndereNode => (
            "op dat adres antwoordt een andere node: vraag die gemeente om haar adres",
            "another node answers at that address: ask that gemeente for its address",
        ),
        Verbindfout::NaamOnbekend => (
            "de naam in dat adres bestaat niet: klopt hij, en werkt DNS hier?",
            "the name in that address does not exist: is it right, and does DNS work here?",
        ),
        Verbindfout::AdresOnbruikbaar => (
            "dat adres is onbruikbaar: vraag die gemeente om haar adres",
            "that address cannot be used: ask that gemeente for its address",
        ),
        Verbindfout::WijstAf => (
            "sloot de verbinding meteen: kent deze node (nog) niet, of is vol",
            "closed the connection at once: does not know this node (yet), or is full",
        ),
        Verbindfout::Verbroken => (
            "de verbinding brak af; de node probeert het opnieuw",
            "the connection broke; the node tries again",
        ),
        Verbindfout::Onbekend => (
            "niet te bereiken; het logboek van de node zegt waarom",
            "cannot be reached; the log of the node says why",
        ),
    };
    Message::new(nl, en)
}

/// For what a log waits.
pub(crate) fn waits(reason: WachtOp) -> Message {
    match reason {
        WachtOp::Document { document } => {
            let document = short(document);
            Message::with(
                format!("het begin van document {document} is hier nog niet"),
                format!("the begin of document {document} is not here yet"),
            )
        }
        WachtOp::Inhoud { document } => {
            let document = short(document);
            Message::with(
                format!("de inhoud van document {document} is ingetrokken of hier kwijt"),
                format!("the payload of document {document} is withdrawn or lost here"),
            )
        }
        WachtOp::Wijziging { document, wijziging } => {
            let (document, change) = (short(document), short(wijziging));
            Message::with(
                format!("wijziging {change} van document {document} is hier nog niet"),
                format!("change {change} of document {document} is not here yet"),
            )
        }
        WachtOp::Handvest => Message::new(
            "het handvest knipte het log hier af",
            "the charter cut the log off here",
        ),
        WachtOp::Onbekend => Message::new("onbekend in deze versie", "unknown to this version"),
    }
}

/// Why something was refused, by the name that the node gives it.
pub(crate) fn reason(name: &str) -> Message {
    let Some(reason) = Reason::from_name(name) else {
        return refusal(name);
    };
    let (nl, en) = match reason {
        Reason::UnknownNode => ("van een node die er niet bij hoort", "of a node that does not belong"),
        Reason::Federation => ("van een andere federatie", "of another federation"),
        Reason::Log => ("van een ander log", "of another log"),
        Reason::Gap => ("er ontbreekt een entry vóór", "an entry before it is missing"),
        Reason::Replay => ("was er al", "was held already"),
        Reason::Fork => (
            "vork: op die plaats staat al een andere entry",
            "fork: another entry stands there already",
        ),
        Reason::Chain => (
            "sluit niet aan op de entry ervoor",
            "does not follow on the entry before it",
        ),
        Reason::Signature => ("de handtekening klopt niet", "the signature is not right"),
        Reason::PayloadMissing => ("de inhoud ontbreekt", "the payload is missing"),
        Reason::PayloadLength => ("de inhoud heeft een andere lengte", "the payload has another length"),
        Reason::Commitment => (
            "de inhoud is niet wat beloofd was",
            "the payload is not what was committed to",
        ),
        Reason::Class => (
            "van een soort die hier niet hoort",
            "of a class that does not belong here",
        ),
        Reason::Opening => (
            "het log begint niet zoals het hoort",
            "the log does not begin as it should",
        ),
        Reason::Change => ("een wijziging die de regels breekt", "a change that breaks the rules"),
        Reason::DocumentId => (
            "het id van een document van een ander",
            "the id of a document of somebody else",
        ),
        Reason::OtherGemeente => (
            "het document is van een andere gemeente",
            "the document is of another gemeente",
        ),
        Reason::Kind => (
            "het document is van een andere soort",
            "the document is of another kind",
        ),
        Reason::History => ("slaat een eigen wijziging over", "skips a change of its own"),
        Reason::ReadingMember => (
            "van een lid dat meeleest en niets deelt",
            "of a member that reads along",
        ),
        Reason::RunLength => ("te veel entries ineens", "too many entries at once"),
        Reason::StatementFederation => (
            "een verklaring van een andere federatie",
            "a statement of another federation",
        ),
        Reason::StatementAuthor => (
            "een verklaring van een onbekende afzender",
            "a statement of an unknown author",
        ),
    };
    Message::new(nl, en)
}

/// What is counted beside the refusals of entries.
fn refusal(name: &str) -> Message {
    match name {
        "kapot" => Message::new("documenten die niet opengaan", "documents that do not open"),
        "handshakes" => Message::new(
            "verbindingen die niet tot stand kwamen",
            "connections that were not made",
        ),
        "forgotten_knocks" => Message::new("aankloppers die vergeten zijn", "knocks that were forgotten"),
        _ => Message::new("om een andere reden", "for another reason"),
    }
}

#[cfg(test)]
mod tests;
