//! Two cores and a perfect wire between them: what the disk of one lost the other sends again.

use std::sync::mpsc::Receiver;

use protocol::id::{DocumentId, LogId};
use protocol::log::Stored;
use protocol::store::Space;

use super::super::Core;
use crate::net::{Command, Event};
use crate::runtime::world::{Founded, core, write};
use crate::view::{Batch, Content};

const RECORDS: usize = 30;

/// Lets both talk until they are silent.
fn talk(cores: &mut [(Core, Receiver<Batch>); 2]) {
    for _ in 0..10_000 {
        let mut said = 0;
        for (from, to) in [(0, 1), (1, 0)] {
            let peer = cores[from].0.me();
            for command in cores[from].0.take_commands() {
                let event = match command {
                    Command::Request { id, bytes, .. } => Event::Request { peer, id, bytes },
                    Command::Respond { id, bytes, .. } => Event::Response { peer, id, bytes },
                    _ => continue,
                };
                said += 1;
                cores[to].0.network(event);
                cores[to].0.after();
            }
        }
        if said == 0 {
            return;
        }
    }
    panic!("they do not stop talking");
}

fn meet(cores: &mut [(Core, Receiver<Batch>); 2]) {
    for (one, other) in [(0, 1), (1, 0)] {
        let peer = cores[other].0.me();
        cores[one].0.start();
        cores[one].0.network(Event::Connected { peer });
        cores[one].0.after();
    }
    talk(cores);
}

/// Number and position of an entry, as its key in the store; every log of these tests is the first of its node.
fn place(seq: u64) -> Vec<u8> {
    [&0_u32.to_be_bytes()[..], &seq.to_be_bytes()].concat()
}

fn log_of(core: &Core) -> LogId {
    core.replica().logs().next().unwrap().0
}

fn is_whole(core: &Core, log: LogId) -> bool {
    let held = core.replica().log(log).unwrap().held;
    (0..held).all(|seq| matches!(core.replica().stored(log, seq).unwrap(), Stored::Whole(_)))
}

#[test]
fn a_value_that_the_disk_changed_is_fetched_again_from_a_peer() {
    let founded = Founded::new("mend", 2);
    let mut cores = [core(&founded.homes[0]), core(&founded.homes[1])];
    let documents = write(&mut cores[0].0, 0, RECORDS);
    meet(&mut cores);
    let log = log_of(&cores[0].0);
    assert_eq!(cores[1].0.replica().log(log).unwrap().held, RECORDS as u64 + 1);
    // The reader stops; its disk flips bits in headers and payloads; it starts again and meets the writer.
    let [writer, (reader, _)] = cores;
    let digest = reader.replica().digest();
    reader.finish().unwrap();
    let reader = core(&founded.homes[1]);
    let store = reader.0.replica().store();
    store.flip(Space::Headers, DocumentId([0; 32]), &place(3));
    store.flip(Space::Headers, DocumentId([0; 32]), &place(4));
    store.flip(Space::Payloads, documents[9], &place(10));
    store.flip(Space::Payloads, documents[RECORDS - 1], &place(RECORDS as u64));
    assert!(reader.0.replica().changes(documents[9]).is_err());
    let mut cores = [writer, reader];
    let peer = cores[1].0.me();
    cores[0].0.network(Event::Disconnected { peer });
    meet(&mut cores);
    let reader = &cores[1].0;
    assert!(is_whole(reader, log));
    let damage = reader.replica().damage();
    assert_eq!((damage.found, damage.mended, damage.open), (4, 4, 0));
    assert_eq!(reader.replica().digest(), digest);
    for document in documents {
        assert_eq!(
            reader.replica().changes(document).unwrap(),
            cores[0].0.replica().changes(document).unwrap()
        );
    }
}

#[test]
fn what_a_node_wrote_itself_it_puts_back_without_a_peer() {
    let founded = Founded::new("mend-own", 2);
    let (mut writer, _batches) = core(&founded.homes[0]);
    let documents = write(&mut writer, 0, 5);
    writer.replica().store().flip(Space::Payloads, documents[2], &place(3));
    writer.start();
    let log = log_of(&writer);
    assert!(is_whole(&writer, log));
    assert_eq!(writer.replica().damage().mended, 1);
}

#[test]
fn one_lost_document_does_not_hold_up_the_view_of_the_others() {
    let founded = Founded::new("mend-view", 2);
    let mut cores = [core(&founded.homes[0]), core(&founded.homes[1])];
    let documents = write(&mut cores[0].0, 0, 5);
    meet(&mut cores);
    let [_, (reader, _)] = cores;
    reader.finish().unwrap();
    let (mut reader, batches) = core(&founded.homes[1]);
    reader.replica().store().flip(Space::Payloads, documents[2], &place(3));
    reader.start();
    let batch = batches.try_recv().unwrap();
    assert_eq!(batch.changes.len(), 5);
    for change in &batch.changes {
        let unreadable = matches!(change.content, Content::Unreadable { .. });
        assert_eq!(unreadable, change.document == documents[2]);
    }
}
