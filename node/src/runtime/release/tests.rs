//! What leaves when, what does not hold up the rest, and what a power cut took is written again.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use super::*;
use crate::driver::Feed;
use crate::runtime::backend::lock;
use crate::runtime::world::import;
use crate::runtime::{Config, Home, Init, Keep, RootFiles, init, open, propose};
use crate::scratch::Scratch;
use crate::secret::Secret;
use crate::vault::intake::{self, Format};
use crate::vault::{Decision, Screening};
use crate::view::Batch;

/// A node of a federation of one, without its threads.
struct Room {
    scratch: Scratch,
}

/// The node as it is opened at a start.
struct Open {
    core: Core,
    vault: Vault,
    _view: Receiver<Batch>,
}

impl Room {
    fn founded() -> Self {
        let room = Self {
            scratch: Scratch::new("release"),
        };
        let config = Config {
            gemeente: "GM9901".parse().unwrap(),
            name: "Zuiderwaard".to_owned(),
            mailbox: String::new(),
            listen: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
            announce: Vec::new(),
            api: "127.0.0.1:0".to_owned(),
            proxy: None,
            member_mib: crate::runtime::MEMBER_MIB,
            sql_seconds: crate::runtime::SQL_SECONDS,
            gossip: false,
            release: Release::Weekly,
            four_eyes: false,
            zaaknummers: Vec::new(),
            audit: Keep::default(),
            digest: None,
            headcount: None,
        };
        init(&room.home(), Init { config }).unwrap();
        import(
            &room.home(),
            &propose(&room.home(), &[], &RootFiles::default()).unwrap(),
        )
        .unwrap();
        room
    }

    fn home(&self) -> Home {
        Home::new(self.scratch.path().join("node"))
    }

    fn open(&self) -> Open {
        let config = Config::read(&self.home()).unwrap();
        let opened = open(&self.home(), &config, None).unwrap();
        let (feed, view) = Feed::new(None);
        let (parts, _, vault) = opened.into_parts(&self.home(), &config, feed).unwrap();
        Open {
            core: Core::new(parts),
            vault,
            _view: view,
        }
    }

    /// Its vault only, as a backup leaves it.
    fn open_vault(&self) -> Vault {
        Vault::open(&self.home().vault(), &Secret::load(&self.home().key("vault")).unwrap()).unwrap()
    }

    /// What is on the disk of the store now, the own log included.
    fn keep(&self) -> Scratch {
        let kept = Scratch::new("release-kept");
        copy(&self.home().store(), &kept.path().join("store"));
        kept
    }

    /// A power cut: the store is as it was kept, the vault as it is.
    fn lose(&self, kept: &Scratch) {
        fs::remove_dir_all(self.home().store()).unwrap();
        copy(&kept.path().join("store"), &self.home().store());
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

impl Open {
    /// Types a signal and approves it in a week.
    fn approve(&mut self, id: &str, text: &str, week: &str) {
        let json = format!(
            "{{\"id\":\"{id}\",\"soort\":\"signaal\",\"week\":\"2025-W10\",\"aard\":\"knelpunt\",\"thema\":[\"wonen\"],\
             \"laag\":\"uitvoering\",\"overdracht\":true,\"tekst\":\"{text}\"}}"
        );
        let with = protocol::record::Intake {
            gemeente: "GM9901".parse().unwrap(),
            week: "2025-W10".parse().unwrap(),
            kind: None,
        };
        let taken = intake::read(json.as_bytes(), Format::Json, &with).unwrap().remove(0);
        self.vault.add(&taken.unwrap()).unwrap();
        let screening = Screening {
            verdict: protocol::api::Verdict::Review,
            findings: Vec::new(),
        };
        self.vault.screened(id, screening).unwrap();
        let content = screen(&self.vault.get(id).unwrap(), &Policy::default())
            .unwrap()
            .content()
            .0;
        self.decide(id, week, content);
    }

    fn decide(&mut self, id: &str, week: &str, content: [u8; 32]) {
        let decision = Decision {
            by: "api".to_owned(),
            week: week.parse().unwrap(),
            content: Some(content),
        };
        self.vault.approve(id, decision).unwrap();
    }

    fn release(&mut self, due: Due) {
        release_now(&mut self.core, &mut self.vault, &Policy::default(), due).unwrap();
        self.core.acknowledge().unwrap();
    }

    fn states<const N: usize>(&self, ids: [&str; N]) -> [State; N] {
        ids.map(|id| self.vault.get(id).unwrap().state)
    }

    fn shared(&self, id: &str) -> Option<Shared> {
        self.vault.get(id).unwrap().shared
    }

    /// Entries of all logs, those that open a log not counted.
    fn entries(&self) -> u64 {
        self.core.replica().logs().map(|(_, log)| log.held - 1).sum()
    }
}

#[test]
fn what_was_approved_this_week_waits_for_the_next() {
    let room = Room::founded();
    let mut node = room.open();
    node.approve("oud", "Een bewijs ontbreekt.", "2025-W10");
    node.approve("nieuw", "Een loket is dicht.", "2025-W11");
    node.release(Due::Before("2025-W11".parse().unwrap()));
    assert_eq!(node.states(["oud", "nieuw"]), [State::Shared, State::Approved]);
    node.release(Due::Before("2025-W12".parse().unwrap()));
    assert_eq!(node.states(["oud", "nieuw"]), [State::Shared, State::Shared]);
}

#[test]
fn a_record_that_cannot_leave_holds_up_no_other() {
    let room = Room::founded();
    let mut node = room.open();
    for id in ["a", "b", "c"] {
        node.approve(id, "Een bewijs ontbreekt.", "2025-W10");
    }
    let content = screen(&node.vault.get("b").unwrap(), &Policy::default())
        .unwrap()
        .content()
        .0;
    // As an older version would have approved it, which masked otherwise.
    node.approve("b", "Een bewijs ontbrak.", "2025-W10");
    node.vault.failed("b", Mislukt::Onbekend).unwrap();
    node.decide("b", "2025-W10", content);
    node.release(Due::All);
    assert_eq!(
        node.states(["a", "b", "c"]),
        [State::Shared, State::Screened, State::Shared]
    );
    assert_eq!(approved_ids(&node.vault, Due::All).unwrap(), Vec::<String>::new());
    drop(node);
    let mut node = room.open();
    let (id, why) = node.vault.first_failed().unwrap().unwrap();
    assert_eq!((id.as_str(), why), ("b", Mislukt::Veranderd));
    let content = screen(&node.vault.get("b").unwrap(), &Policy::default())
        .unwrap()
        .content()
        .0;
    node.decide("b", "2025-W10", content);
    assert_eq!(node.vault.first_failed().unwrap(), None);
    node.release(Due::All);
    assert_eq!(node.states(["b"]), [State::Shared]);
}

#[test]
fn an_edit_that_a_power_cut_took_is_written_again() {
    let room = Room::founded();
    let mut node = room.open();
    node.approve("s-1", "Een bewijs ontbreekt.", "2025-W10");
    node.approve("s-2", "Een loket is dicht.", "2025-W10");
    node.release(Due::All);
    let before = (node.shared("s-1"), node.shared("s-2"));
    drop(node);
    let kept = room.keep();
    let mut node = room.open();
    node.approve("s-1", "Twee bewijzen ontbreken.", "2025-W11");
    node.release(Due::All);
    assert_eq!(node.entries(), 3);
    drop(node);
    room.lose(&kept);
    let mut node = room.open();
    assert_eq!(node.entries(), 2, "the edit is gone");
    assert_eq!(node.states(["s-1", "s-2"]), [State::Approved, State::Shared]);
    node.release(Due::All);
    assert_eq!((node.shared("s-1"), node.shared("s-2")), before, "the same documents");
    assert_eq!(node.entries(), 3, "the edit is there again");
    drop(node);
    assert_eq!(room.open().states(["s-1", "s-2"]), [State::Shared, State::Shared]);
}

#[test]
fn a_founding_that_a_power_cut_took_is_written_again() {
    let room = Room::founded();
    let kept = room.keep();
    let mut node = room.open();
    node.approve("s-1", "Een bewijs ontbreekt.", "2025-W10");
    node.release(Due::All);
    drop(node);
    room.lose(&kept);
    let mut node = room.open();
    assert_eq!((node.states(["s-1"]), node.shared("s-1")), ([State::Approved], None));
    node.release(Due::All);
    assert_eq!((node.states(["s-1"]), node.entries()), ([State::Shared], 1));
}

#[test]
fn a_vault_that_somebody_has_holds_up_no_core() {
    let room = Room::founded();
    let Open { mut core, vault, .. } = room.open();
    let vault = Arc::new(Mutex::new(vault));
    let copying = lock(&vault);
    assert!(!release_step(&mut core, &vault, &Policy::default(), Due::All).unwrap());
    drop(copying);
    assert!(release_step(&mut core, &vault, &Policy::default(), Due::All).unwrap());
}

#[test]
fn nothing_leaves_from_a_restored_node_before_it_heard_another() {
    let room = Room::founded();
    let mut node = room.open();
    node.approve("s-1", "Een bewijs ontbreekt.", "2025-W10");
    may_release(&node.core).unwrap();
    drop(node);
    fs::write(room.home().restored(), b"").unwrap();
    let node = room.open();
    assert!(matches!(may_release(&node.core), Err(ReleaseError::HearsFirst)));
}

#[test]
fn what_a_backup_leaves_in_doubt_waits_for_a_person() {
    let room = Room::founded();
    let empty = room.keep();
    let mut node = room.open();
    node.approve("gedeeld", "Een bewijs ontbreekt.", "2025-W10");
    node.release(Due::All);
    node.approve("goedgekeurd", "Een loket is dicht.", "2025-W10");
    drop(node);
    // The backup has the vault and misses the entries.
    let whole = room.keep();
    room.lose(&empty);
    let mut node = room.open_vault();
    let (replica, ..) = crate::runtime::open_replica(&room.home()).unwrap();
    came_back(&mut node, &replica).unwrap();
    drop((node, replica));
    let ids = ["gedeeld", "goedgekeurd"];

    // It may have left since, and been withdrawn; what was shared is shared until the others say that it is not.
    fs::write(room.home().restored(), b"").unwrap();
    let node = room.open();
    assert_eq!(node.states(ids), [State::Shared, State::Screened]);
    let (id, why) = node.vault.first_failed().unwrap().unwrap();
    assert_eq!((id.as_str(), why), ("goedgekeurd", Mislukt::MisschienGedeeld));
    drop(node);

    // Another node gave it back.
    fs::remove_file(room.home().restored()).unwrap();
    let kept = room.keep();
    room.lose(&whole);
    assert_eq!(room.open().states(ids), [State::Shared, State::Screened]);

    // Nobody did.
    room.lose(&kept);
    let mut node = room.open();
    assert_eq!(node.states(ids), [State::Screened, State::Screened]);
    node.release(Due::All);
    assert_eq!(node.entries(), 0, "nothing leaves by itself");
}
