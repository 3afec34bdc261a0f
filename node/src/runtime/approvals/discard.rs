//! What does not go on: a concept that is thrown away, and one of which the record was taken back.

use protocol::api::{Fault, Lang, Message, Outcome, ProblemKind, Verwijderd};
use protocol::record::Merged;

use super::{find, title, vault_failed};
use crate::http::Failure;
use crate::runtime::backend::Answers;
use crate::vault::{Concept, State, VaultError};

const ANOTHER_ID: Message = Message::new(
    "leg het onder een nieuw id vast en deel dat: wat is ingetrokken komt niet terug",
    "record it under a new id and share that: what was withdrawn does not come back",
);

/// Throws a concept away that has not left, for ever. Its id has to be given whole: a begin may fit another one.
pub(in crate::runtime) fn discard(answers: &Answers, id: &str) -> Result<Verwijderd, Failure> {
    let mut vault = answers.vault();
    let concept = find(&vault, id)?;
    if concept.id != id {
        return Err(not_whole(id, &concept.id));
    }
    match vault.discard(id) {
        Ok(()) => Ok(Verwijderd {
            id: concept.id.clone(),
            titel: title_of(&concept),
        }),
        Err(VaultError::Leaves { .. }) => Err(left(&concept)),
        Err(error) => Err(vault_failed(error)),
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
            format!("trek het eerst in met leerkring withdraw {id}, voorgoed en overal"),
            format!("first take it back with leerkring withdraw {id}, for ever and everywhere"),
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
