//! A node that answers from a script: enough HTTP to talk to the command line.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The token it asks for.
pub(super) const TOKEN: &str = "canned-token";

/// What it answers to one question.
#[derive(Clone)]
pub(super) struct Answer {
    /// `METHOD /path?query`.
    pub(super) to: &'static str,
    pub(super) status: u16,
    pub(super) media: &'static str,
    pub(super) body: String,
    /// Bytes that the head promises beyond the body: the answer breaks off.
    pub(super) missing: usize,
}

/// A question as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) line: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Question {
    pub(super) fn header(&self, wanted: &str) -> &str {
        let found = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

pub(super) struct Canned {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Question>>>,
}

impl Canned {
    /// Starts answering; the thread ends with the process.
    pub(super) fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&mut stream.unwrap(), &answers, &seen);
            }
        });
        Self { url, asked }
    }

    pub(super) fn asked(&self) -> Vec<Question> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(stream: &mut TcpStream, answers: &[Answer], seen: &Mutex<Vec<Question>>) {
    let question = read(stream);
    let found = answers.iter().find(|answer| answer.to == question.line);
    let found = found
        .unwrap_or_else(|| panic!("nobody wrote an answer to {}", question.line))
        .clone();
    seen.lock().unwrap().push(question);
    let length = found.body.len() + found.missing;
    let (status, media) = (found.status, found.media);
    let head = format!("HTTP/1.1 {status} X\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n");
    let whole = format!("{head}Connection: close\r\n\r\n{}", found.body);
    // A client that has seen enough may be gone.
    let _ = stream.write_all(whole.as_bytes());
}

fn read(stream: &mut TcpStream) -> Question {
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let first = lines.remove(0);
    let headers = lines.iter().filter_map(|line| line.split_once(": "));
    let mut question = Question {
        line: first.trim_end_matches(" HTTP/1.1").to_owned(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: String::new(),
    };
    let length = question.header("content-length").parse().unwrap_or(0);
    reader.take(length).read_to_string(&mut question.body).unwrap();
    question
}
