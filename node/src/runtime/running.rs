//! The parts of a node that runs, and their end.
//!
//! The driver, the view, the release and the API each run on their own, and the network ends with the driver. Any of them may end
//! without being told to: a panic, a channel that closed. A node without one of its parts still looks alive from
//! outside and does nothing any more, so the first that ends takes the others with it, in order, and the node says
//! which it was.

use std::cell::RefCell;
use std::fs::File;
use std::iter;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use super::backend::Answers;
use super::release::keep_releasing;
use super::{Home, Ready, RunError};
use crate::driver::{Calls, Core, Driver, DriverError};
use crate::http::{Door, HttpError, Server};
use crate::trouble::Trouble;
use crate::view::{Batch, Writer, follow};

mod filling;

use filling::Filling;

/// How long questions under way may go on once the node is told to stop.
const DRAIN_MAX: Duration = Duration::from_secs(3);
/// How long the view waits, when readers kept it from emptying its log, before it tries again.
const SETTLE_AGAIN: Duration = Duration::from_secs(1);
/// How long what comes in waits for more before the search index takes it, unless somebody asks: a commit of the index costs far
/// more than a record.
const INDEX_WAIT: Duration = Duration::from_secs(5);
/// How often is looked whether somebody asks.
const INDEX_LOOK: Duration = Duration::from_millis(50);
/// How often is looked whether another week began.
const PEILWEEK_LOOK: Duration = Duration::from_secs(60);
/// How the parts are called.
const DRIVER: &str = "the driver";
const VIEW: &str = "the view";
const RELEASE: &str = "the release";
const API: &str = "the API";

/// A node that runs.
pub(super) struct Running {
    /// What answers the API.
    #[cfg(test)]
    pub(super) answers: Arc<Answers>,
    pub(super) home: Home,
    pub(super) ready: Ready,
    /// The lock on the file that says where it answers.
    pub(super) held: File,
    pub(super) calls: Calls,
    pub(super) driver: Part<Result<(), DriverError>>,
    pub(super) view: Part<()>,
    pub(super) api: Api,
    pub(super) releases: Releases,
}

/// A part with a thread of its own.
pub(super) struct Part<T> {
    name: &'static str,
    thread: thread::JoinHandle<T>,
    /// Nothing is ever sent; it closes when the thread ends, by whatever it ends.
    alive: mpsc::Receiver<()>,
}

/// The release, which is told to stop before the driver is: it may be waiting for it.
pub(super) struct Releases {
    stop: SyncSender<()>,
    part: Part<()>,
}

/// The API, which is a task.
pub(super) struct Api {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), HttpError>>,
}

/// Which end came first.
enum First {
    /// The node was told to stop.
    Asked,
    /// A thread.
    Thread(&'static str),
    /// The API, and how.
    Api(Result<(), RunError>),
}

impl Running {
    /// Where it answers.
    pub(super) fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Waits for `stop` or for the first part that ends by itself, and ends what is left.
    pub(super) async fn until(mut self, stop: impl Future<Output = ()> + Send) -> Result<(), RunError> {
        let first = tokio::select! {
            biased;
            () = stop => First::Asked,
            () = self.driver.ended() => First::Thread(DRIVER),
            () = self.view.ended() => First::Thread(VIEW),
            () = self.releases.part.ended() => First::Thread(RELEASE),
            outcome = &mut self.api.task => First::Api(served(outcome)),
        };
        match &first {
            First::Asked => tracing::info!("stopping"),
            First::Thread(part) => tracing::error!(part, "ended by itself: the node stops"),
            First::Api(_) => tracing::error!(part = API, "ended by itself: the node stops"),
        }
        let (unasked, served) = match first {
            First::Asked => (None, self.api.drain().await),
            First::Thread(part) => (Some(part), self.api.drain().await),
            First::Api(served) => (Some(API), served),
        };
        // Who looks for the node finds the file without its lock: nobody answers any more.
        drop(self.held);
        let released = self.releases.stop().await;
        // A driver that has ended already needs no telling.
        let _ = self.calls.stop().await;
        drop(self.calls);
        let driven = self.driver.join().await.and_then(|driven| Ok(driven?));
        // The view's thread ends when the feed is gone.
        let viewed = self.view.join().await;
        // The view ends with the driver, so why the driver ended is told first.
        if driven.is_ok() {
            // What was written is flushed: only now is this no node that was killed.
            Ready::remove(&self.home);
        }
        driven.and(viewed).and(released).and(served)?;
        unasked.map_or(Ok(()), |part| Err(RunError::Ended { part }))
    }
}

impl<T: Send + 'static> Part<T> {
    /// Starts a thread for this part.
    pub(super) fn spawn(
        name: &'static str,
        thread: &str,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Self, RunError> {
        let (lives, alive) = mpsc::channel(1);
        let spawned = thread::Builder::new().name(thread.to_owned()).spawn(move || {
            let _lives = lives;
            work()
        });
        let thread = spawned.map_err(|source| RunError::System {
            what: format!("starting {name}"),
            source,
        })?;
        Ok(Self { name, thread, alive })
    }

    /// Returns when the thread has ended, or is about to. May be dropped and called again.
    async fn ended(&mut self) {
        // Nobody sends: this is the end.
        let _: Option<()> = self.alive.recv().await;
    }

    /// Waits for the end without holding up a thread of the runtime.
    async fn join(mut self) -> Result<T, RunError> {
        self.ended().await;
        self.thread.join().map_err(|_| RunError::Panicked { part: self.name })
    }
}

impl Releases {
    /// Stops the release once the one under way is through.
    async fn stop(self) -> Result<(), RunError> {
        drop(self.stop);
        self.part.join().await
    }
}

impl Api {
    /// Stops the API; a question that takes longer than it may is cut off, so that whoever asked sees the connection
    /// break.
    async fn drain(mut self) -> Result<(), RunError> {
        // The server may have ended by itself; its result says so below.
        let _ = self.stop.send(());
        let outcome = tokio::time::timeout(DRAIN_MAX, &mut self.task).await;
        self.task.abort();
        outcome.map_or(Ok(()), served)
    }
}

/// How the API ended.
fn served(outcome: Result<Result<(), HttpError>, JoinError>) -> Result<(), RunError> {
    match outcome {
        Ok(served) => Ok(served?),
        Err(error) if error.is_panic() => Err(RunError::Panicked { part: API }),
        Err(_) => Err(RunError::Ended { part: API }),
    }
}

/// Starts the driver.
pub(super) fn spawn_driver(driver: Driver) -> Result<Part<Result<(), DriverError>>, RunError> {
    let runtime = Handle::current();
    Part::spawn(DRIVER, "driver", move || driver.run(&runtime))
}

/// Starts the view's thread: it writes each batch and tells the core.
pub(super) fn spawn_view(writer: Writer, batches: Receiver<Batch>, calls: Calls) -> Result<Part<()>, RunError> {
    Part::spawn(VIEW, "view", move || {
        // One thread: it waits for a batch, or it writes one.
        let writer = RefCell::new(writer);
        let mut work = (Indexing::default(), Filling::default());
        follow(
            iter::from_fn(|| next_batch(&mut writer.borrow_mut(), &batches, &calls, &mut work)),
            |batch| writer.borrow_mut().apply(batch),
            |outcome| {
                let owes = writer.borrow().owes();
                match calls.leave(move |core| core.view_wrote(outcome, owes)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                }
            },
        );
        if let Err(error) = writer.into_inner().close() {
            tracing::warn!(%error, "the next start cannot tell whether the view changed meanwhile");
        }
    })
}

/// When the search index takes what it lacks.
#[derive(Debug, Default)]
struct Indexing {
    /// At the latest; nothing while it lacks nothing.
    due: Option<Instant>,
    /// Not before this, after it failed.
    again: Option<Instant>,
    began: Option<Instant>,
    trouble: Trouble,
}

impl Indexing {
    /// Gives the index what it lacks when that is due, or when somebody waits for it; whether it was given anything.
    fn go_on(&mut self, writer: &mut Writer) -> bool {
        let now = Instant::now();
        let due = *self.due.get_or_insert(now + INDEX_WAIT);
        let is_due = writer.is_asked() || writer.owes() || due <= now;
        if !is_due || self.again.is_some_and(|again| now < again) {
            return false;
        }
        (self.due, self.again) = (None, None);
        let since = now - *self.began.get_or_insert(now);
        match writer.index_some() {
            Ok(()) => {
                if let Some(times) = self.trouble.over() {
                    tracing::info!(times, "the search index is written again");
                }
            }
            Err(error) => {
                self.again = Some(now + SETTLE_AGAIN);
                let now_ms = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
                if let Some(times) = self.trouble.again(now_ms) {
                    tracing::error!(%error, times, "the search index could not be written; it is tried again");
                }
            }
        }
        true
    }
}

/// The next batch; nothing at the end. While it waits, it gives the tables and the search index what they lack, and has the view
/// settle what readers held up.
fn next_batch(
    writer: &mut Writer,
    batches: &Receiver<Batch>,
    calls: &Calls,
    (indexing, filling): &mut (Indexing, Filling),
) -> Option<Batch> {
    loop {
        let worked = filling.go_on(writer) || writer.is_behind() && indexing.go_on(writer);
        let wait = filling.wait(writer).min(match () {
            // Whatever there is to do, a batch that came in meanwhile goes first.
            () if worked => Duration::ZERO,
            () if writer.is_behind() => INDEX_LOOK,
            () if writer.owes() => SETTLE_AGAIN,
            () => PEILWEEK_LOOK,
        });
        let batch = batches.recv_timeout(wait);
        filling.pause(batch.is_err());
        match batch {
            Ok(batch) => return Some(batch),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if worked => continue,
            Err(RecvTimeoutError::Timeout) => {}
        }
        if !writer.is_behind() && writer.owes() {
            if let Err(error) = writer.settle() {
                tracing::warn!(%error, "the view cannot empty its write-ahead log yet");
            }
            if !writer.owes() {
                // A core that stopped confirms nothing any more.
                let _ = calls.leave(Core::view_settled);
            }
        }
    }
}

/// Starts to release what is due.
pub(super) fn spawn_releases(answers: Arc<Answers>) -> Result<Releases, RunError> {
    let (stop, stopped) = sync_channel::<()>(0);
    let part = Part::spawn(RELEASE, "release", move || keep_releasing(&answers, &stopped))?;
    Ok(Releases { stop, part })
}

/// Starts to answer.
pub(super) fn spawn_api(server: Server, answers: Arc<Answers>, door: Door) -> Api {
    let (stop, stopped) = oneshot::channel();
    let serving = server.run(answers, door, async {
        // Dropped or told: both mean stop.
        let _ = stopped.await;
    });
    Api {
        stop,
        task: tokio::spawn(serving),
    }
}

#[cfg(test)]
pub(in crate::runtime) mod tests;
