//! The horizontal account of a kring: what its members did in a quarter, why, and what they learned from it.
//!
//! Nobody writes it and nobody is asked for it: it is what the shared records of the kring say, so that every member holds
//! the same account of all. There is no count in it that could be compared, and no order but that of weeks.
//!
//! **Law:** a pure function of a set of records with what surrounds them, a quarter and a peilweek. In which order anything
//! arrived, or is handed in, cannot be seen.

use std::collections::{BTreeMap, BTreeSet};

use super::agenda::Candidate;
use super::state::{memberships, row_week, week};
use super::{Kind, Merged, Reference, State, Value, state};
use crate::api::Message;
use crate::id::{Gemeente, Quarter, Week};

#[cfg(test)]
mod tests;

/// The parts of an account, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What was done.
    Did,
    /// Why.
    Why,
    /// What came of it.
    Learned,
}

impl Part {
    /// As in `deel`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Did => "gedaan",
            Self::Why => "waarom",
            Self::Learned => "geleerd",
        }
    }

    /// The heading above it.
    #[must_use]
    pub fn heading(self) -> Message {
        match self {
            Self::Did => Message::new("Wat wij deden", "What we did"),
            Self::Why => Message::new("Waarom", "Why"),
            Self::Learned => Message::new("Wat wij leerden", "What we learned"),
        }
    }
}

/// What one line tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// A sessie was held.
    Held,
    /// An afspraak was finished.
    Finished,
    /// An experiment began.
    Began,
    /// A les or another record was taken over.
    TookOver,
    /// A signal was given.
    Signalled,
    /// A knelpunt was there, or was talked about.
    Stood,
    /// A question was asked, or something was contradicted.
    Asked,
    /// A rule was explained.
    Explained,
    /// A les was learned.
    Learned,
    /// An experiment had its outcome, whichever it was.
    Ended,
}

impl Deed {
    /// The part it stands in.
    #[must_use]
    pub fn part(self) -> Part {
        match self {
            Self::Held | Self::Finished | Self::Began | Self::TookOver => Part::Did,
            Self::Signalled | Self::Stood | Self::Asked => Part::Why,
            Self::Explained | Self::Learned | Self::Ended => Part::Learned,
        }
    }

    /// What happened, in words.
    #[must_use]
    pub fn words(self) -> Message {
        match self {
            Self::Held => Message::new("sessie gehouden", "sessie held"),
            Self::Finished => Message::new("afspraak nagekomen", "afspraak kept"),
            Self::Began => Message::new("experiment begonnen", "experiment begun"),
            Self::TookOver => Message::new("overgenomen", "taken over"),
            Self::Signalled => Message::new("gemeld", "reported"),
            Self::Stood => Message::new("knelpunt", "knelpunt"),
            Self::Asked => Message::new("gevraagd", "asked"),
            Self::Explained => Message::new("uitgelegd", "explained"),
            Self::Learned => Message::new("geleerd", "learned"),
            Self::Ended => Message::new("uitkomst van een experiment", "outcome of an experiment"),
        }
    }
}

/// One line of an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The part it stands in.
    pub part: Part,
    /// When.
    pub week: Week,
    /// The gemeente that says so.
    pub gemeente: Gemeente,
    /// What it tells.
    pub deed: Deed,
    /// The record.
    pub record: Reference,
    /// The number of an afspraak in its sessie.
    pub row: Option<u32>,
    /// The state of the record, or of the afspraak.
    pub state: &'static str,
    /// What came of it: the oordeel of a duiding, of an experiment or of who took something over.
    pub outcome: Option<String>,
}

/// Who is in a kring, and who came and went in a quarter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members {
    /// In it at the peilweek.
    pub are: BTreeSet<Gemeente>,
    /// Joined in the quarter.
    pub joined: BTreeSet<Gemeente>,
    /// Left in the quarter.
    pub left: BTreeSet<Gemeente>,
}

/// Who is in it; each of them says so itself.
#[must_use]
pub fn members(kring: &Candidate, quarter: Quarter, peilweek: Week) -> Members {
    let within = |week: &Week| week.quarter() == quarter && *week <= peilweek;
    let those = |column: &str| {
        let rows = memberships(&kring.record);
        let rows = rows.filter(|(_, row)| row_week(row, column).is_some_and(|week| within(&week)));
        rows.map(|(gemeente, _)| gemeente).collect()
    };
    Members {
        are: state(&kring.record, &kring.around, peilweek)
            .members
            .unwrap_or_default(),
        joined: those("van"),
        left: those("tot"),
    }
}

/// Whether a record was made in a kring.
#[must_use]
pub fn is_of(record: &Merged, kring: &Reference) -> bool {
    let is_kring = |value: &Value| matches!(value, Value::Link(link) if link == kring);
    record.values("kring").any(is_kring)
}

/// What a sessie of the quarter talked about: it belongs in the account, whoever it is of.
#[must_use]
pub fn talked_about(record: &Merged, quarter: Quarter) -> BTreeSet<Reference> {
    match record.value("besproken") {
        Some(Value::Links(links)) if record.kind == Kind::Sessie && record.week.quarter() == quarter => links.clone(),
        _ => BTreeSet::new(),
    }
}

/// The account of a kring over a quarter as it stands at the peilweek, in its order.
#[must_use]
pub fn account<'a>(
    kring: &Reference,
    records: impl IntoIterator<Item = &'a Candidate>,
    quarter: Quarter,
    peilweek: Week,
) -> Vec<Line> {
    // Keyed by record: whoever hands one in twice sees it once.
    let records: BTreeMap<_, _> = records.into_iter().map(|one| (&one.record.id, one)).collect();
    let happened = |one: &&&Candidate| one.record.week <= peilweek;
    let of_kring = records.values().filter(|one| is_of(&one.record, kring));
    let talked: BTreeSet<Reference> = of_kring
        .filter(happened)
        .flat_map(|one| talked_about(&one.record, quarter))
        .collect();
    let mut lines: Vec<Line> = records
        .values()
        .filter(happened)
        .flat_map(|one| {
            let telling = Telling {
                record: &one.record,
                state: state(&one.record, &one.around, peilweek),
                quarter,
                peilweek,
            };
            telling.lines(is_of(&one.record, kring), talked.contains(&one.record.id))
        })
        .collect();
    lines.sort();
    lines
}

struct Telling<'a> {
    record: &'a Merged,
    state: State,
    quarter: Quarter,
    peilweek: Week,
}

impl Telling<'_> {
    fn lines(&self, of_kring: bool, talked_about: bool) -> Vec<Line> {
        let now = self.is_within(self.record.week) && of_kring;
        let at = self.record.week;
        let once = |deed: Deed, outcome: Option<&str>| now.then(|| self.line(deed, at, self.code(outcome)));
        let lines = match self.record.kind {
            Kind::Knelpunt if now || talked_about => Some(self.line(Deed::Stood, at, None)),
            Kind::Signaal if now || talked_about => Some(self.line(Deed::Signalled, at, None)),
            Kind::Bericht => once(Deed::Asked, Some("vorm")).filter(|_| self.state.answer.is_some()),
            Kind::Duiding => once(Deed::Explained, Some("oordeel")),
            Kind::Les => once(Deed::Learned, None),
            Kind::Overname => once(Deed::TookOver, Some("uitkomst")),
            Kind::Sessie if of_kring => return self.sessie(now),
            Kind::Experiment if of_kring => return self.experiment(),
            _ => None,
        };
        lines.into_iter().collect()
    }

    /// In the quarter, and come.
    fn is_within(&self, week: Week) -> bool {
        week.quarter() == self.quarter && week <= self.peilweek
    }

    fn code(&self, field: Option<&str>) -> Option<String> {
        match self.record.value(field?) {
            Some(Value::Code(code)) => Some(code.clone()),
            _ => None,
        }
    }

    fn line(&self, deed: Deed, week: Week, outcome: Option<String>) -> Line {
        Line {
            part: deed.part(),
            week,
            gemeente: self.record.owner,
            deed,
            record: self.record.id.clone(),
            row: None,
            state: self.state.name,
            outcome,
        }
    }

    /// What was kept in the quarter, also of an earlier sessie.
    fn sessie(&self, now: bool) -> Vec<Line> {
        let held = (now && self.state.name == "afgerond").then(|| self.line(Deed::Held, self.record.week, None));
        let Some(Value::Rows(rows)) = self.record.value("afspraken") else {
            return held.into_iter().collect();
        };
        let kept = rows.iter().filter_map(|(nr, row)| {
            let week = row_week(row, "afgerond").filter(|week| self.is_within(*week))?;
            Some(Line {
                row: Some(*nr),
                state: self.state.rows.get(nr).copied().unwrap_or_default(),
                ..self.line(Deed::Finished, week, None)
            })
        });
        held.into_iter().chain(kept).collect()
    }

    /// What failed is told like what worked.
    fn experiment(&self) -> Vec<Line> {
        let at = |field: &str| week(self.record, field).filter(|week| self.is_within(*week));
        let began = at("start").map(|week| self.line(Deed::Began, week, None));
        let oordeel = match self.record.value("uitkomst") {
            Some(Value::Row(outcome)) => match outcome.get("oordeel") {
                Some(Value::Code(code)) => Some(code.clone()),
                _ => None,
            },
            _ => None,
        };
        let ended = oordeel.and_then(|oordeel| Some(self.line(Deed::Ended, at("gepland_einde")?, Some(oordeel))));
        began.into_iter().chain(ended).collect()
    }
}
