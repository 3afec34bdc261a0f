//! Gemeenten that founded a federation together, as people do it: with the commands of the README.

use std::path::PathBuf;

use protocol::id::Week;

use super::api::Api;
use super::node::Node;
use super::scratch::Scratch;
use super::wait;

/// Where a node of a federation is, when that is not beside the others on loopback.
#[derive(Debug, Default)]
pub struct Site {
    /// Its directory.
    pub home: Option<PathBuf>,
    /// The network of its own that it is in.
    pub network: Option<String>,
    /// More for `init`, such as where it listens.
    pub options: Vec<String>,
}

/// A federation whose nodes are real processes on loopback.
#[derive(Debug)]
pub struct Federation {
    /// The nodes, in the order of the members. Before `scratch`, so that they are dead before their directories go.
    pub nodes: Vec<Node>,
    /// Where their directories are.
    pub scratch: Scratch,
}

impl Federation {
    /// Founds a federation of gemeenten (code and name) and starts every node.
    ///
    /// # Panics
    /// When a step fails.
    #[must_use]
    #[track_caller]
    pub fn start(members: &[(&str, &str)]) -> Self {
        let mut federation = Federation::found(members);
        for node in &mut federation.nodes {
            node.start();
        }
        federation
    }

    /// Founds a federation and starts nothing.
    ///
    /// # Panics
    /// When a step fails.
    #[must_use]
    #[track_caller]
    pub fn found(members: &[(&str, &str)]) -> Self {
        Federation::found_at(members, |_| Site::default())
    }

    /// The same with each node at a site of its own, by its place among the members.
    ///
    /// # Panics
    /// When a step fails.
    #[must_use]
    #[track_caller]
    pub fn found_at(members: &[(&str, &str)], site: impl Fn(usize) -> Site) -> Self {
        let scratch = Scratch::new("federation");
        let members = members.iter().enumerate();
        let nodes: Vec<Node> = members
            .map(|(at, (code, name))| init(&scratch, code, name, site(at)))
            .collect();
        let charter = scratch.join("handvest");
        let (first, others) = nodes.split_first().expect("a federation has members");
        // The first one's own card among them does no harm, and makes a federation of one possible.
        let cards: Vec<PathBuf> = nodes.iter().map(card).collect();
        first
            .command(["charter", "new", "--out"])
            .arguments([&charter])
            .arguments(&cards)
            .run()
            .succeeded();
        for node in others {
            node.command(["charter", "endorse"])
                .arguments([&charter])
                .run()
                .succeeded();
        }
        for node in &nodes {
            node.command(["charter", "import"])
                .arguments([&charter])
                .run()
                .succeeded();
        }
        Federation { nodes, scratch }
    }

    /// Makes a node that does not belong, and gives its place among the nodes. It is not started.
    ///
    /// # Panics
    /// When it cannot be made.
    #[track_caller]
    pub fn init(&mut self, code: &str, name: &str) -> usize {
        self.nodes.push(init(&self.scratch, code, name, Site::default()));
        self.nodes.len() - 1
    }

    /// Waits until every node that runs lists so many records, all in the same bytes, and gives the list.
    ///
    /// # Panics
    /// When they do not agree in time.
    #[track_caller]
    pub fn agree_on(&self, records: usize) -> String {
        let mut last = Vec::new();
        let agreed = wait::within(wait::DEADLINE, "nodes that agree", || {
            let running = self.nodes.iter().filter(|node| node.is_running());
            last = running.map(|node| node.run(["list", "--json"]).succeeded()).collect();
            let first = last.first().filter(|list| list.lines().count() == records)?;
            last.iter().all(|other| other == first).then(|| first.clone())
        });
        agreed
            .unwrap_or_else(|timed_out| panic!("{timed_out} on {records} records; they list:\n{}", last.join("\n--\n")))
    }

    /// The same, where a node may still refuse to list because it was made of a backup.
    ///
    /// # Panics
    /// As [`Federation::agree_on`].
    #[track_caller]
    pub fn agree_on_heard(&self, records: usize) -> String {
        wait::until("nodes that list", || {
            let mut running = self.nodes.iter().filter(|node| node.is_running());
            running.all(|node| node.run(["list"]).code == Some(0)).then_some(())
        });
        self.agree_on(records)
    }

    /// Waits until every node that runs is at the same snapshot.
    ///
    /// # Panics
    /// When they are not in time, or one does not answer.
    #[track_caller]
    pub fn agree_on_snapshot(&self, peilweek: Week) {
        let running = self.nodes.iter().filter(|node| node.is_running());
        let apis: Vec<Api> = running.map(|node| node.api()).collect();
        let ask = |api: &Api| {
            api.stand(peilweek)
                .expect("a node that runs says how it is doing")
                .snapshot
        };
        wait::until("equal snapshots", || {
            let mut snapshots: Vec<_> = apis.iter().map(ask).collect();
            snapshots.dedup();
            (snapshots.len() == 1).then_some(())
        });
    }
}

fn init(scratch: &Scratch, code: &str, name: &str, site: Site) -> Node {
    let home = site.home.unwrap_or_else(|| scratch.join(code));
    let node = Node::new(home).inside(site.network);
    let init = node.command(["init"]).arguments([node.home()]);
    init.arguments(["--gemeente", code, "--naam", name, "--practice"])
        .arguments(&site.options)
        .run()
        .succeeded();
    node
}

fn card(node: &Node) -> PathBuf {
    let path = node.home().with_extension("kaart");
    node.command(["charter", "card", "--out"])
        .arguments([&path])
        .run()
        .succeeded();
    path
}
