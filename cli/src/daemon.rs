//! What is done on the folder of a node: the only file of the command line that knows `node`.
//!
//! It hands over what was typed, and turns every refusal into one message with what to do. **Invariant:** a node
//! that runs holds its store; what it must know then goes through its API and never through here.

use std::error::Error;
use std::path::Path;

use node::http::{HttpError, TokenError};
use node::net::NetError;
use node::runtime::{self, ArmorError, Config, ConfigError, FoundingError, Home, Release, RunError, VerifyError};
use node::secret::SecretError;
use node::store::OpenError;
use protocol::api::{Imported, Message};
use protocol::id::Gemeente;
use protocol::log::ReplicaError;
use serde_json::json;

use crate::args::{Init, NodeOptions};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gemeenten;
use crate::output::{Output, Stop};

/// Makes a node and says what comes next.
///
/// # Errors
/// [`Stop`] when it could not be made.
pub fn init(asked: Init, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let name = name_of(asked.gemeente, asked.name)?;
    let practice = asked.practice || gemeenten::is_practice(&asked.gemeente.to_string());
    let config = Config {
        gemeente: asked.gemeente,
        name,
        mailbox: asked.mailbox,
        listen: asked.listen,
        announce: asked.announce,
        api: asked.api,
        proxy: None,
        gossip: true,
        release: if practice { Release::AtOnce } else { Release::Weekly },
    };
    let made = make(&asked.dir, config)?;
    let dir = asked.dir.display();
    if output.json {
        let made = json!({
            "gemeente": made.gemeente, "naam": made.name, "dir": dir.to_string(), "listen": made.listen, "api": made.api,
        });
        output.line(&made.to_string())?;
        return Ok(Exit::Ok);
    }
    let (code, name, listen) = (made.gemeente, &made.name, made.listen.join(" "));
    output.say(&Message::with(
        format!(
            "{code} {name} heeft een node in {dir}, bereikbaar op {listen}\nVerder met: leerkring node --dir {dir}"
        ),
        format!("{code} {name} has a node in {dir}, reachable at {listen}\nGo on with: leerkring node --dir {dir}"),
    ))?;
    Ok(Exit::Ok)
}

/// Makes a practice node.
///
/// # Errors
/// [`CommandError`] when it could not be made.
pub fn init_practice(dir: &Path, gemeente: Gemeente, name: &str) -> Result<(), CommandError> {
    let config = Config {
        gemeente,
        name: name.to_owned(),
        mailbox: String::new(),
        listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        gossip: true,
        release: Release::AtOnce,
    };
    make(dir, config).map(drop)
}

fn make(dir: &Path, config: Config) -> Result<Config, CommandError> {
    runtime::init(&Home::new(dir), runtime::Init { config }).map_err(of_founding)
}

/// The name that was typed, or the one in the list; a code that nobody has is refused.
fn name_of(gemeente: Gemeente, typed: Option<String>) -> Result<String, CommandError> {
    let code = gemeente.to_string();
    let listed = gemeenten::name_of(&code);
    match (typed, listed) {
        (Some(name), Some(_)) => Ok(name),
        (Some(name), None) if gemeenten::is_practice(&code) => Ok(name),
        (None, Some(name)) => Ok(name.to_owned()),
        (None, None) if gemeenten::is_practice(&code) => Err(CommandError::new(
            Exit::Usage,
            Message::with(
                format!("{code} is een oefengemeente en heeft nog geen naam"),
                format!("{code} is a practice gemeente and has no name yet"),
            ),
        )
        .hinting(Message::new("geef --naam NAAM", "give --naam NAME"))),
        (_, None) => {
            let near = gemeenten::similar(&code).join(", ");
            Err(CommandError::new(
                Exit::Input,
                Message::with(
                    format!("er is geen gemeente met code {code}"),
                    format!("there is no gemeente with code {code}"),
                ),
            )
            .hinting(Message::with(
                format!("lijkt op {near}; een oefengemeente heeft een code vanaf GM9900"),
                format!("looks like {near}; a practice gemeente has a code from GM9900 on"),
            )))
        }
    }
}

/// Runs the node in a folder until it is told to stop.
///
/// # Errors
/// [`Stop`] when it did not start, or failed at the end.
pub fn run(options: &NodeOptions, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let home = Home::new(&options.dir);
    let how = runtime::Options {
        offline: options.offline,
    };
    let mut said = Ok(());
    let ran = runtime::run(&home, how, options.stop_with_stdin, |ready| {
        said = if output.json {
            output.line(&json!({"event": "ready", "api": ready.api, "pid": ready.pid, "peer": ready.peer}).to_string())
        } else {
            output.say(&Message::with(
                format!("De node antwoordt op {}; stoppen met Ctrl-C", ready.api),
                format!("The node answers at {}; stop with Ctrl-C", ready.api),
            ))
        };
        said = std::mem::replace(&mut said, Ok(())).and_then(|()| output.flush());
    });
    ran.map_err(of_run)?;
    // A node does not stop because nobody reads what it said at its start.
    match said {
        Err(Stop::Failed(error)) => Err(Stop::Failed(error)),
        _ => Ok(Exit::Ok),
    }
}

/// Waits until this process is told to stop.
///
/// # Errors
/// [`CommandError`] when the system does not tell.
pub fn until_stopped() -> Result<(), CommandError> {
    runtime::until_stopped().map_err(of_run)
}

/// Checks the folder of a node that does not run.
///
/// # Errors
/// [`Stop`] when something is not right.
pub fn verify(dir: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let home = home_of(dir)?;
    let found = runtime::verify(&home).map_err(of_verify)?;
    if output.json {
        output.line(&serde_json::to_string(&found).expect("numbers and an id"))?;
        return Ok(Exit::Ok);
    }
    let (statements, logs, entries) = (found.statements, found.logs, found.entries);
    let (effective, erased) = (found.effective, found.erased);
    output.say(&Message::with(
        format!(
            "In orde: {statements} verklaringen, {logs} logs, {entries} entries ({effective} effectief, {erased} gewist)"
        ),
        format!("In order: {statements} statements, {logs} logs, {entries} entries ({effective} effective, {erased} erased)"),
    ))?;
    Ok(Exit::Ok)
}

/// The card of the gemeente of a node.
///
/// # Errors
/// [`CommandError`].
pub fn card(dir: &Path) -> Result<String, CommandError> {
    runtime::card(&Home::new(dir)).map_err(of_founding)
}

/// The charter of the gemeente of a node and those of the cards.
///
/// # Errors
/// [`CommandError`].
pub fn propose(dir: &Path, cards: &[String]) -> Result<String, CommandError> {
    runtime::propose(&Home::new(dir), cards).map_err(of_founding)
}

/// The charter with the signature of the gemeente of a node.
///
/// # Errors
/// [`CommandError`].
pub fn endorse(dir: &Path, charter: &str) -> Result<String, CommandError> {
    runtime::endorse(&Home::new(dir), charter).map_err(of_founding)
}

/// Puts a charter into the store of a node that does not run.
///
/// # Errors
/// [`CommandError`].
pub fn import(dir: &Path, charter: &str) -> Result<Imported, CommandError> {
    let imported = runtime::import(&home_of(dir)?, charter).map_err(of_run)?;
    Ok(Imported {
        gelezen: imported.read as u64,
        nieuw: imported.new as u64,
        federatie: imported.federation,
    })
}

/// The folder, when it is a node's: otherwise the first file that is missing would be blamed.
fn home_of(dir: &Path) -> Result<Home, CommandError> {
    let home = Home::new(dir);
    Config::read(&home).map_err(of_config)?;
    Ok(home)
}

/// A failure in its own words, with what to do about it.
fn told(exit: Exit, nl: &str, error: impl Error + Send + Sync + 'static, hint: Message) -> CommandError {
    let chain = in_full(&error);
    let message = Message::with(format!("{nl}: {chain}"), chain);
    CommandError::new(exit, message).hinting(hint).caused_by(error)
}

/// A failure and what caused it, on one line.
fn in_full(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text += &format!(": {more}");
        }
        cause = error.source();
    }
    text
}

fn of_founding(error: FoundingError) -> CommandError {
    match error {
        FoundingError::Exists { .. } => told(
            Exit::Conflict,
            "er is al een node",
            error,
            Message::new(
                "kies een andere map, of start de node die er is",
                "choose another folder, or start the node",
            ),
        ),
        FoundingError::NotEmpty { path } => {
            let path = path.display();
            CommandError::new(
                Exit::Conflict,
                Message::with(format!("{path} is niet leeg"), format!("{path} is not empty")),
            )
            .hinting(Message::new(
                "kies een nieuwe map: init sluit haar af voor ieder ander",
                "choose a new folder: init closes it to everybody else",
            ))
        }
        FoundingError::Io { path, source } => CommandError::of_file(&path, source),
        FoundingError::Secret(error) => of_secret(error),
        FoundingError::Config(error) => of_config(error),
        FoundingError::Armor(error) => of_armor(error),
        error @ FoundingError::Address { .. } => told(
            Exit::Input,
            "dit adres kan een andere node niet gebruiken",
            error,
            Message::new(
                "geef een adres als /ip4/192.0.2.1/tcp/4001",
                "give an address such as /ip4/192.0.2.1/tcp/4001",
            ),
        ),
        error @ (FoundingError::Edition(_) | FoundingError::NoEdition | FoundingError::NotListed { .. }) => told(
            Exit::Input,
            "dit handvest past niet",
            error,
            Message::new(
                "vraag wie het opstelde naar het juiste bestand, of geef hem een nieuwe kaart",
                "ask who wrote it for the right file, or give them a new card",
            ),
        ),
    }
}

fn of_config(error: ConfigError) -> CommandError {
    match error {
        ConfigError::Io { path, source } => CommandError::of_file(&path, source),
        error @ ConfigError::Absent { .. } => told(
            Exit::Input,
            "hier is geen node",
            error,
            Message::new(
                "maak er een met leerkring init MAP --gemeente CODE",
                "make one with leerkring init DIR --gemeente CODE",
            ),
        ),
        error @ ConfigError::Form { .. } => told(
            Exit::Input,
            "de instellingen kloppen niet",
            error,
            Message::new("verbeter de genoemde regel", "mend the line that is named"),
        ),
    }
}

fn of_secret(error: SecretError) -> CommandError {
    match error {
        SecretError::Io { path, source } => CommandError::of_file(&path, source),
        error @ SecretError::Readable { .. } => told(
            Exit::Permission,
            "anderen kunnen een sleutel lezen",
            error,
            Message::new("chmod 600 op dat bestand", "chmod 600 on that file"),
        ),
        error => told(
            Exit::Input,
            "een sleutel is niet te gebruiken",
            error,
            Message::new(
                "zet de sleutel terug uit de reservekopie",
                "put the key back from the backup",
            ),
        ),
    }
}

fn of_armor(error: ArmorError) -> CommandError {
    told(
        Exit::Input,
        "deze kaart of dit handvest is niet te lezen",
        error,
        Message::new(
            "vraag het bestand opnieuw, onveranderd",
            "ask for the file again, unchanged",
        ),
    )
}

fn of_run(error: RunError) -> CommandError {
    match error {
        RunError::Config(error) => of_config(error),
        RunError::Secret(error) => of_secret(error),
        RunError::Armor(error) => of_armor(error),
        RunError::Store(error) => of_store(error),
        RunError::Net(error) => of_net(error),
        RunError::Http(error) => of_http(error),
        RunError::Token(error) => of_token(error),
        error @ RunError::ApiAddress { .. } => {
            told(Exit::Input, "het adres van de API klopt niet", error, configured())
        }
        error @ RunError::NotListed => told(
            Exit::Input,
            "dit handvest noemt deze node niet",
            error,
            Message::new(
                "geef de opsteller de kaart van deze node",
                "give the card of this node to who wrote it",
            ),
        ),
        RunError::Replica(ReplicaError::OtherFederation { held }) => CommandError::new(
            Exit::Conflict,
            Message::with(
                format!("deze node hoort al bij federatie {held}"),
                format!("this node belongs to federation {held} already"),
            ),
        )
        .hinting(Message::new(
            "maak voor een andere federatie een eigen node met leerkring init",
            "make a node of its own for another federation with leerkring init",
        )),
        error => told(
            Exit::Internal,
            "de node stopte",
            error,
            Message::new(
                "het logboek zegt waarom; leerkring verify controleert de map",
                "the log says why; leerkring verify checks the folder",
            ),
        ),
    }
}

fn configured() -> Message {
    Message::new(
        "pas leerkring.toml in de map aan",
        "change leerkring.toml in the folder",
    )
}

fn of_store(error: OpenError) -> CommandError {
    let (exit, nl, hint) = match &error {
        OpenError::InUse { .. } => (
            Exit::Conflict,
            "de node draait al",
            Message::new("stop die node eerst", "stop that node first"),
        ),
        OpenError::Permission { .. } => (
            Exit::Permission,
            "geen toegang",
            Message::new(
                "start als de gebruiker van deze map",
                "start as the user of this folder",
            ),
        ),
        OpenError::Newer { .. } => (
            Exit::Conflict,
            "de map is van een nieuwere versie",
            Message::new("gebruik die versie van leerkring", "use that version of leerkring"),
        ),
        OpenError::Full { .. } => (
            Exit::Conflict,
            "de schijf is vol",
            Message::new("maak ruimte en start opnieuw", "make room and start again"),
        ),
        _ => (
            Exit::Internal,
            "de opslag gaat niet open",
            Message::new(
                "zet de map terug uit de reservekopie",
                "put the folder back from the backup",
            ),
        ),
    };
    told(exit, nl, error, hint)
}

fn of_net(error: NetError) -> CommandError {
    let (exit, nl) = match &error {
        NetError::AddressInUse { .. } => (Exit::Conflict, "de poort is in gebruik"),
        NetError::Address { .. } | NetError::Listen { .. } => (Exit::Input, "hier kan de node niet luisteren"),
        _ => (Exit::Internal, "het netwerk start niet"),
    };
    let hint = Message::new(
        "kies een andere poort bij listen in leerkring.toml, of stop wat er luistert",
        "choose another port at listen in leerkring.toml, or stop what listens there",
    );
    told(exit, nl, error, hint)
}

fn of_http(error: HttpError) -> CommandError {
    let (exit, nl) = match &error {
        HttpError::InUse { .. } => (Exit::Conflict, "de poort van de API is in gebruik"),
        HttpError::NotLoopback { .. } => (Exit::Input, "de API staat alleen op deze machine open"),
        HttpError::Bind { .. } => (Exit::Input, "hier kan de API niet luisteren"),
        HttpError::Stopped(_) => (Exit::Internal, "de API stopte"),
    };
    let hint = Message::new(
        "kies een ander adres bij api in leerkring.toml, zoals 127.0.0.1:0",
        "choose another address at api in leerkring.toml, such as 127.0.0.1:0",
    );
    told(exit, nl, error, hint)
}

fn of_token(error: TokenError) -> CommandError {
    match error {
        TokenError::Io { path, source } => CommandError::of_file(&path, source),
        error @ TokenError::Random => told(
            Exit::Internal,
            "het systeem geeft geen toeval",
            error,
            Message::new("start opnieuw", "start again"),
        ),
    }
}

fn of_verify(error: VerifyError) -> CommandError {
    match error {
        VerifyError::Open(error) => of_run(error),
        error => told(
            Exit::Refused,
            "dit klopt niet",
            error,
            Message::new(
                "zet de map terug uit de reservekopie, of begin met een lege: anderen hebben wat gedeeld is",
                "put the folder back from the backup, or begin with an empty one: others have what was shared",
            ),
        ),
    }
}
