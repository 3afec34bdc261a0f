//! The steps of `charter`, as they were typed.

use std::path::PathBuf;

use protocol::charter::Merge;
use protocol::id::Gemeente;

/// Where the root keys are, when they are not in the folder of the node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RootFiles {
    /// The root key.
    pub root: Option<PathBuf>,
    /// The root key that is to follow it.
    pub next: Option<PathBuf>,
}

/// What a next edition changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NextEdition {
    /// Cards of gemeenten that join.
    pub add: Vec<PathBuf>,
    /// New cards of members.
    pub renew: Vec<PathBuf>,
    /// Members that go.
    pub remove: Vec<Gemeente>,
    /// Members that read along from now on.
    pub reading: Vec<Gemeente>,
    /// Members that vote from now on.
    pub voting: Vec<Gemeente>,
    /// Members that stay on hold.
    pub carry: Vec<Gemeente>,
    /// Members that are on hold no longer.
    pub lift: Vec<Gemeente>,
    /// Members that become part of another one.
    pub merges: Vec<Merge>,
    /// Meant against a proposal that is open.
    pub against: bool,
    /// Only show it.
    pub dry_run: bool,
    /// Also at a node that heard nobody since its start.
    pub now: bool,
}

/// What becomes of what was shared, when a gemeente goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// It stays with the others.
    Keep,
    /// It is taken back, for ever.
    Withdraw,
}

/// How a gemeente goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// Also when the others have not decided on an edition without this gemeente, or nobody was heard since the start.
    pub now: bool,
    /// Whether nobody at a terminal is asked.
    pub yes: bool,
    /// What becomes of what was shared; somebody at a terminal is asked when absent.
    pub shared: Option<Shared>,
}

/// The steps of founding a federation, and of changing who belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charter {
    /// Make the card of this gemeente.
    Card {
        /// The root keys.
        keys: RootFiles,
        /// Where it is written; standard output when absent.
        out: Option<PathBuf>,
    },
    /// Write the charter.
    New {
        /// The cards of the others.
        cards: Vec<PathBuf>,
        /// Whether it is to be a federation of one, without cards.
        alone: bool,
        /// The root keys.
        keys: RootFiles,
        /// Where it is written; standard output when absent.
        out: Option<PathBuf>,
    },
    /// Sign a founding charter, or vote for a proposal.
    Endorse {
        /// The founding charter; a proposal in the charter of the node when absent.
        file: Option<PathBuf>,
        /// The begin of the hash of the proposal; the only one that is open when absent.
        edition: Option<String>,
        /// The root key.
        keys: RootFiles,
        /// Where it is written; the same file when absent.
        out: Option<PathBuf>,
        /// Also at a node that heard nobody since its start.
        now: bool,
    },
    /// Take a charter in.
    Import {
        /// The charter.
        file: PathBuf,
    },
    /// Write down all that the node holds of the charter.
    Export {
        /// Where it is written; standard output when absent.
        out: Option<PathBuf>,
    },
    /// Invite somebody into the federation.
    Invite {
        /// Where the invitation is written; standard output when absent.
        out: Option<PathBuf>,
    },
    /// Propose the next edition.
    Propose {
        /// What it changes.
        next: NextEdition,
        /// The root key.
        keys: RootFiles,
    },
    /// Ask to put a member on hold.
    Suspend {
        /// Who.
        gemeente: Gemeente,
        /// The root key.
        keys: RootFiles,
        /// Also at a node that heard nobody since its start.
        now: bool,
    },
    /// Leave the federation.
    Leave {
        /// How.
        asked: Leave,
        /// The root key.
        keys: RootFiles,
    },
    /// Show who belongs.
    Show {
        /// A card or charter to read instead of asking the node.
        file: Option<PathBuf>,
    },
}
