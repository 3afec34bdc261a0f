//! Packs the word lists of `data/` into three automata and a table, which the gate carries along: a list and what is built of it
//! cannot differ.
//!
//! **Invariant:** the same lists give the same bytes; nothing but `data/` is read.
#![allow(
    clippy::disallowed_methods,
    reason = "what runs while building reads files; what is built does not"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/gate/lexicon/fold.rs"]
mod fold;
#[path = "src/gate/lexicon/marks.rs"]
mod marks;
#[path = "src/gate/lexicon/short.rs"]
mod short;

use marks::Marks;

/// Which list says what of a word.
const LISTS: [(&str, u64); 23] = [
    ("woorden.txt", Marks::WORD),
    ("hoofdletters.txt", Marks::CAPITAL),
    ("volken.txt", Marks::NATION),
    ("namen.txt", Marks::NAME),
    ("voornamen.txt", Marks::NAME | Marks::FIRST),
    ("achternamen.txt", Marks::NAME),
    ("voornamen-vaak.txt", Marks::BOTH),
    ("instellingen.txt", Marks::HOUSE),
    ("instellingen-klein.txt", Marks::HOUSE | Marks::ALWAYS),
    ("instellingen-woorden.txt", Marks::CALLED),
    ("voornamen-woorden.txt", Marks::NAME | Marks::FIRST),
    ("namen-klein.txt", Marks::NAME | Marks::FIRST | Marks::ALWAYS),
    ("plaatsen-klein.txt", Marks::PLACE | Marks::ALWAYS),
    ("plaatsen.txt", Marks::PLACE),
    ("landen.txt", Marks::PLACE),
    ("buurten.txt", Marks::PLACE),
    ("domein.txt", Marks::WORD | Marks::COMMON),
    ("openbaar.txt", Marks::PLAIN),
    ("hoofdletter-vrij.txt", Marks::WORD | Marks::COMMON | Marks::PLAIN),
    ("afkortingen.txt", Marks::SHORT),
    ("veelgebruikt.txt", Marks::COMMON),
    ("achternamen-woorden.txt", Marks::NAME | Marks::SURNAME),
    ("straten.txt", 0),
];
/// So many of the most frequent words count as such; so many more are frequent enough for a slip of the pen.
const COMMON_WORDS: usize = 14_000;
const TYPED_WORDS: usize = 10_000;
/// So many are words even behind a name, where nothing but capitals is written.
const OFTEN_WORDS: usize = 4_000;
/// Words that every text is full of: they are no names, whatever a list says.
const FREQUENT_WORDS: usize = 300;
/// A shorter word has too many neighbours.
const TYPED_CHARS_MIN: usize = 5;
/// A longer one does not fit the bits that say which letter was left out.
const TYPED_CHARS_MAX: usize = 40;

fn main() {
    println!("cargo:rerun-if-changed=data");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/gate/lexicon");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo says where to write"));
    let mut words: BTreeMap<String, u64> = BTreeMap::new();
    let mut phrases: BTreeMap<String, u64> = BTreeMap::new();
    let mut slips: BTreeMap<String, u64> = BTreeMap::new();
    for (name, mark) in LISTS {
        let text = fs::read_to_string(root.join("data").join(name)).expect("a list that is named here is there");
        for (rank, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let folded = fold::folded(line);
            match name {
                "straten.txt" => add(&mut phrases, folded, Marks::STREET),
                "veelgebruikt.txt" => {
                    if rank < TYPED_WORDS {
                        shortened(&folded, &mut slips);
                    }
                    if rank < OFTEN_WORDS {
                        add(&mut words, folded.clone(), Marks::OFTEN);
                    }
                    if rank < FREQUENT_WORDS {
                        let marks = words.entry(folded).or_default();
                        *marks = (*marks | mark | Marks::FREQUENT) & !(Marks::NAME | Marks::FIRST | Marks::PLACE);
                    } else if rank < COMMON_WORDS {
                        add(&mut words, folded, mark);
                    }
                }
                "domein.txt" | "openbaar.txt" if !folded.contains(' ') => {
                    shortened(&folded, &mut slips);
                    add(&mut words, folded, mark);
                }
                _ if folded.contains(' ') => several(&mut words, &mut phrases, &folded, mark),
                _ => add(&mut words, folded, mark),
            }
        }
    }
    let signs = fs::read_to_string(root.join("data/aanwijzers.txt")).expect("the list of signs is there");
    pointers(&signs, &mut words);
    write_map(&out.join("words.fst"), &words);
    fs::write(out.join("short.bin"), table(&words)).expect("cargo gave a folder to write to");
    write_map(&out.join("phrases.fst"), &phrases);
    write_map(&out.join("slips.fst"), &slips);
}

/// The words that say what comes next: a line `# MARK: why` names what the words below it say.
fn pointers(list: &str, words: &mut BTreeMap<String, u64>) {
    let mut mark = 0;
    for line in list.lines() {
        match line.strip_prefix("# ").and_then(|rest| rest.split_once(':')) {
            Some((name, _)) => mark = Marks::pointer(name).expect("a mark that is named in the list exists"),
            None => line
                .split(' ')
                .filter(|word| !word.is_empty())
                .for_each(|word| add(words, fold::folded(word), mark)),
        }
    }
}

fn add(map: &mut BTreeMap<String, u64>, word: String, mark: u64) {
    *map.entry(word).or_default() |= mark;
}

/// The frequent words once more, to be found at one look.
fn table(words: &BTreeMap<String, u64>) -> Vec<u8> {
    let mut slots = vec![(0_u128, 0_u64); short::SLOTS];
    let told = Marks::COMMON | Marks::SHORT | Marks::PLAIN | Marks::pointers();
    let mut taken = 0;
    for (word, marks) in words.iter().filter(|(_, marks)| *marks & told != 0) {
        let Some(key) = short::key(word.chars()) else {
            continue;
        };
        let mut at = short::slot(key);
        while slots[at].0 != 0 {
            at = (at + 1) % short::SLOTS;
        }
        slots[at] = (key, *marks);
        taken += 1;
    }
    assert!(2 * taken <= short::SLOTS, "the search for a word ends at an empty slot");
    slots
        .into_iter()
        .flat_map(|(key, marks)| [key.to_le_bytes().as_slice(), marks.to_le_bytes().as_slice()].concat())
        .collect()
}

/// A place, public body or surname of several words is looked for as a whole, from its first word; of a surname the last word counts too.
fn several(words: &mut BTreeMap<String, u64>, phrases: &mut BTreeMap<String, u64>, folded: &str, mark: u64) {
    let (first, last) = (folded.split(' ').next(), folded.split(' ').next_back());
    let (Some(first), Some(last)) = (first, last) else {
        return;
    };
    add(
        phrases,
        folded.to_owned(),
        mark & (Marks::PLACE | Marks::NAME | Marks::PLAIN | Marks::HOUSE),
    );
    // Most first words begin a place or surname: only the few others are worth a look for a public body.
    let head = if mark & (Marks::PLAIN | Marks::HOUSE) == 0 {
        Marks::HEAD
    } else {
        Marks::PUBLIC
    };
    add(words, first.to_owned(), head);
    if mark & (Marks::PLACE | Marks::PLAIN | Marks::HOUSE) == 0 {
        add(words, last.to_owned(), mark);
    }
}

/// The word without one of its letters, for each of them but the first, and which that was; and the word itself.
fn shortened(word: &str, slips: &mut BTreeMap<String, u64>) {
    let letters: Vec<char> = word.chars().collect();
    if !(TYPED_CHARS_MIN..=TYPED_CHARS_MAX).contains(&letters.len()) || !letters.iter().all(|c| c.is_alphabetic()) {
        return;
    }
    for at in 1..letters.len() {
        let without = letters[..at].iter().chain(&letters[at + 1..]).collect();
        *slips.entry(without).or_default() |= 1 << at;
    }
    *slips.entry(word.to_owned()).or_default() |= fold::WHOLE;
}

fn write_map(path: &Path, entries: &BTreeMap<String, u64>) {
    let map =
        fst::Map::from_iter(entries.iter().map(|(key, marks)| (key, *marks))).expect("a sorted map has sorted keys");
    fs::write(path, map.as_fst().as_bytes()).expect("cargo gave a folder to write to");
}
