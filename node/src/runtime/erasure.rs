//! Taking back what was shared, and who has confirmed that it is gone.

use std::collections::BTreeSet;

use protocol::api::{
    Ingetrokken, Intrekking, IntrekkingDetail, IntrekkingPage, Message, NOT_FOUNDED, NOT_FOUNDED_NEXT, Ontvangst,
    Paging, ProblemKind, Vindplaats,
};
use protocol::charter::Withdrawn;
use protocol::id::{DocumentId, Gemeente, RecordId};
use protocol::record::Kind;

use super::backend::{Answers, not_one, stopping};
use crate::driver::{Core, CoreError};
use crate::full::is_full;
use crate::http::{Failure, Thing};
use crate::view::Found;

/// Candidates that are named when the begin of an id fits more than one withdrawal.
const CANDIDATES_MAX: usize = 8;

/// Withdraws every document that this gemeente has in a record, also those that are held and count for nobody.
pub(super) fn withdraw(answers: &Answers, prefix: &str) -> Result<Ingetrokken, Failure> {
    let documents = own_documents(answers, prefix)?;
    if documents.is_empty() {
        return Err(not_ours());
    }
    let documents = answers.vault().with_orphaned(&documents).map_err(Failure::internal)?;
    let withdrawn = answers.calls.call(move |core| withdraw_all(core, &documents));
    let TakenBack { now, gone, left } = withdrawn.map_err(stopping)?.map_err(half_done)?;
    // The vault keeps the record itself: it is this gemeente's own, and may be shared anew under another id. What others took back
    // is not among what was withdrawn now.
    answers.vault().withdrawn(&gone).map_err(Failure::internal)?;
    match left {
        Some(document) => Err(not_here(document)),
        None => Ok(Ingetrokken { documenten: now }),
    }
}

/// The documents that this gemeente, or one that became part of it, has in a record, by the local id or by the record id or the begin of it.
fn own_documents(answers: &Answers, id: &str) -> Result<Vec<DocumentId>, Failure> {
    let known = answers.vault().documents_of(id);
    if !known.is_empty() {
        return Ok(known);
    }
    let gemeente = answers.config.gemeente;
    let own = answers.calls.call(move |core| {
        let roster = core.replica().roster();
        let merged = roster.merges().map(|merge| merge.from);
        let merged = merged.filter(|from| roster.may_edit(gemeente, *from));
        merged.chain([gemeente]).collect::<BTreeSet<_>>()
    });
    let own = own.map_err(stopping)?;
    // Whoever takes back takes back all that is here, also what came in a moment ago.
    answers.wait_shown()?;
    match answers.caught_up(|reading, _| reading.written_by(id, &own))? {
        Found::One(documents) => Ok(documents),
        Found::None => own_orphaned(answers, id),
        not => Err(not_one(not, id)),
    }
}

/// What became of documents that were to be withdrawn.
struct TakenBack {
    /// Those that this withdrew.
    now: Vec<DocumentId>,
    /// All that are withdrawn, whoever did it.
    gone: Vec<DocumentId>,
    /// The first that is not withdrawn all the same, because nobody here knows where it was founded.
    left: Option<DocumentId>,
}

fn withdraw_all(core: &mut Core, documents: &[DocumentId]) -> Result<TakenBack, CoreError> {
    let now = core.withdraw(documents)?;
    let erasures = core.replica().roster().erasures();
    let documents = documents.iter().copied();
    let (gone, left): (Vec<_>, Vec<_>) = documents.partition(|document| erasures.withdrawn(*document).is_some());
    Ok(TakenBack {
        now,
        gone,
        left: left.first().copied(),
    })
}

/// The one document of this gemeente that counts for nobody, and so is in no view, with an id that begins so.
pub(super) fn own_orphaned(answers: &Answers, id: &str) -> Result<Vec<DocumentId>, Failure> {
    let prefix = id.to_owned();
    let found = answers.calls.call(move |core| core.orphaned_documents(&prefix));
    let found = found.map_err(stopping)?.map_err(Failure::internal)?;
    match found.len() {
        0 => taken_back(answers, id),
        1 => Ok(found.into_iter().collect()),
        _ => {
            let candidates = found.iter().take(CANDIDATES_MAX);
            let candidates = candidates.map(|document| RecordId::from(*document).to_string());
            Err(not_one::<()>(Found::Several(candidates.collect()), id))
        }
    }
}

/// Where a document was founded, by the begin of its id or of that of its record, whoever it is of.
pub(super) fn place(answers: &Answers, id: &str) -> Result<Vindplaats, Failure> {
    let begin = id.to_owned();
    let found = answers.calls.call(move |core| core.places(&begin));
    let found = found.map_err(stopping)?.map_err(Failure::internal)?;
    match &found[..] {
        [one] => Ok(Vindplaats {
            document: one.document(),
            eigenaar: one.owner,
            soort: one.kind,
            log: one.log,
            positie: one.seq,
            nummer: one.number,
        }),
        [] => Err(not_shown::<()>(answers, Found::None, id)),
        several => {
            let candidates = several.iter().map(|one| one.document().to_string());
            Err(not_one::<()>(Found::Several(candidates.collect()), id))
        }
    }
}

/// The documents with an id that begins so and that this gemeente took back already.
fn taken_back(answers: &Answers, id: &str) -> Result<Vec<DocumentId>, Failure> {
    let (prefix, gemeente) = (id.to_owned(), answers.config.gemeente);
    let found = answers.calls.call(move |core| {
        let roster = core.replica().roster();
        let own = roster.erasures().documents().filter(|(document, withdrawn)| {
            roster.may_edit(gemeente, withdrawn.owner) && RecordId::from(*document).to_string().starts_with(&prefix)
        });
        own.map(|(document, _)| document).collect::<Vec<_>>()
    });
    let found = found.map_err(stopping)?;
    match found.is_empty() || id.is_empty() {
        true => Err(not_shown::<()>(answers, Found::None, id)),
        false => Ok(found),
    }
}

/// What is withdrawn, of every gemeente, in order of document.
pub(super) fn withdrawals(answers: &Answers, paging: Paging) -> Result<IntrekkingPage, Failure> {
    let page = answers.calls.call(move |core| {
        let erasures = core.replica().roster().erasures();
        let (skip, take) = (paging.skip() as usize, paging.aantal as usize);
        let page = erasures.documents().skip(skip).take(take);
        IntrekkingPage {
            totaal: erasures.documents().count() as u64,
            intrekkingen: page
                .map(|(document, withdrawn)| line(core, document, withdrawn))
                .collect(),
        }
    });
    page.map_err(stopping)
}

/// One withdrawal, by the begin of its document or record.
pub(super) fn withdrawal(answers: &Answers, prefix: &str) -> Result<IntrekkingDetail, Failure> {
    let local = answers.vault().document_of(prefix);
    let prefix = local.map_or_else(|| prefix.to_owned(), |document| document.to_string());
    let asked = prefix.clone();
    let found = answers.calls.call(move |core| {
        let fits = |(document, _): &(DocumentId, Withdrawn)| {
            document.to_string().starts_with(&prefix) || RecordId::from(*document).to_string().starts_with(&prefix)
        };
        let all = core.replica().roster().erasures().documents();
        let found: Vec<_> = all.filter(fits).take(CANDIDATES_MAX).collect();
        match found[..] {
            [(document, withdrawn)] => Ok(detail(core, document, withdrawn)),
            _ => Err(found
                .iter()
                .map(|(document, _)| document.to_string())
                .collect::<Vec<_>>()),
        }
    });
    found
        .map_err(stopping)?
        .map_err(|candidates| match candidates.is_empty() {
            true => Failure::Unknown {
                what: Thing::Withdrawal,
                id: asked.chars().take(64).collect(),
            },
            false => Failure::Ambiguous {
                what: Thing::Withdrawal,
                prefix: asked,
                candidates,
            },
        })
}

/// Why nothing is shown under an id: what links to something that was withdrawn leads here.
pub(super) fn not_shown<T>(answers: &Answers, found: Found<T>, prefix: &str) -> Failure {
    if !matches!(found, Found::None) || prefix.is_empty() {
        return not_one(found, prefix);
    }
    let asked = prefix.to_owned();
    let withdrawn = answers.calls.call(move |core| {
        let mut all = core.replica().roster().erasures().documents();
        all.any(|(document, _)| RecordId::from(document).to_string().starts_with(&asked))
    });
    match withdrawn {
        Err(error) => stopping(error),
        Ok(false) => not_one(found, prefix),
        Ok(true) => Failure::Told {
            kind: ProblemKind::NietGevonden,
            message: Message::with(
                format!("record {prefix:?} is ingetrokken"),
                format!("record {prefix:?} was withdrawn"),
            ),
            hint: Some(Message::new(
                "leerkring receipts ID toont wie het wissen bevestigde; wat ernaar verwees blijft staan",
                "leerkring receipts ID shows who confirmed the erasure; what linked to it stays",
            )),
        },
    }
}

fn line(core: &Core, document: DocumentId, withdrawn: Withdrawn) -> Intrekking {
    let receipts = receipts(core, document);
    Intrekking {
        document,
        eigenaar: withdrawn.owner,
        soort: Kind::from_number(withdrawn.kind).map(|kind| kind.name().to_owned()),
        bevestigd: receipts.iter().filter(|receipt| receipt.bevestigd).count() as u64,
        nodes: receipts.len() as u64,
    }
}

fn detail(core: &Core, document: DocumentId, withdrawn: Withdrawn) -> IntrekkingDetail {
    IntrekkingDetail {
        intrekking: line(core, document, withdrawn),
        ontvangst: receipts(core, document),
    }
}

/// Every node that may have held it, in order of gemeente and key, with whether it has confirmed: also those that no longer
/// belong and hear of nothing any more, since nobody knows what is still on their disks.
fn receipts(core: &Core, document: DocumentId) -> Vec<Ontvangst> {
    let roster = core.replica().roster();
    let mut nodes: Vec<(Gemeente, _)> = roster.nodes().map(|(node, gemeente)| (gemeente, node)).collect();
    nodes.sort_unstable();
    let nodes = nodes.into_iter();
    nodes
        .map(|(gemeente, node)| Ontvangst {
            node,
            gemeente,
            bevestigd: roster.erasures().is_confirmed(document, node),
            hoort_erbij: roster.may_connect(node),
        })
        .collect()
}

/// A full disk may have taken the statement and refused what makes it durable: only the next start tells.
fn half_done(error: CoreError) -> Failure {
    if !is_full(&error) {
        return refused(error);
    }
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "de schijf van de node is vol: of dit is ingetrokken blijkt pas na een herstart",
            "the disk of the node is full: whether this was withdrawn shows only after a restart",
        ),
        hint: Some(Message::new(
            "maak ruimte, start de node opnieuw en kijk met leerkring receipts of het er staat; staat het er niet, trek het dan nog \
             eens in",
            "make room, restart the node and look with leerkring receipts whether it is listed; if it is not, withdraw it again",
        )),
    }
}

fn not_ours() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze gemeente heeft aan dit record niets bijgedragen",
            "this gemeente contributed nothing to this record",
        ),
        hint: Some(Message::new(
            "alleen de gemeente die iets deelde kan het intrekken; leerkring show ID toont wie dat is",
            "only the gemeente that shared something can withdraw it; leerkring show ID shows who that is",
        )),
    }
}

fn not_here(document: DocumentId) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("document {document} is hier niet en is niet ingetrokken"),
            format!("document {document} is not here and was not withdrawn"),
        ),
        hint: Some(Message::new(
            "wacht tot deze node bij is (leerkring status), of trek het in op de node die het deelde",
            "wait until this node has caught up (leerkring status), or withdraw it at the node that shared it",
        )),
    }
}

fn refused(error: CoreError) -> Failure {
    match error {
        CoreError::TooManyWithdrawals => Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::new(
                "deze node heeft zoveel documenten ingetrokken als een node kan; er is niets ingetrokken",
                "this node has withdrawn as many documents as one node can; nothing was withdrawn",
            ),
            hint: Some(Message::new(
                "trek het in met een andere node van deze gemeente",
                "withdraw it with another node of this gemeente",
            )),
        },
        CoreError::NotFounded => Failure::Told {
            kind: ProblemKind::Conflict,
            message: NOT_FOUNDED,
            hint: Some(NOT_FOUNDED_NEXT),
        },
        other => Failure::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use protocol::api::Lang;
    use protocol::log::ReplicaError;
    use protocol::store::StoreError;

    use super::*;

    #[test]
    fn on_a_full_disk_it_is_not_said_that_nothing_was_withdrawn() {
        let full = half_done(CoreError::Replica(ReplicaError::Store(StoreError::Full)));
        let said = full.problem(Lang::Nl);
        assert!(said.detail.contains("pas na een herstart"), "{said:?}");
        let other = half_done(CoreError::NotFounded).problem(Lang::Nl);
        assert!(!other.detail.contains("schijf"), "{other:?}");
    }
}
