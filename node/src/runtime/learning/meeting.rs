//! The agenda of a quarter, and the sessie that talked about it.

use std::collections::BTreeSet;

use protocol::api::{
    AfspraakAsked, AgendaStand, Agendapunt, Fault, Lang, Message, ProblemKind, SessieAsked, SessieStand, closed_before,
};
use protocol::gate::Account;
use protocol::id::{Gemeente, Quarter, Week};
use protocol::record::agenda::{Candidate, agenda, may_ask};
use protocol::record::{Kind, Neighbours as _, Reference, Value, around};
use serde_json::{Value as Json, json};

use super::linking::{self, EditError, Typing, any_record, text_of};
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::vault::{Vault, VaultError};
use crate::view::ViewError;

/// The agenda of a quarter, as it stands now or stood at its end.
pub(super) fn of_quarter(
    answers: &Answers,
    quarter: Quarter,
    peilweek: Option<Week>,
    lang: Lang,
) -> Result<AgendaStand, Failure> {
    let peilweek = peilweek.unwrap_or_else(|| week_now().min(quarter.last_week()));
    let punten = answers.world(|world, _| points(world, answers.config.gemeente, quarter, peilweek, lang))?;
    Ok(AgendaStand {
        kwartaal: quarter,
        peilweek,
        punten,
    })
}

/// What this gemeente has to talk about.
pub(in crate::runtime) fn points(
    world: &World<'_>,
    gemeente: Gemeente,
    quarter: Quarter,
    peilweek: Week,
    lang: Lang,
) -> Result<Vec<Agendapunt>, ViewError> {
    let mut candidates = Vec::new();
    for named in world.concerning(&ours(world, gemeente))? {
        if let Some(record) = world.record(&named)?.filter(may_ask) {
            let around = around(&record, world)?;
            candidates.push(Candidate { record, around });
        }
    }
    let points = agenda(&candidates, quarter, peilweek);
    let shown = points.iter().zip(1..).map(|(point, nr)| {
        let record = world.record(&point.record)?;
        let record = record.as_ref();
        Ok(Agendapunt {
            nr,
            reden: point.why.name().to_owned(),
            kop: point.why.heading().text(lang).to_owned(),
            uitleg: point.reason().text(lang).to_owned(),
            id: world.called(&point.record),
            soort: record.map_or("", |record| record.kind.name()).to_owned(),
            titel: record.map_or_else(String::new, |record| match point.row {
                Some(row) => afspraak_text(record.value("afspraken"), row),
                None => title(record),
            }),
            afspraak: point.row,
            actiehouder: record
                .zip(point.row)
                .and_then(|(record, row)| of_afspraak(record.value("afspraken"), row, "actiehouder")),
        })
    });
    shown.collect()
}

/// This gemeente and those that became part of it.
pub(in crate::runtime) fn ours(world: &World<'_>, gemeente: Gemeente) -> BTreeSet<Gemeente> {
    let mut ours = BTreeSet::from([gemeente]);
    loop {
        let more = world.heirs().iter().filter(|(_, to)| ours.contains(to));
        let more: BTreeSet<Gemeente> = more.map(|(from, _)| *from).collect();
        if more.is_subset(&ours) {
            return ours;
        }
        ours.extend(more);
    }
}

/// What an afspraak says.
pub(super) fn afspraak_text(rows: Option<&Value>, row: u32) -> String {
    of_afspraak(rows, row, "wat").unwrap_or_default()
}

fn of_afspraak(rows: Option<&Value>, row: u32, field: &str) -> Option<String> {
    let Some(Value::Rows(rows)) = rows else { return None };
    match rows.get(&row)?.get(field)? {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// Records a sessie that was held; one that was planned is closed by it.
pub(super) fn close(answers: &Answers, asked: &SessieAsked, by: &Account, lang: Lang) -> Result<SessieStand, Failure> {
    if asked.aanwezig.is_empty() {
        return Err(Failure::Input(Fault {
            pad: "aanwezig".to_owned(),
            melding: lang
                .pick("noem de lagen die er waren", "name the lagen that were there")
                .to_owned(),
            toegestaan: protocol::record::List::Laag
                .words()
                .iter()
                .map(|word| word.code.to_owned())
                .collect(),
            ..Fault::default()
        }));
    }
    let discussed = asked.besproken.iter().map(|id| any_record(answers, id));
    let discussed: BTreeSet<Reference> = discussed.collect::<Result<_, _>>()?;
    let named = |id: &String| any_record(answers, id);
    let led_to = asked
        .afspraken
        .iter()
        .map(|one| one.leidt_tot.as_ref().map(named).transpose());
    let led_to: Vec<Option<Reference>> = led_to.collect::<Result<_, _>>()?;
    let locals = answers.locals()?;
    let called = |named: &Reference| text_of(&locals.called(named));
    let besproken: Vec<String> = discussed.iter().map(&called).collect();
    let afspraken: Vec<Json> = (1..)
        .zip(asked.afspraken.iter().zip(&led_to))
        .map(|(nr, (one, to))| row(nr, one, to.as_ref().map(&called)))
        .collect();
    let practice = is_practice(answers, &discussed)?;
    let typing = Typing { answers, by, lang };
    let mut vault = answers.vault();
    let held = asked.week.unwrap_or_else(week_now);
    write(&typing, &mut vault, asked, (held, practice, besproken, afspraken))?;
    drop(vault);
    Ok(SessieStand {
        id: asked.id.clone(),
        kwartaal: asked.kwartaal,
        week: held,
        afspraken: asked.afspraken.len() as u64,
        knelpunten: linking::stands(answers, &discussed, held.max(week_now()))?,
    })
}

/// What was said of a practice record is practice too.
fn is_practice(answers: &Answers, discussed: &BTreeSet<Reference>) -> Result<bool, Failure> {
    answers.world(|world, _| {
        for named in discussed {
            if world.record(named)?.is_some_and(|record| record.practice) {
                return Ok(true);
            }
        }
        Ok(false)
    })
}

fn row(nr: u32, asked: &AfspraakAsked, led_to: Option<String>) -> Json {
    json!({"nr": nr, "wat": asked.wat, "laag": asked.laag, "klaar": asked.klaar, "leidt_tot": led_to,
        "actiehouder": asked.actiehouder})
}

/// Types the sessie, unless it is closed already: nobody else comes in between, since the vault is held.
fn write(
    typing: &Typing<'_>,
    vault: &mut Vault,
    asked: &SessieAsked,
    (held, practice, besproken, afspraken): (Week, bool, Vec<String>, Vec<Json>),
) -> Result<(), Failure> {
    let before = match vault.get(&asked.id) {
        Ok(concept) => concept.input().ok(),
        Err(VaultError::Unknown { .. }) => None,
        Err(error) => return Err(EditError::from(error).failure(typing.lang)),
    };
    let done = match &before {
        Some(input) if input.kind != Kind::Sessie => return Err(taken(&asked.id)),
        Some(input) if input.fields.contains_key("aanwezig") => return Err(closed(&asked.id, input.week)),
        Some(_) => typing.edit(
            vault,
            &asked.id,
            &[
                ("week", Some(json!(held))),
                ("kwartaal", Some(json!(asked.kwartaal))),
                ("aanwezig", Some(json!(asked.aanwezig))),
                ("aantal_band", asked.aantal_band.as_ref().map(|band| json!(band))),
                ("besproken", Some(json!(besproken))),
                ("afspraken", Some(json!(afspraken))),
            ],
        ),
        None => {
            let aard = asked.aard.as_deref().unwrap_or("kwartaalgesprek");
            let record = json!({"id": asked.id, "soort": "sessie", "week": held, "kwartaal": asked.kwartaal,
                "fictief": practice, "aard": aard, "aanwezig": asked.aanwezig, "aantal_band": asked.aantal_band, "besproken": besproken,
                "afspraken": afspraken});
            typing.add(vault, record).map(drop)
        }
    };
    done.map_err(|error| error.failure(typing.lang))
}

fn closed(id: &str, week: Week) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: closed_before(id, week),
        hint: Some(Message::with(
            format!("leerkring show {id} toont wat er is afgesproken; wijzigen gaat met leerkring share"),
            format!("leerkring show {id} shows what was agreed; leerkring share changes it"),
        )),
    }
}

fn taken(id: &str) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::with(format!("{id} is geen sessie"), format!("{id} is no sessie")),
        hint: Some(Message::new("kies een ander id", "choose another id")),
    }
}
