//! The machine: routes inputs to the part they concern, and says when it wants to be called again.
//!
//! It knows peers by node key and nothing of connections. Whoever drives it passes the time, random bytes and the
//! replica, performs the outputs, and calls with [`Input::Tick`] at the time of the last [`Output::WakeAt`].
//!
//! **Invariant:** the same inputs, bytes and replica give the same outputs.

use std::collections::BTreeSet;

use super::arrival::{Applied, Arrival, Counters, Offence, Refused, Room};
use super::budget::Work;
use super::config::Config;
use super::frame::{Frame, FrameError};
use super::hints::Hints;
use super::peers::{Ended, Pair, Peers, Pending, Seen};
use super::port::{Input, Output};
use super::pull::{Around, End, Session, Step};
use super::ration::Rations;
use super::request::Request;
use super::response::{Hint, Response};
use super::serve::{News, Served, serve};
use crate::entropy::Entropy;
use crate::id::{Gemeente, NodeKey};
use crate::log::{Replica, ReplicaError};
use crate::store::Store;

/// Sync with all peers of one node.
#[derive(Debug)]
pub struct Machine {
    me: NodeKey,
    config: Config,
    next_id: u64,
    peers: Peers,
    introduced: BTreeSet<NodeKey>,
    hears_first: bool,
    hints: Hints,
    refused: Refused,
    rations: Rations,
    counters: Counters,
    wake_ms: Option<u64>,
}

/// What one call of [`Machine::handle`] works with.
struct Turn<'a, S: Store> {
    now_ms: u64,
    rng: &'a mut dyn Entropy,
    replica: &'a mut Replica<S>,
    outputs: Vec<Output>,
}

impl Machine {
    /// A machine without peers.
    #[must_use]
    pub fn new(me: NodeKey, config: Config) -> Self {
        Self {
            me,
            rations: Rations::new(me, &config),
            config,
            next_id: 0,
            peers: Peers::default(),
            introduced: BTreeSet::new(),
            hears_first: false,
            hints: Hints::default(),
            refused: Refused::default(),
            counters: Counters::default(),
            wake_ms: None,
        }
    }

    /// Peers to exchange with although the charter held here does not list them: those that an invitation names, for as
    /// long as this node does not know who belongs.
    pub fn introduce(&mut self, peers: BTreeSet<NodeKey>) {
        self.introduced = peers;
    }

    /// While this is so, a peer gets entries only once it told all its statements: what is held here may have been withdrawn
    /// since, and whoever gets it would then hold it too. Statements are given to all, so that two that wait for each other
    /// come to an end.
    pub fn hear_first(&mut self, hears_first: bool) {
        self.hears_first = hears_first;
    }

    /// What was counted since the start.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// What is known of a connected peer.
    #[must_use]
    pub fn peer(&self, peer: NodeKey) -> Option<Seen> {
        self.peers.seen(peer)
    }

    /// Conversations under way in which this node asks.
    #[must_use]
    pub fn active(&self) -> usize {
        self.peers.active()
    }

    /// Takes one input and says what to do.
    pub fn handle<S: Store>(
        &mut self,
        now_ms: u64,
        rng: &mut dyn Entropy,
        replica: &mut Replica<S>,
        input: Input,
    ) -> Vec<Output> {
        let mut turn = Turn {
            now_ms,
            rng,
            replica,
            outputs: Vec::new(),
        };
        // Who must hear first shows nothing until it heard, so nobody waits for anything else.
        if !self.hears_first {
            self.rations.catch_up(now_ms, || self.peers.have_told());
        }
        self.route(&mut turn, input);
        for peer in self.peers.overdue(now_ms) {
            self.end(&mut turn, peer, None, false);
        }
        self.start_due(&mut turn);
        self.hint(&mut turn);
        self.wake(&mut turn);
        turn.outputs
    }

    fn route<S: Store>(&mut self, turn: &mut Turn<'_, S>, input: Input) {
        match input {
            Input::Connected(peer) if peer != self.me => {
                let pair = Pair { me: self.me, peer };
                self.peers.connect(pair, &self.config, turn.now_ms, turn.rng);
                self.rations.met(turn.now_ms, &self.config);
                if turn.replica.damage().open > 0 {
                    self.peers.compare_some();
                }
            }
            Input::Connected(_) | Input::Written => {}
            Input::Damaged => self.peers.compare_some(),
            Input::Disconnected(peer) => self.peers.disconnect(peer),
            Input::Request { peer, id, bytes } => self.answer(turn, peer, id, &bytes),
            Input::Response { peer, id, bytes } => self.advance(turn, peer, id, &bytes),
            Input::Failed { peer, id } => {
                if self.take_pending(peer, id).is_some() {
                    self.end(turn, peer, None, false);
                }
            }
            Input::Hint { peer, bytes } => self.heard(turn, peer, &bytes),
            // A wake-up may have been lost: say again when the next one is due.
            Input::Tick => self.wake_ms = None,
        }
    }

    /// Whether a hint that came through this peer is still worth asking it: what the hint is about is not here yet.
    #[must_use]
    pub fn awaits(&self, peer: NodeKey) -> bool {
        self.peers.hinted(peer).is_some_and(|digest| !self.hints.held(digest))
    }

    fn belongs<S: Store>(&self, turn: &Turn<'_, S>, peer: NodeKey) -> bool {
        turn.replica.roster().may_connect(peer) || self.introduced.contains(&peer)
    }

    /// Whether a peer is connected and belongs.
    fn knows<S: Store>(&mut self, turn: &Turn<'_, S>, peer: NodeKey) -> bool {
        let known = self.peers.get(peer).is_some() && self.belongs(turn, peer);
        self.counters.ignored += u64::from(!known);
        known
    }

    fn answer<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, id: u64, bytes: &[u8]) {
        let ended = self.peers.get(peer).is_some() && turn.replica.roster().ended(peer).is_some();
        if !ended && !self.knows(turn, peer) {
            return;
        }
        self.counters.bytes_received += bytes.len() as u64;
        self.peers.heard(peer, turn.now_ms);
        let (response, work) = match self.admitted(turn, peer, bytes) {
            Ok(admitted) => admitted,
            Err(why) => return self.offended(turn, peer, why),
        };
        let bytes = Frame::from(response).encode();
        self.counters.bytes_sent += bytes.len() as u64;
        if let Some(known) = self.peers.get(peer) {
            known.bucket.charge(bytes.len(), work);
        }
        turn.outputs.push(Output::Respond { peer, id, bytes });
    }

    /// The answer to a request, and what it took.
    fn admitted<S: Store>(
        &mut self,
        turn: &mut Turn<'_, S>,
        peer: NodeKey,
        bytes: &[u8],
    ) -> Result<(Response, Work), Offence> {
        let request = match Frame::<Request>::decode(bytes) {
            Ok(frame) => frame.body,
            Err(FrameError::Unknown { version, kind }) => {
                return Ok((Response::Unknown { version, kind }, Work::default()));
            }
            Err(error) => return Err(error.into()),
        };
        let busy = self
            .peers
            .get(peer)
            .and_then(|known| known.bucket.admit(turn.now_ms).err());
        if let Some(retry_ms) = busy {
            self.counters.busy += 1;
            return Ok((busy_for(retry_ms), Work::default()));
        }
        let tells_statements = matches!(request, Request::Compare { .. } | Request::Statements { .. });
        if !tells_statements && turn.replica.roster().ended(peer).is_some() {
            // It hears that it ended, and nothing else.
            return Ok((busy_for(u64::MAX), Work::default()));
        }
        if !tells_statements && self.hears_first && !self.peers.has_stated(peer) {
            return Ok((busy_for(self.config.retry_ms), Work::default()));
        }
        match serve(turn.replica, &request) {
            Ok(Served { response, news, work }) => {
                self.told(turn, peer, &response, news);
                Ok((response, work))
            }
            Err(error) => {
                turn.outputs.push(Output::ReplicaFailed(error));
                Ok((busy_for(self.config.retry_ms_max), Work::default()))
            }
        }
    }

    /// What a request told about the asker.
    fn told<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, response: &Response, news: News) {
        let Some(known) = self.peers.get(peer) else {
            return;
        };
        match response {
            Response::Equal => known.matched(true),
            Response::StatementsDiffer | Response::Parts(_) | Response::Listed(_) => known.matched(false),
            _ => {}
        }
        match response {
            _ if !news.is_empty() => known.tell(news),
            Response::Equal | Response::Entries { .. } => known.had_nothing(&self.config, turn.now_ms, turn.rng),
            _ => {}
        }
    }

    fn take_pending(&mut self, peer: NodeKey, id: u64) -> Option<Session> {
        let known = self.peers.get(peer)?;
        let pending = known.pending.take_if(|pending| pending.id == id)?;
        Some(pending.session)
    }

    fn advance<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, id: u64, bytes: &[u8]) {
        if !self.knows(turn, peer) {
            return;
        }
        self.counters.bytes_received += bytes.len() as u64;
        self.peers.heard(peer, turn.now_ms);
        // An answer that comes after its time was given up: not the peer's fault, and nothing waits for it.
        let Some(mut session) = self.take_pending(peer, id) else {
            return;
        };
        let response = match Frame::<Response>::decode(bytes) {
            Ok(frame) => frame.body,
            // It is newer, and should have answered as it was asked; no reason to think worse of it.
            Err(FrameError::Unknown { .. }) => return self.end(turn, peer, Some(End::NotUnderstood), false),
            Err(error) => return self.end(turn, peer, Some(End::Offended(error.into())), false),
        };
        let step = self.with(turn, peer, |around| session.advance(response, around));
        self.step(turn, peer, session, step);
    }

    fn room(&self) -> Room {
        Room {
            me: self.me,
            bytes_max: self.config.member_bytes_max,
        }
    }

    /// Bytes that the logs of one gemeente may take here.
    #[must_use]
    pub fn member_bytes_max(&self) -> u64 {
        self.config.member_bytes_max
    }

    /// Gemeenten that brought so much that they were left out of what was asked in the last minute, in order of code.
    pub fn rationed(&self, now_ms: u64) -> impl Iterator<Item = Gemeente> {
        self.rations.left_out(now_ms)
    }

    /// Gemeenten that fill all they may here, of which nothing more is taken in from others, with the bytes they take; in
    /// order of code.
    #[must_use]
    pub fn full<S: Store>(&self, replica: &Replica<S>) -> Vec<(Gemeente, u64)> {
        let (room, roster) = (self.room(), replica.roster());
        let full = replica.weights().filter(|(_, bytes)| room.is_filled(*bytes));
        // What this node writes by itself it takes in whatever it weighs.
        let of_others = |gemeente| roster.nodes().any(|(node, of)| of == gemeente && node != self.me);
        full.filter(|(gemeente, _)| of_others(*gemeente)).collect()
    }

    /// Runs one step of a conversation and reports what it brought.
    fn with<S: Store, T>(
        &mut self,
        turn: &mut Turn<'_, S>,
        peer: NodeKey,
        run: impl FnOnce(&mut Around<'_, S>) -> T,
    ) -> T {
        let claimed = self.peers.claimed(peer);
        let room = self.room();
        let mut around = Around {
            replica: &mut *turn.replica,
            rng: &mut *turn.rng,
            claimed: &claimed,
            arrival: Arrival {
                peer,
                now_ms: turn.now_ms,
                refused_ms: self.config.refused_ms,
                room,
                refused: &mut self.refused,
                rations: &mut self.rations,
                counters: &mut self.counters,
                applied: Applied::default(),
                offence: None,
            },
        };
        let done = run(&mut around);
        let Applied {
            logs,
            entries,
            statements,
            forks,
        } = around.arrival.applied;
        turn.outputs
            .extend(forks.into_iter().map(|proof| Output::Forked(Box::new(proof))));
        if entries > 0 || statements > 0 {
            turn.outputs.push(Output::Applied {
                logs,
                entries,
                statements,
            });
        }
        done
    }

    fn step<S: Store>(
        &mut self,
        turn: &mut Turn<'_, S>,
        peer: NodeKey,
        session: Session,
        step: Result<Step, ReplicaError>,
    ) {
        let gained = session.gained();
        if session.has_stated() {
            self.peers.stated(peer);
        }
        match step {
            Ok(Step::Ask(request)) => self.ask(turn, peer, session, request),
            Ok(Step::End(end)) => self.end(turn, peer, Some(end), gained),
            Err(error) => {
                turn.outputs.push(Output::ReplicaFailed(error));
                self.end(turn, peer, None, gained);
            }
        }
    }

    fn ask<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, session: Session, request: Request) {
        let id = self.next_id;
        self.next_id += 1;
        let bytes = Frame::from(request).encode();
        self.counters.requests += 1;
        self.counters.bytes_sent += bytes.len() as u64;
        if let Some(known) = self.peers.get(peer) {
            known.pending = Some(Pending {
                session,
                id,
                deadline_ms: turn.now_ms.saturating_add(self.config.request_ms_max),
            });
            turn.outputs.push(Output::Request { peer, id, bytes });
        }
    }

    fn end<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, how: Option<End>, gained: bool) {
        match &how {
            None => self.counters.failed += 1,
            Some(End::Equal) => self.counters.equal += 1,
            Some(End::Offended(why)) => self.offended(turn, peer, why.clone()),
            Some(_) => self.counters.exhausted += 1,
        }
        let ended = Ended { how, gained };
        self.peers.ended(peer, &ended, &self.config, turn.now_ms, turn.rng);
    }

    fn offended<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, why: Offence) {
        self.counters.offences += 1;
        turn.outputs.push(Output::Misbehaved { peer, why });
    }

    fn heard<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey, bytes: &[u8]) {
        if !self.knows(turn, peer) {
            return;
        }
        match Frame::<Hint>::decode(bytes) {
            Ok(frame) => {
                self.hints.hold(turn.replica.digest(), turn.now_ms, self.config.hint_ms);
                let news = self.hints.hear(frame.body.digest);
                if let Some(known) = self.peers.get(peer).filter(|_| news) {
                    known.hint(frame.body.digest, turn.now_ms);
                }
            }
            Err(FrameError::Unknown { .. }) => {}
            Err(error) => self.offended(turn, peer, error.into()),
        }
    }

    /// Starts conversations with peers that are due, as long as there is room.
    fn start_due<S: Store>(&mut self, turn: &mut Turn<'_, S>) {
        self.hints.hold(turn.replica.digest(), turn.now_ms, self.config.hint_ms);
        while self.peers.active() < self.config.sessions_max {
            let Some(peer) = self.peers.due(turn.now_ms) else {
                return;
            };
            self.start(turn, peer);
        }
    }

    fn start<S: Store>(&mut self, turn: &mut Turn<'_, S>, peer: NodeKey) {
        let belongs = self.belongs(turn, peer);
        let hints = &self.hints;
        let Some(known) = self.peers.get(peer) else {
            return;
        };
        known.forget_hint(|digest| !hints.held(digest));
        if !known.is_due(turn.now_ms) {
            return;
        }
        if !belongs {
            return self.end(turn, peer, None, false);
        }
        let nodes = known.begin();
        let (session, step) = self.with(turn, peer, |around| Session::start(nodes, around));
        self.step(turn, peer, session, Ok(step));
    }

    fn hint<S: Store>(&mut self, turn: &mut Turn<'_, S>) {
        self.hints.hold(turn.replica.digest(), turn.now_ms, self.config.hint_ms);
        if let Some(digest) = self.hints.take(turn.now_ms) {
            let bytes = Frame::from(Hint { digest }).encode();
            turn.outputs.push(Output::Hint { bytes });
        }
    }

    fn wake<S: Store>(&mut self, turn: &mut Turn<'_, S>) {
        let times = [self.peers.wake_ms(self.config.sessions_max), self.hints.due_ms()];
        let next = times.into_iter().flatten().min();
        if let Some(ms) = next.filter(|_| next != self.wake_ms) {
            turn.outputs.push(Output::WakeAt { ms });
        }
        self.wake_ms = next;
    }
}

fn busy_for(retry_ms: u64) -> Response {
    Response::Busy {
        retry_ms: retry_ms.min(super::limits::BUSY_MS_MAX),
    }
}
