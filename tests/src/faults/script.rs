//! What a node does to its files, operation by operation, each told once it is acknowledged.
//!
//! The script is the driver's own core on the node's own store and own log. Records are founded, changed and withdrawn, and
//! from time to time everything is flushed, as a node does by itself. An operation that fails is passed over and the
//! next is tried: a node that could not write one record goes on answering, and must not acknowledge what is not safe.

use std::fmt;

use ed25519_dalek::SigningKey;
use node::driver::{Core, CoreError, Feed, Parts};
use node::runtime::{self, Config, Home, Keep, Release, RootFiles, RunError};
use node::secret::Secret;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{DocumentId, Gemeente, HeaderHash, LogId, Week};
use protocol::record::{self, Intake};
use protocol::sync;

use crate::harness::records;

/// What was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    /// An entry.
    Entry {
        /// Its log.
        log: LogId,
        /// Its place there.
        seq: u64,
        /// Its header.
        header: HeaderHash,
    },
    /// A document that was withdrawn.
    Withdrawn(DocumentId),
}

impl fmt::Display for Acknowledged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { log, seq, header } => write!(f, "entry {log} {seq} {header}"),
            Self::Withdrawn(document) => write!(f, "withdrawn {document}"),
        }
    }
}

impl Acknowledged {
    /// The same from its text; nothing when the text is something else, or was cut off.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        match words.next()? {
            "entry" => Some(Self::Entry {
                log: words.next()?.parse().ok()?,
                seq: words.next()?.parse().ok()?,
                header: words.next()?.parse().ok()?,
            }),
            "withdrawn" => Some(Self::Withdrawn(words.next()?.parse().ok()?)),
            _ => None,
        }
    }
}

/// Makes a node that is to be a federation by itself; its charter, which it has not taken in yet.
///
/// # Panics
/// When the directory does not take one.
#[must_use]
pub fn init(home: &Home) -> String {
    let config = Config {
        gemeente: gemeente(),
        name: "Zuiderwaard".to_owned(),
        mailbox: String::new(),
        listen: Vec::new(),
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        member_mib: runtime::MEMBER_MIB,
        sql_seconds: runtime::SQL_SECONDS,
        gossip: false,
        release: Release::AtOnce,
        four_eyes: false,
        zaaknummers: Vec::new(),
        audit: Keep::default(),
        digest: None,
        headcount: None,
    };
    runtime::init(home, runtime::Init { config }).expect("a fresh directory takes a node");
    runtime::propose(home, &[], &RootFiles::default()).expect("one gemeente makes a charter")
}

/// Founds the federation, does so many operations, and tells each that was acknowledged.
///
/// # Errors
/// When the node does not open, or could not be closed well.
pub fn play(home: &Home, charter: &str, operations: usize, mut tell: impl FnMut(Acknowledged)) -> Result<(), RunError> {
    let founder = Account::new("oefening").expect("a short word is an account");
    runtime::import(home, charter, &founder)?;
    let (replica, keys, restored) = runtime::open_replica(home)?;
    let (feed, _batches) = Feed::new(None);
    let key = SigningKey::from_bytes(Secret::load(&home.key("node"))?.bytes());
    let mut core = Core::new(Parts {
        replica,
        keys,
        own_dir: home.own(),
        key,
        own: runtime::own(home)?,
        announced: Vec::new(),
        feed,
        receipts_ms: 0,
        sync: sync::Config::default(),
        restored,
        invitation: None,
        hears_first: None,
    });
    let mut documents = Vec::new();
    for number in 0..operations {
        // What failed was not acknowledged, and is not told: that is all there is to do about it.
        if let Ok(Some(done)) = operate(&mut core, number, &mut documents) {
            tell(done);
        }
    }
    Ok(core.finish()?)
}

/// Of ten operations six found a record, two change one, one flushes and one withdraws.
fn operate(core: &mut Core, number: usize, documents: &mut Vec<DocumentId>) -> Result<Option<Acknowledged>, CoreError> {
    let some = documents.get(number / 3 % documents.len().max(1)).copied();
    match (number % 10, some) {
        (8, _) => core.import(Vec::new()).map(|_| None),
        (9, Some(document)) => {
            let withdrawn = core.withdraw(&[document])?;
            documents.retain(|other| *other != document);
            Ok(withdrawn.first().copied().map(Acknowledged::Withdrawn))
        }
        (6 | 7, Some(document)) => write(core, Some(document), number, documents),
        _ => write(core, None, number, documents),
    }
}

fn write(
    core: &mut Core,
    document: Option<DocumentId>,
    number: usize,
    documents: &mut Vec<DocumentId>,
) -> Result<Option<Acknowledged>, CoreError> {
    let Some(written) = core.write(document, &signal(number))? else {
        return Ok(None);
    };
    core.acknowledge()?;
    if document.is_none() {
        documents.push(written.document);
    }
    let (log, seq) = (written.log, written.seq);
    let header = core.replica().header(log, seq)?;
    Ok(header.map(|header| Acknowledged::Entry {
        log,
        seq,
        header: header.hash(),
    }))
}

fn gemeente() -> Gemeente {
    Gemeente::new(9901).expect("a code of four digits")
}

fn signal(number: usize) -> Shareable {
    let week: Week = "2026-W10".parse().expect("a week");
    let intake = Intake {
        gemeente: gemeente(),
        week,
        kind: None,
    };
    let read = record::read_json(&records::signal("s", number), &intake).expect("a signal as people type it");
    let screened = screen(Draft::new(read, Known::default()), &Policy::default());
    let account = Account::new("proef").expect("an account of letters");
    let approval = Approval::after_reading(account, &screened);
    let approved = screened.approve(approval).expect("nothing in it is held back");
    approved.release(&|_| None).0
}
