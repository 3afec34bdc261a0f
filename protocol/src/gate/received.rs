//! What a node hides of what arrives, in everything it shows: identifiers that somebody should have masked.
//!
//! A set of rules is numbered, and its number is part of every snapshot: nodes with the same set hide the same, and only
//! those can say that they know the same. The log keeps what was signed; only what is derived from it is hidden.
//!
//! **Invariant:** a set never changes, neither what it finds in a text nor where it looks. A better one is a file beside it
//! with the next number.

mod first;

use crate::record::Part;

/// The set of rules that is in use.
pub const RULES_VERSION: u32 = first::NUMBER;

/// Hides in a part of a record, and says how many places.
pub fn hide(part: &mut Part) -> u32 {
    first::part(part)
}

#[cfg(test)]
mod tests;
