//! Which federation a charter that is handed in makes this node part of.

use protocol::charter::{Roster, Set, Statement};
use protocol::id::{FederationId, NodeKey};

/// The charter lists this node nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotListed;

/// The federation that these statements found, if they do. A node that is in it already takes whatever comes; any other must
/// be listed: by the founding edition, by one that was decided since, or by a certificate of its member.
///
/// # Errors
/// [`NotListed`].
pub fn joins(
    statements: &[Statement],
    held: Option<FederationId>,
    me: NodeKey,
) -> Result<Option<FederationId>, NotListed> {
    let Some(edition) = statements.iter().find_map(Statement::founding) else {
        return Ok(None);
    };
    let federation = edition.federation();
    if held == Some(federation) {
        return Ok(held);
    }
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    let listed = Roster::of(&set).nodes().any(|(node, _)| node == me);
    listed.then_some(Some(federation)).ok_or(NotListed)
}
