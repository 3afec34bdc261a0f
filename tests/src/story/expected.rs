//! Whether what was printed is what was expected.

use std::collections::BTreeMap;

/// Words that a story remembers.
pub type Remembered = BTreeMap<String, String>;

/// A piece of an expected line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    /// Exactly this.
    Text(&'a str),
    /// `[..]`
    Anything,
    /// `{naam}`
    Word(&'a str),
}

/// The words to remember when what was printed is what was expected; `None` when it is not.
///
/// Blank lines at the end do not count, on either side: they only part one command from the next.
#[must_use]
pub fn matches(expected: &[String], printed: &str, known: &Remembered) -> Option<Remembered> {
    let printed: Vec<&str> = trimmed(printed.lines().map(str::trim_end).collect());
    let expected: Vec<&str> = trimmed(expected.iter().map(String::as_str).collect());
    lines(&expected, &printed, known.clone())
}

/// The text with every remembered word filled in; what is not known stays as it is.
#[must_use]
pub fn fill(text: &str, known: &Remembered) -> String {
    known.iter().fold(text.to_owned(), |text, (name, word)| {
        text.replace(&format!("{{{name}}}"), word)
    })
}

fn trimmed(mut lines: Vec<&str>) -> Vec<&str> {
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// Tries `...` short first. Stories have a few of these and outputs some dozens of lines, so trying costs nothing.
fn lines(expected: &[&str], printed: &[&str], known: Remembered) -> Option<Remembered> {
    match expected {
        [] => printed.is_empty().then_some(known),
        ["...", rest @ ..] => (0..=printed.len()).find_map(|skip| lines(rest, &printed[skip..], known.clone())),
        [first, rest @ ..] => {
            let (line, others) = printed.split_first()?;
            lines(rest, others, pieces(&split(first), line, known)?)
        }
    }
}

fn pieces(expected: &[Piece<'_>], line: &str, mut known: Remembered) -> Option<Remembered> {
    match expected {
        [] => line.is_empty().then_some(known),
        [Piece::Text(text), rest @ ..] => pieces(rest, line.strip_prefix(text)?, known),
        [Piece::Anything, rest @ ..] => ends(line).find_map(|end| pieces(rest, &line[end..], known.clone())),
        [Piece::Word(name), rest @ ..] => {
            if let Some(word) = known.get(*name) {
                let after = line.strip_prefix(word.as_str())?;
                return pieces(rest, after, known);
            }
            let length = line
                .find(|c: char| c.is_whitespace() || "\",;()".contains(c))
                .unwrap_or(line.len());
            let (word, after) = line.split_at(length);
            known.insert((*name).to_owned(), word.to_owned());
            (!word.is_empty()).then(|| pieces(rest, after, known)).flatten()
        }
    }
}

/// Every place where a piece could end.
fn ends(line: &str) -> impl Iterator<Item = usize> + '_ {
    line.char_indices().map(|(at, _)| at).chain([line.len()])
}

fn split(line: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut text, mut at) = (0, 0);
    while at < line.len() {
        let (piece, length) = if line[at..].starts_with("[..]") {
            (Piece::Anything, 4)
        } else if let Some(name) = name(&line[at..]) {
            (Piece::Word(name), name.len() + 2)
        } else {
            at += line[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        found.extend((text < at).then(|| Piece::Text(&line[text..at])));
        found.push(piece);
        at += length;
        text = at;
    }
    found.extend((text < at).then(|| Piece::Text(&line[text..at])));
    found
}

/// The name in `{name}` at the start. Braces around anything else are text: JSON is full of them.
fn name(rest: &str) -> Option<&str> {
    let (name, _) = rest.strip_prefix('{')?.split_once('}')?;
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_match(expected: &str, printed: &str) -> Option<Remembered> {
        let expected: Vec<String> = expected.lines().map(str::to_owned).collect();
        matches(&expected, printed, &Remembered::new())
    }

    #[test]
    fn lines_must_be_the_same() {
        assert!(try_match("a\nb\n\n", "a\nb \n").is_some());
        for other in ["a", "a\nb\nc", "b\na", "a\nB", ""] {
            assert!(try_match("a\nb", other).is_none(), "{other}");
        }
        assert!(try_match("", "").is_some() && try_match("", "x").is_none());
    }

    #[test]
    fn dots_stand_for_lines_and_brackets_for_characters() {
        for printed in ["a\nz", "a\nb\nz", "a\nb\nc\nz"] {
            assert!(try_match("a\n...\nz", printed).is_some(), "{printed}");
        }
        assert!(try_match("a\n...\nz", "a\nb").is_none());
        assert!(try_match("poort [..] bezet[..]", "poort 123 bezet").is_some());
        assert!(try_match("poort [..] bezet", "poort 123 bezet!").is_none());
        assert!(try_match("[..]b[..]b", "abcb").is_some());
    }

    #[test]
    fn words_are_remembered_and_must_come_back() {
        let known = try_match("id {id}, \"{ander}\"\nweer {id}", "id ab12, \"x\"\nweer ab12").unwrap();
        assert_eq!(known.get("id").map(String::as_str), Some("ab12"));
        assert_eq!(fill("show {id} {onbekend}", &known), "show ab12 {onbekend}");
        assert!(try_match("{id} {id}", "a b").is_none());
        assert!(matches(&["{id}".to_owned()], "ab13", &known).is_none());
        assert!(try_match("{\"a\":{}}", "{\"a\":{}}").is_some());
    }
}
