//! Tips: what the kringen that this gemeente is in show to somebody who is typing, as far as this node lets them.
//!
//! A kring writes them; what they are held against lies on this node and nowhere else, and that one was shown is kept nowhere.
//! The text of a tip says whose it is, so that no one takes what others wrote for what the node found.
//!
//! **Invariant:** what is switched off is not shown, and when nobody can tell what is switched off nothing is.

use std::collections::BTreeSet;

use protocol::api::{LINES_MAX, Lang, Message, ProblemKind, Tip, TipPage, TipRegel, TipSchakeling, Treffer};
use protocol::id::{Gemeente, Week, hash};
use protocol::record::prikkel::{Condition, ConditionError, Moment};
use protocol::record::{Kind, Merged, Neighbours as _, Reference, Value, around, state};

use super::meeting::ours;
use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::runtime::switches::{Switched, SwitchesError};
use crate::view::{Looks, ViewError};

/// Tips that one draft is shown: more are not read.
const SHOWN_MAX: usize = 3;
/// Characters of an id: enough to tell the tips of a gemeente apart.
const ID_CHARS: usize = 10;

/// A tip of a kring that this gemeente is in.
struct Given {
    tip: Tip,
    als: String,
    when: Result<Condition, ConditionError>,
}

/// What was typed, with what resembles it.
pub(in crate::runtime) struct Typed<'a> {
    pub(in crate::runtime) record: &'a Merged,
    pub(in crate::runtime) looks: &'a Looks,
    pub(in crate::runtime) near: &'a [Treffer],
}

/// The tips that there are, and which of them are shown.
pub(super) fn listed(answers: &Answers, lang: Lang) -> Result<TipPage, Failure> {
    let given = given(answers)?;
    Ok(page(given, &answers.tips.read().map_err(Failure::internal)?, lang))
}

/// Switches one of them, or all.
pub(super) fn switch(answers: &Answers, asked: &TipSchakeling, lang: Lang) -> Result<TipPage, Failure> {
    let given = given(answers)?;
    let id = asked.tip.as_ref().map(|begin| one(&given, begin)).transpose()?;
    let known: BTreeSet<&str> = given.iter().map(|one| one.tip.id.as_str()).collect();
    let switched = answers.tips.switch(id.as_deref(), asked.aan, &known);
    let switched = switched.map_err(|error| match error {
        SwitchesError::AllOff => all_off(),
        error => Failure::internal(error),
    })?;
    Ok(page(given, &switched, lang))
}

/// What kringen show with each of these drafts.
pub(in crate::runtime) fn shown(answers: &Answers, drafts: &[Typed<'_>]) -> Result<Vec<Vec<Tip>>, Failure> {
    let switched = answers.tips.read().map_err(Failure::internal)?;
    if switched.all_off {
        return Ok(drafts.iter().map(|_| Vec::new()).collect());
    }
    let on = given(answers)?.into_iter().filter(|one| switched.is_on(&one.tip.id));
    let on: Vec<(Tip, Condition)> = on.filter_map(|one| Some((one.tip, one.when.ok()?))).collect();
    if on.is_empty() {
        return Ok(drafts.iter().map(|_| Vec::new()).collect());
    }
    let peilweek = week_now();
    answers.world(|world, _| {
        let each = drafts.iter().map(|typed| {
            let says = answers.readers.says(typed.looks);
            let moment = Moment {
                record: typed.record,
                says: &|words| says.all_of(words),
                teams: &|| teams(world, typed, peilweek),
            };
            let fits = on.iter().filter(|(_, when)| when.holds(&moment));
            fits.map(|(tip, _)| tip.clone()).take(SHOWN_MAX).collect()
        });
        Ok(each.collect())
    })
}

/// The most teams of one knelpunt that a draft is of, or that what resembles it is of.
fn teams(world: &World<'_>, typed: &Typed<'_>, peilweek: Week) -> usize {
    let named = typed.record.value("knelpunt").and_then(|link| match link {
        Value::Link(link) => Some(world.locals.resolve(link)),
        _ => None,
    });
    let near = typed.near.iter().filter_map(|near| match near.soort.as_str() {
        "knelpunt" => world.find(&near.id).ok(),
        "signaal" => world.locals.knelpunt_of(&near.id),
        _ => None,
    });
    let knelpunten: BTreeSet<Reference> = named.into_iter().chain(near).collect();
    let teams = knelpunten.iter().map(|knelpunt| world.locals.teams(knelpunt, peilweek));
    teams.max().unwrap_or(0)
}

fn given(answers: &Answers) -> Result<Vec<Given>, Failure> {
    let (gemeente, peilweek) = (answers.config.gemeente, week_now());
    answers.world(|world, _| of_world(world, gemeente, peilweek))
}

/// The tips of the kringen that a gemeente is in, in order of kring; the same tip of two kringen is one.
fn of_world(world: &World<'_>, gemeente: Gemeente, peilweek: Week) -> Result<Vec<Given>, ViewError> {
    let ours = ours(world, gemeente);
    let (mut found, mut told) = (Vec::new(), BTreeSet::new());
    for named in world.of_kind(Kind::Kring)? {
        let Some(kring) = world.record(&named)? else { continue };
        let state = state(&kring, &around(&kring, world)?, peilweek);
        let members = state.members.unwrap_or_default();
        if state.name == "gesloten" || members.is_disjoint(&ours) {
            continue;
        }
        // Who is not in the kring shows its members nothing.
        let is_member =
            |who: &Gemeente| members.contains(who) || world.heirs().get(who).is_some_and(|heir| members.contains(heir));
        for (_, rows) in world.said_in(&named, "tips")?.iter().filter(|(who, _)| is_member(who)) {
            let tips = rows_of(rows).map(|(als, toon)| tip(world.called(&named), &kring, als, toon));
            found.extend(tips.filter(|one| told.insert(one.tip.id.clone())));
        }
    }
    Ok(found)
}

fn rows_of(value: &Value) -> impl Iterator<Item = (&str, &str)> {
    let rows = match value {
        Value::Rows(rows) => Some(rows.values()),
        _ => None,
    };
    rows.into_iter().flatten().filter_map(|row| {
        let text = |name: &str| match row.get(name) {
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        Some((text("als")?, text("toon")?))
    })
}

/// A tip is known by what it says: one that was changed is another one, and nobody has switched that off.
fn tip(kring: String, record: &Merged, als: &str, toon: &str) -> Given {
    let id = hash("tip", &[als.as_bytes(), toon.as_bytes()]);
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    Given {
        tip: Tip {
            id: id[..ID_CHARS].to_owned(),
            kring,
            naam: title(record),
            toon: toon.to_owned(),
        },
        als: als.to_owned(),
        when: Condition::read(als),
    }
}

fn page(given: Vec<Given>, switched: &Switched, lang: Lang) -> TipPage {
    let lines = given.into_iter().map(|one| TipRegel {
        aan: switched.is_on(&one.tip.id),
        fout: one.when.err().map(|error| error.message().text(lang).to_owned()),
        als: one.als,
        tip: one.tip,
    });
    TipPage {
        alle_uit: switched.all_off,
        totaal: lines.len() as u64,
        tips: lines.take(LINES_MAX).collect(),
    }
}

fn one(given: &[Given], begin: &str) -> Result<String, Failure> {
    let fits = given
        .iter()
        .filter(|one| !begin.is_empty() && one.tip.id.starts_with(begin));
    let ids: Vec<&str> = fits.map(|one| one.tip.id.as_str()).collect();
    let shown: String = begin.chars().take(64).collect();
    match ids.as_slice() {
        [id] => Ok((*id).to_owned()),
        [] => Err(told(
            Message::with(
                format!("er is hier geen tip {shown:?}"),
                format!("there is no tip {shown:?} here"),
            ),
            LIST,
        )),
        _ => Err(told(
            Message::with(
                format!("meer dan een tip begint met {shown:?}"),
                format!("more than one tip begins with {shown:?}"),
            ),
            LIST,
        )),
    }
}

const LIST: Message = Message::new(
    "leerkring tips toont de tips met hun id",
    "leerkring tips shows the tips with their id",
);

fn all_off() -> Failure {
    told(
        Message::new(
            "alle tips staan uit, ook deze; er is niets veranderd",
            "all tips are switched off, this one too; nothing was changed",
        ),
        Message::new(
            "leerkring tips on --all zet alle tips weer aan",
            "leerkring tips on --all switches all tips on again",
        ),
    )
}

fn told(message: Message, hint: Message) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: Some(hint),
    }
}

#[cfg(test)]
mod tests;
