//! A text of which somebody said what it holds.

use std::ops::Range;

use protocol::api::Message;
use serde::Deserialize;
use serde_json::Value;

/// A labelled text, as it stands on a line.
#[derive(Deserialize)]
pub(super) struct Gold {
    pub(super) id: Value,
    pub(super) text: String,
    pub(super) spans: Vec<Label>,
}

/// A label: a place in code points, and what stands there.
#[derive(Deserialize)]
pub(super) struct Label {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    pub(super) what: String,
    /// What the labeller saw there, so that a place that is a character off is noticed.
    text: Option<String>,
}

impl Label {
    pub(super) fn place(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Gold {
    /// Whether every label lies in the text, and on what it says.
    ///
    /// # Errors
    /// What is wrong with which label.
    pub(super) fn check(&self, characters: &[char]) -> Result<(), Message> {
        let wrong = |label: &Label| {
            let Some(found) = characters.get(label.place()) else {
                return true;
            };
            let said = label.text.as_ref();
            found.is_empty() || said.is_some_and(|said| !said.chars().eq(found.iter().copied()))
        };
        match self.spans.iter().position(wrong) {
            None => Ok(()),
            Some(at) => {
                let (id, number) = (&self.id, at + 1);
                Err(Message::with(
                    format!("id {id}: span {number} ligt niet op wat hij zegt"),
                    format!("id {id}: span {number} does not lie on what it says"),
                ))
            }
        }
    }
}
