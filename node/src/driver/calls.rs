//! How other threads ask something of the thread that owns the replica.

use tokio::sync::{mpsc, oneshot};

use super::Core;

/// Something to do with the core.
pub(super) type Job = Box<dyn FnOnce(&mut Core) + Send>;

/// Why a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Too many calls wait already.
    #[error("too many calls wait already")]
    Busy,
    /// The node is stopping.
    #[error("the node is stopping")]
    Stopping,
}

/// The way to the core; clones share it.
#[derive(Debug, Clone)]
pub struct Calls(mpsc::Sender<Job>);

impl Calls {
    pub(super) fn new(jobs: mpsc::Sender<Job>) -> Self {
        Self(jobs)
    }

    /// Runs `work` on the core's thread and waits for what it returns. Never call this from an async task.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn call<T: Send + 'static>(&self, work: impl FnOnce(&mut Core) -> T + Send + 'static) -> Result<T, CallError> {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |core| {
            // Whoever asked may have gone; the work is done all the same.
            let _ = tell.send(work(core));
        });
        self.0.blocking_send(job).map_err(|_| CallError::Stopping)?;
        told.blocking_recv().map_err(|_| CallError::Stopping)
    }

    /// Leaves a message for the core without waiting for anything.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn tell(&self, work: impl FnOnce(&mut Core) + Send + 'static) -> Result<(), CallError> {
        self.0.try_send(Box::new(work)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => CallError::Busy,
            mpsc::error::TrySendError::Closed(_) => CallError::Stopping,
        })
    }

    /// Leaves a message for the core and waits until there is room for it. Never call this from an async task.
    ///
    /// # Errors
    /// [`CallError::Stopping`].
    pub fn leave(&self, work: impl FnOnce(&mut Core) + Send + 'static) -> Result<(), CallError> {
        self.0.blocking_send(Box::new(work)).map_err(|_| CallError::Stopping)
    }

    /// Stops the core's thread once the work that was left before this is done.
    ///
    /// # Errors
    /// [`CallError::Stopping`] when it ended already.
    pub async fn stop(&self) -> Result<(), CallError> {
        let sent = self.0.send(Box::new(Core::stop)).await;
        sent.map_err(|_| CallError::Stopping)
    }
}
