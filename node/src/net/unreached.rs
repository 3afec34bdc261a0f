//! Why a dial came to nothing, as a code: what libp2p says itself is for the log.
//!
//! libp2p boxes the errors of its transports away, so of most there is only their text left. One that is not recognised is
//! `onbekend` and stands in the log whatever its level.

use libp2p::swarm::DialError;
use protocol::api::Verbindfout;
use protocol::id::NodeKey;

/// Texts of the system, of the transports and of QUIC, and what they mean to a person.
const KNOWN: [(&str, Verbindfout); 10] = [
    ("Connection refused", Verbindfout::Geweigerd),
    ("Timeout has been reached", Verbindfout::GeenAntwoord),
    ("timed out", Verbindfout::GeenAntwoord),
    ("No route to host", Verbindfout::Onbereikbaar),
    ("etwork is unreachable", Verbindfout::Onbereikbaar),
    ("ermission denied", Verbindfout::Onbereikbaar),
    ("reset by peer", Verbindfout::Verbroken),
    ("closed", Verbindfout::Verbroken),
    ("unexpected end of file", Verbindfout::Verbroken),
    ("Broken pipe", Verbindfout::Verbroken),
];

/// Why a dial failed.
pub(crate) fn of_dial(error: &DialError) -> Verbindfout {
    match error {
        DialError::WrongPeerId { .. } | DialError::LocalPeerId { .. } => Verbindfout::AndereNode,
        DialError::NoAddresses => Verbindfout::AdresOnbruikbaar,
        DialError::Aborted => Verbindfout::Verbroken,
        DialError::Transport(_) => of_text(&error.to_string()),
        DialError::Denied { .. } | DialError::DialPeerConditionFalse(_) => Verbindfout::Onbekend,
    }
}

fn of_text(text: &str) -> Verbindfout {
    let known = KNOWN.iter().find(|(begin, _)| text.contains(begin));
    known.map_or(Verbindfout::Onbekend, |(_, why)| *why)
}

/// Keeps the words of libp2p where they can be looked up.
pub(crate) fn log(peer: NodeKey, why: Verbindfout, error: &DialError) {
    if why == Verbindfout::Onbekend {
        tracing::warn!(%peer, %error, "a node could not be reached");
    } else {
        tracing::debug!(%peer, %error, "a node could not be reached");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_recognised() {
        for (text, why) in [
            ("Connection refused (os error 111)", Verbindfout::Geweigerd),
            ("Timeout has been reached", Verbindfout::GeenAntwoord),
            ("Handshake with the remote timed out.", Verbindfout::GeenAntwoord),
            ("No route to host (os error 113)", Verbindfout::Onbereikbaar),
            ("Network is unreachable (os error 101)", Verbindfout::Onbereikbaar),
            ("Connection reset by peer (os error 104)", Verbindfout::Verbroken),
            ("something new", Verbindfout::Onbekend),
        ] {
            assert_eq!(of_text(text), why, "{text}");
        }
    }
}
