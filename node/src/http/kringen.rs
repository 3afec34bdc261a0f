//! What the API asks about kringen: what this gemeente says of its own membership, the account over a quarter, and the tips.

use protocol::api::{
    Lang, LidmaatschapAsked, LidmaatschapStand, TipPage, TipSchakeling, Verantwoording, VerantwoordingQuery,
};
use protocol::gate::Account;

use super::Failure;

/// The answers about kringen.
pub trait Kringen {
    /// This gemeente comes into a kring, or leaves it. Nobody can say that for another.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Ambiguous`], [`Failure::Input`], and [`Failure::Told`] when it is as it says already.
    fn membership(&self, asked: &LidmaatschapAsked, by: &Account, lang: Lang) -> Result<LidmaatschapStand, Failure>;

    /// What a kring did in a quarter, why, and what it learned, from what is shared.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Ambiguous`], and [`Failure::Told`] for what is no shared kring.
    fn account(&self, query: &VerantwoordingQuery, lang: Lang) -> Result<Verantwoording, Failure>;

    /// What the kringen that this gemeente is in show to somebody who is typing, and what of it is switched off.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn tips(&self, lang: Lang) -> Result<TipPage, Failure>;

    /// Switches a tip, or all of them, on or off at this node.
    ///
    /// # Errors
    /// [`Failure::Told`] for one that is not there, and for one that is to be on while all are off.
    fn switch_tips(&self, asked: &TipSchakeling, lang: Lang) -> Result<TipPage, Failure>;
}
