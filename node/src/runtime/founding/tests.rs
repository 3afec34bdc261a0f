//! A card, a proposal and a signature are made with the keys of this gemeente, or not at all.

use std::fs;

use super::*;
use crate::runtime::world::{gemeente, home, root};
use crate::scratch::Scratch;

/// A node of its own gemeente, with its root keys in its directory.
fn node(scratch: &Scratch, at: u16) -> Home {
    home(scratch.path().join(at.to_string()), at)
}

fn files(root: (&Home, &str), next: (&Home, &str)) -> RootFiles {
    RootFiles {
        root: Some(root.0.key(root.1)),
        next: Some(next.0.key(next.1)),
    }
}

#[test]
fn sticks_that_are_swapped_doubled_or_of_another_make_no_card_and_no_charter() {
    let scratch = Scratch::new("founding-sticks");
    let (own, other) = (node(&scratch, 0), node(&scratch, 1));
    let swapped = files((&own, "next-root"), (&own, "root"));
    let doubled = files((&own, "root"), (&own, "root"));
    let strange = files((&other, "root"), (&other, "next-root"));
    let kept = fs::read(own.roots()).unwrap();
    for made in [card(&own, &swapped), propose(&own, &[], &swapped)] {
        assert!(matches!(made, Err(FoundingError::IsNext)), "{made:?}");
    }
    for made in [card(&own, &doubled), propose(&own, &[], &doubled)] {
        assert!(matches!(made, Err(FoundingError::OneKey)), "{made:?}");
    }
    for made in [card(&own, &strange), propose(&own, &[], &strange)] {
        assert!(
            matches!(made, Err(FoundingError::OtherRoot { gemeente: of }) if of == gemeente(0)),
            "{made:?}"
        );
    }
    assert_eq!(
        fs::read(own.roots()).unwrap(),
        kept,
        "a wrong key is not taken for one of ours"
    );
    let charter = propose(&other, &[card(&own, &root()).unwrap()], &root()).unwrap();
    for (keys, is_next) in [(swapped, true), (strange, false)] {
        let signed = endorse(&own, &charter, &keys);
        let right = match is_next {
            true => matches!(signed, Err(FoundingError::IsNext)),
            false => matches!(signed, Err(FoundingError::OtherRoot { .. })),
        };
        assert!(right, "{signed:?}");
    }
    endorse(&own, &charter, &root()).unwrap();
}

#[test]
fn a_node_key_that_changed_on_the_disk_makes_no_card() {
    let scratch = Scratch::new("founding-node-key");
    let own = node(&scratch, 0);
    card(&own, &root()).unwrap();
    let mut key = fs::read(own.key("node")).unwrap();
    key[5] ^= 1;
    fs::write(own.key("node"), key).unwrap();
    let made = card(&own, &root());
    assert!(
        matches!(made, Err(FoundingError::Itself(RunError::OtherKey { .. }))),
        "{made:?}"
    );
}
