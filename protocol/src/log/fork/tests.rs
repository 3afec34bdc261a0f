//! A fork is proven by whoever holds both branches, and by nobody else.

use super::*;
use crate::entropy::{Entropy, Seeded};
use crate::id::{Commitment, DocumentId, FederationId, Incarnation};
use crate::log::{Class, Reason, Refusal};

mod detected;

fn key(seed: u64) -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&Seeded::new(seed).bytes())
}

/// Headers of one log from a position on; `mark` makes histories differ.
fn headers(signer: u64, from: u64, previous: HeaderHash, count: u64, mark: u8) -> Vec<SignedHeader> {
    let key = key(signer);
    let mut previous = previous;
    let one = |seq| {
        let header = Header {
            federation: FederationId([1; 32]),
            node: NodeKey(key.verifying_key().to_bytes()),
            incarnation: Incarnation([2; 16]),
            seq,
            previous,
            class: Class::Change,
            document: DocumentId([3; 32]),
            kind: 1,
            payload_len: 9,
            commitment: Commitment([mark; 32]),
            extension: Vec::new(),
        };
        let signed = SignedHeader::sign(header, &key);
        previous = signed.hash();
        signed
    };
    (from..from + count).map(one).collect()
}

fn unsigned(header: &SignedHeader) -> SignedHeader {
    SignedHeader::read(header.bytes(), [0; 64]).unwrap()
}

fn common() -> HeaderHash {
    HeaderHash([4; 32])
}

#[test]
fn a_fork_is_proven_with_chains_to_the_first_signature() {
    for (left, right) in [(1, 1), (1, 5), (64, 65)] {
        let mut ours = headers(1, 7, common(), left, 10);
        let mut theirs = headers(1, 7, common(), right, 20);
        for branch in [&mut ours, &mut theirs] {
            let last = branch.len() - 1;
            branch[..last].iter_mut().for_each(|header| *header = unsigned(header));
        }
        let proof = ForkProof::of(&ours, &theirs).unwrap();
        assert_eq!(
            Some(&proof),
            ForkProof::of(&theirs, &ours).as_ref(),
            "one proof whoever makes it"
        );
        let shown = proof.verify().unwrap();
        assert_eq!(
            (shown.seq, shown.head, shown.node),
            (7, common(), ours[0].header().node)
        );
        assert_eq!(shown.log, ours[0].header().log());
        let bytes = proof.encode();
        assert!(bytes.len() <= FORK_PROOF_BYTES_MAX);
        let read = ForkProof::decode(&bytes).unwrap();
        assert_eq!((read.verify(), read.encode()), (Ok(shown), bytes));
    }
}

#[test]
fn what_is_no_fork_proves_nothing() {
    let ours = headers(1, 7, common(), 3, 10);
    let theirs = headers(1, 7, common(), 3, 20);
    assert_eq!(ForkProof::of(&ours, &ours), None, "the same history");
    assert_eq!(ForkProof::of(&ours, &theirs[1..]), None, "another position");
    assert_eq!(ForkProof::of(&ours[1..], &theirs[1..]), None, "parted before");
    assert_eq!(
        ForkProof::of(&ours, &headers(2, 7, common(), 3, 20)),
        None,
        "another node"
    );
    assert_eq!(ForkProof::of(&ours, &[]), None);
    let forged: Vec<SignedHeader> = theirs.iter().map(unsigned).collect();
    assert_eq!(ForkProof::of(&ours, &forged), None, "no signature");
    let far = headers(1, 7, common(), BRANCH_HEADERS_MAX as u64 + 1, 30);
    let far: Vec<SignedHeader> = far
        .iter()
        .enumerate()
        .map(|(at, header)| {
            if at < BRANCH_HEADERS_MAX {
                unsigned(header)
            } else {
                header.clone()
            }
        })
        .collect();
    assert_eq!(ForkProof::of(&ours, &far), None, "the signature is too far");
    let mut holed = headers(1, 7, common(), 3, 40);
    holed.remove(1);
    holed[0] = unsigned(&holed[0]);
    assert_eq!(ForkProof::of(&ours, &holed), None, "a hole in the chain");
}

#[test]
fn mutated_proofs_never_panic_and_never_verify() {
    let mut ours = headers(1, 7, common(), 3, 10);
    ours[0] = unsigned(&ours[0]);
    ours[1] = unsigned(&ours[1]);
    let proof = ForkProof::of(&ours, &headers(1, 7, common(), 1, 20)).unwrap();
    let bytes = proof.encode();
    let mut rng = Seeded::new(3);
    let mut checked = 0;
    for case in 0..100_000_u32 {
        let mut mutant = bytes.clone();
        match rng.below(6) {
            0 => mutant.truncate(rng.below(bytes.len() as u64) as usize),
            1 => mutant.extend_from_slice(&rng.bytes::<3>()),
            _ => {
                let at = rng.below(mutant.len() as u64) as usize;
                mutant[at] ^= 1 << rng.below(8);
            }
        }
        let Ok(mutant) = ForkProof::decode(&mutant) else {
            continue;
        };
        // Two signatures take 80 microseconds: every eighth mutant is enough to see one that verifies.
        assert!(case % 8 != 0 || mutant.verify().is_err());
        checked += 1;
    }
    assert!(checked > 30_000);
}

#[test]
fn the_search_finds_where_histories_part_in_few_steps() {
    for parts_at in 0..200_u64 {
        for differs_at in parts_at..200 {
            let mut search = Search::new(differs_at);
            let mut steps = 0;
            while let Some(seq) = search.next() {
                assert_eq!(search.found(), None);
                search.answer(seq < parts_at);
                steps += 1;
            }
            assert_eq!(search.found(), Some(parts_at));
            assert!(steps <= 9);
        }
    }
}
