//! Names to numbers, for addresses that are dialed.
//!
//! Names are resolved by the operating system at every dial, so that a gemeente can move its server behind a name;
//! libp2p's own resolver would be another 20 crates. The system's call blocks a thread and cannot be told to stop: a
//! name server that is silent keeps it for half a minute, long after nobody waits for it any more.
//!
//! **Invariant:** no more than [`LOOKUPS_MAX`] threads are ever in that call, however many peers are dialed.

use std::net::{IpAddr, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use tokio::sync::Semaphore;

use super::address::has_name;
use super::limits::{ADDRESSES_MAX, LOOKUPS_MAX, RESOLVE_TIMEOUT};

type Resolver = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// Looks names up, a bounded number at a time.
#[derive(Clone)]
pub(crate) struct Lookups {
    free: Arc<Semaphore>,
    resolver: Arc<Resolver>,
    patience: Duration,
}

impl Lookups {
    /// By the operating system.
    pub(crate) fn of_system() -> Self {
        Self::with(Arc::new(ask_system), RESOLVE_TIMEOUT)
    }

    fn with(resolver: Arc<Resolver>, patience: Duration) -> Self {
        Self {
            free: Arc::new(Semaphore::new(LOOKUPS_MAX)),
            resolver,
            patience,
        }
    }

    /// The same addresses with numbers for names; a name that does not resolve in time has no addresses.
    pub(crate) async fn resolve(&self, addresses: Vec<Multiaddr>) -> Vec<Multiaddr> {
        let mut numbers = Vec::new();
        for address in addresses {
            let found = if has_name(&address) {
                self.look_up(&address).await
            } else {
                vec![address]
            };
            numbers.extend(found);
        }
        numbers.truncate(2 * ADDRESSES_MAX);
        numbers
    }

    async fn look_up(&self, address: &Multiaddr) -> Vec<Multiaddr> {
        use Protocol::{Dns, Dns4, Dns6};
        let first = address.iter().next();
        let Some(Dns(name) | Dns4(name) | Dns6(name)) = &first else {
            return Vec::new();
        };
        let asked = tokio::time::timeout(self.patience, self.ask(name.to_string()));
        let mut ips = asked.await.unwrap_or_default();
        ips.retain(|ip| match &first {
            Some(Dns4(_)) => ip.is_ipv4(),
            Some(Dns6(_)) => ip.is_ipv6(),
            _ => true,
        });
        ips.sort_unstable();
        ips.dedup();
        ips.into_iter()
            .take(ADDRESSES_MAX)
            .filter_map(|ip| address.replace(0, |_| Some(Protocol::from(ip))))
            .collect()
    }

    /// The turn goes along to the thread: it is over when the call returns, and not when nobody waits any more.
    async fn ask(&self, name: String) -> Vec<IpAddr> {
        let turn = Arc::clone(&self.free).acquire_owned().await;
        let turn = turn.expect("the semaphore is never closed");
        let resolver = Arc::clone(&self.resolver);
        let asking = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            resolver(&name)
        });
        asking.await.unwrap_or_default()
    }
}

fn ask_system(name: &str) -> Vec<IpAddr> {
    let found = (name, 0).to_socket_addrs();
    found.map_or_else(|_| Vec::new(), |found| found.map(|socket| socket.ip()).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError, mpsc};

    use tokio::task::JoinSet;

    use super::*;

    #[tokio::test]
    async fn localhost_resolves_to_numbers() {
        let name: Multiaddr = "/dns4/localhost/udp/4001/quic-v1".parse().unwrap();
        let number: Multiaddr = "/ip4/127.0.0.1/udp/4001/quic-v1".parse().unwrap();
        let found = Lookups::of_system().resolve(vec![name, number.clone()]).await;
        assert_eq!(found, [number.clone(), number]);
    }

    /// A name server that says nothing until it is let go.
    fn silent() -> (Arc<Resolver>, Arc<AtomicUsize>, mpsc::SyncSender<()>) {
        let (let_go, wait) = mpsc::sync_channel(1);
        let (wait, asked) = (Mutex::new(wait), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&asked);
        let resolver = move |_: &str| {
            count.fetch_add(1, Ordering::SeqCst);
            // Ends when the sender is dropped.
            let _ = wait.lock().unwrap_or_else(PoisonError::into_inner).recv();
            Vec::new()
        };
        (Arc::new(resolver), asked, let_go)
    }

    #[test]
    fn a_silent_name_server_holds_up_no_other_work() {
        let built = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(LOOKUPS_MAX + 1)
            .enable_time()
            .build();
        let runtime = built.unwrap();
        let (resolver, asked, let_go) = silent();
        let lookups = Lookups::with(resolver, Duration::from_millis(10));
        runtime.block_on(async {
            for _ in 0..2 {
                let mut all = JoinSet::new();
                for number in 0..16 {
                    let (lookups, name) = (lookups.clone(), format!("/dns4/node-{number}.example.org/tcp/1"));
                    all.spawn(async move { lookups.resolve(vec![name.parse().unwrap()]).await });
                }
                while let Some(found) = all.join_next().await {
                    assert_eq!(found.unwrap(), Vec::<Multiaddr>::new());
                }
            }
            assert_eq!(asked.load(Ordering::SeqCst), LOOKUPS_MAX);
            let other = tokio::time::timeout(Duration::from_secs(30), tokio::task::spawn_blocking(|| 7));
            assert_eq!(other.await.expect("a thread is left").unwrap(), 7);
        });
        drop(let_go);
    }
}
