//! One world: the local records of the vault and the shared records of the view, joined.
//!
//! An own record that is shared is one record here, not two: what was typed speaks for it, exact and with its team, and
//! beside it what other gemeenten wrote in the same record. A link to a local id and a link to what it became in the
//! network are the same link. Inside, a record that is shared goes by its record id, so that every node settles ties
//! alike; what is shown goes by local ids where there is one, since those are what people here know.
//!
//! **Invariant:** what a world says never leaves this node: it is asked for here, by whoever has the token.

mod shown;
#[cfg(test)]
pub(in crate::runtime) mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

use protocol::id::{DocumentId, Gemeente, RecordId, Week, hash};
use protocol::record::{
    FROZEN, Facts, Fields, Kind, LINKING_MAX, Merged, Neighbours, Part, Reference, Told, Value, Visibility, merge,
    recurrence, relink,
};

use crate::vault::{LocalRecord, LocalRecords, State, Vault, VaultError};
use crate::view::{Beside, Reading, ViewError};

pub(super) use shown::Shown;

/// The local records, with their links resolved.
#[derive(Default)]
pub(super) struct Locals {
    /// As the vault had them after so many changes.
    changes: Option<u64>,
    records: LocalRecords,
    /// The local ids that are, or contribute to, a record.
    ids: BTreeMap<Reference, Vec<String>>,
    /// Records that nobody else writes: whole, and for ever the same.
    alone: BTreeMap<Reference, Merged>,
    /// Target, field, source of every link in those.
    links: Links,
}

type Links = BTreeSet<(Reference, String, Reference)>;

// What a person typed must never reach a log line or a panic message.
impl fmt::Debug for Locals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Locals({} records)", self.records.len())
    }
}

impl Locals {
    /// What the vault has now; the same when nothing changed.
    pub(super) fn refreshed(kept: &Arc<Self>, vault: &Vault) -> Result<Arc<Self>, VaultError> {
        if kept.changes == Some(vault.changes()) {
            return Ok(Arc::clone(kept));
        }
        let locals = Self::of(vault.local_records(&kept.records)?);
        Ok(Arc::new(Self {
            changes: Some(vault.changes()),
            ..locals
        }))
    }

    fn of(records: LocalRecords) -> Self {
        let mut locals = Self {
            records,
            ..Self::default()
        };
        for (id, record) in &locals.records {
            locals.ids.entry(name(id, record)).or_default().push(id.clone());
        }
        let alone = locals.ids.keys().filter(|named| locals.is_whole(named));
        let alone = alone.filter_map(|named| Some((named.clone(), locals.join(named, Vec::new())?)));
        locals.alone = alone.collect();
        locals.links = locals.alone.values().flat_map(links).collect();
        locals
    }

    /// Whether a record is here as it is everywhere: nobody else writes in it, and leaving added nothing to it.
    fn is_whole(&self, named: &Reference) -> bool {
        let added = |kind: Kind| kind.is_cowritten() || kind == Kind::Experiment;
        matches!(named, Reference::Local(_)) || !self.at(named).any(|(_, record)| added(record.input.kind))
    }

    /// What is here of a record.
    fn at<'a>(&'a self, named: &Reference) -> impl Iterator<Item = (&'a str, &'a LocalRecord)> + use<'a> {
        let ids = self.ids.get(named).into_iter().flatten();
        ids.filter_map(|id| Some((id.as_str(), &**self.records.get(id)?)))
    }

    /// What a link means here.
    pub(super) fn resolve(&self, link: &Reference) -> Reference {
        match link {
            Reference::Local(id) => match self.records.get(id) {
                Some(record) => name(id, record),
                None => link.clone(),
            },
            Reference::Record(_) => link.clone(),
        }
    }

    /// What people here call a record.
    pub(super) fn called(&self, named: &Reference) -> Reference {
        match self.ids.get(named).and_then(|ids| ids.first()) {
            Some(id) => Reference::Local(id.clone()),
            None => named.clone(),
        }
    }

    /// The records that are here, by what they are called inside.
    pub(super) fn named(&self) -> impl Iterator<Item = &Reference> {
        self.ids.keys()
    }

    /// Every local record by its local id.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &LocalRecord)> {
        self.records.iter().map(|(id, record)| (id.as_str(), &**record))
    }

    /// A local record by its local id.
    pub(super) fn get(&self, id: &str) -> Option<&LocalRecord> {
        self.records.get(id).map(|record| &**record)
    }

    /// The local records whose id begins so.
    fn ids_from<'b>(&'b self, begin: &'b str) -> impl Iterator<Item = (&'b str, &'b LocalRecord)> {
        let from = self.records.range::<str, _>((Bound::Included(begin), Bound::Unbounded));
        let these = from.take_while(move |(id, _)| id.starts_with(begin));
        these.map(|(id, record)| (id.as_str(), &**record))
    }

    /// The local record that people here call a record by.
    pub(super) fn first(&self, named: &Reference) -> Option<(&str, &LocalRecord)> {
        self.at(named).next()
    }

    /// The knelpunt that a signal names.
    pub(super) fn knelpunt_of(&self, signal: &str) -> Option<Reference> {
        match self.get(signal)?.input.fields.get("knelpunt") {
            Some(Value::Link(link)) => Some(self.resolve(link)),
            _ => None,
        }
    }

    /// The own signals that belong to a knelpunt, whichever of both says so.
    pub(super) fn signals_of(&self, knelpunt: &Reference) -> BTreeSet<&str> {
        let from = (
            knelpunt.clone(),
            "knelpunt".to_owned(),
            Reference::Record(RecordId([0; 20])),
        );
        let naming = self.links.range(from..);
        let naming = naming.take_while(|(to, field, _)| to == knelpunt && field == "knelpunt");
        let naming = naming.filter_map(|(_, _, signal)| Some(self.first(signal)?.0));
        let named = self
            .at(knelpunt)
            .filter_map(|(_, record)| match record.input.fields.get("signalen") {
                Some(Value::Links(links)) => Some(links),
                _ => None,
            });
        let named = named
            .flatten()
            .filter_map(|link| Some(self.first(&self.resolve(link))?.0));
        naming.chain(named).collect()
    }

    /// The most teams that gave a signal of a knelpunt within one window up to the peilweek.
    pub(super) fn teams(&self, knelpunt: &Reference, peilweek: Week) -> usize {
        let signals = self.signals_of(knelpunt).into_iter().filter_map(|id| self.get(id));
        let given = signals.map(|signal| match signal.input.local.get("team") {
            Some(Value::Text(team)) => (signal.input.week, Some(team.as_str())),
            _ => (signal.input.week, None),
        });
        recurrence::teams(given, peilweek)
    }

    /// The knelpunten that a change since was about: those that a changed signal belongs to, or belonged to.
    pub(super) fn touched_since(&self, before: &Self) -> BTreeSet<Reference> {
        let ids: BTreeSet<&String> = self.records.keys().chain(before.records.keys()).collect();
        let same = |id: &String| match (self.records.get(id), before.records.get(id)) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        let changed = ids.into_iter().filter(|id| !same(id));
        let links = changed.flat_map(|id| [before, self].map(|locals| locals.knelpunt_of(id)));
        links.flatten().map(|link| self.resolve(&link)).collect()
    }

    /// The record, of what is here and what others wrote in it.
    fn join(&self, named: &Reference, mut parts: Vec<Part>) -> Option<Merged> {
        let (first, record) = self.at(named).next()?;
        let resolved = |fields: &Fields| relink(fields, &|link| self.resolve(link));
        let mut merged = match named {
            Reference::Local(_) => {
                let local = Merged::local(first, &record.input);
                local.relinked(&|link| self.resolve(link))
            }
            Reference::Record(id) => {
                for (local, record) in self.at(named) {
                    let part = part(local, record, resolved(&record.input.fields));
                    parts.retain(|other| other.document != part.document);
                    parts.push(part);
                }
                merge(*id, &parts)?
            }
        };
        merged
            .fields
            .extend(frozen(record).map(|value| (FROZEN.to_owned(), Told::One(value))));
        merged.visibility = match record.shared {
            Some(_) => Visibility::Netwerk,
            None => record.input.visibility,
        };
        let stays = resolved(&record.input.local).into_iter();
        merged
            .fields
            .extend(stays.map(|(name, value)| (name, Told::One(value))));
        Some(merged)
    }
}

fn links(record: &Merged) -> impl Iterator<Item = (Reference, String, Reference)> + use<> {
    let source = record.id.clone();
    let links = record.links().into_iter();
    links.map(move |(field, target)| (target, field, source.clone()))
}

/// What a local record is called inside. One that was taken back is nobody's but ours.
fn name(id: &str, record: &LocalRecord) -> Reference {
    let contributes = record.input.contributes_to;
    let contributes = contributes.filter(|_| record.state != State::Withdrawn);
    match record.shared.map(|shared| shared.record).or(contributes) {
        Some(record) => Reference::Record(record),
        None => Reference::Local(id.to_owned()),
    }
}

/// What an experiment froze, of what was typed: of what left another hash was made.
fn frozen(record: &LocalRecord) -> Option<Value> {
    (!record.frozen.is_empty()).then(|| Value::Codes(record.frozen.clone()))
}

/// What a local record says in the record that it is, or contributes to.
fn part(id: &str, record: &LocalRecord, fields: Fields) -> Part {
    let document = record.shared.map_or_else(
        || DocumentId(hash("local part", &[id.as_bytes()])),
        |shared| shared.document,
    );
    let input = &record.input;
    Part {
        gemeente: input.owner,
        document,
        kind: input.kind.number(),
        week: input.week,
        quarter_only: false,
        contributes_to: input.contributes_to,
        practice: input.practice,
        fields,
        unknown: BTreeMap::new(),
    }
}

/// The local records among the shared ones, for the length of one question.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) locals: &'a Locals,
    beside: Beside<'a>,
    /// Own records in which others may write, as they are together.
    together: BTreeMap<Reference, Merged>,
    /// Target, field, source of every link in those.
    links: Links,
}

impl<'a> World<'a> {
    /// What is here and what the view shows.
    pub(super) fn open(locals: &'a Locals, reading: &'a Reading<'_>) -> Result<Self, ViewError> {
        let mut world = Self {
            locals,
            beside: reading.neighbours()?,
            together: BTreeMap::new(),
            links: BTreeSet::new(),
        };
        for named in locals.named() {
            let Reference::Record(record) = named else { continue };
            if locals.is_whole(named) {
                continue;
            }
            if let Some(merged) = locals.join(named, world.beside.parts(*record)?) {
                world.links.extend(links(&merged));
                world.together.insert(named.clone(), merged);
            }
        }
        Ok(world)
    }

    fn here(&self, named: &Reference) -> Option<&Merged> {
        self.together.get(named).or_else(|| self.locals.alone.get(named))
    }

    fn is_here(&self, record: RecordId) -> bool {
        self.locals.ids.contains_key(&Reference::Record(record))
    }

    /// A record, whole; nothing when it is not here.
    pub(super) fn record(&self, named: &Reference) -> Result<Option<Merged>, ViewError> {
        match (self.here(named), named) {
            (Some(merged), _) => Ok(Some(merged.clone())),
            (None, Reference::Record(record)) => self.beside.merged(*record),
            (None, Reference::Local(_)) => Ok(None),
        }
    }

    /// What is here, and what these gemeenten wrote or wrote in, with whatever is about that.
    pub(super) fn concerning(&self, gemeenten: &BTreeSet<Gemeente>) -> Result<BTreeSet<Reference>, ViewError> {
        let mut found: BTreeSet<Reference> = self.locals.named().cloned().collect();
        for gemeente in gemeenten {
            found.extend(self.beside.concerning(*gemeente)?.into_iter().map(Reference::Record));
        }
        // What is about a record that is here only because this gemeente adds to it.
        for named in self.together.keys() {
            for field in ["op", "over"] {
                found.extend(self.linking(named, field)?);
            }
        }
        Ok(found)
    }

    /// The records of here, and those of these kinds that others have; of their signals those that may ask something.
    pub(super) fn of_kinds(&self, kinds: &[Kind]) -> Result<BTreeSet<Reference>, ViewError> {
        let mut found: BTreeSet<Reference> = self.locals.named().cloned().collect();
        for kind in kinds {
            found.extend(self.beside.asking_or_of(*kind)?.into_iter().map(Reference::Record));
        }
        Ok(found)
    }

    /// The records of a kind, of here and of others, without what was taken back.
    pub(super) fn of_kind(&self, kind: Kind) -> Result<BTreeSet<Reference>, ViewError> {
        let asked = Shown {
            kind: Some(kind),
            theme: None,
        };
        let mut found: BTreeSet<Reference> = self.listed(&asked).into_iter().collect();
        found.retain(|named| {
            self.locals
                .at(named)
                .any(|(_, record)| record.state != State::Withdrawn)
        });
        found.extend(self.beside.asking_or_of(kind)?.into_iter().map(Reference::Record));
        Ok(found)
    }

    /// What each gemeente says in a field of a record: of what is here as it was typed, of others as they shared it.
    pub(super) fn said_in(&self, named: &Reference, field: &str) -> Result<Vec<(Gemeente, Value)>, ViewError> {
        let here = self
            .locals
            .at(named)
            .filter(|(_, record)| record.state != State::Withdrawn);
        let here: Vec<&LocalRecord> = here.map(|(_, record)| record).collect();
        let own: BTreeSet<DocumentId> = here.iter().filter_map(|record| Some(record.shared?.document)).collect();
        let parts = match named {
            Reference::Record(record) => self.beside.parts(*record)?,
            Reference::Local(_) => Vec::new(),
        };
        let others = parts.into_iter().filter(|part| !own.contains(&part.document));
        let said = others.filter_map(|mut part| Some((part.gemeente, part.fields.remove(field)?)));
        let typed = here
            .iter()
            .filter_map(|record| Some((record.input.owner, record.input.fields.get(field)?.clone())));
        Ok(typed.chain(said).collect())
    }

    /// Whether a signal belongs to a knelpunt, whichever of both says so.
    pub(super) fn has_knelpunt(&self, signal: &Merged) -> Result<bool, ViewError> {
        Ok(signal.fields.contains_key("knelpunt") || !self.linking(&signal.id, "signalen")?.is_empty())
    }

    fn to<'b>(&'b self, target: &'b Reference) -> impl Iterator<Item = (&'b str, &'b Reference)> {
        let from = (target.clone(), String::new(), Reference::Record(RecordId([0; 20])));
        let links = self.locals.links.range(from.clone()..);
        let links = links.take_while(move |(to, _, _)| to == target);
        let together = self.links.range(from..).take_while(move |(to, _, _)| to == target);
        links.chain(together).map(|(_, field, source)| (field.as_str(), source))
    }
}

impl Neighbours for World<'_> {
    type Error = ViewError;

    fn facts(&self, record: &Reference) -> Result<Option<Facts>, ViewError> {
        match self.here(record) {
            Some(merged) => Ok(Some(merged.facts())),
            None => self.beside.facts(record),
        }
    }

    fn towards(&self, record: &Reference) -> Result<BTreeSet<(String, Facts)>, ViewError> {
        let mut found = match record {
            Reference::Record(id) => self.beside.towards_of(*id, &|source| !self.is_here(source))?,
            Reference::Local(_) => BTreeSet::new(),
        };
        let here = self.to(record);
        found.extend(here.filter_map(|(field, source)| Some((field.to_owned(), self.here(source)?.facts()))));
        Ok(found)
    }

    fn linking(&self, record: &Reference, field: &str) -> Result<BTreeSet<Reference>, ViewError> {
        let mut found = self.beside.linking(record, field)?;
        found.retain(|source| self.here(source).is_none());
        let here = self.to(record).filter(|(through, _)| *through == field);
        found.extend(here.map(|(_, source)| source.clone()));
        Ok(found.into_iter().take(LINKING_MAX).collect())
    }

    fn is_withdrawn(&self, record: &Reference) -> Result<bool, ViewError> {
        self.beside.is_withdrawn(record)
    }

    fn heirs(&self) -> &BTreeMap<Gemeente, Gemeente> {
        self.beside.heirs()
    }
}
