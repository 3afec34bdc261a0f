//! The charter as the API shows it: who belongs, by which statements, and how the vote on the next edition stands.

use serde::{Deserialize, Serialize};

use super::{IntrekkingGevraagd, Uitnodiging};
use crate::id::{EditionHash, FederationId, Gemeente, HeaderHash, LogId, NodeKey, RootKey, StatementId};

/// The answer to `POST /v1/handvest`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Statements in the body.
    pub gelezen: u64,
    /// Statements of those that were not known yet.
    pub nieuw: u64,
    /// The federation, once it is founded.
    pub federatie: Option<FederationId>,
}

/// The answer to `GET /v1/handvest`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandvestStand {
    /// The federation, once it is founded.
    pub federatie: Option<FederationId>,
    /// The number of the edition that counts, once there is one.
    pub editie: Option<u64>,
    /// Its hash.
    #[serde(default)]
    pub hash: Option<EditionHash>,
    /// The invitation with which this node came, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitnodiging: Option<Uitnodiging>,
    /// The members of that edition in order of code; where two editions follow on it, those in both.
    pub leden: Vec<Lid>,
    /// How the vote on the next edition stands, once the federation is founded.
    #[serde(default)]
    pub stemming: Option<Stemming>,
    /// Members that others suspended or want to suspend, in order of code.
    #[serde(default)]
    pub schorsingen: Vec<Schorsing>,
    /// Documents that members asked to withdraw together, in order of document, at most [`super::LINES_MAX`].
    #[serde(default)]
    pub intrekkingen: Vec<IntrekkingGevraagd>,
    /// Gemeenten that became part of another one, in order of code.
    #[serde(default)]
    pub herindelingen: Vec<Herindeling>,
    /// Logs of which two histories are proven, in order of log, at most [`super::LINES_MAX`].
    #[serde(default)]
    pub vorken: Vec<Vork>,
    /// Members that are proven to have voted twice, at most [`super::LINES_MAX`].
    #[serde(default)]
    pub dubbele_stemmen: Vec<DubbeleStem>,
    /// Whether every member left.
    #[serde(default)]
    pub opgeheven: bool,
    /// The statements the node holds in order of id, at most [`super::LINES_MAX`].
    pub statements: Vec<StatementLine>,
    /// How many statements there are.
    pub totaal: u64,
}

/// A member of the federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lid {
    /// CBS code.
    pub gemeente: Gemeente,
    /// Name.
    pub naam: String,
    /// The key that stands above its nodes.
    pub wortel: RootKey,
    /// Whether it votes.
    pub stemt: bool,
    /// Whether it has signed the founding edition.
    #[serde(default)]
    pub getekend: bool,
    /// Whether it left, while the edition still lists it.
    #[serde(default)]
    pub vertrokken: bool,
    /// Whether it is on hold.
    #[serde(default)]
    pub geschorst: bool,
    /// Its nodes in order of key.
    pub nodes: Vec<LidNode>,
}

/// A node of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LidNode {
    /// Its key.
    pub node: NodeKey,
    /// Where it can be dialled, as the member says.
    pub adressen: Vec<String>,
    /// Why it speaks no more, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub einde: Option<Einde>,
}

/// Why a node speaks no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Einde {
    /// An edition ended it, for good.
    Editie,
    /// Its gemeente ended it.
    Lid,
    /// Its gemeente left.
    Vertrek,
    /// Its gemeente is on hold.
    Schorsing,
}

/// How the vote on the next edition stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stemming {
    /// In one word.
    pub stand: StemmingStand,
    /// Votes it takes in ballot 0.
    pub quorum: u64,
    /// Members that vote; a later ballot takes them all.
    pub stemmers: u64,
    /// What can be voted for, in order of hash and ballot, at most [`super::LINES_MAX`].
    pub voorstellen: Vec<Voorstel>,
    /// Members that did not vote in ballot 0, in order of code.
    pub zwijgen: Vec<Gemeente>,
}

/// How a vote stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StemmingStand {
    /// Nobody proposed anything.
    Rustig,
    /// Ballot 0 can still decide.
    Open,
    /// Ballot 0 cannot decide any more: a later ballot of all can.
    Vastgelopen,
    /// Two editions were decided for: a later ballot of all decides between them.
    Dubbel,
}

/// An edition that can follow on the one that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voorstel {
    /// Its hash.
    pub editie: EditionHash,
    /// Whether its text is here; votes can be here before it.
    pub bekend: bool,
    /// The ballot.
    pub ronde: u32,
    /// Who voted for it in that ballot, in order of code.
    pub voor: Vec<Gemeente>,
    /// Who can still vote for it in that ballot, in order of code.
    pub ontbreekt: Vec<Gemeente>,
    /// How many more votes it takes.
    pub nodig: u64,
    /// What it changes, when its text is here.
    pub wijzigingen: Vec<Wijziging>,
}

/// What an edition changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wijziging {
    /// What sort of change.
    pub soort: WijzigingSoort,
    /// Of which gemeente.
    pub gemeente: Gemeente,
    /// Its name.
    pub naam: String,
    /// Its root key, where it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wortel: Option<RootKey>,
    /// The fingerprint of its card, where its keys are new: what it reads out by phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vingerafdruk: Option<String>,
    /// The nodes it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeKey>,
    /// The gemeente that goes on with its records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub naar: Option<Gemeente>,
    /// From which day, as `2027-01-01`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datum: Option<String>,
    /// What it says from now on, such as a mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wordt: Option<String>,
}

/// A sort of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WijzigingSoort {
    /// A gemeente joins, and votes.
    Komt,
    /// A gemeente joins, and reads along.
    KomtMeelezen,
    /// A gemeente is no member any more.
    Gaat,
    /// A gemeente becomes part of another one.
    Herindeling,
    /// A member that read along votes from now on.
    GaatStemmen,
    /// A member that voted reads along from now on.
    GaatMeelezen,
    /// Another root key speaks for it.
    Wortelsleutel,
    /// It commits itself to another next root key.
    VolgendeSleutel,
    /// It has another name.
    Naam,
    /// It has another mailbox.
    Postbus,
    /// It has other first addresses.
    Adressen,
    /// Nodes that speak for it from now on.
    NodesErbij,
    /// Nodes that end, for good.
    NodesEindigen,
    /// It stays on hold.
    BlijftGeschorst,
    /// It is on hold, and is not any more.
    SchorsingVervalt,
}

/// A member that others suspended or want to suspend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schorsing {
    /// Who.
    pub gemeente: Gemeente,
    /// Who asks for it, in order of code.
    pub door: Vec<Gemeente>,
    /// How many signatures it still takes.
    pub nodig: u64,
    /// Whether the edition itself says so.
    pub door_editie: bool,
    /// Whether it is on hold.
    pub van_kracht: bool,
}

/// A gemeente that became part of another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Herindeling {
    /// The gemeente that is no more.
    pub van: Gemeente,
    /// The one that goes on with its records.
    pub naar: Gemeente,
    /// From which day, as `2027-01-01`.
    pub datum: String,
}

/// A log of which two histories are proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vork {
    /// The log.
    pub log: LogId,
    /// The node that wrote both.
    pub node: NodeKey,
    /// For whom it speaks, or spoke.
    pub gemeente: Option<Gemeente>,
    /// The first entry that does not count.
    pub positie: u64,
}

/// A member that voted for two editions in one ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DubbeleStem {
    /// The number of the editions.
    pub editie: u64,
    /// Who.
    pub gemeente: Gemeente,
}

/// A statement of the charter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// The content address.
    pub id: StatementId,
    /// What kind of statement.
    pub soort: String,
    /// Whether it counts at present.
    pub telt: bool,
}

/// The answer to `GET /v1/handvest/logs`: how far a node holds each log of a gemeente, and how far it counts at most. What
/// ends a node key says it in these terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandvestLogs {
    /// The gemeente.
    pub gemeente: Gemeente,
    /// Every node key that speaks, or spoke, for it, in order.
    pub nodes: Vec<NodeLogs>,
}

/// The logs of one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeLogs {
    /// Its key.
    pub node: NodeKey,
    /// Its logs in order, those of which something counts.
    pub logs: Vec<LogHoogte>,
}

/// How far one log is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHoogte {
    /// The log.
    pub log: LogId,
    /// How many entries from the first on.
    pub positie: u64,
    /// Hash of the header of the last of them.
    pub kop: HeaderHash,
}
