//! What a snapshot looks like, and what becomes of an export that does not arrive.

use std::fs;
use std::path::PathBuf;

use super::canned::{Answer, Canned, TOKEN};
use super::{golden, run};

const SNAPSHOT: &str = r#"{"snapshot":"0707070707070707070707070707070707070707070707070707070707070707","peilweek":"2026-W07",
    "federatie":"0101010101010101010101010101010101010101010101010101010101010101",
    "editie":{"nummer":3,"hash":"0606060606060606060606060606060606060606060606060606060606060606"},
    "stand":"0808080808080808080808080808080808080808080808080808080808080808",
    "verklaringen":{"aantal":12,"digest":"0909090909090909090909090909090909090909090909090909090909090909"},
    "versies":{"weergave":8,"woordenlijst":2,"regels":1},"hoogten":[{
    "logboek":"0202020202020202020202020202020202020202020202020202020202020202",
    "node":"0303030303030303030303030303030303030303030303030303030303030303","gemeente":"GM9901","hoogte":4,
    "kop":"0505050505050505050505050505050505050505050505050505050505050505","kopregel":"00","handtekening":"01"}]}"#;
const FULL: &str = r#"{"type":"urn:leerkring:probleem:conflict","title":"Gaat nu niet samen","status":409,
    "detail":"de schijf van de node is vol","hint":"maak ruimte en probeer opnieuw"}"#;

fn node() -> Canned {
    let answer = |to, status, media, body: &str, missing| Answer {
        to,
        status,
        media,
        body: body.to_owned(),
        missing,
    };
    Canned::start(vec![
        answer("GET /v1/momentopname", 200, "application/json", SNAPSHOT, 0),
        answer("GET /v1/uitvoer?vorm=csv", 200, "application/zip", "PK", 0),
        answer("GET /v1/uitvoer?vorm=excel", 200, "application/zip", "PK", 100),
        answer("GET /v1/uitvoer?vorm=jsonl", 409, "application/problem+json", FULL, 0),
    ])
}

#[test]
fn a_snapshot_is_shown_as_agreed() {
    let canned = node();
    let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
    let mut all = String::new();
    for words in [
        &["snapshot"][..],
        &["snapshot", "--lang", "en"],
        &["snapshot", "--json"],
    ] {
        let ran = run(words, "", &given);
        all += &format!(
            "$ leerkring {}\n{}{}[{}]\n\n",
            words.join(" "),
            ran.output,
            ran.errors,
            ran.code
        );
    }
    golden::check("snapshot.txt", &all);
}

/// A folder of this test alone.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let place = std::env::temp_dir().join(format!("leerkring-export-{}", std::process::id()));
        // What an earlier process with this number left.
        let _ = fs::remove_dir_all(&place);
        fs::create_dir(&place).unwrap();
        Self(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_does_not_arrive_whole_leaves_nothing() {
    let canned = node();
    let given = [("LEERKRING_NODE", canned.url.as_str()), ("LEERKRING_TOKEN", TOKEN)];
    let place = Place::new();
    let dir = place.0.join("uitvoer");
    let dir = dir.to_str().unwrap();
    for (more, code, told) in [
        (&["--format", "csv"][..], 4, "niet heel aangekomen"),
        (&["--format", "csv", "--excel-nl"], 4, "brak halverwege af"),
        (&["--format", "jsonl"], 6, "de schijf van de node is vol"),
        (&["--format", "xml"], 2, "parquet"),
        (&[], 2, "--format"),
    ] {
        let ran = run(&[&["export", dir], more].concat(), "", &given);
        assert_eq!(ran.code, code, "{more:?}: {}", ran.errors);
        assert!(ran.errors.contains(told), "{more:?}: {}", ran.errors);
        assert_eq!(fs::read_dir(&place.0).unwrap().count(), 0, "{more:?}");
    }
}
