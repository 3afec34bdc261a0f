//! One concept typed anew by somebody who saw it as it is.

use protocol::api::{ConceptDetail, Fault, Lang, Message, Outcome, ProblemKind};
use protocol::gate::Account;
use protocol::record;
use serde_json::Value;

use super::{Before, detail, eyes, is_of_a_knelpunt, refusal, take, unreadable};
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::backend::Answers;
use crate::runtime::learning::{EditError, Typing, restate};
use crate::vault::intake::{self, Format, Taken};

/// Whether a concept is still as somebody was shown it.
type Shown<'a> = &'a dyn Fn(&ConceptDetail) -> bool;

/// Types a concept anew when it is still as it was shown. What was decided about the text before lapses, as always.
pub(in crate::runtime) fn replace(
    answers: &Answers,
    (id, shown): (&str, Shown<'_>),
    body: &[u8],
    by: &Account,
    lang: Lang,
) -> Result<ConceptDetail, Failure> {
    let before = answers.locals()?;
    let mut vault = answers.vault();
    let now = detail(answers, &vault, id, lang)?;
    if !shown(&now) {
        return Err(changed());
    }
    let id = now.concept.id;
    let mut taken = read(answers, &id, body, lang)?;
    taken.by = eyes::somebody(by.as_str()).map(str::to_owned);
    let outcome = vault.together(|vault| {
        taken.coarse = Before::new(&answers.history).coarse(&taken, &answers.policy, vault)?;
        let outcome = take(vault, &taken, None, &answers.policy, lang)?;
        if is_of_a_knelpunt(&taken) {
            restate(&Typing { answers, by, lang }, vault, &before)?;
        }
        Ok::<_, EditError>(outcome)
    });
    match outcome.map_err(|error| error.failure(lang))? {
        Outcome::Taken { .. } => detail(answers, &vault, &id, lang),
        Outcome::Refused { fouten, .. } => Err(first(fouten)),
    }
}

/// The record in the body, under the id that is typed anew.
fn read(answers: &Answers, id: &str, body: &[u8], lang: Lang) -> Result<Taken, Failure> {
    let with = record::Intake {
        gemeente: answers.config.gemeente,
        week: week_now(),
        kind: None,
    };
    // Read twice: the first tells what is no JSON at all, with its place.
    intake::read(body, Format::Json, &with).map_err(|error| unreadable(&error, lang))?;
    let mut record = match serde_json::from_slice(body) {
        Ok(Value::Object(record)) => record,
        _ => return Err(not_one(lang)),
    };
    match record.insert("id".to_owned(), id.into()) {
        None => {}
        Some(named) if named == id => {}
        Some(_) => return Err(another(id, lang)),
    }
    let named = Value::Object(record).to_string();
    let outcomes = intake::read(named.as_bytes(), Format::Json, &with).map_err(|error| unreadable(&error, lang))?;
    match <[_; 1]>::try_from(outcomes) {
        Ok([Ok(taken)]) => Ok(taken),
        Ok([Err(refused)]) => match refusal(&refused, lang) {
            Outcome::Refused { fouten, .. } => Err(first(fouten)),
            Outcome::Taken { .. } => unreachable!("what was refused was not taken in"),
        },
        Err(_) => Err(not_one(lang)),
    }
}

fn first(faults: Vec<Fault>) -> Failure {
    Failure::Input(faults.into_iter().next().unwrap_or_default())
}

fn not_one(lang: Lang) -> Failure {
    let text = lang.pick("hier hoort precies één record", "this takes exactly one record");
    Failure::Input(Fault {
        melding: text.to_owned(),
        ..Fault::default()
    })
}

fn another(id: &str, lang: Lang) -> Failure {
    Failure::Input(Fault {
        pad: "id".to_owned(),
        melding: lang.pick(
            format!("dit is een ander record dan {id}"),
            format!("this is another record than {id}"),
        ),
        ..Fault::default()
    })
}

fn changed() -> Failure {
    Failure::Told {
        kind: ProblemKind::Achterhaald,
        message: Message::new(
            "dit concept is gewijzigd sinds het getoond is; er is niets veranderd",
            "this concept changed since it was shown; nothing was changed",
        ),
        hint: Some(Message::new(
            "haal het opnieuw op en voeg uw wijziging daarin toe",
            "get it again and make your change in that",
        )),
    }
}
