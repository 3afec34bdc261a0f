//! What this node is in its federation, and what it says when it may not share.

use protocol::api::{Lidmaatschap, Message};
use protocol::charter::{Ended, Role, Roster};
use protocol::id::NodeKey;

/// What a node is, as far as the statements here tell.
pub(in crate::runtime) fn place_of(roster: &Roster, me: NodeKey) -> Lidmaatschap {
    if !roster.is_active() {
        return Lidmaatschap::NietGesticht;
    }
    let Some(gemeente) = roster.gemeente_of(me) else {
        return Lidmaatschap::Onbekend;
    };
    let member = roster.member(gemeente);
    match roster.ended(me) {
        None if member.is_some_and(|member| member.role == Role::Voting) => Lidmaatschap::Lid,
        None => Lidmaatschap::LeestMee,
        Some(Ended::ByEdition) if member.is_some() => Lidmaatschap::NodeBeeindigd,
        Some(Ended::ByEdition) if roster.merges().any(|merge| merge.from == gemeente) => Lidmaatschap::Opgegaan,
        Some(Ended::ByEdition) => Lidmaatschap::Verwijderd,
        Some(Ended::ByMember) => Lidmaatschap::NodeBeeindigd,
        Some(Ended::Left) => Lidmaatschap::Vertrokken,
        Some(Ended::OnHold) => Lidmaatschap::Geschorst,
    }
}

/// Why nothing leaves, and what to do about it; nothing for a node that may share.
pub(in crate::runtime) fn why_not(place: Lidmaatschap) -> Option<(Message, Message)> {
    let (message, hint) = match place {
        Lidmaatschap::Lid | Lidmaatschap::NietGesticht => return None,
        Lidmaatschap::LeestMee => (
            Message::new(
                "deze gemeente leest mee: zij deelt geen records",
                "this gemeente reads along: it shares no records",
            ),
            Message::new(
                "vraag een lid om een editie waarin zij stemt (leerkring charter propose --voting CODE)",
                "ask a member for an edition in which it votes (leerkring charter propose --voting CODE)",
            ),
        ),
        Lidmaatschap::Verwijderd => (
            Message::new("deze gemeente is geen lid meer", "this gemeente is no member any more"),
            Message::new(
                "zie leerkring charter show; terugkomen kan met een nieuwe node en de kaart daarvan",
                "see leerkring charter show; coming back takes a new node and the card of that",
            ),
        ),
        Lidmaatschap::Opgegaan => (
            Message::new(
                "deze gemeente is opgegaan in een andere",
                "this gemeente became part of another one",
            ),
            Message::new(
                "deel het bij de node van de opvolger; zie leerkring charter show",
                "share it at the node of the successor; see leerkring charter show",
            ),
        ),
        Lidmaatschap::NodeBeeindigd => (
            Message::new(
                "de sleutel van deze node is voorgoed beëindigd",
                "the key of this node has ended for good",
            ),
            Message::new(
                "deel het bij een andere node van de gemeente, of maak een nieuwe",
                "share it at another node of the gemeente, or make a new one",
            ),
        ),
        Lidmaatschap::Vertrokken => (
            Message::new(
                "deze gemeente heeft de federatie verlaten",
                "this gemeente has left the federation",
            ),
            Message::new(
                "terugkomen kan met een nieuwe node en de kaart daarvan",
                "coming back takes a new node and the card of that",
            ),
        ),
        Lidmaatschap::Geschorst => (
            Message::new("deze gemeente is geschorst", "this gemeente is on hold"),
            Message::new(
                "overleg met de andere leden: de schorsing vervalt met de volgende editie; zie leerkring charter show",
                "talk with the other members: it lapses with the next edition; see leerkring charter show",
            ),
        ),
        Lidmaatschap::Onbekend => (
            Message::new(
                "het handvest noemt deze node niet",
                "the charter does not list this node",
            ),
            Message::new("zie leerkring charter show", "see leerkring charter show"),
        ),
    };
    Some((message, hint))
}
