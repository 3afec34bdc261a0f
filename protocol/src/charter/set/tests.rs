//! What stays is the same in any order, whoever floods it with whatever.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;

use super::*;
use crate::charter::tests::world::{Founder, address, founding, key, node_key};
use crate::charter::{Ending, NodeProof, Receipt, Roster, Withdrawal};
use crate::entropy::{Entropy, Seeded};
use crate::id::{Gemeente, LogId, RootKey};

fn certificate(federation: FederationId, founder: &Founder, node: &SigningKey) -> Statement {
    let proof = NodeProof::sign(federation, founder.member.root, founder.member.gemeente, node);
    Statement::sign(federation, Body::NodeKey(proof), &founder.root)
}

fn later(federation: FederationId, bytes: usize, rng: &mut Seeded, by: &SigningKey) -> Statement {
    let number = 4_000 + rng.below(3) as u16;
    let mut content = vec![0; 8 + bytes];
    rng.fill(&mut content[..8]);
    let bytes = content;
    Statement::sign(federation, Body::Unknown { number, bytes }, by)
}

/// A withdrawal of something of one of the founders.
fn withdrawal(number: u64, rng: &mut Seeded) -> Body {
    Body::Withdraw(Withdrawal {
        number,
        log: LogId(rng.bytes()),
        seq: 1,
        kind: 1,
        owner: Gemeente::new(9901 + rng.below(3) as u16).unwrap(),
    })
}

/// Members mint more keys than fit, and those keys speak, certify and vouch as far as they are let.
fn flood(seed: u64) -> (FederationId, Vec<Statement>) {
    let mut rng = Seeded::new(seed);
    let (founders, federation, mut all) = founding(seed);
    for founder in &founders {
        let minted: Vec<SigningKey> = (0..28 + rng.below(12)).map(|_| key(&mut rng)).collect();
        for node in &minted {
            all.push(certificate(federation, founder, node));
            // A node key vouches for nobody.
            let proof = NodeProof::sign(
                federation,
                RootKey(node.verifying_key().to_bytes()),
                founder.member.gemeente,
                &key(&mut rng),
            );
            all.push(Statement::sign(federation, Body::NodeKey(proof), node));
            for counter in 0..1 + rng.below(2) {
                let body = address(node_key(node), counter, &format!("/ip4/127.0.0.1/tcp/{}", rng.below(9)));
                let by = if rng.chance(1, 3) { &founder.root } else { node };
                all.push(Statement::sign(federation, body, by));
            }
        }
        for _ in 0..rng.below(20) {
            let (node, cuts) = (node_key(&minted[rng.below(28) as usize]), Vec::new());
            let ending = Body::NodeKeyEnd(Ending { node, cuts });
            all.push(Statement::sign(federation, ending, &founder.root));
        }
        let loud = &minted[rng.below(minted.len() as u64) as usize];
        for number in 0..3 {
            let by = [loud, &founder.root, &founder.node][rng.below(3) as usize];
            all.push(Statement::sign(federation, withdrawal(number, &mut rng), by));
            let confirmed = Vec::new();
            let receipt = Body::Receipt(Receipt {
                counter: rng.below(2),
                confirmed,
            });
            all.push(Statement::sign(federation, receipt, by));
        }
        for _ in 0..24 {
            let bytes = rng.below(40_000) as usize;
            all.push(later(federation, bytes, &mut rng, loud));
        }
    }
    (federation, all)
}

/// Two nodes that each got some of it give each other what they kept, until neither has news for the other.
fn exchange(one: &mut Set, other: &mut Set, rng: &mut Seeded) {
    loop {
        let before = (one.digest(), other.digest());
        for _ in 0..2 {
            let lacking = one.iter().filter(|held| other.get(held.id()).is_none());
            let mut lacking: Vec<Statement> = lacking.cloned().collect();
            lacking.sort_by_key(|statement| (statement.body().number(), statement.id()));
            for batch in lacking.chunks(1 + rng.below(60) as usize) {
                other.extend(batch.to_vec());
            }
            std::mem::swap(one, other);
        }
        if before == (one.digest(), other.digest()) {
            return;
        }
    }
}

#[test]
fn every_order_of_a_flood_leaves_the_same_set_and_roster() {
    for seed in 0..24 {
        let (federation, mut all) = flood(seed);
        let mut rng = Seeded::new(seed ^ 0xf100d);
        let mut whole = Set::new(federation);
        let (added, refused) = whole.extend(all.clone());
        assert_eq!(added, whole.len(), "seed {seed}");
        assert!(refused.len() > 60, "seed {seed}: nothing was crowded out");
        let roster = Roster::of(&whole);
        for _ in 0..4 {
            rng.shuffle(&mut all);
            let mut set = Set::new(federation);
            // What was refused for want of its author is offered again; three layers need three rounds.
            for _ in 0..3 {
                for batch in all.chunks(1 + rng.below(40) as usize) {
                    set.extend(batch.to_vec());
                }
            }
            assert_eq!(set.digest(), whole.digest(), "seed {seed}");
            assert_eq!(Roster::of(&set), roster, "seed {seed}");
        }
        let mut sets = [Set::new(federation), Set::new(federation)];
        for statement in all.iter().chain(&all) {
            sets[rng.below(2) as usize].extend(vec![statement.clone()]);
        }
        let [one, other] = &mut sets;
        exchange(one, other, &mut rng);
        assert_eq!(one.digest(), other.digest(), "seed {seed}");
    }
}

#[test]
fn what_stays_of_a_set_is_the_set() {
    for seed in 30..40 {
        let (federation, all) = flood(seed);
        let mut set = Set::new(federation);
        set.extend(all);
        let again = Kept::of(&set.statements);
        assert_eq!((again.statements, again.authors), (set.statements, set.authors));
    }
}

#[test]
fn only_the_root_key_of_the_gemeente_vouches_and_only_with_proof() {
    let (founders, federation, all) = founding(50);
    let mut rng = Seeded::new(51);
    let mut set = Set::new(federation);
    set.extend(all);
    let digest = set.digest();
    let (minted, stranger) = (key(&mut rng), key(&mut rng));
    let [mine, other] = [&founders[0], &founders[1]];
    let proof = |root, gemeente, node: &SigningKey| NodeProof::sign(federation, root, gemeente, node);
    let own = other.member.gemeente;
    let mut unproven = proof(mine.member.root, mine.member.gemeente, &stranger);
    unproven.node = node_key(&minted);
    for (said, by) in [
        (proof(mine.member.root, own, &minted), &mine.root),
        (
            proof(RootKey(node_key(&mine.node).0), mine.member.gemeente, &minted),
            &mine.node,
        ),
        (proof(other.member.root, mine.member.gemeente, &minted), &mine.root),
        (unproven, &mine.root),
    ] {
        set.extend(vec![Statement::sign(federation, Body::NodeKey(said), by)]);
        assert_eq!((set.digest(), set.vouches_for(&node_key(&minted).0)), (digest, false));
    }
    set.extend(vec![certificate(federation, mine, &minted)]);
    assert!(set.vouches_for(&node_key(&minted).0));
}

#[test]
fn a_key_whose_certificate_is_crowded_out_is_silent() {
    let (founders, federation, all) = founding(60);
    let mut rng = Seeded::new(61);
    let mut set = Set::new(federation);
    set.extend(all);
    let mut minted: Vec<(Statement, SigningKey)> = Vec::new();
    for _ in 0..200 {
        let node = key(&mut rng);
        let certificate = certificate(federation, &founders[0], &node);
        let said = later(federation, 0, &mut rng, &node);
        set.extend(vec![certificate.clone(), said]);
        minted.push((certificate, node));
    }
    // 4 found the federation; 32 certificates stay, and with each what its key said.
    assert_eq!(set.len(), 4 + 2 * 32);
    minted.sort_by_key(|(certificate, _)| certificate.id());
    let heard = |(_, node): &(Statement, SigningKey)| set.vouches_for(&node_key(node).0);
    assert!(minted[..32].iter().all(heard) && !minted[32..].iter().any(heard));
}

#[test]
fn strangers_cannot_sign_the_founding() {
    let (founders, federation, all) = founding(70);
    let founded = all[0].body().clone();
    let mut rng = Seeded::new(71);
    let mut set = Set::new(federation);
    let strangers = (0..50).map(|_| Statement::sign(federation, founded.clone(), &key(&mut rng)));
    assert_eq!(set.extend(strangers.collect()).0, 0);
    let signed = founders
        .iter()
        .map(|founder| Statement::sign(federation, founded.clone(), &founder.root));
    let ids: BTreeSet<StatementId> = signed.clone().map(|statement| statement.id()).collect();
    set.extend(signed.collect());
    assert_eq!(set.ids().next(), ids.first().copied());
    assert_eq!(set.len(), 1);
}
