//! The tables: nine kinds and the small rows inside them.

use super::{ANNEX_CHARS_MAX, Field, Type};
use crate::record::{Kind, List};

pub(super) fn of(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Signaal => SIGNAAL,
        Kind::Knelpunt => KNELPUNT,
        Kind::Duiding => DUIDING,
        Kind::Les => LES,
        Kind::Sessie => SESSIE,
        Kind::Experiment => EXPERIMENT,
        Kind::Overname => OVERNAME,
        Kind::Bericht => BERICHT,
        Kind::Kring => KRING_FIELDS,
    }
}

const fn must(name: &'static str, what: Type) -> Field {
    Field {
        name,
        what,
        required: true,
        local_only: false,
    }
}

const fn may(name: &'static str, what: Type) -> Field {
    Field {
        name,
        what,
        required: false,
        local_only: false,
    }
}

const fn local(name: &'static str, what: Type) -> Field {
    Field {
        name,
        what,
        required: false,
        local_only: true,
    }
}

const fn text(chars_max: usize) -> Type {
    Type::Text { chars_max }
}

const fn texts(items_max: usize, chars_max: usize) -> Type {
    Type::Texts { items_max, chars_max }
}

const TITEL: Type = text(140);
const PROSE: Type = text(2_000);
const REASON: Type = text(300);
const THEMA: Type = Type::Codes {
    list: List::Thema,
    min: 1,
    max: 3,
};
/// The most links in one field; a knelpunt of a whole country stays below it per gemeente.
const LINKS_MAX: usize = 500;

const fn links(to: &'static [&'static str]) -> Type {
    Type::Links { to, max: LINKS_MAX }
}

/// The kring a record was made in: a link, not an owner.
const KRING: Field = may("kring", Type::Link(&["kring"]));

const SIGNAAL: &[Field] = &[
    must("aard", Type::Code(List::SignaalAard)),
    must("thema", THEMA),
    may(
        "regeling",
        Type::Codes {
            list: List::Regeling,
            min: 0,
            max: 3,
        },
    ),
    must("laag", Type::Code(List::Laag)),
    may("overdracht", Type::Flag),
    may("belemmering", Type::Code(List::Belemmering)),
    must("tekst", text(600)),
    may("gevolg", text(200)),
    may("knelpunt", Type::Link(&["knelpunt"])),
    may("geparkeerd_tot", Type::Week),
    KRING,
    local("team", text(80)),
    local("casus", text(ANNEX_CHARS_MAX)),
    local("casussleutel", text(64)),
];

const KNELPUNT: &[Field] = &[
    must("titel", TITEL),
    must("thema", THEMA),
    must("soort_knelpunt", Type::Code(List::SoortKnelpunt)),
    may("niveau_vermoed", Type::Code(List::Niveau)),
    may("signalen", links(&["signaal"])),
    may("teams", Type::Code(List::Teams)),
    may("collectief_mogelijk", Type::Flag),
    may(
        "episodes",
        Type::Rows {
            columns: EPISODE,
            max: 50,
            numbered: false,
        },
    ),
    may("samengevoegd_met", Type::Link(&["knelpunt"])),
    KRING,
];

const EPISODE: &[Field] = &[must("opgelost", Type::Week), may("heropend", Type::Week)];

const DUIDING: &[Field] = &[
    may("titel", TITEL),
    must("op", links(&[])),
    must("oordeel", Type::Code(List::Oordeel)),
    may("werd_gedacht", Type::Code(List::Oordeel)),
    must("uitleg", PROSE),
    may(
        "bron",
        Type::Rows {
            columns: BRON,
            max: 20,
            numbered: false,
        },
    ),
    may("voorwaarden", texts(20, 200)),
    may("beslisser_laag", Type::Code(List::Laag)),
    may("geldt_voor", Type::Code(List::GeldtVoor)),
    may("verloopt", Type::Week),
    may("vervangt", Type::Link(&["duiding"])),
    KRING,
];

const BRON: &[Field] = &[must("type", Type::Code(List::BronType)), must("verwijzing", text(300))];

const LES: &[Field] = &[
    must("titel", TITEL),
    must("niveau", Type::Code(List::Niveau)),
    may("bereik", Type::Code(List::Bereik)),
    must("kern", PROSE),
    may("uit", links(&[])),
    may("gewijzigd_artefact", text(140)),
    may("belemmering_weg", Type::Code(List::Belemmering)),
    may("werkt_als", texts(20, 200)),
    may("werkt_niet_als", texts(20, 200)),
    may("vervangt", Type::Link(&["les"])),
    may("verworpen_reden", REASON),
    KRING,
];

const SESSIE: &[Field] = &[
    must("kwartaal", Type::Quarter),
    must("aard", Type::Code(List::SessieAard)),
    may(
        "aanwezig",
        Type::Codes {
            list: List::Laag,
            min: 1,
            max: 8,
        },
    ),
    may("aantal_band", Type::Code(List::AantalBand)),
    may(
        "ingebracht_door",
        Type::Counts {
            list: List::Laag,
            max: 1_000,
        },
    ),
    may("besproken", links(&[])),
    may(
        "afspraken",
        Type::Rows {
            columns: AFSPRAAK,
            max: 50,
            numbered: true,
        },
    ),
    KRING,
    local("casus", text(ANNEX_CHARS_MAX)),
];

const AFSPRAAK: &[Field] = &[
    must("wat", text(200)),
    may("laag", Type::Code(List::Laag)),
    may("klaar", Type::Quarter),
    may("leidt_tot", Type::Link(&[])),
    may("afgerond", Type::Week),
    may("verworpen_reden", REASON),
    may("geparkeerd_tot", Type::Week),
    local("actiehouder", text(80)),
];

const EXPERIMENT: &[Field] = &[
    must("titel", TITEL),
    must("vorm", Type::Code(List::Vorm)),
    may("kader", Type::Link(&["kader"])),
    must("hypothese", text(600)),
    must("gevarieerd", Type::Row(GEVARIEERD)),
    may("constant", texts(20, 140)),
    must("maat", Type::Code(List::Open)),
    must("opzet", Type::Code(List::Opzet)),
    must("start", Type::Week),
    must("gepland_einde", Type::Week),
    may("vastgelegd", Type::Week),
    may("herhaalt", Type::Link(&["experiment"])),
    may("uitkomst", Type::Row(UITKOMST)),
    may("geleerd", PROSE),
    may("les", Type::Link(&["les"])),
    KRING,
];

const GEVARIEERD: &[Field] = &[
    must("variabele_code", Type::Code(List::Open)),
    must("variabele", text(140)),
    must("van", text(140)),
    must("naar", text(140)),
];

/// Effects are shared in hundredths: at four decimals the cells could be recomputed.
const EFFECT: Type = Type::Hundredths {
    min: -10_000,
    max: 10_000,
};

const UITKOMST: &[Field] = &[
    must("oordeel", Type::Code(List::UitkomstOordeel)),
    may("effectmaat", Type::Code(List::Effectmaat)),
    may("yi", EFFECT),
    may("vi", Type::Hundredths { min: 0, max: 10_000 }),
    may("n_band", Type::Code(List::NBand)),
    may("onderdrukt", Type::Code(List::Onderdrukt)),
];

const OVERNAME: &[Field] = &[
    must("van", Type::Link(&[])),
    may("aanpassing", text(600)),
    may("uitkomst", Type::Code(List::OvernameUitkomst)),
    may("bewijs", text(300)),
    may("gestaakt_reden", REASON),
    KRING,
];

const BERICHT: &[Field] = &[
    must("over", Type::Link(&[])),
    must("vorm", Type::Code(List::BerichtVorm)),
    must("tekst", PROSE),
    KRING,
];

const KRING_FIELDS: &[Field] = &[
    must("naam", TITEL),
    must("doel", text(600)),
    may("ritme", Type::Code(List::Ritme)),
    may("kader", Type::Link(&["kader"])),
    may(
        "tips",
        Type::Rows {
            columns: TIP,
            max: 20,
            numbered: false,
        },
    ),
    may(
        "lidmaatschap",
        Type::Rows {
            columns: LIDMAATSCHAP,
            max: 50,
            numbered: false,
        },
    ),
];

const TIP: &[Field] = &[must("als", text(200)), must("toon", text(200))];

/// From one week up to, but not in, another: a gemeente that leaves and comes back has two of these.
const LIDMAATSCHAP: &[Field] = &[must("van", Type::Week), may("tot", Type::Week)];
