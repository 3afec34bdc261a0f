//! What a test asks a running node over its API: a process per question would cost more than the question.

use std::path::Path;

use cli::address::Node;
use cli::client::{self, Client};
use cli::command_error::CommandError;
use cli::exit::Exit;
use protocol::api::{
    self, Approval, Approvals, ApprovalsAsked, ConceptDetail, Intake, Lang, Outcome, RecordQuery, Shown, Stand,
};
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

    /// What a question in SQL answers.
    ///
    /// # Errors
    /// [`CommandError`] when it is refused.
    pub fn ask(&self, sql: &str) -> Result<Value, CommandError> {
        let body = json!({ "sql": sql }).to_string();
        client::parse(
            &self
                .client
                .post(api::path::ZOEKVRAGEN, api::MEDIA_JSON, body.as_bytes())?,
        )
    }

    /// How the node is doing.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn stand(&self, peilweek: Week) -> Result<Stand, CommandError> {
        self.client
            .read(api::path::STAND, &[("peilweek", peilweek.to_string())])
    }

    /// Whether it shows this record.
    #[must_use]
    pub fn shows(&self, record: &str, peilweek: Week) -> bool {
        let path = client::path_of(api::path::RECORD, record);
        let read = self.client.read::<Value>(&path, &[("peilweek", peilweek.to_string())]);
        read.is_ok()
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

    /// Hands records in; those that were taken, with what would leave of each.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn take_in(&self, records: &[Value]) -> Result<Vec<Shown>, CommandError> {
        let body = Value::from(records.to_vec()).to_string();
        let answer = self
            .client
            .post(api::path::CONCEPTEN, api::MEDIA_JSON, body.as_bytes())?;
        let intake: Intake = client::parse(&answer)?;
        let taken = intake.concepten.into_iter().filter_map(|outcome| match outcome {
            Outcome::Taken { id, inhoud, .. } => Some(Shown { id, inhoud }),
            Outcome::Refused { .. } => None,
        });
        Ok(taken.collect())
    }

    /// What would leave of these concepts now; what is not there is left out.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer.
    pub fn shown(&self, concepts: &[String]) -> Result<Vec<Shown>, CommandError> {
        let mut shown = Vec::new();
        for id in concepts {
            let path = client::path_of(api::path::CONCEPT, id);
            match self.client.read::<ConceptDetail>(&path, &[]) {
                Ok(detail) => shown.extend(detail.concept.inhoud.map(|inhoud| Shown { id: id.clone(), inhoud })),
                Err(error) if error.exit == Exit::Input => {}
                Err(error) => return Err(error),
            }
        }
        Ok(shown)
    }

    /// Approves concepts as they were shown; in a practice node they leave at once.
    ///
    /// # Errors
    /// [`CommandError`] when it does not answer, or one has changed.
    pub fn approve(&self, concepts: &[Shown]) -> Result<Vec<Approval>, CommandError> {
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
