//! A node key is a peer id: the same ed25519 public key in libp2p's clothing.
//!
//! **Invariant:** only ed25519 identities cross here; libp2p is built without any other kind, and a peer id
//! that is a hash (of a longer key) names no node.

use libp2p::PeerId;
use libp2p::identity::{Keypair, PublicKey, ed25519};
use protocol::id::NodeKey;
use zeroize::Zeroizing;

use super::NetError;

/// Code of the identity "hash" in a multihash: the digest is the key itself.
const IDENTITY_MULTIHASH: u64 = 0;

/// The peer id of a node; `None` when the 32 bytes are no point of the curve.
pub(crate) fn peer_id(node: NodeKey) -> Option<PeerId> {
    let key = ed25519::PublicKey::try_from_bytes(node.as_bytes()).ok()?;
    Some(PeerId::from_public_key(&PublicKey::from(key)))
}

/// The node a peer id names; `None` for any identity that is not an inlined ed25519 key.
pub(crate) fn node_key(peer: &PeerId) -> Option<NodeKey> {
    let hash = peer.as_ref();
    if hash.code() != IDENTITY_MULTIHASH {
        return None;
    }
    let key = PublicKey::try_decode_protobuf(hash.digest()).ok()?;
    Some(NodeKey(key.try_into_ed25519().ok()?.to_bytes()))
}

/// The key pair of this node. The copy made here is wiped by libp2p as it reads it.
pub(crate) fn key_pair(secret: &Zeroizing<[u8; 32]>) -> Result<Keypair, NetError> {
    let mut copy = Zeroizing::new(**secret);
    Keypair::ed25519_from_bytes(copy.as_mut_slice()).map_err(|_| NetError::Secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_key_and_peer_id_name_the_same_node() {
        for seed in 0..32_u8 {
            let pair = key_pair(&Zeroizing::new([seed; 32])).unwrap();
            let peer = pair.public().to_peer_id();
            let node = node_key(&peer).unwrap();
            assert_eq!(peer_id(node), Some(peer));
            let signer = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
            assert_eq!(node.0, signer.verifying_key().to_bytes());
        }
    }

    #[test]
    fn a_hashed_identity_names_no_node() {
        assert_eq!(
            node_key(&PeerId::random()),
            None,
            "PeerId::random is a sha-256 multihash"
        );
    }

    #[test]
    fn bytes_off_the_curve_name_no_peer() {
        let off_curve = (0..=255_u8).filter(|first| {
            let mut bytes = [0; 32];
            bytes[0] = *first;
            peer_id(NodeKey(bytes)).is_none()
        });
        assert!(off_curve.count() > 64, "about half of all y coordinates have no x");
    }
}
