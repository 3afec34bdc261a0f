//! The connection to PostgreSQL, and what it refuses.
//!
//! **Invariant:** an address may hold a password, and is in no message.

use std::time::{Duration, Instant};

use postgres::error::SqlState;
use postgres::{Client, Config, Transaction};
use protocol::api::{Message, ProblemKind};

use super::tls;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::plain;

/// How long the lock of a mirror that just ended may outlive it.
const LINGERS: Duration = Duration::from_secs(5);
/// How long is waited for somebody who holds a table; meanwhile others wait behind us.
const LOCK_TIMEOUT: &str = "SET LOCAL lock_timeout = '30s'";

/// How long a server may take to answer a first call, and any other.
const CONNECT: Duration = Duration::from_secs(10);
const DEAD_AFTER: Duration = Duration::from_secs(60);

/// Something does not work.
pub(super) struct Fault {
    /// What.
    pub(super) error: Box<CommandError>,
    /// Whether it may work again without anybody doing something about the mirror.
    pub(super) passes: bool,
}

impl From<CommandError> for Fault {
    fn from(error: CommandError) -> Self {
        // A node that was started anew has another token, which is read before the next try.
        let passes = error.exit == Exit::Unreachable || error.problem == Some(ProblemKind::Toegang);
        Self {
            error: Box::new(error),
            passes,
        }
    }
}

impl From<postgres::Error> for Fault {
    fn from(error: postgres::Error) -> Self {
        let Some(state) = error.code() else {
            return Self {
                passes: true,
                error: Box::new(away(error)),
            };
        };
        let class = &state.code()[..2];
        let ends = [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
        ];
        if ends.contains(state) || class == "08" {
            return Self {
                passes: true,
                error: Box::new(away(error)),
            };
        }
        Self {
            // A full disk, too many connections, a deadlock, a table that is held, an administrator, a server that only reads for now.
            passes: matches!(class, "53" | "40" | "55" | "57") || *state == SqlState::READ_ONLY_SQL_TRANSACTION,
            error: Box::new(refused(&error, state)),
        }
    }
}

/// A connection.
pub(super) struct Database {
    client: Client,
}

impl Database {
    pub(super) fn open(address: &str, password: Option<&str>) -> Result<Self, Fault> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|start| address.starts_with(start))
        {
            return Err(no_address().into());
        }
        let (address, wanted) = tls::split(address);
        // What it says of an address may quote the password in it.
        let mut config: Config = address.parse().map_err(|_| no_address())?;
        if let (None, Some(password)) = (config.get_password(), password) {
            config.password(password);
        }
        let (mode, connector) = wanted.connector()?;
        config
            .ssl_mode(mode)
            .application_name("leerkring")
            .connect_timeout(CONNECT);
        config.keepalives_idle(DEAD_AFTER).tcp_user_timeout(DEAD_AFTER);
        let mut client = config.connect(connector)?;
        let encoding: String = client.query_one("SHOW server_encoding", &[])?.get(0);
        if encoding != "UTF8" {
            return Err(no_utf8(&encoding).into());
        }
        Ok(Self { client })
    }

    /// Keeps others from mirroring into the same schema for as long as this connection lives.
    pub(super) fn lock(&mut self, schema: &str) -> Result<(), Fault> {
        let name = format!("leerkring mirror {schema}");
        let query = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))";
        let until = Instant::now() + LINGERS;
        while !self.client.query_one(query, &[&name])?.get::<_, bool>(0) {
            if Instant::now() >= until {
                return Err(Fault {
                    error: Box::new(in_use(schema)),
                    // Of one that was up it is its own connection that has not ended yet.
                    passes: true,
                });
            }
            super::rest(LINGERS / 10);
        }
        Ok(())
    }

    /// Fails when the connection is gone, and with it the lock.
    pub(super) fn is_there(&mut self) -> Result<(), Fault> {
        Ok(self.client.is_valid(CONNECT)?)
    }

    pub(super) fn client(&mut self) -> &mut Client {
        &mut self.client
    }

    pub(super) fn begin(&mut self) -> Result<Transaction<'_>, Fault> {
        let mut transaction = self.client.transaction()?;
        transaction.batch_execute(LOCK_TIMEOUT)?;
        Ok(transaction)
    }
}

/// A name as SQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL takes it.
pub(super) fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn no_address() -> CommandError {
    CommandError::new(
        Exit::Usage,
        Message::new(
            "dit is geen adres van een PostgreSQL-database",
            "this is no address of a PostgreSQL database",
        ),
    )
    .hinting(Message::new(
        "geef postgres://gebruiker@machine/database; het wachtwoord kan in PGPASSWORD",
        "give postgres://user@machine/database; the password may stand in PGPASSWORD",
    ))
}

fn no_utf8(encoding: &str) -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("de database is in {encoding}; de spiegel heeft UTF8 nodig"),
            format!("the database is in {encoding}; the mirror needs UTF8"),
        ),
    )
    .hinting(Message::new(
        "maak er een met CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        "make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
    ))
}

fn in_use(schema: &str) -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::with(
            format!("een andere leerkring mirror houdt schema {schema} al bij"),
            format!("another leerkring mirror keeps schema {schema} already"),
        ),
    )
    .hinting(Message::new(
        "stop die eerst, of kies een ander --schema",
        "stop that first, or choose another --schema",
    ))
}

fn away(error: postgres::Error) -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new("PostgreSQL antwoordt niet", "PostgreSQL does not answer"),
    )
    .hinting(Message::new(
        "draait de server, en klopt het adres?",
        "does the server run, and is the address right?",
    ))
    .caused_by(error)
}

fn refused(error: &postgres::Error, state: &SqlState) -> CommandError {
    let said = error
        .as_db_error()
        .map_or_else(String::new, |said| plain(said.message()));
    let (exit, nl, en, hint) = match state.code() {
        "42501" | "25006" => (
            Exit::Permission,
            "deze rol mag niet in de spiegel schrijven",
            "this role may not write to the mirror",
            Message::new(
                "neem de rol die het schema bezit, of geef haar CREATE op de database (of op het schema)",
                "take the role that owns the schema, or give it CREATE on the database (or on the schema)",
            ),
        ),
        code if code.starts_with("28") => (
            Exit::Permission,
            "PostgreSQL laat deze rol niet binnen",
            "PostgreSQL does not let this role in",
            Message::new(
                "klopt de rol, en staat het wachtwoord in PGPASSWORD?",
                "is the role right, and is the password in PGPASSWORD?",
            ),
        ),
        "55P03" => (
            Exit::Conflict,
            "iemand houdt een tabel van de spiegel vast; er is niets geschreven",
            "somebody holds a table of the mirror; nothing was written",
            Message::new(
                "pg_stat_activity zegt wie: vaak een programma dat een transactie open laat staan",
                "pg_stat_activity says who: often a program that leaves a transaction open",
            ),
        ),
        "53100" => (
            Exit::Conflict,
            "de schijf van PostgreSQL is vol; er is niets half geschreven",
            "the disk of PostgreSQL is full; nothing was half written",
            Message::new("maak ruimte en probeer opnieuw", "make room and try again"),
        ),
        code if code.starts_with("2BP") => (
            Exit::Conflict,
            "er hangt iets van anderen aan de tabellen van de spiegel",
            "something of others depends on the tables of the mirror",
            Message::new(
                "haal die views of sleutels weg en maak ze daarna opnieuw",
                "take those views or keys away and make them again afterwards",
            ),
        ),
        code if code.starts_with("42") || code.starts_with("22") || code.starts_with("23") => (
            Exit::Conflict,
            "de spiegel is niet zoals leerkring hem maakte",
            "the mirror is not as leerkring made it",
            Message::new("laad hem opnieuw met --anew", "load it anew with --anew"),
        ),
        _ => (
            Exit::Conflict,
            "PostgreSQL weigert",
            "PostgreSQL refuses",
            Message::new(
                "het logboek van PostgreSQL zegt meer",
                "the log of PostgreSQL says more",
            ),
        ),
    };
    CommandError::new(exit, Message::with(format!("{nl}: {said}"), format!("{en}: {said}"))).hinting(hint)
}
