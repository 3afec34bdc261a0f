//! Erasure: who takes a document back, and who has confirmed that it is gone.
//!
//! A withdrawal names the place where its document was founded, so that everybody can check whose document it is
//! without holding it. It takes effect whatever else became of its author: a cut, a fork or a departure keeps nobody
//! from erasing what was theirs. Receipts are cumulative: one per node says of every gemeente how far it has come.
//!
//! **Invariant:** what is withdrawn stays so, whatever statements are added by anybody but the very key that withdrew it or
//! its root key.

use std::collections::{BTreeMap, BTreeSet};

use super::member::exact;
use super::tally::quorum;
use super::voices::Voices;
use super::{Body, Edition, Role, Roster, Set, StatementError};
use crate::id::{self, DocumentId, Gemeente, LogId, NodeKey, StatementId};
use crate::log::document_id;
use crate::wire::{Fields, ReadError, Reader, Writer};

/// Most documents that one key can withdraw. Beyond it a withdrawal would crowd out another, whose document came back.
pub const WITHDRAWALS_MAX: usize = 2 * 1024;
/// Most gemeenten a receipt speaks of: as many as an edition can have, and those that left.
const CONFIRMED_MAX: usize = 1024;

/// A document is taken back, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Rises with every withdrawal of one gemeente, so that a receipt can say how far it has come.
    pub number: u64,
    /// The log in which the document was founded.
    pub log: LogId,
    /// The position there.
    pub seq: u64,
    /// The kind of record.
    pub kind: u16,
    /// The gemeente that founded it.
    pub owner: Gemeente,
}

impl Withdrawal {
    /// The document: an id that follows from its place and owner, so nobody can claim another's.
    #[must_use]
    pub fn document(&self) -> DocumentId {
        document_id(self.log, self.seq, self.kind, self.owner)
    }
}

/// A node confirms what it has erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Higher wins; on a tie the greater statement id.
    pub counter: u64,
    /// How far, per gemeente in order of code.
    pub confirmed: Vec<Confirmed>,
}

/// How far a node has erased what one gemeente withdrew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmed {
    /// Whose documents.
    pub owner: Gemeente,
    /// All withdrawals up to this number.
    pub upto: u64,
    /// [`Erasures::digest`] of those, so that a number used twice is noticed.
    pub digest: [u8; 32],
}

/// A document that is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withdrawn {
    /// Whose it was.
    pub owner: Gemeente,
    /// Its kind.
    pub kind: u16,
    /// The lowest number that counts it was withdrawn under.
    pub number: u64,
}

/// A document that members asked to take back together, and too few of them so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What they ask.
    pub withdrawal: Withdrawal,
    /// Who asked.
    pub by: BTreeSet<Gemeente>,
    /// How many more it takes.
    pub missing: usize,
    /// Who else has a say in it.
    pub able: BTreeSet<Gemeente>,
}

impl Asked {
    /// Whether enough others than the owner are left to ask.
    fn can_be_without(&self, owner: Gemeente) -> bool {
        self.able.iter().filter(|able| **able != owner).count() >= self.missing
    }
}

/// Everything that is withdrawn, and who has confirmed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasures {
    withdrawn: BTreeMap<DocumentId, Withdrawn>,
    asked: BTreeMap<DocumentId, Asked>,
    by_owner: BTreeMap<Gemeente, BTreeSet<(u64, DocumentId)>>,
    receipts: BTreeMap<NodeKey, Receipt>,
    confirmed: BTreeMap<NodeKey, BTreeMap<Gemeente, u64>>,
}

impl Erasures {
    /// What follows from a set of statements, by the members of every edition that was decided for: a later edition,
    /// or another root key, gives nothing back.
    pub(super) fn of(set: &Set, roster: &Roster, editions: &[&Edition]) -> Self {
        let voices = Voices::of_set(editions, set);
        let mut asked: BTreeMap<DocumentId, Vec<([u8; 32], &Withdrawal)>> = BTreeMap::new();
        for statement in set.iter() {
            if let Body::Withdraw(withdrawal) = statement.body() {
                let by = asked.entry(withdrawal.document()).or_default();
                by.push((statement.author(), withdrawal));
            }
        }
        let mut erasures = Self::default();
        for (document, by) in asked {
            let own = by
                .iter()
                .filter(|(author, withdrawal)| voices.speaks_for(author, withdrawal.owner));
            // The owner's own number goes before what others give it.
            let own = own.map(|(_, withdrawal)| *withdrawal).min_by_key(|said| said.number);
            let together = asked_together(editions, &by);
            match (own, together) {
                (Some(withdrawal), _) => erasures.withdraw(document, withdrawal),
                (None, Some(asked)) if asked.missing == 0 => erasures.withdraw(document, &asked.withdrawal),
                (None, Some(asked)) => drop(erasures.asked.insert(document, asked)),
                (None, None) => {}
            }
        }
        erasures.receipts = receipts(set, roster);
        erasures.confirmed = erasures.confirmed();
        erasures
    }

    fn withdraw(&mut self, document: DocumentId, withdrawal: &Withdrawal) {
        let Withdrawal {
            number, kind, owner, ..
        } = *withdrawal;
        self.by_owner.entry(owner).or_default().insert((number, document));
        self.withdrawn.insert(document, Withdrawn { owner, kind, number });
    }

    /// Up to which number each node has confirmed what each gemeente withdrew.
    fn confirmed(&self) -> BTreeMap<NodeKey, BTreeMap<Gemeente, u64>> {
        let mut digests = BTreeMap::new();
        let mut holds = |confirmed: &Confirmed| {
            let key = (confirmed.owner, confirmed.upto);
            let digest = digests.entry(key).or_insert_with(|| self.digest(key.0, key.1));
            *digest == confirmed.digest
        };
        let of_node = |(node, receipt): (&NodeKey, &Receipt)| {
            let held = receipt.confirmed.iter().filter(|confirmed| holds(confirmed));
            (*node, held.map(|confirmed| (confirmed.owner, confirmed.upto)).collect())
        };
        self.receipts.iter().map(of_node).collect()
    }

    /// Whether, and by whom, a document is withdrawn.
    #[must_use]
    pub fn withdrawn(&self, document: DocumentId) -> Option<Withdrawn> {
        self.withdrawn.get(&document).copied()
    }

    /// Every withdrawn document, in order of id.
    pub fn documents(&self) -> impl Iterator<Item = (DocumentId, Withdrawn)> {
        self.withdrawn
            .iter()
            .map(|(document, withdrawn)| (*document, *withdrawn))
    }

    /// What members asked to take back, in order of document, as long as too few of them did.
    pub fn asked(&self) -> impl Iterator<Item = (DocumentId, &Asked)> {
        self.asked.iter().map(|(document, asked)| (*document, asked))
    }

    /// The number for the next withdrawal of a gemeente.
    #[must_use]
    pub fn next_number(&self, owner: Gemeente) -> u64 {
        let last = self.by_owner.get(&owner).and_then(BTreeSet::last);
        last.map_or(1, |(number, _)| number.saturating_add(1))
    }

    /// What a node confirms that has erased everything withdrawn here.
    #[must_use]
    pub fn confirmation(&self) -> Vec<Confirmed> {
        let confirmed = self.by_owner.iter().filter_map(|(owner, withdrawn)| {
            let (upto, _) = *withdrawn.last()?;
            let digest = self.digest(*owner, upto);
            Some(Confirmed {
                owner: *owner,
                upto,
                digest,
            })
        });
        confirmed.take(CONFIRMED_MAX).collect()
    }

    /// `H("withdrawn", owner, the documents it withdrew up to this number, in order of number and id)`.
    #[must_use]
    pub fn digest(&self, owner: Gemeente, upto: u64) -> [u8; 32] {
        let withdrawn = self.by_owner.get(&owner).into_iter().flatten();
        let upto = withdrawn.take_while(|(number, _)| *number <= upto);
        let documents: Vec<u8> = upto.flat_map(|(_, document)| document.0).collect();
        id::hash("withdrawn", &[&owner.number().to_be_bytes(), &documents])
    }

    /// The receipt that counts of a node.
    #[must_use]
    pub fn receipt(&self, node: NodeKey) -> Option<&Receipt> {
        self.receipts.get(&node)
    }

    /// Whether a node has confirmed that it erased this document.
    #[must_use]
    pub fn is_confirmed(&self, document: DocumentId, node: NodeKey) -> bool {
        let upto = |owner| self.confirmed.get(&node)?.get(&owner);
        self.withdrawn(document)
            .is_some_and(|withdrawn| upto(withdrawn.owner).is_some_and(|upto| *upto >= withdrawn.number))
    }
}

/// What root keys of voting members asked together, by the edition that lists the owner and of which the fewest more are needed
/// for more than two thirds: nobody decides about those that joined after they left. The owner takes it back by itself, so an edition
/// of which enough others are left goes before one that takes the owner too.
fn asked_together(editions: &[&Edition], by: &[([u8; 32], &Withdrawal)]) -> Option<Asked> {
    let authors: BTreeSet<[u8; 32]> = by.iter().map(|(author, _)| *author).collect();
    let withdrawal = by.iter().map(|(_, withdrawal)| *withdrawal);
    let withdrawal = withdrawal.min_by_key(|said| said.number)?;
    let lists = |edition: &&&Edition| edition.member(withdrawal.owner).is_some();
    let asked = editions.iter().filter(lists).filter_map(|edition| {
        let members = authors.iter().filter_map(|author| edition.member_of(author));
        let voting = members.filter(|member| member.role == Role::Voting);
        let by: BTreeSet<Gemeente> = voting.map(|member| member.gemeente).collect();
        let missing = quorum(edition.voters()).saturating_sub(by.len());
        let others = edition.members.iter().filter(|member| member.role == Role::Voting);
        let others = others.map(|member| member.gemeente);
        let able = others.filter(|gemeente| !by.contains(gemeente)).collect();
        let withdrawal = withdrawal.clone();
        (!by.is_empty()).then_some(Asked {
            withdrawal,
            by,
            missing,
            able,
        })
    });
    asked.min_by_key(|asked| (!asked.can_be_without(withdrawal.owner), asked.missing))
}

/// The newest receipt of every node of the roster, signed by that node.
fn receipts(set: &Set, roster: &Roster) -> BTreeMap<NodeKey, Receipt> {
    let mut newest: BTreeMap<NodeKey, (u64, StatementId, &Receipt)> = BTreeMap::new();
    for statement in set.iter() {
        let (Body::Receipt(receipt), node) = (statement.body(), NodeKey(statement.author())) else {
            continue;
        };
        if roster.gemeente_of(node).is_none() {
            continue;
        }
        let rank = (receipt.counter, statement.id(), receipt);
        let held = newest.entry(node).or_insert(rank);
        if (rank.0, rank.1) > (held.0, held.1) {
            *held = rank;
        }
    }
    newest
        .into_iter()
        .map(|(node, (_, _, receipt))| (node, receipt.clone()))
        .collect()
}

pub(super) fn write_withdrawal(withdrawal: &Withdrawal, fields: &mut Fields) {
    fields
        .set(1, withdrawal.number.to_be_bytes())
        .set(2, withdrawal.log.0)
        .set(3, withdrawal.seq.to_be_bytes())
        .set(4, withdrawal.kind.to_be_bytes())
        .set(5, withdrawal.owner.number().to_be_bytes());
}

pub(super) fn read_withdrawal(mut fields: Fields) -> Result<Withdrawal, StatementError> {
    let what = "withdrawal";
    let owner = u16::from_be_bytes(exact(what, &fields.require(what, 5)?)?);
    Ok(Withdrawal {
        number: u64::from_be_bytes(exact(what, &fields.require(what, 1)?)?),
        log: LogId(exact(what, &fields.require(what, 2)?)?),
        seq: u64::from_be_bytes(exact(what, &fields.require(what, 3)?)?),
        kind: u16::from_be_bytes(exact(what, &fields.require(what, 4)?)?),
        owner: Gemeente::new(owner).map_err(|_| StatementError::Content("no such gemeente code"))?,
    })
}

pub(super) fn write_receipt(receipt: &Receipt, fields: &mut Fields) {
    let mut out = Writer::new();
    out.number(receipt.confirmed.len() as u64);
    for confirmed in &receipt.confirmed {
        out.u16(confirmed.owner.number())
            .u64(confirmed.upto)
            .raw(&confirmed.digest);
    }
    fields.set(1, receipt.counter.to_be_bytes()).set(2, out.finish());
}

pub(super) fn read_receipt(mut fields: Fields) -> Result<Receipt, StatementError> {
    let what = "receipt";
    let receipt = Receipt {
        counter: u64::from_be_bytes(exact(what, &fields.require(what, 1)?)?),
        confirmed: read_confirmed(&fields.require(what, 2)?)?,
    };
    let in_order = receipt.confirmed.windows(2).all(|pair| pair[0].owner < pair[1].owner);
    match in_order {
        true => Ok(receipt),
        false => Err(StatementError::Content("gemeenten are not in order, each once")),
    }
}

fn read_confirmed(bytes: &[u8]) -> Result<Vec<Confirmed>, ReadError> {
    let mut input = Reader::new(bytes);
    let count = input.count("gemeenten", CONFIRMED_MAX)?;
    let confirmed = (0..count).map(|_| {
        let at = input.at();
        Ok(Confirmed {
            owner: Gemeente::new(input.u16("gemeente")?).map_err(|_| ReadError::Form { what: "gemeente", at })?,
            upto: input.u64("number")?,
            digest: input.array("digest")?,
        })
    });
    let confirmed = confirmed.collect::<Result<Vec<_>, ReadError>>()?;
    input.end()?;
    Ok(confirmed)
}

#[cfg(test)]
mod tests;
