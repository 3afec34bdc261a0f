//! The steps of each kind, in the order in which a record goes through them.

use super::{BY, Otherwise, Place, Says, Step, Way};
use crate::api::Message;
use crate::record::Kind;

pub(super) fn of(kind: Kind, afspraak: bool) -> &'static [Step] {
    match kind {
        Kind::Sessie if afspraak => AFSPRAAK,
        _ if afspraak => &[],
        Kind::Signaal => SIGNAAL,
        Kind::Knelpunt => KNELPUNT,
        Kind::Duiding => DUIDING,
        Kind::Les => LES,
        Kind::Sessie => SESSIE,
        Kind::Experiment => EXPERIMENT,
        Kind::Overname => OVERNAME,
        Kind::Bericht => BERICHT,
        Kind::Kring => KRING,
    }
}

const fn said(to: &'static str, from: &'static [&'static str], place: Place, says: &'static [Says]) -> Step {
    let way = Way::Said(place, says);
    Step { to, from, way }
}

const fn follows(to: &'static str, from: &'static [&'static str], nl: &'static str, en: &'static str) -> Step {
    let way = Way::Follows(Message::new(nl, en));
    Step { to, from, way }
}

const fn asked(field: &'static str) -> Says {
    or(field, Otherwise::Asked)
}

const fn may(field: &'static str) -> Says {
    or(field, Otherwise::Kept)
}

const fn or(field: &'static str, otherwise: Otherwise) -> Says {
    Says { field, otherwise }
}

const SIGNAAL: &[Step] = &[
    follows(
        "gekoppeld",
        &["gemeld"],
        "als het bij een knelpunt hoort: leerkring link",
        "when it belongs to a knelpunt: leerkring link",
    ),
    follows(
        "geduid",
        &["gemeld", "gekoppeld"],
        "als een duiding met bron erover gaat",
        "when a duiding with a source is about it",
    ),
    follows(
        "opgelost",
        &["gemeld", "gekoppeld", "geduid", "bewust_geparkeerd"],
        "als een doorgevoerde les eruit volgt, of zijn knelpunt is opgelost",
        "when a les that was carried through follows from it, or its knelpunt is solved",
    ),
    said(
        "bewust_geparkeerd",
        &["gemeld", "gekoppeld", "geduid"],
        Place::Record,
        &[asked("geparkeerd_tot")],
    ),
    said(
        "gemeld",
        &["bewust_geparkeerd"],
        Place::Record,
        &[or("geparkeerd_tot", Otherwise::Cleared)],
    ),
];

/// What is not solved, and not merged into another.
const OPEN: &[&str] = &[
    "incident",
    "structureel_vermoed",
    "structureel_bevestigd",
    "in_aanpak",
    "heropend",
];

const KNELPUNT: &[Step] = &[
    follows(
        "structureel_vermoed",
        &["incident"],
        "als twee teams, of twee gemeenten, het binnen dertien weken melden",
        "when two teams, or two gemeenten, report it within thirteen weeks",
    ),
    follows(
        "structureel_bevestigd",
        &["structureel_vermoed"],
        "als een sessie het bespreekt: leerkring sessie",
        "when a sessie talks about it: leerkring sessie",
    ),
    follows(
        "in_aanpak",
        &["incident", "structureel_vermoed", "structureel_bevestigd"],
        "als een les eruit volgt",
        "when a les follows from it",
    ),
    follows(
        "in_aanpak",
        &["heropend"],
        "als een les eruit volgt of een sessie het bespreekt, in een latere week",
        "when a les follows from it or a sessie talks about it, in a later week",
    ),
    said(
        "opgelost",
        OPEN,
        Place::NewEpisode,
        &[or("opgelost", Otherwise::ThisWeek)],
    ),
    said(
        "heropend",
        &["opgelost"],
        Place::LastEpisode,
        &[or("heropend", Otherwise::ThisWeek)],
    ),
    said(
        "samengevoegd_met",
        &[
            "incident",
            "structureel_vermoed",
            "structureel_bevestigd",
            "in_aanpak",
            "heropend",
            "opgelost",
        ],
        Place::Record,
        &[asked("samengevoegd_met")],
    ),
];

const DUIDING: &[Step] = &[
    said(
        "vastgesteld",
        &["concept"],
        Place::Record,
        &[asked("bron.type"), asked("bron.verwijzing")],
    ),
    follows(
        "betwist",
        &["vastgesteld"],
        "als iemand haar tegenspreekt: leerkring bericht",
        "when somebody contradicts it: leerkring bericht",
    ),
    follows(
        "vastgesteld",
        &["betwist"],
        "als elke tegenspraak een antwoord heeft: leerkring bericht",
        "when every contradiction has an answer: leerkring bericht",
    ),
    said(
        "verlopen",
        &["vastgesteld", "betwist"],
        Place::Record,
        &[or("verloopt", Otherwise::LastWeek)],
    ),
    said(
        "vervangen",
        &["concept", "vastgesteld", "betwist", "verlopen"],
        Place::Other("vervangt"),
        &[asked(BY)],
    ),
];

const LES: &[Step] = &[
    follows(
        "voorgesteld",
        &["vastgelegd"],
        "als een sessie haar bespreekt, of een afspraak tot haar leidt",
        "when a sessie talks about it, or an afspraak leads to it",
    ),
    said(
        "doorgevoerd",
        &["vastgelegd", "voorgesteld"],
        Place::Record,
        &[asked("gewijzigd_artefact"), may("belemmering_weg")],
    ),
    said(
        "herzien",
        &["vastgelegd", "voorgesteld", "doorgevoerd"],
        Place::Other("vervangt"),
        &[asked(BY)],
    ),
    said(
        "verworpen",
        &["vastgelegd", "voorgesteld", "doorgevoerd"],
        Place::Record,
        &[asked("verworpen_reden")],
    ),
];

const SESSIE: &[Step] = &[follows(
    "afgerond",
    &["gepland"],
    "met wie er was en wat is afgesproken: leerkring sessie",
    "with who was there and what was agreed: leerkring sessie",
)];

const AFSPRAAK: &[Step] = &[
    said(
        "afgerond",
        &["open", "bewust_geparkeerd"],
        Place::Afspraak,
        &[may("leidt_tot"), or("afgerond", Otherwise::ThisWeek)],
    ),
    said(
        "verworpen",
        &["open", "bewust_geparkeerd"],
        Place::Afspraak,
        &[asked("verworpen_reden")],
    ),
    said(
        "bewust_geparkeerd",
        &["open"],
        Place::Afspraak,
        &[asked("geparkeerd_tot")],
    ),
    said(
        "open",
        &["bewust_geparkeerd"],
        Place::Afspraak,
        &[or("geparkeerd_tot", Otherwise::Cleared)],
    ),
];

const EXPERIMENT: &[Step] = &[
    said(
        "vastgelegd",
        &["opgezet"],
        Place::Record,
        &[or("vastgelegd", Otherwise::ThisWeek)],
    ),
    follows(
        "lopend",
        &["opgezet", "vastgelegd"],
        "in de week waarin het begint",
        "in the week in which it starts",
    ),
    follows(
        "te_laat",
        &["lopend"],
        "als er 26 weken na het geplande einde geen uitkomst is",
        "when there is no outcome 26 weeks after its planned end",
    ),
    said(
        "gerapporteerd",
        &["lopend", "te_laat"],
        Place::Record,
        &[
            asked("uitkomst.oordeel"),
            may("uitkomst.effectmaat"),
            may("uitkomst.yi"),
            may("uitkomst.vi"),
            may("uitkomst.n_band"),
            may("uitkomst.onderdrukt"),
            may("geleerd"),
            may("les"),
        ],
    ),
    said(
        "gestopt",
        &["lopend", "te_laat"],
        Place::Record,
        &[or("uitkomst.oordeel", Otherwise::Code("gestopt")), may("geleerd")],
    ),
];

const OVERNAME: &[Step] = &[
    said(
        "geprobeerd",
        &["voorgenomen"],
        Place::Record,
        &[
            or("uitkomst", Otherwise::Code("te_vroeg")),
            may("aanpassing"),
            may("bewijs"),
        ],
    ),
    said(
        "toegepast",
        &["voorgenomen", "geprobeerd"],
        Place::Record,
        &[
            or("uitkomst", Otherwise::Code("werkt")),
            may("aanpassing"),
            may("bewijs"),
        ],
    ),
    said(
        "gestaakt",
        &["voorgenomen", "geprobeerd", "toegepast"],
        Place::Record,
        &[asked("gestaakt_reden"), may("uitkomst"), may("bewijs")],
    ),
];

const BERICHT: &[Step] = &[follows(
    "beantwoord",
    &["open"],
    "als er een antwoord op komt: leerkring bericht",
    "when somebody answers it: leerkring bericht",
)];

const KRING: &[Step] = &[
    follows(
        "slapend",
        &["actief"],
        "als er lang niets gebeurt",
        "when nothing happens for long",
    ),
    follows(
        "actief",
        &["slapend", "gesloten"],
        "als er leden zijn en er iets gebeurt",
        "when it has members and something happens",
    ),
    follows(
        "gesloten",
        &["actief", "slapend"],
        "als het laatste lid eruit gaat",
        "when the last member leaves",
    ),
];
