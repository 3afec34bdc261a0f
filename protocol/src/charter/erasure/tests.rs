//! Only its own gemeente, or a quorum, takes a document back; a receipt confirms what it covers and nothing else.

use super::super::tests::world::{Founder, World, founder, founding, node_key};
use super::*;
use crate::charter::{Ending, Statement};
use crate::id::FederationId;

fn withdrawal(number: u64, at: u8, owner: &Founder) -> Withdrawal {
    Withdrawal {
        number,
        log: LogId([at; 32]),
        seq: 3,
        kind: 1,
        owner: owner.member.gemeente,
    }
}

fn erasures(federation: FederationId, statements: &[Statement]) -> Erasures {
    let mut set = Set::new(federation);
    set.extend(statements.to_vec());
    Roster::of(&set).erasures().clone()
}

#[test]
fn every_form_is_read_back() {
    let (founders, federation, _) = founding(80);
    let confirmed = [9902, 9903].map(|number| Confirmed {
        owner: Gemeente::new(number).unwrap(),
        upto: u64::MAX,
        digest: [7; 32],
    });
    let bodies = [
        Body::Withdraw(withdrawal(u64::MAX, 9, &founders[2])),
        Body::Receipt(Receipt {
            counter: 3,
            confirmed: confirmed.to_vec(),
        }),
        Body::Receipt(Receipt {
            counter: 0,
            confirmed: Vec::new(),
        }),
    ];
    for body in bodies {
        let signed = Statement::sign(federation, body, &founders[0].node);
        assert_eq!(Statement::read(signed.bytes()), Ok(signed));
    }
    let twice = Body::Receipt(Receipt {
        counter: 1,
        confirmed: vec![confirmed[0], confirmed[0]],
    });
    let signed = Statement::sign(federation, twice, &founders[0].node);
    assert!(matches!(
        Statement::read(signed.bytes()),
        Err(StatementError::Content(_))
    ));
}

#[test]
fn a_document_is_taken_back_by_its_own_node_or_root_also_after_that_ended() {
    let (founders, federation, mut statements) = founding(81);
    let withdrawal = withdrawal(1, 4, &founders[1]);
    let document = withdrawal.document();
    for key in [&founders[1].node, &founders[1].root] {
        let mut with = statements.clone();
        with.push(Statement::sign(federation, Body::Withdraw(withdrawal.clone()), key));
        let owner = erasures(federation, &with)
            .withdrawn(document)
            .map(|withdrawn| withdrawn.owner);
        assert_eq!(owner, Some(founders[1].member.gemeente));
    }
    let node = node_key(&founders[1].node);
    let end = Body::NodeKeyEnd(Ending { node, cuts: Vec::new() });
    statements.push(Statement::sign(federation, end, &founders[1].root));
    statements.push(Statement::sign(
        federation,
        Body::Withdraw(withdrawal),
        &founders[1].node,
    ));
    assert!(erasures(federation, &statements).withdrawn(document).is_some());
}

#[test]
fn other_members_cannot() {
    let (founders, federation, mut statements) = founding(82);
    let withdrawal = withdrawal(1, 4, &founders[1]);
    let document = withdrawal.document();
    let by = |founder: &Founder| Statement::sign(federation, Body::Withdraw(withdrawal.clone()), &founder.root);
    let by_node = Statement::sign(federation, Body::Withdraw(withdrawal.clone()), &founders[2].node);
    statements.extend([by(&founders[0]), by_node]);
    assert_eq!(erasures(federation, &statements).withdrawn(document), None);
    // Of three, a quorum is all three: the third voice here is the owner's, which alone suffices.
    statements.push(by(&founders[2]));
    assert_eq!(
        erasures(federation, &statements).withdrawn(document),
        None,
        "two of three"
    );
    let founded_elsewhere = Withdrawal {
        owner: founders[0].member.gemeente,
        ..withdrawal.clone()
    };
    assert_ne!(
        founded_elsewhere.document(),
        document,
        "who claims it, names another document"
    );
}

#[test]
fn a_quorum_of_those_who_list_the_owner_can() {
    let mut world = World::new(84, 4);
    let withdrawal = withdrawal(5, 4, &world.members[3]);
    let document = withdrawal.document();
    let withdrawn = |world: &mut World| world.roster().erasures().withdrawn(document);
    let asked = |world: &mut World| {
        let asked: Vec<_> = world
            .roster()
            .erasures()
            .asked()
            .map(|(id, asked)| (id, asked.clone()))
            .collect();
        asked
            .into_iter()
            .map(|(id, asked)| (id, asked.by.len(), asked.missing))
            .collect::<Vec<_>>()
    };
    for at in 0..2 {
        world.say(at, Body::Withdraw(withdrawal.clone()));
        assert_eq!(withdrawn(&mut world), None, "{} of four", at + 1);
        assert_eq!(asked(&mut world), [(document, at + 1, 2 - at)]);
    }
    world.say(2, Body::Withdraw(withdrawal.clone()));
    assert_eq!(asked(&mut world), [], "it is done");
    assert_eq!(withdrawn(&mut world).map(|withdrawn| withdrawn.number), Some(5));
    // The number that the owner gives it goes before a lower one of others.
    let lower = Withdrawal {
        number: 1,
        ..withdrawal.clone()
    };
    let own = Withdrawal {
        number: 9,
        ..withdrawal
    };
    world.say(0, Body::Withdraw(lower));
    world.say(3, Body::Withdraw(own));
    assert_eq!(withdrawn(&mut world).map(|withdrawn| withdrawn.number), Some(9));
}

#[test]
fn who_voted_in_an_earlier_edition_is_asked_before_only_the_owner_is_left() {
    let mut world = World::new(86, 5);
    let owner = world.code(4);
    let gone = [world.code(2), world.code(3)];
    let withdrawal = withdrawal(5, 4, &world.members[4]);
    let next = world.draft(|edition| edition.members.retain(|member| !gone.contains(&member.gemeente)));
    world.decide(next, 0..4);
    for at in 0..2 {
        world.say(at, Body::Withdraw(withdrawal.clone()));
    }
    let roster = world.roster();
    let (_, asked) = roster.erasures().asked().next().unwrap();
    let able = gone.into_iter().chain([owner]).collect();
    assert_eq!(
        (asked.missing, &asked.able),
        (2, &able),
        "of three it would take the owner"
    );
    for at in 2..4 {
        world.say(at, Body::Withdraw(withdrawal.clone()));
    }
    assert!(world.roster().erasures().withdrawn(withdrawal.document()).is_some());
}

#[test]
fn a_quorum_of_before_the_owner_joined_decides_nothing() {
    let mut world = World::new(85, 1);
    let joined = founder(9955, &mut world.rng);
    let withdrawal = withdrawal(1, 4, &joined);
    let next = world.draft(|edition| edition.members.push(joined.member.clone()));
    world.members.push(joined);
    world.decide(next, 0..1);
    world.say(0, Body::Withdraw(withdrawal.clone()));
    assert_eq!(world.roster().erasures().withdrawn(withdrawal.document()), None);
    world.say(1, Body::Withdraw(withdrawal.clone()));
    assert!(world.roster().erasures().withdrawn(withdrawal.document()).is_some());
}

#[test]
fn a_receipt_confirms_what_it_covers_and_nothing_else() {
    let (founders, federation, mut statements) = founding(83);
    let say = |body: Body, by: &Founder| Statement::sign(federation, body, &by.node);
    let [first, second] = [1, 2].map(|number| withdrawal(number, number as u8, &founders[0]));
    statements.push(say(Body::Withdraw(first.clone()), &founders[0]));
    let seen = erasures(federation, &statements);
    assert_eq!(seen.next_number(first.owner), 2);
    let confirmed = seen.confirmation();
    statements.push(say(Body::Receipt(Receipt { counter: 1, confirmed }), &founders[1]));
    statements.push(say(Body::Withdraw(second.clone()), &founders[0]));
    let node = node_key(&founders[1].node);
    let seen = erasures(federation, &statements);
    assert!(seen.is_confirmed(first.document(), node) && !seen.is_confirmed(second.document(), node));
    assert!(!seen.is_confirmed(first.document(), node_key(&founders[2].node)));
    // The same number once more, by another node of that gemeente at the same moment: the receipt no longer says
    // which of the two it meant.
    let other = withdrawal(1, 77, &founders[0]);
    statements.push(say(Body::Withdraw(other), &founders[0]));
    let seen = erasures(federation, &statements);
    assert!(!seen.is_confirmed(first.document(), node));
    let confirmed = seen.confirmation();
    statements.push(say(Body::Receipt(Receipt { counter: 2, confirmed }), &founders[1]));
    let seen = erasures(federation, &statements);
    assert!(
        [first, second]
            .iter()
            .all(|withdrawn| seen.is_confirmed(withdrawn.document(), node))
    );
}
