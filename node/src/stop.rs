//! A word that ends work under way, from whoever does not want it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The word; every copy of it is the same one.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

/// Says it when it is dropped.
#[derive(Debug)]
pub struct StopOnDrop(Stop);

impl Stop {
    /// Says it.
    pub fn say(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it was said.
    #[must_use]
    pub fn is_said(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Says it once what holds this is gone.
    #[must_use]
    pub fn on_drop(&self) -> StopOnDrop {
        StopOnDrop(self.clone())
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.say();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_when_what_holds_it_goes() {
        let stop = Stop::default();
        let held = stop.on_drop();
        assert!(!stop.is_said());
        drop(held);
        assert!(stop.clone().is_said());
    }
}
