//! The state of a record: derived from its own fields, the records that link to it, and the peilweek.
//!
//! **Law:** nothing here knows in which order anything arrived. Where "later" matters weeks are compared;
//! what is dated after the peilweek has not happened yet.

use std::collections::{BTreeMap, BTreeSet};

use super::{Kind, Merged, Row, Told, Value};
use crate::id::{Gemeente, Week};

#[cfg(test)]
mod tests;

/// Weeks after its planned end at which an experiment without an outcome is late.
const LATE_WEEKS: i64 = 26;

/// The state of a record, and of its rows when those have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// As in `staat`.
    pub name: &'static str,
    /// The state of each afspraak of a sessie, by its number.
    pub rows: BTreeMap<u32, &'static str>,
}

/// What the state of a record needs to know of another record that links to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Incoming {
    /// The kind of the other record.
    pub from: Kind,
    /// The field of the other record that holds the link (`op`, `uit`, `besproken`, `afspraken.leidt_tot`).
    pub relation: String,
    /// Its owner.
    pub gemeente: Gemeente,
    /// Its week.
    pub week: Week,
    /// Since when it has done its work: a duiding has its source, a les is carried through, a sessie has
    /// been held, a knelpunt is solved.
    pub done: Option<Week>,
    /// Whether it was rejected or stopped.
    pub dropped: bool,
}

/// What `others` mean for the state of `target`: those that link to it, and the knelpunt a signaal names.
pub fn incoming<'a>(target: &Merged, others: impl IntoIterator<Item = &'a Merged>) -> Vec<Incoming> {
    let named = match target.value("knelpunt") {
        Some(Value::Link(link)) => Some(link),
        _ => None,
    };
    let mut found = BTreeSet::new();
    for other in others {
        let links = other.links();
        let towards = links.iter().filter(|(_, link)| *link == target.id);
        found.extend(towards.map(|(relation, _)| other.as_incoming(relation)));
        if other.kind == Kind::Knelpunt && named == Some(&other.id) {
            found.insert(other.as_incoming("signalen"));
        }
    }
    found.into_iter().collect()
}

/// The state at the peilweek.
#[must_use]
pub fn state(record: &Merged, incoming: &[Incoming], peilweek: Week) -> State {
    let happened: Vec<_> = incoming.iter().filter(|other| other.week <= peilweek).collect();
    let known = Known {
        record,
        incoming: &happened,
        peilweek,
    };
    let name = match record.kind {
        Kind::Signaal => known.signaal(),
        Kind::Knelpunt => known.knelpunt(),
        Kind::Duiding => known.duiding(),
        Kind::Les => known.les(),
        Kind::Sessie => known.sessie(),
        Kind::Experiment => known.experiment(),
        Kind::Overname => known.overname(),
    };
    State {
        name,
        rows: known.afspraken(),
    }
}

struct Known<'a> {
    record: &'a Merged,
    incoming: &'a [&'a Incoming],
    peilweek: Week,
}

impl Known<'_> {
    fn through(&self, from: Kind, relation: &str) -> impl Iterator<Item = &Incoming> {
        let through = move |other: &&&Incoming| other.from == from && other.relation == relation;
        self.incoming.iter().filter(through).copied()
    }

    /// A week that has come.
    fn done(&self, other: &Incoming) -> Option<Week> {
        other.done.filter(|week| *week <= self.peilweek)
    }

    fn signaal(&self) -> &'static str {
        let parked = week(self.record, "geparkeerd_tot").is_some_and(|until| self.peilweek < until);
        let solved = |other: &Incoming| self.done(other).is_some_and(|week| week >= self.record.week);
        let explained = self
            .through(Kind::Duiding, "op")
            .any(|other| self.done(other).is_some());
        if self
            .through(Kind::Les, "uit")
            .any(|les| !les.dropped && self.done(les).is_some())
            || self.through(Kind::Knelpunt, "signalen").any(solved)
        {
            "opgelost"
        } else if parked {
            "bewust_geparkeerd"
        } else if explained {
            "geduid"
        } else if self.record.fields.contains_key("knelpunt")
            || self.through(Kind::Knelpunt, "signalen").next().is_some()
        {
            "gekoppeld"
        } else {
            "gemeld"
        }
    }

    fn knelpunt(&self) -> &'static str {
        if self.record.fields.contains_key("samengevoegd_met") {
            return "samengevoegd_met";
        }
        let solved = solved_week(self.record).filter(|week| *week <= self.peilweek);
        let Some(solved) = solved else {
            return self.open_knelpunt();
        };
        let Some(reopened) = self.reopened(solved) else {
            return "opgelost";
        };
        // Within one week nobody can tell what came first: then it still asks for attention.
        let taken_up = self.taken_up().any(|week| week > reopened);
        if taken_up { "in_aanpak" } else { "heropend" }
    }

    fn open_knelpunt(&self) -> &'static str {
        let discussed = self
            .through(Kind::Sessie, "besproken")
            .any(|sessie| self.done(sessie).is_some());
        if self.through(Kind::Les, "uit").any(|les| !les.dropped) {
            "in_aanpak"
        } else if !self.recurs() {
            "incident"
        } else if discussed {
            "structureel_bevestigd"
        } else {
            "structureel_vermoed"
        }
    }

    /// Two teams of one gemeente, or two gemeenten.
    fn recurs(&self) -> bool {
        let several = |value: &Value| matches!(value, Value::Code(teams) if teams != "1");
        let signals = self.through(Kind::Signaal, "knelpunt").map(|signal| signal.gemeente);
        let gemeenten: BTreeSet<_> = signals.chain(self.record.contributors.iter().copied()).collect();
        self.record.values("teams").any(several) || gemeenten.len() > 1
    }

    /// The first week after `solved` in which it turned out not to be.
    fn reopened(&self, solved: Week) -> Option<Week> {
        let signals = self.through(Kind::Signaal, "knelpunt").map(|signal| signal.week);
        let stated = episode_weeks(self.record, "heropend").into_iter();
        let later = |week: &Week| *week > solved && *week <= self.peilweek;
        signals.chain(stated).filter(later).min()
    }

    /// Weeks in which somebody took it up.
    fn taken_up(&self) -> impl Iterator<Item = Week> {
        let lessons = self
            .through(Kind::Les, "uit")
            .filter(|les| !les.dropped)
            .map(|les| les.week);
        let sessions = self
            .through(Kind::Sessie, "besproken")
            .filter_map(|sessie| self.done(sessie));
        lessons.chain(sessions)
    }

    /// Only the owner itself can replace what it wrote.
    fn replaced(&self) -> bool {
        let own = |other: &Incoming| other.gemeente == self.record.owner;
        self.through(self.record.kind, "vervangt").any(own)
    }

    fn duiding(&self) -> &'static str {
        let expired = week(self.record, "verloopt").is_some_and(|last| self.peilweek > last);
        if self.replaced() {
            "vervangen"
        } else if expired {
            "verlopen"
        } else if self.record.fields.contains_key("bron") {
            "vastgesteld"
        } else {
            "concept"
        }
    }

    fn les(&self) -> &'static str {
        let proposed = self.through(Kind::Sessie, "besproken").next().is_some()
            || self.through(Kind::Sessie, "afspraken.leidt_tot").next().is_some();
        if self.record.fields.contains_key("verworpen_reden") {
            "verworpen"
        } else if self.replaced() {
            "herzien"
        } else if self.record.fields.contains_key("gewijzigd_artefact") {
            "doorgevoerd"
        } else if proposed {
            "voorgesteld"
        } else {
            "vastgelegd"
        }
    }

    fn sessie(&self) -> &'static str {
        let held = self.record.fields.contains_key("aanwezig") && self.record.week <= self.peilweek;
        if held { "afgerond" } else { "gepland" }
    }

    fn afspraken(&self) -> BTreeMap<u32, &'static str> {
        match self.record.value("afspraken") {
            Some(Value::Rows(rows)) => rows.iter().map(|(nr, row)| (*nr, self.afspraak(row))).collect(),
            _ => BTreeMap::new(),
        }
    }

    fn afspraak(&self, row: &Row) -> &'static str {
        let week = |name| match row.get(name) {
            Some(Value::Week(week)) => Some(*week),
            _ => None,
        };
        if row.contains_key("verworpen_reden") {
            "verworpen"
        } else if row.contains_key("leidt_tot") || week("afgerond").is_some_and(|done| done <= self.peilweek) {
            "afgerond"
        } else if week("geparkeerd_tot").is_some_and(|until| self.peilweek < until) {
            "bewust_geparkeerd"
        } else {
            "open"
        }
    }

    fn experiment(&self) -> &'static str {
        let week = |name| week(self.record, name);
        match self.record.value("uitkomst") {
            Some(Value::Row(outcome)) if was_stopped(outcome) => "gestopt",
            Some(_) => "gerapporteerd",
            None if week("gepland_einde").is_some_and(|end| self.peilweek > end.plus(LATE_WEEKS)) => "te_laat",
            None if week("start").is_some_and(|start| self.peilweek >= start) => "lopend",
            None => "opgezet",
        }
    }

    fn overname(&self) -> &'static str {
        if self.record.fields.contains_key("gestaakt_reden") {
            return "gestaakt";
        }
        match self.record.value("uitkomst") {
            Some(Value::Code(code)) => match code.as_str() {
                "werkt" | "werkt_met_aanpassing" => "toegepast",
                "werkt_niet" => "gestaakt",
                _ => "geprobeerd",
            },
            _ => "voorgenomen",
        }
    }
}

/// Stopped: said so, or failed before there were enough people to publish an effect.
fn was_stopped(outcome: &Row) -> bool {
    match outcome.get("oordeel") {
        Some(Value::Code(code)) if code == "gestopt" => true,
        Some(Value::Code(code)) => code == "mislukt" && outcome.contains_key("onderdrukt"),
        _ => false,
    }
}

fn week(record: &Merged, name: &str) -> Option<Week> {
    match record.value(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    }
}

fn episode_weeks(record: &Merged, column: &str) -> Vec<Week> {
    let rows = record.values("episodes").filter_map(|value| match value {
        Value::Rows(rows) => Some(rows.values()),
        _ => None,
    });
    let weeks = rows.flatten().filter_map(|row| match row.get(column) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    });
    weeks.collect()
}

fn solved_week(record: &Merged) -> Option<Week> {
    episode_weeks(record, "opgelost").into_iter().max()
}

impl Merged {
    /// What a record that this one links to through `relation` needs to know.
    #[must_use]
    pub fn as_incoming(&self, relation: &str) -> Incoming {
        let has = |name: &str| self.fields.contains_key(name);
        let done = match self.kind {
            Kind::Duiding => has("bron").then_some(self.week),
            Kind::Les => has("gewijzigd_artefact").then_some(self.week),
            Kind::Sessie => has("aanwezig").then_some(self.week),
            Kind::Knelpunt => solved_week(self),
            _ => None,
        };
        Incoming {
            from: self.kind,
            relation: relation.to_owned(),
            gemeente: self.owner,
            week: self.week,
            done,
            dropped: matches!(self.fields.get("verworpen_reden"), Some(Told::One(_))),
        }
    }
}
