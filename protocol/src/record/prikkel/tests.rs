//! A condition holds of what it names and of nothing else.

use serde_json::{Value as Json, json};

use super::*;
use crate::record::{Intake, read_json};

fn draft(changed: Json) -> Merged {
    let mut typed = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": ["wonen", "schulden"],
        "regeling": ["wmo-2015"], "laag": "uitvoering", "overdracht": true, "tekst": "Geen briefadres zonder inschrijving."});
    for (name, value) in changed.as_object().unwrap() {
        typed[name] = value.clone();
    }
    typed.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: "2026-W07".parse().unwrap(),
        kind: None,
    };
    Merged::local("s-1", &read_json(&typed, &intake).unwrap())
}

fn holds_of(als: &str, record: &Merged, teams: usize) -> bool {
    let says = |words: &str| {
        words
            .split(' ')
            .all(|word| ["briefadres", "inschrijving"].contains(&word))
    };
    let moment = Moment {
        record,
        says: &says,
        teams: &|| teams,
    };
    Condition::read(als).unwrap().holds(&moment)
}

#[test]
fn what_is_named_must_hold_all_of_it_and_of_each_one_value() {
    let record = draft(json!({}));
    for als in [
        "altijd",
        "thema=wonen",
        "thema=jeugd,wonen",
        "thema=jeugd of wonen",
        "Thema = Wonen",
        "thema=wonen en regeling=wmo-2015",
        "thema=wonen; regeling=wmo-2015",
        "soort=signaal",
        "soort=knelpunt,signaal",
        "aard=knelpunt en laag=uitvoering",
        "overdracht=ja",
        "woorden=briefadres",
        "woorden=postadres, briefadres inschrijving",
        "thema=wonen en overdracht=ja en woorden=briefadres en teams>=2",
    ] {
        assert!(holds_of(als, &record, 2), "{als}");
    }
    for als in [
        "thema=jeugd",
        "thema=wonen en regeling=jeugdwet",
        "soort=knelpunt",
        "overdracht=nee",
        "woorden=briefadres loket",
        "teams>=3",
    ] {
        assert!(!holds_of(als, &record, 2), "{als}");
    }
    let silent = draft(json!({"overdracht": null}));
    assert!(!holds_of("overdracht=ja", &silent, 0) && holds_of("overdracht=nee", &silent, 0));
}

#[test]
fn the_same_knelpunt_at_two_teams_is_said_in_words_too() {
    let record = draft(json!({}));
    for als in [
        "zelfde knelpunt bij >=2 teams binnen 13 weken",
        "zelfde knelpunt bij ≥2 teams binnen 13 weken",
        "teams >= 2",
        "teams≥2",
    ] {
        assert!(holds_of(als, &record, 2), "{als}");
        assert!(!holds_of(als, &record, 1), "{als}");
    }
    let other = Condition::read("zelfde knelpunt bij >=2 teams binnen 26 weken");
    assert!(matches!(other, Err(ConditionError::Form { .. })), "that is not D0");
}

#[test]
fn a_tip_that_names_no_kind_is_about_signals() {
    let knelpunt = draft(
        json!({"soort": "knelpunt", "aard": null, "laag": null, "overdracht": null, "tekst": null,
        "regeling": null, "titel": "Twee loketten", "soort_knelpunt": "werkproces"}),
    );
    assert!(!holds_of("altijd", &knelpunt, 0) && !holds_of("thema=wonen", &knelpunt, 0));
    assert!(holds_of("soort=knelpunt en soort_knelpunt=werkproces", &knelpunt, 0));
}

#[test]
fn what_cannot_be_read_says_what_is_wrong() {
    let wrong = |als: &str| Condition::read(als).unwrap_err().message().nl;
    assert_eq!(wrong(" "), "er staat geen voorwaarde");
    assert_eq!(wrong("thema=wonne"), "thema heeft geen waarde \"wonne\"");
    assert_eq!(wrong("team=noord"), "naar \"team\" kan niet gevraagd worden");
    assert_eq!(
        wrong("overdracht=misschien"),
        "overdracht heeft geen waarde \"misschien\""
    );
    assert_eq!(wrong("soort=mens"), "soort heeft geen waarde \"mens\"");
    for als in [
        "als het regent",
        "thema=",
        "woorden=licht en geluid",
        "teams>=0",
        "teams>=veel",
        "laag>=2",
        "altijd en altijd",
    ] {
        assert!(
            matches!(Condition::read(als), Err(ConditionError::Form { .. })),
            "{als}"
        );
    }
    assert_eq!(
        Condition::read(&"thema=wonen en ".repeat(13)),
        Err(ConditionError::Many)
    );
}
