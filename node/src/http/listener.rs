//! Connections that cannot pile up: a bounded number at once, and none that stays silent.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// A listener that accepts no more connections than it has places.
pub(super) struct Bounded {
    listener: TcpListener,
    /// Who may connect besides this machine.
    proxy: Vec<IpAddr>,
    places: Arc<Semaphore>,
    idle: Duration,
}

impl Bounded {
    pub(super) fn new(listener: TcpListener, proxy: Vec<IpAddr>, connections: usize, idle: Duration) -> Self {
        Self {
            listener,
            proxy,
            places: Arc::new(Semaphore::new(connections)),
            idle,
        }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.expect("the semaphore is never closed");
        let (stream, address) = loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            if may_connect(address.ip(), &self.proxy) {
                break (stream, address);
            }
            // The token would go over the network in the clear; whoever this is learns nothing of what listens here.
            tracing::warn!(%address, "turned away: not the reverse proxy");
        };
        // Answers are written in one go; waiting for more would only delay them.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            stream,
            idle: self.idle,
            silence: Box::pin(sleep(self.idle)),
            _place: place,
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Whether somebody at this address may connect: this machine, or the proxy.
fn may_connect(from: IpAddr, proxy: &[IpAddr]) -> bool {
    let from = from.to_canonical();
    from.is_loopback() || proxy.contains(&from)
}

/// A connection that fails once nothing has moved for a while; it holds its place until it is dropped.
pub(super) struct Connection {
    stream: TcpStream,
    idle: Duration,
    silence: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn watch<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.silence.as_mut().reset(Instant::now() + self.idle);
            return outcome;
        }
        match self.silence.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.watch(cx, outcome)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_the_proxy_connect() {
        let proxy: Vec<IpAddr> = vec!["10.0.0.5".parse().unwrap(), "2001:db8::5".parse().unwrap()];
        let may = |from: &str, proxy: &[IpAddr]| may_connect(from.parse().unwrap(), proxy);
        for from in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(may(from, &[]), "{from}");
        }
        for from in ["10.0.0.5", "::ffff:10.0.0.5", "2001:db8::5"] {
            assert!(may(from, &proxy) && !may(from, &[]), "{from}");
        }
        for from in ["10.0.0.6", "2001:db8::6", "0.0.0.0"] {
            assert!(!may(from, &proxy), "{from}");
        }
    }
}
