//! A question as it came in: path, query, headers and body, all bounded, read in one place.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LINK};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use futures::StreamExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use protocol::api::{self, Format, Lang, Message, Paging, ProblemKind, QueryFault};
use protocol::gate::Account;
use serde::de::DeserializeOwned;

use super::answer::{Answer, Told, not_modified, with_type};
use super::door::Holder;
use super::server::Api;

/// What is written as a number in a query: all but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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
    if_match: String,
    if_none_match: String,
    path: String,
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

/// Tags in one header that are read.
const TAGS_MAX: usize = 16;

/// On whose behalf a request asks. A token with a name speaks for that name, whatever the header says. Who holds the token
/// of this run is believed: it can read the folder of the node, and the node cannot know the accounts of its machine.
fn account_of(parts: &Parts, lang: Lang) -> Result<Account, Told> {
    if let Some(Holder::Named { account, .. }) = parts.extensions.get::<Holder>() {
        return Ok(account.clone());
    }
    let headers = &parts.headers;
    let said = headers.get(api::ACCOUNT_HEADER).map(|value| value.to_str());
    let account = match said {
        None => Account::new(api::ACCOUNT_NOBODY).ok(),
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
            by: account_of(&parts, lang)?,
            lang,
            id,
            pairs,
            body,
            content_type: text(&parts.headers, &CONTENT_TYPE).to_owned(),
            accept: text(&parts.headers, &ACCEPT).to_owned(),
            if_match: text(&parts.headers, &IF_MATCH).to_owned(),
            if_none_match: text(&parts.headers, &IF_NONE_MATCH).to_owned(),
            path: parts.uri.path().to_owned(),
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

    /// Which part of a list is asked for, and nothing else.
    pub(super) fn paging(&self) -> Result<Paging, Told> {
        api::read_paging(&self.pairs).map_err(|fault| self.query_fault(&fault))
    }

    /// An answer with one page of a list, with links to the pages around it.
    pub(super) fn linked(&self, mut answer: Response, paging: Paging, total: u64) -> Answer {
        let links = links(&self.path, &self.pairs, paging, total);
        // A path that was routed and a query that was read are plain characters once they are escaped.
        if let Ok(value) = HeaderValue::from_str(&links) {
            answer.headers_mut().insert(LINK, value);
        }
        Ok(answer)
    }

    /// What who asks has already.
    pub(super) fn tags(&self) -> Tags {
        Tags(self.if_none_match.clone())
    }

    /// The version that is to be changed, as it was shown: without one, a change of somebody else could be lost.
    pub(super) fn if_match(&self) -> Result<&str, Told> {
        if !self.if_match.is_empty() {
            return Ok(&self.if_match);
        }
        let detail = Message::new(
            "zeg met If-Match welke versie u wijzigt",
            "say with If-Match which version you change",
        );
        let hint = Message::new(
            "haal het eerst op: de header ETag noemt de versie",
            "get it first: the header ETag names the version",
        );
        Err(Told::new(ProblemKind::Voorwaarde, self.lang, &detail).hinting(self.lang, &hint))
    }

    /// What to say of a query that cannot be read.
    pub(super) fn query_fault(&self, fault: &QueryFault) -> Told {
        Told::new(ProblemKind::Invoer, self.lang, &fault.message())
    }
}

/// The versions of one thing that who asks has already.
pub(super) struct Tags(String);

impl Tags {
    /// An answer about one thing, with the tag of this version; nothing but the tag when who asks has it already.
    pub(super) fn tagged(&self, body: Vec<u8>) -> Answer {
        let tag = tag_of(&body);
        let mut answer = match names(&self.0, &tag) {
            true => not_modified(),
            false => with_type(api::MEDIA_JSON, Body::from(body)),
        };
        let tag = HeaderValue::from_str(&tag).expect("a hash in hexadecimal is plain characters");
        answer.headers_mut().insert(ETAG, tag);
        Ok(answer)
    }
}

/// What names exactly these bytes.
pub(super) fn tag_of(body: &[u8]) -> String {
    format!("\"{}\"", &blake3::hash(body).to_hex()[..32])
}

/// Whether a list of tags names this one, or any.
pub(super) fn names(list: &str, tag: &str) -> bool {
    let mut tags = list.split(',').map(str::trim).take(TAGS_MAX);
    tags.any(|named| named == tag || named == "*")
}

/// The pages around this one, as RFC 8288 writes them down.
fn links(path: &str, pairs: &[(String, String)], paging: Paging, total: u64) -> String {
    let last = total.div_ceil(u64::from(paging.aantal)).max(1);
    let here = u64::from(paging.pagina);
    let link = |page: u64, rel: &str| {
        let others = pairs.iter().filter(|(key, _)| key != "pagina" && key != "aantal");
        let others = others.map(|(key, value)| format!("{}={}&", escaped(key), escaped(value)));
        let others = others.collect::<String>();
        format!("<{path}?{others}pagina={page}&aantal={}>; rel=\"{rel}\"", paging.aantal)
    };
    let around = [
        (here, "self", true),
        (1, "first", true),
        (here.saturating_sub(1).min(last), "prev", here > 1),
        (here + 1, "next", here < last),
        (last, "last", true),
    ];
    let shown = around.into_iter().filter(|(_, _, shown)| *shown);
    shown
        .map(|(page, rel, _)| link(page, rel))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A text as it may stand in a query.
fn escaped(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
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
