//! Local records as they are shown: as any record, by local ids, with what only this node knows.

use std::collections::{BTreeMap, BTreeSet};

use protocol::id::Week;
use protocol::record::{Kind, Merged, Reference, Value, around};
use serde_json::Value as Json;

use super::World;
use crate::runtime::approvals::state_of;
use crate::view::ViewError;

/// Records that are named when the begin of an id fits more than one.
const CANDIDATES_MAX: usize = 8;

/// Which local records.
#[derive(Debug, Clone, Default)]
pub(in crate::runtime) struct Shown {
    /// Of this kind.
    pub(in crate::runtime) kind: Option<Kind>,
    /// With this theme.
    pub(in crate::runtime) theme: Option<String>,
}

impl Shown {
    fn includes(&self, record: &Merged) -> bool {
        let has = |theme: &String| {
            record
                .values("thema")
                .any(|value| matches!(value, Value::Codes(codes) if codes.contains(theme)))
        };
        self.kind.is_none_or(|kind| record.kind == kind) && self.theme.as_ref().is_none_or(has)
    }
}

impl World<'_> {
    /// The local records that are asked for, by what they are called inside, in order of local id.
    pub(in crate::runtime) fn listed(&self, asked: &Shown) -> Vec<Reference> {
        let named = self.locals.named().filter_map(|named| {
            let (id, _) = self.locals.first(named)?;
            let record = self.here(named)?;
            asked.includes(record).then(|| (id.to_owned(), named.clone()))
        });
        let by_id: BTreeMap<_, _> = named.collect();
        by_id.into_values().collect()
    }

    /// A record as text, by what it is called inside; nothing when it is not here.
    pub(in crate::runtime) fn json(&self, named: &Reference, peilweek: Week) -> Result<Option<String>, ViewError> {
        let Some(record) = self.record(named)? else {
            return Ok(None);
        };
        let mut around = around(&record, self)?;
        let called = |link: &Reference| self.locals.called(link);
        let targets = std::mem::take(&mut around.targets).into_iter();
        around.targets = targets.map(|(link, standing)| (called(&link), standing)).collect();
        let Json::Object(fields) = record.relinked(&called).to_json(peilweek, &around) else {
            return Ok(None);
        };
        let mut fields: BTreeMap<String, Json> = fields.into_iter().collect();
        if let Some((id, local)) = self.locals.first(named) {
            let progress = serde_json::to_value(state_of(local.state)).unwrap_or_default();
            fields.insert("voortgang".to_owned(), progress);
            fields.insert("id".to_owned(), id.into());
            if let Reference::Record(record) = named {
                fields.insert("record".to_owned(), record.to_string().into());
            }
        }
        // Collected in order, so that the bytes do not depend on how the map of serde_json is built.
        Ok(Some(Json::Object(fields.into_iter().collect()).to_string()))
    }

    /// The local record that an id means, or the unique begin of one: a local id, or the id that it has in the network.
    pub(in crate::runtime) fn find(&self, id: &str) -> Result<Reference, Vec<String>> {
        if let Some(record) = self.locals.get(id) {
            return Ok(super::name(id, record));
        }
        let local = self.locals.ids_from(id).map(|(id, record)| super::name(id, record));
        let shared = self.locals.named().filter(|named| match named {
            Reference::Record(record) => record.to_string().starts_with(id),
            Reference::Local(_) => false,
        });
        let found: BTreeSet<Reference> = local.chain(shared.cloned()).collect();
        match found.first() {
            Some(one) if found.len() == 1 && !id.is_empty() => Ok(one.clone()),
            _ => Err(found.iter().take(CANDIDATES_MAX).map(|one| self.called(one)).collect()),
        }
    }

    /// What people here call a record, as text.
    pub(in crate::runtime) fn called(&self, named: &Reference) -> String {
        match self.locals.called(named) {
            Reference::Local(id) => id,
            Reference::Record(record) => record.to_string(),
        }
    }
}
