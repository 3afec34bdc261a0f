//! What happened to our signals: what links to one, or to its knelpunt, comes back to the team that gave it.

use std::collections::BTreeSet;

use protocol::api::{Gebeurd, TerugQuery, Terugkoppeling, TerugkoppelingPage};
use protocol::id::Week;
use protocol::record::{Kind, Merged, Neighbours as _, Reference, State, Value, around, recurrence, state};

use crate::driver::week_now;
use crate::http::Failure;
use crate::runtime::approvals::title;
use crate::runtime::backend::Answers;
use crate::runtime::local::World;
use crate::view::ViewError;

/// How many knelpunten that were merged one into the next are followed.
const MERGES_MAX: usize = 8;
/// The fields through which something is about a signal or a knelpunt.
const ABOUT: [&str; 4] = ["besproken", "op", "over", "uit"];

/// Every own signal that is asked for, with what became of it.
pub(super) fn came_of(answers: &Answers, query: &TerugQuery) -> Result<TerugkoppelingPage, Failure> {
    let peilweek = query.peilweek.unwrap_or_else(week_now);
    let team = query.team.as_deref().map(recurrence::team_of);
    answers.world(|world, _| {
        let mut signals = Vec::new();
        for named in world.locals.named() {
            let Some((id, local)) = world.locals.first(named) else {
                continue;
            };
            let given = match local.input.local.get("team") {
                Some(Value::Text(team)) => Some(team.clone()),
                _ => None,
            };
            let theirs = team.is_none() || given.as_deref().map(recurrence::team_of) == team;
            if local.input.kind != Kind::Signaal || !theirs || local.input.week > peilweek {
                continue;
            }
            let back = Back { world, peilweek };
            let Some(mut signal) = back.signal(named)? else {
                continue;
            };
            (signal.id, signal.team) = (id.to_owned(), given);
            signal
                .gebeurd
                .retain(|one| query.sinds.is_none_or(|since| one.week >= since));
            if query.sinds.is_none() || !signal.gebeurd.is_empty() {
                signals.push(signal);
            }
        }
        signals.sort_by(|one, other| (one.week, &one.id).cmp(&(other.week, &other.id)));
        Ok(TerugkoppelingPage { signalen: signals })
    })
}

struct Back<'a> {
    world: &'a World<'a>,
    peilweek: Week,
}

impl Back<'_> {
    fn state(&self, record: &Merged) -> Result<State, ViewError> {
        Ok(state(record, &around(record, self.world)?, self.peilweek))
    }

    fn signal(&self, named: &Reference) -> Result<Option<Terugkoppeling>, ViewError> {
        let Some(record) = self.world.record(named)? else {
            return Ok(None);
        };
        let knelpunten = self.knelpunten(&record)?;
        let mut gebeurd = BTreeSet::new();
        for about in knelpunten.iter().chain([named]) {
            for field in ABOUT {
                for source in self.world.linking(about, field)? {
                    gebeurd.extend(self.happened(&source)?);
                }
            }
        }
        Ok(Some(Terugkoppeling {
            id: String::new(),
            team: None,
            week: record.week,
            titel: title(&record),
            staat: self.state(&record)?.name.to_owned(),
            knelpunt: knelpunten.first().map(|named| self.world.called(named)),
            gebeurd: gebeurd.into_iter().collect(),
        }))
    }

    /// The knelpunt that a signal belongs to, then those that it goes on in.
    fn knelpunten(&self, signal: &Merged) -> Result<Vec<Reference>, ViewError> {
        let mut next: BTreeSet<Reference> = self.world.linking(&signal.id, "signalen")?;
        if let Some(Value::Link(link)) = signal.value("knelpunt") {
            next.insert(link.clone());
        }
        let mut found = Vec::new();
        for _ in 0..MERGES_MAX {
            let mut beyond = BTreeSet::new();
            for named in next {
                if !found.contains(&named) {
                    beyond.extend(self.world.facts(&named)?.into_iter().flat_map(|facts| facts.merged));
                    found.push(named);
                }
            }
            next = beyond;
        }
        Ok(found)
    }

    /// What a record is to whoever gave the signal; a sessie is the afspraken that it made.
    fn happened(&self, source: &Reference) -> Result<Vec<Gebeurd>, ViewError> {
        let Some(record) = self.world.record(source)?.filter(|record| record.week <= self.peilweek) else {
            return Ok(Vec::new());
        };
        let state = self.state(&record)?;
        let one = Gebeurd {
            week: record.week,
            soort: record.kind.name().to_owned(),
            id: self.world.called(source),
            afspraak: None,
            gemeente: record.owner,
            titel: title(&record),
            staat: state.name.to_owned(),
            beloofd: None,
            leidde_tot: None,
        };
        let answers = matches!(record.value("vorm"), Some(Value::Code(form)) if form == "antwoord");
        Ok(match record.kind {
            Kind::Duiding | Kind::Les => vec![one],
            Kind::Bericht if answers => vec![one],
            Kind::Sessie => self.afspraken(&record, &state, &one),
            _ => Vec::new(),
        })
    }

    fn afspraken(&self, sessie: &Merged, state: &State, one: &Gebeurd) -> Vec<Gebeurd> {
        let Some(Value::Rows(rows)) = sessie.value("afspraken") else {
            return Vec::new();
        };
        let each = rows.iter().map(|(nr, row)| Gebeurd {
            soort: "afspraak".to_owned(),
            afspraak: Some(*nr),
            titel: match row.get("wat") {
                Some(Value::Text(wat)) => wat.clone(),
                _ => String::new(),
            },
            beloofd: match row.get("klaar") {
                Some(Value::Quarter(due)) => Some(*due),
                _ => None,
            },
            leidde_tot: match row.get("leidt_tot") {
                Some(Value::Link(to)) => Some(self.world.called(to)),
                _ => None,
            },
            staat: state.rows.get(nr).copied().unwrap_or_default().to_owned(),
            ..one.clone()
        });
        each.collect()
    }
}
