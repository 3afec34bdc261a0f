//! A budget of bytes that many streams share.
//!
//! A stream takes its share as bytes arrive, never for bytes that were only announced, and the share travels
//! with the payload until the driver takes it out of the channel.
//!
//! **Invariant:** the sum of the shares never exceeds the budget, and a dropped share gives its bytes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
struct Account {
    used_bytes: AtomicUsize,
    max_bytes: usize,
}

/// How many bytes may be held at once.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Arc<Account>);

/// The part of a budget one payload holds.
#[derive(Debug)]
pub(crate) struct Share {
    account: Arc<Account>,
    bytes: usize,
}

impl Budget {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self(Arc::new(Account {
            used_bytes: AtomicUsize::new(0),
            max_bytes,
        }))
    }

    /// A share of nothing yet.
    pub(crate) fn share(&self) -> Share {
        Share {
            account: Arc::clone(&self.0),
            bytes: 0,
        }
    }

    pub(crate) fn used_bytes(&self) -> usize {
        self.0.used_bytes.load(Ordering::Relaxed)
    }
}

impl Share {
    /// Takes more bytes; `false` and nothing taken when the budget does not have them.
    pub(crate) fn grow(&mut self, bytes: usize) -> bool {
        let max = self.account.max_bytes;
        let add = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= max);
        let taken = self
            .account
            .used_bytes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add)
            .is_ok();
        if taken {
            self.bytes += bytes;
        }
        taken
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.account.used_bytes.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_exceed_the_budget_and_give_back() {
        let budget = Budget::new(100);
        let (mut one, mut two) = (budget.share(), budget.share());
        assert!(one.grow(60));
        assert!(!two.grow(41));
        assert!(two.grow(40));
        assert!(!one.grow(1));
        assert!(!one.grow(usize::MAX));
        drop(one);
        assert_eq!(budget.used_bytes(), 40);
        drop(two);
        assert_eq!(budget.used_bytes(), 0);
    }
}
