//! A store that is made anew holds what the old one still gave and what the own log has.

use protocol::id::DocumentId;

use super::*;
use crate::runtime::world::{Founded, core, import, write};
use crate::runtime::{FaultKind, verify};

fn written() -> Founded {
    let founded = Founded::new("doctor", 2);
    let (mut core, _batches) = core(&founded.homes[0]);
    write(&mut core, 0, 5);
    core.finish().unwrap();
    founded
}

#[test]
fn a_store_with_damage_keeps_its_charter_and_entries() {
    let founded = written();
    let home = &founded.homes[0];
    let (opened, _batches) = core(home);
    let place = [&0_u32.to_be_bytes()[..], &3_u64.to_be_bytes()].concat();
    opened
        .replica()
        .store()
        .flip(Space::Headers, DocumentId([0; 32]), &place);
    let digest = opened.replica().digest();
    drop(opened);
    assert!(!verify(home).unwrap().holds());
    let rebuilt = doctor(home).unwrap();
    assert_eq!((rebuilt.from_store, rebuilt.from_own, rebuilt.missing), (3, 3, 0));
    assert!(rebuilt.aside.exists() && rebuilt.federation.is_some());
    assert!(verify(home).unwrap().holds());
    assert_eq!(core(home).0.replica().digest(), digest);
}

#[test]
fn a_file_of_keys_with_another_head_keeps_its_keys() {
    for byte in [4, 7, 15] {
        let founded = written();
        let home = &founded.homes[0];
        let digest = core(home).0.replica().digest();
        let path = home.store().join("keys/000000.seg");
        let whole = std::fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        bytes[byte] ^= 0x20;
        std::fs::write(&path, &bytes).unwrap();
        assert!(!verify(home).unwrap().holds());
        let rebuilt = doctor(home).unwrap();
        assert_eq!((rebuilt.from_store, rebuilt.missing), (6, 0), "{rebuilt:?}");
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert!(verify(home).unwrap().holds());
        assert_eq!(core(home).0.replica().digest(), digest);
    }
}

#[test]
fn keys_of_a_later_version_are_left_alone() {
    let founded = written();
    let home = &founded.homes[0];
    let path = home.store().join("keys/000000.seg");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[7] = 2;
    bytes[16..].fill(9);
    std::fs::write(&path, &bytes).unwrap();
    assert!(doctor(home).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_store_that_does_not_open_comes_back_from_the_own_log_once_the_charter_is_there() {
    let founded = written();
    let home = &founded.homes[0];
    let digest = core(home).0.replica().digest();
    std::fs::write(home.store().join(FILES).join("db"), [7; 4096]).unwrap();
    std::fs::write(home.store().join(FILES).join("conf"), b"nothing of the kind").unwrap();
    let rebuilt = doctor(home).unwrap();
    assert_eq!((rebuilt.federation, rebuilt.statements), (None, 0));
    import(home, &founded.charter).unwrap();
    assert_eq!(core(home).0.replica().digest(), digest);
    assert!(verify(home).unwrap().holds());
}

#[test]
fn a_store_in_use_is_left_alone() {
    let founded = written();
    let home = &founded.homes[0];
    let opened = core(home);
    assert!(doctor(home).is_err());
    drop(opened);
    assert!(verify(home).unwrap().holds());
}

#[test]
fn an_own_log_that_is_damaged_is_put_aside_and_the_store_keeps_its_entries() {
    let founded = written();
    let home = &founded.homes[0];
    let (opened, _batches) = core(home);
    let (digest, log) = (opened.replica().digest(), opened.replica().logs().next().unwrap().0);
    drop(opened);
    let path = home.own().join(format!("{log}.log"));
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(verify(home).unwrap().counts.get(&FaultKind::OwnDamaged), Some(&1));
    let rebuilt = doctor(home).unwrap();
    assert_eq!((rebuilt.from_store, rebuilt.missing, rebuilt.refused), (6, 0, 0));
    let [aside] = &rebuilt.own_aside[..] else {
        panic!("{rebuilt:?}")
    };
    assert_eq!(std::fs::read(aside).unwrap(), bytes, "nothing is thrown away");
    let cut = std::fs::read(&path).unwrap();
    assert!(!cut.is_empty() && bytes.starts_with(&cut));
    assert!(verify(home).unwrap().holds());
    assert_eq!(core(home).0.replica().digest(), digest);
}

#[test]
fn what_stands_before_the_damage_comes_back_with_the_charter() {
    let founded = written();
    let home = &founded.homes[0];
    let (opened, _batches) = core(home);
    let log = opened.replica().logs().next().unwrap().0;
    drop(opened);
    let path = home.own().join(format!("{log}.log"));
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    std::fs::write(home.store().join(FILES).join("db"), [7; 4096]).unwrap();
    std::fs::write(home.store().join(FILES).join("conf"), b"nothing of the kind").unwrap();
    let rebuilt = doctor(home).unwrap();
    assert_eq!((rebuilt.federation, rebuilt.own_aside.len()), (None, 1));
    import(home, &founded.charter).unwrap();
    let held = |home| core(home).0.replica().log(log).map_or(0, |state| state.held);
    assert_eq!(held(home), 5, "all but the entry that was damaged");
}

#[test]
fn a_node_with_a_new_store_hears_others_before_it_does_anything() {
    let founded = written();
    let home = &founded.homes[0];
    assert!(!core(home).0.hears_first());
    doctor(home).unwrap();
    assert!(core(home).0.hears_first(), "what was lost may have been a withdrawal");
}

#[test]
fn without_the_key_of_the_vault_nothing_is_moved() {
    let founded = written();
    let home = &founded.homes[0];
    std::fs::rename(home.key("vault"), home.key("vault.away")).unwrap();
    assert!(matches!(doctor(home), Err(DoctorError::Run(RunError::Secret(_)))));
    assert!(!home.restored().exists() && !home.store().join(format!("{FILES}.kapot-1")).exists());
}
