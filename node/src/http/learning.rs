//! What the API asks about learning here: the local records, and what is made of them.
//!
//! What these answers say stays in the gemeente: it has real teams in it, and cases.

use protocol::api::{Lang, Paging, RecordPage, RecordQuery};
use protocol::id::Week;

use super::Failure;

/// The answers about local records.
pub trait Learning {
    /// The local records in order of local id, each as JSON text, with how many there are: of all pages together.
    ///
    /// # Errors
    /// [`Failure::Input`] for a kind or theme that does not exist.
    fn local_records(
        &self,
        query: &RecordQuery,
        paging: Option<Paging>,
        lang: Lang,
    ) -> Result<(RecordPage, Vec<String>), Failure>;

    /// One local record by its local id, by the id it has in the network, or by the unique begin of either.
    ///
    /// # Errors
    /// [`Failure::Unknown`] and [`Failure::Ambiguous`].
    fn local_record(&self, id: &str, peilweek: Option<Week>) -> Result<String, Failure>;
}
