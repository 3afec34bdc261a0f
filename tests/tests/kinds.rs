//! The example records of nine kinds, each typed at its own gemeente: through intake, gate and network to another node, where
//! they mean the same and are in the state that the examples state for themselves.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::ConceptState;
use protocol::id::Week;
use protocol::record::schema::{Field, Type, fields};
use protocol::record::{Kind, List};
use serde_json::{Map, Value, json};
use tests::harness::{Api, Federation, Scratch, records, wait};

const EXAMPLES: &str = include_str!("../../cli/demo/voorbeeldrecords.json");
const MEMBERS: [(&str, &str); 4] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Velderbeek"),
    ("GM9904", "Oosterlaar"),
];

fn peilweek() -> Week {
    "2025-W52".parse().expect("it is a week")
}

/// The examples of the kinds that this version reads, in the order of the file.
fn examples() -> Vec<Value> {
    let file: Value = serde_json::from_str(EXAMPLES).expect("the examples are JSON");
    let records = file["records"].as_array().expect("a list of records").clone();
    let known = |record: &Value| Kind::from_name(record["soort"].as_str().expect("a kind")).is_some();
    records.into_iter().filter(known).collect()
}

fn text<'a>(record: &'a Value, field: &str) -> &'a str {
    record[field].as_str().unwrap_or_default()
}

/// Every text of the record that is an example's id, as `other` has it; without what `other` has none for.
fn renamed(value: &Value, other: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    Some(match value {
        Value::String(text) => Value::String(other(text)?),
        Value::Array(items) => items.iter().filter_map(|item| renamed(item, other)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.filter_map(|(name, value)| Some((name.clone(), renamed(value, other)?)));
            Value::Object(fields.collect())
        }
        other => other.clone(),
    })
}

/// Where everybody is, and what each example became.
struct Shared {
    federation: Federation,
    records: BTreeMap<String, String>,
}

impl Shared {
    fn api(&self, code: &str) -> Api {
        let at = MEMBERS.iter().position(|(member, _)| *member == code);
        self.federation.nodes[at.expect("a member")].api()
    }

    /// Types a record at its owner, with what other gemeenten wrote under the id it has in the network by now.
    fn share(&mut self, example: &Value, owners: &BTreeMap<String, String>) {
        let own = text(example, "eigenaar").to_owned();
        let other = |id: &str| match owners.get(id) {
            Some(owner) if *owner != own => self.records.get(id).cloned(),
            _ => Some(id.to_owned()),
        };
        let mut typed = renamed(example, &other).expect("a record stays");
        typed["id"] = example["id"].clone();
        self.share_typed(&own, typed);
    }

    fn share_typed(&mut self, code: &str, typed: Value) {
        let id = text(&typed, "id").to_owned();
        let approved = self
            .api(code)
            .share(std::slice::from_ref(&typed))
            .expect("a node answers");
        let [approval] = &approved[..] else {
            panic!("{id} is not taken in: {:?}", self.api(code).take_in(&[typed]))
        };
        assert_eq!(approval.staat, ConceptState::Gedeeld, "{approval:?}");
        let record = approval.record.expect("what is shared has an id").to_string();
        self.records.insert(id, record);
    }

    /// What a node shows of the example with this id.
    fn shown(&self, at: usize, id: &str) -> Value {
        let node = &self.federation.nodes[at];
        let printed = node.run(["show", &self.records[id], "--peilweek", "2025-W52", "--json"]);
        serde_json::from_str(&printed.succeeded()).expect("a record is JSON")
    }
}

fn shared() -> Shared {
    let mut shared = Shared {
        federation: Federation::start(&MEMBERS),
        records: BTreeMap::new(),
    };
    let examples = examples();
    let owners: BTreeMap<String, String> = examples
        .iter()
        .map(|record| (text(record, "id").to_owned(), text(record, "eigenaar").to_owned()))
        .collect();
    // The second time the links go along to what others had not shared yet.
    for _ in 0..2 {
        examples.iter().for_each(|example| shared.share(example, &owners));
    }
    let kring = shared.records["kring-01"].clone();
    for (code, _) in &MEMBERS[1..] {
        let joins = json!({"id": "lid", "soort": "kring", "bijdrage_aan": kring, "week": "2025-W02", "fictief": true});
        shared.share_typed(code, joins);
    }
    shared.records.remove("lid");
    wait::until("everything at every node", || {
        let lists = MEMBERS.map(|(code, _)| shared.api(code).list(peilweek()).ok());
        let all = lists[0].as_ref().is_some_and(|list| list.len() == examples.len());
        let joined = || {
            (0..MEMBERS.len()).all(|at| shared.shown(at, "kring-01")["bijdragen"].as_array().map(Vec::len) == Some(4))
        };
        (all && lists.iter().all(|list| *list == lists[0]) && joined()).then_some(())
    });
    shared
}

/// What a field says, whatever the order of a set and however an id is written.
fn meaning(value: &Value, names: &BTreeMap<String, String>) -> Value {
    match renamed(value, &|text| {
        Some(names.get(text).cloned().unwrap_or_else(|| text.to_owned()))
    }) {
        Some(Value::Array(mut items)) if items.iter().all(Value::is_string) => {
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Some(Value::Object(fields)) => {
            let filled = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(filled.collect::<Map<_, _>>())
        }
        value => value.unwrap_or(Value::Null),
    }
}

#[test]
fn every_example_of_nine_kinds_means_the_same_at_another_node() {
    let shared = shared();
    let names: BTreeMap<String, String> = shared
        .records
        .iter()
        .map(|(id, record)| (record.clone(), id.clone()))
        .collect();
    let (mut kinds, mut others) = (BTreeSet::new(), BTreeSet::new());
    for example in examples() {
        let (id, own) = (text(&example, "id"), text(&example, "eigenaar"));
        kinds.insert(text(&example, "soort").to_owned());
        for at in (0..MEMBERS.len()).filter(|at| MEMBERS[*at].0 != own) {
            let shown = shared.shown(at, id);
            assert!(
                shown.get("team").is_none() && !shown.to_string().contains("\"t-"),
                "{shown}"
            );
            for (name, typed) in example.as_object().expect("a record") {
                // A kader is of a kind that comes later: the link waits at home until it can be shared.
                let stays = ["team", "kader"].contains(&name.as_str()) || text(&example, name).starts_with("kader-");
                let nothing = meaning(typed, &names) == json!([]) || typed.is_null();
                let arrived = meaning(&shown[name], &names);
                if !stays && !nothing && arrived != meaning(typed, &names) {
                    others.insert(format!("{name} of {id}: {arrived}"));
                }
            }
        }
    }
    assert_eq!(others, BTreeSet::new());
    assert_eq!(kinds, Kind::ALL.map(|kind| kind.name().to_owned()).into());
}

/// Waits until the second node shows this of a record.
#[track_caller]
fn becomes(shared: &Shared, id: &str, field: &str, value: &Value) {
    wait::until(field, || {
        let node = &shared.federation.nodes[1];
        let printed = node.run(["show", &shared.records[id], "--peilweek", "2025-W52", "--json"]);
        let shown: Value = serde_json::from_str(&printed.stdout).ok()?;
        (shown[field] == *value).then_some(())
    });
}

#[test]
fn another_node_sees_what_was_withdrawn_and_what_changed_after_it_was_frozen() {
    let mut shared = Shared {
        federation: Federation::start(&MEMBERS[..2]),
        records: BTreeMap::new(),
    };
    let knelpunt = json!({"id": "k", "soort": "knelpunt", "week": "2025-W05", "fictief": true, "titel": "Wie doet wat",
        "thema": ["wonen"], "soort_knelpunt": "regel", "teams": "2"});
    let experiment = json!({"id": "e", "soort": "experiment", "week": "2025-W50", "fictief": true, "titel": "Eerst bellen",
        "vorm": "pilot", "hypothese": "Wie eerst belt, wacht korter.", "maat": "wachttijd", "opzet": "C_voor_na",
        "start": "2026-W02", "gepland_einde": "2026-W20", "vastgelegd": "2025-W51",
        "gevarieerd": {"variabele_code": "bellen", "variabele": "eerst bellen", "van": "niet", "naar": "wel"}});
    shared.share_typed("GM9901", knelpunt);
    shared.share_typed("GM9901", experiment.clone());
    // Frozen and changed before anybody else saw it.
    let mut early = experiment.clone();
    early["id"] = "f".into();
    shared.api("GM9901").take_in(&[early.clone()]).expect("a node answers");
    early["hypothese"] = "Wie eerst belt, belt later minder.".into();
    shared.share_typed("GM9901", early);
    let target = shared.records["k"].clone();
    let signal = json!({"id": "s", "soort": "signaal", "week": "2025-W06", "fictief": true, "aard": "knelpunt",
        "thema": ["wonen"], "laag": "uitvoering", "tekst": "Het loket wacht op het loket.", "knelpunt": target});
    shared.share_typed("GM9902", signal);
    becomes(&shared, "s", "staat", &"gekoppeld".into());
    becomes(&shared, "e", "staat", &"vastgelegd".into());
    becomes(&shared, "f", "gewijzigd_na_vastlegging", &true.into());

    shared.federation.nodes[0].run(["withdraw", &target]).succeeded();
    becomes(&shared, "s", "verwijzingen", &json!({ target: "ingetrokken" }));
    becomes(&shared, "s", "staat", &"gemeld".into());

    let mut changed = experiment;
    changed["hypothese"] = "Wie eerst belt, is sneller tevreden.".into();
    shared.share_typed("GM9901", changed);
    becomes(&shared, "e", "gewijzigd_na_vastlegging", &true.into());
    becomes(&shared, "e", "staat", &"opgezet".into());
}

/// Words that the gate knows, some of two bytes and more a letter, up to exactly so many characters.
fn long_text(chars: usize) -> String {
    let words = "één café 😀 wacht op het loket, ";
    let text: String = words.chars().cycle().take(chars.saturating_sub(1)).collect();
    text.trim_end()
        .chars()
        .chain(std::iter::repeat('.'))
        .take(chars)
        .collect()
}

/// What excludes another field, would make the record about itself, or is of a kind that comes later.
const EXCLUDED: [&str; 7] = [
    "samengevoegd_met",
    "vervangt",
    "herhaalt",
    "onderdrukt",
    "casus",
    "lidmaatschap",
    "kader",
];

/// The most that a field holds, with links to these records.
fn most(field: &Field, links: &BTreeMap<Kind, Vec<String>>) -> Option<Value> {
    let codes = |list: List| list.words().iter().map(|word| word.code);
    let row = |columns: &'static [Field]| {
        let filled = columns
            .iter()
            .filter(|column| !EXCLUDED.contains(&column.name))
            .filter_map(|column| Some((column.name.to_owned(), most(column, links)?)));
        Value::Object(filled.collect())
    };
    Some(match field.what {
        // A tip has a form of its own.
        Type::Text { .. } if field.name == "als" => "thema=wonen".into(),
        Type::Text { chars_max } => long_text(chars_max).into(),
        Type::Texts { items_max, chars_max } => vec![long_text(chars_max); items_max].into(),
        Type::Code(List::Open) => "wachttijd_en_wachttijd_en_wachttijd_en_w".into(),
        Type::Code(list) => codes(list).next()?.into(),
        Type::Codes { list, max, .. } => codes(list).take(max).collect(),
        Type::Flag => true.into(),
        Type::Number { max, .. } => max.into(),
        Type::Hundredths { max, .. } => json!(max as f64 / 100.0),
        // It is frozen before it starts.
        Type::Week if field.name == "vastgelegd" => "2020-W52".into(),
        Type::Week => "2020-W53".into(),
        Type::Quarter => "2020-Q4".into(),
        Type::Link(to) => links
            .iter()
            .find(|(kind, _)| to.is_empty() || to.contains(&kind.name()))?
            .1[0]
            .clone()
            .into(),
        Type::Links { max, .. } => links[&Kind::Signaal].iter().take(max).cloned().collect(),
        Type::Row(columns) => row(columns),
        Type::Rows { columns, max, .. } => {
            let mut rows = vec![row(columns); max];
            if field.name == "afspraken" {
                for (at, row) in rows.iter_mut().enumerate() {
                    row["nr"] = (at + 1).into();
                }
            }
            rows.into()
        }
        Type::Counts { list, max } => codes(list).map(|code| (code.to_owned(), json!(max))).collect(),
    })
}

/// A record of a kind in which every field that goes together is full.
fn fullest(kind: Kind, links: &BTreeMap<Kind, Vec<String>>) -> Value {
    let mut record = json!({"id": kind.name(), "soort": kind.name(), "week": "2020-W53", "fictief": true});
    for field in fields(kind).iter().filter(|field| !EXCLUDED.contains(&field.name)) {
        if let Some(value) = most(field, links) {
            record[field.name] = value;
        }
    }
    if kind == Kind::Sessie {
        // Not everything can be full at once: the limit of the record as a whole holds too.
        record["besproken"]
            .as_array_mut()
            .expect("a list of links")
            .truncate(60);
        record["afspraken"].as_array_mut().expect("a list of rows").truncate(40);
    }
    record
}

/// Whether what is shown has all that was typed, but for who does an afspraak: that stays at home.
fn holds(shown: &Value, typed: &Value) -> bool {
    match (shown, typed) {
        (Value::Object(shown), Value::Object(typed)) => typed
            .iter()
            .filter(|(name, _)| *name != "actiehouder")
            .all(|(name, typed)| shown.get(name).is_some_and(|shown| holds(shown, typed))),
        (Value::Array(shown), Value::Array(typed)) if typed.iter().any(Value::is_object) => {
            shown.len() == typed.len() && shown.iter().zip(typed).all(|(shown, typed)| holds(shown, typed))
        }
        _ => meaning(shown, &BTreeMap::new()) == meaning(typed, &BTreeMap::new()),
    }
}

#[test]
fn a_record_with_every_field_at_its_limit_comes_through_whole() {
    let mut shared = Shared {
        federation: Federation::start(&MEMBERS[..2]),
        records: BTreeMap::new(),
    };
    let signals: Vec<Value> = (0..500)
        .map(|number| records::signal(&format!("s-{number}"), number))
        .collect();
    let approved = shared.api("GM9901").share(&signals).expect("a node answers");
    let ids: Vec<String> = approved
        .iter()
        .filter_map(|one| Some(one.record?.to_string()))
        .collect();
    assert_eq!(ids.len(), 500);
    let mut links = BTreeMap::from([(Kind::Signaal, ids)]);
    for kind in Kind::ALL {
        let record = fullest(kind, &links);
        shared.share_typed("GM9901", record.clone());
        let id = shared.records[kind.name()].clone();
        wait::until("the record at the other node", || {
            let node = &shared.federation.nodes[1];
            (node.run(["show", &id, "--json"]).code == Some(0)).then_some(())
        });
        let shown = shared.shown(1, kind.name());
        let local = fields(kind).iter().filter(|field| field.local_only);
        // How many teams is told by gemeente.
        let local: BTreeSet<&str> = local.map(|field| field.name).chain(["id", "teams"]).collect();
        let typed = record.as_object().expect("a record").iter();
        for (name, typed) in typed.filter(|(name, _)| !local.contains(name.as_str())) {
            assert!(holds(&shown[name], typed), "{name} of {}: {}", kind.name(), shown[name]);
        }
        links.insert(kind, vec![id]);
    }
    let node = &shared.federation.nodes[1];
    let longest = "SELECT max(length(tekst)) FROM teksten";
    let answer = node.run(["query", longest, "--csv"]).succeeded();
    assert!(answer.ends_with("2000\r\n"), "{answer}");
    let scratch = Scratch::new("kinds-full");
    for form in ["csv", "jsonl", "parquet"] {
        let dir = scratch.join(form);
        node.run(["export", dir.to_str().expect("a path is text"), "--format", form])
            .succeeded();
        node.run(["verify", dir.to_str().expect("a path is text")]).succeeded();
    }
}
