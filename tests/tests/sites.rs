//! Where nodes stand: several on one machine, behind a wall that lets nobody in, and on a machine whose clock is wrong.

use std::fs;
use std::path::PathBuf;

use protocol::id::Week;
use serde_json::Value;
use tests::harness::{Command, Federation, Node, Scratch, records, wait};

const THREE: [(&str, &str); 3] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
];
/// How far the clock of one machine is ahead.
const AHEAD_DAYS: i64 = 400;

#[test]
fn several_gemeenten_on_one_machine_do_not_hinder_each_other() {
    let mut federation = Federation::start(&THREE);
    let token = |node: &Node| fs::read_to_string(node.home().join("api.token")).expect("a node has a token");
    let [first, second, third] = &federation.nodes[..] else {
        panic!("three were founded")
    };
    let apis: Vec<&str> = federation.nodes.iter().map(|node| node.ready().api.as_str()).collect();
    assert!(
        apis[0] != apis[1] && apis[1] != apis[2] && apis[0] != apis[2],
        "{apis:?}"
    );
    let asked = |at: &Node, token: &str| {
        let path = at.home().with_extension("token");
        fs::write(&path, token).expect("our own directory");
        let url = at.ready().api.clone();
        let command = Command::leerkring(federation.scratch.path(), ["status", "--node", &url, "--token-file"]);
        command.arguments([&path]).run()
    };
    asked(second, &token(second)).succeeded();
    asked(second, &token(first)).failed(5);
    third.share_signal(1);
    federation.agree_on(1);
    // One of them stops, is checked and backed up, while the others go on.
    federation.nodes[0].stop();
    let stopped = &federation.nodes[0];
    stopped.run(["verify".as_ref(), stopped.home().as_os_str()]).succeeded();
    let out = stopped.home().with_file_name("first.reservekopie");
    stopped.command(["backup", "--out"]).arguments([&out]).run().succeeded();
    federation.nodes[1].share_signal(2);
    federation.agree_on(2);
    federation.nodes[0].start();
    federation.agree_on(2);
}

#[test]
fn nodes_that_nobody_may_connect_to_get_everything_through_one_that_listens() {
    let mut federation = Federation::found(&THREE);
    for node in &federation.nodes[1..] {
        let path = node.home().join("leerkring.toml");
        let config = fs::read_to_string(&path).expect("a node has a configuration");
        let listen = config
            .lines()
            .find(|line| line.starts_with("listen = "))
            .expect("it listens");
        node.configure(listen, "listen = []");
    }
    for node in &mut federation.nodes {
        node.start();
    }
    let status = federation.nodes[1].run(["status", "--json"]).succeeded();
    let status: Value = serde_json::from_str(&status).expect("one line of JSON");
    assert_eq!(status["luistert"], Value::Array(Vec::new()));
    for (number, node) in federation.nodes.iter().enumerate() {
        node.share_signal(number);
    }
    federation.agree_on(3);
    federation.agree_on_snapshot(records::week());
}

/// A library that shows programs a clock that is ahead.
fn clock_ahead(scratch: &Scratch) -> PathBuf {
    let source = format!(
        "#define _GNU_SOURCE\n#include <sys/syscall.h>\n#include <time.h>\n#include <unistd.h>\n\
         int clock_gettime(clockid_t id, struct timespec *at) {{\n\
         long done = syscall(SYS_clock_gettime, id, at);\n\
         if (done == 0 && id == CLOCK_REALTIME) at->tv_sec += {AHEAD_DAYS}L * 86400L;\n\
         return (int)done;\n}}\n"
    );
    let (source, library) = (scratch.write("clock.c", source), scratch.join("clock.so"));
    let compile = Command::new("cc", scratch.path()).arguments(["-shared", "-fPIC", "-O1", "-o"]);
    compile.arguments([&library, &source]).run().succeeded();
    library
}

#[test]
fn a_clock_a_year_ahead_is_in_nothing_that_nodes_agree_on() {
    let scratch = Scratch::new("clock");
    let library = clock_ahead(&scratch);
    let mut federation = Federation::found(&THREE[..2]);
    federation.nodes[0].set("LD_PRELOAD", &library);
    for node in &mut federation.nodes {
        node.start();
    }
    let now = |node: &Node| -> Week {
        let status = node.run(["status", "--json"]).succeeded();
        let status: Value = serde_json::from_str(&status).expect("one line of JSON");
        let week = status["peilweek"].as_str().expect("it says for which week");
        week.parse().expect("an ISO week")
    };
    let (ahead, right) = (now(&federation.nodes[0]), now(&federation.nodes[1]));
    assert!(
        ahead.index() >= right.index() + 56,
        "{ahead} is not a year after {right}"
    );
    federation.nodes[0].share_signal(1);
    federation.nodes[1].share_signal(2);
    wait::until("both records at both", || {
        let listed = |node: &Node| node.api().list(records::week()).is_ok_and(|list| list.len() == 2);
        federation.nodes.iter().all(listed).then_some(())
    });
    // The same question, the same answer: byte for byte, whatever either thinks that the time is.
    let lists: Vec<_> = federation
        .nodes
        .iter()
        .map(|node| node.api().list(records::week()).expect("it lists"))
        .collect();
    assert_eq!(lists[0], lists[1]);
    federation.agree_on_snapshot(records::week());
}
