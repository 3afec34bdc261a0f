//! What members do with the charter: propose, vote, certify, end, rotate, leave, suspend; while people write.
//!
//! A member decides by what one of its nodes knows. An honest one votes once in a ballot, and in a later ballot only
//! when the first came to nothing.

mod edition;

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use protocol::api::Message;
use protocol::charter::{
    Body, Cut, Departure, Ending, Endorsement, Member, Proposal, Role, Roster, Rotation, Statement, Suspension, Vote,
    next_root,
};
use protocol::entropy::Seeded;
use protocol::id::{NodeKey, RootKey};
use protocol::log::Replica;

use super::disk::Disk;
use super::founding::certificate;
use super::law::Broken;
use super::plan::{Deed, Plan};
use super::world::{Event, World};

/// How often a root key can be replaced.
const GENERATIONS: usize = 8;

/// What members have decided for themselves.
#[derive(Default)]
pub(super) struct Politics {
    /// Who voted already, for which number in which ballot.
    voted: BTreeSet<(usize, u64, u32)>,
    /// Gemeenten that join on the way.
    pub(super) joining: Vec<usize>,
}

impl Politics {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            voted: BTreeSet::new(),
            joining: (plan.founders..plan.gemeenten()).collect(),
        }
    }
}

/// Where every log of a node ends, as far as this replica holds it.
pub(super) fn ending(replica: &Replica<Disk>, node: NodeKey) -> Ending {
    let cut = |seq, log, head| Cut { log, seq, head };
    let logs = replica.logs_of(node).filter_map(|(log, state)| {
        let limit = replica.roster().cut(node, log).unwrap_or(state.held).min(state.held);
        let last = replica.header(log, limit.checked_sub(1)?).ok()??;
        Some(cut(limit, log, last.hash()))
    });
    Ending {
        node,
        cuts: logs.collect(),
    }
}

/// The node keys of a gemeente that speak, in order.
pub(super) fn speaking(roster: &Roster, gemeente: protocol::id::Gemeente) -> Vec<NodeKey> {
    let own = roster
        .nodes()
        .filter(|(node, of)| *of == gemeente && roster.may_connect(*node));
    own.map(|(node, _)| node).collect()
}

impl World {
    /// A step that has to do with the charter.
    pub(super) fn politics(&mut self, node: usize, deed: Deed, rng: &mut Seeded) -> Result<(), Broken> {
        let Some(said) = self.say(node, deed, rng) else {
            return Ok(());
        };
        let ids: Vec<_> = said.iter().map(Statement::id).collect();
        let stated = self.state(node, said)?;
        let held = |up: &super::node::Up| ids.iter().all(|id| up.replica.statements().get(*id).is_some());
        if stated && self.nodes[node].up.as_deref().is_some_and(held) {
            self.tell(|| told(node, deed));
            if deed == Deed::Certify {
                self.bring_to_life(node);
            }
        }
        Ok(())
    }

    /// The node that was just certified starts with all that the certifying node knows, which keeps the certificate.
    fn bring_to_life(&mut self, node: usize) {
        let (Some(next), Some(up)) = (self.next_node(node), self.nodes[node].up.as_deref()) else {
            return;
        };
        let known: Vec<Statement> = up.replica.statements().iter().cloned().collect();
        let name = self.nodes[next].name;
        let of_next = |held: &&Statement| matches!(held.body(), Body::NodeKey(proof) if proof.node == name);
        let certificate = known.iter().find(of_next).cloned();
        if let Some(kept) = &mut self.nodes[node].known {
            kept.extend(certificate);
        }
        self.nodes[next].known = Some(known);
        self.schedule(1_000, Event::Start { node: next });
    }

    /// The next node of a gemeente that is not there yet.
    fn next_node(&self, node: usize) -> Option<usize> {
        let of = self.nodes[node].of;
        (0..self.plan.nodes.len()).find(|next| self.nodes[*next].of == of && self.nodes[*next].known.is_none())
    }

    /// What a member says through one of its nodes, if it has anything to say.
    fn say(&mut self, node: usize, deed: Deed, rng: &mut Seeded) -> Option<Vec<Statement>> {
        let of = self.nodes[node].of;
        let code = self.founding.gemeenten[of];
        let up = self.nodes[node].up.as_deref()?;
        let roster = up.replica.roster().clone();
        let member = roster.member(code)?.clone();
        if !roster.is_active() || roster.left().any(|left| left == code) {
            return None;
        }
        let root = self.root(of, member.root)?;
        let federation = self.founding.federation;
        let sign = |body| Some(vec![Statement::sign(federation, body, &root)]);
        match deed {
            Deed::Propose(change) => self.propose(node, &member, change, rng),
            Deed::Endorse => {
                let vote = self.choose(of, &member, &roster)?;
                sign(Body::Endorse(vote))
            }
            // Through a node that the others still listen to.
            Deed::Certify => self
                .certify(node, &root)
                .filter(|_| roster.may_connect(self.nodes[node].name)),
            Deed::End => {
                let own = speaking(&roster, code);
                let ended = *own.get(rng.below(own.len() as u64) as usize)?;
                sign(Body::NodeKeyEnd(ending(&self.nodes[node].up.as_ref()?.replica, ended)))
            }
            Deed::Rotate => self.rotate(of, &member, &roster),
            Deed::Leave => {
                let replica = &self.nodes[node].up.as_ref()?.replica;
                let endings = speaking(&roster, code).into_iter().map(|key| ending(replica, key));
                sign(Body::Leave(Departure {
                    gemeente: code,
                    endings: endings.collect(),
                }))
            }
            Deed::Suspend(victim) => {
                let members = roster.members();
                let victim = members[(victim % members.len() as u64) as usize].gemeente;
                let replica = &self.nodes[node].up.as_ref()?.replica;
                let endings = speaking(&roster, victim).into_iter().map(|key| ending(replica, key));
                let suspension = Suspension {
                    gemeente: victim,
                    edition: roster.course()?.edition,
                    endings: endings.collect(),
                };
                sign(Body::Suspend(suspension)).filter(|_| victim != code)
            }
            _ => None,
        }
    }

    /// The root key of a gemeente with this name.
    pub(super) fn root(&self, of: usize, name: RootKey) -> Option<SigningKey> {
        let keys = self.founding.keys;
        let all = (0..GENERATIONS).map(|generation| keys.root(of, generation));
        let mut named = all.filter(|key| key.verifying_key().to_bytes() == name.0);
        named.next()
    }

    /// The root key behind this one.
    pub(super) fn next_of(&self, of: usize, name: RootKey) -> Option<SigningKey> {
        let named = |generation: &usize| self.founding.keys.root(of, *generation).verifying_key().to_bytes() == name.0;
        let generation = (0..GENERATIONS - 1).find(named)?;
        Some(self.founding.keys.root(of, generation + 1))
    }

    /// What an honest member votes for now, if it votes.
    fn choose(&mut self, of: usize, member: &Member, roster: &Roster) -> Option<Endorsement> {
        let course = roster.course()?;
        let number = course.number + 1;
        let known: Vec<&Proposal> = course.proposals.iter().filter(|proposal| proposal.known).collect();
        let ballot = match course.vote {
            Vote::Quiet | Vote::Open => 0,
            Vote::Stalled | Vote::Doubled { .. } => known.iter().map(|proposal| proposal.ballot).max()?.max(1),
        };
        let votes = |proposal: &&&Proposal| match proposal.ballot == ballot {
            true => proposal.endorsed.len(),
            false => 0,
        };
        let most = known.iter().map(|proposal| votes(&proposal)).max()?;
        let chosen = known.iter().find(|proposal| votes(proposal) == most)?;
        let first = member.role == Role::Voting && self.politics.voted.insert((of, number, ballot));
        first.then_some(Endorsement {
            edition: chosen.edition,
            number,
            ballot,
        })
    }

    /// Marks that a member votes; false when it did.
    pub(super) fn votes(&mut self, of: usize, number: u64) -> bool {
        self.politics.voted.insert((of, number, 0))
    }

    /// A root key certifies the next node of its gemeente.
    fn certify(&self, node: usize, root: &SigningKey) -> Option<Vec<Statement>> {
        let next = self.next_node(node)?;
        let (federation, code) = (self.founding.federation, self.founding.gemeenten[self.nodes[node].of]);
        Some(vec![certificate(federation, code, root, &self.nodes[next].key)])
    }

    /// The key that a member committed itself to takes over, and carries its nodes over.
    fn rotate(&self, of: usize, member: &Member, roster: &Roster) -> Option<Vec<Statement>> {
        let next = self.next_of(of, member.root)?;
        let name = RootKey(next.verifying_key().to_bytes());
        if member.next_root != next_root(name) {
            return None;
        }
        let body = Body::Rotate(Rotation {
            gemeente: member.gemeente,
            old: member.root,
            nodes: speaking(roster, member.gemeente),
            endings: Vec::new(),
        });
        Some(vec![Statement::sign(self.founding.federation, body, &next)])
    }

    /// Nodes of a gemeente that joined come to life once the edition that lists them is in force somewhere.
    pub(super) fn welcome(&mut self, node: usize) -> Result<(), Broken> {
        for of in self.politics.joining.clone() {
            let first = self.plan.nodes.iter().position(|other| *other == of);
            let Some((first, up)) = first.zip(self.nodes[node].up.as_deref()) else {
                continue;
            };
            let replica = &up.replica;
            if replica.roster().may_connect(self.nodes[first].name) {
                self.nodes[first].known = Some(replica.statements().iter().cloned().collect());
                self.politics.joining.retain(|other| *other != of);
                self.schedule(500, Event::Start { node: first });
            }
        }
        Ok(())
    }
}

fn told(node: usize, deed: Deed) -> Message {
    let (nl, en) = match deed {
        Deed::Propose(_) => ("stelt een editie voor", "proposes an edition"),
        Deed::Endorse => ("stemt", "votes"),
        Deed::Certify => (
            "krijgt er een node bij voor haar gemeente",
            "gets one more node for its gemeente",
        ),
        Deed::End => ("beëindigt een sleutel van haar gemeente", "ends a key of its gemeente"),
        Deed::Rotate => (
            "vervangt de hoofdsleutel van haar gemeente",
            "replaces the root key of its gemeente",
        ),
        Deed::Leave => (
            "verlaat de federatie met haar gemeente",
            "leaves the federation with its gemeente",
        ),
        _ => ("vraagt om een schorsing", "asks for a suspension"),
    };
    Message::with(format!("node {node} {nl}"), format!("node {node} {en}"))
}
