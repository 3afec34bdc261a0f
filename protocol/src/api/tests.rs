//! What is said in JSON is read back, and nothing out of bounds is read at all.

use super::*;

fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
    given
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn a_query_is_read_back_as_it_was_written() {
    let given = pairs(&[("soort", "les"), ("eigenaar", "GM0014"), ("peilweek", "2026-W07")]);
    let (query, paging) = RecordQuery::read(&given).unwrap();
    let written: Vec<(String, String)> = query.pairs().into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    assert_eq!(written, given);
    assert_eq!(paging, Paging::default());
}

#[test]
fn numbers_of_a_page_stay_within_their_limits() {
    for (value, fits) in [
        ("1", true),
        ("1000", true),
        ("0", false),
        ("1001", false),
        ("-1", false),
        ("", false),
    ] {
        assert_eq!(read_paging(&pairs(&[("aantal", value)])).is_ok(), fits, "{value}");
    }
    let last = read_paging(&pairs(&[("pagina", "1000000"), ("aantal", "1000")])).unwrap();
    assert_eq!(last.skip(), 999_999_000);
}

#[test]
fn a_query_nobody_understands_is_refused() {
    let unknown = RecordQuery::read(&pairs(&[("theme", "wonen")])).unwrap_err();
    assert!(unknown.message().nl.contains("soort, thema, eigenaar"), "{unknown}");
    let twice = RecordQuery::read(&pairs(&[("soort", "les"), ("soort", "les")])).unwrap_err();
    assert_eq!(twice, QueryFault::Twice { key: "soort" });
    for (key, value) in [
        ("soort", "Les"),
        ("soort", ""),
        ("eigenaar", "GM14"),
        ("peilweek", "2025-W53"),
    ] {
        assert!(RecordQuery::read(&pairs(&[(key, value)])).is_err(), "{key}={value}");
    }
    let long = "x".repeat(65);
    assert!(RecordQuery::read(&pairs(&[("thema", &long)])).is_err());
    assert!(RecordQuery::read(&pairs(&[("thema", &long[1..])])).is_ok());
}

#[test]
fn outcomes_have_the_form_other_programs_expect() {
    let taken = format!(
        r#"{{"id":"s-1","verdict":"pass","findings":[],"inhoud":"{}"}}"#,
        "0a".repeat(32)
    );
    let refused = r#"{"fouten":[{"pad":"thema[1]","melding":"onbekend"}]}"#;
    for text in [taken.as_str(), refused] {
        let outcome: Outcome = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&outcome).unwrap(), text);
    }
}

#[test]
fn fields_of_a_newer_node_are_ignored() {
    let text = r#"{"status":"ok","leerkring":"9.9.9","nieuw":{"a":[1]}}"#;
    let read: Gezondheid = serde_json::from_str(text).unwrap();
    assert_eq!(read.leerkring, "9.9.9");
    let problem: Problem = serde_json::from_str(r#"{"title":"x","instance":"/y"}"#).unwrap();
    assert_eq!(problem.known_kind(), None);
}

#[test]
fn every_problem_is_known_by_its_name() {
    for kind in ProblemKind::ALL {
        let problem = Problem::new(kind, Lang::En, &Message::new("nl", "en"));
        assert_eq!(problem.known_kind(), Some(kind));
        assert_eq!((problem.status, problem.detail.as_str()), (kind.status(), "en"));
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&text).unwrap(), problem);
    }
}

#[test]
fn languages_are_taken_from_the_header() {
    for (header, lang) in [
        ("en", Lang::En),
        ("en-GB,en;q=0.9", Lang::En),
        ("fr, en;q=0.5", Lang::En),
        ("nl, en", Lang::Nl),
        ("", Lang::Nl),
        ("*", Lang::Nl),
    ] {
        assert_eq!(Lang::of_accept_language(header), lang, "{header}");
    }
}

#[test]
fn formats_are_known_by_media_type_and_by_file_name() {
    assert_eq!(Format::of_media("text/csv; charset=utf-8"), Some(Format::Csv));
    assert_eq!(Format::of_media("application/x-ndjson"), Some(Format::JsonLines));
    assert_eq!(Format::of_media("text/html"), None);
    assert_eq!(Format::of_file("signalen.CSV"), Some(Format::Csv));
    assert_eq!(Format::of_file("signalen"), None);
}

#[test]
fn a_code_of_a_newer_node_is_read_as_unknown() {
    let line = r#"{"naam":"oven","status":"heet","geteld":[{"wat":"broden","aantal":3}],"wachtrij":0,
        "laatste_fout":{"soort":"aangebrand","graden":300}}"#;
    let read: WorkerLine = serde_json::from_str(line).unwrap();
    assert_eq!((read.naam, read.status), (Werk::Onbekend, WerkStatus::Onbekend));
    assert_eq!(
        (read.geteld[0].wat, read.laatste_fout),
        (Geteld::Onbekend, Some(Fout::Onbekend))
    );
    let waits = r#"{"soort":"regen","liter":4}"#;
    assert_eq!(serde_json::from_str::<WachtOp>(waits).unwrap(), WachtOp::Onbekend);
}
