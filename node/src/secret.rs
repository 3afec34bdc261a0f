//! A secret key in a file of its own, and what it seals.
//!
//! Both stores of a node keep their contents sealed with XChaCha20-Poly1305. The nonce of a sealed value is a keyed
//! hash of what is sealed and of where it belongs, kept in front of it: the same content at the same place seals to
//! the same bytes, other content never shares a nonce, and no generator that repeats itself (a cloned machine, a
//! restored snapshot) can make two values share one. Keyed, because an unkeyed hash of a payload would let anybody
//! who holds the file confirm a guess of what was erased.
//!
//! **Invariant:** a secret is never in the output of `Debug`, an error or a log, and its memory is wiped when dropped.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{AeadInOut, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// Bytes of a secret key.
pub const SECRET_BYTES: usize = 32;
/// Bytes that sealing adds: nonce and tag.
pub const SEAL_BYTES: usize = NONCE_BYTES + TAG_BYTES;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// Why a secret could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Others than the owner may read the file.
    #[error("{} is readable by others (mode {mode:03o}); it must be 600", path.display())]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file does not hold a key.
    #[error("{} holds {found} bytes, a key has {SECRET_BYTES}", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Its size.
        found: usize,
    },
    /// The operating system has no random bytes.
    #[error("the operating system gives no random bytes: {detail}")]
    Random {
        /// What it said.
        detail: String,
    },
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// 32 secret bytes.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A key from its bytes.
    #[must_use]
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A key drawn from the operating system's generator.
    ///
    /// # Errors
    /// [`SecretError::Random`].
    pub fn random() -> Result<Self, SecretError> {
        Ok(Self(Zeroizing::new(random_bytes()?)))
    }

    /// The key in a file.
    ///
    /// # Errors
    /// Any [`SecretError`]; [`SecretError::Io`] when there is no such file.
    pub fn load(path: &Path) -> Result<Self, SecretError> {
        let opened = OpenOptions::new().read(true).open(path);
        let file = opened.map_err(|source| SecretError::Io {
            path: path.to_path_buf(),
            source,
        })?;
        Self::read(path, file)
    }

    /// The key in a file; at first a random one is made and the file written, readable by its owner only.
    ///
    /// # Errors
    /// Any [`SecretError`].
    pub fn load_or_create(path: &Path) -> Result<Self, SecretError> {
        let failed = |source| SecretError::Io {
            path: path.to_path_buf(),
            source,
        };
        match OpenOptions::new().read(true).open(path) {
            Ok(file) => Self::read(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let secret = Self::random()?;
                secret.write(path).map_err(failed)?;
                Ok(secret)
            }
            Err(error) => Err(failed(error)),
        }
    }

    fn read(path: &Path, mut file: File) -> Result<Self, SecretError> {
        let path = path.to_path_buf();
        let mode = match file.metadata() {
            Ok(metadata) => metadata.permissions().mode() & 0o777,
            Err(source) => return Err(SecretError::Io { path, source }),
        };
        if mode & 0o077 != 0 {
            return Err(SecretError::Readable { path, mode });
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(SECRET_BYTES + 1));
        let limit = SECRET_BYTES as u64 + 1;
        if let Err(source) = (&mut file).take(limit).read_to_end(&mut bytes) {
            return Err(SecretError::Io { path, source });
        }
        match <[u8; SECRET_BYTES]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Ok(Self::new(bytes)),
            Err(_) => Err(SecretError::Length {
                path,
                found: bytes.len(),
            }),
        }
    }

    /// A new random key in a file that is not there yet, readable by its owner only.
    ///
    /// # Errors
    /// [`SecretError::Io`] with [`io::ErrorKind::AlreadyExists`] when there is such a file: no key is ever written over.
    pub fn create(path: &Path) -> Result<Self, SecretError> {
        let secret = Self::random()?;
        let mut options = OpenOptions::new();
        let written = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
            .and_then(|mut file| {
                file.write_all(&secret.0[..])?;
                file.sync_all()?;
                sync_dir(path.parent().unwrap_or(Path::new(".")))
            });
        written.map_err(|source| SecretError::Io {
            path: path.to_path_buf(),
            source,
        })?;
        Ok(secret)
    }

    /// Written beside its place and renamed, so that a crash leaves the whole key or none.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let beside = path.with_extension("key.new");
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(&self.0[..])?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_dir(path.parent().unwrap_or(Path::new(".")))
    }

    /// The bytes, for whoever writes them into a sealed place.
    #[must_use]
    pub fn bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// A keyed hash under a domain: what proves that a key is the right one without showing it.
    #[must_use]
    pub fn mark(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"leerkring/1/").update(domain.as_bytes());
        for part in parts {
            hasher.update(&(part.len() as u64).to_be_bytes()).update(part);
        }
        *hasher.finalize().as_bytes()
    }

    /// Nonce, ciphertext and tag of `plain`; only [`Secret::open`] with the same `place` gives it back.
    #[must_use]
    pub fn seal(&self, place: &[u8], plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&self.mark("nonce", &[place, plain])[..NONCE_BYTES]);
        let mut out = Vec::with_capacity(plain.len() + SEAL_BYTES);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(plain);
        let tag = self
            .cipher()
            .encrypt_inout_detached(&XNonce::from(nonce), place, (&mut out[NONCE_BYTES..]).into())
            .expect("a value is far below the 256 GiB that the cipher takes");
        out.extend_from_slice(&tag);
        out
    }

    /// What [`Secret::seal`] sealed for this place; nothing when the bytes, the place or the key are others.
    #[must_use]
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        use chacha20poly1305::aead::Aead;
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: rest, aad: place };
        self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// Random bytes of the operating system.
///
/// # Errors
/// [`SecretError::Random`].
pub fn random_bytes<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(SecretError::Random {
            detail: error.to_string(),
        }),
    }
}

/// Writes a small file of this node, for its owner only: whole or not at all, also when the system stops half-way.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(path.parent().unwrap_or(Path::new("")))
}

/// Makes names that were created, renamed or removed in a directory survive a crash.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn a_seal_opens_for_its_key_and_place_only() {
        let secret = Secret::new([7; 32]);
        let sealed = secret.seal(b"here", b"what was said");
        assert_eq!(sealed.len(), b"what was said".len() + SEAL_BYTES);
        assert_eq!(secret.open(b"here", &sealed).as_deref(), Some(&b"what was said"[..]));
        assert_eq!(secret.open(b"there", &sealed), None);
        assert_eq!(Secret::new([8; 32]).open(b"here", &sealed), None);
        for at in 0..sealed.len() {
            let mut other = sealed.clone();
            other[at] ^= 1;
            assert_eq!(secret.open(b"here", &other), None, "byte {at}");
            assert_eq!(secret.open(b"here", &sealed[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn other_content_or_another_place_never_shares_a_nonce() {
        let secret = Secret::new([7; 32]);
        let nonce = |place: &[u8], plain: &[u8]| secret.seal(place, plain)[..NONCE_BYTES].to_vec();
        assert_eq!(nonce(b"k", b"a"), nonce(b"k", b"a"));
        assert_ne!(nonce(b"k", b"a"), nonce(b"k", b"b"));
        assert_ne!(nonce(b"k", b"a"), nonce(b"ka", b""));
    }

    #[test]
    fn a_key_file_is_made_once_and_is_private() {
        let dir = Scratch::new("secret");
        let path = dir.path().join("storage.key");
        let first = Secret::load_or_create(&path).unwrap();
        let again = Secret::load_or_create(&path).unwrap();
        assert_eq!(first.bytes(), again.bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!format!("{first:?}").contains(&format!("{}", first.bytes()[0])));
    }

    #[test]
    fn a_key_that_is_there_is_never_made_anew() {
        let dir = Scratch::new("secret");
        let path = dir.path().join("root.key");
        let made = Secret::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = Secret::create(&path);
        assert!(matches!(again, Err(SecretError::Io { source, .. }) if source.kind() == io::ErrorKind::AlreadyExists));
        assert_eq!(Secret::load(&path).unwrap().bytes(), made.bytes());
    }

    #[test]
    fn a_key_file_that_others_may_read_or_of_another_length_is_refused() {
        let dir = Scratch::new("secret");
        let path = dir.path().join("storage.key");
        Secret::load_or_create(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Secret::load_or_create(&path),
            Err(SecretError::Readable { mode: 0o640, .. })
        ));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        for (bytes, found) in [(31, 31), (33, 33), (5000, 33)] {
            fs::write(&path, vec![1; bytes]).unwrap();
            let error = Secret::load_or_create(&path).unwrap_err();
            assert!(
                matches!(error, SecretError::Length { found: of, .. } if of == found),
                "{error}"
            );
        }
    }
}
