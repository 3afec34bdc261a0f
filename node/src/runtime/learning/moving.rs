//! An own record, or an afspraak of one, goes into another state because a person says so.
//!
//! What is said changes what was typed, and the state follows from that, as everywhere. When it would not become the state that
//! was said, nothing is changed.

use std::collections::BTreeMap;

use protocol::api::{Fault, Gekoppeld, Lang, Message, Overgang, OvergangAsked, ProblemKind, SAID_MAX, Toestand};
use protocol::gate::Account;
use protocol::id::{RecordId, Week};
use protocol::record::schema::{self, Type};
use protocol::record::transition::{BY, Place, Refusal, Step, Way, steps, steps_from};
use protocol::record::{Kind, Merged, Reference, around, state};
use serde_json::Value as Json;

use super::linking::{EditError, Typing, any_record, text_of};
use super::meeting::afspraak_text;
use super::not_one;
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::{state_of, title, vault_failed};
use crate::runtime::backend::{Answers, view_failed};
use crate::runtime::local::{Locals, World};
use crate::vault::{State, Vault};
use crate::view::ViewError;

/// A local record, or an afspraak of it.
#[derive(Debug, Clone, Copy)]
struct Named<'a> {
    id: &'a str,
    afspraak: Option<u32>,
    week: Week,
}

/// What it is now.
struct Stood {
    kind: Kind,
    title: String,
    state: &'static str,
}

/// What a local record is now, and what can become of it.
pub(super) fn look(
    answers: &Answers,
    id: &str,
    (afspraak, peilweek): (Option<u32>, Option<Week>),
    lang: Lang,
) -> Result<Toestand, Failure> {
    let id = own(answers, id)?;
    let week = peilweek.unwrap_or_else(week_now);
    let named = Named {
        id: &id,
        afspraak,
        week,
    };
    let stood = answers.world(|world, _| stood(world, named))?;
    let stood = stood.ok_or_else(|| no_afspraak(named))?;
    Ok(told(named, &stood, Vec::new(), lang))
}

/// Says that it is in another state.
pub(super) fn go(
    answers: &Answers,
    id: &str,
    asked: &OvergangAsked,
    by: &Account,
    lang: Lang,
) -> Result<Toestand, Failure> {
    if asked.velden.len() > SAID_MAX {
        let melding = lang.pick(
            format!("hoogstens {SAID_MAX} velden"),
            format!("at most {SAID_MAX} fields"),
        );
        return Err(wrong("velden", melding, Vec::new()));
    }
    let id = own(answers, id)?;
    let named = Named {
        id: &id,
        afspraak: asked.afspraak,
        week: asked.week.unwrap_or_else(week_now),
    };
    if named.week > week_now() {
        let melding = lang.pick("die week moet nog komen", "that week is still to come");
        return Err(wrong("week", melding.to_owned(), Vec::new()));
    }
    let stood = answers.world(|world, _| stood(world, named))?;
    let stood = stood.ok_or_else(|| no_afspraak(named))?;
    let step = step(named, &stood, &asked.staat, lang)?;
    let given = resolved(answers, &stood, step, &asked.velden, lang)?;
    let typing = Typing { answers, by, lang };
    let mut vault = answers.vault();
    let done = vault.together(|vault| said(&typing, vault, named, step, &given));
    let (stood, changed) = done.map_err(|error| error.failure(lang))?;
    let concept = vault.get(&changed).map_err(vault_failed)?;
    let concept = Gekoppeld {
        id: changed,
        voortgang: state_of(concept.state),
        gedeeld: concept.shared.is_some(),
    };
    Ok(told(named, &stood, vec![concept], lang))
}

/// The local record that an id means. One that is not ours to say anything of is told to be so.
fn own(answers: &Answers, id: &str) -> Result<String, Failure> {
    let found = answers.world(|world, _| {
        Ok(world.find(id).map(|named| {
            let (id, local) = world.locals.first(&named)?;
            Some((id.to_owned(), local.state == State::Withdrawn))
        }))
    })?;
    match found {
        Ok(Some((id, false))) => Ok(id),
        Ok(Some((id, true))) => Err(conflict(Message::with(
            format!("{id} is ingetrokken"),
            format!("{id} was withdrawn"),
        ))),
        Ok(None) => Err(not_one(id, Vec::new())),
        Err(candidates) if !candidates.is_empty() => Err(not_one(id, candidates)),
        Err(_) => {
            let named = any_record(answers, id)?;
            let record = answers.world(|world, _| world.record(&named))?;
            Err(record.map_or_else(|| not_one(id, Vec::new()), |record| not_ours(id, &record)))
        }
    }
}

fn not_ours(id: &str, record: &Merged) -> Failure {
    let owner = record.owner;
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("{id} is van {owner}: alleen die gemeente zegt in welke staat het is"),
            format!("{id} is of {owner}: only that gemeente says in which state it is"),
        ),
        hint: Some(match record.kind.is_cowritten() {
            true => Message::with(
                format!("draag eraan bij met leerkring share, met bijdrage_aan {id}"),
                format!("contribute to it with leerkring share, with bijdrage_aan {id}"),
            ),
            false => Message::new(
                "stel een vraag of spreek tegen met leerkring bericht",
                "ask a question or contradict with leerkring bericht",
            ),
        }),
    }
}

fn stood(world: &World<'_>, named: Named<'_>) -> Result<Option<Stood>, ViewError> {
    let link = world.locals.resolve(&Reference::Local(named.id.to_owned()));
    let Some(record) = world.record(&link)?.filter(|_| world.locals.first(&link).is_some()) else {
        return Ok(None);
    };
    let now = state(&record, &around(&record, world)?, named.week);
    let (title, state) = match named.afspraak {
        None => (title(&record), Some(now.answer.unwrap_or(now.name))),
        Some(nr) => (afspraak_text(record.value("afspraken"), nr), now.rows.get(&nr).copied()),
    };
    Ok(state.map(|state| Stood {
        kind: record.kind,
        title,
        state,
    }))
}

/// The step into the state that was said.
fn step(named: Named<'_>, stood: &Stood, to: &str, lang: Lang) -> Result<&'static Step, Failure> {
    let afspraak = named.afspraak.is_some();
    let mut from_here = steps_from(stood.kind, afspraak, stood.state);
    match from_here.find(|step| step.to == to) {
        Some(Step {
            way: Way::Follows(how), ..
        }) => Err(conflict(Message::with(
            format!("{} wordt vanzelf {to}, {}", called(named), how.nl),
            format!("{} becomes {to} by itself, {}", called(named), how.en),
        ))),
        Some(step) => Ok(step),
        None if steps(stood.kind, afspraak).iter().any(|step| step.to == to) => Err(cannot(named, stood, to)),
        None => {
            let to: String = to.chars().take(40).collect();
            let melding = lang.pick(format!("onbekende staat {to:?}"), format!("unknown state {to:?}"));
            let known = steps_from(stood.kind, afspraak, stood.state).map(|step| step.to.to_owned());
            Err(wrong("staat", melding, known.collect()))
        }
    }
}

fn cannot(named: Named<'_>, stood: &Stood, to: &str) -> Failure {
    let (id, now) = (called(named), stood.state);
    let next: Vec<&str> = steps_from(stood.kind, named.afspraak.is_some(), now)
        .map(|step| step.to)
        .collect();
    let (nl, en) = match next.is_empty() {
        true => ("niets".to_owned(), "nothing".to_owned()),
        false => (next.join(", "), next.join(", ")),
    };
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("{id} is {now} en wordt van daaruit niet {to}; wel: {nl}"),
            format!("{id} is {now} and does not become {to} from there, but: {en}"),
        ),
        hint: Some(Message::with(
            format!("leerkring mark {id} toont wat elk daarvan vraagt"),
            format!("leerkring mark {id} shows what each of those asks"),
        )),
    }
}

/// What was said, with every link as the vault names it.
fn resolved(
    answers: &Answers,
    stood: &Stood,
    step: &Step,
    given: &BTreeMap<String, Json>,
    lang: Lang,
) -> Result<BTreeMap<String, Json>, Failure> {
    let mut said = given.clone();
    for (name, value) in &mut said {
        let Json::String(id) = value else { continue };
        let kinds: &[&str] = match (step.place(), schema::field(stood.kind, name).map(|field| field.what)) {
            (Some(Place::Other(_)), _) if name == BY => {
                let by = own(answers, id)?;
                check_kind(answers, &Reference::Local(by.clone()), id, &[stood.kind.name()], lang)?;
                *value = by.into();
                continue;
            }
            (Some(Place::Afspraak), _) if name == "leidt_tot" => &[],
            (_, Some(Type::Link(kinds))) => kinds,
            _ => continue,
        };
        // One that has not arrived may be named by its whole id.
        if id.parse::<RecordId>().is_err() {
            let named = any_record(answers, id)?;
            check_kind(answers, &named, id, kinds, lang)?;
            *value = text_of(&answers.locals()?.called(&named)).into();
        }
    }
    Ok(said)
}

fn check_kind(answers: &Answers, named: &Reference, id: &str, kinds: &[&str], lang: Lang) -> Result<(), Failure> {
    let record = answers.world(|world, _| world.record(&world.locals.resolve(named)))?;
    match record {
        Some(record) if !kinds.is_empty() && !kinds.contains(&record.kind.name()) => {
            let kinds = kinds.join(lang.pick(" of ", " or "));
            Err(conflict(Message::with(
                format!("{id} is geen {kinds}"),
                format!("{id} is no {kinds}"),
            )))
        }
        _ => Ok(()),
    }
}

/// Types it anew, and sees that it became what was said: nobody else comes in between, since the vault is held.
fn said(
    typing: &Typing<'_>,
    vault: &mut Vault,
    named: Named<'_>,
    step: &Step,
    given: &BTreeMap<String, Json>,
) -> Result<(Stood, String), EditError> {
    let before = now(typing.answers, vault, named)?;
    let input = vault.get(named.id)?.input().map_err(EditError::Findings)?;
    let changes = step.changes((input.kind, &input.fields), named.afspraak, given, named.week);
    let mut changes = changes.map_err(|refusal| refused(&refusal, step, typing.lang))?;
    let mut changed = named.id.to_owned();
    if let (Some(Place::Other(field)), Some(Json::String(by))) = (step.place(), given.get(BY)) {
        changed.clone_from(by);
        changes.push((field.to_owned(), Some(named.id.into())));
    }
    let changes: Vec<_> = changes.iter().map(|(name, to)| (name.as_str(), to.clone())).collect();
    typing.edit(vault, &changed, &changes)?;
    let after = now(typing.answers, vault, named)?;
    match reaches(step, &before, after.state) {
        true => Ok((after, changed)),
        false => Err(EditError::Told(Box::new(not_so(named, step.to, after.state)))),
    }
}

/// What the vault makes of it now. **Invariant:** the view is read as it is: who holds the vault waits for nobody.
fn now(answers: &Answers, vault: &Vault, named: Named<'_>) -> Result<Stood, EditError> {
    let locals = Locals::refreshed(&std::sync::Arc::default(), vault)?;
    let found = answers
        .readers
        .read(|reading| stood(&World::open(&locals, reading)?, named));
    let found = found.map_err(|error| EditError::Told(Box::new(view_failed(error))))?;
    found.ok_or_else(|| EditError::Told(Box::new(no_afspraak(named))))
}

/// Whether it became what was said. What is no longer parked is whatever else it is.
fn reaches(step: &Step, before: &Stood, after: &str) -> bool {
    after == step.to || (step.clears() && after != before.state)
}

fn not_so(named: Named<'_>, to: &str, after: &str) -> Failure {
    let id = called(named);
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(
            format!("{id} zou dan {after} zijn en niet {to}; er is niets veranderd"),
            format!("{id} would be {after} then and not {to}; nothing was changed"),
        ),
        hint: Some(Message::new(
            "kijk naar de weken die u noemt: wat nog komt is nog niet gebeurd, en een later signaal heropent",
            "look at the weeks that you name: what is still to come has not happened, and a later signal reopens",
        )),
    }
}

fn refused(refusal: &Refusal, step: &Step, lang: Lang) -> EditError {
    let to = step.to;
    let fault = match refusal {
        Refusal::Missing(fields) => Fault {
            pad: format!("velden.{}", fields.first().copied().unwrap_or_default()),
            melding: lang.pick(
                format!("{to} vraagt {}", fields.join(" en ")),
                format!("{to} asks {}", fields.join(" and ")),
            ),
            toegestaan: step.asks().chain(step.allows()).map(str::to_owned).collect(),
            ..Fault::default()
        },
        Refusal::Unknown(field) => {
            let field: String = field.chars().take(40).collect();
            Fault {
                pad: format!("velden.{field}"),
                melding: lang.pick(
                    format!("{to} wordt niet met {field} gezegd"),
                    format!("{to} is not said with {field}"),
                ),
                toegestaan: step.asks().chain(step.allows()).map(str::to_owned).collect(),
                ..Fault::default()
            }
        }
    };
    EditError::Refused(fault)
}

fn told(named: Named<'_>, stood: &Stood, concepten: Vec<Gekoppeld>, lang: Lang) -> Toestand {
    let steps = steps_from(stood.kind, named.afspraak.is_some(), stood.state);
    let overgangen = steps.map(|step| Overgang {
        staat: step.to.to_owned(),
        vraagt: step.asks().map(str::to_owned).collect(),
        mag: step.allows().map(str::to_owned).collect(),
        volgt: match &step.way {
            Way::Follows(how) => Some(how.text(lang).to_owned()),
            Way::Said(..) => None,
        },
    });
    Toestand {
        id: named.id.to_owned(),
        soort: match named.afspraak {
            Some(_) => "afspraak",
            None => stood.kind.name(),
        }
        .to_owned(),
        afspraak: named.afspraak,
        titel: stood.title.clone(),
        staat: stood.state.to_owned(),
        overgangen: overgangen.collect(),
        concepten,
    }
}

/// As a person types it: an afspraak by its number behind its sessie.
fn called(named: Named<'_>) -> String {
    match named.afspraak {
        Some(nr) => format!("{}/{nr}", named.id),
        None => named.id.to_owned(),
    }
}

fn conflict(message: Message) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: None,
    }
}

fn wrong(pad: &str, melding: String, toegestaan: Vec<String>) -> Failure {
    Failure::Input(Fault {
        pad: pad.to_owned(),
        melding,
        toegestaan,
        ..Fault::default()
    })
}

fn no_afspraak(named: Named<'_>) -> Failure {
    let id = named.id;
    conflict(match named.afspraak {
        Some(nr) => Message::with(
            format!("{id} heeft geen afspraak {nr}"),
            format!("{id} has no afspraak {nr}"),
        ),
        None => Message::with(format!("{id} is hier niet meer"), format!("{id} is not here any more")),
    })
}
