//! The frame of a change: what stands before its columns.
//!
//! ```text
//! 85 6f 4a 83 | checksum 4 | type 1 | length | contents
//! contents = dependencies, actor, seq, start_op, time, message, other actors, columns, extra bytes
//! ```
//!
//! Everything is borrowed from the payload; nothing is allocated.

use sha2::{Digest, Sha256};

use super::ChangeError;
use super::columns::Columns;
use super::input::Input;
use super::validate::{ACTORS_MAX, COUNTER_MAX, DEPENDENCIES_MAX};
use crate::id::ChangeHash;
use crate::log::PAYLOAD_BYTES_MAX;

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The only type of chunk that is a change; 0 is a document, 2 a compressed change, 3 a bundle.
const CHANGE: u8 = 1;
/// Bytes of an actor with the length before it.
const ACTOR_STRIDE: usize = 17;

/// An actor: 16 bytes of the hash of a log and a document.
pub(super) type Actor = [u8; 16];

/// A change whose frame has been checked and whose columns have been told apart.
#[derive(Debug, Clone)]
pub(super) struct Chunk<'a> {
    pub(super) hash: ChangeHash,
    dependencies: &'a [u8],
    pub(super) actor: &'a Actor,
    others: &'a [u8],
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) columns: Columns<'a>,
}

impl<'a> Chunk<'a> {
    pub(super) fn read(payload: &'a [u8]) -> Result<Self, ChangeError> {
        let (hash, mut input) = open(payload)?;
        let dependencies = dependencies(&mut input)?;
        let actor = actor(&mut input)?;
        let seq = counter(&mut input)?;
        let start_op = counter(&mut input)?;
        expect_zero(&mut input, ChangeError::Time)?;
        expect_zero(&mut input, ChangeError::Message)?;
        let others = others(&mut input, actor)?;
        let columns = Columns::read(&mut input)?;
        if !input.is_empty() {
            return Err(ChangeError::Extra { bytes: input.len() });
        }
        Ok(Self {
            hash,
            dependencies,
            actor,
            others,
            seq,
            start_op,
            columns,
        })
    }

    pub(super) fn dependencies(&self) -> impl ExactSizeIterator<Item = ChangeHash> + use<'a> {
        let (hashes, _) = self.dependencies.as_chunks();
        hashes.iter().map(|hash| ChangeHash(*hash))
    }

    /// The actors whose work this change overwrites, without its own.
    pub(super) fn others(&self) -> impl ExactSizeIterator<Item = &'a Actor> + use<'a> {
        let (entries, _) = self.others.as_chunks::<ACTOR_STRIDE>();
        entries.iter().map(without_length)
    }

    /// The actor with this number in the columns: 0 is the writer.
    pub(super) fn actor_at(&self, number: u64) -> Option<&'a Actor> {
        let Some(place) = number.checked_sub(1) else {
            return Some(self.actor);
        };
        let (entries, _) = self.others.as_chunks::<ACTOR_STRIDE>();
        entries.get(usize::try_from(place).ok()?).map(without_length)
    }
}

/// Checks magic, type, length and checksum; gives the hash of the change and its contents.
fn open(payload: &[u8]) -> Result<(ChangeHash, Input<'_>), ChangeError> {
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(ChangeError::TooLarge { bytes: payload.len() });
    }
    let mut input = Input::new(payload);
    if *input.array()? != MAGIC {
        return Err(ChangeError::Magic);
    }
    let checksum: &[u8; 4] = input.array()?;
    let hashed = &payload[payload.len() - input.len()..];
    match input.byte()? {
        CHANGE => (),
        found => return Err(ChangeError::ChunkType { found }),
    }
    if input.unsigned()? != input.len() as u64 {
        return Err(ChangeError::Length);
    }
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash.starts_with(checksum) {
        Ok((ChangeHash(hash), input))
    } else {
        Err(ChangeError::Checksum)
    }
}

fn dependencies<'a>(input: &mut Input<'a>) -> Result<&'a [u8], ChangeError> {
    let count = input.unsigned()?;
    if count > DEPENDENCIES_MAX {
        return Err(ChangeError::Dependencies { count });
    }
    let bytes = input.take(count * 32)?;
    let (hashes, _) = bytes.as_chunks::<32>();
    if hashes.is_sorted_by(|a, b| a < b) {
        Ok(bytes)
    } else {
        Err(ChangeError::DependencyOrder)
    }
}

fn actor<'a>(input: &mut Input<'a>) -> Result<&'a Actor, ChangeError> {
    match input.unsigned()? {
        16 => input.array(),
        _ => Err(ChangeError::ActorLength),
    }
}

/// A number that counts from 1 and stays far below where automerge's 32 bits end.
fn counter(input: &mut Input<'_>) -> Result<u64, ChangeError> {
    match input.unsigned()? {
        found @ 1..=COUNTER_MAX => Ok(found),
        found => Err(ChangeError::Counter { found }),
    }
}

/// The time (a number) and the message (a length) are both one zero byte.
fn expect_zero(input: &mut Input<'_>, otherwise: ChangeError) -> Result<(), ChangeError> {
    match input.byte()? {
        0 => Ok(()),
        _ => Err(otherwise),
    }
}

fn others<'a>(input: &mut Input<'a>, writer: &Actor) -> Result<&'a [u8], ChangeError> {
    let count = input.unsigned()?;
    if count > ACTORS_MAX {
        return Err(ChangeError::Actors { count });
    }
    let bytes = input.take(count * ACTOR_STRIDE as u64)?;
    let (entries, _) = bytes.as_chunks::<ACTOR_STRIDE>();
    if entries.iter().any(|entry| entry[0] != 16) {
        return Err(ChangeError::ActorLength);
    }
    if entries.is_sorted_by(|a, b| a < b) && entries.iter().all(|entry| without_length(entry) != writer) {
        Ok(bytes)
    } else {
        Err(ChangeError::ActorOrder)
    }
}

fn without_length(entry: &[u8; ACTOR_STRIDE]) -> &Actor {
    entry
        .last_chunk()
        .expect("an actor with its length is longer than an actor")
}
