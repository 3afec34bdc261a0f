//! What the API asks of snapshots and exports.

use std::fs::File;
use std::io::Write;

use protocol::api::{EerdereStand, Momentopname, Uitvoervorm};

use super::Failure;

/// The answers about whole states of knowledge.
pub trait Exports {
    /// The parts of the snapshot that the tables show, with the signature under every head.
    ///
    /// # Errors
    /// [`Failure::Told`] before a federation is founded, or while the tables lack something for too long.
    fn snapshot(&self) -> Result<Momentopname, Failure>;

    /// A file without a name in the folder of the node, in which an export grows: whatever becomes of the node, it is gone with
    /// who holds it.
    ///
    /// # Errors
    /// [`Failure::Full`], and [`Failure::Internal`] where the system makes none.
    fn spool(&self) -> Result<File, Failure>;

    /// Writes an export of what the tables show, as one archive. Ends when `out` takes nothing more.
    ///
    /// # Errors
    /// As [`Exports::snapshot`]; what was written is no archive then.
    fn export(&self, form: Uitvoervorm, out: &mut (dyn Write + Send)) -> Result<(), Failure>;

    /// Writes an export of an earlier state, without what was withdrawn since. Ends when `out` takes nothing more.
    ///
    /// # Errors
    /// [`Failure::Told`] for what is no state that anybody signed and for one that cannot be read again here, [`Failure::Busy`]
    /// while another is made; what was written is no archive then.
    fn export_again(&self, asked: &EerdereStand, out: &mut (dyn Write + Send)) -> Result<(), Failure>;

    /// Writes every row of what the tables show, for a mirror. Ends when `out` takes nothing more.
    ///
    /// # Errors
    /// As [`Exports::snapshot`]; what was written has no end then.
    fn everything(&self, out: &mut (dyn Write + Send)) -> Result<(), Failure>;

    /// What changed in them since a mark, of at most so many records.
    ///
    /// # Errors
    /// [`Failure::Told`] for a mark from which nobody can go on here, and before a federation is founded.
    fn changes(&self, since: &str, records_max: u32) -> Result<Vec<u8>, Failure>;
}
