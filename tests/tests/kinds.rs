//! The example records of nine kinds, each typed at its own gemeente: through intake, gate and network to another node, where
//! they mean the same and are in the state that the examples state for themselves.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::ConceptState;
use protocol::id::Week;
use protocol::record::Kind;
use serde_json::{Map, Value, json};
use tests::harness::{Api, Federation, wait};

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
        let approved = self.api(code).share(&[typed]).expect("a node answers");
        let [approval] = &approved[..] else {
            panic!("{id} is taken in: {approved:?}")
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
