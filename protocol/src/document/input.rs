//! A cursor over the bytes of a chunk, with the two LEB128 forms automerge writes numbers in.
//!
//! Only the shortest form of a number is read. automerge's own readers are not all as strict, so a second form would
//! be a place where two programs could come to see two things in the same bytes.

use super::ChangeError;

/// Bytes that are left to read. Copying it costs two words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: u64) -> Result<&'a [u8], ChangeError> {
        let count = usize::try_from(count).map_err(|_| ChangeError::Short)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(ChangeError::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], ChangeError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(ChangeError::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, ChangeError> {
        let [byte] = *self.array()?;
        Ok(byte)
    }

    /// An unsigned number in its shortest form.
    pub(super) fn unsigned(&mut self) -> Result<u64, ChangeError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let too_long = shift > 0 && byte == 0;
                let too_large = shift == 63 && byte > 1;
                return if too_long || too_large {
                    Err(ChangeError::Number)
                } else {
                    Ok(value)
                };
            }
        }
        Err(ChangeError::Number)
    }

    /// A signed number in its shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, ChangeError> {
        let mut value = 0;
        let mut before = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                // A last byte of nothing but sign adds nothing, unless the sign was not there yet.
                let sign_only = (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                let too_large = shift == 63 && byte != 0 && byte != 0x7f;
                if too_large || (shift > 0 && sign_only) {
                    return Err(ChangeError::Number);
                }
                let fill = if byte & 0x40 != 0 && shift < 57 {
                    -1 << (shift + 7)
                } else {
                    0
                };
                return Ok(value | fill);
            }
            before = byte;
        }
        Err(ChangeError::Number)
    }
}
