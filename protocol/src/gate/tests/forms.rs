//! What notes hold besides names and well-formed numbers: rooms, extensions, rolls of courts, houses that are called after
//! a word, and persons who are called after one.

use super::classes::{gone_as_written as gone, stay};

#[test]
fn a_number_that_says_where_somebody_is_needs_few_digits() {
    gone(&[
        ("Zij ligt op kamers 118 en 131 van de afdeling.", &["118", "131"]),
        ("De spullen staan in box 2261.", &["2261"]),
        ("bel toestel 3318 of tst 41", &["3318", "41"]),
        ("Sleutelcode 5521, plek C14 op het terrein.", &["5521", "c14"]),
        ("post naar postbus 3071", &["3071"]),
        ("huisnr 18-II, de bel is stuk", &["18-ii"]),
        ("de buren van nummer 37 klagen", &["37"]),
        ("Zij woont op 3hoog, hij op 12b.", &["3hoog", "12b"]),
        ("stuur het naar 2313ZX 44, dank", &["44"]),
    ]);
    stay(&[
        "Er zijn kamers 3 weken te laat opgeleverd.",
        "Zij wonen met z'n vijven in 2 kamers.",
        "Kamer 14% onder de norm van de toets.",
        "De code is aangepast in versie 3.",
    ]);
}

#[test]
fn a_register_writes_its_numbers_in_parts() {
    gone(&[
        ("zie ECLI:NL:RBXXX:2024:771 voor de uitspraak", &["ecli", "771"]),
        ("rekest FA RK 24-5182 loopt", &["5182", "24-"]),
        ("beschikking JE RK 23-417 is er", &["417"]),
        ("melding K3107 0225 staat open", &["3107", "0225"]),
        ("zk 77310-25 afgewezen", &["77310"]),
        ("gesloten onder nr PL-0447", &["0447"]),
    ]);
    stay(&[
        "Van de groep was 20-200 procent te laat.",
        "Het duurde 10-100 dagen in die periode.",
    ]);
}

#[test]
fn an_address_or_a_plate_is_one_in_whatever_way_it_is_typed() {
    gone(&[
        (
            "mail naar els(punt)vink apestaart voorbeeld punt nl",
            &["vink", "voorbeeld"],
        ),
        ("ik typte noor@voorbeeld,nl", &["noor", ",nl"]),
        ("PC 4421.KD klopt niet", &["4421", "kd"]),
        ("verhuisd van 4421 KD naar 6718 me", &["6718"]),
        ("duits kenteken HHL-TR 3306 gezien", &["hhl", "3306"]),
        ("nummerplaat is WX 7PK31", &["7pk31"]),
        ("leesbaar was k-31?-tz", &["k-31"]),
    ]);
    stay(&["ZIJ IS 18 EN WIL EEN EIGEN PLEK.", "HET GEZIN HEEFT EN 2 IS TE WEINIG."]);
}

#[test]
fn a_time_needs_no_word_beside_it() {
    gone(&[
        ("gebeld 19.42, geen gehoor", &["19.42"]),
        ("vervolg do 8 mei 11.15", &["11.15"]),
        ("afspraak wo 12/3, 14 uur", &["14 uur"]),
    ]);
    stay(&["Het besluit noemt artikel 10.15 niet.", "Het kost € 12.50 per keer."]);
}

#[test]
fn a_house_is_called_after_a_word() {
    gone(&[
        ("hij gaat naar vmbo de wegwijzer", &["wegwijzer"]),
        ("groep 7 de klimop, juf is ziek", &["klimop"]),
        ("haar oom werkt bij breng", &["breng"]),
        ("ontslagen door sterk werk", &["sterk werk"]),
        ("hulp van zorgbureau vertrouwen", &["vertrouwen"]),
        ("zij zit op het zuider college", &["zuider", "college"]),
        ("eet in restaurant klein saigon", &["klein", "saigon"]),
        ("huurt via stadgenoot", &["stadgenoot"]),
        ("Hij voetbalt (vv Ommerdal).", &["vv", "ommerdal"]),
    ]);
    stay(&[
        "zij gaat naar de school van haar keuze",
        "dagbesteding stopt per direct",
        "hij werkt bij een bedrijf in de buurt",
        "thuiszorg gestart en daarna weer gestopt",
    ]);
}

#[test]
fn a_person_is_called_after_a_word() {
    gone(&[
        ("opa kok belt elke dag", &["kok"]),
        ("Oma van de Ven past op.", &["ven"]),
        ("bel 06 07 19 08 10 in de ochtend", &["08 10"]),
        ("klantnummer staat op de brief, nummer 1425 2601", &["2601"]),
        ("gezin ter haar heeft hulp nodig", &["haar heeft"]),
        ("huisarts v. bommel is op de hoogte", &["bommel"]),
        ("ze noemt zich engel", &["engel"]),
        ("de visser van het wijkteam belde", &[]),
        ("toen bakker van het wijkteam kwam", &["bakker"]),
        ("de kids l. en n. zijn thuis", &["l.", "n."]),
        ("gezin dos santos verhuist", &["dos", "santos"]),
        ("sanne plat vond het te duur", &["plat"]),
    ]);
    stay(&["opa is ziek en oma ook", "zij belt een bakker van de gemeente niet"]);
}
