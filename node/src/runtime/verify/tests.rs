//! Whatever is done to a directory, `verify` says it, and leaves every byte as it is.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt;

use protocol::id::DocumentId;
use protocol::store::{Batch, Space, Store};

use super::*;
use crate::runtime::opening::open_replica;
use crate::runtime::world::{Founded, core, write};
use crate::store::FILES;

/// Every file below a directory with its content.
fn bytes(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.insert(path.clone(), Vec::new());
            found.extend(bytes(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// A federation of which the first node wrote some records and stopped.
fn written() -> (Founded, Vec<DocumentId>) {
    let founded = Founded::new("verify", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    let documents = write(&mut core, 0, 5);
    core.finish().unwrap();
    (founded, documents)
}

/// What is found, when nothing at all changes meanwhile.
fn found(home: &Home) -> Verified {
    let before = bytes(home.root());
    let found = verify(home).unwrap();
    assert!(bytes(home.root()) == before, "verify changed something");
    found
}

fn kinds(found: &Verified) -> Vec<(FaultKind, u64)> {
    found.counts.iter().map(|(kind, count)| (*kind, *count)).collect()
}

fn own_file(home: &Home) -> PathBuf {
    fs::read_dir(home.own()).unwrap().next().unwrap().unwrap().path()
}

#[test]
fn a_directory_in_order_holds() {
    let (founded, _) = written();
    let found = found(&founded.homes[0]);
    assert!(found.holds(), "{:?}", found.faults);
    assert_eq!((found.logs, found.entries, found.effective), (1, 6, 6));
    assert!(self::found(&founded.homes[1]).holds());
}

#[test]
fn a_copy_that_was_left_behind_goes_with_the_next_check_or_start_and_one_in_use_stays() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    let left = || {
        fs::create_dir_all(home.copy().join(FILES)).unwrap();
        fs::write(home.copy().join(FILES).join("db"), "half a copy").unwrap();
    };
    left();
    assert!(verify(home).unwrap().holds());
    assert!(!home.copy().exists());
    left();
    let used = Copied::of(home).unwrap();
    assert!(matches!(verify(home), Err(VerifyError::Busy { .. })));
    sweep(home);
    assert!(home.copy().join(FILES).exists(), "somebody looks into it");
    drop(used);
    left();
    sweep(home);
    assert!(!home.copy().exists());
}

#[test]
fn a_torn_own_log_is_told_and_not_cut() {
    let (founded, _) = written();
    let path = own_file(&founded.homes[0]);
    let length = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(length - 3)
        .unwrap();
    let found = found(&founded.homes[0]);
    assert_eq!(kinds(&found), [(FaultKind::OwnTorn, 1)]);
    assert_eq!(found.faults[0].path.as_deref(), Some(path.as_path()));
    assert_eq!(fs::metadata(&path).unwrap().len(), length - 3);
}

#[test]
fn a_damaged_own_log_is_told_with_its_place() {
    let (founded, _) = written();
    let path = own_file(&founded.homes[0]);
    let file = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let mut byte = [0];
    file.read_exact_at(&mut byte, 30).unwrap();
    file.write_all_at(&[byte[0] ^ 1], 30).unwrap();
    let found = found(&founded.homes[0]);
    assert_eq!(kinds(&found), [(FaultKind::OwnDamaged, 1)]);
    assert!(found.faults[0].detail.starts_with("byte 0:"), "{:?}", found.faults);
}

#[test]
fn flipped_bits_and_removed_entries_are_each_counted() {
    let (founded, documents) = written();
    let home = &founded.homes[0];
    let place = |seq: u64| [&0_u32.to_be_bytes()[..], &seq.to_be_bytes()].concat();
    let (replica, ..) = open_replica(home).unwrap();
    let log = replica.logs().next().unwrap().0;
    replica.store().flip(Space::Payloads, documents[0], &place(1));
    replica.store().flip(Space::Headers, DocumentId([0; 32]), &place(3));
    drop(replica);
    let mut store = Sled::open(&home.store(), &Secret::load(&home.key("storage")).unwrap()).unwrap();
    let mut batch = Batch::default();
    batch.delete(Space::Headers, place(5));
    store.commit(batch).unwrap();
    store.flush().unwrap();
    drop(store);
    let found = found(home);
    assert_eq!(kinds(&found), [(FaultKind::Entry, 2), (FaultKind::Payload, 1)]);
    let places: Vec<_> = found.faults.iter().map(|fault| (fault.log, fault.seq)).collect();
    assert_eq!(places, [1, 3, 5].map(|seq| (Some(log), Some(seq))));
}

#[test]
fn own_entries_that_the_store_lost_are_counted_and_stay_where_they_are() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    let lost = fs::read(own_file(home)).unwrap();
    let name = own_file(home).file_name().unwrap().to_owned();
    // The disk loses the whole store; keys and own log are there, and the charter is taken in again.
    fs::remove_dir_all(home.store().join(FILES)).unwrap();
    fs::remove_dir_all(home.own()).unwrap();
    crate::runtime::world::import(home, &founded.charter).unwrap();
    fs::create_dir_all(home.own()).unwrap();
    fs::write(home.own().join(name), lost).unwrap();
    let found = found(home);
    assert_eq!(kinds(&found), [(FaultKind::OwnMissing, 6)]);
    assert!(!found.holds(), "a node that stopped well had flushed them");
    fs::write(home.ready(), "{}").unwrap();
    assert!(
        self::found(home).holds(),
        "what was acknowledged is in the own log of a node that was killed"
    );
    fs::remove_file(home.ready()).unwrap();
    // The next start takes them back.
    drop(core(home));
    assert!(self::found(home).counts.is_empty());
}

#[test]
fn a_signature_that_is_not_the_nodes_is_told() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    let (replica, ..) = open_replica(home).unwrap();
    let log = replica.logs().next().unwrap().0;
    let signed = replica.header(log, 2).unwrap().unwrap();
    drop(replica);
    let mut store = Sled::open(&home.store(), &Secret::load(&home.key("storage")).unwrap()).unwrap();
    let mut batch = Batch::default();
    let mut signature = *signed.signature();
    signature[5] ^= 1;
    let place = [&0_u32.to_be_bytes()[..], &2_u64.to_be_bytes()].concat();
    batch.put(Space::Headers, place, [&signature[..], signed.bytes()].concat());
    store.commit(batch).unwrap();
    store.flush().unwrap();
    drop(store);
    assert_eq!(kinds(&found(home)), [(FaultKind::Signature, 1)]);
}

#[test]
fn a_store_that_does_not_open_is_a_fault_and_one_in_use_an_error() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    let opened = core(home);
    assert!(matches!(verify(home), Err(VerifyError::InUse { .. })));
    drop(opened);
    fs::write(home.store().join(FILES).join("db"), [7; 4096]).unwrap();
    fs::write(home.store().join(FILES).join("conf"), b"nothing of the kind").unwrap();
    assert_eq!(kinds(&found(home)), [(FaultKind::Store, 1)]);
}

#[test]
fn a_key_that_is_gone_or_another_is_a_fault_though_the_store_is_in_order() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    crate::runtime::itself::check(home, crate::runtime::roots::me(home).unwrap()).unwrap();
    assert!(found(home).holds());
    let flip = |name: &str| {
        let mut key = fs::read(home.key(name)).unwrap();
        key[5] ^= 1;
        fs::write(home.key(name), key).unwrap();
    };
    flip("node");
    let other = found(home);
    assert_eq!(kinds(&other), [(FaultKind::Key, 1)]);
    assert_eq!(other.faults[0].path.as_deref(), Some(home.key("node").as_path()));
    assert!(!other.holds() && other.needs_other_files());
    flip("node");
    fs::rename(home.key("vault"), home.key("vault.away")).unwrap();
    assert_eq!(kinds(&found(home)), [(FaultKind::Key, 1)]);
    fs::rename(home.key("vault.away"), home.key("vault")).unwrap();
    assert!(found(home).holds());
}

#[test]
fn a_vault_that_is_gone_damaged_or_under_another_key_is_a_fault() {
    let (founded, _) = written();
    let home = &founded.homes[0];
    let key = Secret::load(&home.key("vault")).unwrap();
    drop(crate::vault::Vault::open(&home.vault(), &key).unwrap());
    fs::write(home.view(), "").unwrap();
    assert!(found(home).holds());
    fs::rename(home.key("vault"), home.key("vault.away")).unwrap();
    fs::copy(home.key("node"), home.key("vault")).unwrap();
    let other = found(home);
    assert_eq!(kinds(&other), [(FaultKind::Key, 1)]);
    assert_eq!(other.faults[0].path.as_deref(), Some(home.key("vault").as_path()));
    fs::rename(home.key("vault.away"), home.key("vault")).unwrap();
    let file = home.vault().join("vault.sqlite");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, [7; 4096]).unwrap();
    assert_eq!(kinds(&found(home)), [(FaultKind::Vault, 1)]);
    fs::write(&file, whole).unwrap();
    assert!(found(home).holds());
    fs::remove_file(file).unwrap();
    assert_eq!(kinds(&found(home)), [(FaultKind::Vault, 1)]);
    fs::remove_dir_all(home.vault()).unwrap();
    assert_eq!(kinds(&found(home)), [(FaultKind::Vault, 1)]);
}

#[test]
fn a_store_that_is_gone_is_a_fault_also_of_a_node_that_wrote_nothing() {
    use crate::runtime::belongs;
    let (founded, _) = written();
    for home in &founded.homes {
        let (replica, ..) = open_replica(home).unwrap();
        belongs::check(home, &replica).unwrap();
        belongs::note(home, &replica, crate::runtime::roots::me(home).unwrap()).unwrap();
        drop(replica);
        assert!(found(home).holds());
    }
    let [first, second] = &founded.homes[..] else {
        panic!("there are two")
    };
    // Of the first only sled's files are gone: its own log says that it wrote.
    fs::remove_file(first.federation()).unwrap();
    fs::remove_dir_all(first.store().join(FILES)).unwrap();
    fs::remove_dir_all(second.store()).unwrap();
    for home in [first, second] {
        assert_eq!(kinds(&found(home)), [(FaultKind::Lost, 1)]);
        let (replica, ..) = open_replica(home).unwrap();
        let lost = belongs::check(home, &replica);
        assert!(matches!(lost, Err(RunError::StoreLost { .. })), "{lost:?}");
        drop(replica);
        let unasked = crate::runtime::world::import(home, &founded.charter);
        assert!(matches!(unasked, Err(RunError::StoreLost { .. })), "{unasked:?}");
        crate::runtime::doctor(home).unwrap();
        let (replica, ..) = open_replica(home).unwrap();
        belongs::check(home, &replica).unwrap();
        drop(replica);
        crate::runtime::world::import(home, &founded.charter).unwrap();
        // What its own log has is taken over at the next start.
        assert!(!found(home).counts.contains_key(&FaultKind::Lost));
    }
}
