//! Signing a founding edition: the last look at it before a root key speaks.
//!
//! **Invariant:** nothing is signed whose own entry has keys or a vote that this gemeente did not choose, and what is shown is
//! what is signed.

use std::fs;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Member, Role, Statement};
use protocol::id::{NodeKey, RootKey};

use super::super::{Config, Home, RootFiles, armor, roots};
use super::paper::missing;
use super::{FoundingError, Proposal, check_root, endorsement, signing_key};
use crate::driver::Root;

/// A founding edition that this gemeente may sign, and has not signed yet.
#[derive(Debug)]
pub struct Endorsing {
    /// What the edition says, and who signed it.
    pub proposal: Proposal,
    /// In what the own entry is not as this node would write it; keys and vote are.
    pub differs: Vec<Entry>,
    statements: Vec<Statement>,
    vote: Body,
    key: SigningKey,
}

impl Endorsing {
    /// The charter with the signature of this gemeente.
    #[must_use]
    pub fn sign(mut self) -> String {
        let vote = Statement::sign(self.proposal.federation, self.vote, &self.key);
        if self.statements.iter().all(|statement| statement.id() != vote.id()) {
            self.statements.push(vote);
        }
        armor::write_charter(&self.statements)
    }
}

/// Part of what an edition says of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The node keys.
    Nodes,
    /// What its root key is committed to.
    NextRoot,
    /// Whether it votes.
    Role,
    /// The name.
    Name,
    /// The mailbox.
    Mailbox,
    /// The addresses.
    Addresses,
}

/// The founding edition of a charter, once the entry of this gemeente in it is the one in its own card: whoever signs what
/// says otherwise hands its voice to somebody else.
///
/// # Errors
/// [`FoundingError`]; [`FoundingError::Altered`] when a key or the vote is not its own.
pub fn to_endorse(home: &Home, charter: &str, keys: &RootFiles) -> Result<Endorsing, FoundingError> {
    let config = Config::read(home)?;
    let key = keys.root(home)?;
    let statements = armor::read_charter(charter)?;
    let edition = statements
        .iter()
        .find_map(Statement::founding)
        .ok_or(FoundingError::NoEdition)?;
    let (gemeente, root) = (config.gemeente, RootKey(key.verifying_key().to_bytes()));
    check_root(home, gemeente, root, None)?;
    let listed = edition.member(gemeente).filter(|member| member.root == root);
    let listed = listed.ok_or(FoundingError::NotListed { gemeente })?;
    let differs = own_entry(home, &config, listed)?;
    let proposal = Proposal {
        federation: edition.federation(),
        members: edition.members.clone(),
        missing: missing(&statements, edition.federation()),
        statements: statements.len(),
        course: None,
    };
    let vote = endorsement(edition);
    Ok(Endorsing {
        proposal,
        differs,
        statements,
        vote,
        key,
    })
}

/// In what an entry is not as this node would write it, where that matters to nobody but people.
fn own_entry(home: &Home, config: &Config, listed: &Member) -> Result<Vec<Entry>, FoundingError> {
    let roots = roots::kept(home).map_err(|source| FoundingError::Io {
        path: home.roots(),
        source,
    })?;
    let committed = |root: &Root| root.key == listed.root && root.next == listed.next_root;
    let nodes = match fs::read_to_string(home.card()) {
        Ok(card) => armor::read_card(&card)?.member.nodes,
        Err(_) => vec![NodeKey(signing_key(home, "node")?.verifying_key().to_bytes())],
    };
    let altered = match () {
        () if listed.nodes != nodes => Some(Entry::Nodes),
        () if !roots.iter().any(committed) => Some(Entry::NextRoot),
        () if listed.role != Role::Voting => Some(Entry::Role),
        () => None,
    };
    if let Some(entry) = altered {
        let gemeente = config.gemeente;
        return Err(FoundingError::Altered { gemeente, entry });
    }
    let told = [
        (Entry::Name, listed.name != config.name),
        (Entry::Mailbox, listed.mailbox != config.mailbox),
        (Entry::Addresses, listed.addresses != config.announced()),
    ];
    Ok(told
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(entry, _)| entry)
        .collect())
}

/// The charter with this gemeente's signature under its founding edition.
///
/// # Errors
/// As [`to_endorse`].
pub fn endorse(home: &Home, charter: &str, keys: &RootFiles) -> Result<String, FoundingError> {
    Ok(to_endorse(home, charter, keys)?.sign())
}
