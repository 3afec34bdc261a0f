//! The gemeenten of the Netherlands by CBS code: one list for whoever looks a code up and for the derived tables.
//!
//! Provenance is in `data/README.md` beside this crate.
//!
//! **Invariant:** the list is part of the version of the view: changing a row of it changes what tables show.

/// The national list of 2026.
const LIST: &str = include_str!("../data/gemeenten.csv");

/// Since when a code is in use, for the gemeenten that were formed from 2017 on; of the others that is not on the list.
const FORMED: [(&str, &str); 18] = [
    ("GM1948", "2017-01-01"),
    ("GM1949", "2018-01-01"),
    ("GM1950", "2018-01-01"),
    ("GM1952", "2018-01-01"),
    ("GM1954", "2019-01-01"),
    ("GM1959", "2019-01-01"),
    ("GM1960", "2019-01-01"),
    ("GM1961", "2019-01-01"),
    ("GM1963", "2019-01-01"),
    ("GM1966", "2019-01-01"),
    ("GM1969", "2019-01-01"),
    ("GM1970", "2019-01-01"),
    ("GM1978", "2019-01-01"),
    ("GM1979", "2021-01-01"),
    ("GM1980", "2022-01-01"),
    ("GM1982", "2022-01-01"),
    ("GM1991", "2022-01-01"),
    ("GM1992", "2023-01-01"),
];

/// One gemeente as the list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// CBS code.
    pub code: &'static str,
    /// Name.
    pub name: &'static str,
    /// Columns after the name, in the order of the list.
    rest: &'static str,
}

impl Listed {
    fn column(&self, at: usize) -> &'static str {
        self.rest.split(',').nth(at).unwrap_or_default()
    }

    /// Province.
    #[must_use]
    pub fn province(&self) -> &'static str {
        self.column(0)
    }

    /// Inhabitants on 1 January 2026.
    #[must_use]
    pub fn inhabitants(&self) -> Option<i64> {
        self.column(1).parse().ok()
    }

    /// Area in hectares, water included.
    #[must_use]
    pub fn hectares(&self) -> Option<i64> {
        let (whole, part) = self.column(2).split_once('.').unwrap_or((self.column(2), ""));
        let part = part.bytes().chain(*b"00").take(2);
        let part = part.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        Some(whole.parse::<i64>().ok()? * 100 + part)
    }

    /// Size class, by inhabitants.
    #[must_use]
    pub fn size_class(&self) -> &'static str {
        self.column(3)
    }

    /// Class of urbanity, 1 (most) to 5; not of gemeenten that were formed after it was measured.
    #[must_use]
    pub fn urbanity(&self) -> Option<i64> {
        self.column(4).parse().ok()
    }

    /// Safety region.
    #[must_use]
    pub fn region(&self) -> &'static str {
        self.column(5)
    }

    /// Longitude and latitude of its centre, in degrees.
    #[must_use]
    pub fn centre(&self) -> Option<(f64, f64)> {
        Some((self.column(6).parse().ok()?, self.column(7).parse().ok()?))
    }

    /// Column and row of its tile on a map of hexagons.
    #[must_use]
    pub fn tile(&self) -> Option<(i64, i64)> {
        Some((self.column(8).parse().ok()?, self.column(9).parse().ok()?))
    }

    /// Codes of the gemeenten that border on it; an island has none.
    pub fn neighbours(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.column(10).split_whitespace()
    }

    /// The day from which the code is in use, where that is known.
    #[must_use]
    pub fn since(&self) -> Option<&'static str> {
        let found = FORMED.iter().find(|(code, _)| *code == self.code);
        found.map(|(_, day)| *day)
    }
}

/// Every gemeente, in order of code.
pub fn all() -> impl Iterator<Item = Listed> {
    LIST.lines().skip(1).filter_map(|line| {
        let (code, rest) = line.split_once(',')?;
        // One name has a comma in it and stands between quotes.
        let (name, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\",")?,
            None => rest.split_once(',')?,
        };
        Some(Listed { code, name, rest })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(code: &str) -> Listed {
        all().find(|listed| listed.code == code).unwrap()
    }

    #[test]
    fn the_list_holds_every_gemeente_of_2026_with_all_its_columns() {
        assert_eq!(all().count(), 342);
        for listed in all() {
            assert!(listed.inhabitants().is_some_and(|people| people > 900), "{listed:?}");
            assert!(listed.hectares().is_some_and(|area| area > 700), "{listed:?}");
            assert!(listed.centre().is_some() && listed.tile().is_some(), "{listed:?}");
            assert!(!listed.province().is_empty() && !listed.size_class().is_empty() && !listed.region().is_empty());
        }
        let people: i64 = all().filter_map(|listed| listed.inhabitants()).sum();
        assert_eq!(people, 18_130_231);
    }

    #[test]
    fn a_name_with_a_comma_moves_no_column() {
        let nuenen = named("GM0820");
        assert_eq!(
            (nuenen.name, nuenen.province()),
            ("Nuenen, Gerwen en Nederwetten", "Noord-Brabant")
        );
        assert_eq!((nuenen.hectares(), nuenen.neighbours().count()), (Some(3371), 6));
        assert_eq!(named("GM0014").hectares(), Some(18_560));
    }

    #[test]
    fn who_borders_on_another_is_bordered_on_by_it() {
        for listed in all() {
            for other in listed.neighbours() {
                assert!(
                    named(other).neighbours().any(|back| back == listed.code),
                    "{} {other}",
                    listed.code
                );
            }
        }
    }

    #[test]
    fn every_code_that_was_formed_is_on_the_list() {
        assert!(FORMED.iter().all(|(code, _)| named(code).since().is_some()));
        assert_eq!(named("GM1992").name, "Voorne aan Zee");
        assert_eq!(named("GM0014").since(), None);
    }
}
