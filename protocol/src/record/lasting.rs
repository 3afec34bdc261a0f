//! What lasts: knelpunten that stand open or came back after they were solved, and questions that nobody has answered.
//!
//! **Law:** a pure function of a set of records with what surrounds them and a peilweek. In which order anything arrived, or is
//! handed in, cannot be seen.

use std::collections::BTreeMap;

use super::agenda::Candidate;
use super::state::{self, state};
use super::{Kind, Reference, Value};
use crate::id::Week;

#[cfg(test)]
mod tests;

/// A knelpunt, and how long it has been asking for attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lasting {
    /// The record.
    pub record: Reference,
    /// Its state.
    pub state: &'static str,
    /// When it was first reported.
    pub reported: Week,
    /// The last time it was solved after which it came back, with when it did.
    pub returned: Option<(Week, Week)>,
    /// How often it came back.
    pub times: usize,
}

impl Lasting {
    /// Since when it stands open: since it came back, or was first reported.
    #[must_use]
    pub fn since(&self) -> Week {
        self.returned.map_or(self.reported, |(_, back)| back)
    }

    /// Whether it stands open: not solved, and not going on in another.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, "opgelost" | "samengevoegd_met")
    }
}

/// The knelpunten that stand open, the oldest first.
#[must_use]
pub fn open<'a>(candidates: impl IntoIterator<Item = &'a Candidate>, peilweek: Week) -> Vec<Lasting> {
    let mut found = knelpunten(candidates, peilweek);
    found.retain(Lasting::is_open);
    found.sort_by(|one, other| (one.since(), &one.record).cmp(&(other.since(), &other.record)));
    found
}

/// The knelpunten that were solved and came back, also when they were solved once more: what came back last first.
#[must_use]
pub fn returned<'a>(candidates: impl IntoIterator<Item = &'a Candidate>, peilweek: Week) -> Vec<Lasting> {
    let mut found = knelpunten(candidates, peilweek);
    found.retain(|one| one.returned.is_some() && one.state != "samengevoegd_met");
    found.sort_by(|one, other| (other.since(), &one.record).cmp(&(one.since(), &other.record)));
    found
}

fn knelpunten<'a>(candidates: impl IntoIterator<Item = &'a Candidate>, peilweek: Week) -> Vec<Lasting> {
    let happened = |one: &&Candidate| one.record.kind == Kind::Knelpunt && one.record.week <= peilweek;
    // Keyed by record: whoever hands one in twice sees it once.
    let candidates: BTreeMap<_, _> = candidates
        .into_iter()
        .filter(happened)
        .map(|one| (&one.record.id, one))
        .collect();
    let lasting = candidates.into_values().map(|one| {
        let signals = one
            .around
            .linked
            .iter()
            .filter(|other| other.facts.kind == Kind::Signaal);
        let weeks = signals.map(|signal| signal.facts.week);
        let returns = state::returns(&one.record, &one.around, peilweek);
        Lasting {
            record: one.record.id.clone(),
            state: state(&one.record, &one.around, peilweek).name,
            reported: weeks.fold(one.record.week, Week::min),
            returned: returns.last().copied(),
            times: returns.len(),
        }
    });
    lasting.collect()
}

/// A question that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// When it was asked.
    pub week: Week,
    /// The record that asks: a bericht, or a signaal.
    pub record: Reference,
    /// What a bericht asks, as in `vorm`; a signaal asks a `vraag`.
    pub form: String,
    /// What a bericht is about.
    pub about: Option<Reference>,
}

/// The questions, contradictions and requests to look along that nobody has answered, the oldest first.
#[must_use]
pub fn unanswered<'a>(candidates: impl IntoIterator<Item = &'a Candidate>, peilweek: Week) -> Vec<Question> {
    let candidates: BTreeMap<_, _> = candidates.into_iter().map(|one| (&one.record.id, one)).collect();
    let happened = candidates.into_values().filter(|one| one.record.week <= peilweek);
    let mut found: Vec<Question> = happened.filter_map(|one| question(one, peilweek)).collect();
    found.sort();
    found
}

fn question(one: &Candidate, peilweek: Week) -> Option<Question> {
    let record = &one.record;
    let now = state(record, &one.around, peilweek);
    let code = |field: &str| match record.value(field) {
        Some(Value::Code(code)) => Some(code.clone()),
        _ => None,
    };
    let form = match record.kind {
        Kind::Bericht if now.answer == Some("open") => code("vorm")?,
        Kind::Signaal if now.answer == Some("open") && matches!(now.name, "gemeld" | "gekoppeld") => code("aard")?,
        _ => return None,
    };
    Some(Question {
        week: record.week,
        record: record.id.clone(),
        form,
        about: match record.value("over") {
            Some(Value::Link(link)) => Some(link.clone()),
            _ => None,
        },
    })
}
