//! Every way to vote, in small federations: an exhaustive search over who votes what in which ballot.
//!
//! Honest members vote at most once per ballot; dishonest ones any number of times. Since no vote is also a way to vote,
//! the search meets every subset of the votes, which is everything that a node can have received at any moment.

use super::world::{World, vote};
use crate::charter::tally::Tally;
use crate::charter::*;
use crate::entropy::Seeded;

/// More than two thirds, counted: the specification says it, and nothing here asks the code that is tested.
fn more_than_two_thirds(members: usize) -> usize {
    let votes = 0..=members;
    votes.into_iter().find(|votes| 3 * votes > 2 * members).unwrap_or(1)
}

/// Two or more rivals for one place, and every vote that each member could cast for them.
struct Model {
    world: World,
    /// By member, ballot and rival.
    votes: Vec<Vec<Vec<Statement>>>,
}

impl Model {
    fn new(members: u16, rivals: usize, ballots: u32) -> Self {
        let mut world = World::new(u64::from(members), members);
        let rivals: Vec<Edition> = (0..rivals).map(|_| world.draft(|_| {})).collect();
        for rival in &rivals {
            world.say(0, Body::Edition(rival.clone()));
        }
        let cast = |at: usize, ballot: u32| -> Vec<Statement> {
            let all = rivals
                .iter()
                .map(|rival| world.by(at, Body::Endorse(vote(rival, ballot))));
            all.collect()
        };
        let by_member = (0..members as usize).map(|at| (0..ballots).map(|ballot| cast(at, ballot)).collect());
        Self {
            votes: by_member.collect(),
            world,
        }
    }

    /// Every set of votes that can be cast when the first `false_ones` members are dishonest.
    fn search(&self, false_ones: usize, mut look: impl FnMut(&[&Statement])) {
        let mut ways: Vec<Vec<Vec<&Statement>>> = Vec::new();
        for (at, ballots) in self.votes.iter().enumerate() {
            for votes in ballots {
                let subsets = (0_usize..1 << votes.len()).filter(|subset| at < false_ones || subset.count_ones() <= 1);
                let chosen = |subset: usize| votes.iter().enumerate().filter(move |(at, _)| subset >> at & 1 == 1);
                ways.push(
                    subsets
                        .map(|subset| chosen(subset).map(|(_, vote)| vote).collect())
                        .collect(),
                );
            }
        }
        let mut at = vec![0; ways.len()];
        loop {
            let cast: Vec<&Statement> = ways
                .iter()
                .zip(&at)
                .flat_map(|(ways, at)| ways[*at].iter().copied())
                .collect();
            look(&cast);
            let Some(next) = (0..at.len()).find(|place| at[*place] + 1 < ways[*place].len()) else {
                return;
            };
            at[next] += 1;
            at[..next].fill(0);
        }
    }

    fn tally<'a>(&'a self, votes: &[&'a Statement]) -> Tally<'a> {
        Tally::of(self.world.said.iter().chain(votes.iter().copied()))
    }
}

#[test]
fn with_fewer_than_a_third_dishonest_there_is_never_more_than_one_successor() {
    let mut looked = 0;
    let small = (1..=4).flat_map(|members| [(members, 2, 2), (members, 3, 1)]);
    // Five and seven are the fewest in which a simple majority would be too little.
    for (members, rivals, ballots) in small.chain([(5, 2, 1), (7, 2, 1)]) {
        let model = Model::new(members, rivals, ballots);
        let founding = model.world.federation.0;
        for false_ones in (0..members as usize).take_while(|count| 3 * count < members as usize) {
            model.search(false_ones, |votes| {
                let successors = model.tally(votes).in_force(&founding);
                assert!(
                    successors.len() <= 1,
                    "{members} members, {false_ones} dishonest: {votes:?}"
                );
                looked += 1;
            });
        }
    }
    assert!(looked > 20_000, "only {looked} ways to vote");
}

#[test]
fn a_third_can_double_a_vote_and_all_together_can_mend_it() {
    for members in 1..=4_u16 {
        let model = Model::new(members, 2, 2);
        let founding = model.world.federation.0;
        let mut doubled = vec![false; members as usize + 1];
        let (mut mended, mut decided) = (false, false);
        for (false_ones, doubled) in doubled.iter_mut().enumerate() {
            model.search(false_ones, |votes| {
                let tally = model.tally(votes);
                let all = tally.decided(&founding);
                let first: std::collections::BTreeSet<_> = all
                    .iter()
                    .filter(|(_, ballot)| *ballot == 0)
                    .map(|(hash, _)| *hash)
                    .collect();
                let now = tally.in_force(&founding);
                *doubled |= first.len() > 1;
                mended |= first.len() > 1 && now.len() == 1;
                decided |= first.len() == 1;
                for hash in &now {
                    let ballot = all.iter().filter(|(of, _)| of == hash).map(|(_, ballot)| *ballot).max();
                    let support = tally.support(&model.world.editions[0], 1, hash, ballot.unwrap());
                    let needed = if ballot == Some(0) {
                        more_than_two_thirds(members.into())
                    } else {
                        members.into()
                    };
                    assert!(support.len() >= needed);
                }
            });
        }
        let expected = |count: usize| {
            let both = 2 * more_than_two_thirds(members.into());
            count > 0 && 3 * count >= members as usize && both <= members as usize + count
        };
        let expected: Vec<bool> = (0..=members as usize).map(expected).collect();
        assert_eq!(doubled, expected, "{members} members");
        assert!(decided && mended, "{members} members");
    }
}

#[test]
fn one_more_vote_never_takes_back_what_a_ballot_decided() {
    let model = Model::new(4, 2, 1);
    let founding = model.world.federation.0;
    let all: Vec<&Statement> = model.votes.iter().flatten().flatten().collect();
    for subset in 0_usize..1 << all.len() {
        let chosen = |subset: usize| -> Vec<&Statement> {
            let chosen = all.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1);
            chosen.map(|(_, vote)| *vote).collect()
        };
        let before = model.tally(&chosen(subset)).decided(&founding);
        for more in 0..all.len() {
            let after = model.tally(&chosen(subset | 1 << more)).decided(&founding);
            assert!(before.iter().all(|decided| after.contains(decided)));
        }
    }
}

/// By induction over the subsets this covers every order in which votes can come in: adding one vote to the set of a
/// subset gives the set of the greater subset.
#[test]
fn every_order_of_votes_gives_the_same_set_and_the_same_members() {
    for members in 1..=3_u16 {
        let model = Model::new(members, 2, 1);
        let all: Vec<&Statement> = model.votes.iter().flatten().flatten().collect();
        let set = |subset: usize| {
            let chosen = all.iter().enumerate().filter(|(at, _)| subset >> at & 1 == 1);
            let mut set = Set::new(model.world.federation);
            set.extend(model.world.said.clone());
            set.extend(chosen.map(|(_, vote)| (*vote).clone()).collect());
            set
        };
        for subset in 0_usize..1 << all.len() {
            let from = set(subset);
            let course = Roster::of(&from).course().unwrap().clone();
            let successors = model
                .tally(&from.iter().collect::<Vec<_>>())
                .in_force(&model.world.federation.0);
            match (&course.vote, successors.len()) {
                (Vote::Doubled { editions }, 2) => assert_eq!((editions.len(), course.number), (2, 0)),
                (_, 1) => assert_eq!(course.number, 1),
                (_, 0) => assert_eq!(course.number, 0),
                other => panic!("{other:?}"),
            }
            for more in (0..all.len()).filter(|more| subset >> more & 1 == 0) {
                let mut greater = from.clone();
                greater.extend(vec![all[more].clone()]);
                assert_eq!(greater, set(subset | 1 << more));
            }
        }
    }
}

#[test]
fn a_voter_cannot_take_its_vote_back_by_crowding_it_out() {
    for seed in 0..20 {
        let mut world = World::new(seed, 4);
        let edition = world.draft(|_| {});
        world.say(3, Body::Edition(edition.clone()));
        world.endorse(&edition, [1, 2]);
        // The proposer votes with them, then votes for and proposes whatever else it can think of.
        let mut flood = vec![world.vote(3, &edition)];
        for _ in 0..40 {
            let other = world.draft(|_| {});
            flood.push(world.vote(3, &other));
            flood.push(world.by(3, Body::Edition(other)));
        }
        let mut rng = Seeded::new(seed ^ 0xb1);
        rng.shuffle(&mut flood);
        let decisive = world.vote(3, &edition);
        let mut set = Set::new(world.federation);
        set.extend(world.said.clone());
        set.extend(vec![decisive]);
        for statement in flood.iter().chain(&flood).chain(&flood) {
            set.extend(vec![statement.clone()]);
        }
        let course = Roster::of(&set).course().unwrap().clone();
        assert_eq!((course.number, course.edition), (1, edition.hash()), "seed {seed}");
        assert!(set.len() < 24, "seed {seed}: {}", set.len());
        let mut whole = Set::new(world.federation);
        whole.extend([world.said, flood].concat());
        assert_eq!(whole.digest(), set.digest(), "seed {seed}");
    }
}
