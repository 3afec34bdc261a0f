//! Who may know whom. `cli → protocol ← node`, `tests → all`, and `cli/src/daemon.rs → node`; inside `node` each big dependency
//! has one room.

use super::source::{Named, named};
use super::{File, Finding, Tree};

/// What a room may depend on among the rooms.
const ROOMS: [(&str, &[&str]); 4] = [
    ("protocol", &[]),
    ("node", &["protocol"]),
    ("cli", &["node", "protocol"]),
    ("tests", &["cli", "node", "protocol"]),
];

/// Crates that do what `protocol` must never do.
const NOT_IN_PROTOCOL: [&str; 11] = [
    "axum",
    "futures",
    "getrandom",
    "libp2p",
    "rand",
    "redb",
    "rusqlite",
    "sled",
    "tokio",
    "tracing",
    "ureq",
];

/// Crates that one room alone may name, with the places where it may (the start of a path).
const CONFINED: [(&str, &[&str]); 6] = [
    ("automerge", &["protocol/src/document", "tests/"]),
    ("axum", &["node/src/http"]),
    ("libp2p", &["node/src/net"]),
    ("libp2p_gossipsub", &["node/src/net"]),
    ("rusqlite", &["node/src/view", "node/src/vault"]),
    ("sled", &["node/src/store"]),
];

/// The only module of `cli` that may name `node`, and where its parts are.
const DAEMON: &str = "cli/src/daemon.rs";
const DAEMON_PARTS: &str = "cli/src/daemon/";

/// Where `net` and `store` may meet.
const MEETING: [&str; 2] = ["node/src/driver", "node/src/runtime"];

/// Arrows that may not be there.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for (room, allowed) in ROOMS {
        found.extend(
            tree.get(&format!("{room}/Cargo.toml"))
                .iter()
                .flat_map(|file| dependencies(file, room, allowed)),
        );
    }
    for file in tree.rust() {
        let paths = named(&file.code);
        found.extend(confined(file, &paths));
        found.extend(daemon_only(file, &paths));
        found.extend(meeting(file, &paths));
    }
    found
}

/// Rooms and crates in a Cargo.toml that this room may not depend on. Dev-dependencies count: an arrow is an arrow.
fn dependencies(file: &File, room: &str, allowed: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut listing = false;
    for (index, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            listing = line.contains("dependencies");
        }
        let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
        let is_room = ROOMS.iter().any(|(other, _)| *other == name);
        let refused = is_room && !allowed.contains(&name) || room == "protocol" && NOT_IN_PROTOCOL.contains(&name);
        if listing && refused {
            found.push(Finding::at(
                &file.path,
                index + 1,
                format!("{room} may not depend on {name}"),
            ));
        }
    }
    found
}

fn confined(file: &File, paths: &[Named]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (name, places) in CONFINED {
        if places.iter().any(|place| file.path.starts_with(place)) {
            continue;
        }
        let why = format!("{name} may only be named in {}", places.join(", "));
        let here = paths.iter().filter(|path| path.parts[0] == name);
        found.extend(here.map(|path| Finding::at(&file.path, path.line, why.clone())));
    }
    found
}

fn daemon_only(file: &File, paths: &[Named]) -> Vec<Finding> {
    if file.room() != "cli" || file.path == DAEMON || file.path.starts_with(DAEMON_PARTS) {
        return Vec::new();
    }
    let why = format!("only {DAEMON} may name node");
    let here = paths.iter().filter(|path| path.parts[0] == "node");
    here.map(|path| Finding::at(&file.path, path.line, why.clone()))
        .collect()
}

fn meeting(file: &File, paths: &[Named]) -> Option<Finding> {
    let inside = |room: &str| file.path.starts_with(&format!("node/src/{room}"));
    if file.room() != "node" || file.test || MEETING.iter().any(|place| file.path.starts_with(place)) {
        return None;
    }
    let first = |room: &str| paths.iter().find(|path| path.starts_with(&["crate", room]));
    let (net, store) = (first("net"), first("store"));
    let line = match (net, store) {
        (Some(path), _) if inside("store") => path.line,
        (_, Some(path)) if inside("net") => path.line,
        (Some(net), Some(store)) => net.line.max(store.line),
        _ => return None,
    };
    Some(Finding::at(
        &file.path,
        line,
        "net and store meet only in driver and runtime",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(files: &[(&str, &str)]) -> Vec<String> {
        findings(&Tree::of(files)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn rooms_depend_on_the_rooms_they_may() {
        let good = "[dependencies]\nprotocol.workspace = true\nlibp2p.workspace = true\n[lints]\nworkspace = true\n";
        assert_eq!(lines(&[("node/Cargo.toml", good)]), [""; 0]);
        let bad = [
            ("protocol/Cargo.toml", "[dependencies]\nnode.workspace = true\n"),
            ("protocol/Cargo.toml", "[dependencies]\ntokio = { version = \"1\" }\n"),
            ("protocol/Cargo.toml", "[dev-dependencies]\ntests.workspace = true\n"),
            ("node/Cargo.toml", "[dependencies]\ncli = { path = \"../cli\" }\n"),
            ("cli/Cargo.toml", "[dependencies]\ntests.workspace = true\n"),
        ];
        for file in bad {
            assert_eq!(lines(&[file]).len(), 1, "{file:?}");
        }
    }

    #[test]
    fn big_dependencies_stay_in_their_room() {
        let good = [
            ("node/src/net.rs", "use libp2p::Swarm;"),
            ("node/src/net/behaviour.rs", "use libp2p_gossipsub::Event;"),
            ("node/src/store/sled.rs", "fn a() { sled::open(p); }"),
            ("node/src/view/tables.rs", "use rusqlite::Connection;"),
            ("node/src/runtime.rs", "// libp2p::Swarm is only talked about here.\n"),
        ];
        assert_eq!(lines(&good), [""; 0]);
        let bad = [
            ("node/src/runtime.rs", "use libp2p::Swarm;"),
            ("node/src/driver.rs", "fn a(e: libp2p_gossipsub::Event) {}"),
            ("node/src/view.rs", "fn a() { sled::open(p); }"),
            ("node/src/http/pages.rs", "use rusqlite::{Connection, Row as R};"),
            ("protocol/src/log.rs", "use automerge::Change;"),
        ];
        for file in bad {
            assert!(!lines(&[file]).is_empty(), "{file:?}");
        }
    }

    #[test]
    fn only_the_daemon_names_node() {
        assert_eq!(lines(&[("cli/src/daemon.rs", "use node::runtime;")]), [""; 0]);
        assert_eq!(lines(&[("cli/src/daemon/told.rs", "use node::runtime;")]), [""; 0]);
        assert_eq!(lines(&[("cli/src/list.rs", "use crate::node::Address;")]), [""; 0]);
        let found = lines(&[("cli/src/list.rs", "\nuse node::view;")]);
        assert_eq!(found, ["cli/src/list.rs:2: only cli/src/daemon.rs may name node"]);
    }

    #[test]
    fn net_and_store_meet_in_driver_and_runtime() {
        let both = "use crate::{net, store};";
        assert_eq!(
            lines(&[("node/src/driver/io.rs", both), ("node/src/runtime.rs", both)]),
            [""; 0]
        );
        assert_eq!(lines(&[("node/src/worker.rs", both)]).len(), 1);
        assert_eq!(
            lines(&[("node/src/net/dial.rs", "fn a() { crate::store::open(); }")]).len(),
            1
        );
        assert_eq!(lines(&[("node/src/store/log.rs", "use crate::net::Peer;")]).len(), 1);
        assert_eq!(lines(&[("node/src/net/dial.rs", "use crate::net::Peer;")]), [""; 0]);
    }
}
