//! Names are read back as they were written, and what is not a name is refused with its place.

use super::*;

#[test]
fn weeks_follow_iso_8601() {
    for (unix, week) in [
        (1_735_516_800, "2025-W01"),
        (1_736_035_200, "2025-W01"),
        (1_795_219_200, "2026-W47"),
        (1_798_934_400, "2026-W53"),
        (946_857_600, "2000-W01"),
    ] {
        assert_eq!(Week::at(unix).to_string(), week);
    }
}

#[test]
fn every_week_of_two_centuries_has_its_place() {
    let first: Week = "2000-W01".parse().unwrap();
    let mut before = first;
    for step in 1..10_400 {
        let week = first.plus(step);
        assert_eq!(week.index(), first.index() + step);
        assert!(week > before);
        assert_eq!(week.to_string().parse::<Week>().unwrap(), week);
        before = week;
    }
}

#[test]
fn a_year_has_the_weeks_it_has() {
    assert!("2026-W53".parse::<Week>().is_ok());
    assert!("2025-W53".parse::<Week>().is_err());
    assert!("2025-W00".parse::<Week>().is_err());
    assert!("1999-W10".parse::<Week>().is_err());
    assert!("2025-W1é".parse::<Week>().is_err());
}

#[test]
fn quarters_hold_the_thursday() {
    for (week, quarter) in [
        ("2025-W01", "2025-Q1"),
        ("2025-W13", "2025-Q1"),
        ("2025-W14", "2025-Q2"),
        ("2025-W40", "2025-Q4"),
        ("2026-W53", "2026-Q4"),
    ] {
        assert_eq!(week.parse::<Week>().unwrap().quarter().to_string(), quarter);
    }
}

#[test]
fn a_quarter_starts_with_its_first_week() {
    for (week, first) in [
        ("2025-W01", "2025-W01"),
        ("2025-W13", "2025-W01"),
        ("2025-W20", "2025-W14"),
        ("2026-W53", "2026-W40"),
        ("2000-W05", "2000-W01"),
    ] {
        assert_eq!(week.parse::<Week>().unwrap().quarter_start().to_string(), first);
    }
}

#[test]
fn record_ids_are_read_back() {
    for byte in [0_u8, 1, 0x5a, 0xff] {
        let mut bytes = [byte; 20];
        bytes[3] = 7;
        let id = RecordId(bytes);
        assert_eq!(id.to_string().len(), 32);
        assert_eq!(id.to_string().parse::<RecordId>().unwrap(), id);
    }
    let wrong = "0123456789abcdefghjkmnpqrstvwxyu".parse::<RecordId>();
    assert_eq!(wrong, Err(ParseIdError::Character { found: 'u', at: 31 }));
}

#[test]
fn hexadecimal_is_lower_case_and_exact() {
    let key = NodeKey([0xab; 32]);
    assert_eq!(key.to_string().parse::<NodeKey>().unwrap(), key);
    assert!(key.to_string().to_uppercase().parse::<NodeKey>().is_err());
    assert!(key.to_string()[1..].parse::<NodeKey>().is_err());
}

#[test]
fn gemeente_codes_are_gm_and_four_digits() {
    assert_eq!("GM0014".parse::<Gemeente>().unwrap().to_string(), "GM0014");
    for wrong in ["GM14", "gm0014", "GM00145", "GMé014", "GM0 14", ""] {
        assert!(wrong.parse::<Gemeente>().is_err(), "{wrong}");
    }
}

#[test]
fn parts_of_a_hash_do_not_run_together() {
    assert_ne!(hash("x", &[b"ab", b"c"]), hash("x", &[b"a", b"bc"]));
    assert_ne!(hash("x", &[b"ab"]), hash("y", &[b"ab"]));
}
