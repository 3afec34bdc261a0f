//! What is taken back with others is seen first: which record it is, and of whom.

use std::fs;

use serde_json::json;

use super::canned::{Answer, Canned, TOKEN};
use super::papers::{Folder, succeeded};
use super::{Ran, assert_dutch, run_at};

/// A node that answers what is asked when something is taken back with the root key of a member.
struct Room {
    folder: Folder,
    canned: Canned,
}

impl Room {
    /// Of a member that is alone, at a node that nobody hears.
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let charter = folder.path("handvest");
        folder.init("Zuiderwaard", "GM9901");
        succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]));
        let hex = |digit: &str| digit.repeat(64);
        let place =
            json!({"document": hex("3"), "eigenaar": "GM9901", "soort": 1, "log": hex("5"), "positie": 3, "nummer": 1});
        let record = json!({"id": hex("4"), "soort": "signaal", "tekst": "Het loket is \u{1b}dicht."});
        let json = |to, body: String| Answer {
            to,
            status: 200,
            media: "application/json",
            body,
            missing: 0,
        };
        let stand = include_str!("canned/stand.json").replace("\"verbonden\": true", "\"verbonden\": false");
        let canned = Canned::start(vec![
            json("GET /v1/records/44/vindplaats", place.to_string()),
            json("GET /v1/records/44", record.to_string()),
            json("GET /v1/handvest/verklaringen", fs::read_to_string(charter).unwrap()),
            json(
                "POST /v1/handvest",
                json!({"gelezen": 1, "nieuw": 1, "federatie": null}).to_string(),
            ),
            json("GET /v1/stand", stand),
        ]);
        Self { folder, canned }
    }

    fn withdraw(&self, terminal: bool, more: &[&str], input: &str) -> Ran {
        let key = self.folder.path("Zuiderwaard/keys/root.key");
        let words = ["withdraw", "44", "--by-quorum", "--root-key", &key];
        let variables = [
            ("LEERKRING_NODE", self.canned.url.as_str()),
            ("LEERKRING_TOKEN", TOKEN),
            ("NO_COLOR", "1"),
        ];
        run_at(terminal, &[&words, more].concat(), input, &variables)
    }

    /// How often something was handed to the node.
    fn handed(&self) -> usize {
        let asked = self.canned.asked();
        asked
            .iter()
            .filter(|question| question.line.starts_with("POST"))
            .count()
    }
}

#[test]
fn somebody_sees_which_record_it_is_before_they_sign() {
    let room = Room::new("quorum-asked");
    for answer in ["", "nee\n", "j\n"] {
        let refused = room.withdraw(true, &[], answer);
        assert_eq!(refused.code, 1, "{answer}: {}", refused.errors);
        assert_dutch(&refused.errors);
        for shown in ["Het loket is", "document 333333333333", "GM9901", "Typ ja:"] {
            assert!(refused.output.contains(shown), "{shown}: {}", refused.output);
        }
        assert!(!refused.output.contains('\u{1b}'), "{}", refused.output);
    }
    assert_eq!(room.handed(), 0);
    succeeded(&room.withdraw(true, &[], "ja\n"));
    let said = room.withdraw(true, &["--yes"], "");
    succeeded(&said);
    assert!(!said.output.contains("Typ ja:"), "{}", said.output);
    assert_eq!(room.handed(), 2);
}

#[test]
fn nobody_is_told_that_others_follow_who_do_not_hear() {
    let room = Room::new("quorum-deaf");
    let said = room.withdraw(false, &[], "");
    succeeded(&said);
    assert!(
        said.output.contains("geen andere node hoort deze node"),
        "{}",
        said.output
    );
    let json = room.withdraw(false, &["--json"], "");
    succeeded(&json);
    assert_eq!(json.output.lines().count(), 1, "{}", json.output);
}
