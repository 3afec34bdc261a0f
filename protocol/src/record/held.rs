//! Records that are all in memory, as neighbours of one another: what a view must answer too.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::around::{LINKING_MAX, around};
use super::{Around, Facts, Merged, Neighbours, Reference};
use crate::id::{Gemeente, RecordId};

/// A set of records, and what the charter says that bears on them.
#[derive(Debug, Clone, Default)]
pub struct Held {
    facts: BTreeMap<Reference, Facts>,
    /// Target, field, source.
    links: BTreeSet<(Reference, String, Reference)>,
    withdrawn: BTreeSet<RecordId>,
    heirs: BTreeMap<Gemeente, Gemeente>,
}

impl Held {
    /// These records.
    pub fn new<'a>(records: impl IntoIterator<Item = &'a Merged>) -> Self {
        let mut held = Self::default();
        for record in records {
            let links = record.links().into_iter();
            held.links
                .extend(links.map(|(field, target)| (target, field, record.id.clone())));
            held.facts.insert(record.id.clone(), record.facts());
        }
        held
    }

    /// The same, when these records were withdrawn.
    #[must_use]
    pub fn without(mut self, withdrawn: impl IntoIterator<Item = RecordId>) -> Self {
        self.withdrawn.extend(withdrawn);
        self
    }

    /// The same, when the first of each pair went on as the second.
    #[must_use]
    pub fn after(mut self, mergers: impl IntoIterator<Item = (Gemeente, Gemeente)>) -> Self {
        self.heirs.extend(mergers);
        self
    }

    /// Looks around one of them.
    #[must_use]
    pub fn around(&self, record: &Merged) -> Around {
        match around(record, self) {
            Ok(around) => around,
            Err(never) => match never {},
        }
    }

    /// The records of these that any of the gemeenten wrote or wrote in, and whatever is about one of those: what may
    /// stand on their agenda.
    #[must_use]
    pub fn concerning<'a>(&self, records: &'a [Merged], gemeenten: &BTreeSet<Gemeente>) -> Vec<&'a Merged> {
        let writes = |record: &Merged| gemeenten.contains(&record.owner) || !record.contributors.is_disjoint(gemeenten);
        let written = records.iter().filter(|record| writes(record));
        let mut named: BTreeSet<&Reference> = written.map(|record| &record.id).collect();
        let about = self
            .links
            .iter()
            .filter(|(target, field, _)| matches!(field.as_str(), "op" | "over") && named.contains(target));
        let about: Vec<&Reference> = about.map(|(_, _, source)| source).collect();
        named.extend(about);
        records.iter().filter(|record| named.contains(&record.id)).collect()
    }

    fn to<'a>(&'a self, record: &'a Reference) -> impl Iterator<Item = (&'a str, &'a Reference)> {
        let from = (record.clone(), String::new(), Reference::Record(RecordId([0; 20])));
        let links = self.links.range(from..);
        let links = links.take_while(move |(target, _, _)| target == record);
        links.map(|(_, field, source)| (field.as_str(), source))
    }
}

impl Neighbours for Held {
    type Error = Infallible;

    fn facts(&self, record: &Reference) -> Result<Option<Facts>, Infallible> {
        Ok(self.facts.get(record).cloned())
    }

    fn towards(&self, record: &Reference) -> Result<BTreeSet<(String, Facts)>, Infallible> {
        let to = self.to(record);
        let facts = to.filter_map(|(field, source)| Some((field.to_owned(), self.facts.get(source)?.clone())));
        Ok(facts.collect())
    }

    fn linking(&self, record: &Reference, field: &str) -> Result<BTreeSet<Reference>, Infallible> {
        let through = self.to(record).filter(|(through, _)| *through == field);
        Ok(through.map(|(_, source)| source.clone()).take(LINKING_MAX).collect())
    }

    fn is_withdrawn(&self, record: &Reference) -> Result<bool, Infallible> {
        Ok(matches!(record, Reference::Record(record) if self.withdrawn.contains(record)))
    }

    fn heirs(&self) -> &BTreeMap<Gemeente, Gemeente> {
        &self.heirs
    }
}
