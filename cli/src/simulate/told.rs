//! What is shown of a simulation: one seed line by line with a table at the end, or many with those that failed.

use std::path::Path;

use protocol::api::{Lang, Message};
use serde_json::json;

use super::{
    Broken, Class, Failure, Law, Options, Plan, Report, Sabotage, Tally, World, kept, minimise, run_all, run_world,
};
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Seeds that run before the next failures are shown.
const TOGETHER: u64 = 256;

/// Tells one seed.
pub(super) fn one(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let plan = Plan::of(options.seed, options.wish);
    let world = World::new(plan.clone());
    let outcome = play(&plan, world, output)?;
    let (seed, wish) = (options.seed, options.wish);
    let outcome = outcome.map_err(|broken| Failure { seed, wish, broken });
    match &outcome {
        Ok(report) => held(report, &plan, output)?,
        Err(failure) => fail(failure, &failure.command(), output)?,
    }
    if let (Err(failure), true) = (&outcome, options.minimise) {
        smaller(plan, failure.broken.law, None, output)?;
    }
    Ok(exit(outcome.is_ok()))
}

/// Tells plans that were kept.
pub(super) fn kept(options: &Options, file: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let mut all_held = true;
    let command = format!("leerkring simulate --plan {}", file.display());
    for kept in kept::read(file)? {
        if let (Some(showed), false) = (&kept.showed, output.json) {
            output.heading(&Message::with(format!("Bewaard: {showed}"), format!("Kept: {showed}")))?;
        }
        let (plan, wish) = (&kept.plan, options.wish);
        match play(plan, kept.world(options.mended), output)? {
            Ok(report) => held(&report, plan, output)?,
            Err(broken) => {
                all_held = false;
                let (seed, law) = (plan.seed, broken.law);
                fail(&Failure { seed, wish, broken }, &command, output)?;
                if options.minimise {
                    smaller(plan.clone(), law, kept.fault(options.mended), output)?;
                }
            }
        }
    }
    Ok(exit(all_held))
}

/// Plays a federation and tells it line by line.
fn play(plan: &Plan, world: World, output: &mut Output<'_>) -> Result<Result<Report, Broken>, Stop> {
    let mut world = world.telling();
    if !output.json {
        heading(plan, output)?;
    }
    let outcome = run_world(&mut world);
    for line in world.lines() {
        let text = line.text.text(output.lang);
        if output.json {
            output.line(&json!({"event": "told", "ms": line.ms, "text": text}).to_string())?;
        } else {
            output.line(&format!("{:>9} ms  {text}", line.ms))?;
        }
    }
    Ok(outcome)
}

fn heading(plan: &Plan, output: &mut Output<'_>) -> Result<(), Stop> {
    let (nodes, gemeenten, seconds) = (plan.nodes.len(), plan.gemeenten(), plan.busy_ms / 1000);
    let seed = plan.seed;
    let classes = plan
        .classes()
        .into_iter()
        .map(|class| output.lang.pick(class.name().0, class.name().1));
    let classes: Vec<&str> = classes.collect();
    output.heading(&Message::with(
        format!("Seed {seed}: {nodes} nodes van {gemeenten} gemeenten, {seconds} s druk"),
        format!("Seed {seed}: {nodes} nodes of {gemeenten} gemeenten, busy for {seconds} s"),
    ))?;
    if classes.is_empty() {
        return Ok(());
    }
    output.line(&classes.join(", "))
}

fn held(report: &Report, plan: &Plan, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        let facts: serde_json::Map<_, _> = rows(report)
            .into_iter()
            .map(|(name, _, number)| (name.to_owned(), number.into()))
            .collect();
        let done = json!({"event": "done", "seed": plan.seed, "failed": null, "report": facts});
        return output.line(&done.to_string());
    }
    output.line("")?;
    let mut table = Table::new(&output.lang.pick(["WAT", "AANTAL"], ["WHAT", "NUMBER"]));
    for (name, (nl, en), number) in rows(report) {
        let number = match name {
            "fingerprint" => format!("{number:016x}"),
            _ => number.to_string(),
        };
        table.row(&[output.lang.pick(nl, en), &number]);
    }
    table.lines().iter().try_for_each(|line| output.line(line))?;
    output.say(&Message::new("Elke wet hield stand.", "Every law held."))
}

/// What a run was like: a name for programs, for people, and how much of it.
fn rows(report: &Report) -> [(&'static str, (&'static str, &'static str), u64); 19] {
    [
        ("events", ("gebeurtenissen", "events"), report.events),
        ("frames", ("berichten", "frames"), report.frames),
        ("bytes", ("bytes", "bytes"), report.bytes),
        (
            "entries",
            ("entries die elk heeft", "entries that each holds"),
            report.entries,
        ),
        ("idle", ("  die niet tellen", "  that do not count"), report.idle),
        (
            "records",
            ("records die elk toont", "records that each shows"),
            report.records,
        ),
        (
            "points",
            ("punten op hun agenda's", "points on their agendas"),
            report.points,
        ),
        (
            "withdrawn",
            ("ingetrokken documenten", "documents withdrawn"),
            report.withdrawn,
        ),
        ("statements", ("verklaringen", "statements"), report.statements),
        ("edition", ("editie", "edition"), report.edition),
        (
            "rollbacks",
            ("terug naar een oude stand", "rollbacks"),
            report.rollbacks,
        ),
        ("twins", ("nodes twee keer hervat", "nodes resumed twice"), report.twins),
        ("faults", ("fouten van een schijf", "disk errors"), report.faults),
        ("forks", ("bewezen splitsingen", "forks proven"), report.forks),
        (
            "doubles",
            ("bewezen dubbele stemmen", "double votes proven"),
            report.doubles,
        ),
        ("malice", ("vijandige daden", "hostile deeds"), report.malice),
        (
            "offences",
            ("overtredingen gemeld", "offences reported"),
            report.offences,
        ),
        (
            "virtual_ms",
            ("milliseconden in de simulatie", "milliseconds simulated"),
            report.virtual_ms,
        ),
        ("fingerprint", ("vingerafdruk", "fingerprint"), report.fingerprint),
    ]
}

fn fail(failure: &Failure, command: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let (seed, broken) = (failure.seed, &failure.broken);
    if output.json {
        let law = format!("{:?}", broken.law).to_lowercase();
        let told = json!({"event": "done", "seed": seed, "failed": law, "what": broken.what, "replay": command});
        return output.line(&told.to_string());
    }
    let (nl, en) = broken.law.name();
    let head = output.lang.pick("deze wet is gebroken", "this law is broken");
    let law = output.lang.pick(nl, en);
    output.line(&format!("seed {seed}: {head}: {law}\n  {}\n  {command}", broken.what))
}

/// Takes a plan that failed apart, and shows what is left as a line that can be kept.
fn smaller(plan: Plan, law: Law, fault: Option<Sabotage>, output: &mut Output<'_>) -> Result<(), Stop> {
    let (steps, nodes) = (plan.steps.len(), plan.nodes.len());
    let plan = minimise(plan, law, fault);
    if output.json {
        return output.line(&json!({"event": "plan", "plan": plan}).to_string());
    }
    let (fewer, less) = (plan.steps.len(), plan.nodes.len());
    output.say(&Message::with(
        format!("Van {steps} stappen op {nodes} nodes zijn er {fewer} op {less} nodig; bewaar het plan en speel het af met --plan:"),
        format!("Of {steps} steps at {nodes} nodes {fewer} at {less} are needed; keep the plan, and play it with --plan:"),
    ))?;
    output.line(&json!(plan).to_string())
}

/// Runs many, and shows those that failed in order of seed.
pub(super) fn many(options: &Options, count: u64, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let (from, to) = (options.seed, options.seed.saturating_add(count));
    let mut at = from;
    let mut all = Tally::default();
    while at < to {
        let until = to.min(at.saturating_add(TOGETHER));
        let tally = run_all(at..until, options.wish);
        clear(output)?;
        for failure in &tally.failures {
            fail(failure, &failure.command(), output)?;
        }
        output.flush()?;
        all.add(tally);
        at = until;
        progress(&all, count, output)?;
    }
    clear(output)?;
    let (ran, failed) = (all.ran, all.failures.len());
    if output.json {
        let classes = Class::ALL.map(|class| (class.name().1.to_owned(), all.of(class).into()));
        let classes: serde_json::Map<String, serde_json::Value> = classes.into_iter().collect();
        let told = json!({"event": "all", "from": from, "count": ran, "failed": failed, "classes": classes});
        output.line(&told.to_string())?;
        return Ok(exit(failed == 0));
    }
    let mut table = Table::new(&output.lang.pick(["KLASSE", "FEDERATIES"], ["CLASS", "FEDERATIONS"]));
    for class in Class::ALL {
        let (nl, en) = class.name();
        table.row(&[output.lang.pick(nl, en), &all.of(class).to_string()]);
    }
    table.lines().iter().try_for_each(|line| output.line(line))?;
    output.say(&Message::with(
        format!("{ran} federaties, {failed} met een gebroken wet"),
        format!("{ran} federations, {failed} with a broken law"),
    ))?;
    Ok(exit(failed == 0))
}

/// How far it is, on a line that is written over.
fn progress(all: &Tally, count: u64, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json || !output.is_terminal() {
        return Ok(());
    }
    let (ran, failed) = (all.ran, all.failures.len());
    let line = match output.lang {
        Lang::Nl => format!("{ran} van {count}, {failed} gebroken"),
        Lang::En => format!("{ran} of {count}, {failed} broken"),
    };
    output.bytes(line.as_bytes())?;
    output.flush()
}

fn clear(output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json || !output.is_terminal() {
        return Ok(());
    }
    output.bytes(b"\r\x1b[K")
}

fn exit(held: bool) -> Exit {
    if held { Exit::Ok } else { Exit::Refused }
}
