//! Every path of the API and what answers it.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::handler::Handler;
use axum::http::HeaderMap;
use axum::routing;
use protocol::api::{self, Gezondheid, Message, ProblemKind, RecordQuery, path};

use super::answer::{Answer, Told, json, page, with_type};
use super::asked::{Asked, lang_of};
use super::lines;
use super::server::Api;

/// The description of the API, which lists exactly the routes below.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

/// Paths that ask for no token.
pub(super) const OPEN: [&str; 2] = [path::GEZONDHEID, path::OPENAPI];

/// A router that remembers what it routes.
pub(super) struct Table {
    pub(super) router: Router<Api>,
    /// Method and path of every route, in the order written below.
    pub(super) routes: Vec<(&'static str, &'static str)>,
}

impl Table {
    fn get<T: 'static>(mut self, path: &'static str, handler: impl Handler<T, Api>) -> Self {
        self.routes.push(("get", path));
        self.router = self.router.route(path, routing::get(handler));
        self
    }

    fn post<T: 'static>(mut self, path: &'static str, handler: impl Handler<T, Api>) -> Self {
        self.routes.push(("post", path));
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
    empty
        .post(path::CONCEPTEN, intake)
        .get(path::CONCEPTEN, concepts)
        .get(path::CONCEPT, concept)
        .post(path::CONCEPT_GOEDKEURING, approve_one)
        .post(path::GOEDKEURINGEN, approve)
        .get(path::RECORDS, records)
        .get(path::RECORD, record)
        .post(path::RECORD_INTREKKING, withdraw)
        .get(path::INTREKKINGEN, withdrawals)
        .get(path::INTREKKING, withdrawal)
        .get(path::STAND, stand)
        .get(path::HANDVEST, charter)
        .post(path::HANDVEST, import)
        .get(path::HANDVEST_VERKLARINGEN, statements)
        .get(path::HANDVEST_LOGS, logs)
        .get(path::UITNODIGING, invite)
        .post(path::UITNODIGING, join)
        .get(path::GEZONDHEID, health)
        .get(path::OPENAPI, openapi)
}

async fn intake(State(api): State<Api>, asked: Asked) -> Answer {
    let (lang, format) = (asked.lang, asked.format()?);
    let taken = api
        .ask(lang, move |backend| backend.intake(format, &asked.body, lang))
        .await?;
    json(&taken, lang)
}

async fn concepts(State(api): State<Api>, asked: Asked) -> Answer {
    let paging = api::read_paging(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let page = api.ask(asked.lang, move |backend| backend.concepts(paging)).await?;
    json(&page, asked.lang)
}

async fn concept(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let detail = api.ask(lang, move |backend| backend.concept(&asked.id, lang)).await?;
    json(&detail, lang)
}

async fn approve_one(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let inhoud = asked.json::<api::ApprovalAsked>()?.inhoud;
    let shown = [api::Shown { id: asked.id, inhoud }];
    let approvals = api.ask(lang, move |backend| backend.approve(&shown, lang)).await?;
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
    let approvals = api.ask(lang, move |backend| backend.approve(&shown, lang)).await?;
    json(&approvals, lang)
}

async fn records(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let (query, paging) = RecordQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    if asked.wants_lines() {
        let part = (asked.has("pagina") || asked.has("aantal")).then_some(paging);
        return lines::answer(&api, query, part, lang).await;
    }
    let read = move |backend: &dyn super::Backend| {
        let mut found = Vec::new();
        let about = backend.records(&query, Some(paging), lang, &mut |record| {
            found.push(record.to_owned());
            std::ops::ControlFlow::Continue(())
        })?;
        Ok((about, found))
    };
    let (about, found) = api.ask(lang, read).await?;
    page(&about, &found, lang)
}

async fn record(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let text = api
        .ask(lang, move |backend| backend.record(&asked.id, peilweek))
        .await?;
    Ok(with_type(api::MEDIA_JSON, Body::from(text)))
}

async fn withdraw(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let withdrawn = api.ask(lang, move |backend| backend.withdraw(&asked.id)).await?;
    json(&withdrawn, lang)
}

async fn withdrawals(State(api): State<Api>, asked: Asked) -> Answer {
    let paging = api::read_paging(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let page = api.ask(asked.lang, move |backend| backend.withdrawals(paging)).await?;
    json(&page, asked.lang)
}

async fn withdrawal(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let detail = api.ask(lang, move |backend| backend.withdrawal(&asked.id)).await?;
    json(&detail, lang)
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
    let imported = api.ask(lang, move |backend| backend.import(&asked.body, lang)).await?;
    json(&imported, lang)
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
    let joined = api.ask(lang, move |backend| backend.join(&asked.body, lang)).await?;
    json(&joined, lang)
}

async fn health(headers: HeaderMap) -> Answer {
    let health = Gezondheid {
        status: "ok".to_owned(),
        leerkring: env!("CARGO_PKG_VERSION").to_owned(),
    };
    json(&health, lang_of(&headers))
}

async fn openapi() -> Answer {
    Ok(with_type(api::MEDIA_JSON, Body::from(OPENAPI)))
}
