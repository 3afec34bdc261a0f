//! Answers about learning here: what was typed, among what others shared.

use std::sync::{Arc, PoisonError};

use protocol::api::{Lang, Paging, RecordPage, RecordQuery};
use protocol::id::{Digest, Week};

use super::approvals::vault_failed;
use super::backend::{Answers, VERSIONS};
use super::local::{Locals, Shown, World};
use crate::driver::week_now;
use crate::http::{Failure, Learning, Thing};
use crate::view::ViewError;

impl Answers {
    /// The local records as they are now.
    pub(super) fn locals(&self) -> Result<Arc<Locals>, Failure> {
        let vault = self.vault();
        let mut kept = self.locals.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Locals::refreshed(&kept, &vault).map_err(vault_failed)?;
        Ok(Arc::clone(&kept))
    }

    /// Asks something of the local records and of what the view shows, together.
    pub(super) fn world<T>(&self, question: impl Fn(&World<'_>, Digest) -> Result<T, ViewError>) -> Result<T, Failure> {
        let locals = self.locals()?;
        self.caught_up(|reading, state| question(&World::open(&locals, reading)?, state))
    }
}

impl Learning for Answers {
    fn local_records(
        &self,
        query: &RecordQuery,
        paging: Option<Paging>,
        lang: Lang,
    ) -> Result<(RecordPage, Vec<String>), Failure> {
        let filter = Self::filter(query, lang)?;
        let peilweek = query.peilweek.unwrap_or_else(week_now);
        let asked = Shown {
            kind: filter.kind,
            theme: filter.theme,
        };
        let ours = filter.gemeente.is_none_or(|gemeente| gemeente == self.config.gemeente);
        let (skip, take) = paging.map_or((0, usize::MAX), |part| {
            (usize::try_from(part.skip()).unwrap_or(usize::MAX), part.aantal as usize)
        });
        self.world(|world, state| {
            let listed = if ours { world.listed(&asked) } else { Vec::new() };
            let shown = listed.iter().skip(skip).take(take);
            let records = shown.filter_map(|named| world.json(named, peilweek).transpose());
            let about = RecordPage {
                peilweek,
                snapshot: VERSIONS.snapshot(state, peilweek),
                totaal: listed.len() as u64,
            };
            Ok((about, records.collect::<Result<_, _>>()?))
        })
    }

    fn local_record(&self, id: &str, peilweek: Option<Week>) -> Result<String, Failure> {
        let peilweek = peilweek.unwrap_or_else(week_now);
        let found = self.world(|world, _| {
            Ok(match world.find(id) {
                Ok(named) => world.json(&named, peilweek)?.ok_or_else(Vec::new),
                Err(candidates) => Err(candidates),
            })
        })?;
        found.map_err(|candidates| not_one(id, candidates))
    }
}

/// Why an id names no local record, or more than one.
pub(super) fn not_one(id: &str, candidates: Vec<String>) -> Failure {
    let id: String = id.chars().take(64).collect();
    match candidates.is_empty() {
        true => Failure::Unknown { what: Thing::Local, id },
        false => Failure::Ambiguous {
            what: Thing::Local,
            prefix: id,
            candidates,
        },
    }
}
