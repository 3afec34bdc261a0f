//! What a quarter asks to be talked about: exactly the points that are open, each with why it stands there.
//!
//! **Law:** a pure function of a set of records with what surrounds them, a quarter and a peilweek. In which order anything
//! arrived, or is handed in, cannot be seen.

use std::collections::BTreeMap;

use super::recurrence::WINDOW_WEEKS;
use super::state::State;
use super::{Around, Kind, Merged, Reference, Row, Value, state};
use crate::api::Message;
use crate::id::{Quarter, Week};

#[cfg(test)]
mod tests;

/// A record that may be on the agenda, with what surrounds it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The record.
    pub record: Merged,
    /// What surrounds it.
    pub around: Around,
}

/// Why something stands on the agenda, in the order of the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// A knelpunt that no sessie has talked about yet.
    New,
    /// A knelpunt that came back: after it was solved, from a second team, or since it was last talked about.
    Recurs,
    /// A question that nobody has answered.
    Unanswered,
    /// An afspraak that was to be done by the end of the quarter.
    Due,
    /// A duiding that expires before the next quarter is over.
    Expires,
    /// Something that was parked until now.
    Parked,
    /// An experiment without an outcome, long after its end.
    Late,
}

impl Why {
    /// Every reason, in the order of the agenda.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Recurs,
        Self::Unanswered,
        Self::Due,
        Self::Expires,
        Self::Parked,
        Self::Late,
    ];

    /// As in `reden`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "nieuw",
            Self::Recurs => "keert_terug",
            Self::Unanswered => "onbeantwoord",
            Self::Due => "afspraak",
            Self::Expires => "verloopt",
            Self::Parked => "geparkeerd",
            Self::Late => "te_laat",
        }
    }

    /// The heading above the points with this reason.
    #[must_use]
    pub fn heading(self) -> Message {
        match self {
            Self::New => Message::new("Nieuwe knelpunten", "New knelpunten"),
            Self::Recurs => Message::new("Knelpunten die terugkeren", "Knelpunten that come back"),
            Self::Unanswered => Message::new("Vragen zonder antwoord", "Questions without an answer"),
            Self::Due => Message::new("Afspraken die klaar moeten zijn", "Afspraken that are due"),
            Self::Expires => Message::new("Duidingen die verlopen", "Duidingen that expire"),
            Self::Parked => Message::new("Geparkeerd tot nu", "Parked until now"),
            Self::Late => Message::new("Experimenten zonder uitkomst", "Experiments without an outcome"),
        }
    }
}

/// One point of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Why it stands there.
    pub why: Why,
    /// The week that says most about it: when a knelpunt came back, until when a duiding holds.
    pub week: Week,
    /// The record.
    pub record: Reference,
    /// The number of the afspraak in its sessie.
    pub row: Option<u32>,
    /// The quarter in which it was to be done.
    pub due: Option<Quarter>,
    /// Of a knelpunt that came back without a sessie in between: the teams that reported it within thirteen weeks, when several did.
    pub teams: Option<usize>,
}

impl Point {
    /// Why it stands there, in a sentence.
    #[must_use]
    pub fn reason(&self) -> Message {
        let week = self.week;
        match self.why {
            Why::New => Message::with(
                format!("gemeld in {week}, nog in geen sessie besproken"),
                format!("reported in {week}, not yet talked about in any sessie"),
            ),
            Why::Recurs => match self.teams {
                Some(teams) => Message::with(
                    format!("keerde terug in {week}, {teams} teams binnen {WINDOW_WEEKS} weken"),
                    format!("came back in {week}, {teams} teams within {WINDOW_WEEKS} weeks"),
                ),
                None => Message::with(format!("keerde terug in {week}"), format!("came back in {week}")),
            },
            Why::Unanswered => Message::with(
                format!("gevraagd in {week}, nog zonder antwoord"),
                format!("asked in {week}, without an answer yet"),
            ),
            Why::Due => {
                let due = self.due.map(|due| due.to_string()).unwrap_or_default();
                Message::with(format!("beloofd voor {due}"), format!("promised for {due}"))
            }
            Why::Expires => Message::with(format!("geldt tot en met {week}"), format!("holds up to {week}")),
            Why::Parked => Message::with(format!("geparkeerd tot {week}"), format!("parked until {week}")),
            Why::Late => Message::with(
                format!("zou klaar zijn in {week}, nog zonder uitkomst"),
                format!("was to end in {week}, without an outcome yet"),
            ),
        }
    }
}

/// Whether a record may stand on any agenda, by itself: who keeps very many looks around those only.
#[must_use]
pub fn may_ask(record: &Merged) -> bool {
    let has = |name: &str| record.fields.contains_key(name);
    let code = |name: &str, among: &[&str]| matches!(record.value(name), Some(Value::Code(code)) if among.contains(&code.as_str()));
    match record.kind {
        Kind::Knelpunt => true,
        Kind::Signaal => has("geparkeerd_tot") || code("aard", &["vraag"]),
        Kind::Bericht => code("vorm", &state::ASKS),
        Kind::Duiding => has("verloopt"),
        Kind::Experiment => !has("uitkomst"),
        Kind::Sessie => has("afspraken"),
        Kind::Les | Kind::Overname | Kind::Kring => false,
    }
}

/// The agenda of a quarter as it stands at the peilweek, in its order.
#[must_use]
pub fn agenda<'a>(candidates: impl IntoIterator<Item = &'a Candidate>, quarter: Quarter, peilweek: Week) -> Vec<Point> {
    // Keyed by record: whoever hands one in twice sees it once.
    let candidates: BTreeMap<_, _> = candidates.into_iter().map(|one| (&one.record.id, one)).collect();
    let asks = |one: &&Candidate| one.record.week <= peilweek && may_ask(&one.record);
    let happened = candidates.into_values().filter(asks);
    let mut points: Vec<Point> = happened
        .flat_map(|one| {
            let looking = Looking {
                record: &one.record,
                around: &one.around,
                quarter,
                peilweek,
            };
            looking.points()
        })
        .collect();
    points.sort();
    points
}

struct Looking<'a> {
    record: &'a Merged,
    around: &'a Around,
    quarter: Quarter,
    peilweek: Week,
}

impl Looking<'_> {
    fn points(&self) -> Vec<Point> {
        let state = state(self.record, self.around, self.peilweek);
        match self.record.kind {
            Kind::Knelpunt => self.knelpunt(state.name).into_iter().collect(),
            Kind::Signaal => self.signaal(&state).into_iter().collect(),
            Kind::Bericht if state.answer == Some("open") => vec![self.point(Why::Unanswered, self.record.week)],
            Kind::Duiding => self.duiding(state.name).into_iter().collect(),
            Kind::Experiment if state.name == "te_laat" => {
                let end = self.week("gepland_einde").unwrap_or(self.record.week);
                vec![self.point(Why::Late, end)]
            }
            Kind::Sessie => self.afspraken(&state.rows),
            _ => Vec::new(),
        }
    }

    fn point(&self, why: Why, week: Week) -> Point {
        Point {
            why,
            week,
            record: self.record.id.clone(),
            row: None,
            due: None,
            teams: None,
        }
    }

    fn week(&self, name: &str) -> Option<Week> {
        match self.record.value(name) {
            Some(Value::Week(week)) => Some(*week),
            _ => None,
        }
    }

    /// The weeks of what is linked through one of these fields, or has its work done, up to the peilweek.
    fn signals(&self) -> impl Iterator<Item = Week> {
        let signals = self
            .around
            .linked
            .iter()
            .filter(|other| other.facts.kind == Kind::Signaal);
        let weeks = signals.map(|signal| signal.facts.week);
        weeks.filter(|week| *week <= self.peilweek)
    }

    /// When a sessie last talked about it.
    fn discussed(&self) -> Option<Week> {
        let sessions = self.around.linked.iter().filter(|other| other.relation == "besproken");
        let held = sessions.flat_map(|sessie| sessie.facts.done.iter().copied());
        held.filter(|week| *week <= self.peilweek).max()
    }

    fn knelpunt(&self, state: &str) -> Option<Point> {
        if matches!(state, "opgelost" | "samengevoegd_met") {
            return None;
        }
        let last = self.signals().max().unwrap_or(self.record.week);
        match self.discussed() {
            None if matches!(state, "structureel_vermoed" | "heropend") => {
                let teams = state::teams(self.record, self.around, self.peilweek);
                Some(Point {
                    teams: (teams > 1).then_some(teams),
                    ..self.point(Why::Recurs, last)
                })
            }
            None => Some(self.point(Why::New, self.record.week)),
            Some(discussed) if last > discussed => Some(self.point(Why::Recurs, last)),
            Some(_) => None,
        }
    }

    fn signaal(&self, state: &State) -> Option<Point> {
        let is_open = matches!(state.name, "gemeld" | "gekoppeld");
        match self.week("geparkeerd_tot") {
            Some(until) if is_open => Some(self.point(Why::Parked, until)),
            _ if is_open && state.answer == Some("open") => Some(self.point(Why::Unanswered, self.record.week)),
            _ => None,
        }
    }

    fn duiding(&self, state: &str) -> Option<Point> {
        let last = self.week("verloopt")?;
        let soon = last.quarter().index() <= self.quarter.index() + 1;
        (soon && matches!(state, "vastgesteld" | "betwist")).then(|| self.point(Why::Expires, last))
    }

    fn afspraken(&self, states: &BTreeMap<u32, &'static str>) -> Vec<Point> {
        let Some(Value::Rows(rows)) = self.record.value("afspraken") else {
            return Vec::new();
        };
        let open = rows.iter().filter(|(nr, _)| states.get(nr) == Some(&"open"));
        open.filter_map(|(nr, row)| self.afspraak(*nr, row)).collect()
    }

    fn afspraak(&self, nr: u32, row: &Row) -> Option<Point> {
        let due = match row.get("klaar") {
            Some(Value::Quarter(due)) => Some(*due),
            _ => None,
        };
        let (why, week) = match row.get("geparkeerd_tot") {
            Some(Value::Week(until)) => (Why::Parked, *until),
            _ if due.is_some_and(|due| due <= self.quarter) => (Why::Due, self.record.week),
            _ => return None,
        };
        Some(Point {
            row: Some(nr),
            due,
            ..self.point(why, week)
        })
    }
}
