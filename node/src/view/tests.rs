//! The view follows the documents, and answers the same whatever came first.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{Digest, DocumentId, Gemeente, LogId, RecordId, Week};
use protocol::{document, record};
use serde_json::{Value, json};

use super::*;
use crate::scratch::Scratch;

mod around;
mod many;
mod questions;
mod tables;

fn gemeente(number: u16) -> Gemeente {
    Gemeente::new(number).unwrap()
}

fn week() -> Week {
    "2026-W10".parse().unwrap()
}

fn shareable(by: u16, typed: &Value) -> Shareable {
    let intake = record::Intake {
        gemeente: gemeente(by),
        week: week(),
        kind: None,
    };
    let screened = screen(
        Draft::new(record::read_json(typed, &intake).unwrap(), Known::default()),
        &Policy::default(),
    );
    let approval = Approval::after_reading(Account::new("tester").unwrap(), &screened);
    screened.approve(approval).unwrap().release(&|_| None).0
}

/// A document of one change, with the number as its id.
fn founded(number: u8, by: u16, typed: &Value) -> Change {
    let document = DocumentId([number; 32]);
    let record = shareable(by, typed);
    let change = document::found(document::actor(LogId([by as u8; 32]), document), &record).unwrap();
    Change {
        document,
        content: Content::Changes {
            gemeente: gemeente(by),
            kind: record.kind().number(),
            changes: vec![change],
        },
    }
}

fn knelpunt(titel: &str, thema: &str) -> Value {
    json!({"soort": "knelpunt", "week": "2026-W08", "titel": titel, "thema": [thema], "soort_knelpunt": "regel", "teams": "1"})
}

fn signaal(tekst: &str, knelpunt: Option<RecordId>) -> Value {
    let mut typed = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": ["wonen"],
        "laag": "uitvoering", "overdracht": true, "tekst": tekst});
    if let Some(knelpunt) = knelpunt {
        typed["knelpunt"] = knelpunt.to_string().into();
    }
    typed
}

/// A knelpunt that two gemeenten write, two signals, and one that is not linked.
fn changes() -> Vec<Change> {
    let first = founded(1, 9901, &knelpunt("Twee loketten", "wonen"));
    let record = RecordId::from(first.document);
    let mut second = knelpunt("Loketten wachten op elkaar", "toegang");
    second["bijdrage_aan"] = record.to_string().into();
    vec![
        first,
        founded(2, 9902, &second),
        founded(3, 9901, &signaal("De aanvraag wacht op een ander loket.", Some(record))),
        founded(4, 9902, &signaal("Hetzelfde hier.", Some(record))),
        founded(5, 9903, &signaal("Iets anders.", None)),
    ]
}

fn listed(view: &Readers, filter: &Filter) -> Vec<Value> {
    let mut found = Vec::new();
    let read = view.read(|reading| {
        assert_eq!(reading.state(), Some(Digest([9; 32])));
        reading.records(filter, None, week(), &mut |json| {
            found.push(serde_json::from_str(json).unwrap());
            ControlFlow::Continue(())
        })
    });
    read.unwrap();
    found
}

fn filled(scratch: &Scratch, name: &str, batches: &[Batch]) -> Readers {
    let path = scratch.path().join(name);
    let mut writer = Writer::open(&path).unwrap();
    for batch in batches {
        writer.apply(batch).unwrap();
    }
    writer.readers()
}

fn batch(changes: &[Change], last: bool) -> Batch {
    Batch {
        changes: changes.to_vec(),
        state: last.then_some(Digest([9; 32])),
        ..Batch::default()
    }
}

#[test]
fn every_order_of_arrival_gives_the_same_answers() {
    let scratch = Scratch::new("view-order");
    let mut changes = changes();
    let whole = listed(&filled(&scratch, "whole", &[batch(&changes, true)]), &Filter::default());
    assert_eq!(whole.len(), 4);
    let mut rng = Seeded::new(1);
    for round in 0..12 {
        rng.shuffle(&mut changes);
        let mut batches: Vec<Batch> = changes
            .chunks(1 + rng.below(3) as usize)
            .map(|part| batch(part, false))
            .collect();
        batches.push(batch(&changes[..1], true));
        assert_eq!(
            listed(&filled(&scratch, &round.to_string(), &batches), &Filter::default()),
            whole
        );
    }
}

#[test]
fn a_co_written_record_is_one_and_shows_who_says_what() {
    let scratch = Scratch::new("view-merge");
    let view = filled(&scratch, "v", &[batch(&changes(), true)]);
    let filter = Filter {
        kind: Some(record::Kind::Knelpunt),
        ..Filter::default()
    };
    let found = listed(&view, &filter);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["bijdragen"], json!(["GM9901", "GM9902"]));
    assert_eq!(found[0]["thema"], json!(["toegang", "wonen"]));
    assert_eq!(found[0]["titel"]["GM9902"], "Loketten wachten op elkaar");
    // Two gemeenten state it: the signals that link to it arrive as facts, not as text.
    assert_eq!(found[0]["staat"], "structureel_vermoed");
}

#[test]
fn filters_and_the_begin_of_an_id_find_what_they_name() {
    let scratch = Scratch::new("view-filter");
    let view = filled(&scratch, "v", &[batch(&changes(), true)]);
    let by = |gemeente: Gemeente| {
        listed(
            &view,
            &Filter {
                gemeente: Some(gemeente),
                ..Filter::default()
            },
        )
        .len()
    };
    assert_eq!(
        (
            by(gemeente(9901)),
            by(gemeente(9902)),
            by(gemeente(9903)),
            by(gemeente(9904))
        ),
        (2, 2, 1, 0)
    );
    let theme = Filter {
        theme: Some("toegang".to_owned()),
        ..Filter::default()
    };
    assert_eq!(listed(&view, &theme).len(), 1);
    let id = RecordId([5; 20]).to_string();
    let one = view.read(|reading| reading.record(&id[..4], week())).unwrap();
    assert!(matches!(one, Found::One(json) if json.contains("Iets anders")));
    assert_eq!(
        view.read(|reading| reading.record("zzzz", week())).unwrap(),
        Found::None
    );
    assert!(matches!(view.read(|reading| reading.record("0", week())).unwrap(), Found::Several(ids) if ids.len() == 4));
    assert_eq!(
        view.read(|reading| reading.record("O'; DROP", week())).unwrap(),
        Found::None
    );
}

#[test]
fn what_no_longer_counts_disappears_and_a_broken_document_is_counted() {
    let scratch = Scratch::new("view-gone");
    let becomes = |at: usize, content: Content| Change {
        content,
        ..changes()[at].clone()
    };
    let gemeente = gemeente(9902);
    let broken = Content::Changes {
        gemeente,
        kind: 1,
        changes: vec![b"not a change".to_vec()],
    };
    let last = [
        becomes(4, Content::Gone),
        becomes(3, broken),
        becomes(2, Content::Unreadable { gemeente }),
    ];
    let view = filled(&scratch, "v", &[batch(&changes(), false), batch(&last, true)]);
    assert_eq!(listed(&view, &Filter::default()).len(), 1);
    assert_eq!(view.read(|reading| reading.broken()).unwrap(), 2);
}

#[test]
fn a_view_is_filled_once_it_showed_everything() {
    let scratch = Scratch::new("view-filled");
    let mut writer = Writer::open(&scratch.path().join("v")).unwrap();
    writer.apply(&batch(&changes()[..2], false)).unwrap();
    assert!(!writer.is_filled().unwrap());
    writer.apply(&batch(&changes()[2..], true)).unwrap();
    writer.apply(&batch(&changes()[..1], false)).unwrap();
    assert!(writer.is_filled().unwrap());
    writer.clear().unwrap();
    assert!(!writer.is_filled().unwrap());
}

#[test]
fn a_view_of_another_version_or_a_damaged_one_is_made_anew() {
    let scratch = Scratch::new("view-anew");
    let path = scratch.path().join("v");
    std::fs::write(
        &path,
        b"this is no database, but it is longer than a header of one would be",
    )
    .unwrap();
    let mut writer = Writer::open(&path).unwrap();
    assert_eq!(writer.state().unwrap(), None);
    writer.apply(&batch(&changes(), true)).unwrap();
    drop(writer);
    assert_eq!(Writer::open(&path).unwrap().state().unwrap(), Some(Digest([9; 32])));
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .pragma_update(None, "user_version", VIEW_VERSION + 1)
        .unwrap();
    drop(connection);
    assert_eq!(Writer::open(&path).unwrap().state().unwrap(), None);
}

/// A view that was closed well.
fn closed(path: &std::path::Path) {
    let mut writer = Writer::open(path).unwrap();
    writer.apply(&batch(&changes(), true)).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_bit_that_changes_in_a_closed_view_is_found_wherever_it_is() {
    let scratch = Scratch::new("view-bit");
    let path = scratch.path().join("v");
    closed(&path);
    let opened = Writer::open(&path).unwrap();
    assert!(opened.is_filled().unwrap(), "what did not change is not made anew");
    drop(opened);
    let length = usize::try_from(std::fs::metadata(&path).unwrap().len()).unwrap();
    // In every page, and in the texts of records, of which SQLite itself says nothing.
    for at in (0..length).step_by(4_001) {
        std::fs::remove_file(&path).unwrap();
        closed(&path);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[at] ^= 16;
        std::fs::write(&path, bytes).unwrap();
        assert!(!Writer::open(&path).unwrap().is_filled().unwrap(), "byte {at}");
    }
}

#[test]
fn a_row_that_is_found_damaged_is_made_anew_at_the_next_start() {
    let scratch = Scratch::new("view-condemned");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    writer.apply(&batch(&changes(), true)).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute("UPDATE documenten SET inhoud = 'x' WHERE inhoud IS NOT NULL", [])
        .unwrap();
    drop(connection);
    let view = writer.readers();
    let asked =
        view.read(|reading| reading.records(&Filter::default(), None, week(), &mut |_| ControlFlow::Continue(())));
    assert!(matches!(asked, Err(ViewError::Damaged { .. })));
    writer.close().unwrap();
    assert!(!Writer::open(&path).unwrap().is_filled().unwrap());
}

#[test]
fn while_documents_are_due_the_view_says_so() {
    let scratch = Scratch::new("view-due");
    let view = filled(&scratch, "v", &[batch(&changes(), true), batch(&changes()[..1], false)]);
    assert_eq!(view.read(|reading| Ok(reading.state())).unwrap(), None);
}

/// Whether the bytes are in the view or in a file beside it.
fn files_contain(scratch: &Scratch, needle: &[u8]) -> bool {
    let mut places = vec![scratch.path().to_path_buf()];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(std::fs::read_dir(place).unwrap().map(|file| file.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(place).unwrap();
        if bytes.windows(needle.len()).any(|window| window == needle) {
            return true;
        }
    }
    false
}

fn marker(number: u8) -> String {
    format!(
        "Merkteken {number:03} van deze proef. {}",
        "Het loket wacht. ".repeat(20)
    )
}

#[test]
fn what_was_removed_is_in_no_file_of_the_view() {
    let scratch = Scratch::new("view-bytes");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    let all: Vec<Change> = (1..120)
        .map(|number| founded(number, 9901, &signaal(&marker(number), None)))
        .collect();
    for part in all.chunks(7) {
        writer.apply(&batch(part, false)).unwrap();
    }
    let found = |number: u8| files_contain(&scratch, &marker(number).as_bytes()[..13]);
    assert!((1..120).all(found));
    let gone = |change: &Change| Change {
        document: change.document,
        content: Content::Gone,
    };
    let removed: Vec<Change> = all
        .iter()
        .filter(|change| change.document.0[0] % 3 == 0)
        .map(gone)
        .collect();
    // A question under way sees what it began with; what went is taken away as soon as it is over.
    let readers = writer.readers();
    let read = readers.read(|reading| {
        assert_eq!(reading.count(&Filter::default())?, 119);
        writer.apply(&batch(&removed, true))?;
        assert!(writer.owes());
        assert_eq!(reading.count(&Filter::default())?, 119);
        Ok(())
    });
    read.unwrap();
    writer.settle().unwrap();
    assert!(!writer.owes());
    let left: Vec<u8> = (1..120).filter(|number| found(*number)).collect();
    assert_eq!(left, (1..120).filter(|number| number % 3 != 0).collect::<Vec<u8>>());
}

#[test]
fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("view-modes");
    let path = scratch.path().join("v");
    std::fs::write(&path, b"").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut writer = Writer::open(&path).unwrap();
    writer.apply(&batch(&changes(), true)).unwrap();
    let modes = std::fs::read_dir(scratch.path()).unwrap().map(|file| {
        let file = file.unwrap();
        (file.file_name(), file.metadata().unwrap().permissions().mode() & 0o777)
    });
    let modes: Vec<_> = modes.collect();
    assert_eq!(modes.len(), 4, "{modes:?}");
    let fits = |name: &std::ffi::OsString| if name == "v.search" { 0o700 } else { 0o600 };
    assert!(modes.iter().all(|(name, mode)| *mode == fits(name)), "{modes:?}");
}

#[test]
fn a_damaged_row_is_not_quoted() {
    let scratch = Scratch::new("view-quote");
    let path = scratch.path().join("v");
    let view = filled(&scratch, "v", &[batch(&changes(), true)]);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let broken = r#"UPDATE documenten SET inhoud = '{"kind":"mevrouw De Vries"}' WHERE inhoud IS NOT NULL"#;
    connection.execute(broken, []).unwrap();
    let failed =
        view.read(|reading| reading.records(&Filter::default(), None, week(), &mut |_| ControlFlow::Continue(())));
    let said = failed.unwrap_err().to_string();
    assert!(said.contains("is damaged") && !said.contains("Vries"), "{said}");
}

/// Every record of the view beside what the rules of the protocol say of all of them together.
#[test]
fn what_links_to_a_record_counts_as_the_rules_say() {
    let scratch = Scratch::new("view-state");
    let mut all = changes();
    let target = RecordId::from(all[0].document).to_string();
    let lesson = json!({"soort": "les", "week": "2026-W09", "titel": "Eerst het adres", "niveau": "werkproces",
        "kern": "Samen bellen werkt.", "uit": [target]});
    all.push(founded(6, 9903, &lesson));
    let question = json!({"soort": "bericht", "week": "2026-W09", "over": target, "vorm": "vraag",
        "tekst": "Geldt dit ook voor ons?"});
    all.push(founded(7, 9905, &question));
    let parts = |change: &Change| {
        let Content::Changes {
            gemeente,
            kind,
            changes,
        } = &change.content
        else {
            panic!("every document of this test can be read")
        };
        let contents = document::read(changes).unwrap();
        contents.into_part(change.document, *gemeente, *kind)
    };
    let mut records = std::collections::BTreeMap::<RecordId, Vec<record::Part>>::new();
    for part in all.iter().map(|change| (parts(change), change.document)) {
        let record = part.0.contributes_to.unwrap_or(part.1.into());
        records.entry(record).or_default().push(part.0);
    }
    let merged: Vec<record::Merged> = records
        .iter()
        .map(|(id, parts)| record::merge(*id, parts).unwrap())
        .collect();
    let held = record::Held::new(&merged);
    let expected: Vec<Value> = merged
        .iter()
        .map(|one| one.to_json(week(), &held.around(one)))
        .collect();
    let view = filled(&scratch, "v", &[batch(&all, true)]);
    assert_eq!(listed(&view, &Filter::default()), expected);
    assert!(
        expected.iter().any(|record| record["staat"] == "in_aanpak"),
        "{expected:?}"
    );
    // What is about a record of a gemeente concerns it, whoever wrote that.
    for (writer, several) in [(9901, 3), (9902, 3), (9903, 2), (9905, 1)] {
        let writer = gemeente(writer);
        let concerning = held.concerning(&merged, &BTreeSet::from([writer]));
        let concerning: BTreeSet<_> = concerning.into_iter().map(|record| record.id.clone()).collect();
        let found = view.read(|reading| reading.neighbours()?.concerning(writer)).unwrap();
        assert_eq!(found.len(), several);
        assert_eq!(
            found
                .into_iter()
                .map(record::Reference::Record)
                .collect::<BTreeSet<_>>(),
            concerning
        );
    }
}

#[test]
fn an_identifier_that_arrives_is_hidden_and_its_owner_is_told() {
    let scratch = Scratch::new("view-hidden");
    // By somebody whose gate is switched off.
    let leaky = include_bytes!("../../../protocol/src/gate/received/leaky.change");
    let leaky = Change {
        document: DocumentId([7; 32]),
        content: Content::Changes {
            gemeente: gemeente(9901),
            kind: 1,
            changes: vec![leaky.to_vec()],
        },
    };
    let fine = founded(2, 9902, &signaal("Het loket wacht op een besluit.", None));
    let view = filled(&scratch, "view", &[batch(&[leaky, fine], true)]);
    let shown = listed(&view, &Filter::default());
    let leaky = shown.iter().find(|record| record["eigenaar"] == "GM9901").unwrap();
    assert_eq!(
        leaky["tekst"],
        "Bel [verborgen: telefoonnummer] of mail [verborgen: e-mailadres]."
    );
    let hidden = |by: u16| view.read(|reading| reading.hidden(gemeente(by))).unwrap();
    assert_eq!((hidden(9901), hidden(9902)), (1, 0));
    assert!(!files_contain(&scratch, b"12345678"));
}
