//! Why nothing is signed.

use protocol::charter::StatementError;
use protocol::id::{DocumentId, EditionHash, Gemeente, NodeKey};

use super::super::armor::ArmorError;
use super::root::RootError;
use crate::secret::SecretError;

/// Why nothing is signed. Nothing was said to anybody then.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The charter, or a card, cannot be read.
    #[error(transparent)]
    Armor(#[from] ArmorError),
    /// There is no root key to sign with.
    #[error(transparent)]
    Root(#[from] RootError),
    /// No random bytes.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// What is asked for makes no edition.
    #[error("this makes no edition: {0}")]
    Edition(#[from] StatementError),
    /// The federation is not founded, as far as this charter tells.
    #[error("the federation is not founded yet")]
    NotFounded,
    /// The key speaks for no member of the edition in force.
    #[error("the root key speaks for no member of the edition in force")]
    NotRoot,
    /// The member reads along.
    #[error("{gemeente} reads along and does not vote")]
    Reads {
        /// Who.
        gemeente: Gemeente,
    },
    /// Nothing would change.
    #[error("the next edition would change nothing")]
    NothingAsked,
    /// No member has this code.
    #[error("{gemeente} is no member")]
    NoMember {
        /// The code.
        gemeente: Gemeente,
    },
    /// A card of who is a member already.
    #[error("{gemeente} is a member already")]
    MemberAlready {
        /// Who.
        gemeente: Gemeente,
    },
    /// The gemeente became part of another one.
    #[error("{gemeente} became part of another gemeente")]
    NoMore {
        /// Who.
        gemeente: Gemeente,
    },
    /// A card of before the root key was replaced.
    #[error("the card of {gemeente} names a root key that was replaced")]
    ReplacedRoot {
        /// Whose card.
        gemeente: Gemeente,
    },
    /// The key follows the root key and has not taken its place.
    #[error("this is the next root key of {gemeente}, which has not taken the place of the root key")]
    NextRoot {
        /// Whose key.
        gemeente: Gemeente,
    },
    /// A card brings a node key that ended.
    #[error("the node key {node} of {gemeente} has ended for good")]
    EndedNode {
        /// Whose card.
        gemeente: Gemeente,
        /// The key.
        node: NodeKey,
    },
    /// A node would end, and nothing says where its logs stand.
    #[error("nothing says where the logs of {gemeente} stand")]
    HeightsMissing {
        /// Whose node.
        gemeente: Gemeente,
    },
    /// Who is to stay on hold is not on hold.
    #[error("{gemeente} is not on hold")]
    NotOnHold {
        /// Who.
        gemeente: Gemeente,
    },
    /// This member voted for it already.
    #[error("this member voted for it already")]
    Voted,
    /// Just this is proposed already.
    #[error("{edition} proposes just this already")]
    Proposed {
        /// The proposal.
        edition: EditionHash,
    },
    /// This member voted for another edition in this ballot.
    #[error("this member voted for {voted} in this ballot")]
    Twice {
        /// The other one.
        voted: EditionHash,
    },
    /// Others voted for something else, so this cannot be decided any more.
    #[error("this cannot be decided any more in this ballot")]
    Hopeless {
        /// What has the most votes.
        other: Option<EditionHash>,
    },
    /// More votes of one key than a set is sure to keep.
    #[error("this member voted in as many ballots as can be kept")]
    TooManyVotes,
    /// Nothing is proposed.
    #[error("nothing is proposed")]
    NothingOpen,
    /// No proposal has a hash that begins like this.
    #[error("no proposal begins with {begin}")]
    NoSuchEdition {
        /// As given.
        begin: String,
    },
    /// What is meant was decided already.
    #[error("edition {number} is decided already, and edition {current} is in force")]
    Decided {
        /// Its number.
        number: u64,
        /// The number of the edition in force.
        current: u64,
    },
    /// Several proposals fit.
    #[error("{} proposals fit", editions.len())]
    Several {
        /// Their hashes.
        editions: Vec<EditionHash>,
    },
    /// A member cannot suspend itself.
    #[error("a member cannot put itself on hold")]
    Itself,
    /// This member asked for it already.
    #[error("this member asked for it already")]
    AskedAlready,
    /// The document is withdrawn already.
    #[error("document {document} is withdrawn already")]
    Withdrawn {
        /// The document.
        document: DocumentId,
    },
    /// The member never voted beside the owner of the document.
    #[error("{gemeente} has no say about what {owner} shared")]
    NoSay {
        /// Who asks.
        gemeente: Gemeente,
        /// Whose document it is.
        owner: Gemeente,
    },
    /// The key signed as many withdrawals as one can.
    #[error("this root key signed as many withdrawals as one key can")]
    TooManyWithdrawals,
    /// There are too few other members to suspend anybody.
    #[error("it takes {needed} members to put one on hold")]
    TooFew {
        /// How many it takes.
        needed: usize,
    },
    /// The gemeente is no member any more.
    #[error("{gemeente} is no member any more")]
    Gone {
        /// Who.
        gemeente: Gemeente,
    },
    /// The gemeente left already.
    #[error("{gemeente} left already")]
    LeftAlready {
        /// Who.
        gemeente: Gemeente,
    },
    /// The others could decide nothing any more without this vote.
    #[error("{gemeente} would leave while its vote still counts")]
    Undecided {
        /// Who.
        gemeente: Gemeente,
        /// Whether it voted for an edition without it.
        voted: bool,
        /// Whether nobody else votes.
        last: bool,
    },
    /// What was signed is more than a statement can hold, or than the charter keeps.
    #[error("the charter does not keep what was signed")]
    NotKept,
}
