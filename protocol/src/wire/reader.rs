//! Reads bytes from outside: every length is checked before anything is copied.

/// Why bytes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The bytes end before the value does.
    #[error("ends at byte {at}, {wanted} more were needed for {what}")]
    Short {
        /// What was being read.
        what: &'static str,
        /// Offset where the bytes end.
        at: usize,
        /// Bytes missing.
        wanted: usize,
    },
    /// A length or count over its limit.
    #[error("{what} is {found}, the limit is {limit}")]
    Limit {
        /// What was being read.
        what: &'static str,
        /// The length or count found.
        found: u64,
        /// The limit.
        limit: u64,
    },
    /// A value that is written in another form than the only allowed one.
    #[error("{what} at byte {at} is not in its only allowed form")]
    Form {
        /// What was being read.
        what: &'static str,
        /// Offset.
        at: usize,
    },
    /// Bytes remain behind the value.
    #[error("{count} bytes too many")]
    Trailing {
        /// Number of bytes left.
        count: usize,
    },
    /// A version this program does not know.
    #[error("version {found} of {what} is not known here")]
    Version {
        /// What was being read.
        what: &'static str,
        /// The version found.
        found: u64,
    },
    /// A field that must be there is not.
    #[error("{what} lacks field {tag}")]
    Missing {
        /// What was being read.
        what: &'static str,
        /// The tag of the field.
        tag: u64,
    },
}

/// A cursor over bytes from outside.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Offset of the next byte.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Bytes left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn take(&mut self, what: &'static str, len: usize) -> Result<&'a [u8], ReadError> {
        if len > self.left() {
            return Err(ReadError::Short {
                what,
                at: self.bytes.len(),
                wanted: len - self.left(),
            });
        }
        let taken = &self.bytes[self.at..self.at + len];
        self.at += len;
        Ok(taken)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ReadError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(what, N)?);
        Ok(out)
    }

    /// One byte.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn u8(&mut self, what: &'static str) -> Result<u8, ReadError> {
        Ok(self.array::<1>(what)?[0])
    }

    /// Two bytes, big-endian.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn u16(&mut self, what: &'static str) -> Result<u16, ReadError> {
        Ok(u16::from_be_bytes(self.array(what)?))
    }

    /// Four bytes, big-endian.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn u32(&mut self, what: &'static str) -> Result<u32, ReadError> {
        Ok(u32::from_be_bytes(self.array(what)?))
    }

    /// Eight bytes, big-endian.
    ///
    /// # Errors
    /// [`ReadError::Short`].
    pub fn u64(&mut self, what: &'static str) -> Result<u64, ReadError> {
        Ok(u64::from_be_bytes(self.array(what)?))
    }

    /// An unsigned LEB128 number in its shortest form, at most `limit`.
    ///
    /// # Errors
    /// [`ReadError::Short`], [`ReadError::Form`], [`ReadError::Limit`].
    pub fn number(&mut self, what: &'static str, limit: u64) -> Result<u64, ReadError> {
        let start = self.at;
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8(what)?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let padded = byte == 0 && shift > 0;
                return match (padded, value > limit) {
                    (true, _) => Err(ReadError::Form { what, at: start }),
                    (_, true) => Err(ReadError::Limit {
                        what,
                        found: value,
                        limit,
                    }),
                    _ => Ok(value),
                };
            }
        }
        Err(ReadError::Form { what, at: start })
    }

    /// A count or length in its shortest form, at most `limit`.
    ///
    /// # Errors
    /// As [`Reader::number`].
    pub fn count(&mut self, what: &'static str, limit: usize) -> Result<usize, ReadError> {
        let value = self.number(what, limit as u64)?;
        usize::try_from(value).map_err(|_| ReadError::Limit {
            what,
            found: value,
            limit: limit as u64,
        })
    }

    /// Length-prefixed bytes, at most `limit` of them.
    ///
    /// # Errors
    /// As [`Reader::number`], and [`ReadError::Short`].
    pub fn bytes(&mut self, what: &'static str, limit: usize) -> Result<&'a [u8], ReadError> {
        let len = self.count(what, limit)?;
        self.take(what, len)
    }

    /// Length-prefixed UTF-8, at most `limit` bytes.
    ///
    /// # Errors
    /// As [`Reader::bytes`], and [`ReadError::Form`] when it is not UTF-8.
    pub fn text(&mut self, what: &'static str, limit: usize) -> Result<&'a str, ReadError> {
        let at = self.at;
        std::str::from_utf8(self.bytes(what, limit)?).map_err(|_| ReadError::Form { what, at })
    }

    /// Ends the reading: nothing may be left.
    ///
    /// # Errors
    /// [`ReadError::Trailing`].
    pub fn end(self) -> Result<(), ReadError> {
        match self.left() {
            0 => Ok(()),
            count => Err(ReadError::Trailing { count }),
        }
    }
}
