//! Answers that are longer than memory: sent while they are read, no more than a few chunks at a time. The records, one JSON
//! value per line, and a backup.

use std::io::{self, Write};
use std::ops::ControlFlow;

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt, future, stream};
use protocol::api::{self, Lang, Paging, RecordQuery};
use protocol::gate::Account;
use tokio::sync::mpsc;

use super::answer::{Answer, Told, with_type};
use super::server::Api;
use super::{Backend, Deed, Failure};

/// Bytes gathered before they are sent on.
const CHUNK_BYTES: usize = 32 * 1024;
/// Chunks that may wait for a slow reader.
const CHUNKS_WAITING: usize = 4;

/// What the reading thread says.
enum Part {
    /// Whole lines, or the next bytes.
    Lines(Bytes),
    /// That was everything. Without it the answer is not whole.
    End,
    /// It cannot go on.
    Broken(Failure),
}

/// Answers with every record on its own line. A failure before the first line is a problem; after it the
/// connection breaks off, so that half a list is never taken for a whole one.
pub(super) async fn answer(api: &Api, query: RecordQuery, part: Option<Paging>, lang: Lang) -> Answer {
    let work = move |backend: &dyn Backend, out: &mut Sending| {
        let each = &mut |record: &str| match out.write_all(format!("{record}\n").as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        };
        backend.records(&query, part, lang, each).map(drop)
    };
    stream_of(api, api::MEDIA_JSON_LINES, lang, work).await
}

/// Answers with a backup.
pub(super) async fn backup(api: &Api, audit: bool, by: Account, lang: Lang) -> Answer {
    let work = move |backend: &dyn Backend, out: &mut Sending| {
        backend.backup(audit, out)?;
        backend.note(&by, Deed::BackedUp, &[]);
        Ok(())
    };
    stream_of(api, api::MEDIA_BYTES, lang, work).await
}

/// Answers with whatever is written, as it is written.
async fn stream_of(
    api: &Api,
    media: &'static str,
    lang: Lang,
    work: impl FnOnce(&dyn Backend, &mut Sending) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let (sender, mut receiver) = mpsc::channel(CHUNKS_WAITING);
    let sending = move |backend: &dyn Backend| {
        let mut out = Sending::new(sender);
        let outcome = work(backend, &mut out);
        out.end(outcome);
    };
    api.start(lang, sending).await?;
    let body = match receiver.recv().await {
        Some(Part::Lines(first)) => Body::from_stream(first_and(first, receiver)),
        Some(Part::End) => Body::empty(),
        Some(Part::Broken(failure)) => return Err(Told::of(failure, lang)),
        None => return Err(Told::of(Failure::internal("reading the answer broke off"), lang)),
    };
    Ok(with_type(media, body))
}

/// What is written on its way to who asked.
struct Sending {
    chunk: Vec<u8>,
    sender: mpsc::Sender<Part>,
}

impl Sending {
    fn new(sender: mpsc::Sender<Part>) -> Self {
        let chunk = Vec::with_capacity(CHUNK_BYTES);
        Self { chunk, sender }
    }

    /// Sends what is left, and how it ended.
    fn end(mut self, outcome: Result<(), Failure>) {
        let last = match outcome {
            Ok(()) => Part::End,
            Err(failure) => Part::Broken(failure),
        };
        // When nobody listens any more, nobody needs to know how it ended.
        if matches!(last, Part::End) {
            let _ = self.flush();
        }
        let _ = self.sender.blocking_send(last);
    }
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::take(&mut self.chunk);
        let sent = self.sender.blocking_send(Part::Lines(chunk.into()));
        sent.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

fn first_and(first: Bytes, rest: mpsc::Receiver<Part>) -> impl Stream<Item = io::Result<Bytes>> {
    let rest = stream::unfold(rest, |mut rest| async move {
        match rest.recv().await {
            Some(Part::Lines(chunk)) => Some((Ok(chunk), rest)),
            Some(Part::End) => None,
            Some(Part::Broken(failure)) => {
                tracing::error!(error = %failure, "an answer broke off");
                Some((Err(io::Error::other("the answer broke off")), rest))
            }
            None => Some((Err(io::Error::other("the answer broke off")), rest)),
        }
    });
    stream::once(future::ready(Ok(first))).chain(rest)
}
