//! What the word lists say of a word.

/// Everything the lists say of one word, as bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(pub(crate) u64);

#[allow(dead_code, reason = "the build script packs what the gate reads")]
impl Marks {
    /// In the dictionary without a capital.
    pub(crate) const WORD: u64 = 1;
    /// Among the most frequent words.
    pub(crate) const COMMON: u64 = 1 << 1;
    /// A name of people, places or streets.
    pub(crate) const NAME: u64 = 1 << 2;
    /// A first name.
    pub(crate) const FIRST: u64 = 1 << 3;
    /// A place.
    pub(crate) const PLACE: u64 = 1 << 4;
    /// A name more often than a word, however it is written.
    pub(crate) const ALWAYS: u64 = 1 << 5;
    /// Says nothing about anybody, also with a capital: laws, public bodies, words of the domain.
    pub(crate) const PLAIN: u64 = 1 << 6;
    /// A language or people.
    pub(crate) const NATION: u64 = 1 << 7;
    /// An abbreviation; a dot behind it ends no sentence.
    pub(crate) const SHORT: u64 = 1 << 8;
    /// In the dictionary with a capital.
    pub(crate) const CAPITAL: u64 = 1 << 9;
    /// The first word of a place or surname of several words.
    pub(crate) const HEAD: u64 = 1 << 11;
    /// Among the few hundred words that every Dutch text is full of.
    pub(crate) const FREQUENT: u64 = 1 << 12;
    /// Among the few thousand most frequent words.
    pub(crate) const OFTEN: u64 = 1 << 13;
    /// A street.
    pub(crate) const STREET: u64 = 1 << 10;
    /// A name follows.
    pub(crate) const TITLE: u64 = 1 << 16;
    /// A first name may follow.
    pub(crate) const ROLE: u64 = 1 << 17;
    /// A surname may follow too.
    pub(crate) const SURNAMED: u64 = 1 << 18;
    /// A place may follow.
    pub(crate) const TOWARDS: u64 = 1 << 19;
    /// Behind the number of a house.
    pub(crate) const ADDED: u64 = 1 << 20;
    /// Between the parts of a name.
    pub(crate) const LINK: u64 = 1 << 21;
    /// Before a surname.
    pub(crate) const PREFIX: u64 = 1 << 22;
    /// The second word of `van der` and the like.
    pub(crate) const SECOND: u64 = 1 << 23;
    /// The first word of it.
    pub(crate) const BEFORE_SECOND: u64 = 1 << 24;
    /// Behind a number that counts something.
    pub(crate) const UNIT: u64 = 1 << 25;
    /// What somebody does.
    pub(crate) const DOING: u64 = 1 << 26;
    /// A word follows, and no name.
    pub(crate) const DETERMINER: u64 = 1 << 27;
    /// Before the name of a street.
    pub(crate) const ADDRESSED: u64 = 1 << 28;
    /// Before the name of a school, home or the like.
    pub(crate) const INSTITUTION: u64 = 1 << 29;

    /// Behind this and a colon stand names.
    pub(crate) const LISTED: u64 = 1 << 30;
    /// A surname that is also a word.
    pub(crate) const SURNAME: u64 = 1 << 31;

    /// The first word of what a public body or law is called.
    pub(crate) const PUBLIC: u64 = 1 << 32;

    /// A school, care provider, landlord, shop or employer.
    pub(crate) const HOUSE: u64 = 1 << 33;
    /// A first name that is a frequent word.
    pub(crate) const BOTH: u64 = 1 << 34;
    /// A part of the country or town, behind the name of a body.
    pub(crate) const LOCAL: u64 = 1 << 35;
    /// A body of which there are more, each with a place or part of town behind it: `team noord`.
    pub(crate) const REGIONAL: u64 = 1 << 36;
    /// A house may follow by its name, when no article does: `bij lister`.
    pub(crate) const HOUSED: u64 = 1 << 37;
    /// With a number behind it, no street.
    pub(crate) const NUMBERED: u64 = 1 << 38;

    /// A word that schools, homes and churches are often called.
    pub(crate) const CALLED: u64 = 1 << 39;
    /// Before the name of a house, employer or shop, when that is no ordinary word.
    pub(crate) const HOSTING: u64 = 1 << 40;
    /// Behind the name of one: `rietveld college`.
    pub(crate) const HEADING: u64 = 1 << 41;
    /// Of a relative: whatever name stands behind it.
    pub(crate) const KIN: u64 = 1 << 42;

    /// The mark that `aanwijzers.txt` calls by this name.
    pub(crate) fn pointer(name: &str) -> Option<u64> {
        Some(match name {
            "TITLE" => Self::TITLE,
            "ROLE" => Self::ROLE,
            "SURNAMED" => Self::SURNAMED,
            "TOWARDS" => Self::TOWARDS,
            "ADDED" => Self::ADDED,
            "LINK" => Self::LINK,
            "PREFIX" => Self::PREFIX,
            "SECOND" => Self::SECOND,
            "BEFORE_SECOND" => Self::BEFORE_SECOND,
            "UNIT" => Self::UNIT,
            "DOING" => Self::DOING,
            "DETERMINER" => Self::DETERMINER,
            "ADDRESSED" => Self::ADDRESSED,
            "INSTITUTION" => Self::INSTITUTION,
            "LISTED" => Self::LISTED,
            "LOCAL" => Self::LOCAL,
            "REGIONAL" => Self::REGIONAL,
            "HOUSED" => Self::HOUSED,
            "NUMBERED" => Self::NUMBERED,
            "HOSTING" => Self::HOSTING,
            "HEADING" => Self::HEADING,
            "KIN" => Self::KIN,
            _ => return None,
        })
    }

    /// Everything that `aanwijzers.txt` can say.
    pub(crate) fn pointers() -> u64 {
        !(Self::TITLE - 1)
    }

    /// Whether one of these is said.
    pub(crate) fn any(self, of: u64) -> bool {
        self.0 & of != 0
    }
}
