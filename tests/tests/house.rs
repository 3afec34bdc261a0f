//! The rules of CONTRIBUTING.md hold for the real tree.

use std::path::Path;

use tests::house::{Tree, findings};

#[test]
fn the_tree_keeps_the_house_style() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the room stands in the repository");
    let tree = Tree::read(root).expect("the repository can be read");
    assert!(tree.rust().count() > 20, "the tree was read");
    let found: Vec<String> = findings(&tree).iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
