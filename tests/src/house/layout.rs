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

/// The rooms that cargo builds.
const ROOMS: [&str; 4] = ["cli", "node", "protocol", "tests"];

/// A top level that is not exact, files that no target builds, test files without a test and stories that nothing runs.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = top(tree);
    for file in tree.rust() {
        found.extend(forgotten(tree, file));
        found.extend(empty_test(file));
    }
    found.extend(stories(tree));
    found.extend(ROOMS.iter().flat_map(|room| unlinted(tree, room)));
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
        ["tests", "fuzz", "targets", _] | [_, "src", "bin", _] | [_, "tests" | "benches" | "examples", _] => true,
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

/// A room whose lints are off, or that has no word of its own on what clippy refuses there.
fn unlinted(tree: &Tree, room: &str) -> Vec<Finding> {
    let rules = [
        ("Cargo.toml", "[lints]\nworkspace = true\n"),
        (".clippy.toml", "too-many-lines-threshold = 70\n"),
    ];
    let says = |path: &str, line: &str| tree.get(path).is_some_and(|file| file.text.contains(line));
    let paths = rules.map(|(name, line)| (format!("{room}/{name}"), line));
    let silent = paths.into_iter().filter(|(path, line)| !says(path, line));
    silent
        .map(|(path, line)| Finding::whole(&path, format!("does not say {line:?}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree with nothing wrong in it, and these files.
    fn complete(extra: &[(&str, &str)]) -> Vec<String> {
        let room = |room: &str| [format!("{room}/Cargo.toml"), format!("{room}/.clippy.toml")];
        let rooms: Vec<String> = ROOMS.into_iter().flat_map(room).collect();
        let texts = ["[lints]\nworkspace = true\n", "too-many-lines-threshold = 70\n"]
            .into_iter()
            .cycle();
        let mut files: Vec<(&str, &str)> = rooms.iter().map(String::as_str).zip(texts).collect();
        files.push((".ci/run", ""));
        files.extend(
            TOP.into_iter()
                .filter(|name| *name != ".ci" && !ROOMS.contains(name))
                .map(|name| (name, "")),
        );
        files.retain(|(path, _)| extra.iter().all(|(other, _)| other != path));
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
        assert_eq!(
            without.iter().filter(|found| found.why.contains("missing")).count(),
            TOP.len() - 1
        );
    }

    #[test]
    fn every_room_is_linted() {
        assert_eq!(complete(&[("node/Cargo.toml", "[package]\n")]).len(), 1);
        assert_eq!(
            complete(&[("protocol/.clippy.toml", "too-many-lines-threshold = 80\n")]).len(),
            1
        );
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
