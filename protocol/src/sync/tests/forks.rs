//! Two histories of one log: whoever meets the other proves it, everybody cuts, and then all is quiet.

use super::net::{Founded, Net, Node, found};
use crate::entropy::Seeded;
use crate::id::LogId;
use crate::log::{Entry, Replica};

/// A writer that forgot what it wrote last and went on: two histories that part behind `common` records.
pub(super) fn histories(founded: &Founded, common: u64, tails: [u64; 2]) -> (LogId, [Vec<Entry>; 2]) {
    let mut writer = Node::new(founded, 2, &founded.statements);
    let key = writer.key.clone();
    writer.replica.open_log(&key, &mut writer.rng).unwrap();
    for n in 0..common {
        writer.write(&format!("Signaal {n} over iets dat in de weg zat."));
    }
    let log = writer.replica.own_log().unwrap();
    let store = writer.replica.store().clone();
    let branch = |writer: &mut Node, tail: u64, word: &str| {
        for n in 0..tail {
            writer.write(&format!("{word} {n}, na wat anders was."));
        }
        writer.replica.entries(log, 0, usize::MAX).unwrap()
    };
    let one = branch(&mut writer, tails[0], "Een");
    writer.replica = Replica::open(store).unwrap();
    writer.replica.resume_log(log);
    let other = branch(&mut writer, tails[1], "Ander");
    (log, [one, other])
}

pub(super) fn reader(founded: &Founded, at: usize, log: LogId, entries: &[Entry]) -> Node {
    let mut node = Node::new(founded, at, &founded.statements);
    node.replica.ingest(log, entries.to_vec()).unwrap();
    node
}

fn effective(node: &Node, log: LogId) -> u64 {
    node.replica.log(log).unwrap().effective
}

#[test]
fn a_fork_is_found_proven_and_cut_wherever_it_is_and_however_long_the_histories_are() {
    for (seed, common, tails) in [(1, 0, [1, 1]), (2, 1, [9, 3]), (3, 40, [1, 30]), (4, 130, [70, 70])] {
        let founded = found(4, &mut Seeded::new(seed));
        let (log, [one, other]) = histories(&founded, common, tails);
        let nodes = vec![
            reader(&founded, 0, log, &one),
            reader(&founded, 1, log, &other),
            Node::new(&founded, 3, &founded.statements),
        ];
        let mut net = Net::new(nodes);
        net.connect(0, 1);
        net.pass(10_000);
        assert!(net.forks >= 1, "seed {seed}");
        net.connect(1, 2);
        net.pass(10_000);
        let roster = net.nodes[0].replica.roster();
        // The opening comes before the records.
        assert_eq!(roster.fork(log).map(|fork| fork.seq), Some(common + 1), "seed {seed}");
        for node in &net.nodes {
            assert_eq!(effective(node, log), common + 1, "seed {seed}");
        }
        let digests: Vec<_> = net
            .nodes
            .iter()
            .map(|node| (node.replica.digest(), node.replica.state()))
            .collect();
        assert!(digests.windows(2).all(|pair| pair[0] == pair[1]), "seed {seed}");
        assert!(net.offences.is_empty(), "seed {seed}: {:?}", net.offences);
        net.spent();
        net.pass(120_000);
        let (_, requests) = net.spent();
        assert!(requests < 60, "seed {seed}: {requests} requests although all are equal");
    }
}

#[test]
fn who_holds_the_shorter_history_hears_of_it_from_who_holds_the_longer() {
    let founded = found(4, &mut Seeded::new(9));
    let (log, [one, other]) = histories(&founded, 5, [2, 20]);
    for order in [[0, 1], [1, 0]] {
        let nodes = vec![reader(&founded, 0, log, &one), reader(&founded, 1, log, &other)];
        let mut net = Net::new(nodes);
        net.connect(order[0], order[1]);
        net.pass(10_000);
        assert!(net.nodes.iter().all(|node| effective(node, log) == 6));
        assert_eq!(net.nodes[0].replica.digest(), net.nodes[1].replica.digest());
    }
}
