//! Takes in what other nodes answer no faster than the view can show it.
//!
//! The replica can take more entries than the view can show. Were it to run ahead, no state of the view would be a whole one
//! until the last entry was in, and whoever reads would have to wait for that. So an answer waits while the view has all the work
//! it takes: then nearly every batch ends in a whole state, and reading goes on while much comes in.
//!
//! A small answer waits for nobody: what one colleague wrote must not stand behind what another brings by the thousand. Very many
//! small ones of one gemeente are bounded by its ration in sync; until a node caught up there is none, and nobody reads it yet.
//!
//! **Invariant:** an answer waits no longer than [`WAIT_MS_MAX`], far below the time after which sync gives it up, and no more wait
//! than [`ANSWERS_MAX`]; a view that fails holds up nothing.

use std::collections::VecDeque;

use protocol::id::NodeKey;
use protocol::sync;

use super::Core;

/// Answers that wait; sync asks fewer at once.
const ANSWERS_MAX: usize = 16;
/// Bytes of an answer that waits for no other: some tens of records.
const SMALL_BYTES_MAX: usize = 64 * 1024;
/// How long one waits, in milliseconds.
const WAIT_MS_MAX: u64 = 1_000;

/// What another node answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) peer: NodeKey,
    pub(super) id: u64,
    pub(super) bytes: Vec<u8>,
}

/// The answers that wait, the oldest first, each with when it waits no longer.
#[derive(Debug, Default)]
pub(super) struct Pace(VecDeque<(u64, Answer)>);

impl Pace {
    /// When the oldest waits no longer.
    pub(super) fn due_ms(&self) -> u64 {
        self.0.front().map_or(u64::MAX, |(until_ms, _)| *until_ms)
    }
}

impl Core {
    /// Another node answered.
    pub(super) fn answered(&mut self, answer: Answer) {
        if answer.bytes.len() <= SMALL_BYTES_MAX {
            return self.hand_on(answer);
        }
        let until_ms = self.now_ms() + WAIT_MS_MAX;
        self.pace.0.push_back((until_ms, answer));
        self.take_in();
    }

    /// Takes in what waits, as far as the view has room for it.
    pub(super) fn take_in(&mut self) {
        while let Some((until_ms, _)) = self.pace.0.front() {
            let waits = self.parts.feed.is_full() && self.now_ms() < *until_ms;
            if waits && self.pace.0.len() <= ANSWERS_MAX {
                return;
            }
            let Some((_, answer)) = self.pace.0.pop_front() else {
                return;
            };
            self.hand_on(answer);
        }
    }

    /// Takes in what a node answered that is gone: nobody would know any more what it was an answer to.
    pub(super) fn take_in_of(&mut self, peer: NodeKey) {
        let all = std::mem::take(&mut self.pace.0);
        let (gone, there): (VecDeque<_>, _) = all.into_iter().partition(|(_, answer)| answer.peer == peer);
        self.pace.0 = there;
        for (_, answer) in gone {
            self.hand_on(answer);
        }
    }

    fn hand_on(&mut self, Answer { peer, id, bytes }: Answer) {
        self.sync(sync::Input::Response { peer, id, bytes });
        self.fill();
    }
}

#[cfg(test)]
mod tests;
