//! Whether a knelpunt recurs where teams are known: the same knelpunt, by a link that a person accepted, from two or more
//! teams within thirteen weeks. A theme that recurs is no more than a reason to look.
//!
//! **Law:** it is a function of the set of signals and the peilweek; a signal after the peilweek has not been given yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::Week;

/// Weeks that count together, the first and the last included.
pub const WINDOW_WEEKS: i64 = 13;

/// The label of a team as it is compared: however it was typed, it is the same team.
#[must_use]
pub fn team_of(label: &str) -> String {
    let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// The most teams that gave a signal within one window up to the peilweek. A signal without a team may be of any of them:
/// without others it is one.
#[must_use]
pub fn teams<'a>(signals: impl IntoIterator<Item = (Week, Option<&'a str>)>, peilweek: Week) -> usize {
    let given = signals.into_iter().filter(|(week, _)| *week <= peilweek);
    let mut by_week: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    for (week, team) in given {
        let teams = by_week.entry(week.index()).or_default();
        teams.extend(team.map(team_of).filter(|team| !team.is_empty()));
    }
    let most = by_week.keys().map(|first| {
        let window = by_week.range(*first..first + WINDOW_WEEKS);
        window.flat_map(|(_, teams)| teams).collect::<BTreeSet<_>>().len()
    });
    most.max().map_or(0, |most| most.max(1))
}

/// The number of teams as a knelpunt states it (`teams`).
#[must_use]
pub fn band(teams: usize) -> Option<&'static str> {
    match teams {
        0 => None,
        1 => Some("1"),
        2 => Some("2"),
        _ => Some("3+"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Seeded;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    fn count(signals: &[(&str, &str)], peilweek: &str) -> usize {
        let signals = signals.iter().map(|(at, team)| (week(at), Some(*team)));
        teams(signals, week(peilweek))
    }

    #[test]
    fn two_teams_within_thirteen_weeks_and_not_in_the_fourteenth() {
        assert_eq!(count(&[("2026-W01", "A"), ("2026-W13", "B")], "2026-W20"), 2);
        assert_eq!(count(&[("2026-W01", "A"), ("2026-W14", "B")], "2026-W20"), 1);
        assert_eq!(count(&[("2026-W01", "A"), ("2026-W05", "A")], "2026-W20"), 1);
        assert_eq!(count(&[], "2026-W20"), 0);
    }

    #[test]
    fn a_year_of_53_weeks_has_them_all() {
        // 2026 has 53 weeks: from W41 to W53 is thirteen, and W01 of 2027 the fourteenth.
        assert_eq!(count(&[("2026-W41", "A"), ("2026-W53", "B")], "2027-W10"), 2);
        assert_eq!(count(&[("2026-W41", "A"), ("2027-W01", "B")], "2027-W10"), 1);
        assert_eq!(count(&[("2026-W42", "A"), ("2027-W01", "B")], "2027-W10"), 2);
        // 2025 has 52.
        assert_eq!(count(&[("2025-W41", "A"), ("2026-W01", "B")], "2026-W10"), 2);
    }

    #[test]
    fn what_comes_after_the_peilweek_is_not_there_yet() {
        let signals = [("2026-W01", "A"), ("2026-W05", "B"), ("2026-W06", "C")];
        assert_eq!(count(&signals, "2026-W04"), 1);
        assert_eq!(count(&signals, "2026-W05"), 2);
        assert_eq!(count(&signals, "2026-W06"), 3);
        assert_eq!(
            count(&signals, "2027-W30"),
            3,
            "what recurred once goes on having recurred"
        );
    }

    #[test]
    fn one_team_is_one_however_it_is_typed_and_no_team_is_at_most_one() {
        let signals = [("2026-W01", "Wijkteam  Noord"), ("2026-W02", " wijkteam noord ")];
        assert_eq!(count(&signals, "2026-W20"), 1);
        let without = [(week("2026-W01"), None), (week("2026-W02"), Some(" "))];
        assert_eq!(teams(without, week("2026-W20")), 1);
        let beside = [(week("2026-W01"), None), (week("2026-W02"), Some("Noord"))];
        assert_eq!(teams(beside, week("2026-W20")), 1);
        assert_eq!(
            [0, 1, 2, 3, 9].map(band),
            [None, Some("1"), Some("2"), Some("3+"), Some("3+")]
        );
    }

    #[test]
    fn the_order_of_signals_says_nothing_and_one_more_never_makes_it_less() {
        let mut rng = Seeded::new(3);
        for _ in 0..200 {
            let mut signals: Vec<(Week, Option<String>)> = (0..rng.below(12))
                .map(|_| {
                    let at = week("2025-W40").plus(rng.below(40) as i64);
                    let team = rng.below(5);
                    (at, (team > 0).then(|| format!("team {team}")))
                })
                .collect();
            let peilweek = week("2025-W40").plus(rng.below(60) as i64);
            let of = |signals: &[(Week, Option<String>)]| {
                teams(signals.iter().map(|(at, team)| (*at, team.as_deref())), peilweek)
            };
            let before = of(&signals);
            rng.shuffle(&mut signals);
            assert_eq!(of(&signals), before);
            signals.pop();
            assert!(of(&signals) <= before);
        }
    }
}
