//! The running node: the only file that knows every room.
//!
//! `serve` opens what is on disk, starts the threads and waits for the signal to stop, or for the first of them that
//! ends by itself. Order matters: everything that can be refused (configuration, permissions, locks, ports) is refused before the node says that it is ready, and
//! what is acknowledged is durable before the process ends.

mod answers;
mod approvals;
mod armor;
mod audit;
mod backend;
mod backup;
mod belongs;
mod charter;
mod config;
mod dataset;
mod doctor;
mod erasure;
mod exports;
mod eyes;
mod founding;
mod heard;
mod home;
mod importing;
mod invitations;
mod itself;
mod joining;
mod keys;
mod knocked;
mod learning;
mod local;
mod opening;
mod orphans;
mod past;
mod policy;
mod private;
mod questions;
mod ready;
mod release;
mod roots;
mod running;
mod searching;
mod switches;
mod tried;
mod verify;
#[cfg(test)]
pub(crate) mod world;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use protocol::charter::Invitation;
use protocol::gate::Account;
use protocol::id::NodeKey;
use protocol::log::{Replica, ReplicaError};
use protocol::sync;
use tokio::signal::unix::{Signal, SignalKind, signal};
use zeroize::Zeroizing;

use crate::driver::{self, Core, CoreError, Driver, DriverError, Feed, FeedError, Hearing, Parts};
use crate::http::{self, Door, HttpError, Limits, Place, Server, Token, TokenError};
use crate::net::{self, NetError};
use crate::secret::{Secret, SecretError};
use crate::store::{OpenError, OwnLogError, Sled};
use crate::vault::{Vault, VaultError};
use crate::view::{ViewError, Writer};

pub use armor::{ArmorError, is_charter};
pub use backup::{Ask, BackupError, Checked, Head, Made, Restore, Totals, backup, check, restore};
pub use belongs::{Past, past};
pub use charter::{
    Asked, RootError, RootFiles, SignError, Signed, Voted, charter_stand, draft, endorse_edition, export, leave,
    log_heights, propose_edition, root_key, speaks_for, suspend, withdraw,
};
pub use config::{Config, ConfigError, Keep, MEMBER_MIB, Release, SQL_SECONDS, Setting};
pub use doctor::{DoctorError, Rebuilt, doctor};
pub use founding::{
    Endorsing, Entry, FoundingError, Init, Paper, Proposal, Roots, card, endorse, init, init_with, inspect, propose,
    to_endorse,
};
pub use heard::waits;
pub use home::Home;
pub use importing::{Imported, import};
pub use joining::{JoinError, invitation, invite, join};
pub use keys::{
    Certified, Choice, Finished, KeyRing, KeysError, Parted, Revoked, Ringed, Rotating, Said, certify, finish_rotation,
    key_ring, request, requested, revoke, rotate, this_node,
};
pub use opening::open_replica;
pub use ready::Ready;
pub use roots::own;
pub use verify::{Fault, FaultKind, Verified, VerifyError, verify};

use audit::Audit;
use backend::{Answers, Rooms};
use running::Running;

/// Bytes in the unit of the configuration.
const MIB: u64 = 1024 * 1024;
/// Threads for the network and the API; the driver and the view have their own.
const WORKERS: usize = 2;
/// A node confirms what it erased at most once in so long: a day. In a practice it does so at once.
const RECEIPTS_MS: u64 = 24 * 60 * 60 * 1000;
/// Threads that may block beside questions and lookups: standard input, and the end of the driver.
const SPARE_THREADS: usize = 4;
/// Threads that may block: whoever uses one has a number of his own here, so that nobody waits for another, and the end
/// of the driver for nobody.
const BLOCKING_MAX: usize = http::QUESTIONS_MAX + net::LOOKUPS_MAX + SPARE_THREADS;

/// Why a node does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The store.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// What the store holds.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The own log.
    #[error(transparent)]
    OwnLog(#[from] OwnLogError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The view.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The network.
    #[error(transparent)]
    Net(#[from] NetError),
    /// The API.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The token of the API.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A statement or charter that is handed in.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// The core.
    #[error(transparent)]
    Core(#[from] CoreError),
    /// The address of the API in the configuration.
    #[error("{address:?} is not an address such as 127.0.0.1:8080")]
    ApiAddress {
        /// As configured.
        address: String,
    },
    /// The driver ended.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// A part ended without being told to.
    #[error("{part} stopped by itself; the log says why")]
    Ended {
        /// Which.
        part: &'static str,
    },
    /// A part ended by a panic.
    #[error("{part} ended by a panic; the log says where")]
    Panicked {
        /// Which.
        part: &'static str,
    },
    /// The key of the node is not the one that it began with.
    #[error("{} is not the key of {}", key.display(), public.display())]
    OtherKey {
        /// The key.
        key: PathBuf,
        /// The public half of the key it began with.
        public: PathBuf,
    },
    /// The store does not know the federation of this node any more.
    #[error("{} does not know the federation of this node any more", path.display())]
    StoreLost {
        /// The store.
        path: PathBuf,
    },
    /// It was to wait for nobody any more, and waits for nobody.
    #[error("this node waits for nobody")]
    WaitsForNobody,
    /// A file, thread or signal.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// Others than the owner may read what is the owner's alone.
    #[error("{} is open to others (mode {mode:03o})", path.display())]
    Open {
        /// The file or directory.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// Whether it is a directory.
        directory: bool,
    },
}

impl From<FeedError> for RunError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Replica(error) => Self::Replica(error),
            FeedError::View(error) => Self::View(error),
        }
    }
}

/// How to run, besides what the configuration says.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Without a network: nothing is listened on, nobody is dialed.
    pub offline: bool,
    /// Who decided that this node, which was made of a backup, waits for nobody any more.
    pub heard: Option<Account>,
}

/// Runs the node in a directory until the process is told to stop: by SIGTERM, SIGINT, or, where that is asked, by the
/// end of its standard input, so that a node does not outlive who started it.
///
/// # Errors
/// [`RunError`]: why it did not start, or what failed at the end.
pub fn run(home: &Home, options: Options, stop_with_stdin: bool, ready: impl FnOnce(&Ready)) -> Result<(), RunError> {
    logging();
    let runtime = threads(WORKERS)?;
    let outcome = runtime.block_on(async {
        // Before the node says that it is ready: whoever reads that may tell it to stop at once, and a signal that nobody
        // listens for kills.
        let mut signals = Signals::listen()?;
        let stop = async move {
            tokio::select! {
                () = signals.told() => {}
                () = stdin_ended(), if stop_with_stdin => {}
            }
        };
        serve(home, options, stop, ready).await
    });
    // What still blocks (a read of standard input) does not hold up the end.
    runtime.shutdown_background();
    outcome
}

/// Waits until this process is told to stop by SIGTERM or SIGINT.
///
/// # Errors
/// [`RunError::System`].
pub fn until_stopped() -> Result<(), RunError> {
    threads(1)?.block_on(async {
        Signals::listen()?.told().await;
        Ok(())
    })
}

fn threads(workers: usize) -> Result<tokio::runtime::Runtime, RunError> {
    let built = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .max_blocking_threads(BLOCKING_MAX)
        .enable_all()
        .build();
    built.map_err(|source| RunError::System {
        what: "starting threads".to_owned(),
        source,
    })
}

/// The signals that tell a process to stop, listened for from the moment it is made.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, RunError> {
        let listen = |kind| {
            signal(kind).map_err(|source| RunError::System {
                what: "listening for the signal to stop".to_owned(),
                source,
            })
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// Returns once the process was told to stop.
    async fn told(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn stdin_ended() {
    use std::io::Read;
    let ended = tokio::task::spawn_blocking(|| {
        let mut byte = [0];
        // What comes is ignored; an error ends it as the end does.
        while matches!(std::io::stdin().read(&mut byte), Ok(count) if count > 0) {}
    });
    // Cancelled only when the runtime is going down anyway.
    let _ = ended.await;
}

/// The log goes to standard error, without personal data; `LEERKRING_LOG` says how much of it.
fn logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LEERKRING_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_env_filter(filter);
    // A second node in one process keeps the log of the first.
    let _ = subscriber.try_init();
}

/// Runs the node in a directory until `stop`, or until a part of it ends; `ready` is told where it answers.
///
/// # Errors
/// [`RunError`]: why it did not start, which part ended by itself, or what failed at the end.
pub async fn serve(
    home: &Home,
    options: Options,
    stop: impl Future<Output = ()> + Send,
    ready: impl FnOnce(&Ready),
) -> Result<(), RunError> {
    let running = start(home, options).await?;
    ready(running.ready());
    running.until(stop).await
}

/// Opens what is on disk, takes the ports and starts every part.
async fn start(home: &Home, options: Options) -> Result<Running, RunError> {
    let config = Config::read(home)?;
    let policy = Arc::new(config.policy()?);
    private::check(home)?;
    let server = Server::bind(&api_place(&config)?, Limits::default()).await?;
    let mut opened = open(home, &config, options.heard.as_ref())?;
    // The store is locked by now: no other node in this directory has its token replaced.
    let door = Door::open(Token::fresh(&home.token())?, &home.tokens())?;
    verify::sweep(home);
    past::sweep(home);
    backup::sweep(home);
    let me = opened.me;
    let net = if options.offline {
        None
    } else {
        Some(start_net(home, &config, &opened)?)
    };
    let commands = net.as_ref().map(|net| net.commands.clone());
    let (feed, batches) = Feed::open(&mut opened.writer, &mut opened.replica)?;
    let readers = opened.writer.readers();
    let parts = opened.into_parts(home, &config, feed)?;
    let (parts, writer, vault) = parts;
    let core = Core::new(parts);
    let pulse = core.pulse();
    let (driver, calls) = Driver::new(core, net);
    // The last that a full disk can refuse: once the driver runs, nothing may end the runtime under it. Whoever reads the file
    // already finds the port open, and is answered in a moment.
    let state = Ready::new(me, server.address(), &config);
    let held = state.write(home)?;
    let driver = running::spawn_driver(driver)?;
    let view = running::spawn_view(writer, batches, calls.clone())?;
    let answers = Arc::new(Answers::new(Rooms {
        config: config.clone(),
        policy,
        calls: calls.clone(),
        readers,
        vault,
        net: commands,
        pulse,
        home: home.clone(),
        audit: Audit::new(home.audit(), config.audit),
    }));
    let releases = running::spawn_releases(Arc::clone(&answers))?;
    answers.answer_at(&state);
    tracing::info!(gemeente = %config.gemeente, api = %state.api, "ready");
    #[cfg(test)]
    let asked = Arc::clone(&answers);
    let api = running::spawn_api(server, answers, door);
    Ok(Running {
        #[cfg(test)]
        answers: asked,
        home: home.clone(),
        ready: state,
        held,
        calls,
        driver,
        view,
        api,
        releases,
    })
}

fn api_place(config: &Config) -> Result<Place, RunError> {
    let address: Result<SocketAddr, _> = config.api.parse();
    let address = address.map_err(|_| RunError::ApiAddress {
        address: config.api.clone(),
    })?;
    Ok(Place {
        address,
        proxy: config.proxy.clone(),
    })
}

/// What is on disk, opened.
struct Opened {
    me: NodeKey,
    replica: Replica<Sled>,
    keys: crate::store::DocumentKeys,
    writer: Writer,
    vault: Vault,
    restored: crate::driver::Restored,
    invitation: Option<Invitation>,
}

fn open(home: &Home, config: &Config, heard: Option<&Account>) -> Result<Opened, RunError> {
    let me = roots::me(home)?;
    itself::check(home, me)?;
    let (mut replica, keys, restored) = open_replica(home)?;
    // The store is locked by now: nobody else waits in this directory.
    if let Some(by) = heard {
        heard::enough(home, config, by)?;
    }
    belongs::check(home, &replica)?;
    belongs::note(home, &replica, me)?;
    // For whom the node speaks may be known only now.
    Config::read(home)?;
    let invitation = joining::kept(home, &mut replica, me)?;
    let mut vault = Vault::open(&home.vault(), &Secret::load(&home.key("vault"))?)?;
    if Hearing::of(home.restored()).is_none() {
        release::reconcile(&mut vault, &replica)?;
    }
    let writer = Writer::open(&home.view())?;
    tracing::debug!(gemeente = %config.gemeente, "opened");
    Ok(Opened {
        me,
        replica,
        keys,
        writer,
        vault,
        restored,
        invitation,
    })
}

impl Opened {
    fn into_parts(self, home: &Home, config: &Config, feed: Feed) -> Result<(Parts, Writer, Vault), RunError> {
        let parts = Parts {
            replica: self.replica,
            keys: self.keys,
            own_dir: home.own(),
            key: founding::signing_key(home, "node")?,
            own: roots::own(home)?,
            announced: config.announced().to_vec(),
            feed,
            receipts_ms: match config.release {
                Release::AtOnce => 0,
                Release::Weekly => RECEIPTS_MS,
            },
            sync: sync::Config {
                member_bytes_max: u64::from(config.member_mib) * MIB,
                ..sync::Config::default()
            },
            restored: self.restored,
            invitation: self.invitation,
            hears_first: Hearing::of(home.restored()),
        };
        Ok((parts, self.writer, self.vault))
    }
}

fn start_net(home: &Home, config: &Config, opened: &Opened) -> Result<net::Net, RunError> {
    let peers = driver::peers(opened.replica.roster(), opened.me, opened.invitation.as_ref());
    let secret = Secret::load(&home.key("node"))?;
    Ok(net::start(net::Config {
        secret: Zeroizing::new(*secret.bytes()),
        listen: config.listen.clone(),
        agent: net::AGENT.to_owned(),
        gossip: config.gossip,
        peers,
        limits: net::Limits::default(),
    })?)
}
