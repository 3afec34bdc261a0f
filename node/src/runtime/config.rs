//! The configuration of a node: a small TOML file that people edit.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use protocol::charter::ADDRESS_BYTES_MAX;
use protocol::gate::{CasePatternError, HeadcountError};
use protocol::id::Gemeente;
use serde::{Deserialize, Serialize};

use super::{Home, private};
use crate::net;

mod meant;

pub use meant::Setting;
pub(super) use meant::is_mailbox;

/// Longest configuration that is read, in bytes.
const CONFIG_BYTES_MAX: u64 = 64 * 1024;

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is none: the directory is not a node's.
    #[error("{} does not exist: the directory holds no node", path.display())]
    Absent {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is that of a node of another account.
    #[error("the node in {} is of account {account}", path.display())]
    OtherAccount {
        /// The directory.
        path: PathBuf,
        /// The number of the account that made it.
        account: u32,
    },
    /// It is longer than any configuration.
    #[error("{} has {bytes} bytes, the limit is {CONFIG_BYTES_MAX}", path.display())]
    Size {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// It does not say what it should.
    #[error("{}, line {line}: {detail}", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        detail: String,
    },
    /// A setting says what cannot be meant.
    #[error("{}, line {line}: {setting}", path.display())]
    Setting {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        #[source]
        setting: Setting,
    },
    /// The headcount per laag cannot be used.
    #[error("{}, line {line}: {source}", path.display())]
    Headcount {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: HeadcountError,
    },
    /// A case number that the gate cannot look for.
    #[error("{}, line {line}: {source}", path.display())]
    CaseNumber {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        source: CasePatternError,
    },
    /// Others are told an address that none of them can use.
    #[error("{}, line {line}: {address:?} is no address for another node", path.display())]
    Address {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// As it was written.
        address: String,
    },
}

/// When approved records leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Release {
    /// Together, shuffled, once a week: the moment of sharing points at nobody.
    Weekly,
    /// At once: for practice federations.
    AtOnce,
}

/// What a node is told at its start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// CBS code of the gemeente.
    pub gemeente: Gemeente,
    /// Its name.
    pub name: String,
    /// Mailbox of a function, never of a person.
    #[serde(default)]
    pub mailbox: String,
    /// Multiaddrs to listen on.
    pub listen: Vec<String>,
    /// Multiaddrs that other nodes are told; the ones listened on when empty.
    #[serde(default)]
    pub announce: Vec<String>,
    /// Address of the API, loopback only.
    pub api: String,
    /// The machine of the reverse proxy that stands before the API, by name or IP address; only then may `api` be another address
    /// than loopback, and nobody else is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Whether hints are gossiped; the federation converges without.
    #[serde(default = "yes")]
    pub gossip: bool,
    /// MiB that the logs of one other gemeente may take on this node; nothing more of it is taken in then.
    #[serde(default = "member_mib")]
    pub member_mib: u32,
    /// Seconds that a question in SQL may take.
    #[serde(default = "sql_seconds")]
    pub sql_seconds: u16,
    /// When approved records leave.
    pub release: Release,
    /// Whether who shared a concept may not approve it: another account has to.
    #[serde(default)]
    pub four_eyes: bool,
    /// What the case numbers of this gemeente look like: `Z/##/######`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zaaknummers: Vec<String>,
    /// How long the audit log is kept.
    #[serde(default)]
    pub audit: Keep,
    /// Where the digest for the mailbox is dropped, once a week at most, as a file that a mail system collects; without it
    /// nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<PathBuf>,
    /// How many people work in each laag; without it nothing is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headcount: Option<BTreeMap<String, u32>>,
}

/// How much of the audit log is kept: whichever is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Days.
    pub days: u16,
    /// Megabytes, at least one.
    pub megabytes: u16,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            days: 365,
            megabytes: 16,
        }
    }
}

/// What an honest gemeente writes in decades.
pub const MEMBER_MIB: u32 = 256;

fn member_mib() -> u32 {
    MEMBER_MIB
}

/// What every question of an analyst needs, many times over.
pub const SQL_SECONDS: u16 = 10;

fn sql_seconds() -> u16 {
    SQL_SECONDS
}

fn yes() -> bool {
    true
}

impl Config {
    /// Reads the configuration of a node: the first that is done with a directory, so here another account is refused.
    ///
    /// # Errors
    /// [`ConfigError`]: what is wrong, where.
    pub fn read(home: &Home) -> Result<Self, ConfigError> {
        let path = home.config();
        match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ConfigError::Absent { path }),
            Err(source) => return Err(ConfigError::Io { path, source }),
            Ok(found) if found.len() > CONFIG_BYTES_MAX => {
                let bytes = found.len();
                return Err(ConfigError::Size { path, bytes });
            }
            Ok(_) => private::same_account(home)?,
        }
        let text = fs::read_to_string(&path).map_err(|source| ConfigError::Io {
            path: path.clone(),
            source,
        })?;
        let config: Self = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            ConfigError::Form {
                path: path.clone(),
                line: before.matches('\n').count() + 1,
                detail: error.message().to_owned(),
            }
        })?;
        config.read_policy(&path, &text)?;
        config.check_meant(home, &text)?;
        config.check_announced(path, &text)?;
        Ok(config)
    }

    /// What is announced goes into cards, invitations and the charter, where nobody can mend it.
    fn check_announced(&self, path: PathBuf, text: &str) -> Result<(), ConfigError> {
        let fits = |address: &&String| address.len() <= ADDRESS_BYTES_MAX && net::is_dialable(address);
        let Some(wrong) = self.announce.iter().find(|address| !fits(address)) else {
            return Ok(());
        };
        let line = text.lines().position(|line| line.contains(wrong.as_str()));
        Err(ConfigError::Address {
            path,
            line: line.map_or(1, |line| line + 1),
            address: wrong.clone(),
        })
    }

    /// Writes the configuration of a new node, with a word on what people may change.
    ///
    /// # Errors
    /// [`ConfigError::Io`].
    pub fn write(&self, home: &Home) -> Result<(), ConfigError> {
        let path = home.config();
        let values = toml::to_string(self).expect("every field has a form in TOML");
        let text = format!("{HEADING}{values}");
        write_new(&path, text.as_bytes()).map_err(|source| ConfigError::Io { path, source })
    }

    /// The addresses that others are told.
    #[must_use]
    pub fn announced(&self) -> &[String] {
        if self.announce.is_empty() {
            &self.listen
        } else {
            &self.announce
        }
    }
}

const HEADING: &str = "# Instellingen van deze node. Na een wijziging: herstart de node.\n\
    # listen: waar andere nodes deze node bereiken; announce: wat zij te horen krijgen als dat anders is.\n\
    # release: \"weekly\" (goedgekeurde records vertrekken samen, een keer per week) of \"at-once\" (oefening).\n\
    # member_mib: hoeveel MiB de logs van een andere gemeente hier mogen innemen.\n\
    # sql_seconds: hoeveel seconden een zoekvraag in SQL hoogstens duurt, van 1 tot 60.\n\
    # audit: hoeveel dagen en hoeveel megabyte het auditlog in de map audit hoogstens bewaart.\n\
    # four_eyes: true betekent dat wie een concept deelde het niet zelf goedkeurt.\n\
    # zaaknummers: hoe zaaknummers er hier uitzien, zoals [\"Z/##/######\"]: # is een cijfer, @ een letter, * nog meer cijfers.\n\
    # mailbox: de postbus van een functie, nooit van een persoon; digest: de map waaruit uw mailsysteem berichten ophaalt, voor\n\
    # hoogstens een bericht per week aan die postbus, met aantallen en zonder inhoud. Zonder digest gaat er geen mail uit.\n\
    # [headcount]: hoeveel mensen er in elke laag werken. Een laag met minder dan 5 wordt niet gedeeld, en van de week dan\n\
    # alleen het kwartaal. Noem ze alle acht; zonder [headcount] gaan laag en week altijd mee.\n";

/// Where a configuration is written before it is put in its place.
pub(super) fn beside(path: &Path) -> PathBuf {
    path.with_extension("toml.new")
}

/// Writes a file that is not there yet, whole or not at all.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let beside = beside(path);
    let mut file = fs::File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
