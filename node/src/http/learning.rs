//! What the API asks about learning here: the local records, and what is made of them.
//!
//! What these answers say stays in the gemeente: it has real teams in it, and cases. What full text finds of the federation is
//! the same everywhere.

use protocol::api::{
    AgendaStand, Gevonden, KnelpuntenPage, Koppeling, KoppelingAsked, KoppelvoorstelPage, Lang, OntkoppelingAsked,
    OpenstaandQuery, OvergangAsked, Paging, PostvakPage, RecordPage, RecordQuery, SearchQuery, SessieAsked,
    SessieStand, TerugQuery, TerugkoppelingPage, Toestand, Verwanten, VerwantenQuery, VragenPage,
};
use protocol::gate::Account;
use protocol::id::{Quarter, Week};

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

    /// What a local record, or an afspraak of it, is in a week and what can become of it.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Ambiguous`], and [`Failure::Told`] for what is not ours.
    fn state_of(&self, id: &str, at: (Option<u32>, Option<Week>), lang: Lang) -> Result<Toestand, Failure>;

    /// A person says that it is in another state.
    ///
    /// # Errors
    /// As [`Learning::state_of`]; [`Failure::Told`] for a state that it does not come in from here, [`Failure::Input`] for what
    /// is missing or says too much.
    fn go(&self, id: &str, asked: &OvergangAsked, by: &Account, lang: Lang) -> Result<Toestand, Failure>;

    /// A person says that signals belong to a knelpunt.
    ///
    /// # Errors
    /// [`Failure::Unknown`], [`Failure::Ambiguous`], [`Failure::Input`], and [`Failure::Told`] for what cannot be linked.
    fn link(&self, asked: &KoppelingAsked, by: &Account, lang: Lang) -> Result<Koppeling, Failure>;

    /// A person says that they do not after all.
    ///
    /// # Errors
    /// As [`Learning::link`].
    fn unlink(&self, asked: &OntkoppelingAsked, by: &Account, lang: Lang) -> Result<Koppeling, Failure>;

    /// What signals may belong to.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn proposals(&self, peilweek: Option<Week>) -> Result<KoppelvoorstelPage, Failure>;

    /// What a quarter asks to be talked about.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn agenda(&self, quarter: Quarter, peilweek: Option<Week>, lang: Lang) -> Result<AgendaStand, Failure>;

    /// Records a sessie that was held. A sessie closes once.
    ///
    /// # Errors
    /// [`Failure::Told`] when it is closed already, [`Failure::Input`] for what no sessie can say.
    fn close(&self, asked: &SessieAsked, by: &Account, lang: Lang) -> Result<SessieStand, Failure>;

    /// What became of our signals.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn came_of(&self, query: &TerugQuery) -> Result<TerugkoppelingPage, Failure>;

    /// What others say about our records.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn mailbox(&self, peilweek: Option<Week>) -> Result<PostvakPage, Failure>;

    /// The knelpunten that stand open the longest, or those that came back after they were solved.
    ///
    /// # Errors
    /// [`Failure::Input`] for a theme that does not exist.
    fn knelpunten(&self, query: &OpenstaandQuery, paging: Paging, lang: Lang) -> Result<KnelpuntenPage, Failure>;

    /// The questions that nobody has answered.
    ///
    /// # Errors
    /// [`Failure`] when a room does not answer.
    fn questions(&self, query: &OpenstaandQuery, paging: Paging, lang: Lang) -> Result<VragenPage, Failure>;

    /// The records of the federation that have these words.
    ///
    /// # Errors
    /// [`Failure::Input`] for a kind or code that does not exist.
    fn search(&self, query: &SearchQuery, lang: Lang) -> Result<Gevonden, Failure>;

    /// The records of the federation that resemble the one whose id begins like this.
    ///
    /// # Errors
    /// [`Failure::Unknown`] and [`Failure::Ambiguous`].
    fn related(&self, prefix: &str, query: VerwantenQuery) -> Result<Verwanten, Failure>;
}
