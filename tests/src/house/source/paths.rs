//! The paths that code names, with the groups of `use` written out: `use a::{b, c::d}` names `a::b` and `a::c::d`.

use super::{is_word, line_of};

/// A path and the line that names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The parts of the path.
    pub parts: Vec<String>,
    /// The line, from 1.
    pub line: usize,
}

impl Named {
    /// Whether the path starts with these parts.
    pub fn starts_with(&self, parts: &[&str]) -> bool {
        self.parts.len() >= parts.len() && self.parts.iter().zip(parts).all(|(a, b)| a == b)
    }
}

/// Every path of two parts or more, and single names where a `use` names them.
pub fn named(code: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = code[at..].chars().next() {
        if !is_word(next) {
            at += next.len_utf8();
            continue;
        }
        let mut here = Vec::new();
        let before = code[..at].trim_end();
        at = tree(code, at, &[], &mut here);
        if before.ends_with(">::") {
            continue; // The rest of `<T as Trait>::name`, not the start of a path.
        }
        let in_use = before.ends_with("use");
        found.extend(here.into_iter().filter(|named| in_use || named.parts.len() > 1));
    }
    found
}

/// Reads one path or group of paths and returns where it ends.
fn tree(code: &str, start: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let mut parts = prefix.to_vec();
    let mut at = start;
    while let Some(length) = word_length(&code[at..]) {
        parts.push(code[at..at + length].to_owned());
        at += length;
        let Some(next) = code[at..].strip_prefix("::") else {
            break;
        };
        at = code.len() - next.len();
        if next.starts_with('{') {
            return group(code, at + 1, &parts, found);
        }
    }
    if parts.len() > prefix.len() {
        found.push(Named {
            parts,
            line: line_of(code, start),
        });
    }
    at.max(start)
}

/// Reads the paths between the braces of a `use` and returns where the group ends.
fn group(code: &str, start: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let mut at = start;
    while let Some(next) = code[at..].chars().next() {
        if next == '}' {
            return at + 1;
        }
        if is_word(next) {
            at = tree(code, at, prefix, found);
            at += code[at..].find([',', '}']).unwrap_or(0); // Past `as name`.
        } else {
            at += next.len_utf8();
        }
    }
    at
}

fn word_length(rest: &str) -> Option<usize> {
    let length: usize = rest.chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum();
    (length > 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        named(code).into_iter().map(|named| named.parts.join("::")).collect()
    }

    #[test]
    fn groups_are_written_out() {
        assert_eq!(
            paths("use a::{b, c::{d, e as f}, self};"),
            ["a::b", "a::c::d", "a::c::e", "a::self"]
        );
        assert_eq!(paths("use a;\nfn f() { b::c(); d(); }"), ["a", "b::c"]);
        assert_eq!(
            paths("pub use a::b::{\n    c,\n    d,\n};\nlet x = e::f::<g::h>();"),
            ["a::b::c", "a::b::d", "e::f", "g::h"]
        );
        assert_eq!(paths("use crate::{net, store};"), ["crate::net", "crate::store"]);
    }

    #[test]
    fn a_path_knows_its_line() {
        assert_eq!(
            named("\n\nuse a::b;"),
            [Named {
                parts: vec!["a".into(), "b".into()],
                line: 3
            }]
        );
    }
}
