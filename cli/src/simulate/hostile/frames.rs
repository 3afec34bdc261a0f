//! What becomes of the frames of a hostile node on their way out.

use std::collections::BTreeSet;

use protocol::charter::{Body, Statement};
use protocol::entropy::Entropy;
use protocol::id::{Digest, NodeKey};
use protocol::sync::{Frame, Hold, Input, Request, Response, Sent};

use super::super::plan::Manner;
use super::super::sabotage::Sabotage;
use super::super::world::World;
use super::keep;

/// Runs that are slipped into one answer.
const SLIPPED: usize = 4;
/// Statements that are.
const SLIPPED_STATEMENTS: usize = 8;

impl World {
    /// What leaves a node: as it is, unless the node is hostile. `answers` is the number of the request, if it is an answer.
    pub(in super::super) fn spoiled(
        &mut self,
        (from, to): (usize, usize),
        bytes: Vec<u8>,
        answers: Option<u64>,
    ) -> Vec<u8> {
        if !self.nodes[from].hostile {
            return self.handed_on(bytes, answers.is_some());
        }
        let asked = answers.and_then(|id| self.mischief.asked.remove(&(from, to, id)));
        let manners = self.plan.manners.clone();
        let drawn = manners.get(self.rng.below(manners.len() as u64 * 2) as usize);
        let spoiled = match (drawn, answers.is_some()) {
            (None, _) => None,
            (Some(Manner::Replay), _) => self.sent_before(),
            (Some(Manner::Garble), _) => Some(self.garbled(&bytes)),
            (Some(manner), true) => self.answer_of(*manner, &bytes, &asked.unwrap_or_default()),
            (Some(manner), false) => self.request_of(*manner, &bytes),
        };
        keep(&mut self.mischief.sent, bytes.clone());
        spoiled.unwrap_or(bytes)
    }

    /// What a correct node sends is its own, unless it is sabotaged to hand on what hostile ones sent.
    fn handed_on(&mut self, bytes: Vec<u8>, answer: bool) -> Vec<u8> {
        let hands_on = answer && self.sabotage == Some(Sabotage::HandOn) && self.rng.chance(1, 8);
        match self.sent_before() {
            Some(other) if hands_on => other,
            _ => bytes,
        }
    }

    /// What arrives at a node that is sabotaged to hear of no edition.
    pub(in super::super) fn without_editions(&self, to: usize, input: Input) -> Input {
        let deaf = self.sabotage == Some(Sabotage::OldEditions) && self.nodes[to].place % 2 == 1;
        let Input::Response { peer, id, bytes } = input else {
            return input;
        };
        let answer = Frame::<Response>::decode(&bytes).map(|frame| frame.body);
        let bytes = match answer {
            Ok(Response::Statements { mut statements, more }) if deaf => {
                statements
                    .retain(|bytes| Statement::read(bytes).is_ok_and(|held| !matches!(held.body(), Body::Edition(_))));
                Frame::from(Response::Statements { more, statements }).encode()
            }
            _ => bytes,
        };
        Input::Response { peer, id, bytes }
    }

    fn sent_before(&mut self) -> Option<Vec<u8>> {
        if self.mischief.sent.is_empty() {
            return None;
        }
        let at = self.rng.below(self.mischief.sent.len() as u64) as usize;
        self.mischief.sent.get(at).cloned()
    }

    fn garbled(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut garbled = bytes.to_vec();
        let rng = &mut self.rng;
        match rng.below(4) {
            0 => (0..rng.below(300)).map(|_| rng.next() as u8).collect(),
            1 => {
                garbled.truncate(rng.below(bytes.len() as u64 + 1) as usize);
                garbled
            }
            2 => {
                for _ in 0..=rng.below(8) {
                    let at = rng.below(bytes.len() as u64) as usize;
                    if let Some(byte) = garbled.get_mut(at) {
                        *byte = rng.next() as u8;
                    }
                }
                garbled
            }
            _ => Frame::from(Response::Busy { retry_ms: 60_000 }).encode(),
        }
    }

    /// An answer that is another than the true one; nothing where it stays.
    fn answer_of(&mut self, manner: Manner, bytes: &[u8], asked: &BTreeSet<NodeKey>) -> Option<Vec<u8>> {
        let true_one = Frame::<Response>::decode(bytes).ok()?.body;
        let answer = match (manner, true_one) {
            (Manner::Lie, Response::Parts(mut parts)) => {
                parts.iter_mut().for_each(|part| *part = self.rng.next() as u32);
                if self.rng.chance(1, 4) {
                    parts.push(7);
                }
                Response::Parts(parts)
            }
            (Manner::Lie, Response::Equal) => Response::StatementsDiffer,
            (Manner::Lie, Response::StatementsDiffer) => Response::Equal,
            (Manner::Lie, Response::Entries { runs, .. }) => Response::Entries {
                more: true,
                runs,
                forks: (0..32).map(|fork| fork * 0x0808_0808).collect(),
            },
            (Manner::Withhold, Response::Entries { .. }) => Response::Entries {
                more: self.rng.chance(1, 2),
                runs: Vec::new(),
                forks: Vec::new(),
            },
            (Manner::Withhold, Response::Statements { .. }) => Response::Statements {
                more: self.rng.chance(1, 2),
                statements: Vec::new(),
            },
            (Manner::Withhold, Response::Header(_)) => Response::Header(None),
            (Manner::Forge, Response::Statements { mut statements, more }) => {
                let lies = self.mischief.statements.iter().rev().take(SLIPPED_STATEMENTS);
                statements.extend(lies.map(|statement| statement.bytes().to_vec()));
                if let (true, Some(last)) = (self.rng.chance(1, 4), statements.last_mut()) {
                    last.iter_mut().rev().take(1).for_each(|byte| *byte ^= 1);
                }
                Response::Statements { more, statements }
            }
            (Manner::Forge, Response::Entries { mut runs, more, forks }) => {
                let whole = self.rng.chance(1, 4);
                let made_up = self.mischief.runs.iter().filter(|run| {
                    let of = run.first().map(|entry| entry.signed.header().node);
                    whole || of.is_some_and(|node| asked.contains(&node))
                });
                let slipped = made_up
                    .take(SLIPPED)
                    .map(|run| run.iter().cloned().map(Sent::from).collect());
                runs.extend(slipped.collect::<Vec<_>>());
                if let (true, Some(sent)) = (self.rng.chance(1, 4), runs.first_mut().and_then(|run| run.first_mut())) {
                    sent.signature = [7; 64];
                }
                Response::Entries { more, runs, forks }
            }
            _ => return None,
        };
        Some(Frame::from(answer).encode())
    }

    /// A request that claims to hold something else, or further.
    fn request_of(&mut self, manner: Manner, bytes: &[u8]) -> Option<Vec<u8>> {
        let true_one = Frame::<Request>::decode(bytes).ok()?.body;
        let request = match (manner, true_one) {
            (
                Manner::Lie,
                Request::Compare {
                    statements,
                    nonce,
                    listed,
                    ..
                },
            ) => Request::Compare {
                digest: Digest(self.rng.bytes()),
                statements,
                nonce,
                listed,
            },
            (Manner::Lie, Request::Pull { nonce, mut wants }) => {
                for have in wants.iter_mut().flat_map(|want| &mut want.haves) {
                    if let Hold::At { held, .. } = &mut have.hold {
                        *held = held.saturating_add(self.rng.next() >> 8);
                    }
                }
                Request::Pull { nonce, wants }
            }
            (Manner::Lie, Request::Statements { nonce, .. }) => {
                let held = (0..64).map(|of| of << 50).collect();
                Request::Statements { nonce, held }
            }
            _ => return None,
        };
        Some(Frame::from(request).encode())
    }
}
