//! Why nothing is approved, taken in or thrown away: what to say of a concept that is not as it was, or of the vault.

use protocol::api::{Message, ProblemKind};

use crate::http::Failure;
use crate::vault::{State, VaultError};

/// What was shown is not what lies there.
pub(super) fn changed(id: &str) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("{id} is veranderd sinds het bekeken is; er is niets goedgekeurd"),
            format!("{id} has changed since it was reviewed; nothing was approved"),
        ),
        hint: Some(Message::with(
            format!("bekijk het opnieuw met leerkring review {id} en keur het dan goed"),
            format!("review it again with leerkring review {id}, then approve it"),
        )),
    }
}

/// A concept that this version does not read.
pub(super) fn outdated() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze versie kan dit concept niet meer lezen",
            "this version can no longer read this draft",
        ),
        hint: Some(Message::new(
            "deel het opnieuw met leerkring share",
            "share it again with leerkring share",
        )),
    }
}

/// What the vault refuses, or fails at.
pub(in crate::runtime) fn vault_failed(error: VaultError) -> Failure {
    match error {
        VaultError::Transition {
            id,
            from: State::Withdrawn,
            ..
        } => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!("{id} is ingetrokken en blijft dat"),
                format!("{id} was withdrawn and stays so"),
            ),
            hint: Some(Message::new(
                "leg het onder een nieuw id vast, of gewijzigd, en deel dat (leerkring share)",
                "record it under a new id, or changed, and share that (leerkring share)",
            )),
        },
        error => Failure::internal(error),
    }
}
