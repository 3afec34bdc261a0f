//! A network of its own for every node: namespaces of the kernel, each with one line to a switch. A line can be cut, and
//! an address taken away, as happens to real machines; nothing of the machine that runs the test is touched.
//!
//! Only who may administer the network of a machine can make these, with `ip` of iproute2.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

/// Two tests in one process must not get the same names; two processes differ by their id.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// The end of a line at a node.
const END: &str = "lijn";

/// Nodes around a switch, by their number.
#[derive(Debug)]
pub struct Network {
    name: String,
    nodes: usize,
}

impl Network {
    /// A switch with a line to each of so many nodes; nothing where networks cannot be made.
    #[must_use]
    pub fn of(nodes: usize) -> Option<Self> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("leerkring-{}-{number}", std::process::id());
        // What was made is gone with the value, also when the next step is refused.
        let network = Network { name, nodes };
        network.make().then_some(network)
    }

    fn make(&self) -> bool {
        let switch = self.switch();
        let switched = ip(&["netns", "add", &switch])
            && ip(&["-n", &switch, "link", "add", "schakel", "type", "bridge"])
            && ip(&["-n", &switch, "link", "set", "schakel", "up"]);
        switched && (0..self.nodes).all(|node| self.connect(node))
    }

    fn connect(&self, node: usize) -> bool {
        let (switch, name, port) = (self.switch(), self.node(node), port(node));
        ip(&["netns", "add", &name])
            && ip(&["-n", &name, "link", "set", "lo", "up"])
            && ip(&[
                "link", "add", END, "netns", &name, "type", "veth", "peer", "name", &port, "netns", &switch,
            ])
            && ip(&["-n", &switch, "link", "set", &port, "master", "schakel"])
            && self.set_line(node, "up")
            && ip(&["-n", &name, "link", "set", END, "up"])
            && self.set_address(node, "add")
    }

    /// The name of the network that a node is in.
    #[must_use]
    pub fn node(&self, node: usize) -> String {
        format!("{}-{node}", self.name)
    }

    /// Where a node is in it.
    #[must_use]
    pub fn address(node: usize) -> String {
        format!("10.0.0.{}", node + 1)
    }

    /// Cuts the line of a node.
    ///
    /// # Panics
    /// When the machine refuses.
    pub fn cut(&self, node: usize) {
        assert!(self.set_line(node, "down"), "the line of node {node} cannot be cut");
    }

    /// Heals the line of a node.
    ///
    /// # Panics
    /// When the machine refuses.
    pub fn heal(&self, node: usize) {
        assert!(self.set_line(node, "up"), "the line of node {node} cannot be healed");
    }

    /// Takes the address of a node away.
    ///
    /// # Panics
    /// When the machine refuses.
    pub fn take_address(&self, node: usize) {
        assert!(self.set_address(node, "del"), "node {node} keeps its address");
    }

    /// Gives a node its address back.
    ///
    /// # Panics
    /// When the machine refuses.
    pub fn give_address(&self, node: usize) {
        assert!(self.set_address(node, "add"), "node {node} gets no address");
    }

    fn switch(&self) -> String {
        format!("{}-schakel", self.name)
    }

    fn set_line(&self, node: usize, how: &str) -> bool {
        ip(&["-n", &self.switch(), "link", "set", &port(node), how])
    }

    fn set_address(&self, node: usize, how: &str) -> bool {
        let address = format!("{}/24", Self::address(node));
        ip(&["-n", &self.node(node), "addr", how, &address, "dev", END])
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // What was never made cannot go, and says so to nobody.
        for node in 0..self.nodes {
            ip(&["netns", "del", &self.node(node)]);
        }
        ip(&["netns", "del", &self.switch()]);
    }
}

/// The end of the line of a node at the switch.
fn port(node: usize) -> String {
    format!("poort{node}")
}

fn ip(arguments: &[&str]) -> bool {
    let mut command = Command::new("ip");
    command.args(arguments).stdin(Stdio::null());
    let ran = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}
