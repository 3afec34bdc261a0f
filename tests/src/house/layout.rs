//! Nothing lies around: the top level is what it should be, every Rust file is built, and every test file tests something.

use std::collections::BTreeSet;

use super::source::declared;
use super::tree::declaration;
use super::{File, Finding, Tree};

/// What may stand at the top.
const TOP: [&str; 18] = [
    ".ci",
    ".deny.toml",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "cli",
    "node",
    "protocol",
    "publiccode.yml",
    "tests",
];

/// A top level that is not exact, files that no target builds, test files without a test and stories that nothing runs.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = top(tree);
    for file in tree.rust() {
        found.extend(forgotten(tree, file));
        found.extend(empty_test(file));
    }
    found.extend(stories(tree));
    found
}

fn top(tree: &Tree) -> Vec<Finding> {
    let there: BTreeSet<&str> = tree.files().iter().map(File::room).collect();
    let allowed = BTreeSet::from(TOP);
    let extra = there
        .difference(&allowed)
        .map(|name| Finding::whole(name, "does not belong at the top level"));
    let missing = allowed
        .difference(&there)
        .map(|name| Finding::whole(name, "is missing from the top level"));
    extra.chain(missing).collect()
}

/// A file that is no root of a target must be declared as a module by the file above it.
fn forgotten(tree: &Tree, file: &File) -> Option<Finding> {
    if is_root(&file.path) {
        return None;
    }
    let (module, parents) = declaration(&file.path)?;
    let mut parents = parents.iter().filter_map(|path| tree.get(path));
    let declared = parents.any(|parent| declared(&parent.code, module).is_some());
    (!declared).then(|| {
        Finding::whole(
            &file.path,
            format!("nothing declares `mod {module}`: it is never built"),
        )
    })
}

fn is_root(path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>()[..] {
        [_, "src", file] => matches!(file, "lib.rs" | "main.rs"),
        [_, "src", "bin", _] | [_, "tests" | "benches" | "examples", _] => true,
        [_, file] => file == "build.rs",
        _ => false,
    }
}

/// A test file must hold a test, directly or in modules below it.
fn empty_test(file: &File) -> Option<Finding> {
    let own_target = matches!(file.path.split('/').collect::<Vec<_>>()[..], [_, "tests", _]);
    let named_so = own_target || file.path.ends_with("/tests.rs");
    let tests = file.code.contains("test]") || file.code.contains("\nmod ");
    (named_so && !tests).then(|| Finding::whole(&file.path, "a test file without a test"))
}

/// Each story is named by the test that runs it.
fn stories(tree: &Tree) -> Vec<Finding> {
    let runner = tree.get("tests/tests/stories.rs");
    let mut found = Vec::new();
    for file in tree.files() {
        let Some(name) = file
            .path
            .strip_prefix("tests/stories/")
            .and_then(|name| name.strip_suffix(".md"))
        else {
            continue;
        };
        if !runner.is_some_and(|runner| runner.text.contains(&format!("\"{name}\""))) {
            found.push(Finding::whole(
                &file.path,
                "tests/tests/stories.rs does not run this story",
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(extra: &[(&str, &str)]) -> Vec<String> {
        let top = TOP.map(|name| {
            if name.starts_with(['.', 'C', 'L', 'R', 'S', 'p']) {
                name
            } else {
                ""
            }
        });
        let mut files: Vec<(&str, &str)> = top.iter().filter(|n| !n.is_empty()).map(|name| (*name, "")).collect();
        files.extend([
            (".ci/run", ""),
            ("cli/Cargo.toml", ""),
            ("node/Cargo.toml", ""),
            ("protocol/Cargo.toml", ""),
        ]);
        files.extend([("tests/Cargo.toml", "")]);
        files.retain(|(path, _)| ![".ci", "protocol"].contains(path));
        files.extend(extra);
        findings(&Tree::of(&files)).iter().map(Finding::to_string).collect()
    }

    #[test]
    fn the_top_level_is_exact() {
        assert_eq!(complete(&[]), [""; 0]);
        assert_eq!(
            complete(&[("NOTES.md", "")]),
            ["NOTES.md: does not belong at the top level"]
        );
        let without = findings(&Tree::of(&[("README.md", "")]));
        assert_eq!(without.len(), TOP.len() - 1);
    }

    #[test]
    fn a_file_that_nothing_declares_is_found() {
        let declared = [
            ("node/src/lib.rs", "mod a;"),
            ("node/src/a.rs", "pub(crate) mod b;\n#[cfg(test)]\nmod tests;"),
            ("node/src/a/b.rs", ""),
            ("node/src/a/tests.rs", "#[test]\nfn a() {}"),
            ("cli/src/bin/leerkring.rs", ""),
            ("tests/tests/house.rs", "#[test]\nfn a() {}"),
        ];
        assert_eq!(complete(&declared), [""; 0]);
        let forgotten = [
            [("node/src/a.rs", ""), ("node/src/lib.rs", "")],
            [("node/src/a.rs", ""), ("node/src/lib.rs", "// mod a;")],
            [("node/src/a/tests.rs", "#[test]"), ("node/src/lib.rs", "mod tests;")],
            [("tests/tests/deep/a.rs", ""), ("node/src/lib.rs", "")],
        ];
        for files in forgotten {
            assert_eq!(complete(&files).len(), 1, "{files:?}");
        }
    }

    #[test]
    fn a_test_file_tests_something() {
        assert_eq!(complete(&[("tests/tests/a.rs", "//! Nothing.")]).len(), 1);
        let empty = [("node/src/lib.rs", "mod tests;"), ("node/src/tests.rs", "fn a() {}")];
        assert_eq!(complete(&empty).len(), 1);
    }

    #[test]
    fn a_story_is_run() {
        let story = ("tests/stories/eerste.md", "# Eerste");
        assert_eq!(complete(&[story]).len(), 1);
        assert_eq!(
            complete(&[story, ("tests/tests/stories.rs", "#[test]\nfn a() { run(\"eerste\") }")]),
            [""; 0]
        );
    }
}
