//! The stand: how a node is doing, in one answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Lang, Message, Problem, ProblemKind, Uitnodiging, Verbindfout, WachtOp, WorkerLine};
use crate::id::{Digest, FederationId, Gemeente, LogId, NodeKey, Snapshot, Week};

/// The answer to `GET /v1/gezondheid`: the node runs and answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gezondheid {
    /// `ok`.
    pub status: String,
    /// Version of the software.
    pub leerkring: String,
}

/// The answer to `GET /health`: whether the parts of the node work. When one does not, a [`Storing`] is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// `ok`.
    pub status: String,
    /// The parts.
    pub onderdelen: Vec<Onderdeel>,
    /// Whether this node was made of a backup, and shows and shares nothing before it heard others. No fault: nothing is mended
    /// by starting it anew.
    #[serde(default)]
    pub hoort_eerst: bool,
    /// Seconds since the store was last made durable; absent when there was nothing to since the start.
    pub laatste_flush_s: Option<u64>,
    /// Seconds since another node last answered; absent when none did since the start.
    pub laatste_sync_s: Option<u64>,
}

impl Health {
    /// What these parts make of the whole.
    #[must_use]
    pub fn new(onderdelen: Vec<Onderdeel>, laatste_flush_s: Option<u64>, laatste_sync_s: Option<u64>) -> Self {
        Self {
            status: "ok".to_owned(),
            onderdelen,
            hoort_eerst: false,
            laatste_flush_s,
            laatste_sync_s,
        }
    }

    /// Whether every part works.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.onderdelen.iter().all(|part| part.werkt)
    }

    /// The same as a problem that names the parts that do not work.
    #[must_use]
    pub fn problem(self, lang: Lang) -> Storing {
        let broken = self.onderdelen.iter().filter(|part| !part.werkt);
        let names = broken.map(|part| part.naam.as_str()).collect::<Vec<_>>().join(", ");
        let detail = Message::with(
            format!("dit werkt niet: {names}"),
            format!("this does not work: {names}"),
        );
        Storing {
            problem: Problem::new(ProblemKind::Storing, lang, &detail),
            onderdelen: self.onderdelen,
            hoort_eerst: self.hoort_eerst,
            laatste_flush_s: self.laatste_flush_s,
            laatste_sync_s: self.laatste_sync_s,
        }
    }
}

/// The answer to `GET /health` when a part does not work: a problem, with the same about the parts as [`Health`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storing {
    /// That a part does not work.
    #[serde(flatten)]
    pub problem: Problem,
    /// The parts.
    pub onderdelen: Vec<Onderdeel>,
    /// As [`Health::hoort_eerst`].
    pub hoort_eerst: bool,
    /// As [`Health::laatste_flush_s`].
    pub laatste_flush_s: Option<u64>,
    /// As [`Health::laatste_sync_s`].
    pub laatste_sync_s: Option<u64>,
}

/// A part of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onderdeel {
    /// Its name.
    pub naam: String,
    /// Whether it works.
    pub werkt: bool,
    /// Why not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reden: Option<String>,
}

/// The answer to `GET /v1/stand`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stand {
    /// The gemeente this node speaks for.
    pub gemeente: Gemeente,
    /// Its name.
    pub naam: String,
    /// The key of the node.
    pub node: NodeKey,
    /// The same key, as the network names it.
    pub peer: String,
    /// The federation, once it is founded.
    pub federatie: Option<FederationId>,
    /// The number of the edition in force.
    #[serde(default)]
    pub editie: Option<u64>,
    /// The invitation with which this node came, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uitnodiging: Option<Uitnodiging>,
    /// What this node is in the federation.
    #[serde(default)]
    pub lidmaatschap: Lidmaatschap,
    /// For whom this node waits, when it was made of a backup: until then it shows and shares nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hoort_eerst: Option<HoortEerst>,
    /// Whether there are other nodes, and this one has been equal with none of them since its start, nor told all by one: it may
    /// not know what its own gemeente signed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub niemand_gehoord: bool,
    /// Network addresses the node listens on.
    pub luistert: Vec<String>,
    /// Address of this API.
    pub api: String,
    /// The process.
    pub pid: u32,
    /// The week the question was asked for.
    pub peilweek: Week,
    /// The state of knowledge, citable.
    pub snapshot: Snapshot,
    /// Digest of all that the node holds; equal digests mean nothing to exchange.
    pub digest: Digest,
    /// How far the node is.
    pub hoogten: Hoogten,
    /// Records in the view.
    pub records: u64,
    /// Concepts that wait for a person.
    pub concepten: u64,
    /// Own documents in which every receiver hides an identifier that the gate let through.
    #[serde(default, skip_serializing_if = "none")]
    pub verborgen: u64,
    /// The other nodes of the federation, at most [`super::LINES_MAX`].
    pub peers: Vec<PeerLine>,
    /// Logs that wait for something, at most [`super::LINES_MAX`].
    pub wachtend: Vec<Waiting>,
    /// Logs that stopped at something invalid, at most [`super::LINES_MAX`].
    pub geweigerd: Vec<Refused>,
    /// Other gemeenten that fill all they may on this node: nothing more of them is taken in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vol: Vec<Vol>,
    /// Other gemeenten that brought so much that they were left out of what was asked in the last minute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gedoseerd: Vec<Vol>,
    /// How often something was refused, by reason.
    pub weigeringen: BTreeMap<String, u64>,
    /// Who tried to connect without belonging, at most [`super::LINES_MAX`].
    pub aangeklopt: Vec<Knocked>,
    /// The background work.
    pub workers: Vec<WorkerLine>,
    /// Versions that matter for comparing answers.
    pub versies: Versies,
}

fn none(count: &u64) -> bool {
    *count == 0
}

/// What a node is in its federation, as far as it knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lidmaatschap {
    /// There is no federation yet.
    #[default]
    NietGesticht,
    /// It speaks for a voting member.
    Lid,
    /// It speaks for a member that reads along.
    LeestMee,
    /// Its gemeente is no member any more.
    Verwijderd,
    /// Its gemeente became part of another one.
    Opgegaan,
    /// Its key ended, for good.
    NodeBeeindigd,
    /// Its gemeente left.
    Vertrokken,
    /// Its gemeente is on hold.
    Geschorst,
    /// The charter does not list it.
    Onbekend,
}

/// What a node that was made of a backup heard of others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoortEerst {
    /// How many gemeenten it has to hear.
    pub nodig: u64,
    /// Those it heard, at most [`super::LINES_MAX`].
    pub gehoord: Vec<Gemeente>,
    /// The others that have a node, at most [`super::LINES_MAX`].
    pub ontbreekt: Vec<Gemeente>,
}

/// How far a node is, all logs together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hoogten {
    /// Logs the node has.
    pub logs: u64,
    /// Entries it holds.
    pub entries: u64,
    /// Entries of those that count.
    pub effectief: u64,
    /// Statements of the charter.
    pub statements: u64,
}

/// Another node of the federation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerLine {
    /// Its key.
    pub node: NodeKey,
    /// The gemeente it speaks for.
    pub gemeente: Gemeente,
    /// Where it was last reached or can be dialled.
    pub adres: Option<String>,
    /// The software it says it runs, while there is a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versie: Option<String>,
    /// Whether there is a connection now.
    pub verbonden: bool,
    /// Seconds since it last said something; absent when it never did.
    pub laatste_contact_s: Option<u64>,
    /// Entries it said it has that this node lacks; 0 once it had nothing more to offer, absent when not yet compared.
    pub achter: Option<u64>,
    /// Why it could not be reached the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub laatste_fout: Option<Verbindfout>,
    /// Whether it closed the last connection at once: it does not know this node (yet), or it is full.
    #[serde(default)]
    pub wijst_af: bool,
}

/// A log that is held but waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The log.
    pub log: LogId,
    /// The node that writes it.
    pub node: NodeKey,
    /// The first entry that waits.
    pub seq: u64,
    /// For what it waits.
    pub reden: WachtOp,
}

/// A log that stopped at an invalid entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The log.
    pub log: LogId,
    /// The node that writes it.
    pub node: NodeKey,
    /// The entry that is invalid.
    pub seq: u64,
    /// Why, as [`crate::log::Reason::name`] says it.
    pub reden: String,
}

/// What a gemeente takes on a node, of what it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vol {
    /// The gemeente.
    pub gemeente: Gemeente,
    /// Bytes that its logs take.
    pub bytes: u64,
    /// Bytes that they may take.
    pub grens: u64,
}

/// Somebody outside the member list who tried to connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knocked {
    /// The name the network gives it.
    pub peer: String,
    /// Its node key, when the name holds one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeKey>,
    /// Where it came from.
    pub adres: String,
    /// How often.
    pub keer: u64,
    /// Seconds since the last time.
    #[serde(default)]
    pub laatst_s: u64,
    /// What the charter says of it.
    #[serde(default)]
    pub reden: KnockedWhy,
    /// The gemeente it spoke for once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gemeente: Option<Gemeente>,
}

/// Why somebody who knocks is not let in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnockedWhy {
    /// It never belonged to anybody.
    #[default]
    Onbekend,
    /// It spoke for a member, and its key was ended.
    Ingetrokken,
    /// It spoke for a gemeente that is no member any more.
    Verwijderd,
    /// It spoke for a member that left.
    Vertrokken,
    /// It speaks for a member that is suspended.
    Geschorst,
}

/// Versions of what answers depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versies {
    /// The software.
    pub leerkring: String,
    /// The protocol.
    pub protocol: u32,
    /// The view.
    pub view: u32,
    /// The word list.
    pub woordenlijst: u32,
    /// The rules of the receiver.
    pub regels: u32,
}
