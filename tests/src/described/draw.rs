//! Values from a schema: mostly right ones, so that they get past the border, and now and then a wrong one.

use protocol::entropy::Seeded;
use serde_json::{Map, Value, json};

use super::{Description, Operation, escaped};

/// How deep a drawn value nests.
const DEPTH_MAX: u32 = 5;

/// What people and programs put where they should not.
const ODD: [&str; 20] = [
    "",
    " ",
    "0",
    "-1",
    "null",
    "true",
    "[]",
    "{}",
    "GM9901",
    "GM0000",
    "2026-W07",
    "2025-W53",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%00",
    "\u{0}",
    "\u{202e}é\u{301}",
    "=HYPERLINK(1)",
    "<script>",
    "99999999999999999999",
];

/// A question as it goes over the line.
#[derive(Debug, Clone)]
pub struct Question {
    /// The method.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// Headers beside the token.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Who draws: a seed, and names that the node knows.
pub struct Drawing<'a> {
    all: &'a Description,
    seed: Seeded,
    known: Vec<String>,
}

impl<'a> Drawing<'a> {
    /// Draws from this seed, with these names of things that are there.
    #[must_use]
    pub fn new(all: &'a Description, seed: u64, known: Vec<String>) -> Self {
        Self {
            all,
            seed: Seeded::new(seed),
            known,
        }
    }

    /// One of these.
    pub fn one_of<'b, T>(&mut self, of: &'b [T]) -> &'b T {
        &of[self.seed.below(of.len() as u64) as usize]
    }

    /// A question to this operation.
    pub fn question(&mut self, operation: Operation<'_>) -> Question {
        let name = self.name();
        let mut headers = vec![("Content-Type".to_owned(), String::new())];
        let mut query = Vec::new();
        for parameter in operation.said["parameters"].as_array().into_iter().flatten() {
            let parameter = self.all.whole(parameter);
            let name = parameter["name"].as_str().unwrap_or_default();
            let needed = parameter["required"] == true;
            if parameter["in"] == "path" || !(needed || self.seed.chance(1, 2)) {
                continue;
            }
            let value = self.text_of(&parameter["schema"]);
            match parameter["in"].as_str() {
                Some("query") => query.push(format!("{}={}", escaped(name), escaped(&value))),
                _ => headers.push((name.to_owned(), plain(&value))),
            }
        }
        if self.seed.chance(1, 20) {
            query.push(format!("{}=x", escaped(&self.odd())));
        }
        let (media, body) = self.body(operation);
        headers[0].1 = media;
        let mark = if query.is_empty() { "" } else { "?" };
        Question {
            method: operation.method.to_owned(),
            path: format!("{}{mark}{}", operation.path_with(&name), query.join("&")),
            headers,
            body,
        }
    }

    fn name(&mut self) -> String {
        if !self.known.is_empty() && self.seed.chance(2, 3) {
            let known = self.known.clone();
            return self.one_of(&known).clone();
        }
        match self.odd() {
            // A path without a name is another path.
            odd if odd.is_empty() => "x".to_owned(),
            odd => odd,
        }
    }

    fn odd(&mut self) -> String {
        match self.seed.chance(1, 30) {
            true => "x".repeat(self.seed.below(3_000) as usize),
            false => (*self.one_of(&ODD)).to_owned(),
        }
    }

    fn text_of(&mut self, schema: &Value) -> String {
        match self.value(schema, 0) {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    fn body(&mut self, operation: Operation<'_>) -> (String, Vec<u8>) {
        let Some(forms) = operation.said["requestBody"]["content"].as_object() else {
            return ("application/json".to_owned(), Vec::new());
        };
        let forms: Vec<_> = forms.iter().collect();
        let (media, form) = *self.one_of(&forms);
        let schema = &form["schema"];
        let mut body = match media.as_str() {
            "text/csv" => self.table().into_bytes(),
            "application/json" if self.all.whole(schema)["properties"].is_null() => {
                self.record().to_string().into_bytes()
            }
            "application/json" => self.value(schema, 0).to_string().into_bytes(),
            "application/jsonl" => format!("{}\n{}\n", self.record(), self.record()).into_bytes(),
            _ => self.odd().into_bytes(),
        };
        if !body.is_empty() && self.seed.chance(1, 10) {
            let at = self.seed.below(body.len() as u64) as usize;
            body[at] = self.seed.next() as u8;
        }
        if self.seed.chance(1, 20) {
            body.truncate(body.len() / 2);
        }
        let media = match self.seed.chance(1, 20) {
            true => plain(&self.odd()),
            false => media.clone(),
        };
        (media, body)
    }

    /// Something like a record.
    fn record(&mut self) -> Value {
        let kinds = ["signaal", "knelpunt", "duiding", "les", "bericht", "sessie", "raad"];
        let mut record = json!({
            "soort": self.one_of(&kinds), "week": "2026-W05", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering",
            "tekst": "Een aanvraag wacht.", "titel": "Wie doet wat", "overdracht": false, "fictief": true,
        });
        for _ in 0..self.seed.below(3) {
            let names = [
                "id", "soort", "week", "thema", "tekst", "knelpunt", "teams", "titel", "laag", "nieuw",
            ];
            let name = *self.one_of(&names);
            record[name] = self.any(0);
        }
        record
    }

    fn table(&mut self) -> String {
        let headings = [
            "week;laag;thema;aard;tekst",
            "tekst,thema",
            "a\tb",
            "id;soort;tekst",
            "\"tekst",
        ];
        let mut table = format!("{}\n", self.one_of(&headings));
        for _ in 0..self.seed.below(4) {
            let cells: Vec<String> = (0..self.seed.below(7)).map(|_| self.odd()).collect();
            table += &format!("{}\n", cells.join(";"));
        }
        table
    }

    fn any(&mut self, depth: u32) -> Value {
        match self.seed.below(if depth < DEPTH_MAX { 8 } else { 5 }) {
            0 => Value::Null,
            1 => self.seed.chance(1, 2).into(),
            2 => (self.seed.next() as i64).into(),
            3 => json!(1e300),
            4 | 5 => self.odd().into(),
            6 => (0..self.seed.below(3)).map(|_| self.any(depth + 1)).collect(),
            _ => json!({ self.odd(): self.any(depth + 1) }),
        }
    }

    fn value(&mut self, schema: &Value, depth: u32) -> Value {
        if self.seed.chance(1, 12) || depth > DEPTH_MAX {
            return self.any(depth);
        }
        let schema = self.all.whole(schema);
        if let Some(words) = schema["enum"].as_array() {
            return self.one_of(words).clone();
        }
        let types = match &schema["type"] {
            Value::Array(types) => types.clone(),
            one => vec![one.clone()],
        };
        match self.one_of(&types).as_str() {
            Some("object") => self.object(schema, depth),
            Some("array") => (0..self.seed.below(4))
                .map(|_| self.value(&schema["items"], depth + 1))
                .collect(),
            Some("integer") => (self.seed.below(5) as i64).into(),
            Some("boolean") => self.seed.chance(1, 2).into(),
            Some("null") => Value::Null,
            _ => self.text(schema),
        }
    }

    fn object(&mut self, schema: &Value, depth: u32) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut object = Map::new();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let needed = required.iter().any(|needed| needed == name);
            if needed && !self.seed.chance(1, 30) || !needed && self.seed.chance(1, 2) {
                object.insert(name.clone(), self.value(schema, depth + 1));
            }
        }
        object.into()
    }

    fn text(&mut self, schema: &Value) -> Value {
        let examples = schema["examples"].as_array().cloned().unwrap_or_default();
        if !examples.is_empty() && self.seed.chance(1, 2) {
            return self.one_of(&examples).clone();
        }
        let hexadecimal = schema["pattern"]
            .as_str()
            .is_some_and(|pattern| pattern.contains("{64}"));
        let text = match schema["pattern"].as_str() {
            Some(_) if hexadecimal => "0a".repeat(32),
            Some(pattern) if pattern.contains("GM") => "GM9901".to_owned(),
            Some(pattern) if pattern.contains("-W") => "2026-W07".to_owned(),
            _ => self.odd(),
        };
        text.into()
    }
}

/// What can stand in a header.
fn plain(text: &str) -> String {
    text.chars().filter(|c| (' '..='~').contains(c)).take(200).collect()
}
