//! What a text says together: an age, a place, a household, an illness. Each alone is common; together they are one person.
//!
//! It proposes and masks nothing: what is less exact and still useful only a person can say. It adds to texts in which an age
//! or a place was found, so it keeps nothing from passing that would have passed.

use std::collections::BTreeSet;

use super::span::SpanType;
use super::text::{Place, Plain};
use crate::api::Lang;

/// The rule of an age that stands with something else.
const AGE: &str = "combinatie-leeftijd";
const PLACE: &str = "combinatie-plaats";
const HOUSEHOLD: &str = "combinatie-huishouden";
const ILLNESS: &str = "combinatie-ziekte";

/// Where each band of ages begins.
const BANDS: [u16; 12] = [0, 4, 12, 18, 30, 40, 50, 60, 70, 80, 90, 200];

const PLACES: [&str; 8] = [
    "buurt", "wijk", "dorp", "flat", "gehucht", "straat", "portiek", "complex",
];
const HOUSEHOLDS: [&str; 24] = [
    "alleenstaand",
    "alleenstaande",
    "eenoudergezin",
    "gezin",
    "kinderen",
    "kleinkinderen",
    "tweeling",
    "drieling",
    "weduwe",
    "weduwnaar",
    "gescheiden",
    "zwanger",
    "zwangere",
    "pleegkind",
    "pleegkinderen",
    "stiefvader",
    "stiefmoeder",
    "samengesteld",
    "inwonend",
    "inwonende",
    "mantelzorger",
    "wees",
    "partner",
    "echtgenoot",
];
const ILLNESSES: [&str; 32] = [
    "kanker",
    "borstkanker",
    "longkanker",
    "leukemie",
    "dementie",
    "dement",
    "dementerend",
    "alzheimer",
    "parkinson",
    "huntington",
    "epilepsie",
    "schizofrenie",
    "psychose",
    "psychotisch",
    "borderline",
    "bipolair",
    "autisme",
    "autistisch",
    "diabetes",
    "reuma",
    "hiv",
    "aids",
    "ms",
    "copd",
    "hersenletsel",
    "beroerte",
    "verslaafd",
    "verslaving",
    "anorexia",
    "syndroom",
    "dwarslaesie",
    "blind",
];

/// Adds what stands together, in order of place.
pub(super) fn add(text: &Plain, mut places: Vec<Place>) -> Vec<Place> {
    let found: BTreeSet<_> = places.iter().filter_map(|place| of(place.what)).collect();
    if found.is_empty() {
        return places;
    }
    let cues = cues(text);
    let together: BTreeSet<_> = cues.iter().map(|place| place.rule).chain(found).collect();
    if together.len() < 2 {
        return places;
    }
    for place in places.iter_mut().filter(|place| place.what == SpanType::Age) {
        place.rule = AGE;
    }
    // Places stand in order and apart, so that only the first that ends behind the begin of a cue can overlap it.
    let free = |cue: &Place| {
        let behind = places.partition_point(|place| place.end <= cue.start);
        places.get(behind).is_none_or(|place| cue.end <= place.start)
    };
    let cues: Vec<_> = cues.into_iter().filter(free).collect();
    places.extend(cues);
    places.sort_by_key(|place| place.start);
    places
}

/// Whether a finding of this rule stands with others.
pub(super) fn is_of(rule: &str) -> bool {
    [AGE, PLACE, HOUSEHOLD, ILLNESS].contains(&rule)
}

/// What a scanner found that counts here.
fn of(what: SpanType) -> Option<&'static str> {
    match what {
        SpanType::Age | SpanType::OldAge => Some(AGE),
        SpanType::Place | SpanType::Address | SpanType::Postcode => Some(PLACE),
        _ => None,
    }
}

/// Words that say something of a place, a household or an illness. What is masked is no word any more.
fn cues(text: &Plain) -> Vec<Place> {
    let mut cues = Vec::new();
    let mut at = 0;
    while at < text.low().len() {
        let end = text.long_run_end(at, char::is_alphabetic);
        if end > at {
            let word = text.slice(at, end);
            let lists: [(&[&str], &'static str); 3] =
                [(&PLACES, PLACE), (&HOUSEHOLDS, HOUSEHOLD), (&ILLNESSES, ILLNESS)];
            let rule = lists.iter().find(|(words, _)| words.contains(&word.as_str()));
            cues.extend(rule.map(|(_, rule)| Place {
                start: at,
                end,
                what: SpanType::Combined,
                rule,
            }));
        }
        at = end.max(at + 1);
    }
    cues
}

/// The first year of the band that an age stands for.
pub(super) fn band(what: SpanType, rule: &str, shown: &[char]) -> Option<u16> {
    let digits: String = shown.iter().filter(|c| c.is_ascii_digit()).collect();
    let age: u16 = digits.parse().ok().filter(|_| what == SpanType::Age && rule == AGE)?;
    BANDS.iter().copied().filter(|from| *from <= age).max()
}

/// What to write instead, for a finding of these rules.
pub(super) fn proposal(rule: &str, band: Option<u16>, lang: Lang) -> Option<String> {
    Some(match rule {
        AGE => {
            let until = BANDS.iter().find(|from| band.is_some_and(|band| **from > band));
            match (band, until) {
                (Some(from), Some(until)) => {
                    let until = until - 1;
                    lang.pick(
                        format!("staat bij andere kenmerken; schrijf liever {from}-{until} jaar"),
                        format!("stands with other characteristics; better write {from}-{until} years"),
                    )
                }
                _ => lang.pick(
                    "staat bij andere kenmerken; schrijf liever een leeftijdsgroep".to_owned(),
                    "stands with other characteristics; better write an age group".to_owned(),
                ),
            }
        }
        PLACE => lang.pick(
            "staat bij andere kenmerken; schrijf liever de gemeente dan de buurt".to_owned(),
            "stands with other characteristics; better write the gemeente than the neighbourhood".to_owned(),
        ),
        HOUSEHOLD => lang.pick(
            "zegt iets over het huishouden, naast andere kenmerken; schrijf het ruimer".to_owned(),
            "says something of the household, beside other characteristics; write it more widely".to_owned(),
        ),
        ILLNESS => lang.pick(
            "noemt een ziekte of toestand, naast andere kenmerken; schrijf het ruimer".to_owned(),
            "names an illness or condition, beside other characteristics; write it more widely".to_owned(),
        ),
        _ => return None,
    })
}
