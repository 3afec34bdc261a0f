//! The kinds of records by name and by number.

use super::Kind;

/// The kinds that this version does not read yet, by the name the domain gives them.
pub(super) const LATER: [&str; 4] = ["kader", "uitwisseling", "impact", "leerscan"];

impl Kind {
    /// Every kind this version knows, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Signaal,
        Self::Knelpunt,
        Self::Duiding,
        Self::Les,
        Self::Sessie,
        Self::Experiment,
        Self::Overname,
        Self::Bericht,
        Self::Kring,
    ];

    /// The Dutch name, as in `soort`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signaal => "signaal",
            Self::Knelpunt => "knelpunt",
            Self::Duiding => "duiding",
            Self::Les => "les",
            Self::Sessie => "sessie",
            Self::Experiment => "experiment",
            Self::Overname => "overname",
            Self::Bericht => "bericht",
            Self::Kring => "kring",
        }
    }

    /// The number that stands in headers and document ids.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind with this number; a newer kind has none here.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Whether several gemeenten write it, each in a document of its own.
    #[must_use]
    pub fn is_cowritten(self) -> bool {
        matches!(self, Self::Knelpunt | Self::Kring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
            assert_eq!(Kind::from_number(kind.number()), Some(kind));
            assert!(!LATER.contains(&kind.name()));
        }
        assert_eq!(Kind::from_number(0), None);
        assert_eq!(Kind::from_number(10), None);
        assert_eq!(Kind::from_name("Signaal"), None);
    }
}
