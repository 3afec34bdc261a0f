//! Every path of the API and what answers it.

mod exports;
mod kringen;
mod learning;
mod questions;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::routing;
use protocol::api::{self, Gezondheid, Message, ProblemKind, RecordQuery, Scope, path};
use protocol::gate::Account;

use super::answer::{Answer, Told, bytes_of, json, page, with_type};
use super::asked::{Asked, lang_of, names, tag_of};
use super::server::Api;
use super::{Backend, Deed, Failure, lines, tokens};

/// The description of the API, which lists exactly the routes below.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// What a token has to be for: any one of these.
pub(super) type Needs = &'static [Scope];

/// No token at all.
const OPEN: Needs = &[];
const READ: Needs = &[Scope::Lezen];
const WRITE: Needs = &[Scope::Schrijven];
/// What lies in the vault is seen by who writes there and by who decides about it, and not by who reads what is shared.
const VAULT: Needs = &[Scope::Schrijven, Scope::Nakijken];
const DECIDE: Needs = &[Scope::Nakijken];
const MANAGE: Needs = &[Scope::Beheren];

/// A router that remembers what it routes, and for whom.
pub(super) struct Table {
    pub(super) router: Router<Api>,
    /// Method and path of every route with what it needs.
    pub(super) routes: Vec<(&'static str, &'static str, Needs)>,
}

impl Table {
    fn get<T: 'static>(mut self, path: &'static str, needs: Needs, handler: impl Handler<T, Api>) -> Self {
        self.routes.push(("get", path, needs));
        self.router = self.router.route(path, routing::get(handler));
        self
    }

    fn put<T: 'static>(mut self, path: &'static str, needs: Needs, handler: impl Handler<T, Api>) -> Self {
        self.routes.push(("put", path, needs));
        self.router = self.router.route(path, routing::put(handler));
        self
    }

    fn post<T: 'static>(mut self, path: &'static str, needs: Needs, handler: impl Handler<T, Api>) -> Self {
        self.routes.push(("post", path, needs));
        self.router = self.router.route(path, routing::post(handler));
        self
    }
}

/// All routes.
pub(super) fn table() -> Table {
    let empty = Table {
        router: Router::new(),
        routes: Vec::new(),
    };
    exports::add(questions::add(kringen::add(learning::add(empty))))
        .post(path::CONCEPTEN, WRITE, intake)
        .get(path::CONCEPTEN, VAULT, concepts)
        .get(path::CONCEPT, VAULT, concept)
        .put(path::CONCEPT, WRITE, replace)
        .post(path::CONCEPT_GOEDKEURING, DECIDE, approve_one)
        .post(path::CONCEPT_VERWIJDERING, VAULT, discard)
        .post(path::GOEDKEURINGEN, DECIDE, approve)
        .get(path::RECORDS, READ, records)
        .get(path::RECORD, READ, record)
        .post(path::RECORD_INTREKKING, DECIDE, withdraw)
        .get(path::RECORD_VINDPLAATS, READ, place)
        .get(path::INTREKKINGEN, READ, withdrawals)
        .get(path::INTREKKING, READ, withdrawal)
        .get(path::VERWEESD, READ, orphans)
        .post(path::VERWEESD_HERUITGAVE, DECIDE, reissue)
        .get(path::STAND, READ, stand)
        .get(path::HANDVEST, READ, charter)
        .post(path::HANDVEST, MANAGE, import)
        .get(path::HANDVEST_VERKLARINGEN, READ, statements)
        .get(path::HANDVEST_LOGS, READ, logs)
        .get(path::UITNODIGING, MANAGE, invite)
        .post(path::UITNODIGING, MANAGE, join)
        .get(path::RESERVEKOPIE, MANAGE, backup)
        .get(path::TOKENS, MANAGE, tokens::list)
        .post(path::TOKENS, MANAGE, tokens::make)
        .post(path::TOKEN_INTREKKING, MANAGE, tokens::end)
        .get(path::GEZONDHEID, OPEN, alive)
        .get(path::HEALTH, OPEN, health)
        .get(path::OPENAPI, OPEN, openapi)
}

async fn intake(State(api): State<Api>, asked: Asked) -> Answer {
    let (lang, format) = (asked.lang, asked.format()?);
    let proef = api::read_proef(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let taken = api
        .ask(lang, move |backend| {
            let taken = backend.intake(format, &asked.body, &asked.by, proef, lang)?;
            if proef {
                return Ok(taken);
            }
            let ids = taken.concepten.iter().filter_map(|outcome| match outcome {
                api::Outcome::Taken { id, .. } => Some(id.clone()),
                api::Outcome::Refused { .. } => None,
            });
            backend.note(&asked.by, Deed::TookIn, &ids.collect::<Vec<_>>());
            Ok(taken)
        })
        .await?;
    json(&taken, lang)
}

async fn concepts(State(api): State<Api>, asked: Asked) -> Answer {
    let paging = asked.paging()?;
    let page = api.ask(asked.lang, move |backend| backend.concepts(paging)).await?;
    asked.linked(json(&page, asked.lang)?, paging, page.totaal)
}

async fn concept(State(api): State<Api>, asked: Asked) -> Answer {
    let (lang, tags) = (asked.lang, asked.tags());
    let shown = move |backend: &dyn Backend| {
        let detail = backend.concept(&asked.id, lang)?;
        backend.note(&asked.by, Deed::Reviewed, std::slice::from_ref(&detail.concept.id));
        Ok(detail)
    };
    tags.tagged(bytes_of(&api.ask(lang, shown).await?, lang)?)
}

/// Types one concept anew: the version that was shown, and no other.
async fn replace(State(api): State<Api>, asked: Asked) -> Answer {
    let (lang, tags) = (asked.lang, asked.tags());
    asked.only_media(&[api::MEDIA_JSON])?;
    let wanted = asked.if_match()?.to_owned();
    let retyped = move |backend: &dyn Backend| {
        let shown =
            |detail: &api::ConceptDetail| serde_json::to_vec(detail).is_ok_and(|body| names(&wanted, &tag_of(&body)));
        let detail = backend.replace(&asked.id, &shown, &asked.body, &asked.by, lang)?;
        backend.note(&asked.by, Deed::TookIn, std::slice::from_ref(&detail.concept.id));
        Ok(detail)
    };
    tags.tagged(bytes_of(&api.ask(lang, retyped).await?, lang)?)
}

async fn approve_one(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let inhoud = asked.json::<api::ApprovalAsked>()?.inhoud;
    let shown = [api::Shown { id: asked.id, inhoud }];
    let approved = move |backend: &dyn Backend| approve_by(backend, &shown, &asked.by, lang);
    let approvals = api.ask(lang, approved).await?;
    let approval = approvals.goedkeuringen.into_iter().next();
    match approval {
        Some(approval) => json(&approval, lang),
        None => {
            let detail = Message::new(
                "de node zweeg over dit concept",
                "the node said nothing of this concept",
            );
            Err(Told::new(ProblemKind::Intern, lang, &detail))
        }
    }
}

async fn approve(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let shown = asked.json::<api::ApprovalsAsked>()?.concepten;
    if shown.len() > api::APPROVALS_MAX {
        let max = api::APPROVALS_MAX;
        let detail = Message::with(
            format!("niet meer dan {max} concepten tegelijk"),
            format!("no more than {max} concepts at once"),
        );
        return Err(Told::new(ProblemKind::Invoer, lang, &detail));
    }
    let approved = move |backend: &dyn Backend| approve_by(backend, &shown, &asked.by, lang);
    json(&api.ask(lang, approved).await?, lang)
}

/// Approves, and keeps of which concepts that held.
fn approve_by(
    backend: &dyn Backend,
    shown: &[api::Shown],
    by: &Account,
    lang: api::Lang,
) -> Result<api::Approvals, Failure> {
    let approvals = backend.approve(shown, by, lang)?;
    let held = approvals.goedkeuringen.iter().filter(|line| line.fout.is_none());
    backend.note(
        by,
        Deed::Approved,
        &held.map(|line| line.id.clone()).collect::<Vec<_>>(),
    );
    Ok(approvals)
}

async fn discard(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let gevraagd = match asked.body.is_empty() {
        true => api::VerwijderingGevraagd::default(),
        false => asked.json()?,
    };
    let thrown_away = move |backend: &dyn Backend| {
        let discarded = backend.discard(&asked.id, gevraagd, &asked.by, lang)?;
        backend.note(&asked.by, Deed::Discarded, std::slice::from_ref(&discarded.id));
        Ok(discarded)
    };
    json(&api.ask(lang, thrown_away).await?, lang)
}

async fn records(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let (query, paging) = RecordQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    if asked.wants_lines() {
        let part = (asked.has("pagina") || asked.has("aantal")).then_some(paging);
        return lines::answer(&api, query, part, lang).await;
    }
    let read = move |backend: &dyn Backend| {
        let mut found = Vec::new();
        let about = backend.records(&query, Some(paging), lang, &mut |record| {
            found.push(record.to_owned());
            std::ops::ControlFlow::Continue(())
        })?;
        Ok((about, found))
    };
    let (about, found) = api.ask(lang, read).await?;
    asked.linked(page(&about, &found, lang)?, paging, about.totaal)
}

async fn record(State(api): State<Api>, asked: Asked) -> Answer {
    let (lang, tags) = (asked.lang, asked.tags());
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let text = api
        .ask(lang, move |backend| backend.record(&asked.id, peilweek))
        .await?;
    tags.tagged(text.into_bytes())
}

async fn withdraw(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let taken_back = move |backend: &dyn Backend| {
        let withdrawn = backend.withdraw(&asked.id)?;
        let documents = withdrawn.documenten.iter().map(ToString::to_string);
        backend.note(&asked.by, Deed::Withdrew, &documents.collect::<Vec<_>>());
        Ok(withdrawn)
    };
    json(&api.ask(lang, taken_back).await?, lang)
}

async fn withdrawals(State(api): State<Api>, asked: Asked) -> Answer {
    let paging = asked.paging()?;
    let page = api.ask(asked.lang, move |backend| backend.withdrawals(paging)).await?;
    asked.linked(json(&page, asked.lang)?, paging, page.totaal)
}

async fn place(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let place = api.ask(lang, move |backend| backend.place(&asked.id)).await?;
    json(&place, lang)
}

async fn withdrawal(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let detail = api.ask(lang, move |backend| backend.withdrawal(&asked.id)).await?;
    json(&detail, lang)
}

async fn orphans(State(api): State<Api>, asked: Asked) -> Answer {
    let page = api.ask(asked.lang, |backend| backend.orphans()).await?;
    json(&page, asked.lang)
}

async fn reissue(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let id = asked.json::<api::HeruitgaveAsked>()?.id;
    let shared_anew = move |backend: &dyn Backend| {
        let done = backend.reissue(id.as_deref(), lang)?;
        let ids = done.goedkeuringen.iter().map(|line| line.id.clone());
        backend.note(&asked.by, Deed::Reissued, &ids.collect::<Vec<_>>());
        Ok(done)
    };
    json(&api.ask(lang, shared_anew).await?, lang)
}

async fn stand(State(api): State<Api>, asked: Asked) -> Answer {
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let stand = api.ask(asked.lang, move |backend| backend.stand(peilweek)).await?;
    json(&stand, asked.lang)
}

async fn charter(State(api): State<Api>, asked: Asked) -> Answer {
    let charter = api.ask(asked.lang, |backend| backend.charter()).await?;
    json(&charter, asked.lang)
}

async fn import(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    asked.only_media(&[api::MEDIA_BYTES, api::MEDIA_JSON])?;
    let taken_in = move |backend: &dyn Backend| {
        let (imported, new) = backend.import(&asked.body, lang)?;
        backend.note(&asked.by, Deed::ChangedCharter, &new);
        Ok(imported)
    };
    json(&api.ask(lang, taken_in).await?, lang)
}

async fn statements(State(api): State<Api>, asked: Asked) -> Answer {
    let text = api.ask(asked.lang, |backend| backend.statements()).await?;
    Ok(with_type(api::MEDIA_BYTES, Body::from(text)))
}

async fn logs(State(api): State<Api>, asked: Asked) -> Answer {
    let gemeente = api::read_gemeente(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let logs = api.ask(asked.lang, move |backend| backend.logs(gemeente)).await?;
    json(&logs, asked.lang)
}

async fn invite(State(api): State<Api>, asked: Asked) -> Answer {
    let written = api.ask(asked.lang, |backend| backend.invite()).await?;
    json(&written, asked.lang)
}

async fn join(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    asked.only_media(&[api::MEDIA_BYTES, api::MEDIA_JSON])?;
    let came_in = move |backend: &dyn Backend| {
        let joined = backend.join(&asked.body, lang)?;
        backend.note(&asked.by, Deed::Joined, &[joined.federatie.to_string()]);
        Ok(joined)
    };
    json(&api.ask(lang, came_in).await?, lang)
}

async fn backup(State(api): State<Api>, asked: Asked) -> Answer {
    let audit = api::read_audit(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    lines::backup(&api, audit, asked.by, asked.lang).await
}

/// Asks nothing of the backend that could keep it waiting.
async fn health(State(api): State<Api>, headers: HeaderMap) -> Answer {
    let (health, lang) = (api.health(), lang_of(&headers));
    if health.is_ok() {
        return json(&health, lang);
    }
    let mut answer = json(&health.problem(lang), lang)?;
    *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let media = HeaderValue::from_static(api::MEDIA_PROBLEM);
    answer.headers_mut().insert(CONTENT_TYPE, media);
    Ok(answer)
}

async fn alive(headers: HeaderMap) -> Answer {
    let health = Gezondheid {
        status: "ok".to_owned(),
        leerkring: env!("CARGO_PKG_VERSION").to_owned(),
    };
    json(&health, lang_of(&headers))
}

async fn openapi() -> Answer {
    Ok(with_type(api::MEDIA_JSON, Body::from(OPENAPI)))
}
