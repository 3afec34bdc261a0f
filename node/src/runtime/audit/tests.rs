//! The audit log says who did what, and never grows past what it may.

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::scratch::Scratch;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn account() -> Account {
    Account::new("j.de.vries").unwrap()
}

fn audit(scratch: &Scratch, days: u16, megabytes: u16) -> Audit {
    Audit::new(scratch.path().join("audit"), Keep { days, megabytes })
}

fn lines(audit: &Audit) -> Vec<serde_json::Value> {
    let names = audit.names().unwrap().into_iter();
    let texts: String = names
        .map(|name| fs::read_to_string(audit.dir.join(name)).unwrap())
        .collect();
    texts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn moments_are_written_in_the_calendar() {
    for (seconds, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (951_782_400, "2000-02-29T00:00:00Z"),
        (1_709_251_199, "2024-02-29T23:59:59Z"),
        (1_767_225_599, "2025-12-31T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"),
    ] {
        assert_eq!(Moment::of(at(seconds)).text(), text);
    }
}

#[test]
fn a_line_says_who_did_what_to_what_and_is_private() {
    let scratch = Scratch::new("audit");
    let audit = audit(&scratch, 365, 1);
    let ids: Vec<String> = (0..=IDS_MAX).map(|number| format!("s-{number}")).collect();
    audit.note_at(at(0), &account(), Deed::TookIn, &ids).unwrap();
    audit.note_at(at(1), &account(), Deed::ChangedCharter, &[]).unwrap();
    let lines = lines(&audit);
    assert_eq!(lines[0]["van"].as_array().unwrap().len(), IDS_MAX);
    assert_eq!(lines[0]["aantal"], IDS_MAX + 1);
    let expected =
        serde_json::json!({"tijd": "1970-01-01T00:00:01Z", "account": "j.de.vries", "daad": "handvest", "aantal": 0});
    assert_eq!(lines[1], expected);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&audit.dir), 0o700);
    assert_eq!(mode(&audit.dir.join("1970-01.0001.jsonl")), 0o600);
    assert_eq!(audit.error(), None);
}

#[test]
fn a_restart_goes_on_in_the_same_file() {
    let scratch = Scratch::new("audit-again");
    for second in 0..3 {
        audit(&scratch, 365, 1)
            .note_at(at(second), &account(), Deed::Approved, &[])
            .unwrap();
    }
    let audit = audit(&scratch, 365, 1);
    assert_eq!((lines(&audit).len(), audit.names().unwrap().len()), (3, 1));
}

#[test]
fn it_stays_within_its_size_and_keeps_the_newest() {
    let scratch = Scratch::new("audit-size");
    let audit = audit(&scratch, 365, 1);
    let ids = vec!["x".repeat(500); IDS_MAX];
    for second in 0..100 {
        audit.note_at(at(second), &account(), Deed::TookIn, &ids).unwrap();
    }
    let names = audit.names().unwrap();
    let total: u64 = names.iter().map(|name| size_of(&audit.dir.join(name))).sum();
    assert!(total <= MEGABYTE, "{total} bytes in {names:?}");
    let lines = lines(&audit);
    assert!(lines.len() > 10, "most of it is kept");
    assert_eq!(lines.last().unwrap()["tijd"], "1970-01-01T00:01:39Z");
    assert_ne!(lines[0]["tijd"], "1970-01-01T00:00:00Z");
}

#[test]
fn what_is_too_old_is_removed() {
    let scratch = Scratch::new("audit-old");
    let audit = audit(&scratch, 30, 1);
    for month in 0..6 {
        audit
            .note_at(at(month * 31 * DAY.as_secs()), &account(), Deed::Withdrew, &[])
            .unwrap();
    }
    assert_eq!(audit.names().unwrap(), ["1970-05.0001.jsonl", "1970-06.0001.jsonl"]);
}

#[test]
fn a_year_is_kept_for_a_year_and_at_most_a_month_more() {
    for (name, every) in [("audit-year", 9), ("audit-quiet", 80)] {
        let scratch = Scratch::new(name);
        let audit = audit(&scratch, 365, 1);
        for day in (0..2_000).step_by(every) {
            let now = at(day * DAY.as_secs());
            audit.note_at(now, &account(), Deed::Withdrew, &[]).unwrap();
            let names = audit.names().unwrap();
            let year = Moment::of(now.checked_sub(DAY * 365).unwrap_or(UNIX_EPOCH)).month();
            assert!(names[0].as_str() >= year.as_str(), "{day}: {names:?}");
            let held = lines(&audit).len() as u64;
            assert!(held >= (day.min(365) / every as u64), "{day}: {held} lines");
        }
    }
}

#[test]
fn a_clock_that_jumps_takes_nothing_away() {
    let scratch = Scratch::new("audit-jump");
    let audit = audit(&scratch, 365, 1);
    let month = |number: u64| at(number * 31 * DAY.as_secs());
    for number in 0..12 {
        audit.note_at(month(number), &account(), Deed::Withdrew, &[]).unwrap();
    }
    let before = audit.names().unwrap();
    for number in [5_000, 12, 200] {
        audit.note_at(month(number), &account(), Deed::Withdrew, &[]).unwrap();
    }
    let after = audit.names().unwrap();
    assert_eq!(after[..before.len()], before);
    // Time that does pass takes away what is too old, whatever the clock once said.
    for number in 13..40 {
        audit.note_at(month(number), &account(), Deed::Withdrew, &[]).unwrap();
    }
    let left = audit.names().unwrap();
    assert!(!before.iter().any(|name| left.contains(name)), "{left:?}");
    assert!(left.len() < 17, "{left:?}");
}

#[test]
fn what_is_written_stays_beside_what_a_clock_that_was_ahead_left() {
    let scratch = Scratch::new("audit-ahead");
    let audit = audit(&scratch, 365, 1);
    fs::create_dir_all(&audit.dir).unwrap();
    fs::write(audit.dir.join("2099-01.0001.jsonl"), vec![b'\n'; 1024 * 1024]).unwrap();
    audit.note_at(at(1_767_225_599), &account(), Deed::TookIn, &[]).unwrap();
    assert_eq!(lines(&audit).len(), 1, "{:?}", audit.names());
}

#[test]
fn a_line_that_a_crash_cut_off_does_not_take_the_next_along() {
    let scratch = Scratch::new("audit-half");
    audit(&scratch, 365, 1)
        .note_at(at(0), &account(), Deed::Approved, &[])
        .unwrap();
    let again = audit(&scratch, 365, 1);
    let path = again.dir.join("1970-01.0001.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let half = &whole[..whole.len() / 2];
    fs::write(&path, format!("{whole}{half}")).unwrap();
    again.note_at(at(1), &account(), Deed::Withdrew, &[]).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[1]), (3, half));
    let last: serde_json::Value = serde_json::from_str(lines[2]).unwrap();
    assert_eq!(last["daad"], "ingetrokken");
}

#[test]
fn what_cannot_be_kept_is_told_until_it_can() {
    let scratch = Scratch::new("audit-full");
    let audit = audit(&scratch, 30, 1);
    fs::write(&audit.dir, "no directory").unwrap();
    assert!(audit.note_at(at(0), &account(), Deed::Approved, &[]).is_err());
    assert!(audit.error().is_some());
    fs::remove_file(&audit.dir).unwrap();
    audit.note_at(at(1), &account(), Deed::Approved, &[]).unwrap();
    assert_eq!((audit.error(), lines(&audit).len()), (None, 1));
}
