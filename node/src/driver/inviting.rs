//! Coming into a federation that exists: whom to connect with before the charter is here, and whom to invite others to.

use std::collections::BTreeSet;

use protocol::charter::{Invitation, Invited, PLACES_MAX, Place, Roster};
use protocol::id::{FederationId, Gemeente, NodeKey, hash};
use protocol::log::{Replica, ReplicaError};

use super::{Core, CoreError};
use crate::net;
use crate::store::Sled;

pub use crate::net::Book;

/// Whom this node may be connected with, and where they are: everybody the roster lets in, and for as long as it does not
/// know this node itself, those that the invitation names and the roster did not end.
#[must_use]
pub fn peers(roster: &Roster, me: NodeKey, invitation: Option<&Invitation>) -> Book {
    let listed = roster.nodes().filter(|(node, _)| roster.may_connect(*node));
    let address = |node: &NodeKey| roster.addresses().get(node).cloned().unwrap_or_default();
    let place = |of: Gemeente, addresses| net::Place {
        of: Some(of),
        addresses,
    };
    let mut book: Book = listed.map(|(node, of)| (node, place(of, address(&node)))).collect();
    for one in invited(roster, me, invitation) {
        let known = book.entry(one.node).or_insert_with(|| place(one.gemeente, Vec::new()));
        if known.addresses.is_empty() {
            known.addresses.clone_from(&one.addresses);
        }
    }
    book.remove(&me);
    book
}

/// The nodes of the invitation, for as long as this node waits to be let in; none when the federation never decided for the
/// edition in it, or for several at once: then nothing says that these nodes are of it.
pub fn invited<'a>(
    roster: &'a Roster,
    me: NodeKey,
    invitation: Option<&'a Invitation>,
) -> impl Iterator<Item = &'a Place> {
    let known: BTreeSet<NodeKey> = roster.nodes().map(|(node, _)| node).collect();
    let waits = !known.contains(&me);
    let leads = |one: &&Invitation| matches!(one.judge(roster), Invited::Ahead | Invited::Decided);
    let places = invitation.filter(|_| waits).filter(leads).map(|one| &one.places);
    let places = places.into_iter().flatten().filter(move |place| place.node != me);
    places.filter(move |place| !known.contains(&place.node) || roster.may_connect(place.node))
}

/// An invitation into the federation of this roster: this node, and nodes of other gemeenten, those first that `near`
/// puts first. Nothing before the founding, and nothing for a node that does not belong.
#[must_use]
pub fn invitation(roster: &Roster, me: NodeKey, own: &[String], near: &dyn Fn(NodeKey) -> bool) -> Option<Invitation> {
    let course = roster.course()?;
    let gemeente = roster.gemeente_of(me).filter(|_| roster.may_connect(me))?;
    let mut others: Vec<(bool, [u8; 32], NodeKey, Gemeente)> = roster
        .nodes()
        .filter(|(node, of)| *of != gemeente && roster.may_connect(*node))
        .filter(|(node, _)| roster.addresses().get(node).is_some_and(|all| !all.is_empty()))
        // Another order at each inviting node, so that newcomers do not all go to the same three.
        .map(|(node, of)| (!near(node), hash("invitation order", &[&me.0, &node.0]), node, of))
        .collect();
    others.sort_unstable();
    let mut seen = BTreeSet::from([gemeente]);
    let mut places = vec![Place {
        gemeente,
        node: me,
        addresses: own.to_vec(),
    }];
    for (_, _, node, gemeente) in others {
        if places.len() < PLACES_MAX && seen.insert(gemeente) {
            let addresses = roster.addresses().get(&node).cloned().unwrap_or_default();
            places.push(Place {
                gemeente,
                node,
                addresses,
            });
        }
    }
    let invitation = Invitation {
        federation: roster.federation(),
        number: course.number,
        edition: course.edition,
        places,
    };
    invitation.check().is_ok().then_some(invitation)
}

/// Makes this a replica of the federation of an invitation, once `keep` has kept that; one that this node is not bound to
/// is left for it.
///
/// # Errors
/// [`CoreError::LetIn`] when this node is listed already; [`CoreError::Replica`] with [`ReplicaError::OtherFederation`] when
/// it belongs elsewhere; what `keep` says. Nothing changed then.
pub fn join<E: From<CoreError>>(
    replica: &mut Replica<Sled>,
    federation: FederationId,
    me: NodeKey,
    keep: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    match replica.federation() {
        Some(held) if held == federation && replica.roster().gemeente_of(me).is_some() => {
            return Err(CoreError::LetIn { federation }.into());
        }
        Some(held) if held != federation && replica.is_bound(me) => {
            return Err(CoreError::from(ReplicaError::OtherFederation { held }).into());
        }
        _ => {}
    }
    keep()?;
    enter(replica, federation, me).map_err(CoreError::from)?;
    Ok(replica.flush().map_err(CoreError::from)?)
}

/// Makes this a replica of a federation; another one that this node is not bound to is left for it.
///
/// # Errors
/// [`ReplicaError`].
pub fn enter(replica: &mut Replica<Sled>, federation: FederationId, me: NodeKey) -> Result<(), ReplicaError> {
    if replica.federation().is_some_and(|held| held != federation) {
        replica.leave(me)?;
        tracing::warn!(%federation, "this node left a federation that it does not belong to for another one");
    }
    replica.join(federation)
}

impl Core {
    /// The invitation that was taken in.
    #[must_use]
    pub fn invitation(&self) -> Option<&Invitation> {
        self.parts.invitation.as_ref()
    }

    /// An invitation of this node, signed; nothing when it cannot let anybody in.
    #[must_use]
    pub fn invite(&self) -> Option<Vec<u8>> {
        let near = |node| self.machine.peer(node).is_some();
        let invitation = invitation(self.parts.replica.roster(), self.me, &self.parts.announced, &near)?;
        Some(invitation.sign(&self.parts.key))
    }

    /// Takes an invitation in; `keep` makes it survive a crash, and comes before anything changes.
    ///
    /// # Errors
    /// As [`join`].
    pub fn join<E: From<CoreError>>(
        &mut self,
        invitation: Invitation,
        keep: impl FnOnce() -> Result<(), E>,
    ) -> Result<(), E> {
        let federation = invitation.federation;
        join(&mut self.parts.replica, federation, self.me, keep)?;
        self.parts.invitation = Some(invitation);
        Ok(self.charter_changed()?)
    }
}
