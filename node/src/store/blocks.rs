//! Several pairs of the port in one value of sled, for the spaces that are written in order.
//!
//! A write costs sled about the same whatever its size: it copies a page of 16 values for each. Entries come in runs
//! of thousands with rising keys, so their pairs are put together in blocks of some 4 KB, each under the first key
//! it was made with. A block holds every pair from its own key up to the key of the next block. Spaces that are
//! written in no order keep one pair per value, since a block would be written anew for each of them.
//!
//! ```text
//! key length (u8) | value length (u32) | key | value, again and again in order of key
//! ```
//!
//! **Invariant:** no two blocks overlap, and reading a pair looks into one block only.

use std::collections::BTreeMap;

use protocol::store::{Space, StoreError};

use super::keys::{calm, damaged};
use super::layout;

/// Most bytes of a block, unless a single pair has more.
const BLOCK_BYTES: usize = 4096;

/// A pair as it stands in a block or, in other spaces, by itself.
pub(super) type Stored = (Vec<u8>, Vec<u8>);
/// Key and value inside a block.
type Borrowed<'a> = (&'a [u8], &'a [u8]);

/// Whether the pairs under this first byte stand in blocks.
fn is_blocked(first: u8) -> bool {
    const MARKS: u8 = Space::Marks as u8;
    const HEADERS: u8 = Space::Headers as u8;
    const CHANGES: u8 = Space::Changes as u8;
    matches!(first, HEADERS | CHANGES | MARKS | layout::PAYLOAD)
}

/// The value at a key.
pub(super) fn get(db: &sled::Db, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    if !is_blocked(key[0]) {
        let found = calm(|| db.get(key))?;
        return Ok(found.map(|value| value.to_vec()));
    }
    let Some((_, block)) = floor(db, key)? else {
        return Ok(None);
    };
    let mut pairs = Pairs::of(key[0], &block);
    while let Some((at, value)) = pairs.next()? {
        if at == &key[1..] {
            return Ok(Some(value.to_vec()));
        }
    }
    Ok(None)
}

/// At most `limit` pairs from a key on whose keys start with `prefix`, in order; keys with their first byte.
pub(super) fn scan(db: &sled::Db, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Stored>, StoreError> {
    let start = from.max(prefix);
    let blocked = is_blocked(prefix[0]);
    let first = if blocked {
        floor(db, start)?.map(|(key, _)| key)
    } else {
        None
    };
    let first = first.map_or_else(|| start.to_vec(), |key| key.to_vec());
    let mut found = Vec::new();
    let mut range = calm(|| Ok(db.range(first..)))?;
    while found.len() < limit {
        let Some((at, value)) = calm(|| range.next().transpose())? else {
            break;
        };
        // A block may begin before the prefix, what follows it may not.
        let begins_before = blocked && at.as_ref() <= start;
        if at[0] != prefix[0] || !(begins_before || at.starts_with(prefix)) {
            break;
        }
        if !blocked {
            found.push((at.to_vec(), value.to_vec()));
            continue;
        }
        let mut pairs = Pairs::of(at[0], &value);
        while let Some((key, value)) = pairs.next()? {
            let key = [&at[..1], key].concat();
            if key.as_slice() >= start && key.starts_with(prefix) && found.len() < limit {
                found.push((key, value.to_vec()));
            }
        }
    }
    Ok(found)
}

/// The block that holds a key, if any does.
fn floor(db: &sled::Db, key: &[u8]) -> Result<Option<(sled::IVec, sled::IVec)>, StoreError> {
    calm(|| db.range([key[0]].as_slice()..=key).next_back().transpose())
}

/// The key of the block after the one that holds a key.
fn after(db: &sled::Db, key: &[u8]) -> Result<Option<sled::IVec>, StoreError> {
    use std::ops::Bound::{Excluded, Unbounded};
    let next = calm(|| {
        db.range::<&[u8], _>((Excluded(key), Unbounded))
            .keys()
            .next()
            .transpose()
    })?;
    Ok(next.filter(|next| next[0] == key[0]))
}

/// What sled has to do so that pairs are set or removed.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// The writes.
    pub(super) batch: sled::Batch,
    /// How many there are.
    pub(super) writes: usize,
}

impl Folded {
    fn put(&mut self, key: impl Into<sled::IVec>, value: Option<Vec<u8>>) {
        self.writes += 1;
        match value {
            Some(value) => self.batch.insert(key, value),
            None => self.batch.remove(key),
        }
    }
}

/// Sorts writes into their blocks.
pub(super) fn fold(db: &sled::Db, writes: BTreeMap<Vec<u8>, Option<Vec<u8>>>) -> Result<Folded, StoreError> {
    let mut folded = Folded::default();
    let mut writes = writes.into_iter().peekable();
    while let Some((key, value)) = writes.next() {
        if !is_blocked(key[0]) {
            folded.put(key, value);
            continue;
        }
        let mut block = Block::around(db, &key)?;
        block.set(&key, value);
        while let Some((key, value)) = writes.next_if(|(key, _)| block.holds(key)) {
            block.set(&key, value);
        }
        block.write(&mut folded);
    }
    Ok(folded)
}

/// A block that is being changed, and with it the keys up to the next.
struct Block {
    first: u8,
    key: sled::IVec,
    next: Option<sled::IVec>,
    pairs: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Block {
    fn around(db: &sled::Db, key: &[u8]) -> Result<Self, StoreError> {
        let first = key[0];
        let mut pairs = BTreeMap::new();
        let (at, next) = match floor(db, key)? {
            None => (sled::IVec::from(&[first]), after(db, key)?),
            Some((at, value)) => {
                let mut found = Pairs::of(first, &value);
                while let Some((key, value)) = found.next()? {
                    pairs.insert(key.to_vec(), value.to_vec());
                }
                (at, after(db, key)?)
            }
        };
        Ok(Self {
            first,
            key: at,
            next,
            pairs,
        })
    }

    fn holds(&self, key: &[u8]) -> bool {
        key[0] == self.first && self.next.as_ref().is_none_or(|next| key < next.as_ref())
    }

    fn set(&mut self, key: &[u8], value: Option<Vec<u8>>) {
        match value {
            Some(value) => self.pairs.insert(key[1..].to_vec(), value),
            None => self.pairs.remove(&key[1..]),
        };
    }

    /// The pairs as one block or, when they became many, as several of about the same size.
    fn write(self, folded: &mut Folded) {
        let total: usize = self.pairs.iter().map(|(key, value)| pair_bytes(key, value)).sum();
        let each = total / total.div_ceil(BLOCK_BYTES).max(1);
        let mut at = Some(self.key);
        let mut bytes = Vec::new();
        for (key, value) in &self.pairs {
            // The first block stays under its key; a later one takes the key of its first pair.
            let at_key = at.get_or_insert_with(|| [&[self.first][..], key].concat().into());
            put_pair(&mut bytes, key, value);
            if bytes.len() >= each {
                folded.put(at_key.clone(), Some(std::mem::take(&mut bytes)));
                at = None;
            }
        }
        if let Some(at) = at {
            folded.put(at, (!bytes.is_empty()).then_some(bytes));
        }
    }
}

fn pair_bytes(key: &[u8], value: &[u8]) -> usize {
    5 + key.len() + value.len()
}

fn put_pair(bytes: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    bytes.push(u8::try_from(key.len()).expect("keys of the port have at most 128 bytes, a slot adds 8"));
    let length = u32::try_from(value.len()).expect("values of the port have at most 4 MiB");
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(value);
}

/// The pairs in the bytes of a block, keys without their first byte.
struct Pairs<'a> {
    first: u8,
    rest: &'a [u8],
}

impl<'a> Pairs<'a> {
    fn of(first: u8, block: &'a [u8]) -> Self {
        Self { first, rest: block }
    }

    fn next(&mut self) -> Result<Option<Borrowed<'a>>, StoreError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let pair = self.split().ok_or_else(|| damaged(layout::space_of(self.first), b""))?;
        Ok(Some(pair))
    }

    fn split(&mut self) -> Option<Borrowed<'a>> {
        let (key_bytes, rest) = self.rest.split_first()?;
        let (value_bytes, rest) = rest.split_first_chunk::<4>()?;
        let (key, rest) = rest.split_at_checked(usize::from(*key_bytes))?;
        let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*value_bytes)).ok()?)?;
        self.rest = rest;
        Some((key, value))
    }
}
