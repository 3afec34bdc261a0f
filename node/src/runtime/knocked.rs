//! Who knocked and is not let in, with what the charter says of it.

use protocol::api::{Knocked, KnockedWhy};
use protocol::charter::Roster;
use protocol::id::{Gemeente, NodeKey};

use super::backend::LINES_MAX;
use crate::net::{self, status::Knock};

/// Every knock that is still one: whoever the charter lets in by now is left out.
pub(super) fn lines(roster: &Roster, knocks: &[Knock]) -> Vec<Knocked> {
    let strangers = knocks.iter().filter(|knock| !roster.may_connect(knock.peer));
    let lines = strangers.map(|knock| {
        let (reden, gemeente) = why(roster, knock.peer);
        Knocked {
            peer: net::peer_text(knock.peer),
            node: Some(knock.peer),
            adres: knock.address.clone(),
            keer: knock.times,
            laatst_s: knock.ago_ms / 1000,
            reden,
            gemeente,
        }
    });
    lines.take(LINES_MAX).collect()
}

/// Why a node key is not let in, and for whom it spoke.
fn why(roster: &Roster, node: NodeKey) -> (KnockedWhy, Option<Gemeente>) {
    let Some(gemeente) = roster.gemeente_of(node) else {
        return (KnockedWhy::Onbekend, None);
    };
    let held = |gemeente| {
        let mut holds = roster.suspensions().iter();
        holds.any(|hold| hold.gemeente == gemeente && hold.in_force)
    };
    let why = match () {
        () if roster.member(gemeente).is_none() => KnockedWhy::Verwijderd,
        () if roster.left().any(|left| left == gemeente) => KnockedWhy::Vertrokken,
        () if held(gemeente) => KnockedWhy::Geschorst,
        () => KnockedWhy::Ingetrokken,
    };
    (why, Some(gemeente))
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use protocol::charter::{
        Body, Departure, Edition, Ending, Endorsement, Member, Role, Set, Statement, Suspension, next_root,
    };
    use protocol::id::RootKey;

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    fn node(at: u8) -> NodeKey {
        NodeKey(key(100 + at).verifying_key().to_bytes())
    }

    fn gemeente(at: u8) -> Gemeente {
        Gemeente::new(9901 + u16::from(at)).unwrap()
    }

    fn member(at: u8) -> Member {
        Member {
            gemeente: gemeente(at),
            name: format!("Gemeente {at}"),
            root: RootKey(key(at).verifying_key().to_bytes()),
            next_root: next_root(RootKey(key(200 + at).verifying_key().to_bytes())),
            role: Role::Voting,
            nodes: vec![node(at)],
            mailbox: String::new(),
            addresses: Vec::new(),
        }
    }

    fn knock(peer: NodeKey) -> Knock {
        Knock {
            peer,
            address: "/ip4/192.0.2.7/tcp/9".to_owned(),
            times: 3,
            ago_ms: 61_999,
        }
    }

    /// Seven members: one ends its node, one leaves, one is suspended by three, and the last is removed.
    fn roster() -> Roster {
        let founding = Edition::founding([7; 16], (1..=7).map(member).collect());
        let mut next = founding.successor([8; 16]);
        next.members.retain(|member| member.gemeente != gemeente(7));
        let federation = founding.federation();
        let vote = |edition: &Edition| {
            Body::Endorse(Endorsement {
                edition: edition.hash(),
                number: edition.number,
                ballot: 0,
            })
        };
        let suspend = Body::Suspend(Suspension {
            gemeente: gemeente(4),
            edition: next.hash(),
            endings: Vec::new(),
        });
        let (ended, left) = (node(2), gemeente(3));
        let mut said: Vec<(u8, Body)> = (1..=7).map(|at| (at, vote(&founding))).collect();
        said.extend((1..=6).map(|at| (at, vote(&next))));
        said.extend([1, 5, 6].map(|at| (at, suspend.clone())));
        said.extend([
            (1, Body::Edition(founding)),
            (1, Body::Edition(next)),
            (
                2,
                Body::NodeKeyEnd(Ending {
                    node: ended,
                    cuts: Vec::new(),
                }),
            ),
            (
                3,
                Body::Leave(Departure {
                    gemeente: left,
                    endings: Vec::new(),
                }),
            ),
        ]);
        let mut set = Set::new(federation);
        let (_, refused) = set.extend(
            said.into_iter()
                .map(|(at, body)| Statement::sign(federation, body, &key(at)))
                .collect(),
        );
        assert_eq!(refused, []);
        Roster::of(&set)
    }

    #[test]
    fn who_was_ended_is_told_apart_from_a_stranger() {
        let knocks: Vec<Knock> = [1, 2, 3, 4, 7, 99].map(|at| knock(node(at))).into();
        let told: Vec<_> = lines(&roster(), &knocks)
            .into_iter()
            .map(|line| (line.node, line.reden, line.gemeente))
            .collect();
        assert_eq!(
            told,
            [
                (Some(node(2)), KnockedWhy::Ingetrokken, Some(gemeente(2))),
                (Some(node(3)), KnockedWhy::Vertrokken, Some(gemeente(3))),
                (Some(node(4)), KnockedWhy::Geschorst, Some(gemeente(4))),
                (Some(node(7)), KnockedWhy::Verwijderd, Some(gemeente(7))),
                (Some(node(99)), KnockedWhy::Onbekend, None),
            ]
        );
        let line = &lines(&roster(), &knocks)[0];
        assert_eq!((line.keer, line.laatst_s), (3, 61));
    }
}
