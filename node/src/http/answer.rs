//! How an answer is written down: JSON, records in their own bytes, or a problem.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::api::{self, Lang, Message, Problem, ProblemKind, RecordPage};
use serde::Serialize;

use super::Failure;

/// What a handler comes back with.
pub(super) type Answer = Result<Response, Told>;

/// A problem as an answer.
#[derive(Debug)]
pub(super) struct Told(Box<Problem>);

impl From<Problem> for Told {
    fn from(problem: Problem) -> Self {
        Self(Box::new(problem))
    }
}

impl Told {
    pub(super) fn new(kind: ProblemKind, lang: Lang, detail: &Message) -> Self {
        Problem::new(kind, lang, detail).into()
    }

    /// What the asker is told of a failure; what only the node should know goes into its log.
    pub(super) fn of(failure: Failure, lang: Lang) -> Self {
        if let Failure::Internal(source) | Failure::Full(source) = &failure {
            tracing::error!(error = %source, "question failed");
        }
        failure.problem(lang).into()
    }

    pub(super) fn hinting(self, lang: Lang, hint: &Message) -> Self {
        self.0.hinting(lang, hint).into()
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.0).expect("a problem is plain text and numbers");
        let mut response = with_type(api::MEDIA_PROBLEM, Body::from(body));
        *response.status_mut() = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        match self.0.known_kind() {
            Some(ProblemKind::Toegang) => headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            Some(ProblemKind::Bezet) => headers.insert(RETRY_AFTER, HeaderValue::from_static("2")),
            _ => None,
        };
        response
    }
}

/// A response with this body.
pub(super) fn with_type(media: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// That who asks has this already.
pub(super) fn not_modified() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    response
}

/// An answer as JSON.
pub(super) fn json<T: Serialize>(answer: &T, lang: Lang) -> Answer {
    bytes_of(answer, lang).map(|body| with_type(api::MEDIA_JSON, Body::from(body)))
}

/// An answer as the bytes of its JSON.
pub(super) fn bytes_of<T: Serialize>(answer: &T, lang: Lang) -> Result<Vec<u8>, Told> {
    serde_json::to_vec(answer).map_err(|error| Told::of(Failure::internal(error), lang))
}

/// A page of records, each in its canonical text, which is never encoded again.
pub(super) fn page(about: &RecordPage, records: &[String], lang: Lang) -> Answer {
    let head = match serde_json::to_string(about) {
        Ok(head) => head,
        Err(error) => return Err(Told::of(Failure::internal(error), lang)),
    };
    let head = head.strip_suffix('}').expect("a struct with fields ends with a brace");
    let body = format!("{head},\"records\":[{}]}}", records.join(","));
    Ok(with_type(api::MEDIA_JSON, Body::from(body)))
}
