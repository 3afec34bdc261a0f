//! What this node gives out, for a catalogue of data.

use serde_json::Value;

use super::backend::Answers;
use crate::dataset::{Dataset, Place, Source};
use crate::http::{Exports, Failure};

/// Describes the snapshot that an export made now would have.
pub(super) fn describe(answers: &Answers) -> Result<Value, Failure> {
    let dataset = Dataset::from(&answers.snapshot()?);
    let source = Source {
        gemeente: answers.config.gemeente,
        name: answers.config.name.clone(),
        mailbox: answers.config.mailbox.clone(),
        api: answers.ready().map(|ready| ready.api.clone()).unwrap_or_default(),
    };
    Ok(dataset.describe(Place::Node(&source)))
}
