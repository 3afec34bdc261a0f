//! The tokens with a name: made, shown and ended over the API itself.

use axum::extract::State;
use protocol::api::{self, Fault, Lang, Message, ProblemKind, Scope, TokenPage};

use super::answer::{Answer, json};
use super::asked::Asked;
use super::door::DoorError;
use super::server::Api;
use super::{Backend, Deed, Failure, Thing};

/// Makes a token, and tells it this one time.
pub(super) async fn make(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let wanted = asked.json::<api::TokenAsked>()?;
    let door = api.door();
    let made = move |backend: &dyn Backend| {
        let made = door.make(&wanted).map_err(|error| failure(error, &wanted.naam, lang))?;
        backend.note(&asked.by, Deed::MadeToken, std::slice::from_ref(&made.naam));
        Ok(made)
    };
    json(&api.ask(lang, made).await?, lang)
}

/// The tokens there are.
pub(super) async fn list(State(api): State<Api>, asked: Asked) -> Answer {
    let paging = asked.paging()?;
    let lines = api.door().lines();
    let totaal = lines.len() as u64;
    let skip = usize::try_from(paging.skip()).unwrap_or(usize::MAX);
    let tokens = lines.into_iter().skip(skip).take(paging.aantal as usize).collect();
    asked.linked(json(&TokenPage { totaal, tokens }, asked.lang)?, paging, totaal)
}

/// Ends a token.
pub(super) async fn end(State(api): State<Api>, asked: Asked) -> Answer {
    let lang = asked.lang;
    let door = api.door();
    let ended = move |backend: &dyn Backend| {
        let ended = door.end(&asked.id).map_err(|error| failure(error, &asked.id, lang))?;
        backend.note(&asked.by, Deed::EndedToken, std::slice::from_ref(&ended.naam));
        Ok(ended)
    };
    json(&api.ask(lang, ended).await?, lang)
}

fn failure(error: DoorError, name: &str, lang: Lang) -> Failure {
    let input = |pad: &str, message: Message, toegestaan: Vec<String>| {
        Failure::Input(Fault {
            pad: pad.to_owned(),
            melding: message.text(lang).to_owned(),
            toegestaan,
            ..Fault::default()
        })
    };
    let conflict = |message: Message| Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: Some(Message::new(
            "leerkring token list toont wat er is; trek in wat niemand meer gebruikt met leerkring token revoke",
            "leerkring token list shows what there is; end what nobody uses any more with leerkring token revoke",
        )),
    };
    match error {
        DoorError::Name => input(
            "naam",
            Message::new(
                "dit is geen naam voor een token: 1 tot 80 tekens zonder spaties",
                "this is no name for a token: 1 to 80 characters without spaces",
            ),
            Vec::new(),
        ),
        DoorError::ForNothing => input(
            "scopes",
            Message::new("een token is ergens voor", "a token is for something"),
            Scope::ALL.map(|scope| scope.name().to_owned()).to_vec(),
        ),
        DoorError::Exists => conflict(Message::with(
            format!("er is al een token {name:?}"),
            format!("there is a token {name:?} already"),
        )),
        DoorError::Full => conflict(Message::with(
            format!("er zijn al {} tokens", api::TOKENS_MAX),
            format!("there are {} tokens already", api::TOKENS_MAX),
        )),
        DoorError::Unknown => Failure::Unknown {
            what: Thing::Token,
            id: name.chars().take(64).collect(),
        },
        DoorError::Token(error) => Failure::internal(error),
    }
}
