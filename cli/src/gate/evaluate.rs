//! The gate against labelled texts: how much it finds, how much it masks that it need not, and what leaks.

use std::io::Read;
use std::path::Path;

use protocol::api::Message;
use protocol::gate::{Known, Policy, screen_text};

use super::Bar;
use super::gold::Gold;
use super::read::Lines;
use super::score::Score;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Measures, and tells. A leak in a text that passed makes the command fail.
pub(super) fn evaluate(
    file: &Path,
    input: &mut dyn Read,
    policy: &Policy,
    mut bar: Bar<'_>,
    output: &mut Output<'_>,
) -> Result<Exit, Stop> {
    let mut lines = Lines::open(file, input)?;
    let score = measured(&mut lines, policy, &mut bar);
    bar.end();
    let score = score?;
    if output.json {
        let line = serde_json::to_string(&score).expect("a score is plain numbers");
        output.line(&line)?;
    } else {
        told(&score, output)?;
    }
    Ok(if score.leak_at_pass == 0 {
        Exit::Ok
    } else {
        Exit::Refused
    })
}

fn measured(lines: &mut Lines<'_>, policy: &Policy, bar: &mut Bar<'_>) -> Result<Score, Stop> {
    let mut score = Score::default();
    while let Some(gold) = lines.next::<Gold>()? {
        let characters: Vec<char> = gold.text.chars().collect();
        gold.check(&characters).map_err(|why| lines.wrong(&why))?;
        let screened = screen_text(&gold.text, &Known::default(), policy);
        score.add(&gold, &characters, &screened);
        bar.at(lines.bytes, lines.total, lines.number);
    }
    Ok(score)
}

/// A part of a whole, in tenths of a percent.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let tenths = part * 1000 / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn told(score: &Score, output: &mut Output<'_>) -> Result<(), Stop> {
    let lang = output.lang;
    let mut table = Table::new(&lang.pick(
        ["soort", "gelabeld", "gemist", "gevonden"],
        ["type", "labelled", "missed", "found"],
    ));
    for (what, recall) in &score.types {
        let missed = recall.labels - recall.masked;
        let found = share(recall.masked, recall.labels);
        table.row(&[what, &recall.labels.to_string(), &missed.to_string(), &found]);
    }
    for line in table.lines() {
        output.line(&line)?;
    }
    for line in figures(score) {
        output.say(&line)?;
    }
    Ok(())
}

fn figures(score: &Score) -> [Message; 6] {
    let Score {
        documents,
        clean,
        clean_passed,
        passed,
        blocked,
        leaking,
        leak_at_pass,
        tokens,
        findings_beyond,
        ..
    } = score;
    let masked = share(score.tokens_masked, *tokens);
    let labelled = share(score.tokens_labelled, *tokens);
    let beyond = share(score.tokens_masked_beyond, tokens - score.tokens_labelled);
    let hundredths = findings_beyond * 10_000 / (*tokens).max(1);
    let per_100 = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    let (leaks, passes) = (share(*leaking, *documents), share(*clean_passed, *clean));
    [
        Message::with(
            format!("documenten: {documents}; met een lek voor het bekijken: {leaking} ({leaks})"),
            format!("documents: {documents}; with a leak before review: {leaking} ({leaks})"),
        ),
        Message::with(
            format!("pass: {passed}, block: {blocked}; lekken in wat doorgaat (leak@pass): {leak_at_pass}"),
            format!("pass: {passed}, block: {blocked}; leaks in what passes (leak@pass): {leak_at_pass}"),
        ),
        Message::with(
            format!("documenten zonder label: {clean}; daarvan pass: {clean_passed} ({passes})"),
            format!("documents without a label: {clean}; of those pass: {clean_passed} ({passes})"),
        ),
        Message::with(
            format!("woorden: {tokens}; gelabeld {labelled}, gemaskeerd {masked}"),
            format!("words: {tokens}; labelled {labelled}, masked {masked}"),
        ),
        Message::with(
            format!("gemaskeerd van de woorden zonder label: {beyond}"),
            format!("masked of the words without a label: {beyond}"),
        ),
        Message::with(
            format!("bevindingen naast elk label, per 100 woorden: {per_100}"),
            format!("findings beside every label, per 100 words: {per_100}"),
        ),
    ]
}
