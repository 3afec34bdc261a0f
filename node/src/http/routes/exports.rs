//! The paths of snapshots and exports.
//!
//! An export is written into a file as fast as it can be, and sent from there as fast as it is read: a slow reader keeps no
//! state of the view from being cleaned up. What fails soon is told as a problem; what fails later breaks the connection off,
//! and the archive has no end.
//!
//! **Invariant:** when whoever asked is gone, so is the export.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_DISPOSITION;
use futures::stream;
use protocol::api::{self, Lang, path};
use tokio::sync::{Notify, OwnedSemaphorePermit, oneshot};

use super::super::answer::{Answer, Told, json, with_type};
use super::super::asked::Asked;
use super::super::server::Api;
use super::super::{Backend, Failure};
use super::{READ, Table};
use crate::stop::{Stop, StopOnDrop};

/// Bytes that are handed to a connection at a time.
const CHUNK_BYTES: usize = 256 * 1024;
/// How long a failure is still told as a problem: after it the answer begins.
const TOLD_WITHIN: Duration = Duration::from_secs(60);

pub(super) fn add(table: Table) -> Table {
    table
        .get(path::MOMENTOPNAME, READ, snapshot)
        .get(path::UITVOER, READ, export)
        .post(path::UITVOER, READ, export_again)
        .get(path::WIJZIGINGEN, READ, changes)
}

async fn snapshot(State(api): State<Api>, asked: Asked) -> Answer {
    let snapshot = api.ask(asked.lang, |backend| backend.snapshot()).await?;
    json(&snapshot, asked.lang)
}

async fn export(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let form = api::read_vorm(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    archived(&api, lang, move |backend, out| backend.export(form, out)).await
}

async fn export_again(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let earlier = asked.json::<api::EerdereStand>()?;
    archived(&api, lang, move |backend, out| backend.export_again(&earlier, out)).await
}

async fn archived(
    api: &Api,
    lang: Lang,
    work: impl FnOnce(&dyn Backend, &mut Gathered) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let mut answer = spooled(api, lang, api::MEDIA_ZIP, work).await?;
    let name = HeaderValue::from_static("attachment; filename=\"leerkring.zip\"");
    answer.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(answer)
}

async fn changes(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let query = api::read_wijzigingen(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let Some(since) = query.since else {
        return spooled(&api, lang, api::MEDIA_JSON_LINES, |backend, out| {
            backend.everything(out)
        })
        .await;
    };
    let changes = api.ask(lang, move |backend| backend.changes(&since, query.count));
    Ok(with_type(api::MEDIA_JSON_LINES, Body::from(changes.await?)))
}

/// Answers with whatever is written, from the file in which it grows.
async fn spooled(
    api: &Api,
    lang: Lang,
    media: &'static str,
    work: impl FnOnce(&dyn Backend, &mut Gathered) -> Result<(), Failure> + Send + 'static,
) -> Answer {
    let place = api.place_to_export().ok_or_else(|| Told::of(Failure::Busy, lang))?;
    let file = Arc::new(api.apart(lang, |backend| backend.spool()).await?);
    let growing = Arc::new(Growing::default());
    let stop = Stop::default();
    let sent = Sent {
        file: Arc::clone(&file),
        growing: Arc::clone(&growing),
        at: 0,
        _place: place,
        _gone: stop.on_drop(),
    };
    let out = Spooled {
        file,
        growing: Arc::clone(&growing),
        at: 0,
    };
    let mut out = Gathered {
        out: BufWriter::with_capacity(CHUNK_BYTES, out),
        stop,
    };
    let (tell, told) = oneshot::channel();
    api.beside(move |backend| {
        let outcome = work(backend, &mut out).and_then(|()| out.flush().map_err(Failure::internal));
        growing.end(outcome.is_ok());
        // Who is gone does not need to know.
        let _ = tell.send(outcome);
    });
    answer(sent, told, media, lang).await
}

async fn answer(sent: Sent, told: oneshot::Receiver<Result<(), Failure>>, media: &'static str, lang: Lang) -> Answer {
    match tokio::time::timeout(TOLD_WITHIN, told).await {
        Ok(Ok(Err(failure))) => return Err(Told::of(failure, lang)),
        Ok(Err(_)) => return Err(Told::of(Failure::internal("the export broke off"), lang)),
        Ok(Ok(Ok(()))) | Err(_) => {}
    }
    let body = Body::from_stream(stream::try_unfold(sent, Sent::next));
    Ok(with_type(media, body))
}

/// How much of an export is there.
#[derive(Default)]
struct Growing {
    so_far: Mutex<SoFar>,
    grew: Notify,
}

#[derive(Default, Clone, Copy)]
struct SoFar {
    bytes: u64,
    /// Whether it ended well, once it did.
    ended: Option<bool>,
}

impl Growing {
    fn grow(&self, bytes: u64) {
        self.so_far().bytes = bytes;
        self.grew.notify_one();
    }

    fn end(&self, is_whole: bool) {
        self.so_far().ended = Some(is_whole);
        self.grew.notify_one();
    }

    /// A std mutex: it is held for a number.
    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where an export is written: cell by cell, so a call to the system for each would take longer than the export.
struct Gathered {
    out: BufWriter<Spooled>,
    stop: Stop,
}

impl Gathered {
    /// What it is written to, while somebody waits for it.
    fn wanted(&mut self) -> io::Result<&mut BufWriter<Spooled>> {
        if self.stop.is_said() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(&mut self.out)
    }
}

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.wanted()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.wanted()?.flush()
    }
}

/// The file in which it grows.
struct Spooled {
    file: Arc<File>,
    growing: Arc<Growing>,
    at: u64,
}

impl Write for Spooled {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write_at(bytes, self.at)?;
        self.at += written as u64;
        self.growing.grow(self.at);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An export on its way to who asked.
struct Sent {
    file: Arc<File>,
    growing: Arc<Growing>,
    at: u64,
    _place: OwnedSemaphorePermit,
    _gone: StopOnDrop,
}

impl Sent {
    /// The next bytes, once there are some.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        loop {
            let so_far = *self.growing.so_far();
            if self.at < so_far.bytes {
                let left = usize::try_from(so_far.bytes - self.at).unwrap_or(CHUNK_BYTES);
                let chunk = self.read(left.min(CHUNK_BYTES)).await?;
                self.at += chunk.len() as u64;
                return Ok(Some((chunk, self)));
            }
            match so_far.ended {
                Some(true) => return Ok(None),
                Some(false) => return Err(io::Error::other("the export broke off")),
                None => self.growing.grew.notified().await,
            }
        }
    }

    async fn read(&self, bytes: usize) -> io::Result<Bytes> {
        let (file, at) = (Arc::clone(&self.file), self.at);
        let reading = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; bytes];
            file.read_exact_at(&mut chunk, at).map(|()| Bytes::from(chunk))
        });
        reading.await.map_err(io::Error::other)?
    }
}
