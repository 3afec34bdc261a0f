//! Questions to a node over HTTP: bounded in time and size, and every failure one message.

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use protocol::api::{self, Lang, Message, Problem};
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Response;
use ureq::{Body, Error};

use crate::account;
use crate::address::{Endpoint, Node};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// Largest answer that is held in memory; a list of records is never held.
const ANSWER_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Longest record of a list.
const LINE_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// A node on this machine connects at once or not at all.
const CONNECT: Duration = Duration::from_secs(5);
/// Longer than a node takes before it gives an answer up itself.
const ANSWER: Duration = Duration::from_secs(150);
/// Longer than a node takes to make the tables of a whole country anew: meanwhile it sends nothing, and a connection that broke ends.
const MADE: Duration = Duration::from_secs(3600);

/// A node draws a new token at every start.
const FRESH_TOKEN: Message = Message::new(
    "geef --token-file MAP/api.token, of zet LEERKRING_TOKEN: de node maakt bij elke start een nieuw token",
    "give --token-file DIR/api.token, or set LEERKRING_TOKEN: the node makes a new token at every start",
);

/// A node that is being asked things.
pub struct Client {
    agent: Agent,
    endpoint: Endpoint,
    lang: Lang,
    node: Node,
}

impl Client {
    /// Somebody to ask things of this node.
    ///
    /// # Errors
    /// [`CommandError`] when the node does not run.
    pub fn of(node: &Node, lang: Lang) -> Result<Self, CommandError> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_per_read(Some(ANSWER))
            .build();
        Ok(Self {
            agent: config.into(),
            endpoint: node.endpoint()?,
            lang,
            node: node.clone(),
        })
    }

    /// Asks for the text at a path.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is a problem.
    pub fn get(&self, path: &str, query: &[(&str, String)]) -> Result<String, CommandError> {
        self.text(self.request(path, query, api::MEDIA_JSON)?)
    }

    /// Asks for the value at a path.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is not what was asked for.
    pub fn read<T: DeserializeOwned>(&self, path: &str, query: &[(&str, String)]) -> Result<T, CommandError> {
        parse(&self.get(path, query)?)
    }

    /// Asks for bytes that are longer than memory.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is a problem.
    pub fn bytes(&self, path: &str, query: &[(&str, String)]) -> Result<impl Read + use<>, CommandError> {
        self.stream(path, query, api::MEDIA_BYTES)
    }

    /// The same in a form of its own.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is a problem.
    pub fn stream(&self, path: &str, query: &[(&str, String)], media: &str) -> Result<impl Read + use<>, CommandError> {
        let mut answer = self.request(path, query, media)?;
        if answer.status() != 200 {
            return Err(self.problem(&mut answer));
        }
        Ok(answer.into_body().into_reader())
    }

    /// Hands a body over and gives the text of the answer.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is a problem.
    pub fn post(&self, path: &str, media: &str, body: &[u8]) -> Result<String, CommandError> {
        self.text(self.send(path, media, body, (api::MEDIA_JSON, ANSWER))?)
    }

    /// Hands a value over and gives an answer that is longer than memory, and that the node may work on for long before it begins.
    ///
    /// # Errors
    /// [`CommandError`] when there is no answer or it is a problem.
    pub fn post_for(&self, path: &str, body: &[u8], media: &str) -> Result<impl Read + use<>, CommandError> {
        let mut answer = self.send(path, api::MEDIA_JSON, body, (media, MADE))?;
        if answer.status() != 200 {
            return Err(self.problem(&mut answer));
        }
        Ok(answer.into_body().into_reader())
    }

    /// Asks for a list of records and hands them over one by one, each on one line as the node wrote it.
    ///
    /// # Errors
    /// Whatever `each` gives back, and [`CommandError`] when there is no answer or it breaks off.
    pub fn lines<E: From<CommandError>>(
        &self,
        path: &str,
        query: &[(&str, String)],
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut answer = self.request(path, query, api::MEDIA_JSON_LINES)?;
        if answer.status() != 200 {
            return Err(self.problem(&mut answer).into());
        }
        let mut reader = BufReader::new(answer.into_body().into_reader());
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut reader).take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
            if read.map_err(broke_off)? == 0 {
                return Ok(());
            }
            if line.pop() != Some(b'\n') {
                return Err(broke_off(std::io::ErrorKind::UnexpectedEof.into()).into());
            }
            each(&line)?;
        }
    }

    /// Hands a body over; an answer of this media type may be silent for so long.
    fn send(
        &self,
        path: &str,
        media: &str,
        body: &[u8],
        (accept, silent): (&str, Duration),
    ) -> Result<Response<Body>, CommandError> {
        let request = self.agent.post(self.url(path));
        let request = request.config().timeout_per_read(Some(silent)).build();
        let request = request
            .header("Authorization", self.bearer())
            .header(api::ACCOUNT_HEADER, account::name())
            .header("Accept-Language", self.lang.code());
        let request = request.header("Accept", accept).header("Content-Type", media);
        request.send(body).map_err(|error| self.unreachable(error))
    }

    fn request(&self, path: &str, query: &[(&str, String)], accept: &str) -> Result<Response<Body>, CommandError> {
        let mut request = self.agent.get(self.url(path));
        for (key, value) in query {
            request = request.query(key, value);
        }
        let request = request
            .header("Authorization", self.bearer())
            .header(api::ACCOUNT_HEADER, account::name())
            .header("Accept-Language", self.lang.code());
        request
            .header("Accept", accept)
            .call()
            .map_err(|error| self.unreachable(error))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.endpoint.url)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.endpoint.token)
    }

    fn text(&self, mut answer: Response<Body>) -> Result<String, CommandError> {
        if answer.status() != 200 {
            return Err(self.problem(&mut answer));
        }
        body(&mut answer).map_err(|error| self.unreachable(error))
    }

    fn problem(&self, answer: &mut Response<Body>) -> CommandError {
        let text = body(answer).unwrap_or_default();
        match serde_json::from_str::<Problem>(&text) {
            Ok(problem) if answer.status() == 401 => CommandError::of_problem(&problem, self.lang).hinting(FRESH_TOKEN),
            Ok(problem) => CommandError::of_problem(&problem, self.lang),
            Err(_) => strange(&format!("HTTP {}", answer.status())),
        }
    }

    fn unreachable(&self, error: Error) -> CommandError {
        match error {
            Error::Timeout(_) => CommandError::new(
                Exit::Unreachable,
                Message::new("de node antwoordt niet op tijd", "the node does not answer in time"),
            )
            .hinting(Message::new(
                "leerkring status toont waar de node mee bezig is",
                "leerkring status shows what the node is doing",
            ))
            .caused_by(error),
            error => self.node.not_running().caused_by(error),
        }
    }
}

/// A path with one name in it.
#[must_use]
pub fn path_of(template: &str, id: &str) -> String {
    let mut escaped = String::new();
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    template.replace("{id}", &escaped)
}

/// A value that a node wrote.
///
/// # Errors
/// [`CommandError`] when it is something else.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, CommandError> {
    serde_json::from_str(text).map_err(|error| strange(&error.to_string()).caused_by(error))
}

fn body(answer: &mut Response<Body>) -> Result<String, Error> {
    answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string()
}

fn strange(what: &str) -> CommandError {
    CommandError::new(
        Exit::Internal,
        Message::with(
            format!("de node antwoordt iets onverwachts: {what}"),
            format!("the node answers something unexpected: {what}"),
        ),
    )
    .hinting(Message::new(
        "is de node van een andere versie? vergelijk leerkring --version met leerkring status",
        "is the node of another version? compare leerkring --version with leerkring status",
    ))
}

fn broke_off(error: std::io::Error) -> CommandError {
    CommandError::new(
        Exit::Unreachable,
        Message::new("de lijst brak halverwege af", "the list broke off halfway"),
    )
    .hinting(Message::new(
        "probeer het opnieuw; het logboek van de node zegt waarom",
        "try again; the log of the node says why",
    ))
    .caused_by(error)
}
