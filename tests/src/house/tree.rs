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
            code,
        }
    }

    /// Whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is only built for tests or benchmarks.
    pub fn is_test(&self) -> bool {
        let parts: Vec<&str> = self.path.split('/').collect();
        let own_target = matches!(parts.get(1), Some(&"tests" | &"benches"));
        let unit_tests = self.path.ends_with("/tests.rs") || parts.iter().skip(2).any(|part| *part == "tests");
        self.is_rust() && (own_target || unit_tests)
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
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Tree { files })
    }

    /// A tree made of paths and texts, to try a rule on.
    pub fn of(files: &[(&str, &str)]) -> Self {
        let mut files: Vec<File> = files.iter().map(|(path, text)| File::new(path, text)).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { files }
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
