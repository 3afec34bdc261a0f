//! The description and the types of the API say the same, field by field: the names by what each type reads, and what stands
//! in them by an answer of every operation. So nobody changes one and forgets the other.

use std::cell::RefCell;
use std::collections::BTreeSet;

use protocol::api;
use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde_json::Value;

use super::super::routes::{OPENAPI, table};
use super::room::{Room, problem};

/// Forms that no type stands for alone: variants, records, and types that take another one up in themselves. The answers show them.
const BY_ANSWER: [&str; 12] = [
    "Taken",
    "Refused",
    "Record",
    "LokaalRecord",
    "ConceptDetail",
    "FindingInSentence",
    "IntrekkingDetail",
    "Storing",
    "Fout",
    "WachtOp",
    "TipRegel",
    "Wijzigingsregel",
];

/// Asks a type which fields it reads, and gives it none.
struct Probe<'a>(&'a RefCell<Vec<&'static str>>);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("this is a probe"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0.borrow_mut() = fields.to_vec();
        Err(Error::custom("this is a probe"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn fields_of<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    let found = RefCell::default();
    assert!(T::deserialize(Probe(&found)).is_err());
    found.into_inner()
}

macro_rules! types {
    ($($name:literal $type:ident)* ; $($same:ident)*) => {
        vec![$(($name, fields_of::<api::$type>()),)* $((stringify!($same), fields_of::<api::$same>()),)*]
    };
}

/// Every form with the fields of its type.
fn types() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut types = types! {
        "Stopped" Refused "LokaalRecordPage" RecordPage ;
        Problem Finding Fault Verwijderd Intake Concept ConceptPage Shown ApprovalAsked ApprovalsAsked Approval Approvals RecordPage
        Hoogten PeerLine Waiting Knocked WorkerLine Telling Versies Stand Vol Gezondheid Health Onderdeel Imported LidNode Lid
        StatementLine Wijziging Voorstel Stemming Schorsing Herindeling Vork DubbeleStem HandvestStand NieuweUitnodiging Uitnodiging
        UitnodigingNode LogHoogte NodeLogs HandvestLogs Ingetrokken Intrekking IntrekkingPage Ontvangst IntrekkingGevraagd Vindplaats
        Verweesd VerweesdPage HeruitgaveAsked TokenAsked TokenRegel NieuwToken TokenPage VerwijderingGevraagd
        NieuwKnelpunt KoppelingAsked OntkoppelingAsked Gekoppeld Knelpuntstand Koppeling Gelijkenis Koppelvoorstel KoppelvoorstelPage
        Agendapunt AgendaStand AfspraakAsked SessieAsked SessieStand Gebeurd Terugkoppeling TerugkoppelingPage Plek Overeenkomst Treffer
        Gevonden LidmaatschapAsked LidmaatschapStand VerantwoordingRegel Verantwoording PostRegel PostvakPage OvergangAsked Toestand Overgang KnelpuntRegel KnelpuntenPage VraagRegel VragenPage
        Tip TipPage TipSchakeling
        ZoekvraagAsked Zoekantwoord VoorbeeldvraagPage Voorbeeldvraag TabelPage TabelRegel Tabel Kolom Index Wijzigingsbegin Wijzigingstabel Wijzigingseinde
        Verwanten Momentopname EerdereStand Editie Verklaringen Weergaveversies Hoogte
    };
    // The records of a page follow as their own text.
    let pages = types.iter_mut().filter(|(name, _)| name.ends_with("RecordPage"));
    pages.for_each(|(_, fields)| fields.push("records"));
    types
}

fn description() -> Value {
    serde_json::from_str(OPENAPI).unwrap()
}

#[test]
fn every_form_names_the_fields_of_its_type_and_no_others() {
    let description = description();
    let forms = description["components"]["schemas"].as_object().unwrap();
    let types = types();
    for (name, form) in forms {
        let Some(properties) = form["properties"].as_object() else {
            continue;
        };
        if BY_ANSWER.contains(&name.as_str()) {
            continue;
        }
        let found = types.iter().find(|(known, _)| known == name);
        let (_, fields) = found.unwrap_or_else(|| panic!("{name} stands for no type: add it to the list above"));
        let described: BTreeSet<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(described, fields.iter().copied().collect(), "{name}");
    }
    for (name, _) in &types {
        assert!(forms.contains_key(*name), "{name} is not described");
    }
}

/// What an operation is asked so that it answers; most take this as it is.
fn question(path: &str) -> (String, String) {
    let shown = "04".repeat(32);
    let body = match path {
        "/v1/goedkeuringen" => {
            format!(r#"{{"concepten":[{{"id":"s-1","inhoud":"{shown}"}},{{"id":"s-2","inhoud":"{shown}"}}]}}"#)
        }
        "/v1/concepten/{id}/goedkeuring" => format!(r#"{{"inhoud":"{shown}"}}"#),
        "/v1/tokens" => r#"{"naam":"s-1","scopes":["lezen"]}"#.to_owned(),
        "/v1/concepten/{id}/verwijdering" => r#"{"gedeeld_blijft":true}"#.to_owned(),
        "/v1/koppelingen" => r#"{"signalen":["s-1"],"knelpunt":"k-1"}"#.to_owned(),
        "/v1/lokale-records/{id}/overgangen" => {
            r#"{"staat":"afgerond","afspraak":1,"velden":{"leidt_tot":"les-1"}}"#.to_owned()
        }
        "/v1/ontkoppelingen" => r#"{"signalen":["s-1"]}"#.to_owned(),
        "/v1/tipschakelingen" => r#"{"aan":false}"#.to_owned(),
        api::path::ZOEKVRAGEN => r#"{"sql":"SELECT 1"}"#.to_owned(),
        "/v1/lidmaatschappen" => r#"{"kring":"k-1","lid":true}"#.to_owned(),
        "/v1/sessies" => r#"{"id":"q-1","kwartaal":"2026-Q1","aanwezig":["beleid"]}"#.to_owned(),
        _ => "{}".to_owned(),
    };
    let query = match path {
        "/v1/handvest/logs" => "?gemeente=GM9901",
        api::path::AGENDA => "?kwartaal=2026-Q1",
        api::path::VERANTWOORDING => "?kring=k-1&kwartaal=2026-Q1",
        api::path::ZOEKEN => "?q=briefadres",
        api::path::UITVOER => "?vorm=csv",
        _ => "",
    };
    let name = if path == api::path::RECORD { "uniek" } else { "s-1" };
    (format!("{}{query}", path.replace("{id}", name)), body)
}

/// The forms and fields that values were found in.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    /// Remembers which fields of the forms this value fills. That it fits is tried elsewhere.
    fn look(&mut self, value: &Value, schema: &Value, all: &Value) {
        if let Some(either) = schema["anyOf"].as_array() {
            either.iter().for_each(|schema| self.look(value, schema, all));
            return;
        }
        let named = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
        let schema = named.map_or(schema, |name| &all["components"]["schemas"][name]);
        if named.is_some() && schema["properties"].is_null() {
            return self.look(value, schema, all);
        }
        for (field, value) in value.as_object().into_iter().flatten() {
            if let Some(name) = named.filter(|_| !value.is_null()) {
                self.0.insert(format!("{name}.{field}"));
            }
            self.look(value, &schema["properties"][field], all);
        }
        for value in value.as_array().into_iter().flatten() {
            self.look(value, &schema["items"], all);
        }
    }
}

/// The forms that a schema leads to.
fn reached(schema: &Value, all: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                reached(&all["components"]["schemas"][name], all, found);
            }
            object.values().for_each(|value| reached(value, all, found));
        }
        Value::Array(values) => values.iter().for_each(|value| reached(value, all, found)),
        _ => {}
    }
}

#[test]
fn every_operation_answers_and_every_field_that_is_described_is_in_an_answer() {
    let room = Room::open();
    let all = description();
    let (mut seen, mut forms) = (Seen::default(), BTreeSet::new());
    let mut routes = table().routes;
    // What is made first can be taken back.
    routes.sort_by_key(|(_, path, _)| path.contains("intrekking"));
    for (method, path, _) in routes {
        let described = path.strip_prefix("/v1").unwrap_or(path);
        let form = &all["paths"][described][method]["responses"]["200"]["content"]["application/json"]["schema"];
        if form.is_null() || path == api::path::OPENAPI {
            continue;
        }
        let (asked, body) = question(path);
        let headers = [("Content-Type", "application/json"), ("If-Match", "*")];
        let answer = room.send(&method.to_uppercase(), &asked, &headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.body);
        let value: Value = serde_json::from_str(&answer.body).unwrap();
        super::described::check(&value, form, &all, path);
        seen.look(&value, form, &all);
        reached(form, &all, &mut forms);
    }
    room.fake.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let broken = room.get("/health");
    assert_eq!(problem(&broken).status, 503);
    let form = serde_json::json!({ "$ref": "#/components/schemas/Storing" });
    seen.look(&serde_json::from_str(&broken.body).unwrap(), &form, &all);
    let wrong = room.post("/v1/concepten", "application/json", b"kapot");
    assert_eq!(problem(&wrong).status, 400);
    let form = serde_json::json!({ "$ref": "#/components/schemas/Problem" });
    seen.look(&serde_json::from_str(&wrong.body).unwrap(), &form, &all);
    forms.insert("Problem".to_owned());
    // A record is shown as the node holds it, with the fields of its kind; of these two each variant has fields of its own.
    forms.retain(|form| !form.ends_with("Record") && !["Fout", "WachtOp"].contains(&form.as_str()));
    let described = forms.iter().flat_map(|form| {
        let properties = all["components"]["schemas"][form]["properties"].as_object();
        let names = properties.into_iter().flat_map(serde_json::Map::keys);
        names.map(move |field| format!("{form}.{field}"))
    });
    let missing: Vec<String> = described.filter(|field| !seen.0.contains(field)).collect();
    assert!(
        missing.is_empty(),
        "no answer of the backend of the tests fills these: {missing:?}"
    );
}
