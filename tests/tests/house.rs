//! The rules of CONTRIBUTING.md hold for the real tree.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::api::Lang;
use tests::house::{Finding, Tree, findings, readme};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the room stands in the repository")
        .to_owned()
}

fn none(found: &[Finding]) {
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn the_tree_keeps_the_house_style() {
    let tree = Tree::read(&root()).expect("the repository can be read");
    assert!(tree.rust().count() > 20, "the tree was read");
    none(&findings(&tree));
}

#[test]
fn every_command_in_the_papers_exists() {
    let help = cli::args::command(Lang::Nl);
    let known: BTreeSet<String> = help
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    assert!(known.contains("list"), "{known:?}");
    let papers = [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "cli/demo/README.md",
        "node/privacy/README.md",
        "node/privacy/dpia.md",
        "node/privacy/ondernemingsraad.md",
        "node/privacy/register.md",
        "node/privacy/verantwoordelijkheid.md",
        "node/privacy/woo-archiefwet.md",
    ];
    for paper in papers {
        let text = fs::read_to_string(root().join(paper)).expect("the papers are there");
        none(&readme::findings(paper, &text, &known));
    }
}
