//! Multiaddr texts of the member list: what can be dialed, and what can be listened on.
//!
//! Dialable is `/ip4|ip6|dns|dns4|dns6/<host>/tcp/<port>` or `.../udp/<port>/quic-v1`, with an optional
//! `/p2p/<id>` that must be the peer's.

use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};

use super::NetError;
use super::limits::{ADDRESSES_MAX, TEXT_CHARS_MAX};

/// Why an address cannot be dialed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    #[error("{text:?} is not an address")]
    Form { text: String },
    #[error("{text:?} is not TCP or QUIC")]
    Transport { text: String },
    #[error("{text:?} names another node")]
    OtherPeer { text: String },
}

/// A text that fits in a status.
pub(crate) fn shorten(text: &str) -> String {
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// Reads an address of a peer, without its `/p2p` part.
pub(crate) fn dialable(text: &str, peer: PeerId) -> Result<Multiaddr, AddressError> {
    let mut address: Multiaddr = text.parse().map_err(|_| AddressError::Form { text: shorten(text) })?;
    if let Some(Protocol::P2p(named)) = address.iter().last() {
        if named != peer {
            return Err(AddressError::OtherPeer { text: shorten(text) });
        }
        address.pop();
    }
    if is_supported(&address) {
        Ok(address)
    } else {
        Err(AddressError::Transport { text: shorten(text) })
    }
}

/// Reads the addresses of a peer: those that can be dialed, TCP before QUIC and further in the order given, and
/// what is wrong with the last of the others.
pub(crate) fn dialable_all(texts: &[String], peer: PeerId) -> (Vec<Multiaddr>, Option<AddressError>) {
    let mut wrong = None;
    let mut good = Vec::new();
    for text in texts.iter().take(ADDRESSES_MAX) {
        match dialable(text, peer) {
            Ok(address) => good.push(address),
            Err(error) => wrong = Some(error),
        }
    }
    good.sort_by_key(is_quic);
    (good, wrong)
}

/// Whether a node could dial this, whoever it is of.
#[must_use]
pub fn is_dialable(text: &str) -> bool {
    let Ok(mut address) = text.parse::<Multiaddr>() else {
        return false;
    };
    if let Some(Protocol::P2p(_)) = address.iter().last() {
        address.pop();
    }
    is_supported(&address)
}

fn is_quic(address: &Multiaddr) -> bool {
    address.iter().any(|part| matches!(part, Protocol::QuicV1))
}

fn is_supported(address: &Multiaddr) -> bool {
    use Protocol::{Dns, Dns4, Dns6, Ip4, Ip6, QuicV1, Tcp, Udp};
    let parts: Vec<Protocol<'_>> = address.iter().take(4).collect();
    matches!(
        parts.as_slice(),
        [Ip4(_) | Ip6(_) | Dns(_) | Dns4(_) | Dns6(_), Tcp(_)]
            | [Ip4(_) | Ip6(_) | Dns(_) | Dns4(_) | Dns6(_), Udp(_), QuicV1]
    )
}

/// Whether a name has to be looked up before this can be dialed.
pub(crate) fn has_name(address: &Multiaddr) -> bool {
    use Protocol::{Dns, Dns4, Dns6};
    matches!(address.iter().next(), Some(Dns(_) | Dns4(_) | Dns6(_)))
}

/// Reads an address to listen on, and makes sure that nobody else listens there.
///
/// libp2p opens its listener with `SO_REUSEPORT`: a second node of the same user would silently share the
/// port and take half of the connections. So the port is first bound the ordinary way and let go again.
pub(crate) fn listenable(text: &str) -> Result<Multiaddr, NetError> {
    let wrong = || NetError::Address { text: shorten(text) };
    let address: Multiaddr = text.parse().map_err(|_| wrong())?;
    if !is_supported(&address) || has_name(&address) {
        return Err(wrong());
    }
    let (socket, quic) = socket(&address).ok_or_else(wrong)?;
    let bound = if quic {
        UdpSocket::bind(socket).map(drop)
    } else {
        TcpListener::bind(socket).map(drop)
    };
    bound.map_err(|source| listen_error(text, source))?;
    Ok(address)
}

fn listen_error(text: &str, source: std::io::Error) -> NetError {
    let address = shorten(text);
    match source.kind() {
        std::io::ErrorKind::AddrInUse => NetError::AddressInUse { address },
        _ => NetError::Listen { address, source },
    }
}

fn socket(address: &Multiaddr) -> Option<(SocketAddr, bool)> {
    let mut parts = address.iter();
    let ip = match parts.next()? {
        Protocol::Ip4(ip) => IpAddr::V4(ip),
        Protocol::Ip6(ip) => IpAddr::V6(ip),
        _ => return None,
    };
    match parts.next()? {
        Protocol::Tcp(port) => Some((SocketAddr::new(ip, port), false)),
        Protocol::Udp(port) => Some((SocketAddr::new(ip, port), true)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tcp_and_quic_to_this_peer_can_be_dialed() {
        let (peer, other) = (PeerId::random(), PeerId::random());
        for good in [
            "/ip4/10.0.0.1/tcp/4001",
            "/ip6/::1/udp/1/quic-v1",
            "/dns4/knoop.example/tcp/4001",
        ] {
            assert_eq!(dialable(good, peer).unwrap().to_string(), good);
            assert_eq!(dialable(&format!("{good}/p2p/{peer}"), peer).unwrap().to_string(), good);
            let named = dialable(&format!("{good}/p2p/{other}"), peer);
            assert!(matches!(named, Err(AddressError::OtherPeer { .. })));
        }
        for bad in [
            "/ip4/10.0.0.1",
            "/ip4/10.0.0.1/udp/1",
            "/memory/7",
            "/ip4/1.2.3.4/tcp/1/ws",
            "/unix/x",
        ] {
            assert!(
                matches!(dialable(bad, peer), Err(AddressError::Transport { .. })),
                "{bad}"
            );
        }
        for bad in ["", "10.0.0.1:4001", "/ip4/10.0.0.1/tcp/99999", "/ip4/300.0.0.1/tcp/1"] {
            assert!(dialable(bad, peer).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_number_of_addresses_is_bounded_and_a_bad_one_harms_no_other() {
        let texts: Vec<String> = (0..100).map(|port| format!("/ip4/10.0.0.1/tcp/{port}")).collect();
        let (good, wrong) = dialable_all(&texts, PeerId::random());
        assert_eq!((good.len(), wrong), (ADDRESSES_MAX, None));
        let (good, wrong) = dialable_all(&["nonsense".into(), texts[5].clone()], PeerId::random());
        assert_eq!(good.len(), 1);
        assert_eq!(
            wrong,
            Some(AddressError::Form {
                text: "nonsense".into()
            })
        );
    }

    #[test]
    fn tcp_is_dialed_before_quic() {
        let texts = [
            "/ip4/10.0.0.1/udp/1/quic-v1",
            "/ip4/10.0.0.2/tcp/2",
            "/ip4/10.0.0.1/tcp/1",
        ];
        let (good, _) = dialable_all(&texts.map(str::to_owned), PeerId::random());
        assert_eq!(
            good.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [texts[1], texts[2], texts[0]]
        );
    }

    #[test]
    fn a_listener_needs_a_number_and_a_free_port() {
        assert!(matches!(
            listenable("/dns4/localhost/tcp/0"),
            Err(NetError::Address { .. })
        ));
        assert!(matches!(listenable("127.0.0.1:0"), Err(NetError::Address { .. })));
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let text = format!("/ip4/127.0.0.1/tcp/{}", taken.local_addr().unwrap().port());
        assert!(matches!(listenable(&text), Err(NetError::AddressInUse { address }) if address == text));
        drop(taken);
        assert!(listenable(&text).is_ok());
    }
}
