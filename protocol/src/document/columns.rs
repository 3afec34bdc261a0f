//! Which columns a change has, and where each begins and ends.
//!
//! automerge knows fourteen. A document of this protocol is one flat map of scalars, so that eight remain: without
//! objects, list elements and marks there is nothing in a change that could point at what is not there.

use super::ChangeError;
use super::input::Input;

/// Column numbers as automerge writes them: id in the upper bits, type in the lower three, bit 3 for DEFLATE.
const KEY: u64 = 21;
const INSERT: u64 = 52;
const ACTION: u64 = 66;
const VALUE_META: u64 = 86;
const VALUE: u64 = 87;
const PRED_COUNT: u64 = 112;
const PRED_ACTOR: u64 = 113;
const PRED_COUNTER: u64 = 115;
/// In the order of their numbers, the only order there is.
const KNOWN: [u64; 8] = [
    KEY,
    INSERT,
    ACTION,
    VALUE_META,
    VALUE,
    PRED_COUNT,
    PRED_ACTOR,
    PRED_COUNTER,
];

/// The bytes of every column. Only `value` and the last two may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns<'a> {
    pub(super) key: &'a [u8],
    pub(super) insert: &'a [u8],
    pub(super) action: &'a [u8],
    pub(super) value_meta: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) pred_count: &'a [u8],
    pub(super) pred_actor: &'a [u8],
    pub(super) pred_counter: &'a [u8],
}

impl<'a> Columns<'a> {
    pub(super) fn read(input: &mut Input<'a>) -> Result<Self, ChangeError> {
        let lengths = lengths(input)?;
        let mut data = [&[][..]; KNOWN.len()];
        for (bytes, length) in data.iter_mut().zip(lengths) {
            *bytes = input.take(length)?;
        }
        let [
            key,
            insert,
            action,
            value_meta,
            value,
            pred_count,
            pred_actor,
            pred_counter,
        ] = data;
        Ok(Self {
            key,
            insert,
            action,
            value_meta,
            value,
            pred_count,
            pred_actor,
            pred_counter,
        })
    }
}

/// The length of every known column, 0 for one that is not there. A column that is there is not empty.
fn lengths(input: &mut Input<'_>) -> Result<[u64; KNOWN.len()], ChangeError> {
    let mut lengths = [0; KNOWN.len()];
    let count = input.unsigned()?;
    if count > KNOWN.len() as u64 {
        return Err(ChangeError::Columns { count });
    }
    let mut next = 0;
    for _ in 0..count {
        let number = input.unsigned()?;
        let place = KNOWN[next..].iter().position(|known| *known == number);
        let place = next + place.ok_or(ChangeError::Column { number })?;
        lengths[place] = input.unsigned()?;
        if lengths[place] == 0 {
            return Err(ChangeError::Column { number });
        }
        next = place + 1;
    }
    Ok(lengths)
}
