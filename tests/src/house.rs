//! The house style, checked on the real tree.
//!
//! Each rule is a pure function from a [`Tree`] to [`Finding`]s, so that each rule is tested on a small tree that breaks it: a
//! rule that cannot fail is worth nothing. What CONTRIBUTING.md says and what is checked here are kept the same by hand.
//!
//! - [`tree`]: the files of the repository.
//! - [`source`]: just enough understanding of Rust: what is code, what is a test, where a function ends, what a path names.
//! - [`size`], [`docs`], [`arrows`], [`words`], [`layout`], [`readme`]: the rules.

pub mod arrows;
pub mod docs;
pub mod layout;
pub mod readme;
pub mod size;
pub mod source;
pub mod tree;
pub mod words;

use std::fmt;

pub use tree::{File, Tree};

/// One place where the tree breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file, relative to the root of the repository.
    pub path: String,
    /// The line, from 1; 0 where the finding is about the file as a whole.
    pub line: usize,
    /// What is wrong, and where it helps what to do.
    pub why: String,
}

impl Finding {
    /// A finding about one line.
    pub fn at(path: &str, line: usize, why: impl Into<String>) -> Self {
        Finding {
            path: path.to_owned(),
            line,
            why: why.into(),
        }
    }

    /// A finding about a whole file.
    pub fn whole(path: &str, why: impl Into<String>) -> Self {
        Finding::at(path, 0, why)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.why),
            line => write!(f, "{}:{line}: {}", self.path, self.why),
        }
    }
}

/// Everything that the rules find in a tree, in order. The rule about README needs the commands of the executable and is
/// called apart, see [`readme`].
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let rules: [fn(&Tree) -> Vec<Finding>; 5] = [
        size::findings,
        docs::findings,
        arrows::findings,
        words::findings,
        layout::findings,
    ];
    let mut found: Vec<Finding> = rules.iter().flat_map(|rule| rule(tree)).collect();
    found.sort();
    found
}
