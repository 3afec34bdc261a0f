//! Answers about learning here: what was typed, among what others shared.

mod back;
mod kringen;
mod lasting;
mod linking;
mod meeting;
mod moving;
mod post;
mod proposing;
#[cfg(test)]
mod tests;
pub(super) mod tips;

pub(super) use linking::{EditError, Typing, restate};

use std::sync::{Arc, PoisonError};

use protocol::api::{
    AgendaStand, Gevonden, KnelpuntenPage, Koppeling, KoppelingAsked, KoppelvoorstelPage, Lang, OntkoppelingAsked,
    OpenstaandQuery, OvergangAsked, Paging, PostvakPage, RecordPage, RecordQuery, SearchQuery, SessieAsked,
    SessieStand, TerugQuery, TerugkoppelingPage, Toestand, Verwanten, VerwantenQuery, VragenPage,
};
use protocol::gate::Account;
use protocol::id::{Digest, Quarter, Week};

pub(in crate::runtime) use post::drop_digest;

use super::approvals::vault_failed;
use super::backend::{Answers, VERSIONS};
use super::local::{Locals, Shown, World};
use super::{release, searching};
use crate::driver::week_now;
use crate::http::{Failure, Learning, Thing};
use crate::view::ViewError;

impl Answers {
    /// The local records as they are now; what another node of this gemeente took back is no longer called shared.
    pub(super) fn locals(&self) -> Result<Arc<Locals>, Failure> {
        release::followed(self);
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

    fn state_of(&self, id: &str, at: (Option<u32>, Option<Week>), lang: Lang) -> Result<Toestand, Failure> {
        moving::look(self, id, at, lang)
    }

    fn go(&self, id: &str, asked: &OvergangAsked, by: &Account, lang: Lang) -> Result<Toestand, Failure> {
        self.kept(moving::go(self, id, asked, by, lang))
    }

    fn link(&self, asked: &KoppelingAsked, by: &Account, lang: Lang) -> Result<Koppeling, Failure> {
        self.kept(linking::link(self, asked, by, lang))
    }

    fn unlink(&self, asked: &OntkoppelingAsked, by: &Account, lang: Lang) -> Result<Koppeling, Failure> {
        self.kept(linking::unlink(self, asked, by, lang))
    }

    fn proposals(&self, peilweek: Option<Week>) -> Result<KoppelvoorstelPage, Failure> {
        proposing::proposals(self, peilweek)
    }

    fn agenda(&self, quarter: Quarter, peilweek: Option<Week>, lang: Lang) -> Result<AgendaStand, Failure> {
        meeting::of_quarter(self, quarter, peilweek, lang)
    }

    fn close(&self, asked: &SessieAsked, by: &Account, lang: Lang) -> Result<SessieStand, Failure> {
        self.kept(meeting::close(self, asked, by, lang))
    }

    fn came_of(&self, query: &TerugQuery) -> Result<TerugkoppelingPage, Failure> {
        back::came_of(self, query)
    }

    fn mailbox(&self, peilweek: Option<Week>) -> Result<PostvakPage, Failure> {
        post::mailbox(self, peilweek)
    }

    fn knelpunten(&self, query: &OpenstaandQuery, paging: Paging, lang: Lang) -> Result<KnelpuntenPage, Failure> {
        lasting::knelpunten(self, query, paging, lang)
    }

    fn questions(&self, query: &OpenstaandQuery, paging: Paging, lang: Lang) -> Result<VragenPage, Failure> {
        lasting::questions(self, query, paging, lang)
    }

    fn search(&self, query: &SearchQuery, lang: Lang) -> Result<Gevonden, Failure> {
        searching::search(self, query, lang)
    }

    fn related(&self, prefix: &str, query: VerwantenQuery) -> Result<Verwanten, Failure> {
        searching::related(self, prefix, query)
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
