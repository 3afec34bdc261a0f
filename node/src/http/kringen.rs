//! What the API asks about kringen: what this gemeente says of its own membership, and the account over a quarter.

use protocol::api::{Lang, LidmaatschapAsked, LidmaatschapStand, Verantwoording, VerantwoordingQuery};
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
}
