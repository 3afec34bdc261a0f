//! One question on one connection that can only read: bounded in time, in rows, in bytes, and in what it may touch.

use std::collections::BTreeSet;
use std::os::unix::process::parent_id;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::limits::Limit;
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Batch, Connection, OpenFlags, OptionalExtension, Statement, params};
use serde_json::Value;

use super::allowed::{FOUND_NAME, Guard, Readable};
use super::fault::{Context, Refused};
use super::{Answer, Asked, Fault, Found, Parameters, SQL_BYTES_MAX};
use crate::view::ViewError;
use crate::view::tables::Shown;

/// The largest value that a question may make.
const VALUE_BYTES_MAX: u32 = 1_000_000;
/// Steps of SQLite between two looks at the clock: some ten microseconds.
const STEPS: i32 = 1_000;
/// Pages of cache, in KiB.
const CACHE_KIB: i64 = 16 * 1024;

/// What SQLite is not to go beyond, whatever is asked.
const LIMITS: [(Limit, i32); 12] = [
    (Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX as i32),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, (SQL_BYTES_MAX + EXPLAIN.len()) as i32),
    (Limit::SQLITE_LIMIT_COLUMN, 500),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (Limit::SQLITE_LIMIT_VDBE_OP, 100_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 100),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 200),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 0),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// What SQLite is not to do, whatever is asked.
const SWITCHES: [(DbConfig, bool); 7] = [
    (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
    (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
    // Text between double quotes is a name: a mistyped one must not become a text that equals nothing.
    (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
];

/// A connection that answers questions.
pub(super) struct Engine {
    connection: Connection,
    guard: Arc<Guard>,
    watch: Arc<Watch>,
    /// What the process may have, in MiB, to be told.
    mib: u32,
}

/// What holds of a process that does nothing else.
pub(super) struct Alone {
    /// Who started it.
    pub(super) parent: u32,
    /// What SQLite may have in it, in MiB.
    pub(super) mib: u32,
}

/// Until when a question may go on.
#[derive(Debug)]
struct Watch {
    until: Mutex<Option<Instant>>,
    /// Who started this process, where nobody else waits for an answer.
    parent: Option<u32>,
}

impl Watch {
    fn set(&self, until: Option<Instant>) {
        *self.until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    fn is_over(&self) -> bool {
        let until = *self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let late = until.is_some_and(|until| Instant::now() >= until);
        late || self.parent.is_some_and(|parent| parent != parent_id())
    }
}

impl Engine {
    /// Opens the view in a file for questions about these tables. Only in a process that is `alone` its memory is bounded.
    pub(super) fn open(path: &Path, readable: Readable, alone: Option<Alone>) -> Result<Self, ViewError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        if let Some(alone) = &alone {
            // Of the whole process, whatever the connection.
            connection.pragma_update(None, "hard_heap_limit", i64::from(alone.mib) << 20)?;
        }
        connection.pragma_update(None, "query_only", true)?;
        // What is sorted stays in memory: a file would be another place where what is shared stands in the clear.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        for (switch, on) in SWITCHES {
            connection.set_db_config(switch, on)?;
        }
        for (limit, most) in LIMITS {
            connection.set_limit(limit, most)?;
        }
        let watch = Arc::new(Watch {
            until: Mutex::new(None),
            parent: alone.as_ref().map(|alone| alone.parent),
        });
        let over = Arc::clone(&watch);
        connection.progress_handler(STEPS, Some(move || over.is_over()))?;
        let guard = Guard::new(readable, known(&connection)?);
        let asked = Arc::clone(&guard);
        connection.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
            asked.decide(&context)
        }))?;
        Ok(Self {
            connection,
            guard,
            watch,
            mib: alone.map_or(0, |alone| alone.mib),
        })
    }

    /// Answers one question from one state of the view.
    pub(super) fn answer(&self, asked: &Asked) -> Result<Answer, Fault> {
        check(&asked.sql)?;
        self.watch.set(Some(Instant::now() + Duration::from_millis(asked.ms)));
        let answer = self.within(asked);
        self.watch.set(None);
        self.guard.own(|| {
            // Without a transaction there is nothing to end.
            let _ = self.connection.execute_batch("ROLLBACK");
        });
        answer
    }

    fn within(&self, asked: &Asked) -> Result<Answer, Fault> {
        let began = self.guard.own(|| self.connection.execute_batch("BEGIN"));
        began.map_err(|error| self.fault(&error, asked))?;
        let shown = self.guard.own(|| Shown::read(&self.connection));
        let shown = shown.map_err(|error| match error {
            ViewError::Sqlite(error) => self.fault(&error, asked),
            other => Fault::View {
                text: other.to_string(),
                damaged: false,
            },
        })?;
        if let Some(found) = &asked.found {
            let given = self.guard.own(|| self.give(found));
            given.map_err(|error| self.fault(&error, asked))?;
        }
        let mut statement = self.only(asked)?;
        bind(&mut statement, &asked.parameters)
            .map_err(|fault| fault.unwrap_or_else(|error| self.fault(&error, asked)))?;
        let mut answer = self.rows(&mut statement, asked)?;
        answer.shown = shown;
        Ok(answer)
    }

    /// Makes the table with what full text found, of what is still there: it goes with the transaction.
    fn give(&self, found: &[Found]) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "query_only", false)?;
        let given = self.insert(found);
        self.connection.pragma_update(None, "query_only", true)?;
        given
    }

    fn insert(&self, found: &[Found]) -> rusqlite::Result<()> {
        self.connection.execute_batch(FOUND)?;
        let mut insert = self.connection.prepare(FOUND_ROW)?;
        let mut rank = 1_i64;
        for one in found {
            if insert.execute(params![one.id, rank, one.score])? > 0 {
                rank += 1;
            }
        }
        Ok(())
    }

    /// The one statement of a question.
    fn only(&self, asked: &Asked) -> Result<Statement<'_>, Fault> {
        // What an earlier question was refused is not told of this one.
        let _ = self.guard.refused();
        let mut batch = Batch::new(&self.connection, &asked.sql);
        let first = batch.next().map_err(|error| self.fault(&error, asked))?;
        let statement = first.ok_or(Fault::Empty)?;
        if !matches!(batch.next(), Ok(None)) {
            return Err(Fault::Several);
        }
        // How SQLite works a question out may be seen, in its plan; where things stand in its file may not.
        if !statement.readonly() || statement.is_explain() == 1 {
            return Err(Fault::Refused(Refused::Write));
        }
        // Of a column that only joins two tables by its name SQLite asks nobody. What it opens says which tables there are.
        let opened = match statement.is_explain() {
            0 => self.guard.own(|| self.opened(&asked.sql)),
            _ => Ok(BTreeSet::new()),
        };
        let opened = opened.map_err(|error| self.fault(&error, asked))?;
        let may_open = |table: &String| self.guard.readable().has_table(table) || table == FOUND_NAME;
        match opened.into_iter().find(|table| !may_open(table)) {
            Some(hidden) => Err(Fault::Refused(Refused::Table(hidden))),
            None => Ok(statement),
        }
    }

    /// The tables of the file that a statement opens, itself or by an index of them.
    fn opened(&self, sql: &str) -> rusqlite::Result<BTreeSet<String>> {
        let explain = format!("{EXPLAIN}{sql}");
        let mut batch = Batch::new(&self.connection, &explain);
        let (mut opened, mut owner) = (BTreeSet::new(), self.connection.prepare_cached(OWNER)?);
        let mut given = self.connection.prepare_cached(GIVEN)?;
        let Some(mut program) = batch.next()? else {
            return Ok(opened);
        };
        let mut steps = program.raw_query();
        while let Some(step) = steps.next()? {
            let opcode: String = step.get("opcode")?;
            if OPENS.contains(&opcode.as_str()) {
                let (root, database): (i64, i64) = (step.get("p2")?, step.get("p3")?);
                let table = match database {
                    0 => owner.query_row([root], |row| row.get(0)).optional()?,
                    1 => given.query_row([root], |row| row.get(0)).optional()?,
                    _ => None,
                };
                opened.insert(table.unwrap_or_else(|| "sqlite_schema".to_owned()));
            }
        }
        Ok(opened)
    }

    fn rows(&self, statement: &mut Statement<'_>, asked: &Asked) -> Result<Answer, Fault> {
        let columns = statement.column_names().map(str::to_owned).collect::<Vec<_>>();
        let width = columns.len();
        let mut answer = Answer {
            shown: Shown {
                peilweek: None,
                snapshot: None,
            },
            columns,
            count: 0,
            cut: false,
            rows: b"[".to_vec(),
        };
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(|error| self.fault(&error, asked))? {
            let whole = answer.rows.len();
            if answer.count > 0 {
                answer.rows.push(b',');
            }
            for column in 0..width {
                answer.rows.push(if column == 0 { b'[' } else { b',' });
                let value = row.get_ref(column).map_err(|error| self.fault(&error, asked))?;
                write_value(&mut answer.rows, value);
                if answer.rows.len() > asked.bytes {
                    break;
                }
            }
            answer.rows.push(b']');
            if answer.count == asked.rows || answer.rows.len() > asked.bytes {
                answer.rows.truncate(whole);
                answer.cut = true;
                break;
            }
            answer.count += 1;
            if self.watch.is_over() {
                return Err(Fault::Late { ms: asked.ms });
            }
        }
        answer.rows.push(b']');
        Ok(answer)
    }

    fn fault(&self, error: &rusqlite::Error, asked: &Asked) -> Fault {
        let context = Context {
            readable: self.guard.readable(),
            sql: &asked.sql,
            refused: self.guard.refused(),
            ms: asked.ms,
            mib: self.mib,
            value_bytes: VALUE_BYTES_MAX,
        };
        Fault::of(error, &context)
    }

    #[cfg(test)]
    pub(super) fn connection(&self) -> (&Connection, &Guard) {
        (&self.connection, &self.guard)
    }
}

/// The steps of a program of SQLite that open a table or an index of a file.
const OPENS: [&str; 3] = ["OpenRead", "OpenWrite", "ReopenIdx"];
/// Before a statement of which the program is asked for.
const EXPLAIN: &str = "EXPLAIN ";
/// Whose it is that stands at a page of the file.
const OWNER: &str = "SELECT lower(tbl_name) FROM main.sqlite_schema WHERE rootpage = ?1";
/// The same of what was made for this question alone.
const GIVEN: &str = "SELECT lower(tbl_name) FROM temp.sqlite_schema WHERE rootpage = ?1";
/// What full text found, best first.
const FOUND: &str = "CREATE TEMP TABLE gevonden (id TEXT PRIMARY KEY, rang INTEGER NOT NULL, score INTEGER NOT NULL)
    STRICT, WITHOUT ROWID";
const FOUND_ROW: &str =
    "INSERT OR IGNORE INTO temp.gevonden SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM main.records WHERE id = ?1)";

/// The names of everything that could be read: in the file, and what SQLite has of itself.
fn known(connection: &Connection) -> Result<Vec<String>, ViewError> {
    let query = "SELECT name FROM sqlite_schema UNION SELECT name FROM pragma_module_list";
    let mut statement = connection.prepare(query)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// Refuses what SQLite would not read to its end.
fn check(sql: &str) -> Result<(), Fault> {
    if sql.len() > SQL_BYTES_MAX {
        Err(Fault::Long)
    } else if sql.contains('\0') {
        Err(Fault::Nul)
    } else {
        Ok(())
    }
}

/// Gives every place its value; an error is what is wrong with the values, or what SQLite says.
fn bind(statement: &mut Statement<'_>, parameters: &Parameters) -> Result<(), Result<Fault, rusqlite::Error>> {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let places = statement.parameter_count();
    let given = match parameters {
        Parameters::Listed(values) => values.len(),
        Parameters::Named(values) => values.len(),
    };
    if given != places {
        return Err(Ok(Fault::Parameters {
            wanted: number(places),
            given: number(given),
        }));
    }
    for place in 1..=places {
        let value = match parameters {
            Parameters::Listed(values) => &values[place - 1],
            Parameters::Named(values) => {
                let name = statement.parameter_name(place).unwrap_or_default();
                let name = name.trim_start_matches([':', '@', '$']).to_owned();
                values.get(&name).ok_or(Ok(Fault::NoParameter { name }))?
            }
        };
        statement.raw_bind_parameter(place, sql_of(value)).map_err(Err)?;
    }
    Ok(())
}

/// A value of JSON as one of SQL; a list is a text, of which `json_each` makes rows.
fn sql_of(value: &Value) -> Sql {
    match value {
        Value::Null => Sql::Null,
        Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Sql::Integer(whole),
            None => number.as_f64().map_or(Sql::Null, Sql::Real),
        },
        Value::String(text) => Sql::Text(text.clone()),
        other => Sql::Text(other.to_string()),
    }
}

/// Writes a value as JSON. Bytes are written in hexadecimal, and a number that JSON does not have as SQLite names it.
fn write_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    let value = match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(whole) => Value::from(whole),
        ValueRef::Real(real) => match serde_json::Number::from_f64(real) {
            Some(number) => Value::Number(number),
            None => Value::from(if real > 0.0 { "Inf" } else { "-Inf" }),
        },
        ValueRef::Text(text) => Value::from(String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => Value::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
    };
    serde_json::to_writer(out, &value).expect("plain values are written to memory");
}
