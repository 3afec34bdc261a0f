//! The practice federation: founding it with the steps a person takes, and talking to its nodes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use protocol::api::{
    self, Approvals, ApprovalsAsked, ConceptDetail, HandvestStand, Intake, Lang, Message, Outcome, RecordQuery, Stand,
};
use protocol::id::Week;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::material::{Founder, text};
use super::pause;
use super::process::Process;
use super::report::Report;
use crate::address::Node;
use crate::args::RootFiles;
use crate::client::{Client, path_of};
use crate::command_error::CommandError;
use crate::daemon;
use crate::exit::Exit;
use crate::output::Stop;

/// Records that are handed in together.
const TOGETHER: usize = 1_000;
/// How long the founders may take to find each other.
const FOUND_MAX: Duration = Duration::from_secs(120);

/// One gemeente of the federation.
#[derive(Debug)]
pub(super) struct Member {
    /// Which gemeente.
    pub(super) founder: Founder,
    /// The directory of its node.
    pub(super) dir: PathBuf,
    process: Option<Process>,
    lang: Lang,
}

/// What one gemeente shared: local id to record id; and what its node refused, with why.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) records: BTreeMap<String, String>,
    pub(super) refused: Vec<(String, String)>,
}

impl Member {
    pub(super) fn pid(&self) -> u32 {
        self.process.as_ref().map_or(0, Process::pid)
    }

    pub(super) fn api(&self) -> String {
        self.process
            .as_ref()
            .map(|process| process.api.clone())
            .unwrap_or_default()
    }

    pub(super) fn peer(&self) -> String {
        self.process
            .as_ref()
            .map(|process| process.peer.clone())
            .unwrap_or_default()
    }

    fn client(&self) -> Result<Client, CommandError> {
        Client::of(&Node::Dir(self.dir.clone()), self.lang)
    }

    pub(super) fn stand(&self, peilweek: Option<Week>) -> Result<Stand, CommandError> {
        let query: Vec<_> = peilweek
            .map(|week| ("peilweek", week.to_string()))
            .into_iter()
            .collect();
        self.client()?.read(api::path::STAND, &query)
    }

    /// Everything that `leerkring list --json` is made of, byte for byte.
    pub(super) fn list(&self, peilweek: Week) -> Result<Vec<u8>, CommandError> {
        let query = RecordQuery {
            peilweek: Some(peilweek),
            ..RecordQuery::default()
        };
        let mut all = Vec::new();
        self.client()?.lines(api::path::RECORDS, &query.pairs(), |line| {
            all.extend_from_slice(line);
            all.push(b'\n');
            Ok::<(), CommandError>(())
        })?;
        Ok(all)
    }

    /// What the API answers at a path.
    pub(super) fn read<T: DeserializeOwned>(&self, path: &str, query: &[(&str, &str)]) -> Result<T, CommandError> {
        let query: Vec<_> = query.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        self.client()?.read(path, &query)
    }

    /// What it answers to a question.
    pub(super) fn asks<T: DeserializeOwned>(&self, path: &str, asked: &impl Serialize) -> Result<T, CommandError> {
        let body = serde_json::to_vec(asked).expect("a question is plain text and numbers");
        crate::client::parse(&self.client()?.post(path, api::MEDIA_JSON, &body)?)
    }

    /// Takes a record into the vault and shares nothing.
    pub(super) fn takes(&self, record: &Value) -> Result<Outcome, CommandError> {
        let intake: Intake = self.asks(api::path::CONCEPTEN, record)?;
        let outcome = intake.concepten.into_iter().next();
        outcome.ok_or_else(|| self.refused(&[]))
    }

    /// Approves what lies in the vault, as it is shown; its record id.
    pub(super) fn approves(&self, id: &str) -> Result<String, CommandError> {
        let shown: ConceptDetail = self.read(&path_of(api::path::CONCEPT, id), &[])?;
        let concepten = shown.concept.inhoud.map(|inhoud| api::Shown {
            id: id.to_owned(),
            inhoud,
        });
        let concepten = concepten.into_iter().collect();
        let approvals: Approvals = self.asks(api::path::GOEDKEURINGEN, &ApprovalsAsked { concepten })?;
        let first = approvals.goedkeuringen.into_iter().next();
        let fault = first
            .as_ref()
            .and_then(|line| Some((line.id.clone(), line.fout.as_ref()?.melding.clone())));
        let record = first.and_then(|line| line.record);
        record
            .map(|record| record.to_string())
            .ok_or_else(|| self.refused(fault.as_slice()))
    }

    /// What the demo does not go on without was refused.
    pub(super) fn refused(&self, why: &[(String, String)]) -> CommandError {
        let code = self.founder.code;
        let why: Vec<String> = why.iter().map(|(id, why)| format!("{id}: {why}")).collect();
        let why = why.join("; ");
        let message = Message::with(
            format!("{code} weigerde een record van de demo. {why}"),
            format!("{code} refused a record of the demo. {why}"),
        );
        CommandError::new(Exit::Internal, message)
    }

    /// Hands records in and approves what the gate lets a person approve.
    pub(super) fn share(&self, records: &[Value]) -> Result<Shared, CommandError> {
        let mut shared = Shared::default();
        for part in records.chunks(TOGETHER) {
            let body = Value::from(part.to_vec()).to_string();
            self.share_body(api::MEDIA_JSON, body.as_bytes(), &mut shared)?;
        }
        Ok(shared)
    }

    /// The same for a body in any form.
    pub(super) fn share_body(&self, media: &str, body: &[u8], shared: &mut Shared) -> Result<(), CommandError> {
        let client = self.client()?;
        let intake: Intake = crate::client::parse(&client.post(api::path::CONCEPTEN, media, body)?)?;
        let mut concepten = Vec::new();
        for outcome in intake.concepten {
            match outcome {
                Outcome::Taken { id, inhoud, .. } => concepten.push(api::Shown { id, inhoud }),
                Outcome::Refused { id, fouten } => {
                    let why = fouten.into_iter().next().map(|fault| fault.melding).unwrap_or_default();
                    shared.refused.push((id.unwrap_or_default(), why));
                }
            }
        }
        let asked = json!(ApprovalsAsked { concepten }).to_string();
        let approvals = client.post(api::path::GOEDKEURINGEN, api::MEDIA_JSON, asked.as_bytes())?;
        let approvals: Approvals = crate::client::parse(&approvals)?;
        for approval in approvals.goedkeuringen {
            match (approval.record, approval.fout) {
                (Some(record), _) => drop(shared.records.insert(approval.id, record.to_string())),
                (None, fault) => {
                    let why = fault.map_or_else(|| format!("{:?}", approval.staat), |fault| fault.melding);
                    shared.refused.push((approval.id, why));
                }
            }
        }
        Ok(())
    }

    /// Ends the node at this instant.
    pub(super) fn kill(&mut self) -> Result<(), CommandError> {
        self.process.take().map_or(Ok(()), Process::kill)
    }

    /// Stops the node as SIGTERM would.
    pub(super) fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.stop();
        }
    }

    /// Starts the node.
    pub(super) fn start(&mut self, offline: bool) -> Result<(), CommandError> {
        self.process = Some(Process::start(&self.dir, offline)?);
        Ok(())
    }
}

/// The gemeenten together.
#[derive(Debug)]
pub(super) struct Federation {
    members: Vec<Member>,
}

impl Federation {
    /// Makes the nodes, passes the charter round until everybody signed, and starts them.
    pub(super) fn found(place: &Path, founders: Vec<Founder>, report: &mut Report<'_, '_>) -> Result<Self, Stop> {
        let lang = report.lang();
        let mut members = Vec::new();
        for founder in founders {
            let dir = place.join(founder.code.to_string());
            daemon::init_practice(&dir, founder.code, &founder.name)?;
            let message = Message::with(
                format!("{} {} heeft een node met een eigen sleutel", founder.code, founder.name),
                format!("{} {} has a node with a key of its own", founder.code, founder.name),
            );
            report.tell(
                "init",
                json!({"gemeente": founder.code.to_string(), "dir": dir}),
                &message,
            )?;
            members.push(Member {
                founder,
                dir,
                process: None,
                lang,
            });
        }
        let mut federation = Self { members };
        federation.sign()?;
        for member in &mut federation.members {
            member.start(false)?;
            let message = Message::with(
                format!(
                    "{} draait (proces {}, {})",
                    member.founder.code,
                    member.pid(),
                    member.api()
                ),
                format!(
                    "{} runs (process {}, {})",
                    member.founder.code,
                    member.pid(),
                    member.api()
                ),
            );
            let facts = json!({"gemeente": member.founder.code.to_string(), "pid": member.pid(), "api": member.api()});
            report.tell("started", facts, &message)?;
        }
        federation.await_founded(report)?;
        Ok(federation)
    }

    /// Each founder hands over its card; the first makes the charter; each signs it and takes it in.
    fn sign(&self) -> Result<(), CommandError> {
        let Some((first, others)) = self.members.split_first() else {
            return Ok(());
        };
        let keys = RootFiles::default();
        let cards = others
            .iter()
            .map(|member| daemon::card(&member.dir, &keys))
            .collect::<Result<Vec<_>, _>>()?;
        let mut charter = daemon::propose(&first.dir, &cards, &keys)?;
        for member in others {
            charter = daemon::endorse(&member.dir, &charter, &keys)?;
        }
        self.members
            .iter()
            .try_for_each(|member| daemon::import(&member.dir, &charter).map(drop))
    }

    fn await_founded(&self, report: &mut Report<'_, '_>) -> Result<(), Stop> {
        let deadline = Instant::now() + FOUND_MAX;
        for member in &self.members {
            while !is_founded(member)? {
                report.go_on()?;
                look_again(deadline)?;
            }
        }
        let Some(first) = self.members.first() else {
            return Ok(());
        };
        let charter: HandvestStand = first.client()?.read(api::path::HANDVEST, &[])?;
        let federation = charter
            .federatie
            .map(|federation| federation.to_string())
            .unwrap_or_default();
        let message = Message::with(
            format!(
                "De federatie {} is gesticht door {} gemeenten",
                &federation[..16],
                charter.leden.len()
            ),
            format!(
                "Federation {} is founded by {} gemeenten",
                &federation[..16],
                charter.leden.len()
            ),
        );
        report.tell(
            "founded",
            json!({"federation": federation, "members": charter.leden.len()}),
            &message,
        )
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// The member with this position.
    pub(super) fn member(&mut self, at: usize) -> &mut Member {
        &mut self.members[at]
    }

    /// The member with this code.
    pub(super) fn by_code(&self, code: &str) -> Option<&Member> {
        self.members
            .iter()
            .find(|member| member.founder.code.to_string() == code)
    }

    /// The records of a list that belong to each member, in the order of the list.
    pub(super) fn by_owner<'a>(&'a self, records: &'a [Value]) -> impl Iterator<Item = (&'a Member, &'a Value)> {
        records
            .iter()
            .filter_map(|record| Some((self.by_code(text(record, "eigenaar"))?, record)))
    }

    pub(super) fn stop(mut self) {
        self.members.iter_mut().for_each(Member::stop);
    }
}

/// Whether a node belongs to a founded federation and has a link to another.
fn is_founded(member: &Member) -> Result<bool, CommandError> {
    let stand = member.stand(None)?;
    Ok(stand.federatie.is_some() && (stand.peers.is_empty() || stand.peers.iter().any(|peer| peer.verbonden)))
}

/// Waits a moment; an error when it took too long.
pub(super) fn look_again(deadline: Instant) -> Result<(), CommandError> {
    if Instant::now() < deadline {
        pause();
        return Ok(());
    }
    let message = Message::new(
        "de nodes kwamen niet op tijd tot elkaar",
        "the nodes did not come together in time",
    );
    let hint = Message::new(
        "bekijk leerkringd.log in de mappen van de nodes; met --dir blijven die bewaard",
        "look at leerkringd.log in the directories of the nodes; with --dir they are kept",
    );
    Err(CommandError::new(Exit::Refused, message).hinting(hint))
}
