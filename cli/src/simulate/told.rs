//! What is shown of a simulation: one seed line by line with a table at the end, or many with those that failed.

use std::path::Path;

use protocol::api::{Lang, Message};
use serde_json::json;

use super::{Class, Failure, Options, Plan, Report, Tally, World, minimise, run_all, run_world};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Seeds that run before the next failures are shown.
const TOGETHER: u64 = 256;

/// Tells one seed, or a plan that was kept.
pub(super) fn one(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let plan = match &options.plan {
        Some(file) => read(file)?,
        None => Plan::of(options.seed, options.wish),
    };
    let mut world = World::new(plan.clone()).telling();
    if !output.json {
        heading(&plan, output)?;
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
    let (seed, wish) = (plan.seed, options.wish);
    let outcome = outcome.map_err(|broken| Failure { seed, wish, broken });
    ended(&outcome, &plan, output)?;
    if let (Err(failure), true) = (&outcome, options.minimise) {
        smaller(plan, failure, output)?;
    }
    Ok(exit(outcome.is_ok()))
}

/// A plan that was kept: JSON, by itself or with what it showed.
fn read(file: &Path) -> Result<Plan, CommandError> {
    let text = std::fs::read_to_string(file).map_err(|error| CommandError::of_file(file, error))?;
    let wrong = |error: serde_json::Error| {
        let shown = file.display();
        let message = Message::with(
            format!("{shown} is geen plan: {error}"),
            format!("{shown} is no plan: {error}"),
        );
        CommandError::new(Exit::Input, message)
    };
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(wrong)?;
    let plan = match value.get_mut("plan") {
        Some(plan) => plan.take(),
        None => value,
    };
    let plan: Plan = serde_json::from_value(plan).map_err(wrong)?;
    plan.check().map_err(|why| CommandError::new(Exit::Input, why))?;
    Ok(plan)
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

fn ended(outcome: &Result<Report, Failure>, plan: &Plan, output: &mut Output<'_>) -> Result<(), Stop> {
    let report = match outcome {
        Ok(report) => report,
        Err(failure) => return fail(failure, output),
    };
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
fn rows(report: &Report) -> [(&'static str, (&'static str, &'static str), u64); 17] {
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

fn fail(failure: &Failure, output: &mut Output<'_>) -> Result<(), Stop> {
    let (seed, broken, command) = (failure.seed, &failure.broken, failure.command());
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
fn smaller(plan: Plan, failure: &Failure, output: &mut Output<'_>) -> Result<(), Stop> {
    let (steps, nodes) = (plan.steps.len(), plan.nodes.len());
    let plan = minimise(plan, failure.broken.law);
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
        tally.failures.iter().try_for_each(|failure| fail(failure, output))?;
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
