//! The work of the view's thread: one batch after the other.
//!
//! **Invariant:** behind a batch that could not be written nothing is written before one that starts over: a later
//! batch may carry the state that the view is said to show, and the view would say so without the one that failed.

use std::ops::ControlFlow;

use protocol::id::Digest;

use super::{Batch, ViewError};

/// What became of a batch. One that was dropped behind a failure has none.
#[derive(Debug)]
pub struct Outcome {
    /// The number of the batch.
    pub number: u64,
    /// The state that the view shows now, or why it could not be written.
    pub written: Result<Option<Digest>, ViewError>,
}

/// Writes each batch and tells what became of it, until there are no more or nobody listens.
pub fn follow(
    batches: impl IntoIterator<Item = Batch>,
    mut write: impl FnMut(&Batch) -> Result<(), ViewError>,
    mut tell: impl FnMut(Outcome) -> ControlFlow<()>,
) {
    let mut failed = false;
    for batch in batches {
        if failed && !batch.restarts {
            continue;
        }
        let written = write(&batch).map(|()| batch.state);
        failed = written.is_err();
        let number = batch.number;
        if tell(Outcome { number, written }).is_break() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(number: u64, restarts: bool) -> Batch {
        Batch {
            number,
            restarts,
            state: Some(Digest([number as u8; 32])),
            ..Batch::default()
        }
    }

    /// The numbers that were written or failed, when these fail.
    fn answered(batches: &[(u64, bool)], failing: &[u64]) -> Vec<(u64, bool)> {
        let mut outcomes = Vec::new();
        let batches = batches.iter().map(|(number, restarts)| batch(*number, *restarts));
        let write = |batch: &Batch| match failing.contains(&batch.number) {
            true => Err(ViewError::Damaged {
                detail: "it".to_owned(),
            }),
            false => Ok(()),
        };
        follow(batches, write, |outcome| {
            outcomes.push((outcome.number, outcome.written.is_ok()));
            ControlFlow::Continue(())
        });
        outcomes
    }

    #[test]
    fn what_comes_behind_a_failure_is_dropped_until_one_starts_over() {
        let batches = [(0, true), (1, false), (2, false), (3, true), (4, false), (5, true)];
        let all: Vec<_> = batches.iter().map(|(number, _)| (*number, true)).collect();
        assert_eq!(answered(&batches, &[]), all);
        let expected = [(0, true), (1, false), (3, true), (4, true), (5, true)];
        assert_eq!(answered(&batches, &[1]), expected);
        let twice = [(0, false), (3, false), (5, true)];
        assert_eq!(answered(&batches, &[0, 3]), twice);
    }

    #[test]
    fn it_ends_when_nobody_listens() {
        let mut told = 0;
        let batches = (0..3).map(|number| batch(number, true));
        follow(
            batches,
            |_| Ok(()),
            |_| {
                told += 1;
                ControlFlow::Break(())
            },
        );
        assert_eq!(told, 1);
    }
}
