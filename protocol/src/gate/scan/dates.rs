//! Exact dates, times of day and ages. A week is exact enough for a record; a day can point at somebody.

use super::spoken::is_day;
use super::spots::{Firsts, Spot};
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

const MONTHS: [&str; 26] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
    "jan",
    "feb",
    "febr",
    "mrt",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "okt",
    "nov",
    "dec",
    "mar",
];
static MONTH_FIRSTS: Firsts = Firsts::of(&MONTHS);
/// Words behind which two numbers, or six digits, are a day.
const ON: [&str; 17] = [
    "op", "per", "tot", "vanaf", "van", "voor", "vóór", "sinds", "dd", "d.d.", "af", "datum", "na", "met", "t/m", "is",
    "sedert",
];
/// Behind two numbers these count something.
const COUNTED: [&str; 22] = [
    "uur", "jaar", "jr", "dag", "dagen", "week", "weken", "maand", "maanden", "mnd", "keer", "x", "maal", "km", "euro",
    "kinderen", "personen", "mensen", "jarige", "deel", "minuten", "procent",
];
/// Few people are older than this, and a number alone may point at one of them.
const OLD_YEARS: u32 = 89;
/// How far before a date "geboren" may stand.
const BIRTH_CHARACTERS: usize = 24;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let starts = spots.iter().map(|spot| spot.start);
    for start in starts.filter(|at| text.low()[*at].is_ascii_digit()) {
        let date = numeric(text, start)
            .or_else(|| written(text, start))
            .or_else(|| day_and_month(text, start))
            .or_else(|| in_one_go(text, start));
        let date = date.map(|end| (end, SpanType::Date, "datum"));
        let birth_year = || birth_year(text, start).map(|end| (end, SpanType::BirthDate, "geboortejaar"));
        let time = || time(text, start).map(|end| (end, SpanType::Time, "tijdstip"));
        let old = value(text, start, text.digits_end(start)).is_some_and(|age| age > OLD_YEARS);
        let (what, rule) = if old {
            (SpanType::OldAge, "hoge-leeftijd")
        } else {
            (SpanType::Age, "leeftijd")
        };
        let age = || age(text, start).map(|end| (end, what, rule));
        let Some((end, what, rule)) = date.or_else(birth_year).or_else(time).or_else(age) else {
            continue;
        };
        let birth = what == SpanType::Date && is_birth(text, start);
        let (what, rule) = if birth {
            (SpanType::BirthDate, "geboortedatum")
        } else {
            (what, rule)
        };
        places.push(Place { start, end, what, rule });
    }
    for pair in spots.windows(2) {
        let [day, month] = pair else { continue };
        places.extend(in_words(text, day, month));
    }
}

/// `vijf oktober`, and `tweeënnegentig jaar`.
fn in_words(text: &Plain, first: &Spot, second: &Spot) -> Option<Place> {
    let (what, rule) = if MONTH_FIRSTS.may_stand(text, second.start)
        && text.is_any(second.start, second.end, &MONTHS[..12])
        && is_day(text, first.start, first.end)
    {
        (SpanType::Date, "datum")
    } else if text.stands(second.start, "ja")
        && text.is_any(second.start, second.end, &["jaar", "jarige"])
        && is_old(text, first)
    {
        (SpanType::OldAge, "hoge-leeftijd")
    } else {
        return None;
    };
    let joined = second.start == first.end + 1 && matches!(text.low()[first.end], ' ' | '-');
    joined.then_some(Place {
        start: first.start,
        end: second.end,
        what,
        rule,
    })
}

/// `negentig`, `drieënnegentig`, `honderdtwee`.
fn is_old(text: &Plain, word: &Spot) -> bool {
    let word = &text.low()[word.start..word.end];
    let told = |part: &str| part.chars().collect::<Vec<_>>();
    word.ends_with(&told("negentig")) || word.starts_with(&told("honderd"))
}

fn value(text: &Plain, start: usize, end: usize) -> Option<u32> {
    text.slice(start, end.min(start + 5)).parse().ok()
}

/// `15-03-1985`, `15.3.85`, `1985/03/15`, `15 03 1985`.
fn numeric(text: &Plain, start: usize) -> Option<usize> {
    let first = text.digits_end(start);
    let (mark, month) = divider(text, first)?;
    let second = text.digits_end(month);
    let (other, year) = divider(text, second)?;
    // `3-5-'72`
    let marked = text.low().get(year).is_some_and(|c| matches!(c, '\'' | '’' | '‘'));
    let year = year + usize::from(marked);
    let third = text.digits_end(year);
    let parts = [(start, first), (month, second), (year, third)];
    let lengths = parts.map(|(from, to)| to - from);
    let [a, b, c] = [
        value(text, start, first)?,
        value(text, month, second)?,
        value(text, year, third)?,
    ];
    let day_month = |day, month| (1..=31).contains(&day) && (1..=12).contains(&month);
    let short = lengths[0] <= 2 && lengths[1] <= 2;
    let alike = mark == other && (mark != ' ' || month == first + 1);
    let in_order =
        short && (day_month(a, b) || day_month(b, a)) && is_year(c, lengths[2], if alike { mark } else { ' ' });
    let turned =
        alike && lengths[0] == 4 && lengths[1] <= 2 && lengths[2] <= 2 && day_month(c, b) && is_year(a, 4, mark);
    let of_a_law = mark == '.' && names_a_part(text, start);
    ((in_order || turned) && text.ends(third) && !of_a_law).then_some(third)
}

/// What divides two parts of a date, and where the next begins: `-`, ` - `, `/`, and a `\` of a slip of the hand.
fn divider(text: &Plain, at: usize) -> Option<(char, usize)> {
    let mark = |at: usize| {
        text.low()
            .get(at)
            .copied()
            .filter(|c| matches!(c, '-' | '/' | '.' | '\\'))
    };
    match (mark(at), mark(at + 1)) {
        (Some(found), _) => Some((found, at + 1)),
        (None, Some(found)) if text.stands(at, " ") && text.stands(at + 2, " ") => Some((found, at + 3)),
        _ => text.stands(at, " ").then_some((' ', at + 1)),
    }
}

/// `20/3`, and `tot 16-3`: less sure, so not without a word in front, or a day that no fraction has.
fn day_and_month(text: &Plain, start: usize) -> Option<usize> {
    let first = text.digits_end(start);
    let mark = *text.low().get(first)?;
    let end = text.digits_end(first + 1);
    let (day, month) = (value(text, start, first)?, value(text, first + 1, end)?);
    let short = (1..=2).contains(&(first - start)) && (1..=2).contains(&(end - first - 1));
    let valid = short && (1..=31).contains(&day) && (1..=12).contains(&month) && (day, month) != (24, 7);
    let full = end - start == 5 && mark == '/';
    let goes_on = matches!(text.low().get(end), Some('/' | '-' | '%' | ':' | '€'))
        || (matches!(text.low().get(end), Some('.' | ','))
            && text.low().get(end + 1).is_some_and(char::is_ascii_digit));
    let word = end + usize::from(text.stands(end, " "));
    let counts = text.is_any(word, text.run_end(word, char::is_alphabetic), &COUNTED);
    let told = is_told(text, start);
    let fits = match mark {
        '/' => told || day > 12 || full,
        '-' => told,
        _ => false,
    };
    let inside = start
        .checked_sub(1)
        .is_some_and(|before| matches!(text.low()[before], '/' | '-' | '.' | ','));
    (valid && fits && !goes_on && !counts && !inside && text.ends(end)).then_some(end)
}

/// `d.d. 081023`
fn in_one_go(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    if end != start + 6 || !text.ends(end) || !is_told(text, start) {
        return None;
    }
    let (day, month) = (value(text, start, start + 2)?, value(text, start + 2, start + 4)?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(end)
}

fn is_told(text: &Plain, start: usize) -> bool {
    let Some(end) = start.checked_sub(1).filter(|end| text.low()[*end] == ' ') else {
        return false;
    };
    ON.iter().any(|word| {
        let first = end.checked_sub(word.chars().count());
        first.is_some_and(|first| text.begins(first) && text.stands(first, word))
    })
}

/// `artikel 2.3.15` is a place in a law.
fn names_a_part(text: &Plain, start: usize) -> bool {
    let before = text.slice(start.saturating_sub(BIRTH_CHARACTERS), start);
    let parts = [
        "artikel",
        "artikelen",
        "art.",
        "lid",
        "paragraaf",
        "par.",
        "versie",
        "§",
    ];
    parts.iter().any(|part| before.trim_end().ends_with(part))
}

/// Two digits are a year between marks, not between spaces.
fn is_year(year: u32, digits: usize, mark: char) -> bool {
    match digits {
        4 => (1850..2200).contains(&year),
        2 => mark != ' ',
        _ => false,
    }
}

/// `15 maart 1985`, `15 mrt. '85`, `3 mei`.
fn written(text: &Plain, start: usize) -> Option<usize> {
    let day_end = text.digits_end(start);
    value(text, start, day_end).filter(|day| (1..=31).contains(day))?;
    let ordinal = if text.stands(day_end, "e ") {
        day_end + 1
    } else {
        day_end
    };
    let month = text.run_end(ordinal, |c| matches!(c, ' ' | '-' | '.'));
    let month_end = text.run_end(month, char::is_alphabetic);
    if month > ordinal + 2 || !text.is_any(month, month_end, &MONTHS) {
        return None;
    }
    let year = text.run_end(month_end, |c| matches!(c, ' ' | '-' | '.' | '\'' | '’'));
    let year_end = text.digits_end(year);
    let digits = year_end - year;
    let word = text.run_end(year_end, |c| c == ' ');
    let alone = !text.low().get(word).is_some_and(|c| c.is_alphabetic()) && !text.stands(year_end, ":");
    let is_year = digits == 4 || (digits == 2 && (alone || !text.stands(year - 1, " ")));
    let follows = year > month_end && year <= month_end + 3 && is_year && text.ends(year_end);
    Some(if follows { year_end } else { month_end })
}

fn is_birth(text: &Plain, start: usize) -> bool {
    let before = text.slice(start.saturating_sub(BIRTH_CHARACTERS), start);
    before.contains("geb") || before.trim_end().ends_with('*')
}

/// `geboren in 1985`.
fn birth_year(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    let year = value(text, start, end).filter(|year| end == start + 4 && (1880..2200).contains(year));
    let before = text.slice(start.saturating_sub(BIRTH_CHARACTERS), start);
    let told = ["geboren in ", "geboortejaar ", "geboortejaar: ", "geb. ", "geboren "];
    let told = told.iter().any(|words| before.ends_with(words));
    year.filter(|_| told && text.ends(end)).map(|_| end)
}

/// `14:30`, `14u30`, and `14.30 uur`.
fn time(text: &Plain, start: usize) -> Option<usize> {
    let hours = text.digits_end(start);
    let mark = text.low().get(hours)?;
    let end = text.digits_end(hours + 1);
    let colon = *mark == ':' || *mark == 'u';
    let said = *mark == '.' && (text.stands(end, " uur") || text.stands(end, "u"));
    let known = (colon || said) && hours - start <= 2 && end == hours + 3;
    let hour = value(text, start, hours)?;
    let minute = value(text, hours + 1, end)?;
    (known && hour < 24 && minute < 60 && (text.ends(end) || said)).then_some(end)
}

/// `43 jaar`, `43-jarige`.
fn age(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    value(text, start, end).filter(|age| (1..=120).contains(age))?;
    let told = [" jaar oud", "-jarige", " jarige", "-jarig", " jaar", " jr"];
    let said = told.iter().find(|words| text.stands(end, words))?;
    Some(end + said.chars().count())
}
