//! A year of weekly releases, read by somebody who knows who works where: can they say who wrote something?
//!
//! The attacker has the rosters of every laag week by week, also who was away, and sees which records came with which
//! release. For each record whose author works in a laag of fewer than five they list who can have written it. Run it with
//! `cargo test --release -p tests --test releases -- --nocapture` for the figures that the privacy chapter quotes.
#![allow(clippy::print_stdout, reason = "the figures are what it is run for")]

use std::collections::BTreeMap;

use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Headcount, Known, PEOPLE_MIN, Policy, Shareable, screen};
use protocol::id::Week;
use protocol::record::{Intake, Kind, List, Value, WITHHELD, read_json};
use serde_json::json;

const GEMEENTEN: u64 = 40;
const WEEKS: i64 = 52;
const RECORDS_A_WEEK: u64 = 6;
/// Weeks between writing and release, and how many in twenty records take that long.
const WAITS: [(i64, u64); 4] = [(1, 10), (2, 5), (3, 3), (4, 2)];

/// The code of a laag, by its place in the word list.
fn code(laag: usize) -> &'static str {
    List::Laag.words()[laag].code
}

/// Somebody who works in a laag from a week on, until another, and is away in some weeks.
struct Person {
    laag: usize,
    from: i64,
    until: i64,
    away: Vec<i64>,
}

impl Person {
    fn works(&self, week: i64) -> bool {
        (self.from..self.until).contains(&week)
    }

    fn can_write(&self, week: i64) -> bool {
        self.works(week) && !self.away.contains(&week)
    }
}

fn week(number: i64) -> Week {
    Week::new(2025, 1).expect("a week").plus(number)
}

/// A gemeente of small lagen: two to nine people each, of whom some come and go.
fn people(rng: &mut Seeded) -> Vec<Person> {
    let mut people = Vec::new();
    for (laag, smallest) in [(0, 12), (1, 5), (2, 2), (3, 4), (4, 2), (5, 3), (6, 1), (7, 2)] {
        for _ in 0..smallest + rng.below(4) {
            let stays = rng.chance(4, 5);
            let turn = rng.below(52).cast_signed();
            let comes = rng.chance(1, 2);
            let away = (0..7).map(|_| rng.below(52).cast_signed()).collect();
            people.push(Person {
                laag,
                from: if stays || !comes { 0 } else { turn },
                until: if stays || comes { WEEKS } else { turn },
                away,
            });
        }
    }
    people
}

/// The policy of a gemeente that counts its people every week.
fn policy(people: &[Person], at: i64, protected: bool) -> Policy {
    let count = |laag: usize| {
        people
            .iter()
            .filter(|person| person.laag == laag && person.works(at))
            .count()
    };
    let counts: BTreeMap<_, _> = (0..List::Laag.words().len())
        .map(|laag| (code(laag).to_owned(), u32::try_from(count(laag)).expect("few people")))
        .collect();
    let headcount = Headcount::new(&counts).expect("every laag is counted");
    Policy {
        headcount: protected.then_some(headcount),
        ..Policy::default()
    }
}

fn leaves(laag: usize, at: i64, policy: &Policy) -> Shareable {
    let intake = Intake {
        gemeente: "GM9901".parse().expect("a code"),
        week: week(at),
        kind: Some(Kind::Signaal),
    };
    let typed = json!({
        "aard": "knelpunt", "thema": ["wonen"], "laag": code(laag), "week": week(at).to_string(),
        "tekst": "Het loket vraagt een bewijs.",
    });
    let input = read_json(&typed, &intake).expect("a signaal");
    let screened = screen(Draft::new(input, Known::default()), policy);
    let approval = Approval::after_reading(Account::new("lezer").expect("an account"), &screened);
    let approved = screened.approve(approval).expect("it was read");
    approved.release(&|_| None).0
}

/// A record as the attacker sees it, and who wrote it.
struct Seen {
    record: Shareable,
    released: i64,
    written: i64,
    author: usize,
}

/// A year of one gemeente: who works there, and what came out.
fn year(seed: u64, protected: bool) -> (Vec<Person>, Vec<Seen>) {
    let mut rng = Seeded::new(seed);
    let people = people(&mut rng);
    let mut seen = Vec::new();
    for written in 0..WEEKS {
        let policy = policy(&people, written, protected);
        let there: Vec<_> = (0..people.len()).filter(|at| people[*at].can_write(written)).collect();
        for _ in 0..RECORDS_A_WEEK {
            let author = there[usize::try_from(rng.below(there.len() as u64)).expect("few people")];
            let mut left = rng.below(20);
            let waits = WAITS.iter().find(|(_, share)| {
                let now = left < *share;
                left = left.saturating_sub(*share);
                now
            });
            let waits = waits.map_or(1, |(weeks, _)| *weeks);
            seen.push(Seen {
                record: leaves(people[author].laag, written, &policy),
                released: written + waits,
                written,
                author,
            });
        }
    }
    (people, seen)
}

/// How likely each person is the author: by laag, by the week or quarter that the record tells, by the week it came, and by
/// who was at work. The attacker knows how long records wait, and counts the headcounts as the gemeente does.
fn suspects(people: &[Person], seen: &Seen, heads: &[Policy], absences: bool) -> Vec<u64> {
    let laag = match &seen.record.fields()["laag"] {
        Value::Code(code) => code.clone(),
        other => panic!("{other:?} is no laag"),
    };
    let told = seen.record.week();
    let weight = |person: &Person| {
        let mut sum = 0;
        for (weeks, share) in WAITS {
            let at = seen.released - weeks;
            let fits = if seen.record.is_quarter_only() {
                (0..WEEKS).contains(&at) && week(at).quarter_start() == told
            } else {
                week(at) == told
            };
            if !fits {
                continue;
            }
            let there = if absences {
                person.can_write(at)
            } else {
                person.works(at)
            };
            let withheld = heads[usize::try_from(at).expect("a week of the year")]
                .headcount
                .as_ref();
            let hidden = withheld.is_some_and(|headcount| headcount.withholds(code(person.laag)));
            let of_laag = if laag == WITHHELD {
                hidden
            } else {
                code(person.laag) == laag
            };
            sum += if there && of_laag { share } else { 0 };
        }
        sum
    };
    people.iter().map(weight).collect()
}

/// What the attacker makes of all records of authors in small lagen.
#[derive(Debug, Default)]
struct Outcome {
    records: u64,
    /// The shortest list of suspects.
    fewest: usize,
    /// Records with fewer suspects than the least headcount.
    singled_out: u64,
    /// Records of which the first suspect is the author, in parts of one where several are equally likely.
    guessed: f64,
}

fn attack(protected: bool, absences: bool) -> Outcome {
    let mut result = Outcome {
        fewest: usize::MAX,
        ..Outcome::default()
    };
    for seed in 0..GEMEENTEN {
        let (people, seen) = year(seed, protected);
        let heads: Vec<_> = (0..WEEKS).map(|at| policy(&people, at, true)).collect();
        for seen in &seen {
            let laag = people[seen.author].laag;
            let colleagues = people
                .iter()
                .filter(|person| person.laag == laag && person.works(seen.written));
            if colleagues.count() >= PEOPLE_MIN as usize {
                continue;
            }
            let weights = suspects(&people, seen, &heads, absences);
            assert!(weights[seen.author] > 0, "the author is among the suspects");
            let some = weights.iter().filter(|weight| **weight > 0).count();
            result.records += 1;
            result.fewest = result.fewest.min(some);
            result.singled_out += u64::from(some < PEOPLE_MIN as usize);
            let most = weights.iter().max().copied().unwrap_or(0);
            let first = weights.iter().filter(|weight| **weight == most).count();
            if weights[seen.author] == most {
                result.guessed += 1.0 / f64::from(u32::try_from(first).expect("few people"));
            }
        }
    }
    result
}

fn told(what: &str, result: &Outcome) {
    let records = f64::from(u32::try_from(result.records).expect("some thousands"));
    println!(
        "{what}: {} records of authors in a laag below {PEOPLE_MIN}; fewest suspects {}, fewer than {PEOPLE_MIN} for {} of them, \
         the first guess right for {:.0} %",
        result.records,
        result.fewest,
        result.singled_out,
        100.0 * result.guessed / records
    );
}

#[test]
fn a_year_of_releases_singles_out_nobody_in_a_small_laag() {
    let rosters = attack(true, false);
    let absences = attack(true, true);
    let unprotected = attack(false, false);
    told("rosters", &rosters);
    told("rosters and who was away", &absences);
    told("without a headcount, rosters", &unprotected);
    assert!(rosters.records > 1_000, "{rosters:?}");
    assert_eq!(rosters.singled_out, 0, "{rosters:?}");
    // Who was away rules people out, and still leaves five; the best guess is no better than one of five.
    assert_eq!(absences.singled_out, 0, "{absences:?}");
    assert!(absences.guessed > rosters.guessed, "{absences:?} {rosters:?}");
    let records = f64::from(u32::try_from(absences.records).expect("some thousands"));
    assert!(absences.guessed * f64::from(PEOPLE_MIN) < records, "{absences:?}");
    // What withholding is for: the same attack on the same year without it.
    assert!(unprotected.singled_out == unprotected.records, "{unprotected:?}");
    assert!(
        absences.guessed < unprotected.guessed * 0.7,
        "{absences:?} {unprotected:?}"
    );
}
