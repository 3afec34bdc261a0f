//! What a card or a charter on paper says, before anybody signs it.

use protocol::api::HandvestStand;
use protocol::charter::{Body, Member, Roster, Set, Standing, Statement};
use protocol::id::{FederationId, Gemeente};

use super::super::armor;
use super::super::charter::stand_of;
use super::FoundingError;

/// What a card or a charter says, for whoever has to decide on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paper {
    /// The card of one gemeente.
    Card(Box<Member>),
    /// A charter.
    Charter(Proposal),
}

/// A charter on paper: who would belong, and who agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The federation that it founds.
    pub federation: FederationId,
    /// The members, in order of code.
    pub members: Vec<Member>,
    /// Founders who have not signed yet.
    pub missing: Vec<Gemeente>,
    /// Statements in it.
    pub statements: usize,
    /// How it stands with the editions, when it holds more than the founding.
    pub course: Option<Box<HandvestStand>>,
}

/// Reads a card or a charter without any node; every signature in it is checked.
///
/// # Errors
/// [`FoundingError`].
pub fn inspect(text: &str) -> Result<Paper, FoundingError> {
    if armor::is_card(text) {
        return Ok(Paper::Card(Box::new(armor::read_card(text)?.member)));
    }
    let statements = armor::read_charter(text)?;
    let founding = statements.iter().find_map(Statement::founding);
    let federation = founding.ok_or(FoundingError::NoEdition)?.federation();
    let mut set = Set::new(federation);
    set.extend(statements.clone());
    let roster = Roster::of(&set);
    let later = set
        .iter()
        .any(|one| matches!(one.body(), Body::Edition(edition) if edition.number > 0));
    Ok(Paper::Charter(Proposal {
        federation,
        members: roster.members().to_vec(),
        missing: missing(&statements, federation),
        statements: statements.len(),
        course: (later && roster.is_active()).then(|| Box::new(stand_of(&set, &roster))),
    }))
}

/// Founders whose signature is not among these statements.
pub(super) fn missing(statements: &[Statement], federation: FederationId) -> Vec<Gemeente> {
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    match Roster::of(&set).standing() {
        Standing::Proposed { missing } => missing.clone(),
        Standing::Absent | Standing::Active { .. } => Vec::new(),
    }
}
