//! What all kinds of records have in common: one row per record, its themes, its links, its texts.

use super::super::Table;
use super::{EIGENAAR, FICTIEF, GEMEENTEN_TELT, KRING, KWARTAAL, STAAT, TITEL, WEEK, WEEK_NR, text, words};

pub(in super::super) const RECORDS: Table = Table {
    name: "records",
    about: words(
        "Alle records van alle soorten, één rij per record",
        "All records of all kinds, one row per record",
    ),
    columns: &[
        text("id", "Het record", "The record"),
        text("soort", "De soort", "The kind").codes("soort"),
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        TITEL,
        KRING,
        GEMEENTEN_TELT,
    ],
    key: &["id"],
};

pub(in super::super) const RECORD_THEMAS: Table = Table {
    name: "record_themas",
    about: words(
        "De thema's van een signaal of knelpunt, met wat nodig is om ze te tellen",
        "The themes of a signaal or knelpunt, with what counting them takes",
    ),
    columns: &[
        text("record", "Het record", "The record").refers("records"),
        text("thema", "Het thema", "The theme").codes("thema"),
        text("soort", "De soort van het record", "The kind of the record").codes("soort"),
        EIGENAAR,
        KWARTAAL,
        text("laag", "Van een signaal: de laag", "Of a signaal: the laag").codes("laag"),
    ],
    key: &["record", "thema"],
};

pub(in super::super) const VERWIJZINGEN: Table = Table {
    name: "verwijzingen",
    about: words(
        "Elke verwijzing van een record naar een ander",
        "Every link from one record to another",
    ),
    columns: &[
        text("van", "Het record dat verwijst", "The record that links").refers("records"),
        text(
            "veld",
            "Het veld waarin de verwijzing staat",
            "The field the link stands in",
        )
        .codes("verwijzing"),
        text(
            "naar",
            "Het record waarnaar verwezen wordt; het hoeft er niet te zijn, zie naar_stand",
            "The record that is linked to; it need not be here, see naar_stand",
        ),
        text(
            "van_soort",
            "De soort van het record dat verwijst",
            "The kind of the record that links",
        )
        .codes("soort"),
        text("van_eigenaar", "De gemeente die verwijst", "The gemeente that links").refers("gemeenten"),
        text(
            "naar_soort",
            "De soort van het andere record; leeg als dat er niet is",
            "The kind of the other record; empty when that is not here",
        )
        .codes("soort"),
        text(
            "naar_stand",
            "Wat er van het andere record is",
            "What became of the other record",
        )
        .codes("naar_stand"),
    ],
    key: &["van", "veld", "naar"],
};

pub(in super::super) const TEKSTEN: Table = Table {
    name: "teksten",
    about: words(
        "De lange teksten van records, per gemeente die ze schreef",
        "The long texts of records, per gemeente that wrote them",
    ),
    columns: &[
        text("record", "Het record", "The record").refers("records"),
        text("veld", "Het veld", "The field").codes("tekstveld"),
        text("gemeente", "Wie dit schreef", "Who wrote this").refers("gemeenten"),
        text("tekst", "De tekst", "The text"),
    ],
    key: &["record", "veld", "gemeente"],
};
