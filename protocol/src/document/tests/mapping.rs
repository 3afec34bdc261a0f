//! A record written and read is the same record.

use std::collections::{BTreeMap, BTreeSet};

use super::samples::{actor, change_of, record, with_fields};
use crate::document::encode::{Entries, Scalar};
use crate::document::history::History;
use crate::document::read::contents;
use crate::document::{ChangeError, DocumentError, edit, found, read, validate};
use crate::entropy::Seeded;
use crate::gate::Shareable;
use crate::id::{Gemeente, RecordId, Week};
use crate::record::{Fields, Kind, Reference, Row, Value};

fn week() -> Week {
    Week::new(2025, 6).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn texts(list: &[&str]) -> Fields {
    Fields::from([(
        "tekst".into(),
        Value::Texts(list.iter().map(|text| (*text).to_owned()).collect()),
    )])
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    for seed in 0..3000 {
        let record = record(&mut Seeded::new(seed));
        let contents = read(&[found(actor(0), &record).unwrap()]).unwrap();
        assert_eq!(contents.fields, *record.fields(), "seed {seed}");
        assert_eq!((contents.kind, contents.week), (record.kind() as u16, record.week()));
        assert_eq!((contents.owner, contents.practice), (record.owner(), true));
        assert!(contents.unknown.is_empty() && contents.contributes_to.is_none());
    }
}

#[test]
fn an_edited_document_says_what_the_record_says() {
    for seed in 0..2000 {
        let mut rng = Seeded::new(seed);
        let mut changes = vec![found(actor(0), &record(&mut rng)).unwrap()];
        for node in 0..4 {
            let record = record(&mut rng);
            changes.extend(edit(actor(node), &changes, &record).unwrap());
            let contents = read(&changes).unwrap();
            assert_eq!(contents.fields, *record.fields(), "seed {seed}");
            assert_eq!(contents.week, record.week());
            assert_eq!(edit(actor(node), &changes, &record).unwrap(), None, "seed {seed}");
        }
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let mut rng = Seeded::new(1);
    let (first, second) = (record(&mut rng), record(&mut rng));
    let founding = found(actor(0), &first).unwrap();
    assert_eq!(founding, found(actor(0), &first).unwrap());
    assert_ne!(founding, found(actor(1), &first).unwrap());
    let changes = [founding];
    let change = edit(actor(1), &changes, &second).unwrap();
    assert!(change.is_some());
    assert_eq!(change, edit(actor(1), &changes, &second).unwrap());
}

#[test]
fn a_contribution_names_its_record() {
    let record = with_fields(week(), Fields::new()).contributing_to(RecordId([3; 20]));
    let changes = [found(actor(0), &record).unwrap()];
    assert_eq!(read(&changes).unwrap().contributes_to, Some(RecordId([3; 20])));
    let other = with_fields(week(), Fields::new());
    assert!(matches!(
        edit(actor(0), &changes, &other),
        Err(DocumentError::OtherRecord)
    ));
}

#[test]
fn a_document_keeps_its_kind() {
    let changes = [found(actor(0), &with_fields(week(), Fields::new())).unwrap()];
    let les = Shareable::for_test(Kind::Les, Gemeente::new(363).unwrap(), week(), Fields::new());
    assert!(matches!(
        edit(actor(0), &changes, &les),
        Err(DocumentError::OtherRecord)
    ));
}

#[test]
fn what_is_empty_is_not_written() {
    let empty = Fields::from([
        ("codes".into(), Value::Codes(BTreeSet::new())),
        ("lijst".into(), Value::Texts(vec![])),
        ("rij".into(), Value::Row(Row::new())),
        ("rijen".into(), Value::Rows(BTreeMap::from([(1, Row::new())]))),
    ]);
    let changes = [found(actor(0), &with_fields(week(), empty)).unwrap()];
    assert_eq!(read(&changes).unwrap().fields, Fields::new());
}

#[test]
fn a_list_is_changed_without_touching_what_stays() {
    let mut changes = vec![found(actor(0), &with_fields(week(), texts(&["a", "b", "c"]))).unwrap()];
    for (list, ops) in [
        (&["a", "x", "b", "c"][..], 1),
        (&["a", "x", "b", "c", "d"], 1),
        (&["a", "b", "c", "d"], 1),
        (&["0", "a", "b", "c", "d"], 1),
        (&["0", "a", "B", "c", "d"], 2),
        (&["0", "0", "0"], 6),
        (&[], 3),
        (&["a", "a"], 2),
    ] {
        let change = edit(actor(1), &changes, &with_fields(week(), texts(list)))
            .unwrap()
            .unwrap();
        assert_eq!(validate(&change).unwrap().ops, ops, "{list:?}");
        changes.push(change);
        let said = read(&changes).unwrap().fields;
        assert_eq!(
            said.get("tekst").cloned(),
            texts(list).remove("tekst").filter(|_| !list.is_empty())
        );
    }
}

/// Twenty insertions at one spot halve the room there until it is gone; the list is then numbered anew.
#[test]
fn a_list_never_runs_out_of_places() {
    let mut list = vec!["begin".to_owned(), "einde".to_owned()];
    let fields = |list: &[String]| Fields::from([("tekst".into(), Value::Texts(list.to_vec()))]);
    let mut changes = vec![found(actor(0), &with_fields(week(), fields(&list))).unwrap()];
    for number in 0..40 {
        list.insert(1, number.to_string());
        changes.push(
            edit(actor(0), &changes, &with_fields(week(), fields(&list)))
                .unwrap()
                .unwrap(),
        );
        assert_eq!(read(&changes).unwrap().fields, fields(&list));
    }
}

fn entries(more: &[(&'static str, Scalar<'static>)]) -> Entries<'static> {
    let envelope = [
        ("soort", Scalar::Number(1)),
        ("eigenaar", Scalar::Text("GM0363".into())),
        ("week", Scalar::Text("2025-W06".into())),
    ];
    let all = envelope.into_iter().chain(more.iter().cloned());
    all.map(|(key, scalar)| (key.into(), scalar)).collect()
}

#[test]
fn keys_of_a_later_version_are_shown_as_unknown() {
    let strange = [
        ("zz:later", Scalar::Number(3)),
        ("later", Scalar::Flag(true)),
        ("t:", Scalar::Text("x".into())),
        ("t:titel", Scalar::Number(1)),
        ("b::x", Scalar::Flag(true)),
        ("C:thema:wonen", Scalar::Flag(false)),
        ("w:start", Scalar::Text("2025-W60".into())),
        ("l:van", Scalar::Text("geen id".into())),
        ("T:lijst:1.2", Scalar::Text("x".into())),
        ("R:rijen:01:t:wat", Scalar::Text("x".into())),
        ("R:rijen:1", Scalar::Text("x".into())),
        ("r:a:r:b:r:c:r:d:r:e:t:f", Scalar::Text("x".into())),
    ];
    let said = contents(&entries(&strange)).unwrap();
    assert_eq!(said.fields, Fields::new());
    assert_eq!(said.unknown.len(), strange.len());
    assert_eq!(said.unknown["zz:later"], 3);
}

/// A sessie as a later version may have written it, edited by this one.
#[test]
fn fields_of_a_later_version_outlive_an_edit() {
    let sessie = |fields| Shareable::for_test(Kind::Sessie, Gemeente::new(363).unwrap(), week(), fields);
    let afspraak = |row: &[&str]| row.iter().map(|name| ((*name).to_owned(), text("x"))).collect::<Row>();
    let rows = |rows: &[(u32, &[&str])]| {
        let rows = rows.iter().map(|(number, row)| (*number, afspraak(row)));
        ("afspraken".to_owned(), Value::Rows(rows.collect()))
    };
    let later = Fields::from([
        rows(&[(1, &["wat", "later"]), (2, &["wat", "later"])]),
        ("later".into(), text("x")),
        ("kwartaal".into(), text("x")),
    ]);
    let mut changes = vec![found(actor(0), &sessie(later)).unwrap()];
    let now = sessie(Fields::from([rows(&[(1, &["wat"])])]));
    changes.extend(edit(actor(1), &changes, &now).unwrap());
    let kept = Fields::from([rows(&[(1, &["wat", "later"])]), ("later".into(), text("x"))]);
    assert_eq!(read(&changes).unwrap().fields, kept);
    assert_eq!(edit(actor(1), &changes, &now).unwrap(), None);
}

#[test]
fn keys_of_a_later_version_outlive_an_edit() {
    let mut entries = entries(&[("zz:later", Scalar::Number(3)), ("t:tekst", Scalar::Text("x".into()))]);
    entries.insert("schema".into(), Scalar::Number(2));
    let mut changes = vec![change_of(&entries)];
    let empty = with_fields(week(), Fields::new());
    changes.extend(edit(actor(1), &changes, &empty).unwrap());
    let contents = read(&changes).unwrap();
    assert_eq!(
        (contents.fields, &contents.unknown["zz:later"]),
        (Fields::new(), &3.into())
    );
    let history = History::read(&changes).unwrap();
    assert_eq!(history.entries()["schema"], Scalar::Number(2));
}

#[test]
fn of_two_types_for_one_field_the_first_key_counts() {
    let clash = [
        ("R:x:1:c:a", Scalar::Text("code".into())),
        ("R:x:1:t:a", Scalar::Text("tekst".into())),
        ("c:x", Scalar::Text("code".into())),
        ("r:y:t:a", Scalar::Text("tekst".into())),
        ("t:y", Scalar::Text("tekst".into())),
    ];
    let said = contents(&entries(&clash)).unwrap();
    let row = Row::from([("a".to_owned(), Value::Code("code".into()))]);
    assert_eq!(said.fields["x"], Value::Rows(BTreeMap::from([(1, row)])));
    assert_eq!(
        said.fields["y"],
        Value::Row(Row::from([("a".to_owned(), text("tekst"))]))
    );
    assert_eq!(said.unknown.keys().collect::<Vec<_>>(), ["R:x:1:t:a", "c:x", "t:y"]);
}

#[test]
fn an_envelope_that_is_not_whole_is_an_error() {
    for (key, scalar) in [
        ("soort", Scalar::Number(70_000)),
        ("soort", Scalar::Text("signaal".into())),
        ("eigenaar", Scalar::Text("Amsterdam".into())),
        ("week", Scalar::Text("2025-W99".into())),
        ("fictief", Scalar::Number(1)),
        ("bij", Scalar::Text("?".into())),
    ] {
        let entries = entries(&[(key, scalar)]);
        assert!(matches!(contents(&entries), Err(DocumentError::Envelope { key: found }) if found == key));
    }
    let mut without = entries(&[]);
    without.remove("week");
    assert!(matches!(
        contents(&without),
        Err(DocumentError::Envelope { key: "week" })
    ));
}

#[test]
fn a_record_that_cannot_be_a_document_is_refused_when_it_is_written() {
    let found = |name: &str, value: Value| found(actor(0), &with_fields(week(), Fields::from([(name.into(), value)])));
    assert!(matches!(found("a:b", text("x")), Err(DocumentError::FieldName { .. })));
    assert!(matches!(found("", text("x")), Err(DocumentError::FieldName { .. })));
    let local = Value::Link(Reference::Local("lokaal-1".into()));
    assert!(matches!(found("op", local), Err(DocumentError::LocalLink { .. })));
    let deep = (0..5).fold(text("x"), |inner, _| Value::Row(Row::from([("r".to_owned(), inner)])));
    assert!(matches!(found("diep", deep), Err(DocumentError::Depth)));
    let long = found("tekst", text(&"x".repeat(16 * 1024 + 1)));
    assert!(matches!(
        long,
        Err(DocumentError::Change {
            at: 0,
            source: ChangeError::TextLength
        })
    ));
    let many = Value::Codes((0..5000).map(|code| code.to_string()).collect());
    assert!(matches!(found("codes", many), Err(DocumentError::Change { .. })));
}

#[test]
fn every_depth_that_can_be_written_can_be_read() {
    for rows_at in 0..16_u32 {
        let deepest = (0..4).fold(text("x"), |inner, level| {
            let row = Row::from([("r".to_owned(), inner)]);
            match rows_at >> level & 1 {
                0 => Value::Row(row),
                _ => Value::Rows(BTreeMap::from([(7, row)])),
            }
        });
        let record = with_fields(week(), Fields::from([("diep".into(), deepest)]));
        let contents = read(&[found(actor(0), &record).unwrap()]).unwrap();
        assert_eq!(contents.fields, *record.fields());
    }
}
