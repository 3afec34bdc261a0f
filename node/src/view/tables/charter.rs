//! Members, editions, nodes, heights and gemeenten: what follows from the statements rather than from the records.

use std::collections::{BTreeMap, BTreeSet};

use protocol::charter::{Ended, Member, Role, Roster};
use protocol::gemeenten::{self, Listed};
use protocol::id::{Gemeente, HeaderHash, LogId, NodeKey};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params};

use super::super::ViewError;
use super::catalogue::{EDITIES, GEMEENTE_BUREN, GEMEENTEN, LEDEN, NODES, STAND};
use super::cell::{count, text};
use super::fill::{Row, insert};

/// What the statements say, as far as the tables show it.
#[derive(Debug, Clone, Default)]
pub struct Charter {
    /// The members.
    pub members: Vec<MemberRow>,
    /// The editions that came into force, in order.
    pub editions: Vec<Edition>,
    /// Every node that speaks or spoke.
    pub nodes: Vec<NodeRow>,
    /// Which gemeente became part of which, and when.
    pub mergers: BTreeMap<Gemeente, (Gemeente, String)>,
}

/// A member.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// The member as the edition lists it.
    pub member: Member,
    /// Whether it left.
    pub left: bool,
}

/// An edition that came into force.
#[derive(Debug, Clone, Copy)]
pub struct Edition {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// How many members it lists.
    pub members: usize,
    /// How many of these vote.
    pub voters: usize,
}

/// A node.
#[derive(Debug, Clone, Copy)]
pub struct NodeRow {
    /// Its key.
    pub node: NodeKey,
    /// For whom it speaks.
    pub gemeente: Gemeente,
    /// Whether it may share records.
    pub shares: bool,
    /// Why it speaks no more.
    pub ended: Option<Ended>,
}

/// How far a log counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Height {
    /// Which log.
    pub log: LogId,
    /// Whose it is.
    pub node: NodeKey,
    /// Entries that count.
    pub height: u64,
    /// Hash of the last of these.
    pub head: HeaderHash,
}

impl Charter {
    /// What a roster says; `edition` has the members and voters of an edition by its hash.
    #[must_use]
    pub fn of(roster: &Roster, editions: Vec<Edition>) -> Self {
        let left: BTreeSet<Gemeente> = roster.left().collect();
        let members = roster.members().iter().map(|member| MemberRow {
            member: member.clone(),
            left: left.contains(&member.gemeente),
        });
        let nodes = roster.nodes().map(|(node, gemeente)| NodeRow {
            node,
            gemeente,
            shares: roster.may_share(node),
            ended: roster.ended(node),
        });
        let mergers = roster.merges();
        Self {
            members: members.collect(),
            editions,
            nodes: nodes.collect(),
            mergers: mergers
                .map(|merge| (merge.from, (merge.to, merge.date.to_string())))
                .collect(),
        }
    }
}

/// Writes what the statements say in place of what they said.
pub(in super::super) fn charter(connection: &Connection, charter: &Charter) -> Result<(), ViewError> {
    for table in [&LEDEN, &EDITIES, &NODES] {
        connection.execute(&format!("DELETE FROM {}", table.name), [])?;
    }
    for MemberRow { member, left } in &charter.members {
        let role = if member.role == Role::Voting {
            "stemmend"
        } else {
            "lezend"
        };
        let values = vec![
            text(member.gemeente),
            text(&member.name),
            text(role),
            text(member.root),
            (*left).into(),
        ];
        insert(connection, &Row::new(&LEDEN, values))?;
    }
    let now = charter.editions.last().map(|edition| edition.number);
    for edition in &charter.editions {
        let values = vec![
            count(usize::try_from(edition.number).unwrap_or(usize::MAX)),
            text(HeaderHash(edition.hash)),
            count(edition.members),
            count(edition.voters),
            (now == Some(edition.number)).into(),
        ];
        insert(connection, &Row::new(&EDITIES, values))?;
    }
    for node in &charter.nodes {
        let values = vec![
            text(node.node),
            text(node.gemeente),
            node.shares.into(),
            node.ended.map_or(Sql::Null, |ended| text(ended_code(ended))),
        ];
        insert(connection, &Row::new(&NODES, values))?;
    }
    write_mergers(connection, charter)
}

/// Fills the tables of gemeenten and their neighbours, of a view that knows no members yet.
pub(in super::super) fn list_gemeenten(connection: &Connection) -> Result<(), ViewError> {
    for listed in gemeenten::all() {
        for neighbour in listed.neighbours() {
            let values = vec![text(listed.code), text(neighbour)];
            insert(connection, &Row::new(&GEMEENTE_BUREN, values))?;
        }
    }
    for listed in gemeenten::all() {
        insert(connection, &Row::new(&GEMEENTEN, listed_row(&listed)))?;
    }
    Ok(())
}

fn ended_code(ended: Ended) -> &'static str {
    match ended {
        Ended::ByEdition => "editie",
        Ended::ByMember => "lid",
        Ended::Left => "vertrokken",
        Ended::OnHold => "opgeschort",
    }
}

/// Adds members that are on no list, and says which gemeente became part of which. Most statements change neither, so what
/// is listed stays where it is.
fn write_mergers(connection: &Connection, charter: &Charter) -> Result<(), ViewError> {
    connection.execute("DELETE FROM gemeenten WHERE inwoners IS NULL", [])?;
    let clear = "UPDATE gemeenten SET geldig_tot = NULL, opvolger = NULL WHERE opvolger IS NOT NULL";
    connection.execute(clear, [])?;
    for MemberRow { member, .. } in &charter.members {
        let unknown = vec![Sql::Null; GEMEENTEN.columns.len() - 2];
        let values = [text(member.gemeente), text(&member.name)].into_iter().chain(unknown);
        // The row of one that is listed stands already, and stays.
        insert(connection, &Row::new(&GEMEENTEN, values.collect()))?;
    }
    for (from, (to, day)) in &charter.mergers {
        connection
            .prepare_cached("UPDATE gemeenten SET geldig_tot = ?2, opvolger = ?3 WHERE code = ?1")?
            .execute(params![from.to_string(), day, to.to_string()])?;
    }
    Ok(())
}

fn listed_row(one: &Listed) -> Vec<Sql> {
    let number = |number: Option<i64>| number.map_or(Sql::Null, Sql::from);
    let (longitude, latitude) = one.centre().unzip();
    let degrees = [longitude, latitude].map(|degrees| degrees.map_or(Sql::Null, Sql::from));
    let (column, row) = one.tile().unzip();
    let mut values = [one.code, one.name, one.province(), one.size_class()]
        .map(text)
        .to_vec();
    values.extend([one.inhabitants(), one.hectares(), one.urbanity()].map(number));
    values.push(text(one.region()));
    values.extend(degrees);
    values.extend([column, row].map(number));
    values.push(one.since().map_or(Sql::Null, text));
    values.extend([Sql::Null, Sql::Null]);
    values
}

/// Writes how far each log counts; what stays as it was is left alone.
pub(in super::super) fn heights(connection: &Connection, heights: &[Height]) -> Result<(), ViewError> {
    let mut gone: BTreeMap<String, (i64, String)> = BTreeMap::new();
    let mut statement = connection.prepare_cached("SELECT logboek, hoogte, kop FROM stand")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        gone.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    for height in heights {
        let log = height.log.to_string();
        let count = i64::try_from(height.height).unwrap_or(i64::MAX);
        let head = height.head.to_string();
        match gone.remove(&log) {
            Some(before) if before == (count, head.clone()) => continue,
            Some(_) => delete_height(connection, &log)?,
            None => {}
        }
        let values = vec![text(log), text(height.node), count.into(), text(head)];
        insert(connection, &Row::new(&STAND, values))?;
    }
    for log in gone.keys() {
        delete_height(connection, log)?;
    }
    Ok(())
}

fn delete_height(connection: &Connection, log: &str) -> Result<(), ViewError> {
    connection
        .prepare_cached("DELETE FROM stand WHERE logboek = ?1")?
        .execute(params![log])?;
    Ok(())
}
