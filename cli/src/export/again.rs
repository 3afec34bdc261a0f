//! An earlier export, whose state is exported again.

use std::fs;
use std::path::Path;

use protocol::api::{EerdereStand, Message, Momentopname, Uitvoervorm};
use protocol::export::{HEIGHTS, STATEMENTS};

use super::verify::{self, Checked};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// What an earlier export is of.
pub(super) struct Earlier {
    checked: Checked,
    told: Momentopname,
    statements: String,
}

impl Earlier {
    /// Reads and checks an export.
    pub(super) fn read(dir: &Path) -> Result<Self, CommandError> {
        let mut checked = verify::check(dir, None)?;
        if let Some(fault) = checked.faults.first() {
            return Err(not_an_export(dir, fault));
        }
        let path = dir.join(STATEMENTS);
        let statements = fs::read_to_string(&path).map_err(|error| CommandError::of_file(&path, error))?;
        let none = Message::with(format!("{HEIGHTS} ontbreekt"), format!("{HEIGHTS} is missing"));
        let told = checked.told.take().ok_or_else(|| not_an_export(dir, &none))?;
        Ok(Self {
            checked,
            told,
            statements,
        })
    }

    /// What the node is asked.
    pub(super) fn body(&self, form: Uitvoervorm) -> Vec<u8> {
        let asked = EerdereStand {
            vorm: form,
            momentopname: self.told.clone(),
            handvest: self.statements.clone(),
        };
        serde_json::to_vec(&asked).expect("a state has a form in JSON")
    }

    /// Says how the new export compares with the earlier one.
    pub(super) fn compare(&self, made: &Checked, output: &mut Output<'_>) -> Result<(), Stop> {
        let snapshot = made.told.as_ref().map(|told| told.snapshot);
        let (then, now) = (self.told.snapshot, snapshot.unwrap_or(self.told.snapshot));
        if now != then {
            return output.say(&Message::with(
                format!(
                    "  dezelfde stand, gemaakt met andere versies van tabellen, woordenlijst of regels: dit is snapshot {now}, dat \
                     was {then}"
                ),
                format!(
                    "  the same state, made with other versions of tables, word list or rules: this is snapshot {now}, that was \
                     {then}"
                ),
            ));
        }
        output.say(&match (made.sums == self.checked.sums, made.since) {
            (true, _) => Message::new(
                "  byte voor byte dezelfde als de eerdere uitvoer",
                "  byte for byte the same as the earlier export",
            ),
            (false, 0) => Message::new(
                "  dezelfde stand als de eerdere uitvoer, in een andere vorm of van een andere versie van leerkring",
                "  the same state as the earlier export, in another form or of another version of leerkring",
            ),
            (false, _) => Message::new(
                "  dezelfde stand als de eerdere uitvoer, op wat sindsdien is ingetrokken na",
                "  the same state as the earlier export, but for what was withdrawn since",
            ),
        })
    }
}

fn not_an_export(dir: &Path, fault: &Message) -> CommandError {
    let dir = dir.display();
    CommandError::new(
        Exit::Refused,
        Message::with(
            format!("{dir} is geen uitvoer die klopt: {}", plain(&fault.nl)),
            format!("{dir} is no export that holds: {}", plain(&fault.en)),
        ),
    )
    .hinting(Message::new(
        "leerkring verify MAP noemt alles wat niet klopt",
        "leerkring verify DIR names everything that does not hold",
    ))
}
