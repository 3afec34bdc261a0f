//! The story of the demo: sharing, the loop, a node that dies, both sides that go on, and everybody who knows the same again.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use protocol::api::{self, Message, Stand, Werk};
use serde_json::{Value, json};

use super::Options;
use super::federation::{Federation, Shared, look_again};
use super::leerlus;
use super::material::{self, text};
use super::report::Report;
use crate::output::Stop;

/// How long the nodes may take to know the same, besides a second per thousand records.
const CONVERGE_MAX: Duration = Duration::from_secs(120);
/// Synthetic records per gemeente when no number is asked for.
const SYNTHETIC_EACH: usize = 4;
/// Which gemeente dies: one of the middle, so that it is nobody special.
const VICTIM: usize = 2;

/// How one node ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub(super) snapshot: String,
    pub(super) records: u64,
    pub(super) entries: u64,
}

/// How the demo ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) ends: Vec<End>,
    pub(super) converged: bool,
}

/// Plays the story.
pub(super) fn play(
    federation: &mut Federation,
    options: &Options,
    report: &mut Report<'_, '_>,
) -> Result<Outcome, Stop> {
    let synthetic = options.gemeenten.is_some() || options.records.is_some();
    let (knelpunt, shared) = if synthetic {
        share_synthetic(federation, options, report)?
    } else {
        share_examples(federation, report)?
    };
    let told = if synthetic {
        0
    } else {
        leerlus::play(federation, report)?
    };
    if federation.len() > VICTIM {
        part_and_return(federation, &knelpunt, report)?;
    }
    converge(federation, shared + told, report)
}

/// Takes the examples in, each at its own gemeente, in two rounds: in the second the links to records of others that
/// were not known yet are added. Returns the record id of the co-written knelpunt and how many were shared.
fn share_examples(federation: &Federation, report: &mut Report<'_, '_>) -> Result<(String, usize), Stop> {
    let records = material::examples();
    let owners = material::owners(&records);
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut unfinished: Vec<&Value> = Vec::new();
    for (member, record) in federation.by_owner(&records) {
        let (local, missing) = material::localise(record, &owners, &known);
        let shared = member.share(&[local])?;
        tell_shared(report, &member.founder.code.to_string(), &shared)?;
        if missing && shared.refused.is_empty() {
            unfinished.push(record);
        }
        known.extend(shared.records);
    }
    for record in unfinished {
        let (local, _) = material::localise(record, &owners, &known);
        let Some(member) = federation.by_code(text(record, "eigenaar")) else {
            continue;
        };
        // An example may point to a record of a kind that is not shared; it keeps the links that exist.
        let shared = member.share(&[local])?;
        tell_linked(report, text(record, "eigenaar"), &shared)?;
    }
    join_kringen(federation, &records, &known, report)?;
    let registered = share_registration(federation, report)?;
    let knelpunt = known.get("knelpunt-01").cloned().unwrap_or_default();
    Ok((knelpunt, known.len() + registered))
}

/// Whoever an example names as member of a kring says so itself: nobody can say it for another.
fn join_kringen(
    federation: &Federation,
    records: &[Value],
    known: &BTreeMap<String, String>,
    report: &mut Report<'_, '_>,
) -> Result<(), Stop> {
    for kring in records.iter().filter(|record| text(record, "soort") == "kring") {
        let Some(id) = known.get(text(kring, "id")) else {
            continue;
        };
        for code in kring["leden"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let Some(member) = federation.by_code(code).filter(|_| code != text(kring, "eigenaar")) else {
                continue;
            };
            let shared = member.share(&[material::joining(kring, id)])?;
            tell_shared(report, code, &shared)?;
        }
    }
    Ok(())
}

/// The registration of signals goes in at the last gemeente, as the spreadsheet it is.
fn share_registration(federation: &Federation, report: &mut Report<'_, '_>) -> Result<usize, Stop> {
    let Some(member) = federation.members().last() else {
        return Ok(0);
    };
    let mut shared = Shared::default();
    member.share_body(api::MEDIA_CSV, material::REGISTRATION.as_bytes(), &mut shared)?;
    tell_shared(report, &member.founder.code.to_string(), &shared)?;
    Ok(shared.records.len())
}

/// Every gemeente shares its part of the synthetic records; the first founds a knelpunt for all.
fn share_synthetic(
    federation: &Federation,
    options: &Options,
    report: &mut Report<'_, '_>,
) -> Result<(String, usize), Stop> {
    let gemeenten = federation.len().max(1);
    let total = options.records.unwrap_or(gemeenten * SYNTHETIC_EACH);
    let mut count = 0;
    for (at, member) in federation.members().enumerate() {
        let part = total / gemeenten + usize::from(at < total % gemeenten);
        let shared = member.share(&material::synthetic(member.founder.code, part))?;
        tell_shared(report, &member.founder.code.to_string(), &shared)?;
        count += shared.records.len();
    }
    let Some(first) = federation.members().next() else {
        return Ok((String::new(), 0));
    };
    let shared = first.share(&[material::founding_knelpunt()])?;
    tell_shared(report, &first.founder.code.to_string(), &shared)?;
    let knelpunt = shared.records.into_values().next().unwrap_or_default();
    Ok((knelpunt, count + 1))
}

/// One node is killed; it writes on its own while the others write too, both on the same knelpunt; it comes back.
fn part_and_return(federation: &mut Federation, knelpunt: &str, report: &mut Report<'_, '_>) -> Result<(), Stop> {
    let victim = federation.member(VICTIM);
    let code = victim.founder.code.to_string();
    victim.kill()?;
    let message = Message::with(
        format!("{code} is gedood (SIGKILL)"),
        format!("{code} was killed (SIGKILL)"),
    );
    report.tell("killed", json!({"gemeente": code}), &message)?;
    victim.start(true)?;
    let message = Message::with(
        format!("{code} start zonder netwerk en werkt voor zichzelf door"),
        format!("{code} starts without a network and goes on by itself"),
    );
    report.tell("offline", json!({"gemeente": code, "pid": victim.pid()}), &message)?;
    for (at, theme) in [(0, "bestaanszekerheid"), (1, "toegang"), (VICTIM, "gegevensdeling")] {
        let member = federation.member(at);
        let code = member.founder.code.to_string();
        let signal = material::late_signal(&format!("laat-{code}"), knelpunt);
        let contribution =
            material::contribution(&format!("bijdrage-{code}"), knelpunt, &format!("laat-{code}"), theme);
        // The founder of the knelpunt writes in its own document of it; only a signal is new there.
        let records = if at == 0 {
            vec![signal]
        } else {
            vec![signal, contribution]
        };
        let shared = member.share(&records)?;
        tell_shared(report, &code, &shared)?;
    }
    let victim = federation.member(VICTIM);
    victim.stop();
    victim.start(false)?;
    let message = Message::with(
        format!("{code} is terug in het netwerk, met wat het intussen schreef"),
        format!("{code} is back in the network, with what it wrote meanwhile"),
    );
    report.tell("returned", json!({"gemeente": code, "pid": victim.pid()}), &message)?;
    Ok(())
}

/// Waits until every node says the same, then compares what they list.
fn converge(federation: &Federation, shared: usize, report: &mut Report<'_, '_>) -> Result<Outcome, Stop> {
    let start = Instant::now();
    let deadline = start + CONVERGE_MAX + Duration::from_secs(shared as u64 / 1000);
    let peilweek = match federation.members().next() {
        Some(first) => first.stand(None)?.peilweek,
        None => {
            return Ok(Outcome {
                ends: Vec::new(),
                converged: false,
            });
        }
    };
    loop {
        report.go_on()?;
        let stands = federation
            .members()
            .map(|member| member.stand(Some(peilweek)))
            .collect::<Result<Vec<_>, _>>()?;
        let equal = stands.windows(2).all(|pair| is_equal(&pair[0], &pair[1])) && stands.iter().all(is_settled);
        if !equal && look_again(deadline).is_ok() {
            continue;
        }
        let lists = federation
            .members()
            .map(|member| member.list(peilweek))
            .collect::<Result<Vec<_>, _>>()?;
        let same = lists.windows(2).all(|pair| pair[0] == pair[1]) && lists.iter().all(|list| !list.is_empty());
        let message = Message::with(
            format!(
                "Na {:.1} s weten alle {} nodes hetzelfde: {}",
                start.elapsed().as_secs_f64(),
                stands.len(),
                equal && same
            ),
            format!(
                "After {:.1} s all {} nodes know the same: {}",
                start.elapsed().as_secs_f64(),
                stands.len(),
                equal && same
            ),
        );
        report.tell(
            "compared",
            json!({"snapshots_equal": equal, "lists_equal": same}),
            &message,
        )?;
        let ends = stands.iter().map(|stand| End {
            snapshot: stand.snapshot.to_string(),
            records: stand.records,
            entries: stand.hoogten.effectief,
        });
        return Ok(Outcome {
            ends: ends.collect(),
            converged: equal && same,
        });
    }
}

fn is_equal(one: &Stand, other: &Stand) -> bool {
    one.snapshot == other.snapshot && one.digest == other.digest && one.records == other.records
}

/// Nothing waits any more: neither an entry for another, nor a document for the view.
fn is_settled(stand: &Stand) -> bool {
    stand.hoogten.entries == stand.hoogten.effectief
        && stand
            .workers
            .iter()
            .all(|worker| worker.naam != Werk::View || worker.wachtrij == 0)
}

fn tell_shared(report: &mut Report<'_, '_>, code: &str, shared: &Shared) -> Result<(), Stop> {
    for (id, why) in &shared.refused {
        let facts = json!({"gemeente": code, "id": id, "reason": why});
        let message = Message::with(
            format!("{code} deelt {id} niet: {why}"),
            format!("{code} does not share {id}: {why}"),
        );
        report.tell("refused", facts, &message)?;
    }
    if shared.records.is_empty() {
        return Ok(());
    }
    let names = match shared.records.len() {
        1..=3 => shared.records.keys().cloned().collect::<Vec<_>>().join(", "),
        many => format!("{many} records"),
    };
    let facts = json!({"gemeente": code, "records": shared.records.len()});
    let message = Message::with(
        format!("{code} deelt {names}: door de poort, goedgekeurd, ondertekend"),
        format!("{code} shares {names}: through the gate, approved, signed"),
    );
    report.tell("shared", facts, &message)
}

fn tell_linked(report: &mut Report<'_, '_>, code: &str, shared: &Shared) -> Result<(), Stop> {
    for id in shared.records.keys() {
        let message = Message::with(
            format!("{code} legt vanuit {id} de verbinding met records van anderen"),
            format!("{code} links {id} to records of others"),
        );
        report.tell("linked", json!({"gemeente": code, "id": id}), &message)?;
    }
    Ok(())
}
