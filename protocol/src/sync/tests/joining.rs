//! A node that knows nobody yet gets the charter from those that its invitation names, and from nobody else.

use std::collections::BTreeSet;

use super::net::{Net, Node, found};
use crate::entropy::Seeded;

#[test]
fn who_holds_no_statements_gets_them_from_a_peer_that_was_introduced() {
    for introduced in [false, true] {
        let founded = found(3, &mut Seeded::new(5));
        let mut nodes = vec![Node::new(&founded, 0, &founded.statements), Node::new(&founded, 1, &[])];
        nodes[0].write("Wat er al stond.");
        let (member, joiner) = (nodes[0].name, nodes[1].name);
        if introduced {
            nodes[1].machine.introduce(BTreeSet::from([member]));
        }
        let mut net = Net::new(nodes);
        net.connect(1, 0);
        net.pass(10_000);
        let [member, joined] = [0, 1].map(|at| net.nodes[at].replica.digest());
        assert_eq!(member == joined, introduced);
        // Whoever knows who belongs needs no introduction any more.
        net.nodes[1].machine.introduce(BTreeSet::new());
        net.nodes[0].write("Wat er daarna kwam.");
        net.give(0, crate::sync::Input::Written);
        net.give(0, crate::sync::Input::Connected(joiner));
        net.pass(600_000);
        let equal = net.nodes[0].replica.digest() == net.nodes[1].replica.digest();
        assert_eq!(equal, introduced);
        assert!(net.offences.is_empty(), "{:?}", net.offences);
    }
}
