//! What is read, what is refused, and where the message points.

use protocol::entropy::Seeded;
use protocol::id::Gemeente;
use protocol::record::{Kind, Visibility};

use super::*;
use crate::mutant::mutate;

fn intake() -> record::Intake {
    record::Intake {
        gemeente: "GM9901".parse::<Gemeente>().unwrap(),
        week: "2025-W10".parse().unwrap(),
        kind: Some(Kind::Signaal),
    }
}

const SIGNAAL: &str = r#"{"soort":"signaal","id":"s-1","aard":"knelpunt","thema":["wonen"],"laag":"uitvoering","overdracht":true,"tekst":"De brief komt te laat."}"#;

fn good(outcomes: &Outcomes) -> Vec<&Taken> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(taken) => taken,
            Err(refused) => panic!("refused: {:?}", refused.findings),
        })
        .collect()
}

fn error(bytes: &[u8], format: Format) -> IntakeError {
    read(bytes, format, &intake()).unwrap_err()
}

#[test]
fn json_is_read_in_its_three_forms() {
    let list = format!("[{SIGNAAL},{SIGNAAL}]");
    let object = format!("{{\"opmerking\":\"x\",\"records\":[{SIGNAAL}]}}");
    for (text, expected) in [
        (SIGNAAL.to_owned(), 1),
        (list, 2),
        (object, 1),
        (format!("\u{feff}{SIGNAAL}"), 1),
    ] {
        let outcomes = read(text.as_bytes(), Format::Json, &intake()).unwrap();
        let taken = good(&outcomes);
        assert_eq!(taken.len(), expected);
        assert_eq!(taken[0].input.id.as_deref(), Some("s-1"));
        assert_eq!(taken[0].input.week, intake().week);
    }
}

#[test]
fn lines_are_read_one_by_one_and_keep_their_number() {
    let text = format!("{SIGNAAL}\r\n\n{{\"soort\":\"signaal\",\"id\":\"s-2\"}}\n");
    let outcomes = read(text.as_bytes(), Format::JsonLines, &intake()).unwrap();
    assert!(outcomes[0].is_ok());
    let refused = outcomes[1].as_ref().unwrap_err();
    assert_eq!(
        (refused.number, refused.line, refused.id.as_deref()),
        (2, Some(3), Some("s-2"))
    );
    assert!(!refused.findings.is_empty());
}

#[test]
fn a_registration_is_read_with_either_divider() {
    for divider in [';', ',', '\t'] {
        let text = "week;laag;thema;aard;tekst;belemmering;gevolg;team;overdracht\n\
                    2025-W07;uitvoering;wonen;knelpunt;\"Hij zei: \"\"nee\"\"\nen ging weg\";weten;dubbel werk;t-21;ja\n\
                    \n2025-W08;beleid;toegang;vraag;Mag dat?;;;t-22;nee\n";
        let text = text.replace(';', &divider.to_string());
        let outcomes = read(text.as_bytes(), Format::Csv, &intake()).unwrap();
        let taken = good(&outcomes);
        assert_eq!(taken.len(), 2, "{divider:?}");
        let input = &taken[0].input;
        assert_eq!((input.kind, input.visibility), (Kind::Signaal, Visibility::Lokaal));
        assert_eq!(input.week.to_string(), "2025-W07");
        assert!(input.local.contains_key("team") && !input.fields.contains_key("team"));
        assert!(matches!(&input.fields["tekst"], record::Value::Text(text) if text.contains("\"nee\"\nen")));
    }
}

#[test]
fn a_bad_row_does_not_stop_the_next_and_says_its_line() {
    let text = "aard;thema;laag;overdracht;tekst\nknelpunt;wonen;uitvoering;ja;Een\nfout;wonen;uitvoering;ja;Twee\n\
                knelpunt;wonen\nkans;wonen;beleid;nee;Vier\n";
    let outcomes = read(text.as_bytes(), Format::Csv, &intake()).unwrap();
    let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    assert_eq!(
        refused
            .iter()
            .map(|refused| (refused.number, refused.line))
            .collect::<Vec<_>>(),
        [(2, Some(3)), (3, Some(4))]
    );
    assert!(refused[0].findings[0].message(Lang::Nl).contains("toegestaan"));
}

#[test]
fn bad_json_says_line_and_column() {
    let found = error(b"[\n  {\"soort\": \"signaal\",,}\n]", Format::Json);
    assert_eq!(found.place(), Some((2, Some(23))), "{found}");
    let text = format!("{SIGNAAL}\n\n{{\"a\" 1}}");
    let found = error(text.as_bytes(), Format::JsonLines);
    assert_eq!(found.place(), Some((3, Some(6))), "{found}");
    assert_eq!(
        found.message(Lang::Nl),
        "geen geldige JSON: hier hoort een dubbele punt"
    );
    for cut in ["[", "{\"a\":", "{\"a", "{\"a\": 1"] {
        let found = error(cut.as_bytes(), Format::Json);
        assert_eq!(
            found.message(Lang::Nl),
            "geen geldige JSON: de tekst houdt hier te vroeg op"
        );
    }
    assert_eq!(error(b"7", Format::Json), IntakeError::NoRecords);
    assert_eq!(error(b" \n", Format::Csv), IntakeError::Empty);
}

#[test]
fn another_encoding_is_refused_with_a_hint() {
    let found = error(b"aard;tekst\nkans;E\xc3\xa9n co\xebrdinator", Format::Csv);
    // The e with an accent before it is two bytes and one character.
    assert_eq!(found, IntakeError::NotUtf8 { line: 2, column: 12 });
    assert!(found.hint(Lang::Nl).contains("UTF-8"));
    let utf16 = [0xFF, 0xFE, b'a', 0];
    assert_eq!(error(&utf16, Format::Csv), IntakeError::NotUtf8 { line: 1, column: 1 });
}

#[test]
fn what_is_too_large_is_refused_at_its_limit() {
    let mut bytes = SIGNAAL.as_bytes().to_vec();
    bytes.resize(BODY_BYTES_MAX, b' ');
    assert!(read(&bytes, Format::Json, &intake()).is_ok());
    bytes.push(b' ');
    assert_eq!(
        error(&bytes, Format::Json),
        IntakeError::TooLarge {
            found: BODY_BYTES_MAX + 1
        }
    );
    for (count, fits) in [(INTAKE_RECORDS_MAX, true), (INTAKE_RECORDS_MAX + 1, false)] {
        let list = format!("[{}]", vec!["{}"; count].join(","));
        let rows = format!("aard;laag\n{}", "x;y\n".repeat(count));
        for (text, format) in [
            (list, Format::Json),
            ("{}\n".repeat(count), Format::JsonLines),
            (rows, Format::Csv),
        ] {
            let read = read(text.as_bytes(), format, &intake());
            assert_eq!(
                read.map(|outcomes| outcomes.len()),
                if fits { Ok(count) } else { Err(IntakeError::TooMany) }
            );
        }
    }
    for (columns, fits) in [(COLUMNS_MAX, true), (COLUMNS_MAX + 1, false)] {
        let header: Vec<String> = (0..columns).map(|number| format!("k{number}")).collect();
        let read = read(header.join(";").as_bytes(), Format::Csv, &intake());
        assert_eq!(read.is_ok(), fits, "{columns} columns");
    }
    for (found, fits) in [
        (COLUMN_CHARS_MAX - 1, true),
        (COLUMN_CHARS_MAX, true),
        (COLUMN_CHARS_MAX + 1, false),
    ] {
        let read = read(
            format!("tekst;{}\n", "ë".repeat(found)).as_bytes(),
            Format::Csv,
            &intake(),
        );
        let refused = IntakeError::ColumnName { column: 2, found };
        assert_eq!(read.err(), (!fits).then_some(refused));
    }
}

/// Reads so many inputs made from these by changing a few bytes; returns how many records were taken and refused.
fn hammer(samples: &[&str], format: Format, seed: u64) -> (usize, usize) {
    let mut rng = Seeded::new(seed);
    let (mut taken, mut refused) = (0, 0);
    for round in 0..100_000 {
        let mut bytes = samples[round % samples.len()].as_bytes().to_vec();
        mutate(&mut bytes, &mut rng);
        let Ok(outcomes) = read(&bytes, format, &intake()) else {
            refused += 1;
            continue;
        };
        for outcome in outcomes {
            let Ok(record) = outcome else {
                refused += 1;
                continue;
            };
            // As the vault keeps it, it reads as it was read.
            let kept = serde_json::to_vec(&record.source).unwrap();
            let again: Source = serde_json::from_slice(&kept).unwrap();
            assert!(again == record.source, "seed {seed}, round {round}");
            assert!(again.read(&intake()) == Ok(record.input), "seed {seed}, round {round}");
            taken += 1;
        }
    }
    (taken, refused)
}

#[test]
fn a_hundred_thousand_mutations_per_format_do_no_harm() {
    let experiment = r#"{"soort":"experiment","titel":"Eerder bellen","vorm":"pilot","hypothese":"Het helpt","gevarieerd":{"variabele_code":"bellen","variabele":"Bellen","van":"laat","naar":"vroeg"},"maat":"duur","opzet":"C_voor_na","start":"2025-W01","gepland_einde":"2025-W09","uitkomst":{"oordeel":"gelukt","effectmaat":"hedges_g","yi":-0.25,"vi":0.1,"n_band":"20-49"}}"#;
    let list = format!("[{SIGNAAL},{experiment}]");
    let lines = format!("{SIGNAAL}\n\n{experiment}\n");
    let table = "id;aard;thema;laag;overdracht;tekst\ns-1;knelpunt;wonen;uitvoering;ja;\"Te \"\"laat\"\"\"\ns-2;vraag;wonen,jeugd;beleid;nee;Mag dit?\n";
    let commas = table.replace(';', "\t");
    for (taken, refused) in [
        hammer(&[SIGNAAL, &list], Format::Json, 1),
        hammer(&[SIGNAAL, &lines], Format::JsonLines, 2),
        hammer(&[table, &commas], Format::Csv, 3),
    ] {
        assert!(taken > 1_000 && refused > 1_000, "{taken} taken, {refused} refused");
    }
}

#[test]
fn a_table_that_cannot_be_meant_is_refused() {
    let twice = error(b"tekst;laag;Tekst\na;b;c", Format::Csv);
    assert_eq!(
        twice,
        IntakeError::ColumnTwice {
            name: "tekst".to_owned()
        }
    );
    let open = error(b"tekst;laag\na;b\n\"c;d\ne;f\n", Format::Csv);
    assert_eq!(open, IntakeError::Quote { line: 3 });
    for fine in [
        "tekst\n\"a \"\"b\"\" c\"\n",
        "tekst\nzo 5\" breed\n",
        "tekst\n\"\"\n\"\"\"\"\n",
    ] {
        assert!(read(fine.as_bytes(), Format::Csv, &intake()).is_ok(), "{fine:?}");
    }
}

#[test]
fn nested_json_does_not_end_the_process() {
    let deep = "[".repeat(100_000);
    assert!(matches!(error(deep.as_bytes(), Format::Json), IntakeError::Json { .. }));
}

#[test]
fn debug_shows_nothing_that_was_typed() {
    let outcomes = read(SIGNAAL.as_bytes(), Format::Json, &intake()).unwrap();
    let bad = read(SIGNAAL.replace("wonen", "De brief").as_bytes(), Format::Json, &intake()).unwrap();
    let shown = format!("{outcomes:?} {bad:?}");
    assert!(!shown.contains("brief"), "{shown}");
}

/// The identities known of each, or what is wrong with the first that was refused.
fn known(text: &str, format: Format) -> Result<Vec<Option<Vec<String>>>, String> {
    let outcomes = read(text.as_bytes(), format, &intake()).unwrap();
    let known = |outcome: Result<Taken, Refused>| match outcome {
        Ok(taken) => {
            let plain = format!("{:?}", serde_json::to_string(&taken.source).unwrap());
            assert!(!plain.contains("Zomer"), "{plain}");
            Ok(taken.known.map(protocol::gate::Known::into_identities))
        }
        Err(refused) => Err(refused.findings[0].to_string()),
    };
    outcomes.into_iter().map(known).collect()
}

#[test]
fn what_is_known_of_the_case_is_taken_out_of_what_was_typed() {
    let own = SIGNAAL.replace("{\"soort", "{\"bekenden\":[\"Sanne Zomer\",\"Zomerhof 3\"],\"soort");
    let each = vec!["Sanne Zomer".to_owned(), "Zomerhof 3".to_owned()];
    let all = vec!["R. Zomer".to_owned()];
    assert_eq!(known(&own, Format::Json), Ok(vec![Some(each.clone())]));
    assert_eq!(known(SIGNAAL, Format::Json), Ok(vec![None]));
    let around = format!("{{\"records\":[{SIGNAAL},{own}],\"bekenden\":[\"R. Zomer\"]}}");
    let expected = vec![Some(all.clone()), Some(each.clone())];
    assert_eq!(known(&around, Format::Json), Ok(expected.clone()));
    let lines =
        serde_json::json!({"bestand": format!("{SIGNAAL}\n{own}\n"), "vorm": "jsonl", "bekenden": ["R. Zomer"]});
    assert_eq!(known(&lines.to_string(), Format::Json), Ok(expected));
    let table = "aard;thema;laag;tekst;Bekenden\nknelpunt;wonen;beleid;De brief komt te laat.;\"Sanne Zomer; Zomerhof 3\"\n\
                 knelpunt;wonen;beleid;De brief komt te laat.;\n";
    assert_eq!(known(table, Format::Csv), Ok(vec![Some(each.clone()), None]));
    let file = serde_json::json!({"bestand": table, "vorm": "csv", "bekenden": ["R. Zomer"]});
    let with = record::Intake { kind: None, ..intake() };
    let outcomes = read(file.to_string().as_bytes(), Format::Json, &with).unwrap();
    assert_eq!(good(&outcomes)[1].known.clone().unwrap().into_identities(), all);
}

#[test]
fn what_cannot_be_looked_for_is_refused() {
    for (list, expected) in [
        ("\"Zomer\"", "bekenden: verwacht een lijst"),
        ("[\"Sanne\",7]", "bekenden[2]: verwacht tekst"),
        ("[\"Sanne\",\"Z\"]", "bekenden[2]: telt 1 tekens; minstens 2"),
    ] {
        let own = SIGNAAL.replace("{\"soort", &format!("{{\"bekenden\":{list},\"soort"));
        assert_eq!(known(&own, Format::Json), Err(expected.to_owned()));
        let around = format!("{{\"records\":[{SIGNAAL}],\"bekenden\":{list}}}");
        assert_eq!(known(&around, Format::Json), Err(expected.to_owned()));
    }
    let many = serde_json::json!({"records": [], "bekenden": ["Zomer"]});
    assert_eq!(known(&many.to_string(), Format::Json), Ok(Vec::new()));
    let file = br#"{"bestand": "soort;tekst", "vorm": "xlsx"}"#;
    assert_eq!(error(file, Format::Json), IntakeError::Form);
}
