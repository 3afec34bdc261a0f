//! What stands in the place of what was found: `[plaats]`, `[datum]`, and for persons `[naam 1]`, `[naam 2]`.
//!
//! The numbers keep a text readable: who is mentioned twice keeps a number through the whole record, in the order in
//! which people read it. A number says nothing beyond the record, and is given anew in every other.
//!
//! **Invariant:** a mask is recognised whoever wrote it, the gate or a person, so that a masked text is never masked again.

use super::SpanType;
use super::characters::plain_character;

/// The most persons that get a number; nobody can follow more, and the rest is `[naam]`.
const PERSONS_MAX: u16 = 999;
/// The longest mask, brackets included.
const MASK_CHARS_MAX: usize = 24;
/// A shorter name that ends in an s is another name, not a possessive.
const POSSESSIVE_LETTERS_MIN: usize = 4;
/// Words that link the parts of a name, and tell nobody apart.
const LINKING: [&str; 14] = [
    "van", "de", "der", "den", "het", "'t", "’t", "ter", "ten", "te", "op", "in", "aan", "von",
];

/// The mask of what looks like this; a person that was told apart has a number.
pub(super) fn mask(what: SpanType, nr: Option<u16>) -> String {
    match nr.filter(|_| what != SpanType::Age) {
        Some(nr) => format!("[{} {nr}]", SpanType::Person.mask_word()),
        None => format!("[{}]", what.mask_word()),
    }
}

/// How many characters the mask that begins here has, in any letter case.
pub(super) fn typed(shown: &[char]) -> Option<usize> {
    read(shown).map(|(length, _)| length)
}

/// The mask that begins here: its length, and the number of the person.
fn read(shown: &[char]) -> Option<(usize, Option<u16>)> {
    let inside = shown.strip_prefix(&['['])?;
    let length = inside.iter().take(MASK_CHARS_MAX).position(|c| *c == ']')?;
    let word: String = inside[..length].iter().flat_map(|c| c.to_lowercase()).collect();
    if SpanType::ALL.iter().any(|what| what.mask_word() == word) {
        return Some((length + 2, None));
    }
    let nr = word.strip_prefix(SpanType::Person.mask_word())?.strip_prefix(' ')?;
    let plain = !nr.starts_with('0') && nr.chars().all(|c| c.is_ascii_digit());
    let nr = nr.parse().ok().filter(|nr| plain && *nr <= PERSONS_MAX)?;
    Some((length + 2, Some(nr)))
}

/// The persons of one record, in the order in which they are mentioned.
#[derive(Default)]
pub(super) struct Persons {
    /// The highest number that is taken.
    taken: u16,
    seen: Vec<(u16, Name)>,
}

impl Persons {
    /// Keeps the numbers of the masks that a person typed in this text: nobody else gets them.
    pub(super) fn heed(&mut self, text: &str) {
        if !text.contains(['[', '［']) {
            return;
        }
        let shown: Vec<_> = text.chars().filter_map(plain_character).collect();
        for at in (0..shown.len()).filter(|at| shown[*at] == '[') {
            let nr = read(&shown[at..]).and_then(|(_, nr)| nr);
            self.taken = self.taken.max(nr.unwrap_or(0));
        }
    }

    /// The number of whoever is meant here; `None` for what is no person.
    pub(super) fn number(&mut self, what: SpanType, shown: &[char]) -> Option<u16> {
        let may_be_new = match what {
            SpanType::Person => true,
            SpanType::Known => shown.iter().all(|c| c.is_alphabetic() || " \n-'’.".contains(*c)),
            // A word that Dutch does not know is somebody only when that somebody was named.
            SpanType::Unknown => false,
            _ => return None,
        };
        let name = Name::new(shown)?;
        if let Some((nr, known)) = self.find(&name) {
            if name.0.len() > known.0.len() {
                *known = name;
            }
            return Some(nr);
        }
        if !may_be_new || self.taken == PERSONS_MAX {
            return None;
        }
        self.taken += 1;
        self.seen.push((self.taken, name));
        Some(self.taken)
    }

    /// The one who has this name; when it could be several, nobody, so that no two persons become one.
    fn find(&mut self, name: &Name) -> Option<(u16, &mut Name)> {
        let exact = self.seen.iter().position(|(_, known)| known == name);
        let mut fitting = (0..self.seen.len()).filter(|at| self.seen[*at].1.fits(name));
        let only = fitting.next().filter(|_| fitting.next().is_none());
        let (nr, known) = &mut self.seen[exact.or(only)?];
        Some((*nr, known))
    }
}

/// The words of a name in lower case, without those that only link.
#[derive(PartialEq, Eq)]
struct Name(Vec<String>);

impl Name {
    fn new(shown: &[char]) -> Option<Self> {
        let text: String = shown.iter().flat_map(|c| c.to_lowercase()).collect();
        let words = text.split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’' | '-'));
        let words = words.map(|word| word.trim_end_matches("'s").trim_end_matches("’s"));
        let words: Vec<_> = words.filter(|word| word.chars().any(char::is_alphabetic)).collect();
        let telling: Vec<_> = words.iter().filter(|word| !LINKING.contains(word)).collect();
        let telling = if telling.is_empty() {
            words.iter().collect()
        } else {
            telling
        };
        let telling: Vec<_> = telling.into_iter().map(|word| (*word).to_owned()).collect();
        (!telling.is_empty()).then_some(Self(telling))
    }

    /// Whether both can be the same person: the same surname, and first names or initials that agree; or one is a single
    /// word of the other.
    fn fits(&self, other: &Self) -> bool {
        match (self.0.as_slice(), other.0.as_slice()) {
            ([word], words) | (words, [word]) => {
                let initial = word.chars().count() == 1 && words.len() > 1;
                !initial && words.iter().any(|other| is_same(word, other))
            }
            ([given @ .., last], [others @ .., surname]) => {
                let agree = |(a, b): (&String, &String)| is_same(a, b) || is_initial(a, b) || is_initial(b, a);
                is_same(last, surname) && given.iter().zip(others).all(agree)
            }
            _ => false,
        }
    }
}

/// The same word, also as a possessive (`Haverkottes`).
fn is_same(a: &str, b: &str) -> bool {
    let possessive = |long: &str, short: &str| {
        long.strip_suffix('s') == Some(short) && short.chars().count() >= POSSESSIVE_LETTERS_MIN
    };
    a == b || possessive(a, b) || possessive(b, a)
}

fn is_initial(letter: &str, name: &str) -> bool {
    letter.chars().count() == 1 && name.starts_with(letter)
}
