//! The order in which a node prefers to dial the others.
//!
//! First the next two on the ring of keys: every node has a predecessor that dials it, so the federation is one
//! piece. Then all others by a hash of both keys, which differs for every node: a random graph, of which the
//! diameter grows with the logarithm of its size. Everybody computes its own order; nobody coordinates.
//!
//! In that order comes first one node of every gemeente, then a second of each that has one, and so on: keys cost
//! nothing, so a gemeente could make many, and ones that come first. However many it has, a node that dials eight
//! others hears at least six gemeenten, as far as there are so many.

use std::collections::BTreeMap;
use std::ops::Bound::{Excluded, Unbounded};

use protocol::id::{Gemeente, NodeKey, hash};

/// Two, so that the ring holds when one node is gone.
const RING_NEIGHBOURS: usize = 2;

/// All peers, the most preferred first, without this node.
pub(super) fn order(me: NodeKey, peers: &BTreeMap<NodeKey, Option<Gemeente>>) -> Vec<NodeKey> {
    let after = peers.range((Excluded(me), Unbounded));
    let ring: Vec<NodeKey> = after
        .chain(peers.range(..me))
        .take(RING_NEIGHBOURS.min(peers.len()))
        .map(|(peer, _)| *peer)
        .collect();
    let mut rest: Vec<([u8; 32], NodeKey)> = peers
        .keys()
        .filter(|peer| **peer != me && !ring.contains(peer))
        .map(|peer| (hash("net/dial", &[me.as_bytes(), peer.as_bytes()]), *peer))
        .collect();
    rest.sort_unstable();
    let mut heard: BTreeMap<Gemeente, usize> = BTreeMap::new();
    let mut turn = |peer: NodeKey| match peers.get(&peer).copied().flatten() {
        None => 0,
        Some(of) => {
            let before = heard.entry(of).or_default();
            *before += 1;
            *before - 1
        }
    };
    for peer in &ring {
        turn(*peer);
    }
    let mut turns: Vec<(usize, NodeKey)> = rest.into_iter().map(|(_, peer)| (turn(peer), peer)).collect();
    turns.sort_by_key(|(turn, _)| *turn);
    ring.into_iter()
        .chain(turns.into_iter().map(|(_, peer)| peer))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type Peers = BTreeMap<NodeKey, Option<Gemeente>>;

    fn node(number: u64) -> NodeKey {
        NodeKey(hash("test/node", &[&number.to_be_bytes()]))
    }

    /// So many nodes, each of a gemeente of its own.
    fn nodes(count: u64) -> Peers {
        let of = |number: u64| Gemeente::new(number as u16).ok();
        (0..count).map(|number| (node(number), of(number))).collect()
    }

    #[test]
    fn an_order_holds_every_other_node_once() {
        for count in [0, 1, 2, 3, 10] {
            let all = nodes(count);
            for me in all.keys().copied().chain([NodeKey([0; 32]), NodeKey([255; 32])]) {
                let order = order(me, &all);
                let mut expected: BTreeSet<NodeKey> = all.keys().copied().collect();
                expected.remove(&me);
                assert_eq!(order.len(), expected.len());
                assert_eq!(order.into_iter().collect::<BTreeSet<_>>(), expected);
            }
        }
    }

    /// Greatest distance from the first node when everybody dials the first eight, links going both ways.
    fn diameter(all: &Peers, down: &BTreeSet<NodeKey>) -> usize {
        let up: BTreeSet<NodeKey> = all.keys().filter(|node| !down.contains(node)).copied().collect();
        let picks = |me: &NodeKey| order(*me, all).into_iter().take(8).filter(|peer| up.contains(peer));
        let links: BTreeSet<(NodeKey, NodeKey)> = up
            .iter()
            .flat_map(|me| picks(me).flat_map(move |peer| [(*me, peer), (peer, *me)]))
            .collect();
        let mut reached: BTreeSet<NodeKey> = up.iter().take(1).copied().collect();
        let mut rounds = 0;
        while reached.len() < up.len() {
            let next = links
                .iter()
                .filter(|(from, _)| reached.contains(from))
                .map(|(_, to)| *to);
            let wider: BTreeSet<NodeKey> = next.chain(reached.iter().copied()).collect();
            assert!(wider.len() > reached.len(), "the federation fell apart");
            (reached, rounds) = (wider, rounds + 1);
        }
        rounds
    }

    #[test]
    fn the_federation_is_one_piece_and_few_hops_wide() {
        let all = nodes(342);
        assert!(diameter(&all, &BTreeSet::new()) <= 4);
        let third: BTreeSet<NodeKey> = all.keys().step_by(3).copied().collect();
        assert!(
            diameter(&all, &third) <= 5,
            "a third of the nodes down, before any substitute is dialed"
        );
    }

    #[test]
    fn a_gemeente_with_many_nodes_is_one_voice_among_those_dialed() {
        let crowd = Gemeente::new(9000).ok();
        let mut all: Peers = (0..300).map(|number| (node(number), crowd)).collect();
        let others: Vec<NodeKey> = (300..307).map(node).collect();
        all.extend(
            others
                .iter()
                .zip(1..)
                .map(|(other, code)| (*other, Gemeente::new(code).ok())),
        );
        for me in others {
            let first: Vec<NodeKey> = order(me, &all).into_iter().take(8).collect();
            let of_crowd = first.iter().filter(|peer| all[*peer] == crowd).count();
            assert!(of_crowd <= RING_NEIGHBOURS, "{of_crowd} of eight");
        }
    }

    #[test]
    fn nobody_is_dialed_by_many_more_than_the_others() {
        let all = nodes(342);
        let mut dialed: Vec<NodeKey> = all.keys().flat_map(|me| order(*me, &all).into_iter().take(8)).collect();
        dialed.sort_unstable();
        let most = dialed.chunk_by(|a, b| a == b).map(<[NodeKey]>::len).max().unwrap();
        assert!(most <= 24, "{most} inbound, where 64 are allowed");
    }
}
