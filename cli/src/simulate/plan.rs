//! What a run is like, decided before it: who is there, who is linked to whom, and every step in its order.
//!
//! A plan can be kept, taken apart and run again: a step draws from its own salt, so leaving one out changes no other.

mod draw;

use protocol::api::Message;
use protocol::sync::Config;
use serde::{Deserialize, Serialize};

/// Most nodes in one federation.
pub const NODES_MAX: usize = 40;
/// Most weeks of work in one run.
pub const WEEKS_MAX: u64 = 520;

/// What is not left to the seed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wish {
    /// How many nodes.
    pub nodes: Option<usize>,
    /// How many weeks people work, each pressed into ten seconds.
    pub weeks: Option<u64>,
    /// How many nodes are hostile.
    pub hostile: Option<usize>,
}

impl std::fmt::Display for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = |name: &str, value: Option<u64>| value.map_or(String::new(), |value| format!(" --{name} {value}"));
        let nodes = of("nodes", self.nodes.map(|nodes| nodes as u64));
        let hostile = of("hostile", self.hostile.map(|nodes| nodes as u64));
        write!(f, "{nodes}{}{hostile}", of("weeks", self.weeks))
    }
}

/// What the run of a seed is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Keys, and what wires and machines draw, come from it.
    pub seed: u64,
    /// Per node, which gemeente it speaks for.
    pub nodes: Vec<usize>,
    /// The first so many gemeenten found the federation; later ones are added by an edition.
    pub founders: usize,
    /// Nodes that are not there at the founding: certified, or listed by an edition, on the way.
    pub later: Vec<usize>,
    /// Gemeenten whose nodes and root keys are hostile.
    pub hostile: Vec<usize>,
    /// What hostile nodes do to what they are asked.
    pub manners: Vec<Manner>,
    /// Pairs of nodes that can be linked.
    pub links: Vec<(usize, usize)>,
    /// A node that nobody reaches until all others are equal.
    pub away: Option<usize>,
    /// Whether hints are carried.
    pub gossip: bool,
    /// Whether each founder's endorsement and each certificate starts at one node only.
    pub scattered: bool,
    /// What wires do to frames.
    pub wires: Harm,
    /// How the machines are set.
    pub pace: Pace,
    /// How long people write and fate strikes.
    pub busy_ms: u64,
    /// What happens in that time, in order.
    pub steps: Vec<Step>,
}

/// What wires do to frames, of a thousand, and how long they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Harm {
    /// Longest latency.
    pub latency_ms: u64,
    /// Frames lost.
    pub lost: u64,
    /// Frames that come twice.
    pub doubled: u64,
    /// Frames with bits changed.
    pub broken: u64,
}

/// How the machines are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Time between comparisons.
    pub anti_entropy_ms: u64,
    /// Conversations at once.
    pub sessions: usize,
    /// Comparisons that a node starts in that time.
    pub exchanges: usize,
    /// Tokens of a peer per second.
    pub served: u64,
}

impl Pace {
    /// As a machine takes it.
    #[must_use]
    pub fn config(&self) -> Config {
        Config {
            anti_entropy_ms: self.anti_entropy_ms,
            sessions_max: self.sessions,
            exchanges_per_interval: self.exchanges,
            serve_per_second: self.served,
            refused_ms: 60_000,
            ..Config::default()
        }
    }
}

/// Something that happens at its time, at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at_ms: u64,
    /// At which node.
    pub node: usize,
    /// What.
    pub deed: Deed,
    /// What the step draws from.
    pub salt: u64,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// A person writes, edits, contributes, or moves a server.
    Write,
    /// A team asks, explains, meets about a record, or tries something.
    Learn,
    /// A document is taken back.
    Withdraw,
    /// The nodes fall apart in two sides.
    Part,
    /// The sides come together.
    Heal,
    /// The node ends in the middle of things.
    Crash,
    /// Somebody copies the disk and the own log away.
    Backup,
    /// The node ends, and starts with the copy; with nothing when there is none.
    Rollback,
    /// A copy of the node runs beside it, under the same key.
    Twin,
    /// So it does, and both draw the same random bytes.
    SameTwin,
    /// At its next start the clock stands so many days further.
    Clock(i64),
    /// The disk fails after so many calls.
    Fault(u32, Fault),
    /// A member proposes an edition.
    Propose(Change),
    /// A member votes.
    Endorse,
    /// A member certifies one more node.
    Certify,
    /// A member ends one of its node keys.
    End,
    /// The next root key of a member takes the place of the one before.
    Rotate,
    /// A member leaves.
    Leave,
    /// A member asks to suspend another one, drawn from the number.
    Suspend(u64),
    /// A hostile member does its worst.
    Malice(Malice),
}

/// How a disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// One call fails, and nothing of it was done.
    Once,
    /// That call and all after it fail until the node starts again; a batch may be on the disk all the same.
    Lasting,
}

/// What an edition changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// A gemeente joins.
    Add,
    /// A member is removed, also one that is writing.
    Remove,
    /// A member becomes part of another one.
    Merge,
    /// What is in force is listed anew: keys that were certified, root keys that were replaced.
    Renew,
}

/// What hostile nodes do to what they are asked and tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Manner {
    /// Says that it holds something else, or further.
    Lie,
    /// Gives nothing.
    Withhold,
    /// Answers with something that is no message, or another answer.
    Garble,
    /// Sends again what it sent before.
    Replay,
    /// Adds entries and statements that it made up or changed.
    Forge,
}

/// What a hostile member writes and signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Malice {
    /// Entries that break a rule, each in its own log.
    Entries,
    /// Two histories in one log.
    Fork,
    /// Entries of a run that should have ended: after leaving or removal, in the name of a key that it certifies.
    Backdate,
    /// Many logs and entries.
    FloodEntries,
    /// Many statements.
    FloodStatements,
    /// Certificates for keys of its own and of others.
    Certify,
    /// Votes for several editions in one ballot.
    DoubleVote,
    /// Documents of others and of its own taken back, and its own changed again.
    Withdraw,
    /// Ends, rotations, departures and suspensions in the name of others.
    Usurp,
}

impl Plan {
    /// The plan of a seed, but for what is wished.
    #[must_use]
    pub fn of(seed: u64, wish: Wish) -> Self {
        draw::plan(seed, wish)
    }

    /// Whether the plan speaks only of nodes that there are: one that was kept may have been edited.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), Message> {
        let count = self.nodes.len();
        let links = self.links.iter().all(|(low, high)| low < high && *high < count);
        let steps = self.steps.iter().all(|step| step.node < count);
        let named = self.later.iter().chain(&self.away).all(|node| *node < count);
        let of = |gemeente: usize| self.nodes.contains(&gemeente);
        let gemeenten = (1..=self.gemeenten()).contains(&self.founders) && (0..self.gemeenten()).all(of);
        if (1..=2 * NODES_MAX).contains(&count) && links && steps && named && gemeenten {
            return Ok(());
        }
        Err(Message::new(
            "het plan noemt nodes of gemeenten die er niet zijn",
            "the plan names nodes or gemeenten that are not there",
        ))
    }

    /// How many gemeenten there are, also those that join later.
    #[must_use]
    pub fn gemeenten(&self) -> usize {
        self.nodes.iter().max().map_or(0, |last| last + 1)
    }

    /// Whether a node is hostile.
    #[must_use]
    pub fn is_hostile(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|of| self.hostile.contains(of))
    }

    /// Whether a step of this kind is in it.
    #[must_use]
    pub fn has(&self, is: impl Fn(&Deed) -> bool) -> bool {
        self.steps.iter().any(|step| is(&step.deed))
    }

    /// The classes of what breaks that it belongs to.
    #[must_use]
    pub fn classes(&self) -> Vec<Class> {
        let charter = |deed: &Deed| {
            matches!(
                deed,
                Deed::Propose(_) | Deed::Certify | Deed::End | Deed::Rotate | Deed::Leave | Deed::Suspend(_)
            )
        };
        let found = [
            (Class::Rollback, self.has(|deed| *deed == Deed::Rollback)),
            (
                Class::Twin,
                self.has(|deed| matches!(deed, Deed::Twin | Deed::SameTwin)),
            ),
            (Class::Clock, self.has(|deed| matches!(deed, Deed::Clock(_)))),
            (Class::Disk, self.has(|deed| matches!(deed, Deed::Fault(..)))),
            (Class::Hostile, !self.hostile.is_empty()),
            (Class::Membership, self.has(charter)),
            (Class::Merger, self.has(|deed| *deed == Deed::Propose(Change::Merge))),
        ];
        let of = found.into_iter().filter(|(_, is)| *is).map(|(class, _)| class);
        of.collect()
    }
}

/// What breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A node comes back from an older moment.
    Rollback,
    /// Two copies of one node run at once.
    Twin,
    /// Clocks jump.
    Clock,
    /// Disks fail.
    Disk,
    /// Members are hostile.
    Hostile,
    /// Members come, go and change keys.
    Membership,
    /// Gemeenten become one.
    Merger,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Rollback,
        Self::Twin,
        Self::Clock,
        Self::Disk,
        Self::Hostile,
        Self::Membership,
        Self::Merger,
    ];

    /// Its name in Dutch and English.
    #[must_use]
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Rollback => ("terug naar een oude stand", "rollback"),
            Self::Twin => ("twee keer hervat", "double resume"),
            Self::Clock => ("klok liegt", "clock lies"),
            Self::Disk => ("schijf faalt", "disk errors"),
            Self::Hostile => ("vijandige leden", "hostile members"),
            Self::Membership => ("leden wisselen", "membership"),
            Self::Merger => ("herindeling", "merger"),
        }
    }
}
