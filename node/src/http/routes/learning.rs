//! The paths about local records, and full text.

use axum::body::Body;
use axum::extract::State;
use protocol::api::{self, OpenstaandQuery, RecordQuery, SearchQuery, path};

use super::super::answer::{Answer, json, page, with_type};
use super::super::asked::Asked;
use super::super::server::Api;
use super::super::{Backend, Deed};
use super::{READ, Table, VAULT, WRITE};

pub(super) fn add(table: Table) -> Table {
    table
        .get(path::LOKALE_RECORDS, VAULT, local_records)
        .get(path::LOKAAL_RECORD, VAULT, local_record)
        .get(path::OVERGANGEN, VAULT, state_of)
        .post(path::OVERGANGEN, WRITE, go)
        .post(path::KOPPELINGEN, WRITE, link)
        .post(path::ONTKOPPELINGEN, WRITE, unlink)
        .get(path::KOPPELVOORSTELLEN, VAULT, proposals)
        .get(path::AGENDA, VAULT, agenda)
        .post(path::SESSIES, WRITE, close)
        .get(path::TERUGKOPPELINGEN, VAULT, came_of)
        .get(path::POSTVAK, VAULT, mailbox)
        .get(path::KNELPUNTEN, VAULT, knelpunten)
        .get(path::VRAGEN, VAULT, questions)
        .get(path::ZOEKEN, READ, search)
        .get(path::VERWANTEN, READ, related)
}

async fn local_records(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let (query, paging) = RecordQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let lines = asked.wants_lines();
    let part = (!lines || asked.has("pagina") || asked.has("aantal")).then_some(paging);
    let found = api.ask(lang, move |backend| backend.local_records(&query, part, lang));
    let (about, records) = found.await?;
    if lines {
        let text: String = records.iter().flat_map(|record| [record, "\n"]).collect();
        return Ok(with_type(api::MEDIA_JSON_LINES, Body::from(text)));
    }
    asked.linked(page(&about, &records, lang)?, paging, about.totaal)
}

async fn local_record(State(api): State<Api>, asked: Asked) -> Answer {
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let (lang, tags) = (asked.lang, asked.tags());
    let text = api.ask(lang, move |backend| backend.local_record(&asked.id, peilweek));
    tags.tagged(text.await?.into_bytes())
}

async fn state_of(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let at = api::read_afspraak(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let state = api.ask(lang, move |backend| backend.state_of(&asked.id, at, lang));
    json(&state.await?, lang)
}

async fn go(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::OvergangAsked>()?;
    let gone = move |backend: &dyn Backend| {
        let gone = backend.go(&asked.id, &question, &asked.by, lang)?;
        let changed: Vec<String> = gone.concepten.iter().map(|concept| concept.id.clone()).collect();
        backend.note(&asked.by, Deed::TookIn, &changed);
        Ok(gone)
    };
    json(&api.ask(lang, gone).await?, lang)
}

async fn link(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::KoppelingAsked>()?;
    let linked = move |backend: &dyn Backend| {
        let linked = backend.link(&question, &asked.by, lang)?;
        backend.note(&asked.by, Deed::TookIn, &changed(&linked));
        Ok(linked)
    };
    json(&api.ask(lang, linked).await?, lang)
}

async fn unlink(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::OntkoppelingAsked>()?;
    let unlinked = move |backend: &dyn Backend| {
        let unlinked = backend.unlink(&question, &asked.by, lang)?;
        backend.note(&asked.by, Deed::TookIn, &changed(&unlinked));
        Ok(unlinked)
    };
    json(&api.ask(lang, unlinked).await?, lang)
}

/// The concepts that were typed anew by it.
fn changed(linked: &api::Koppeling) -> Vec<String> {
    linked.concepten.iter().map(|concept| concept.id.clone()).collect()
}

async fn proposals(State(api): State<Api>, asked: Asked) -> Answer {
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let page = api.ask(asked.lang, move |backend| backend.proposals(peilweek));
    json(&page.await?, asked.lang)
}

async fn agenda(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let (quarter, peilweek) = api::read_agenda(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let agenda = api.ask(lang, move |backend| backend.agenda(quarter, peilweek, lang));
    json(&agenda.await?, lang)
}

async fn close(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::SessieAsked>()?;
    let closed = move |backend: &dyn Backend| {
        let closed = backend.close(&question, &asked.by, lang)?;
        backend.note(&asked.by, Deed::TookIn, std::slice::from_ref(&closed.id));
        Ok(closed)
    };
    json(&api.ask(lang, closed).await?, lang)
}

async fn came_of(State(api): State<Api>, asked: Asked) -> Answer {
    let query = api::TerugQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let page = api.ask(asked.lang, move |backend| backend.came_of(&query));
    json(&page.await?, asked.lang)
}

async fn mailbox(State(api): State<Api>, asked: Asked) -> Answer {
    let peilweek = api::read_peilweek(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    let page = api.ask(asked.lang, move |backend| backend.mailbox(peilweek));
    json(&page.await?, asked.lang)
}

async fn knelpunten(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let read = OpenstaandQuery::read(&asked.pairs, OpenstaandQuery::KEYS);
    let (query, paging) = read.map_err(|fault| asked.query_fault(&fault))?;
    let found = api.ask(lang, move |backend| backend.knelpunten(&query, paging, lang));
    let found = found.await?;
    asked.linked(json(&found, lang)?, paging, found.totaal)
}

async fn questions(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let read = OpenstaandQuery::read(&asked.pairs, OpenstaandQuery::KEYS_OF_QUESTIONS);
    let (query, paging) = read.map_err(|fault| asked.query_fault(&fault))?;
    let found = api.ask(lang, move |backend| backend.questions(&query, paging, lang));
    let found = found.await?;
    asked.linked(json(&found, lang)?, paging, found.totaal)
}

async fn related(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let query = api::VerwantenQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    json(
        &api.ask(lang, move |backend| backend.related(&asked.id, query)).await?,
        lang,
    )
}

async fn search(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let query = SearchQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    json(&api.ask(lang, move |backend| backend.search(&query, lang)).await?, lang)
}
