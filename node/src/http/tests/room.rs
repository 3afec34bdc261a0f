//! A server on a free port with a client that writes HTTP by hand, so that broken questions can be asked.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::api::Problem;
use tokio::sync::oneshot;

use super::super::{Door, HttpError, Limits, Place, Server, Token};
use super::fake::Fake;

const TOKEN: &str = "dit-is-het-token";
/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Room {
    pub(super) fake: Arc<Fake>,
    address: SocketAddr,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    serving: tokio::task::JoinHandle<Result<(), HttpError>>,
    runtime: tokio::runtime::Runtime,
}

pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
    /// Whether the body ended as it should.
    pub(super) whole: bool,
}

/// A question that was sent and not yet answered.
pub(super) struct Pending(TcpStream);

impl Room {
    pub(super) fn open() -> Self {
        Self::with(Limits::default())
    }

    pub(super) fn with(limits: Limits) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let place = Place {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            proxy: None,
        };
        let server = runtime.block_on(Server::bind(&place, limits)).unwrap();
        let address = server.address();
        let fake = Arc::new(Fake::default());
        let (stop, stopped) = oneshot::channel();
        let run = server.run(Arc::clone(&fake) as _, Door::of_start(Token::of_text(TOKEN)), async {
            let _ = stopped.await;
        });
        Self {
            fake,
            address,
            stop: Mutex::new(Some(stop)),
            serving: runtime.spawn(run),
            runtime,
        }
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(super) fn post(&self, path: &str, media: &str, body: &[u8]) -> Answer {
        self.send("POST", path, &[("Content-Type", media)], body)
    }

    pub(super) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.ask(method, path, headers, body).finish()
    }

    pub(super) fn start(&self, method: &str, path: &str) -> Pending {
        self.ask(method, path, &[], b"")
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Pending {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: node\r\nConnection: close\r\n");
        let has = |wanted: &str| headers.iter().any(|(name, _)| *name == wanted);
        if !has("Authorization") {
            head += &format!("Authorization: Bearer {TOKEN}\r\n");
        }
        if !has("Transfer-Encoding") {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let mut stream = self.connect();
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        // A server that refuses a body may close before it is written.
        let _ = stream.write_all(body);
        Pending(stream)
    }

    pub(super) fn stop(&self) {
        let stop = self.stop.lock().unwrap().take().unwrap();
        stop.send(()).unwrap();
    }

    /// Waits until the server has stopped.
    pub(super) fn closed(self) {
        let serving = self.serving;
        let ended = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, serving).await });
        ended.unwrap().unwrap().unwrap();
    }
}

/// The status of an answer that broke off before its head was there.
pub(super) const BROKEN_OFF: u16 = 0;

impl Pending {
    pub(super) fn finish(mut self) -> Answer {
        let mut bytes = Vec::new();
        // A connection that breaks off shows in the body, which is not whole then.
        let _ = self.0.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let Some((head, rest)) = text.split_once("\r\n\r\n") else {
            return Answer {
                status: BROKEN_OFF,
                head: String::new(),
                body: String::new(),
                whole: false,
            };
        };
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head: head.to_owned(),
            body: rest.to_owned(),
            whole: true,
        };
        if answer.header("transfer-encoding") == "chunked" {
            (answer.body, answer.whole) = joined(rest);
        }
        answer
    }
}

/// The chunks of a body put together, and whether the last one came.
fn joined(mut rest: &str) -> (String, bool) {
    let mut body = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return (body, true);
        }
        let Some(chunk) = after.get(..size) else { break };
        body += chunk;
        rest = after.get(size + 2..).unwrap_or_default();
    }
    (body, false)
}

impl Answer {
    pub(super) fn header(&self, wanted: &str) -> &str {
        let lines = self.head.lines().skip(1);
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        let found = headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value).unwrap_or_default()
    }
}

/// The problem an answer holds; it must be one in form too.
pub(super) fn problem(answer: &Answer) -> Problem {
    assert_eq!(
        answer.header("content-type"),
        protocol::api::MEDIA_PROBLEM,
        "{}",
        answer.body
    );
    let problem: Problem = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(problem.status, answer.status);
    assert!(problem.known_kind().is_some(), "{}", answer.body);
    problem
}
