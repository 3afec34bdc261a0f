//! Numbers that only their context gives away: "zaaknummer 2023/456789".

use super::dates::COUNTED;
use super::days;
use super::spots::{Firsts, Spot};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// The words, and what the number behind them is.
const CUES: [(&str, SpanType); 141] = [
    ("zk", SpanType::CaseNumber),
    ("zknr", SpanType::CaseNumber),
    ("ticket", SpanType::CaseNumber),
    ("incident", SpanType::CaseNumber),
    ("rekest", SpanType::CaseNumber),
    ("meternummer", SpanType::CaseNumber),
    ("meternr", SpanType::CaseNumber),
    ("serienummer", SpanType::CaseNumber),
    ("serienr", SpanType::CaseNumber),
    ("polis", SpanType::CaseNumber),
    ("bsnnr", SpanType::Bsn),
    ("zaakid", SpanType::CaseNumber),
    ("zaak-id", SpanType::CaseNumber),
    ("aanvraagnr", SpanType::CaseNumber),
    ("aanvraag", SpanType::CaseNumber),
    ("proces-verbaalnr", SpanType::CaseNumber),
    ("pv-nr", SpanType::CaseNumber),
    ("pvnr", SpanType::CaseNumber),
    ("mutatienr", SpanType::CaseNumber),
    ("mutatienummer", SpanType::CaseNumber),
    ("registratienummer", SpanType::CaseNumber),
    ("registratienr", SpanType::CaseNumber),
    ("volgnummer", SpanType::CaseNumber),
    ("casusnr", SpanType::CaseNumber),
    ("relatienr", SpanType::CaseNumber),
    ("relatienummer", SpanType::CaseNumber),
    ("debiteurnummer", SpanType::CaseNumber),
    ("debiteurnr", SpanType::CaseNumber),
    ("cliëntid", SpanType::CaseNumber),
    ("clientid", SpanType::CaseNumber),
    ("patientnr", SpanType::CaseNumber),
    ("patiëntnr", SpanType::CaseNumber),
    ("patientnummer", SpanType::CaseNumber),
    ("patiëntnummer", SpanType::CaseNumber),
    ("pasnummer", SpanType::CaseNumber),
    ("pasnr", SpanType::CaseNumber),
    ("kaartnummer", SpanType::CaseNumber),
    ("kaartnr", SpanType::CaseNumber),
    ("personeelsnummer", SpanType::CaseNumber),
    ("personeelsnr", SpanType::CaseNumber),
    ("leerlingnummer", SpanType::CaseNumber),
    ("leerlingnr", SpanType::CaseNumber),
    ("parketnummer", SpanType::CaseNumber),
    ("parketnr", SpanType::CaseNumber),
    ("rolnummer", SpanType::CaseNumber),
    ("contractnummer", SpanType::CaseNumber),
    ("contractnr", SpanType::CaseNumber),
    ("indicatienummer", SpanType::CaseNumber),
    ("indicatienr", SpanType::CaseNumber),
    ("besluitnr", SpanType::CaseNumber),
    ("beschikkingsnummer", SpanType::CaseNumber),
    ("beschikkingsnr", SpanType::CaseNumber),
    ("beschikkingnr", SpanType::CaseNumber),
    ("factuurnr", SpanType::CaseNumber),
    ("factuurnummer", SpanType::CaseNumber),
    ("ordernr", SpanType::CaseNumber),
    ("lidnummer", SpanType::CaseNumber),
    ("meldingnr", SpanType::CaseNumber),
    ("meldingnummer", SpanType::CaseNumber),
    ("cjib-nummer", SpanType::CaseNumber),
    ("inschrijfnummer", SpanType::CaseNumber),
    ("inschrijfnr", SpanType::CaseNumber),
    ("woningnetnummer", SpanType::CaseNumber),
    ("dossierid", SpanType::CaseNumber),
    ("ref", SpanType::CaseNumber),
    ("regnr", SpanType::CaseNumber),
    ("vreemdelingennr", SpanType::DocumentNumber),
    ("idnr", SpanType::DocumentNumber),
    ("id-nr", SpanType::DocumentNumber),
    ("id-nummer", SpanType::DocumentNumber),
    ("bsn", SpanType::Bsn),
    ("bsn-nummer", SpanType::Bsn),
    ("burgerservicenummer", SpanType::Bsn),
    ("sofinummer", SpanType::Bsn),
    ("kvk", SpanType::Kvk),
    ("k.v.k.", SpanType::Kvk),
    ("kvk-nummer", SpanType::Kvk),
    ("kvknummer", SpanType::Kvk),
    ("koophandel", SpanType::Kvk),
    ("handelsregister", SpanType::Kvk),
    ("rsin", SpanType::Rsin),
    ("rsin-nummer", SpanType::Rsin),
    ("btw-nummer", SpanType::Vat),
    ("btw-identificatienummer", SpanType::Vat),
    ("btw-id", SpanType::Vat),
    ("zaaknummer", SpanType::CaseNumber),
    ("zaaknr", SpanType::CaseNumber),
    ("zaak", SpanType::CaseNumber),
    ("dossier", SpanType::CaseNumber),
    ("agb", SpanType::Number),
    ("agb-code", SpanType::Number),
    ("big", SpanType::Number),
    ("big-nummer", SpanType::Number),
    ("big-registratie", SpanType::Number),
    ("fiscaal", SpanType::Rsin),
    ("vnr", SpanType::DocumentNumber),
    ("bsnr", SpanType::Bsn),
    ("bsn-nr", SpanType::Bsn),
    ("burgerservicenr", SpanType::Bsn),
    ("sofi", SpanType::Bsn),
    ("sofinr", SpanType::Bsn),
    ("sofi-nummer", SpanType::Bsn),
    ("persoonsnr", SpanType::Bsn),
    ("persoonsnummer", SpanType::Bsn),
    ("kvk-nr", SpanType::Kvk),
    ("kvknr", SpanType::Kvk),
    ("agbcode", SpanType::Number),
    ("bignr", SpanType::Number),
    ("big-nr", SpanType::Number),
    ("rekeningnr", SpanType::Number),
    ("clientnr", SpanType::CaseNumber),
    ("cliëntnr", SpanType::CaseNumber),
    ("klantnr", SpanType::CaseNumber),
    ("meldingsnr", SpanType::CaseNumber),
    ("casusnummer", SpanType::CaseNumber),
    ("id", SpanType::DocumentNumber),
    ("paspoortnr", SpanType::DocumentNumber),
    ("rijbewijsnr", SpanType::DocumentNumber),
    ("documentnr", SpanType::DocumentNumber),
    ("v-nr", SpanType::DocumentNumber),
    ("dossiernummer", SpanType::CaseNumber),
    ("dossiernr", SpanType::CaseNumber),
    ("kenmerk", SpanType::CaseNumber),
    ("referentie", SpanType::CaseNumber),
    ("referentienummer", SpanType::CaseNumber),
    ("clientnummer", SpanType::CaseNumber),
    ("cliëntnummer", SpanType::CaseNumber),
    ("klantnummer", SpanType::CaseNumber),
    ("meldingsnummer", SpanType::CaseNumber),
    ("aanvraagnummer", SpanType::CaseNumber),
    ("polisnummer", SpanType::CaseNumber),
    ("rekeningnummer", SpanType::Number),
    ("paspoort", SpanType::DocumentNumber),
    ("paspoortnummer", SpanType::DocumentNumber),
    ("rijbewijs", SpanType::DocumentNumber),
    ("rijbewijsnummer", SpanType::DocumentNumber),
    ("id-kaart", SpanType::DocumentNumber),
    ("identiteitskaart", SpanType::DocumentNumber),
    ("documentnummer", SpanType::DocumentNumber),
    ("v-nummer", SpanType::DocumentNumber),
    ("vreemdelingennummer", SpanType::DocumentNumber),
];
static CUE_FIRSTS: Firsts = {
    let mut words = [""; CUES.len()];
    let mut nth = 0;
    while nth < words.len() {
        words[nth] = CUES[nth].0;
        nth += 1;
    }
    Firsts::of(&words)
};
/// What may stand between the word and the number.
const CONNECTING: [&str; 11] = [
    "onder", "nr", "nr.", "nummer", "no", "is", "was", "met", "van", "heeft", "luidt",
];
const CONNECTING_MAX: usize = 3;
/// So few letters in front of a number belong to it.
const REGISTER_CHARS_MAX: usize = 4;
/// A number has this many digits; fewer say nothing about anybody.
const DIGITS_MIN: usize = 3;
/// Two letters, nine digits, a `B` and two digits, and the most marks between them.
const VAT_CHARS: usize = 14;
const VAT_DIVIDERS_MAX: usize = 4;
/// Longer is no number of this kind.
const GROUPED_CHARS_MAX: usize = 16;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let words = spots.iter().filter(|spot| spot.end > spot.start);
    for spot in words.filter(|spot| text.near_digit(spot.start, 120)) {
        let at = spot.start;
        let may_number = text.low()[spot.end - 1] == 'r' || text.stands(spot.end, "-");
        if text.low()[at].is_numeric() {
            places.extend(case_number(text, at));
            continue;
        }
        places.extend(vat(text, at));
        places.extend(foreigner(text, at));
        if !CUE_FIRSTS.may_stand(text, at) {
            places.extend(may_number.then(|| numbered(text, at)).flatten());
            continue;
        }
        let end = text.run_end(at, in_cue);
        let dots = text.low()[at..end].iter().rev().take_while(|c| **c == '.').count();
        let found = CUES
            .iter()
            .find(|(word, _)| text.is(at, end - dots, word) || (dots > 0 && text.is(at, end, word)));
        if let Some((_, what)) = found {
            places.extend(number_after(text, end, *what));
        } else if may_number {
            places.extend(numbered(text, at));
        }
    }
}

/// `suite-nr 884120`, `inkomensnummer 4412`: whatever it numbers.
fn numbered(text: &Plain, start: usize) -> Option<Place> {
    let end = text.run_end(start, |c| c.is_alphabetic() || c == '-');
    let word = &text.low()[start..end];
    let told = word.ends_with(&['n', 'r']) || word.ends_with(&['n', 'u', 'm', 'm', 'e', 'r']);
    let long = word.len() > "nummer".len() || (word.len() > "nr".len() && word.ends_with(&['n', 'r']));
    let house = text.stands(start, "huis") || text.stands(start, "kamer") || text.stands(start, "lijn");
    let dot = end + usize::from(text.stands(end, "."));
    if told && word == ['n', 'r'] {
        let found = number_after(text, dot, SpanType::CaseNumber);
        return found.filter(|found| text.low()[found.start].is_ascii_alphabetic());
    }
    (told && long && !house)
        .then(|| number_after(text, dot, SpanType::CaseNumber))
        .flatten()
}

fn in_cue(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '-' | '.')
}

fn number_after(text: &Plain, cue_end: usize, what: SpanType) -> Option<Place> {
    let mut at = cue_end;
    for _ in 0..=CONNECTING_MAX {
        at = text.run_end(at, |c| matches!(c, ' ' | ':' | '=' | '#' | '-' | '(' | '\n' | '\t'));
        let end = text.run_end(at, |c| c.is_alphanumeric() || matches!(c, '/' | '-' | '.' | '_'));
        let token = text.slice(at, end);
        if CONNECTING.contains(&token.as_str()) {
            at = end;
            continue;
        }
        // `dossier fl 2293817`: letters of the register in front of it.
        let lettered = token.len() <= REGISTER_CHARS_MAX && token.chars().all(char::is_alphabetic);
        let after = text.digits_end(end + 1);
        if lettered && end > at && text.stands(end, " ") && after > end + DIGITS_MIN + 1 && text.ends(after) {
            let number = text.low().get(end + 1).is_some_and(char::is_ascii_digit);
            return number.then_some(Place {
                start: at,
                end: after,
                what,
                rule: "nummer-in-context",
            });
        }
        let end = end - token.chars().rev().take_while(|c| !c.is_alphanumeric()).count();
        let end = groups_end(text, at, end);
        return (end > at && is_number(&text.slice(at, end))).then_some(Place {
            start: at,
            end,
            what,
            rule: "nummer-in-context",
        });
    }
    None
}

/// `0342 6671`: digits that go on behind a space.
fn groups_end(text: &Plain, start: usize, end: usize) -> usize {
    let mut end = end;
    let digits = |from: usize, to: usize| text.low()[from..to].iter().all(char::is_ascii_digit);
    while end > start && digits(start, end.min(start + 1)) && text.stands(end, " ") {
        let next = text.digits_end(end + 1);
        // Shorter, and it may count something, unless groups went before it.
        let last = end > text.digits_end(start) && next == end + 3 && !counts(text, next);
        if (next < end + 1 + DIGITS_MIN && !last) || !text.ends(next) || next - start > GROUPED_CHARS_MAX {
            break;
        }
        end = next;
    }
    end
}

/// Whether a word of time or number follows.
fn counts(text: &Plain, end: usize) -> bool {
    let word = end + usize::from(text.stands(end, " "));
    let stop = text.run_end(word, char::is_alphabetic);
    let marked = matches!(text.low().get(end), Some(':' | '-' | '/' | '%' | ',' | '.'))
        && text.low().get(end + 1).is_some_and(|c| c.is_ascii_digit());
    marked || text.is_any(word, stop, &COUNTED) || days::is_month(text, word, stop)
}

/// Enough digits, and not just a year.
fn is_number(token: &str) -> bool {
    let digits = token.chars().filter(char::is_ascii_digit).count();
    let year = token.len() == 4 && (token.starts_with("19") || token.starts_with("20"));
    digits >= DIGITS_MIN && !year
}

/// `2023/456789`: the year a case began, and its number.
fn case_number(text: &Plain, start: usize) -> Option<Place> {
    let year_end = text.digits_end(start);
    let year = year_end == start + 4 && (text.stands(start, "19") || text.stands(start, "20"));
    let mark = text.low().get(year_end).copied().unwrap_or(' ');
    let end = text.digits_end(year_end + 1);
    let digits = end.saturating_sub(year_end + 1);
    // "2023-2024" is a time, and "2024-03" too.
    let years = digits == 4 && (text.stands(year_end + 1, "19") || text.stands(year_end + 1, "20"));
    let divided = matches!(mark, '/' | '.' | '_') || (mark == '-' && digits > DIGITS_MIN && !years);
    // `2024/0456-W`
    let letters = text.run_end(end + 1, |c| c.is_ascii_alphabetic());
    let lettered = matches!(text.low().get(end), Some('.' | '-' | '/' | '_'))
        && (2..=REGISTER_CHARS_MAX).contains(&(letters - end))
        && text.ends(letters);
    (year && divided && digits >= DIGITS_MIN && text.ends(end)).then_some(Place {
        start,
        end: if lettered { letters } else { end },
        what: SpanType::CaseNumber,
        rule: "jaar-en-nummer",
    })
}

/// `V1234567890`, the number of a foreigner.
fn foreigner(text: &Plain, start: usize) -> Option<Place> {
    let divided = matches!(text.low().get(start + 1), Some(' ' | '-' | '.'));
    let digits = start + 1 + usize::from(divided);
    let end = text.digits_end(digits);
    (text.low()[start] == 'v' && end == digits + 10 && text.ends(end)).then_some(Place {
        start,
        end,
        what: SpanType::DocumentNumber,
        rule: "v-nummer",
    })
}

/// `NL123456789B01` needs no context.
fn vat(text: &Plain, start: usize) -> Option<Place> {
    if !text.stands(start, "nl") {
        return None;
    }
    let mut end = start;
    let mut apart = 0;
    for nth in 0..VAT_CHARS {
        // `NL8123.45.678.B01`
        let divided = nth > 1 && matches!(text.low().get(end), Some('.' | ' ' | '-'));
        (end, apart) = (end + usize::from(divided), apart + usize::from(divided));
        let c = text.low().get(end)?;
        let fits = match nth {
            0 | 1 => true,
            11 => *c == 'b',
            _ => c.is_ascii_digit(),
        };
        if !fits || apart > VAT_DIVIDERS_MAX {
            return None;
        }
        end += 1;
    }
    text.ends(end).then_some(Place {
        start,
        end,
        what: SpanType::Vat,
        rule: "btw-nummer",
    })
}
