//! What this node gives out, for a catalogue of data.

use protocol::api::{Message, ProblemKind};
use protocol::id::Week;
use serde_json::Value;

use super::backend::{Answers, VERSIONS, stopping};
use crate::dataset::{Dataset, Place, Source};
use crate::driver::{Core, week_now};
use crate::http::Failure;

pub(super) fn describe(answers: &Answers) -> Result<Value, Failure> {
    let peilweek = week_now();
    let shown = answers.calls.call(move |core| shown_now(core, peilweek));
    let dataset = shown.map_err(stopping)?.ok_or_else(no_federation)?;
    let source = Source {
        gemeente: answers.config.gemeente,
        name: answers.config.name.clone(),
        mailbox: answers.config.mailbox.clone(),
        api: answers.ready().map(|ready| ready.api.clone()).unwrap_or_default(),
    };
    Ok(dataset.describe(Place::Node(&source)))
}

/// What the federation of this node holds; nothing while there is none.
fn shown_now(core: &Core, peilweek: Week) -> Option<Dataset> {
    let replica = core.replica();
    let roster = replica.roster();
    Some(Dataset {
        federation: replica.federation().filter(|_| roster.is_active())?,
        edition: roster.course()?.number,
        snapshot: replica.snapshot(&VERSIONS, peilweek),
        peilweek,
    })
}

fn no_federation() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze node hoort nog bij geen federatie: er is niets gedeeld om te beschrijven",
            "this node belongs to no federation yet: there is nothing shared to describe",
        ),
        hint: Some(Message::new(
            "richt er een op (leerkring charter new) of kom erbij (leerkring join)",
            "found one (leerkring charter new) or come in (leerkring join)",
        )),
    }
}
