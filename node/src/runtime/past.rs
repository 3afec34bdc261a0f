//! An earlier state, exported again: its tables are made in a folder of their own, from the entries that counted then.
//!
//! Who asks hands in the parts of the state as an export has them: signed heights and the statements. The logs here still begin
//! with what those heads were signed over, so what counted then is known; what was withdrawn since is gone, and named.
//!
//! **Invariant:** the tables of an earlier state stand on the disk only while they are exported.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::TryLockError;

use protocol::api::{EerdereStand, Message, Momentopname, ProblemKind, Weergaveversies};
use protocol::charter::{Roster, Set, Statement};
use protocol::export::{check, read_statements, withdrawn_csv, withdrawn_lines};
use protocol::id::LogId;
use protocol::log::{PastError, ReplicaError};

use super::Home;
use super::backend::{Answers, VERSIONS, stopping, view_failed};
use super::exports::{damaged, not_written};
use crate::driver::{Then, charter_of};
use crate::http::Failure;
use crate::view::export::{Known, Since};
use crate::view::tables::Height;
use crate::view::{Batch, Change, Content, ViewError, Writer};

/// An earlier state, of which everything that is signed holds.
#[derive(Debug)]
struct Earlier {
    told: Momentopname,
    statements: Set,
    roster: Roster,
}

impl Earlier {
    fn read(asked: &EerdereStand) -> Result<Self, Failure> {
        let told = asked.momentopname.clone();
        let given: Vec<Statement> =
            read_statements(&asked.handvest).map_err(|error| not_a_state("handvest", &error))?;
        let mut statements = Set::new(told.federatie);
        statements.extend(given.clone());
        let (roster, faults) = check(&told, given);
        match faults.first() {
            Some(fault) => Err(not_a_state("momentopname", fault)),
            None => Ok(Self {
                told,
                statements,
                roster,
            }),
        }
    }

    fn logs(&self) -> impl Iterator<Item = LogId> {
        self.told.hoogten.iter().map(|line| line.logboek)
    }

    /// What the view is told once it has the documents.
    fn whole(&self, number: u64) -> Batch {
        let withdrawn = self.roster.erasures().documents();
        let heights = self.told.hoogten.iter().map(|line| Height {
            log: line.logboek,
            node: line.node,
            height: line.hoogte,
            head: line.kop,
        });
        Batch {
            number,
            restarts: false,
            changes: withdrawn
                .map(|(document, _)| Change {
                    document,
                    content: Content::Withdrawn,
                })
                .collect(),
            state: Some(self.told.stand),
            heirs: self.roster.merges().map(|merge| (merge.from, merge.to)).collect(),
            heights: heights.collect(),
            charter: Some(charter_of(&self.statements, &self.roster)),
        }
    }

    /// The parts of the state as this version of the software cites it: it is another snapshot where tables, words or rules are
    /// of another version.
    fn known(&self, then: &Then) -> Known {
        let mut told = self.told.clone();
        told.snapshot = VERSIONS.snapshot(told.stand, told.peilweek);
        told.versies = Weergaveversies {
            weergave: VERSIONS.view,
            woordenlijst: VERSIONS.words,
            regels: VERSIONS.rules,
        };
        let since = then.since.iter().map(|(document, withdrawn)| (*document, *withdrawn));
        Known {
            told,
            statements: self.statements.iter().map(|one| one.bytes().to_vec()).collect(),
            withdrawn: withdrawn_csv(&self.roster),
            since: (!then.since.is_empty()).then(|| Since {
                documents: then.since.len() as u64,
                lines: withdrawn_lines(since),
            }),
        }
    }
}

impl Answers {
    /// Exports an earlier state, as far as it was not withdrawn since.
    pub(super) fn export_past(&self, asked: &EerdereStand, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        let earlier = Earlier::read(asked)?;
        if self.federation()? != earlier.told.federatie {
            return Err(of_another_federation());
        }
        // A node that must hear first what was withdrawn exports nothing of earlier either.
        self.wait_shown()?;
        // What a poisoned lock guarded is a folder, which is made anew.
        let _one = match self.past.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Failure::Busy),
            held => held,
        };
        let scratch = Scratch::make(&self.home).map_err(Failure::internal)?;
        let mut writer = Writer::open(&scratch.0.join("view.sqlite")).map_err(view_failed)?;
        let (earlier, then) = self.read_past(earlier, &mut writer, out)?;
        let peilweek = earlier.told.peilweek;
        writer.set_peilweek(peilweek).map_err(view_failed)?;
        while writer.tables_due().is_some() {
            still_wanted(out)?;
            writer.fill_some().map_err(view_failed)?;
        }
        let known = earlier.known(&then);
        let answer = writer.readers().read(|reading| {
            let shown = reading.tables()?.snapshot;
            if shown != Some(known.told.snapshot) {
                let detail = format!("the earlier state came out as {shown:?}");
                return Err(ViewError::Damaged { detail });
            }
            Ok(reading.export(&known, asked.vorm, out))
        });
        answer.map_err(view_failed)?.map_err(not_written)
    }

    /// Gives a view every document of an earlier state as it was.
    fn read_past(
        &self,
        mut earlier: Earlier,
        writer: &mut Writer,
        out: &mut (dyn Write + Send),
    ) -> Result<(Earlier, Then), Failure> {
        let heights = earlier.told.hoogten.iter();
        let heights: Vec<_> = heights.map(|line| (line.logboek, line.hoogte, line.kop)).collect();
        let past = self.calls.call(move |core| core.replica().past(heights.into_iter()));
        let past = past.map_err(stopping)?.map_err(not_here)?;
        let mut then = Then::new(past, earlier.logs());
        let mut number = 0;
        loop {
            still_wanted(out)?;
            let step = self.calls.call(move |core| {
                let step = then.some(core.replica(), &earlier.roster);
                (earlier, then, step)
            });
            let changes;
            (earlier, then, changes) = step.map_err(stopping)?;
            let Some(changes) = changes.map_err(not_read)? else {
                break;
            };
            let batch = Batch {
                number,
                restarts: number == 0,
                changes,
                ..Batch::default()
            };
            writer.apply(&batch).map_err(view_failed)?;
            number += 1;
        }
        writer.apply(&earlier.whole(number)).map_err(view_failed)?;
        Ok((earlier, then))
    }
}

/// Whether somebody waits for the export: writing nothing says so.
fn still_wanted(out: &mut (dyn Write + Send)) -> Result<(), Failure> {
    out.write(&[]).map(drop).map_err(Failure::internal)
}

/// The folder in which the tables are made; removed with everything in it when dropped.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn make(home: &Home) -> io::Result<Self> {
        sweep(home);
        let dir = home.then();
        DirBuilder::new().mode(0o700).create(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(path = %self.0.display(), %error, "the tables of an earlier state could not be removed");
        }
    }
}

/// Removes what a node left behind that was killed while it exported an earlier state.
pub(super) fn sweep(home: &Home) {
    let dir = home.then();
    match fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %dir.display(), %error, "the tables of an earlier state could not be removed");
        }
        _ => {}
    }
}

fn not_a_state(part: &str, error: &dyn std::error::Error) -> Failure {
    Failure::Told {
        kind: ProblemKind::Invoer,
        message: Message::with(
            format!("{part}: dit is geen stand die nodes tekenden"),
            format!("{part}: this is no state that nodes signed: {error}"),
        ),
        hint: Some(Message::new(
            "leerkring verify MAP noemt wat er niet klopt",
            "leerkring verify DIR names what does not hold",
        )),
    }
}

fn of_another_federation() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: Message::new(
            "deze stand is van een andere federatie dan die van de node",
            "this state is of another federation than that of the node",
        ),
        hint: None,
    }
}

/// Why an earlier state cannot be read again here.
fn not_here(error: PastError) -> Failure {
    let (message, hint) = match &error {
        PastError::Replica(_) => return Failure::internal(error),
        PastError::Behind { log, held, wanted } => (
            Message::with(
                format!(
                    "de node loopt achter op deze stand: van logboek {log} tellen hier {held} posten mee, toen {wanted}"
                ),
                format!("the node is behind this state: of log {log} {held} entries count here, then {wanted} did"),
            ),
            Message::new(
                "wacht tot hij bij is (leerkring status), of vraag het een andere node",
                "wait until it has caught up (leerkring status), or ask another node",
            ),
        ),
        PastError::Cut { log, counts, wanted } => (
            Message::with(
                format!(
                    "van logboek {log} telden toen {wanted} posten mee en nu nog {counts}: wat niet meer telt gaat niet opnieuw uit"
                ),
                format!(
                    "of log {log} {wanted} entries counted then and {counts} do now: what no longer counts is not exported again"
                ),
            ),
            kept_copy(),
        ),
        PastError::Other { log, seq } => (
            Message::with(
                format!(
                    "logboek {log} heeft hier op plaats {seq} een andere post dan in deze stand: het heeft twee geschiedenissen"
                ),
                format!("log {log} has another entry at position {seq} here than in this state: it has two histories"),
            ),
            kept_copy(),
        ),
    };
    Failure::Told {
        kind: ProblemKind::Conflict,
        message,
        hint: Some(hint),
    }
}

fn kept_copy() -> Message {
    Message::new(
        "de map zelf blijft na te kijken met leerkring verify",
        "the folder itself can still be checked with leerkring verify",
    )
}

fn not_read(error: ReplicaError) -> Failure {
    match error {
        ReplicaError::PayloadLost { .. } | ReplicaError::Lost { .. } => damaged(),
        error => Failure::internal(error),
    }
}
