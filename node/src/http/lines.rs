//! A list of records as one JSON value per line, while it is read: no more than a few chunks are in memory.

use std::io;
use std::ops::ControlFlow;

use axum::body::{Body, Bytes};
use futures::{Stream, StreamExt, future, stream};
use protocol::api::{self, Lang, Paging, RecordQuery};
use tokio::sync::mpsc;

use super::answer::{Answer, Told, with_type};
use super::server::Api;
use super::{Backend, Failure};

/// Bytes gathered before they are sent on.
const CHUNK_BYTES: usize = 32 * 1024;
/// Chunks that may wait for a slow reader.
const CHUNKS_WAITING: usize = 4;

/// What the reading thread says.
enum Part {
    /// Whole lines.
    Lines(Bytes),
    /// That was everything. Without it the list is not whole.
    End,
    /// It cannot go on.
    Broken(Failure),
}

/// Answers with every record on its own line. A failure before the first line is a problem; after it the
/// connection breaks off, so that half a list is never taken for a whole one.
pub(super) async fn answer(api: &Api, query: RecordQuery, part: Option<Paging>, lang: Lang) -> Answer {
    let (sender, mut receiver) = mpsc::channel(CHUNKS_WAITING);
    api.start(lang, move |backend| send(backend, &query, part, lang, &sender))
        .await?;
    let body = match receiver.recv().await {
        Some(Part::Lines(first)) => Body::from_stream(first_and(first, receiver)),
        Some(Part::End) => Body::empty(),
        Some(Part::Broken(failure)) => return Err(Told::of(failure, lang)),
        None => return Err(Told::of(Failure::internal("reading the list broke off"), lang)),
    };
    Ok(with_type(api::MEDIA_JSON_LINES, body))
}

fn first_and(first: Bytes, rest: mpsc::Receiver<Part>) -> impl Stream<Item = io::Result<Bytes>> {
    let rest = stream::unfold(rest, |mut rest| async move {
        match rest.recv().await {
            Some(Part::Lines(chunk)) => Some((Ok(chunk), rest)),
            Some(Part::End) => None,
            Some(Part::Broken(failure)) => {
                tracing::error!(error = %failure, "list of records broke off");
                Some((Err(io::Error::other("the list broke off")), rest))
            }
            None => Some((Err(io::Error::other("the list broke off")), rest)),
        }
    });
    stream::once(future::ready(Ok(first))).chain(rest)
}

fn send(backend: &dyn Backend, query: &RecordQuery, part: Option<Paging>, lang: Lang, sender: &mpsc::Sender<Part>) {
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    let outcome = backend.records(query, part, lang, &mut |record| {
        chunk.extend_from_slice(record.as_bytes());
        chunk.push(b'\n');
        if chunk.len() < CHUNK_BYTES {
            return ControlFlow::Continue(());
        }
        match sender.blocking_send(Part::Lines(std::mem::take(&mut chunk).into())) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    let last = match outcome {
        Ok(_) => Part::End,
        Err(failure) => Part::Broken(failure),
    };
    // When nobody listens any more, nobody needs to know how it ended.
    if matches!(last, Part::End) && !chunk.is_empty() {
        let _ = sender.blocking_send(Part::Lines(chunk.into()));
    }
    let _ = sender.blocking_send(last);
}
