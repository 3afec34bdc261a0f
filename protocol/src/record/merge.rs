//! Documents to one record: a pure function of the set of its parts.
//!
//! **Law:** for every permutation and every repetition of `parts`, `merge` gives the same answer. A record
//! that one gemeente writes is its founding document and nothing else. Of a co-written record sets are
//! united, free fields stand side by side per gemeente, and none wins silently.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Fields, Input, Kind, Reference, Row, Value, Visibility};
use crate::id::{DocumentId, Gemeente, RecordId, Week};

#[cfg(test)]
mod tests;

/// Fields in which a gemeente speaks for itself and nobody else, so that agreeing says nothing.
const EACH_FOR_ITSELF: [&str; 2] = ["teams", "lidmaatschap"];

/// What one document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The gemeente that writes the document.
    pub gemeente: Gemeente,
    /// The document.
    pub document: DocumentId,
    /// The number of its kind; a newer kind is one this version does not know.
    pub kind: u16,
    /// The week it is about; the first of its quarter when only that is told.
    pub week: Week,
    /// Whether the week is withheld, and only its quarter told.
    pub quarter_only: bool,
    /// The record it contributes to, unless it founds one.
    pub contributes_to: Option<RecordId>,
    /// Practice data.
    pub practice: bool,
    /// The fields this version knows.
    pub fields: Fields,
    /// What a newer version added, kept as it is.
    pub unknown: BTreeMap<String, Json>,
}

/// A field of a record, as told by those who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// One value: there is one writer, all say the same, or it is a set and sets are united.
    One(Value),
    /// The writers differ, or each speaks for itself (`teams`, `lidmaatschap`).
    Each(BTreeMap<Gemeente, Value>),
}

/// A record: what its documents mean together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its id; local while it has not been shared.
    pub id: Reference,
    /// The kind.
    pub kind: Kind,
    /// The gemeente that founded it; of a co-written record whose founder withdrew, the first contributor
    /// by code.
    pub owner: Gemeente,
    /// The week it is about; the first of its quarter when only that is told.
    pub week: Week,
    /// Whether the week is withheld, and only its quarter told.
    pub quarter_only: bool,
    /// Of a local record, the co-written record of the network that it is meant to contribute to.
    pub contributes_to: Option<RecordId>,
    /// Practice data.
    pub practice: bool,
    /// How far it goes.
    pub visibility: Visibility,
    /// Everybody who wrote part of it.
    pub contributors: BTreeSet<Gemeente>,
    /// The fields.
    pub fields: BTreeMap<String, Told>,
    /// What a newer version added, per gemeente.
    pub unknown: BTreeMap<String, BTreeMap<Gemeente, Json>>,
    /// Documents that claim this record without a right to.
    pub ignored: usize,
}

/// The record with this id, out of the parts that name it; `None` when none of them makes one.
#[must_use]
pub fn merge(record: RecordId, parts: &[Part]) -> Option<Merged> {
    // Keyed by document: order and repetition are gone from here on.
    let parts: BTreeMap<_, _> = parts.iter().map(|part| (part.document, part)).collect();
    let founds = |part: &&Part| RecordId::from(part.document) == record && part.contributes_to.is_none();
    let founder = parts.values().copied().find(founds);
    let kind = kind_of(founder, record, parts.values().copied())?;
    let counts = |part: &&Part| {
        let writes = kind.is_cowritten() && part.contributes_to == Some(record) && part.kind == kind.number();
        writes || founder.is_some_and(|founder| founder.document == part.document)
    };
    let mut writers: Vec<_> = parts.values().copied().filter(counts).collect();
    let ignored = parts.len() - writers.len();
    // Of several documents of one gemeente the latest week speaks, and the larger id when weeks are equal.
    writers.sort_by_key(|part| (part.gemeente, part.week, part.document));
    let first = founder.or(writers.first().copied())?;
    Some(Merged {
        id: Reference::Record(record),
        kind,
        owner: first.gemeente,
        week: first.week,
        quarter_only: first.quarter_only,
        contributes_to: None,
        practice: first.practice,
        visibility: Visibility::Netwerk,
        contributors: writers.iter().map(|part| part.gemeente).collect(),
        fields: merge_fields(&writers),
        unknown: merge_unknown(&writers),
        ignored,
    })
}

/// The kind the founder gave it; without a founder (withdrawn, or not here yet) that of the first contribution.
fn kind_of<'a>(founder: Option<&Part>, record: RecordId, mut parts: impl Iterator<Item = &'a Part>) -> Option<Kind> {
    if let Some(founder) = founder {
        return Kind::from_number(founder.kind);
    }
    parts.find_map(|part| {
        let kind = Kind::from_number(part.kind)?;
        (kind.is_cowritten() && part.contributes_to == Some(record)).then_some(kind)
    })
}

fn merge_fields(writers: &[&Part]) -> BTreeMap<String, Told> {
    let mut told: BTreeMap<&str, BTreeMap<Gemeente, Value>> = BTreeMap::new();
    for part in writers {
        for (name, value) in &part.fields {
            let each = told.entry(name).or_default();
            let value = match each.remove(&part.gemeente) {
                Some(earlier) => unite(&earlier, value).unwrap_or_else(|| value.clone()),
                None => value.clone(),
            };
            each.insert(part.gemeente, value);
        }
    }
    told.into_iter()
        .map(|(name, each)| (name.to_owned(), tell(name, each)))
        .collect()
}

fn tell(name: &str, each: BTreeMap<Gemeente, Value>) -> Told {
    if EACH_FOR_ITSELF.contains(&name) {
        return Told::Each(each);
    }
    let mut values = each.values();
    let Some(first) = values.next().cloned() else {
        return Told::Each(each);
    };
    let united = values.try_fold(first, |sum, value| {
        unite(&sum, value).or_else(|| (sum == *value).then(|| sum.clone()))
    });
    united.map_or(Told::Each(each), Told::One)
}

/// The union of two sets; `None` when these are not sets.
fn unite(one: &Value, other: &Value) -> Option<Value> {
    match (one, other) {
        (Value::Codes(one), Value::Codes(other)) => Some(Value::Codes(one | other)),
        (Value::Links(one), Value::Links(other)) => Some(Value::Links(one | other)),
        (Value::Rows(one), Value::Rows(other)) => {
            let rows: BTreeSet<&Row> = one.values().chain(other.values()).collect();
            Some(Value::Rows((1..).zip(rows.into_iter().cloned()).collect()))
        }
        _ => None,
    }
}

fn merge_unknown(writers: &[&Part]) -> BTreeMap<String, BTreeMap<Gemeente, Json>> {
    let mut unknown: BTreeMap<String, BTreeMap<Gemeente, Json>> = BTreeMap::new();
    for part in writers {
        for (name, value) in &part.unknown {
            let each = unknown.entry(name.clone()).or_default();
            each.insert(part.gemeente, value.clone());
        }
    }
    unknown
}

impl Merged {
    /// A local record, so that it is shown and judged like any other.
    #[must_use]
    pub fn local(id: &str, input: &Input) -> Self {
        let fields = input.fields.iter().chain(&input.local);
        Self {
            id: Reference::Local(id.to_owned()),
            kind: input.kind,
            owner: input.owner,
            week: input.week,
            quarter_only: false,
            contributes_to: input.contributes_to,
            practice: input.practice,
            visibility: input.visibility,
            contributors: BTreeSet::from([input.owner]),
            fields: fields
                .map(|(name, value)| (name.clone(), tell(name, BTreeMap::from([(input.owner, value.clone())]))))
                .collect(),
            unknown: BTreeMap::new(),
            ignored: 0,
        }
    }

    /// The value of a field on which there is one.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self.fields.get(name) {
            Some(Told::One(value)) => Some(value),
            _ => None,
        }
    }

    /// Every value that is told for a field.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &Value> {
        let (one, each) = match self.fields.get(name) {
            Some(Told::One(value)) => (Some(value), None),
            Some(Told::Each(each)) => (None, Some(each.values())),
            None => (None, None),
        };
        one.into_iter().chain(each.into_iter().flatten())
    }

    /// Every link to another record, with the field it stands in (`op`, `afspraken.leidt_tot`).
    #[must_use]
    pub fn links(&self) -> BTreeSet<(String, Reference)> {
        let mut links = BTreeSet::new();
        for name in self.fields.keys() {
            for value in self.values(name) {
                collect_links(name, value, &mut links);
            }
        }
        links
    }
}

fn collect_links(relation: &str, value: &Value, links: &mut BTreeSet<(String, Reference)>) {
    let rows = |row: &Row, links: &mut _| {
        for (name, value) in row {
            collect_links(&format!("{relation}.{name}"), value, links);
        }
    };
    match value {
        Value::Link(link) => {
            links.insert((relation.to_owned(), link.clone()));
        }
        Value::Links(set) => links.extend(set.iter().map(|link| (relation.to_owned(), link.clone()))),
        Value::Row(row) => rows(row, links),
        Value::Rows(table) => table.values().for_each(|row| rows(row, links)),
        _ => {}
    }
}
