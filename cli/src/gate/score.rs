//! Counting: what was labelled, what was masked, what leaked.

use std::collections::BTreeMap;

use protocol::gate::{Action, ScreenedText, Verdict};
use serde::Serialize;

use super::gold::Gold;

/// Labels of one type, and how many of them are masked whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Recall {
    pub(super) labels: u64,
    pub(super) masked: u64,
}

/// What was counted over all texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Score {
    pub(super) documents: u64,
    /// Documents without a label, and how many of those pass.
    pub(super) clean: u64,
    pub(super) clean_passed: u64,
    pub(super) passed: u64,
    pub(super) blocked: u64,
    /// Documents that hold a label of which a letter or digit is not masked.
    pub(super) leaking: u64,
    /// The same, passed: nobody would have looked.
    pub(super) leak_at_pass: u64,
    /// Words with a letter or digit; those that touch a label; masked ones; masked ones that touch no label.
    pub(super) tokens: u64,
    pub(super) tokens_labelled: u64,
    pub(super) tokens_masked: u64,
    pub(super) tokens_masked_beyond: u64,
    /// Findings that are masked and touch no label.
    pub(super) findings_beyond: u64,
    pub(super) types: BTreeMap<String, Recall>,
}

impl Score {
    /// Adds a text.
    pub(super) fn add(&mut self, gold: &Gold, characters: &[char], screened: &ScreenedText) {
        let mut labelled = vec![false; characters.len()];
        let mut masked = vec![false; characters.len()];
        for label in &gold.spans {
            labelled[label.place()].fill(true);
        }
        let protecting = screened.spans.iter().filter(|span| span.action() != Action::Flag);
        for span in protecting {
            let place = span.start as usize..span.end as usize;
            let beyond = !labelled[place.clone()].contains(&true);
            self.findings_beyond += u64::from(beyond);
            masked[place].fill(true);
        }
        let leaks = self.labels(gold, characters, &masked);
        self.documents(gold, screened.verdict(), leaks);
        self.tokens(characters, &labelled, &masked);
    }

    fn labels(&mut self, gold: &Gold, characters: &[char], masked: &[bool]) -> bool {
        let mut leaks = false;
        for label in &gold.spans {
            let whole = label.place().all(|at| masked[at] || !characters[at].is_alphanumeric());
            let recall = self.types.entry(label.what.clone()).or_default();
            recall.labels += 1;
            recall.masked += u64::from(whole);
            leaks |= !whole;
        }
        leaks
    }

    fn documents(&mut self, gold: &Gold, verdict: Verdict, leaks: bool) {
        let passes = verdict == Verdict::Pass;
        let clean = gold.spans.is_empty();
        self.documents += 1;
        self.clean += u64::from(clean);
        self.clean_passed += u64::from(clean && passes);
        self.passed += u64::from(passes);
        self.blocked += u64::from(verdict == Verdict::Block);
        self.leaking += u64::from(leaks);
        self.leak_at_pass += u64::from(leaks && passes);
    }

    fn tokens(&mut self, characters: &[char], labelled: &[bool], masked: &[bool]) {
        let mut at = 0;
        for word in characters.split(|c| c.is_whitespace()) {
            let place = at..at + word.len();
            at = place.end + 1;
            if !word.iter().any(|c| c.is_alphanumeric()) {
                continue;
            }
            let in_label = labelled[place.clone()].contains(&true);
            let in_mask = masked[place].contains(&true);
            self.tokens += 1;
            self.tokens_labelled += u64::from(in_label);
            self.tokens_masked += u64::from(in_mask);
            self.tokens_masked_beyond += u64::from(in_mask && !in_label);
        }
    }
}
