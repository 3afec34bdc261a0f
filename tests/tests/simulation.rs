//! Thousands of federations, each from a seed: whatever breaks on the way, in the end every law holds. And the other way
//! around: a world in which a rule is broken on purpose breaks a law.

#[path = "simulation/sabotage.rs"]
mod sabotage;

use std::collections::BTreeSet;

use cli::simulate::{self, Class, Failure, Kept, Plan, Report, Wish, World};
use protocol::record::agenda::Why;
use tests::scope;

/// Where the fixed seeds start, and how many there are: in CI, and before a release.
const FIRST: u64 = 1_000_000;
const FEDERATIONS: u64 = 5_000;
const FEDERATIONS_FULL: u64 = 100_000;

/// Plans that were kept: a line of JSON each.
const PLANS: &str = include_str!("simulation/plans.jsonl");

fn none(failures: &[Failure]) {
    let told: Vec<String> = failures.iter().take(5).map(ToString::to_string).collect();
    let count = failures.len();
    assert!(failures.is_empty(), "{count} federations failed\n{}", told.join("\n\n"));
}

#[test]
fn thousands_of_federations_keep_every_law() {
    let count = if scope::full() { FEDERATIONS_FULL } else { FEDERATIONS };
    if !scope::full() {
        scope::left_out(&format!(
            "simulation: {FEDERATIONS} federations of {FEDERATIONS_FULL} (leerkring simulate --from {FIRST} --count {FEDERATIONS_FULL})"
        ));
    }
    let tally = simulate::run_all(FIRST..FIRST + count, Wish::default());
    none(&tally.failures);
    for class in [Class::Rollback, Class::Disk, Class::Hostile, Class::Membership] {
        assert!(tally.of(class) * 5 > count, "{class:?}: {} of {count}", tally.of(class));
    }
    for class in Class::ALL {
        assert!(
            tally.of(class) * 15 > count,
            "{class:?}: {} of {count}",
            tally.of(class)
        );
    }
}

#[test]
fn plans_that_were_kept_keep_every_law() {
    for line in PLANS.lines() {
        let kept: Kept = serde_json::from_str(line).unwrap();
        let showed = kept.showed.clone().unwrap();
        kept.plan.check().unwrap();
        let broken = simulate::run_world(&mut kept.world(false))
            .err()
            .map(|broken| broken.law);
        assert!(
            broken.is_some() && broken == kept.breaks,
            "it no longer shows: {showed}"
        );
        assert_eq!(
            simulate::run_world(&mut kept.world(true)).err(),
            None,
            "it had shown: {showed}"
        );
    }
    assert!(PLANS.lines().count() > 5);
}

/// Agendas that are always empty would be equal as well.
#[test]
fn what_is_compared_has_every_reason_for_a_point_on_an_agenda() {
    let mut reasons = BTreeSet::new();
    for seed in FIRST..FIRST + 200 {
        let report = simulate::run_world(&mut World::new(Plan::of(seed, Wish::default()))).unwrap();
        reasons.extend(report.reasons);
    }
    assert_eq!(reasons, BTreeSet::from(Why::ALL));
}

#[test]
fn the_same_seed_is_the_same_run() {
    for seed in FIRST..FIRST + 20 {
        let run = || {
            let mut world = World::new(Plan::of(seed, Wish::default())).telling();
            let report = simulate::run_world(&mut world);
            (report, world.lines().to_vec())
        };
        assert_eq!(run(), run());
    }
}

#[test]
fn a_plan_that_is_kept_is_the_same_run() {
    for seed in FIRST..FIRST + 20 {
        let plan = Plan::of(seed, Wish::default());
        let kept: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        assert_eq!(kept, plan);
        assert_eq!(simulate::run_plan(kept), simulate::run_plan(plan));
    }
}

#[test]
fn what_is_wished_for_is_there() {
    let wish = Wish {
        nodes: Some(7),
        weeks: Some(3),
        hostile: Some(1),
    };
    for seed in FIRST..FIRST + 20 {
        let plan = Plan::of(seed, wish);
        let hostile = (0..plan.nodes.len()).filter(|node| plan.is_hostile(*node)).count();
        assert!(
            plan.nodes.len() >= 7 && plan.busy_ms == 30_000 && hostile >= 1,
            "{plan:?}"
        );
        assert_eq!(simulate::run_plan(plan).err(), None);
    }
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
            share(|plan| plan.gemeenten() < plan.nodes.len()),
        ),
        ("nodes that come later", share(|plan| !plan.later.is_empty())),
        ("a gemeente that joins", share(|plan| plan.founders < plan.gemeenten())),
        (
            "frames lost and doubled",
            share(|plan| plan.wires.lost > 0 && plan.wires.doubled > 0),
        ),
        ("frames damaged", share(|plan| plan.wires.broken > 0)),
        ("statements known in one place only", share(|plan| plan.scattered)),
        ("none of what breaks", share(|plan| plan.classes().is_empty())),
        ("several of what breaks", share(|plan| plan.classes().len() > 2)),
    ];
    for (what, percent) in covered {
        assert!(percent >= 7, "{what}: {percent} %");
    }
}

#[test]
fn what_is_planned_happens() {
    let reports = (FIRST..FIRST + 400).map(|seed| simulate::run_seed(seed, Wish::default()).unwrap());
    let reports: Vec<Report> = reports.collect();
    let with = |of: fn(&Report) -> u64| reports.iter().filter(|report| of(report) > 0).count();
    let seen = [
        ("rollbacks", with(|report| report.rollbacks)),
        ("copies beside a node", with(|report| report.twins)),
        ("disk errors", with(|report| report.faults)),
        ("forks proven", with(|report| report.forks)),
        ("double votes proven", with(|report| report.doubles)),
        ("hostile deeds", with(|report| report.malice)),
        ("offences", with(|report| report.offences)),
        ("editions beyond the first", with(|report| report.edition)),
        ("entries that do not count", with(|report| report.idle)),
        ("documents withdrawn", with(|report| report.withdrawn)),
        ("records", with(|report| report.records)),
    ];
    for (what, count) in seen {
        assert!(count >= 10, "{what}: in {count} of 400");
    }
}
