//! The frames of a backup: written and read one by one, hashed as they pass.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::secret::Secret;

/// The first line of the file.
pub(super) const MAGIC: &[u8] = b"leerkring-reservekopie-1\n";
/// What every version of it begins with.
pub(super) const FAMILY: &[u8] = b"leerkring-reservekopie-";
/// Bytes of the hash at the end.
pub(super) const HASH_BYTES: usize = 32;
/// Longest body.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes before a body.
const HEAD_BYTES: usize = 5;

/// What a frame holds. The number is part of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// The name of a key, and the key.
    Key = 1,
    /// What the backup says of itself.
    Head = 2,
    /// The configuration.
    Config = 3,
    /// The next bytes of the vault.
    Vault = 4,
    /// Statements, each behind its length.
    Statements = 5,
    /// Consecutive entries of one log.
    Entries = 6,
    /// The name of a file of the audit log, and its bytes.
    Audit = 7,
    /// The totals: nothing but the hash follows.
    End = 8,
    /// The card of the gemeente, where the node is a second one of it.
    Card = 9,
    /// The public root keys of the gemeente.
    Roots = 10,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Key,
        Self::Head,
        Self::Config,
        Self::Vault,
        Self::Statements,
        Self::Entries,
        Self::Audit,
        Self::End,
        Self::Card,
        Self::Roots,
    ];

    fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// Seals the frames behind the head, each for its place in this backup.
pub(super) struct Seal<'a> {
    storage: &'a Secret,
    id: [u8; 16],
    number: u64,
}

impl<'a> Seal<'a> {
    /// Seals from this place on.
    pub(super) fn at(storage: &'a Secret, id: [u8; 16], number: u64) -> Self {
        Self { storage, id, number }
    }

    pub(super) fn seal(&mut self, kind: Kind, plain: &[u8]) -> Vec<u8> {
        let place = self.next(kind);
        self.storage.seal(&place, plain)
    }

    /// What was sealed for the next place; nothing when it was not, or not with this key.
    pub(super) fn open(&mut self, kind: Kind, sealed: &[u8]) -> Option<Vec<u8>> {
        let place = self.next(kind);
        self.storage.open(&place, sealed)
    }

    fn next(&mut self, kind: Kind) -> Vec<u8> {
        let place = [&b"backup"[..], &self.id, &self.number.to_be_bytes(), &[kind as u8]].concat();
        self.number += 1;
        place
    }
}

/// Writes one frame.
pub(super) fn write(out: &mut dyn Write, kind: Kind, body: &[u8]) -> io::Result<()> {
    let length = u32::try_from(body.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    out.write_all(&[kind as u8])?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(body)
}

/// What comes next in a backup.
pub(super) enum Next {
    /// A frame, which may hold a key.
    Frame(Kind, Zeroizing<Vec<u8>>),
    /// Something else.
    Wrong(&'static str),
}

/// Reads the next frame.
pub(super) fn read(input: &mut dyn Read) -> io::Result<Next> {
    let mut head = [0; HEAD_BYTES];
    if !filled(input, &mut head)? {
        return Ok(Next::Wrong("it breaks off"));
    }
    let (number, length) = head.split_first().expect("a head has five bytes");
    let length = u32::from_be_bytes(length.try_into().expect("four bytes are left of five")) as usize;
    let Some(kind) = Kind::of(*number).filter(|_| length <= BODY_BYTES_MAX) else {
        return Ok(Next::Wrong("a part is of no form that this version knows"));
    };
    let mut body = Zeroizing::new(vec![0; length]);
    match filled(input, &mut body)? {
        true => Ok(Next::Frame(kind, body)),
        false => Ok(Next::Wrong("it breaks off")),
    }
}

/// Fills a buffer; false when there was not enough.
pub(super) fn filled(input: &mut dyn Read, buffer: &mut [u8]) -> io::Result<bool> {
    match input.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Hashes what passes.
pub(super) struct Hashed<T> {
    inner: T,
    hasher: blake3::Hasher,
}

impl<T> Hashed<T> {
    pub(super) fn new(inner: T) -> Self {
        let hasher = blake3::Hasher::new();
        Self { inner, hasher }
    }

    /// Goes on with something around what is below.
    pub(super) fn around<U>(self, wrap: impl FnOnce(T) -> U) -> Hashed<U> {
        Hashed {
            inner: wrap(self.inner),
            hasher: self.hasher,
        }
    }

    /// The hash of all that passed until now.
    pub(super) fn so_far(&self) -> [u8; HASH_BYTES] {
        *self.hasher.finalize().as_bytes()
    }

    /// What is below, and the hash of all that passed.
    pub(super) fn finish(self) -> (T, [u8; HASH_BYTES]) {
        (self.inner, *self.hasher.finalize().as_bytes())
    }
}

impl<T: Write> Write for Hashed<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: Read> Read for Hashed<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}
