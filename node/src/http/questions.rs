//! What the API asks in SQL, and about the tables it is asked of.

use protocol::api::{Lang, Tabel, TabelPage, VoorbeeldvraagPage, Zoekantwoord, ZoekvraagAsked};

use serde_json::Value;

use super::Failure;
use crate::stop::Stop;

/// The answers to analysts.
pub trait Questions {
    /// Answers a question in SQL, unless `stop` is said: what is known of the answer, and its rows as a JSON array.
    ///
    /// # Errors
    /// [`Failure::Input`] with the place in the question, and [`Failure::Told`] for one that took too long.
    fn ask_sql(&self, asked: &ZoekvraagAsked, stop: &Stop, lang: Lang) -> Result<(Zoekantwoord, Vec<u8>), Failure>;

    /// The questions that are asked most.
    fn asked_most(&self, lang: Lang) -> VoorbeeldvraagPage;

    /// The tables that can be asked.
    fn tables(&self, lang: Lang) -> TabelPage;

    /// What the tables are, for a catalogue of data: DCAT-AP-NL as JSON-LD.
    ///
    /// # Errors
    /// [`Failure::Told`] while there is no federation.
    fn dataset(&self) -> Result<Value, Failure>;

    /// One of them.
    ///
    /// # Errors
    /// [`Failure::Unknown`].
    fn table(&self, name: &str, lang: Lang) -> Result<Tabel, Failure>;
}
