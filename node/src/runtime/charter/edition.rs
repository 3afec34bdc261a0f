//! The next edition: what a person asks for, and what must go with it so that nothing is lost and nothing comes back.
//!
//! A node key that speaks under this edition and not under the next ends for good, and whatever is not said about it ends
//! at 0. So every one that ends is listed with where its logs stand here; and what a member ended by itself is carried, so
//! that it lasts beyond the root key that said it.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::HandvestLogs;
use protocol::charter::{Body, Card, Cut, Edition, Ended, Ending, Member, Merge, Role, Roster, Set, Suspended};
use protocol::id::{Gemeente, NodeKey};

use super::super::armor;
use super::SignError;

/// What a person asks of the next edition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Cards of gemeenten that join, as text.
    pub add: Vec<String>,
    /// New cards of members, as text: keys, nodes, name, mailbox.
    pub renew: Vec<String>,
    /// Members that go.
    pub remove: Vec<Gemeente>,
    /// Members that read along from now on.
    pub reading: Vec<Gemeente>,
    /// Members that vote from now on.
    pub voting: Vec<Gemeente>,
    /// Members that stay on hold.
    pub carry: Vec<Gemeente>,
    /// Members that are on hold no longer: of itself a reason for an edition.
    pub lift: Vec<Gemeente>,
    /// Members that become part of another one.
    pub merges: Vec<Merge>,
    /// Whether this is meant against a proposal that is open, also when it cannot win from that: then it may change nothing.
    pub against: bool,
}

impl Asked {
    /// The gemeenten whose nodes may end, so that it must be known where their logs stand.
    ///
    /// # Errors
    /// [`SignError::Armor`] for a card that cannot be read.
    pub fn touches(&self) -> Result<BTreeSet<Gemeente>, SignError> {
        let renewed = self
            .renew
            .iter()
            .map(|card| Ok(armor::read_card(card)?.member.gemeente));
        let mut touched = renewed.collect::<Result<BTreeSet<_>, SignError>>()?;
        touched.extend(self.remove.iter().chain(&self.reading));
        touched.extend(self.merges.iter().map(|merge| merge.from));
        Ok(touched)
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How far each log of each node stands here.
type Heights = BTreeMap<NodeKey, Ending>;

/// The successor of an edition with what is asked for.
pub(super) fn successor(
    (set, roster): (&Set, &Roster),
    previous: &Edition,
    logs: &[HandvestLogs],
    asked: &Asked,
    nonce: [u8; 16],
) -> Result<Edition, SignError> {
    if asked.is_empty() {
        return Err(SignError::NothingAsked);
    }
    let mut next = previous.successor(nonce);
    add(&mut next, roster, &asked.add)?;
    for text in &asked.renew {
        renew(&mut next, roster, &armor::read_card(text)?)?;
    }
    for (gemeenten, role) in [(&asked.reading, Role::Reading), (&asked.voting, Role::Voting)] {
        for gemeente in gemeenten {
            listed(&mut next, *gemeente)?.role = role;
        }
    }
    merge(&mut next, roster, &asked.merges)?;
    for gemeente in &asked.remove {
        remove(&mut next, *gemeente)?;
    }
    end(&mut next, (set, roster), previous, &heights(logs))?;
    carry(&mut next, roster, &asked.carry)?;
    lift(&mut next, roster, &asked.lift)?;
    let same = (&next.members, next.suspended.is_empty()) == (&previous.members, true) && next.endings.is_empty();
    if same && asked.lift.is_empty() && !asked.against {
        return Err(SignError::NothingAsked);
    }
    next.check()?;
    Ok(next)
}

fn heights(logs: &[HandvestLogs]) -> Heights {
    let nodes = logs.iter().flat_map(|of| &of.nodes);
    let ending = nodes.map(|node| (node.node, ending(node)));
    ending.collect()
}

/// Where a node's logs stand, as the end of its key says it.
pub(super) fn ending(node: &protocol::api::NodeLogs) -> Ending {
    let cuts = node.logs.iter().filter(|log| log.positie > 0);
    Ending {
        node: node.node,
        cuts: cuts
            .map(|log| Cut {
                log: log.log,
                seq: log.positie,
                head: log.kop,
            })
            .collect(),
    }
}

fn listed(next: &mut Edition, gemeente: Gemeente) -> Result<&mut Member, SignError> {
    let found = next.members.iter_mut().find(|member| member.gemeente == gemeente);
    found.ok_or(SignError::NoMember { gemeente })
}

fn remove(next: &mut Edition, gemeente: Gemeente) -> Result<(), SignError> {
    listed(next, gemeente)?;
    next.members.retain(|member| member.gemeente != gemeente);
    Ok(())
}

fn add(next: &mut Edition, roster: &Roster, cards: &[String]) -> Result<(), SignError> {
    for text in cards {
        let member = armor::read_card(text)?.member;
        let gemeente = member.gemeente;
        if next.member(gemeente).is_some() {
            return Err(SignError::MemberAlready { gemeente });
        }
        if roster.merges().any(|merge| merge.from == gemeente) {
            return Err(SignError::NoMore { gemeente });
        }
        let at = next.members.partition_point(|other| other.gemeente < gemeente);
        next.members.insert(at, member);
    }
    Ok(())
}

/// A member with a new card keeps its role. A card of before its root key was replaced would bring that key back, to whoever
/// stole it, and end the nodes that came after it.
fn renew(next: &mut Edition, roster: &Roster, card: &Card) -> Result<(), SignError> {
    let gemeente = card.member.gemeente;
    let member = listed(next, gemeente)?;
    let other = |now: &Member| now.root != card.member.root;
    if member.root == card.member.root && roster.member(gemeente).is_some_and(other) {
        return Err(SignError::ReplacedRoot { gemeente });
    }
    *member = Member {
        role: member.role,
        ..card.member.clone()
    };
    Ok(())
}

fn merge(next: &mut Edition, roster: &Roster, merges: &[Merge]) -> Result<(), SignError> {
    for merge in merges {
        if roster.merges().any(|known| known.from == merge.from) {
            return Err(SignError::NoMore { gemeente: merge.from });
        }
        remove(next, merge.from)?;
    }
    for merge in merges {
        listed(next, merge.to)?;
    }
    next.merges = merges.to_vec();
    next.merges.sort_by_key(|merge| merge.from);
    Ok(())
}

/// Lists every node key that ends with this edition and where, and every end that should last.
fn end(
    next: &mut Edition,
    (set, roster): (&Set, &Roster),
    previous: &Edition,
    heights: &Heights,
) -> Result<(), SignError> {
    for (node, gemeente) in roster.nodes() {
        let stays = stays(next, (set, roster), previous, (node, gemeente));
        let ending = match roster.ended(node) {
            Some(Ended::ByEdition) => {
                refuse_ended(next, previous, node)?;
                None
            }
            Some(Ended::ByMember) => {
                refuse_ended(next, previous, node)?;
                roster.ending(node)
            }
            Some(Ended::Left | Ended::OnHold) if !stays => roster.ending(node),
            None if !stays => {
                let known = heights.get(&node).cloned();
                Some(known.ok_or(SignError::HeightsMissing { gemeente })?)
            }
            Some(Ended::Left | Ended::OnHold) | None => None,
        };
        next.endings.extend(ending);
    }
    next.endings.sort_by_key(|ending| ending.node);
    let ends: BTreeSet<NodeKey> = next.endings.iter().map(|ending| ending.node).collect();
    for member in &mut next.members {
        member.nodes.retain(|node| !ends.contains(node));
    }
    Ok(())
}

/// A key that ended never speaks again: a card that brings one is of a node that would stay dumb.
fn refuse_ended(next: &Edition, previous: &Edition, node: NodeKey) -> Result<(), SignError> {
    let lists = |edition: &Edition| {
        let mut listing = edition.members.iter().filter(|member| member.nodes.contains(&node));
        listing.next().map(|member| member.gemeente)
    };
    match lists(next) {
        Some(gemeente) if lists(previous).is_none() => Err(SignError::EndedNode { gemeente, node }),
        _ => Ok(()),
    }
}

/// Whether a node key that speaks now speaks on under the next edition.
fn stays(next: &Edition, (set, roster): (&Set, &Roster), previous: &Edition, (node, of): (NodeKey, Gemeente)) -> bool {
    let Some(member) = next.member(of) else {
        return false;
    };
    let before = previous.member(of);
    if member.role == Role::Reading && before.is_some_and(|before| before.role == Role::Voting) {
        return false;
    }
    let certified = || {
        let own = set.iter().filter(|held| held.author() == member.root.0 && held.holds());
        let mut proofs = own.filter_map(|held| match held.body() {
            Body::NodeKey(proof) => Some((proof.node, proof.gemeente)),
            _ => None,
        });
        // Carried over by a change of root key: listed by no edition, and the same key goes on.
        let listed = before.is_some_and(|before| before.nodes.contains(&node));
        let same_root = before.is_some_and(|before| before.root == member.root)
            || roster.member(of).is_some_and(|now| now.root == member.root);
        proofs.any(|proof| proof == (node, of)) || (!listed && same_root)
    };
    member.nodes.contains(&node) || certified()
}

/// Whether a member that stays is on hold now.
fn on_hold(next: &mut Edition, roster: &Roster, gemeente: Gemeente) -> Result<(), SignError> {
    listed(next, gemeente)?;
    let mut holds = roster.suspensions().iter();
    match holds.any(|hold| hold.gemeente == gemeente && hold.in_force) {
        true => Ok(()),
        false => Err(SignError::NotOnHold { gemeente }),
    }
}

/// A hold lapses with every edition that does not carry it: an edition for nothing else needs no more.
fn lift(next: &mut Edition, roster: &Roster, gemeenten: &[Gemeente]) -> Result<(), SignError> {
    gemeenten
        .iter()
        .try_for_each(|gemeente| on_hold(next, roster, *gemeente))
}

/// Keeps members on hold that are on hold, where they are held now.
fn carry(next: &mut Edition, roster: &Roster, gemeenten: &[Gemeente]) -> Result<(), SignError> {
    for gemeente in gemeenten.iter().copied() {
        on_hold(next, roster, gemeente)?;
        let nodes = roster.nodes().filter(|(_, of)| *of == gemeente);
        let held = nodes.filter(|(node, _)| roster.ended(*node) == Some(Ended::OnHold));
        let endings = held.filter_map(|(node, _)| roster.ending(node));
        next.suspended.push(Suspended {
            gemeente,
            endings: endings.collect(),
        });
    }
    next.suspended.sort_by_key(|held| held.gemeente);
    Ok(())
}
