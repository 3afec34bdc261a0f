//! Who comes in: whoever shows the token of this run may do everything and speaks for whichever account it names; whoever
//! shows a token with a name speaks for that name only, and may do what the token is for.
//!
//! **Invariant:** a token is kept as its hash only, here and in its file: who reads the file can open nothing.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use axum::http::HeaderMap;
use protocol::api::{NieuwToken, Scope, TOKENS_MAX, TokenAsked, TokenRegel};
use protocol::gate::Account;
use serde::{Deserialize, Serialize};

use super::token::{self, Token, TokenError, shown};
use crate::secret::replace;

/// Largest file of tokens that is read.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// The form of that file.
const FORM: u32 = 1;

/// Who holds a token that opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holder {
    /// Who can read the folder of the node.
    Start,
    /// Who was given a token.
    Named {
        /// For whom it speaks.
        account: Account,
        /// What it is for.
        scopes: Vec<Scope>,
    },
}

impl Holder {
    /// Whether it may do what needs any one of these.
    pub(super) fn may(&self, needs: &[Scope]) -> bool {
        match self {
            Self::Start => true,
            Self::Named { scopes, .. } => needs.iter().any(|scope| scopes.contains(scope)),
        }
    }
}

/// A token with a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Named {
    naam: String,
    scopes: Vec<Scope>,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    form: u32,
    tokens: Vec<Named>,
}

/// Why a token is not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum DoorError {
    /// The name is no account.
    #[error("the name is no account")]
    Name,
    /// It is for nothing.
    #[error("a token for nothing")]
    ForNothing,
    /// There is one with this name.
    #[error("there is a token with this name")]
    Exists,
    /// There are as many as are kept.
    #[error("there are {TOKENS_MAX} tokens")]
    Full,
    /// There is none with this name.
    #[error("there is no token with this name")]
    Unknown,
    /// It cannot be kept.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// All tokens that open the API.
pub struct Door {
    start: Token,
    path: Option<PathBuf>,
    /// In order of name.
    named: RwLock<Vec<Named>>,
}

impl Door {
    /// The token of this run, with the tokens in this file.
    ///
    /// # Errors
    /// [`TokenError`] when the file is there and cannot be read.
    pub fn open(start: Token, path: &Path) -> Result<Self, TokenError> {
        Ok(Self {
            start,
            named: RwLock::new(read(path)?),
            path: Some(path.to_owned()),
        })
    }

    /// The token of this run, and none that is kept.
    #[must_use]
    pub fn of_start(start: Token) -> Self {
        Self {
            start,
            path: None,
            named: RwLock::default(),
        }
    }

    /// Who asks; nothing when no token or a wrong one is shown.
    pub(super) fn holder(&self, headers: &HeaderMap) -> Option<Holder> {
        if self.start.opens(headers) {
            return Some(Holder::Start);
        }
        let hash = token::hash(shown(headers)?);
        let named = self.named.read().unwrap_or_else(PoisonError::into_inner);
        let found = named.iter().find(|token| token.is(hash))?;
        let account = Account::new(&found.naam).ok()?;
        let scopes = found.scopes.clone();
        Some(Holder::Named { account, scopes })
    }

    /// Makes a token. This is the only time that it is told.
    pub(super) fn make(&self, asked: &TokenAsked) -> Result<NieuwToken, DoorError> {
        Account::new(&asked.naam).map_err(|_| DoorError::Name)?;
        let mut scopes = asked.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() {
            return Err(DoorError::ForNothing);
        }
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        let Err(place) = named.binary_search_by(|token| token.naam.cmp(&asked.naam)) else {
            return Err(DoorError::Exists);
        };
        if named.len() >= TOKENS_MAX {
            return Err(DoorError::Full);
        }
        let text = token::draw()?;
        let made = Named {
            naam: asked.naam.clone(),
            scopes: scopes.clone(),
            hash: token::hash(&text).to_hex().to_string(),
        };
        let mut next = named.clone();
        next.insert(place, made);
        self.keep(&next)?;
        *named = next;
        Ok(NieuwToken {
            naam: asked.naam.clone(),
            scopes,
            token: text.to_string(),
        })
    }

    /// Ends a token: it opens nothing any more, from the next question on.
    pub(super) fn end(&self, name: &str) -> Result<TokenRegel, DoorError> {
        let mut named = self.named.write().unwrap_or_else(PoisonError::into_inner);
        let place = named.iter().position(|token| token.naam == name);
        let mut next = named.clone();
        let ended = next.remove(place.ok_or(DoorError::Unknown)?);
        self.keep(&next)?;
        *named = next;
        Ok(ended.line())
    }

    /// The tokens, in order of name.
    pub(super) fn lines(&self) -> Vec<TokenRegel> {
        let named = self.named.read().unwrap_or_else(PoisonError::into_inner);
        named.iter().map(Named::line).collect()
    }

    fn keep(&self, tokens: &[Named]) -> Result<(), TokenError> {
        let Some(path) = &self.path else { return Ok(()) };
        let file = File {
            form: FORM,
            tokens: tokens.to_vec(),
        };
        let bytes = serde_json::to_vec_pretty(&file).expect("names and hashes are plain text");
        replace(path, &bytes).map_err(|source| TokenError::Io {
            path: path.clone(),
            source,
        })
    }
}

impl Named {
    fn is(&self, hash: blake3::Hash) -> bool {
        blake3::Hash::from_hex(&self.hash).is_ok_and(|kept| kept == hash)
    }

    fn line(&self) -> TokenRegel {
        TokenRegel {
            naam: self.naam.clone(),
            scopes: self.scopes.clone(),
        }
    }
}

fn read(path: &Path) -> Result<Vec<Named>, TokenError> {
    let failed = |source| TokenError::Io {
        path: path.to_owned(),
        source,
    };
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut text = String::new();
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).map_err(failed)?;
    let form = || TokenError::Form { path: path.to_owned() };
    let mut file: File = serde_json::from_str(&text).map_err(|_| form())?;
    if file.form != FORM || file.tokens.len() > TOKENS_MAX {
        return Err(form());
    }
    file.tokens.sort_by(|a, b| a.naam.cmp(&b.naam));
    Ok(file.tokens)
}

#[cfg(test)]
mod tests;
