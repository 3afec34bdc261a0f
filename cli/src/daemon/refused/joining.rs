//! What is wrong with an invitation, or with taking one in.

use node::runtime::JoinError;
use protocol::api::Message;

use super::founding::GIVE_CARD;
use super::{CoreError, of_armor, of_replica, of_run, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(in crate::daemon) fn of_join(error: JoinError) -> CommandError {
    match error {
        JoinError::Closed => {
            let what = (
                "deze node kan niemand binnenlaten: zij hoort (nog) niet bij een gestichte federatie, of heeft geen adres",
                "this node cannot let anybody in: it does not belong to a federation that is founded, or has no address",
            );
            let hint = (
                "vraag een lid van de federatie om de uitnodiging",
                "ask a member of the federation for the invitation",
            );
            told(Exit::Conflict, what, hint, error)
        }
        JoinError::Armor(error) => of_armor(error),
        JoinError::Io { path, source } => CommandError::of_file(&path, source),
        JoinError::Run(error) => of_run(error),
        JoinError::Core(CoreError::Replica(error)) => of_replica(error),
        JoinError::Core(error @ CoreError::LetIn { federation }) => CommandError::new(
            Exit::Conflict,
            Message::with(
                format!("deze node hoort al bij federatie {federation}"),
                format!("this node belongs to federation {federation} already"),
            ),
        )
        .hinting(Message::new(
            "er hoeft niets te gebeuren: leerkring status zegt hoe het staat",
            "nothing needs to be done: leerkring status tells how things are",
        ))
        .caused_by(error),
        JoinError::Core(error) => of_run(error.into()),
    }
}

/// A charter that is not for this node.
pub(super) fn not_ours(error: CoreError) -> CommandError {
    match error {
        CoreError::Foreign => {
            let what = (
                "dit handvest noemt deze node, maar bij een andere gemeente of met een wortelsleutel die niet van haar is",
                "this charter lists this node, but for another gemeente or with a root key that is not its own",
            );
            let hint = (
                "vertrouw dit bestand niet: bel wie het zou hebben gestuurd",
                "do not trust this file: call who is said to have sent it",
            );
            told(Exit::Conflict, what, hint, error)
        }
        CoreError::Unsigned => {
            let what = (
                "de wortelsleutel van deze gemeente heeft in dit handvest niets getekend",
                "the root key of this gemeente signed nothing in this charter",
            );
            let hint = (
                "sticht u mee, teken het dan (leerkring charter endorse); bestaat de federatie al, kom dan binnen met een \
                 uitnodiging (leerkring join)",
                "when you found it with others, sign it (leerkring charter endorse); when it exists, come in by an invitation \
                 (leerkring join)",
            );
            told(Exit::Conflict, what, hint, error)
        }
        error => {
            let what = (
                "dit handvest noemt deze node niet",
                "this charter does not list this node",
            );
            told(Exit::Input, what, GIVE_CARD, error)
        }
    }
}
