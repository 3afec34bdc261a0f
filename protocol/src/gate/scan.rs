//! The scanners: hand-written, linear in the text, each for one sort of identifier.
//!
//! Every scanner only adds places. Where places overlap they become one, so that adding a scanner can never
//! lose what another found. They look at the `spots` where something can begin. `words` holds names and the closed vocabulary; `spread` looks for what was found once.

use super::lexicon::Lexicon;
use super::span::{Action, SpanType};
use super::text::{Place, Plain, action};
use super::{CasePatterns, Known};

pub(super) use spread::Spread;
pub(super) use words::Seen;

mod abroad;
mod account;
mod ages;
mod codes;
mod cued;
mod dates;
mod days;
mod house;
mod known;
mod numbers;
mod phone;
mod place;
mod plate;
mod rolls;
mod rooms;
mod spoken;
mod spots;
mod spread;
mod times;
mod web;
mod words;

/// The most times a text is read again; each time what was found before ends words that ran on.
const PASSES_MAX: usize = 8;

/// Everything found, in order of place, without overlaps. What is found is sealed and the text read again
/// until nothing more comes out, so that screening the masked text finds nothing new.
pub(super) fn scan(text: &mut Plain, known: &Known, cases: &CasePatterns, spread: &mut Spread) -> (Vec<Place>, Seen) {
    let lexicon = Lexicon::new();
    let mut places = Vec::new();
    let mut first = None;
    let mut since: Option<Vec<Place>> = None;
    let mut memory = words::Memory::default();
    for _ in 0..PASSES_MAX {
        let (mut found, seen) = pass(text, known, &lexicon, spread, since.as_deref(), &mut memory);
        case_numbers(text, cases, &mut found);
        first.get_or_insert(seen);
        let found = unite(found);
        let masked = found.iter().any(|place| action(place) != Action::Flag);
        spread.add(text, &lexicon, &found);
        text.seal(&found);
        places.extend(&found);
        since = Some(found);
        if !masked {
            break;
        }
    }
    (unite(places), first.unwrap_or_default())
}

fn pass(
    text: &Plain,
    known: &Known,
    lexicon: &Lexicon,
    spread: &Spread,
    since: Option<&[Place]>,
    memory: &mut words::Memory,
) -> (Vec<Place>, Seen) {
    let mut places = Vec::new();
    let spots = spots::spots(text);
    known::scan(text, known, lexicon, &mut places);
    account::scan(text, &spots, &mut places);
    web::scan(text, &spots, &mut places);
    phone::scan(text, &spots, &mut places);
    spoken::scan(text, &spots, &mut places);
    cued::scan(text, &spots, &mut places);
    numbers::scan(text, &spots, &mut places);
    place::scan(text, &spots, &mut places);
    abroad::scan(text, &spots, &mut places);
    plate::scan(text, &spots, &mut places);
    dates::scan(text, &spots, &mut places);
    codes::scan(text, &spots, &mut places);
    rolls::scan(text, &spots, &mut places);
    rooms::scan(text, &spots, &mut places);
    let seen = words::scan(text, lexicon, since, memory, &mut places);
    spread.scan(text, &spots, &mut places);
    for place in places.iter_mut().filter(|place| place.what == SpanType::Address) {
        place.end = house::additions_end(text, place.end);
    }
    (places, seen)
}

/// The case numbers of this gemeente.
fn case_numbers(text: &Plain, cases: &CasePatterns, places: &mut Vec<Place>) {
    for case in cases.iter() {
        let starts = (0..text.low().len()).filter(|start| text.begins(*start));
        places.extend(starts.filter_map(|start| {
            let end = case.end(text, start)?;
            Some(Place {
                start,
                end,
                what: SpanType::CaseNumber,
                rule: "zaaknummer-van-de-gemeente",
            })
        }));
    }
}

/// Overlapping places become one, named after the longest; a flag inside what is masked says nothing more.
fn unite(mut places: Vec<Place>) -> Vec<Place> {
    let is_flag = |place: &Place| action(place) == Action::Flag;
    places.sort_by_key(|place| (is_flag(place), place.start, std::cmp::Reverse(place.end), place.what));
    let flags = places.split_off(places.partition_point(|place| !is_flag(place)));
    let mut united: Vec<Place> = Vec::new();
    let mut longest = 0;
    for place in places {
        let length = place.end - place.start;
        match united.last_mut() {
            Some(last) if place.start < last.end => {
                last.end = last.end.max(place.end);
                if length > longest {
                    (last.what, last.rule, longest) = (place.what, place.rule, length);
                }
            }
            _ => {
                longest = length;
                united.push(place);
            }
        }
    }
    let masked = united.len();
    for flag in flags {
        let after = united[..masked].partition_point(|place| place.end <= flag.start);
        let covered = united[..masked].get(after).is_some_and(|place| place.start < flag.end);
        let last = united[masked..].last().is_none_or(|last| last.end <= flag.start);
        if !covered && last {
            united.push(flag);
        }
    }
    united.sort_by_key(|place| place.start);
    united
}
