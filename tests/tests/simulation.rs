//! Thousands of federations, each from a seed: whatever breaks on the way, in the end all is held by all and means
//! the same.

use cli::simulate::{self, Failure, Plan, Wish, World};

/// Seeds that once failed, and what they showed.
const KEPT: [(u64, &str); 4] = [
    (2, "a later node whose only link did not know it yet could never get in"),
    (
        9,
        "a signature damaged on the way is held behind a good one: a run must end at a good one",
    ),
    (
        2_005_010,
        "a crash lost the statements under which an entry was acknowledged: a node flushes them before anything else",
    ),
    (
        1_002_494,
        "an equal peer, hinted at something new after a conversation that gained, ended the process",
    ),
];

/// Where the fixed seeds start, and how many there are.
const FIRST: u64 = 1_000_000;
const FEDERATIONS: u64 = 2_500;

fn none(failures: &[Failure]) {
    let told: Vec<String> = failures.iter().take(5).map(ToString::to_string).collect();
    assert!(
        failures.is_empty(),
        "{} federations failed\n{}",
        failures.len(),
        told.join("\n\n")
    );
}

#[test]
fn thousands_of_federations_become_equal_and_lose_nothing() {
    none(&simulate::run_all(FIRST..FIRST + FEDERATIONS, Wish::default()));
}

#[test]
fn seeds_that_once_failed_pass() {
    for (seed, found) in KEPT {
        // They failed before documents could be withdrawn, which would make another run of them.
        let plan = Plan {
            withdrawals: 0,
            ..Plan::of(seed, Wish::default())
        };
        assert_eq!(simulate::run_plan(plan).err(), None, "it had shown: {found}");
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let mut withdrawn = 0;
    for seed in 0..20 {
        let (one, other) = (
            simulate::run_seed(seed, Wish::default()),
            simulate::run_seed(seed, Wish::default()),
        );
        assert_eq!(one, other);
        withdrawn += one.unwrap().withdrawn;
    }
    assert!(withdrawn > 0, "some of them withdraw");
}

#[test]
fn the_seeds_cover_what_they_are_for() {
    let plans: Vec<Plan> = (FIRST..FIRST + FEDERATIONS)
        .map(|seed| Plan::of(seed, Wish::default()))
        .collect();
    let share = |of: fn(&Plan) -> bool| plans.iter().filter(|plan| of(plan)).count() * 100 / plans.len();
    let covered = [
        ("somebody away for the whole run", share(|plan| plan.away.is_some())),
        ("no gossip", share(|plan| !plan.gossip)),
        (
            "several nodes of one gemeente",
            share(|plan| plan.gemeenten < plan.nodes.len()),
        ),
        ("partitions", share(|plan| plan.partitions > 0)),
        ("crashes", share(|plan| plan.crashes > 0)),
        ("documents withdrawn", share(|plan| plan.withdrawals > 0)),
        (
            "frames lost and doubled",
            share(|plan| plan.lost > 0 && plan.doubled > 0),
        ),
        ("frames damaged", share(|plan| plan.broken > 0)),
        ("statements known in one place only", share(|plan| plan.scattered)),
    ];
    for (what, percent) in covered {
        assert!(percent >= 10, "{what}: {percent} %");
    }
}

#[test]
fn a_run_can_be_told() {
    let mut world = World::new(Plan::of(FIRST, Wish::default())).telling();
    assert!(world.run().is_ok());
    assert!(
        world
            .lines()
            .iter()
            .any(|line| line.text.en.contains("everything heals"))
    );
}
