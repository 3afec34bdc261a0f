//! The tables as they are to be, and whether they are so.
//!
//! **Invariant:** what leerkring did not make is left alone.

use std::collections::BTreeMap;

use postgres::Transaction;
use protocol::api::{Kolom, KolomSoort, Message, Tabel, TabelPage, path};
use sha2::{Digest, Sha256};

use super::Asked;
use super::database::{Database, Fault, literal, quoted};
use crate::client::{Client, parse, path_of};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// The table with how far the mirror is.
pub(super) const STATE: &str = "spiegel";
/// The end of the name of a table that is still being loaded.
pub(super) const NEW: &str = "__nieuw";

/// What stands beside it, and beside no table of that name that others made.
const STATE_ABOUT: &str = "Tot waar deze spiegel bij is";

/// Its columns, with what they mean.
const STATE_COLUMNS: [(&str, &str, &str); 7] = [
    ("een", "BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (een)", "Er is een rij"),
    ("federatie", "TEXT NOT NULL", "De federatie waarvan dit de spiegel is"),
    (
        "merk",
        "TEXT NOT NULL",
        "Vanaf waar de node om wijzigingen gevraagd wordt",
    ),
    (
        "vorm",
        "TEXT NOT NULL",
        "Hash van de namen en soorten van tabellen en kolommen",
    ),
    (
        "tabellen",
        "TEXT[] NOT NULL",
        "De tabellen die leerkring in dit schema maakte",
    ),
    (
        "snapshot",
        "TEXT",
        "Het snapshot dat in de tabellen staat; leeg zolang de spiegel nog niet bij is",
    ),
    (
        "bijgewerkt",
        "TIMESTAMPTZ NOT NULL",
        "Wanneer de tabellen het laatst veranderden",
    ),
];

/// Every table, as the node tells of them.
pub(super) struct Catalogue {
    pub(super) tables: BTreeMap<String, Tabel>,
}

impl Catalogue {
    /// Asks the node.
    pub(super) fn ask(client: &Client) -> Result<Self, CommandError> {
        let page: TabelPage = client.read(path::TABELLEN, &[])?;
        let mut tables = BTreeMap::new();
        for line in page.tabellen {
            let text = client.get(&path_of(path::TABEL, &line.naam), &[])?;
            tables.insert(line.naam, parse(&text)?);
        }
        Ok(Self { tables })
    }

    /// A hash of what there is to make: another one asks for other tables.
    pub(super) fn form(&self) -> String {
        let mut hash = Sha256::new();
        for table in self.tables.values() {
            hash.update(columns(table));
            hash.update(table.sleutel.join(","));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What stands in the schema.
pub(super) enum Found {
    /// Nothing of a mirror, or one with tables of another version.
    Nothing,
    /// A mirror, up to where it has everything.
    Mirror {
        /// From where to go on.
        mark: String,
        /// What stands there, when it was whole.
        snapshot: Option<String>,
    },
    /// A mirror that somebody changed: which table, and what of it.
    Altered(Message),
}

/// Looks what stands in a schema.
pub(super) fn look(database: &mut Database, schema: &str, catalogue: &Catalogue) -> Result<Found, Fault> {
    let found = found_columns(database, schema)?;
    if !found.contains_key(STATE) {
        let foreign = catalogue.tables.keys().find(|name| found.contains_key(*name));
        return foreign.map_or(Ok(Found::Nothing), |name| Err(not_ours(schema, name).into()));
    }
    let about = "SELECT obj_description(to_regclass($1), 'pg_class')";
    let place = format!("{}.{STATE}", quoted(schema));
    let about: Option<String> = database.client().query_one(about, &[&place])?.get(0);
    if about.as_deref() != Some(STATE_ABOUT) {
        return Err(not_ours(schema, STATE).into());
    }
    let missing = STATE_COLUMNS
        .iter()
        .find(|(name, ..)| !found[STATE].contains_key(*name));
    if let Some((column, ..)) = missing {
        return Ok(Found::Altered(no_column(STATE, column)));
    }
    let query = format!("SELECT merk, vorm, snapshot FROM {}.{STATE}", quoted(schema));
    let Some(row) = database.client().query_opt(&query, &[])? else {
        return Ok(Found::Nothing);
    };
    if row.get::<_, String>(1) != catalogue.form() {
        return Ok(Found::Nothing);
    }
    Ok(match changed(&found, catalogue) {
        Some(what) => Found::Altered(what),
        None => Found::Mirror {
            mark: row.get(0),
            snapshot: row.get(2),
        },
    })
}

type Columns = BTreeMap<String, BTreeMap<String, String>>;

fn found_columns(database: &mut Database, schema: &str) -> Result<Columns, Fault> {
    let query = "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'v', 'm', 'p', 'f')";
    let mut found = Columns::new();
    for row in database.client().query(query, &[&schema])? {
        let columns = found.entry(row.get(0)).or_default();
        columns.insert(row.get(1), row.get(2));
    }
    Ok(found)
}

/// What somebody changed; columns beside ours are no harm.
fn changed(found: &Columns, catalogue: &Catalogue) -> Option<Message> {
    for table in catalogue.tables.values() {
        let name = &table.naam;
        let Some(columns) = found.get(name) else {
            return Some(Message::with(
                format!("tabel {name} ontbreekt"),
                format!("table {name} is missing"),
            ));
        };
        for column in &table.kolommen {
            let expected = kind(column).to_lowercase();
            match columns.get(&column.naam) {
                None => return Some(no_column(name, &column.naam)),
                Some(is) if *is != expected => {
                    let column = &column.naam;
                    return Some(Message::with(
                        format!("kolom {column} van tabel {name} is {is} in plaats van {expected}"),
                        format!("column {column} of table {name} is {is} in place of {expected}"),
                    ));
                }
                Some(_) => {}
            }
        }
    }
    None
}

fn no_column(table: &str, column: &str) -> Message {
    Message::with(
        format!("kolom {column} van tabel {table} ontbreekt"),
        format!("column {column} of table {table} is missing"),
    )
}

/// The failure for a mirror that somebody changed.
pub(super) fn altered(what: &Message, schema: &str) -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::with(
            format!("de spiegel in schema {schema} is veranderd: {}", what.nl),
            format!("the mirror in schema {schema} was changed: {}", what.en),
        ),
    )
    .hinting(Message::new(
        "er is niets geschreven; laad hem opnieuw met --anew",
        "nothing was written; load it anew with --anew",
    ))
}

fn not_ours(schema: &str, table: &str) -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::with(
            format!("in schema {schema} staat al een tabel {table}, die niet van een spiegel is"),
            format!("schema {schema} has a table {table} already, which is not of a mirror"),
        ),
    )
    .hinting(Message::new("kies een ander --schema", "choose another --schema"))
}

/// The kind of a column, as PostgreSQL calls it.
fn kind(column: &Kolom) -> &'static str {
    match column.soort {
        KolomSoort::Geheel => "BIGINT",
        KolomSoort::Getal => "DOUBLE PRECISION",
        KolomSoort::JaNee => "BOOLEAN",
        _ => "TEXT",
    }
}

/// The columns of a table; texts are in the order of their bytes, as on the node.
fn columns(table: &Tabel) -> String {
    let columns = table.kolommen.iter().map(|column| {
        let collated = if kind(column) == "TEXT" { " COLLATE \"C\"" } else { "" };
        format!("{} {}{collated}", quoted(&column.naam), kind(column))
    });
    columns.collect::<Vec<_>>().join(", ")
}

/// The names of its columns.
pub(super) fn column_names(table: &Tabel) -> String {
    names(table.kolommen.iter().map(|column| &column.naam))
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

/// Makes the schema where there is none, and empty tables beside those that stand there.
pub(super) fn make(transaction: &mut Transaction<'_>, schema: &str, catalogue: &Catalogue) -> Result<(), Fault> {
    let there = "SELECT 1 FROM pg_namespace WHERE nspname = $1";
    let schema_sql = quoted(schema);
    // Who may make tables in a schema need not be allowed to make one.
    if transaction.query_opt(there, &[&schema])?.is_none() {
        transaction.batch_execute(&format!("CREATE SCHEMA {schema_sql}"))?;
    }
    for table in catalogue.tables.values() {
        let name = quoted(&format!("{}{NEW}", table.naam));
        transaction.batch_execute(&format!("CREATE TABLE {schema_sql}.{name} ({})", columns(table)))?;
    }
    Ok(())
}

/// Gives the tables that were loaded their keys, indexes, descriptions and, last, their names.
pub(super) fn finish(transaction: &mut Transaction<'_>, schema: &str, catalogue: &Catalogue) -> Result<(), Fault> {
    let former = former_tables(transaction, schema)?;
    let schema = quoted(schema);
    for table in catalogue.tables.values() {
        transaction.batch_execute(&keyed(&schema, table))?;
    }
    for table in catalogue.tables.values() {
        transaction.batch_execute(&named(&schema, table))?;
    }
    // What an older version made would keep its rows for ever, also those that are withdrawn.
    for name in former.iter().filter(|name| !catalogue.tables.contains_key(*name)) {
        transaction.batch_execute(&format!("DROP TABLE IF EXISTS {schema}.{}", quoted(name)))?;
    }
    let columns = STATE_COLUMNS.iter().map(|(name, kind, _)| format!("{name} {kind}"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut state = format!("DROP TABLE IF EXISTS {schema}.{STATE}; CREATE TABLE {schema}.{STATE} ({columns});");
    state += &format!("COMMENT ON TABLE {schema}.{STATE} IS {};", literal(STATE_ABOUT));
    for (name, _, about) in STATE_COLUMNS {
        state += &format!("COMMENT ON COLUMN {schema}.{STATE}.{name} IS {};", literal(about));
    }
    Ok(transaction.batch_execute(&state)?)
}

/// The tables that were made here before.
fn former_tables(transaction: &mut Transaction<'_>, schema: &str) -> Result<Vec<String>, Fault> {
    let told =
        "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'tabellen' AND NOT attisdropped";
    let state = format!("{}.{STATE}", quoted(schema));
    if transaction.query_opt(told, &[&state])?.is_none() {
        return Ok(Vec::new());
    }
    let query = format!("SELECT tabellen FROM {state}");
    let row = transaction.query_opt(&query, &[])?;
    Ok(row.map_or_else(Vec::new, |row| row.get(0)))
}

fn keyed(schema: &str, table: &Tabel) -> String {
    let new = |name: &str| quoted(&format!("{name}{NEW}"));
    let name = format!("{schema}.{}", new(&table.naam));
    let key = names(table.sleutel.iter());
    let mut sql = format!(
        "ALTER TABLE {name} ADD CONSTRAINT {} PRIMARY KEY ({key});",
        new(&format!("{}_pkey", table.naam))
    );
    for index in &table.indexen {
        let filled = index.gevuld.as_ref();
        let filled = filled.map_or_else(String::new, |column| format!(" WHERE {} IS NOT NULL", quoted(column)));
        let columns = names(index.kolommen.iter());
        sql += &format!("CREATE INDEX {} ON {name} ({columns}){filled};", new(&index.naam));
    }
    sql += &format!("COMMENT ON TABLE {name} IS {};", literal(&table.over));
    for column in &table.kolommen {
        let about = literal(&about(column));
        sql += &format!("COMMENT ON COLUMN {name}.{} IS {about};", quoted(&column.naam));
    }
    sql + &format!("ANALYZE {name};")
}

/// What a column means, with its unit and the list of its codes.
fn about(column: &Kolom) -> String {
    let unit = column.eenheid.as_ref().map(|unit| format!("eenheid: {unit}"));
    let codes = column
        .codes
        .as_ref()
        .map(|list| format!("codes: woordenlijst, lijst {list}"));
    let refers = column.verwijst.as_ref().map(|table| format!("verwijst naar {table}"));
    let more: Vec<String> = [unit, codes, refers].into_iter().flatten().collect();
    match more.is_empty() {
        true => column.over.clone(),
        false => format!("{} ({})", column.over, more.join("; ")),
    }
}

fn named(schema: &str, table: &Tabel) -> String {
    let name = &table.naam;
    let key = format!("{name}_pkey");
    let indexes = table.indexen.iter().map(|index| &index.naam);
    let mut sql = format!("DROP TABLE IF EXISTS {schema}.{};", quoted(name));
    let new = |name: &str| quoted(&format!("{name}{NEW}"));
    sql += &format!("ALTER TABLE {schema}.{} RENAME TO {};", new(name), quoted(name));
    for index in indexes.chain([&key]) {
        sql += &format!("ALTER INDEX {schema}.{} RENAME TO {};", new(index), quoted(index));
    }
    sql
}

/// Lets a role read what stands in the schema and what will.
pub(super) fn let_read(database: &mut Database, asked: &Asked) -> Result<(), Fault> {
    let mut transaction = database.begin()?;
    grant(&mut transaction, asked)?;
    Ok(transaction.commit()?)
}

/// The same within a transaction.
pub(super) fn grant(transaction: &mut Transaction<'_>, asked: &Asked) -> Result<(), Fault> {
    let Some(reader) = &asked.reader else {
        return Ok(());
    };
    let there = "SELECT 1 FROM pg_roles WHERE rolname = $1";
    if transaction.query_opt(there, &[reader])?.is_none() {
        return Err(no_role(reader).into());
    }
    let (schema, reader) = (quoted(&asked.schema), quoted(reader));
    Ok(transaction.batch_execute(&format!(
        "GRANT USAGE ON SCHEMA {schema} TO {reader};
        GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
        ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {reader};"
    ))?)
}

fn no_role(role: &str) -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("er is geen rol {role} in PostgreSQL"),
            format!("there is no role {role} in PostgreSQL"),
        ),
    )
    .hinting(Message::with(
        format!("maak haar met CREATE ROLE {role} LOGIN"),
        format!("make it with CREATE ROLE {role} LOGIN"),
    ))
}
