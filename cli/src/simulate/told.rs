//! What is shown of a simulation: one seed line by line with a table at the end, or many with those that failed.

use protocol::api::{Lang, Message};
use serde_json::json;

use super::{Failure, Options, Plan, Report, World, caught, run_all};
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Seeds that run before the next failures are shown.
const TOGETHER: u64 = 256;

/// Tells one seed.
pub(super) fn one(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let plan = Plan::of(options.seed, options.wish);
    let (nodes, gemeenten, seconds) = (plan.nodes.len(), plan.gemeenten, plan.busy_ms / 1000);
    let mut world = World::new(plan).telling();
    if !output.json {
        output.heading(&Message::with(
            format!(
                "Seed {}: {nodes} nodes van {gemeenten} gemeenten, {seconds} s druk",
                options.seed
            ),
            format!(
                "Seed {}: {nodes} nodes of {gemeenten} gemeenten, busy for {seconds} s",
                options.seed
            ),
        ))?;
    }
    let outcome = caught(&mut world);
    for line in world.lines() {
        let text = line.text.text(output.lang);
        if output.json {
            output.line(&json!({"event": "told", "ms": line.ms, "text": text}).to_string())?;
        } else {
            output.line(&format!("{:>9} ms  {text}", line.ms))?;
        }
    }
    let (seed, wish) = (options.seed, options.wish);
    let outcome = outcome.map_err(|why| Failure { seed, wish, why });
    ended(seed, &outcome, output)?;
    Ok(exit(outcome.is_ok()))
}

fn ended(seed: u64, outcome: &Result<Report, Failure>, output: &mut Output<'_>) -> Result<(), Stop> {
    match outcome {
        Ok(report) if output.json => {
            let facts: serde_json::Map<_, _> = rows(report)
                .into_iter()
                .map(|(name, _, number)| (name.to_owned(), number.into()))
                .collect();
            output.line(&json!({"event": "done", "seed": seed, "failed": null, "report": facts}).to_string())
        }
        Ok(report) => {
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
        Err(failure) => fail(failure, output),
    }
}

/// What a run was like: a name for programs, for people, and how much of it.
fn rows(report: &Report) -> [(&'static str, (&'static str, &'static str), u64); 9] {
    [
        ("events", ("gebeurtenissen", "events"), report.events),
        ("frames", ("berichten", "frames"), report.frames),
        ("bytes", ("bytes", "bytes"), report.bytes),
        (
            "entries",
            ("entries die elk heeft", "entries that each holds"),
            report.entries,
        ),
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
    let (seed, why, command) = (failure.seed, &failure.why, failure.command());
    if output.json {
        return output.line(&json!({"event": "done", "seed": seed, "failed": why, "replay": command}).to_string());
    }
    let broken = output.lang.pick("een wet is gebroken", "a law is broken");
    output.line(&format!("seed {seed}: {broken}: {why}"))?;
    output.line(&format!("  {command}"))
}

/// Runs many, and shows those that failed in order of seed.
pub(super) fn many(options: &Options, count: u64, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let (from, to) = (options.seed, options.seed.saturating_add(count));
    let (mut at, mut failed) = (from, 0);
    while at < to {
        let until = to.min(at + TOGETHER);
        let failures = run_all(at..until, options.wish);
        clear(output)?;
        failures.iter().try_for_each(|failure| fail(failure, output))?;
        failed += failures.len();
        at = until;
        progress(at - from, count, failed, output)?;
    }
    clear(output)?;
    if output.json {
        output.line(&json!({"event": "all", "from": from, "count": count, "failed": failed}).to_string())?;
    } else {
        output.say(&Message::with(
            format!("{count} federaties, {failed} met een gebroken wet"),
            format!("{count} federations, {failed} with a broken law"),
        ))?;
    }
    Ok(exit(failed == 0))
}

/// How far it is, on a line that is written over.
fn progress(done: u64, count: u64, failed: usize, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json || !output.is_terminal() {
        return Ok(());
    }
    let line = match output.lang {
        Lang::Nl => format!("{done} van {count}, {failed} gebroken"),
        Lang::En => format!("{done} of {count}, {failed} broken"),
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
