//! Where the texts of a list stand.
//!
//! Every text has its own key, which ends in its place: an order number and four bytes of the hash of the text, both in
//! hexadecimal. Two nodes that add at the same spot at the same time get the same number and different hashes, so that
//! both texts stay; two that change the same text leave both versions, side by side, for a person to choose. A list as
//! one value would lose one of the two, and numbering by position would mix them.

use std::fmt;

use crate::id;

/// Distance between the texts of a fresh list: room to put others in between.
const STEP: u32 = 1 << 16;

/// The place of a text in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    order: u32,
    tie: u32,
}

impl Place {
    fn new(order: u32, text: &str) -> Self {
        let [a, b, c, d, ..] = id::hash("text", &[text.as_bytes()]);
        let tie = u32::from_be_bytes([a, b, c, d]);
        Self { order, tie }
    }

    /// Reads the end of a key, in the only form it is written in.
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_hex = |part: &str| part.len() == 8 && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (order, tie) = text
            .split_once('.')
            .filter(|(order, tie)| is_hex(order) && is_hex(tie))?;
        let number = |part| u32::from_str_radix(part, 16).ok();
        Some(Self {
            order: number(order)?,
            tie: number(tie)?,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}.{:08x}", self.order, self.tie)
    }
}

/// A place for every text of a list. What stands at the beginning and at the end of the list as it was keeps its place;
/// what is new gets one in between, or everything is numbered anew when there is no room.
pub(super) fn place(before: &[(Place, &str)], list: &[String]) -> Vec<Place> {
    let same = |((_, old), new): &(&(Place, &str), &String)| old == new;
    let head = before.iter().zip(list).take_while(same).count();
    let (before_rest, list_rest) = (&before[head..], &list[head..]);
    let tail = before_rest
        .iter()
        .rev()
        .zip(list_rest.iter().rev())
        .take_while(same)
        .count();
    let fresh = &list_rest[..list_rest.len() - tail];
    let kept_tail = &before_rest[before_rest.len() - tail..];

    let low = before[..head].last().map_or(0, |(place, _)| place.order);
    let high = kept_tail.first().map_or(u32::MAX, |(place, _)| place.order);
    let Some(between) = spread(low, high, fresh) else {
        return spread(0, u32::MAX, list).expect("a list in memory is shorter than 2^32");
    };
    let kept = |part: &[(Place, &str)]| part.iter().map(|(place, _)| *place).collect::<Vec<_>>();
    [kept(&before[..head]), between, kept(kept_tail)].concat()
}

/// Places strictly between two order numbers; none when there is no room.
fn spread(low: u32, high: u32, texts: &[String]) -> Option<Vec<Place>> {
    let gaps = u32::try_from(texts.len()).ok()?.checked_add(1)?;
    let step = (high.saturating_sub(low) / gaps).min(STEP);
    if step == 0 && !texts.is_empty() {
        return None;
    }
    let orders = (1..gaps).map(|number| low + step * number);
    Some(orders.zip(texts).map(|(order, text)| Place::new(order, text)).collect())
}
