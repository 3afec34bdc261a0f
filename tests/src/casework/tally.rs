//! What the gate makes of many notes: how much of what is planted comes through, and how much is masked for nothing.

use std::collections::BTreeMap;

use protocol::gate::{Action, Known, Policy, ScreenedText, Verdict, screen_text};

use super::Note;

/// What came of many notes.
#[derive(Debug, Default)]
pub struct Tally {
    /// Per type: labels, and of those the ones masked whole.
    pub types: BTreeMap<&'static str, (u64, u64)>,
    /// Notes of which a label is not masked whole.
    pub leaking: u64,
    /// Of these the ones that pass.
    pub leaking_passed: u64,
    /// Words that are in no label.
    pub words: u64,
    /// Of these the ones that are masked.
    pub words_masked: u64,
    /// Notes that pass.
    pub passed: u64,
}

impl Tally {
    /// What the gate makes of these notes.
    pub fn of(notes: impl Iterator<Item = Note>) -> Self {
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

    /// Labels of this type, and of these the ones that are masked whole.
    pub fn of_type(&self, what: &str) -> (u64, u64) {
        self.types.get(what).copied().unwrap_or_default()
    }
}
