//! Snapshots and exports: the tables of one state of the view, with the parts that the replica has of that very state.
//!
//! The view says how far each log counts; the replica gives the signature under each of those heads, and the statements. Both are
//! of one state when they give its hash; where a statement came in between, another look is taken.

use std::fs::File;
use std::io::Write;

use protocol::api::{
    Editie, EerdereStand, Hoogte, Message, Momentopname, NOT_FOUNDED, NOT_FOUNDED_NEXT, ProblemKind, Uitvoervorm,
    Verklaringen, Weergaveversies,
};
use protocol::export::{hexadecimal, withdrawn_csv};
use protocol::id::{EditionHash, FederationId, Snapshot, Week};
use protocol::log::state_of;

use super::backend::{Answers, TRIES, VERSIONS, stopping, view_failed};
use crate::driver::{Core, PATIENCE};
use crate::http::{Exports, Failure};
use crate::view::export::{ExportError, Known};
use crate::view::tables::{Height, Mark};
use crate::view::{Reading, ViewError};

/// Heads that are looked up in one step, so that the node goes on with its work between two.
const STEP_HEADS: usize = 256;

impl Exports for Answers {
    fn snapshot(&self) -> Result<Momentopname, Failure> {
        self.shown(|_, known| Ok(known.told.clone()))
    }

    fn spool(&self) -> Result<File, Failure> {
        tempfile::tempfile_in(self.home.root()).map_err(Failure::internal)
    }

    fn export(&self, form: Uitvoervorm, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        self.shown(|reading, known| reading.export(known, form, out).map_err(not_written))
    }

    fn export_again(&self, asked: &EerdereStand, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        self.export_past(asked, out)
    }

    fn everything(&self, out: &mut (dyn Write + Send)) -> Result<(), Failure> {
        let federation = self.federation()?;
        self.wait_shown()?;
        if self.readers.wait_for_tables(PATIENCE) > 0 {
            return Err(self.behind());
        }
        let answer = self.readers.read(|reading| Ok(reading.everything(federation, out)));
        answer.map_err(view_failed)?.map_err(not_written)
    }

    fn changes(&self, since: &str, records_max: u32) -> Result<Vec<u8>, Failure> {
        let federation = self.federation()?;
        let mark: Mark = since.parse().map_err(|_| no_longer())?;
        let records_max = usize::try_from(records_max).unwrap_or(usize::MAX);
        let answer = self
            .readers
            .read(|reading| Ok(reading.changes(federation, mark, records_max)));
        let changes = answer.map_err(view_failed)?.map_err(not_written)?;
        changes.ok_or_else(no_longer)
    }
}

impl Answers {
    /// Asks the view once its tables show all that the replica held when the question came, with the parts of that state.
    fn shown<T>(&self, mut question: impl FnMut(&Reading<'_>, &Known) -> Result<T, Failure>) -> Result<T, Failure> {
        for _ in 0..TRIES {
            self.wait_shown()?;
            if self.readers.wait_for_tables(PATIENCE) > 0 {
                break;
            }
            let answer = self.readers.read(|reading| {
                let shown = reading.tables()?;
                let (Some(peilweek), Some(snapshot)) = (shown.peilweek, shown.snapshot) else {
                    return Ok(None);
                };
                let heights = reading.heights()?;
                Ok(match self.known(heights, peilweek, snapshot) {
                    Ok(known) if reading.is_of(&known.told) => Some(question(reading, &known)),
                    Ok(_) => None,
                    Err(failure) => Some(Err(failure)),
                })
            });
            if let Some(answer) = answer.map_err(view_failed)? {
                return answer;
            }
        }
        Err(self.behind())
    }

    pub(super) fn federation(&self) -> Result<FederationId, Failure> {
        let federation = self.calls.call(|core| core.replica().federation());
        federation.map_err(stopping)?.ok_or_else(not_founded)
    }

    /// The parts of a snapshot, of the statements that there are now.
    fn known(&self, heights: Vec<Height>, peilweek: Week, snapshot: Snapshot) -> Result<Known, Failure> {
        let mut lines = Vec::with_capacity(heights.len());
        for step in heights.chunks(STEP_HEADS) {
            let step = step.to_vec();
            let signed = self
                .calls
                .call(move |core| step.iter().map(|height| line(core, *height)).collect());
            let signed: Result<Vec<Hoogte>, Failure> = signed.map_err(stopping)?;
            lines.extend(signed?);
        }
        let known = self.calls.call(move |core| known(core, lines, peilweek, snapshot));
        known.map_err(stopping)?.ok_or_else(not_founded)
    }
}

/// How far a log counts, with the signature under its head.
fn line(core: &Core, height: Height) -> Result<Hoogte, Failure> {
    let replica = core.replica();
    let signed = replica.header(height.log, height.height.saturating_sub(1));
    let signed = signed.map_err(Failure::internal)?.ok_or_else(damaged)?;
    let gemeente = replica.roster().gemeente_of(height.node).ok_or_else(not_founded)?;
    Ok(Hoogte {
        logboek: height.log,
        node: height.node,
        gemeente,
        hoogte: height.height,
        kop: height.head,
        kopregel: hexadecimal(signed.bytes()),
        handtekening: hexadecimal(signed.signature()),
    })
}

fn known(core: &Core, hoogten: Vec<Hoogte>, peilweek: Week, snapshot: Snapshot) -> Option<Known> {
    let replica = core.replica();
    let (set, roster) = (replica.statements(), replica.roster());
    let (course, federatie) = (roster.course()?, replica.federation()?);
    let heights = hoogten.iter().map(|line| (line.logboek, line.hoogte, line.kop));
    let stand = state_of(federatie, set.digest(), heights);
    let told = Momentopname {
        snapshot,
        peilweek,
        federatie,
        editie: Editie {
            nummer: course.number,
            hash: EditionHash(course.edition),
        },
        stand,
        verklaringen: Verklaringen {
            aantal: set.len() as u64,
            digest: set.digest(),
        },
        versies: Weergaveversies {
            weergave: VERSIONS.view,
            woordenlijst: VERSIONS.words,
            regels: VERSIONS.rules,
        },
        hoogten,
    };
    Some(Known {
        told,
        statements: set.iter().map(|statement| statement.bytes().to_vec()).collect(),
        withdrawn: withdrawn_csv(roster),
        since: None,
    })
}

pub(super) fn not_written(error: ExportError) -> Failure {
    match error {
        ExportError::View(ViewError::Sqlite(source)) => view_failed(source.into()),
        error => Failure::internal(error),
    }
}

fn no_longer() -> Failure {
    Failure::Told {
        kind: ProblemKind::Vervallen,
        message: Message::new(
            "vanaf dit merk kan de node niet verder: zijn tabellen zijn sindsdien opnieuw gemaakt, of het is van een andere node",
            "the node cannot go on from this mark: its tables were made anew since, or it is of another node",
        ),
        hint: Some(Message::new(
            "vraag alles opnieuw, zonder sinds",
            "ask for everything anew, without sinds",
        )),
    }
}

fn not_founded() -> Failure {
    Failure::Told {
        kind: ProblemKind::Conflict,
        message: NOT_FOUNDED,
        hint: Some(NOT_FOUNDED_NEXT),
    }
}

pub(super) fn damaged() -> Failure {
    Failure::Told {
        kind: ProblemKind::Bezet,
        message: Message::new(
            "een entry aan het einde van een logboek is beschadigd, en wordt van een andere node gehaald",
            "an entry at the end of a log is damaged, and is being fetched from another node",
        ),
        hint: Some(Message::new(
            "probeer het zo opnieuw; leerkring status toont of het hersteld is",
            "try again soon; leerkring status shows whether it is mended",
        )),
    }
}
