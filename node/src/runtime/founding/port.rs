//! The port of a node that leaves it to this machine.
//!
//! It stands on the card of the node, so it has to be free at every later start. What a system gives when it is asked for
//! any free port it gives to outgoing connections too, to those of another node here for instance. So it is taken from
//! below that range.

use std::net::{IpAddr, TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{io, process};

use super::FoundingError;

/// The lowest port that is taken, and how many: up to where Linux begins with those of outgoing connections.
const LOWEST: u32 = 10_240;
const COUNT: u32 = 32_768 - LOWEST;
/// From one node that this process makes to the next.
const STRIDE: u32 = 577;

/// Nodes that this process chose a port for.
static CHOSEN: AtomicU32 = AtomicU32::new(0);

/// `/ip4/…/tcp/0` with a port that is free at this moment; any other port stays.
pub(super) fn fixed(address: String) -> Result<String, FoundingError> {
    let parts: Vec<&str> = address.split('/').collect();
    let ["", "ip4" | "ip6", host, transport @ ("tcp" | "udp"), port, ..] = parts[..] else {
        return Err(FoundingError::Address { address });
    };
    let (Ok(host), Ok(port)) = (host.parse::<IpAddr>(), port.parse::<u16>()) else {
        return Err(FoundingError::Address { address });
    };
    if port != 0 {
        return Ok(address);
    }
    let free = free(host, transport).map_err(|source| FoundingError::Io {
        path: address.clone().into(),
        source,
    })?;
    Ok(address.replacen(&format!("/{transport}/0"), &format!("/{transport}/{free}"), 1))
}

/// Nodes that are made one after the other, and run only later, get different ones: those of one process by their number,
/// those of different processes by the number of the process.
fn free(host: IpAddr, transport: &str) -> io::Result<u16> {
    let number = CHOSEN.fetch_add(1, Ordering::Relaxed).wrapping_mul(STRIDE);
    let first = process::id().wrapping_add(number);
    let ports = (0..COUNT).map(|step| LOWEST + first.wrapping_add(step) % COUNT);
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in ports.filter_map(|port| u16::try_from(port).ok()) {
        let bound = match transport {
            "udp" => UdpSocket::bind((host, port)).map(drop),
            _ => TcpListener::bind((host, port)).map(drop),
        };
        match bound {
            Ok(()) => return Ok(port),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn port(address: &str) -> u16 {
        let fixed = fixed(address.to_owned()).unwrap();
        fixed.split('/').nth(4).unwrap().parse().unwrap()
    }

    #[test]
    fn nodes_that_do_not_run_yet_get_different_ports_that_no_connection_takes() {
        let mut ports: Vec<u16> = (0..40).map(|_| port("/ip4/127.0.0.1/tcp/0")).collect();
        assert!(ports.iter().all(|port| (10_240..32_768).contains(port)), "{ports:?}");
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 40);
        assert!((10_240..32_768).contains(&port("/ip4/127.0.0.1/udp/0/quic-v1")));
    }

    #[test]
    fn a_port_that_was_chosen_stays_and_what_is_no_address_is_refused() {
        assert_eq!(port("/ip4/127.0.0.1/tcp/4001"), 4001);
        for wrong in [
            "",
            "/dns4/x/tcp/0",
            "/ip4/127.0.0.1/tcp",
            "/ip4/x/tcp/0",
            "/ip4/127.0.0.1/tcp/70000",
        ] {
            assert!(
                matches!(fixed(wrong.to_owned()), Err(FoundingError::Address { .. })),
                "{wrong}"
            );
        }
    }
}
