//! Signals and the knelpunt that they belong to: a person links, and what the own signals say of a knelpunt follows.
//!
//! A link is an edit of what was typed: it waits for a person like any edit, also when the signal was shared before. How
//! many teams gave signals is stated in the knelpunt, and no team with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::api::{
    Fault, Gekoppeld, Knelpuntstand, Koppeling, KoppelingAsked, LINKS_MAX, Lang, Message, NieuwKnelpunt,
    OntkoppelingAsked, Outcome, ProblemKind,
};
use protocol::gate::{Account, Coarse};
use protocol::id::Week;
use protocol::record::{Finding, Kind, Reference, Value, around, recurrence, state};
use serde_json::{Value as Json, json};

use super::not_one;
use crate::driver::week_now;
use crate::http::{Failure, Thing};
use crate::runtime::approvals::{state_of, take, title, vault_failed};
use crate::runtime::backend::{self, Answers};
use crate::runtime::local::{Locals, World};
use crate::runtime::policy::Before;
use crate::vault::intake::Taken;
use crate::vault::{Change, Source, Vault, VaultError};
use crate::view::{Found, ViewError};

/// Why nothing was changed.
#[derive(Debug)]
pub(in crate::runtime) enum EditError {
    Vault(VaultError),
    /// What it would say is no record.
    Findings(Vec<Finding>),
    /// What was withdrawn under this id stays so, or what is wrong with what was said.
    Refused(Fault),
    /// Something else stands in the way.
    Told(Box<Failure>),
}

impl From<VaultError> for EditError {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl EditError {
    pub(in crate::runtime) fn failure(self, lang: Lang) -> Failure {
        match self {
            Self::Vault(error) => vault_failed(error),
            Self::Refused(fault) => Failure::Input(fault),
            Self::Told(failure) => *failure,
            Self::Findings(findings) => Failure::Input(findings.first().map_or_else(Fault::default, |finding| Fault {
                pad: finding.path.clone(),
                melding: finding.problem.message(lang),
                toegestaan: finding.allowed().into_iter().map(str::to_owned).collect(),
                ..Fault::default()
            })),
        }
    }
}

/// What types for somebody.
pub(in crate::runtime) struct Typing<'a> {
    pub(in crate::runtime) answers: &'a Answers,
    pub(in crate::runtime) by: &'a Account,
    pub(in crate::runtime) lang: Lang,
}

impl Typing<'_> {
    /// Takes in what somebody typed, or what follows from it.
    pub(super) fn take(&self, vault: &mut Vault, mut taken: Taken) -> Result<String, EditError> {
        let policy = &self.answers.policy;
        taken.coarse = Before::new(&self.answers.history).coarse(&taken, policy, vault)?;
        match take(vault, &taken, None, policy, self.lang)? {
            Outcome::Taken { id, .. } => Ok(id),
            Outcome::Refused { fouten, .. } => Err(EditError::Refused(fouten.into_iter().next().unwrap_or_default())),
        }
    }

    /// Types a record again with some fields changed.
    pub(super) fn edit(&self, vault: &mut Vault, id: &str, changes: &[Change<'_>]) -> Result<(), EditError> {
        let taken = vault.retyped(id, changes, self.by.as_str())?;
        self.take(vault, taken.map_err(EditError::Findings)?).map(drop)
    }

    /// Types a new record.
    pub(super) fn add(&self, vault: &mut Vault, record: Json) -> Result<String, EditError> {
        let intake = protocol::record::Intake {
            gemeente: self.answers.config.gemeente,
            week: week_now(),
            kind: None,
        };
        let source = Source::Json(record);
        let input = source.read(&intake).map_err(EditError::Findings)?;
        let taken = Taken {
            source,
            input,
            intake,
            by: Some(self.by.as_str().to_owned()),
            coarse: Coarse::AsTyped,
            known: None,
        };
        self.take(vault, taken)
    }
}

/// The text by which a local record names another.
pub(super) fn text_of(called: &Reference) -> String {
    match called {
        Reference::Local(id) => id.clone(),
        Reference::Record(record) => record.to_string(),
    }
}

/// The record that an id means, of here or of the federation, as people here call it.
pub(super) fn any_record(answers: &Answers, id: &str) -> Result<Reference, Failure> {
    let local = answers.world(|world, _| Ok(world.find(id)))?;
    match local {
        Ok(named) => Ok(named),
        Err(candidates) if !candidates.is_empty() => Err(not_one(id, candidates)),
        Err(_) => match answers.caught_up(|reading, _| reading.named(id))? {
            Found::One(record) => Ok(Reference::Record(record)),
            not => Err(backend::not_one(not, id)),
        },
    }
}

fn own_signal(world: &World<'_>, id: &str) -> Result<Result<String, Failure>, ViewError> {
    let named = match world.find(id) {
        Ok(named) => named,
        Err(candidates) => return Ok(Err(not_one(id, candidates))),
    };
    let local = world.locals.first(&named);
    Ok(match local.filter(|(_, record)| record.input.kind == Kind::Signaal) {
        Some((id, _)) => Ok(id.to_owned()),
        None => Err(no_signal(id)),
    })
}

fn no_signal(id: &str) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(format!("{id} is geen signaal"), format!("{id} is no signaal")),
        hint: Some(Message::new(
            "leerkring list --local --soort signaal toont de eigen signalen",
            "leerkring list --local --soort signaal shows your own signals",
        )),
    }
}

fn own_signals(answers: &Answers, ids: &[String]) -> Result<Vec<String>, Failure> {
    if ids.is_empty() || ids.len() > LINKS_MAX {
        let told = Message::with(
            format!("noem 1 tot en met {LINKS_MAX} signalen"),
            format!("name 1 to {LINKS_MAX} signals"),
        );
        return Err(Failure::Told {
            kind: ProblemKind::Invoer,
            message: told,
            hint: None,
        });
    }
    let found = answers.world(|world, _| {
        ids.iter()
            .map(|id| own_signal(world, id))
            .collect::<Result<Vec<_>, _>>()
    })?;
    found.into_iter().collect()
}

/// Links signals to a knelpunt that is there, or to one that is made of them.
pub(super) fn link(answers: &Answers, asked: &KoppelingAsked, by: &Account, lang: Lang) -> Result<Koppeling, Failure> {
    let signals = own_signals(answers, &asked.signalen)?;
    let typing = Typing { answers, by, lang };
    match (&asked.knelpunt, &asked.nieuw) {
        (Some(knelpunt), None) => {
            let named = any_record(answers, knelpunt)?;
            check_knelpunt(answers, &named, knelpunt)?;
            let called = text_of(&answers.locals()?.called(&named));
            relink(&typing, &signals, |_, _| Ok(Some(called)))
        }
        (None, Some(new)) => {
            let record = made_of(answers, &signals, new)?;
            relink(&typing, &signals, |typing, vault| typing.add(vault, record).map(Some))
        }
        _ => Err(Failure::Told {
            kind: ProblemKind::Invoer,
            message: Message::new(
                "noem een knelpunt of geef een nieuw, niet beide",
                "name a knelpunt or give a new one, not both",
            ),
            hint: None,
        }),
    }
}

/// Takes signals off their knelpunt.
pub(super) fn unlink(
    answers: &Answers,
    asked: &OntkoppelingAsked,
    by: &Account,
    lang: Lang,
) -> Result<Koppeling, Failure> {
    let signals = own_signals(answers, &asked.signalen)?;
    relink(&Typing { answers, by, lang }, &signals, |_, _| Ok(None))
}

fn check_knelpunt(answers: &Answers, named: &Reference, id: &str) -> Result<(), Failure> {
    match answers.world(|world, _| world.record(named))? {
        Some(record) if record.kind == Kind::Knelpunt => Ok(()),
        Some(_) => Err(Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(format!("{id} is geen knelpunt"), format!("{id} is no knelpunt")),
            hint: None,
        }),
        None => Err(Failure::Unknown {
            what: Thing::Record,
            id: id.to_owned(),
        }),
    }
}

/// A knelpunt with the themes of its signals.
fn made_of(answers: &Answers, signals: &[String], new: &NieuwKnelpunt) -> Result<Json, Failure> {
    const THEMES_MAX: usize = 3;
    let locals = answers.locals()?;
    let inputs = signals.iter().filter_map(|id| Some(&locals.get(id)?.input));
    let themes = inputs.filter_map(|input| match input.fields.get("thema") {
        Some(Value::Codes(codes)) => Some(codes.clone()),
        _ => None,
    });
    let themes: BTreeSet<String> = themes.flatten().collect();
    let themes: Vec<String> = themes.into_iter().take(THEMES_MAX).collect();
    let first = signals.iter().filter_map(|id| Some(locals.get(id)?.input.week)).min();
    let practice = signals
        .iter()
        .any(|id| locals.get(id).is_some_and(|signal| signal.input.practice));
    let id = new.id.clone();
    if id.as_ref().is_some_and(|id| locals.get(id).is_some()) {
        return Err(Failure::Told {
            kind: ProblemKind::Conflict,
            message: Message::with(
                format!("er is al een record {}", id.as_deref().unwrap_or_default()),
                format!("there is a record {} already", id.as_deref().unwrap_or_default()),
            ),
            hint: Some(Message::new(
                "koppel daaraan met leerkring link, of kies een ander id",
                "link to that with leerkring link, or choose another id",
            )),
        });
    }
    Ok(
        json!({"soort": "knelpunt", "id": id, "week": first, "titel": new.titel, "thema": themes, "fictief": practice,
        "soort_knelpunt": new.soort_knelpunt}),
    )
}

/// Links every signal to what `to` gives, all or none, and counts again.
fn relink(
    typing: &Typing<'_>,
    signals: &[String],
    to: impl FnOnce(&Typing<'_>, &mut Vault) -> Result<Option<String>, EditError>,
) -> Result<Koppeling, Failure> {
    let answers = typing.answers;
    let before = answers.locals()?;
    let mut vault = answers.vault();
    let done = vault.together(|vault| {
        let to = to(typing, vault)?;
        let mut changed: BTreeSet<String> = signals.iter().cloned().collect();
        for signal in signals {
            typing.edit(vault, signal, &[("knelpunt", to.clone().map(Json::from))])?;
        }
        let after = Locals::refreshed(&before, vault)?;
        let links = [&before, &after].map(|locals| signals.iter().filter_map(|id| locals.knelpunt_of(id)).collect());
        let [was, is]: [BTreeSet<Reference>; 2] = links;
        let touched: BTreeSet<Reference> = was.into_iter().chain(is).map(|link| after.resolve(&link)).collect();
        for knelpunt in &touched {
            changed.extend(recount(typing, vault, [&before, &after], knelpunt)?);
        }
        changed.extend(to.filter(|id| after.get(id).is_some() && before.get(id).is_none()));
        Ok::<_, EditError>((changed, touched))
    });
    let (changed, touched) = done.map_err(|error| error.failure(typing.lang))?;
    let concepten = changed.iter().map(|id| {
        let concept = vault.get(id).map_err(vault_failed)?;
        Ok(Gekoppeld {
            id: id.clone(),
            voortgang: state_of(concept.state),
            gedeeld: concept.shared.is_some(),
        })
    });
    let concepten = concepten.collect::<Result<_, Failure>>()?;
    drop(vault);
    Ok(Koppeling {
        concepten,
        knelpunten: stands(answers, &touched, week_now())?,
    })
}

/// States in an own knelpunt from how many teams its signals are. What somebody typed by hand is kept when it says more.
fn recount(
    typing: &Typing<'_>,
    vault: &mut Vault,
    [before, after]: [&Arc<Locals>; 2],
    knelpunt: &Reference,
) -> Result<Option<String>, EditError> {
    let Some((id, local)) = after.first(knelpunt) else {
        return Ok(None);
    };
    let peilweek = week_now();
    let stated = match local.input.fields.get("teams") {
        Some(Value::Code(teams)) => Some(teams.as_str()),
        _ => None,
    };
    let [was, is] = [before, after].map(|locals| recurrence::band(locals.teams(knelpunt, peilweek)));
    // The codes stand in order of the alphabet too.
    if stated == is || (stated != was && stated > is) {
        return Ok(None);
    }
    typing.edit(vault, id, &[("teams", is.map(Json::from))])?;
    Ok(Some(id.to_owned()))
}

/// States anew how many teams its signals are, in every knelpunt that states it and that a change was about which no link made:
/// a signal that was typed with its knelpunt, typed again, or thrown away.
pub(in crate::runtime) fn restate(
    typing: &Typing<'_>,
    vault: &mut Vault,
    before: &Arc<Locals>,
) -> Result<(), EditError> {
    let after = Locals::refreshed(before, vault)?;
    for knelpunt in after.touched_since(before) {
        let states = |locals: &Locals| {
            let (_, local) = locals.first(&knelpunt)?;
            local.input.fields.get("teams").cloned()
        };
        // One that was typed in this very change says what it was typed with.
        if states(&after).is_some() && states(before) == states(&after) {
            recount(typing, vault, [before, &after], &knelpunt)?;
        }
    }
    Ok(())
}

/// These knelpunten as they are now.
pub(super) fn stands(
    answers: &Answers,
    knelpunten: &BTreeSet<Reference>,
    peilweek: Week,
) -> Result<Vec<Knelpuntstand>, Failure> {
    answers.world(|world, _| {
        let mut stands = Vec::new();
        for named in knelpunten {
            let Some(record) = world.record(named)?.filter(|record| record.kind == Kind::Knelpunt) else {
                continue;
            };
            let around = around(&record, world)?;
            stands.push(Knelpuntstand {
                id: world.called(named),
                titel: title(&record),
                staat: state(&record, &around, peilweek).name.to_owned(),
                teams: recurrence::band(world.locals.teams(named, peilweek)).map(str::to_owned),
            });
        }
        Ok(stands)
    })
}
