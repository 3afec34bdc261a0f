//! The vault: what is kept, what can be read in its file, which steps there are.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use protocol::api::Verdict;
use protocol::id::DocumentId;
use protocol::record::{self, Kind};

use super::intake::Format;
use super::*;
use crate::scratch::Scratch;

mod case;

const MARKER: &str = "MERKTEKEN: mevrouw De Vries belde weer";

fn key() -> Secret {
    Secret::new([6; 32])
}

fn open(dir: &Scratch) -> Vault {
    Vault::open(dir.path(), &key()).unwrap()
}

fn signaal(id: Option<&str>, text: &str) -> Taken {
    let id = id.map(|id| format!("\"id\":\"{id}\",")).unwrap_or_default();
    let json = format!(
        "{{{id}\"soort\":\"signaal\",\"aard\":\"knelpunt\",\"thema\":[\"wonen\"],\"laag\":\"uitvoering\",\
         \"overdracht\":true,\"team\":\"t-21\",\"tekst\":\"{text}\"}}"
    );
    let intake = record::Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: "2025-W10".parse().unwrap(),
        kind: Some(Kind::Signaal),
    };
    intake::read(json.as_bytes(), Format::Json, &intake)
        .unwrap()
        .remove(0)
        .unwrap()
}

fn screening(verdict: Verdict) -> Screening {
    Screening {
        verdict,
        findings: Vec::new(),
    }
}

fn decision() -> Decision {
    Decision {
        by: "a.jansen".to_owned(),
        week: "2025-W11".parse().unwrap(),
        content: Some([4; 32]),
    }
}

fn shared(number: u8) -> Shared {
    let document = DocumentId([number; 32]);
    Shared {
        document,
        record: document.into(),
    }
}

/// Brings a record as far as shared.
fn share(vault: &mut Vault, id: &str, number: u8, waiting: Vec<Waiting>) {
    vault.screened(id, screening(Verdict::Review)).unwrap();
    vault.approve(id, decision()).unwrap();
    vault.mark_shared(id, shared(number), None, waiting).unwrap();
}

fn files_contain(dir: &Scratch, needle: &[u8]) -> bool {
    fs::read_dir(dir.path()).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn what_is_added_is_there_after_opening_again() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    let taken = signaal(Some("s-1"), MARKER);
    assert_eq!(vault.add(&taken).unwrap(), Added::New { id: "s-1".to_owned() });
    drop(vault);
    let concept = open(&dir).get("s-1").unwrap();
    assert_eq!(concept.state, State::Draft);
    assert_eq!(concept.input().unwrap(), taken.input);
}

#[test]
fn nothing_that_was_typed_can_be_read_in_the_files() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    for number in 0..50 {
        vault
            .add(&signaal(Some(&format!("dossier-Jansen-{number}")), MARKER))
            .unwrap();
    }
    vault.screened("dossier-Jansen-7", screening(Verdict::Review)).unwrap();
    vault.approve("dossier-Jansen-7", decision()).unwrap();
    let wal = dir.path().join("vault.sqlite-wal");
    assert!(
        fs::metadata(wal).unwrap().len() > 0,
        "what was written stands in the log of SQLite"
    );
    for needle in [MARKER, "Vries", "t-21", "dossier", "uitvoering", "a.jansen"] {
        assert!(!files_contain(&dir, needle.as_bytes()), "{needle} with the vault open");
    }
    drop(vault);
    assert!(!files_contain(&dir, MARKER.as_bytes()) && !files_contain(&dir, b"Jansen"));
    assert_eq!(open(&dir).list(&[], None, 100).len(), 50);
}

#[test]
fn the_files_are_private() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(None, "x")).unwrap();
    for file in fs::read_dir(dir.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(
            file.metadata().unwrap().permissions().mode() & 0o077,
            0,
            "{:?}",
            file.path()
        );
    }
}

#[test]
fn the_same_id_again_is_the_same_record() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    let id = || "s-1".to_owned();
    vault.add(&signaal(Some("s-1"), "een")).unwrap();
    assert_eq!(
        vault.add(&signaal(Some("s-1"), "een")).unwrap(),
        Added::Same { id: id() }
    );
    share(&mut vault, "s-1", 1, Vec::new());
    assert_eq!(
        vault.add(&signaal(Some("s-1"), "een")).unwrap(),
        Added::Same { id: id() }
    );
    assert_eq!(vault.get("s-1").unwrap().state, State::Shared, "nothing was typed anew");
    assert_eq!(
        vault.add(&signaal(Some("s-1"), "twee")).unwrap(),
        Added::Updated { id: id() }
    );
    let concept = vault.get("s-1").unwrap();
    assert_eq!((concept.state, concept.shared), (State::Draft, Some(shared(1))));
    assert_eq!(
        (concept.screening, concept.decision),
        (None, None),
        "what was approved was another text"
    );
    assert_eq!(vault.list(&[], None, 9).len(), 1);
}

#[test]
fn an_id_is_drawn_when_none_is_given() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    let first = vault.add(&signaal(None, "een")).unwrap();
    let second = vault.add(&signaal(None, "een")).unwrap();
    assert_ne!(first.id(), second.id());
    assert_eq!(first.id().len(), DRAWN_CHARS);
    let input = vault.get(first.id()).unwrap().input().unwrap();
    assert_eq!(input.id.as_deref(), Some(first.id()));
    assert!(
        first.id().bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "it can be typed in a link"
    );
    assert!(
        first.id().parse::<RecordId>().is_err(),
        "and is no record of the network"
    );
}

#[test]
fn steps_go_in_their_order_only() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("s-1"), "een")).unwrap();
    let refused = |result: Result<State, VaultError>, from: State| {
        assert!(
            matches!(&result, Err(VaultError::Transition { from: found, .. }) if *found == from),
            "{result:?}"
        );
    };
    refused(vault.approve("s-1", decision()), State::Draft);
    refused(vault.mark_shared("s-1", shared(1), None, Vec::new()), State::Draft);
    assert_eq!(
        vault.screened("s-1", screening(Verdict::Block)).unwrap(),
        State::Refused
    );
    refused(vault.approve("s-1", decision()), State::Refused);
    assert_eq!(
        vault.screened("s-1", screening(Verdict::Pass)).unwrap(),
        State::Screened
    );
    refused(vault.mark_shared("s-1", shared(1), None, Vec::new()), State::Screened);
    assert_eq!(vault.approve("s-1", decision()).unwrap(), State::Approved);
    refused(vault.screened("s-1", screening(Verdict::Pass)), State::Approved);
    assert_eq!(
        vault.mark_shared("s-1", shared(1), None, Vec::new()).unwrap(),
        State::Shared
    );
    refused(vault.approve("s-1", decision()), State::Shared);
    assert_eq!(vault.shared_record_of("s-1"), Some(shared(1).record));
    assert_eq!(vault.shared_record_of("s-2"), None);
}

#[test]
fn links_wait_until_they_are_shared_again_without_them() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    let waiting = vec![Waiting {
        field: "knelpunt".to_owned(),
        target: "k-1".to_owned(),
    }];
    for (id, number) in [("s-1", 1), ("s-2", 2)] {
        vault.add(&signaal(Some(id), "een")).unwrap();
        share(
            &mut vault,
            id,
            number,
            if number == 1 { waiting.clone() } else { Vec::new() },
        );
    }
    assert_eq!(
        vault.waiting_links().unwrap(),
        vec![("s-1".to_owned(), waiting.clone())]
    );
    drop(vault);
    let mut vault = open(&dir);
    assert_eq!(vault.waiting_links().unwrap(), vec![("s-1".to_owned(), waiting)]);
    vault.mark_shared("s-1", shared(1), None, Vec::new()).unwrap();
    assert!(vault.waiting_links().unwrap().is_empty());
}

#[test]
fn lists_are_ordered_filtered_and_paged() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    for id in ["c", "a", "b", "ba"] {
        vault.add(&signaal(Some(id), "een")).unwrap();
    }
    vault.screened("b", screening(Verdict::Review)).unwrap();
    let ids = |lines: Vec<Line>| lines.into_iter().map(|line| line.id).collect::<Vec<_>>();
    assert_eq!(ids(vault.list(&[], None, 9)), ["a", "b", "ba", "c"]);
    assert_eq!(ids(vault.list(&[], Some("b"), 1)), ["ba"]);
    assert_eq!(ids(vault.list(&[State::Screened], None, 9)), ["b"]);
    assert_eq!((vault.count(&[State::Draft]), vault.count(&State::ALL)), (3, 4));
}

#[test]
fn an_id_can_be_typed_by_its_begin() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    for id in ["signaal-1", "signaal-10", "les-1"] {
        vault.add(&signaal(Some(id), "een")).unwrap();
    }
    assert_eq!(vault.resolve("l").unwrap(), "les-1");
    assert_eq!(
        vault.resolve("signaal-1").unwrap(),
        "signaal-1",
        "all of it beats a begin"
    );
    let error = vault.resolve("sig").unwrap_err();
    assert!(
        matches!(&error, VaultError::Ambiguous { examples, .. } if examples.len() == 2),
        "{error}"
    );
    assert!(matches!(vault.resolve("x"), Err(VaultError::Unknown { .. })));
}

#[test]
fn together_is_all_or_nothing() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("s-1"), "een")).unwrap();
    let failed: Result<(), VaultError> = vault.together(|vault| {
        vault.add(&signaal(Some("s-1"), "twee"))?;
        vault.add(&signaal(Some("s-2"), "een"))?;
        vault.approve("s-2", decision()).map(|_| ())
    });
    assert!(matches!(failed, Err(VaultError::Transition { .. })));
    assert_eq!(vault.list(&[], None, 9).len(), 1);
    assert_eq!(vault.get("s-1").unwrap().source, signaal(Some("s-1"), "een").source);
    let kept: Result<(), VaultError> = vault.together(|vault| {
        (0..500).try_for_each(|number| vault.add(&signaal(Some(&format!("t-{number}")), "een")).map(|_| ()))
    });
    kept.unwrap();
    drop(vault);
    assert_eq!(open(&dir).count(&[State::Draft]), 501);
}

#[test]
fn another_process_another_key_and_a_newer_file_are_refused() {
    let dir = Scratch::new("vault");
    let vault = open(&dir);
    assert!(matches!(Vault::open(dir.path(), &key()), Err(VaultError::InUse { .. })));
    drop(vault);
    let other = Vault::open(dir.path(), &Secret::new([7; 32]));
    assert!(matches!(other, Err(VaultError::WrongKey { .. })));
    let path = dir.path().join("vault.sqlite");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    assert!(matches!(
        Vault::open(dir.path(), &key()),
        Err(VaultError::Newer { found: 2, known: 1, .. })
    ));
    fs::write(&path, "this is no database at all, whatever its name says").unwrap();
    let damaged = Vault::open(dir.path(), &key());
    assert!(matches!(damaged, Err(VaultError::Damaged { .. })), "{damaged:?}");
}

#[test]
fn a_row_that_was_changed_in_the_file_does_not_open() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("s-1"), "een")).unwrap();
    vault.add(&signaal(Some("s-2"), "twee")).unwrap();
    drop(vault);
    let path = dir.path().join("vault.sqlite");
    let whole = fs::read(&path).unwrap();
    for change in [
        "UPDATE concept SET state = 3",
        "UPDATE concept SET version = 2",
        "UPDATE concept SET head = (SELECT head FROM concept ORDER BY place DESC LIMIT 1)",
        "UPDATE concept SET body = (SELECT body FROM concept ORDER BY place DESC LIMIT 1)",
    ] {
        fs::write(&path, &whole).unwrap();
        rusqlite::Connection::open(&path)
            .unwrap()
            .execute_batch(change)
            .unwrap();
        let read = Vault::open(dir.path(), &key()).and_then(|vault| {
            vault.get("s-1")?;
            vault.get("s-2")
        });
        assert!(matches!(read, Err(VaultError::Damaged { .. })), "{change}: {read:?}");
    }
}

#[test]
fn debug_and_errors_show_nothing_that_was_typed() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("s-1"), MARKER)).unwrap();
    let concept = vault.get("s-1").unwrap();
    let error = vault.approve("s-1", decision()).unwrap_err();
    let shown = format!(
        "{concept:?} {vault:?} {error} {error:?} {:?}",
        signaal(Some("s-1"), MARKER)
    );
    assert!(!shown.contains("MERKTEKEN") && !shown.contains("Vries"), "{shown}");
}

/// The vault says what its file says, and goes on: what is kept next is there after opening again.
fn goes_on(mut vault: Vault, dir: &Scratch, expected: &[&str]) {
    let ids = |vault: &Vault| -> Vec<String> { vault.list(&[], None, 99).into_iter().map(|line| line.id).collect() };
    assert_eq!(ids(&vault), expected);
    vault.screened("first", screening(Verdict::Review)).unwrap();
    vault.add(&signaal(Some("next"), "hierna")).unwrap();
    drop(vault);
    let reopened = open(dir);
    assert_eq!(ids(&reopened), [expected, &["next"]].concat());
    assert_eq!(reopened.get("first").unwrap().state, State::Screened);
}

fn change_all(vault: &mut Vault) -> Result<(), VaultError> {
    vault.screened("first", screening(Verdict::Review))?;
    vault.add(&signaal(Some("second"), "twee"))?;
    vault.add(&signaal(Some("second"), "twee, beter"))?;
    Ok(())
}

#[test]
fn a_commit_that_fails_takes_everything_back() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("first"), "een")).unwrap();
    // A reference that is checked at the end makes the commit itself fail, and SQLite keeps the transaction open.
    let broken = "PRAGMA foreign_keys = ON; CREATE TABLE target (id INTEGER PRIMARY KEY);
        CREATE TABLE pointer (target REFERENCES target (id) DEFERRABLE INITIALLY DEFERRED);";
    vault.file.connection().execute_batch(broken).unwrap();
    let failed = vault.together(|vault| {
        change_all(vault)?;
        let nowhere = vault.file.connection().execute("INSERT INTO pointer VALUES (1)", []);
        assert_eq!(nowhere, Ok(1));
        Ok::<_, VaultError>(())
    });
    assert!(matches!(failed, Err(VaultError::Engine { .. })), "{failed:?}");
    goes_on(vault, &dir, &["first"]);
}

#[test]
fn a_disk_that_fills_up_halfway_takes_everything_back() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("first"), "een")).unwrap();
    vault_pages(&vault, 24);
    let mut full = false;
    let failed: Result<(), _> = vault.together(|vault| {
        change_all(vault)?;
        // Whoever does not stop at the first failure must not have the rest kept alone.
        for number in 0..200 {
            let text = "vol ".repeat(100);
            let added = vault.add(&signaal(Some(&format!("vol-{number}")), &text));
            full |= matches!(added, Err(VaultError::Full { .. }));
        }
        vault.add(&signaal(Some("last"), "laatste")).map(drop)?;
        Err(VaultError::Unknown {
            id: "enough".to_owned(),
        })
    });
    assert!(full && failed.is_err(), "{failed:?}");
    vault_pages(&vault, 1 << 20);
    goes_on(vault, &dir, &["first"]);
}

fn vault_pages(vault: &Vault, pages: u32) {
    let set = format!("PRAGMA max_page_count = {pages}");
    vault.file.connection().execute_batch(&set).unwrap();
}

#[test]
fn a_panic_takes_everything_back() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    vault.add(&signaal(Some("first"), "een")).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        vault.together(|vault| {
            change_all(vault)?;
            assert_eq!(vault.rows.len(), 0, "a panic halfway");
            Ok::<_, VaultError>(())
        })
    }));
    assert!(panicked.is_err());
    goes_on(vault, &dir, &["first"]);
}

#[test]
fn only_what_nobody_outside_has_is_thrown_away() {
    let dir = Scratch::new("vault");
    let mut vault = open(&dir);
    for id in ["weg", "gedeeld", "terug"] {
        vault.add(&signaal(Some(id), MARKER)).unwrap();
    }
    let nameless = signaal(None, "twee");
    let drawn = vault.add(&nameless).unwrap().id().to_owned();
    assert_eq!(vault.typed().unwrap().get(&vault.mark(&nameless.source)), Some(&drawn));
    share(&mut vault, "gedeeld", 1, Vec::new());
    share(&mut vault, "terug", 2, Vec::new());
    vault.withdrawn(&[DocumentId([2; 32])]).unwrap();
    vault.discard("weg").unwrap();
    vault.discard("terug").unwrap();
    assert!(matches!(vault.discard("gedeeld"), Err(VaultError::Leaves { .. })));
    vault.add(&signaal(Some("gedeeld"), "anders")).unwrap();
    assert!(
        matches!(vault.discard("gedeeld"), Err(VaultError::Leaves { .. })),
        "others hold what was typed before"
    );
    assert!(matches!(vault.discard("weg"), Err(VaultError::Unknown { .. })));
    drop(vault);
    let vault = open(&dir);
    let ids: Vec<String> = vault.list(&[], None, 9).into_iter().map(|line| line.id).collect();
    assert!(
        ids.len() == 2 && ids.contains(&drawn) && ids.contains(&"gedeeld".to_owned()),
        "{ids:?}"
    );
}
