//! A member, as an edition lists it.

use super::StatementError;
use super::body::read_gemeente;
use super::fingerprint::groups;
use crate::id::{self, Gemeente, NodeKey, RootKey};
use crate::wire::{Fields, ReadError, Reader, Writer};

/// Most nodes a member can list.
const NODES_MAX: usize = 16;
/// Most addresses of one node.
pub const ADDRESSES_MAX: usize = 8;
/// Most bytes of a multiaddr in text.
pub const ADDRESS_BYTES_MAX: usize = 128;
/// Most bytes of a name or mailbox.
pub const NAME_BYTES_MAX: usize = 120;

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Shares records and votes on editions.
    Voting,
    /// Holds what is shared; its logs carry statements only.
    Reading,
}

/// One member as an edition lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// CBS code.
    pub gemeente: Gemeente,
    /// Name, at most 120 bytes.
    pub name: String,
    /// The key that speaks for the member.
    pub root: RootKey,
    /// Hash of the root key that will follow this one.
    pub next_root: [u8; 32],
    /// Voting or reading.
    pub role: Role,
    /// Node keys at the time of the edition.
    pub nodes: Vec<NodeKey>,
    /// Mailbox of a function, never of a person; at most 120 bytes.
    pub mailbox: String,
    /// First addresses (multiaddr text) of its nodes; an address statement supersedes them.
    pub addresses: Vec<String>,
}

/// What a member commits itself to as its next root key, without showing it.
#[must_use]
pub fn next_root(key: RootKey) -> [u8; 32] {
    id::hash("next root key", &[&key.0])
}

impl Member {
    /// Most bytes of a member.
    pub(super) const BYTES_MAX: usize = 4096;

    /// What two people compare by phone: whose it is, its root key and the next one, whether it votes, and its node keys. A
    /// name, mailbox or address is not in it: it gives nobody a say.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let parts = [
            &self.gemeente.number().to_be_bytes()[..],
            &self.root.0,
            &self.next_root,
            &[role_number(self.role)],
            &write_nodes(&self.nodes),
        ];
        groups(&id::hash("member fingerprint", &parts))
    }

    /// The fingerprint of the card with which this member came, whatever role the members gave it since: a card asks for a
    /// vote.
    #[must_use]
    pub fn card_fingerprint(&self) -> String {
        let asked = Self {
            role: Role::Voting,
            ..self.clone()
        };
        asked.fingerprint()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut fields = Fields::new();
        fields
            .set(1, self.gemeente.number().to_be_bytes())
            .set(2, self.name.as_bytes());
        fields
            .set(3, self.root.0)
            .set(4, self.next_root)
            .set(5, [role_number(self.role)]);
        fields.set(6, write_nodes(&self.nodes));
        fields
            .set(7, self.mailbox.as_bytes())
            .set(8, write_texts(&self.addresses));
        let mut out = Writer::new();
        fields.write(&mut out);
        out.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, StatementError> {
        let mut input = Reader::new(bytes);
        let mut fields = Fields::read(&mut input, 32, Self::BYTES_MAX)?;
        input.end()?;
        let what = "member";
        Ok(Self {
            gemeente: read_gemeente(what, &fields.require(what, 1)?)?,
            name: text(what, fields.require(what, 2)?)?,
            root: RootKey(exact(what, &fields.require(what, 3)?)?),
            next_root: exact(what, &fields.require(what, 4)?)?,
            role: read_role(&fields.require(what, 5)?)?,
            nodes: read_nodes(&fields.require(what, 6)?, NODES_MAX)?,
            mailbox: text(what, fields.require(what, 7)?)?,
            addresses: read_texts(&fields.require(what, 8)?)?,
        })
    }
}

pub(super) fn exact<const N: usize>(what: &'static str, bytes: &[u8]) -> Result<[u8; N], ReadError> {
    let mut input = Reader::new(bytes);
    let out = input.array(what)?;
    input.end()?;
    Ok(out)
}

fn text(what: &'static str, bytes: Vec<u8>) -> Result<String, ReadError> {
    if bytes.len() > NAME_BYTES_MAX {
        return Err(ReadError::Limit {
            what,
            found: bytes.len() as u64,
            limit: NAME_BYTES_MAX as u64,
        });
    }
    String::from_utf8(bytes).map_err(|_| ReadError::Form { what, at: 0 })
}

fn role_number(role: Role) -> u8 {
    match role {
        Role::Voting => 1,
        Role::Reading => 2,
    }
}

fn read_role(bytes: &[u8]) -> Result<Role, StatementError> {
    match bytes {
        [1] => Ok(Role::Voting),
        [2] => Ok(Role::Reading),
        _ => Err(StatementError::Content("a member is voting or reading")),
    }
}

pub(super) fn write_nodes(nodes: &[NodeKey]) -> Vec<u8> {
    nodes.iter().flat_map(|key| key.0).collect()
}

pub(super) fn read_nodes(bytes: &[u8], limit: usize) -> Result<Vec<NodeKey>, ReadError> {
    let mut input = Reader::new(bytes);
    let count = bytes.len() / NodeKey::LEN;
    if count > limit {
        return Err(ReadError::Limit {
            what: "node keys",
            found: count as u64,
            limit: limit as u64,
        });
    }
    let keys = (0..count).map(|_| input.array("node key").map(NodeKey)).collect();
    input.end()?;
    keys
}

pub(super) fn write_texts(texts: &[String]) -> Vec<u8> {
    let mut out = Writer::new();
    out.number(texts.len() as u64);
    for text in texts {
        out.bytes(text.as_bytes());
    }
    out.finish()
}

pub(super) fn read_texts(bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let mut input = Reader::new(bytes);
    let count = input.count("number of addresses", ADDRESSES_MAX)?;
    let texts = (0..count)
        .map(|_| input.text("address", ADDRESS_BYTES_MAX).map(str::to_owned))
        .collect();
    input.end()?;
    texts
}
