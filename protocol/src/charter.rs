//! Who belongs: a grow-only set of self-verifying statements, and the roster that follows from it.
//!
//! Nobody owns the member list. A [`Statement`] is signed by the key it speaks for; a [`Set`] of them is the same
//! whatever order they came in; the [`Roster`] is one pure function of that set.
//!
//! **Invariant:** whether a statement counts is decided by [`Roster::of`] alone, from the set alone.

mod body;
mod card;
mod edition;
mod erasure;
mod evidence;
mod fingerprint;
mod invitation;
mod keys;
mod member;
mod request;
mod roster;
mod set;
mod statement;
mod suspensions;
mod tally;
mod voices;

pub use body::{
    Body, Cut, Day, Departure, Ending, Endorsement, Merge, NodeAddress, NodeProof, Rotation, Suspended, Suspension,
};
pub use card::Card;
pub use edition::Edition;
pub use erasure::{Asked, Confirmed, Erasures, Receipt, WITHDRAWALS_MAX, Withdrawal, Withdrawn};
pub use evidence::{DoubleVote, Doubled, Evidence};
pub use fingerprint::{is_fingerprint, node_fingerprint, root_fingerprint};
pub use invitation::{INVITATION_BYTES_MAX, Invitation, Invited, PLACES_MAX, Place};
pub use keys::{Fate, OwnKey, own_keys, rotation};
pub use member::{ADDRESS_BYTES_MAX, ADDRESSES_MAX, Member, NAME_BYTES_MAX, Role, next_root};
pub use request::NodeRequest;
pub use roster::{Course, Ended, Hold, Proposal, Roster, Standing, Vote};
pub use set::{Set, SetError};
pub use statement::{STATEMENT_BYTES_MAX, Statement, StatementError};
pub use suspensions::suspenders;
pub use tally::quorum;

#[cfg(test)]
mod tests;
