//! Feeds what happens to the protocol and performs what it asks for: the one place where net and store meet.
//!
//! One thread owns the replica. Network events, calls from the API and the passing of time come to it one by one, so
//! nothing is locked and a question sees a state that existed. What is slow and does not need the replica (reading
//! documents, SQLite) is the view's thread.
//!
//! **Invariant:** every queue to and from this thread is bounded. It waits for the network engine, which never waits
//! for it; everybody else waits for it or is told that it is busy.

mod calls;
mod clock;
mod core;
mod feed;

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::net;

pub use calls::{CallError, Calls};
pub use clock::{System, week_now};
pub use core::{Core, CoreError, Parts};
pub use feed::{Feed, PATIENCE};

use calls::Job;

/// Calls that may wait for the thread; the API admits fewer at a time.
const CALLS_MAX: usize = 64;
/// Longest time between two looks at what is due.
const IDLE: Duration = Duration::from_secs(1);

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

    /// Runs until every [`Calls`] is dropped or one of them stops it; then what is written is flushed.
    ///
    /// # Errors
    /// [`CoreError`] when the last flush fails.
    pub fn run(mut self, runtime: &Handle) -> Result<(), CoreError> {
        let (commands, mut events) = match self.net.take() {
            Some(net) => (Some(net.commands), Some(net.events)),
            None => (None, None),
        };
        self.core.start();
        while !self.core.is_stopping() {
            runtime.block_on(perform(&mut self.core, commands.as_ref()));
            let next = runtime.block_on(wait(&mut self.jobs, events.as_mut(), self.core.until_due().min(IDLE)));
            match next {
                Next::Job(job) => job(&mut self.core),
                Next::Event(event) => self.core.network(event),
                Next::Due => self.core.tick(),
                Next::Over => break,
            }
            self.core.after();
        }
        if let Some(commands) = commands {
            // The engine may have stopped already; then there is nothing to close.
            let _ = runtime.block_on(commands.send(net::Command::Shutdown));
        }
        self.core.finish()
    }
}

/// What comes next.
enum Next {
    Job(Job),
    Event(net::Event),
    Due,
    Over,
}

async fn wait(jobs: &mut mpsc::Receiver<Job>, events: Option<&mut net::Events>, longest: Duration) -> Next {
    tokio::select! {
        job = jobs.recv() => job.map_or(Next::Over, Next::Job),
        event = next_event(events) => event.map_or(Next::Over, Next::Event),
        () = tokio::time::sleep(longest) => Next::Due,
    }
}

async fn next_event(events: Option<&mut net::Events>) -> Option<net::Event> {
    match events {
        Some(events) => events.next().await,
        None => std::future::pending().await,
    }
}

/// Hands what the protocol asks for to the network.
async fn perform(core: &mut Core, commands: Option<&net::Commands>) {
    for command in core.take_commands() {
        let Some(commands) = commands else { continue };
        if commands.send(command).await.is_err() {
            return core.stop();
        }
    }
}
