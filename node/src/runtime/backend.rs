//! The answers behind the API: each method asks the rooms it needs and puts their words into the API's.

mod refused;

use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use protocol::api::{
    self, Approvals, ConceptDetail, ConceptPage, Fault, Format, Fout, HandvestLogs, HandvestStand, Health, Imported,
    Ingetrokken, Intake, IntrekkingDetail, IntrekkingPage, Lang, Message, NieuweUitnodiging, Paging, ProblemKind,
    RecordPage, RecordQuery, Shown, Stand, Uitnodiging, VerweesdPage, Verwijderd, VerwijderingGevraagd, Vindplaats,
};
use protocol::gate::{Account, History, Policy};
use protocol::id::{Digest, Gemeente, Week};
use protocol::log::Versions;
use protocol::record::{Kind, List, WORDS_VERSION};
use tokio::runtime::Handle;

pub(super) use refused::import_failed;
pub(super) use refused::not_a_charter;

use super::audit::Audit;
use super::heard::hears_first;
use super::local::Locals;
use super::switches::Switches;
use super::{
    Config, Home, Ready, answers, approvals, backup, charter, erasure, importing, invitations, orphans, release,
};
use crate::driver::{CallError, Calls, PATIENCE, Pulse, week_now};
use crate::http::{Backend, Deed, Failure, Thing};
use crate::net;
use crate::vault::Vault;
use crate::view::sql::{Desk, Program};
use crate::view::{Filter, Found, Local, Page, RULES_VERSION, Readers, Reading, VIEW_VERSION, ViewError};

/// How often a question is put to the view before the node says that it is busy: a batch may have come in between.
pub(super) const TRIES: usize = 3;

/// What an answer depends on besides entries, statements and the peilweek.
pub(super) const VERSIONS: Versions = Versions {
    view: VIEW_VERSION,
    words: WORDS_VERSION,
    rules: RULES_VERSION,
};

/// The vault, for the API and for the release.
pub(super) type SharedVault = Arc<Mutex<Vault>>;

/// The vault for as long as the guard lives. **Invariant:** who holds it never waits for the core, and the core's thread
/// never waits for it.
pub(super) fn lock(vault: &SharedVault) -> MutexGuard<'_, Vault> {
    vault.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What answers are made from.
pub(super) struct Rooms {
    pub(super) config: Config,
    pub(super) policy: Arc<Policy>,
    pub(super) calls: Calls,
    pub(super) readers: Readers,
    pub(super) vault: Vault,
    pub(super) net: Option<net::Commands>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) home: Home,
    pub(super) audit: Audit,
}

/// The rooms that answers come from.
#[derive(Debug)]
pub(super) struct Answers {
    pub(super) home: Home,
    pub(super) config: Config,
    pub(super) policy: Arc<Policy>,
    pub(super) calls: Calls,
    pub(super) readers: Readers,
    pub(super) net: Option<net::Commands>,
    pub(super) runtime: Handle,
    pub(super) vault: SharedVault,
    /// The local records as they were last asked for.
    pub(super) locals: Mutex<Arc<Locals>>,
    /// What was shared from here, as far as new records are compared with it.
    pub(super) history: Mutex<History>,
    /// What the local records are searched by, once somebody asked.
    pub(super) nearby: Mutex<Option<Local>>,
    /// Held while an earlier state is exported: one at a time.
    pub(super) past: Mutex<()>,
    /// Which tips are not shown.
    pub(super) tips: Switches,
    pub(super) audit: Audit,
    pub(super) pulse: Arc<Pulse>,
    /// Where questions in SQL are handed in.
    pub(super) desk: Desk,
    ready: OnceLock<Ready>,
    release_error: Mutex<Option<Fout>>,
    /// Own documents that were withdrawn when the vault was last told.
    withdrawn: AtomicUsize,
    /// Whether what was last to be kept found the disk full.
    full: AtomicBool,
    /// Writes of which nobody saw the view show them in time, and how many of these were waited for since.
    unseen: AtomicU64,
    seen: AtomicU64,
}

impl Answers {
    pub(super) fn new(rooms: Rooms) -> Self {
        Self {
            config: rooms.config,
            policy: rooms.policy,
            calls: rooms.calls,
            readers: rooms.readers,
            net: rooms.net,
            runtime: Handle::current(),
            vault: Arc::new(Mutex::new(rooms.vault)),
            locals: Mutex::default(),
            history: Mutex::default(),
            nearby: Mutex::default(),
            past: Mutex::default(),
            tips: Switches::new(rooms.home.tips()),
            audit: rooms.audit,
            desk: Desk::new(Program::own(&rooms.home.view())),
            home: rooms.home,
            pulse: rooms.pulse,
            ready: OnceLock::new(),
            release_error: Mutex::new(None),
            withdrawn: AtomicUsize::new(0),
            full: AtomicBool::new(false),
            unseen: AtomicU64::new(0),
            seen: AtomicU64::new(0),
        }
    }

    /// Whether so many own documents withdrawn is more than the vault knows of.
    pub(super) fn news_of_withdrawals(&self, withdrawn: usize) -> bool {
        self.withdrawn.load(Ordering::Relaxed) < withdrawn
    }

    /// Remembers that the vault knows of so many: only once it does, since what a full disk did not take is told again.
    pub(super) fn knows_withdrawals(&self, withdrawn: usize) {
        self.withdrawn.fetch_max(withdrawn, Ordering::Relaxed);
    }

    /// Says where the node answers, once that is known.
    pub(super) fn answer_at(&self, ready: &Ready) {
        // Told once, at the start.
        let _ = self.ready.set(ready.clone());
    }

    pub(super) fn ready(&self) -> Option<&Ready> {
        self.ready.get()
    }

    /// The vault. A question that panicked left it as its last transaction did.
    pub(super) fn vault(&self) -> MutexGuard<'_, Vault> {
        lock(&self.vault)
    }

    /// Keeps how the last release ended, for the status.
    pub(super) fn released(&self, error: Option<Fout>) {
        *self.release_error.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    /// Why the last release failed as a whole, if it did.
    pub(super) fn release_error(&self) -> Option<Fout> {
        let error = self.release_error.lock().unwrap_or_else(PoisonError::into_inner);
        error.clone()
    }

    /// Whether what was last to be kept found the disk full.
    pub(super) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Remembers of something that was to be kept whether the disk was full.
    pub(super) fn kept<T>(&self, outcome: Result<T, Failure>) -> Result<T, Failure> {
        self.full
            .store(matches!(outcome, Err(Failure::Full(_))), Ordering::Relaxed);
        outcome
    }

    /// Asks the last whole state that the view shows. What was written here is in it, since whoever wrote waited for that
    /// ([`Backend::shown`]); what comes in from others may be a batch later. After a start, where the view shows no whole state, and after
    /// a write that was not shown in time, all is waited for that the replica held when the question came. A view that cannot be written gives what it shows: an older
    /// state, and the status says why.
    pub(super) fn caught_up<T>(
        &self,
        question: impl Fn(&Reading<'_>, Digest) -> Result<T, ViewError>,
    ) -> Result<T, Failure> {
        for at in 0..TRIES {
            let unseen = self.unseen.load(Ordering::SeqCst);
            if at > 0 || self.pulse.lags() || self.seen.load(Ordering::SeqCst) < unseen {
                self.wait_shown()?;
                self.seen.fetch_max(unseen, Ordering::SeqCst);
            }
            let answer = self.readers.read(|reading| match reading.state() {
                Some(state) => question(reading, state).map(Some),
                None => Ok(None),
            });
            if let Some(answer) = answer.map_err(view_failed)? {
                return Ok(answer);
            }
        }
        Err(self.behind())
    }

    /// Waits until the view shows all that the replica held when the question came, or cannot be written.
    pub(super) fn wait_shown(&self) -> Result<(), Failure> {
        let (tell, told) = sync_channel(1);
        let waits = self
            .calls
            .call(move |core| match core.hears_first() {
                true => None,
                false => Some((core.tell_when_shown(tell), core.feed().error.is_some())),
            })
            .map_err(stopping)?;
        let (waits, failing) = waits.ok_or_else(hears_first)?;
        match failing || (waits && told.recv_timeout(PATIENCE).is_ok()) {
            true => Ok(()),
            false => Err(self.behind()),
        }
    }

    pub(super) fn behind(&self) -> Failure {
        Failure::Told {
            kind: ProblemKind::Bezet,
            message: Message::new(
                "de node verwerkt nog wat binnenkwam",
                "the node is still working through what came in",
            ),
            hint: Some(Message::new(
                "probeer het zo opnieuw; leerkring status toont hoeveel er nog wacht",
                "try again soon; leerkring status shows how much is waiting",
            )),
        }
    }

    pub(super) fn filter(query: &RecordQuery, lang: Lang) -> Result<Filter, Failure> {
        let kind = query
            .soort
            .as_deref()
            .map(|name| Kind::from_name(name).ok_or_else(|| unknown_kind(name, lang)));
        let theme = query.thema.as_deref().map(|code| known_theme(code, lang));
        Ok(Filter {
            kind: kind.transpose()?,
            theme: theme.transpose()?,
            gemeente: query.eigenaar,
        })
    }
}

impl Backend for Answers {
    fn health(&self) -> Health {
        answers::health(&self.pulse.signs(), self.is_full())
    }

    fn backup(&self, audit: bool, out: &mut dyn Write) -> Result<(), Failure> {
        let source = backup::Running {
            calls: &self.calls,
            vault: &self.vault,
        };
        let made = backup::stream(&self.home, &self.config, &source, audit, (out, Path::new("the answer")));
        made.map_err(Failure::internal)
    }

    fn note(&self, by: &Account, deed: Deed, about: &[String]) {
        let names = match deed {
            // A local id may be the number of a case: it stands nowhere in the clear.
            Deed::TookIn | Deed::Reviewed | Deed::Approved | Deed::Discarded | Deed::Reissued => {
                let vault = self.vault();
                about.iter().map(|id| vault.name_outside(id)).collect()
            }
            Deed::Withdrew
            | Deed::ChangedCharter
            | Deed::Joined
            | Deed::BackedUp
            | Deed::Restored
            | Deed::RestoredAlone
            | Deed::HeardEnough
            | Deed::MadeToken
            | Deed::EndedToken
            | Deed::SwitchedTips => about.to_vec(),
        };
        self.audit.note(by, deed, &names);
    }

    fn intake(&self, format: Format, body: &[u8], by: &Account, proef: bool, lang: Lang) -> Result<Intake, Failure> {
        release::followed(self);
        self.kept(approvals::intake(self, format, body, (by, proef), lang))
    }

    fn replace(
        &self,
        id: &str,
        shown: &dyn Fn(&ConceptDetail) -> bool,
        body: &[u8],
        by: &Account,
        lang: Lang,
    ) -> Result<ConceptDetail, Failure> {
        release::followed(self);
        self.kept(approvals::replace(self, (id, shown), body, by, lang))
    }

    fn concepts(&self, paging: Paging) -> Result<ConceptPage, Failure> {
        release::followed(self);
        approvals::concepts(self, paging)
    }

    fn concept(&self, id: &str, lang: Lang) -> Result<ConceptDetail, Failure> {
        release::followed(self);
        approvals::concept(self, id, lang)
    }

    fn approve(&self, shown: &[Shown], by: &Account, lang: Lang) -> Result<Approvals, Failure> {
        release::followed(self);
        self.kept(approvals::approve(self, shown, by, lang))
    }

    fn discard(&self, id: &str, asked: VerwijderingGevraagd, by: &Account, lang: Lang) -> Result<Verwijderd, Failure> {
        release::followed(self);
        self.kept(approvals::discard(self, id, asked, (by, lang)))
    }

    fn records(
        &self,
        query: &RecordQuery,
        paging: Option<Paging>,
        lang: Lang,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<RecordPage, Failure> {
        let filter = Self::filter(query, lang)?;
        let peilweek = query.peilweek.unwrap_or_else(week_now);
        let page = paging.map(|part| Page {
            skip: part.skip(),
            take: u64::from(part.aantal),
        });
        let each = Mutex::new(each);
        self.caught_up(|reading, state| {
            let totaal = reading.count(&filter)?;
            let mut each = each.lock().unwrap_or_else(PoisonError::into_inner);
            reading.records(&filter, page, peilweek, &mut **each)?;
            Ok(RecordPage {
                peilweek,
                snapshot: VERSIONS.snapshot(state, peilweek),
                totaal,
            })
        })
    }

    fn record(&self, prefix: &str, peilweek: Option<Week>) -> Result<String, Failure> {
        let peilweek = peilweek.unwrap_or_else(week_now);
        match self.caught_up(|reading, _| reading.record(prefix, peilweek))? {
            Found::One(json) => Ok(json),
            not => Err(erasure::not_shown(self, not, prefix)),
        }
    }

    fn shown(&self) {
        if self.wait_shown().is_err() {
            tracing::debug!("what was written is not shown yet: the next question waits for it");
            self.unseen.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn withdraw(&self, id: &str) -> Result<Ingetrokken, Failure> {
        erasure::withdraw(self, id)
    }

    fn place(&self, id: &str) -> Result<Vindplaats, Failure> {
        erasure::place(self, id)
    }

    fn withdrawals(&self, paging: Paging) -> Result<IntrekkingPage, Failure> {
        erasure::withdrawals(self, paging)
    }

    fn withdrawal(&self, id: &str) -> Result<IntrekkingDetail, Failure> {
        erasure::withdrawal(self, id)
    }

    fn orphans(&self) -> Result<VerweesdPage, Failure> {
        orphans::orphans(self)
    }

    fn reissue(&self, id: Option<&str>, lang: Lang) -> Result<Approvals, Failure> {
        orphans::reissue(self, id, lang)
    }

    fn stand(&self, peilweek: Option<Week>) -> Result<Stand, Failure> {
        answers::stand(self, peilweek.unwrap_or_else(week_now))
    }

    fn invite(&self) -> Result<NieuweUitnodiging, Failure> {
        invitations::invite(self)
    }

    fn join(&self, body: &[u8], lang: Lang) -> Result<Uitnodiging, Failure> {
        invitations::join(self, body, lang)
    }

    fn charter(&self) -> Result<HandvestStand, Failure> {
        answers::charter(self)
    }

    fn statements(&self) -> Result<String, Failure> {
        let held = self.calls.call(|core| charter::bytes_of(core.replica().statements()));
        let held = held.map_err(stopping)?.map_err(Failure::internal)?;
        Ok(charter::text_of(&held))
    }

    fn logs(&self, gemeente: Gemeente) -> Result<HandvestLogs, Failure> {
        let logs = self.calls.call(move |core| charter::logs_of(core.replica(), gemeente));
        logs.map_err(stopping)?.map_err(Failure::internal)
    }

    fn import(&self, body: &[u8], lang: Lang) -> Result<(Imported, Vec<String>), Failure> {
        importing::take_in(self, body, lang)
    }
}

/// Why an id names no record, or more than one.
pub(super) fn not_one<T>(found: Found<T>, prefix: &str) -> Failure {
    match found {
        Found::Several(candidates) => Failure::Ambiguous {
            what: Thing::Record,
            prefix: prefix.to_owned(),
            candidates,
        },
        Found::None | Found::One(_) => Failure::Unknown {
            what: Thing::Record,
            id: prefix.chars().take(64).collect(),
        },
    }
}

pub(super) fn stopping(error: CallError) -> Failure {
    match error {
        CallError::Busy => Failure::Busy,
        CallError::Stopping => Failure::Told {
            kind: ProblemKind::Bezet,
            message: Message::new("de node stopt", "the node is stopping"),
            hint: None,
        },
    }
}

pub(super) fn view_failed(error: ViewError) -> Failure {
    Failure::internal(error)
}

pub(super) fn unknown_kind(name: &str, lang: Lang) -> Failure {
    Failure::Input(Fault {
        pad: "soort".to_owned(),
        melding: lang.pick(format!("onbekende soort {name:?}"), format!("unknown kind {name:?}")),
        toegestaan: Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect(),
        ..Fault::default()
    })
}

/// A theme of the word list. A code that came from a newer version is shown, but cannot be asked for: who mistypes a theme
/// must not be told that there are no records.
fn known_theme(code: &str, lang: Lang) -> Result<String, Failure> {
    if List::Thema.find(code).is_some() {
        return Ok(code.to_owned());
    }
    let message = lang.pick(format!("onbekend thema {code:?}"), format!("unknown theme {code:?}"));
    Err(not_listed("thema", List::Thema, message))
}

/// A code that its list does not have.
pub(super) fn not_listed(field: &str, list: List, melding: String) -> Failure {
    Failure::Input(Fault {
        pad: field.to_owned(),
        melding,
        toegestaan: list.words().iter().map(|word| word.code.to_owned()).collect(),
        ..Fault::default()
    })
}

/// The version of the protocol that this program speaks.
pub(super) const PROTOCOL_VERSION: u32 = 1;

/// The version of this program.
pub(super) const SOFTWARE: &str = env!("CARGO_PKG_VERSION");

/// Lines of a list inside another answer.
pub(super) const LINES_MAX: usize = api::LINES_MAX;
