//! Full text over what the federation knows, and what resembles a draft: of the own gemeente first, with its teams, then of others.
//!
//! **Invariant:** what is local is searched in memory and told to whoever has the token, here only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use protocol::api::{
    FOUND_DEFAULT, Gevonden, Lang, Outcome, Overeenkomst, Plek, SearchQuery, Treffer, Verwanten, VerwantenQuery,
};
use protocol::id::RecordId;
use protocol::record::{Kind, List, Merged, Reference, Value, around};

use super::backend::{Answers, not_listed, stopping, unknown_kind, view_failed};
use super::erasure;
use super::learning::tips;
use super::local::Locals;
use crate::driver::week_now;
use crate::http::Failure;
use crate::vault::State;
use crate::vault::intake::Taken;
use crate::view::{Asked, Found, Local, Looks, Matched, Resembling, ViewError, Why};

/// Records of the own gemeente, and of others, that a draft is shown.
const OWN_MAX: usize = 5;
const OTHERS_MAX: usize = 10;
/// Records that are looked at for what a signal may belong to, of here and of others.
const ALIKE_MAX: usize = 20;
/// Drafts taken in at once that are shown what resembles them: whoever hands in more is not looking at each.
const DRAFTS_MAX: usize = 20;
/// Characters of a text that are shown, and of these before the first word that was asked.
const TEXT_CHARS_MAX: usize = 280;
const BEFORE_CHARS: usize = 60;

/// The records of the federation that have these words.
pub(super) fn search(answers: &Answers, query: &SearchQuery, lang: Lang) -> Result<Gevonden, Failure> {
    let asked = asked(query, lang)?;
    let peilweek = query.peilweek.unwrap_or_else(week_now);
    // Who asks after something was shared finds it: the view has it first.
    answers.caught_up(|_, _| Ok(()))?;
    let fits = answers.readers.search(&asked, peilweek).map_err(view_failed)?;
    Ok(Gevonden {
        peilweek,
        totaal: fits.total,
        alle_woorden: fits.has_all,
        nog_te_lezen: fits.unread,
        treffers: fits.found.iter().map(shared).collect(),
        facetten: fits.facets,
    })
}

/// The records of the federation that resemble the one whose id begins like this.
pub(super) fn related(answers: &Answers, prefix: &str, query: VerwantenQuery) -> Result<Verwanten, Failure> {
    let peilweek = query.peilweek.unwrap_or_else(week_now);
    let named = answers.caught_up(|reading, _| match reading.named(prefix)? {
        Found::One(id) => Ok(Found::One((id, reading.neighbours()?.merged(id)?))),
        Found::None => Ok(Found::None),
        Found::Several(candidates) => Ok(Found::Several(candidates)),
    })?;
    let (id, record) = match named {
        Found::One(found) => found,
        not => return Err(erasure::not_shown(answers, not, prefix)),
    };
    let looks = record.as_ref().map(Looks::of).unwrap_or_default();
    let take = if query.aantal == 0 { FOUND_DEFAULT } else { query.aantal };
    let found = answers
        .readers
        .resembling(&looks, &BTreeSet::from([id]), take as usize, peilweek);
    let found = found.map_err(view_failed)?;
    Ok(Verwanten {
        peilweek,
        treffers: found.iter().filter(|found| found.why.is_enough()).map(shared).collect(),
    })
}

fn asked(query: &SearchQuery, lang: Lang) -> Result<Asked, Failure> {
    let kind = |name: &String| Kind::from_name(name).ok_or_else(|| unknown_kind(name, lang));
    let mut codes = BTreeMap::new();
    for (field, list, code) in [
        ("thema", List::Thema, &query.thema),
        ("regeling", List::Regeling, &query.regeling),
        ("laag", List::Laag, &query.laag),
    ] {
        let Some(code) = code else { continue };
        if list.find(code).is_none() {
            let message = format!("{field}: {code:?}");
            return Err(not_listed(
                field,
                list,
                lang.pick(format!("onbekende code {message}"), format!("unknown code {message}")),
            ));
        }
        codes.insert(field.to_owned(), vec![code.clone()]);
    }
    let take = if query.aantal == 0 { FOUND_DEFAULT } else { query.aantal };
    Ok(Asked {
        text: query.words.clone(),
        kinds: query.soort.iter().map(kind).collect::<Result<_, _>>()?,
        codes,
        gemeenten: query.gemeente.into_iter().collect(),
        since: query.since,
        until: query.until,
        take: take as usize,
    })
}

/// A record that came in.
pub(super) struct Typed {
    record: Merged,
    looks: Looks,
}

/// The records that came in; nothing when they are too many to look at each.
pub(super) fn drafts<E>(outcomes: &[Result<Taken, E>]) -> Vec<Option<Typed>> {
    if outcomes.len() > DRAFTS_MAX {
        return Vec::new();
    }
    let typed = |taken: &Taken| {
        let record = Merged::local("", &taken.input);
        let looks = Looks::of(&record);
        Typed { record, looks }
    };
    outcomes.iter().map(|taken| taken.as_ref().ok().map(typed)).collect()
}

/// Says of each draft that was taken in, or only tried, what resembles it, and what kringen show with it. They are recorded all
/// the same when that cannot be looked up: what is wrong with the view stands in the status.
pub(super) fn with_resembling(answers: &Answers, drafts: &[Option<Typed>], mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
    if drafts.is_empty() {
        return outcomes;
    }
    if add_resembling(answers, drafts, &mut outcomes).is_err() {
        tracing::warn!("what resembles a draft could not be looked up");
    }
    if add_tips(answers, drafts, &mut outcomes).is_err() {
        tracing::warn!("the tips for a draft could not be looked up");
    }
    outcomes
}

/// Says of each draft what the kringen of this gemeente show with it.
fn add_tips(answers: &Answers, drafts: &[Option<Typed>], outcomes: &mut [Outcome]) -> Result<(), Failure> {
    let (mut typed, mut into) = (Vec::new(), Vec::new());
    for (outcome, draft) in outcomes.iter_mut().zip(drafts) {
        if let (Outcome::Taken { lijkt_op, tips, .. }, Some(draft)) = (outcome, draft) {
            typed.push(tips::Typed {
                record: &draft.record,
                looks: &draft.looks,
                near: lijkt_op,
            });
            into.push(tips);
        }
    }
    for (into, tips) in into.into_iter().zip(tips::shown(answers, &typed)?) {
        *into = tips;
    }
    Ok(())
}

fn add_resembling(answers: &Answers, drafts: &[Option<Typed>], outcomes: &mut [Outcome]) -> Result<(), Failure> {
    let locals = answers.locals()?;
    // A node that must hear first what was withdrawn shows nothing of others.
    let alone = answers.calls.call(|core| core.hears_first()).map_err(stopping)?;
    let ids = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Taken { id, .. } => Some(id.clone()),
        Outcome::Refused { .. } => None,
    });
    let ids: Vec<String> = ids.collect();
    let together: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    for (outcome, draft) in outcomes.iter_mut().zip(drafts) {
        if let (Outcome::Taken { lijkt_op, .. }, Some(draft)) = (outcome, draft) {
            *lijkt_op = resembling(answers, &locals, alone, &draft.looks, &together)?;
        }
    }
    Ok(())
}

/// What resembles a draft, besides those that came together with it: whoever hands them in knows of them.
fn resembling(
    answers: &Answers,
    locals: &Locals,
    alone: bool,
    looks: &Looks,
    together: &BTreeSet<&str>,
) -> Result<Vec<Treffer>, Failure> {
    let mut near = nearby(answers, locals, looks, (together, OWN_MAX)).map_err(view_failed)?;
    near.retain(|(_, why, _)| why.is_enough());
    let states = states(answers, &near)?;
    let near = near.iter().zip(&states);
    let mut found: Vec<Treffer> = near
        .map(|((record, why, matched), state)| treffer(record, state, why, matched))
        .collect();
    // What stands above with its team is not told twice.
    let told = found
        .iter()
        .map(|found| found.id.as_str())
        .chain(together.iter().copied());
    let told = told.filter_map(|id| locals.get(id)?.shared);
    let without: BTreeSet<RecordId> = told.map(|shared| shared.record).collect();
    if alone {
        return Ok(found);
    }
    let others = answers.readers.resembling(looks, &without, OTHERS_MAX, week_now());
    let (ours, others): (Vec<_>, Vec<_>) = others
        .map_err(view_failed)?
        .into_iter()
        .filter(|found| found.why.is_enough())
        .partition(|found| found.record.contributors.contains(&answers.config.gemeente));
    found.extend(ours.iter().chain(&others).map(shared));
    Ok(found)
}

/// In which state each of these local records is, with whatever else is about it.
fn states(answers: &Answers, near: &[(Merged, Why, Matched)]) -> Result<Vec<String>, Failure> {
    if near.is_empty() {
        return Ok(Vec::new());
    }
    answers.world(|world, _| {
        let each = near.iter().map(|(record, ..)| {
            let whole = world.record(&world.locals.resolve(&record.id))?;
            let whole = whole.as_ref().unwrap_or(record);
            let told = whole.to_json(week_now(), &around(whole, world)?);
            Ok(told["staat"].as_str().unwrap_or_default().to_owned())
        });
        each.collect()
    })
}

/// A record that a signal resembles, as the vault or the network calls it.
pub(super) struct Alike {
    pub(super) record: Reference,
    pub(super) why: Why,
}

/// What each of these own signals resembles: knelpunten and signals of here, and knelpunten of others; the most alike first.
pub(super) fn alike(answers: &Answers, signals: &[Merged]) -> Result<Vec<Vec<Alike>>, Failure> {
    let locals = answers.locals()?;
    let each = signals.iter().map(|signal| {
        let looks = Looks::of(signal);
        let own = locals.first(&signal.id).map(|(id, _)| id);
        let here = looks.clone().among(&[Kind::Knelpunt, Kind::Signaal]);
        let near = near(answers, &locals, &here, (&own.into_iter().collect(), ALIKE_MAX));
        let mut found = near.map_err(view_failed)?;
        let others = looks.among(&[Kind::Knelpunt]);
        let others = answers
            .readers
            .resembling(&others, &BTreeSet::new(), ALIKE_MAX, week_now());
        found.extend(others.map_err(view_failed)?.into_iter().map(|found| Alike {
            record: found.record.id,
            why: found.why,
        }));
        Ok(found)
    });
    each.collect()
}

fn near(
    answers: &Answers,
    locals: &Locals,
    looks: &Looks,
    (without, take): (&BTreeSet<&str>, usize),
) -> Result<Vec<Alike>, ViewError> {
    let found = nearby(answers, locals, looks, (without, take))?.into_iter();
    Ok(found.map(|(record, why, _)| Alike { record: record.id, why }).collect())
}

/// The local records that resemble a draft, also those that were shared since.
fn nearby(
    answers: &Answers,
    locals: &Locals,
    looks: &Looks,
    (without, take): (&BTreeSet<&str>, usize),
) -> Result<Vec<(Merged, Why, Matched)>, ViewError> {
    let mut nearby = answers.nearby.lock().unwrap_or_else(PoisonError::into_inner);
    let nearby = match &mut *nearby {
        Some(nearby) => nearby,
        none => none.insert(Local::new(&answers.readers)?),
    };
    // What was taken back is no longer meant to be known.
    let held = locals.each().filter(|(_, record)| record.state != State::Withdrawn);
    nearby.follow(held.map(|(id, record)| (id, record.stamp())), |id| {
        Some(Merged::local(id, &locals.get(id)?.input))
    })?;
    let near = nearby.resembling(looks, without, take)?;
    let told = near.iter().filter_map(|near| {
        let record = Merged::local(&near.id, &locals.get(&near.id)?.input);
        let (why, matched) = nearby.why(looks, &record);
        Some((record, why, matched))
    });
    Ok(told.collect())
}

fn shared(found: &Resembling) -> Treffer {
    treffer(&found.record, &found.state, &found.why, &found.matched)
}

fn treffer(record: &Merged, state: &str, why: &Why, matched: &Matched) -> Treffer {
    let (tekst, gevonden) = piece(matched);
    let codes = |field: &str| why.codes.get(field).cloned().unwrap_or_default();
    let themes = record.values("thema").filter_map(|value| match value {
        Value::Codes(codes) => Some(codes),
        _ => None,
    });
    let themes: BTreeSet<&String> = themes.flatten().collect();
    let (id, lokaal) = match &record.id {
        Reference::Record(id) => (id.to_string(), false),
        Reference::Local(id) => (id.clone(), true),
    };
    let team = record.value("team").and_then(|team| match team {
        Value::Text(team) | Value::Code(team) => Some(team.clone()),
        _ => None,
    });
    Treffer {
        id,
        lokaal,
        soort: record.kind.name().to_owned(),
        gemeente: record.owner,
        week: record.week,
        staat: state.to_owned(),
        team,
        thema: themes.into_iter().cloned().collect(),
        tekst,
        gevonden,
        waarom: Overeenkomst {
            thema: codes("thema"),
            regeling: codes("regeling"),
            soort_knelpunt: codes("soort_knelpunt"),
            woorden: why.words.clone(),
        },
    }
}

/// A piece of the text with the first word that was found in it, and where the words stand in that piece.
fn piece(matched: &Matched) -> (String, Vec<Plek>) {
    let chars: Vec<(usize, char)> = matched.text.char_indices().collect();
    let at = |byte: usize| chars.partition_point(|(start, _)| *start < byte);
    let places = matched.places.iter().map(|place| (at(place.start), at(place.end)));
    let places: Vec<(usize, usize)> = places.collect();
    let first = places.first().map_or(0, |(start, _)| *start);
    let mut start = 0;
    if chars.len() > TEXT_CHARS_MAX && first > BEFORE_CHARS {
        let begins = |at: &usize| *at == 0 || chars[*at - 1].1.is_whitespace();
        start = (first - BEFORE_CHARS..first).find(begins).unwrap_or(first);
    }
    let end = (start + TEXT_CHARS_MAX).min(chars.len());
    let begins = if start > 0 { "… " } else { "" };
    let ends = if end < chars.len() { " …" } else { "" };
    let text: String = chars[start..end].iter().map(|(_, c)| *c).collect();
    let shift = begins.chars().count();
    let within = places.into_iter().filter(|(from, to)| *from >= start && *to <= end);
    let place = |at: usize| u32::try_from(at - start + shift).unwrap_or(u32::MAX);
    let places = within.map(|(from, to)| Plek {
        start: place(from),
        einde: place(to),
    });
    (format!("{begins}{text}{ends}"), places.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shown_around_the_first_word() {
        let text = format!("{}Één briefadres. {}", "lang verhaal ".repeat(40), "einde ".repeat(60));
        let start = text.find("briefadres").unwrap();
        let matched = Matched {
            text,
            places: std::iter::once(start..start + 10).collect(),
        };
        let (piece, places) = piece(&matched);
        assert!(piece.starts_with("… ") && piece.ends_with(" …"), "{piece}");
        let word: String = piece.chars().skip(places[0].start as usize).take(10).collect();
        assert_eq!((word.as_str(), places[0].einde - places[0].start), ("briefadres", 10));
        let short = Matched {
            text: "Kort.".to_owned(),
            places: Vec::new(),
        };
        assert_eq!(super::piece(&short), ("Kort.".to_owned(), Vec::new()));
        assert_eq!(super::piece(&Matched::default()), (String::new(), Vec::new()));
    }
}
