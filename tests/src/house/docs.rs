//! Every file says what it is.

use super::{Finding, Tree};

/// The shortest first paragraph that can say what a file is and why it is there, in characters.
const OPENING_CHARS_MIN: usize = 20;

/// Rust files that do not open with `//!`, or open with hardly a word.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter_map(|file| Some(Finding::at(&file.path, 1, complaint(&file.text)?)))
        .collect()
}

fn complaint(text: &str) -> Option<&'static str> {
    let opening: Vec<&str> = text.lines().take_while(|line| line.starts_with("//!")).collect();
    if opening.is_empty() {
        return Some("open with //!: what it is, why it exists, what it must never do");
    }
    let said: usize = opening.iter().map(|line| line[3..].trim().chars().count()).sum();
    (said < OPENING_CHARS_MIN).then_some("the //! at the top says next to nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_with_docs_that_say_something() {
        let good = Tree::of(&[(
            "node/src/a.rs",
            "//! Keeps what one gemeente has not shared yet.\nfn a() {}\n",
        )]);
        assert_eq!(findings(&good), []);
        for bad in [
            "",
            "fn a() {}\n",
            "// Not docs of the file.\n",
            "use std::fs;\n//! Too late.\n",
            "//! Module.\n",
        ] {
            assert_eq!(findings(&Tree::of(&[("node/src/a.rs", bad)])).len(), 1, "{bad:?}");
        }
    }
}
