//! The contract on redb, a second engine of another making: proof that the port asks nothing that only sled has.
//!
//! Its seal is a plain table per document: what sealing adds is sled's business here.

use std::collections::BTreeSet;

use protocol::id::DocumentId;
use protocol::store::{Batch, KEY_BYTES_MAX, Op, Pair, Space, Store, StoreError, VALUE_BYTES_MAX, contract};
use redb::{Database, Durability, ReadableDatabase, ReadableTable, Table, TableDefinition, TableError};

use crate::scratch::Scratch;

const VALUES: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("values");
const SEALED: u8 = 0x81;
const FORGOTTEN: u8 = 0x82;

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Engine {
        detail: error.to_string(),
    }
}

struct Redb(Database);

impl Redb {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let transaction = self.0.begin_read().map_err(failed)?;
        let table = match transaction.open_table(VALUES) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let value = table.get(key).map_err(failed)?;
        Ok(value.map(|value| value.value().to_vec()))
    }

    fn write(&mut self, batch: &Batch, durability: Durability) -> Result<(), StoreError> {
        let mut transaction = self.0.begin_write().map_err(failed)?;
        transaction.set_durability(durability).map_err(failed)?;
        let mut table = transaction.open_table(VALUES).map_err(failed)?;
        let mut forgotten = BTreeSet::new();
        for op in &batch.ops {
            // An error drops the transaction, which undoes what it did.
            apply(&mut table, op, &mut forgotten)?;
        }
        drop(table);
        transaction.commit().map_err(failed)
    }
}

fn at(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut key = vec![first];
    parts.iter().for_each(|part| key.extend_from_slice(part));
    key
}

fn bounded(key: &[u8], value: &[u8]) -> Result<(), StoreError> {
    for (what, bytes, limit) in [
        ("key", key.len(), KEY_BYTES_MAX),
        ("value", value.len(), VALUE_BYTES_MAX),
    ] {
        if bytes > limit {
            return Err(StoreError::TooLarge { what, bytes, limit });
        }
    }
    Ok(())
}

fn apply(table: &mut Table<'_, &[u8], &[u8]>, op: &Op, forgotten: &mut BTreeSet<DocumentId>) -> Result<(), StoreError> {
    match op {
        Op::Put { space, key, value } => {
            bounded(key, value)?;
            table
                .insert(&*at(*space as u8, &[key]), value.as_slice())
                .map_err(failed)?;
        }
        Op::Delete { space, key } => {
            bounded(key, &[])?;
            table.remove(&*at(*space as u8, &[key])).map_err(failed)?;
        }
        Op::PutSealed { document, key, value } => {
            bounded(key, value)?;
            let gone = table.get(&*at(FORGOTTEN, &[&document.0])).map_err(failed)?.is_some();
            if gone || forgotten.contains(document) {
                return Err(StoreError::Forgotten { document: *document });
            }
            table
                .insert(&*at(SEALED, &[&document.0, key]), value.as_slice())
                .map_err(failed)?;
        }
        Op::Discard { document } => discard(table, *document)?,
        Op::Forget { document } => {
            discard(table, *document)?;
            table.insert(&*at(FORGOTTEN, &[&document.0]), &[][..]).map_err(failed)?;
            forgotten.insert(*document);
        }
    }
    Ok(())
}

fn discard(table: &mut Table<'_, &[u8], &[u8]>, document: DocumentId) -> Result<(), StoreError> {
    let prefix = at(SEALED, &[&document.0]);
    let mut keys = Vec::new();
    for pair in table.range(prefix.as_slice()..).map_err(failed)? {
        let key = pair.map_err(failed)?.0.value().to_vec();
        if !key.starts_with(&prefix) {
            break;
        }
        keys.push(key);
    }
    for key in keys {
        table.remove(key.as_slice()).map_err(failed)?;
    }
    Ok(())
}

impl Store for Redb {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(&at(space as u8, &[key]))
    }

    fn get_sealed(&self, document: DocumentId, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(&at(SEALED, &[&document.0, key]))
    }

    fn scan(&self, space: Space, prefix: &[u8], from: &[u8], limit: usize) -> Result<Vec<Pair>, StoreError> {
        let transaction = self.0.begin_read().map_err(failed)?;
        let table = match transaction.open_table(VALUES) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let (prefix, start) = (at(space as u8, &[prefix]), at(space as u8, &[from.max(prefix)]));
        let mut pairs = Vec::new();
        for pair in table.range(start.as_slice()..).map_err(failed)?.take(limit) {
            let (key, value) = pair.map_err(failed)?;
            if !key.value().starts_with(&prefix) {
                break;
            }
            pairs.push((key.value()[1..].to_vec(), value.value().to_vec()));
        }
        Ok(pairs)
    }

    fn is_forgotten(&self, document: DocumentId) -> Result<bool, StoreError> {
        Ok(self.read(&at(FORGOTTEN, &[&document.0]))?.is_some())
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.write(&batch, Durability::None)
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.write(&Batch::default(), Durability::Immediate)
    }
}

struct RedbEngine {
    dir: Scratch,
    opened: u32,
}

impl RedbEngine {
    fn open(&self) -> Redb {
        Redb(Database::create(self.dir.path().join(self.opened.to_string())).unwrap())
    }
}

impl contract::Engine for RedbEngine {
    type Store = Redb;

    fn fresh(&mut self) -> Redb {
        self.opened += 1;
        self.open()
    }

    fn reopen(&mut self, store: Redb) -> Redb {
        drop(store);
        self.open()
    }
}

#[test]
fn redb_keeps_the_contract() {
    contract::suite(&mut RedbEngine {
        dir: Scratch::new("redb"),
        opened: 0,
    });
}
