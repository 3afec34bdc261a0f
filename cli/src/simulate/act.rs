//! What people and fate do: found, edit, contribute, move a server; partition, crash.

use protocol::api::Message;
use protocol::charter::{Body, NodeAddress, Statement};
use protocol::document;
use protocol::gate::Shareable;
use protocol::id::RecordId;
use protocol::log::{Entry, Write};
use protocol::record::{Fields, Kind};
use protocol::sync::Input;

use super::author::{self, Subject};
use super::world::{Acknowledged, Event, World, Written};

impl World {
    /// One person at one node does something.
    pub(super) fn act(&mut self) -> Result<(), String> {
        let node = self.rng.below(self.nodes.len() as u64) as usize;
        match self.rng.below(10) {
            0 => self.announce(node),
            1..=3 => self.edit_any(node),
            4 => self.contribute_any(node),
            5 => self.found(node, Kind::Knelpunt, None),
            6 => self.found(node, Kind::Les, None),
            _ => self.found(node, Kind::Signaal, None),
        }
    }

    /// The nodes fall apart, and people on both sides go on with the same things.
    pub(super) fn part(&mut self) -> Result<(), String> {
        self.wires.part(&mut self.rng);
        self.tell(|| {
            Message::new(
                "de nodes vallen uiteen in twee kanten",
                "the nodes fall apart in two sides",
            )
        });
        self.relink();
        let (one, other) = self.two_sides();
        let topics: Vec<Written> = self
            .written
            .iter()
            .filter(|it| it.kind == Kind::Knelpunt)
            .copied()
            .collect();
        let Some(topic) = topics.get(self.rng.below(topics.len() as u64) as usize).copied() else {
            return Ok(());
        };
        for node in [one, other] {
            if self.nodes[node].gemeente == topic.owner {
                self.edit(node, topic)?;
            } else {
                self.found(node, Kind::Knelpunt, Some(topic.document.into()))?;
            }
        }
        Ok(())
    }

    /// A node on either side, or twice the same when all are on one.
    fn two_sides(&mut self) -> (usize, usize) {
        let one = self.rng.below(self.nodes.len() as u64) as usize;
        let across: Vec<usize> = (0..self.nodes.len())
            .filter(|node| !self.wires.together(one, *node))
            .collect();
        let other = across.get(self.rng.below(across.len() as u64) as usize);
        (one, other.copied().unwrap_or(one))
    }

    /// A random node ends, and starts again later.
    pub(super) fn crash(&mut self) -> Result<(), String> {
        let node = self.rng.below(self.nodes.len() as u64) as usize;
        self.fall(node);
        Ok(())
    }

    fn fall(&mut self, node: usize) {
        self.nodes[node].crash();
        self.tell(|| Message::with(format!("node {node} valt uit"), format!("node {node} crashes")));
        self.relink();
        let wait = self.rng.below(20_000);
        self.schedule(wait, Event::Start { node });
    }

    /// A node says where it can be reached from now on.
    fn announce(&mut self, node: usize) -> Result<(), String> {
        let federation = self.founding.federation;
        let place = self.rng.below(250);
        let at = &mut self.nodes[node];
        let Some(up) = &mut at.up else {
            return Ok(());
        };
        let counter = up
            .replica
            .statements()
            .address_counter(at.name)
            .map_or(0, |last| last + 1);
        let body = Body::Address(NodeAddress {
            node: at.name,
            counter,
            addresses: vec![format!("/ip4/10.0.0.{place}/tcp/4001")],
        });
        let statement = Statement::sign(federation, body, &at.key);
        up.replica
            .add_statements(vec![statement])
            .map_err(|error| error.to_string())?;
        up.replica.flush().map_err(|error| error.to_string())?;
        self.tell(|| {
            Message::with(
                format!("node {node} verhuist naar 10.0.0.{place}"),
                format!("node {node} moves to 10.0.0.{place}"),
            )
        });
        self.give(node, Input::Written)
    }

    /// A gemeente takes one of its documents back, at a node that knows it.
    pub(super) fn withdraw(&mut self) -> Result<(), String> {
        let node = self.rng.below(self.nodes.len() as u64) as usize;
        let at = &mut self.nodes[node];
        let own: Vec<Written> = self
            .written
            .iter()
            .filter(|it| it.owner == at.gemeente)
            .copied()
            .collect();
        let chosen = own.get(self.rng.below(own.len() as u64) as usize);
        let (Some(up), Some(Written { document, .. })) = (&mut at.up, chosen.copied()) else {
            return Ok(());
        };
        let failed = |error: protocol::log::ReplicaError| format!("node {node} cannot withdraw: {error}");
        let Some(withdrawal) = up.replica.withdrawal(document).map_err(failed)? else {
            return Ok(());
        };
        let statement = Statement::sign(self.founding.federation, Body::Withdraw(withdrawal), &at.key);
        up.replica.add_statements(vec![statement]).map_err(failed)?;
        up.replica.flush().map_err(failed)?;
        self.withdrawn.insert(document);
        self.tell(|| {
            Message::with(
                format!("node {node} trekt document {document} in"),
                format!("node {node} withdraws document {document}"),
            )
        });
        self.give(node, Input::Written)
    }

    fn found(&mut self, node: usize, kind: Kind, contributes_to: Option<RecordId>) -> Result<(), String> {
        let subject = Subject {
            kind,
            owner: self.nodes[node].gemeente,
            contributes_to,
        };
        let fields = author::fields(kind, &mut self.rng);
        let record = author::share(&subject, fields)?;
        self.write(node, &record, Write::Found { record: &record })
    }

    /// Somebody adds to a knelpunt that another gemeente may have founded.
    fn contribute_any(&mut self, node: usize) -> Result<(), String> {
        let topics: Vec<RecordId> = self
            .written
            .iter()
            .filter(|it| it.kind == Kind::Knelpunt)
            .map(|it| it.document.into())
            .collect();
        match topics.get(self.rng.below(topics.len() as u64) as usize) {
            Some(topic) => self.found(node, Kind::Knelpunt, Some(*topic)),
            None => Ok(()),
        }
    }

    fn edit_any(&mut self, node: usize) -> Result<(), String> {
        let owner = self.nodes[node].gemeente;
        let own: Vec<Written> = self.written.iter().filter(|it| it.owner == owner).copied().collect();
        match own.get(self.rng.below(own.len() as u64) as usize) {
            Some(document) => self.edit(node, *document),
            None => Ok(()),
        }
    }

    /// Changes a document of the own gemeente, if this node knows it.
    fn edit(&mut self, node: usize, written: Written) -> Result<(), String> {
        let Some((fields, contributes_to)) = self.contents(node, written)? else {
            return Ok(());
        };
        let links: Vec<RecordId> = self.written.iter().map(|it| it.document.into()).collect();
        let link = links.get(self.rng.below(links.len() as u64 * 2) as usize).copied();
        let fields = author::change(written.kind, fields, link, &mut self.rng);
        let subject = Subject {
            kind: written.kind,
            owner: written.owner,
            contributes_to,
        };
        let record = author::share(&subject, fields)?;
        let document = written.document;
        self.write(
            node,
            &record,
            Write::Edit {
                document,
                record: &record,
            },
        )
    }

    fn contents(&self, node: usize, written: Written) -> Result<Option<(Fields, Option<RecordId>)>, String> {
        let Some(up) = &self.nodes[node].up else {
            return Ok(None);
        };
        let changes = up
            .replica
            .changes(written.document)
            .map_err(|error| error.to_string())?;
        if changes.is_empty() {
            return Ok(None);
        }
        let contents = document::read(&changes).map_err(|error| format!("node {node} cannot read: {error}"))?;
        Ok(Some((contents.fields, contents.contributes_to)))
    }

    /// Writes, and tells the writer that it is safe once it is in the own-log file; unless the node ends in between.
    fn write(&mut self, node: usize, record: &Shareable, write: Write<'_>) -> Result<(), String> {
        let ends = self.plan.crashes > 0 && self.rng.chance(1, 30);
        let at = &mut self.nodes[node];
        let Some(up) = &mut at.up else {
            return Ok(());
        };
        if up.replica.roster().gemeente_of(at.name).is_none() {
            return Ok(());
        }
        let mut entries = Vec::new();
        if up.replica.own_log().is_none() {
            let opening = up.replica.open_log(&at.key, &mut at.rng);
            entries.push(opening.map_err(|error| format!("node {node} cannot open a log: {error}"))?);
        }
        let change = up.replica.write(&at.key, &mut at.rng, write);
        entries.extend(change.map_err(|error| format!("node {node} cannot write: {error}"))?);
        if ends {
            self.tell(|| {
                Message::with(
                    format!("node {node} schrijft, en valt uit voordat hij het zegt"),
                    format!("node {node} writes and ends before it says so"),
                )
            });
            self.fall(node);
            return Ok(());
        }
        for entry in entries {
            self.acknowledge(node, entry, record);
        }
        self.flush_soon(node);
        self.give(node, Input::Written)
    }

    fn acknowledge(&mut self, node: usize, entry: Entry, record: &Shareable) {
        let header = entry.signed.header();
        let (log, seq, document) = (header.log(), header.seq, header.document);
        let owner = record.owner();
        self.acknowledged.push(Acknowledged {
            log,
            seq,
            header: entry.signed.hash(),
        });
        if header.founded(owner) == document {
            let kind = record.kind();
            self.written.push(Written { document, kind, owner });
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
