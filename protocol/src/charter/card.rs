//! The card that a gemeente hands to those it founds a federation with.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use super::{Member, StatementError};
use crate::id;
use crate::wire::{ReadError, Reader, Writer};

/// Most bytes of a card.
const CARD_BYTES_MAX: usize = 8 * 1024;
const VERSION: u8 = 1;

/// A member as it presents itself, signed with its own root key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The member.
    pub member: Member,
}

impl Card {
    /// The signed bytes of a card; `key` is the root key that the member names.
    #[must_use]
    pub fn sign(member: &Member, key: &SigningKey) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION).bytes(&member.encode());
        let unsigned = out.finish();
        let signature = key.sign(&to_sign(&unsigned)).to_bytes();
        [&unsigned[..], &signature].concat()
    }

    /// Reads a card and checks that its member signed it.
    ///
    /// # Errors
    /// [`StatementError`]: what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, StatementError> {
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        if version != VERSION {
            return Err(ReadError::Version {
                what: "card",
                found: version.into(),
            }
            .into());
        }
        let member = Member::decode(input.bytes("member", CARD_BYTES_MAX)?)?;
        let unsigned = &bytes[..input.at()];
        let signature = Signature::from_bytes(&input.array("signature")?);
        input.end()?;
        let key = VerifyingKey::from_bytes(&member.root.0).map_err(|_| StatementError::Signature)?;
        key.verify_strict(&to_sign(unsigned), &signature)
            .map_err(|_| StatementError::Signature)?;
        Ok(Self { member })
    }
}

fn to_sign(unsigned: &[u8]) -> [u8; 32] {
    id::hash("card signature", &[unsigned])
}
