//! What lasts, here or in the whole federation: knelpunten that stand open or came back, questions that wait.

use protocol::api::{KnelpuntRegel, KnelpuntenPage, Lang, OpenstaandQuery, Paging, VraagRegel, VragenPage};
use protocol::id::Week;
use protocol::record::agenda::Candidate;
use protocol::record::lasting::{Lasting, Question, open, returned, unanswered};
use protocol::record::{Kind, List, Merged, Reference, Value, around};

use super::meeting::ours;
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::{Answers, not_listed};
use crate::runtime::local::World;
use crate::view::ViewError;

/// The knelpunten that stand open the longest, or those that came back.
pub(super) fn knelpunten(
    answers: &Answers,
    query: &OpenstaandQuery,
    paging: Paging,
    lang: Lang,
) -> Result<KnelpuntenPage, Failure> {
    check(query, lang)?;
    let peilweek = query.peilweek.unwrap_or_else(week_now);
    answers.world(|world, _| {
        let candidates = candidates(answers, world, query, &[Kind::Knelpunt])?;
        let all = match query.keert_terug {
            true => returned(&candidates, peilweek),
            false => open(&candidates, peilweek),
        };
        let lines = page(&all, paging).iter().map(|one| line(world, one, peilweek));
        Ok(KnelpuntenPage {
            peilweek,
            totaal: all.len() as u64,
            knelpunten: lines.collect::<Result<_, _>>()?,
        })
    })
}

/// The questions that nobody has answered, the oldest first.
pub(super) fn questions(
    answers: &Answers,
    query: &OpenstaandQuery,
    paging: Paging,
    lang: Lang,
) -> Result<VragenPage, Failure> {
    check(query, lang)?;
    let peilweek = query.peilweek.unwrap_or_else(week_now);
    answers.world(|world, _| {
        let candidates = candidates(answers, world, query, &[Kind::Signaal, Kind::Bericht])?;
        let all = unanswered(&candidates, peilweek);
        let lines = page(&all, paging).iter().map(|one| asked(world, one, peilweek));
        Ok(VragenPage {
            peilweek,
            totaal: all.len() as u64,
            vragen: lines.collect::<Result<_, _>>()?,
        })
    })
}

fn check(query: &OpenstaandQuery, lang: Lang) -> Result<(), Failure> {
    match &query.thema {
        Some(theme) if List::Thema.find(theme).is_none() => {
            let text = lang.pick(format!("onbekend thema {theme:?}"), format!("unknown theme {theme:?}"));
            Err(not_listed("thema", List::Thema, text))
        }
        _ => Ok(()),
    }
}

/// The records of these kinds that are asked for, each with what surrounds it.
fn candidates(
    answers: &Answers,
    world: &World<'_>,
    query: &OpenstaandQuery,
    kinds: &[Kind],
) -> Result<Vec<Candidate>, ViewError> {
    let named = match query.netwerk {
        true => world.of_kinds(kinds)?,
        false => world.concerning(&ours(world, answers.config.gemeente))?,
    };
    let mut candidates = Vec::new();
    for named in named {
        let record = world.record(&named)?;
        if let Some(record) = record.filter(|record| kinds.contains(&record.kind) && may_last(record, query)) {
            let around = around(&record, world)?;
            candidates.push(Candidate { record, around });
        }
    }
    Ok(candidates)
}

/// Whether a record can be in the list, by itself: what surrounds it costs more to see.
fn may_last(record: &Merged, query: &OpenstaandQuery) -> bool {
    let asks =
        record.kind != Kind::Signaal || matches!(record.value("aard"), Some(Value::Code(aard)) if aard == "vraag");
    let returns = !query.keert_terug || record.fields.contains_key("episodes");
    let themed = query.thema.as_ref().is_none_or(|theme| {
        let has = |value: &Value| matches!(value, Value::Codes(codes) if codes.contains(theme));
        record.kind != Kind::Knelpunt || record.values("thema").any(has)
    });
    asks && returns && themed
}

fn page<T>(all: &[T], paging: Paging) -> &[T] {
    let skip = usize::try_from(paging.skip()).unwrap_or(usize::MAX).min(all.len());
    let end = skip.saturating_add(paging.aantal as usize).min(all.len());
    &all[skip..end]
}

fn weeks(from: Week, to: Week) -> u32 {
    u32::try_from(to.index() - from.index()).unwrap_or_default()
}

fn line(world: &World<'_>, one: &Lasting, peilweek: Week) -> Result<KnelpuntRegel, ViewError> {
    let record = found(world, &one.record)?;
    Ok(KnelpuntRegel {
        id: world.called(&one.record),
        gemeente: record.owner,
        titel: title(&record),
        staat: one.state.to_owned(),
        gemeld: one.reported,
        sinds: one.since(),
        weken: weeks(one.since(), peilweek),
        keren: u32::try_from(one.times).unwrap_or(u32::MAX),
        opgelost: one.returned.map(|(solved, _)| solved),
    })
}

fn asked(world: &World<'_>, one: &Question, peilweek: Week) -> Result<VraagRegel, ViewError> {
    let record = found(world, &one.record)?;
    Ok(VraagRegel {
        id: world.called(&one.record),
        soort: record.kind.name().to_owned(),
        vorm: one.form.clone(),
        gemeente: record.owner,
        week: one.week,
        weken: weeks(one.week, peilweek),
        titel: title(&record),
        over: one.about.as_ref().map(|about| world.called(about)),
    })
}

/// A record that was seen a moment ago, in the same state of the view.
fn found(world: &World<'_>, named: &Reference) -> Result<Merged, ViewError> {
    world.record(named)?.ok_or_else(|| ViewError::Damaged {
        detail: "a record that was there a moment ago".to_owned(),
    })
}
