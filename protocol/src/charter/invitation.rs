//! The invitation into a federation that exists: which one it is, and where nodes of it can be found.
//!
//! Whoever is invited knows nobody yet, so an invitation can be checked in two ways only: a person compares its
//! fingerprint with what the member reads out that wrote it, and the node, once it has the statements, looks whether the
//! federation ever decided for the edition that the invitation names.
//!
//! **Invariant:** an invitation gives nobody a say. Who belongs follows from statements alone.

use std::collections::BTreeSet;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::fingerprint::groups;
use super::member::{read_texts, write_texts};
use super::{ADDRESS_BYTES_MAX, ADDRESSES_MAX, Roster, StatementError, Vote};
use crate::id::{self, FederationId, Gemeente, NodeKey};
use crate::wire::{ReadError, Reader, Writer};

/// Most nodes that an invitation names.
pub const PLACES_MAX: usize = 3;
/// Most bytes of an invitation.
pub const INVITATION_BYTES_MAX: usize = 4 * 1024;
const ADDRESSES_BYTES_MAX: usize = 1 + ADDRESSES_MAX * (2 + ADDRESS_BYTES_MAX);
const VERSION: u8 = 1;

/// Where somebody can come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Into which federation.
    pub federation: FederationId,
    /// The number of the edition in force when it was written.
    pub number: u64,
    /// The hash of that edition.
    pub edition: [u8; 32],
    /// Nodes of it, the one that signed first.
    pub places: Vec<Place>,
}

/// A node that lets members in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// For whom it speaks, as the invitation says.
    pub gemeente: Gemeente,
    /// Its key.
    pub node: NodeKey,
    /// Where it is, as multiaddr texts; none means that it only dials.
    pub addresses: Vec<String>,
}

/// What the statements say of the edition in an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invited {
    /// They do not reach as far as that edition yet.
    Ahead,
    /// The federation decided for it, now or before editions that followed it.
    Decided,
    /// It is one of several that were decided for at once, and none of them is in force.
    Doubled,
    /// The federation is past that number and never decided for it.
    Undecided,
}

impl Invitation {
    /// The signed bytes of an invitation; `key` is that of the node in its first place.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let unsigned = self.encode();
        let signature = key.sign(&to_sign(&unsigned)).to_bytes();
        [&unsigned[..], &signature].concat()
    }

    /// Reads an invitation and checks that the node in its first place signed it.
    ///
    /// # Errors
    /// [`StatementError`]: what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > INVITATION_BYTES_MAX {
            let (found, limit) = (bytes.len() as u64, INVITATION_BYTES_MAX as u64);
            let what = "invitation";
            return Err(ReadError::Limit { what, found, limit }.into());
        }
        let mut input = Reader::new(bytes);
        let read = Self::decode(&mut input)?;
        let unsigned = &bytes[..input.at()];
        let signature = Signature::from_bytes(&input.array("signature")?);
        input.end()?;
        read.check()?;
        let signer = read.places.first().map_or([0; 32], |place| place.node.0);
        let key = VerifyingKey::from_bytes(&signer).map_err(|_| StatementError::Signature)?;
        key.verify_strict(&to_sign(unsigned), &signature)
            .map_err(|_| StatementError::Signature)?;
        Ok(read)
    }

    /// What whoever wrote it reads out: of all that it says, also of where it leads. Anybody can sign an invitation that
    /// leads elsewhere, and nobody one with this fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        groups(&id::hash("invitation fingerprint", &[&self.encode()]))
    }

    /// What these statements say of the edition.
    #[must_use]
    pub fn judge(&self, roster: &Roster) -> Invited {
        let reached = roster.course().map(|course| course.number);
        let doubled = roster.course().is_some_and(
            |course| matches!(&course.vote, Vote::Doubled { editions } if editions.contains(&self.edition)),
        );
        match roster.decided(&self.edition) {
            Some(number) if number == self.number && doubled => Invited::Doubled,
            Some(number) if number == self.number => Invited::Decided,
            Some(_) => Invited::Undecided,
            None if reached.is_none_or(|number| number < self.number) => Invited::Ahead,
            None => Invited::Undecided,
        }
    }

    /// Checks what an invitation says about itself.
    ///
    /// # Errors
    /// [`StatementError::Content`].
    pub fn check(&self) -> Result<(), StatementError> {
        let nodes: BTreeSet<NodeKey> = self.places.iter().map(|place| place.node).collect();
        match () {
            () if nodes.len() != self.places.len() => Err(StatementError::Content("a node key stands twice")),
            () if self.places.iter().all(|place| place.addresses.is_empty()) => {
                Err(StatementError::Content("no address to go to"))
            }
            () => Ok(()),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION)
            .raw(&self.federation.0)
            .u64(self.number)
            .raw(&self.edition)
            .number(self.places.len() as u64);
        for place in &self.places {
            out.u16(place.gemeente.number())
                .raw(&place.node.0)
                .bytes(&write_texts(&place.addresses));
        }
        out.finish()
    }

    fn decode(input: &mut Reader<'_>) -> Result<Self, StatementError> {
        let found = input.u8("version")?;
        if found != VERSION {
            let (what, found) = ("invitation", found.into());
            return Err(ReadError::Version { what, found }.into());
        }
        let federation = FederationId(input.array("federation")?);
        let (number, edition) = (input.u64("number")?, input.array("edition")?);
        let count = input.count("number of nodes", PLACES_MAX)?;
        let places = (0..count).map(|_| {
            let gemeente = Gemeente::new(input.u16("gemeente")?);
            Ok(Place {
                gemeente: gemeente.map_err(|_| StatementError::Content("no such gemeente code"))?,
                node: NodeKey(input.array("node key")?),
                addresses: read_texts(input.bytes("addresses", ADDRESSES_BYTES_MAX)?)?,
            })
        });
        let places = places.collect::<Result<Vec<_>, StatementError>>()?;
        Ok(Self {
            federation,
            number,
            edition,
            places,
        })
    }
}

fn to_sign(unsigned: &[u8]) -> [u8; 32] {
    id::hash("invitation signature", &[unsigned])
}
