//! What a signal that nobody has linked may belong to. The search index finds it, as it finds what resembles a draft, and this
//! proposes what resembles it enough, with why; only a person links.

use std::collections::BTreeSet;

use protocol::api::{Gelijkenis, Koppelvoorstel, KoppelvoorstelPage};
use protocol::id::Week;
use protocol::record::{Kind, Merged, Reference, Value, around, state};

use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::runtime::searching::{Alike, alike};
use crate::view::{ViewError, Why};

/// Signals that proposals are made for: the newest. Each is looked for in the index.
const SIGNALS_MAX: usize = 50;
/// Proposals for one signal.
const EACH_MAX: usize = 3;
/// Words that a signal shares with what it may belong to, when they share no rule.
const WORDS_MIN: usize = 2;

/// Proposals for the newest signals that belong to no knelpunt.
pub(super) fn proposals(answers: &Answers, peilweek: Option<Week>) -> Result<KoppelvoorstelPage, Failure> {
    let peilweek = peilweek.unwrap_or_else(week_now);
    let (mut page, open) = answers.world(|world, _| unlinked(world, peilweek))?;
    let found = alike(answers, &open)?;
    let unlinked: BTreeSet<&Reference> = open.iter().map(|signal| &signal.id).collect();
    page.voorstellen = answers.world(|world, _| {
        let mut proposed = Vec::new();
        for (signal, alike) in open.iter().zip(&found) {
            proposed.extend(proposal(world, signal, alike, (&unlinked, peilweek))?);
        }
        Ok(proposed)
    })?;
    Ok(page)
}

/// How many own signals there are, and the newest of those without a knelpunt.
fn unlinked(world: &World<'_>, peilweek: Week) -> Result<(KoppelvoorstelPage, Vec<Merged>), ViewError> {
    let mut page = KoppelvoorstelPage::default();
    let mut open = Vec::new();
    for named in world.locals.named() {
        let record = world.record(named)?.filter(is_of_knelpunt);
        let Some(record) = record.filter(|one| one.week <= peilweek) else {
            continue;
        };
        page.signalen += 1;
        if !world.has_knelpunt(&record)? {
            page.ongekoppeld += 1;
            open.push(record);
        }
    }
    open.sort_by(|one, other| (other.week, &one.id).cmp(&(one.week, &other.id)));
    open.truncate(SIGNALS_MAX);
    Ok((page, open))
}

fn is_of_knelpunt(record: &Merged) -> bool {
    let aard = matches!(record.value("aard"), Some(Value::Code(aard)) if aard == "knelpunt");
    record.kind == Kind::Signaal && aard
}

/// What a signal may belong to: a knelpunt before another signal, and of each what resembles it most.
fn proposal(
    world: &World<'_>,
    signal: &Merged,
    alike: &[Alike],
    (unlinked, peilweek): (&BTreeSet<&Reference>, Week),
) -> Result<Option<Koppelvoorstel>, ViewError> {
    let mut like = Vec::new();
    for one in alike.iter().filter(|one| is_enough(&one.why)) {
        let named = world.locals.resolve(&one.record);
        let Some(record) = world.record(&named)?.filter(|record| record.week <= peilweek) else {
            continue;
        };
        let fits = match record.kind {
            Kind::Knelpunt => state(&record, &around(&record, world)?, peilweek).name != "samengevoegd_met",
            _ => named != signal.id && unlinked.contains(&named),
        };
        let codes = |field: &str| one.why.codes.get(field).cloned().unwrap_or_default();
        if fits {
            let shown = Gelijkenis {
                id: world.called(&named),
                soort: record.kind.name().to_owned(),
                titel: title(&record),
                thema: codes("thema"),
                regeling: codes("regeling"),
                woorden: one.why.words.clone(),
            };
            like.push((record.kind != Kind::Knelpunt, shown));
        }
    }
    // The index gave what resembles it most first, and this keeps that order within each.
    like.sort_by_key(|(is_signal, _)| *is_signal);
    let mut lijkt_op: Vec<Gelijkenis> = Vec::new();
    for (_, shown) in like {
        if lijkt_op.iter().all(|other| other.id != shown.id) && lijkt_op.len() < EACH_MAX {
            lijkt_op.push(shown);
        }
    }
    Ok((!lijkt_op.is_empty()).then(|| Koppelvoorstel {
        signaal: world.called(&signal.id),
        titel: title(signal),
        lijkt_op,
    }))
}

/// A theme alone is no reason to look, and neither are words without it.
fn is_enough(why: &Why) -> bool {
    let shares = |field: &str| why.codes.get(field).is_some_and(|codes| !codes.is_empty());
    let words = why.words.len();
    shares("thema") && (words >= WORDS_MIN || (shares("regeling") && words > 0))
}
