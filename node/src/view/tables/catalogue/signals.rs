//! Signalen, and the knelpunten that they have in common.

use super::super::Table;
use super::{
    ANTWOORD, EIGENAAR, FICTIEF, GEMEENTEN_TELT, ID, KRING, KWARTAAL, NR, STAAT, TITEL, VERSCHILT, WEEK, WEEK_NR, flag,
    number, text, week_nr, words,
};

/// The first duiding with a source, of a signaal or a knelpunt.
const EERSTE_DUIDING: super::Column = week_nr(
    "eerste_duiding_nr",
    "De week van de eerste duiding met een bron die hierover gaat, tot en met de peilweek; leeg als er geen is",
    "The week of the first duiding with a source that is about this, up to the peilweek; empty when there is none",
);

const KNELPUNT: super::Column = text("knelpunt", "Het knelpunt", "The knelpunt").refers("knelpunten");

pub(in super::super) const SIGNALEN: Table = Table {
    name: "signalen",
    about: words(
        "Signalen: wat in de weg stond, een vraag, een kans",
        "Signalen: what stood in the way, a question, a chance",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        text("aard", "Wat voor signaal", "What sort of signaal").codes("signaal_aard"),
        text("laag", "De laag die het gaf", "The laag that gave it").codes("laag"),
        flag(
            "overdracht",
            "Of het bij een overdracht speelde",
            "Whether it came up at a hand-over",
        ),
        text(
            "belemmering",
            "Wat ontbrak: willen, weten of doen",
            "What was missing: willing, knowing or doing",
        )
        .codes("belemmering"),
        text(
            "knelpunt",
            "Het knelpunt waar het bij hoort",
            "The knelpunt it belongs to",
        )
        .refers("knelpunten"),
        text(
            "geparkeerd_tot",
            "Bewust geparkeerd tot deze week",
            "Parked on purpose until this week",
        ),
        ANTWOORD,
        EERSTE_DUIDING,
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const SIGNAAL_REGELINGEN: Table = Table {
    name: "signaal_regelingen",
    about: words(
        "De regelingen waar een signaal over gaat",
        "The laws and rules that a signaal is about",
    ),
    columns: &[
        text("signaal", "Het signaal", "The signaal").refers("signalen"),
        text("regeling", "De regeling", "The law or rule").codes("regeling"),
        EIGENAAR,
        KWARTAAL,
        flag(
            "overdracht",
            "Of het signaal bij een overdracht speelde",
            "Whether the signaal came up at a hand-over",
        ),
    ],
    key: &["signaal", "regeling"],
};

pub(in super::super) const KNELPUNTEN: Table = Table {
    name: "knelpunten",
    about: words(
        "Knelpunten: wat signalen gemeen hebben, samen geschreven door gemeenten. Waar zij verschillen is de kolom leeg",
        "Knelpunten: what signalen have in common, written together by gemeenten. Where they differ the column is empty",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        TITEL,
        GEMEENTEN_TELT,
        VERSCHILT,
        text("soort_knelpunt", "Wat voor knelpunt", "What sort of knelpunt").codes("soort_knelpunt"),
        text("niveau_vermoed", "Waar het vermoedelijk zit", "Where it probably is").codes("niveau"),
        flag(
            "collectief_mogelijk",
            "Of het voor iedereen opgelost kan worden",
            "Whether it can be solved for everybody",
        ),
        EERSTE_DUIDING,
        number(
            "teruggekeerd",
            "Hoe vaak het na een oplossing terugkwam, tot en met de peilweek",
            "How often it came back after it was solved, up to the peilweek",
        )
        .unit("keer"),
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const KNELPUNT_DELEN: Table = Table {
    name: "knelpunt_delen",
    about: words(
        "Wat elke gemeente die aan een knelpunt schrijft er zelf van zegt",
        "What each gemeente that writes in a knelpunt says of it itself",
    ),
    columns: &[
        KNELPUNT,
        text("gemeente", "Wie dit zegt", "Who says this").refers("gemeenten"),
        WEEK,
        WEEK_NR,
        KWARTAAL,
        text("titel", "De titel", "The title"),
        text("soort_knelpunt", "Wat voor knelpunt", "What sort of knelpunt").codes("soort_knelpunt"),
        text("niveau_vermoed", "Waar het vermoedelijk zit", "Where it probably is").codes("niveau"),
        text(
            "teams",
            "Hoeveel teams het in deze gemeente meldden",
            "How many teams reported it in this gemeente",
        )
        .codes("teams"),
        flag(
            "collectief_mogelijk",
            "Of het voor iedereen opgelost kan worden",
            "Whether it can be solved for everybody",
        ),
        text(
            "samengevoegd_met",
            "Het knelpunt waarin het verder gaat",
            "The knelpunt it goes on in",
        )
        .refers("knelpunten"),
    ],
    key: &["knelpunt", "gemeente"],
};

pub(in super::super) const KNELPUNT_EPISODES: Table = Table {
    name: "knelpunt_episodes",
    about: words(
        "Wanneer een knelpunt opgelost en heropend is, zoals gemeenten dat opschreven",
        "When a knelpunt was solved and opened again, as gemeenten wrote it down",
    ),
    columns: &[
        KNELPUNT,
        NR,
        text(
            "opgelost",
            "De week waarin het opgelost was",
            "The week in which it was solved",
        ),
        week_nr("opgelost_nr", "Die week als getal", "That week as a number"),
        text(
            "heropend",
            "De week waarin het heropend is",
            "The week in which it was opened again",
        ),
        week_nr("heropend_nr", "Die week als getal", "That week as a number"),
    ],
    key: &["knelpunt", "nr"],
};

pub(in super::super) const KNELPUNT_GEMEENTEN: Table = Table {
    name: "knelpunt_gemeenten",
    about: words(
        "De gemeenten waar een knelpunt speelt: zij schrijven eraan of gaven er een signaal van",
        "The gemeenten in which a knelpunt is found: they write in it or gave a signaal of it",
    ),
    columns: &[
        KNELPUNT,
        text("gemeente", "De gemeente", "The gemeente").refers("gemeenten"),
        flag("schrijft_mee", "Of zij eraan schrijft", "Whether it writes in it"),
        number(
            "signalen",
            "Hoeveel signalen van haar erbij horen",
            "How many of its signalen belong to it",
        )
        .unit("signaal"),
        week_nr(
            "eerste_signaal_nr",
            "De week van het eerste van die signalen",
            "The week of the first of those signalen",
        ),
    ],
    key: &["knelpunt", "gemeente"],
};

pub(in super::super) const KNELPUNT_TERUGKEER: Table = Table {
    name: "knelpunt_terugkeer",
    about: words(
        "Elke keer dat een knelpunt na een oplossing terugkwam, tot en met de peilweek: door een nieuw signaal, of heropend",
        "Every time a knelpunt came back after it was solved, up to the peilweek: by a new signaal, or opened again",
    ),
    columns: &[
        KNELPUNT,
        text(
            "opgelost",
            "De week waarin het opgelost was",
            "The week in which it was solved",
        ),
        week_nr("opgelost_nr", "Die week als getal", "That week as a number"),
        text(
            "terug",
            "De week waarin het terugkwam",
            "The week in which it came back",
        ),
        week_nr("terug_nr", "Die week als getal", "That week as a number"),
    ],
    key: &["knelpunt", "opgelost"],
};
