//! A backup gives the same node back, and nothing that is less than a whole backup gives anything.

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use protocol::gate::Account;
use protocol::log::Payload as Held;
use protocol::store::Space;

use super::*;
use crate::driver::Driver;
use crate::runtime::config::Config;
use crate::runtime::opening::open_replica;
use crate::runtime::world::{Founded, core, write};
use crate::runtime::{Home, heard, roots};
use crate::secret::Secret;
use crate::vault::intake::{self, Format};
use crate::vault::{Decision, Screening, State, Vault};

const ALL: Ask = Ask {
    keys: true,
    audit: false,
};

/// A federation whose first node wrote, withdrew one of it, and has a record in its vault.
fn written() -> Founded {
    let founded = Founded::new("backup", 2);
    let home = &founded.homes[0];
    let (mut core, _batches) = core(home);
    let documents = write(&mut core, 0, 5);
    core.withdraw(&documents[1..2]).unwrap();
    core.finish().unwrap();
    let with = protocol::record::Intake {
        gemeente: crate::runtime::world::gemeente(0),
        week: "2026-W10".parse().unwrap(),
        kind: None,
    };
    let typed = br#"{"soort":"signaal","id":"s-1","week":"2026-W07","aard":"knelpunt","thema":["wonen"],
        "laag":"uitvoering","overdracht":true,"tekst":"Het antwoord kwam te laat."}"#;
    let taken = intake::read(typed, Format::Json, &with).unwrap();
    vault(home).add(taken[0].as_ref().unwrap()).unwrap();
    founded
}

fn vault(home: &Home) -> Vault {
    Vault::open(&home.vault(), &Secret::load(&home.key("vault")).unwrap()).unwrap()
}

fn made(founded: &Founded, ask: Ask, name: &str) -> PathBuf {
    let out = founded.homes[0].root().with_file_name(name);
    backup(&founded.homes[0], ask, &out, None).unwrap().path
}

fn into(founded: &Founded, name: &str) -> Home {
    Home::new(founded.homes[0].root().with_file_name(name))
}

fn account() -> Account {
    Account::new("j.de.vries").unwrap()
}

/// What the audit log says was done, oldest first.
fn deeds(home: &Home) -> Vec<String> {
    let files = fs::read_dir(home.audit()).unwrap().flatten();
    let text: String = files.map(|file| fs::read_to_string(file.path()).unwrap()).collect();
    let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let deed = |line: serde_json::Value| {
        format!(
            "{} {}",
            line["account"].as_str().unwrap(),
            line["daad"].as_str().unwrap()
        )
    };
    text.lines().map(line).map(deed).collect()
}

fn restored(path: &Path, home: &Home) -> Result<Checked, BackupError> {
    let how = Restore {
        keys: None,
        into: home.root(),
        alone: false,
        by: &account(),
    };
    restore(path, &how)
}

#[test]
fn a_restored_node_holds_the_same_and_has_to_hear_another_first() {
    let founded = written();
    fs::write(founded.homes[0].card(), "a card").unwrap();
    let path = made(&founded, ALL, "whole.reservekopie");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let home = into(&founded, "new");
    let checked = restored(&path, &home).unwrap();
    let totals = checked.totals.unwrap();
    assert_eq!(
        (totals.logs, totals.entries, totals.erased, totals.missing),
        (1, 6, 1, 0)
    );
    assert!(checked.has_keys && home.restored().exists());
    assert_eq!(deeds(&home), ["j.de.vries teruggezet"]);
    assert!(!home.key("root").exists(), "the root keys are in no backup");
    for dir in [home.root().to_path_buf(), home.keys(), home.vault()] {
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let (before, ..) = open_replica(&founded.homes[0]).unwrap();
    let (after, ..) = open_replica(&home).unwrap();
    assert_eq!((after.digest(), after.state()), (before.digest(), before.state()));
    assert_eq!(fs::read_to_string(home.card()).unwrap(), "a card");
    let own = roots::own(&founded.homes[0]).unwrap();
    assert!(!own.roots.is_empty(), "a node knows the root key of its gemeente");
    assert_eq!(roots::own(&home).unwrap(), own);
    assert_eq!(Config::read(&home).unwrap(), Config::read(&founded.homes[0]).unwrap());
    assert_eq!(
        vault(&home).get("s-1").unwrap(),
        vault(&founded.homes[0]).get("s-1").unwrap()
    );
    drop((before, after));
    let (core, _batches) = core(&home);
    assert!(core.hears_first());
}

#[test]
fn a_backup_is_not_written_into_the_node_that_it_is_of() {
    let founded = written();
    let home = &founded.homes[0];
    for out in [
        home.root().to_path_buf(),
        home.keys(),
        home.vault().join("x.reservekopie"),
    ] {
        let refused = backup(home, ALL, &out, None);
        assert!(
            matches!(&refused, Err(BackupError::Inside { path }) if path.starts_with(&out)),
            "{refused:?}"
        );
    }
}

#[test]
fn a_node_is_made_in_a_directory_that_is_there_and_by_a_name_with_a_slash() {
    let founded = written();
    let path = made(&founded, ALL, "whole.reservekopie");
    let slash = Home::new(format!("{}/", into(&founded, "slash").root().display()));
    restored(&path, &slash).unwrap();
    drop(core(&slash));

    // A disk that is mounted there: nothing can be put in the place of it, and it has a directory of its own.
    let disk = into(&founded, "disk");
    fs::create_dir_all(disk.root().join("lost+found")).unwrap();
    let before = fs::metadata(disk.root()).unwrap().ino();
    fs::write(disk.root().join("other"), b"x").unwrap();
    assert!(matches!(restored(&path, &disk), Err(BackupError::Exists { .. })));
    fs::remove_file(disk.root().join("other")).unwrap();
    restored(&path, &disk).unwrap();
    let after = fs::metadata(disk.root()).unwrap();
    assert_eq!((after.ino(), after.permissions().mode() & 0o777), (before, 0o700));
    assert!(!disk.root().join(".half").exists() && disk.restored().exists());
    drop(core(&disk));
}

#[test]
fn what_was_approved_before_a_backup_does_not_leave_from_the_restored_node() {
    let founded = written();
    let mut before = vault(&founded.homes[0]);
    let screening = Screening {
        verdict: protocol::api::Verdict::Review,
        findings: Vec::new(),
    };
    before.screened("s-1", screening).unwrap();
    let decision = Decision {
        by: "api".to_owned(),
        week: "2026-W10".parse().unwrap(),
        content: None,
    };
    before.approve("s-1", decision).unwrap();
    drop(before);
    let path = made(&founded, ALL, "whole.reservekopie");
    let home = into(&founded, "new");
    restored(&path, &home).unwrap();
    let concept = vault(&home).get("s-1").unwrap();
    assert_eq!((concept.state, concept.decision), (State::Screened, None));
    assert!(concept.failed.is_some());
}

#[test]
fn a_node_that_is_all_there_is_waits_for_nobody() {
    let founded = Founded::new("backup-alone", 1);
    let path = made(&founded, ALL, "alone.reservekopie");
    let home = into(&founded, "new");
    restored(&path, &home).unwrap();
    let (core, _batches) = core(&home);
    assert!(core.hears_first());
    let threads = crate::runtime::threads(1).unwrap();
    let (driver, calls) = Driver::new(core, None);
    threads.block_on(calls.stop()).unwrap();
    driver.run(threads.handle()).unwrap();
    assert!(!home.restored().exists());
}

#[test]
fn that_nobody_is_waited_for_any_more_is_decided_once_and_noted() {
    let founded = written();
    let path = made(&founded, ALL, "whole.reservekopie");
    let home = into(&founded, "new");
    restored(&path, &home).unwrap();
    let config = Config::read(&home).unwrap();
    heard::enough(&home, &config, &account()).unwrap();
    assert!(!home.restored().exists());
    assert_eq!(deeds(&home), ["j.de.vries teruggezet", "j.de.vries wacht_op_niemand"]);
    let again = heard::enough(&home, &config, &account());
    assert!(matches!(again, Err(RunError::WaitsForNobody)), "{again:?}");

    // Without a line of who decided it there is no decision.
    fs::write(home.restored(), b"").unwrap();
    fs::remove_dir_all(home.audit()).unwrap();
    fs::write(home.audit(), b"no directory").unwrap();
    assert!(heard::enough(&home, &config, &account()).is_err());
    assert!(home.restored().exists());
}

#[test]
fn what_was_withdrawn_is_in_no_backup_that_is_made_afterwards() {
    let founded = written();
    let path = made(&founded, ALL, "whole.reservekopie");
    let home = into(&founded, "new");
    restored(&path, &home).unwrap();
    let (replica, ..) = open_replica(&home).unwrap();
    let (log, state) = replica.logs().next().unwrap();
    let entries = replica.entries(log, 0, usize::MAX).unwrap();
    assert_eq!(entries.len() as u64, state.held);
    let erased = entries.iter().filter(|entry| entry.payload == Held::Erased);
    assert_eq!(erased.count(), 1);
}

#[test]
fn without_its_keys_it_needs_them_from_elsewhere() {
    let founded = written();
    let bare = Ask { keys: false, ..ALL };
    let path = made(&founded, bare, "bare.reservekopie");
    let whole = made(&founded, ALL, "whole.reservekopie");
    let storage = Secret::load(&founded.homes[0].key("storage")).unwrap();
    let holds = |path: &Path| {
        fs::read(path)
            .unwrap()
            .windows(32)
            .any(|bytes| bytes == storage.bytes())
    };
    assert!(!holds(&path) && holds(&whole));
    let checked = check(&path, None).unwrap();
    assert_eq!((checked.has_keys, checked.totals), (false, None));
    let home = into(&founded, "new");
    assert!(matches!(restored(&path, &home), Err(BackupError::NoKeys)));
    let given = |keys: &Path| {
        let how = Restore {
            keys: Some(keys),
            into: home.root(),
            alone: true,
            by: &account(),
        };
        restore(&path, &how)
    };
    assert!(matches!(given(&founded.homes[1].keys()), Err(BackupError::WrongKey)));
    assert!(!home.root().exists());
    given(&founded.homes[0].keys()).unwrap();
    assert!(!home.restored().exists(), "it was said that nobody is left to hear");
    assert_eq!(deeds(&home), ["j.de.vries teruggezet_zonder_anderen"]);
    drop(core(&home));
}

#[test]
fn a_byte_changed_or_cut_anywhere_gives_nothing_back() {
    let founded = written();
    let path = made(&founded, ALL, "whole.reservekopie");
    let bytes = fs::read(&path).unwrap();
    let broken = founded.homes[0].root().with_file_name("broken");
    let home = into(&founded, "new");
    let step = bytes.len() / 200;
    for at in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        for content in [&changed[..], &bytes[..at]] {
            fs::write(&broken, content).unwrap();
            assert!(check(&broken, None).is_err(), "byte {at}");
        }
    }
    fs::write(&broken, [&bytes[..], b"x"].concat()).unwrap();
    assert!(matches!(restored(&broken, &home), Err(BackupError::Damaged { .. })));
    assert!(!home.root().exists());
    fs::write(&broken, b"leerkring-reservekopie-2\nsomething newer").unwrap();
    assert!(matches!(check(&broken, None), Err(BackupError::Newer { .. })));
}

#[test]
fn nothing_is_written_over_and_half_a_backup_has_no_name() {
    let founded = written();
    let path = made(&founded, ALL, "whole.reservekopie");
    let again = backup(&founded.homes[0], ALL, &path, None);
    assert!(matches!(again, Err(BackupError::Exists { .. })));
    let home = into(&founded, "new");
    restored(&path, &home).unwrap();
    assert!(matches!(restored(&path, &home), Err(BackupError::Exists { .. })));
    // What a node that is killed gives: the begin of a backup, and then no more.
    let whole = fs::read(&path).unwrap();
    let start = whole.windows(10).position(|bytes| bytes == b"{\"gemeente").unwrap() - 5;
    let mut half = Cursor::new(&whole[start..whole.len() / 2]);
    let out = path.with_file_name("half.reservekopie");
    let cut_short = backup(&founded.homes[0], ALL, &out, Some(&mut half));
    assert!(matches!(cut_short, Err(BackupError::Damaged { .. })), "{cut_short:?}");
    let left = fs::read_dir(out.parent().unwrap()).unwrap().flatten();
    let left: Vec<_> = left
        .map(|file| file.file_name())
        .filter(|name| name.to_string_lossy().contains("half"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A stream during which somebody else takes the name of the backup.
struct Meanwhile<'a>(Cursor<Vec<u8>>, &'a Path);

impl std::io::Read for Meanwhile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        fs::write(self.1, b"of somebody else")?;
        self.0.read(buffer)
    }
}

#[test]
fn a_name_that_is_taken_meanwhile_stays_what_it_is() {
    let founded = written();
    let whole = fs::read(made(&founded, ALL, "whole.reservekopie")).unwrap();
    let start = whole.windows(10).position(|bytes| bytes == b"{\"gemeente").unwrap() - 5;
    let out = founded.homes[0].root().with_file_name("taken.reservekopie");
    let mut stream = Meanwhile(Cursor::new(whole[start..whole.len() - 32].to_vec()), &out);
    let again = backup(&founded.homes[0], ALL, &out, Some(&mut stream));
    assert!(matches!(again, Err(BackupError::Exists { .. })), "{again:?}");
    assert_eq!(fs::read(&out).unwrap(), b"of somebody else");
}

#[test]
fn what_could_not_be_read_is_told() {
    let founded = written();
    let home = &founded.homes[0];
    let out = home.root().with_file_name("whole.reservekopie");
    let whole = backup(home, ALL, &out, None).unwrap();
    assert_eq!((whole.missing, whole.root_beside), (0, true));
    // The disk changes a payload: from there on nothing can be read in its place.
    let (mut replica, ..) = open_replica(home).unwrap();
    let log = replica.logs().next().unwrap().0;
    let document = replica.header(log, 3).unwrap().unwrap().header().document;
    let place = [&0_u32.to_be_bytes()[..], &3_u64.to_be_bytes()].concat();
    replica.store().flip(Space::Payloads, document, &place);
    replica.flush().unwrap();
    drop(replica);
    let out = home.root().with_file_name("less.reservekopie");
    let less = backup(home, ALL, &out, None).unwrap();
    assert_eq!(less.missing, 3);
}

#[test]
fn a_directory_gets_a_backup_with_a_name_of_its_own() {
    let founded = Founded::new("backup-dir", 1);
    let dir = founded.homes[0].root().with_file_name("backups");
    fs::create_dir(&dir).unwrap();
    let made = backup(&founded.homes[0], ALL, &dir, None).unwrap();
    assert!(made.path.starts_with(&dir) && made.path.to_string_lossy().contains("GM9901"));
    assert_eq!(made.bytes, fs::metadata(&made.path).unwrap().len());
}

#[test]
fn only_what_a_backup_left_that_was_cut_short_makes_room_for_the_next() {
    let founded = Founded::new("backup-half", 1);
    let home = &founded.homes[0];
    let out = home.root().with_file_name("whole.reservekopie");
    let half = home.root().with_file_name("whole.reservekopie.half");
    let refused = || match backup(home, ALL, &out, None) {
        Err(BackupError::Exists { path }) => path == half,
        other => panic!("{other:?}"),
    };
    fs::write(&half, "a draft of somebody else").unwrap();
    assert!(refused() && fs::read(&half).unwrap() == b"a draft of somebody else");
    fs::write(&half, b"leerkring-reservekopie-1\nand more").unwrap();
    let writes = fs::File::open(&half).unwrap();
    writes.lock_shared().unwrap();
    assert!(refused(), "another one is being written there");
    drop(writes);
    backup(home, ALL, &out, None).unwrap();
    assert!(!half.exists());
}

#[test]
fn a_disk_that_fills_up_under_a_backup_is_told_with_the_file_that_has_no_room() {
    struct Fills;
    impl io::Write for Fills {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let founded = written();
    let home = &founded.homes[0];
    let (replica, ..) = open_replica(home).unwrap();
    let source = source::Stopped {
        replica,
        vault: vault(home),
    };
    let (config, named) = (Config::read(home).unwrap(), Path::new("x.reservekopie.half"));
    let made = stream(home, &config, &source, false, (&mut Fills, named));
    let Err(BackupError::Io { path, .. }) = &made else {
        panic!("{made:?}")
    };
    assert_eq!(path, named);
    assert!(crate::full::is_full(&made.unwrap_err()));
}
