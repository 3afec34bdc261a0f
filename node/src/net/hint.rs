//! Hints: "I have something new", over gossipsub.
//!
//! A hint saves waiting, nothing more: it may be lost, doubled or late, and the federation converges without.
//! So everything here is small.
//!
//! A hint goes to every neighbour, and on from there to all of theirs. Gossipsub would choose four of them for its mesh; but who is
//! in whose mesh is agreed on with messages of which some get lost when two nodes dial each other at once, and then a node with many
//! links can be in no mesh at all: of forty nodes that started together two heard of half of the news seconds late, for as long as
//! they ran. A hint is 200 bytes, is made at most ten times a second, and a node has at most 72 neighbours, so that everybody is told
//! costs less than to be sure of whom. To gossipsub such neighbours are explicit peers.
//!
//! Messages are signed by their author, and only those of an allowed author are
//! passed on. There is no peer scoring: every peer is a member already, and a service centre that hosts fifty
//! nodes behind one address would be scored as an attack for it.

use std::collections::VecDeque;
use std::time::Duration;

use libp2p::PeerId;
use libp2p::gossipsub::{
    Behaviour, ConfigBuilder, IdentTopic, Message, MessageAcceptance, MessageAuthenticity, MessageId, ValidationMode,
};
use libp2p::identity::Keypair;

use super::NetError;
use super::limits::HINT_BYTES_MAX;

/// The one topic.
const TOPIC: &str = "leerkring/hint/1";

/// A frame of gossip: one hint with its envelope of about 180 bytes, or control messages.
const FRAME_BYTES_MAX: usize = 2048;

/// Hints waiting for one connection; a hint that finds no place is as good as lost.
const QUEUE_MAX: usize = 64;

/// Hints of others that wait for a word of the driver; what is beyond that stays here for good.
const WAITING_MAX: usize = 256;

/// Hints of others that have not gone on yet, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    next: u64,
    hints: VecDeque<(u64, MessageId, PeerId)>,
}

impl Waiting {
    /// Notes a hint and gives the id under which it waits.
    pub(crate) fn add(&mut self, message: MessageId, from: PeerId) -> u64 {
        if self.hints.len() == WAITING_MAX {
            self.hints.pop_front();
        }
        let id = self.next;
        self.next += 1;
        self.hints.push_back((id, message, from));
        id
    }

    /// Lets one go on; an id that is not known any more is ignored.
    pub(crate) fn pass_on(&mut self, behaviour: &mut Behaviour, id: u64) {
        if let Some(at) = self.hints.iter().position(|(other, ..)| *other == id)
            && let Some((_, message, from)) = self.hints.remove(at)
        {
            behaviour.report_message_validation_result(&message, &from, MessageAcceptance::Accept);
        }
    }
}

/// The behaviour, subscribed.
pub(crate) fn behaviour(keys: &Keypair) -> Result<Behaviour, NetError> {
    let config = ConfigBuilder::default()
        .validation_mode(ValidationMode::Strict)
        .validate_messages()
        .max_transmit_size(FRAME_BYTES_MAX)
        .max_control_message_size(FRAME_BYTES_MAX)
        .message_id_fn(message_id)
        // There is no mesh: every neighbour is an explicit peer.
        .mesh_n(0)
        .mesh_n_low(0)
        .mesh_outbound_min(0)
        .gossip_lazy(0)
        .history_length(3)
        .history_gossip(2)
        .heartbeat_initial_delay(Duration::from_secs(1))
        .heartbeat_interval(Duration::from_secs(1))
        .max_publish_messages(32)
        .max_control_messages_sent(32)
        .connection_handler_queue_len(QUEUE_MAX)
        .build()
        .map_err(|_| NetError::Gossip)?;
    let mut behaviour =
        Behaviour::new(MessageAuthenticity::Signed(keys.clone()), config).map_err(|_| NetError::Gossip)?;
    behaviour
        .subscribe(&IdentTopic::new(TOPIC))
        .map_err(|_| NetError::Gossip)?;
    Ok(behaviour)
}

/// Every hint goes to this neighbour from now on.
pub(crate) fn met(behaviour: &mut Behaviour, neighbour: &PeerId) {
    behaviour.add_explicit_peer(neighbour);
}

/// It is no neighbour any more; gossipsub would dial it.
pub(crate) fn left(behaviour: &mut Behaviour, neighbour: &PeerId) {
    behaviour.remove_explicit_peer(neighbour);
}

/// Publishes a hint; `false` when nobody is there to hear it or it is too large.
pub(crate) fn publish(behaviour: &mut Behaviour, bytes: Vec<u8>) -> bool {
    bytes.len() <= HINT_BYTES_MAX && behaviour.publish(IdentTopic::new(TOPIC).hash(), bytes).is_ok()
}

/// The author of a hint that counts: on the topic, within bounds and allowed.
pub(crate) fn author(message: &Message, is_allowed: impl Fn(&PeerId) -> bool) -> Option<PeerId> {
    let fits = message.topic == IdentTopic::new(TOPIC).hash() && message.data.len() <= HINT_BYTES_MAX;
    message.source.filter(|author| fits && is_allowed(author))
}

/// Short, because control messages repeat it: author and number, hashed.
fn message_id(message: &Message) -> MessageId {
    let author = message.source.map(PeerId::to_bytes).unwrap_or_default();
    let number = message.sequence_number.unwrap_or_default().to_be_bytes();
    MessageId::from(&protocol::id::hash("net/hint", &[&author, &number])[..16])
}
