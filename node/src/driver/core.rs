//! The state that one thread owns: replica, sync machine, own log, and what is due.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use protocol::api::Fout;
use protocol::charter::Invitation;
use protocol::gate::Shareable;
use protocol::id::{DocumentId, FederationId, LogId, NodeKey};
use protocol::log::{Replica, ReplicaError, Write, document_id};
use protocol::sync::{self, Machine};

use super::clock::{Monotonic, System};
use super::flush::Flushing;
use super::pace::{Answer, Pace};
use super::pulse::{Faults, Pulse};
use super::relay::Relay;
use super::scrub::{Restored, Scrub};
use super::{Feed, Hearing, Own, farewell::Farewells};
use crate::fault::fault;
use crate::net;
use crate::store::{DocumentKeys, OwnLog, OwnLogError, Sled};
use crate::trouble::Trouble;
use crate::view::Outcome;

/// Commands for the network that may wait; beyond it a request counts as lost, which sync repairs.
const COMMANDS_MAX: usize = 1_024;

/// Why the core could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CoreError {
    /// The replica refused or its store failed.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The own log could not be written.
    #[error(transparent)]
    OwnLog(#[from] OwnLogError),
    /// The federation is not founded yet.
    #[error("the federation is not founded yet")]
    NotFounded,
    /// A charter that does not list this node.
    #[error("the charter does not list this node")]
    NotListed,
    /// A charter that lists this node for another gemeente or with a root key that is not its own, or says that it ended.
    #[error("the charter lists this node under another gemeente or root key")]
    Foreign,
    /// A charter that the root key of this gemeente signed nothing of.
    #[error("the root key of this gemeente signed nothing in the charter")]
    Unsigned,
    /// An invitation into the federation that this node is in already.
    #[error("this node is in federation {federation} already")]
    LetIn {
        /// The federation.
        federation: FederationId,
    },
    /// This node signed as many withdrawals as one key can.
    #[error("this node has withdrawn as many documents as one node can: another node of the gemeente can go on")]
    TooManyWithdrawals,
}

/// What a core is made of.
pub struct Parts {
    /// Ground truth.
    pub replica: Replica<Sled>,
    /// The keys of documents, which seal the own log.
    pub keys: DocumentKeys,
    /// Where own logs are kept.
    pub own_dir: PathBuf,
    /// Signs for this node.
    pub key: SigningKey,
    /// For whom it speaks.
    pub own: Own,
    /// Multiaddrs that others are told.
    pub announced: Vec<String>,
    /// The feeding side of the view.
    pub feed: Feed,
    /// Least time between two receipts of what was erased, in milliseconds.
    pub receipts_ms: u64,
    /// Times and limits of the sync machine.
    pub sync: sync::Config,
    /// What the own log gave back to the store.
    pub restored: Restored,
    /// The invitation with which this node came into its federation, when there was one.
    pub invitation: Option<Invitation>,
    /// Whom this node heard, when it was made of a backup and has to hear others first.
    pub hears_first: Option<Hearing>,
}

/// Where an own entry stands: it left when this place is in the own log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The document it founded or changed.
    pub document: DocumentId,
    /// The log.
    pub log: LogId,
    /// The position in it.
    pub seq: u64,
}

/// What one thread owns.
pub struct Core {
    pub(super) parts: Parts,
    pub(super) me: NodeKey,
    pub(super) receipt_due_ms: u64,
    pub(super) receipt_trouble: Trouble,
    pub(super) view_owes: bool,
    pub(super) scrub: Scrub,
    pub(super) farewells: Farewells,
    pub(super) relay: Relay,
    pub(super) machine: Machine,
    pub(super) own: Option<OwnLog>,
    pub(super) own_fails: bool,
    pub(super) clock: Monotonic,
    wake_ms: u64,
    pub(super) flushing: Flushing,
    pulse: Arc<Pulse>,
    commands: VecDeque<net::Command>,
    stopping: bool,
    /// Answers of other nodes that wait for room in the view.
    pub(super) pace: Pace,
    /// Whether the view has not shown everything yet since the start, or since others were heard.
    lags: bool,
    /// Whether any other node was heard since the start.
    pub(super) heard_any: bool,
    lost_commands: u64,
    listening: Vec<String>,
    sync_error: Option<Fout>,
    sync_trouble: Trouble,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("me", &self.me).finish_non_exhaustive()
    }
}

impl Core {
    /// A core that has not started.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let me = NodeKey(parts.key.verifying_key().to_bytes());
        let mut machine = Machine::new(me, parts.sync.clone());
        machine.hear_first(parts.hears_first.is_some());
        Self {
            machine,
            parts,
            me,
            receipt_due_ms: 0,
            receipt_trouble: Trouble::default(),
            view_owes: true,
            scrub: Scrub::default(),
            farewells: Farewells::default(),
            relay: Relay::default(),
            own: None,
            own_fails: false,
            clock: Monotonic::start(),
            wake_ms: 0,
            flushing: Flushing::default(),
            pulse: Arc::default(),
            commands: VecDeque::new(),
            stopping: false,
            pace: Pace::default(),
            lags: true,
            heard_any: false,
            lost_commands: 0,
            listening: Vec::new(),
            sync_error: None,
            sync_trouble: Trouble::default(),
        }
    }

    /// Ground truth, to read.
    #[must_use]
    pub fn replica(&self) -> &Replica<Sled> {
        &self.parts.replica
    }

    /// The sync machine, to read.
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// The feeding side of the view, to read.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.parts.feed
    }

    /// What the own log gave back to the store at the start.
    #[must_use]
    pub fn restored(&self) -> &Restored {
        &self.parts.restored
    }

    /// This node.
    #[must_use]
    pub fn me(&self) -> NodeKey {
        self.me
    }

    /// Where this node accepts connections.
    #[must_use]
    pub fn listening(&self) -> &[String] {
        &self.listening
    }

    /// Commands that were dropped because too many waited.
    #[must_use]
    pub fn lost_commands(&self) -> u64 {
        self.lost_commands
    }

    /// The last time that what came in could not be kept, if there was one.
    #[must_use]
    pub fn sync_error(&self) -> Option<&Fout> {
        self.sync_error.as_ref()
    }

    /// What others may ask without waiting for this thread.
    #[must_use]
    pub fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.pulse)
    }

    /// Changes that the view does not show yet.
    #[must_use]
    pub fn documents_due(&self) -> Option<u64> {
        self.parts.replica.marks_waiting().ok()
    }

    /// Milliseconds since the core was made; what [`Machine`] calls now.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Writes a record to the own log and the store. Nothing is acknowledged before [`Core::acknowledge`].
    ///
    /// # Errors
    /// [`CoreError`]; nothing was written then. Nothing is returned when the document says this already.
    pub fn write(&mut self, document: Option<DocumentId>, record: &Shareable) -> Result<Option<Written>, CoreError> {
        if !self.parts.replica.roster().is_active() {
            return Err(CoreError::NotFounded);
        }
        self.open_own()?;
        let write = match document {
            Some(document) => Write::Edit { document, record },
            None => Write::Found { record },
        };
        let Some(entry) = self.parts.replica.write(&self.parts.key, &mut System, write)? else {
            return Ok(None);
        };
        self.keep(&entry)?;
        let header = entry.signed.header();
        Ok(Some(Written {
            document: header.document,
            log: header.log(),
            seq: header.seq,
        }))
    }

    /// The document that a record of this kind would found, when so many entries are written before it.
    ///
    /// # Errors
    /// [`CoreError::NotFounded`]; what opening the log of this run gives.
    pub fn would_found(&mut self, kind: u16, ahead: u64) -> Result<DocumentId, CoreError> {
        if !self.parts.replica.roster().is_active() {
            return Err(CoreError::NotFounded);
        }
        self.open_own()?;
        let replica = &self.parts.replica;
        let own = replica.own_log().and_then(|log| Some((log, replica.log(log)?.held)));
        let place = own.zip(replica.roster().gemeente_of(self.me));
        let ((log, held), owner) = place.ok_or(CoreError::NotFounded)?;
        Ok(document_id(log, held + ahead, kind, owner))
    }

    /// Makes the keys of documents that are about to be founded, all at once.
    ///
    /// # Errors
    /// What the store gives.
    pub fn prepare(&self, documents: BTreeSet<DocumentId>) -> Result<(), CoreError> {
        let prepared = self.parts.replica.store().prepare(documents);
        Ok(prepared.map_err(ReplicaError::from)?)
    }

    /// After a change of the charter: who may connect, and where we say we are.
    pub(super) fn charter_changed(&mut self) -> Result<(), CoreError> {
        self.touched();
        self.announce()?;
        self.state_double_votes();
        self.set_peers();
        self.sync(sync::Input::Written);
        Ok(())
    }

    /// Tells `whom` once the view shows what the replica holds now, whatever comes in meanwhile; false when too many
    /// wait.
    pub fn tell_when_shown(&mut self, whom: SyncSender<()>) -> bool {
        let (state, now_ms) = (self.parts.replica.state(), self.now_ms());
        self.parts.feed.tell_when_shown(state, whom, now_ms)
    }

    /// The view wrote a batch, or could not; `owes` when what was deleted may still be in one of its files.
    pub fn view_wrote(&mut self, outcome: Outcome, owes: bool) {
        self.view_owes = owes;
        let now_ms = self.now_ms();
        self.parts.feed.answered(outcome, &mut self.parts.replica, now_ms);
        self.touched();
    }

    /// Stops the node once the work at hand is done.
    pub fn stop(&mut self) {
        self.stopping = true;
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping
    }

    pub(super) fn start(&mut self) {
        if let Err(error) = self.announce() {
            tracing::error!(%error, "the addresses of this node could not be stated");
        }
        self.state_double_votes();
        self.set_peers();
        self.after();
    }

    pub(super) fn network(&mut self, event: net::Event) {
        use net::Event;
        let input = match event {
            Event::Connected { peer } => sync::Input::Connected(peer),
            Event::Disconnected { peer } => {
                self.take_in_of(peer);
                sync::Input::Disconnected(peer)
            }
            Event::Request { peer, id, bytes } => sync::Input::Request { peer, id, bytes },
            Event::Response { peer, id, bytes } => {
                self.pulse.synced();
                return self.answered(Answer { peer, id, bytes });
            }
            Event::Failed { peer, id, why } => {
                tracing::debug!(%peer, %why, "no answer");
                sync::Input::Failed { peer, id }
            }
            Event::Hint { peer, id, bytes, .. } => {
                self.hold_back(id, peer);
                sync::Input::Hint { peer, bytes }
            }
            Event::Listening { address } => return self.listening.push(address),
            Event::Knocked { peer, address } => {
                return tracing::info!(%peer, address, "somebody who does not belong dialed");
            }
        };
        self.sync(input);
    }

    pub(super) fn tick(&mut self) {
        self.sync(sync::Input::Tick);
    }

    /// What is done after everything that happened.
    pub(super) fn after(&mut self) {
        self.fill();
        self.take_in();
        let now_ms = self.now_ms();
        self.lags &= self.hears_first() || !self.parts.feed.is_showing(self.parts.replica.state());
        if self.now_ms() >= self.wake_ms {
            self.tick();
        }
        self.pass_on();
        self.note_heard();
        self.heard_if_so();
        self.receipt_if_due();
        self.farewell_if_due();
        self.scrub_if_due();
        self.flush_if_due();
        self.stop_if_silent();
        let faults = Faults {
            own: self.own_fails,
            view: self.parts.feed.fails(now_ms),
            waits: self.hears_first(),
            lags: self.lags || self.parts.feed.is_late(now_ms),
        };
        self.pulse.beat(&self.flushing, &faults);
    }

    /// Gives the view what it lacks, as far as it takes it.
    pub(super) fn fill(&mut self) {
        let now_ms = self.now_ms();
        if let Err(error) = self.parts.feed.fill(&self.parts.replica, now_ms) {
            self.parts
                .feed
                .back_off("documents could not be read for the view", &error, now_ms);
        }
    }

    /// Time until something is due.
    pub(super) fn until_due(&self) -> Duration {
        let flush_ms = self.flushing.due_ms();
        let retry_ms = self.parts.feed.retry_ms().unwrap_or(u64::MAX);
        let own_ms = self.farewells.due_ms().min(self.relay.due_ms()).min(self.pace.due_ms());
        let heard_ms = self.parts.hears_first.as_ref().map_or(u64::MAX, Hearing::due_ms);
        let due_ms = self.wake_ms.min(flush_ms).min(retry_ms).min(own_ms).min(heard_ms);
        Duration::from_millis(due_ms.saturating_sub(self.now_ms()))
    }

    pub(super) fn take_commands(&mut self) -> VecDeque<net::Command> {
        std::mem::take(&mut self.commands)
    }

    pub(super) fn command(&mut self, command: net::Command) {
        if self.commands.len() < COMMANDS_MAX {
            self.commands.push_back(command);
        } else {
            self.lost_commands += 1;
        }
    }

    /// Feeds the sync machine and performs what it asks for.
    pub(super) fn sync(&mut self, input: sync::Input) {
        let now_ms = self.now_ms();
        if matches!(input, sync::Input::Tick) {
            // The machine says anew when it wants to be called.
            self.wake_ms = u64::MAX;
        }
        let answers = match &input {
            sync::Input::Response { peer, .. } => Some(*peer),
            _ => None,
        };
        for output in self.machine.handle(now_ms, &mut System, &mut self.parts.replica, input) {
            self.perform(output, answers);
        }
    }

    /// What is asked of the peer that just answered goes on with the conversation; everything else begins one.
    fn perform(&mut self, output: sync::Output, answers: Option<NodeKey>) {
        use sync::Output;
        match output {
            Output::Request { peer, id, bytes } => self.command(net::Command::Request {
                peer,
                id,
                bytes,
                begins: answers != Some(peer),
            }),
            Output::Respond { peer, id, bytes } => self.command(net::Command::Respond { peer, id, bytes }),
            Output::Hint { bytes } => self.command(net::Command::Hint { bytes }),
            Output::WakeAt { ms } => self.wake_ms = ms,
            Output::Forked(proof) => self.state_fork(*proof),
            Output::Misbehaved { peer, why } => tracing::warn!(%peer, ?why, "a peer broke the protocol"),
            Output::Applied { statements, .. } => {
                self.touched();
                if let Some(times) = self.sync_trouble.over() {
                    tracing::info!(times, "what comes in is kept again");
                }
                if statements > 0 {
                    // An entry that counts by these statements may be acknowledged next: they must not be lost.
                    self.flushing.at_once();
                    self.announce_at_first();
                    self.state_double_votes();
                    self.set_peers();
                }
            }
            Output::ReplicaFailed(error) => {
                if let Some(times) = self.sync_trouble.again(self.clock.now_ms()) {
                    tracing::error!(%error, times, "what came in could not be kept");
                }
                self.sync_error = Some(fault(&error));
            }
        }
    }
}
