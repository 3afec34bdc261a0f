//! What a test asks a running node over its API: a process per question would cost more than the question.

use std::path::Path;

use cli::address::Node;
use cli::client::{self, Client};
use cli::command_error::CommandError;
use protocol::api::{self, Approval, Approvals, ApprovalsAsked, Intake, Lang, Outcome, RecordQuery, Stand};
use protocol::id::Week;
use serde_json::{Value, json};

/// A running node that is asked things.
pub struct Api {
    client: Client,
}

impl Api {
    /// The node that runs in this directory.
    ///
    /// # Errors
    /// [`CommandError`] when none runs there.
    pub fn of(home: &Path) -> Result<Self, CommandError> {
        let node = Node::Dir(home.to_owned());
        Ok(Api {
            client: Client::of(&node, Lang::Nl)?,
        })
    }

    /// How the node is doing.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn stand(&self, peilweek: Week) -> Result<Stand, CommandError> {
        self.client
            .read(api::path::STAND, &[("peilweek", peilweek.to_string())])
    }

    /// What `leerkring list --json` prints.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn list(&self, peilweek: Week) -> Result<Vec<String>, CommandError> {
        let query = RecordQuery {
            peilweek: Some(peilweek),
            ..RecordQuery::default()
        };
        let mut records = Vec::new();
        self.client.lines(api::path::RECORDS, &query.pairs(), |line| {
            records.push(String::from_utf8_lossy(line).into_owned());
            Ok::<(), CommandError>(())
        })?;
        Ok(records)
    }

    /// Hands records in; the local ids of those that were taken.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn take_in(&self, records: &[Value]) -> Result<Vec<String>, CommandError> {
        let body = Value::from(records.to_vec()).to_string();
        let answer = self
            .client
            .post(api::path::CONCEPTEN, api::MEDIA_JSON, body.as_bytes())?;
        let intake: Intake = client::parse(&answer)?;
        let taken = intake.concepten.into_iter().filter_map(|outcome| match outcome {
            Outcome::Taken { id, .. } => Some(id),
            Outcome::Refused { .. } => None,
        });
        Ok(taken.collect())
    }

    /// Approves concepts; in a practice node they leave at once.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn approve(&self, concepts: &[String]) -> Result<Vec<Approval>, CommandError> {
        let asked = json!(ApprovalsAsked {
            concepten: concepts.to_vec()
        });
        let answer = self
            .client
            .post(api::path::GOEDKEURINGEN, api::MEDIA_JSON, asked.to_string().as_bytes())?;
        Ok(client::parse::<Approvals>(&answer)?.goedkeuringen)
    }

    /// Hands records in and approves them.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn share(&self, records: &[Value]) -> Result<Vec<Approval>, CommandError> {
        self.approve(&self.take_in(records)?)
    }
}
