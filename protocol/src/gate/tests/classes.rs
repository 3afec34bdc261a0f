//! Ways in which notes hide a person, class by class: what must be gone in each letter case. Nobody in them exists.

use super::{Known, Policy, SpanType, masked, screen_text};
use crate::gate::Verdict;

/// In every letter case nothing of these words is left.
pub(super) fn gone(cases: &[(&str, &[&str])]) {
    let written = cases.iter().flat_map(|(text, words)| {
        let forms = [(*text).to_owned(), text.to_lowercase(), text.to_uppercase()];
        forms.into_iter().map(|text| (text, *words))
    });
    check(written);
}

/// Nothing of these words is left of what was written with capitals.
pub(super) fn gone_as_written(cases: &[(&str, &[&str])]) {
    check(cases.iter().map(|(text, words)| ((*text).to_owned(), *words)));
}

fn check<'a>(cases: impl Iterator<Item = (String, &'a [&'a str])>) {
    let left: Vec<_> = cases
        .flat_map(|(text, words)| {
            let left = masked(&text);
            let low = left.to_lowercase();
            let found = words.iter().filter(move |word| low.contains(&word.to_lowercase()));
            found.map(move |word| format!("{word} in: {left}")).collect::<Vec<_>>()
        })
        .collect();
    assert!(left.is_empty(), "left: {left:#?}");
}

pub(super) fn stay(texts: &[&str]) {
    let changed: Vec<_> = texts
        .iter()
        .map(|text| masked(text))
        .filter(|left| !texts.contains(&left.as_str()))
        .collect();
    assert!(changed.is_empty(), "masked: {changed:#?}");
}

#[test]
fn a_day_needs_no_year() {
    gone(&[
        ("12-3 gebeld, geen gehoor. 13-3 opnieuw geprobeerd.", &["12-3", "13-3"]),
        ("laatste contact was 3-10, daarna niets meer", &["3-10"]),
        ("start 8/2 bij de nieuwe groep", &["8/2"]),
        ("gesprek verzet naar 8-7, 14.45 uur", &["8-7", "14.45"]),
        ("ontruiming aangezegd voor 24/7!", &["24/7"]),
        ("dossier bijgewerkt november 4, 2023", &["november", "2023"]),
        ("3 t/m 5 mei afwezig, 3 en 5 juni ook", &["3 ", "5 ", "mei", "juni"]),
        ("terug op maandag de 16e", &["16e"]),
        ("geb '87, geb.dat. 010190", &["87", "010190"]),
    ]);
    stay(&[
        "Zij komt 2-3 keer per week, soms 4-6 uur.",
        "Er waren 1-2 gesprekken in groep 7/8.",
        "Dat is 3/4 van de tijd.",
        "Er is 24/7 iemand bereikbaar.",
    ]);
}

#[test]
fn a_time_of_day_needs_no_minutes() {
    gone(&[
        ("komt vrijdag om 9 uur langs", &["9"]),
        ("gesprek om half 3 of kwart over vier", &["half 3", "kwart", "vier"]),
        ("tussen 9 en 11 uur, of 9.00-10.30", &["9", "11", "10.30"]),
        ("morgen 10u, en 0930 uur", &["10", "0930"]),
    ]);
    stay(&["Zij krijgt 12 uur per week hulp, en 40 uur lang niets."]);
}

#[test]
fn an_address_needs_no_street_in_its_name() {
    gone(&[
        ("woont Boompjes nr 31 boven de winkel", &["boompjes", "31"]),
        ("ingeschreven op Schoutstede 36 zw", &["schoutstede", "36"]),
        ("bij zijn zus aan de Heuvel 281hs", &["heuvel", "281"]),
        ("bij zijn zus aan de Weg naar Rhijnauwen 166hs", &["rhijnauwen", "166"]),
        ("de bovenburen (Marktpl. 143) klagen", &["marktpl", "143"]),
        ("bezoek aan Wim Sonneveldhof76", &["76"]),
        ("woont op Klaverveld 216bis", &["klaverveld", "216"]),
        ("8848  me Vught", &["8848"]),
    ]);
    gone_as_written(&[("verhuisd naar Capelle a/d IJssel", &["capelle", "ijssel"])]);
    stay(&["Zij zit in groep 6, punt nr 3, en wacht al 12 weken."]);
}

#[test]
fn an_address_on_the_network_may_be_typed_with_slips() {
    gone(&[
        ("mail vanduc+werk @ home.nl", &["vanduc", "werk", "home"]),
        ("mail pietje_puk @hotmail.com", &["pietje", "puk", "hotmail"]),
        ("mail j.devries@ziggo . nl", &["devries", "ziggo"]),
        ("mail fatima.elidrissi [at] gmail.com", &["fatima", "idrissi", "gmail"]),
        ("mail sara(punt)ali(at)outlook(punt)com", &["sara", "ali", "outlook"]),
        ("insta @jayden_x030", &["jayden", "030"]),
    ]);
    stay(&["Zie werkafspraak-loket@4 voor het vervolg."]);
}

#[test]
fn a_number_is_one_whatever_it_numbers() {
    gone(&[
        ("zaakid 2022_519568 en zaakid 157.6711/24", &["519568", "6711"]),
        ("aanvraagnr. Z-HZ_WMO-2022-0804", &["0804"]),
        ("suite-nr 884120, mutatienr 20240877", &["884120", "0877"]),
        ("kenteken 12 zbg 7 en ab 12 cd", &["zbg", "12 cd"]),
    ]);
}

#[test]
fn houses_and_employers_are_told_by_where_somebody_is() {
    gone(&[
        (
            "Medicatie via Sterk Huis, zit op Leger des Heils.",
            &["sterk", "heils", "leger"],
        ),
        (
            "Huurt van Woonpunt, schulden bij Vattenfall.",
            &["woonpunt", "vattenfall"],
        ),
        ("Zoon zit op basisschool De Regenboog.", &["regenboog"]),
        ("Moskee El Fath helpt, stichting Present ook.", &["fath", "present"]),
        ("Werkt bij Veilig Thuis Midden.", &["midden"]),
        ("Bewindvoerder van Buurtzorg team Noord.", &["buurtzorg", "noord"]),
        ("Behandeld bij GGZ Drenthe.", &["drenthe"]),
        ("De hulp komt van Lister.", &["lister"]),
        ("Zij verblijft in verpleeghuis Avondrust.", &["avondrust"]),
    ]);
    gone_as_written(&[
        ("School (Jumbo Overvecht) meldt verzuim.", &["jumbo", "overvecht"]),
        ("Zit op Lijn5 en eerder op X11.", &["lijn5", "x11"]),
    ]);
    stay(&["Veilig Thuis en de GGD denken mee."]);
}

#[test]
fn names_that_are_words_are_told_by_their_place() {
    gone(&[
        ("Contactpersoon: Ster Maandag (zus)", &["ster maandag"]),
        ("moeder (Kers Zomer-Verkaik) belt", &["kers", "verkaik"]),
        ("volgens buurvrouw Goedhart is het onrustig", &["goedhart"]),
        ("voetballer Storm Bakker tekende", &["storm", "bakker"]),
        (
            "dhr. P. F. Maandag en mw. v/d Sluijs Veer",
            &["maandag", "sluijs", "veer"],
        ),
        ("zoon Vlinder is thuis", &["vlinder"]),
    ]);
    gone_as_written(&[
        ("Ster wil graag weer naar school.", &["ster"]),
        ("Lente en Storm verblijven bij pleegouders.", &["lente", "storm"]),
        ("Ama & Quinty willen samen wonen.", &["ama", "quinty"]),
        ("- Wei, 9 jr", &["wei"]),
    ]);
}

#[test]
fn who_somebody_is_to_somebody_is_no_name() {
    assert_eq!(
        masked("Een weduwe in Hoogeveen wacht."),
        "Een weduwe in [plaats] wacht."
    );
    assert_eq!(masked("Zij spreekt namens anderen."), "Zij spreekt namens anderen.");
    let screened = screen_text("een man van 43", &Known::default(), &Policy::default());
    assert_eq!(screened.spans.first().map(|span| span.what), Some(SpanType::Age));
}

#[test]
fn what_may_be_a_name_does_not_pass() {
    for text in [
        "Koning won de finale.",
        "mw el h. belde",
        "De Algemene Rekenkamer is kritisch.",
        "gesprek stond voor 14.00 gepland",
    ] {
        let screened = screen_text(text, &Known::default(), &Policy::default());
        assert_ne!(screened.verdict(), Verdict::Pass, "{text}");
    }
    let plain = screen_text(
        "De aanvraag ligt al weken bij het loket.",
        &Known::default(),
        &Policy::default(),
    );
    assert_eq!(plain.verdict(), Verdict::Pass);
}

#[test]
fn registers_write_the_surname_first() {
    gone(&[
        ("Sikkema, D - aanvraag hulp", &["sikkema", ", d"]),
        ("Huang, Y T G - aanvraag hulp", &["huang", "y t g"]),
        ("Storm, I C - aanvraag hulp", &["storm", "i c"]),
        ("Lange, B de - aanvraag hulp", &["lange", "b de"]),
        ("Dijk-ter Beek, M.M. van - aanvraag hulp", &["dijk", "beek", "m.m."]),
        ("gesprek met K F C Agyemang", &["k f c", "agyemang"]),
    ]);
    gone_as_written(&[("Wit, Sterre / Vondelstraat 1", &["wit", "sterre"])]);
}

#[test]
fn a_slip_of_the_pen_is_one_of_the_hand() {
    gone(&[("Slaapt bij zijn broer Filmon.", &["filmon"])]);
    stay(&["de gemente wil een gesprk over de aanvrag"]);
}
