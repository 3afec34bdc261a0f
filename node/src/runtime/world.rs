//! A founded federation in directories of its own, for unit tests. Only there when tests are built.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;

use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{DocumentId, Gemeente, Week};
use protocol::record;
use protocol::sync;
use serde_json::json;

use super::opening::open_replica;
use super::{Config, Home, Imported, Init, Keep, Release, RootFiles, RunError, card, endorse, founding, init, propose};
use crate::driver::{Core, Feed, Hearing, Parts};
use crate::scratch::Scratch;
use crate::view::Batch;

/// Nodes that founded a federation together.
pub(crate) struct Founded {
    dir: Scratch,
    pub(crate) homes: Vec<Home>,
    pub(crate) charter: String,
}

impl Founded {
    pub(crate) fn new(name: &str, count: u16) -> Self {
        let dir = Scratch::new(name);
        let homes: Vec<Home> = (0..count).map(|at| home(dir.path().join(at.to_string()), at)).collect();
        let cards: Vec<String> = homes[1..].iter().map(|home| card(home, &root()).unwrap()).collect();
        let mut charter = propose(&homes[0], &cards, &root()).unwrap();
        for home in &homes[1..] {
            charter = endorse(home, &charter, &root()).unwrap();
        }
        for home in &homes {
            import(home, &charter).unwrap();
        }
        Self { dir, homes, charter }
    }
}

impl Founded {
    /// Where the directories of the nodes are.
    pub(crate) fn dir(&self) -> &std::path::Path {
        self.dir.path()
    }
}

/// A node in this directory, of the gemeente with this number, that belongs nowhere yet.
pub(crate) fn home(path: PathBuf, at: u16) -> Home {
    let home = Home::new(path);
    let config = Config {
        gemeente: gemeente(at),
        name: format!("Gemeente {at}"),
        mailbox: String::new(),
        listen: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        member_mib: crate::runtime::MEMBER_MIB,
        sql_seconds: crate::runtime::SQL_SECONDS,
        gossip: true,
        release: Release::AtOnce,
        four_eyes: false,
        zaaknummers: Vec::new(),
        audit: Keep::default(),
        digest: None,
        headcount: None,
    };
    init(&home, Init { config }).unwrap();
    home
}

pub(crate) fn gemeente(at: u16) -> Gemeente {
    Gemeente::new(9901 + at).unwrap()
}

/// Somebody who decides.
pub(crate) fn account() -> Account {
    Account::new("j.de.vries").unwrap()
}

/// Takes a charter in, as somebody.
pub(crate) fn import(home: &Home, charter: &str) -> Result<Imported, RunError> {
    super::import(home, charter, &account())
}

/// The root key in the directory of the node.
pub(crate) fn root() -> RootFiles {
    RootFiles::default()
}

/// A node's core, as the runtime opens it, and where its view would read.
pub(crate) fn core(home: &Home) -> (Core, Receiver<Batch>) {
    let (replica, keys, restored) = open_replica(home).unwrap();
    let (feed, batches) = Feed::new(None);
    let parts = Parts {
        replica,
        keys,
        own_dir: home.own(),
        key: founding::signing_key(home, "node").unwrap(),
        own: super::own(home).unwrap(),
        announced: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
        feed,
        receipts_ms: 0,
        sync: sync::Config::default(),
        restored,
        invitation: None,
        hears_first: Hearing::of(home.restored()),
    };
    (Core::new(parts), batches)
}

fn shareable(at: u16, tekst: &str) -> Shareable {
    let week: Week = "2026-W10".parse().unwrap();
    let intake = record::Intake {
        gemeente: gemeente(at),
        week,
        kind: None,
    };
    let typed = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": ["wonen"],
        "laag": "uitvoering", "overdracht": true, "tekst": tekst});
    let draft = Draft::new(record::read_json(&typed, &intake).unwrap(), Known::default());
    let screened = screen(draft, &Policy::default());
    let approval = Approval::after_reading(Account::new("tester").unwrap(), &screened);
    screened.approve(approval).unwrap().release(&|_| None).0
}

/// Changes a document.
pub(crate) fn edit(core: &mut Core, at: u16, document: DocumentId, tekst: &str) {
    core.write(Some(document), &shareable(at, tekst)).unwrap().unwrap();
    core.acknowledge().unwrap();
}

/// Writes so many records, all acknowledged.
pub(crate) fn write(core: &mut Core, at: u16, count: usize) -> Vec<DocumentId> {
    let record = |number: usize| shareable(at, &format!("De aanvraag bleef liggen, voor de {number}e keer."));
    let written = (0..count).map(|number| core.write(None, &record(number)).unwrap().unwrap().document);
    let written = written.collect();
    core.acknowledge().unwrap();
    written
}
