//! SIGKILL at any instant: what was acknowledged is there, once, and every restart works.
//!
//! One node writes as fast as it is answered and is killed over and over, while it starts and while it writes; another
//! follows. Most of that is waiting, so two such pairs run at a time. After a restart what was not acknowledged is asked for again, as a person would.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use protocol::api::{Approval, ConceptState};
use protocol::entropy::Seeded;
use serde_json::Value;
use tests::harness::{Api, Federation, Node, Scratch, records, wait};
use tests::scope;

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
/// Kills, and when nothing is left out.
const FEW: usize = 100;
const MANY: usize = 1_000;
/// Every so many cycles the node is killed before it is ready.
const STARTS_EVERY: usize = 5;
/// Every so many cycles the whole directory is checked while the node is stopped.
const VERIFY_EVERY: usize = 10;
/// Longest life of a node that writes, and of one that starts, in milliseconds.
const WRITES_MS_MAX: u64 = 400;
const STARTS_MS_MAX: u64 = 150;
/// Most records that are handed in together.
const TOGETHER_MAX: u64 = 40;
/// A pair for each.
const SEEDS: [u64; 2] = [7, 8];

/// What the node was asked, and what it answered before it died.
#[derive(Default)]
struct Ledger {
    /// Local ids handed in, in order of number.
    asked: usize,
    /// What was acknowledged: local id to record id.
    acknowledged: BTreeMap<String, String>,
    /// Approvals without an answer.
    open: BTreeSet<String>,
}

impl Ledger {
    /// Hands records in until the node no longer answers.
    fn write(&mut self, api: &Api, rng: &mut Seeded) {
        loop {
            let count = 1 + rng.below(TOGETHER_MAX) as usize;
            let numbers = self.asked..self.asked + count;
            let batch: Vec<Value> = numbers
                .map(|number| records::signal(&local_id(number), number))
                .collect();
            self.open.extend((self.asked..self.asked + count).map(local_id));
            self.asked += count;
            match api.share(&batch) {
                Ok(approvals) => self.acknowledge(approvals),
                Err(_) => return,
            }
        }
    }

    fn acknowledge(&mut self, approvals: Vec<Approval>) {
        for approval in approvals {
            let Some(record) = approval.record.filter(|_| approval.staat == ConceptState::Gedeeld) else {
                continue;
            };
            self.open.remove(&approval.id);
            let known = self.acknowledged.insert(approval.id, record.to_string());
            assert!(
                known.is_none_or(|known| known == record.to_string()),
                "a record changed its id"
            );
        }
    }

    /// Asks again for what was not acknowledged; what had not even been taken in is given up.
    fn ask_again(&mut self, api: &Api) {
        let open: Vec<String> = std::mem::take(&mut self.open).into_iter().collect();
        if !open.is_empty() {
            let shown = api.shown(&open).expect("a node that has just started answers");
            self.acknowledge(api.approve(&shown).expect("a node that has just started answers"));
        }
    }

    /// Every acknowledged record is listed, and none twice.
    fn check(&self, list: &[String]) {
        let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in list {
            let record: Value = serde_json::from_str(line).expect("a record is JSON");
            let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            listed.entry(text("tekst")).or_default().push(text("id"));
        }
        let twice: Vec<_> = listed.iter().filter(|(_, ids)| ids.len() > 1).collect();
        assert!(twice.is_empty(), "records that are there twice: {twice:?}");
        for (local, record) in &self.acknowledged {
            let text = records::text_of(number_of(local));
            assert_eq!(listed.get(&text).map(|ids| &ids[0]), Some(record), "{local}: {text}");
        }
        assert!(list.len() <= self.asked, "nothing is listed that was not handed in");
    }
}

fn local_id(number: usize) -> String {
    format!("s-{number}")
}

fn number_of(local: &str) -> usize {
    local[2..].parse().expect("a local id of this test")
}

/// Kills the node while it starts.
fn kill_while_starting(node: &Node, instant: Duration) {
    let output = Scratch::new("starting");
    let command = node
        .command(["node", "--stop-with-stdin", "--dir"])
        .arguments([node.home()]);
    let mut process = command.stdin_open().start_in(&output);
    let ended = wait::within(instant, "the instant of the kill", || process.ended());
    assert!(ended.is_err(), "the node ended by itself: {ended:?}");
    process.kill();
}

/// Starts the node, checks what it lists, lets it write and kills it.
fn kill_while_writing(node: &mut Node, ledger: &mut Ledger, instant: Duration, rng: &mut Seeded) {
    node.start();
    let api = node.api();
    ledger.ask_again(&api);
    ledger.check(&api.list(records::week()).expect("a node that is ready lists"));
    thread::scope(|scope| {
        let writer = scope.spawn(|| ledger.write(&api, rng));
        let stopped = wait::within(instant, "the instant of the kill", || {
            writer.is_finished().then_some(())
        });
        let printed = node.printed();
        node.kill();
        assert!(
            stopped.is_err(),
            "the node stopped answering by itself; it printed:\n{printed}"
        );
    });
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_however_often_a_node_is_killed() {
    let cycles = if scope::full() { MANY } else { FEW };
    if !scope::full() {
        scope::left_out(&format!("kill -9: {} of {MANY} cycles", MANY - FEW));
    }
    thread::scope(|scope| {
        for seed in SEEDS {
            scope.spawn(move || kill_over_and_over(cycles / SEEDS.len(), seed));
        }
    });
}

fn kill_over_and_over(cycles: usize, seed: u64) {
    let mut federation = Federation::found(&TWO);
    federation.nodes[1].start();
    let (mut rng, mut ledger) = (Seeded::new(seed), Ledger::default());
    for cycle in 1..=cycles {
        let node = &mut federation.nodes[0];
        if cycle % STARTS_EVERY == 0 {
            kill_while_starting(node, Duration::from_millis(rng.below(STARTS_MS_MAX)));
        } else {
            let instant = Duration::from_millis(rng.below(WRITES_MS_MAX));
            kill_while_writing(node, &mut ledger, instant, &mut rng);
        }
        if cycle % VERIFY_EVERY == 0 {
            // What a kill leaves behind the next start puts in order.
            node.start();
            assert_eq!(node.stop().code(), Some(0));
            node.run(["verify".as_ref(), node.home().as_os_str()]).succeeded();
        }
    }
    federation.nodes[0].start();
    let api = federation.nodes[0].api();
    ledger.ask_again(&api);
    let list = api.list(records::week()).expect("a node that is ready lists");
    ledger.check(&list);
    assert!(ledger.acknowledged.len() > cycles, "it wrote between the kills");
    federation.agree_on(list.len());
    federation.agree_on_snapshot(records::week());
}
