//! What the state of a record needs to know of the records around it, and the walk that gathers it.
//!
//! Of every record stand a few facts, a function of that record alone. A state is a function of a record, the facts
//! that the walk finds, and the peilweek. So whoever keeps the facts of each record and its links beside it (a view)
//! writes one record when a document changes, and no other: what follows for others is found when they are asked for.
//!
//! **Law:** the walk sees sets, never an order of arrival; its bounds are by id and by number of steps.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Kind, Merged, Reference, Told, Value, state};
use crate::id::{Gemeente, Week};

#[cfg(test)]
mod tests;

/// How many knelpunten that were merged one into the next are followed.
const MERGES_MAX: usize = 8;

/// Most records that are looked at one by one because they link to a record; of more, those with the smallest ids.
pub const LINKING_MAX: usize = 500;

/// What others need to know of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Facts {
    /// Its kind.
    pub kind: Kind,
    /// Its owner.
    pub gemeente: Gemeente,
    /// Its week.
    pub week: Week,
    /// The weeks in which it did its work: a duiding has its source, a les is carried through, a sessie has been
    /// held; of a knelpunt every week in which it was solved.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub done: BTreeSet<Week>,
    /// Whether it was rejected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    /// What a bericht is, as in `vorm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// What a knelpunt was merged into.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub merged: BTreeSet<Reference>,
    /// The team of a signaal that was recorded here; it is in nothing that is shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// The records that a walk can ask for.
pub trait Neighbours {
    /// Why one cannot be read.
    type Error;

    /// The facts of a record; nothing when it is not here.
    ///
    /// # Errors
    /// When it cannot be read.
    fn facts(&self, record: &Reference) -> Result<Option<Facts>, Self::Error>;

    /// The facts of all that link to a record, each with the field the link stands in; equal ones count once.
    ///
    /// # Errors
    /// When they cannot be read.
    fn towards(&self, record: &Reference) -> Result<BTreeSet<(String, Facts)>, Self::Error>;

    /// The records that link to one through this field: of many the [`LINKING_MAX`] with the smallest ids.
    ///
    /// # Errors
    /// When they cannot be read.
    fn linking(&self, record: &Reference, field: &str) -> Result<BTreeSet<Reference>, Self::Error>;

    /// Whether a record was founded in a document that is withdrawn.
    ///
    /// # Errors
    /// When that cannot be read.
    fn is_withdrawn(&self, record: &Reference) -> Result<bool, Self::Error>;

    /// Which gemeente went on as which.
    fn heirs(&self) -> &BTreeMap<Gemeente, Gemeente>;
}

/// A record that bears on the state of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Linked {
    /// The field that holds the link (`op`, `uit`, `besproken`, `afspraken.leidt_tot`), whichever of both has it.
    pub relation: String,
    /// What is known of it.
    pub facts: Facts,
    /// Whether it is of the owner of the record, or of the gemeente that went on as that.
    pub own: bool,
    /// The week in which a bericht that asks for one got its answer.
    pub answered: Option<Week>,
}

/// What became of the target of a link, when it is not simply there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has not arrived, or never was.
    Unknown,
    /// It was withdrawn.
    Withdrawn,
    /// It is a knelpunt that goes on in others.
    Merged(BTreeSet<Reference>),
}

/// What surrounds a record, as far as it says something about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The records that bear on its state.
    pub linked: BTreeSet<Linked>,
    /// Its links whose target is not simply there.
    pub targets: BTreeMap<Reference, Standing>,
    /// When a bericht or signaal that asks for an answer got one.
    pub answered: Option<Week>,
    /// Whether a knelpunt goes on in another.
    pub merged: bool,
}

/// Looks around a record.
///
/// # Errors
/// The first error of a neighbour that cannot be read.
pub fn around<N: Neighbours>(record: &Merged, world: &N) -> Result<Around, N::Error> {
    let mut walk = Walk {
        record,
        world,
        found: Around::default(),
    };
    walk.towards(&record.id)?;
    match record.kind {
        Kind::Signaal => walk.signaal()?,
        Kind::Knelpunt => walk.knelpunt()?,
        Kind::Duiding => walk.duiding()?,
        Kind::Bericht => walk.bericht()?,
        _ => {}
    }
    for (_, link) in record.links() {
        if let Some(standing) = standing(world, &link)? {
            walk.found.targets.insert(link, standing);
        }
    }
    Ok(walk.found)
}

struct Walk<'a, N> {
    record: &'a Merged,
    world: &'a N,
    found: Around,
}

impl<N: Neighbours> Walk<'_, N> {
    fn towards(&mut self, record: &Reference) -> Result<(), N::Error> {
        for (relation, facts) in self.world.towards(record)? {
            self.add(&relation, facts, None);
        }
        Ok(())
    }

    fn add(&mut self, relation: &str, facts: Facts, answered: Option<Week>) {
        self.found.linked.insert(Linked {
            relation: relation.to_owned(),
            own: speaks_for(self.world.heirs(), facts.gemeente, self.record.owner),
            facts,
            answered,
        });
    }

    fn add_one(&mut self, relation: &str, record: &Reference, kind: Kind) -> Result<(), N::Error> {
        if let Some(facts) = self.world.facts(record)?.filter(|facts| facts.kind == kind) {
            self.add(relation, facts, None);
        }
        Ok(())
    }

    /// The knelpunten that it names, that name it, and those that they go on in.
    fn signaal(&mut self) -> Result<(), N::Error> {
        let named = links(self.record, "knelpunt");
        for knelpunt in &named {
            self.add_one("signalen", knelpunt, Kind::Knelpunt)?;
        }
        if state::is_question(self.record) {
            self.found.answered = self.answered(&self.record.id, &self.record.facts(), None)?;
        }
        let through = self.found.linked.iter().filter(|other| other.relation == "signalen");
        let merged: BTreeSet<_> = through.flat_map(|other| other.facts.merged.clone()).collect();
        for knelpunt in self.onto(merged)? {
            self.add_one("signalen", &knelpunt, Kind::Knelpunt)?;
        }
        Ok(())
    }

    /// The signals that it names, and what links to the knelpunten that were merged into it.
    fn knelpunt(&mut self) -> Result<(), N::Error> {
        for signal in links(self.record, "signalen") {
            self.add_one("signalen", &signal, Kind::Signaal)?;
        }
        let linking = |record: &Reference| self.world.linking(record, "samengevoegd_met");
        let into = reach(linking(&self.record.id)?, linking)?;
        for knelpunt in into.iter().filter(|knelpunt| **knelpunt != self.record.id) {
            self.towards(knelpunt)?;
        }
        let onto = self.onto(links(self.record, "samengevoegd_met"))?;
        // Of several that were merged into one another the one with the smallest id goes on.
        let goes_on = onto.is_subset(&into) && onto.iter().all(|other| self.record.id <= *other);
        self.found.merged = !goes_on;
        Ok(())
    }

    /// What these knelpunten go on in, themselves included. One that was withdrawn takes over nothing.
    fn onto(&self, merged: BTreeSet<Reference>) -> Result<BTreeSet<Reference>, N::Error> {
        let there = |mut onto: BTreeSet<Reference>| {
            for record in onto.clone() {
                if self.world.is_withdrawn(&record)? && self.world.facts(&record)?.is_none() {
                    onto.remove(&record);
                }
            }
            Ok(onto)
        };
        reach(there(merged)?, |record| {
            let facts = self.world.facts(record)?;
            there(facts.map(|facts| facts.merged).unwrap_or_default())
        })
    }

    /// What contradicts it, with the week of the answer.
    fn duiding(&mut self) -> Result<(), N::Error> {
        for record in self.world.linking(&self.record.id, "over")? {
            let facts = self.world.facts(&record)?;
            if let Some(facts) = facts.filter(|facts| facts.form.as_deref() == Some("tegenspraak")) {
                let answered = self.answered(&record, &facts, Some(self.record.owner))?;
                self.add("tegenspraak", facts, answered);
            }
        }
        Ok(())
    }

    fn bericht(&mut self) -> Result<(), N::Error> {
        let mut owner = None;
        for target in links(self.record, "over") {
            owner = self.world.facts(&target)?.map(|facts| facts.gemeente);
        }
        self.found.answered = self.answered(&self.record.id, &self.record.facts(), owner)?;
        Ok(())
    }

    /// The first week with an answer: a duiding with its source, a les, or a bericht that answers. A contradiction is settled by the gemeente that was contradicted or by the one
    /// that contradicts: what a third says of it leaves it open.
    fn answered(&self, id: &Reference, asked: &Facts, owner: Option<Gemeente>) -> Result<Option<Week>, N::Error> {
        let heirs = self.world.heirs();
        let settles = |answer: &Facts| {
            asked.form.as_deref() != Some("tegenspraak")
                || speaks_for(heirs, answer.gemeente, asked.gemeente)
                || owner.is_some_and(|owner| speaks_for(heirs, answer.gemeente, owner))
        };
        let towards = self.world.towards(id)?;
        let weeks = towards.iter().filter(|(_, answer)| settles(answer));
        let weeks = weeks.filter_map(|(relation, answer)| match (answer.kind, relation.as_str()) {
            (Kind::Bericht, "over") => (answer.form.as_deref() == Some("antwoord")).then_some(answer.week),
            (Kind::Duiding, "op") => answer.done.first().copied(),
            (Kind::Les, "uit") if !answer.dropped => Some(answer.week),
            _ => None,
        });
        Ok(weeks.min())
    }
}

/// Everything that is reached in a bounded number of steps, these included.
fn reach<E>(
    from: BTreeSet<Reference>,
    next: impl Fn(&Reference) -> Result<BTreeSet<Reference>, E>,
) -> Result<BTreeSet<Reference>, E> {
    let (mut seen, mut edge) = (BTreeSet::new(), from);
    for _ in 0..MERGES_MAX {
        let mut beyond = BTreeSet::new();
        for record in edge.difference(&seen) {
            beyond.append(&mut next(record)?);
        }
        seen.append(&mut edge);
        edge = beyond;
    }
    Ok(seen)
}

fn standing<N: Neighbours>(world: &N, link: &Reference) -> Result<Option<Standing>, N::Error> {
    Ok(match world.facts(link)? {
        Some(facts) if facts.merged.is_empty() => None,
        Some(facts) => Some(Standing::Merged(facts.merged)),
        None if world.is_withdrawn(link)? => Some(Standing::Withdrawn),
        None => Some(Standing::Unknown),
    })
}

/// Whether a gemeente speaks for what this owner wrote: it is the owner, or the owner went on as it.
fn speaks_for(heirs: &BTreeMap<Gemeente, Gemeente>, gemeente: Gemeente, owner: Gemeente) -> bool {
    let (mut last, mut seen) = (owner, BTreeSet::new());
    while last != gemeente {
        match heirs.get(&last) {
            Some(heir) if seen.insert(last) => last = *heir,
            _ => return false,
        }
    }
    true
}

/// The links that stand in a field, of all who wrote it.
fn links(record: &Merged, field: &str) -> BTreeSet<Reference> {
    let links = record.values(field).map(|value| match value {
        Value::Link(link) => BTreeSet::from([link.clone()]),
        Value::Links(links) => links.clone(),
        _ => BTreeSet::new(),
    });
    links.flatten().collect()
}

impl Merged {
    /// What others need to know of this record.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let has = |name: &str| self.fields.contains_key(name);
        let done = match self.kind {
            Kind::Duiding => has("bron"),
            Kind::Les => has("gewijzigd_artefact"),
            Kind::Sessie => has("aanwezig"),
            _ => false,
        };
        let done = match self.kind {
            Kind::Knelpunt => state::episode_weeks(self, "opgelost").collect(),
            _ => done.then_some(self.week).into_iter().collect(),
        };
        let form = match self.value("vorm") {
            Some(Value::Code(form)) if self.kind == Kind::Bericht => Some(form.clone()),
            _ => None,
        };
        let merged = match self.kind {
            Kind::Knelpunt => links(self, "samengevoegd_met"),
            _ => BTreeSet::new(),
        };
        Facts {
            kind: self.kind,
            gemeente: self.owner,
            week: self.week,
            done,
            dropped: matches!(self.fields.get("verworpen_reden"), Some(Told::One(_))),
            form,
            merged,
            team: match self.value("team") {
                Some(Value::Text(team)) if self.kind == Kind::Signaal => Some(team.clone()),
                _ => None,
            },
        }
    }
}
