//! A node is asked everything that its own description of the API describes, rightly and wrongly: it never breaks down, answers
//! as described, and lets nobody do what their token is not for.

use protocol::api::{Scope, TokenAsked};
use tests::described::draw::{Drawing, Question};
use tests::described::{Answer, Description, Operation};
use tests::harness::{Federation, Node, records};
use tests::scope;

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];
/// Questions, and when nothing is left out.
const QUESTIONS: usize = 2_000;
const QUESTIONS_FULL: usize = 50_000;
/// Backups among them: each is the whole node.
const BACKUPS_MAX: usize = 5;
/// Where the questions begin.
const SEED: u64 = 20_261_122;

/// A node with some of everything, and the names of it.
struct Place {
    federation: Federation,
    token: String,
    known: Vec<String>,
}

impl Place {
    fn new() -> Self {
        let federation = Federation::start(&ONE);
        let node = &federation.nodes[0];
        let mut known: Vec<String> = (1..=3).map(|number| node.share_signal(number)).collect();
        let waiting: Vec<_> = (4..=8)
            .map(|number| records::signal(&format!("s-{number}"), number))
            .collect();
        node.api().take_in(&waiting).expect("a node that runs answers");
        known.extend((1..=8).map(|number| format!("s-{number}")));
        let token = std::fs::read_to_string(node.home().join("api.token")).expect("a node has a token");
        Place {
            token: token.trim().to_owned(),
            known,
            federation,
        }
    }

    fn node(&self) -> &Node {
        &self.federation.nodes[0]
    }

    fn description(&self) -> Description {
        let question = Question {
            method: "GET".to_owned(),
            path: "/v1/openapi.json".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let answer = self.ask(&question, None);
        Description::read(&String::from_utf8(answer.body).expect("the description is text"))
    }

    fn ask(&self, question: &Question, token: Option<&str>) -> Answer {
        let url = format!("{}{}", self.node().ready().api, question.path);
        let mut request = ureq::http::Request::builder().method(question.method.as_str()).uri(url);
        for (name, value) in &question.headers {
            request = request.header(name, value);
        }
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let request = request.body(question.body.clone()).expect("what is drawn can be sent");
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true);
        let agent: ureq::Agent = config.build().into();
        let mut answer = agent.run(request).expect("a node answers every question");
        let header = |name: &str| {
            let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (media, version, status) = (header("content-type"), header("api-version"), answer.status().as_u16());
        let body = answer
            .body_mut()
            .with_config()
            .limit(256 << 20)
            .read_to_vec()
            .expect("an answer is whole");
        Answer {
            status,
            media,
            version,
            body,
        }
    }

    /// A token for these scopes only.
    fn token_for(&self, scopes: &[Scope]) -> String {
        let naam = scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join("+");
        let asked = TokenAsked {
            naam: format!("alleen-{naam}"),
            scopes: scopes.to_vec(),
        };
        let body = serde_json::to_vec(&asked).expect("names are plain text");
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        let question = Question {
            method: "POST".to_owned(),
            path: "/v1/tokens".to_owned(),
            headers,
            body,
        };
        let answer = self.ask(&question, Some(&self.token));
        let made: serde_json::Value = serde_json::from_slice(&answer.body).expect("a new token is JSON");
        made["token"].as_str().expect("it is told once").to_owned()
    }
}

/// Whether it only answers.
fn only_asks(operation: &Operation<'_>) -> bool {
    operation.method == "GET"
}

#[test]
fn whatever_is_asked_is_answered_as_described_and_without_breaking_down() {
    let place = Place::new();
    let description = place.description();
    let operations = description.operations();
    let count = if scope::full() { QUESTIONS_FULL } else { QUESTIONS };
    if !scope::full() {
        scope::left_out(&format!("api: {QUESTIONS} of {QUESTIONS_FULL} drawn questions"));
    }
    let mut drawing = Drawing::new(&description, SEED, place.known.clone());
    let mut backups = 0;
    for number in 0..count {
        let operation = *drawing.one_of(&operations);
        if operation.path == "/reservekopie" {
            backups += 1;
            if backups > BACKUPS_MAX {
                continue;
            }
        }
        let question = drawing.question(operation);
        let answer = place.ask(&question, Some(&place.token));
        let told = description.check(operation, &answer);
        let body = String::from_utf8_lossy(&answer.body)
            .chars()
            .take(400)
            .collect::<String>();
        assert!(
            answer.status != 500 && told.is_ok(),
            "question {number} of seed {SEED}: {told:?}\n{question:?}\n{} {body}",
            answer.status
        );
    }
    assert_eq!(
        place.node().stand().gemeente.to_string(),
        "GM9901",
        "it goes on answering"
    );
}

#[test]
fn nobody_does_what_their_token_is_not_for() {
    let place = Place::new();
    let description = place.description();
    let tokens: Vec<_> = Scope::ALL
        .iter()
        .map(|scope| (scope.name(), place.token_for(&[*scope])))
        .collect();
    let before = (place.node().stand().concepten, place.node().stand().records);
    let mut drawing = Drawing::new(&description, SEED, place.known.clone());
    for operation in description.operations() {
        assert!(
            operation.is_open() || operation.needs().next().is_some(),
            "{} says who may",
            operation.path
        );
        if operation.is_open() {
            assert!(
                only_asks(&operation),
                "{} changes something and is open",
                operation.path
            );
            continue;
        }
        for _ in 0..5 {
            let question = drawing.question(operation);
            for wrong in [None, Some(""), Some("x"), Some(&place.token[1..])] {
                assert_eq!(place.ask(&question, wrong).status, 401, "{question:?} with {wrong:?}");
            }
            for (scope, token) in &tokens {
                if !operation.needs().any(|need| need == *scope) {
                    assert_eq!(
                        place.ask(&question, Some(token)).status,
                        403,
                        "{question:?} with {scope}"
                    );
                }
            }
        }
    }
    let stand = place.node().stand();
    assert_eq!((stand.concepten, stand.records), before, "nothing was changed");
}
