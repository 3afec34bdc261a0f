//! Feeds what happens to the protocol and performs what it asks for: the one place where net and store meet.
//!
//! One thread owns the replica. Network events, calls from the API and the passing of time come to it one by one, so
//! nothing is locked and a question sees a state that existed. What is slow and does not need the replica (reading
//! documents, SQLite) is the view's thread.
//!
//! **Invariant:** every queue to and from this thread is bounded. It waits for the network engine, which never waits
//! for it; everybody else waits for it or is told that it is busy.

mod announcing;
mod calls;
mod clock;
mod core;
mod erasure;
mod farewell;
mod feed;
mod flush;
mod forks;
mod hearing;
mod inviting;
mod joining;
mod orphans;
mod own;
mod pace;
mod past;
mod pulse;
mod relay;
mod scrub;

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::net::{self, Closed};

pub use calls::{CallError, Calls};
pub use clock::{System, week_now};
pub use core::{Core, CoreError, Parts};
pub use feed::{Feed, FeedError, PATIENCE};
pub use hearing::{Hearing, Waits};
pub use inviting::{Book, enter, invitation, invited, join, peers};
pub use joining::{NotOurs, Own, Root, joins};
pub use orphans::{Cut, Orphan};
pub use past::{Then, charter_of};
pub use pulse::{Disk, Pulse, Signs};
pub use scrub::Restored;

use calls::Job;

/// Calls that may wait for the thread; the API admits fewer at a time.
const CALLS_MAX: usize = 64;
/// Longest time between two looks at what is due.
const IDLE: Duration = Duration::from_secs(1);

/// Why a driver ended, other than because it was told to.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// What was written last could not be kept.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The network ended without being told to. A node that nobody can reach, and that says nothing of it, is worse
    /// than one that stopped.
    #[error("the network stopped by itself; the log says why")]
    Network,
}

/// What drives a node, before it runs.
pub struct Driver {
    core: Core,
    net: Option<net::Net>,
    jobs: mpsc::Receiver<Job>,
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

impl Driver {
    /// A driver and the way to call it. Without a network the node works on its own.
    #[must_use]
    pub fn new(core: Core, net: Option<net::Net>) -> (Self, Calls) {
        let (calls, jobs) = mpsc::channel(CALLS_MAX);
        (Self { core, net, jobs }, Calls::new(calls))
    }

    /// Runs until every [`Calls`] is dropped, one of them stops it, or the network ends; then what is written is flushed.
    ///
    /// # Errors
    /// [`DriverError`] when the last flush fails, or when the network ended first.
    pub fn run(mut self, runtime: &Handle) -> Result<(), DriverError> {
        let (commands, mut events) = match self.net.take() {
            Some(net) => (Some(net.commands), Some(net.events)),
            None => (None, None),
        };
        self.core.start();
        let ended = self.drive(runtime, commands.as_ref(), events.as_mut());
        if let Some(commands) = commands {
            // The engine may have stopped already; then there is nothing to close.
            let _ = runtime.block_on(commands.send(net::Command::Shutdown));
        }
        self.core.finish()?;
        ended.map_err(|Closed| DriverError::Network)
    }

    fn drive(
        &mut self,
        runtime: &Handle,
        commands: Option<&net::Commands>,
        mut events: Option<&mut net::Events>,
    ) -> Result<(), Closed> {
        while !self.core.is_stopping() {
            runtime.block_on(perform(&mut self.core, commands))?;
            let longest = self.core.until_due().min(IDLE);
            match runtime.block_on(wait(&mut self.jobs, events.as_deref_mut(), longest))? {
                Next::Job(job) => job(&mut self.core),
                Next::Event(event) => self.core.network(event),
                Next::Due => self.core.tick(),
                Next::Over => break,
            }
            self.core.after();
        }
        Ok(())
    }
}

/// What comes next.
enum Next {
    Job(Job),
    Event(net::Event),
    Due,
    Over,
}

async fn wait(
    jobs: &mut mpsc::Receiver<Job>,
    events: Option<&mut net::Events>,
    longest: Duration,
) -> Result<Next, Closed> {
    tokio::select! {
        job = jobs.recv() => Ok(job.map_or(Next::Over, Next::Job)),
        event = next_event(events) => event.map(Next::Event).ok_or(Closed),
        () = tokio::time::sleep(longest) => Ok(Next::Due),
    }
}

async fn next_event(events: Option<&mut net::Events>) -> Option<net::Event> {
    match events {
        Some(events) => events.next().await,
        None => std::future::pending().await,
    }
}

/// Hands what the protocol asks for to the network.
async fn perform(core: &mut Core, commands: Option<&net::Commands>) -> Result<(), Closed> {
    for command in core.take_commands() {
        let Some(commands) = commands else { continue };
        commands.send(command).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
