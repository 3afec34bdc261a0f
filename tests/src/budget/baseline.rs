//! The same work with what others made for it, in the same run and on the same records.

use automerge::sync::{Message, State, SyncDoc};
use automerge::{Automerge, Change};
use negentropy::{Id, Negentropy, NegentropyStorageVector};

use super::replicas::rates;
use super::table::{Row, Table, grouped};
use super::usage::timed;

/// automerge applies each change to a document of its own and reads the document.
pub(super) fn applied<F: FnMut(&str)>(payloads: &[Vec<u8>], table: &mut Table<F>) {
    let (keys, spent) = timed(|| {
        payloads
            .iter()
            .map(|payload| keys_of(&document(payload)))
            .sum::<usize>()
    });
    assert!(keys > payloads.len(), "automerge reads what was written");
    table.add(Row {
        what: format!("- automerge: apply and hydrate; {}", grouped(payloads.len() as u64)),
        measured: rates(payloads.len(), spent),
        spent: Some(spent),
        ..Row::default()
    });
}

fn document(payload: &[u8]) -> Automerge {
    let change = Change::from_bytes(payload.to_vec()).expect("automerge reads our changes");
    let mut document = Automerge::new();
    document
        .apply_changes([change])
        .expect("a change without dependencies applies");
    document
}

fn keys_of(document: &Automerge) -> usize {
    match document.hydrate(None) {
        automerge::hydrate::Value::Map(map) => map.iter().count(),
        _ => 0,
    }
}

/// Two sides with the same records find out that they are equal.
pub(super) fn equal<F: FnMut(&str)>(payloads: &[Vec<u8>], table: &mut Table<F>) {
    let ((messages, bytes), spent) = timed(|| {
        let talks = payloads
            .iter()
            .map(|payload| talk(&mut document(payload), &mut document(payload)));
        talks.fold((0, 0), |sum, talk| (sum.0 + talk.0, sum.1 + talk.1))
    });
    table.add(Row {
        what: format!("- automerge::sync, {} equal documents", grouped(payloads.len() as u64)),
        measured: format!("{} messages", grouped(messages)),
        spent: Some(spent),
        bytes: Some(bytes),
        ..Row::default()
    });
    let ((rounds, bytes), spent) = timed(|| reconcile(payloads));
    table.add(Row {
        what: format!("- negentropy, the same {} ids", grouped(payloads.len() as u64)),
        measured: format!("{bytes} bytes, {rounds} round trip"),
        spent: Some(spent),
        bytes: Some(bytes),
        ..Row::default()
    });
}

/// Messages and their bytes until both sides are silent.
fn talk(one: &mut Automerge, other: &mut Automerge) -> (u64, u64) {
    let (mut messages, mut bytes) = (0, 0);
    let mut count = |message: Message| {
        let encoded = message.encode();
        messages += 1;
        bytes += encoded.len() as u64;
        Message::decode(&encoded).expect("automerge reads its own messages")
    };
    let (mut here, mut there) = (State::new(), State::new());
    loop {
        let to = one.generate_sync_message(&mut here).map(&mut count);
        let asked = to.is_some();
        if let Some(message) = to {
            other
                .receive_sync_message(&mut there, message)
                .expect("it is a correct message");
        }
        let from = other.generate_sync_message(&mut there).map(&mut count);
        let answered = from.is_some();
        if let Some(message) = from {
            one.receive_sync_message(&mut here, message)
                .expect("it is a correct message");
        }
        if !asked && !answered {
            return (messages, bytes);
        }
    }
}

/// Round trips and bytes until the asker knows that nothing differs.
fn reconcile(payloads: &[Vec<u8>]) -> (u64, u64) {
    let mut asker = Negentropy::owned(storage(payloads), 0).expect("frames without a limit are allowed");
    let mut answerer = Negentropy::owned(storage(payloads), 0).expect("frames without a limit are allowed");
    let (mut rounds, mut bytes) = (0, 0);
    let mut next = Some(asker.initiate().expect("the storage is sealed"));
    while let Some(query) = next {
        let answer = answerer.reconcile(&query).expect("it is a correct message");
        rounds += 1;
        bytes += (query.len() + answer.len()) as u64;
        let (mut have, mut need) = (Vec::new(), Vec::new());
        let more = asker.reconcile_with_ids(&answer, &mut have, &mut need);
        next = more.expect("it is a correct message");
        assert!(have.is_empty() && need.is_empty(), "both sides have the same");
    }
    (rounds, bytes)
}

/// One id per record, all of one moment: records have no time of their own.
fn storage(payloads: &[Vec<u8>]) -> NegentropyStorageVector {
    let mut storage = NegentropyStorageVector::with_capacity(payloads.len());
    for (at, payload) in payloads.iter().enumerate() {
        let change = Change::from_bytes(payload.clone()).expect("automerge reads our changes");
        let id = Id::from_byte_array(change.hash().0);
        storage.insert(at as u64, id).expect("the storage is not sealed yet");
    }
    storage.seal().expect("the storage is not sealed yet");
    storage
}
