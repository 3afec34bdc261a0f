//! Names of which a part stayed: organisations, persons, addresses, days and numbers, in every letter case unless a
//! capital is what tells. Nobody in them exists.

use super::classes::{gone, gone_as_written, stay};

#[test]
fn an_organisation_goes_with_what_it_is() {
    gone_as_written(&[
        ("Stichting Zonnehoeve belt terug.", &["stichting", "zonnehoeve"]),
        (
            "Contact met Apotheek Wezenbeek BV over de rekening.",
            &["apotheek", "wezenbeek", "bv"],
        ),
        (
            "Hij werkt bij Stukadoorsbedrijf Vlietmans & Zonen.",
            &["stukadoors", "vlietmans", "zonen"],
        ),
        (
            "Transportbedrijf Oostwouder & Zn heeft hem ontslagen.",
            &["transport", "oostwouder", "zn"],
        ),
        (
            "De evangelische gemeente De Wijnstok helpt.",
            &["evangelische", "gemeente", "wijnstok"],
        ),
        (
            "Zij gaat naar Kinderopvang Spelen met Plezier.",
            &["spelen", "met", "plezier"],
        ),
        ("School: mbo Zandhoeve.", &["mbo", "zandhoeve"]),
    ]);
    stay(&[
        "De stichting van de gemeente helpt ook.",
        "Het taxibedrijf kwam niet en de apotheek was dicht.",
    ]);
}

#[test]
fn an_organisation_of_ordinary_words_goes_behind_what_it_is() {
    gone_as_written(&[
        ("hij helpt bij stal de ruif", &["ruif"]),
        ("dochter zit op kindcentrum samen wijs", &["samen", "wijs"]),
        ("kringloop het goed haalt de spullen op", &["het goed"]),
        ("ribw de brug belt terug", &["brug"]),
        ("school is de klimop, thuiszorg van de linde", &["klimop", "linde"]),
        ("dagbesteding: de werkschuur", &["werkschuur"]),
        ("werkgever (fris en vlot) belt niet terug", &["fris", "vlot"]),
        ("bewindvoerder (vast in balans) reageert niet", &["balans"]),
        ("leverancier (warm wonen) sluit af", &["warm"]),
    ]);
    stay(&[
        "de school belt en de opvang is dicht",
        "zij wil in een hotel slapen en niet in de nachtopvang",
        "werkgever (nog onbekend) heeft niet gebeld",
        "de thuiszorg van de gemeente komt niet meer",
        "hij zoekt een garage voor zijn auto",
    ]);
}

#[test]
fn a_person_goes_with_every_piece() {
    gone_as_written(&[
        (
            "Johan de la Fuente kwam met Mohamed van der Weezenaar.",
            &["de la", "van der"],
        ),
        ("Samira de K. en Joost van B. kwamen samen.", &["de k.", "van b."]),
        ("Medewerkster L. belt terug, mevr. B. ook.", &["l.", "b."]),
        ("Woonbegeleider T. was er niet.", &["t. was"]),
        ("ST en MB op huisbezoek. Gesprek liep goed.", &["st en", "mb op"]),
        (
            "Partijen: Klein en Groot. Klein wil niet meer praten.",
            &["klein", "groot"],
        ),
        (
            "gezinsplan Schouten is besproken, fam. Groot ook",
            &["schouten", "groot"],
        ),
    ]);
    stay(&[
        "Het gezin heeft een plan en de familie helpt.",
        "De medewerker heeft vitamine C gegeven.",
    ]);
}

#[test]
fn an_address_goes_with_what_is_added() {
    gone(&[
        ("woont Lindenlaan 12, app. 14 en is thuis", &["app", "14"]),
        ("zit nu Dorpsstraat 4, kamer 3, met zijn zoon", &["kamer 3"]),
        ("Kerkweg 8 unit 5, geen bel", &["unit", "5"]),
        ("Kerkweg 9, hs, geen bel", &["hs"]),
        ("de boot ligt Zandsingel 7 t/o 6, achteraan", &["t/o", "6"]),
        ("Molenweg 12 b, achterom", &["12 b", "b,"]),
        ("op de camping, huisje 14", &["14"]),
        (
            "eerder Rue de la Gare 14 en daarna Hauptstrasse 22",
            &["gare", "14", "haupt", "22"],
        ),
        ("post naar Calle Mayor 8", &["mayor", "8"]),
    ]);
    gone_as_written(&[("Plein '40-'45 no 17", &["45", "17"])]);
    stay(&["Er zijn 12 huisjes, en in kamer b staat niets."]);
}

#[test]
fn a_day_goes_with_its_weekday_and_hour() {
    gone(&[
        (
            "Maandag 12 mei gesprek, vrijdag 3-4-2025 opnieuw",
            &["maandag", "vrijdag", "12 mei"],
        ),
        ("geboortedatum 150385, of geb. 15 03 85", &["150385", "15 03"]),
        ("Ingevoerd 2025-01-17T09:12 door het systeem", &["2025", "09:12", "t09"]),
        ("terug op 15.4. voor gesprek, 15.4. gebeld", &["15.4"]),
        ("geboren 07.XI.1996 in het buitenland", &["07", "xi", "1996"]),
        (
            "zij is van eerste april negentienzeventig",
            &["april", "negentienzeventig"],
        ),
    ]);
    stay(&["Zie artikel 2.3. Het cijfer was een 7.5. Op maandag is er inloop."]);
}

#[test]
fn a_number_goes_with_all_its_groups() {
    gone(&[
        ("contractnr 7100 4482 19 loopt af", &["7100", "4482", "19"]),
        ("zaak 2024.0456.W ligt stil, 2024/0456-W ook", &["0456", "w l", "w o"]),
        ("tel 06_1234_5678", &["06", "1234", "5678"]),
        ("nu in 8011 pk, eerder 7412 bv", &["8011", "pk", "7412"]),
        ("btw NL8123.45.678.B01 en NL 812345678 B01", &["8123", "b01"]),
    ]);
    stay(&["Dat is 1000 ml per dag, en het kost 1200 in totaal."]);
}
