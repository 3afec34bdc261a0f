//! Where things stand in sled: one tree, the first byte says what a key is of.
//!
//! Headers, changes, marks and payloads stand together in blocks, see `blocks`.
//!
//! | first byte | then | value |
//! |---|---|---|
//! | number of a [`Space`] | the port's key | hash, the port's value |
//! | `PAYLOAD` | slot, the port's key | sealed payload |
//! | `FORGOTTEN` | document id | hash |
//! | `DOOMED` | slot | hash: a key to destroy at the next flush |
//! | `OWN` | name | hash, what the store remembers of itself |
//!
//! Payloads stand under the slot of their document, so that new ones come in rising order and those of one document
//! stand together. A plain value carries a hash of its key and itself; a sealed one has the tag of its seal.
//!
//! **Invariant:** these numbers are the format on disk; another meaning takes another number and a new [`FORMAT`].

use protocol::store::Space;

/// The version of the format that this program writes, and the newest it reads.
pub(super) const FORMAT: u32 = 1;

pub(super) const PAYLOAD: u8 = 0x81;
const FORGOTTEN: u8 = 0x82;
const DOOMED: u8 = 0x83;
const OWN: u8 = 0x84;

const HASH_BYTES: usize = 8;

/// The place of a key in the keyring: its segment and its position there in one number.
pub(super) type Slot = u64;

/// The space of the port that a first byte is of; what the store keeps for itself counts as its Meta.
pub(super) fn space_of(first: u8) -> Space {
    let spaces = [
        Space::Logs,
        Space::Headers,
        Space::Documents,
        Space::Changes,
        Space::Statements,
        Space::Marks,
    ];
    let found = spaces.into_iter().find(|space| *space as u8 == first);
    found.unwrap_or(if first == PAYLOAD { Space::Payloads } else { Space::Meta })
}

pub(super) fn plain(space: Space, key: &[u8]) -> Vec<u8> {
    join(space as u8, key)
}

pub(super) fn payloads_of(slot: Slot) -> Vec<u8> {
    join(PAYLOAD, &slot.to_be_bytes())
}

pub(super) fn payload(slot: Slot, key: &[u8]) -> Vec<u8> {
    let mut out = payloads_of(slot);
    out.extend_from_slice(key);
    out
}

pub(super) fn forgotten(document: &[u8; 32]) -> Vec<u8> {
    join(FORGOTTEN, document)
}

pub(super) fn all_forgotten() -> [u8; 1] {
    [FORGOTTEN]
}

pub(super) fn all_doomed() -> [u8; 1] {
    [DOOMED]
}

pub(super) fn doomed(slot: Slot) -> Vec<u8> {
    join(DOOMED, &slot.to_be_bytes())
}

/// The slot in a key that [`doomed`] made.
pub(super) fn doomed_slot(key: &[u8]) -> Option<Slot> {
    read_slot(key.strip_prefix(&[DOOMED])?)
}

pub(super) fn own(name: &str) -> Vec<u8> {
    join(OWN, name.as_bytes())
}

pub(super) fn read_slot(bytes: &[u8]) -> Option<Slot> {
    Some(Slot::from_be_bytes(bytes.try_into().ok()?))
}

/// What a payload is bound to: its document and its key.
pub(super) fn place(document: &[u8; 32], key: &[u8]) -> Vec<u8> {
    [document, key].concat()
}

/// A value with its hash, as it stands in sled.
pub(super) fn hashed(key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HASH_BYTES + value.len());
    out.extend_from_slice(&value_hash(key, value));
    out.extend_from_slice(value);
    out
}

/// The value behind its hash, or nothing when it is not what was written at this key.
pub(super) fn checked<'a>(key: &[u8], stored: &'a [u8]) -> Option<&'a [u8]> {
    let (hash, value) = stored.split_first_chunk::<HASH_BYTES>()?;
    (*hash == value_hash(key, value)).then_some(value)
}

fn value_hash(key: &[u8], value: &[u8]) -> [u8; HASH_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher
        .update(&(key.len() as u64).to_be_bytes())
        .update(key)
        .update(value);
    let mut out = [0; HASH_BYTES];
    out.copy_from_slice(&hasher.finalize().as_bytes()[..HASH_BYTES]);
    out
}

fn join(first: u8, rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 + rest.len());
    out.push(first);
    out.extend_from_slice(rest);
    out
}
