//! A slow line between two nodes: what goes in comes out later, and the line breaks as often as it is told to. The kernel
//! cannot delay packets everywhere that tests run, so this stands between two nodes as a program that accepts connections
//! and carries their bytes on.
//!
//! **Invariant:** it holds at most [`CONNECTIONS_MAX`] connections and [`CHUNKS_MAX`] chunks of each direction of one, and it
//! stops when its value is dropped.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep_until, timeout};

/// Connections at once.
const CONNECTIONS_MAX: usize = 32;
/// Chunks under way in one direction of a connection.
const CHUNKS_MAX: usize = 64;
/// Bytes of a chunk.
const CHUNK_BYTES_MAX: usize = 16 * 1024;

/// How a line is.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    /// How long a byte is under way.
    pub delay: Duration,
    /// How long a connection lasts before it breaks; for as long as both ends want without.
    pub lasts: Option<Duration>,
}

/// A line to a node.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    to: Arc<OnceLock<SocketAddr>>,
    broken: Arc<AtomicU64>,
    /// Taken when the value goes.
    runtime: Option<Runtime>,
}

impl Line {
    /// A line that leads nowhere yet: it accepts, and hangs up.
    ///
    /// # Panics
    /// When this machine has no thread or no free port.
    #[must_use]
    pub fn new(quality: Quality) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a thread can be started");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound port has an address");
        let (to, broken) = (Arc::new(OnceLock::new()), Arc::new(AtomicU64::new(0)));
        runtime.spawn(accept(listener, quality, Arc::clone(&to), Arc::clone(&broken)));
        Line {
            address,
            to,
            broken,
            runtime: Some(runtime),
        }
    }

    /// Where it begins.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it leads to from now on.
    ///
    /// # Panics
    /// When it leads somewhere already.
    pub fn lead_to(&self, address: SocketAddr) {
        self.to.set(address).expect("a line leads to one place");
    }

    /// Connections that broke.
    #[must_use]
    pub fn broken(&self) -> u64 {
        self.broken.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn accept(listener: TcpListener, quality: Quality, to: Arc<OnceLock<SocketAddr>>, broken: Arc<AtomicU64>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let place = Arc::clone(&room).acquire_owned().await;
        let (Ok((near, _)), Some(to)) = (listener.accept().await, to.get()) else {
            continue;
        };
        let (to, broken) = (*to, Arc::clone(&broken));
        tokio::spawn(async move {
            let _place = place;
            if let Ok(far) = TcpStream::connect(to).await {
                carry(near, far, quality, &broken).await;
            }
        });
    }
}

/// Carries both directions until both ends are done, or the line breaks.
async fn carry(near: TcpStream, far: TcpStream, quality: Quality, broken: &AtomicU64) {
    let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
    let both = async {
        tokio::join!(
            pass(from_near, to_far, quality.delay),
            pass(from_far, to_near, quality.delay)
        )
    };
    match quality.lasts {
        None => drop(both.await),
        Some(lasts) => {
            let mut both = pin!(both);
            let ended = timeout(lasts, both.as_mut()).await;
            // Before the ends are let go of: whoever notices that the line broke may ask at once.
            broken.fetch_add(u64::from(ended.is_err()), Ordering::Relaxed);
        }
    }
}

/// One direction.
async fn pass(from: OwnedReadHalf, to: OwnedWriteHalf, delay: Duration) {
    let (put, taken) = mpsc::channel(CHUNKS_MAX);
    tokio::join!(take(from, put, delay), give(to, taken));
}

/// Takes in what comes, until it ends or nobody wants it any more.
async fn take(from: OwnedReadHalf, put: mpsc::Sender<(Instant, Vec<u8>)>, delay: Duration) {
    let mut buffer = vec![0; CHUNK_BYTES_MAX];
    while from.readable().await.is_ok() {
        match from.try_read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                let chunk = (Instant::now() + delay, buffer[..count].to_vec());
                if put.send(chunk).await.is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// Gives it out when its time has come. The end follows what was under way: dropping this half says it.
async fn give(to: OwnedWriteHalf, mut taken: mpsc::Receiver<(Instant, Vec<u8>)>) {
    while let Some((at, chunk)) = taken.recv().await {
        sleep_until(at).await;
        let mut left = chunk.as_slice();
        while !left.is_empty() {
            if to.writable().await.is_err() {
                return;
            }
            match to.try_write(left) {
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net;

    use super::*;

    /// A node that says back what it hears.
    fn echo() -> SocketAddr {
        let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = [0; 4];
            while stream
                .read_exact(&mut bytes)
                .and_then(|()| stream.write_all(&bytes))
                .is_ok()
            {}
        });
        address
    }

    fn line(delay_ms: u64, lasts_ms: Option<u64>) -> (Line, net::TcpStream) {
        let line = Line::new(Quality {
            delay: Duration::from_millis(delay_ms),
            lasts: lasts_ms.map(Duration::from_millis),
        });
        line.lead_to(echo());
        let stream = net::TcpStream::connect(line.address()).unwrap();
        (line, stream)
    }

    #[test]
    fn what_goes_in_comes_out_later_and_whole() {
        let (_line, mut stream) = line(50, None);
        let began = std::time::Instant::now();
        let mut bytes = [0; 4];
        stream.write_all(b"hoorboom").unwrap();
        for said in [b"hoor", b"boom"] {
            stream.read_exact(&mut bytes).unwrap();
            assert_eq!(&bytes, said);
        }
        assert!(began.elapsed() >= Duration::from_millis(100), "there and back");
    }

    #[test]
    fn it_breaks_when_it_is_to() {
        let (line, mut stream) = line(0, Some(20));
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0, "nobody said anything");
        assert_eq!(line.broken(), 1);
    }
}
