//! What the API asks of the rest of the node.
//!
//! The API knows nothing of stores, vaults and views: it reads a question, hands it to a [`Backend`] and
//! writes the answer down. Every method may block: the API calls it on a thread for blocking work, a bounded
//! number at a time. **Invariant:** an answer depends on what the node holds and on the question only.

use std::io::Write;
use std::ops::ControlFlow;

use protocol::api::{
    Approvals, ConceptDetail, ConceptPage, Format, HandvestLogs, HandvestStand, Health, Imported, Ingetrokken, Intake,
    IntrekkingDetail, IntrekkingPage, Lang, NieuweUitnodiging, Paging, RecordPage, RecordQuery, Shown, Stand,
    Uitnodiging, VerweesdPage, Verwijderd, VerwijderingGevraagd, Vindplaats,
};
use protocol::gate::Account;
use protocol::id::{Gemeente, Week};

use super::{Exports, Failure, Kringen, Learning, Questions};

/// What somebody did that is kept in the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Took records into the vault.
    TookIn,
    /// Looked at a concept as it would leave.
    Reviewed,
    /// Let concepts leave.
    Approved,
    /// Threw a concept away.
    Discarded,
    /// Took back what was shared.
    Withdrew,
    /// Put statements into the charter.
    ChangedCharter,
    /// Came into a federation.
    Joined,
    /// Shared orphaned work anew.
    Reissued,
    /// Made a backup.
    BackedUp,
    /// Made this node of a backup.
    Restored,
    /// Made it, and decided that it waits for no other node.
    RestoredAlone,
    /// Decided that it waits for no other node any more.
    HeardEnough,
    /// Made a token with a name.
    MadeToken,
    /// Ended one.
    EndedToken,
    /// Switched tips on or off.
    SwitchedTips,
}

impl Deed {
    /// The word in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::TookIn => "opgenomen",
            Self::Reviewed => "bekeken",
            Self::Approved => "goedgekeurd",
            Self::Discarded => "weggegooid",
            Self::Withdrew => "ingetrokken",
            Self::ChangedCharter => "handvest",
            Self::Joined => "toegetreden",
            Self::Reissued => "heruitgegeven",
            Self::BackedUp => "reservekopie",
            Self::Restored => "teruggezet",
            Self::RestoredAlone => "teruggezet_zonder_anderen",
            Self::HeardEnough => "wacht_op_niemand",
            Self::MadeToken => "token_gemaakt",
            Self::EndedToken => "token_ingetrokken",
            Self::SwitchedTips => "tips",
        }
    }
}

/// The answers behind the API.
pub trait Backend: Exports + Kringen + Learning + Questions + Send + Sync + 'static {
    /// Takes records into the vault and screens them; with `proef` only says what would become of them. One outcome per record, in the order of the body; a
    /// record with a local id that the vault has already replaces it.
    ///
    /// # Errors
    /// [`Failure::Input`] when the body as a whole cannot be read, with its line and column.
    fn intake(&self, format: Format, body: &[u8], by: &Account, proef: bool, lang: Lang) -> Result<Intake, Failure>;

    /// Types one concept anew, when `shown` holds of it as it is now; otherwise nothing changes.
    ///
    /// # Errors
    /// [`Failure::Input`] when the body is no record or names another, [`Failure::Unknown`], and [`Failure::Told`] when it has changed.
    fn replace(
        &self,
        id: &str,
        shown: &dyn Fn(&ConceptDetail) -> bool,
        body: &[u8],
        by: &Account,
        lang: Lang,
    ) -> Result<ConceptDetail, Failure>;

    /// Waits, not for long, until questions see what was written here; after a wait that was too short they wait themselves.
    fn shown(&self);

    /// What waits for a person, in order of local id.
    ///
    /// # Errors
    /// [`Failure`] when the vault does not answer.
    fn concepts(&self, paging: Paging) -> Result<ConceptPage, Failure>;

    /// One concept with its findings in their sentence.
    ///
    /// # Errors
    /// [`Failure::Unknown`] when there is no such concept.
    fn concept(&self, id: &str, lang: Lang) -> Result<ConceptDetail, Failure>;

    /// Approves concepts together as they were shown, so that links between them resolve. What cannot be approved says
    /// so in its own line.
    ///
    /// # Errors
    /// [`Failure`] when nothing was approved at all: [`Failure::Told`] when one of them has changed since it was shown.
    fn approve(&self, shown: &[Shown], by: &Account, lang: Lang) -> Result<Approvals, Failure>;

    /// Throws a concept away that nobody outside has a part of. The knelpunt that counted the team behind it counts anew.
    ///
    /// # Errors
    /// [`Failure::Unknown`], and [`Failure::Told`] when it was shared, or `id` is only the begin of its id.
    fn discard(&self, id: &str, asked: VerwijderingGevraagd, by: &Account, lang: Lang) -> Result<Verwijderd, Failure>;

    /// The records of the federation in order of id, each as its canonical JSON text on one line; all of them
    /// when `paging` is absent. Reads one state of knowledge from begin to end; stops when `each` breaks.
    ///
    /// # Errors
    /// [`Failure::Input`] for a kind or theme that does not exist.
    fn records(
        &self,
        query: &RecordQuery,
        paging: Option<Paging>,
        lang: Lang,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<RecordPage, Failure>;

    /// One record by its id or the unique begin of it, as its canonical JSON text.
    ///
    /// # Errors
    /// [`Failure::Unknown`] and [`Failure::Ambiguous`].
    fn record(&self, prefix: &str, peilweek: Option<Week>) -> Result<String, Failure>;

    /// Takes back, for ever, every document that this gemeente has in a record. When it returns, that survives a crash.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Ambiguous`], and [`Failure::Told`] where this gemeente contributed nothing.
    fn withdraw(&self, id: &str) -> Result<Ingetrokken, Failure>;

    /// Where a document was founded, by the begin of its id or of that of its record, whoever it is of.
    ///
    /// # Errors
    /// [`Failure::Unknown`] and [`Failure::Ambiguous`].
    fn place(&self, id: &str) -> Result<Vindplaats, Failure>;

    /// What is withdrawn, in order of document.
    ///
    /// # Errors
    /// [`Failure`] when the store does not answer.
    fn withdrawals(&self, paging: Paging) -> Result<IntrekkingPage, Failure>;

    /// One withdrawal, by its document or record or the begin of either, with who has confirmed it.
    ///
    /// # Errors
    /// [`Failure::Unknown`] and [`Failure::Ambiguous`].
    fn withdrawal(&self, id: &str) -> Result<IntrekkingDetail, Failure>;

    /// Own work that is held and counts for nobody.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn orphans(&self) -> Result<VerweesdPage, Failure>;

    /// Shares what is orphaned anew: one of it, or all.
    ///
    /// # Errors
    /// [`Failure::Unknown`], and [`Failure::Told`] for one that cannot be shared anew, or when nothing can leave.
    fn reissue(&self, id: Option<&str>, lang: Lang) -> Result<Approvals, Failure>;

    /// How the node is doing.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn stand(&self, peilweek: Option<Week>) -> Result<Stand, Failure>;

    /// An invitation into the federation, signed by this node.
    ///
    /// # Errors
    /// [`Failure::Told`] when this node cannot let anybody in.
    fn invite(&self) -> Result<NieuweUitnodiging, Failure>;

    /// Takes an invitation in, in the form of its file. When it returns, that survives a crash.
    ///
    /// # Errors
    /// [`Failure::Input`] when it is none, [`Failure::Told`] when the node belongs to another federation.
    fn join(&self, body: &[u8], lang: Lang) -> Result<Uitnodiging, Failure>;

    /// Who belongs.
    ///
    /// # Errors
    /// [`Failure`] when the store does not answer.
    fn charter(&self) -> Result<HandvestStand, Failure>;

    /// All statements that the node holds, in the form of a charter file.
    ///
    /// # Errors
    /// [`Failure`] when the store does not answer, or the text is larger than [`protocol::api::CHARTER_BYTES_MAX`].
    fn statements(&self) -> Result<String, Failure>;

    /// How far the node holds each log of a gemeente.
    ///
    /// # Errors
    /// [`Failure`] when the store does not answer.
    fn logs(&self, gemeente: Gemeente) -> Result<HandvestLogs, Failure>;

    /// Takes in statements of the charter, in the form of a charter file; with what each new one is, for the audit log.
    ///
    /// # Errors
    /// [`Failure::Input`] when a statement is not valid; none is taken in then.
    fn import(&self, body: &[u8], lang: Lang) -> Result<(Imported, Vec<String>), Failure>;

    /// Writes a backup, without its keys and without the hash at its end.
    ///
    /// # Errors
    /// [`Failure`]; what was written is no backup then.
    fn backup(&self, audit: bool, out: &mut dyn Write) -> Result<(), Failure>;

    /// Whether the parts of the node work. Never blocks.
    fn health(&self) -> Health;

    /// Keeps in the audit log who did what, and to what.
    fn note(&self, by: &Account, deed: Deed, about: &[String]);
}
