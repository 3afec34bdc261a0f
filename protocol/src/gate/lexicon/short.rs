//! The words that most texts are made of, where they are found at one look instead of letter by letter.
//!
//! **Invariant:** this says the same as the automaton of all words; what is not in here may still be in there.

/// A longer word is rare anyway.
pub(crate) const WORD_BYTES_MAX: usize = 16;
/// A word and what is known of it.
#[allow(dead_code, reason = "the build script writes the parts")]
pub(crate) const SLOT_BYTES: usize = WORD_BYTES_MAX + 8;
/// So many slots that at most half of them are taken.
pub(crate) const SLOTS: usize = 1 << 16;

/// The word as a number, when it is short enough and in plain letters.
pub(crate) fn key(folded: impl Iterator<Item = char>) -> Option<u128> {
    let mut key = 0_u128;
    for (nth, c) in folded.enumerate() {
        if nth == WORD_BYTES_MAX || !c.is_ascii() || c == '\0' {
            return None;
        }
        key |= u128::from(u32::from(c)) << (8 * nth);
    }
    Some(key)
}

/// Where the search for it begins.
pub(crate) fn slot(key: u128) -> usize {
    let (low, high) = (key as u64, (key >> 64) as u64);
    let mixed = (low ^ high.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize % SLOTS
}
