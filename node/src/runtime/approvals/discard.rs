//! What does not go on: a concept that is thrown away, and one of which the record was taken back.

use protocol::api::{Fault, Lang, Message, Mislukt, Outcome, ProblemKind, Verwijderd, VerwijderingGevraagd};
use protocol::record::{self, Around, Input, Merged};
use serde_json::Value;

use protocol::gate::{Account, Policy};

use super::{find, outdated, title, vault_failed};
use crate::http::Failure;
use crate::runtime::backend::Answers;
use crate::runtime::learning::{EditError, Typing, restate};
use crate::runtime::policy::screen;
use crate::vault::{Concept, State, Vault, VaultError};

const ANOTHER_ID: Message = Message::new(
    "leg het onder een nieuw id vast en deel dat: wat is ingetrokken komt niet terug",
    "record it under a new id and share that: what was withdrawn does not come back",
);

/// Throws a concept away that has not left, for ever, or of one that has left what nobody else has. Its id has to be given
/// whole: a begin may fit another one.
pub(in crate::runtime) fn discard(
    answers: &Answers,
    id: &str,
    asked: VerwijderingGevraagd,
    (by, lang): (&Account, Lang),
) -> Result<Verwijderd, Failure> {
    let before = answers.locals()?;
    let mut vault = answers.vault();
    let concept = find(&vault, id)?;
    if concept.id != id {
        return Err(not_whole(id, &concept.id));
    }
    if asked.gedeeld_blijft {
        return reduce(&mut vault, &concept, &answers.policy);
    }
    // A knelpunt that counted the team behind it counts anew.
    let thrown_away = vault.together(|vault| {
        vault.discard(id)?;
        restate(&Typing { answers, by, lang }, vault, &before)
    });
    match thrown_away.and_then(|()| Ok(vault.forget()?)) {
        Ok(()) => Ok(Verwijderd {
            id: concept.id.clone(),
            titel: title_of(&concept),
            record: None,
        }),
        Err(EditError::Vault(VaultError::Leaves { .. })) => Err(left(&concept)),
        Err(error) => Err(error.failure(lang)),
    }
}

/// Of a concept that has left only what left stays: texts as they were masked, no annex of the case, no known identities.
fn reduce(vault: &mut Vault, concept: &Concept, policy: &Policy) -> Result<Verwijderd, Failure> {
    let Some(shared) = concept.shared else {
        return Err(not_shared(&concept.id));
    };
    let screened = screen(concept, policy).map_err(|_| outdated())?;
    let (left, content) = (screened.without_local(), screened.content());
    let json = as_typed(&concept.id, &left, &concept.intake()).ok_or_else(|| Failure::internal(Unlike))?;
    vault.reduce(&concept.id, json).map_err(vault_failed)?;
    let reduced = vault.get(&concept.id).map_err(vault_failed)?;
    let same = screen(&reduced, policy).is_ok_and(|screened| screened.content() == content);
    // What was approved and would leave otherwise now, somebody looks at again.
    if reduced.state == State::Approved && !same {
        vault.failed(&concept.id, Mislukt::Veranderd).map_err(vault_failed)?;
    }
    Ok(Verwijderd {
        id: concept.id.clone(),
        titel: title_of(&reduced),
        record: Some(shared.record),
    })
}

/// A record as a person would type it, when reading that gives this record again.
fn as_typed(id: &str, input: &Input, intake: &record::Intake) -> Option<Value> {
    let mut typed = Merged::local(id, input).to_json(input.week, &Around::default());
    // What is derived is not typed.
    typed.as_object_mut()?.retain(|name, _| {
        !matches!(
            name.as_str(),
            "staat" | "bijdragen" | "ingetrokken" | "onbekend" | "verwijzingen" | "leden" | "antwoord"
        )
    });
    let read = record::read_json(&typed, intake).ok()?;
    let same = read.fields == input.fields && read.local.is_empty() && read.week == input.week;
    (same && read.contributes_to == input.contributes_to).then_some(typed)
}

/// A record cannot be written down so that reading gives it again.
#[derive(Debug, thiserror::Error)]
#[error("a record reads otherwise than it was written")]
struct Unlike;

fn not_shared(id: &str) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("van {id} is niets gedeeld, dus er blijft niets"),
            format!("nothing of {id} was shared, so nothing would stay"),
        ),
        hint: Some(Message::with(
            format!("gooi het helemaal weg met leerkring discard {id}"),
            format!("throw all of it away with leerkring discard {id}"),
        )),
    }
}

fn title_of(concept: &Concept) -> String {
    let input = concept.input().ok();
    let record = input.map(|input| Merged::local(&concept.id, &input));
    record.as_ref().map(title).unwrap_or_default()
}

fn not_whole(given: &str, id: &str) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("{given:?} is alleen het begin van een id; er is niets weggegooid"),
            format!("{given:?} is the begin of an id only; nothing was discarded"),
        ),
        hint: Some(Message::with(
            format!("bedoelt u {id}? kijk met leerkring review {id}"),
            format!("do you mean {id}? look with leerkring review {id}"),
        )),
    }
}

fn left(concept: &Concept) -> Failure {
    let id = &concept.id;
    let (nl, en) = match concept.state {
        State::Approved => (
            format!("{id} vertrekt juist, of is al vertrokken"),
            format!("{id} is leaving just now, or has left"),
        ),
        _ => (
            format!("van {id} is iets gedeeld, en dat ligt ook bij anderen"),
            format!("something of {id} was shared, and others hold it too"),
        ),
    };
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(nl, en),
        hint: Some(Message::with(
            format!(
                "trek het eerst in met leerkring withdraw {id}, voorgoed en overal, of houd alleen wat gedeeld is met \
                 leerkring discard {id} --keep-shared"
            ),
            format!(
                "first take it back with leerkring withdraw {id}, for ever and everywhere, or keep only what was shared with \
                 leerkring discard {id} --keep-shared"
            ),
        )),
    }
}

/// What is answered to who takes in again, just as it was, what was taken back.
pub(super) fn taken_back(id: String, lang: Lang) -> Outcome {
    let fault = Fault {
        pad: "id".to_owned(),
        melding: lang
            .pick(
                "wat onder dit id stond is ingetrokken",
                "what stood under this id was withdrawn",
            )
            .to_owned(),
        hint: Some(ANOTHER_ID.text(lang).to_owned()),
        ..Fault::default()
    };
    Outcome::Refused {
        id: Some(id),
        fouten: vec![fault],
    }
}
