//! The words the gate knows: a Dutch dictionary, names, places, streets, and the domain's own words.
//!
//! The lists are in `protocol/data`, with where they come from; `build.rs` packs them. They are part of the program: no
//! file is read, and every node knows the same words.
//!
//! **Invariant:** words only come out of here as what is known of them; nothing is learnt from a text.

pub(super) mod fold;
mod keys;
mod marks;
mod short;
#[cfg(test)]
mod tests;

use fst::{IntoStreamer, Map, Streamer};

pub(super) use marks::Marks;

use fold::{WHOLE, fold};

static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));
static SHORT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/short.bin"));
static PHRASES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/phrases.fst"));
static SLIPS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/slips.fst"));

/// The most words that are looked at for one that was not written out.
const LONGER_WORDS_MAX: usize = 20;
/// Longer is no word.
const WORD_CHARS_MAX: usize = 60;
/// The longest street has less.
const PHRASE_CHARS_MAX: usize = WORD_CHARS_MAX;
/// A part of a compound has this many letters, or half the names of the world are compounds; and a compound at most so many parts.
const PART_CHARS_MIN: usize = 4;
const PARTS_MAX: usize = 4;
/// A shorter word has too many neighbours to be taken for one of them.
const SLIP_CHARS_MIN: usize = 5;

/// The lists, ready to be asked.
#[derive(Clone)]
pub(super) struct Lexicon {
    words: Map<&'static [u8]>,
    phrases: Map<&'static [u8]>,
    slips: Map<&'static [u8]>,
}

impl Lexicon {
    /// Opens the lists; that takes no time, they are read where they lie.
    pub(super) fn new() -> Self {
        let open = |bytes| Map::new(bytes).expect("build.rs wrote it");
        Self {
            words: open(WORDS),
            phrases: open(PHRASES),
            slips: open(SLIPS),
        }
    }

    /// What is known of this word.
    pub(super) fn word(&self, letters: &[char]) -> Marks {
        if letters.len() > WORD_CHARS_MAX {
            return Marks::default();
        }
        if let Some(marks) = frequent(letters) {
            return marks;
        }
        let mut key = Key::default();
        key.extend(letters);
        Marks(self.words.get(key.bytes()).unwrap_or(0))
    }

    /// Whether the word stands in the dictionary or among the words of the domain.
    pub(super) fn is_word(&self, letters: &[char]) -> bool {
        self.word(letters).any(Marks::WORD)
    }

    /// Whether a word that is not a name begins like this and goes on for two letters or more.
    pub(super) fn begins_word(&self, letters: &[char]) -> bool {
        let mut key = Key::default();
        if letters.len() > WORD_CHARS_MAX {
            return false;
        }
        key.extend(letters);
        let mut longer = self.words.range().ge(key.bytes()).into_stream();
        for _ in 0..LONGER_WORDS_MAX {
            let Some((word, marks)) = longer.next() else {
                return false;
            };
            if !word.starts_with(key.bytes()) {
                return false;
            }
            let marks = Marks(marks);
            let plain = marks.any(Marks::WORD) && !marks.any(Marks::NAME | Marks::PLACE | Marks::ALWAYS);
            if plain && word.len() >= key.bytes().len() + 2 {
                return true;
            }
        }
        false
    }

    /// What is known of these words together.
    pub(super) fn phrase(&self, letters: &[char]) -> Marks {
        let mut key = Key::default();
        if letters.len() > PHRASE_CHARS_MAX {
            return Marks::default();
        }
        key.extend(letters);
        Marks(self.phrases.get(key.bytes()).unwrap_or(0))
    }

    /// Whether the word is made of known words: `keukentafelgesprek`, `schuldhulpverlenerstekort`.
    pub(super) fn is_compound(&self, letters: &[char]) -> bool {
        letters.len() >= 2 * PART_CHARS_MIN && letters.len() <= WORD_CHARS_MAX && self.splits(letters, PARTS_MAX, true)
    }

    fn splits(&self, letters: &[char], parts: usize, first: bool) -> bool {
        if !first && self.is_part(letters) {
            return true;
        }
        if parts <= 1 {
            return false;
        }
        // The longest first part first: it is the likeliest, and the search ends soonest.
        let longest = letters.len().saturating_sub(PART_CHARS_MIN);
        (PART_CHARS_MIN..=longest).rev().any(|at| {
            let (head, tail) = letters.split_at(at);
            self.is_head(head) && self.splits(tail, parts - 1, false)
        })
    }

    /// Where a compound falls apart in two, in letters from its begin: where the first part ends and where the second
    /// begins, which differ by a letter that only links them. Nothing when it is none. Also a compound that stands in the
    /// dictionary as a whole: `briefadres` is a `brief` and an `adres`.
    pub(super) fn seam(&self, letters: &[char]) -> Option<(usize, usize)> {
        let longest = letters.len().checked_sub(PART_CHARS_MIN)?;
        if letters.len() > WORD_CHARS_MAX {
            return None;
        }
        // Of two ways to read it the one with the longest tail of one word is the likeliest: Dutch puts what a thing is last.
        let seams = || (PART_CHARS_MIN..=longest).filter(|at| self.is_head(&letters[..*at]));
        let whole = seams().find(|at| self.is_part(&letters[*at..]));
        let at = whole.or_else(|| seams().find(|at| self.splits(&letters[*at..], PARTS_MAX - 1, true)))?;
        let head = &letters[..at];
        let linked = !self.is_part(head) || (at > 4 && head[at - 1] == 's' && self.is_part(&head[..at - 1]));
        Some((at - usize::from(linked), at))
    }

    /// A first part may end in an `s` or `n` that links it to the next.
    fn is_head(&self, letters: &[char]) -> bool {
        let linked = matches!(letters.last().map(|c| fold(*c)), Some('s' | '-'));
        self.is_part(letters) || (linked && letters.len() > 4 && self.is_part(&letters[..letters.len() - 1]))
    }

    /// A short part that may be a name must be a frequent word.
    fn is_part(&self, letters: &[char]) -> bool {
        let marks = self.word(letters);
        let names = marks.any(Marks::NAME | Marks::PLACE | Marks::ALWAYS);
        match letters.len() {
            0..4 => false,
            _ if marks.any(Marks::ALWAYS) && !marks.any(Marks::OFTEN) => false,
            4 | 5 => marks.any(Marks::WORD) && (marks.any(Marks::COMMON) || !names),
            _ => marks.any(Marks::WORD),
        }
    }

    /// Whether it is made of a known word and a slip of the pen.
    pub(super) fn is_slipped_compound(&self, letters: &[char]) -> bool {
        let last = letters.len().saturating_sub(PART_CHARS_MIN);
        letters.len() <= WORD_CHARS_MAX
            && (PART_CHARS_MIN..=last).any(|at| {
                let (head, tail) = letters.split_at(at);
                (self.is_head(head) && self.is_slip(tail)) || (self.is_part(tail) && self.is_slip(head))
            })
    }

    /// Whether the word is a slip of the pen away from a frequent one: behind the first letter one too few, one typed twice
    /// or along with its neighbour, one taken for the key beside it, or two that changed places. Anything else is as
    /// likely a name.
    pub(super) fn is_slip(&self, letters: &[char]) -> bool {
        if letters.len() < SLIP_CHARS_MIN || letters.len() > WORD_CHARS_MAX {
            return false;
        }
        let left_out = |skipped: Option<usize>| {
            let mut key = Key::default();
            let kept = letters.iter().enumerate().filter(|(at, _)| Some(*at) != skipped);
            kept.for_each(|(_, c)| key.push(*c));
            self.slips.get(key.bytes()).unwrap_or(0)
        };
        let few = left_out(None) & !WHOLE != 0;
        few || (1..letters.len()).any(|at| {
            let found = left_out(Some(at));
            let (turned, other) = (0b101 << (at - 1), 0b10 << (at - 1));
            (found & WHOLE != 0 && is_extra(letters, at))
                || (found & turned != 0 && self.is_turned(letters, at))
                || (found & other != 0 && self.is_beside(letters, at))
        })
    }

    fn is_typed(&self, letters: &[char]) -> bool {
        let mut key = Key::default();
        key.extend(letters);
        self.slips.get(key.bytes()).unwrap_or(0) & WHOLE != 0
    }

    /// Whether this letter and the one before or behind it changed places.
    fn is_turned(&self, letters: &[char], at: usize) -> bool {
        let mut turned = letters.to_vec();
        [at.checked_sub(1), Some(at)].into_iter().flatten().any(|first| {
            let whole = first > 0 && first + 1 < turned.len();
            whole && {
                turned.swap(first, first + 1);
                let typed = self.is_typed(&turned);
                turned.swap(first, first + 1);
                typed
            }
        })
    }

    /// Whether another key beside it was meant, or a letter that sounds like it.
    fn is_beside(&self, letters: &[char], at: usize) -> bool {
        let mut meant = letters.to_vec();
        keys::beside(fold(letters[at])).chars().any(|key| {
            meant[at] = key;
            self.is_typed(&meant)
        })
    }
}

/// Whether this letter was typed twice, or along with one beside it.
fn is_extra(letters: &[char], at: usize) -> bool {
    let near = |other: Option<&char>| {
        other.is_some_and(|other| {
            fold(*other) == fold(letters[at]) || keys::beside(fold(*other)).contains(fold(letters[at]))
        })
    };
    // A plural or form of a verb that the list does not have.
    let ending = at + 1 == letters.len() && matches!(letters[at], 's' | 'n' | 't');
    ending || near(letters.get(at - 1)) || near(letters.get(at + 1))
}

/// What is known of a frequent word.
fn frequent(letters: &[char]) -> Option<Marks> {
    let key = short::key(letters.iter().map(|c| fold(*c)))?;
    let mut at = short::slot(key);
    loop {
        let slot = &SHORT[at * short::SLOT_BYTES..][..short::SLOT_BYTES];
        let (word, marks) = slot.split_at(short::WORD_BYTES_MAX);
        match u128::from_le_bytes(word.try_into().ok()?) {
            0 => return None,
            found if found == key => return Some(Marks(u64::from_le_bytes(marks.try_into().ok()?))),
            _ => at = (at + 1) % short::SLOTS,
        }
    }
}

/// A word as the automata read it, without a place on the heap.
struct Key {
    bytes: [u8; 4 * WORD_CHARS_MAX],
    length: usize,
}

impl Default for Key {
    fn default() -> Self {
        Self {
            bytes: [0; 4 * WORD_CHARS_MAX],
            length: 0,
        }
    }
}

impl Key {
    fn extend(&mut self, letters: &[char]) {
        letters.iter().for_each(|c| self.push(*c));
    }

    fn push(&mut self, c: char) {
        let encoded = fold(c).encode_utf8(&mut self.bytes[self.length..]).len();
        self.length += encoded;
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
