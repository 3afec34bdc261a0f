//! The operations of a change, row by row.
//!
//! Each row writes or deletes one key of the document's only map, and names the earlier operations it replaces.
//! Keys ascend strictly, so that no change writes a key twice and there is one order for one content.

use super::ChangeError;
use super::chunk::{Actor, Chunk};
use super::input::Input;
use super::runs::{Deltas, Runs, all_false};
use super::validate::{COUNTER_MAX, KEY_BYTES_MAX, PREDECESSORS_MAX, ROWS_MAX, TEXT_BYTES_MAX};

/// Names an operation. Of two concurrent ones the later in this order wins: by counter, then by actor.
pub(super) type OpId<'a> = (u64, &'a Actor);

/// A scalar as it stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written<'a> {
    Text(&'a str),
    Number(i64),
    Flag(bool),
}

/// What is told about the rows of a change while they are checked.
pub(super) trait Visit<'a> {
    /// A key is written, or deleted.
    fn write(&mut self, id: OpId<'a>, key: &'a str, value: Option<Written<'a>>);
    /// An earlier operation, which must have written the same key, is replaced.
    fn replace(&mut self, id: OpId<'a>, key: &'a str);
}

/// Hears and forgets: for whoever only wants to know whether a change is valid.
pub(super) struct Deaf;

impl<'a> Visit<'a> for Deaf {
    fn write(&mut self, _: OpId<'a>, _: &'a str, _: Option<Written<'a>>) {}
    fn replace(&mut self, _: OpId<'a>, _: &'a str) {}
}

struct Rows<'a> {
    keys: Runs<'a, &'a str>,
    actions: Runs<'a, u64>,
    metas: Runs<'a, u64>,
    values: Input<'a>,
    counts: Runs<'a, u64>,
    actors: Runs<'a, u64>,
    counters: Deltas<'a>,
    predecessors: u64,
    /// One bit for each of the other actors that was named.
    named: [u64; 4],
}

/// Checks every row and tells `visit` about it; gives the number of rows.
pub(super) fn walk<'a>(chunk: &Chunk<'a>, visit: &mut impl Visit<'a>) -> Result<u64, ChangeError> {
    let mut rows = Rows::new(chunk);
    let mut count = 0;
    let mut before = "";
    while !rows.actions.is_done() {
        if count == ROWS_MAX || chunk.start_op + count > COUNTER_MAX {
            return Err(ChangeError::TooManyRows);
        }
        let key = rows.key(before)?;
        let value = rows.value()?;
        let replaced = rows.replaced(chunk, key, visit)?;
        if value.is_none() && replaced == 0 {
            return Err(ChangeError::DeletesNothing);
        }
        visit.write((chunk.start_op + count, chunk.actor), key, value);
        before = key;
        count += 1;
    }
    rows.finish(chunk, count)?;
    Ok(count)
}

impl<'a> Rows<'a> {
    fn new(chunk: &Chunk<'a>) -> Self {
        let columns = chunk.columns;
        Self {
            keys: Runs::new(columns.key),
            actions: Runs::new(columns.action),
            metas: Runs::new(columns.value_meta),
            values: Input::new(columns.value),
            counts: Runs::new(columns.pred_count),
            actors: Runs::new(columns.pred_actor),
            counters: Deltas::new(columns.pred_counter),
            predecessors: 0,
            named: [0; 4],
        }
    }

    fn key(&mut self, before: &str) -> Result<&'a str, ChangeError> {
        let key = self.keys.next()?;
        match key {
            _ if key.len() > KEY_BYTES_MAX => Err(ChangeError::KeyLength),
            _ if key <= before => Err(ChangeError::KeyOrder),
            _ => Ok(key),
        }
    }

    fn value(&mut self) -> Result<Option<Written<'a>>, ChangeError> {
        let meta = self.metas.next()?;
        let (kind, length) = (meta & 15, meta >> 4);
        match (self.actions.next()?, kind, length) {
            (1, 1, 0) => Ok(Some(Written::Flag(false))),
            (1, 2, 0) => Ok(Some(Written::Flag(true))),
            (1, 4, _) => self.number(length).map(Some),
            (1, 6, _) => self.text(length).map(Some),
            (3, 0, 0) => Ok(None),
            (action @ (1 | 3), ..) => Err(ChangeError::Value { action, kind }),
            (action, ..) => Err(ChangeError::Action { action }),
        }
    }

    fn number(&mut self, length: u64) -> Result<Written<'a>, ChangeError> {
        let mut bytes = Input::new(self.values.take(length)?);
        let number = bytes.signed()?;
        if bytes.is_empty() {
            Ok(Written::Number(number))
        } else {
            Err(ChangeError::Number)
        }
    }

    fn text(&mut self, length: u64) -> Result<Written<'a>, ChangeError> {
        if length > TEXT_BYTES_MAX as u64 {
            return Err(ChangeError::TextLength);
        }
        let bytes = self.values.take(length)?;
        std::str::from_utf8(bytes)
            .map(Written::Text)
            .map_err(|_| ChangeError::Utf8)
    }

    /// The operations a row replaces: all before this change, ascending.
    fn replaced(&mut self, chunk: &Chunk<'a>, key: &'a str, visit: &mut impl Visit<'a>) -> Result<u64, ChangeError> {
        let count = self.counts.next()?;
        self.predecessors = self.predecessors.saturating_add(count);
        if self.predecessors > PREDECESSORS_MAX {
            return Err(ChangeError::TooManyPredecessors);
        }
        // Counters start at 1: whatever has counter 0 does not come after this.
        let mut before = (0, &[0xff; 16]);
        for _ in 0..count {
            let id = self.predecessor(chunk)?;
            if id <= before || id.0 >= chunk.start_op {
                return Err(ChangeError::Predecessor);
            }
            visit.replace(id, key);
            before = id;
        }
        Ok(count)
    }

    fn predecessor(&mut self, chunk: &Chunk<'a>) -> Result<OpId<'a>, ChangeError> {
        let number = self.actors.next()?;
        let actor = chunk.actor_at(number).ok_or(ChangeError::Predecessor)?;
        if let Some(place) = number.checked_sub(1) {
            // `actor_at` has bounded the number to ACTORS_MAX, 256.
            self.named[(place / 64) as usize] |= 1 << (place % 64);
        }
        let counter = self.counters.next()?;
        Ok((u64::try_from(counter).map_err(|_| ChangeError::Predecessor)?, actor))
    }

    /// No column may go on where the rows end, and no actor may be listed that nothing names.
    fn finish(&self, chunk: &Chunk<'a>, count: u64) -> Result<(), ChangeError> {
        let done = self.keys.is_done() && self.metas.is_done() && self.values.is_empty();
        let done = done && self.counts.is_done() && self.actors.is_done() && self.counters.is_done();
        if !done || count == 0 {
            return Err(ChangeError::Rows);
        }
        let named: u32 = self.named.iter().map(|bits| bits.count_ones()).sum();
        if named as usize != chunk.others().len() {
            return Err(ChangeError::UnusedActor);
        }
        all_false(chunk.columns.insert, count)
    }
}
