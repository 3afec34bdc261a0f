//! What is right is taken over as it was meant; what is wrong is named with its place, in both languages.

use serde_json::json;

use super::*;
use crate::api::Lang;
use crate::record::Value;

fn intake() -> Intake {
    Intake {
        gemeente: Gemeente::new(9901).unwrap(),
        week: Week::new(2025, 20).unwrap(),
        kind: None,
    }
}

fn signaal() -> Json {
    json!({
        "soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering",
        "tekst": "Zonder adres geen uitkering, zonder uitkering geen adres.", "overdracht": true,
    })
}

fn with(mut record: Json, name: &str, value: Json) -> Json {
    record[name] = value;
    record
}

fn refusal(record: &Json) -> String {
    let findings = read_json(record, &intake()).unwrap_err();
    findings[0].message(Lang::Nl)
}

#[test]
fn a_signal_is_local_and_of_this_week_unless_it_says_otherwise() {
    let input = read_json(&signaal(), &intake()).unwrap();
    assert_eq!(input.visibility, Visibility::Lokaal);
    assert_eq!(input.week, intake().week);
    assert_eq!(input.fields["overdracht"], Value::Flag(true));
    assert!(input.notes.is_empty() && !input.practice && input.id.is_none());
    let given = with(
        with(signaal(), "week", json!("2025-W06")),
        "zichtbaarheid",
        json!("netwerk"),
    );
    let input = read_json(&given, &intake()).unwrap();
    assert_eq!(
        (input.week.to_string().as_str(), input.visibility),
        ("2025-W06", Visibility::Netwerk)
    );
}

#[test]
fn what_stays_in_the_gemeente_is_kept_apart() {
    let record = with(with(signaal(), "team", json!("t-3f")), "casus", json!("Mevrouw A."));
    let input = read_json(&record, &intake()).unwrap();
    assert_eq!(input.local.keys().collect::<Vec<_>>(), ["casus", "team"]);
    assert!(!input.fields.contains_key("team") && !input.fields.contains_key("casus"));
}

#[test]
fn a_code_outside_its_list_is_refused_with_the_allowed_ones() {
    let record = with(signaal(), "laag", json!("directie"));
    assert_eq!(
        refusal(&record),
        "laag: 'directie' staat niet in de lijst; toegestaan: uitvoering, backoffice, financien_inkoop, beleid, \
         management, bestuur, partner, adviesraad"
    );
    let allowed = |record: &Json| read_json(record, &intake()).unwrap_err()[0].allowed();
    assert_eq!((allowed(&record).len(), allowed(&record)[7]), (8, "adviesraad"));
    assert_eq!(allowed(&with(signaal(), "soort", json!("kader")))[8], "kring");
    let english = read_json(&record, &intake()).unwrap_err()[0].message(Lang::En);
    assert!(
        english.starts_with("laag: 'directie' is not in the list; allowed: uitvoering, "),
        "{english}"
    );
}

#[test]
fn every_wrong_thing_has_its_message() {
    for (name, value, message) in [
        ("tekst", json!("a".repeat(601)), "tekst: telt 601 tekens; hooguit 600"),
        ("tekst", json!("  "), "tekst: moet worden ingevuld"),
        ("tekst", json!(7), "tekst: verwacht tekst"),
        ("thema", json!([]), "thema: moet worden ingevuld"),
        (
            "overdracht",
            json!("ja"),
            "overdracht: verwacht ja of nee (true of false)",
        ),
        ("week", json!("2025-W54"), "week: verwacht een week zoals 2025-W06"),
        (
            "eigenaar",
            json!("GM9902"),
            "eigenaar: deze node schrijft alleen voor GM9901",
        ),
        (
            "eigenaar",
            json!("9901"),
            "eigenaar: verwacht een CBS-code zoals GM0014",
        ),
        (
            "zichtbaarheid",
            json!("openbaar"),
            "zichtbaarheid: kies lokaal of netwerk",
        ),
        (
            "schema",
            json!("leerkring/9"),
            "schema: deze versie leest schema leerkring/0",
        ),
        ("fictief", json!("ja"), "fictief: verwacht ja of nee (true of false)"),
        (
            "soort",
            json!("kader"),
            "soort: soort 'kader' kent deze versie nog niet; bekend zijn: signaal, knelpunt, duiding, les, sessie, experiment, overname, bericht, kring",
        ),
        (
            "soort",
            json!("idee"),
            "soort: soort 'idee' bestaat niet; bekend zijn: signaal, knelpunt, duiding, les, sessie, experiment, overname, bericht, kring",
        ),
        (
            "knelpunt",
            json!("met een spatie"),
            "knelpunt: verwacht het id van een record (32 tekens, of een eigen id zoals signaal-01)",
        ),
        (
            "thema",
            json!(["wonen", "jeugd", "schulden", "toegang"]),
            "thema: heeft 4 waarden; 1 tot 3 mogen",
        ),
    ] {
        assert_eq!(refusal(&with(signaal(), name, value)), message);
    }
    assert!(refusal(&with(signaal(), "bsn", json!(1))).starts_with("bsn: dit veld bestaat niet; bekend zijn: aard, "));
    assert!(refusal(&with(signaal(), "zichtbaarheid", json!("kring"))).contains("elk lid van de federatie"));
    assert_eq!(refusal(&json!([1])), "verwacht een JSON-object");
}

#[test]
fn limits_hold_at_and_above() {
    let text = |chars: usize| with(signaal(), "tekst", json!("é".repeat(chars)));
    assert!(read_json(&text(600), &intake()).is_ok());
    assert!(read_json(&text(601), &intake()).is_err());
    let many = |links: usize| {
        let links: Vec<_> = (0..links).map(|at| format!("signaal-{at}")).collect();
        let knelpunt = json!({"soort": "knelpunt", "titel": "t", "thema": "wonen", "soort_knelpunt": "regel"});
        with(knelpunt, "signalen", json!(links))
    };
    assert!(read_json(&many(500), &intake()).is_ok());
    assert!(read_json(&many(501), &intake()).is_err());
    assert_eq!(
        refusal(&with(signaal(), "casus", json!("a".repeat(40_000)))),
        "het record is te groot; hooguit 32768 tekens"
    );
    let deep = (0..2_000).fold(json!(1), |inner, _| json!([inner]));
    assert!(refusal(&with(signaal(), "tekst", deep)).contains("te groot"));
}

#[test]
fn everything_wrong_is_reported_at_once_and_bounded() {
    let mut record = json!({"soort": "signaal", "week": 3});
    assert_eq!(read_json(&record, &intake()).unwrap_err().len(), 5);
    for at in 0..500 {
        record[format!("veld_{at}")] = json!(1);
    }
    assert_eq!(read_json(&record, &intake()).unwrap_err().len(), FINDINGS_MAX);
}

#[test]
fn a_typed_state_is_noted_and_not_taken_over() {
    let input = read_json(&with(signaal(), "staat", json!("opgelost")), &intake()).unwrap();
    assert_eq!(
        input.notes[0].message(Lang::Nl),
        "staat: staat wordt afgeleid en niet overgenomen"
    );
    assert!(!input.fields.contains_key("staat"));
}

#[test]
fn a_gemeente_states_its_own_number_of_teams() {
    let knelpunt = json!({
        "soort": "knelpunt", "titel": "t", "thema": ["wonen"], "soort_knelpunt": "regel",
        "teams": {"GM9901": "2", "GM9902": "3+"},
    });
    let input = read_json(&knelpunt, &intake()).unwrap();
    assert_eq!(input.fields["teams"], Value::Code("2".to_owned()));
    assert_eq!(input.notes[0].problem, Problem::OthersValue);
    let others = with(knelpunt.clone(), "teams", json!({"GM9902": "1"}));
    assert!(!read_json(&others, &intake()).unwrap().fields.contains_key("teams"));
    let plain = with(knelpunt, "teams", json!("3+"));
    assert_eq!(
        read_json(&plain, &intake()).unwrap().fields["teams"],
        Value::Code("3+".to_owned())
    );
}

#[test]
fn a_full_record_id_is_a_contribution_to_a_co_written_kind_only() {
    let id = "0123456789abcdefghjkmnpqrstvwxyz";
    let knelpunt = json!({"soort": "knelpunt", "titel": "t", "thema": "wonen", "soort_knelpunt": "regel", "id": id});
    let input = read_json(&knelpunt, &intake()).unwrap();
    assert_eq!(input.contributes_to.unwrap().to_string(), id);
    assert_eq!(
        read_json(&with(signaal(), "id", json!("signaal-01")), &intake())
            .unwrap()
            .id
            .unwrap(),
        "signaal-01"
    );
    assert!(refusal(&with(signaal(), "id", json!(id))).contains("kan niemand meeschrijven"));
}

fn experiment() -> Json {
    json!({
        "soort": "experiment", "titel": "t", "vorm": "pilot", "hypothese": "h", "maat": "stabiel_6m",
        "gevarieerd": {"variabele_code": "kanaal", "variabele": "kanaal", "van": "a", "naar": "b"},
        "opzet": "C_voor_na", "start": "2025-W05", "gepland_einde": "2025-W20",
    })
}

#[test]
fn an_experiment_varies_one_thing_and_shares_two_decimals() {
    let outcome = |value| with(experiment(), "uitkomst", value);
    let good = outcome(json!({"oordeel": "gelukt", "effectmaat": "logRR", "yi": -0.44, "vi": 0.1}));
    let Value::Row(row) = &read_json(&good, &intake()).unwrap().fields["uitkomst"] else {
        panic!("not a row")
    };
    assert_eq!(
        (&row["yi"], &row["vi"]),
        (&Value::Hundredths(-44), &Value::Hundredths(10))
    );
    for (wrong, message) in [
        (
            json!({"oordeel": "gelukt", "effectmaat": "logRR", "yi": 0.4412, "vi": 0.1}),
            "hooguit twee decimalen",
        ),
        (
            json!({"oordeel": "gelukt", "effectmaat": "logRR", "yi": 1e300, "vi": 0.1}),
            "uitkomst.yi",
        ),
        (
            json!({"oordeel": "mislukt", "onderdrukt": "cel<5", "yi": 0.4}),
            "onderdrukt effect wordt niet gedeeld",
        ),
        (json!({"oordeel": "mislukt", "yi": 0.4}), "horen bij elkaar"),
        (
            json!({"oordeel": "mislukt", "cel_a": 3}),
            "uitkomst.cel_a: dit veld bestaat niet",
        ),
    ] {
        assert!(refusal(&outcome(wrong)).contains(message), "{message}");
    }
    let two = with(
        experiment(),
        "gevarieerd",
        json!([{"variabele": "a"}, {"variabele": "b"}]),
    );
    assert_eq!(
        refusal(&two),
        "gevarieerd: een experiment varieert precies één ding: verwacht één object"
    );
    assert!(refusal(&with(experiment(), "gepland_einde", json!("2025-W04"))).contains("voor de start"));
}

#[test]
fn rows_are_known_by_their_number() {
    let sessie = |rows| json!({"soort": "sessie", "kwartaal": "2025-Q1", "aard": "kwartaalgesprek", "afspraken": rows});
    let good = sessie(json!([{"nr": 7, "wat": "a", "staat": "open"}, {"wat": "b", "klaar": "2025-Q2"}]));
    let input = read_json(&good, &intake()).unwrap();
    let Value::Rows(rows) = &input.fields["afspraken"] else {
        panic!("no rows")
    };
    assert_eq!(rows.keys().collect::<Vec<_>>(), [&2, &7]);
    assert_eq!(input.notes[0].path, "afspraken[7].staat");
    let wrong = sessie(json!([{"wat": "a"}, {"wat": "b", "klaar": "voor de zomer"}]));
    assert_eq!(
        refusal(&wrong),
        "afspraken[2].klaar: verwacht een kwartaal zoals 2025-Q2"
    );
    assert_eq!(
        refusal(&sessie(json!([{"nr": 1, "wat": "a"}, {"nr": 1, "wat": "b"}]))),
        "afspraken: nr 1 komt twee keer voor"
    );
    assert_eq!(
        refusal(&sessie(json!([{"nr": 0, "wat": "a"}]))),
        "afspraken[1].nr: verwacht een nummer vanaf 1"
    );
}

#[test]
fn a_table_reads_as_json_does() {
    let header = [
        "\u{feff}Aard",
        "thema",
        "laag",
        "overdracht",
        "tekst",
        "Team",
        "fictief",
    ];
    let cells = ["vraag", "wonen; jeugd", "backoffice", "Ja", "Mag het?", "t-01", "nee"];
    let table = Intake {
        kind: Some(Kind::Signaal),
        ..intake()
    };
    let input = read_row(&header, &cells, &table).unwrap();
    assert_eq!(input.fields["overdracht"], Value::Flag(true));
    assert_eq!(
        input.fields["thema"],
        Value::Codes(["jeugd".to_owned(), "wonen".to_owned()].into())
    );
    assert_eq!(input.local["team"], Value::Text("t-01".to_owned()));
    let wrong = read_row(
        &header,
        &["vraag", "wonen", "backoffice", "soms", "Mag het?", "", ""],
        &table,
    )
    .unwrap_err();
    assert_eq!(wrong[0].path, "overdracht");
    let short = read_row(&header, &cells[..3], &table).unwrap_err();
    assert_eq!(short[0].message(Lang::Nl), "3 cellen in deze rij; de kop heeft er 7");
}

#[test]
fn a_table_reaches_into_structures_and_counts() {
    let header = [
        "soort",
        "titel",
        "vorm",
        "hypothese",
        "maat",
        "gevarieerd.variabele_code",
        "gevarieerd.variabele",
        "gevarieerd.van",
        "gevarieerd.naar",
        "opzet",
        "start",
        "gepland_einde",
        "uitkomst.oordeel",
        "uitkomst.effectmaat",
        "uitkomst.yi",
        "uitkomst.vi",
    ];
    let cells = [
        "experiment",
        "t",
        "pilot",
        "h",
        "m",
        "kanaal",
        "kanaal",
        "a",
        "b",
        "A_geloot",
        "2025-W01",
        "2025-W20",
        "gelukt",
        "logRR",
        "0,44",
        "0.10",
    ];
    let input = read_row(&header, &cells, &intake()).unwrap();
    let Value::Row(row) = &input.fields["uitkomst"] else {
        panic!("not a row")
    };
    assert_eq!(row["yi"], Value::Hundredths(44));
    let field = schema::field(Kind::Sessie, "ingebracht_door").unwrap();
    assert_eq!(
        from_text(field, "uitvoering=4; beleid=1"),
        json!({"uitvoering": 4, "beleid": 1})
    );
}

#[test]
fn one_document_may_hold_many_records() {
    assert_eq!(each(&json!([1, 2])).unwrap().len(), 2);
    assert_eq!(each(&json!({"records": [1, 2, 3], "opmerking": ""})).unwrap().len(), 3);
    assert_eq!(each(&signaal()).unwrap().len(), 1);
    assert!(each(&json!("signaal")).is_err());
}
