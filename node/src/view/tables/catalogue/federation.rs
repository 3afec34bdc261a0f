//! The federation and the country: gemeenten, members, editions, nodes, heights, and the words for codes.

use super::super::{ColumnKind, Table};
use super::{column, flag, number, text, week_nr, words};

pub(in super::super) const GEMEENTEN: Table = Table {
    name: "gemeenten",
    about: words(
        "De gemeenten van 2026, en leden die daar niet bij staan, zoals oefengemeenten",
        "The gemeenten of 2026, and members that are not among them, such as practice gemeenten",
    ),
    columns: &[
        text("code", "CBS-code", "CBS code"),
        text("naam", "Naam", "Name"),
        text("provincie", "Provincie", "Province"),
        text(
            "grootteklasse",
            "Grootteklasse naar inwoners",
            "Size class by inhabitants",
        )
        .codes("grootteklasse"),
        number(
            "inwoners",
            "Inwoners op 1 januari 2026",
            "Inhabitants on 1 January 2026",
        )
        .unit("inwoner"),
        number("oppervlakte_ha", "Oppervlakte", "Area").unit("hectare"),
        number(
            "stedelijkheid",
            "Stedelijkheid (CBS, 2021), van 1 zeer sterk tot 5 niet",
            "Urbanity (CBS, 2021), from 1 very strong to 5 none",
        ),
        text("veiligheidsregio", "Veiligheidsregio", "Safety region"),
        column(
            "lengtegraad",
            ColumnKind::Real,
            "Lengtegraad van het midden",
            "Longitude of the centre",
        )
        .unit("graad"),
        column(
            "breedtegraad",
            ColumnKind::Real,
            "Breedtegraad van het midden",
            "Latitude of the centre",
        )
        .unit("graad"),
        number("tegel_kolom", "Kolom op de tegelkaart", "Column on the map of tiles"),
        number("tegel_rij", "Rij op de tegelkaart", "Row on the map of tiles"),
        text(
            "geldig_vanaf",
            "Dag waarop de code in gebruik kwam; alleen bekend van herindelingen sinds 2017",
            "Day from which the code is in use; known of mergers since 2017 only",
        ),
        text(
            "geldig_tot",
            "Dag waarop zij in een andere gemeente opging, zoals de leden vaststelden",
            "Day on which it became part of another gemeente, as the members decided",
        ),
        text(
            "opvolger",
            "De gemeente waarin zij opging",
            "The gemeente it became part of",
        )
        .refers("gemeenten"),
    ],
    key: &["code"],
};

pub(in super::super) const GEMEENTE_BUREN: Table = Table {
    name: "gemeente_buren",
    about: words(
        "Welke gemeenten aan elkaar grenzen, elk paar in beide richtingen",
        "Which gemeenten border on one another, each pair in both directions",
    ),
    columns: &[
        text("gemeente", "De gemeente", "The gemeente").refers("gemeenten"),
        text("buur", "Een buur", "A neighbour").refers("gemeenten"),
    ],
    key: &["gemeente", "buur"],
};

pub(in super::super) const LEDEN: Table = Table {
    name: "leden",
    about: words(
        "De leden volgens de editie die geldt",
        "The members according to the edition in force",
    ),
    columns: &[
        text("gemeente", "De gemeente", "The gemeente").refers("gemeenten"),
        text("naam", "Naam op de ledenlijst", "Name on the list of members"),
        text("rol", "Stemmend of lezend", "Voting or reading").codes("rol"),
        text(
            "wortelsleutel",
            "De sleutel die voor het lid spreekt",
            "The key that speaks for the member",
        ),
        flag(
            "vertrokken",
            "Of het lid zelf vertrok",
            "Whether the member left by itself",
        ),
    ],
    key: &["gemeente"],
};

pub(in super::super) const EDITIES: Table = Table {
    name: "edities",
    about: words(
        "De edities van de ledenlijst die van kracht werden",
        "The editions of the list of members that came into force",
    ),
    columns: &[
        number("nummer", "Het nummer", "The number"),
        text("hash", "De hash", "The hash"),
        number("leden", "Hoeveel leden", "How many members").unit("lid"),
        number("stemmend", "Hoeveel daarvan stemmen", "How many of these vote").unit("lid"),
        flag("geldt", "Of deze nu geldt", "Whether this one is in force now"),
    ],
    key: &["nummer"],
};

pub(in super::super) const NODES: Table = Table {
    name: "nodes",
    about: words(
        "De nodes die voor een lid spreken of gesproken hebben",
        "The nodes that speak or spoke for a member",
    ),
    columns: &[
        text("node", "De sleutel van de node", "The key of the node"),
        text("gemeente", "Voor wie hij spreekt", "For whom it speaks").refers("gemeenten"),
        flag("deelt", "Of hij records mag delen", "Whether it may share records"),
        text(
            "einde",
            "Waarom hij niet meer spreekt; leeg als hij dat wel doet",
            "Why it speaks no more; empty when it does",
        )
        .codes("node_einde"),
    ],
    key: &["node"],
};

pub(in super::super) const STAND: Table = Table {
    name: "stand",
    about: words("Hoever elk logboek hier meetelt", "How far each log counts here"),
    columns: &[
        text(
            "logboek",
            "Het logboek van één run van een node",
            "The log of one run of a node",
        ),
        text("node", "De node", "The node").refers("nodes"),
        number("hoogte", "Hoeveel posten meetellen", "How many entries count").unit("post"),
        text(
            "kop",
            "De hash van de laatste post die meetelt",
            "The hash of the last entry that counts",
        ),
    ],
    key: &["logboek"],
};

pub(in super::super) const WOORDENLIJST: Table = Table {
    name: "woordenlijst",
    about: words(
        "Elke code die in een kolom kan staan, in het Nederlands en het Engels",
        "Every code that can stand in a column, in Dutch and in English",
    ),
    columns: &[
        text("lijst", "De lijst", "The list"),
        text("code", "De code", "The code"),
        number("volgorde", "De plaats in de lijst", "The place in the list"),
        text("nl", "Wat een Nederlandse lezer ziet", "What a Dutch reader sees"),
        text("en", "Wat een Engelse lezer ziet", "What an English reader sees"),
    ],
    key: &["lijst", "code"],
};

pub(in super::super) const MOMENTOPNAME: Table = Table {
    name: "momentopname",
    about: words("Wat de tabellen tonen: één rij", "What the tables show: one row"),
    columns: &[
        text(
            "peilweek",
            "De week waarop staten bepaald zijn",
            "The week at which states are determined",
        ),
        week_nr("peilweek_nr", "Die week als getal", "That week as a number"),
        text(
            "snapshot",
            "De hash die deze stand van kennis aanhaalt; leeg zolang er nog iets verwerkt wordt",
            "The hash that cites this state of knowledge; empty while something is still being taken in",
        ),
        number("weergave", "Versie van de tabellen", "Version of the tables"),
        number("woordenlijst", "Versie van de woordenlijst", "Version of the word list"),
        number(
            "regels",
            "Versie van de regels voor wat aankomt",
            "Version of the rules for what arrives",
        ),
    ],
    key: &["peilweek"],
};
