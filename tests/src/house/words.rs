//! Words that may not stand where they stand.

use super::source::{functions, is_word, line_of, test_spans, words};
use super::{File, Finding, Tree};

/// Words that say that something is unfinished, and places on a machine that only exist for who wrote the line. They are put
/// together here so that this file does not hold them.
fn forbidden() -> Vec<(String, &'static str)> {
    [
        (["TO", "DO"].concat(), "write it or leave it out"),
        (["FIX", "ME"].concat(), "mend it or leave it out"),
        (["to", "do!"].concat(), "write it or leave it out"),
        (["unimple", "mented!"].concat(), "write it or leave it out"),
        (["#[ig", "nore"].concat(), "a test that does not run proves nothing"),
        (["/wo", "rk/"].concat(), "a path of one machine"),
        (["/ro", "ot/"].concat(), "a path of one machine"),
        (["/Us", "ers/"].concat(), "a path of one machine"),
        ([".cargo/", "registry"].concat(), "a path of one machine"),
        (
            ["index.", "crates.io"].concat(),
            "crates come from where cargo finds them",
        ),
    ]
    .to_vec()
}

/// Where the crates in Cargo.lock may come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Names that say that nobody decided what belongs in a module.
const SHAPELESS: [&str; 7] = ["common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// Forbidden words, `unwrap` outside tests, and shapeless names.
pub fn findings(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in tree.files() {
        found.extend(forbidden_in(file));
        found.extend(foreign_sources(file));
        found.extend(shapeless(file));
        if file.is_rust() && !file.test {
            found.extend(unwraps(file));
        }
    }
    found
}

fn forbidden_in(file: &File) -> Vec<Finding> {
    let mut found = Vec::new();
    for (word, why) in forbidden() {
        for (at, _) in file.text.match_indices(&word) {
            let before = file.text[..at].chars().next_back();
            if !before.is_some_and(is_word) {
                found.push(Finding::at(
                    &file.path,
                    line_of(&file.text, at),
                    format!("{word}: {why}"),
                ));
            }
        }
    }
    found
}

fn foreign_sources(file: &File) -> Vec<Finding> {
    if file.path != "Cargo.lock" {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let foreign = lines.filter(|(_, line)| line.starts_with("source = ") && !line.contains(REGISTRY));
    foreign
        .map(|(index, line)| Finding::at(&file.path, index + 1, format!("not from crates.io: {line}")))
        .collect()
}

fn shapeless(file: &File) -> Option<Finding> {
    let stem = |part: &str| part.split('.').next().unwrap_or_default().to_owned();
    let part = file
        .path
        .split('/')
        .map(stem)
        .find(|part| SHAPELESS.contains(&part.as_str()))?;
    file.is_rust()
        .then(|| Finding::whole(&file.path, format!("{part} is no name: say what belongs there")))
}

fn unwraps(file: &File) -> Vec<Finding> {
    let tests = test_spans(&file.code);
    let outside = |at: &usize| !tests.iter().any(|span| span.contains(at));
    let called = words(&file.code, "unwrap").filter(|at| file.code[..*at].ends_with(['.', ':']));
    called
        .filter(outside)
        .map(|at| {
            let inside = functions(&file.code).into_iter().rfind(|f| f.start < at && at < f.end);
            let place = inside.map_or_else(String::new, |f| format!(" in fn {}", f.name));
            let why = format!("unwrap{place}: give the error back, or expect(\"why it cannot fail\")");
            Finding::at(&file.path, line_of(&file.code, at), why)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<String> {
        findings(&Tree::of(&[(path, text)]))
            .iter()
            .map(Finding::to_string)
            .collect()
    }

    #[test]
    fn every_forbidden_word_is_found_in_every_kind_of_file() {
        for (word, _) in forbidden() {
            for path in [
                "README.md",
                "tests/run",
                "node/src/a.rs",
                "node/src/a/tests.rs",
                "cli/Cargo.toml",
            ] {
                assert_eq!(lines(path, &format!("one\n{word} two\n")).len(), 1, "{word} in {path}");
                assert_eq!(lines(path, "A word: todo, ignore, network/x, roots.\n"), [""; 0]);
            }
        }
    }

    #[test]
    fn crates_come_from_one_registry() {
        let good = format!("source = \"{REGISTRY}\"\n");
        assert_eq!(lines("Cargo.lock", &good), [""; 0]);
        assert_eq!(lines("Cargo.lock", "source = \"git+https://example.org/x\"\n").len(), 1);
    }

    #[test]
    fn names_have_a_shape() {
        for path in [
            "node/src/utils.rs",
            "node/src/common/a.rs",
            "tests/src/helpers.rs",
            "cli/src/manager.rs",
        ] {
            assert_eq!(lines(path, "").len(), 1, "{path}");
        }
        assert_eq!(lines("node/src/utility_bill.rs", ""), [""; 0]);
    }

    #[test]
    fn unwrap_is_for_tests() {
        let found = lines("node/src/a.rs", "fn a() {\n    b().unwrap();\n}\n");
        assert_eq!(
            found,
            ["node/src/a.rs:2: unwrap in fn a: give the error back, or expect(\"why it cannot fail\")"]
        );
        assert_eq!(lines("node/src/a.rs", "fn a() { b().map(Option::unwrap); }").len(), 1);
        assert_eq!(
            lines("node/src/a.rs", "fn a() { b().unwrap_or(1); } // .unwrap()\n"),
            [""; 0]
        );
        assert_eq!(
            lines("node/src/a.rs", "#[cfg(test)]\nmod tests { fn a() { b().unwrap(); } }"),
            [""; 0]
        );
        assert_eq!(lines("node/src/a/tests.rs", "fn a() { b().unwrap(); }"), [""; 0]);
    }
}
