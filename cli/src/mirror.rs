//! `mirror`: the tables of the node in a PostgreSQL of one's own, kept up to date.
//!
//! | file | what it holds |
//! |---|---|
//! | `database` | the connection, and what PostgreSQL refuses |
//! | `tls` | how that is encrypted, and whom it trusts |
//! | `schema` | the tables as they are to be, and whether they are so |
//! | `feed` | what the node tells, line by line |
//! | `batch` | what is told into the tables, in one transaction |
//! | `told` | what a person or program hears of it |
//!
//! **Law:** whoever reads the schema never sees half a load or half a batch; the snapshot that stands there is that of the whole tables,
//! and none does while batches are still to come.
//!
//! **Invariant:** the mark stands beside the rows and moves in the transaction that writes them: after any cut it says up to
//! where the rows are.

mod batch;
mod database;
mod feed;
mod schema;
mod tls;
mod told;

use std::fmt;
use std::thread;
use std::time::Duration;

use protocol::api::{BATCH_DEFAULT, Lang, Message, ProblemKind, path};

use crate::address::Node;
use crate::client::Client;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate::Bar;
use crate::output::{Output, Stop};
use batch::{Applied, Load};
use database::{Database, Fault};
use feed::Feed;
use schema::{Catalogue, Found};
use told::Event;

/// How long nothing is asked when nothing changed.
const REST: Duration = Duration::from_secs(1);
/// How long is waited at most before what did not work is tried again.
const BACK_OFF_MAX: Duration = Duration::from_secs(30);
/// How often is asked again of a node that is still taking something in, before `--once` ends without a snapshot.
const ONCE_RESTS_MAX: u32 = 60;

/// Where the mirror is, which may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(..)")
    }
}

/// What is mirrored where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The database.
    pub address: Address,
    /// The schema in it.
    pub schema: String,
    /// Who may read it.
    pub reader: Option<String>,
    /// Catch up, and end.
    pub once: bool,
    /// Load everything, whatever stands there.
    pub anew: bool,
}

/// Keeps the mirror until somebody ends it, or until it has everything.
///
/// # Errors
/// [`Stop`] for what does not pass by itself; of a mirror that was up what passes is waited for.
pub fn mirror(
    node: &Node,
    asked: &Asked,
    password: Option<String>,
    bar: Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let mut keeper = Keeper {
        node,
        asked,
        password,
        bar,
        anew: asked.anew,
        is_up: false,
        is_troubled: false,
    };
    let mut pause = REST;
    loop {
        let fault = match keeper.keep(output) {
            Ok(()) => return Ok(Exit::Ok),
            Err(fault) => fault,
        };
        keeper.bar.end();
        let error = match fault {
            Ended::Stop(stop) => return Err(stop),
            Ended::Fault(Fault { error, passes }) if !passes || !keeper.is_up || asked.once => {
                return Err(Stop::Failed(error));
            }
            Ended::Fault(Fault { error, .. }) => error,
        };
        if !keeper.is_troubled {
            (keeper.is_troubled, pause) = (true, REST);
            told::tell(&Event::Trouble(&error), asked, output)?;
        }
        rest(pause);
        pause = (pause * 2).min(BACK_OFF_MAX);
    }
}

/// Why keeping ended.
enum Ended {
    /// Something does not work.
    Fault(Fault),
    /// Nobody reads what is told.
    Stop(Stop),
}

impl<E: Into<Fault>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

struct Keeper<'a, 'b> {
    node: &'a Node,
    asked: &'a Asked,
    password: Option<String>,
    bar: Bar<'b>,
    anew: bool,
    /// Whether it once had everything.
    is_up: bool,
    /// Whether it was said that something does not work.
    is_troubled: bool,
}

impl Keeper<'_, '_> {
    /// Connects and keeps up; ends well only when it was to catch up once.
    fn keep(&mut self, output: &mut Output<'_>) -> Result<(), Ended> {
        let mut catalogue = self.catalogue()?;
        let client = Client::of(self.node, output.lang)?;
        let mut database = Database::open(&self.asked.address.0, self.password.as_deref())?;
        database.lock(&self.asked.schema)?;
        let found = schema::look(&mut database, &self.asked.schema, &catalogue)?;
        let mut mark = match found {
            Found::Mirror { mark, snapshot } if !self.anew => {
                schema::let_read(&mut database, self.asked)?;
                if !self.is_up {
                    self.say(&Event::Resumed(snapshot), output)?;
                }
                self.is_up = true;
                mark
            }
            Found::Altered(what) if !self.anew => return Err(schema::altered(&what, &self.asked.schema).into()),
            _ => self.load(&client, &mut database, &catalogue, Load::Build, output)?,
        };
        self.anew = false;
        let mut rests = 0;
        loop {
            let applied = match self.follow(&client, &mut database, &catalogue, &mark)? {
                Some(applied) => applied,
                None => {
                    // A node that made its tables anew may have others by now.
                    let now = self.catalogue()?;
                    let same = now.form() == catalogue.form();
                    catalogue = now;
                    let load = if same { Load::Refill } else { Load::Build };
                    mark = self.load(&client, &mut database, &catalogue, load, output)?;
                    continue;
                }
            };
            if self.is_troubled {
                self.is_troubled = false;
                self.say(&Event::Back, output)?;
            }
            mark.clone_from(&applied.end.merk);
            if !applied.end.klaar {
                continue;
            }
            rests += 1;
            if self.asked.once && applied.end.snapshot.is_some() {
                return self.say(&Event::CaughtUp(&applied.end), output);
            }
            if self.asked.once && rests > ONCE_RESTS_MAX {
                return Err(still_busy().into());
            }
            database.is_there()?;
            rest(REST);
        }
    }

    /// The tables of the node; what they mean is told in Dutch, whoever types the command.
    fn catalogue(&self) -> Result<Catalogue, CommandError> {
        Catalogue::ask(&Client::of(self.node, Lang::Nl)?)
    }

    fn say(&self, event: &Event<'_>, output: &mut Output<'_>) -> Result<(), Ended> {
        told::tell(event, self.asked, output).map_err(Ended::Stop)
    }

    /// Loads everything, and says from where to go on.
    fn load(
        &mut self,
        client: &Client,
        database: &mut Database,
        catalogue: &Catalogue,
        load: Load,
        output: &mut Output<'_>,
    ) -> Result<String, Ended> {
        let lines = client.stream(path::WIJZIGINGEN, &[], protocol::api::MEDIA_JSON_LINES)?;
        let mut feed = Feed::new(lines);
        let anew = self.anew;
        let loaded = batch::load(database, self.asked, catalogue, (load, anew), &mut feed, &mut self.bar);
        self.bar.end();
        let loaded = loaded?;
        self.is_up = true;
        self.say(&Event::Loaded(&loaded), output)?;
        Ok(loaded.end.merk)
    }

    /// Applies the next batch; nothing when the node cannot go on from this mark.
    fn follow(
        &self,
        client: &Client,
        database: &mut Database,
        catalogue: &Catalogue,
        mark: &str,
    ) -> Result<Option<Applied>, Fault> {
        let query = [("sinds", mark.to_owned()), ("aantal", BATCH_DEFAULT.to_string())];
        match client.stream(path::WIJZIGINGEN, &query, protocol::api::MEDIA_JSON_LINES) {
            Ok(lines) => {
                let applied = batch::apply(database, self.asked, catalogue, mark, &mut Feed::new(lines));
                applied.map(Some)
            }
            Err(error) if error.problem == Some(ProblemKind::Vervallen) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// The node took something in all the time.
fn still_busy() -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new(
            "de node verwerkt nog wat binnenkwam; de spiegel heeft wat er tot nu toe was",
            "the node is still working through what came in; the mirror has what there was so far",
        ),
    )
    .hinting(Message::new("probeer het straks opnieuw", "try again in a while"))
}

/// Waits for what cannot call: a node where nothing changed, or a server that is away.
#[expect(clippy::disallowed_methods, reason = "what is waited for is another process")]
fn rest(pause: Duration) {
    thread::sleep(pause);
}

/// Another federation stands in the schema.
fn other_federation(schema: &str) -> CommandError {
    CommandError::new(
        Exit::Conflict,
        Message::with(
            format!("in schema {schema} staat de spiegel van een andere federatie"),
            format!("schema {schema} holds the mirror of another federation"),
        ),
    )
    .hinting(Message::new(
        "kies een ander --schema, of vervang wat er staat met --anew",
        "choose another --schema, or replace what stands there with --anew",
    ))
}
