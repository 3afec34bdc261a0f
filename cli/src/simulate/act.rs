//! What people do: found, edit, contribute, take back, move a server.

use protocol::api::Message;
use protocol::charter::{Body, NodeAddress, Statement};
use protocol::document;
use protocol::entropy::Seeded;
use protocol::gate::Shareable;
use protocol::id::{Gemeente, RecordId};
use protocol::log::{Entry, Reason, ReplicaError, Write};
use protocol::record::{Fields, Kind};
use protocol::sync::Input;

use super::author::{self, Subject};
use super::law::{Broken, Law};
use super::plan::{Deed, Malice};
use super::sabotage::Sabotage;
use super::world::{Acknowledged, TakenBack, World, Written};

impl World {
    /// One person at one node does something.
    pub(super) fn act(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        match rng.below(10) {
            0 => self.announce(node, rng),
            1..=3 => self.edit_any(node, rng),
            4 => self.contribute_any(node, rng),
            5 => self.found(node, Kind::Knelpunt, None, rng),
            6 => self.found(node, Kind::Les, None, rng),
            _ => self.found(node, Kind::Signaal, None, rng),
        }
    }

    /// People at two nodes go on with the same thing.
    pub(super) fn both_go_on(&mut self, one: usize, other: usize, rng: &mut Seeded) -> Result<(), Broken> {
        let topics = self.topics();
        let Some(topic) = topics.get(rng.below(topics.len() as u64) as usize).copied() else {
            return Ok(());
        };
        for node in [one, other] {
            if self.nodes[node].of == topic.of {
                self.edit(node, topic, rng)?;
            } else {
                self.found(node, Kind::Knelpunt, Some(topic.document.into()), rng)?;
            }
            // The step is of another node, whose disk alone is looked at behind it.
            if self.sabotage != Some(Sabotage::Overlook) {
                self.look_at_disk(node)?;
            }
        }
        Ok(())
    }

    fn topics(&self) -> Vec<Written> {
        let topics = self.written.iter().filter(|it| it.kind == Kind::Knelpunt);
        topics.copied().collect()
    }

    fn code(&self, of: usize) -> Gemeente {
        self.founding.gemeenten[of]
    }

    /// A node says where it can be reached from now on.
    fn announce(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        let place = rng.below(250);
        let at = &mut self.nodes[node];
        let Some(up) = &mut at.up else {
            return Ok(());
        };
        let last = up.replica.statements().address_counter(at.name);
        let body = Body::Address(NodeAddress {
            node: at.name,
            counter: last.map_or(0, |last| last.saturating_add(1)),
            addresses: vec![format!("/ip4/10.0.0.{place}/tcp/4001")],
        });
        let statement = Statement::sign(self.founding.federation, body, &at.key);
        self.tell(|| {
            Message::with(
                format!("node {node} verhuist naar 10.0.0.{place}"),
                format!("node {node} moves to 10.0.0.{place}"),
            )
        });
        self.state(node, vec![statement]).map(|_| ())
    }

    /// A gemeente takes a document back that it may, at a node that knows it.
    pub(super) fn withdraw(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        // A key that crowds out its own certificate gives back what it took back: the one exception to its law.
        if self.nodes[node].hostile && self.plan.has(|deed| *deed == Deed::Malice(Malice::Certify)) {
            return Ok(());
        }
        let own = self.editable(node);
        let chosen = own.get(rng.below(own.len() as u64) as usize);
        let at = &mut self.nodes[node];
        let (Some(up), Some(Written { document, .. })) = (&mut at.up, chosen.copied()) else {
            return Ok(());
        };
        let withdrawal = match up.replica.withdrawal(document) {
            Ok(Some(withdrawal)) => withdrawal,
            Ok(None) => return Ok(()),
            Err(error) => return self.failed(node, &error),
        };
        let statement = Statement::sign(self.founding.federation, Body::Withdraw(withdrawal), &at.key);
        let id = statement.id();
        let stated = self.state(node, vec![statement])?;
        let held = |up: &super::node::Up| up.replica.statements().get(id).is_some();
        if stated && self.nodes[node].up.as_deref().is_some_and(held) {
            let sure = !self.nodes[node].hostile;
            self.withdrawals.insert(id, TakenBack { node, document, sure });
            self.tell(|| {
                Message::with(
                    format!("node {node} trekt document {document} in"),
                    format!("node {node} withdraws document {document}"),
                )
            });
        }
        Ok(())
    }

    /// Documents that a node may change, by what it knows of the members.
    fn editable(&self, node: usize) -> Vec<Written> {
        let at = &self.nodes[node];
        let may = |up: &super::node::Up, it: &Written| up.replica.roster().may_edit(self.code(at.of), self.code(it.of));
        let known = |it: &&Written| at.up.as_ref().is_some_and(|up| may(up, it));
        self.written.iter().filter(known).copied().collect()
    }

    fn found(
        &mut self,
        node: usize,
        kind: Kind,
        contributes_to: Option<RecordId>,
        rng: &mut Seeded,
    ) -> Result<(), Broken> {
        let fields = author::fields(kind, rng);
        let subject = self.subject(node, kind, contributes_to);
        self.found_as(node, &subject, fields, rng)
    }

    /// A record of the gemeente of a node.
    pub(super) fn subject(&self, node: usize, kind: Kind, contributes_to: Option<RecordId>) -> Subject {
        Subject {
            kind,
            owner: self.code(self.nodes[node].of),
            contributes_to,
        }
    }

    /// Shares a new record.
    pub(super) fn found_as(
        &mut self,
        node: usize,
        subject: &Subject,
        fields: Fields,
        rng: &mut Seeded,
    ) -> Result<(), Broken> {
        let record = self.share(node, subject, fields)?;
        self.write(node, &record, Write::Found { record: &record }, rng)
    }

    /// Takes a record through the gate, with the week that the clock of the node shows.
    fn share(&self, node: usize, subject: &Subject, fields: Fields) -> Result<Shareable, Broken> {
        let weeks = self.nodes[node].days / 7;
        author::share(subject, fields, weeks).or_else(|why| Law::Work.broken(why))
    }

    /// Somebody adds to a knelpunt that another gemeente may have founded.
    fn contribute_any(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        let topics = self.topics();
        match topics.get(rng.below(topics.len() as u64) as usize) {
            Some(topic) => self.found(node, Kind::Knelpunt, Some(topic.document.into()), rng),
            None => Ok(()),
        }
    }

    fn edit_any(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        let own = self.editable(node);
        match own.get(rng.below(own.len() as u64) as usize) {
            Some(document) => self.edit(node, *document, rng),
            None => Ok(()),
        }
    }

    /// Changes a document of the own gemeente, if this node knows it.
    fn edit(&mut self, node: usize, written: Written, rng: &mut Seeded) -> Result<(), Broken> {
        let (fields, contributes_to) = match self.contents(node, written)? {
            Ok(Some(contents)) => contents,
            Ok(None) => return Ok(()),
            Err(error) => return self.failed(node, &error),
        };
        let links: Vec<RecordId> = self.written.iter().map(|it| it.document.into()).collect();
        let link = links.get(rng.below(links.len() as u64 * 2) as usize).copied();
        let fields = author::change(written.kind, fields, link, rng);
        let subject = Subject {
            kind: written.kind,
            owner: self.code(written.of),
            contributes_to,
        };
        let record = self.share(node, &subject, fields)?;
        let edit = Write::Edit {
            document: written.document,
            record: &record,
        };
        self.write(node, &record, edit, rng)
    }

    fn contents(&self, node: usize, written: Written) -> Result<Contents, Broken> {
        let Some(up) = &self.nodes[node].up else {
            return Ok(Ok(None));
        };
        let changes = match up.replica.changes(written.document) {
            Ok(changes) if changes.is_empty() => return Ok(Ok(None)),
            Ok(changes) => changes,
            Err(error) => return Ok(Err(error)),
        };
        match document::read(&changes) {
            Ok(contents) => Ok(Ok(Some((contents.fields, contents.contributes_to)))),
            Err(error) => Law::Work.broken(format!("node {node} cannot read: {error}")),
        }
    }

    /// Writes, and tells the writer that it is safe once it is in the own-log file; unless the node ends in between.
    fn write(&mut self, node: usize, record: &Shareable, write: Write<'_>, rng: &mut Seeded) -> Result<(), Broken> {
        let ends = rng.chance(1, 40);
        match self.written(node, write) {
            Ok(None) => Ok(()),
            Ok(Some(_)) if ends => {
                self.tell(|| {
                    Message::with(
                        format!("node {node} schrijft, en valt uit voordat hij het zegt"),
                        format!("node {node} writes and ends before it says so"),
                    )
                });
                self.fall(node);
                Ok(())
            }
            Ok(Some(entry)) => {
                self.acknowledge(node, entry, record);
                self.flush_soon(node);
                self.give(node, Input::Written)
            }
            Err(ReplicaError::Cut { .. }) if self.belongs(node) => self.renew(node),
            // What a node may not write, or no longer, is told to the person who tried.
            Err(ReplicaError::Cut { .. } | ReplicaError::NotMember { .. } | ReplicaError::OtherGemeente { .. }) => {
                Ok(())
            }
            // Its copy drew the same bits, and was faster.
            Err(ReplicaError::Refused { why: Reason::Fork }) if self.doubled.contains(&self.nodes[node].name) => Ok(()),
            Err(error) => self.failed(node, &error),
        }
    }

    /// Whether a node speaks, as far as it knows.
    fn belongs(&self, node: usize) -> bool {
        let at = &self.nodes[node];
        at.up
            .as_ref()
            .is_some_and(|up| up.replica.roster().may_connect(at.name))
    }

    fn written(&mut self, node: usize, write: Write<'_>) -> Result<Option<Entry>, ReplicaError> {
        let at = &mut self.nodes[node];
        let Some(up) = &mut at.up else {
            return Ok(None);
        };
        let roster = up.replica.roster();
        if roster.gemeente_of(at.name).is_none() || !roster.may_share(at.name) {
            return Ok(None);
        }
        if up.replica.own_log().is_none() {
            let opening = up.replica.open_log(&at.key, &mut at.log_rng)?;
            at.file.push(opening);
        }
        up.replica.write(&at.key, &mut at.log_rng, write)
    }

    fn acknowledge(&mut self, node: usize, entry: Entry, record: &Shareable) {
        let header = entry.signed.header();
        let (log, seq, document) = (header.log(), header.seq, header.document);
        let owner = record.owner();
        self.acknowledged.push(Acknowledged {
            node,
            log,
            seq,
            header: entry.signed.hash(),
            keepers: None,
        });
        if header.founded(owner) == document {
            let (kind, of) = (record.kind(), self.nodes[node].of);
            self.written.push(Written { document, kind, of });
        }
        self.tell(|| {
            Message::with(
                format!("node {node} schrijft entry {seq} van log {log}"),
                format!("node {node} writes entry {seq} of log {log}"),
            )
        });
        self.nodes[node].file.push(entry);
    }
}

/// What a document says, or why it could not be read.
type Contents = Result<Option<(Fields, Option<RecordId>)>, ReplicaError>;
