//! A node that was made of a backup waits for others, and a person may decide that it waits for nobody any more.
//!
//! It may be that those it waits for are gone. What they would have told was withdrawn may then be shown again, so this is
//! nothing that a node does by itself: it is noted who decided it, before it has any effect.

use std::fs;
use std::path::Path;

use protocol::api::{Message, ProblemKind};
use protocol::gate::Account;

use super::audit::Audit;
use super::{Config, Home, RunError};
use crate::http::{Deed, Failure};
use crate::secret::sync_dir;

/// Whether the node in this directory, which does not run, was made of a backup or anew and has still to hear others.
#[must_use]
pub fn waits(home: &Home) -> bool {
    home.restored().exists()
}

/// Ends the wait of the node in this directory, which does not run.
///
/// # Errors
/// [`RunError::WaitsForNobody`] when there is nothing to decide; [`RunError::System`] when it could not be noted.
pub(super) fn enough(home: &Home, config: &Config, by: &Account) -> Result<(), RunError> {
    let path = home.restored();
    if !path.exists() {
        return Err(RunError::WaitsForNobody);
    }
    note(home, config, by, Deed::HeardEnough, &[])?;
    let removed = fs::remove_file(&path).and_then(|()| sync_dir(path.parent().unwrap_or(Path::new("."))));
    removed.map_err(|source| RunError::System {
        what: path.display().to_string(),
        source,
    })
}

/// A node that was made of a backup does not show yet what may have been withdrawn since.
pub(super) fn hears_first() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze node komt uit een reservekopie of heeft een nieuwe opslag; zij toont en deelt niets voordat andere nodes vertelden wat sindsdien is ingetrokken",
            "this node was made of a backup, or has a store that was made anew; it shows and shares nothing before other nodes told what was withdrawn since",
        ),
        hint: Some(Message::new(
            "leerkring status zegt op wie zij wacht; komen die niet meer, start de node dan een keer met --heard",
            "leerkring status says for whom it waits; when they do not come any more, start the node once with --heard",
        )),
    }
}

/// Notes a deed at a node that does not run.
///
/// # Errors
/// [`RunError::System`]: a decision of which nothing is kept is none.
pub(super) fn note(home: &Home, config: &Config, by: &Account, deed: Deed, about: &[String]) -> Result<(), RunError> {
    let audit = Audit::new(home.audit(), config.audit);
    audit.noted(by, deed, about).map_err(|source| RunError::System {
        what: home.audit().display().to_string(),
        source,
    })
}
