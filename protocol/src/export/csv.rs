//! A row as a line of CSV (RFC 4180): what a spreadsheet would take for a formula is none, and every cell stays one cell.

/// What a spreadsheet takes for a formula when a cell begins with it; the last four are the same in full width.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
/// What ends a cell for a spreadsheet that expects another separator than the file has.
const ENDS: [char; 5] = [',', ';', '\t', '\r', '\n'];
/// Of what begins a formula, what is dangerous in the middle of a text too: a minus or plus is in many.
const CALLS: [char; 4] = ['=', '@', '＝', '＠'];

/// Digits of a number that Excel keeps.
const EXACT_DIGITS: usize = 15;

/// How a file is written. Lines end in CRLF in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Commas between cells, a point in numbers, `true` and `false`.
    Plain,
    /// As Excel reads it in a Dutch setting: semicolons between cells, a comma in numbers, `1` and `0`, and a quote before a text
    /// that it would take for a day or another number.
    Dutch,
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Not known: nothing between the separators.
    Empty,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number with decimals.
    Real(f64),
    /// Yes or no.
    Boolean(bool),
}

impl Dialect {
    /// What stands between two cells.
    #[must_use]
    pub fn separator(self) -> char {
        match self {
            Self::Plain => ',',
            Self::Dutch => ';',
        }
    }
}

/// Text that no spreadsheet takes for a formula: what would begin one gets a quote before it, also where the text would fall apart
/// in a spreadsheet that expects another separator.
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 1);
    if text.starts_with(FORMULA) {
        written.push('\'');
    }
    let mut begins = false;
    for c in text.chars() {
        if begins && CALLS.contains(&c) {
            written.push('\'');
        }
        begins = ENDS.contains(&c) || (begins && matches!(c, ' ' | '"'));
        written.push(c);
    }
    written
}

/// Whether Excel would make another value of a text: of `5-9` a day, of `007` the number 7, of `1E5` a hundred thousand.
fn is_recast(text: &str) -> bool {
    let is_numeric = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | ':' | ' ' | 'e' | 'E');
    let begins = text.starts_with(|c: char| c.is_ascii_digit());
    let is_whole = text.bytes().all(|byte| byte.is_ascii_digit());
    let keeps = is_whole && text.len() <= EXACT_DIGITS && (text == "0" || !text.starts_with('0'));
    begins && text.chars().all(is_numeric) && !keeps
}

/// A row with the end of its line.
#[must_use]
pub fn line<'a>(dialect: Dialect, cells: impl IntoIterator<Item = Cell<'a>>) -> String {
    let mut text = String::new();
    let mut count = 0;
    for cell in cells {
        if count > 0 {
            text.push(dialect.separator());
        }
        write(dialect, cell, &mut text);
        count += 1;
    }
    // One empty cell is a line that many readers skip.
    if count == 1 && text.is_empty() {
        text += "\"\"";
    }
    text + "\r\n"
}

fn write(dialect: Dialect, cell: Cell<'_>, out: &mut String) {
    match (cell, dialect) {
        (Cell::Empty, _) => {}
        (Cell::Text(text), Dialect::Dutch) if is_recast(text) => *out += &format!("'{text}"),
        (Cell::Text(text), _) => *out += &quoted(&harmless(text), dialect.separator()),
        (Cell::Integer(number), _) => *out += &number.to_string(),
        (Cell::Real(number), Dialect::Plain) => *out += &number.to_string(),
        (Cell::Real(number), Dialect::Dutch) => *out += &number.to_string().replace('.', ","),
        (Cell::Boolean(flag), Dialect::Plain) => *out += if flag { "true" } else { "false" },
        (Cell::Boolean(flag), Dialect::Dutch) => out.push(if flag { '1' } else { '0' }),
    }
}

/// Text that is there and empty is told apart from what is not known.
fn quoted(text: &str, separator: char) -> String {
    match text.is_empty() || text.contains(['"', separator, '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_stays_one() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+31", "'+31"),
            ("-", "'-"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("gewoon", "gewoon"),
            ("a;b", "a;b"),
            ("a;=1", "a;'=1"),
            ("a; \"@b", "\"a; \"\"'@b\""),
            ("a;-1", "a;-1"),
            ("a = b", "a = b"),
            ("＝1", "'＝1"),
            ("", "\"\""),
        ] {
            assert_eq!(
                line(Dialect::Plain, [Cell::Text(text), Cell::Empty]),
                format!("{written},\r\n")
            );
        }
        let cells = ["a,b", "zegt \"ja\"", "twee\nregels", "\r\n=1"].map(Cell::Text);
        let expected = "\"a,b\",\"zegt \"\"ja\"\"\",\"twee\nregels\",\"'\r\n'=1\"\r\n";
        assert_eq!(line(Dialect::Plain, cells), expected);
        assert_eq!(line(Dialect::Plain, [Cell::Empty]), "\"\"\r\n");
    }

    #[test]
    fn a_dutch_file_keeps_codes_that_look_like_days_and_numbers() {
        for (text, written) in [
            ("5-9", "'5-9"),
            ("10-19", "'10-19"),
            ("1/2", "'1/2"),
            ("007", "'007"),
            ("1E5", "'1E5"),
            ("12:30", "'12:30"),
            ("1234567890123456", "'1234567890123456"),
            ("2", "2"),
            ("0", "0"),
            ("3+", "3+"),
            ("<20", "<20"),
            ("2026-W10", "2026-W10"),
            ("5 mensen", "5 mensen"),
        ] {
            assert_eq!(line(Dialect::Dutch, [Cell::Text(text)]), format!("{written}\r\n"));
        }
        assert_eq!(line(Dialect::Plain, [Cell::Text("5-9")]), "5-9\r\n");
    }

    #[test]
    fn a_dutch_file_has_semicolons_and_decimal_commas() {
        let cells = [
            Cell::Text("a;b"),
            Cell::Text("1,5"),
            Cell::Real(-5.25),
            Cell::Integer(-1),
            Cell::Boolean(true),
        ];
        assert_eq!(line(Dialect::Dutch, cells), "\"a;b\";1,5;-5,25;-1;1\r\n");
        assert_eq!(line(Dialect::Plain, cells), "a;b,\"1,5\",-5.25,-1,true\r\n");
    }
}
