//! How well a record fits a question.
//!
//! BM25 over the terms that the index holds, counted here in whole numbers: in which order records came, in how many segments they
//! stand and what was deleted since changes nothing, and neither does the order in which terms are added up. The length that a
//! text is compared with is a constant, not the average of the day.
//!
//! **Law:** the same records and the same clauses give the same hits in the same order, ties by key.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use tantivy::columnar::StrColumn;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use super::index::{CODES, KEY_PARTS, Key, SearchError, WEEK, key_of};
use super::reading::Held;

/// What counts as a text of ordinary length, in words that do not stop.
const LENGTH: u64 = 32;
/// One, in the fractions used here.
const ONE: u64 = 1 << 8;
/// Bits behind the point of a logarithm.
const LOG_BITS: u32 = 16;

/// In which field a term is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Word,
    Part,
    Concept,
    Code,
}

/// What a clause is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A record without it is not meant; it says nothing of how well one fits.
    Filter,
    /// A word that was asked.
    Word,
    /// Only adds to what fits already.
    Bonus,
}

/// A term, with what it is worth in parts of 256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Alternative {
    pub(super) place: Place,
    pub(super) term: String,
    pub(super) weight: u32,
}

/// Terms of which the best one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause {
    pub(super) role: Role,
    pub(super) alternatives: Vec<Alternative>,
}

/// Which weeks are meant, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Weeks {
    pub(super) since: Option<i64>,
    pub(super) until: Option<i64>,
}

/// What fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ranked {
    /// The best, best first.
    pub(super) best: Vec<(u32, Key)>,
    /// How many fit.
    pub(super) total: u64,
    /// How many of these have each code.
    pub(super) codes: BTreeMap<String, u64>,
    /// How many words of the question the records have that have the most of them.
    pub(super) words: usize,
}

/// What one segment says of every record in it.
struct Sheet {
    total: Vec<u32>,
    best: Vec<u32>,
    words: Vec<u8>,
    filters: Vec<u8>,
}

/// Which records fit, best first: those that pass every filter and have the most words of the question, or at least one when
/// `any_word`.
pub(super) fn rank(
    held: &Held,
    clauses: &[Clause],
    weeks: Weeks,
    any_word: bool,
    take: usize,
) -> Result<Ranked, SearchError> {
    let weights = weights(held, clauses)?;
    let filters = clauses.iter().filter(|clause| clause.role == Role::Filter).count() as u8;
    let segments = held.searcher.segment_readers();
    let mut sheets = Vec::with_capacity(segments.len());
    for segment in segments {
        sheets.push(fill(held, segment, clauses, &weights)?);
    }
    let mut passing = Vec::with_capacity(segments.len());
    for (segment, sheet) in segments.iter().zip(&sheets) {
        passing.push(pass(segment, sheet, filters, weeks)?);
    }
    let words = |(sheet, docs): (&Sheet, &Vec<DocId>)| docs.iter().map(|doc| sheet.words[*doc as usize]).max();
    let most = sheets.iter().zip(&passing).filter_map(words).max().unwrap_or(0);
    let least = if any_word { most.min(1) } else { most };
    let mut ranked = Ranked {
        words: usize::from(most),
        ..Ranked::default()
    };
    let mut heap = BinaryHeap::new();
    for ((segment, sheet), docs) in segments.iter().zip(&sheets).zip(passing) {
        let docs: Vec<DocId> = docs
            .into_iter()
            .filter(|doc| sheet.words[*doc as usize] >= least.max(1))
            .collect();
        ranked.total += docs.len() as u64;
        count_codes(segment, &docs, &mut ranked.codes)?;
        keep_best(segment, sheet, &docs, take, &mut heap)?;
    }
    let best = heap.into_sorted_vec().into_iter();
    ranked.best = best.map(|Reverse((score, Reverse(key)))| (score, key)).collect();
    Ok(ranked)
}

/// What each alternative is worth in a text of ordinary length, with how rare it is.
fn weights(held: &Held, clauses: &[Clause]) -> Result<Vec<Vec<u64>>, SearchError> {
    let records: u64 = held.searcher.num_docs();
    let rarity = |alternative: &Alternative| -> Result<u64, SearchError> {
        let mut found = 0;
        for segment in held.searcher.segment_readers() {
            let inverted = segment.inverted_index(field(held, alternative.place))?;
            let term = term(held, alternative);
            let Some(postings) = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(io)? else {
                continue;
            };
            found += u64::from(match segment.alive_bitset() {
                Some(alive) => postings.doc_freq_given_deletes(alive),
                None => postings.doc_freq(),
            });
        }
        let rarity = u64::from(log2(2 * records + 2).saturating_sub(log2(2 * found.min(records) + 1)));
        Ok(rarity * u64::from(alternative.weight) / ONE)
    };
    let of_clause = |clause: &Clause| clause.alternatives.iter().map(rarity).collect();
    clauses.iter().map(of_clause).collect()
}

fn io(error: std::io::Error) -> SearchError {
    SearchError::Tantivy(error.into())
}

fn field(held: &Held, place: Place) -> Field {
    match place {
        Place::Word => held.names.words,
        Place::Part => held.names.parts,
        Place::Concept => held.names.concepts,
        Place::Code => held.names.codes,
    }
}

fn term(held: &Held, alternative: &Alternative) -> Term {
    Term::from_field_text(field(held, alternative.place), &alternative.term)
}

/// Adds up what each record of a segment has of each clause.
fn fill(held: &Held, segment: &SegmentReader, clauses: &[Clause], weights: &[Vec<u64>]) -> Result<Sheet, SearchError> {
    let records = segment.max_doc() as usize;
    let mut sheet = Sheet {
        total: vec![0; records],
        best: vec![0; records],
        words: vec![0; records],
        filters: vec![0; records],
    };
    let mut touched = Vec::new();
    for (clause, weights) in clauses.iter().zip(weights) {
        for (alternative, weight) in clause.alternatives.iter().zip(weights) {
            add(held, segment, alternative, *weight, &mut sheet.best, &mut touched)?;
        }
        for doc in touched.drain(..) {
            let best = std::mem::take(&mut sheet.best[doc]);
            match clause.role {
                Role::Filter => sheet.filters[doc] = sheet.filters[doc].saturating_add(1),
                Role::Word => {
                    sheet.words[doc] = sheet.words[doc].saturating_add(1);
                    sheet.total[doc] = sheet.total[doc].saturating_add(best);
                }
                Role::Bonus => sheet.total[doc] = sheet.total[doc].saturating_add(best),
            }
        }
    }
    Ok(sheet)
}

/// Raises what each record has of a clause to what one alternative is worth in it.
fn add(
    held: &Held,
    segment: &SegmentReader,
    alternative: &Alternative,
    weight: u64,
    best: &mut [u32],
    touched: &mut Vec<usize>,
) -> Result<(), SearchError> {
    let inverted = segment.inverted_index(field(held, alternative.place))?;
    let wanted = match alternative.place {
        Place::Code => IndexRecordOption::Basic,
        _ => IndexRecordOption::WithFreqs,
    };
    let Some(mut postings) = inverted.read_postings(&term(held, alternative), wanted).map_err(io)? else {
        return Ok(());
    };
    let lengths = match alternative.place {
        Place::Word => Some(segment.get_fieldnorms_reader(held.names.words)?),
        _ => None,
    };
    while postings.doc() != TERMINATED {
        let doc = postings.doc();
        let length = lengths
            .as_ref()
            .map_or(LENGTH, |lengths| u64::from(lengths.fieldnorm(doc)));
        let gain = match alternative.place {
            Place::Code => ONE,
            _ => gain(u64::from(postings.term_freq()), length),
        };
        // Never zero: what stands there was found, however often it stands elsewhere.
        let worth = u32::try_from((weight * gain / ONE).max(1)).unwrap_or(u32::MAX);
        let best = &mut best[doc as usize];
        if *best == 0 {
            touched.push(doc as usize);
        }
        *best = (*best).max(worth);
        postings.advance();
    }
    Ok(())
}

/// What so many times in a text of this length are worth, in parts of 256: BM25 with k1 = 1.2 and b = 0.5.
fn gain(count: u64, length: u64) -> u64 {
    (ONE * 22 * count * LENGTH) / (10 * count * LENGTH + 6 * LENGTH + 6 * length)
}

/// The logarithm of base two, with [`LOG_BITS`] bits behind the point: the same on every machine.
fn log2(number: u64) -> u32 {
    let number = number.max(1);
    let whole = number.ilog2();
    let mut rest = (number << (63 - whole)) >> 32;
    let mut log = whole;
    for _ in 0..LOG_BITS {
        rest = (rest * rest) >> 31;
        let bit = rest >> 32;
        rest >>= bit;
        log = (log << 1) | bit as u32;
    }
    log
}

/// The records of a segment that are there and pass every filter.
fn pass(segment: &SegmentReader, sheet: &Sheet, filters: u8, weeks: Weeks) -> Result<Vec<DocId>, SearchError> {
    let alive = segment.alive_bitset();
    let week = segment.fast_fields().i64(WEEK)?;
    let within = |doc: DocId| {
        let Some(week) = week.first(doc) else { return false };
        weeks.since.is_none_or(|since| week >= since) && weeks.until.is_none_or(|until| week <= until)
    };
    let is_bound = weeks != Weeks::default();
    let passes = |doc: &DocId| {
        let at = *doc as usize;
        sheet.words[at] > 0
            && sheet.filters[at] == filters
            && alive.is_none_or(|alive| alive.is_alive(*doc))
            && (!is_bound || within(*doc))
    };
    Ok((0..segment.max_doc()).filter(passes).collect())
}

/// Counts the codes of these records.
fn count_codes(segment: &SegmentReader, docs: &[DocId], codes: &mut BTreeMap<String, u64>) -> Result<(), SearchError> {
    let Some(column): Option<StrColumn> = segment.fast_fields().str(CODES)? else {
        return Ok(());
    };
    let mut counts = vec![0_u64; column.num_terms()];
    for doc in docs {
        for code in column.term_ords(*doc) {
            counts[code as usize] += 1;
        }
    }
    let mut name = String::new();
    for (code, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
        name.clear();
        column.ord_to_str(code, &mut name).map_err(io)?;
        *codes.entry(name.clone()).or_default() += count;
    }
    Ok(())
}

type Heap = BinaryHeap<Reverse<(u32, Reverse<Key>)>>;

/// Keeps the best of these records among those of other segments.
fn keep_best(
    segment: &SegmentReader,
    sheet: &Sheet,
    docs: &[DocId],
    take: usize,
    heap: &mut Heap,
) -> Result<(), SearchError> {
    let columns = segment.fast_fields();
    let [first, second, third] = KEY_PARTS;
    let columns = [columns.u64(first)?, columns.u64(second)?, columns.u64(third)?];
    for doc in docs {
        let score = sheet.total[*doc as usize];
        let is_full = heap.len() >= take;
        if is_full && heap.peek().is_none_or(|Reverse((least, _))| score < *least) {
            continue;
        }
        let key = key_of(columns.each_ref().map(|column| column.first(*doc).unwrap_or_default()));
        heap.push(Reverse((score, Reverse(key))));
        if heap.len() > take {
            heap.pop();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_is_what_it_should_be() {
        for number in [1_u64, 2, 3, 7, 8, 1000, 1_000_003, u64::MAX / 2] {
            let exact = (number as f64).log2() * f64::from(1_u32 << LOG_BITS);
            assert!((f64::from(log2(number)) - exact).abs() < 20.0, "{number}");
        }
        assert_eq!(log2(0), 0);
        assert!((1..5_000).all(|number| log2(number) <= log2(number + 1)));
    }

    #[test]
    fn more_of_a_word_is_worth_more_and_a_longer_text_less() {
        assert_eq!(gain(1, LENGTH), ONE);
        assert!(gain(2, 20) > gain(1, 20) && gain(1, 20) > gain(1, 200));
        assert!(gain(u64::from(u32::MAX), 1) < 3 * ONE);
    }
}
