//! The paths about kringen.

use axum::extract::State;
use protocol::api::{self, path};

use super::super::answer::{Answer, json};
use super::super::asked::Asked;
use super::super::server::Api;
use super::super::{Backend, Deed};
use super::{READ, Table, VAULT, WRITE};

pub(super) fn add(table: Table) -> Table {
    table
        .post(path::LIDMAATSCHAPPEN, WRITE, membership)
        .get(path::VERANTWOORDING, READ, account)
        .get(path::TIPS, VAULT, tips)
        .post(path::TIPSCHAKELINGEN, WRITE, switch_tips)
}

async fn membership(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::LidmaatschapAsked>()?;
    let said = move |backend: &dyn Backend| {
        let said = backend.membership(&question, &asked.by, lang)?;
        backend.note(&asked.by, Deed::TookIn, std::slice::from_ref(&said.id));
        Ok(said)
    };
    json(&api.ask(lang, said).await?, lang)
}

async fn account(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let query = api::VerantwoordingQuery::read(&asked.pairs).map_err(|fault| asked.query_fault(&fault))?;
    json(
        &api.ask(lang, move |backend| backend.account(&query, lang)).await?,
        lang,
    )
}

async fn tips(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    json(&api.ask(lang, move |backend| backend.tips(lang)).await?, lang)
}

async fn switch_tips(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let question = asked.json::<api::TipSchakeling>()?;
    let switched = move |backend: &dyn Backend| {
        let switched = backend.switch_tips(&question, lang)?;
        let which = question.tip.as_deref().unwrap_or("alle");
        let to = if question.aan { "aan" } else { "uit" };
        backend.note(&asked.by, Deed::SwitchedTips, &[format!("{which} {to}")]);
        Ok(switched)
    };
    json(&api.ask(lang, switched).await?, lang)
}
