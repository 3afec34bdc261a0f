//! The gate on notes that nobody wrote: how much of what is planted comes through, and how much is masked for nothing.

use std::collections::BTreeSet;

use protocol::gate::NOTES_LEAKING_PERCENT_MAX;
use tests::casework::{self, Style, Tally};

const NOTES: u64 = 500;

fn reaches(tally: &Tally, what: &str, per_mille: u64) {
    let (all, masked) = tally.of_type(what);
    assert!(all > 0 && masked * 1000 >= all * per_mille, "{what}: {tally:?}");
}

fn notes(style: Style) -> Tally {
    Tally::of((0..NOTES).map(|seed| casework::note(1_000_000 + seed, style)))
}

#[test]
fn notes_in_every_manner_keep_their_secrets() {
    for (style, names, addresses, houses, numbers, leaking, masked) in [
        (Style::Ordinary, 995, 990, 990, 990, 1, 17),
        (Style::Small, 990, 990, 990, 990, 2, 14),
        (Style::Capitals, 990, 990, 990, 990, 2, 17),
        (Style::Slips, 995, 990, 960, 950, NOTES_LEAKING_PERCENT_MAX, 20),
    ] {
        let tally = notes(style);
        for what in [
            "BSN",
            "IBAN",
            "PHONE",
            "EMAIL",
            "POSTCODE",
            "PLATE",
            "CASE",
            "BIRTHDATE",
            "TIME",
        ] {
            reaches(&tally, what, 995);
        }
        reaches(&tally, "PERSON", names);
        reaches(&tally, "ADDRESS", addresses);
        reaches(&tally, "PLACE", 990);
        reaches(&tally, "HOUSE", houses);
        reaches(&tally, "NUMBER", numbers);
        assert_eq!(tally.leaking_passed, 0, "{style:?}: {tally:?}");
        assert!(tally.leaking * 100 <= NOTES * leaking, "{style:?}: {tally:?}");
        assert!(
            tally.words_masked * 1000 <= tally.words * masked,
            "{style:?}: {tally:?}"
        );
    }
}

#[test]
fn what_holds_nothing_of_anybody_passes_unmasked() {
    for style in [Style::Ordinary, Style::Small, Style::Capitals] {
        let tally = Tally::of((0..NOTES).map(|seed| casework::clean(seed, style)));
        assert!(tally.words_masked * 100 <= tally.words, "{style:?}: {tally:?}");
        assert!(tally.passed * 10 >= NOTES * 3, "{style:?}: {tally:?}");
    }
}

#[test]
fn the_names_that_no_list_has_stand_in_no_list() {
    let lists = [
        include_str!("../../protocol/data/namen.txt"),
        include_str!("../../protocol/data/voornamen.txt"),
        include_str!("../../protocol/data/achternamen.txt"),
        include_str!("../../protocol/data/woorden.txt"),
    ];
    let known: BTreeSet<&str> = lists.iter().flat_map(|list| list.lines()).collect();
    assert!(known.contains("Jansen"));
    let found: Vec<&str> = casework::unlisted().filter(|name| known.contains(name)).collect();
    assert_eq!(found, [""; 0]);
}

#[test]
fn the_same_seed_writes_the_same_note_and_labels_lie_in_it() {
    for seed in 0..200 {
        let note = casework::note(seed, Style::Slips);
        assert_eq!(note, casework::note(seed, Style::Slips));
        let length = note.text.chars().count();
        assert!(!note.labels.is_empty() || !note.text.is_empty());
        assert!(
            note.labels
                .iter()
                .all(|label| label.start < label.end && label.end <= length)
        );
    }
}
