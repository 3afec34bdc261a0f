//! A row about a node that was away for a year: what it missed, records and editions, and how soon it has them.

use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use node::runtime::Home;
use node::secret::Secret;
use node::store::Sled;
use protocol::charter::{Body, Edition, Endorsement, Statement};
use protocol::log::Replica;

use super::Sizes;
use super::process::{Node, fill, found};
use super::table::{Row, Table, grouped};
use super::usage::{Memory, Spent};
use crate::harness::{Scratch, wait};

/// Editions that were decided for meanwhile.
const EDITIONS: u64 = 12;
/// Longest time for it.
const CAUGHT_UP_S_MAX: f64 = 30.0;
const DEADLINE: Duration = Duration::from_secs(300);

/// Measures it.
pub(super) fn measure<F: FnMut(&str)>(sizes: Sizes, table: &mut Table<F>) {
    let scratch = Scratch::new("away");
    let [here, second, third, away] = found(&scratch, ["here", "second", "third", "away"]);
    // It was there once, and knows the others.
    Node::start(&away).stop();
    fill(&here, 0, sizes.missed);
    decide(&here, [&here, &second, &third]);
    let stays = Node::start(&here);
    stays.await_records(sizes.missed);
    let began = Instant::now();
    let back = Node::start(&away);
    let started_s = began.elapsed().as_secs_f64();
    let caught_up = || (back.stand().editie == Some(EDITIONS)).then_some(());
    back.await_records(sizes.missed);
    wait::within(DEADLINE, "the last edition", caught_up).unwrap_or_else(|error| panic!("{error}"));
    let (wall_s, cpu_s) = (began.elapsed().as_secs_f64(), back.cpu_s());
    assert_eq!(back.stand().digest, stays.stand().digest, "both hold the same");
    let records = grouped(sizes.missed as u64);
    table.add(Row {
        what: format!("back after a year: {records} records, {EDITIONS} editions"),
        measured: format!("{wall_s:.1} s, {started_s:.1} s of it to start"),
        reach: Some((format!("< {CAUGHT_UP_S_MAX} s"), wall_s < CAUGHT_UP_S_MAX)),
        spent: Some(Spent { wall_s, cpu_s }),
        rss_mb: Some(Memory::of(back.pid()).peak_mb),
        ..Row::default()
    });
    back.stop();
    stays.stop();
}

fn secret(home: &Home, name: &str) -> SigningKey {
    let secret = Secret::load(&home.key(name)).expect("a node has its keys");
    SigningKey::from_bytes(secret.bytes())
}

/// Puts editions into the store of a node that does not run, each decided for by these three of four.
fn decide(home: &Home, voters: [&Home; 3]) {
    let storage = Secret::load(&home.key("storage")).expect("a node has its keys");
    let store = Sled::open(&home.store(), &storage).expect("no process has the store open");
    let mut replica = Replica::open(store).expect("the store of a node opens");
    let roots = voters.map(|voter| secret(voter, "root"));
    let founding = replica.statements().iter().find_map(Statement::founding).cloned();
    let mut edition: Edition = founding.expect("it is founded");
    let federation = edition.federation();
    for number in 1..=EDITIONS {
        edition = edition.successor([number as u8; 16]);
        edition.members[0].mailbox = format!("leerkring-{number}@example.org");
        let vote = Endorsement {
            edition: edition.hash(),
            number,
            ballot: 0,
        };
        let votes = roots
            .iter()
            .map(|root| Statement::sign(federation, Body::Endorse(vote.clone()), root));
        let mut said: Vec<Statement> = votes.collect();
        said.push(Statement::sign(federation, Body::Edition(edition.clone()), &roots[0]));
        replica.add_statements(said).expect("the disk has room");
    }
    let course = replica.roster().course();
    assert_eq!(
        course.map(|course| course.number),
        Some(EDITIONS),
        "three of four decide"
    );
    replica.flush().expect("the disk has room");
}
