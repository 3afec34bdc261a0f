//! Which node a command talks to: a folder on this machine, or a URL.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, Read};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use protocol::api::Message;
use serde::Deserialize;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// The file in which a running node says where it answers.
const NODE_FILE: &str = "node.json";
/// The file with the token of a node.
const TOKEN_FILE: &str = "api.token";
/// Longest of these files.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// Which node was asked for.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    /// The node in this folder.
    Dir(PathBuf),
    /// The node at this address.
    Url {
        /// Where it answers.
        url: String,
        /// What opens it.
        token: String,
    },
}

/// Where a node answers, and what opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The address, without a slash at its end.
    pub url: String,
    /// The token.
    pub token: String,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dir(dir) => f.debug_tuple("Dir").field(dir).finish(),
            Self::Url { url, .. } => f.debug_struct("Url").field("url", url).finish_non_exhaustive(),
        }
    }
}

#[derive(Deserialize)]
struct NodeFile {
    api: String,
}

impl Node {
    /// The node of `--node` and `--token-file`, or of the environment.
    ///
    /// # Errors
    /// [`CommandError`] when no node is named or its token is missing.
    pub fn find(
        node: Option<&str>,
        token_file: Option<&Path>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, CommandError> {
        let named = node.map(str::to_owned).or_else(|| variable("LEERKRING_NODE"));
        let named = named.ok_or_else(no_node)?;
        if !named.contains("://") {
            return Ok(Self::Dir(named.into()));
        }
        let url = checked_url(&named)?;
        let token = match token_file {
            Some(path) => read_text(path)?.trim().to_owned(),
            None => variable("LEERKRING_TOKEN").ok_or_else(no_token)?,
        };
        Ok(Self::Url { url, token })
    }

    /// The folder of the node, for what is done on its files.
    ///
    /// # Errors
    /// [`CommandError`] when the node is named by its URL.
    pub fn dir(&self) -> Result<&Path, CommandError> {
        match self {
            Self::Dir(dir) => Ok(dir),
            Self::Url { .. } => Err(CommandError::new(
                Exit::Usage,
                Message::new(
                    "deze opdracht werkt op de sleutels van de node en vraagt een map",
                    "this command works on the keys of the node and asks for a folder",
                ),
            )
            .hinting(Message::new("geef --node MAP", "give --node DIR"))),
        }
    }

    /// Where the node answers; absent when it does not run.
    ///
    /// # Errors
    /// [`CommandError`] when its files cannot be read.
    pub fn running(&self) -> Result<Option<Endpoint>, CommandError> {
        let dir = match self {
            Self::Url { url, token } => {
                let (url, token) = (url.clone(), token.clone());
                return Ok(Some(Endpoint { url, token }));
            }
            Self::Dir(dir) => dir,
        };
        let path = dir.join(NODE_FILE);
        let Some(text) = read_held(&path).map_err(|error| CommandError::of_file(&path, error))? else {
            return Ok(None);
        };
        let file: NodeFile = serde_json::from_str(&text).map_err(|error| broken(&path, error))?;
        let url = checked_url(&file.api)?;
        let token = read_text(&dir.join(TOKEN_FILE))?.trim().to_owned();
        Ok(Some(Endpoint { url, token }))
    }

    /// Where the node answers.
    ///
    /// # Errors
    /// [`CommandError`] when it does not run.
    pub fn endpoint(&self) -> Result<Endpoint, CommandError> {
        self.running()?.ok_or_else(|| self.not_running())
    }

    /// The node does not run.
    #[must_use]
    pub fn not_running(&self) -> CommandError {
        match self {
            Self::Dir(dir) if !dir.is_dir() => {
                let dir = dir.display();
                CommandError::new(
                    Exit::Unreachable,
                    Message::with(
                        format!("de map {dir} bestaat niet"),
                        format!("the folder {dir} does not exist"),
                    ),
                )
                .hinting(Message::with(
                    format!("maak een node met leerkring init {dir} --gemeente CODE"),
                    format!("make a node with leerkring init {dir} --gemeente CODE"),
                ))
            }
            Self::Dir(dir) => {
                let dir = dir.display();
                CommandError::new(
                    Exit::Unreachable,
                    Message::with(
                        format!("node draait niet ({dir})"),
                        format!("node does not run ({dir})"),
                    ),
                )
                .hinting(Message::with(
                    format!("start met leerkring node --dir {dir}"),
                    format!("start with leerkring node --dir {dir}"),
                ))
            }
            Self::Url { url, .. } => CommandError::new(
                Exit::Unreachable,
                Message::with(
                    format!("er antwoordt geen node op {url}"),
                    format!("no node answers at {url}"),
                ),
            )
            .hinting(Message::new(
                "controleer het adres, en of de node draait",
                "check the address, and whether the node runs",
            )),
        }
    }
}

fn no_node() -> CommandError {
    CommandError::new(Exit::Usage, Message::new("welke node?", "which node?")).hinting(Message::new(
        "geef --node MAP of --node URL, of zet LEERKRING_NODE",
        "give --node DIR or --node URL, or set LEERKRING_NODE",
    ))
}

fn no_token() -> CommandError {
    CommandError::new(
        Exit::Permission,
        Message::new(
            "voor een URL is het token van de node nodig",
            "a URL needs the token of the node",
        ),
    )
    .hinting(Message::new(
        "geef --token-file BESTAND, of zet LEERKRING_TOKEN",
        "give --token-file FILE, or set LEERKRING_TOKEN",
    ))
}

fn broken(path: &Path, error: serde_json::Error) -> CommandError {
    let path = path.display();
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("{path} is niet te lezen: {error}"),
            format!("{path} cannot be read: {error}"),
        ),
    )
    .hinting(Message::new(
        "herstart de node: die schrijft het bestand opnieuw",
        "restart the node: it writes the file again",
    ))
    .caused_by(error)
}

/// The address without a slash at its end. The token goes over it unencrypted, so it must stay on this machine.
fn checked_url(url: &str) -> Result<String, CommandError> {
    let host = url.strip_prefix("http://").and_then(host_of);
    let local = host
        .is_some_and(|host| host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()));
    if local {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    Err(CommandError::new(
        Exit::Usage,
        Message::with(
            format!("{url:?} is geen adres op deze machine"),
            format!("{url:?} is not an address on this machine"),
        ),
    )
    .hinting(Message::new(
        "geef een adres als http://127.0.0.1:8470; een node elders is te bereiken door een tunnel (ssh -L)",
        "give an address such as http://127.0.0.1:8470; reach a node elsewhere through a tunnel (ssh -L)",
    )))
}

/// The host, when nothing but a port stands beside it: what stands before an `@` looks like a host and is none.
fn host_of(rest: &str) -> Option<&str> {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let number = port.strip_prefix(':').map(str::parse::<u16>);
    (port.is_empty() || matches!(number, Some(Ok(_)))).then_some(host)
}

/// The file of a node that runs, which holds a lock on it; nothing when there is none, or when it was left behind by a
/// node that was killed: what answers there now may be anybody, and must not see the token.
fn read_held(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock_shared() {
        Ok(()) => return Ok(None),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(error),
    }
    let mut text = String::new();
    file.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(Some(text))
}

fn read_text(path: &Path) -> Result<String, CommandError> {
    read_text_of(path, FILE_BYTES_MAX)
}

/// A text file of at most so many bytes.
///
/// # Errors
/// [`CommandError`] when it cannot be read or is larger.
pub fn read_text_of(path: &Path, bytes_max: u64) -> Result<String, CommandError> {
    let failed = |error: io::Error| CommandError::of_file(path, error);
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    let read = file.take(bytes_max + 1).read_to_string(&mut text).map_err(failed)?;
    if read as u64 <= bytes_max {
        return Ok(text);
    }
    let path = path.display();
    Err(CommandError::new(
        Exit::Input,
        Message::with(
            format!("{path} is groter dan {bytes_max} bytes"),
            format!("{path} is larger than {bytes_max} bytes"),
        ),
    ))
}
