//! What hostile members do: they hold valid keys and keep no rule.
//!
//! A hostile node runs the real machine, so that it stays in the conversation; what it signs besides, and what becomes
//! of its frames on the way out, is made up here. Hostile nodes hand each other everything at once, past all links.

mod entries;
mod frames;
mod statements;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use protocol::api::Message;
use protocol::charter::Statement;
use protocol::entropy::Seeded;
use protocol::id::NodeKey;
use protocol::log::Entry;
use protocol::sync::{Frame, Input, Meaning, Request};

use super::law::Broken;
use super::plan::Malice;
use super::world::World;

/// Most of anything that hostile members keep to use again.
const KEPT_MAX: usize = 64;

/// What hostile members made up so far.
#[derive(Default)]
pub(super) struct Mischief {
    /// Runs of entries, each of one log.
    runs: VecDeque<Vec<Entry>>,
    /// Statements that no set takes.
    statements: VecDeque<Statement>,
    /// Frames that were sent before.
    sent: VecDeque<Vec<u8>>,
    /// Which node keys somebody asked a hostile node for, by both and the number of the request.
    asked: BTreeMap<(usize, usize, u64), BTreeSet<NodeKey>>,
    /// How many keys were made up.
    made_up: usize,
}

fn keep<T>(kept: &mut VecDeque<T>, new: T) {
    if kept.len() == KEPT_MAX {
        kept.pop_front();
    }
    kept.push_back(new);
}

impl World {
    /// Something arrives at a node; one that is hostile looks at it first.
    pub(super) fn arrive(&mut self, from: usize, to: usize, input: Input) -> Result<(), Broken> {
        let input = self.without_editions(to, input);
        if let (true, Input::Request { id, bytes, .. }) = (self.nodes[to].hostile, &input)
            && let Ok(Frame {
                body: Request::Pull { nonce, wants },
                ..
            }) = Frame::<Request>::decode(bytes)
        {
            let named: BTreeSet<u32> = wants.iter().map(|want| want.node).collect();
            let names = self.nodes.iter().map(|node| node.name);
            let made_up = self
                .mischief
                .runs
                .iter()
                .filter_map(|run| Some(run.first()?.signed.header().node));
            let asked = names
                .chain(made_up)
                .filter(|name| named.contains(&nonce.short(Meaning::Node, &name.0)));
            let asked: BTreeSet<NodeKey> = asked.collect();
            if self.mischief.asked.len() < KEPT_MAX {
                self.mischief.asked.insert((to, from, *id), asked);
            }
        }
        self.give(to, input)
    }

    /// A hostile member does its worst.
    pub(super) fn mischief(&mut self, node: usize, malice: Malice, rng: &mut Seeded) -> Result<(), Broken> {
        if self.nodes[node].up.is_none() || !self.nodes[node].hostile {
            return Ok(());
        }
        self.tell(|| told(node, malice));
        self.report.malice += 1;
        match malice {
            Malice::Fork => {
                self.twin(node, true, rng)?;
                for copy in [node, self.nodes.len() - 1] {
                    self.act(copy, rng)?;
                    self.act(copy, rng)?;
                }
                Ok(())
            }
            Malice::Entries | Malice::FloodEntries => {
                let key = self.nodes[node].key.clone();
                let runs = self.forgeries(node, &key, malice, rng);
                self.hand_round(Vec::new(), runs)
            }
            Malice::Backdate => self.backdate(node, rng),
            statements => {
                let said = self.lies(node, statements, rng);
                self.hand_round(said, Vec::new())
            }
        }
    }

    /// A key that nobody agreed to, certified when its member has perhaps left, and what it wrote long ago.
    fn backdate(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        self.mischief.made_up += 1;
        let key = self.founding.keys.made_up(self.nodes[node].of, self.mischief.made_up);
        let certificate = self.certificate_of(node, &key);
        self.hand_round(vec![certificate], Vec::new())?;
        let mut runs = self.forgeries(node, &key, Malice::Backdate, rng);
        let own = self.nodes[node].key.clone();
        runs.extend(self.forgeries(node, &own, Malice::Backdate, rng));
        self.hand_round(Vec::new(), runs)
    }

    /// Every hostile node takes what it can of this; what it cannot take it keeps to slip it in.
    fn hand_round(&mut self, said: Vec<Statement>, runs: Vec<Vec<Entry>>) -> Result<(), Broken> {
        for statement in &said {
            keep(&mut self.mischief.statements, statement.clone());
        }
        for run in &runs {
            keep(&mut self.mischief.runs, run.clone());
        }
        let hostile: Vec<usize> = (0..self.nodes.len()).filter(|node| self.nodes[*node].hostile).collect();
        for node in hostile {
            let Some(up) = &mut self.nodes[node].up else {
                continue;
            };
            // What does not fit is refused here as everywhere; a hostile node does not mind.
            let _ = up.replica.add_statements(said.clone());
            for run in &runs {
                if let Some(first) = run.first() {
                    let _ = up.replica.ingest(first.signed.header().log(), run.clone());
                }
            }
            let _ = up.replica.flush();
            self.nodes[node].flushed();
            self.give(node, Input::Written)?;
        }
        Ok(())
    }
}

fn told(node: usize, malice: Malice) -> Message {
    let (nl, en) = match malice {
        Malice::Entries => (
            "schrijft entries die een regel breken",
            "writes entries that break a rule",
        ),
        Malice::Fork => (
            "schrijft twee geschiedenissen in een log",
            "writes two histories into one log",
        ),
        Malice::Backdate => ("antedateert", "backdates"),
        Malice::FloodEntries => ("overspoelt met entries", "floods with entries"),
        Malice::FloodStatements => ("overspoelt met verklaringen", "floods with statements"),
        Malice::Certify => ("waarmerkt wild", "certifies wildly"),
        Malice::DoubleVote => ("stemt dubbel", "votes twice"),
        Malice::Withdraw => ("trekt in wat niet van haar is", "withdraws what is not its own"),
        Malice::Usurp => ("spreekt namens anderen", "speaks in the name of others"),
    };
    Message::with(
        format!("vijandige node {node} {nl}"),
        format!("hostile node {node} {en}"),
    )
}
