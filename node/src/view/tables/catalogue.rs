//! Every table and every column, with what it means.
//!
//! Names are an interface: whoever renames a table or column, or changes what one means, raises
//! [`TABLES_VERSION`](super::TABLES_VERSION) and says so in the change log.
//!
//! What holds in all of them: a week is the ISO week as text (`2026-W08`) with its number beside it (`week_nr`), so that
//! weeks can be subtracted; of a record that tells only its quarter the week is empty and the number is that of the first
//! week of that quarter. What differs between the gemeenten that write a record together is empty in the record's own row
//! and stands per gemeente in the table of parts. Effects are whole hundredths, so that no sum depends on its order.

mod federation;
mod learning;
mod records;
mod signals;
mod together;

use super::{Column, ColumnKind, Index, Table, Words};

pub(super) use federation::{EDITIES, GEMEENTE_BUREN, GEMEENTEN, LEDEN, MOMENTOPNAME, NODES, STAND, WOORDENLIJST};
pub(super) use learning::{
    DUIDING_BRONNEN, DUIDING_VOORWAARDEN, DUIDINGEN, EXPERIMENT_CONSTANTEN, EXPERIMENTEN, LES_VOORWAARDEN, LESSEN,
    OVERNAMES,
};
pub(super) use records::{RECORD_THEMAS, RECORDS, TEKSTEN, VERWIJZINGEN};
pub(super) use signals::{
    KNELPUNT_DELEN, KNELPUNT_EPISODES, KNELPUNT_GEMEENTEN, KNELPUNT_TERUGKEER, KNELPUNTEN, SIGNAAL_REGELINGEN, SIGNALEN,
};
pub(super) use together::{
    BERICHTEN, KRING_DELEN, KRING_LEDEN, KRING_TIPS, KRINGEN, SESSIE_AFSPRAKEN, SESSIE_LAGEN, SESSIES,
};

/// Every table.
pub const TABLES: &[Table] = &[
    RECORDS,
    RECORD_THEMAS,
    VERWIJZINGEN,
    TEKSTEN,
    SIGNALEN,
    SIGNAAL_REGELINGEN,
    KNELPUNTEN,
    KNELPUNT_DELEN,
    KNELPUNT_EPISODES,
    KNELPUNT_GEMEENTEN,
    KNELPUNT_TERUGKEER,
    DUIDINGEN,
    DUIDING_BRONNEN,
    DUIDING_VOORWAARDEN,
    LESSEN,
    LES_VOORWAARDEN,
    SESSIES,
    SESSIE_LAGEN,
    SESSIE_AFSPRAKEN,
    EXPERIMENTEN,
    EXPERIMENT_CONSTANTEN,
    OVERNAMES,
    BERICHTEN,
    KRINGEN,
    KRING_DELEN,
    KRING_LEDEN,
    KRING_TIPS,
    GEMEENTEN,
    GEMEENTE_BUREN,
    LEDEN,
    EDITIES,
    NODES,
    STAND,
    WOORDENLIJST,
    MOMENTOPNAME,
];

/// Beside the keys: chosen from the questions that analysts ask most. Each that covers its question is read in place of
/// the table.
pub(super) const INDEXES: &[Index] = &[
    index("records_soort", "records", &["soort", "staat", "eigenaar"]),
    index("verwijzingen_naar", "verwijzingen", &["naar", "veld", "van"]),
    index(
        "verwijzingen_veld",
        "verwijzingen",
        &["veld", "naar_soort", "naar", "van"],
    ),
    index(
        "record_themas_thema",
        "record_themas",
        &["soort", "thema", "kwartaal", "laag"],
    ),
    index(
        "signalen_knelpunt",
        "signalen",
        &["knelpunt", "eigenaar", "week_nr", "eerste_duiding_nr"],
    ),
    index("signalen_antwoord", "signalen", &["antwoord", "staat", "week_nr"]).filled("antwoord"),
    index("signalen_belemmering", "signalen", &["knelpunt", "belemmering"]).filled("belemmering"),
    index(
        "signaal_regelingen_regeling",
        "signaal_regelingen",
        &["regeling", "overdracht"],
    ),
    index("knelpunt_gemeenten_gemeente", "knelpunt_gemeenten", &["gemeente"]),
    index("duidingen_gedacht", "duidingen", &["werd_gedacht", "oordeel"]),
    index(
        "experimenten_variabele",
        "experimenten",
        &["variabele_code", "uitkomst"],
    ),
    index("overnames_van", "overnames", &["van"]),
    index("berichten_antwoord", "berichten", &["antwoord", "week_nr"]),
];

impl Column {
    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = Some(unit);
        self
    }

    const fn codes(mut self, list: &'static str) -> Self {
        self.codes = Some(list);
        self
    }

    const fn refers(mut self, table: &'static str) -> Self {
        self.refers = Some(table);
        self
    }
}

impl Index {
    const fn filled(mut self, column: &'static str) -> Self {
        self.filled = Some(column);
        self
    }
}

const fn index(name: &'static str, table: &'static str, columns: &'static [&'static str]) -> Index {
    Index {
        name,
        table,
        columns,
        filled: None,
    }
}

const fn words(nl: &'static str, en: &'static str) -> Words {
    Words { nl, en }
}

const fn column(name: &'static str, kind: ColumnKind, nl: &'static str, en: &'static str) -> Column {
    Column {
        name,
        kind,
        about: words(nl, en),
        unit: None,
        codes: None,
        refers: None,
    }
}

const fn text(name: &'static str, nl: &'static str, en: &'static str) -> Column {
    column(name, ColumnKind::Text, nl, en)
}

const fn number(name: &'static str, nl: &'static str, en: &'static str) -> Column {
    column(name, ColumnKind::Integer, nl, en)
}

const fn flag(name: &'static str, nl: &'static str, en: &'static str) -> Column {
    column(name, ColumnKind::Boolean, nl, en)
}

/// The number of a week.
const fn week_nr(name: &'static str, nl: &'static str, en: &'static str) -> Column {
    number(name, nl, en).unit("week")
}

const ID: Column = text("id", "Het record", "The record").refers("records");
const EIGENAAR: Column = text(
    "eigenaar",
    "De gemeente die het record begon, als CBS-code",
    "The gemeente that founded the record, as CBS code",
)
.refers("gemeenten");
const WEEK: Column = text(
    "week",
    "ISO-week waarover het gaat; leeg als alleen het kwartaal verteld wordt",
    "ISO week it is about; empty when only its quarter is told",
);
const WEEK_NR: Column = week_nr(
    "week_nr",
    "Die week geteld vanaf de week van 1 januari 1970; van een kwartaal de eerste week",
    "That week counted from the week of 1 January 1970; of a quarter its first week",
);
const KWARTAAL: Column = text("kwartaal", "Het kwartaal van die week", "The quarter of that week");
const STAAT: Column = text(
    "staat",
    "De staat op de peilweek, zoals list en show hem geven",
    "The state at the peilweek, as list and show give it",
)
.codes("staat");
const FICTIEF: Column = flag("fictief", "Oefengegevens", "Practice data");
const KRING: Column = text("kring", "De kring waarin het gemaakt is", "The kring it was made in").refers("kringen");
const ANTWOORD: Column = text(
    "antwoord",
    "Van wie een antwoord vraagt: of het er op de peilweek is",
    "Of one that asks for an answer: whether it is there at the peilweek",
)
.codes("antwoord");
const TITEL: Column = text(
    "titel",
    "De titel; verschillen de gemeenten, dan alle titels met ' | ' ertussen",
    "The title; where gemeenten differ all titles with ' | ' between them",
);
const GEMEENTEN_TELT: Column = number(
    "gemeenten",
    "Hoeveel gemeenten eraan schrijven",
    "How many gemeenten write in it",
)
.unit("gemeente");
const NR: Column = number("nr", "Volgnummer", "Number in order");
const VERSCHILT: Column = flag(
    "verschilt",
    "Of de gemeenten over een veld iets anders zeggen; zie de tabel met delen",
    "Whether the gemeenten say different things of a field; see the table of parts",
);
