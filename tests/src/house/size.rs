//! A file is one thought, a function fits on a screen.

use super::source::{functions, line_of};
use super::{Finding, Tree};

/// The longest file, in lines.
pub const FILE_LINES_MAX: usize = 500;
/// The longest function, in lines, from its signature to its closing brace.
pub const FUNCTION_LINES_MAX: usize = 70;

/// Files and functions that are too long.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.rust() {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            found.push(Finding::whole(
                &file.path,
                format!("{lines} lines: split it (at most {FILE_LINES_MAX})"),
            ));
        }
        for function in functions(&file.code) {
            let line = line_of(&file.code, function.start);
            let lines = line_of(&file.code, function.end) - line + 1;
            if lines > FUNCTION_LINES_MAX {
                let why = format!("fn {} has {lines} lines (at most {FUNCTION_LINES_MAX})", function.name);
                found.push(Finding::at(&file.path, line, why));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function_of(lines: usize) -> String {
        format!("//! Doc.\nfn long() {{\n{}}}\n", "    work();\n".repeat(lines - 2))
    }

    #[test]
    fn a_file_may_be_500_lines_and_not_501() {
        let fits = Tree::of(&[("node/src/a.rs", &"// a line\n".repeat(500))]);
        let long = Tree::of(&[("node/src/a.rs", &"// a line\n".repeat(501))]);
        assert_eq!(findings(&fits), []);
        assert_eq!(
            findings(&long),
            [Finding::whole("node/src/a.rs", "501 lines: split it (at most 500)")]
        );
    }

    #[test]
    fn a_function_may_be_70_lines_and_not_71() {
        assert_eq!(findings(&Tree::of(&[("node/src/a.rs", &function_of(70))])), []);
        let found = findings(&Tree::of(&[("node/src/a.rs", &function_of(71))]));
        assert_eq!(
            found,
            [Finding::at("node/src/a.rs", 2, "fn long has 71 lines (at most 70)")]
        );
    }
}
