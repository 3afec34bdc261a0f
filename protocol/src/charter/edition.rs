//! One version of the member list.

use std::collections::BTreeSet;

use super::body::{read_endings, read_merges, read_suspended, write_endings, write_merges, write_suspended};
use super::member::exact;
use super::{Ending, Member, Merge, Role, StatementError, Suspended, next_root};
use crate::id::{self, FederationId, Gemeente, RootKey};
use crate::wire::{Fields, Reader, Writer};

/// Most members an edition can have; the Netherlands have 342 gemeenten.
const MEMBERS_MAX: usize = 512;

/// One version of the member list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// 0 for the founding edition.
    pub number: u64,
    /// Hash of the edition before; zero for edition 0.
    pub previous: [u8; 32],
    /// Random, so that two federations of the same founders differ.
    pub nonce: [u8; 16],
    /// Members in order of their code.
    pub members: Vec<Member>,
    /// Node keys that end with this edition, in order, and where their logs stop counting.
    pub endings: Vec<Ending>,
    /// Members that stay on hold while this edition is in force, in order of code.
    pub suspended: Vec<Suspended>,
    /// Gemeenten that became part of another one, in order of code.
    pub merges: Vec<Merge>,
}

impl Edition {
    /// The edition that founds a federation of these members, in order of code.
    #[must_use]
    pub fn founding(nonce: [u8; 16], members: Vec<Member>) -> Self {
        Self {
            number: 0,
            previous: [0; 32],
            nonce,
            members,
            endings: Vec::new(),
            suspended: Vec::new(),
            merges: Vec::new(),
        }
    }

    /// An edition that follows on this one and changes nothing yet.
    #[must_use]
    pub fn successor(&self, nonce: [u8; 16]) -> Self {
        Self {
            number: self.number.saturating_add(1),
            previous: self.hash(),
            nonce,
            members: self.members.clone(),
            endings: Vec::new(),
            suspended: Vec::new(),
            merges: Vec::new(),
        }
    }

    /// The hash that endorsements and later editions name.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let mut fields = Fields::new();
        self.fields(&mut fields);
        let mut out = Writer::new();
        fields.write(&mut out);
        id::hash("edition", &[&out.finish()])
    }

    /// The federation that this edition founds, if its number is 0.
    #[must_use]
    pub fn federation(&self) -> FederationId {
        FederationId(self.hash())
    }

    /// The member that this key speaks for as a root key: the one that lists it, or committed itself to it. There is
    /// no more than one.
    #[must_use]
    pub fn member_of(&self, author: &[u8; 32]) -> Option<&Member> {
        let committed = next_root(RootKey(*author));
        let speaks = |member: &&Member| member.root.0 == *author || member.next_root == committed;
        self.members.iter().find(speaks)
    }

    /// The member with this code.
    #[must_use]
    pub fn member(&self, gemeente: Gemeente) -> Option<&Member> {
        self.members.iter().find(|member| member.gemeente == gemeente)
    }

    /// How many members vote.
    #[must_use]
    pub fn voters(&self) -> usize {
        self.members.iter().filter(|member| member.role == Role::Voting).count()
    }

    /// Checks what an edition says about itself: order, no key twice, at least one voting member.
    ///
    /// # Errors
    /// [`StatementError::Content`].
    pub fn check(&self) -> Result<(), StatementError> {
        let ordered = self.members.windows(2).all(|pair| pair[0].gemeente < pair[1].gemeente);
        let roots: BTreeSet<_> = self.members.iter().map(|member| member.root).collect();
        let committed = |member: &Member| next_root(member.root);
        // Zeros commit to nothing: no key is known that hashes to them.
        let committing: Vec<_> = self
            .members
            .iter()
            .filter(|member| member.next_root != [0; 32])
            .collect();
        let next: BTreeSet<_> = committing.iter().map(|member| member.next_root).collect();
        let nodes: BTreeSet<_> = self.members.iter().flat_map(|member| &member.nodes).collect();
        let node_count: usize = self.members.iter().map(|member| member.nodes.len()).sum();
        match () {
            () if !ordered => Err(StatementError::Content("members are not in order of code, each once")),
            () if roots.len() != self.members.len() => Err(StatementError::Content("a root key stands twice")),
            () if next.len() != committing.len() => Err(StatementError::Content("a next root key stands twice")),
            () if self.members.iter().map(committed).any(|root| next.contains(&root)) => {
                Err(StatementError::Content("a next root key is a root key"))
            }
            () if nodes.len() != node_count => Err(StatementError::Content("a node key stands twice")),
            () if !self.members.iter().any(|member| member.role == Role::Voting) => {
                Err(StatementError::Content("no voting member"))
            }
            () if (self.number == 0) != (self.previous == [0; 32]) => {
                Err(StatementError::Content("only edition 0 has no previous edition"))
            }
            () if self.number == 0 && !(self.endings.is_empty() && self.suspended.is_empty()) => {
                Err(StatementError::Content("edition 0 has nothing to end"))
            }
            () if !self
                .suspended
                .windows(2)
                .all(|pair| pair[0].gemeente < pair[1].gemeente) =>
            {
                Err(StatementError::Content(
                    "suspended members are not in order of code, each once",
                ))
            }
            () if self.number == 0 && !self.merges.is_empty() => {
                Err(StatementError::Content("edition 0 merges nobody"))
            }
            () if !self.merges.windows(2).all(|pair| pair[0].from < pair[1].from) => {
                Err(StatementError::Content("mergers are not in order of code, each once"))
            }
            () if self.merges.iter().any(|merge| !self.merged(merge)) => Err(StatementError::Content(
                "a gemeente that is no more is a member, or its successor is none",
            )),
            () if self.suspended.iter().any(|held| self.member(held.gemeente).is_none()) => {
                Err(StatementError::Content("who is suspended is no member"))
            }
            () if self.endings.iter().any(|ending| nodes.contains(&ending.node)) => {
                Err(StatementError::Content("a node key is listed and ends"))
            }
            () => Ok(()),
        }
    }

    /// Whether a merger leaves the one as no member and the other as one.
    fn merged(&self, merge: &Merge) -> bool {
        self.member(merge.from).is_none() && self.member(merge.to).is_some()
    }

    pub(super) fn fields(&self, fields: &mut Fields) {
        let mut members = Writer::new();
        members.number(self.members.len() as u64);
        for member in &self.members {
            members.bytes(&member.encode());
        }
        fields
            .set(1, self.number.to_be_bytes())
            .set(2, self.previous)
            .set(3, self.nonce)
            .set(4, members.finish());
        if !self.endings.is_empty() {
            fields.set(5, write_endings(&self.endings));
        }
        if !self.suspended.is_empty() {
            fields.set(6, write_suspended(&self.suspended));
        }
        if !self.merges.is_empty() {
            fields.set(7, write_merges(&self.merges));
        }
    }

    pub(super) fn decode(mut fields: Fields) -> Result<Self, StatementError> {
        let what = "edition";
        let number = u64::from_be_bytes(exact(what, &fields.require(what, 1)?)?);
        let previous = exact(what, &fields.require(what, 2)?)?;
        let nonce = exact(what, &fields.require(what, 3)?)?;
        let list = fields.require(what, 4)?;
        let mut input = Reader::new(&list);
        let count = input.count("number of members", MEMBERS_MAX)?;
        let members = (0..count).map(|_| Member::decode(input.bytes("member", Member::BYTES_MAX)?));
        let members = members.collect::<Result<Vec<_>, StatementError>>()?;
        input.end()?;
        let endings = fields.remove(5).map(|bytes| read_endings(&bytes)).transpose()?;
        let merges = fields.remove(7).map(|bytes| read_merges(&bytes)).transpose()?;
        let suspended = fields.remove(6).map(|bytes| read_suspended(&bytes)).transpose()?;
        let edition = Self {
            number,
            previous,
            nonce,
            members,
            endings: endings.unwrap_or_default(),
            suspended: suspended.unwrap_or_default(),
            merges: merges.unwrap_or_default(),
        };
        edition.check()?;
        Ok(edition)
    }
}
