//! The paths for analysts.
//!
//! **Invariant:** when whoever asked is gone, so is the question.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use futures::stream;
use protocol::api::{self, Lang, Zoekantwoord, path};
use tokio::sync::OwnedSemaphorePermit;

use super::super::Failure;
use super::super::answer::{Answer, Told, bytes_of, json, with_type};
use super::super::asked::Asked;
use super::super::server::Api;
use super::{READ, Table};
use crate::dataset::MEDIA;
use crate::stop::Stop;

/// Bytes that are handed to a connection at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of an answer that a connection holds by itself, more or less.
const SHORT_BYTES: usize = 256 * 1024;
/// How long somebody may take to read a long answer.
const READING_MAX: Duration = Duration::from_secs(60);

pub(super) fn add(table: Table) -> Table {
    table
        .get(path::ZOEKVRAGEN, READ, asked_most)
        .post(path::ZOEKVRAGEN, READ, question)
        .get(path::TABELLEN, READ, tables)
        .get(path::TABEL, READ, one_table)
        .get(path::DATASET, READ, dataset)
}

async fn question(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::ZoekvraagAsked>()?;
    let turn = api.sql().take(asked.by.as_str()).await;
    let turn = turn.ok_or_else(|| Told::of(Failure::Busy, lang))?;
    let stop = Stop::default();
    // Dropped with this answer when nobody waits for it any more.
    let _gone = stop.on_drop();
    let heard = stop.clone();
    let answered = api.apart(lang, move |backend| {
        let _turn = turn;
        backend.ask_sql(&question, &heard, lang)
    });
    let (head, rows) = answered.await?;
    let body = whole(&head, &rows, lang)?;
    if body.len() <= SHORT_BYTES {
        return Ok(with_type(api::MEDIA_JSON, Body::from(body)));
    }
    let place = api.place_to_send().ok_or_else(|| Told::of(Failure::Busy, lang))?;
    Ok(with_type(api::MEDIA_JSON, long(body.into(), place)))
}

/// The answer with its rows, which are never encoded again.
fn whole(head: &Zoekantwoord, rows: &[u8], lang: Lang) -> Result<Vec<u8>, Told> {
    let mut body = bytes_of(head, lang)?;
    // The rows come last, and there are none yet.
    body.truncate(body.len().saturating_sub("[]}".len()));
    body.extend_from_slice(rows);
    body.push(b'}');
    Ok(body)
}

/// A body that is given up, with its place, when it is not read in time: the connection breaks off then.
fn long(body: Bytes, place: OwnedSemaphorePermit) -> Body {
    let held = Arc::new(Mutex::new(Some((body, place))));
    let late = Arc::downgrade(&held);
    tokio::spawn(async move {
        tokio::time::sleep(READING_MAX).await;
        if let Some(held) = late.upgrade() {
            held.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    });
    let chunks = stream::unfold(Some(held), |held| async move {
        let held = held?;
        let chunk = next(&mut held.lock().unwrap_or_else(PoisonError::into_inner));
        match chunk {
            Some(chunk) if chunk.is_empty() => None,
            Some(chunk) => Some((Ok(chunk), Some(held))),
            None => Some((Err(io::Error::from(io::ErrorKind::TimedOut)), None)),
        }
    });
    Body::from_stream(chunks)
}

/// The next piece; empty at the end, nothing when it was given up.
fn next(held: &mut Option<(Bytes, OwnedSemaphorePermit)>) -> Option<Bytes> {
    let (bytes, _) = held.as_mut()?;
    Some(bytes.split_to(bytes.len().min(CHUNK_BYTES)))
}

async fn asked_most(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    json(&api.ask(lang, move |backend| Ok(backend.asked_most(lang))).await?, lang)
}

async fn tables(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    json(&api.ask(lang, move |backend| Ok(backend.tables(lang))).await?, lang)
}

async fn one_table(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    json(
        &api.ask(lang, move |backend| backend.table(&asked.id, lang)).await?,
        lang,
    )
}

async fn dataset(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let described = api.ask(lang, |backend| backend.dataset()).await?;
    Ok(with_type(MEDIA, Body::from(bytes_of(&described, lang)?)))
}
