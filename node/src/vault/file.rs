//! The SQLite file of the vault: rows that are sealed, and the little that stands beside the seal.
//!
//! | column | |
//! |---|---|
//! | `place` | keyed hash of the local id |
//! | `version` | rises with every write of the row |
//! | `state` | number of the state |
//! | `head` | sealed: local id, network record, whether links wait, whether it failed to leave |
//! | `body` | sealed: everything |
//!
//! **Invariant:** place, version and state are bound into both seals: a row whose columns were changed, or that was
//! put back from an older file beside a newer head, does not open.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::id::RecordId;
use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Concept, Mark, Source, State, VaultError};
use crate::secret::Secret;

/// The format that this program writes, and the newest it reads.
const FORMAT: i64 = 1;
/// How long to wait for another process that is just going down.
const BUSY_WAIT: Duration = Duration::from_millis(500);

/// What is known of a row without opening its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    place: [u8; 32],
    version: i64,
    pub(super) state: State,
    pub(super) record: Option<RecordId>,
    pub(super) waits: bool,
    pub(super) failed: bool,
    /// Which change since the file was opened left it so; not kept.
    pub(super) stamp: u64,
}

#[derive(Serialize, Deserialize)]
struct Head {
    id: String,
    record: Option<RecordId>,
    waits: bool,
    #[serde(default)]
    failed: bool,
}

/// The open file.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    connection: Connection,
    key: Secret,
}

fn path_in(dir: &Path) -> PathBuf {
    dir.join("vault.sqlite")
}

/// Whether there is a vault in a directory at all.
pub(crate) fn is_in(dir: &Path) -> bool {
    path_in(dir).exists()
}

impl File {
    pub(super) fn open(dir: &Path, key: &Secret) -> Result<Self, VaultError> {
        let path = path_in(dir);
        // SQLite gives the files beside it the permissions of this one.
        let made = DirBuilder::new().recursive(true).mode(0o700).create(dir);
        let made = made.and_then(|()| OpenOptions::new().append(true).create(true).mode(0o600).open(&path));
        if let Err(source) = made {
            return Err(VaultError::Io { path, source });
        }
        let connection = Connection::open(&path).map_err(|source| VaultError::Engine {
            path: path.clone(),
            source,
        })?;
        let file = Self {
            path,
            connection,
            key: key.clone(),
        };
        file.prepare()?;
        Ok(file)
    }

    /// What tells one local id from another and does not say which it is.
    pub(super) fn fingerprint(&self, id: &str) -> String {
        let mark = self.key.mark("audit", &[id.as_bytes()]);
        mark[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What tells one text that was typed from another.
    pub(super) fn mark(&self, source: &Source) -> Mark {
        let plain = serde_json::to_vec(source).expect("maps with text as keys always serialize");
        self.key.mark("typed", &[&zeroize::Zeroizing::new(plain)])
    }

    /// A copy without what was deleted.
    pub(super) fn copy_to(&self, path: &Path) -> Result<(), VaultError> {
        let name = path.to_string_lossy();
        self.ran(self.connection.execute("VACUUM INTO ?1", [name.as_ref()]))
            .map(drop)
    }

    fn prepare(&self) -> Result<(), VaultError> {
        self.ran(self.connection.busy_timeout(BUSY_WAIT))?;
        self.ran(self.connection.execute_batch(
            "PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON;
             PRAGMA temp_store = MEMORY;
             BEGIN EXCLUSIVE; COMMIT;",
        ))?;
        let format: i64 = self.ran(self.connection.query_row("PRAGMA user_version", [], |row| row.get(0)))?;
        let mark = self.key.mark("vault key", &[]);
        match format {
            0 => self.ran(self.create(&mark)),
            FORMAT => self.check_key(&mark),
            found => Err(VaultError::Newer {
                path: self.path.clone(),
                found,
                known: FORMAT,
            }),
        }
    }

    fn create(&self, mark: &[u8; 32]) -> rusqlite::Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute_batch(
            "CREATE TABLE key_mark (mark BLOB NOT NULL);
             CREATE TABLE concept (
                 place BLOB PRIMARY KEY,
                 version INTEGER NOT NULL,
                 state INTEGER NOT NULL,
                 head BLOB NOT NULL,
                 body BLOB NOT NULL
             );",
        )?;
        transaction.execute("INSERT INTO key_mark VALUES (?1)", params![mark])?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
        transaction.commit()
    }

    fn check_key(&self, mark: &[u8; 32]) -> Result<(), VaultError> {
        let found = self
            .connection
            .query_row("SELECT mark FROM key_mark", [], |row| row.get::<_, Vec<u8>>(0));
        if self.ran(found.optional())?.as_deref() == Some(&mark[..]) {
            return Ok(());
        }
        Err(VaultError::WrongKey {
            path: self.path.clone(),
        })
    }

    /// Begins what is kept or lost as one; `inside` says that something of the kind has begun already, which is refused.
    pub(super) fn begin(&self, inside: bool) -> Result<(), VaultError> {
        if !inside {
            self.settle()?;
        }
        self.ran(self.connection.execute_batch("BEGIN IMMEDIATE"))
    }

    pub(super) fn commit(&self) -> Result<(), VaultError> {
        self.ran(self.connection.execute_batch("COMMIT"))
    }

    /// Takes back what was begun and not kept. SQLite does so by itself after some failures, and after others, such as
    /// a commit that failed, it leaves everything open.
    pub(super) fn settle(&self) -> Result<(), VaultError> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.ran(self.connection.execute_batch("ROLLBACK"))
    }

    /// Every row by its local id.
    pub(super) fn rows(&self) -> Result<BTreeMap<String, Row>, VaultError> {
        let mut statement = self.ran(
            self.connection
                .prepare("SELECT place, version, state, head FROM concept"),
        )?;
        let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let mut rows = BTreeMap::new();
        for found in self.ran(found)? {
            let (place, version, state, head): ([u8; 32], i64, i64, Vec<u8>) = self.ran(found)?;
            let state = State::from_number(state).ok_or_else(|| self.damaged("a row has an unknown state"))?;
            let head: Head = self.unseal("head", &bound("head", &place, version, state), &head)?;
            let row = Row {
                place,
                version,
                state,
                record: head.record,
                waits: head.waits,
                failed: head.failed,
                stamp: 0,
            };
            rows.insert(head.id, row);
        }
        Ok(rows)
    }

    pub(super) fn read(&self, row: &Row) -> Result<Concept, VaultError> {
        let mut statement = self.ran(
            self.connection
                .prepare_cached("SELECT body FROM concept WHERE place = ?1"),
        )?;
        let body: Option<Vec<u8>> = self.ran(statement.query_row(params![row.place], |row| row.get(0)).optional())?;
        let body = body.ok_or_else(|| self.damaged("a row is gone"))?;
        let place = bound("body", &row.place, row.version, row.state);
        let mut concept: Concept = self.unseal("body", &place, &body)?;
        concept.state = row.state;
        Ok(concept)
    }

    /// Writes a row, over the one that was read before. Unless it is one of several that are kept together, it is durable
    /// when this returns.
    pub(super) fn write(&self, concept: &Concept, before: Option<&Row>, together: bool) -> Result<Row, VaultError> {
        self.may_write(together)?;
        let row = Row {
            place: self.key.mark("local id", &[concept.id.as_bytes()]),
            version: before.map_or(1, |row| row.version + 1),
            state: concept.state,
            record: concept.shared.map(|shared| shared.record),
            waits: !concept.waiting.is_empty(),
            failed: concept.failed.is_some(),
            stamp: 0,
        };
        let head = Head {
            id: concept.id.clone(),
            record: row.record,
            waits: row.waits,
            failed: row.failed,
        };
        let head = self.seal(&bound("head", &row.place, row.version, row.state), &head);
        let body = self.seal(&bound("body", &row.place, row.version, row.state), concept);
        let mut statement = self.ran(self.connection.prepare_cached(
            "INSERT OR REPLACE INTO concept (place, version, state, head, body) VALUES (?1, ?2, ?3, ?4, ?5)",
        ))?;
        self.ran(statement.execute(params![row.place, row.version, row.state as u8, head, body]))?;
        Ok(row)
    }

    fn may_write(&self, together: bool) -> Result<(), VaultError> {
        if !together {
            return self.settle();
        }
        if self.connection.is_autocommit() {
            // An earlier failure took the others back, so this one must not be kept alone.
            return Err(VaultError::TakenBack {
                path: self.path.clone(),
            });
        }
        Ok(())
    }

    /// Removes a row that was read before. SQLite overwrites what it held.
    pub(super) fn remove(&self, row: &Row, together: bool) -> Result<(), VaultError> {
        self.may_write(together)?;
        let removed = self.ran(self.connection.execute(
            "DELETE FROM concept WHERE place = ?1 AND version = ?2",
            params![row.place, row.version],
        ))?;
        match removed {
            1 => Ok(()),
            _ => Err(self.damaged("a row is gone")),
        }
    }

    /// Empties the log beside the file, in which earlier versions of its pages stand until it is written over.
    pub(super) fn forget(&self) -> Result<(), VaultError> {
        let emptied = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        self.ran(emptied).map(drop)
    }

    /// The connection, to break it.
    #[cfg(test)]
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    fn seal(&self, place: &[u8], value: &impl Serialize) -> Vec<u8> {
        let plain = serde_json::to_vec(value).expect("maps with text as keys always serialize");
        self.key.seal(place, &zeroize::Zeroizing::new(plain))
    }

    fn unseal<T: for<'de> Deserialize<'de>>(&self, what: &str, place: &[u8], sealed: &[u8]) -> Result<T, VaultError> {
        let plain = self.key.open(place, sealed).map(zeroize::Zeroizing::new);
        let plain = plain.ok_or_else(|| self.damaged(&format!("the {what} of a row does not open")))?;
        // The message of serde_json may quote what it read.
        serde_json::from_slice(&plain).map_err(|_| self.damaged(&format!("the {what} of a row is of another form")))
    }

    fn damaged(&self, detail: &str) -> VaultError {
        VaultError::Damaged {
            path: self.path.clone(),
            detail: detail.to_owned(),
        }
    }

    fn ran<T>(&self, result: rusqlite::Result<T>) -> Result<T, VaultError> {
        let path = || self.path.clone();
        result.map_err(|source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => VaultError::InUse { path: path() },
            Some(ErrorCode::DiskFull) => VaultError::Full { path: path() },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => self.damaged("SQLite cannot read it"),
            _ => VaultError::Engine { path: path(), source },
        })
    }
}

fn bound(what: &str, place: &[u8; 32], version: i64, state: State) -> Vec<u8> {
    [
        b"vault ",
        what.as_bytes(),
        place,
        &version.to_be_bytes(),
        &[state as u8],
    ]
    .concat()
}
