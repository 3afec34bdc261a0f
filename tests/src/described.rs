//! The API as its own description says it: every operation with questions drawn from it, and what an answer must be.
//!
//! - [`draw`]: values, bodies and names from a schema, right ones and wrong ones, from a seed.
//! - [`fits`]: whether a value is of the form that a schema says.

pub mod draw;
pub mod fits;

use percent_encoding::{NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde_json::Value;

/// What every name of ours in a path begins with.
const ROOT: &str = "/v1";

/// Words that a program says when it breaks down, and nobody else.
const TRACES: [&str; 6] = [
    "panicked",
    "stack backtrace",
    ".rs:",
    "RUST_BACKTRACE",
    "unwrap()",
    "SqliteFailure",
];

/// The description of an API.
pub struct Description {
    document: Value,
}

/// One operation of it.
#[derive(Clone, Copy)]
pub struct Operation<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path, with `{id}` where a name stands.
    pub path: &'a str,
    /// Whether it stands beside the root.
    beside: bool,
    /// What the description says of it.
    pub said: &'a Value,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Its `Content-Type`.
    pub media: String,
    /// Its `API-Version`.
    pub version: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Description {
    /// The description in this text.
    ///
    /// # Panics
    /// When it is no JSON.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let document = serde_json::from_str(text).expect("the description of the API is JSON");
        Self { document }
    }

    /// What a reference stands for; anything else is itself.
    #[must_use]
    pub fn whole<'a>(&'a self, value: &'a Value) -> &'a Value {
        let named = value["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
        named.map_or(value, |pointer| {
            self.document.pointer(pointer).expect("a reference leads somewhere")
        })
    }

    /// Every operation, in order.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let mut all = Vec::new();
        for (path, methods) in self.document["paths"].as_object().into_iter().flatten() {
            for (name, method) in [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("delete", "DELETE")] {
                let beside = methods["servers"].is_array();
                let said = &methods[name];
                if said.is_object() {
                    all.push(Operation {
                        method,
                        path,
                        beside,
                        said,
                    });
                }
            }
        }
        all
    }

    /// What is wrong with an answer to this operation, if anything.
    ///
    /// # Errors
    /// In one sentence.
    pub fn check(&self, operation: Operation<'_>, answer: &Answer) -> Result<(), String> {
        if answer.version.is_empty() {
            return Err("it names no version".to_owned());
        }
        let text = String::from_utf8_lossy(&answer.body);
        if let Some(trace) = TRACES.iter().find(|trace| text.contains(**trace)) {
            return Err(format!("it shows how it is made: {trace:?}"));
        }
        let said = &operation.said["responses"][answer.status.to_string()];
        if !said.is_object() {
            return Err(format!("{} is not described", answer.status));
        }
        let content = &self.whole(said)["content"];
        if answer.body.is_empty() && content.is_null() {
            return Ok(());
        }
        let media = answer.media.split(';').next().unwrap_or_default().trim();
        let form = &content[media];
        if !form.is_object() {
            return Err(format!("{} with {media:?} is not described", answer.status));
        }
        if !media.ends_with("json") {
            return Ok(());
        }
        let value = serde_json::from_slice(&answer.body).map_err(|error| format!("it is no JSON: {error}"))?;
        fits::check(self, &value, &form["schema"], "")
    }
}

impl Operation<'_> {
    /// Its path with this name in it, as it goes over the line.
    #[must_use]
    pub fn path_with(&self, name: &str) -> String {
        let root = if self.beside { "" } else { ROOT };
        format!("{root}{}", self.path.replace("{id}", &escaped(name).to_string()))
    }

    /// Whether it can be asked without a token.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.said["security"].as_array().is_some_and(Vec::is_empty)
    }

    /// What a token has to be for: any one of these.
    pub fn needs(&self) -> impl Iterator<Item = &str> {
        let security = self.said["security"].as_array().into_iter().flatten();
        security.filter_map(|one| one["token"][0].as_str())
    }
}

/// A text as it may stand in a path or a query.
pub fn escaped(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"{"paths":{"/dingen/{id}":{"get":{"security":[{"token":["lezen"]}],"responses":{
        "200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Ding"}}}},
        "304":{"description":"niets"}}}},"/open":{"servers":[{}],"get":{"security":[],"responses":{}}}},
        "components":{"schemas":{"Ding":{"type":"object","required":["naam"],
        "properties":{"naam":{"type":"string"},"aantal":{"type":["integer","null"],"minimum":0},
        "soort":{"enum":["a","b"],"type":"string"}}}}}}"##;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            media: "application/json".to_owned(),
            version: "1.0.0".to_owned(),
            body: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn an_answer_that_is_not_as_described_is_told_apart() {
        let description = Description::read(TEXT);
        let [operation, _] = description.operations()[..] else {
            panic!("two operations")
        };
        let check = |answer: &Answer| description.check(operation, answer);
        assert_eq!(check(&answer(200, r#"{"naam":"x","aantal":null,"soort":"a"}"#)), Ok(()));
        assert_eq!(check(&answer(304, "")), Ok(()));
        for (status, body, why) in [
            (500, "{}", "500 is not"),
            (200, "{", "no JSON"),
            (200, "{}", ".naam is missing"),
            (200, r#"{"naam":3}"#, ".naam"),
            (200, r#"{"naam":"x","aantal":-1}"#, ".aantal"),
            (200, r#"{"naam":"x","soort":"c"}"#, ".soort"),
            (200, r#"{"naam":"x","extra":1}"#, ".extra is not described"),
            (200, r#"{"naam":"thread panicked at src/x"}"#, "how it is made"),
        ] {
            let told = check(&answer(status, body)).unwrap_err();
            assert!(told.contains(why), "{body}: {told}");
        }
        let nameless = Answer {
            version: String::new(),
            ..answer(304, "")
        };
        assert!(check(&nameless).is_err());
    }

    #[test]
    fn an_operation_knows_its_path_and_who_may_ask() {
        let description = Description::read(TEXT);
        let [one, open] = description.operations()[..] else {
            panic!("two operations")
        };
        assert_eq!(one.path_with("a/b é"), "/v1/dingen/a%2Fb%20%C3%A9");
        assert_eq!(open.path_with(""), "/open");
        assert!(open.is_open() && !one.is_open());
        assert_eq!(one.needs().collect::<Vec<_>>(), ["lezen"]);
    }
}
