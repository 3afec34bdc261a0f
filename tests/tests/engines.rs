//! The ten questions of analysts get the same answers wherever they are asked: on the node, and in DuckDB on its export.
//!
//! DuckDB is the Python package, in an environment below the target directory that `tests/run` makes. Where it could not be had
//! these tests say that they were left out.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use protocol::api::VoorbeeldvraagPage;
use serde_json::{Value, json};
use tests::harness::{Command, Process, Scratch, wait};
use tests::scope;

/// How many questions there are.
const QUESTIONS: usize = 10;
/// A whole demo on a machine that is busy with other tests.
const DEMO: Duration = Duration::from_secs(150);
/// What the tables are drawn from; with this one every question finds rows.
const SEED: &str = "4";

/// The Python that knows DuckDB, if there is one.
fn python() -> Option<PathBuf> {
    let test = env::current_exe().expect("a running test has an executable");
    let target = test
        .ancestors()
        .nth(3)
        .expect("cargo puts tests below the target directory");
    let python = target.join("python/bin/python");
    let knows = || Command::new(&python, target).arguments(["-c", "import duckdb"]).run();
    let found = python.exists() && knows().code == Some(0);
    if !found {
        scope::left_out("the ten questions in DuckDB: no Python with DuckDB (tests/run installs it where it can)");
    }
    found.then_some(python)
}

/// What a script beside this test makes of these questions.
#[track_caller]
fn ask(python: &Path, script: &str, arguments: &[&str], questions: &[String]) -> Value {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/engines");
    let script = data.join(script);
    let ran = Command::new(python, &data)
        .arguments([script])
        .arguments(arguments)
        .env("PYTHONUTF8", "1")
        .stdin(json!(questions).to_string())
        .run();
    serde_json::from_str(&ran.succeeded()).expect("it answers in JSON")
}

/// The practice federation, as long as this lives.
struct Practice {
    _demo: Process,
    place: Scratch,
    _printed: Scratch,
}

impl Practice {
    fn start() -> Self {
        let (place, printed) = (Scratch::new("engines"), Scratch::new("engines-demo"));
        let demo = Command::leerkring(place.path(), ["demo", "--json", "--dir", "oefening"]).start_in(&printed);
        let told = || fs::read_to_string(printed.join("stdout")).unwrap_or_default();
        let done = wait::within(DEMO, "the end of the demo", || {
            told().contains("\"done\"").then_some(())
        });
        assert_eq!(done, Ok(()), "it printed:\n{}", told());
        Self {
            _demo: demo,
            place,
            _printed: printed,
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        Command::leerkring(self.place.path(), words).arguments(["--node", "oefening/GM9905"])
    }

    /// The SQL of every question.
    fn questions(&self) -> Vec<String> {
        let printed = self.command(&["questions", "--json"]).run().succeeded();
        let page: VoorbeeldvraagPage = serde_json::from_str(&printed).expect("questions are JSON");
        page.vragen.into_iter().map(|question| question.sql).collect()
    }

    /// What the node answers.
    fn answer(&self, sql: &str) -> Value {
        let printed = self.command(&["query", "-", "--json"]).stdin(sql).run().succeeded();
        serde_json::from_str(&printed).expect("an answer is JSON")
    }

    /// An export, and the answers of the node at the same snapshot: a receipt may come in between, and with it another one.
    fn exported(&self, questions: &[String]) -> (PathBuf, Vec<Value>) {
        let mut tries = 0..;
        let found = wait::within(DEMO, "an export and answers of one snapshot", || {
            let name = format!("uitvoer-{}", tries.next()?);
            self.command(&["export", &name, "--format", "parquet"])
                .run()
                .succeeded();
            let folder = self.place.join(name);
            let described = fs::read_to_string(folder.join("datapackage.json")).expect("an export is described");
            let described: Value = serde_json::from_str(&described).expect("a description is JSON");
            let answers: Vec<Value> = questions.iter().map(|sql| self.answer(sql)).collect();
            let same = answers.iter().all(|answer| answer["snapshot"] == described["snapshot"]);
            same.then_some((folder, answers))
        });
        found.expect("the demo is over, and soon nothing is under way")
    }
}

#[test]
fn duckdb_answers_the_ten_questions_as_the_node_does() {
    let Some(python) = python() else { return };
    let practice = Practice::start();
    let questions = practice.questions();
    let (folder, answers) = practice.exported(&questions);
    let folder = folder.to_str().expect("a scratch path is text");
    let exported = ask(&python, "exported.py", &[folder], &questions);
    assert_eq!(answers.len(), QUESTIONS);
    for (at, answer) in answers.iter().enumerate() {
        assert!(answer["rijen"].get(0).is_some(), "question {} finds nothing", at + 1);
        for what in ["kolommen", "rijen"] {
            assert_eq!(exported[at][what], answer[what], "question {}, {what}", at + 1);
        }
    }
    // The practice federation is small: of the order of what is empty, and of halves, it shows little.
    let counts = ask(&python, "drawn.py", &[folder, SEED], &questions);
    let counts: Vec<u64> = serde_json::from_value(counts).expect("a count per question");
    assert!(
        counts.len() == QUESTIONS && counts.iter().all(|count| *count > 1),
        "{counts:?}"
    );
}
