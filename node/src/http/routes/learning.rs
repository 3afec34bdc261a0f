//! The paths about local records.

use axum::body::Body;
use axum::extract::State;
use protocol::api::{self, RecordQuery, path};

use super::super::answer::{Answer, page, with_type};
use super::super::asked::Asked;
use super::super::server::Api;
use super::{Table, VAULT};

pub(super) fn add(table: Table) -> Table {
    table
        .get(path::LOKALE_RECORDS, VAULT, local_records)
        .get(path::LOKAAL_RECORD, VAULT, local_record)
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
