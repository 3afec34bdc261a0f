//! The token that opens the API: who may read the file may use the node.
//!
//! **Invariant:** the token is never logged and never shown; a file that others can read is refused.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use zeroize::Zeroizing;

/// Characters of a token: 32 random bytes in hexadecimal.
const CHARS: usize = 64;

/// What a client must show. Only its hash is kept, which also makes comparing take the same time always.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(blake3::Hash);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Why there is no token to work with.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Others than the owner may read or write the file.
    #[error("{} is open to others (mode {mode:03o})", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file holds something else.
    #[error("{} does not hold a token", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or written.
    #[error("{} cannot be used", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Random,
}

impl Token {
    /// The token in this file, which is written first when it does not exist.
    ///
    /// # Errors
    /// [`TokenError`] when the file is open to others, holds something else or cannot be used.
    pub fn of_file(path: &Path) -> Result<Self, TokenError> {
        let text = match open(path) {
            Ok(file) => read(&file, path)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
            Err(source) => return Err(failed(path, source)),
        };
        Ok(Self::of_text(&text))
    }

    /// The token of this text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()))
    }

    /// Whether a request shows this token.
    #[must_use]
    pub fn opens(&self, headers: &HeaderMap) -> bool {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = header.and_then(|text| text.split_once(' '));
        shown.is_some_and(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && self.0 == blake3::hash(token.trim().as_bytes())
        })
    }
}

fn failed(path: &Path, source: io::Error) -> TokenError {
    TokenError::Io {
        path: path.to_owned(),
        source,
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

fn read(file: &File, path: &Path) -> Result<Zeroizing<String>, TokenError> {
    let mode = file.metadata().map_err(|source| failed(path, source))?.mode() & 0o777;
    if mode & 0o077 != 0 {
        let path = path.to_owned();
        return Err(TokenError::Open { path, mode });
    }
    let mut text = Zeroizing::new(String::with_capacity(CHARS + 2));
    let bounded = file.take(CHARS as u64 + 2).read_to_string(&mut text);
    bounded.map_err(|source| failed(path, source))?;
    let token = Zeroizing::new(text.trim_end().to_owned());
    if token.len() == CHARS && token.chars().all(|c| c.is_ascii_hexdigit()) {
        Ok(token)
    } else {
        Err(TokenError::Form { path: path.to_owned() })
    }
}

fn create(path: &Path) -> Result<Zeroizing<String>, TokenError> {
    let mut random = Zeroizing::new([0_u8; CHARS / 2]);
    getrandom::fill(&mut *random).map_err(|_| TokenError::Random)?;
    let text: Zeroizing<String> = Zeroizing::new(random.iter().map(|byte| format!("{byte:02x}")).collect());
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|source| failed(path, source))?;
    let written = writeln!(file, "{}", *text).and_then(|()| file.sync_all());
    written.map_err(|source| failed(path, source))?;
    Ok(text)
}

#[cfg(test)]
mod tests;
