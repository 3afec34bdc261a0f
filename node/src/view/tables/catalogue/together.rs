//! Where people meet: sessies, berichten, kringen.

use super::super::{Column, Table};
use super::{
    ANTWOORD, EIGENAAR, FICTIEF, GEMEENTEN_TELT, ID, KRING, KWARTAAL, NR, STAAT, TITEL, VERSCHILT, WEEK, WEEK_NR, flag,
    number, text, week_nr, words,
};

const SESSIE: Column = text("sessie", "De sessie", "The sessie").refers("sessies");
const IN_KRING: Column = text("kring", "De kring", "The kring").refers("kringen");

pub(in super::super) const SESSIES: Table = Table {
    name: "sessies",
    about: words(
        "Sessies: uitvoering en systeemwereld aan één tafel",
        "Sessies: front line and organisation at one table",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        text(
            "over_kwartaal",
            "Het kwartaal waarover zij gaat",
            "The quarter it is about",
        ),
        text("aard", "Wat voor sessie", "What sort of sessie").codes("sessie_aard"),
        text("aantal_band", "Hoeveel mensen er waren", "How many people were there").codes("aantal_band"),
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const SESSIE_LAGEN: Table = Table {
    name: "sessie_lagen",
    about: words("De lagen bij een sessie", "The lagen at a sessie"),
    columns: &[
        SESSIE,
        text("laag", "De laag", "The laag").codes("laag"),
        flag("aanwezig", "Of zij er was", "Whether it was there"),
        number(
            "ingebracht",
            "Hoeveel punten zij inbracht",
            "How many points it brought in",
        )
        .unit("punt"),
    ],
    key: &["sessie", "laag"],
};

pub(in super::super) const SESSIE_AFSPRAKEN: Table = Table {
    name: "sessie_afspraken",
    about: words("Wat in een sessie afgesproken is", "What was agreed in a sessie"),
    columns: &[
        SESSIE,
        NR,
        text("wat", "De afspraak", "The agreement"),
        text("laag", "De laag die het doet", "The laag that does it").codes("laag"),
        text(
            "klaar",
            "Het kwartaal waarin het klaar moet zijn",
            "The quarter by which it is to be done",
        ),
        text("staat", "De staat op de peilweek", "The state at the peilweek").codes("staat"),
        text("leidt_tot", "Het record dat eruit kwam", "The record that came of it").refers("records"),
        text(
            "afgerond",
            "De week waarin het klaar was",
            "The week in which it was done",
        ),
        text(
            "geparkeerd_tot",
            "Bewust geparkeerd tot deze week",
            "Parked on purpose until this week",
        ),
        text("verworpen_reden", "Waarom het niet doorgaat", "Why it is not done"),
    ],
    key: &["sessie", "nr"],
};

pub(in super::super) const BERICHTEN: Table = Table {
    name: "berichten",
    about: words(
        "Berichten: vragen, antwoorden en tegenspraak over een record",
        "Berichten: questions, answers and contradictions about a record",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        text("over", "Het record waarover het gaat", "The record it is about").refers("records"),
        text("vorm", "Wat voor bericht", "What sort of bericht").codes("bericht_vorm"),
        ANTWOORD,
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const KRINGEN: Table = Table {
    name: "kringen",
    about: words(
        "Kringen: gemeenten die uit zichzelf samen leren. Waar zij verschillen is de kolom leeg",
        "Kringen: gemeenten that learn together of their own accord. Where they differ the column is empty",
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
        text("ritme", "Hoe vaak de kring bijeenkomt", "How often the kring meets").codes("ritme"),
        number(
            "leden",
            "Hoeveel leden op de peilweek",
            "How many members at the peilweek",
        )
        .unit("gemeente"),
        text("kader", "Het kader waarbinnen", "The framework within which"),
    ],
    key: &["id"],
};

pub(in super::super) const KRING_DELEN: Table = Table {
    name: "kring_delen",
    about: words(
        "Wat elke gemeente die aan een kring schrijft er zelf van zegt",
        "What each gemeente that writes in a kring says of it itself",
    ),
    columns: &[
        IN_KRING,
        text("gemeente", "Wie dit zegt", "Who says this").refers("gemeenten"),
        WEEK,
        WEEK_NR,
        KWARTAAL,
        text("naam", "De naam", "The name"),
        text("ritme", "Hoe vaak de kring bijeenkomt", "How often the kring meets").codes("ritme"),
        text("kader", "Het kader waarbinnen", "The framework within which"),
    ],
    key: &["kring", "gemeente"],
};

pub(in super::super) const KRING_LEDEN: Table = Table {
    name: "kring_leden",
    about: words(
        "Van wanneer tot wanneer een gemeente lid van een kring is, zoals zij dat zelf zegt",
        "From when until when a gemeente is a member of a kring, as it says itself",
    ),
    columns: &[
        IN_KRING,
        text("gemeente", "De gemeente", "The gemeente").refers("gemeenten"),
        NR,
        text("van", "Lid vanaf deze week", "A member from this week on"),
        week_nr("van_nr", "Die week als getal", "That week as a number"),
        text("tot", "Lid tot deze week", "A member until this week"),
        week_nr("tot_nr", "Die week als getal", "That week as a number"),
        flag(
            "is_lid",
            "Of dit op de peilweek geldt",
            "Whether this holds at the peilweek",
        ),
    ],
    key: &["kring", "gemeente", "nr"],
};

pub(in super::super) const KRING_TIPS: Table = Table {
    name: "kring_tips",
    about: words("Wat een kring bij wat laat zien", "What a kring shows when"),
    columns: &[
        IN_KRING,
        NR,
        text("als", "Waarbij", "When"),
        text("toon", "Wat dan getoond wordt", "What is shown then"),
    ],
    key: &["kring", "nr"],
};
