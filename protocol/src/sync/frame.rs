//! The outside of every message: version, type, body, and what later versions add behind it.
//!
//! `version, type, body, extension`. The extension is [`Fields`] and is written only when there is one; a reader
//! keeps it without understanding it. Every body has one encoding, so whatever decodes encodes to the same bytes.
//!
//! **Invariant:** nothing is allocated for a length before the bytes it promises are there.

use super::limits::{EXTENSION_BYTES_MAX, EXTENSION_FIELDS_MAX, FRAME_BYTES_MAX};
use crate::wire::{Fields, ReadError, Reader, Writer};

/// The version this program speaks.
pub const VERSION: u8 = 1;

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// More bytes than a frame can have.
    #[error("a frame of {bytes} bytes is over the limit of {FRAME_BYTES_MAX}")]
    TooLarge {
        /// The bytes found.
        bytes: usize,
    },
    /// A version or a type of message that this program does not know: the other side may be newer.
    #[error("message type {kind} of version {version} is not known here")]
    Unknown {
        /// The version found.
        version: u8,
        /// The type found.
        kind: u8,
    },
    /// The bytes do not have the form of their type.
    #[error("not a message: {0}")]
    Form(#[from] ReadError),
}

/// The inside of a message.
pub trait Body: Sized {
    /// The number of the type.
    fn kind(&self) -> u8;
    /// Writes the body.
    fn write(&self, out: &mut Writer);
    /// Reads the body of a type, or nothing when the type is not known.
    ///
    /// # Errors
    /// Any [`ReadError`] but those of the end.
    fn read(kind: u8, input: &mut Reader<'_>) -> Result<Option<Self>, ReadError>;
}

/// A message with what a later version added to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame<B> {
    /// What this program understands of it.
    pub body: B,
    /// What it keeps without understanding.
    pub extension: Fields,
}

impl<B> From<B> for Frame<B> {
    fn from(body: B) -> Self {
        Self {
            body,
            extension: Fields::new(),
        }
    }
}

impl<B: Body> Frame<B> {
    /// The bytes to send.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::new();
        out.u8(VERSION).u8(self.body.kind());
        self.body.write(&mut out);
        if !self.extension.is_empty() {
            self.extension.write(&mut out);
        }
        out.finish()
    }

    /// Reads a frame from outside.
    ///
    /// # Errors
    /// Any [`FrameError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, FrameError> {
        if bytes.len() > FRAME_BYTES_MAX {
            return Err(FrameError::TooLarge { bytes: bytes.len() });
        }
        let mut input = Reader::new(bytes);
        let version = input.u8("version")?;
        let kind = input.u8("type")?;
        if version != VERSION {
            return Err(FrameError::Unknown { version, kind });
        }
        let body = B::read(kind, &mut input)?.ok_or(FrameError::Unknown { version, kind })?;
        let extension = read_extension(&mut input)?;
        input.end()?;
        Ok(Self { body, extension })
    }
}

fn read_extension(input: &mut Reader<'_>) -> Result<Fields, ReadError> {
    if input.left() == 0 {
        return Ok(Fields::new());
    }
    let at = input.at();
    let fields = Fields::read(input, EXTENSION_FIELDS_MAX, EXTENSION_BYTES_MAX)?;
    if fields.is_empty() {
        return Err(ReadError::Form { what: "extension", at });
    }
    Ok(fields)
}

/// Reads at most `limit` items; room is made for no more of them than the bytes left can hold.
pub(super) fn list<T>(
    input: &mut Reader<'_>,
    what: &'static str,
    limit: usize,
    bytes_min: usize,
    mut item: impl FnMut(&mut Reader<'_>) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    let count = input.count(what, limit)?;
    let mut items = Vec::with_capacity(count.min(input.left() / bytes_min.max(1)));
    for _ in 0..count {
        items.push(item(input)?);
    }
    Ok(items)
}

/// Yes or no, in one byte.
pub(super) fn flag(input: &mut Reader<'_>, what: &'static str) -> Result<bool, ReadError> {
    let at = input.at();
    match input.u8(what)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ReadError::Form { what, at }),
    }
}

/// Refuses what is not in strictly ascending order.
pub(super) fn ascending<T: PartialOrd>(
    what: &'static str,
    at: usize,
    items: impl Iterator<Item = T>,
) -> Result<(), ReadError> {
    if items.is_sorted_by(|one, next| one < next) {
        Ok(())
    } else {
        Err(ReadError::Form { what, at })
    }
}
