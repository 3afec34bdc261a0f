//! Persons, places and organisations of ordinary words, that one word beside them tells. Nobody in them exists.

use super::classes::{gone, gone_as_written, stay};

#[test]
fn a_surname_goes_with_its_link() {
    gone_as_written(&[
        ("Curatele ligt bij vd Heuvel.", &["vd", "heuvel"]),
        ("Van Dalen is afgewezen.", &["van", "dalen"]),
        (
            "stand van zaken: klaar. van drongelen - wacht op brief",
            &["van drongelen"],
        ),
        ("morgen komt ook imke. imke van dorp denkt mee", &["imke", "dorp"]),
        ("brief aan kesim, ten have.", &["ten", "have"]),
    ]);
    stay(&[
        "brief vd woningcorporatie",
        "last vd buren",
        "van wie is de brief",
        "ten slotte belt zij",
    ]);
}

#[test]
fn a_person_is_told_by_one_word() {
    gone(&[
        ("dossier brouwer blijft liggen", &["brouwer"]),
        ("bakker-timmermans wil een ander", &["bakker", "timmermans"]),
        ("sneeuw moet nog stukken brengen", &["sneeuw"]),
        ("van peet gehoord dat het lukt", &["peet"]),
        ("vooral kale kees maakt haar bang", &["kale", "kees"]),
        ("dhr wouter brons (geb 1990)", &["wouter", "brons"]),
        ("bij keizer thuis met tolk", &["keizer"]),
    ]);
    gone_as_written(&[
        ("Mo wil graag werken.", &["mo"]),
        ("Zij stopt. Wil neemt de sleutel over.", &["wil"]),
    ]);
    stay(&[
        "de MO heeft plek",
        "bij brand belt hij 112",
        "wil je dat nakijken",
        "van iedereen gehoord dat het lukt",
        "de kleine kamer is vol",
    ]);
}

#[test]
fn a_place_is_told_by_its_ending_or_a_verb() {
    gone(&[
        ("de woning in de palmboomstraat is klein", &["palmboomstraat"]),
        ("hij woont in krimpen.", &["krimpen"]),
        ("zij woont op kikkenstein", &["kikkenstein"]),
        ("tante woont in geleen-zuid", &["geleen", "zuid"]),
        ("zij slaapt in de k-buurt", &["k-buurt"]),
    ]);
    stay(&[
        "op het schoolplein is het druk",
        "hij fietst op het fietspad",
        "in de winkelstraat staat een bankje",
    ]);
}

#[test]
fn an_organisation_of_ordinary_words_is_told_by_where_somebody_is() {
    gone(&[
        ("wacht op plek bij kamers met kansen", &["kamers", "kansen"]),
        ("schoonmaak via helpende handjes bv.", &["helpende", "handjes"]),
        ("screening via trias pleegzorg loopt", &["trias", "pleegzorg"]),
        ("werkplaats zuid heeft plek", &["werkplaats", "zuid"]),
        (
            "de hulp van thuiszorg de kamperfoelie komt niet",
            &["thuiszorg", "kamperfoelie"],
        ),
        ("wens: naar avondlicht", &["avondlicht"]),
    ]);
    gone_as_written(&[
        ("Zij zit bij Kamers met Kansen.", &["met"]),
        (
            "Bestuur van het Centrum voor de Kantklos.",
            &["centrum voor de kantklos"],
        ),
        ("Paspoort (NR82H5LC6) ligt klaar.", &["nr82h5lc6"]),
    ]);
    stay(&[
        "hulp bij vragen over geld",
        "ondersteuning bij wonen en werken",
        "begeleiding bij zorg en inkomen",
    ]);
}
