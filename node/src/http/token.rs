//! The token that opens the API: who may read the file may use the node. Tokens with a name are behind the [`super::door`].
//!
//! **Invariant:** the token is never logged and never shown; its file is made for its owner only.
//! **Invariant:** a token is good for one run of the node.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
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
    /// The file cannot be written.
    #[error("{} cannot be used", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file of the tokens with a name is damaged, or of a newer version.
    #[error("{} holds no tokens", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Random,
}

/// Draws what opens.
pub(super) fn draw() -> Result<Zeroizing<String>, TokenError> {
    let mut random = Zeroizing::new([0_u8; CHARS / 2]);
    getrandom::fill(&mut *random).map_err(|_| TokenError::Random)?;
    Ok(Zeroizing::new(
        random.iter().map(|byte| format!("{byte:02x}")).collect(),
    ))
}

/// What is kept of a token.
pub(super) fn hash(text: &str) -> blake3::Hash {
    blake3::hash(text.as_bytes())
}

/// The token that a request shows.
pub(super) fn shown(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Token {
    /// A new token in this file, in place of the one of an earlier run: who got hold of that one has nothing. Call it
    /// only where no other node can run in the same directory.
    ///
    /// # Errors
    /// [`TokenError`] when the file cannot be written.
    pub fn fresh(path: &Path) -> Result<Self, TokenError> {
        let text = draw()?;
        write(path, &text).map_err(|source| TokenError::Io {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self::of_text(&text))
    }

    /// The token of this text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        Self(hash(text))
    }

    /// Whether a request shows this token.
    #[must_use]
    pub fn opens(&self, headers: &HeaderMap) -> bool {
        shown(headers).is_some_and(|token| self.0 == hash(token))
    }
}

/// Written beside its place and renamed, so that a crash leaves a whole token.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("token.new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests;
