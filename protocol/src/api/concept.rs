//! Concepts: records on their way through the gate, still inside the gemeente.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Mislukt, Tip, Treffer};
use crate::id::{Content, DocumentId, RecordId, Week};

/// What the gate says of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing was found; free text still waits for a person.
    Pass,
    /// A person must look.
    Review,
    /// It may not leave as it is.
    Block,
}

/// Something the gate found in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The field, such as `tekst` or `afspraken[2].wat`.
    pub veld: String,
    /// First character of the place, counted from 0 in characters of the text as given.
    pub start: u32,
    /// First character after the place.
    pub einde: u32,
    /// What it looks like: `bsn`, `telefoon`, `naam` and so on.
    pub soort: String,
    /// The rule that found it.
    pub regel: String,
    /// What the gate does about it.
    pub actie: String,
    /// The same for a person.
    pub melding: String,
}

/// What is wrong with a record that could not be taken in, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The place in the record, such as `thema[1]`; empty for the whole.
    #[serde(default)]
    pub pad: String,
    /// Line in the body, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regelnummer: Option<u32>,
    /// Column in that line, from 1, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kolom: Option<u32>,
    /// What is wrong.
    pub melding: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What would have been right, when that is a short list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toegestaan: Vec<String>,
}

/// What became of one record of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Outcome {
    /// It is in the vault, or would be, and the gate has looked at it.
    Taken {
        /// The local id.
        id: String,
        /// What the gate says.
        verdict: Verdict,
        /// What the gate found.
        findings: Vec<Finding>,
        /// What names exactly what would leave.
        inhoud: Content,
        /// The local id under which exactly the same was taken in before, when this one came without an id: nothing was added.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        eerder: Option<String>,
        /// What was recorded before that resembles it: of the own gemeente first, then of others. Left out where many records
        /// are taken in at once.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        lijkt_op: Vec<Treffer>,
        /// What the kringen of this gemeente show with it, as far as this node lets them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tips: Vec<Tip>,
    },
    /// It is not a record; nothing of it was kept.
    Refused {
        /// The local id, when it could be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// What is wrong, most telling first.
        fouten: Vec<Fault>,
    },
}

/// The answer to `POST /v1/concepten`: one outcome per record, in the order of the body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// One outcome per record.
    pub concepten: Vec<Outcome>,
}

/// Where a concept is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConceptState {
    /// A person must look at it.
    Wacht,
    /// The gate blocks it: the text must change first.
    Geblokkeerd,
    /// Approved; it leaves with the next release.
    Goedgekeurd,
    /// It has left.
    Gedeeld,
    /// It had left and was taken back.
    Ingetrokken,
}

/// One line of the review list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// The local id.
    pub id: String,
    /// The kind of record.
    pub soort: String,
    /// The week it is about.
    pub week: Week,
    /// Title or first words.
    pub titel: String,
    /// What the gate says.
    pub verdict: Verdict,
    /// Number of findings.
    pub aantal_findings: u32,
    /// Where it is on its way.
    pub staat: ConceptState,
    /// What names exactly what would leave now: kind, week, links and masked text. Absent when this version can no
    /// longer read what was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inhoud: Option<Content>,
    /// Why it could not leave after it was approved; it waits for a person again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mislukt: Option<Mislukt>,
}

/// The answer to `GET /v1/concepten`: what waits for a person, in order of local id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConceptPage {
    /// How many there are on all pages together.
    pub totaal: u64,
    /// This page.
    pub concepten: Vec<Concept>,
}

/// The body of `POST /v1/concepten/{id}/verwijdering`; without one everything goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerwijderingGevraagd {
    /// Whether what was shared stays, here too, and only goes what nobody else has.
    #[serde(default)]
    pub gedeeld_blijft: bool,
}

/// The answer to `POST /v1/concepten/{id}/verwijdering`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verwijderd {
    /// The local id, which is free again unless what was shared stays.
    pub id: String,
    /// Title or first words of what is gone, or of what stays.
    pub titel: String,
    /// The record that stays shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
}

/// A finding with the sentence it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingInSentence {
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The sentence around it, as written.
    pub zin: String,
    /// First character of the place within that sentence.
    pub zin_start: u32,
    /// First character after it within that sentence.
    pub zin_einde: u32,
}

/// The answer to `GET /v1/concepten/{id}`: what a person needs in order to approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConceptDetail {
    /// The concept.
    #[serde(flatten)]
    pub concept: Concept,
    /// What names exactly what was typed, what stays here included; it means nothing outside of this node.
    #[serde(default)]
    pub versie: String,
    /// What the gate found, in its sentence.
    pub findings: Vec<FindingInSentence>,
    /// The record as it would leave: masked, without what is local.
    pub wordt_gedeeld: Value,
    /// Fields of which something is withheld, because too few people could have written it; `week` becomes its quarter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub achtergehouden: Vec<String>,
    /// Fields that stay here.
    pub blijft_lokaal: Vec<String>,
    /// What the gate is known to miss, and how to treat what leaves: for whoever approves.
    pub toelichting: String,
    /// The record in the network, once it has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
}

/// A concept that a person approves, as it was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The local id.
    pub id: String,
    /// What would leave, as it was shown: nothing else is approved.
    pub inhoud: Content,
}

/// The body of `POST /v1/goedkeuringen`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalsAsked {
    /// The concepts; links between them are resolved together.
    pub concepten: Vec<Shown>,
}

/// The body of `POST /v1/concepten/{id}/goedkeuring`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalAsked {
    /// What would leave, as it was shown: nothing else is approved.
    pub inhoud: Content,
}

/// What became of one approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The local id.
    pub id: String,
    /// Where the concept is now.
    pub staat: ConceptState,
    /// The record in the network, when it is known already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordId>,
    /// The week that begins when it leaves, together with all else that is approved; absent when nothing waits for that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vertrekt: Option<Week>,
    /// The document, when it was shared at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// Links that could not go along, because their target is only known here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vervallen: Vec<String>,
    /// Why it was not approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fout: Option<Fault>,
}

/// The answer to `POST /v1/goedkeuringen`: one line per local id, in the order asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approvals {
    /// One line per local id.
    pub goedkeuringen: Vec<Approval>,
}
