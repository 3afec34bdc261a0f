//! An invitation proves itself, and the statements say whether it speaks the truth.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;

use super::world::{World, node_key};
use crate::charter::*;
use crate::id::{Gemeente, NodeKey, RootKey};

fn invitation(world: &World, edition: &Edition) -> (Invitation, SigningKey) {
    let key = world.members[0].node.clone();
    let places = world.members[..3].iter().map(|member| Place {
        gemeente: member.member.gemeente,
        node: node_key(&member.node),
        addresses: member.member.addresses.clone(),
    });
    let invitation = Invitation {
        federation: world.federation,
        number: edition.number,
        edition: edition.hash(),
        places: places.collect(),
    };
    (invitation, key)
}

#[test]
fn an_invitation_is_read_back_and_every_change_is_seen() {
    let world = World::new(1, 4);
    let (invitation, key) = invitation(&world, &world.editions[0]);
    let bytes = invitation.sign(&key);
    assert!(bytes.len() <= INVITATION_BYTES_MAX);
    assert_eq!(Invitation::read(&bytes), Ok(invitation.clone()));
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(Invitation::read(&other).is_err(), "byte {at}");
        assert!(Invitation::read(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert!(Invitation::read(&[&bytes[..], &[0]].concat()).is_err());
    let signed_by_another = invitation.sign(&world.members[1].node);
    assert_eq!(Invitation::read(&signed_by_another), Err(StatementError::Signature));
}

#[test]
fn the_fingerprint_of_a_member_changes_with_every_key_and_with_its_vote() {
    let world = World::new(5, 3);
    let member = world.editions[0].members[0].clone();
    let prints = [
        member.clone(),
        Member {
            gemeente: world.editions[0].members[1].gemeente,
            ..member.clone()
        },
        Member {
            root: RootKey([1; 32]),
            ..member.clone()
        },
        Member {
            next_root: [2; 32],
            ..member.clone()
        },
        Member {
            role: Role::Reading,
            ..member.clone()
        },
        Member {
            nodes: vec![NodeKey([3; 32])],
            ..member.clone()
        },
    ];
    let prints: BTreeSet<String> = prints.iter().map(Member::fingerprint).collect();
    assert_eq!(prints.len(), 6);
    let elsewhere = Member {
        addresses: vec!["/ip4/192.0.2.1/tcp/1".to_owned()],
        ..member.clone()
    };
    assert_eq!(elsewhere.fingerprint(), member.fingerprint());
    // A card asks for a vote; the members may let it read along.
    let reading = Member {
        role: Role::Reading,
        ..member.clone()
    };
    assert_eq!(reading.card_fingerprint(), member.fingerprint());
    assert_ne!(reading.card_fingerprint(), reading.fingerprint());
}

#[test]
fn an_invitation_is_bounded_and_leads_somewhere() {
    let world = World::new(2, 4);
    let (good, key) = invitation(&world, &world.editions[0]);
    let refused = |change: &dyn Fn(&mut Invitation)| {
        let mut other = good.clone();
        change(&mut other);
        Invitation::read(&other.sign(&key)).is_err()
    };
    assert!(refused(&|other| other.places.clear()), "nobody in it");
    assert!(refused(&|other| other.places.push(Place {
        node: node_key(&world.members[3].node),
        ..other.places[0].clone()
    })));
    assert!(
        refused(&|other| other.places[1] = other.places[0].clone()),
        "one node twice"
    );
    assert!(refused(&|other| other
        .places
        .iter_mut()
        .for_each(|place| place.addresses.clear())));
    assert!(refused(
        &|other| other.places[0].addresses = vec!["a".to_owned(); ADDRESSES_MAX + 1]
    ));
    assert!(refused(
        &|other| other.places[0].addresses = vec!["a".repeat(ADDRESS_BYTES_MAX + 1)]
    ));
    let mut most = good.clone();
    for place in &mut most.places {
        place.addresses = vec!["a".repeat(ADDRESS_BYTES_MAX); ADDRESSES_MAX];
    }
    assert_eq!(Invitation::read(&most.sign(&key)), Ok(most), "the greatest one is read");
}

#[test]
fn the_statements_say_whether_the_edition_was_decided_for() {
    let mut world = World::new(3, 4);
    let founding = world.editions[0].clone();
    let next = world.draft(|edition| edition.members[0].mailbox = "post@example.org".to_owned());
    let (invited, _) = invitation(&world, &next);
    let absent = Roster::of(&Set::new(world.federation));
    assert_eq!(invited.judge(&absent), Invited::Ahead, "nothing is known yet");
    let before = world.roster();
    assert_eq!(invited.judge(&before), Invited::Ahead);
    assert_eq!(invitation(&world, &founding).0.judge(&before), Invited::Decided);

    world.decide(next.clone(), 0..4);
    let after = world.roster();
    assert_eq!(invited.judge(&after), Invited::Decided);
    assert_eq!(
        invitation(&world, &founding).0.judge(&after),
        Invited::Decided,
        "an older one"
    );
    let renumbered = Invitation {
        number: 0,
        ..invited.clone()
    };
    assert_eq!(renumbered.judge(&after), Invited::Undecided);
    let mut another = next.clone();
    another.nonce = [0xee; 16];
    assert_eq!(invitation(&world, &another).0.judge(&after), Invited::Undecided);
}

#[test]
fn one_of_two_editions_that_were_decided_for_at_once_is_neither() {
    let mut world = World::new(6, 4);
    let founding = world.editions[0].clone();
    let [one, other] = [1, 2].map(|nonce| world.draft(|edition| edition.nonce = [nonce; 16]));
    for edition in [&one, &other] {
        world.say(0, Body::Edition(edition.clone()));
        world.endorse(edition, 0..4);
    }
    let roster = world.roster();
    for edition in [&one, &other] {
        assert_eq!(invitation(&world, edition).0.judge(&roster), Invited::Doubled);
    }
    assert_eq!(invitation(&world, &founding).0.judge(&roster), Invited::Decided);
}

#[test]
fn a_fingerprint_is_of_all_that_an_invitation_says() {
    let world = World::new(4, 4);
    let (invitation, _) = invitation(&world, &world.editions[0]);
    let print = invitation.fingerprint();
    assert_eq!(print.len(), 8 * 5 - 1);
    let mut prints = BTreeSet::from([print]);
    let mut changed = |change: &dyn Fn(&mut Invitation)| {
        let mut other = invitation.clone();
        change(&mut other);
        prints.insert(other.fingerprint())
    };
    assert!(changed(&|other| other.federation = World::new(5, 4).federation));
    assert!(changed(&|other| other.number = 1));
    assert!(changed(&|other| other.edition = [1; 32]));
    assert!(changed(&|other| other.places[0].node = NodeKey([1; 32])));
    assert!(changed(&|other| other.places[2].node = NodeKey([1; 32])));
    assert!(changed(&|other| other.places[1].gemeente = Gemeente::new(9999).unwrap()));
    assert!(changed(
        &|other| other.places[0].addresses = vec!["/ip4/192.0.2.1/tcp/1".to_owned()]
    ));
    assert!(changed(&|other| other.places[1].addresses.clear()));
    assert!(changed(&|other| other.places.swap(1, 2)));
    assert!(changed(&|other| other.places.truncate(2)));
}

#[test]
fn a_fingerprint_is_compared_whatever_the_spaces_and_the_case() {
    let print = "3f9a 01c2 77e1 90ab 12cd 5e6f 0a1b 2c3d";
    for typed in [print, " 3F9A01C2 77e190ab12cd5e6f0a1b2C3D\n"] {
        assert!(is_fingerprint(typed, print), "{typed}");
    }
    for typed in ["", "3f9a", "3f9a 01c2", "3f9a 01c2 77e1 90ab 12cd 5e6f 0a1b 2c3e"] {
        assert!(!is_fingerprint(typed, print), "{typed}");
    }
}
