//! Why a charter was not taken in, in the words of whoever handed it in.

use protocol::api::{Fault, Lang, Message, ProblemKind};
use protocol::log::ReplicaError;

use crate::driver::CoreError;
use crate::http::Failure;

pub(in crate::runtime) fn import_failed(error: CoreError) -> Failure {
    match error {
        CoreError::Replica(ReplicaError::OtherFederation { held }) => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!("deze node hoort al bij federatie {held}"),
                format!("this node belongs to federation {held} already"),
            ),
            hint: Some(Message::new(
                "maak voor een andere federatie een eigen node met leerkring init",
                "make a node of its own for another federation with leerkring init",
            )),
        },
        CoreError::LetIn { federation } => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!("deze node hoort al bij federatie {federation}"),
                format!("this node belongs to federation {federation} already"),
            ),
            hint: Some(Message::new(
                "er hoeft niets te gebeuren: leerkring status zegt hoe het staat",
                "nothing needs to be done: leerkring status tells how things are",
            )),
        },
        CoreError::NotListed => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::new(
                "het handvest noemt deze node niet",
                "the charter does not list this node",
            ),
            hint: Some(Message::new(
                "laat het handvest opnieuw maken met de kaart van deze node (leerkring charter card)",
                "have the charter made again with the card of this node (leerkring charter card)",
            )),
        },
        CoreError::Foreign => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::new(
                "het handvest noemt deze node, maar bij een andere gemeente of met een wortelsleutel die niet van haar is",
                "the charter lists this node, but for another gemeente or with a root key that is not its own",
            ),
            hint: Some(Message::new(
                "vertrouw dit bestand niet: bel wie het zou hebben gestuurd",
                "do not trust this file: call who is said to have sent it",
            )),
        },
        CoreError::Unsigned => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::new(
                "de wortelsleutel van deze gemeente heeft in dit handvest niets getekend",
                "the root key of this gemeente signed nothing in this charter",
            ),
            hint: Some(Message::new(
                "sticht u mee, teken het dan (leerkring charter endorse); bestaat de federatie al, kom dan binnen met een uitnodiging (leerkring join)",
                "when you found it with others, sign it (leerkring charter endorse); when it exists, come in by an invitation (leerkring join)",
            )),
        },
        other => Failure::internal(other),
    }
}

pub(in crate::runtime) fn not_a_charter(nl: &str, en: &str, lang: Lang) -> Failure {
    Failure::Input(Fault {
        melding: lang.pick(
            format!("dit is geen handvest: {nl}"),
            format!("this is not a charter: {en}"),
        ),
        hint: Some(
            lang.pick(
                "geef het bestand van leerkring charter new",
                "give the file of leerkring charter new",
            )
            .to_owned(),
        ),
        ..Fault::default()
    })
}
