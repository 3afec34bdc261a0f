//! The gate on notes that nobody wrote: how much of what is planted comes through, and how much is masked for nothing.

use std::collections::{BTreeMap, BTreeSet};

use protocol::gate::{Action, Known, NOTES_LEAKING_PERCENT_MAX, Policy, ScreenedText, Verdict, screen_text};
use tests::casework::{self, Note, Style};

const NOTES: u64 = 500;

/// What came of many notes.
#[derive(Debug, Default)]
struct Tally {
    /// Per type: labels, and of those the ones masked whole.
    types: BTreeMap<&'static str, (u64, u64)>,
    leaking: u64,
    leaking_passed: u64,
    words: u64,
    words_masked: u64,
    passed: u64,
}

impl Tally {
    fn of(notes: impl Iterator<Item = Note>) -> Self {
        let mut tally = Self::default();
        for note in notes {
            let screened = screen_text(&note.text, &Known::default(), &Policy::default());
            tally.add(&note, &screened);
        }
        tally
    }

    fn add(&mut self, note: &Note, screened: &ScreenedText) {
        let characters: Vec<char> = note.text.chars().collect();
        let mut masked = vec![false; characters.len()];
        for span in screened.spans.iter().filter(|span| span.action() != Action::Flag) {
            masked[span.start as usize..span.end as usize].fill(true);
        }
        let whole = |start, end| (start..end).all(|at: usize| masked[at] || !characters[at].is_alphanumeric());
        let mut leaks = false;
        for label in &note.labels {
            let found = whole(label.start, label.end);
            let (all, masked) = self.types.entry(label.what).or_default();
            *all += 1;
            *masked += u64::from(found);
            leaks |= !found;
        }
        let passes = screened.verdict() == Verdict::Pass;
        self.leaking += u64::from(leaks);
        self.leaking_passed += u64::from(leaks && passes);
        self.passed += u64::from(passes);
        let labelled = |at: usize| note.labels.iter().any(|label| (label.start..label.end).contains(&at));
        let mut at = 0;
        for word in note.text.split(char::is_whitespace) {
            let place = at..at + word.chars().count();
            at = place.end + 1;
            if !place.clone().any(labelled) {
                self.words += 1;
                self.words_masked += u64::from(place.clone().any(|at| masked[at]));
            }
        }
    }

    fn reaches(&self, what: &str, per_mille: u64) {
        let (all, masked) = self.types[what];
        assert!(masked * 1000 >= all * per_mille, "{what}: {self:?}");
    }
}

fn notes(style: Style) -> Tally {
    Tally::of((0..NOTES).map(|seed| casework::note(1_000_000 + seed, style)))
}

#[test]
fn notes_in_every_manner_keep_their_secrets() {
    for (style, names, addresses, masked) in [
        (Style::Ordinary, 990, 970, 15),
        (Style::Small, 950, 940, 25),
        (Style::Capitals, 950, 970, 40),
        (Style::Slips, 985, 970, 30),
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
        ] {
            tally.reaches(what, 995);
        }
        tally.reaches("PERSON", names);
        tally.reaches("ADDRESS", addresses);
        tally.reaches("PLACE", 930);
        assert_eq!(tally.leaking_passed, 0, "{style:?}: {tally:?}");
        assert!(
            tally.leaking * 100 <= NOTES * NOTES_LEAKING_PERCENT_MAX,
            "{style:?}: {tally:?}"
        );
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
