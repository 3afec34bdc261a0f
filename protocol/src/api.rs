//! What a node and the command line say to each other, as JSON over HTTP.
//!
//! The types here are the whole vocabulary of `/v1`: a node fills them, the command line and other programs
//! read them. Names on the wire are Dutch, because they are the words of the practice; keys of a query are
//! camelCase, as the NL REST API Design Rules want.
//!
//! | path | what |
//! |---|---|
//! | [`path::CONCEPTEN`] | records on their way through the gate: take in, list, one with its findings |
//! | [`path::GOEDKEURINGEN`] | a person approves; what is approved may leave |
//! | [`path::RECORDS`] | what the federation knows |
//! | [`path::LOKALE_RECORDS`] | what was recorded here, with what never leaves |
//! | [`path::ZOEKEN`], [`path::VERWANTEN`] | full text over what the federation knows; what resembles a record |
//! | [`path::TIPS`] | what kringen show to somebody who is typing, and switching that off |
//! | [`path::ZOEKVRAGEN`] | questions in SQL, over the tables of [`path::TABELLEN`] |
//! | [`path::DATASET`] | what those are, for a catalogue of data |
//! | [`path::MOMENTOPNAME`] | what the snapshot is made of |
//! | [`path::UITVOER`] | all tables of one snapshot in a folder |
//! | [`path::WIJZIGINGEN`] | the rows of these tables, and what changed in them, for a mirror |
//! | [`path::STAND`] | how this node is doing |
//! | [`path::RECORD_VINDPLAATS`] | where a document was founded, for who asks to take it back with others |
//! | [`path::INTREKKINGEN`] | what is taken back, and who has confirmed that it is gone |
//! | [`path::VERWEESD`] | own work that counts for nobody, and sharing it anew |
//! | [`path::HANDVEST`] | who belongs to the federation |
//! | [`path::TOKENS`] | who else may use the API, and for what |
//! | [`path::UITNODIGING`] | inviting others into it, and coming in |
//!
//! A reader ignores fields that it does not know, so that a newer node can say more. **Invariant:** a record
//! travels as its canonical JSON text and is never encoded again on the way, so that two nodes with the same
//! knowledge answer the same bytes.

mod concept;
mod handvest;
mod intrekking;
mod kring;
mod leren;
mod openstaand;
mod overgang;
mod problem;
mod record;
mod stand;
mod text;
mod tip;
mod toetreding;
mod token;
mod uitvoer;
mod verweesd;
mod werk;
mod wijzigingen;
mod zoeken;
mod zoekvraag;

pub use concept::{
    Approval, ApprovalAsked, Approvals, ApprovalsAsked, Concept, ConceptDetail, ConceptPage, ConceptState, Fault,
    Finding, FindingInSentence, Intake, Outcome, Shown, Verdict, Verwijderd, VerwijderingGevraagd,
};
pub use handvest::{
    DubbeleStem, Einde, HandvestLogs, HandvestStand, Herindeling, Imported, Lid, LidNode, LogHoogte, NodeLogs,
    Schorsing, StatementLine, Stemming, StemmingStand, Voorstel, Vork, Wijziging, WijzigingSoort,
};
pub use intrekking::{
    Ingetrokken, Intrekking, IntrekkingDetail, IntrekkingGevraagd, IntrekkingPage, Ontvangst, Vindplaats,
};
pub use kring::{LidmaatschapAsked, LidmaatschapStand, Verantwoording, VerantwoordingQuery, VerantwoordingRegel};
pub use leren::{
    AfspraakAsked, AgendaStand, Agendapunt, Gebeurd, Gekoppeld, Gelijkenis, Knelpuntstand, Koppeling, KoppelingAsked,
    Koppelvoorstel, KoppelvoorstelPage, LINKS_MAX, NieuwKnelpunt, OntkoppelingAsked, PostRegel, PostvakPage,
    SessieAsked, SessieStand, TerugQuery, Terugkoppeling, TerugkoppelingPage, closed_before, read_agenda,
};
pub use openstaand::{KnelpuntRegel, KnelpuntenPage, OpenstaandQuery, VraagRegel, VragenPage};
pub use overgang::{Overgang, OvergangAsked, SAID_MAX, Toestand, read_afspraak};
pub use problem::{Problem, ProblemKind};
pub use record::{
    Expected, Paging, QueryFault, RecordPage, RecordQuery, read_audit, read_gemeente, read_paging, read_peilweek,
    read_proef,
};
pub use stand::{
    Gezondheid, Health, Hoogten, HoortEerst, Knocked, KnockedWhy, Lidmaatschap, Onderdeel, PeerLine, Refused, Stand,
    Storing, Versies, Vol, Waiting,
};
pub use text::{Lang, Message};
pub use tip::{Tip, TipPage, TipRegel, TipSchakeling};
pub use toetreding::{NOT_FOUNDED, NOT_FOUNDED_NEXT, NieuweUitnodiging, Oordeel, Uitnodiging, UitnodigingNode};
pub use token::{NieuwToken, Scope, TOKENS_MAX, TokenAsked, TokenPage, TokenRegel};
pub use uitvoer::{Editie, EerdereStand, Hoogte, Momentopname, Uitvoervorm, Verklaringen, Weergaveversies, read_vorm};
pub use verweesd::{HeruitgaveAsked, Lot, Verweesd, VerweesdPage, Waarom};
pub use werk::{Fout, Geteld, Mislukt, Telling, Verbindfout, WachtOp, Werk, WerkStatus, WorkerLine};
pub use wijzigingen::{
    BATCH_DEFAULT, BATCH_MAX, WijzigingenQuery, Wijzigingsbegin, Wijzigingseinde, Wijzigingsregel, Wijzigingstabel,
    read_wijzigingen,
};
pub use zoeken::{
    FOUND_DEFAULT, FOUND_MAX, Gevonden, Overeenkomst, Plek, SearchQuery, Treffer, Verwanten, VerwantenQuery,
    WORDS_CHARS_MAX,
};
pub use zoekvraag::{
    Index, Kolom, KolomSoort, ROWS_DEFAULT, ROWS_MAX, Tabel, TabelPage, TabelRegel, Voorbeeldvraag, VoorbeeldvraagPage,
    Zoekantwoord, ZoekvraagAsked,
};

/// The version of the API, as every answer says it in the header `API-Version`.
pub const VERSION: &str = "1.0.0";

/// A body that is taken in at once; the largest registration of a year stays below it.
pub const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// A charter as text: of every gemeente with what it endorsed and confirmed.
pub const CHARTER_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Records in one body of `POST /v1/concepten`.
pub const INTAKE_RECORDS_MAX: usize = 10_000;
/// Concepts in one `POST /v1/goedkeuringen`.
pub const APPROVALS_MAX: usize = 10_000;
/// Lines of a list inside another answer, such as the peers in the stand. What is left out is counted.
pub const LINES_MAX: usize = 1_000;
/// Lines of one page.
pub const PAGE_MAX: u32 = 1_000;
/// Lines of one page when the question does not say.
pub const PAGE_DEFAULT: u32 = 100;
/// Characters of a path segment or of a query.
pub const QUERY_CHARS_MAX: usize = 1_024;

/// One JSON value in UTF-8.
pub const MEDIA_JSON: &str = "application/json";
/// One JSON value per line.
pub const MEDIA_JSON_LINES: &str = "application/jsonl";
/// One registration per line, with a heading.
pub const MEDIA_CSV: &str = "text/csv";
/// Bytes that the API does not look into.
pub const MEDIA_BYTES: &str = "application/octet-stream";
/// A ZIP archive.
pub const MEDIA_ZIP: &str = "application/zip";
/// The header that says on whose behalf is asked: an account of this machine or of the proxy, for the audit log.
pub const ACCOUNT_HEADER: &str = "leerkring-account";

/// The account of whoever asks without that header: nobody in particular.
pub const ACCOUNT_NOBODY: &str = "api";

/// An answer that says what went wrong (RFC 9457).
pub const MEDIA_PROBLEM: &str = "application/problem+json";

/// The paths of the API. `{id}` stands for one name.
pub mod path {
    /// Take records in, and list what waits for a person.
    pub const CONCEPTEN: &str = "/v1/concepten";
    /// One concept with its findings.
    pub const CONCEPT: &str = "/v1/concepten/{id}";
    /// Approve one concept.
    pub const CONCEPT_GOEDKEURING: &str = "/v1/concepten/{id}/goedkeuring";
    /// Throw a concept away that has not left.
    pub const CONCEPT_VERWIJDERING: &str = "/v1/concepten/{id}/verwijdering";
    /// Approve several concepts together.
    pub const GOEDKEURINGEN: &str = "/v1/goedkeuringen";
    /// Questions in SQL; the ones that are asked most.
    pub const ZOEKVRAGEN: &str = "/v1/zoekvragen";
    /// The tables that they are asked of.
    pub const TABELLEN: &str = "/v1/tabellen";
    /// One of these.
    pub const TABEL: &str = "/v1/tabellen/{id}";
    /// What the tables are, for a catalogue of data.
    pub const DATASET: &str = "/v1/dataset";
    /// The parts of the snapshot.
    pub const MOMENTOPNAME: &str = "/v1/momentopname";
    /// An export of every table, as one ZIP archive.
    pub const UITVOER: &str = "/v1/uitvoer";
    /// Every row of every table, or those that changed since a mark: `?sinds=…&aantal=1000`.
    pub const WIJZIGINGEN: &str = "/v1/wijzigingen";
    /// The records of the federation.
    pub const RECORDS: &str = "/v1/records";
    /// One record.
    pub const RECORD: &str = "/v1/records/{id}";
    /// What resembles it.
    pub const VERWANTEN: &str = "/v1/records/{id}/verwanten";
    /// What was recorded here, with what never leaves.
    pub const LOKALE_RECORDS: &str = "/v1/lokale-records";
    /// One of it.
    pub const LOKAAL_RECORD: &str = "/v1/lokale-records/{id}";
    /// What can become of it, and that it did.
    pub const OVERGANGEN: &str = "/v1/lokale-records/{id}/overgangen";
    /// Signals that belong to a knelpunt.
    pub const KOPPELINGEN: &str = "/v1/koppelingen";
    /// Signals that do not after all.
    pub const ONTKOPPELINGEN: &str = "/v1/ontkoppelingen";
    /// What signals may belong to.
    pub const KOPPELVOORSTELLEN: &str = "/v1/koppelvoorstellen";
    /// What a quarter asks to be talked about.
    pub const AGENDA: &str = "/v1/agenda";
    /// Sessies that were held.
    pub const SESSIES: &str = "/v1/sessies";
    /// What became of our signals.
    pub const TERUGKOPPELINGEN: &str = "/v1/terugkoppelingen";
    /// Coming into a kring, and leaving it.
    pub const LIDMAATSCHAPPEN: &str = "/v1/lidmaatschappen";
    /// What a kring did in a quarter, why, and what it learned: `?kring=9abc&kwartaal=2026-Q1`.
    pub const VERANTWOORDING: &str = "/v1/verantwoording";
    /// What kringen show to somebody who is typing.
    pub const TIPS: &str = "/v1/tips";
    /// Switching that off, and on again.
    pub const TIPSCHAKELINGEN: &str = "/v1/tipschakelingen";
    /// What others say about our records.
    pub const POSTVAK: &str = "/v1/postvak";
    /// Knelpunten that stand open the longest, or that came back: `?terug=true&netwerk=true`.
    pub const KNELPUNTEN: &str = "/v1/knelpunten";
    /// Questions that nobody has answered.
    pub const VRAGEN: &str = "/v1/vragen";
    /// Full text over the records of the federation: `?q=briefadres&thema=wonen`.
    pub const ZOEKEN: &str = "/v1/zoeken";
    /// Take back what this gemeente contributed to a record.
    pub const RECORD_INTREKKING: &str = "/v1/records/{id}/intrekking";
    /// Where a document was founded.
    pub const RECORD_VINDPLAATS: &str = "/v1/records/{id}/vindplaats";
    /// What is withdrawn.
    pub const INTREKKINGEN: &str = "/v1/intrekkingen";
    /// One withdrawal, with who has confirmed it.
    pub const INTREKKING: &str = "/v1/intrekkingen/{id}";
    /// Own work that is held and counts for nobody.
    pub const VERWEESD: &str = "/v1/verweesde-records";
    /// Share that anew.
    pub const VERWEESD_HERUITGAVE: &str = "/v1/verweesde-records/heruitgave";
    /// How the node is doing.
    pub const STAND: &str = "/v1/stand";
    /// A backup, without its keys.
    pub const RESERVEKOPIE: &str = "/v1/reservekopie";
    /// Whether the node answers at all; asks for no token.
    pub const GEZONDHEID: &str = "/v1/gezondheid";
    /// Whether the parts of the node work; asks for no token.
    pub const HEALTH: &str = "/health";
    /// The statements of the charter.
    pub const HANDVEST: &str = "/v1/handvest";
    /// All statements that the node holds, as a charter file.
    pub const HANDVEST_VERKLARINGEN: &str = "/v1/handvest/verklaringen";
    /// How far the node holds each log of a gemeente.
    pub const HANDVEST_LOGS: &str = "/v1/handvest/logs";
    /// An invitation into the federation, written or taken in.
    pub const UITNODIGING: &str = "/v1/uitnodiging";
    /// Who else may use the API.
    pub const TOKENS: &str = "/v1/tokens";
    /// End a token.
    pub const TOKEN_INTREKKING: &str = "/v1/tokens/{id}/intrekking";
    /// The description of this API; asks for no token.
    pub const OPENAPI: &str = "/v1/openapi.json";
}

/// How the records in a body are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One record, a list of records, or an object with a list `records`.
    Json,
    /// One record per line.
    JsonLines,
    /// One signal per line, with a heading.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Json, Self::JsonLines, Self::Csv];

    /// The media type, as `Content-Type` says it.
    #[must_use]
    pub fn media(self) -> &'static str {
        match self {
            Self::Json => MEDIA_JSON,
            Self::JsonLines => MEDIA_JSON_LINES,
            Self::Csv => MEDIA_CSV,
        }
    }

    /// How the name of a file in this format ends.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// The format of a `Content-Type`, whatever parameters follow it.
    #[must_use]
    pub fn of_media(content_type: &str) -> Option<Self> {
        let media = content_type.split(';').next().unwrap_or_default().trim();
        if media.eq_ignore_ascii_case("application/x-ndjson") {
            return Some(Self::JsonLines);
        }
        Self::ALL
            .into_iter()
            .find(|format| media.eq_ignore_ascii_case(format.media()))
    }

    /// The format that the name of a file suggests.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
