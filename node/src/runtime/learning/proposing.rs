//! What a signal that nobody has linked may belong to. It proposes, with why; only a person links.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{Gelijkenis, Koppelvoorstel, KoppelvoorstelPage};
use protocol::id::Week;
use protocol::record::likeness::About;
use protocol::record::{Kind, Merged, Reference, Value, around, state};

use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::view::ViewError;

/// Signals that proposals are made for: the newest.
const SIGNALS_MAX: usize = 200;
/// Proposals for one signal.
const EACH_MAX: usize = 3;

/// Proposals for the newest signals that belong to no knelpunt.
pub(super) fn proposals(answers: &Answers, peilweek: Option<Week>) -> Result<KoppelvoorstelPage, Failure> {
    let peilweek = peilweek.unwrap_or_else(week_now);
    answers.world(|world, _| {
        let mut page = KoppelvoorstelPage::default();
        let mut open = Vec::new();
        for named in world.locals.named() {
            let Some(record) = world
                .record(named)?
                .filter(is_of_knelpunt)
                .filter(|one| one.week <= peilweek)
            else {
                continue;
            };
            page.signalen += 1;
            if world.has_knelpunt(&record)? {
                continue;
            }
            page.ongekoppeld += 1;
            open.push(record);
        }
        open.sort_by(|one, other| (other.week, &one.id).cmp(&(one.week, &other.id)));
        open.truncate(SIGNALS_MAX);
        let among = among(world, &open, peilweek)?;
        let proposed = open.iter().filter_map(|signal| proposal(world, signal, &among));
        page.voorstellen = proposed.collect();
        Ok(page)
    })
}

fn is_of_knelpunt(record: &Merged) -> bool {
    let aard = matches!(record.value("aard"), Some(Value::Code(aard)) if aard == "knelpunt");
    record.kind == Kind::Signaal && aard
}

/// What may be proposed: knelpunten of here and of others with a theme of these signals, and the signals themselves.
fn among(
    world: &World<'_>,
    open: &[Merged],
    peilweek: Week,
) -> Result<BTreeMap<Reference, (Merged, About)>, ViewError> {
    let themes = open.iter().flat_map(|signal| signal.values("thema"));
    let themes: BTreeSet<&String> = themes
        .filter_map(|value| match value {
            Value::Codes(codes) => Some(codes),
            _ => None,
        })
        .flatten()
        .collect();
    let mut among: BTreeMap<_, _> = open
        .iter()
        .map(|one| (one.id.clone(), (one.clone(), About::of(one))))
        .collect();
    for named in world.knelpunten(themes.into_iter().map(String::as_str))? {
        let Some(record) = world.record(&named)?.filter(|record| record.week <= peilweek) else {
            continue;
        };
        if state(&record, &around(&record, world)?, peilweek).name != "samengevoegd_met" {
            let about = About::of(&record);
            among.insert(named, (record, about));
        }
    }
    Ok(among)
}

fn proposal(
    world: &World<'_>,
    signal: &Merged,
    among: &BTreeMap<Reference, (Merged, About)>,
) -> Option<Koppelvoorstel> {
    let own = &among.get(&signal.id)?.1;
    let others = among.iter().filter(|(named, _)| **named != signal.id);
    let like = others.filter_map(|(named, (record, about))| Some((named, record, own.likeness(about)?)));
    let mut like: Vec<_> = like.collect();
    // A knelpunt before another signal, the closest first, and of equal ones the smallest id.
    like.sort_by(|(one, a, x), (other, b, y)| {
        let rank = |record: &Merged| record.kind != Kind::Knelpunt;
        (rank(a), y.weight(), one).cmp(&(rank(b), x.weight(), other))
    });
    let found = like.into_iter().take(EACH_MAX).map(|(named, record, like)| Gelijkenis {
        id: world.called(named),
        soort: record.kind.name().to_owned(),
        titel: title(record),
        thema: like.themes.into_iter().collect(),
        regeling: like.rules.into_iter().collect(),
        woorden: like.words.into_iter().collect(),
    });
    let lijkt_op: Vec<_> = found.collect();
    (!lijkt_op.is_empty()).then(|| Koppelvoorstel {
        signaal: world.called(&signal.id),
        titel: title(signal),
        lijkt_op,
    })
}
