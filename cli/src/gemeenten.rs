//! The gemeenten of the Netherlands by CBS code, and the codes of practice gemeenten.

/// Codes from here on belong to gemeenten that do not exist.
const PRACTICE_FROM: &str = "GM9900";

/// Every gemeente as code and name, in order of code.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    protocol::gemeenten::all().map(|listed| (listed.code, listed.name))
}

/// The name of a gemeente that exists.
pub(crate) fn name_of(code: &str) -> Option<&'static str> {
    all().find(|(known, _)| *known == code).map(|(_, name)| name)
}

/// Whether this is the code of a practice gemeente.
pub(crate) fn is_practice(code: &str) -> bool {
    code.len() == PRACTICE_FROM.len() && code >= PRACTICE_FROM
}

/// The codes that look most like a code that is not known.
pub(crate) fn similar(code: &str) -> Vec<&'static str> {
    let alike = |known: &str| {
        known
            .chars()
            .zip(code.chars())
            .filter(|(one, other)| one == other)
            .count()
    };
    let mut codes: Vec<_> = all().map(|(known, _)| known).collect();
    codes.sort_by_key(|known| (std::cmp::Reverse(alike(known)), *known));
    codes.truncate(3);
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_holds_every_gemeente_of_2026() {
        assert_eq!(all().count(), 342);
        assert_eq!(name_of("GM0014"), Some("Groningen"));
        assert_eq!(name_of("GM0363"), Some("Amsterdam"));
        assert_eq!(name_of("GM0820"), Some("Nuenen, Gerwen en Nederwetten"));
        assert_eq!(name_of("GM9901"), None);
        assert!(is_practice("GM9901") && !is_practice("GM0014"));
        assert!(similar("GM0015").contains(&"GM0014"));
    }
}
