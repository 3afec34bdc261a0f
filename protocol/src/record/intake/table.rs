//! The form of a table as text, which differs between the spreadsheets that write one: told from the text alone.

/// The divider that the heading uses most; `;` is what a Dutch spreadsheet writes.
#[must_use]
pub fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let unquoted: String = header.split('"').step_by(2).collect();
    let count = |delimiter: u8| unquoted.bytes().filter(|byte| *byte == delimiter).count();
    [b'\t', b',', b';']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b';')
}

/// The line of a quote that is still open at the end: a reader would take all that follows for one cell.
#[must_use]
pub fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let mut open = None;
    let mut cell_begins = true;
    let mut line = 1;
    let divider = char::from(delimiter);
    for character in text.chars() {
        match character {
            '"' if open.is_some() => open = None,
            // A quote in the middle of a cell is text; one behind a closing quote is a doubled one.
            '"' if cell_begins => open = Some(line),
            _ => {}
        }
        line += u64::from(character == '\n');
        cell_begins = matches!(character, '\n' | '\r' | '"') || character == divider;
    }
    open
}
