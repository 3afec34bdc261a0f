//! Which records have to be filled anew, and doing so in small steps.
//!
//! A record is marked in the transaction that changed it, once for itself and, when what others can see of it changed, once
//! for whatever looks at it (`rond`). Those are marked before anything is filled, so that in a fill of everything each
//! record is filled once.
//!
//! **Invariant:** a mark goes in the transaction that wrote the rows of its record.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use protocol::id::{RecordId, Week};
use rusqlite::{Connection, params};

use super::super::ViewError;
use super::super::beside::Beside;
use super::super::schema::{open_reader, remembered};
use super::super::writer::remember;
use super::fill::{Filled, fill, forget, make, put};
use super::links::mark_around;
use super::{Waiting, shown};

/// `horizon` is the week in which the state of a record may be another though nothing arrives.
pub(super) const TABLES: &str = "
    CREATE TABLE te_vullen (record BLOB PRIMARY KEY, rond INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX te_vullen_rond ON te_vullen (record) WHERE rond;
    CREATE TABLE horizon (record BLOB PRIMARY KEY, week INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX horizon_week ON horizon (week);
";
/// The tables above.
pub(super) const NAMES: [&str; 2] = ["te_vullen", "horizon"];

/// The name under which the view remembers the week at which states are determined.
const PEILWEEK: &str = "peilweek";
/// Records that are filled, or looked around, in one step.
const STEP_RECORDS: usize = 500;
/// Records that are derived together, and how many times that many ahead of what is written.
const AHEAD_RECORDS: usize = 50;
const AHEAD_MAX: usize = 4;
/// So few are filled together with what brought them.
const INLINE_RECORDS: u64 = 256;
/// Steps in which that must be done.
const INLINE_STEPS: usize = 4;
/// Of more records that are due only so many are counted.
const COUNT_MAX: u64 = 100_000;
/// Of fewer it is known how many.
const SOON_MAX: u64 = 2_000;

/// What became of a record by a change of its documents.
#[derive(Debug)]
pub(in super::super) struct Touched {
    /// Which one.
    pub(in super::super) record: RecordId,
    /// Whether others see something else of it: that it is there, its facts, its links.
    pub(in super::super) for_others: bool,
    /// What it linked to before and does not any more.
    pub(in super::super) lost: Vec<RecordId>,
}

/// What the tables lack.
#[derive(Debug)]
pub(in super::super) struct Queue {
    due: u64,
    peilweek: Option<Week>,
    waiting: Waiting,
    /// What much is read with while it is filled.
    aside: Option<Connection>,
}

impl Queue {
    /// Of the view that this connection writes.
    pub(in super::super) fn open(connection: &Connection, waiting: Waiting) -> Result<Self, ViewError> {
        let peilweek = remembered(connection, PEILWEEK)?;
        let peilweek = peilweek.and_then(|bytes| String::from_utf8(bytes).ok());
        let queue = Self {
            due: count(connection, COUNT_MAX)?,
            peilweek: peilweek.and_then(|text| text.parse().ok()),
            waiting,
            aside: None,
        };
        queue.tell();
        Ok(queue)
    }

    pub(in super::super) fn waiting(&self) -> Waiting {
        self.waiting.clone()
    }

    /// Records that are due, of very many not all.
    pub(in super::super) fn due(&self) -> u64 {
        self.due
    }

    /// Whether there is something to do: not before it was said at which week states are determined.
    pub(in super::super) fn is_behind(&self) -> bool {
        self.due > 0 && self.peilweek.is_some()
    }

    pub(in super::super) fn is_asked(&self) -> bool {
        self.waiting.is_asked()
    }

    /// Determines states at this week from here on.
    pub(in super::super) fn set_peilweek(&mut self, connection: &mut Connection, week: Week) -> Result<(), ViewError> {
        if self.peilweek == Some(week) {
            return Ok(());
        }
        let transaction = connection.transaction()?;
        match self.peilweek {
            // Nothing was filled yet.
            None => {}
            Some(before) if before < week => {
                transaction.execute(
                    "INSERT OR IGNORE INTO te_vullen (record, rond) SELECT record, 0 FROM horizon WHERE week <= ?1",
                    [week.index()],
                )?;
            }
            Some(_) => mark_all(&transaction)?,
        }
        remember(&transaction, PEILWEEK, week.to_string().as_bytes())?;
        self.peilweek = Some(week);
        let due = self.inline(&transaction)?;
        transaction.commit()?;
        self.due = due;
        self.tell();
        Ok(())
    }

    /// Marks what a batch touched and, when that is little, fills it; how many are due then, to be told once the transaction
    /// is committed.
    pub(in super::super) fn take(&mut self, transaction: &Connection, touched: &[Touched]) -> Result<u64, ViewError> {
        for one in touched {
            mark(transaction, one.record, one.for_others)?;
            for lost in &one.lost {
                mark(transaction, *lost, true)?;
            }
        }
        match self.due.saturating_add(touched.len() as u64) > INLINE_RECORDS {
            true => {
                self.say(transaction, false)?;
                Ok(self.due.saturating_add(touched.len() as u64))
            }
            false => self.inline(transaction),
        }
    }

    /// So many are due, as committed.
    pub(in super::super) fn committed(&mut self, due: u64) {
        self.due = due;
        self.tell();
    }

    /// Fills what is due when that is little.
    fn inline(&self, transaction: &Connection) -> Result<u64, ViewError> {
        let Some(peilweek) = self.peilweek else {
            return count(transaction, COUNT_MAX);
        };
        for _ in 0..INLINE_STEPS {
            if count(transaction, COUNT_MAX)? == 0 || !step(transaction, None, peilweek)? {
                break;
            }
        }
        let due = count(transaction, COUNT_MAX)?;
        self.say(transaction, due == 0)?;
        Ok(due)
    }

    /// Fills some of what is due.
    pub(in super::super) fn some(&mut self, connection: &mut Connection) -> Result<(), ViewError> {
        let Some(peilweek) = self.peilweek else {
            return Ok(());
        };
        let mut aside = match (self.aside.take(), connection.path()) {
            (None, Some(path)) => Some(open_reader(Path::new(path))?),
            (aside, _) => aside,
        };
        let transaction = connection.transaction()?;
        step(&transaction, aside.as_mut(), peilweek)?;
        let due = match count(&transaction, SOON_MAX)? {
            // Counting many over and over costs more than knowing how many is worth.
            SOON_MAX => self.due.saturating_sub(STEP_RECORDS as u64).max(SOON_MAX),
            due => due,
        };
        self.say(&transaction, due == 0)?;
        transaction.commit()?;
        self.aside = aside.filter(|_| due > 0);
        self.committed(due);
        Ok(())
    }

    /// Fills a record that lost a part at once: what is gone must not be seen again.
    pub(in super::super) fn replace(&self, transaction: &Connection, record: RecordId) -> Result<(), ViewError> {
        match self.peilweek {
            Some(peilweek) => fill(transaction, &Beside::of(transaction)?, record, peilweek),
            None => forget(transaction, record),
        }
    }

    fn say(&self, transaction: &Connection, has_all: bool) -> Result<(), ViewError> {
        self.peilweek
            .map_or(Ok(()), |peilweek| shown::write(transaction, peilweek, has_all))
    }

    fn tell(&self) {
        self.waiting.owes(self.due);
    }
}

fn mark(transaction: &Connection, record: RecordId, for_others: bool) -> Result<(), ViewError> {
    let statement = "INSERT INTO te_vullen (record, rond) VALUES (?1, ?2)
        ON CONFLICT (record) DO UPDATE SET rond = max(rond, excluded.rond)";
    transaction
        .prepare_cached(statement)?
        .execute(params![record.0, for_others])?;
    Ok(())
}

/// Marks every record, as when something changed that bears on all of them.
pub(in super::super) fn mark_all(connection: &Connection) -> Result<(), ViewError> {
    let statement = "INSERT OR IGNORE INTO te_vullen (record, rond) SELECT record, 0 FROM kernen";
    connection.prepare_cached(statement)?.execute([])?;
    Ok(())
}

/// How many are due, counted up to so many.
fn count(connection: &Connection, most: u64) -> Result<u64, ViewError> {
    let query = "SELECT count(*) FROM (SELECT 1 FROM te_vullen LIMIT ?1)";
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let count: i64 = connection.prepare_cached(query)?.query_row([limit], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Looks around some records, or fills some when none is left to look around; whether there was anything. With a connection
/// `aside` deriving and writing go on side by side: only in a transaction that changes nothing of what is read for that.
fn step(transaction: &Connection, aside: Option<&mut Connection>, peilweek: Week) -> Result<bool, ViewError> {
    let around = marked(
        transaction,
        "SELECT record FROM te_vullen WHERE rond ORDER BY record LIMIT ?1",
    )?;
    if around.len() == STEP_RECORDS && all_are_due(transaction)? {
        transaction
            .prepare_cached("UPDATE te_vullen SET rond = 0 WHERE rond")?
            .execute([])?;
        return Ok(true);
    }
    if let Some(last) = around.last() {
        mark_around(transaction, &around)?;
        transaction
            .prepare_cached("UPDATE te_vullen SET rond = 0 WHERE rond AND record <= ?1")?
            .execute([last.0])?;
    }
    if around.len() == STEP_RECORDS {
        return Ok(true);
    }
    let due = marked(transaction, "SELECT record FROM te_vullen ORDER BY record LIMIT ?1")?;
    match aside {
        Some(aside) => fill_beside(transaction, aside, &due, peilweek)?,
        None => {
            let beside = Beside::of(transaction)?;
            for record in &due {
                fill(transaction, &beside, *record, peilweek)?;
            }
        }
    }
    if let Some(last) = due.last() {
        // Nothing is marked while records are filled, so these are the ones that were.
        transaction
            .prepare_cached("DELETE FROM te_vullen WHERE record <= ?1")?
            .execute([last.0])?;
    }
    Ok(!due.is_empty())
}

/// Whether every record is due, as when everything is made anew: then there is nobody to find around them.
fn all_are_due(transaction: &Connection) -> Result<bool, ViewError> {
    let query = "SELECT NOT EXISTS (SELECT 1 FROM kernen WHERE record NOT IN (SELECT record FROM te_vullen))";
    Ok(transaction.prepare_cached(query)?.query_row([], |row| row.get(0))?)
}

/// Fills records while the next ones are derived on a thread of their own.
fn fill_beside(
    transaction: &Connection,
    aside: &mut Connection,
    due: &[RecordId],
    peilweek: Week,
) -> Result<(), ViewError> {
    let (tell, told) = sync_channel(AHEAD_MAX);
    thread::scope(|scope| {
        scope.spawn(move || {
            for records in due.chunks(AHEAD_RECORDS) {
                // Whoever no longer listens has failed itself.
                if tell.send(derive(aside, records, peilweek)).is_err() {
                    return;
                }
            }
        });
        for filled in told {
            for one in &filled? {
                put(transaction, one)?;
            }
        }
        Ok(())
    })
}

fn derive(aside: &mut Connection, records: &[RecordId], peilweek: Week) -> Result<Vec<Filled>, ViewError> {
    let transaction = aside.transaction()?;
    let beside = Beside::of(&transaction)?;
    let filled = records
        .iter()
        .map(|record| make(&transaction, &beside, *record, peilweek));
    filled.collect()
}

fn marked(transaction: &Connection, query: &str) -> Result<Vec<RecordId>, ViewError> {
    let mut statement = transaction.prepare_cached(query)?;
    let limit = i64::try_from(STEP_RECORDS).unwrap_or(i64::MAX);
    let rows = statement.query_map([limit], |row| row.get(0).map(RecordId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
