//! The merge is a function of the set of parts, and nobody's words overrule another's.

use super::*;
use crate::record::Around;

const RECORD: RecordId = RecordId([7; 20]);

fn gemeente(number: u16) -> Gemeente {
    Gemeente::new(number).unwrap()
}

fn part(number: u16, document: u8, fields: &[(&str, Value)]) -> Part {
    let mut id = [document; 32];
    id[..20].copy_from_slice(&[if document == 0 { 7 } else { document }; 20]);
    Part {
        gemeente: gemeente(number),
        document: DocumentId(id),
        kind: Kind::Knelpunt.number(),
        week: Week::new(2025, 10 + document).unwrap(),
        quarter_only: false,
        contributes_to: (document != 0).then_some(RECORD),
        practice: true,
        fields: fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        unknown: BTreeMap::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn codes(codes: &[&str]) -> Value {
    Value::Codes(codes.iter().map(|code| (*code).to_owned()).collect())
}

fn three() -> Vec<Part> {
    vec![
        part(
            9901,
            0,
            &[
                ("titel", text("A")),
                ("thema", codes(&["wonen"])),
                ("teams", Value::Code("2".into())),
            ],
        ),
        part(
            9902,
            1,
            &[
                ("titel", text("B")),
                ("thema", codes(&["jeugd"])),
                ("teams", Value::Code("1".into())),
            ],
        ),
        part(
            9903,
            2,
            &[("titel", text("A")), ("thema", codes(&["wonen", "toegang"]))],
        ),
    ]
}

#[test]
fn order_and_repetition_cannot_be_seen() {
    let parts = three();
    let expected = merge(RECORD, &parts).unwrap();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut shuffled: Vec<_> = order.iter().map(|at| parts[*at].clone()).collect();
        shuffled.push(parts[order[0]].clone());
        let merged = merge(RECORD, &shuffled).unwrap();
        assert_eq!(merged, expected);
        let week = Week::new(2025, 30).unwrap();
        assert_eq!(
            merged.to_json(week, &Around::default()).to_string(),
            expected.to_json(week, &Around::default()).to_string()
        );
    }
}

#[test]
fn sets_are_united_and_words_stand_side_by_side() {
    let merged = merge(RECORD, &three()).unwrap();
    assert_eq!(merged.value("thema"), Some(&codes(&["jeugd", "toegang", "wonen"])));
    assert!(matches!(&merged.fields["titel"], Told::Each(each) if each.len() == 3));
    assert!(matches!(&merged.fields["teams"], Told::Each(each) if each.len() == 2));
    assert_eq!(
        (merged.owner, merged.week),
        (gemeente(9901), Week::new(2025, 10).unwrap())
    );
    assert_eq!(merged.contributors.len(), 3);
    let agreeing: Vec<_> = three()
        .into_iter()
        .filter(|part| part.gemeente != gemeente(9902))
        .collect();
    assert_eq!(merge(RECORD, &agreeing).unwrap().value("titel"), Some(&text("A")));
}

#[test]
fn teams_are_told_per_gemeente_even_by_one() {
    let merged = merge(RECORD, &three()[..1]).unwrap();
    let json = merged.to_json(Week::new(2025, 30).unwrap(), &Around::default());
    assert_eq!(json["teams"], serde_json::json!({"GM9901": "2"}));
    assert_eq!(json["titel"], "A");
}

#[test]
fn episodes_are_united() {
    let week = |week| Value::Week(Week::new(2025, week).unwrap());
    let rows = |weeks: &[u8]| {
        let rows = weeks.iter().map(|at| Row::from([("opgelost".to_owned(), week(*at))]));
        Value::Rows((1..).zip(rows).collect())
    };
    let parts = [
        part(9901, 0, &[("episodes", rows(&[20, 30]))]),
        part(9902, 1, &[("episodes", rows(&[30, 25]))]),
    ];
    assert_eq!(
        merge(RECORD, &parts).unwrap().value("episodes"),
        Some(&rows(&[20, 25, 30]))
    );
}

#[test]
fn who_claims_a_record_that_is_not_co_written_is_ignored_and_counted() {
    let mut parts = three();
    for part in &mut parts {
        part.kind = Kind::Signaal.number();
    }
    let merged = merge(RECORD, &parts).unwrap();
    assert_eq!((merged.contributors.len(), merged.ignored), (1, 2));
    assert_eq!(merged.value("titel"), Some(&text("A")));
    assert_eq!(merge(RECORD, &parts[1..]), None);
}

#[test]
fn a_contribution_of_another_kind_or_to_another_record_does_not_count() {
    let mut parts = three();
    parts[1].kind = Kind::Signaal.number();
    parts[2].contributes_to = Some(RecordId([8; 20]));
    let merged = merge(RECORD, &parts).unwrap();
    assert_eq!((merged.contributors.len(), merged.ignored), (1, 2));
}

#[test]
fn contributions_stay_when_the_founder_withdraws() {
    let merged = merge(RECORD, &three()[1..]).unwrap();
    assert_eq!((merged.owner, merged.contributors.len()), (gemeente(9902), 2));
}

#[test]
fn a_kind_of_a_later_version_is_no_record_here() {
    let mut parts = three();
    parts[0].kind = 10;
    assert_eq!(merge(RECORD, &parts), None);
    assert_eq!(merge(RECORD, &[]), None);
}

#[test]
fn two_documents_of_one_gemeente_speak_as_one() {
    let parts = [
        part(9901, 0, &[("titel", text("oud")), ("thema", codes(&["wonen"]))]),
        part(9901, 3, &[("titel", text("nieuw")), ("thema", codes(&["jeugd"]))]),
    ];
    let merged = merge(RECORD, &parts).unwrap();
    assert_eq!(merged.value("titel"), Some(&text("nieuw")));
    assert_eq!(merged.value("thema"), Some(&codes(&["jeugd", "wonen"])));
    assert_eq!(merged.contributors.len(), 1);
}

#[test]
fn what_a_newer_version_added_is_kept_and_shown() {
    let mut parts = three();
    parts[0].unknown.insert("kleur".to_owned(), serde_json::json!("rood"));
    let json = merge(RECORD, &parts)
        .unwrap()
        .to_json(Week::new(2025, 30).unwrap(), &Around::default());
    assert_eq!(json["onbekend"]["kleur"], "rood");
}
