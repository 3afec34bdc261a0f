//! The release: what was approved leaves together, in random order, so that the moment points at nobody.
//!
//! It runs on the core's thread as one step: keep in the vault which document each record will be, write every entry,
//! keep what became of each, and only then make the own log durable and tell the others. A crash in between leaves no
//! doubt ([`reconcile`]): what the vault calls shared without the entry to show for it goes back to approved, and a
//! record whose planned document is there has left. Without the plan such a record would leave twice.
//!
//! A node that was made of a backup does none of this before it heard another one, and what the backup leaves in doubt waits
//! for a person ([`came_back`]): it may have left since, and have been withdrawn.
//!
//! **Invariant:** a record that cannot leave holds up no other: it goes back to a person, with the reason.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, TryLockError};
use std::time::{Duration, Instant};

use protocol::api::{Fout, Lidmaatschap, Message, Mislukt, NOT_FOUNDED, NOT_FOUNDED_NEXT, ProblemKind};
use protocol::entropy::{Entropy, Seeded};
use protocol::gate::{Approval, Approved, Pending, Policy};
use protocol::id::{Content, RecordId, Week};
use protocol::log::{Replica, ReplicaError};
use protocol::record::Reference;

use super::approvals::account;
use super::backend::{Answers, SharedVault, stopping};
use super::charter::{place_of, why_not};
use super::heard::hears_first;
use super::learning::drop_digest;
use super::policy::screen;
use super::tried::Tried;
use super::{Release, RunError};
use crate::driver::{CallError, Core, CoreError, System, week_now};
use crate::fault::fault;
use crate::http::Failure;
use crate::store::Sled;
use crate::trouble::Trouble;
use crate::vault::{Concept, Place, Shared, State, Vault, VaultError, Waiting};

/// Records that leave in one step of the core.
const TOGETHER_MAX: usize = 10_000;
/// Records that are planned together: a plan that fails halfway is made again for the rest of these.
const PLANNED_MAX: usize = 256;
/// How often a release asks for the vault when others have it each time, before it says that the node is busy.
const TRIES: usize = 100;
/// How often the release looks whether its week has come.
const LOOK: Duration = Duration::from_secs(60);

/// Which of the approved records leave.
#[derive(Debug, Clone, Copy)]
pub(super) enum Due {
    /// All of them.
    All,
    /// Those that were approved before this week.
    Before(Week),
}

impl Due {
    pub(super) fn now(release: Release) -> Self {
        match release {
            Release::AtOnce => Self::All,
            Release::Weekly => Self::Before(week_now()),
        }
    }

    fn includes(self, concept: &Concept) -> bool {
        match (self, &concept.decision) {
            (Self::Before(week), Some(decision)) => decision.week < week,
            // Without a decision nothing leaves: that is found out where it is released.
            (Self::All, _) | (_, None) => true,
        }
    }
}

/// Why nothing was released.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReleaseError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Core(#[from] CoreError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// This node may share no records.
    #[error("this node may share nothing: {0:?}")]
    May(Lidmaatschap),
    /// This node was made of a backup and has heard nobody yet.
    #[error("this node was made of a backup: it shares nothing before it heard another node")]
    HearsFirst,
}

/// Releases what is due. What becomes of each record is in the vault.
pub(super) fn release(answers: &Answers, due: Due) -> Result<(), ReleaseError> {
    let released = release_by(answers, due);
    answers.released(released.as_ref().err().map(fault_of));
    released
}

/// Why nothing left, as a code.
fn fault_of(error: &ReleaseError) -> Fout {
    match error {
        ReleaseError::HearsFirst => Fout::EerstHoren,
        ReleaseError::May(_) => Fout::MagNietDelen,
        ReleaseError::Core(CoreError::NotFounded) => Fout::NietGesticht,
        error => fault(error),
    }
}

fn release_by(answers: &Answers, due: Due) -> Result<(), ReleaseError> {
    for _ in 0..TRIES {
        let (held, policy) = (Arc::clone(&answers.vault), Arc::clone(&answers.policy));
        let step = move |core: &mut Core| release_step(core, &held, &policy, due);
        if answers.calls.call(step)?? {
            return Ok(());
        }
        // Here and not on the core's thread: a backup copies the whole vault, and the node goes on with its work meanwhile.
        drop(answers.vault());
    }
    Err(CallError::Busy.into())
}

/// Releases what is due; false when somebody else has the vault.
fn release_step(core: &mut Core, vault: &SharedVault, policy: &Policy, due: Due) -> Result<bool, ReleaseError> {
    let mut vault = match vault.try_lock() {
        Ok(vault) => vault,
        Err(TryLockError::Poisoned(held)) => held.into_inner(),
        Err(TryLockError::WouldBlock) => return Ok(false),
    };
    may_release(core)?;
    release_now(core, &mut vault, policy, due)?;
    core.acknowledge()?;
    Ok(true)
}

/// Whether anything may leave here now.
pub(super) fn may_release(core: &Core) -> Result<(), ReleaseError> {
    if core.hears_first() {
        return Err(ReleaseError::HearsFirst);
    }
    let place = place_of(core.replica().roster(), core.me());
    match why_not(place) {
        Some(_) => Err(ReleaseError::May(place)),
        None => Ok(core.check_own()?),
    }
}

fn release_now(core: &mut Core, vault: &mut Vault, policy: &Policy, due: Due) -> Result<(), ReleaseError> {
    let mut ids = approved_ids(vault, due)?;
    Seeded::new(u64::from_be_bytes(System.bytes())).shuffle(&mut ids);
    for part in ids.chunks(PLANNED_MAX) {
        let mut due = part.to_vec();
        while !due.is_empty() {
            let planned = vault.together(|vault| plan(core, vault, due))?;
            due = vault.together(|vault| leave(core, vault, policy, planned))?;
        }
    }
    vault.together(|vault| complete_links(core, vault, policy))
}

/// The approved records that are due, as many as leave together.
fn approved_ids(vault: &Vault, due: Due) -> Result<Vec<String>, VaultError> {
    let mut ids = Vec::new();
    for line in vault.list(&[State::Approved], None, usize::MAX) {
        if ids.len() < TOGETHER_MAX && due.includes(&vault.get(&line.id)?) {
            ids.push(line.id);
        }
    }
    Ok(ids)
}

/// Keeps which document each record will found, and puts those that found one first: they take the next places of the
/// log, one after another.
fn plan(core: &mut Core, vault: &mut Vault, due: Vec<String>) -> Result<Vec<String>, ReleaseError> {
    let (mut new, mut known, mut documents) = (Vec::new(), Vec::new(), BTreeSet::new());
    for id in due {
        recognise::<ReleaseError>(vault, core.replica(), &id)?;
        let concept = vault.get(&id)?;
        match concept.input().ok().filter(|_| concept.shared.is_none()) {
            Some(input) => {
                let document = core.would_found(input.kind.number(), new.len() as u64)?;
                let record = input.contributes_to.unwrap_or_else(|| RecordId::from(document));
                vault.leaves_as(&id, Shared { document, record })?;
                documents.insert(document);
                new.push(id);
            }
            None => known.push(id),
        }
    }
    core.prepare(documents)?;
    new.append(&mut known);
    Ok(new)
}

/// Writes what was planned; what is left when a place turned out to be another, because a record before it could not be
/// written.
fn leave(
    core: &mut Core,
    vault: &mut Vault,
    policy: &Policy,
    planned: Vec<String>,
) -> Result<Vec<String>, ReleaseError> {
    let mut due = planned.into_iter();
    while let Some(id) = due.next() {
        match release_one(core, vault, policy, &id)? {
            Some(Ok(())) => {}
            Some(Err(why)) => {
                tracing::warn!(?why, "an approved record could not leave; it waits for a person again");
                vault.failed(&id, why)?;
            }
            None => return Ok([id].into_iter().chain(due).collect()),
        }
    }
    Ok(Vec::new())
}

/// A record whose planned document is there has left, also when the vault could not say so any more.
fn recognise<E>(vault: &mut Vault, replica: &Replica<Sled>, id: &str) -> Result<(), E>
where
    E: From<VaultError> + From<ReplicaError>,
{
    let concept = vault.get(id)?;
    let Some(leaving) = concept.leaving.filter(|_| concept.shared.is_none()) else {
        return Ok(());
    };
    if replica.document(leaving.document)?.is_some() {
        vault.left(id)?;
    }
    Ok(())
}

/// Writes one approved concept, unless it would found another document than was planned. What the core refuses for this
/// record alone is told; what concerns all ends the step.
fn release_one(
    core: &mut Core,
    vault: &mut Vault,
    policy: &Policy,
    id: &str,
) -> Result<Option<Result<(), Mislukt>>, ReleaseError> {
    let concept = vault.get(id)?;
    let Some(approved) = approved(&concept, policy) else {
        return Ok(Some(Err(Mislukt::Veranderd)));
    };
    let before = concept.shared;
    let (shareable, pending) = approved.release(&|link| resolve(vault, link));
    let planned = concept.leaving.map(|leaving| leaving.document);
    if before.is_none() && planned != Some(core.would_found(shareable.kind().number(), 0)?) {
        return Ok(None);
    }
    let written = match core.write(before.map(|shared| shared.document), &shareable) {
        Ok(written) => written,
        // It holds for every record alike, and none of them is at fault.
        Err(error @ (CoreError::NotFounded | CoreError::OwnLog(_) | CoreError::Replica(ReplicaError::Cut { .. }))) => {
            return Err(error.into());
        }
        Err(CoreError::Replica(error)) if error.is_store() => return Err(CoreError::Replica(error).into()),
        Err(error) => {
            tracing::warn!(%error, "the core refuses a record");
            return Ok(Some(Err(Mislukt::Onbekend)));
        }
    };
    let document = written
        .as_ref()
        .map(|written| written.document)
        .or(before.map(|shared| shared.document));
    let Some(document) = document else {
        return Ok(Some(Err(Mislukt::NietGeschreven)));
    };
    let record = shareable.contributes_to().unwrap_or_else(|| RecordId::from(document));
    let shared = Shared { document, record };
    let place = written.map(|written| Place {
        log: written.log,
        seq: written.seq,
    });
    vault.mark_shared(id, shared, place, pending.iter().filter_map(waits).collect())?;
    Ok(Some(Ok(())))
}

/// The approval that a person gave, for what would leave now; nothing when that differs.
fn approved(concept: &Concept, policy: &Policy) -> Option<Approved> {
    let decision = concept.decision.as_ref()?;
    let screened = screen(concept, policy).ok()?;
    let approval = match decision.content {
        Some(content) => Approval::kept(account(&decision.by), Content(content)),
        None => Approval::without_text(account(&decision.by)),
    };
    screened.approve(approval).ok()
}

fn resolve(vault: &Vault, link: &Reference) -> Option<RecordId> {
    match link {
        Reference::Record(record) => Some(*record),
        Reference::Local(id) => vault.shared_record_of(id),
    }
}

fn waits(pending: &Pending) -> Option<Waiting> {
    match &pending.link {
        Reference::Local(target) => Some(Waiting {
            field: pending.field.clone(),
            target: target.clone(),
        }),
        Reference::Record(_) => None,
    }
}

/// Adds the links that waited for a record that has been shared meanwhile: the link itself was approved with the text.
fn complete_links(core: &mut Core, vault: &mut Vault, policy: &Policy) -> Result<(), ReleaseError> {
    for (id, waiting) in vault.waiting_links()? {
        if waiting
            .iter()
            .any(|waiting| vault.shared_record_of(&waiting.target).is_some())
        {
            if vault.get(&id)?.state != State::Shared {
                continue;
            }
            if let Some(Err(why)) = release_one(core, vault, policy, &id)? {
                tracing::warn!(?why, "links of a shared record could not be completed");
            }
        }
    }
    Ok(())
}

/// After a crash: takes back what the vault calls shared while its last entry is gone, which was never acknowledged, and
/// recognises what was written without the vault being told.
pub(super) fn reconcile(vault: &mut Vault, replica: &Replica<Sled>) -> Result<(), RunError> {
    for line in vault.list(&[State::Approved], None, usize::MAX) {
        recognise::<RunError>(vault, replica, &line.id)?;
    }
    for line in vault.list(&[State::Shared], None, usize::MAX) {
        let concept = vault.get(&line.id)?;
        let Some(shared) = concept.shared else {
            continue;
        };
        if replica.roster().erasures().withdrawn(shared.document).is_some() {
            // Another node of this gemeente took it back, or this one and its vault did not hear of it any more.
            vault.withdrawn(&[shared.document])?;
            continue;
        }
        let document = replica.document(shared.document)?.is_some();
        let is_lost = is_lost(replica, &concept, document);
        if is_lost && concept.missed {
            vault.lost(&line.id, document, Mislukt::Kwijt)?;
        } else if is_lost {
            tracing::warn!("a record was not written before the last stop; it leaves with the next release");
            vault.recall(&line.id, document)?;
        }
    }
    Ok(())
}

/// Whether the entry is gone that shared this last; `document` says whether its document is there. What is held and does
/// not count is orphaned: its owner says whether it is shared anew.
fn is_lost(replica: &Replica<Sled>, concept: &Concept, document: bool) -> bool {
    concept.written.map_or(!document, |place| !is_held(replica, place))
}

fn is_held(replica: &Replica<Sled>, place: Place) -> bool {
    replica.log(place.log).is_some_and(|log| place.seq < log.held)
}

/// After a restore: what the backup says was on its way may have left since, and what it says was shared may be in no entry
/// of it. The one waits for a person; the other is what it is, unless nobody gives it back.
pub(super) fn came_back(vault: &mut Vault, replica: &Replica<Sled>) -> Result<(), RunError> {
    vault.together(|vault| {
        for line in vault.list(&[State::Approved], None, usize::MAX) {
            vault.failed(&line.id, Mislukt::MisschienGedeeld)?;
        }
        for line in vault.list(&[State::Shared], None, usize::MAX) {
            let concept = vault.get(&line.id)?;
            let Some(shared) = concept.shared else { continue };
            if is_lost(replica, &concept, replica.document(shared.document)?.is_some()) {
                vault.missed(&line.id)?;
            }
        }
        Ok(())
    })
}

/// Why nothing left, for who approved.
pub(super) fn failure(error: ReleaseError, approved: usize) -> Failure {
    match error {
        ReleaseError::Call(error) => stopping(error),
        ReleaseError::Core(CoreError::NotFounded) => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!(
                    "goedgekeurd ({approved}) en bewaard, maar er vertrekt nog niets: {}",
                    NOT_FOUNDED.nl
                ),
                format!(
                    "approved ({approved}) and kept, but nothing leaves yet: {}",
                    NOT_FOUNDED.en
                ),
            ),
            hint: Some(NOT_FOUNDED_NEXT),
        },
        ReleaseError::HearsFirst => hears_first(),
        ReleaseError::May(place) => {
            let (why, hint) = why_not(place).unwrap_or_else(|| (Message::new("", ""), Message::new("", "")));
            Failure::Told {
                kind: ProblemKind::Conflict,
                message: Message::with(
                    format!(
                        "goedgekeurd ({approved}) en bewaard, maar er vertrekt niets: {}",
                        why.nl
                    ),
                    format!("approved ({approved}) and kept, but nothing leaves: {}", why.en),
                ),
                hint: Some(hint),
            }
        }
        ReleaseError::Core(CoreError::Foreign) => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!(
                    "goedgekeurd ({approved}) en bewaard, maar het handvest noemt deze node met een wortelsleutel die niet van \
                     deze gemeente is: er vertrekt niets"
                ),
                format!(
                    "approved ({approved}) and kept, but the charter lists this node with a root key that is not of this \
                     gemeente: nothing leaves"
                ),
            ),
            hint: Some(Message::new(
                "bel een lid; is de wortelsleutel echt vervangen, maak dan hier een kaart met de nieuwe (leerkring charter card)",
                "call a member; when the root key really was replaced, make a card with the new one here (leerkring charter card)",
            )),
        },
        ReleaseError::Vault(error) => Failure::internal(error),
        other => Failure::internal(other),
    }
}

/// Releases what is due, now and whenever a later look finds more, until `stopped` closes: once a week, and what a stop in
/// between left behind.
pub(super) fn keep_releasing(answers: &Answers, stopped: &Receiver<()>) {
    let (began, mut tried, mut trouble) = (Instant::now(), Tried::default(), Trouble::default());
    loop {
        let now_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tried.write(&answers.home, &answers.pulse, now_ms);
        match release_if_due(answers) {
            Err(error) => {
                if let Some(times) = trouble.again(now_ms) {
                    tracing::error!(%error, times, "what was approved could not leave; it is tried again");
                }
            }
            Ok(()) => {
                if let Some(times) = trouble.over() {
                    tracing::info!(times, "what was approved can leave again");
                }
            }
        }
        drop_digest(answers);
        if !matches!(stopped.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout)) {
            break;
        }
    }
}

fn release_if_due(answers: &Answers) -> Result<(), ReleaseError> {
    follow_withdrawals(answers)?;
    let due = Due::now(answers.config.release);
    // Not in the condition: who holds the vault never waits for the core.
    let waits = !approved_ids(&answers.vault(), due)?.is_empty();
    if waits && !answers.calls.call(|core| core.hears_first())? {
        release(answers, due)?;
    }
    Ok(())
}

/// What another node of this gemeente, or a quorum, took back is no longer shared here either: an edit of it could not leave.
fn follow_withdrawals(answers: &Answers) -> Result<(), ReleaseError> {
    let gemeente = answers.config.gemeente;
    let withdrawn = answers.calls.call(move |core| {
        let all = core.replica().roster().erasures().documents();
        let own = all.filter(|(_, withdrawn)| withdrawn.owner == gemeente);
        own.map(|(document, _)| document).collect::<Vec<_>>()
    })?;
    if answers.news_of_withdrawals(withdrawn.len()) {
        answers.vault().withdrawn(&withdrawn)?;
        answers.knows_withdrawals(withdrawn.len());
    }
    Ok(())
}

/// The same before a person looks at the vault: what others took back a moment ago is not to be called shared.
pub(super) fn followed(answers: &Answers) {
    if let Err(error) = follow_withdrawals(answers) {
        tracing::warn!(%error, "the vault could not be told what was taken back; it is tried again");
    }
}

#[cfg(test)]
mod tests;
