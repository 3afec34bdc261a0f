//! The rows, as they are printed: Markdown that also reads as plain text.

use super::usage::Spent;

/// Widths of the columns; the first takes what is longest.
const WIDTHS: [usize; 7] = [56, 40, 22, 8, 8, 9, 6];

/// One figure.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// What was measured.
    pub(super) what: String,
    /// The outcome.
    pub(super) measured: String,
    /// What is promised, and whether that was reached; nothing for a baseline.
    pub(super) reach: Option<(String, bool)>,
    /// Time it took.
    pub(super) spent: Option<Spent>,
    /// Bytes of the application on the wire.
    pub(super) bytes: Option<u64>,
    /// Memory in MB.
    pub(super) rss_mb: Option<u64>,
}

/// A table that grows while it is measured.
pub(super) struct Table<F> {
    tell: F,
    missed: usize,
}

impl<F: FnMut(&str)> Table<F> {
    /// The heading.
    pub(super) fn new(mut tell: F, scale: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        tell(&format!("Sizes divided by {scale}; {cores} cores.\n"));
        let names = ["what", "measured", "reach", "wall", "CPU", "bytes", "RSS"];
        tell(&line(names.map(str::to_owned)));
        tell(&line(WIDTHS.map(|width| "-".repeat(width))));
        Self { tell, missed: 0 }
    }

    /// One more figure.
    pub(super) fn add(&mut self, row: Row) {
        let reach = match row.reach {
            None => "baseline".to_owned(),
            Some((reach, true)) => reach,
            Some((reach, false)) => {
                self.missed += 1;
                format!("{reach} MISSED")
            }
        };
        let (wall, cpu) = row
            .spent
            .map_or_else(Default::default, |spent| (seconds(spent.wall_s), seconds(spent.cpu_s)));
        let bytes = row.bytes.map(grouped).unwrap_or_default();
        let rss = row.rss_mb.map(|mb| format!("{mb} MB")).unwrap_or_default();
        (self.tell)(&line([row.what, row.measured, reach, wall, cpu, bytes, rss]));
    }

    /// The last line; how many figures are beyond their reach.
    pub(super) fn end(mut self) -> usize {
        (self.tell)(&format!("\n{} figures are beyond their reach.", self.missed));
        self.missed
    }
}

fn line(cells: [String; 7]) -> String {
    let cells = cells.into_iter().zip(WIDTHS);
    cells.fold("|".to_owned(), |line, (cell, width)| {
        line + &format!(" {cell:width$} |")
    })
}

fn seconds(seconds: f64) -> String {
    if seconds < 0.1 {
        format!("{:.1} ms", seconds * 1000.0)
    } else {
        format!("{seconds:.2} s")
    }
}

/// A number with commas between the thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_line_up_and_what_is_missed_is_counted() {
        let mut lines = Vec::new();
        let mut table = Table::new(|line: &str| lines.push(line.to_owned()), 10);
        let reach = |met| Some(("≤ 200".to_owned(), met));
        let row = |met| Row {
            what: "a".to_owned(),
            reach: reach(met),
            bytes: Some(1_234_567),
            ..Row::default()
        };
        table.add(row(true));
        table.add(row(false));
        assert_eq!(table.end(), 1);
        let widths: Vec<usize> = lines[1..5].iter().map(|line| line.chars().count()).collect();
        assert!(widths.windows(2).all(|pair| pair[0] == pair[1]), "{widths:?}");
        assert!(lines[3].contains("| 1,234,567 ") && !lines[3].contains("MISSED") && lines[4].contains("MISSED"));
        assert_eq!(lines[5], "\n1 figures are beyond their reach.");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 999, 1_000, 12_345_678].map(grouped),
            ["0", "999", "1,000", "12,345,678"]
        );
    }
}
