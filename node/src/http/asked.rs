//! A question as it came in: path, query, headers and body, all bounded, read in one place.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use futures::StreamExt;
use protocol::api::{self, Format, Lang, Message, ProblemKind, QueryFault};
use protocol::gate::Account;
use serde::de::DeserializeOwned;

use super::answer::Told;
use super::server::Api;

/// A question of somebody who showed the token.
#[derive(Debug)]
pub(super) struct Asked {
    /// The language of the answer.
    pub(super) lang: Lang,
    /// On whose behalf it is asked.
    pub(super) by: Account,
    /// What stands for `{id}` in the path; empty when the path has none.
    pub(super) id: String,
    /// The query.
    pub(super) pairs: Vec<(String, String)>,
    /// The body.
    pub(super) body: Bytes,
    content_type: String,
    accept: String,
}

/// The language a request asks for.
pub(super) fn lang_of(headers: &HeaderMap) -> Lang {
    Lang::of_accept_language(text(headers, &ACCEPT_LANGUAGE))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Who asks without saying on whose behalf.
const NOBODY_NAMED: &str = "api";

/// On whose behalf a request asks. Who holds the token is believed: the node cannot know its accounts.
fn account_of(headers: &HeaderMap, lang: Lang) -> Result<Account, Told> {
    let said = headers.get(api::ACCOUNT_HEADER).map(|value| value.to_str());
    let account = match said {
        None => Account::new(NOBODY_NAMED).ok(),
        Some(said) => said.ok().and_then(|said| Account::new(said).ok()),
    };
    account.ok_or_else(|| {
        let detail = Message::new(
            "de header Leerkring-Account is geen account: 1 tot 80 zichtbare tekens",
            "the header Leerkring-Account is no account: 1 to 80 visible characters",
        );
        Told::new(ProblemKind::Invoer, lang, &detail)
    })
}

impl FromRequest<Api> for Asked {
    type Rejection = Told;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Told> {
        let (mut parts, body) = request.into_parts();
        let lang = lang_of(&parts.headers);
        let too_long = parts
            .uri
            .query()
            .is_some_and(|query| query.len() > api::QUERY_CHARS_MAX);
        if too_long || parts.uri.path().len() > api::QUERY_CHARS_MAX {
            return Err(long_question(lang));
        }
        let id = id_of(&mut parts, lang).await?;
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        let pairs = pairs.map_err(|_| unreadable_query(lang))?.0;
        let max = match parts.uri.path() {
            // What one node gives whole another takes whole.
            api::path::HANDVEST => api.limits.charter_bytes_max,
            _ => api.limits.body_bytes_max,
        };
        let body = read(body, &parts.headers, max, lang).await?;
        Ok(Self {
            by: account_of(&parts.headers, lang)?,
            lang,
            id,
            pairs,
            body,
            content_type: text(&parts.headers, &CONTENT_TYPE).to_owned(),
            accept: text(&parts.headers, &ACCEPT).to_owned(),
        })
    }
}

impl Asked {
    /// The format of the records in the body.
    pub(super) fn format(&self) -> Result<Format, Told> {
        Format::of_media(&self.content_type).ok_or_else(|| {
            let known = Format::ALL.map(Format::media);
            wrong_media(&self.content_type, &known, self.lang)
        })
    }

    /// Refuses a body of a kind that this path does not read.
    pub(super) fn only_media(&self, known: &[&str]) -> Result<(), Told> {
        let media = self.content_type.split(';').next().unwrap_or_default().trim();
        if known.iter().any(|known| media.eq_ignore_ascii_case(known)) {
            Ok(())
        } else {
            Err(wrong_media(&self.content_type, known, self.lang))
        }
    }

    /// The body as JSON of this form.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Told> {
        self.only_media(&[api::MEDIA_JSON])?;
        serde_json::from_slice(&self.body).map_err(|error| {
            let fault = api::Fault {
                regelnummer: u32::try_from(error.line()).ok(),
                kolom: u32::try_from(error.column()).ok(),
                melding: unreadable_body(error.is_data()).text(self.lang).to_owned(),
                ..api::Fault::default()
            };
            api::Problem::of_fault(fault, self.lang).into()
        })
    }

    /// Whether the query has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(found, _)| found == key)
    }

    /// Whether the answer should be one JSON value per line.
    pub(super) fn wants_lines(&self) -> bool {
        let mut wanted = self.accept.split(',').take(16);
        wanted.any(|media| Format::of_media(media) == Some(Format::JsonLines))
    }

    /// What to say of a query that cannot be read.
    pub(super) fn query_fault(&self, fault: &QueryFault) -> Told {
        Told::new(ProblemKind::Invoer, self.lang, &fault.message())
    }
}

async fn id_of(parts: &mut Parts, lang: Lang) -> Result<String, Told> {
    let Ok(params) = RawPathParams::from_request_parts(parts, &()).await else {
        let detail = Message::new("het pad is geen leesbare tekst", "the path is not readable text");
        return Err(Told::new(ProblemKind::Invoer, lang, &detail));
    };
    Ok(params
        .iter()
        .next()
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default())
}

/// Reads a body of at most `max` bytes; one that says it is longer is not read at all.
async fn read(body: Body, headers: &HeaderMap, max: usize, lang: Lang) -> Result<Bytes, Told> {
    let said = text(headers, &axum::http::header::CONTENT_LENGTH).parse::<usize>();
    if said.is_ok_and(|said| said > max) {
        return Err(too_large(max, lang));
    }
    let mut stream = body.into_data_stream();
    let mut read = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| broken_body(lang))?;
        if read.len() + chunk.len() > max {
            return Err(too_large(max, lang));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.into())
}

fn too_large(max: usize, lang: Lang) -> Told {
    let detail = Message::with(
        format!("de invoer is groter dan {max} bytes"),
        format!("the input is larger than {max} bytes"),
    );
    let hint = Message::new(
        "verdeel de invoer over meer bestanden",
        "divide the input over more files",
    );
    Told::new(ProblemKind::TeGroot, lang, &detail).hinting(lang, &hint)
}

fn broken_body(lang: Lang) -> Told {
    let detail = Message::new("de invoer brak halverwege af", "the input broke off halfway");
    Told::new(ProblemKind::Invoer, lang, &detail)
}

fn long_question(lang: Lang) -> Told {
    let max = api::QUERY_CHARS_MAX;
    let detail = Message::with(
        format!("pad of vraag is langer dan {max} tekens"),
        format!("path or query is longer than {max} characters"),
    );
    Told::new(ProblemKind::Invoer, lang, &detail)
}

fn unreadable_query(lang: Lang) -> Told {
    let detail = Message::new(
        "de vraag in het adres is niet leesbaar",
        "the query in the address is not readable",
    );
    Told::new(ProblemKind::Invoer, lang, &detail)
}

fn unreadable_body(is_data: bool) -> Message {
    if is_data {
        Message::new(
            "dit is niet de JSON die hier past",
            "this is not the JSON that fits here",
        )
    } else {
        Message::new("dit is geen JSON", "this is not JSON")
    }
}

fn wrong_media(given: &str, known: &[&str], lang: Lang) -> Told {
    let given: String = given.chars().take(64).collect();
    let known = known.join(", ");
    let detail = Message::with(
        format!("Content-Type {given:?} wordt hier niet gelezen"),
        format!("Content-Type {given:?} is not read here"),
    );
    let hint = Message::with(format!("stuur {known}"), format!("send {known}"));
    Told::new(ProblemKind::Mediatype, lang, &detail).hinting(lang, &hint)
}
