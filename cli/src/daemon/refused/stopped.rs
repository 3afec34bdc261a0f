//! What a node that stopped by itself is told with: a full disk is named as what it is.

use node::full::is_full;
use node::runtime::RunError;

use super::{MAKE_ROOM, SEE_LOG, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// A node that ran, and could not keep what it had to.
pub(super) fn of_stop(error: RunError) -> CommandError {
    if is_full(&error) {
        let what = (
            "de schijf is vol: wat het laatst binnenkwam, is misschien niet bewaard",
            "the disk is full: what came in last may not have been kept",
        );
        return told(Exit::Conflict, what, MAKE_ROOM, error);
    }
    if matches!(error, RunError::WaitsForNobody) {
        let what = ("deze node wacht op niemand", "this node waits for nobody");
        let hint = ("start haar zonder --heard", "start it without --heard");
        return told(Exit::Conflict, (what.0.to_owned(), what.1.to_owned()), hint, error);
    }
    let what = match &error {
        RunError::Ended { part } | RunError::Panicked { part } => (
            format!("de node stopte, omdat een deel ervan stopte: {}", part_nl(part)),
            format!("the node stopped, because a part of it did: {part}"),
        ),
        error => (
            format!("de node stopte ({error})"),
            format!("the node stopped ({error})"),
        ),
    };
    told(Exit::Internal, what, SEE_LOG, error)
}

fn part_nl(part: &str) -> &str {
    match part {
        "the driver" => "de kern",
        "the view" => "de weergave",
        "the release" => "de vrijgave",
        "the API" => "de API",
        _ => "zie het logboek",
    }
}
