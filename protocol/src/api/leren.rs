//! Learning here, as the API shows it: signals that belong to a knelpunt, what a quarter asks to be talked about, the sessie
//! that did, and what became of a signal.

use serde::{Deserialize, Serialize};

use super::{ConceptState, Message, QueryFault};
use crate::id::{Gemeente, Quarter, Week};

/// Signals in one `POST /v1/koppelingen`.
pub const LINKS_MAX: usize = 500;

/// The question of `POST /v1/koppelingen`: these signals belong to a knelpunt that is there, or to one that is made of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KoppelingAsked {
    /// Local signals.
    pub signalen: Vec<String>,
    /// The knelpunt: a local id or a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knelpunt: Option<String>,
    /// What to make when there is none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nieuw: Option<NieuwKnelpunt>,
}

/// A knelpunt that is made of signals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NieuwKnelpunt {
    /// Its local id; drawn when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its title.
    pub titel: String,
    /// What sort of knelpunt.
    pub soort_knelpunt: String,
}

/// The question of `POST /v1/ontkoppelingen`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OntkoppelingAsked {
    /// Local signals.
    pub signalen: Vec<String>,
}

/// What became of linking or unlinking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Koppeling {
    /// The signals, and what waits because of it.
    pub concepten: Vec<Gekoppeld>,
    /// The knelpunten that it was about, as they are now.
    pub knelpunten: Vec<Knelpuntstand>,
}

/// A concept that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gekoppeld {
    /// Its local id.
    pub id: String,
    /// How far it is on its way out now.
    pub voortgang: ConceptState,
    /// Whether an earlier form of it is shared, so that this is an edit that has to be approved.
    pub gedeeld: bool,
}

/// A knelpunt with what its own signals say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knelpuntstand {
    /// What it is called here.
    pub id: String,
    /// Its title.
    pub titel: String,
    /// Its state.
    pub staat: String,
    /// Teams within thirteen weeks, as in `teams`; nothing without signals of our own.
    pub teams: Option<String>,
}

/// The answer to `GET /v1/koppelvoorstellen`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KoppelvoorstelPage {
    /// Own signals of a knelpunt.
    pub signalen: u64,
    /// Of those, the ones that no person has linked yet.
    pub ongekoppeld: u64,
    /// What each of those may belong to; the newest first.
    pub voorstellen: Vec<Koppelvoorstel>,
}

/// What a signal may belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Koppelvoorstel {
    /// The signal.
    pub signaal: String,
    /// What it says.
    pub titel: String,
    /// What it resembles, the closest first.
    pub lijkt_op: Vec<Gelijkenis>,
}

/// Why a record may be about the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gelijkenis {
    /// What it is called here.
    pub id: String,
    /// Its kind: a knelpunt, or another signal without one.
    pub soort: String,
    /// What it says.
    pub titel: String,
    /// Themes of both.
    pub thema: Vec<String>,
    /// Rules of both.
    pub regeling: Vec<String>,
    /// Words of it that the signal has too, as they stand there.
    pub woorden: Vec<String>,
}

/// The answer to `GET /v1/agenda`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaStand {
    /// The quarter.
    pub kwartaal: Quarter,
    /// The week it is asked for.
    pub peilweek: Week,
    /// Its points, in order.
    pub punten: Vec<Agendapunt>,
}

/// One point of an agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agendapunt {
    /// Its number.
    pub nr: u32,
    /// Why it stands there, as a code.
    pub reden: String,
    /// The same in words, above all that stand there for it.
    pub kop: String,
    /// Why it stands there, in a sentence.
    pub uitleg: String,
    /// The record, as it is called here.
    pub id: String,
    /// Its kind.
    pub soort: String,
    /// What it says.
    pub titel: String,
    /// Of an afspraak its number in the sessie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afspraak: Option<u32>,
    /// Of an own afspraak who does it. It never leaves the gemeente.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actiehouder: Option<String>,
}

/// The question of `POST /v1/sessies`: a sessie that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessieAsked {
    /// Its local id.
    pub id: String,
    /// The quarter it is of.
    pub kwartaal: Quarter,
    /// What sort of sessie; a kwartaalgesprek when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aard: Option<String>,
    /// The week it was held; this week when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// The lagen that were there.
    pub aanwezig: Vec<String>,
    /// How many people, as a band.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aantal_band: Option<String>,
    /// The records that were talked about.
    #[serde(default)]
    pub besproken: Vec<String>,
    /// What was agreed.
    #[serde(default)]
    pub afspraken: Vec<AfspraakAsked>,
}

/// Something that was agreed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AfspraakAsked {
    /// What.
    pub wat: String,
    /// The laag that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laag: Option<String>,
    /// The quarter in which it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub klaar: Option<Quarter>,
    /// What it led to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leidt_tot: Option<String>,
    /// Who does it. It never leaves the gemeente.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actiehouder: Option<String>,
}

/// A sessie that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessieStand {
    /// Its local id.
    pub id: String,
    /// The quarter it is of.
    pub kwartaal: Quarter,
    /// The week it was held.
    pub week: Week,
    /// Afspraken that were made.
    pub afspraken: u64,
    /// The knelpunten that were talked about, as they are now.
    pub knelpunten: Vec<Knelpuntstand>,
}

/// Which signals, in `GET /v1/terugkoppelingen`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerugQuery {
    /// Of this team.
    pub team: Option<String>,
    /// Only what happened in this week or later.
    pub sinds: Option<Week>,
    /// The week it is asked for; this week when absent.
    pub peilweek: Option<Week>,
}

/// The answer to `GET /v1/terugkoppelingen`: what became of our signals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TerugkoppelingPage {
    /// The signals, oldest first.
    pub signalen: Vec<Terugkoppeling>,
}

/// A signal, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terugkoppeling {
    /// Its local id.
    pub id: String,
    /// Who gave it.
    pub team: Option<String>,
    /// When.
    pub week: Week,
    /// What it says.
    pub titel: String,
    /// Its state.
    pub staat: String,
    /// The knelpunt it belongs to.
    pub knelpunt: Option<String>,
    /// What links to it or to its knelpunt, oldest first.
    pub gebeurd: Vec<Gebeurd>,
}

/// Something that happened because of a signal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Gebeurd {
    /// When.
    pub week: Week,
    /// A kind of record, or `afspraak`.
    pub soort: String,
    /// The record, as it is called here.
    pub id: String,
    /// Of an afspraak its number in the sessie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub afspraak: Option<u32>,
    /// The gemeente it is of.
    pub gemeente: Gemeente,
    /// What it says.
    pub titel: String,
    /// Its state.
    pub staat: String,
    /// The quarter for which it was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beloofd: Option<Quarter>,
    /// What it led to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leidde_tot: Option<String>,
}

/// The answer to `GET /v1/postvak`: what others say about our records, what waits for an answer first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostvakPage {
    /// The mailbox of the gemeente, of a function; empty when it has none.
    pub postbus: String,
    /// The week it is asked for.
    pub peilweek: Week,
    /// Berichten.
    pub totaal: u64,
    /// Of those, the ones that wait for an answer.
    pub open: u64,
    /// Of those, the ones that ask to look along.
    pub meekijken: u64,
    /// The berichten, as many as an answer holds.
    pub berichten: Vec<PostRegel>,
}

/// One bericht about a record of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostRegel {
    /// When.
    pub week: Week,
    /// What sort: `meekijken`, `vraag`, `tegenspraak`.
    pub vorm: String,
    /// The gemeente that says it.
    pub gemeente: Gemeente,
    /// The bericht.
    pub id: String,
    /// What it is about, as that is called here.
    pub over: String,
    /// The kind of that.
    pub soort: String,
    /// What that says.
    pub titel: String,
    /// What the bericht says.
    pub tekst: String,
    /// Its state: `open` or `beantwoord` when it asks for an answer.
    pub staat: String,
}

/// What is answered to who closes a sessie that is closed.
#[must_use]
pub fn closed_before(id: &str, week: Week) -> Message {
    Message::with(
        format!("sessie {id} is al afgerond, in {week}; er is niets veranderd"),
        format!("sessie {id} is closed already, in {week}; nothing was changed"),
    )
}

impl TerugQuery {
    /// Its keys.
    pub const KEYS: &'static [&'static str] = &["team", "sinds", "peilweek"];

    /// Reads the query.
    ///
    /// # Errors
    /// [`QueryFault`] for any other key and for what is not a week.
    pub fn read(pairs: &[(String, String)]) -> Result<Self, QueryFault> {
        super::record::only(pairs, Self::KEYS)?;
        Ok(Self {
            team: super::record::value(pairs, "team")?.map(str::to_owned),
            sinds: super::record::parsed(pairs, "sinds", super::Expected::Week)?,
            peilweek: super::record::parsed(pairs, "peilweek", super::Expected::Week)?,
        })
    }

    /// The query as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let all = [
            ("team", self.team.clone()),
            ("sinds", self.sinds.map(|week| week.to_string())),
            ("peilweek", self.peilweek.map(|week| week.to_string())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

/// Reads the query of an agenda: its quarter, which it must say, and the week it is asked for.
///
/// # Errors
/// [`QueryFault`] for any other key, and for what is no quarter or week or is missing.
pub fn read_agenda(pairs: &[(String, String)]) -> Result<(Quarter, Option<Week>), QueryFault> {
    super::record::only(pairs, &["kwartaal", "peilweek"])?;
    let quarter = super::record::parsed(pairs, "kwartaal", super::Expected::Quarter)?;
    let quarter = quarter.ok_or_else(|| super::record::wrong("kwartaal", "", super::Expected::Quarter))?;
    Ok((
        quarter,
        super::record::parsed(pairs, "peilweek", super::Expected::Week)?,
    ))
}
