//! A node whose key ended hears of it, and of nothing else.

use super::net::{Net, Node, found};
use crate::charter::{Body, Ending, Statement};
use crate::entropy::Seeded;

#[test]
fn a_node_that_ended_is_told_so_and_gets_no_records() {
    let founded = found(2, &mut Seeded::new(3));
    let mut nodes: Vec<Node> = (0..2).map(|at| Node::new(&founded, at, &founded.statements)).collect();
    nodes[0].write("van voor het einde");
    let ended = nodes[1].name;
    let body = Body::NodeKeyEnd(Ending {
        node: ended,
        cuts: Vec::new(),
    });
    let statement = Statement::sign(founded.federation, body, &founded.roots[1]);
    nodes[0].replica.add_statements(vec![statement]).unwrap();
    nodes[1].write("van wie het nog niet weet");
    let mut net = Net::new(nodes);
    net.connect(0, 1);
    net.pass(60_000);
    let told = &net.nodes[1].replica;
    assert!(told.roster().ended(ended).is_some(), "it knows that it ended");
    assert_eq!(told.logs().count(), 1, "it holds no log but its own");
    assert_eq!(net.nodes[0].replica.logs().count(), 1, "nothing is asked of it");
    assert_eq!(net.offences, []);
}
