//! The keys of a gemeente: what people compare is the same wherever they see it, and nothing ends that nobody agreed to.

use std::fs;
use std::io::{self, Read};

use serde_json::Value;

use super::papers::{Folder, assert_dutch, succeeded};
use super::{run, run_reading, typed};

/// A federation of one.
fn alone(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.init("Zuiderwaard", "GM9901");
    succeeded(&folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &folder.path("handvest")],
    ));
    folder
}

#[test]
fn the_fingerprint_of_a_second_node_is_the_same_wherever_it_is_shown() {
    let folder = alone("keys-print");
    let [card, invitation, request] = ["kaart", "uitnodiging", "verzoek"].map(|name| folder.path(name));
    succeeded(&folder.on("Zuiderwaard", &["charter", "card", "--out", &card]));
    succeeded(&folder.on("Zuiderwaard", &["charter", "invite", "--out", &invitation]));
    let made = run(&["init", &folder.path("tweede"), "--second-of", &card], "", &[]);
    succeeded(&made);
    let line = made
        .output
        .lines()
        .find(|line| line.starts_with("vingerafdruk van deze node: "));
    let line = line.unwrap_or_else(|| panic!("{}", made.output));
    let read = run(&["charter", "show", &invitation, "--json"], "", &[]);
    let read: Value = serde_json::from_str(&read.output).unwrap();
    let print = read["vingerafdruk"].as_str().unwrap();
    succeeded(&folder.on("tweede", &["join", &invitation, "--fingerprint", print]));

    let asked = folder.on("tweede", &["keys", "request", "--out", &request]);
    succeeded(&asked);
    assert_eq!(asked.output.lines().next(), Some(line));
    assert!(
        asked.output.contains(&format!("leerkring keys certify {request}")),
        "{}",
        asked.output
    );
    let shown = folder.on("tweede", &["keys", "request"]);
    succeeded(&shown);
    assert_eq!(shown.errors.trim_end(), line);
    assert_eq!(shown.output, fs::read_to_string(&request).unwrap());

    let (_, print) = line.split_once(": ").unwrap();
    let typed_in = typed(
        &["keys", "certify", &request, "--node", &folder.path("Zuiderwaard")],
        print,
    );
    succeeded(&typed_in);
    assert!(
        typed_in.output.contains("spreekt nu voor GM9901"),
        "{}",
        typed_in.output
    );
}

#[test]
fn a_key_ends_only_when_somebody_agreed() {
    let folder = alone("keys-agreed");
    let shown = folder.on("Zuiderwaard", &["keys", "show", "--json"]);
    let shown: Value = serde_json::from_str(&shown.output).unwrap();
    let key = shown["nodes"][0]["node"].as_str().unwrap();
    let node = folder.path("Zuiderwaard");
    let words = ["keys", "revoke", key, "--now", "--node", &node];
    let unsaid = run(&words, "ja\n", &[]);
    assert_eq!(unsaid.code, 2, "{}", unsaid.errors);
    assert_dutch(unsaid.code, &unsaid.errors);
    for answer in ["", "nee\n", "j\n"] {
        let refused = typed(&words, answer);
        assert_eq!(refused.code, 1, "{answer}: {}", refused.errors);
        assert_dutch(refused.code, &refused.errors);
        assert!(refused.output.contains("voorgoed? Typ ja:"), "{}", refused.output);
    }
    let speaks = || folder.on("Zuiderwaard", &["keys", "show"]).output.contains("spreekt (");
    assert!(speaks());
    succeeded(&typed(&words, "ja\n"));
    assert!(!speaks());
}

/// Somebody who says yes, after something else happened.
struct Slow<'a> {
    meanwhile: Option<&'a dyn Fn()>,
    answer: &'a [u8],
}

impl Read for Slow<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if let Some(happens) = self.meanwhile.take() {
            happens();
        }
        self.answer.read(bytes)
    }
}

#[test]
fn what_changed_while_somebody_looked_is_looked_at_again() {
    let folder = alone("keys-meanwhile");
    let shown = || {
        let shown = folder.on("Zuiderwaard", &["keys", "show", "--json"]);
        serde_json::from_str::<Value>(&shown.output).unwrap()
    };
    let before = shown();
    let key = before["nodes"][0]["node"].as_str().unwrap();
    let node = folder.path("Zuiderwaard");
    let words = ["keys", "rotate", "--end", key, "--now", "--node", &node];
    let rotate = |meanwhile: &dyn Fn()| {
        let mut person = Slow {
            meanwhile: Some(meanwhile),
            answer: b"ja\n",
        };
        run_reading(true, &words, &mut person, &[("NO_COLOR", "1")])
    };
    let refused = rotate(&|| succeeded(&folder.on("Zuiderwaard", &["keys", "revoke", key, "--now", "--yes"])));
    assert_eq!(refused.code, 6, "{}{}", refused.output, refused.errors);
    assert!(
        refused.errors.contains("er kwam intussen iets bij"),
        "{}",
        refused.errors
    );
    assert_dutch(refused.code, &refused.errors);
    assert_eq!(shown()["wortel"], before["wortel"]);
    succeeded(&rotate(&|| {}));
    assert_ne!(shown()["wortel"], before["wortel"]);
}
