//! What the demo shows while it runs, and at the end.

use protocol::api::{Lang, Message};
use serde_json::{Value, json};

use super::federation::Federation;
use super::interrupt::Interrupt;
use super::script::Outcome;
use crate::command_error::CommandError;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Characters of a snapshot that a person compares.
const SHORT: usize = 16;

/// Where the story goes: text for people, JSON Lines for programs.
pub(super) struct Report<'a, 'b> {
    output: &'a mut Output<'b>,
    interrupt: &'a Interrupt,
}

impl<'a, 'b> Report<'a, 'b> {
    pub(super) fn new(output: &'a mut Output<'b>, interrupt: &'a Interrupt) -> Self {
        Self { output, interrupt }
    }

    /// An error once somebody pressed Ctrl-C; asked between two steps, and while something is waited for.
    pub(super) fn go_on(&self) -> Result<(), CommandError> {
        self.interrupt.check()
    }

    pub(super) fn lang(&self) -> Lang {
        self.output.lang
    }

    /// One thing that happened: its name and facts for programs, a sentence for people.
    pub(super) fn tell(&mut self, event: &str, mut facts: Value, message: &Message) -> Result<(), Stop> {
        self.go_on()?;
        if self.output.json {
            facts["event"] = event.into();
            self.output.line(&facts.to_string())?;
        } else {
            self.output.say(message)?;
        }
        self.output.flush()
    }

    /// The end: the same for every node, or not.
    pub(super) fn done(&mut self, federation: &Federation, outcome: &Outcome) -> Result<(), Stop> {
        if self.output.json {
            let nodes = federation.members().zip(&outcome.ends).map(|(member, end)| {
                json!({
                    "gemeente": member.founder.code.to_string(), "pid": member.pid(), "dir": member.dir,
                    "api": member.api(), "peer": member.peer(), "snapshot": end.snapshot, "records": end.records,
                    "entries": end.entries,
                })
            });
            let nodes: Vec<Value> = nodes.collect();
            let done = json!({"event": "done", "nodes": nodes, "converged": outcome.converged});
            self.output.line(&done.to_string())?;
            return self.output.flush();
        }
        self.table(federation, outcome)?;
        self.output.say(&if outcome.converged {
            Message::new(
                "Elke gemeente weet hetzelfde: gelijke snapshot, en leerkring list --json gelijk tot op de byte.",
                "Every gemeente knows the same: equal snapshot, and leerkring list --json equal to the byte.",
            )
        } else {
            Message::new(
                "De gemeenten weten NIET hetzelfde; met --dir MAP blijven de logboeken van de nodes bewaard.",
                "The gemeenten do NOT know the same; with --dir DIR the logs of the nodes are kept.",
            )
        })?;
        self.output.flush()
    }

    fn table(&mut self, federation: &Federation, outcome: &Outcome) -> Result<(), Stop> {
        let heading = match self.lang() {
            Lang::Nl => ["gemeente", "naam", "records", "hoogten", "snapshot", "antwoordt op"],
            Lang::En => ["gemeente", "name", "records", "heights", "snapshot", "answers at"],
        };
        let mut table = Table::new(&heading);
        for (member, end) in federation.members().zip(&outcome.ends) {
            let snapshot: String = end.snapshot.chars().take(SHORT).collect();
            table.row(&[
                &member.founder.code.to_string(),
                &member.founder.name,
                &end.records.to_string(),
                &end.entries.to_string(),
                &snapshot,
                &member.api(),
            ]);
        }
        table.lines().iter().try_for_each(|line| self.output.line(line))
    }

    /// How to go on by hand.
    pub(super) fn running(&mut self, federation: &Federation) -> Result<(), Stop> {
        let Some(first) = federation.members().next().filter(|_| !self.output.json) else {
            return Ok(());
        };
        let dir = first.dir.display();
        self.output.say(&Message::with(
            format!("De nodes draaien door. Probeer in een ander venster:\n  leerkring list --node {dir}\n  leerkring status --node {dir}\nCtrl-C stopt alles."),
            format!("The nodes keep running. Try in another window:\n  leerkring list --node {dir}\n  leerkring status --node {dir}\nCtrl-C stops everything."),
        ))?;
        self.output.flush()
    }
}
