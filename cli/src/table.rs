//! Plain tables: columns aligned by characters, nothing drawn.

use crate::output::plain;

/// Widest a column may be; the last one is not cut.
const WIDTH_MAX: usize = 48;

/// Characters between two columns.
const BETWEEN: usize = 2;
/// A column that is no wider is not cut to make room.
const NARROW: usize = 10;

/// A table with a heading.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    #[must_use]
    pub fn new(heading: &[&str]) -> Self {
        Self {
            rows: vec![heading.iter().map(|cell| (*cell).to_owned()).collect()],
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|cell| plain(cell)).collect());
    }

    /// Whether there is nothing below the heading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.len() == 1
    }

    /// The lines of the table, the heading first.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(|column| self.width(column)).collect();
        self.rows.iter().map(|row| line(row, &widths)).collect()
    }

    /// The same in lines of so many characters, where that is asked: the widest columns give way, but for the first, by which
    /// somebody types the rest.
    #[must_use]
    pub fn lines_within(&self, width: Option<usize>) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..columns).map(|column| self.whole_width(column)).collect();
        if let Some(width) = width {
            fit(&mut widths, width);
        }
        let cut_last = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| cut(cell, *width));
            line(&cells.collect::<Vec<_>>(), &widths)
        };
        self.rows.iter().map(cut_last).collect()
    }

    /// Of the last column all, of another as much as is ever shown.
    fn whole_width(&self, column: usize) -> usize {
        let last = self.rows.iter().filter(|row| row.len() == column + 1);
        let last = last.map(|row| row[column].chars().count()).max().unwrap_or(0);
        self.width(column).max(last)
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDTH_MAX)
    }
}

/// Takes from the widest column but the first, until the lines fit or no column is wide any more.
fn fit(widths: &mut [usize], width: usize) {
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + BETWEEN * widths.len().saturating_sub(1);
    while total(widths) > width {
        let wide = widths.iter_mut().skip(1).filter(|width| **width > NARROW);
        // Of equally wide ones the last: it is the one that says most in words.
        let Some(widest) = wide.max_by_key(|width| **width) else {
            return;
        };
        *widest -= 1;
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
        if at + 1 == row.len() {
            line += cell;
        } else {
            let cell = cut(cell, *width);
            line += &format!("{cell:<width$}  ");
        }
    }
    line.trim_end().to_owned()
}

/// The text in at most this many characters, with a mark where it was cut.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&["ID", "STAAT", "THEMA", "TITEL"]);
        let title = "Een titel die veel langer is dan wat er op een regel van tachtig tekens past, en nog verder gaat";
        table.row(&[
            "0123456789",
            "structureel_bevestigd",
            "wonen, jeugd, participatie, schulden",
            title,
        ]);
        table.row(&["abcdefghij", "incident", "wonen", "Kort"]);
        table
    }

    #[test]
    fn at_a_terminal_no_line_is_longer_than_it_is_wide_and_the_first_column_stays() {
        for width in [60, 80, 120, 160] {
            let lines = table().lines_within(Some(width));
            assert!(
                lines.iter().all(|line| line.chars().count() <= width),
                "{width}: {lines:#?}"
            );
            assert!(
                lines[1].starts_with("0123456789  ") && lines[1].contains('…'),
                "{width}: {lines:#?}"
            );
            assert!(lines[2].ends_with("Kort"));
        }
        assert_eq!(table().lines_within(Some(400)), table().lines());
        // Narrower than any table: whole ids, and cut words.
        assert!(table().lines_within(Some(10))[1].starts_with("0123456789  struct"));
    }

    #[test]
    fn in_a_pipe_the_last_column_is_whole() {
        assert_eq!(table().lines_within(None), table().lines());
    }
}
