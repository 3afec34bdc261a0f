//! Rows on their way to the node, in bodies that it takes, and what became of each, with its place in the file.

use protocol::api::{Fault, Intake, Lang, Outcome};
use protocol::id::Week;

use super::table::{Row, Table, is_empty};

/// Rows in one body: few enough to see how far it is, many enough that asking costs nothing.
const ROWS_MAX: usize = 2_000;
/// Bytes in one body, well below what a node takes.
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// Rows that go together.
pub(super) struct Batch<'a> {
    /// The body, as CSV.
    pub(super) body: Vec<u8>,
    /// All rows of this part of the file, in order.
    pub(super) rows: &'a [Row],
    /// How many cells a whole row has.
    expected: usize,
}

/// The rows in the parts in which they go.
pub(super) fn batches(table: &Table) -> Vec<Batch<'_>> {
    let mut batches = Vec::new();
    let mut rest = &table.rows[..];
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = rest.iter().take(ROWS_MAX).take_while(|row| {
            bytes += row.cells.iter().map(|cell| cell.len() + 3).sum::<usize>();
            bytes <= BYTES_MAX
        });
        let count = fits.count().max(1);
        let (rows, after) = rest.split_at(count);
        batches.push(Batch {
            body: body(&table.header, rows),
            rows,
            expected: table.header.len(),
        });
        rest = after;
    }
    batches
}

fn body(header: &[String], rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_writer(Vec::new());
    let whole = rows.iter().filter(|row| is_sent(row, header.len()));
    let lines = std::iter::once(header.to_vec()).chain(whole.map(|row| with_weeks(header, &row.cells)));
    for line in lines {
        writer.write_record(&line).expect("memory takes every record");
    }
    writer.into_inner().expect("memory takes every record")
}

/// Whether a row goes to the node, which leaves out rows without anything in them and would then answer about fewer rows.
fn is_sent(row: &Row, expected: usize) -> bool {
    row.cells.len() == expected && !is_empty(&row.cells)
}

/// The cells of a row, with the week where a register has the day: the day itself never leaves.
fn with_weeks(header: &[String], cells: &[String]) -> Vec<String> {
    let named = header.iter().zip(cells);
    let cell = |(name, cell): (&String, &String)| match name.trim().to_lowercase().as_str() {
        name if name == "week" || name.ends_with("_week") => week_of(cell).unwrap_or_else(|| cell.clone()),
        _ => cell.clone(),
    };
    named.map(cell).collect()
}

/// The week of a day written as 2026-03-14 or 14-03-2026.
fn week_of(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.trim().split(['-', '/']).collect();
    let [first, month, last] = parts[..] else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    let numbers = |text: &str| text.parse::<u16>().ok().filter(|_| text.len() <= 4);
    let (year, month, day) = (numbers(year)?, numbers(month)?, numbers(day)?);
    let exists = protocol::charter::Day::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).is_some();
    let days = days_since_1970(i64::from(year), i64::from(month), i64::from(day));
    let seconds = u64::try_from(days).ok()?.checked_mul(86_400)?;
    exists.then(|| Week::at(seconds).to_string())
}

/// Days between 1 January 1970 and a day, counted in years that begin in March, so that a leap day is the last of its year.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    days + (153 * month + 2) / 5 + day - 1 - 719_468
}

impl Batch<'_> {
    /// One outcome per row of the file: those of the node, and between them the rows that were not sent. Nothing when the node
    /// answered about another number of rows.
    pub(super) fn outcomes(&self, told: Intake, lang: Lang) -> Option<Vec<Outcome>> {
        let mut told = told.concepten.into_iter();
        let outcome = |row: &Row| match is_sent(row, self.expected) {
            true => told.next().map(|outcome| placed(outcome, row.line)),
            false => Some(not_sent(row, self.expected, lang)),
        };
        let outcomes = self.rows.iter().map(outcome).collect::<Option<Vec<_>>>()?;
        told.next().is_none().then_some(outcomes)
    }
}

/// The place of what is wrong, in the file and not in what was sent.
fn placed(outcome: Outcome, line: u64) -> Outcome {
    match outcome {
        Outcome::Refused { id, mut fouten } => {
            for fault in &mut fouten {
                fault.regelnummer = u32::try_from(line).ok();
                fault.kolom = None;
            }
            Outcome::Refused { id, fouten }
        }
        taken @ Outcome::Taken { .. } => taken,
    }
}

fn not_sent(row: &Row, expected: usize, lang: Lang) -> Outcome {
    let found = row.cells.len();
    let melding = match found == expected {
        true => lang.pick(
            "in deze regel staat niets in de kolommen die worden gelezen".to_owned(),
            "this line has nothing in the columns that are read".to_owned(),
        ),
        false => lang.pick(
            format!("deze regel heeft {found} cellen, de kop {expected}"),
            format!("this line has {found} cells, the heading {expected}"),
        ),
    };
    let fault = Fault {
        regelnummer: u32::try_from(row.line).ok(),
        melding,
        ..Fault::default()
    };
    Outcome::Refused {
        id: None,
        fouten: vec![fault],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::table::of_text;

    #[test]
    fn a_day_becomes_its_week() {
        for (day, week) in [
            ("2026-03-14", Some("2026-W11")),
            ("14-03-2026", Some("2026-W11")),
            ("1/1/2027", Some("2026-W53")),
            ("31-12-2024", Some("2025-W01")),
            ("29-02-2024", Some("2024-W09")),
            ("29-02-2026", None),
            ("2026-W11", None),
            ("14-3-26-1", None),
            ("", None),
        ] {
            assert_eq!(week_of(day).as_deref(), week, "{day}");
        }
    }

    #[test]
    fn many_rows_go_in_parts_and_each_keeps_its_line() {
        let text: String = (0..ROWS_MAX + 1).map(|n| format!("\"{n};{n}\";14-03-2026\n")).collect();
        let table = of_text(&format!("tekst;week\n{text}")).unwrap();
        let batches = batches(&table);
        assert_eq!(
            batches.iter().map(|batch| batch.rows.len()).collect::<Vec<_>>(),
            [ROWS_MAX, 1]
        );
        assert_eq!(
            batches[1].body,
            format!("tekst;week\n\"{ROWS_MAX};{ROWS_MAX}\";2026-W11\n").into_bytes()
        );
        let refused = || Outcome::Refused {
            id: None,
            fouten: vec![Fault {
                regelnummer: Some(2),
                ..Fault::default()
            }],
        };
        let told = |count: usize| Intake {
            concepten: (0..count).map(|_| refused()).collect(),
        };
        let [Outcome::Refused { fouten, .. }] = &batches[1].outcomes(told(1), Lang::Nl).unwrap()[..] else {
            panic!("one row, one outcome")
        };
        assert_eq!(fouten[0].regelnummer, Some(ROWS_MAX as u32 + 2));
        assert!(batches[1].outcomes(told(2), Lang::Nl).is_none() && batches[1].outcomes(told(0), Lang::Nl).is_none());
    }

    #[test]
    fn a_row_that_is_not_whole_is_told_between_the_others_and_not_sent() {
        let table = of_text("tekst;thema\na;b\nhalf\nc;d\n").unwrap();
        let [batch] = &batches(&table)[..] else {
            panic!("one part")
        };
        assert!(!String::from_utf8(batch.body.clone()).unwrap().contains("half"));
        let refused = Outcome::Refused {
            id: None,
            fouten: Vec::new(),
        };
        let told = Intake {
            concepten: vec![refused.clone(), refused],
        };
        let outcomes = batch.outcomes(told, Lang::Nl).unwrap();
        let Outcome::Refused { fouten, .. } = &outcomes[1] else {
            panic!("it was not taken in")
        };
        assert!(fouten[0].melding.contains("1 cellen") && fouten[0].regelnummer == Some(3));
    }

    #[test]
    fn a_row_with_nothing_in_the_columns_that_are_read_is_told_and_not_sent() {
        let rows = [("a", 2), (" ", 3), ("b", 4)].map(|(cell, line)| Row {
            line,
            cells: vec![cell.to_owned()],
        });
        let table = Table {
            header: vec!["tekst".to_owned()],
            rows: rows.into(),
        };
        let [batch] = &batches(&table)[..] else {
            panic!("one part")
        };
        assert_eq!(batch.body, b"tekst\na\nb\n");
        let refused = Outcome::Refused {
            id: None,
            fouten: Vec::new(),
        };
        let told = Intake {
            concepten: vec![refused.clone(), refused],
        };
        let outcomes = batch.outcomes(told, Lang::Nl).unwrap();
        let Outcome::Refused { fouten, .. } = &outcomes[1] else {
            panic!("it was not taken in")
        };
        assert!(
            fouten[0].melding.contains("niets") && fouten[0].regelnummer == Some(3),
            "{fouten:?}"
        );
    }

    #[test]
    fn a_very_long_row_goes_alone() {
        let long = "x".repeat(BYTES_MAX);
        let table = of_text(&format!("tekst\n{long}\nkort\n")).unwrap();
        assert_eq!(batches(&table).len(), 2);
    }
}
