//! Kringen: what this gemeente says of its own membership, and the account that every member can make of a quarter.
//!
//! The account is of what is shared and of nothing else, by the ids that records have in the network: every node makes the
//! same one.

use std::collections::{BTreeMap, BTreeSet};

use protocol::api::{
    Lang, LidmaatschapAsked, LidmaatschapStand, Message, ProblemKind, TipPage, TipSchakeling, Verantwoording,
    VerantwoordingQuery, VerantwoordingRegel,
};
use protocol::gate::Account;
use protocol::id::{Digest, RecordId, Week};
use protocol::record::agenda::Candidate;
use protocol::record::verantwoording::{Line, account, members, talked_about};
use protocol::record::{Kind, Merged, Reference, Row, Value, around};
use serde_json::{Value as Json, json};

use super::linking::{Typing, any_record, text_of};
use super::tips;
use crate::driver::week_now;
use crate::http::{Failure, Kringen};
use crate::runtime::approvals::{state_of, title, vault_failed};
use crate::runtime::backend::{Answers, VERSIONS};
use crate::view::{Beside, Reading, ViewError};

/// The most records of one kring that an account looks at.
const RECORDS_MAX: usize = 10_000;

impl Kringen for Answers {
    fn membership(&self, asked: &LidmaatschapAsked, by: &Account, lang: Lang) -> Result<LidmaatschapStand, Failure> {
        self.kept(membership(self, asked, by, lang))
    }

    fn account(&self, query: &VerantwoordingQuery, lang: Lang) -> Result<Verantwoording, Failure> {
        let Reference::Record(kring) = any_record(self, &query.kring)? else {
            return Err(told(
                Message::new("deze kring is nog niet gedeeld", "this kring is not shared yet"),
                Message::new(
                    "een verantwoording is van wat gedeeld is: leerkring review, dan leerkring approve",
                    "an account is of what is shared: leerkring review, then leerkring approve",
                ),
            ));
        };
        let peilweek = query
            .peilweek
            .unwrap_or_else(|| week_now().min(query.kwartaal.last_week()));
        let found = self.caught_up(|reading, state| of_quarter(reading, kring, query, peilweek, (state, lang)))?;
        found.ok_or_else(|| no_kring(&query.kring))
    }

    fn tips(&self, lang: Lang) -> Result<TipPage, Failure> {
        tips::listed(self, lang)
    }

    fn switch_tips(&self, asked: &TipSchakeling, lang: Lang) -> Result<TipPage, Failure> {
        self.kept(tips::switch(self, asked, lang))
    }
}

fn told(message: Message, hint: Message) -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: Some(hint),
    }
}

fn no_kring(id: &str) -> Failure {
    let id: String = id.chars().take(64).collect();
    told(
        Message::with(format!("{id} is geen kring"), format!("{id} is no kring")),
        Message::new("leerkring kring toont de kringen", "leerkring kring shows the kringen"),
    )
}

/// The own membership, typed anew.
fn membership(
    answers: &Answers,
    asked: &LidmaatschapAsked,
    by: &Account,
    lang: Lang,
) -> Result<LidmaatschapStand, Failure> {
    let named = any_record(answers, &asked.kring)?;
    let kring = answers.world(|world, _| world.record(&named))?;
    let Some(kring) = kring.filter(|record| record.kind == Kind::Kring) else {
        return Err(no_kring(&asked.kring));
    };
    let week = asked.week.unwrap_or_else(week_now);
    let typing = Typing { answers, by, lang };
    let locals = answers.locals()?;
    let mut vault = answers.vault();
    let own = locals.first(&named).map(|(id, _)| id.to_owned());
    let id = match &own {
        Some(id) => {
            let rows = locals.get(id).and_then(|own| own.input.fields.get("lidmaatschap"));
            let rows = memberships(rows, asked.lid, week)?;
            let typed = typing.edit(&mut vault, id, &[("lidmaatschap", Some(rows)), ("leden", None)]);
            typed.map(|()| id.clone())
        }
        None if !asked.lid => return Err(not_in()),
        None => typing.add(
            &mut vault,
            json!({"soort": "kring", "bijdrage_aan": text_of(&named), "week": week, "fictief": kring.practice,
                "lidmaatschap": memberships(None, true, week)?}),
        ),
    };
    let id = id.map_err(|error| error.failure(lang))?;
    let voortgang = state_of(vault.get(&id).map_err(vault_failed)?.state);
    Ok(LidmaatschapStand {
        voortgang,
        id,
        kring: text_of(&named),
        naam: title(&kring),
        lid: asked.lid,
        week,
    })
}

/// What was said before, with what is said now.
fn memberships(before: Option<&Value>, lid: bool, week: Week) -> Result<Json, Failure> {
    let mut rows: Vec<(Week, Option<Week>)> = match before {
        Some(Value::Rows(rows)) => rows.values().filter_map(row).collect(),
        _ => Vec::new(),
    };
    rows.sort_unstable();
    match (lid, rows.last_mut()) {
        (true, Some((_, None))) => return Err(is_in()),
        (true, _) => rows.push((week, None)),
        (false, Some((_, until @ None))) => *until = Some(week),
        (false, _) => return Err(not_in()),
    }
    let rows = rows.into_iter().map(|(from, until)| json!({"van": from, "tot": until}));
    Ok(Json::Array(rows.collect()))
}

fn row(row: &Row) -> Option<(Week, Option<Week>)> {
    let at = |name: &str| match row.get(name) {
        Some(Value::Week(week)) => Some(*week),
        _ => None,
    };
    Some((at("van")?, at("tot")))
}

fn is_in() -> Failure {
    told(
        Message::new(
            "deze gemeente is al lid van deze kring",
            "this gemeente is in this kring already",
        ),
        Message::new(
            "leerkring kring toont wie er lid is",
            "leerkring kring shows who is in it",
        ),
    )
}

fn not_in() -> Failure {
    told(
        Message::new(
            "deze gemeente is geen lid van deze kring",
            "this gemeente is not in this kring",
        ),
        Message::new(
            "leerkring kring toont wie er lid is",
            "leerkring kring shows who is in it",
        ),
    )
}

/// The account; nothing when the record is no kring.
fn of_quarter(
    reading: &Reading<'_>,
    record: RecordId,
    query: &VerantwoordingQuery,
    peilweek: Week,
    (state, lang): (Digest, Lang),
) -> Result<Option<Verantwoording>, ViewError> {
    let beside = reading.neighbours()?;
    let Some(merged) = beside.merged(record)?.filter(|record| record.kind == Kind::Kring) else {
        return Ok(None);
    };
    let named = Reference::Record(record);
    let of_kring = beside.made_in(record, RECORDS_MAX + 1)?;
    let volledig = of_kring.len() <= RECORDS_MAX;
    let mut candidates = BTreeMap::new();
    for one in of_kring.into_iter().take(RECORDS_MAX) {
        candidates.extend(candidate(&beside, one)?.map(|found| (one, found)));
    }
    let talked = candidates
        .values()
        .flat_map(|one| talked_about(&one.record, query.kwartaal));
    let talked: BTreeSet<RecordId> = talked
        .filter_map(|link| match link {
            Reference::Record(record) => Some(record),
            Reference::Local(_) => None,
        })
        .collect();
    for one in talked {
        if !candidates.contains_key(&one) {
            candidates.extend(candidate(&beside, one)?.map(|found| (one, found)));
        }
    }
    let lines = account(&named, candidates.values(), query.kwartaal, peilweek);
    let kring = Candidate {
        around: around(&merged, &beside)?,
        record: merged,
    };
    let who = members(&kring, query.kwartaal, peilweek);
    let text = |field: &str| match kring.record.values(field).next() {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    Ok(Some(Verantwoording {
        kring: record.to_string(),
        naam: text("naam"),
        doel: text("doel"),
        kwartaal: query.kwartaal,
        peilweek,
        snapshot: VERSIONS.snapshot(state, peilweek),
        leden: who.are.into_iter().collect(),
        toegetreden: who.joined.into_iter().collect(),
        vertrokken: who.left.into_iter().collect(),
        regels: lines
            .iter()
            .map(|line| regel(line, &candidates, &beside, lang))
            .collect::<Result<_, _>>()?,
        volledig,
    }))
}

fn candidate(beside: &Beside<'_>, record: RecordId) -> Result<Option<Candidate>, ViewError> {
    let Some(record) = beside.merged(record)? else {
        return Ok(None);
    };
    let around = around(&record, beside)?;
    Ok(Some(Candidate { record, around }))
}

fn regel(
    line: &Line,
    candidates: &BTreeMap<RecordId, Candidate>,
    beside: &Beside<'_>,
    lang: Lang,
) -> Result<VerantwoordingRegel, ViewError> {
    let record = match &line.record {
        Reference::Record(id) => candidates.get(id).map(|found| &found.record),
        Reference::Local(_) => None,
    };
    let titel = record.map(|record| said(record, line.row, beside)).transpose()?;
    Ok(VerantwoordingRegel {
        deel: line.part.name().to_owned(),
        kop: line.part.heading().text(lang).to_owned(),
        week: line.week,
        gemeente: line.gemeente,
        wat: line.deed.words().text(lang).to_owned(),
        soort: record.map_or("", |record| record.kind.name()).to_owned(),
        id: text_of(&line.record),
        afspraak: line.row,
        titel: titel.unwrap_or_default(),
        staat: line.state.to_owned(),
        uitkomst: line.outcome.clone(),
    })
}

/// What a record says: an afspraak what was agreed, a sessie what sort it was, who took something over what that was.
fn said(record: &Merged, row: Option<u32>, beside: &Beside<'_>) -> Result<String, ViewError> {
    match (record.kind, row) {
        (Kind::Sessie, Some(row)) => Ok(match record.value("afspraken") {
            Some(Value::Rows(rows)) => match rows.get(&row).and_then(|row| row.get("wat")) {
                Some(Value::Text(wat)) => wat.clone(),
                _ => String::new(),
            },
            _ => String::new(),
        }),
        (Kind::Sessie, None) => Ok(match record.value("aard") {
            Some(Value::Code(aard)) => aard.clone(),
            _ => String::new(),
        }),
        (Kind::Overname, _) => match record.value("van") {
            Some(Value::Link(Reference::Record(of))) => {
                Ok(beside.merged(*of)?.map_or_else(String::new, |of| title(&of)))
            }
            _ => Ok(String::new()),
        },
        _ => Ok(title(record)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    fn rows(rows: &[(&str, Option<&str>)]) -> Value {
        let row = |(from, until): &(&str, Option<&str>)| {
            let until = until.map(|until| ("tot".to_owned(), Value::Week(week(until))));
            let from = ("van".to_owned(), Value::Week(week(from)));
            std::iter::once(from).chain(until).collect::<Row>()
        };
        Value::Rows((1..).zip(rows.iter().map(row)).collect())
    }

    #[test]
    fn who_leaves_was_in_and_who_comes_back_has_two_rows() {
        let first = memberships(None, true, week("2026-W02")).unwrap();
        assert_eq!(first, json!([{"van": "2026-W02", "tot": null}]));
        let left = memberships(Some(&rows(&[("2026-W02", None)])), false, week("2026-W08")).unwrap();
        assert_eq!(left, json!([{"van": "2026-W02", "tot": "2026-W08"}]));
        let gone = rows(&[("2026-W02", Some("2026-W08"))]);
        let back = memberships(Some(&gone), true, week("2026-W20")).unwrap();
        assert_eq!(
            back,
            json!([{"van": "2026-W02", "tot": "2026-W08"}, {"van": "2026-W20", "tot": null}])
        );
        for (before, lid) in [
            (None, false),
            (Some(&gone), false),
            (Some(&rows(&[("2026-W02", None)])), true),
        ] {
            let refused = memberships(before, lid, week("2026-W20")).unwrap_err();
            assert!(
                matches!(
                    refused,
                    Failure::Told {
                        kind: ProblemKind::Conflict,
                        ..
                    }
                ),
                "{refused}"
            );
        }
    }
}
