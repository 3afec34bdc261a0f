//! The files of the repository, as text.

use std::fs;
use std::io;
use std::path::Path;

use super::source;

/// Directories at the top that are no part of the tree: what cargo builds and what git keeps.
const SKIPPED: [&str; 2] = [".git", "target"];

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Relative to the root, with `/` between the parts.
    pub path: String,
    /// What it holds; empty for a file that is not UTF-8.
    pub text: String,
    /// Whether it is only built for tests or benchmarks.
    pub test: bool,
    /// For Rust: the text with comments, strings and characters blanked out, line for line. Empty for anything else.
    pub code: String,
}

impl File {
    /// A file with this content.
    pub fn new(path: &str, text: &str) -> Self {
        let code = if path.ends_with(".rs") {
            source::blank(text)
        } else {
            String::new()
        };
        File {
            path: path.to_owned(),
            text: text.to_owned(),
            test: test_by_place(path),
            code,
        }
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The first part of the path: the room, for whatever is in one.
    pub fn room(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }
}

/// All files, ordered by path.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// The tree under a directory.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        Ok(Tree::sorted(files))
    }

    /// A tree made of paths and texts, to try a rule on.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Tree::sorted(files.iter().map(|(path, text)| File::new(path, text)).collect())
    }

    fn sorted(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut tree = Tree { files };
        tree.mark_declared_tests();
        tree
    }

    /// A file that its parent declares under `#[cfg(test)]` is a test, whatever it is called.
    fn mark_declared_tests(&mut self) {
        let declared = |file: &File| {
            let (module, parents) = declaration(&file.path)?;
            let parent = parents.iter().find_map(|path| self.get(path))?;
            let at = source::declared(&parent.code, module)?;
            Some(source::test_spans(&parent.code).iter().any(|span| span.contains(&at)))
        };
        let tests: Vec<bool> = self
            .files
            .iter()
            .map(|file| file.test || declared(file).unwrap_or_default())
            .collect();
        self.files
            .iter_mut()
            .zip(tests)
            .for_each(|(file, test)| file.test = test);
    }

    /// Every file.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The Rust files.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// Whether a file is a test because of where it stands.
fn test_by_place(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let own_target = matches!(parts.get(1), Some(&"tests" | &"benches"));
    let unit_tests = path.ends_with("/tests.rs") || parts.iter().skip(2).any(|part| *part == "tests");
    path.ends_with(".rs") && (own_target || unit_tests)
}

/// The module that a file holds, and the files that may declare it.
pub fn declaration(path: &str) -> Option<(&str, [String; 4])> {
    let (directory, name) = path.rsplit_once('/')?;
    let stem = name.strip_suffix(".rs")?;
    let (module, above) = match stem {
        "mod" => directory.rsplit_once('/').map(|(above, module)| (module, above))?,
        stem => (stem, directory),
    };
    let parents = [".rs", "/mod.rs", "/lib.rs", "/main.rs"].map(|end| format!("{above}{end}"));
    Some((module, parents))
}

fn collect(directory: &Path, prefix: &str, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if prefix.is_empty() && SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let text = String::from_utf8(fs::read(entry.path())?).unwrap_or_default();
            files.push(File::new(&path, &text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_place_and_by_their_declaration() {
        let lib = "#[cfg(test)]\npub(crate) mod scratch;\nmod real;\n#[cfg(test)]\nmod tests;\n";
        let tree = Tree::of(&[
            ("node/src/lib.rs", lib),
            ("node/src/real.rs", ""),
            ("node/src/scratch.rs", ""),
            ("node/src/store/tests/speed.rs", ""),
            ("node/src/tests.rs", ""),
            ("tests/src/harness.rs", ""),
            ("tests/tests/house.rs", ""),
        ]);
        let tests: Vec<bool> = tree.files().iter().map(|file| file.test).collect();
        assert_eq!(tests, [false, false, true, true, true, false, true]);
    }
}
