//! What the practice federation is fed: the example records, a registration of signals, or synthetic records.
//!
//! **Invariant:** everything here is fictitious and says so (`fictief`).

pub(super) mod lus;

use std::collections::BTreeMap;

use protocol::id::Gemeente;
use serde_json::{Map, Value, json};

use crate::gemeenten;

/// Twenty example records of four gemeenten that do not exist.
const EXAMPLES: &str = include_str!("../../demo/voorbeeldrecords.json");
/// A registration of signals, as a team keeps it in a spreadsheet.
pub(super) const REGISTRATION: &str = include_str!("../../demo/signalen.csv");
/// The gemeente that takes the registration in: fictitious, like the four of the examples.
const FIFTH: (&str, &str) = ("GM9905", "Wilgenoord");

/// A gemeente of the practice federation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Founder {
    /// Its code.
    pub(super) code: Gemeente,
    /// Its name.
    pub(super) name: String,
}

/// The four gemeenten of the examples, and a fifth.
pub(super) fn founders() -> Vec<Founder> {
    let document: Value = serde_json::from_str(EXAMPLES).expect("the example records are JSON");
    let listed = document["gemeenten"].as_array().into_iter().flatten();
    let mut founders: Vec<Founder> = listed
        .filter_map(|gemeente| founder(gemeente["code"].as_str()?, gemeente["naam"].as_str()?))
        .collect();
    founders.extend(founder(FIFTH.0, FIFTH.1));
    founders
}

/// The first gemeenten of the national list.
pub(super) fn first_gemeenten(count: usize) -> Vec<Founder> {
    gemeenten::all()
        .take(count)
        .filter_map(|(code, name)| founder(code, name))
        .collect()
}

fn founder(code: &str, name: &str) -> Option<Founder> {
    Some(Founder {
        code: code.parse().ok()?,
        name: name.to_owned(),
    })
}

/// The example records, in the order of the file.
pub(super) fn examples() -> Vec<Value> {
    let document: Value = serde_json::from_str(EXAMPLES).expect("the example records are JSON");
    document["records"].as_array().cloned().unwrap_or_default()
}

/// A text of a field, or nothing.
pub(super) fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}

/// A record as its own gemeente would write it down: links to records of others by their network id, which it finds
/// in its own node; those it cannot find yet are left out, and the answer says so.
pub(super) fn localise(
    record: &Value,
    owners: &BTreeMap<String, String>,
    shared: &BTreeMap<String, String>,
) -> (Value, bool) {
    let own = text(record, "eigenaar");
    let mut missing = false;
    let mut resolve = |id: &str| match owners.get(id) {
        Some(owner) if owner != own => {
            let found = shared.get(id).cloned();
            missing |= found.is_none();
            found
        }
        _ => Some(id.to_owned()),
    };
    let mut object = Map::new();
    for (name, value) in record.as_object().into_iter().flatten() {
        // `staat` follows from what happened; the examples state it as a check.
        if name != "staat"
            && let Some(value) = if name == "id" {
                Some(value.clone())
            } else {
                substitute(value, &mut resolve)
            }
        {
            object.insert(name.clone(), value);
        }
    }
    (Value::Object(object), missing)
}

fn substitute(value: &Value, resolve: &mut impl FnMut(&str) -> Option<String>) -> Option<Value> {
    match value {
        Value::String(text) => resolve(text).map(Value::String),
        Value::Array(items) => Some(items.iter().filter_map(|item| substitute(item, resolve)).collect()),
        Value::Object(object) => {
            let kept = object
                .iter()
                .filter_map(|(name, item)| Some((name.clone(), substitute(item, resolve)?)));
            Some(Value::Object(kept.collect()))
        }
        other => Some(other.clone()),
    }
}

/// Which gemeente owns which example record.
pub(super) fn owners(records: &[Value]) -> BTreeMap<String, String> {
    records
        .iter()
        .map(|record| (text(record, "id").to_owned(), text(record, "eigenaar").to_owned()))
        .collect()
}

/// A knelpunt that the first gemeente founds for all.
pub(super) fn founding_knelpunt() -> Value {
    json!({
        "schema": "leerkring/0", "id": "oefenknelpunt", "soort": "knelpunt", "week": "2025-W10", "fictief": true,
        "zichtbaarheid": "netwerk", "titel": "Twee loketten wachten op elkaar", "thema": ["toegang"],
        "soort_knelpunt": "werkproces", "teams": "2",
    })
}

/// A signal that somebody types while another gemeente is away.
pub(super) fn late_signal(id: &str, knelpunt: &str) -> Value {
    json!({
        "schema": "leerkring/0", "id": id, "soort": "signaal", "week": "2025-W16", "fictief": true, "aard": "knelpunt",
        "zichtbaarheid": "netwerk", "thema": ["wonen"], "laag": "uitvoering", "belemmering": "doen", "overdracht": true,
        "team": "t-40", "knelpunt": knelpunt,
        "tekst": "Het loket wacht op een adres dat pas komt als het inkomen vaststaat; zelfde vastloper als bij een ander.",
    })
}

/// A gemeente's own contribution to a knelpunt that another founded.
pub(super) fn contribution(id: &str, knelpunt: &str, signal: &str, theme: &str) -> Value {
    json!({
        "schema": "leerkring/0", "id": id, "soort": "knelpunt", "week": "2025-W16", "fictief": true,
        "zichtbaarheid": "netwerk", "bijdrage_aan": knelpunt,
        "titel": "Geen adres zonder inkomen, geen inkomen zonder adres", "thema": [theme],
        "soort_knelpunt": "werkproces", "signalen": [signal], "teams": "1",
    })
}

/// What a gemeente says to join a kring that another founded, in the week the example names.
pub(super) fn joining(kring: &Value, id: &str) -> Value {
    json!({
        "schema": "leerkring/0", "id": format!("{}-lid", text(kring, "id")), "soort": "kring", "bijdrage_aan": id,
        "week": kring["week"], "fictief": true, "zichtbaarheid": "netwerk",
    })
}

/// Synthetic records of one gemeente, the same for the same numbers.
pub(super) fn synthetic(gemeente: Gemeente, count: usize) -> Vec<Value> {
    (0..count).map(|number| synthetic_signal(gemeente, number)).collect()
}

const THEMES: [&str; 6] = [
    "wonen",
    "schulden",
    "jeugd",
    "bestaanszekerheid",
    "toegang",
    "participatie",
];
const LAYERS: [&str; 4] = ["uitvoering", "backoffice", "beleid", "partner"];
const WHAT: [&str; 5] = [
    "de aanvraag wacht op een besluit van een ander loket",
    "dezelfde gegevens worden twee keer gevraagd",
    "de regeling eindigt voordat de volgende begint",
    "niemand weet wie over de uitzondering gaat",
    "de termijn in de werkafspraak is langer dan die in de regeling",
];

fn synthetic_signal(gemeente: Gemeente, number: usize) -> Value {
    let mix = number
        .wrapping_mul(7)
        .wrapping_add(usize::from(gemeente.number()).wrapping_mul(13));
    let pick = |from: &[&'static str], step: usize| from[mix / step % from.len()];
    let week = format!("2025-W{:02}", 1 + mix % 52);
    json!({
        "schema": "leerkring/0", "id": format!("oefensignaal-{number:06}"), "soort": "signaal", "week": week,
        "fictief": true, "aard": "knelpunt", "zichtbaarheid": "netwerk", "thema": [pick(&THEMES, 1)],
        "laag": pick(&LAYERS, 3), "belemmering": "doen", "overdracht": mix.is_multiple_of(2), "team": "t-01",
        "tekst": format!("Oefenrecord nummer {number}: {}.", pick(&WHAT, 5)),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Local ids that stand twice would overwrite each other.
    fn distinct_ids(records: &[Value]) -> bool {
        let ids: BTreeSet<&str> = records.iter().map(|record| text(record, "id")).collect();
        ids.len() == records.len()
    }

    #[test]
    fn the_practice_federation_has_five_gemeenten_that_do_not_exist() {
        let founders = founders();
        assert_eq!(founders.len(), 5);
        assert!(founders.iter().all(|founder| founder.code.number() >= 9900));
    }

    #[test]
    fn a_link_to_another_gemeente_becomes_its_network_id() {
        let records = examples();
        let owners = owners(&records);
        assert!(distinct_ids(&records));
        let les = records.iter().find(|record| text(record, "id") == "les-01").unwrap();
        let (before, missing) = localise(les, &owners, &BTreeMap::new());
        assert_eq!((before["uit"].clone(), missing), (json!(["experiment-01"]), true));
        let shared = BTreeMap::from([("experiment-02".to_owned(), "0".repeat(32))]);
        let (after, missing) = localise(les, &owners, &shared);
        assert_eq!(
            (after["uit"].clone(), missing),
            (json!(["experiment-01", "0".repeat(32)]), false)
        );
        assert!(after.get("staat").is_none());
    }

    #[test]
    fn synthetic_records_are_practice_and_differ() {
        let records = synthetic(Gemeente::new(14).unwrap(), 500);
        assert!(distinct_ids(&records) && records.iter().all(|record| record["fictief"] == json!(true)));
    }
}
