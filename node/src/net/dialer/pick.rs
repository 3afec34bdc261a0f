//! The order in which a node prefers to dial the others.
//!
//! First the next two on the ring of keys: every node has a predecessor that dials it, so the federation is one
//! piece. Then all others by a hash of both keys, which differs for every node: a random graph, of which the
//! diameter grows with the logarithm of its size. Everybody computes its own order; nobody coordinates.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use protocol::id::{NodeKey, hash};

/// Two, so that the ring holds when one node is gone.
const RING_NEIGHBOURS: usize = 2;

/// All peers, the most preferred first, without this node.
pub(super) fn order(me: NodeKey, peers: &BTreeSet<NodeKey>) -> Vec<NodeKey> {
    let after = peers.range((Excluded(me), Unbounded));
    let ring: Vec<NodeKey> = after
        .chain(peers.range(..me))
        .take(RING_NEIGHBOURS.min(peers.len()))
        .copied()
        .collect();
    let mut rest: Vec<([u8; 32], NodeKey)> = peers
        .iter()
        .filter(|peer| **peer != me && !ring.contains(peer))
        .map(|peer| (hash("net/dial", &[me.as_bytes(), peer.as_bytes()]), *peer))
        .collect();
    rest.sort_unstable();
    ring.into_iter().chain(rest.into_iter().map(|(_, peer)| peer)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(count: u64) -> BTreeSet<NodeKey> {
        (0..count)
            .map(|number| NodeKey(hash("test/node", &[&number.to_be_bytes()])))
            .collect()
    }

    #[test]
    fn an_order_holds_every_other_node_once() {
        for count in [0, 1, 2, 3, 10] {
            let all = nodes(count);
            for me in all.iter().copied().chain([NodeKey([0; 32]), NodeKey([255; 32])]) {
                let order = order(me, &all);
                let mut expected = all.clone();
                expected.remove(&me);
                assert_eq!(order.len(), expected.len());
                assert_eq!(order.into_iter().collect::<BTreeSet<_>>(), expected);
            }
        }
    }

    /// Greatest distance from the first node when everybody dials the first eight, links going both ways.
    fn diameter(all: &BTreeSet<NodeKey>, down: &BTreeSet<NodeKey>) -> usize {
        let up: BTreeSet<NodeKey> = all.difference(down).copied().collect();
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
        let third: BTreeSet<NodeKey> = all.iter().step_by(3).copied().collect();
        assert!(
            diameter(&all, &third) <= 5,
            "a third of the nodes down, before any substitute is dialed"
        );
    }

    #[test]
    fn nobody_is_dialed_by_many_more_than_the_others() {
        let all = nodes(342);
        let mut dialed: Vec<NodeKey> = all.iter().flat_map(|me| order(*me, &all).into_iter().take(8)).collect();
        dialed.sort_unstable();
        let most = dialed.chunk_by(|a, b| a == b).map(<[NodeKey]>::len).max().unwrap();
        assert!(most <= 24, "{most} inbound, where 64 are allowed");
    }
}
