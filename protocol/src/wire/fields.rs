//! Tagged fields: how a message grows without breaking the nodes that do not know the new field.
//!
//! `count, then per field: tag, length, bytes`, tags strictly ascending. A reader takes what it knows; what it
//! does not know is kept and written again in its place.

use std::collections::BTreeMap;

use super::{ReadError, Reader, Writer};

/// The number of a field within its message.
pub type Tag = u64;

/// Highest tag a field can have.
const TAG_MAX: Tag = 0xffff;

/// The fields of one message, by tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    values: BTreeMap<Tag, Vec<u8>>,
}

impl Fields {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field.
    pub fn set(&mut self, tag: Tag, value: impl Into<Vec<u8>>) -> &mut Self {
        self.values.insert(tag, value.into());
        self
    }

    /// A field, if it is there.
    #[must_use]
    pub fn get(&self, tag: Tag) -> Option<&[u8]> {
        self.values.get(&tag).map(Vec::as_slice)
    }

    /// Takes a field out, so that what remains is what the reader did not know.
    pub fn remove(&mut self, tag: Tag) -> Option<Vec<u8>> {
        self.values.remove(&tag)
    }

    /// Takes a field out that must be there.
    ///
    /// # Errors
    /// [`ReadError::Missing`].
    pub fn require(&mut self, what: &'static str, tag: Tag) -> Result<Vec<u8>, ReadError> {
        self.remove(tag).ok_or(ReadError::Missing { what, tag })
    }

    /// Number of fields.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Writes all fields.
    pub fn write(&self, out: &mut Writer) {
        out.number(self.values.len() as u64);
        for (tag, value) in &self.values {
            out.number(*tag).bytes(value);
        }
    }

    /// Reads at most `count_max` fields of together at most `bytes_max` bytes.
    ///
    /// # Errors
    /// Any [`ReadError`] but [`ReadError::Trailing`].
    pub fn read(input: &mut Reader<'_>, count_max: usize, bytes_max: usize) -> Result<Self, ReadError> {
        let count = input.count("number of fields", count_max)?;
        let mut values = BTreeMap::new();
        let (mut next, mut left) = (0, bytes_max);
        for _ in 0..count {
            let at = input.at();
            let tag = input.number("field tag", TAG_MAX)?;
            if tag < next {
                return Err(ReadError::Form {
                    what: "order of fields",
                    at,
                });
            }
            let value = input.bytes("field", left)?;
            (next, left) = (tag + 1, left - value.len());
            values.insert(tag, value.to_vec());
        }
        Ok(Self { values })
    }
}
