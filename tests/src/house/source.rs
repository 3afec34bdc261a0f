//! Just enough understanding of Rust to check rules by: what is code and not text, where an item ends, what a path names.
//!
//! It reads tokens, not grammar, and can be fooled on purpose. That is no matter: it guards against slips, not against malice.

use std::ops::Range;

mod blank;
mod paths;

pub use blank::blank;
pub use paths::{Named, named};

/// A function: its name, and its bytes from the `fn` to its closing brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// What it is called.
    pub name: String,
    /// Where `fn` stands.
    pub start: usize,
    /// Where its last brace stands.
    pub end: usize,
}

/// The functions that have a body. A function inside another counts for both.
pub fn functions(code: &str) -> Vec<Function> {
    words(code, "fn").filter_map(|start| function_at(code, start)).collect()
}

fn function_at(code: &str, start: usize) -> Option<Function> {
    let name: String = code[start + 2..]
        .trim_start()
        .chars()
        .take_while(|c| is_word(*c))
        .collect();
    if name.is_empty() {
        return None; // A type such as `fn(u8) -> u8`.
    }
    let end = item_end(code, start)?;
    code[end..].starts_with('}').then_some(Function { name, start, end })
}

/// The bytes of items under `#[cfg(test)]` and of functions under `#[test]`.
pub fn test_spans(code: &str) -> Vec<Range<usize>> {
    ["#[cfg(test)]", "#[test]"]
        .iter()
        .flat_map(|attribute| code.match_indices(attribute))
        .filter_map(|(start, attribute)| Some(start..item_end(code, start + attribute.len())? + 1))
        .collect()
}

/// Where code says `mod name;`.
pub fn declared(code: &str, module: &str) -> Option<usize> {
    words(code, module)
        .find(|at| code[..*at].trim_end().ends_with("mod") && code[at + module.len()..].trim_start().starts_with(';'))
}

/// Where each occurrence of a whole word starts.
pub fn words(code: &str, word: &str) -> impl Iterator<Item = usize> {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = code[..*at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The line of a byte, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
}

/// Whether a character can be part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The byte at which the item that starts here ends: its `;`, or the brace that closes its body.
fn item_end(code: &str, start: usize) -> Option<usize> {
    let (mut nested, mut braces) = (0usize, 0usize);
    for (at, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => nested += 1,
            b')' | b']' => nested = nested.saturating_sub(1),
            b'{' => braces += 1,
            b'}' if braces <= 1 => return Some(at),
            b'}' => braces -= 1,
            b';' if nested == 0 && braces == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_end_at_their_own_brace() {
        let code = "fn a(x: [u8; 4]) { if x { y } }\ntrait T { fn b(); }\ntype F = fn(u8);\nfn c() -> u8 { 1 }";
        let found: Vec<(String, &str)> = functions(code)
            .into_iter()
            .map(|f| (f.name.clone(), &code[f.start..=f.end]))
            .collect();
        let expected = [
            ("a".to_owned(), "fn a(x: [u8; 4]) { if x { y } }"),
            ("c".to_owned(), "fn c() -> u8 { 1 }"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn tests_are_told_from_the_rest() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() {} }\nfn c() {}\n#[cfg(test)]\nmod more;\nfn d() {}\n";
        let spans = test_spans(code);
        let inside = |name: &str| spans.iter().any(|span| span.contains(&code.find(name).unwrap()));
        assert!(inside("fn b") && inside("mod more"));
        assert!(!inside("fn a") && !inside("fn c") && !inside("fn d"));
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!((line_of("a\nb", 0), line_of("a\nb", 1), line_of("a\nb", 2)), (1, 1, 2));
    }
}
