//! What fate does: nodes start, end, come back from an older moment or twice; disks fail, clocks jump, links part.

use protocol::api::Message;
use protocol::charter::{Body, DoubleVote, Statement};
use protocol::entropy::Seeded;
use protocol::log::{ForkProof, ReplicaError};
use protocol::sync::Input;

use super::disk::Disk;
use super::law::{Broken, Law};
use super::node::StartError;
use super::plan::{Deed, Fault, Step};
use super::sabotage::Sabotage;
use super::world::{Event, World};

impl World {
    /// A step of the plan.
    pub(super) fn take(&mut self, step: Step) -> Result<(), Broken> {
        let mut rng = Seeded::new(step.salt ^ self.plan.seed);
        let copies: Vec<usize> = (0..self.nodes.len())
            .filter(|node| self.nodes[*node].place == step.node)
            .collect();
        let Some(node) = copies.get(rng.below(copies.len() as u64) as usize).copied() else {
            return Ok(());
        };
        match step.deed {
            Deed::Write => self.act(node, &mut rng)?,
            Deed::Learn => self.learn(node, &mut rng)?,
            Deed::Withdraw => self.withdraw(node, &mut rng)?,
            Deed::Part => self.part(&mut rng)?,
            Deed::Heal => self.heal(),
            Deed::Crash => self.crash(node),
            Deed::Backup => self.back_up(node),
            Deed::Rollback => self.roll_back(node),
            Deed::Twin => self.twin(node, false, &mut rng)?,
            Deed::SameTwin => self.twin(node, true, &mut rng)?,
            Deed::Clock(days) => self.nodes[node].days += days,
            Deed::Fault(after, how) => self.arm(node, after, how),
            Deed::Malice(malice) => self.mischief(node, malice, &mut rng)?,
            charter => self.politics(node, charter, &mut rng)?,
        }
        self.look_at_disk(node)
    }

    /// The nodes fall apart, and people on both sides go on with the same things.
    fn part(&mut self, rng: &mut Seeded) -> Result<(), Broken> {
        self.wires.part(rng);
        self.tell(|| {
            Message::new(
                "de nodes vallen uiteen in twee kanten",
                "the nodes fall apart in two sides",
            )
        });
        self.relink();
        let (one, other) = self.two_sides(rng);
        self.both_go_on(one, other, rng)
    }

    /// A node on either side, or twice the same when all are on one.
    fn two_sides(&self, rng: &mut Seeded) -> (usize, usize) {
        let one = rng.below(self.nodes.len() as u64) as usize;
        let across: Vec<usize> = (0..self.nodes.len())
            .filter(|node| !self.wires.together(one, *node))
            .collect();
        let other = across.get(rng.below(across.len() as u64) as usize);
        (one, other.copied().unwrap_or(one))
    }

    fn heal(&mut self) {
        self.wires.heal();
        self.tell(|| Message::new("de kanten komen samen", "the sides come together"));
        self.relink();
    }

    fn crash(&mut self, node: usize) {
        if self.nodes[node].exists() {
            self.fall(node);
        }
    }

    /// A node ends in the middle of things, and starts again later.
    pub(super) fn fall(&mut self, node: usize) {
        self.nodes[node].crash();
        self.tell(|| Message::with(format!("node {node} valt uit"), format!("node {node} crashes")));
        self.relink();
        let wait = self.nodes[node].rng.below(20_000);
        self.schedule(wait, Event::Start { node });
    }

    /// A node ends in good order and starts again at once.
    pub(super) fn renew(&mut self, node: usize) -> Result<(), Broken> {
        self.stop(node);
        self.start(node)
    }

    /// A node ends in good order.
    pub(super) fn stop(&mut self, node: usize) {
        if let Some(up) = self.nodes[node].up.take() {
            self.nodes[node].disk = up.replica.store().whole();
        }
        self.relink();
    }

    /// Starts a node that is down.
    pub(super) fn start(&mut self, node: usize) -> Result<(), Broken> {
        let at = &mut self.nodes[node];
        if at.up.is_some() || !at.exists() {
            return Ok(());
        }
        if self.calm {
            at.disk.disarm();
        }
        let faulty = at.disk.is_armed();
        match at.start(self.founding.federation, &self.plan.pace.config()) {
            Ok(()) => {}
            Err(StartError::Replica(_)) if faulty => {
                self.schedule(1_000, Event::Start { node });
                return Ok(());
            }
            Err(error) => return Law::Work.broken(format!("node {node}: {error}")),
        }
        self.tell(|| Message::with(format!("node {node} start"), format!("node {node} starts")));
        self.relink();
        self.welcome(node)?;
        self.give(node, Input::Tick)
    }

    /// Brings links up or down as nodes and sides say, and tells both ends.
    pub(super) fn relink(&mut self) {
        let alive: Vec<bool> = self.nodes.iter().map(|node| node.up.is_some()).collect();
        for change in self.wires.refresh(&alive) {
            let (one, other) = change.pair;
            for (from, to) in [(other, one), (one, other)] {
                let peer = self.nodes[from].name;
                let input = if change.up {
                    Input::Connected(peer)
                } else {
                    Input::Disconnected(peer)
                };
                let wait = self.rng.below(50);
                let (link, epoch) = (change.pair, change.epoch);
                self.schedule(
                    wait,
                    Event::Carry {
                        link,
                        epoch,
                        from,
                        to,
                        input,
                    },
                );
            }
        }
    }

    fn back_up(&mut self, node: usize) {
        self.nodes[node].back_up();
        self.tell(|| {
            Message::with(
                format!("iemand kopieert de map van node {node}"),
                format!("somebody copies the folder of node {node}"),
            )
        });
    }

    /// A node comes back from the copy that somebody made, or with nothing but its keys. What it alone held since is
    /// lost with its disk, and nobody was told otherwise.
    fn roll_back(&mut self, node: usize) {
        if !self.nodes[node].exists() {
            return;
        }
        self.nodes[node].crash();
        let at = &mut self.nodes[node];
        match at.backup.clone() {
            Some(backup) => (at.disk, at.file, at.heights) = (backup.disk, backup.file, backup.heights),
            None => {
                at.disk = Disk::new(at.sabotage);
                at.file.clear();
                at.heights.clear();
            }
        }
        self.report.rollbacks += 1;
        self.forget_lost(node);
        self.tell(|| {
            Message::with(
                format!("node {node} komt terug van een oudere kopie"),
                format!("node {node} comes back from an older copy"),
            )
        });
        self.relink();
        let wait = self.nodes[node].rng.below(5_000);
        self.schedule(wait, Event::Start { node });
    }

    /// What the disk that was lost held alone, nobody can be asked for; what others held they must keep.
    pub(super) fn forget_lost(&mut self, lost: usize) {
        let nodes = &self.nodes;
        let honest = |at: &usize| !nodes[*at].hostile && !nodes[*at].gone;
        for entry in &mut self.acknowledged {
            let writer = &nodes[entry.node];
            let own = !writer.gone && writer.file.iter().any(|kept| kept.signed.hash() == entry.header);
            let holds = |at: &usize| nodes[*at].heights.get(&entry.log).is_some_and(|held| *held > entry.seq);
            let keepers = (0..nodes.len()).filter(honest).filter(holds);
            entry.keepers = (!own).then(|| keepers.collect());
        }
        for (id, taken) in &mut self.withdrawals {
            let mut held = (0..nodes.len()).filter(honest).filter_map(|at| nodes[at].up.as_deref());
            let held = held.any(|up| up.replica.statements().get(*id).is_some());
            taken.sure &= held && taken.node != lost;
        }
    }

    /// Two copies of a node run at once, each with half of its links.
    pub(super) fn twin(&mut self, node: usize, same: bool, rng: &mut Seeded) -> Result<(), Broken> {
        let only = self
            .nodes
            .iter()
            .filter(|other| other.name == self.nodes[node].name)
            .count()
            == 1;
        let twin = self.nodes.len();
        if !only || !self.nodes[node].exists() {
            return Ok(());
        }
        if !self.divide(node, twin, rng) {
            return Ok(());
        }
        if let Some(up) = self.nodes[node].up.take() {
            self.nodes[node].disk = up.replica.store().whole();
        }
        let copy = self.nodes[node].twin(same, rng);
        self.nodes[node].doubled |= same;
        if same && !copy.hostile {
            self.doubled.insert(copy.name);
        }
        self.nodes.push(copy);
        self.report.twins += 1;
        self.tell(|| {
            Message::with(
                format!("van node {node} loopt nu ook een kopie, node {twin}"),
                format!("a copy of node {node} runs beside it, node {twin}"),
            )
        });
        self.relink();
        self.start(node)?;
        self.start(twin)
    }

    /// Divides the links of a node. A real copy has the addresses of the first and dials them all; where each has only
    /// half, both keep a way to what the federation says: over nodes that let it in with no more than it is told at its
    /// first start, since it may come back from that.
    fn divide(&mut self, node: usize, twin: usize, rng: &mut Seeded) -> bool {
        let whole: Vec<usize> = (0..twin).filter(|at| self.is_whole(*at)).collect();
        let (founding, plan, nodes) = (&self.founding, &self.plan, &self.nodes);
        let stranded = self.sabotage == Some(Sabotage::Strand);
        let place = |at: usize| nodes[if at == twin { node } else { at }].place;
        let names = |one: usize, other: usize| stranded || founding.names(plan, place(one), place(other));
        self.wires.divide((node, twin), &whole, &names, rng)
    }

    /// Whether a node takes part in what is to become equal first.
    fn is_whole(&self, node: usize) -> bool {
        let at = &self.nodes[node];
        at.exists() && !at.hostile && self.plan.away != Some(node)
    }

    fn arm(&mut self, node: usize, after: u32, how: Fault) {
        let at = &self.nodes[node];
        let disk = at.up.as_ref().map_or(&at.disk, |up| up.replica.store());
        disk.arm(after, how);
    }

    /// Something failed at a node: there is a reason when its disk does, and then it starts again.
    pub(super) fn failed(&mut self, node: usize, error: &ReplicaError) -> Result<(), Broken> {
        let struck = self.nodes[node]
            .up
            .as_ref()
            .is_some_and(|up| up.replica.store().has_struck());
        if struck || self.nodes[node].hostile || self.nodes[node].up.is_none() {
            return Ok(());
        }
        Law::Work.broken(format!("node {node}: {error}"))
    }

    /// A node whose disk stopped working starts again.
    pub(super) fn look_at_disk(&mut self, node: usize) -> Result<(), Broken> {
        let Some(up) = &self.nodes[node].up else {
            return Ok(());
        };
        let disk = up.replica.store();
        if disk.struck() {
            let down = disk.is_down();
            self.report.faults += 1;
            self.tell(|| {
                Message::with(
                    format!("de schijf van node {node} faalt"),
                    format!("the disk of node {node} fails"),
                )
            });
            if down {
                self.fall(node);
            }
        }
        Ok(())
    }

    /// States a proof that came to light, unless one of that log is stated already: what the driver of a node does.
    pub(super) fn state_fork(&mut self, node: usize, proof: ForkProof) -> Result<(), Broken> {
        let Ok(forked) = proof.verify() else {
            return Law::Innocent.broken(format!("node {node} gives a proof of a fork that proves nothing"));
        };
        let honest = |name| self.nodes.iter().any(|other| other.name == name && !other.hostile);
        if honest(forked.node) && !self.doubled.contains(&forked.node) {
            return Law::Innocent.broken(format!("node {node} finds a fork in the log of a correct node"));
        }
        let at = &mut self.nodes[node];
        let Some(up) = at.up.as_mut().filter(|_| self.sabotage != Some(Sabotage::KeepForks)) else {
            return Ok(());
        };
        let roster = up.replica.roster();
        if roster.gemeente_of(at.name).is_none() || roster.fork(forked.log).is_some() {
            return Ok(());
        }
        let statement = Statement::sign(self.founding.federation, Body::Fork(proof), &at.key);
        self.report.forks += 1;
        let (log, seq) = (forked.log, forked.seq);
        self.tell(|| {
            Message::with(
                format!("node {node} bewijst dat log {log} zich splitst bij entry {seq}"),
                format!("node {node} proves that log {log} parts at entry {seq}"),
            )
        });
        self.state(node, vec![statement]).map(|_| ())
    }

    /// Proves the double votes that the votes at hand show, and nobody has proven yet: what the driver of a node does.
    pub(super) fn state_double_votes(&mut self, node: usize) -> Result<(), Broken> {
        let at = &self.nodes[node];
        let Some(up) = at.up.as_ref().filter(|_| !at.hostile) else {
            return Ok(());
        };
        let roster = up.replica.roster();
        if roster.gemeente_of(at.name).is_none() || roster.double_votes().next().is_none() {
            return Ok(());
        }
        let proofs = DoubleVote::unproven(up.replica.statements()).into_iter();
        let sign = |proof| Statement::sign(self.founding.federation, Body::DoubleVote(proof), &at.key);
        let said: Vec<Statement> = proofs.map(sign).collect();
        if said.is_empty() {
            return Ok(());
        }
        self.report.doubles += said.len() as u64;
        self.tell(|| {
            Message::with(
                format!("node {node} bewijst dat een lid dubbel stemde"),
                format!("node {node} proves that a member voted twice"),
            )
        });
        self.state(node, said).map(|_| ())
    }

    /// A node states something: it is flushed before anybody hears of it. False when the disk failed.
    pub(super) fn state(&mut self, node: usize, statements: Vec<Statement>) -> Result<bool, Broken> {
        let Some(up) = &mut self.nodes[node].up else {
            return Ok(false);
        };
        let added = up.replica.add_statements(statements).and_then(|_| up.replica.flush());
        if let Err(error) = added {
            self.failed(node, &error)?;
            return Ok(false);
        }
        self.nodes[node].flushed();
        self.welcome(node)?;
        self.give(node, Input::Written)?;
        Ok(true)
    }
}
