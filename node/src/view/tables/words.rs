//! Every code that can stand in a column, Dutch and English: the word list of records, and the words that follow from
//! them.

use protocol::gemeenten;
use protocol::record::{Kind, List, WITHHELD, Word};
use rusqlite::Connection;
use rusqlite::types::Value as Sql;

use super::super::ViewError;
use super::catalogue::WOORDENLIJST;
use super::fill::{Row, insert};

/// The lists of the word list of records, by the name under which columns refer to them.
pub(super) const LISTS: [(&str, List); 23] = [
    ("laag", List::Laag),
    ("thema", List::Thema),
    ("regeling", List::Regeling),
    ("soort_knelpunt", List::SoortKnelpunt),
    ("belemmering", List::Belemmering),
    ("niveau", List::Niveau),
    ("oordeel", List::Oordeel),
    ("vorm", List::Vorm),
    ("opzet", List::Opzet),
    ("uitkomst_oordeel", List::UitkomstOordeel),
    ("n_band", List::NBand),
    ("effectmaat", List::Effectmaat),
    ("onderdrukt", List::Onderdrukt),
    ("overname_uitkomst", List::OvernameUitkomst),
    ("sessie_aard", List::SessieAard),
    ("bron_type", List::BronType),
    ("signaal_aard", List::SignaalAard),
    ("geldt_voor", List::GeldtVoor),
    ("bereik", List::Bereik),
    ("aantal_band", List::AantalBand),
    ("teams", List::Teams),
    ("bericht_vorm", List::BerichtVorm),
    ("ritme", List::Ritme),
];

const fn word(code: &'static str, nl: &'static str, en: &'static str) -> Word {
    Word { code, nl, en }
}

/// What is in no list of the records because nobody types it.
pub(super) const DERIVED: [(&str, &[Word]); 7] = [
    ("staat", STATES),
    (
        "antwoord",
        &[
            word("open", "Open", "Open"),
            word("beantwoord", "Beantwoord", "Answered"),
        ],
    ),
    (
        "naar_stand",
        &[
            word("aanwezig", "Aanwezig", "Present"),
            word("nog_onbekend", "Nog onbekend", "Not known yet"),
            word("ingetrokken", "Ingetrokken", "Withdrawn"),
            word("samengevoegd", "Samengevoegd met een ander", "Merged into another"),
        ],
    ),
    (
        "rol",
        &[
            word("stemmend", "Stemmend", "Voting"),
            word("lezend", "Lezend", "Reading"),
        ],
    ),
    (
        "node_einde",
        &[
            word("editie", "Niet meer in de editie", "No longer in the edition"),
            word("lid", "Door het lid beëindigd", "Ended by its member"),
            word("vertrokken", "Het lid is vertrokken", "Its member left"),
            word("opgeschort", "Het lid is opgeschort", "Its member is on hold"),
        ],
    ),
    ("verwijzing", LINKS),
    ("tekstveld", TEXTS),
];

const STATES: &[Word] = &[
    word("gemeld", "Gemeld", "Reported"),
    word("gekoppeld", "Gekoppeld", "Linked"),
    word("geduid", "Geduid", "Explained"),
    word("bewust_geparkeerd", "Bewust geparkeerd", "Parked on purpose"),
    word("opgelost", "Opgelost", "Solved"),
    word("incident", "Incident", "Incident"),
    word("structureel_vermoed", "Structureel vermoed", "Presumed structural"),
    word("structureel_bevestigd", "Structureel bevestigd", "Confirmed structural"),
    word("in_aanpak", "In aanpak", "Being tackled"),
    word("heropend", "Heropend", "Opened again"),
    word("samengevoegd_met", "Samengevoegd", "Merged"),
    word("concept", "Concept", "Draft"),
    word("vastgesteld", "Vastgesteld", "Established"),
    word("betwist", "Betwist", "Contested"),
    word("verlopen", "Verlopen", "Expired"),
    word("vervangen", "Vervangen", "Replaced"),
    word("vastgelegd", "Vastgelegd", "Recorded"),
    word("voorgesteld", "Voorgesteld", "Proposed"),
    word("doorgevoerd", "Doorgevoerd", "Carried through"),
    word("herzien", "Herzien", "Revised"),
    word("verworpen", "Verworpen", "Rejected"),
    word("gepland", "Gepland", "Planned"),
    word("afgerond", "Afgerond", "Completed"),
    word("open", "Open", "Open"),
    word("opgezet", "Opgezet", "Set up"),
    word("lopend", "Lopend", "Running"),
    word("gerapporteerd", "Gerapporteerd", "Reported on"),
    word("gestopt", "Gestopt", "Stopped"),
    word("te_laat", "Te laat", "Late"),
    word("voorgenomen", "Voorgenomen", "Intended"),
    word("geprobeerd", "Geprobeerd", "Tried"),
    word("toegepast", "Toegepast", "Applied"),
    word("gestaakt", "Gestaakt", "Given up"),
    word("geplaatst", "Geplaatst", "Posted"),
    word("actief", "Actief", "Active"),
    word("slapend", "Slapend", "Asleep"),
    word("gesloten", "Gesloten", "Closed"),
];

const LINKS: &[Word] = &[
    word("knelpunt", "Hoort bij knelpunt", "Belongs to knelpunt"),
    word("signalen", "Signalen van het knelpunt", "Signalen of the knelpunt"),
    word("samengevoegd_met", "Samengevoegd met", "Merged into"),
    word("op", "Duidt", "Explains"),
    word("vervangt", "Vervangt", "Replaces"),
    word("uit", "Komt voort uit", "Comes from"),
    word("besproken", "Besproken in de sessie", "Discussed in the sessie"),
    word("afspraken.leidt_tot", "Afspraak leidde tot", "Agreement led to"),
    word("herhaalt", "Herhaalt", "Repeats"),
    word("les", "Gaf de les", "Gave the les"),
    word("van", "Overgenomen van", "Adopted from"),
    word("over", "Gaat over", "Is about"),
    word("kader", "Binnen het kader", "Within the framework"),
    word("kring", "Gemaakt in de kring", "Made in the kring"),
];

const TEXTS: &[Word] = &[
    word("tekst", "Tekst", "Text"),
    word("gevolg", "Gevolg", "Consequence"),
    word("uitleg", "Uitleg", "Explanation"),
    word("kern", "Kern", "Gist"),
    word("verworpen_reden", "Reden van verwerpen", "Reason of rejection"),
    word("hypothese", "Hypothese", "Hypothesis"),
    word("geleerd", "Wat geleerd is", "What was learned"),
    word("aanpassing", "Aanpassing", "Adaptation"),
    word("bewijs", "Bewijs", "Evidence"),
    word("gestaakt_reden", "Reden van staken", "Reason of giving up"),
    word("doel", "Doel", "Purpose"),
];

/// The name of a kind for a reader of either language.
fn kind_words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Signaal => ("Signaal", "Signal"),
        Kind::Knelpunt => ("Knelpunt", "Bottleneck"),
        Kind::Duiding => ("Duiding", "Reading of the rules"),
        Kind::Les => ("Les", "Lesson"),
        Kind::Sessie => ("Sessie", "Session"),
        Kind::Experiment => ("Experiment", "Experiment"),
        Kind::Overname => ("Overname", "Adoption"),
        Kind::Bericht => ("Bericht", "Message"),
        Kind::Kring => ("Kring", "Circle"),
    }
}

/// Every word as list, code, Dutch and English, in the order of the lists.
pub(in super::super) fn all() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let (nl, en) = kind_words(kind);
        found.push(("soort", kind.name(), nl, en));
    }
    for (name, list) in LISTS {
        found.extend(list.words().iter().map(|word| (name, word.code, word.nl, word.en)));
    }
    found.push((
        "laag",
        WITHHELD,
        "Onthouden: er werken te weinig mensen",
        "Withheld: too few people work there",
    ));
    for (name, words) in DERIVED {
        found.extend(words.iter().map(|word| (name, word.code, word.nl, word.en)));
    }
    let mut classes: Vec<_> = gemeenten::all()
        .filter_map(|listed| Some((listed.inhabitants()?, listed.size_class())))
        .collect();
    classes.sort_unstable();
    classes.dedup_by_key(|(_, class)| *class);
    found.extend(
        classes
            .into_iter()
            .map(|(_, class)| ("grootteklasse", class, class, class)),
    );
    found
}

/// Fills the table of words.
pub(in super::super) fn list_words(connection: &Connection) -> Result<(), ViewError> {
    let mut order = 0;
    let mut list = "";
    for (name, code, nl, en) in all() {
        order = if name == list { order + 1 } else { 1 };
        list = name;
        let texts = [name, code].map(|text| Sql::from(text.to_owned()));
        let labels = [nl, en].map(|text| Sql::from(text.to_owned()));
        let values = texts.into_iter().chain([Sql::from(order)]).chain(labels).collect();
        insert(connection, &Row::new(&WOORDENLIJST, values))?;
    }
    Ok(())
}
