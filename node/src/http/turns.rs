//! Whose turn it is: a few at a time, and of those who wait each in turn, so that who asks much keeps nobody else waiting long.
//!
//! **Invariant:** one asker never holds all places, and never fills the queue.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// Turns at once, and those of one asker.
const RUNNING_MAX: usize = 3;
const RUNNING_OWN_MAX: usize = 2;
/// Who waits at once, and of one asker.
const WAITING_MAX: usize = 64;
const WAITING_OWN_MAX: usize = 16;
/// How long a turn is waited for.
const WAIT: Duration = Duration::from_secs(30);

/// The turns of everybody.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<State>);

/// A turn, or a place in the queue; it goes to the next when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Arc<Turns>,
    asker: String,
    number: u64,
}

#[derive(Debug, Default)]
struct State {
    running: BTreeMap<String, usize>,
    waiting: BTreeMap<String, VecDeque<(u64, oneshot::Sender<()>)>>,
    /// Who waits, who is next first.
    order: VecDeque<String>,
    number: u64,
}

impl Turns {
    /// Waits for a turn; nothing when too many wait, or it takes too long.
    pub(super) async fn take(self: &Arc<Self>, asker: &str) -> Option<Turn> {
        let (turn, told) = self.queue(asker)?;
        match timeout(WAIT, told).await {
            Ok(Ok(())) => Some(turn),
            _ => None,
        }
    }

    fn queue(self: &Arc<Self>, asker: &str) -> Option<(Turn, oneshot::Receiver<()>)> {
        let mut state = self.state();
        let own = state.waiting.get(asker).map_or(0, VecDeque::len);
        let all: usize = state.waiting.values().map(VecDeque::len).sum();
        if own >= WAITING_OWN_MAX || all >= WAITING_MAX {
            return None;
        }
        let (tell, told) = oneshot::channel();
        state.number += 1;
        let turn = Turn {
            turns: Arc::clone(self),
            asker: asker.to_owned(),
            number: state.number,
        };
        if own == 0 {
            state.order.push_back(asker.to_owned());
        }
        let number = state.number;
        state
            .waiting
            .entry(asker.to_owned())
            .or_default()
            .push_back((number, tell));
        state.hand_on();
        Some((turn, told))
    }

    // A std mutex: it is held for a few steps, never while somebody waits.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives free places to those who wait, each asker in turn.
    fn hand_on(&mut self) {
        while self.running.values().sum::<usize>() < RUNNING_MAX {
            let may = |asker: &String| self.running.get(asker).copied().unwrap_or(0) < RUNNING_OWN_MAX;
            let Some(at) = self.order.iter().position(may) else {
                return;
            };
            let Some(asker) = self.order.remove(at) else { return };
            let Some((_, tell)) = self.waiting.get_mut(&asker).and_then(VecDeque::pop_front) else {
                continue;
            };
            // Whoever is gone meanwhile gives the place back when its turn is dropped.
            let _ = tell.send(());
            *self.running.entry(asker.clone()).or_default() += 1;
            self.stays(asker);
        }
    }

    /// Puts an asker at the end of the order while it waits for more.
    fn stays(&mut self, asker: String) {
        match self.waiting.get(&asker).is_some_and(|waiting| !waiting.is_empty()) {
            true => self.order.push_back(asker),
            false => {
                self.waiting.remove(&asker);
            }
        }
    }

    /// Takes out a turn, wherever it is.
    fn leave(&mut self, asker: &str, number: u64) {
        let waits = self.waiting.get_mut(asker);
        let at = waits.and_then(|waiting| {
            let at = waiting.iter().position(|(known, _)| *known == number)?;
            waiting.remove(at)
        });
        if at.is_some() {
            if self.waiting.get(asker).is_some_and(VecDeque::is_empty) {
                self.waiting.remove(asker);
                self.order.retain(|known| known != asker);
            }
        } else if let Some(count) = self.running.get_mut(asker) {
            *count -= 1;
            if *count == 0 {
                self.running.remove(asker);
            }
        }
        self.hand_on();
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.state().leave(&self.asker, self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it is its turn now.
    fn is_on(told: &mut oneshot::Receiver<()>) -> bool {
        told.try_recv().is_ok()
    }

    #[test]
    fn each_asker_comes_in_turn_and_none_holds_all_places() {
        let turns = Arc::new(Turns::default());
        let mut many: Vec<_> = (0..6).map(|_| turns.queue("veel").unwrap()).collect();
        let on: Vec<bool> = many.iter_mut().map(|(_, told)| is_on(told)).collect();
        assert_eq!(on, [true, true, false, false, false, false]);
        // Another gets the place that is left, and the next that comes free.
        let mut first = turns.queue("weinig").unwrap();
        let mut second = turns.queue("weinig").unwrap();
        assert!(is_on(&mut first.1) && !is_on(&mut second.1));
        drop(many.remove(0));
        // In turn: who asked much was longer in the queue.
        assert!(is_on(&mut many[1].1) && !is_on(&mut second.1));
        drop(many.remove(0));
        assert!(is_on(&mut second.1) && !is_on(&mut many[1].1));
        drop((first, second));
        assert!(is_on(&mut many[1].1));
    }

    #[test]
    fn the_queue_is_bounded_and_who_leaves_it_makes_room() {
        let turns = Arc::new(Turns::default());
        let mut held: Vec<_> = (0..RUNNING_OWN_MAX + WAITING_OWN_MAX)
            .map(|_| turns.queue("veel").unwrap())
            .collect();
        assert!(turns.queue("veel").is_none());
        let mut other = turns.queue("weinig").unwrap();
        assert!(is_on(&mut other.1));
        // One that waits and one that is on.
        drop(held.pop());
        assert!(turns.queue("veel").is_some());
        drop(held);
        drop(other);
        let state = turns.state();
        assert!(state.running.is_empty() && state.waiting.is_empty() && state.order.is_empty());
    }

    #[test]
    fn a_turn_that_was_given_to_somebody_gone_goes_to_the_next() {
        let turns = Arc::new(Turns::default());
        let held: Vec<_> = (0..RUNNING_OWN_MAX).map(|_| turns.queue("een").unwrap()).collect();
        let gone = turns.queue("een").unwrap();
        let mut next = turns.queue("een").unwrap();
        drop(gone.1);
        drop(held);
        assert!(is_on(&mut next.1));
        drop(gone.0);
        drop(next);
        assert!(turns.state().running.is_empty());
    }

    #[tokio::test]
    async fn who_gets_a_turn_goes_on() {
        let turns = Arc::new(Turns::default());
        assert!(turns.take("een").await.is_some());
        assert!(turns.state().running.is_empty());
    }
}
