//! What is refused at the border, each with its reason, and the valid entries before it kept.

use super::world::{Hand, World, all, gemeente, record};
use crate::document;
use crate::entropy::Entropy;
use crate::id::{DocumentId, FederationId, HeaderHash};
use crate::log::{
    Class, Entry, HEADER_BYTES, HEADER_BYTES_MAX, Ingested, Opening, PAYLOAD_BYTES_MAX, Payload, RUN_ENTRIES_MAX,
    Reason, Refusal, Replica, SIGNED_EVERY, SIGNED_EVERY_BYTES, SignedHeader,
};
use crate::store::Memory;

/// Something that breaks a rule, and the reason it should be refused for.
type Break<T> = (fn(&mut T), Reason);

/// Three entries: an opening and two documents.
fn sound(world: &mut World) -> Hand {
    let mut hand = world.hand(0);
    hand.found(gemeente(0), "one");
    hand.found(gemeente(0), "two");
    hand
}

/// Gives the replica all entries; expects so many to be kept and the next refused for this reason, and counted.
fn expect(replica: &mut Replica<Memory>, hand: &Hand, kept: u64, why: Reason) -> Ingested {
    let counted = replica.refusals().of(why);
    let ingested = replica.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!(ingested.refused, Some(Refusal { seq: kept, why }));
    assert_eq!(ingested.accepted, kept, "{why}");
    assert_eq!(replica.refusals().of(why), counted + 1, "{why} is counted");
    assert_eq!(replica.log(hand.log).map_or(0, |state| state.held), kept);
    assert_eq!(all(replica, hand.log), hand.entries[..kept as usize]);
    ingested
}

fn flip(signed: &SignedHeader) -> SignedHeader {
    let mut signature = *signed.signature();
    signature[3] ^= 1;
    SignedHeader::read(signed.bytes(), signature).unwrap()
}

#[test]
fn a_gap_is_refused_between_runs_and_within_one() {
    let mut world = World::new(1, 2);
    let hand = sound(&mut world);
    let mut replica = world.replica();
    let early = replica.ingest(hand.log, hand.entries[1..].to_vec()).unwrap();
    assert_eq!(
        early.refused,
        Some(Refusal {
            seq: 1,
            why: Reason::Gap
        })
    );
    assert!(
        replica.log(hand.log).is_none(),
        "nothing is kept of a log that starts with a gap"
    );
    let mut holed = hand.clone();
    holed.entries.remove(1);
    expect(&mut replica, &holed, 1, Reason::Gap);
}

#[test]
fn a_replay_is_skipped_and_counted() {
    let mut world = World::new(2, 2);
    let hand = sound(&mut world);
    let mut replica = world.replica();
    replica.ingest(hand.log, hand.entries[..2].to_vec()).unwrap();
    let again = replica.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!((again.replayed, again.accepted, again.refused), (2, 1, None));
    assert_eq!(replica.refusals().of(Reason::Replay), 2);
}

#[test]
fn a_broken_chain_is_refused() {
    let mut world = World::new(3, 2);
    let mut hand = sound(&mut world);
    hand.next.previous = HeaderHash([1; 32]);
    hand.found(gemeente(0), "behind nothing");
    expect(&mut world.replica(), &hand, 3, Reason::Chain);
}

#[test]
fn another_federation_and_an_unknown_node_are_refused_and_leave_no_log() {
    let mut world = World::new(4, 2);
    let mut replica = world.replica();
    let key = world.key(0);
    let mut hand = Hand::new(FederationId([9; 32]), key, &mut world.rng);
    hand.found(gemeente(0), "elsewhere");
    expect(&mut replica, &hand, 0, Reason::Federation);
    let (key, _) = world.further_node(0);
    let mut hand = Hand::new(world.federation, key, &mut world.rng);
    hand.found(gemeente(0), "by nobody");
    expect(&mut replica, &hand, 0, Reason::UnknownNode);
    assert_eq!(replica.logs().count(), 0);
}

#[test]
fn a_run_sent_for_another_log_is_refused() {
    let mut world = World::new(5, 2);
    let (hand, mut other) = (sound(&mut world), sound(&mut world));
    let mut replica = world.replica();
    let ingested = replica.ingest(other.log, hand.entries.clone()).unwrap();
    assert_eq!(
        ingested.refused,
        Some(Refusal {
            seq: 0,
            why: Reason::Log
        })
    );
    replica.ingest(hand.log, hand.entries.clone()).unwrap();
    let mixed = vec![
        hand.entries[0].clone(),
        other.entries[1].clone(),
        hand.entries[2].clone(),
    ];
    let ingested = replica.ingest(hand.log, mixed).unwrap();
    assert_eq!(
        (ingested.refused, ingested.fork),
        (
            Some(Refusal {
                seq: 1,
                why: Reason::Log
            }),
            None
        )
    );
    let disordered = vec![hand.entries[0].clone(), hand.entries[2].clone()];
    let ingested = replica.ingest(hand.log, disordered).unwrap();
    assert_eq!(
        (ingested.refused, ingested.fork),
        (
            Some(Refusal {
                seq: 1,
                why: Reason::Gap
            }),
            None
        )
    );
    other.next.incarnation = hand.next.incarnation;
    other.found(gemeente(0), "in between");
    expect(&mut replica, &other, 3, Reason::Log);
}

#[test]
fn tampered_payloads_are_refused_and_the_log_can_go_on() {
    let mut world = World::new(6, 2);
    let hand = sound(&mut world);
    let mut replica = world.replica();
    let tampers: [Break<Payload>; 4] = [
        (|payload| *payload = Payload::Erased, Reason::PayloadMissing),
        (|payload| with(payload, |_, bytes| bytes[20] ^= 1), Reason::Commitment),
        (|payload| with(payload, |_, bytes| bytes.push(0)), Reason::Commitment),
        (|payload| with(payload, |salt, _| salt[0] ^= 1), Reason::Commitment),
    ];
    for (at, (tamper, why)) in tampers.into_iter().enumerate() {
        let mut tampered = hand.clone();
        tamper(&mut tampered.entries[2].payload);
        match at {
            0 => drop(expect(&mut replica, &tampered, 2, why)),
            _ => {
                let ingested = replica.ingest(hand.log, tampered.entries).unwrap();
                assert_eq!(ingested.refused, Some(Refusal { seq: 2, why }));
            }
        }
        assert_eq!(replica.log(hand.log).unwrap().refused, None, "not the node's own doing");
    }
    replica.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!(all(&replica, hand.log), hand.entries);
}

fn with(payload: &mut Payload, change: fn(&mut [u8; 16], &mut Vec<u8>)) {
    if let Payload::Held { salt, bytes } = payload {
        change(salt, bytes);
    }
}

#[test]
fn what_a_node_signs_itself_ends_its_log() {
    let mut world = World::new(7, 2);
    let base = sound(&mut world);
    let breaks: [Break<Hand>; 9] = [
        (|hand| no_change(hand, 12), Reason::Change),
        (|hand| no_change(hand, PAYLOAD_BYTES_MAX), Reason::Change),
        (|hand| no_change(hand, PAYLOAD_BYTES_MAX + 1), Reason::PayloadLength),
        (copied_id, Reason::DocumentId),
        (another_actor, Reason::Change),
        (wrong_length, Reason::PayloadLength),
        (|hand| statement_about_a_document(hand), Reason::Class),
        (change_of_nothing, Reason::Class),
        (second_opening, Reason::Opening),
    ];
    for (case, (break_it, why)) in breaks.into_iter().enumerate() {
        let mut hand = base.clone();
        break_it(&mut hand);
        hand.next.class = Class::Change;
        hand.found(gemeente(0), "behind it");
        let mut replica = world.replica();
        expect(&mut replica, &hand, 3, why);
        let ended = replica.log(hand.log).unwrap().refused;
        assert_eq!(ended, Some(Refusal { seq: 3, why }), "case {case}");
    }
}

fn no_change(hand: &mut Hand, bytes: usize) {
    hand.push(vec![0; bytes]);
}

/// Founds a document under the id of the one before it.
fn copied_id(hand: &mut Hand) {
    let payload = document::found(
        document::actor(hand.log, hand.next.document),
        &record(gemeente(0), "copy"),
    )
    .unwrap();
    hand.push(payload);
}

fn another_actor(hand: &mut Hand) {
    let payload = document::found([7; 16], &record(gemeente(0), "in disguise")).unwrap();
    hand.next.document = crate::log::document_id(hand.log, hand.next.seq, hand.next.kind, gemeente(0));
    hand.push(payload);
}

fn wrong_length(hand: &mut Hand) {
    let mut other = hand.clone();
    other.found(gemeente(0), "with another length");
    let Some(Entry { signed, payload }) = other.entries.pop() else {
        return;
    };
    let mut header = signed.header().clone();
    header.payload_len += 1;
    let signed = SignedHeader::sign(header, &hand.key);
    (hand.next.seq, hand.next.previous) = (hand.next.seq + 1, signed.hash());
    hand.entries.push(Entry { signed, payload });
}

fn statement_about_a_document(hand: &mut Hand) {
    (hand.next.class, hand.next.kind) = (Class::Statement, 2);
    hand.push(Vec::new());
}

fn change_of_nothing(hand: &mut Hand) {
    hand.next.document = DocumentId([0; 32]);
    hand.push(Vec::new());
}

fn second_opening(hand: &mut Hand) {
    (hand.next.class, hand.next.kind) = (Class::Statement, crate::log::OPENING_KIND);
    hand.next.document = DocumentId([0; 32]);
    hand.push(Opening::default().encode());
}

#[test]
fn a_log_opens_with_an_opening_in_its_form() {
    let mut world = World::new(8, 2);
    let mut hand = world.hand(0);
    let opening = hand.entries.remove(0);
    (hand.next.seq, hand.next.previous) = (0, HeaderHash([0; 32]));
    let changes = hand.clone();
    (hand.next.class, hand.next.kind) = (Class::Statement, crate::log::OPENING_KIND);
    hand.push(b"\xff".to_vec());
    expect(&mut world.replica(), &hand, 0, Reason::Opening);
    let mut hand = changes;
    hand.found(gemeente(0), "without an opening");
    expect(&mut world.replica(), &hand, 0, Reason::Opening);
    assert!(
        world
            .replica()
            .ingest(hand.log, vec![opening])
            .unwrap()
            .refused
            .is_none()
    );
}

#[test]
fn a_kind_of_statement_from_a_later_version_is_kept_without_effect() {
    let mut world = World::new(9, 2);
    let mut hand = sound(&mut world);
    let document = std::mem::replace(&mut hand.next.document, DocumentId([0; 32]));
    (hand.next.class, hand.next.kind) = (Class::Statement, 77);
    hand.push(b"later".to_vec());
    let mut replica = world.replica();
    let ingested = replica.ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!((ingested.accepted, ingested.refused), (4, None));
    assert_eq!(replica.log(hand.log).unwrap().effective, 4);
    assert_eq!(replica.changes(document).unwrap().len(), 1);
}

#[test]
fn a_bad_signature_leaves_what_a_valid_one_vouches_for() {
    let mut world = World::new(10, 2);
    let mut hand = world.hand(0);
    for at in 0..150 {
        hand.found(gemeente(0), &format!("{at}"));
    }
    let last = hand.entries.len() - 1;
    for (bad, kept) in [
        (vec![last], last),
        (vec![last, last - 1, last - 2], last - 2),
        (vec![SIGNED_EVERY - 1], last + 1),
        ((10..10 + SIGNED_EVERY - 1).collect(), last + 1),
        ((10..10 + SIGNED_EVERY).collect(), 10),
        (vec![0], last + 1),
        (vec![10, 70, 130], last + 1),
    ] {
        let mut forged = hand.clone();
        for at in bad {
            forged.entries[at].signed = flip(&forged.entries[at].signed);
        }
        let mut replica = world.replica();
        let ingested = replica.ingest(hand.log, forged.entries).unwrap();
        assert_eq!(ingested.accepted, kept as u64);
        let refused = (kept <= last).then_some(Refusal {
            seq: kept as u64,
            why: Reason::Signature,
        });
        assert_eq!(ingested.refused, refused);
    }
    let mut forged = hand.clone();
    forged
        .entries
        .iter_mut()
        .for_each(|entry| entry.signed = flip(&entry.signed));
    expect(&mut world.replica(), &forged, 0, Reason::Signature);
}

#[test]
fn where_a_log_is_divided_into_runs_makes_no_difference() {
    let mut world = World::new(15, 2);
    let mut hand = world.hand(0);
    hand.next.document = DocumentId([0; 32]);
    (hand.next.class, hand.next.kind) = (Class::Statement, 77);
    for _ in 0..200 {
        hand.push(Vec::new());
    }
    let valid = [0, 40, 62, 70, 126, 190];
    for (at, entry) in hand.entries.iter_mut().enumerate() {
        if !valid.contains(&at) {
            entry.signed = flip(&entry.signed);
        }
    }
    for divided in valid {
        let mut replica = world.replica();
        let (one, other) = hand.entries.split_at(divided + 1);
        let first = replica.ingest(hand.log, one.to_vec()).unwrap();
        assert_eq!((first.accepted, first.refused), (divided as u64 + 1, None));
        replica.ingest(hand.log, other.to_vec()).unwrap();
        assert_eq!(replica.log(hand.log).unwrap().held, 191, "divided behind {divided}");
    }
}

/// A log of payloads of so many bytes, signed where `signed` says so. They are statements of a later version.
fn weighing(world: &mut World, payloads: &[usize], signed: impl Fn(usize) -> bool) -> Hand {
    let mut hand = world.hand(0);
    hand.next.document = DocumentId([0; 32]);
    (hand.next.class, hand.next.kind) = (Class::Statement, 77);
    for bytes in payloads {
        hand.push(vec![7; *bytes]);
    }
    for (at, entry) in hand.entries.iter_mut().enumerate().skip(1) {
        if !signed(at - 1) {
            entry.signed = flip(&entry.signed);
        }
    }
    hand
}

#[test]
fn what_one_signature_vouches_for_holds_its_bytes_at_below_and_above() {
    let mut world = World::new(16, 2);
    let around =
        world.hand(0).entries[0].signed.weight() - world.hand(0).entries[0].signed.header().payload_len as usize;
    let full = PAYLOAD_BYTES_MAX;
    let rest = SIGNED_EVERY_BYTES - 7 * (full + around) - around;
    for (last, kept) in [(rest - 1, 9), (rest, 9), (rest + 1, 1)] {
        let hand = weighing(&mut world, &[&[full; 7][..], &[last]].concat(), |at| at == 7);
        let mut replica = world.replica();
        replica.ingest(hand.log, hand.entries.clone()).unwrap();
        assert_eq!(replica.log(hand.log).unwrap().held, kept, "{last}");
        // What is kept can be passed on from every place where somebody may stand.
        let mut other = world.replica();
        while other.log(hand.log).map_or(0, |state| state.held) < kept {
            let held = other.log(hand.log).map_or(0, |state| state.held);
            let entries = replica.entries(hand.log, held, SIGNED_EVERY_BYTES).unwrap();
            assert!(other.ingest(hand.log, entries).unwrap().accepted > 0);
        }
    }
}

#[test]
fn an_invalid_entry_keeps_nothing_before_it_that_cannot_be_passed_on() {
    let mut world = World::new(11, 2);
    let mut hand = sound(&mut world);
    hand.entries[2].signed = flip(&hand.entries[2].signed);
    hand.push(b"not a change".to_vec());
    let ingested = world.replica().ingest(hand.log, hand.entries.clone()).unwrap();
    assert_eq!(ingested.accepted, 2);
    assert_eq!(
        ingested.refused,
        Some(Refusal {
            seq: 2,
            why: Reason::Signature
        })
    );
}

#[test]
fn a_run_longer_than_one_call_takes_is_taken_in_part() {
    let mut world = World::new(12, 2);
    let mut hand = world.hand(0);
    hand.next.document = DocumentId([0; 32]);
    (hand.next.class, hand.next.kind) = (Class::Statement, 77);
    for _ in 0..RUN_ENTRIES_MAX {
        hand.push(Vec::new());
    }
    let mut replica = world.replica();
    expect(&mut replica, &hand, RUN_ENTRIES_MAX as u64, Reason::RunLength);
    let rest = replica
        .ingest(hand.log, hand.entries.clone()[RUN_ENTRIES_MAX..].to_vec())
        .unwrap();
    assert_eq!((rest.accepted, rest.refused), (1, None));
}

#[test]
fn headers_hold_their_size_at_below_and_above() {
    let mut world = World::new(13, 2);
    for (extension, fits) in [
        (0, true),
        (1, true),
        (HEADER_BYTES_MAX - HEADER_BYTES - 1, true),
        (HEADER_BYTES_MAX - HEADER_BYTES, true),
        (HEADER_BYTES_MAX - HEADER_BYTES + 1, false),
    ] {
        let mut hand = world.hand(0);
        hand.next.extension = vec![7; extension];
        hand.found(gemeente(0), "extended");
        let signed = &hand.entries[1].signed;
        assert_eq!(signed.bytes().len(), HEADER_BYTES + extension);
        let read = SignedHeader::read(signed.bytes(), *signed.signature());
        assert_eq!(read.is_ok(), fits, "{extension}");
        if let Ok(read) = read {
            assert_eq!((read.bytes(), read.verify()), (signed.bytes(), Ok(())));
            let ingested = world.replica().ingest(hand.log, hand.entries.clone()).unwrap();
            assert_eq!((ingested.accepted, ingested.refused), (2, None));
        }
    }
    let signed = &world.hand(0).entries[0].signed.clone();
    for len in 0..HEADER_BYTES {
        assert!(SignedHeader::read(&signed.bytes()[..len], *signed.signature()).is_err());
    }
}

#[test]
fn mutated_headers_never_panic_and_never_verify() {
    let mut world = World::new(14, 2);
    let hand = sound(&mut world);
    let signed = &hand.entries[2].signed;
    let mut read = 0;
    for case in 0..100_000_u32 {
        let (mut bytes, mut signature) = (signed.bytes().to_vec(), *signed.signature());
        match world.rng.below(8) {
            0 => bytes.truncate(world.rng.below(bytes.len() as u64) as usize),
            1 => bytes.extend_from_slice(&world.rng.bytes::<7>()),
            2 => signature[world.rng.below(64) as usize] ^= 1 << world.rng.below(8),
            _ => {
                let at = world.rng.below(bytes.len() as u64) as usize;
                bytes[at] ^= 1 << world.rng.below(8);
            }
        }
        let Ok(mutant) = SignedHeader::read(&bytes, signature) else {
            continue;
        };
        read += 1;
        // A signature takes 40 microseconds: every sixteenth mutant is enough to see one that verifies.
        assert!(case % 16 != 0 || mutant.verify().is_err(), "{bytes:?}");
        assert!(mutant.hash() != signed.hash() || mutant.signature() != signed.signature());
    }
    assert!(read > 50_000);
}
