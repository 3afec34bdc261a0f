//! Own work that counts for nobody: shown with its record, and shared anew on command.
//!
//! What is shared anew goes through the gate as it did the first time: it is the record of the vault, approved by the person
//! who approved it, and it leaves as any approved record does, in the log of this run. What the vault does not have cannot be
//! shared anew from here, because nobody could say that a person read it.
//!
//! **Invariant:** nothing is shared anew by itself, and never what was taken back.

use std::collections::BTreeMap;
use std::sync::Arc;

use protocol::api::{Approval, Approvals, LINES_MAX, Lang, Lot, Message, ProblemKind, Verweesd, VerweesdPage, Waarom};
use protocol::gate::Policy;
use protocol::id::{DocumentId, LogId, RecordId};
use protocol::record::{Around, Kind};

use super::approvals::{line_of, vault_failed};
use super::backend::{Answers, stopping};
use super::policy::screen;
use super::release::{self, Due};
use crate::driver::{Cut, Orphan, week_now};
use crate::http::{Failure, Thing};
use crate::vault::{Concept, State, Vault, VaultError};

/// What is orphaned.
pub(super) fn orphans(answers: &Answers) -> Result<VerweesdPage, Failure> {
    let found = find(answers)?;
    let vault = answers.vault();
    let known = Known::of(&vault, &answers.policy).map_err(vault_failed)?;
    Ok(VerweesdPage {
        totaal: found.len() as u64,
        verweesd: found
            .iter()
            .take(LINES_MAX)
            .map(|orphan| shown(orphan, &known))
            .collect(),
    })
}

/// Shares what is orphaned anew: one of it, or all.
pub(super) fn reissue(answers: &Answers, id: Option<&str>, lang: Lang) -> Result<Approvals, Failure> {
    let may = answers.calls.call(|core| release::may_release(core));
    let may = may.map_err(stopping)?;
    let found = find(answers)?;
    let mut due: BTreeMap<String, bool> = BTreeMap::new();
    {
        let mut vault = answers.vault();
        let known = Known::of(&vault, &answers.policy).map_err(vault_failed)?;
        let all: Vec<(&Orphan, Verweesd)> = found.iter().map(|orphan| (orphan, shown(orphan, &known))).collect();
        let asked: Vec<_> = all
            .iter()
            .filter(|(_, line)| id.is_none_or(|id| fits(line, id)))
            .collect();
        if let (Some(id), [] | [_]) = (id, &asked[..]) {
            let (_, line) = asked.first().ok_or_else(|| unknown(id))?;
            refuse(line)?;
        }
        for (orphan, line) in asked {
            // A record may be orphaned in two logs, and leaves once.
            if let (Lot::Verweesd, Some(id)) = (line.lot, &line.id) {
                due.entry(id.clone()).or_insert(orphan.founded);
            }
        }
        // Before the vault is touched: what would not leave stays what it is.
        if !due.is_empty() {
            may.map_err(|error| release::failure(error, due.len()))?;
        }
        for (id, founded) in &due {
            vault.orphaned(id, *founded).map_err(vault_failed)?;
        }
    }
    let ids: Vec<String> = due.into_keys().collect();
    if !ids.is_empty() {
        let due = Due::now(answers.config.release);
        release::release(answers, due).map_err(|error| release::failure(error, ids.len()))?;
    }
    let vault = answers.vault();
    let lines = ids
        .iter()
        .map(|id| vault.get(id).map(|concept| line_of(&concept, lang)));
    Ok(Approvals {
        goedkeuringen: lines
            .collect::<Result<Vec<Approval>, VaultError>>()
            .map_err(vault_failed)?,
    })
}

fn find(answers: &Answers) -> Result<Vec<Orphan>, Failure> {
    let gemeente = answers.config.gemeente;
    let found = answers.calls.call(move |core| core.orphans(gemeente));
    found.map_err(stopping)?.map_err(Failure::internal)
}

/// The concepts of the vault, by where they stand in the network.
struct Known {
    policy: Arc<Policy>,
    by_entry: BTreeMap<LogId, Vec<(u64, Concept)>>,
    by_document: BTreeMap<DocumentId, Concept>,
}

impl Known {
    fn of(vault: &Vault, policy: &Arc<Policy>) -> Result<Self, VaultError> {
        let mut known = Self {
            policy: Arc::clone(policy),
            by_entry: BTreeMap::new(),
            by_document: BTreeMap::new(),
        };
        for line in vault.list(&[], None, usize::MAX) {
            let concept = vault.get(&line.id)?;
            if let Some(place) = concept.written {
                let log = known.by_entry.entry(place.log).or_default();
                log.push((place.seq, concept.clone()));
            }
            for document in concept
                .shared
                .map(|shared| shared.document)
                .into_iter()
                .chain(concept.orphaned.clone())
            {
                known.by_document.insert(document, concept.clone());
            }
        }
        Ok(known)
    }

    /// The concept of a document, and whether what it last wrote is orphaned.
    fn find(&self, orphan: &Orphan) -> Option<(&Concept, bool)> {
        let concept = self.by_document.get(&orphan.document)?;
        let mut last = self.by_entry.get(&orphan.log).into_iter().flatten();
        let is_last = last.any(|(seq, other)| other.id == concept.id && *seq >= orphan.seq);
        Some((concept, is_last))
    }
}

fn shown(orphan: &Orphan, known: &Known) -> Verweesd {
    let found = known.find(orphan);
    let lot = match found {
        _ if orphan.withdrawn => Lot::Ingetrokken,
        _ if orphan.cut == Cut::OnHold => Lot::Wacht,
        None => Lot::Onbekend,
        Some((concept, true)) if concept.state == State::Shared => Lot::Verweesd,
        Some(_) => Lot::Opnieuw,
    };
    let record = found.and_then(|(concept, _)| {
        let screened = screen(concept, &known.policy).ok()?;
        Some(screened.preview(&concept.id).to_json(week_now(), &Around::default()))
    });
    Verweesd {
        document: orphan.document,
        log: orphan.log,
        node: orphan.node,
        seq: orphan.seq,
        entries: orphan.entries,
        soort: Kind::from_number(orphan.kind).map(|kind| kind.name().to_owned()),
        waarom: match orphan.cut {
            Cut::Forked => Waarom::Gesplitst,
            Cut::Ended => Waarom::Beeindigd,
            Cut::OnHold => Waarom::Geschorst,
            Cut::Refused => Waarom::Geweigerd,
            Cut::Builds => Waarom::BouwtOpVerweesd,
        },
        lot,
        id: found.map(|(concept, _)| concept.id.clone()),
        record: record.filter(|_| lot == Lot::Verweesd),
    }
}

fn fits(line: &Verweesd, id: &str) -> bool {
    let record = RecordId::from(line.document).to_string();
    line.id.as_deref() == Some(id) || line.document.to_string().starts_with(id) || record.starts_with(id)
}

fn unknown(id: &str) -> Failure {
    Failure::Unknown {
        what: Thing::Record,
        id: id.chars().take(64).collect(),
    }
}

/// Why this one thing that was asked for is not shared anew.
fn refuse(line: &Verweesd) -> Result<(), Failure> {
    let (message, hint) = match line.lot {
        Lot::Verweesd => return Ok(()),
        Lot::Wacht => (
            Message::new(
                "dit houdt een schorsing op; het telt weer als de volgende editie de gemeente verder laat gaan",
                "this is held back by a suspension; it counts again when the next edition lets the gemeente go on",
            ),
            Message::new(
                "wacht de volgende editie af; zie leerkring charter show",
                "wait for the next edition; see leerkring charter show",
            ),
        ),
        Lot::Opnieuw => (
            Message::new("dit is al opnieuw gedeeld", "this was shared anew already"),
            Message::new("zie leerkring list", "see leerkring list"),
        ),
        Lot::Ingetrokken => (
            Message::new(
                "dit is ingetrokken en wordt niet opnieuw gedeeld",
                "this was withdrawn and is not shared again",
            ),
            Message::new(
                "deel het als nieuw record met leerkring share, als dat de bedoeling is",
                "share it as a new record with leerkring share, if that is meant",
            ),
        ),
        Lot::Onbekend => (
            Message::new(
                "dit staat niet in de kluis van deze node",
                "this is not in the vault of this node",
            ),
            Message::new(
                "doe dit op de node die het deelde, of deel het opnieuw uit de bron met leerkring share",
                "do this at the node that shared it, or share it again from its source with leerkring share",
            ),
        ),
    };
    Err(Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: Some(hint),
    })
}
