//! The state of a record: derived from its own fields, what surrounds it, and the peilweek.
//!
//! **Law:** nothing here knows in which order anything arrived. Where "later" matters weeks are compared;
//! what is dated after the peilweek has not happened yet.

use std::collections::{BTreeMap, BTreeSet};

use super::around::{Around, Linked, Standing};
use super::{FROZEN, Kind, Merged, Reference, Row, Told, Value, frozen, recurrence};
use crate::id::{Gemeente, Week};

#[cfg(test)]
mod tests;

/// Weeks after its planned end at which an experiment without an outcome is late.
pub(super) const LATE_WEEKS: i64 = 26;

/// Weeks without anything after which a kring sleeps; of one that meets once a year, twice as many.
pub(super) const ASLEEP_WEEKS: i64 = 52;

/// Forms of a bericht that ask for an answer.
pub(super) const ASKS: [&str; 3] = ["vraag", "tegenspraak", "meekijken"];

/// The state of a record, and of its rows when those have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// As in `staat`.
    pub name: &'static str,
    /// The state of each afspraak of a sessie, by its number.
    pub rows: BTreeMap<u32, &'static str>,
    /// Of a bericht or a signaal that asks for an answer: whether there is one.
    pub answer: Option<&'static str>,
    /// Who is in a kring.
    pub members: Option<BTreeSet<Gemeente>>,
    /// Whether an experiment does not say any more what it froze.
    pub changed: bool,
}

/// The state at the peilweek.
#[must_use]
pub fn state(record: &Merged, around: &Around, peilweek: Week) -> State {
    let known = Known {
        record,
        around,
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
        Kind::Bericht => "geplaatst",
        Kind::Kring => known.kring(),
    };
    State {
        name,
        rows: known.afspraken(),
        answer: known.answer(),
        members: (record.kind == Kind::Kring).then(|| known.members()),
        changed: known.frozen() == Some(false),
    }
}

/// The most teams that gave a signal of a knelpunt within thirteen weeks up to the peilweek, where teams are known.
pub(super) fn teams(record: &Merged, around: &Around, peilweek: Week) -> usize {
    let known = Known {
        record,
        around,
        peilweek,
    };
    known.teams()
}

/// Each week in which a knelpunt was solved after which it came back, before it was solved once more, with when it did.
#[must_use]
pub fn returns(record: &Merged, around: &Around, peilweek: Week) -> Vec<(Week, Week)> {
    let known = Known {
        record,
        around,
        peilweek,
    };
    let solved = episode_weeks(record, "opgelost").filter(|week| *week <= peilweek);
    let solved: BTreeSet<Week> = solved.collect();
    let next = solved.iter().skip(1).copied().map(Some).chain([None]);
    let returns = solved.iter().zip(next).filter_map(|(solved, next)| {
        let back = known.reopened(*solved)?;
        next.is_none_or(|next| back <= next).then_some((*solved, back))
    });
    returns.collect()
}

struct Known<'a> {
    record: &'a Merged,
    around: &'a Around,
    peilweek: Week,
}

impl Known<'_> {
    /// What is linked and has happened.
    fn linked(&self) -> impl Iterator<Item = &Linked> {
        let happened = |other: &&Linked| other.facts.week <= self.peilweek;
        self.around.linked.iter().filter(happened)
    }

    fn through(&self, from: Kind, relation: &str) -> impl Iterator<Item = &Linked> {
        let through = move |other: &&Linked| other.facts.kind == from && other.relation == relation;
        self.linked().filter(through)
    }

    /// The weeks that have come in which it did its work.
    fn done(&self, other: &Linked) -> impl Iterator<Item = Week> {
        let done = other.facts.done.iter().copied();
        done.filter(|week| *week <= self.peilweek)
    }

    fn is_done(&self, other: &Linked) -> bool {
        self.done(other).next().is_some()
    }

    fn signaal(&self) -> &'static str {
        let parked = week(self.record, "geparkeerd_tot").is_some_and(|until| self.peilweek < until);
        let solved = |other: &Linked| self.done(other).any(|week| week >= self.record.week);
        let learned = |les: &Linked| !les.facts.dropped && self.is_done(les);
        let explained = self.through(Kind::Duiding, "op").any(|other| self.is_done(other));
        if self.through(Kind::Les, "uit").any(learned) || self.through(Kind::Knelpunt, "signalen").any(solved) {
            "opgelost"
        } else if parked {
            "bewust_geparkeerd"
        } else if explained {
            "geduid"
        } else if self.names_a_knelpunt() || self.through(Kind::Knelpunt, "signalen").next().is_some() {
            "gekoppeld"
        } else {
            "gemeld"
        }
    }

    /// One that was withdrawn is named no more; one that has not arrived is.
    fn names_a_knelpunt(&self) -> bool {
        let is_there = |link: &Reference| self.around.targets.get(link) != Some(&Standing::Withdrawn);
        matches!(self.record.value("knelpunt"), Some(Value::Link(link)) if is_there(link))
    }

    fn knelpunt(&self) -> &'static str {
        if self.around.merged {
            return "samengevoegd_met";
        }
        let solved = episode_weeks(self.record, "opgelost").filter(|week| *week <= self.peilweek);
        let Some(solved) = solved.max() else {
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
            .any(|sessie| self.is_done(sessie));
        if self.through(Kind::Les, "uit").any(|les| !les.facts.dropped) {
            "in_aanpak"
        } else if !self.recurs() {
            "incident"
        } else if discussed {
            "structureel_bevestigd"
        } else {
            "structureel_vermoed"
        }
    }

    /// The most teams that gave a signal of it within thirteen weeks, where teams are known.
    fn teams(&self) -> usize {
        let given = ["knelpunt", "signalen"].map(|relation| self.through(Kind::Signaal, relation));
        let given = given.into_iter().flatten();
        let given = given.map(|signal| (signal.facts.week, signal.facts.team.as_deref()));
        recurrence::teams(given, self.peilweek)
    }

    /// Two teams of one gemeente, as it states or as its own signals say where their teams are known, or two gemeenten.
    fn recurs(&self) -> bool {
        if self.teams() > 1 {
            return true;
        }
        let several = |value: &Value| matches!(value, Value::Code(teams) if teams != "1");
        let signals = self.through(Kind::Signaal, "knelpunt");
        let stated = signals.chain(self.through(Kind::Knelpunt, "samengevoegd_met"));
        let stated = stated.map(|other| other.facts.gemeente);
        let gemeenten: BTreeSet<_> = stated.chain(self.record.contributors.iter().copied()).collect();
        self.record.values("teams").any(several) || gemeenten.len() > 1
    }

    /// The first week after `solved` in which it turned out not to be.
    fn reopened(&self, solved: Week) -> Option<Week> {
        let signals = self.through(Kind::Signaal, "knelpunt");
        let signals = signals.chain(self.through(Kind::Signaal, "signalen"));
        let signals = signals.map(|signal| signal.facts.week);
        let stated = episode_weeks(self.record, "heropend");
        let later = |week: &Week| *week > solved && *week <= self.peilweek;
        signals.chain(stated).filter(later).min()
    }

    /// Weeks in which somebody took it up.
    fn taken_up(&self) -> impl Iterator<Item = Week> {
        let lessons = self
            .through(Kind::Les, "uit")
            .filter(|les| !les.facts.dropped)
            .map(|les| les.facts.week);
        let sessions = self
            .through(Kind::Sessie, "besproken")
            .flat_map(|sessie| self.done(sessie));
        lessons.chain(sessions)
    }

    /// Only the owner itself, or the gemeente it became part of, can replace what it wrote.
    fn replaced(&self) -> bool {
        self.through(self.record.kind, "vervangt").any(|other| other.own)
    }

    /// Whether a contradiction waits for its answer.
    fn contested(&self) -> bool {
        let is_open = |other: &Linked| other.answered.is_none_or(|week| week > self.peilweek);
        self.through(Kind::Bericht, "tegenspraak").any(is_open)
    }

    fn duiding(&self) -> &'static str {
        let expired = week(self.record, "verloopt").is_some_and(|last| self.peilweek > last);
        if self.replaced() {
            "vervangen"
        } else if expired {
            "verlopen"
        } else if !self.record.fields.contains_key("bron") {
            "concept"
        } else if self.contested() {
            "betwist"
        } else {
            "vastgesteld"
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
        let week = |name| row_week(row, name);
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
            None if self.frozen() == Some(true) => "vastgelegd",
            None => "opgezet",
        }
    }

    /// Whether an experiment still says what it froze before it started; nothing when it froze nothing by then. What was
    /// only typed, and comes from no vault, has no hash to differ from.
    fn frozen(&self) -> Option<bool> {
        let at = week(self.record, "vastgelegd").filter(|week| *week <= self.peilweek)?;
        if self.record.kind != Kind::Experiment || week(self.record, "start").is_none_or(|start| at >= start) {
            return None;
        }
        match self.record.value(FROZEN) {
            Some(Value::Codes(names)) => {
                let now = frozen::name_of(|field| self.record.value(field));
                Some(names.iter().eq([&now]))
            }
            _ => matches!(self.record.id, Reference::Local(_)).then_some(true),
        }
    }

    /// Whether what asks for an answer has one.
    fn answer(&self) -> Option<&'static str> {
        let answered = self.around.answered.is_some_and(|week| week <= self.peilweek);
        is_question(self.record).then_some(if answered { "beantwoord" } else { "open" })
    }

    /// Who is in a kring: of each gemeente what it says itself.
    fn members(&self) -> BTreeSet<Gemeente> {
        let is_in = |row: &Row| {
            let from = row_week(row, "van").is_some_and(|from| from <= self.peilweek);
            from && row_week(row, "tot").is_none_or(|until| self.peilweek < until)
        };
        let memberships = memberships(self.record).filter(|(_, row)| is_in(row));
        memberships.map(|(gemeente, _)| gemeente).collect()
    }

    fn kring(&self) -> &'static str {
        let joined = memberships(self.record).filter_map(|(_, row)| row_week(row, "van"));
        let joined: BTreeSet<_> = joined.filter(|week| *week <= self.peilweek).collect();
        if !joined.is_empty() && self.members().is_empty() {
            return "gesloten";
        }
        let linked = self.linked().map(|other| other.facts.week);
        let last = linked
            .chain(joined)
            .chain([self.record.week])
            .filter(|week| *week <= self.peilweek);
        let rarely = |value: &Value| matches!(value, Value::Code(rhythm) if rhythm == "jaar");
        let asleep = if self.record.values("ritme").any(rarely) {
            2 * ASLEEP_WEEKS
        } else {
            ASLEEP_WEEKS
        };
        match last.max() {
            Some(last) if self.peilweek <= last.plus(asleep) && !self.members().is_empty() => "actief",
            _ => "slapend",
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

/// Whether it asks for an answer.
pub(super) fn is_question(record: &Merged) -> bool {
    let says = |field: &str, codes: &[&str]| matches!(record.value(field), Some(Value::Code(code)) if codes.contains(&code.as_str()));
    match record.kind {
        Kind::Bericht => says("vorm", &ASKS),
        Kind::Signaal => says("aard", &["vraag"]),
        _ => false,
    }
}

/// What each gemeente says of its own membership of a kring.
pub(super) fn memberships(record: &Merged) -> impl Iterator<Item = (Gemeente, &Row)> {
    let each = match record.fields.get("lidmaatschap") {
        Some(Told::Each(each)) => Some(each),
        _ => None,
    };
    let rows = each.into_iter().flatten().filter_map(|(gemeente, value)| match value {
        Value::Rows(rows) => Some((*gemeente, rows)),
        _ => None,
    });
    rows.flat_map(|(gemeente, rows)| rows.values().map(move |row| (gemeente, row)))
}

/// Stopped: said so, or failed before there were enough people to publish an effect.
fn was_stopped(outcome: &Row) -> bool {
    match outcome.get("oordeel") {
        Some(Value::Code(code)) if code == "gestopt" => true,
        Some(Value::Code(code)) => code == "mislukt" && outcome.contains_key("onderdrukt"),
        _ => false,
    }
}

pub(super) fn week(record: &Merged, name: &str) -> Option<Week> {
    match record.value(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    }
}

pub(super) fn row_week(row: &Row, name: &str) -> Option<Week> {
    match row.get(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    }
}

pub(super) fn episode_weeks<'a>(record: &'a Merged, column: &'a str) -> impl Iterator<Item = Week> + 'a {
    let rows = record.values("episodes").filter_map(|value| match value {
        Value::Rows(rows) => Some(rows.values()),
        _ => None,
    });
    rows.flatten().filter_map(move |row| row_week(row, column))
}
