//! The tables of the view, and opening a file that has them.
//!
//! **Invariant:** the files are for their owner only: what is shared stands in them in the clear, to be searched.
//! **Invariant:** SQLite overwrites what is deleted, and spills nothing outside of these files.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::ViewError;
use super::tables::{self, TABLES_VERSION};
use super::whole::{self, Whole};

/// The version of the tables and of what is derived into them, those for analysts included. A file of another version is made
/// anew.
pub const VIEW_VERSION: u32 = 10 + TABLES_VERSION;

/// Pages of cache per connection, in KiB.
const CACHE_KIB: i64 = 8 * 1024;

/// How long the writer waits for readers that stand in the way of emptying the write-ahead log.
const BUSY_WAIT: Duration = Duration::from_millis(250);

/// `inhoud` is the part in the form of `protocol::record::Part`, after the rules for what arrives hid so many places
/// (`verborgen`). A document that cannot be read is `kapot` and has no
/// row in the other tables. `feiten` is what the states of other records need to know of a record
/// (`protocol::record::Facts`), so that a popular knelpunt does not have every signal merged anew. `ingetrokken` holds the
/// id that each withdrawn document would have as a record, and `opvolgers` which gemeente went on as which. `te_doorzoeken`
/// names the records that the search index does not have yet as they are: written with them, taken away once it has.
/// `tellingen` is how many records of a kind there are, which every page of a list says: counting them is looking at each.
///
/// These are the view's own; what analysts read stands in `tables`.
const TABLES: &str = "
    CREATE TABLE meta (naam TEXT PRIMARY KEY, waarde BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE documenten (
        document BLOB NOT NULL UNIQUE,
        record BLOB,
        gemeente INTEGER NOT NULL,
        kapot INTEGER NOT NULL,
        verborgen INTEGER NOT NULL,
        inhoud TEXT
    );
    CREATE INDEX documenten_record ON documenten (record) WHERE record IS NOT NULL;
    CREATE INDEX documenten_gemeente ON documenten (gemeente);
    CREATE TABLE kernen (
        record BLOB NOT NULL UNIQUE,
        soort INTEGER NOT NULL,
        eigenaar INTEGER NOT NULL,
        week INTEGER NOT NULL,
        fictief INTEGER NOT NULL,
        feiten TEXT NOT NULL
    );
    CREATE INDEX kernen_eigenaar ON kernen (eigenaar);
    CREATE INDEX kernen_soort ON kernen (soort, record);
    CREATE TABLE tellingen (soort INTEGER PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TRIGGER kernen_erbij AFTER INSERT ON kernen BEGIN
        INSERT INTO tellingen (soort, records) VALUES (new.soort, 1)
            ON CONFLICT (soort) DO UPDATE SET records = records + 1;
    END;
    CREATE TRIGGER kernen_eraf AFTER DELETE ON kernen BEGIN
        UPDATE tellingen SET records = records - 1 WHERE soort = old.soort;
    END;
    CREATE TABLE themas (record BLOB NOT NULL, thema TEXT NOT NULL, PRIMARY KEY (record, thema)) WITHOUT ROWID;
    CREATE INDEX themas_thema ON themas (thema);
    CREATE TABLE links (
        naar BLOB NOT NULL,
        van BLOB NOT NULL,
        veld TEXT NOT NULL,
        PRIMARY KEY (naar, veld, van)
    ) WITHOUT ROWID;
    CREATE INDEX links_van ON links (van, veld);
    CREATE TABLE ingetrokken (record BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE te_doorzoeken (record BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE opvolgers (van INTEGER PRIMARY KEY, naar INTEGER NOT NULL) WITHOUT ROWID;
";

/// Opens the view for writing; a missing, damaged or other version of it is replaced by an empty one.
pub(super) fn open_writer(path: &Path) -> Result<Connection, ViewError> {
    private(path)?;
    let whole = whole::take(path).map_err(|source| ViewError::Io {
        path: path.to_path_buf(),
        source,
    })?;
    // Looking at an empty file makes a database of it, which is then not what it should be.
    let is_new = fs::metadata(path).is_ok_and(|found| found.len() == 0);
    match open_current(path, whole) {
        Ok(Some(connection)) => return Ok(connection),
        Ok(None) if !is_new => tracing::info!("the view is of another version of the software, and is made anew"),
        Err(error) if !is_new => tracing::warn!(%error, "the view is not what it was"),
        Ok(None) | Err(_) => {}
    }
    for file in files(path) {
        // What is not there need not be removed; what cannot be removed shows when the file is opened.
        let _ = fs::remove_file(file);
    }
    private(path)?;
    let connection = Connection::open(path)?;
    configure(&connection)?;
    let transaction = connection.unchecked_transaction()?;
    let public = tables::schema();
    connection.execute_batch(&format!("{TABLES} {public} PRAGMA user_version = {VIEW_VERSION};"))?;
    list(&connection)?;
    transaction.commit()?;
    Ok(connection)
}

/// Fills the tables that hold the same in every view, and says which view it is.
pub(super) fn list(connection: &Connection) -> Result<(), ViewError> {
    tables::begin(connection)?;
    tables::list_words(connection)?;
    tables::list_gemeenten(connection)
}

/// The file and those that SQLite keeps beside it.
fn files(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    })
}

/// Makes the file when it is not there, and keeps others out of it whatever the umask says. SQLite gives the files
/// beside it the same permissions; those of an earlier program may have others.
fn private(path: &Path) -> Result<(), ViewError> {
    let failed = |path: &Path, source| ViewError::Io {
        path: path.to_path_buf(),
        source,
    };
    let made = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    made.map_err(|source| failed(path, source))?;
    for file in files(path) {
        match fs::set_permissions(&file, Permissions::from_mode(0o600)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => return Err(failed(&file, source)),
            _ => {}
        }
    }
    Ok(())
}

/// The view as it is; nothing when another version of the software made it.
fn open_current(path: &Path, whole: Whole) -> Result<Option<Connection>, ViewError> {
    let damaged = |detail: String| ViewError::Damaged { detail };
    if whole == Whole::Other {
        return Err(damaged("its hash is another".to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    configure(&connection)?;
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let damage = match whole {
        // Every byte was looked at just now.
        Whole::Same => "ok".to_owned(),
        _ => connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0))?,
    };
    match damage == "ok" {
        true => Ok(Some(connection).filter(|_| version == VIEW_VERSION)),
        false => Err(damaged(format!("version {version}, check {damage}"))),
    }
}

fn configure(connection: &Connection) -> Result<(), ViewError> {
    // A batch must be durable before the replica forgets that it was due, so every commit is synced.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.busy_timeout(BUSY_WAIT)?;
    plan_once(connection)?;
    // Every table has a statement that puts a row in and one that takes them out.
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}

/// Keeps the plan of a question whatever is asked for: otherwise SQLite plans most questions for one record anew for every record,
/// though nothing that it would look at is gathered here.
fn plan_once(connection: &Connection) -> Result<(), ViewError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Moves everything from the write-ahead log into the file and empties the log, in which older pages stand with what has
/// been deleted since; false when a reader still needs them.
pub(super) fn empty_log(connection: &Connection) -> Result<bool, ViewError> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

/// Opens the view for reading only.
pub(super) fn open_reader(path: &Path) -> Result<Connection, ViewError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    plan_once(&connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A value that the view remembers of itself.
pub(super) fn remembered(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, ViewError> {
    let query = "SELECT waarde FROM meta WHERE naam = ?1";
    Ok(connection
        .prepare_cached(query)?
        .query_row([name], |row| row.get(0))
        .optional()?)
}
