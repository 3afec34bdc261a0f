//! The names that a mistyped one resembles.

/// Names that are told at most.
const TOLD_MAX: usize = 3;
/// Characters of a name that are compared.
const CHARS_MAX: usize = 64;

/// The names nearest to this one, the nearest first; none that is too far off to be meant.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = letters(name);
    let far = wanted.len() / 3 + 1;
    let near = known.into_iter().filter_map(|candidate| {
        let letters = letters(candidate);
        let away = distance(&wanted, &letters);
        let begins = wanted.len() >= 3 && (letters.starts_with(&wanted) || wanted.starts_with(&letters));
        (away <= far || begins).then_some((away, candidate))
    });
    let mut near: Vec<(usize, &str)> = near.collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter()
        .take(TOLD_MAX)
        .map(|(_, name)| name.to_owned())
        .collect()
}

fn letters(name: &str) -> Vec<char> {
    name.chars().take(CHARS_MAX).flat_map(char::to_lowercase).collect()
}

/// Letters that are to be put in, taken out or replaced to make one of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = (0..=other.len()).collect();
    for (row, left) in one.iter().enumerate() {
        let mut here = vec![row + 1];
        for (column, right) in other.iter().enumerate() {
            let replaced = before[column] + usize::from(left != right);
            here.push(replaced.min(before[column + 1] + 1).min(here[column] + 1));
        }
        before = here;
    }
    before[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_what_was_meant_and_nothing_far_off() {
        let known = ["signalen", "knelpunten", "lessen", "signaal_thema"];
        let near = |name: &str| nearest(name, known);
        assert_eq!(near("signalem"), ["signalen"]);
        assert_eq!(near("Knelpunt"), ["knelpunten"]);
        assert_eq!(near("les"), ["lessen"]);
        assert_eq!(near("sqlite_master"), Vec::<String>::new());
        assert_eq!(distance(&letters("kat"), &letters("krat")), 1);
        assert_eq!(distance(&letters(""), &letters("les")), 3);
    }
}
