//! The driver ends with the network, or with a store that stands still, and says so.

use ed25519_dalek::SigningKey;
use protocol::id::FederationId;
use protocol::log::{Replica, ReplicaError};
use protocol::store::StoreError;
use protocol::sync;
use tokio::runtime::{Builder, Runtime};
use zeroize::Zeroizing;

use super::*;
use crate::scratch::Scratch;
use crate::secret::Secret;
use crate::store::Sled;

fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// A core that belongs to no federation yet.
fn core(scratch: &Scratch) -> Core {
    core_on(scratch, opened(scratch))
}

fn opened(scratch: &Scratch) -> Sled {
    Sled::open(&scratch.path().join("store"), &Secret::new([3; 32])).unwrap()
}

fn core_on(scratch: &Scratch, store: Sled) -> Core {
    let keys = store.keys();
    let (feed, _) = Feed::new(None);
    Core::new(Parts {
        replica: Replica::open(store).unwrap(),
        keys,
        own_dir: scratch.path().join("own"),
        key: SigningKey::from_bytes(&[7; 32]),
        own: Own {
            gemeente: protocol::id::Gemeente::new(9901).unwrap(),
            roots: Vec::new(),
        },
        announced: Vec::new(),
        feed,
        receipts_ms: 0,
        sync: sync::Config::default(),
        restored: super::Restored::default(),
        invitation: None,
        hears_first: None,
    })
}

fn network() -> net::Net {
    let config = net::Config {
        secret: Zeroizing::new([7; 32]),
        agent: net::AGENT.to_owned(),
        listen: Vec::new(),
        gossip: false,
        peers: std::collections::BTreeMap::new(),
        limits: net::Limits::default(),
    };
    net::start(config).unwrap()
}

#[test]
fn a_network_that_ends_by_itself_ends_the_driver_with_an_error() {
    let (scratch, runtime) = (Scratch::new("driver-net"), runtime());
    let net = runtime.block_on(async { network() });
    let commands = net.commands.clone();
    let (driver, _calls) = Driver::new(core(&scratch), Some(net));
    runtime.block_on(commands.send(net::Command::Shutdown)).unwrap();
    let ended = driver.run(runtime.handle());
    assert!(matches!(ended, Err(DriverError::Network)), "{ended:?}");
}

#[test]
fn a_driver_that_is_told_to_stop_ends_well_and_closes_the_network() {
    let (scratch, runtime) = (Scratch::new("driver-stop"), runtime());
    let net = runtime.block_on(async { network() });
    let commands = net.commands.clone();
    let (driver, calls) = Driver::new(core(&scratch), Some(net));
    runtime.block_on(calls.stop()).unwrap();
    driver.run(runtime.handle()).unwrap();
    assert!(runtime.block_on(commands.status()).is_err());
    assert_eq!(runtime.block_on(calls.stop()), Err(CallError::Stopping));
}

#[test]
fn a_store_that_stands_still_ends_the_driver_and_keeps_it_waiting_for_nothing() {
    let (scratch, runtime) = (Scratch::new("driver-still"), runtime());
    let mut store = opened(&scratch);
    store.set_wait(Duration::from_millis(200));
    let keys = store.keys();
    let mut core = core_on(&scratch, store);
    let held = Sled::stand_still(&keys);
    let joined = core.parts.replica.join(FederationId([1; 32]));
    assert!(
        matches!(joined, Err(ReplicaError::Store(StoreError::Silent { .. }))),
        "{joined:?}"
    );
    let (driver, _calls) = Driver::new(core, None);
    let ended = driver.run(runtime.handle());
    drop(held);
    let Err(DriverError::Core(CoreError::Replica(ReplicaError::Store(StoreError::Silent { .. })))) = ended else {
        panic!("{ended:?}");
    };
}
