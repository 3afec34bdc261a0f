//! Votes that cross, and a vote against a mistake: the next ballot decides.

use super::*;

#[test]
fn a_second_vote_in_a_ballot_is_refused_and_a_stalled_one_goes_on_in_the_next() {
    let mut room = Room::new("sign-twice", 3);
    let [one, other] = [7, 8].map(|at| room.stranger(at).1);
    let first = room.propose(0, &adding(one.clone())).unwrap().voted.unwrap().edition;
    for at in [0, 1] {
        assert!(
            matches!(room.propose(at, &adding(one.clone())), Err(SignError::Proposed { edition }) if edition == first),
            "whoever types it"
        );
    }
    assert!(matches!(
        room.propose(0, &adding(other.clone())),
        Err(SignError::Twice { .. })
    ));
    // Of three all have to sign: another proposal cannot be decided any more.
    assert!(matches!(
        room.propose(1, &adding(other.clone())),
        Err(SignError::Hopeless { other: Some(_) })
    ));
    // As if the second had not heard of the first.
    let all = room.said.clone();
    room.said = armor::read_charter(&room.founded.charter).unwrap();
    let second = room
        .propose(1, &adding(other))
        .unwrap()
        .voted
        .unwrap()
        .edition
        .to_string();
    room.said.extend(all);
    assert_eq!(stand_of_room(&room), StemmingStand::Vastgelopen);
    assert!(matches!(room.endorse(2, None), Err(SignError::Several { editions }) if editions.len() == 2));
    let ballots = [2, 0, 1].map(|at| room.endorse(at, Some(&second)).unwrap().voted.unwrap().ballot);
    assert_eq!(ballots, [1, 1, 1]);
    assert_eq!(room.roster().course().unwrap().number, 1);
    assert!(room.roster().double_votes().next().is_none());
}

#[test]
fn a_mistake_is_voted_down_and_the_next_ballot_decides() {
    let mut room = Room::new("sign-against", 3);
    let against = || Asked {
        against: true,
        ..Asked::default()
    };
    assert!(matches!(room.propose(1, &against()), Err(SignError::NothingOpen)));
    let wrong = Asked {
        remove: vec![gemeente(1)],
        ..Asked::default()
    };
    room.propose(0, &wrong).unwrap();
    let voted = room.propose(2, &against()).unwrap().voted.unwrap();
    assert_eq!((voted.changes.len(), voted.ballot), (0, 0));
    assert_eq!(stand_of_room(&room), StemmingStand::Vastgelopen);
    let kept = voted.edition.to_string();
    let ballots = [0, 1, 2].map(|at| room.endorse(at, Some(&kept)).unwrap().voted.unwrap().ballot);
    assert_eq!(ballots, [1, 1, 1]);
    assert_eq!(room.roster().course().unwrap().number, 1);
    assert!(room.roster().member(gemeente(1)).is_some());
    assert!(room.roster().double_votes().next().is_none());
}
