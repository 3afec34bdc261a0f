//! Exact dates, times of day and ages. A week is exact enough for a record; a day can point at somebody.

use super::ages;
use super::days;
use super::spoken::is_day;
use super::spots::{Firsts, Spot};
use super::times;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

pub(super) const MONTHS: [&str; 26] = [
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
const ON: [&str; 16] = [
    "op", "per", "tot", "vanaf", "van", "voor", "vóór", "sinds", "dd", "d.d.", "af", "datum", "na", "met", "t/m",
    "sedert",
];
/// Behind these two numbers are no day, whatever stands around them.
const NO_DAY: [&str; 34] = [
    "groep",
    "groepen",
    "klas",
    "klassen",
    "fase",
    "schaal",
    "score",
    "circa",
    "ca",
    "ongeveer",
    "art",
    "artikel",
    "artikelen",
    "lid",
    "leden",
    "paragraaf",
    "leeftijd",
    "leeftijden",
    "niveau",
    "niveaus",
    "stap",
    "stappen",
    "pagina",
    "blz",
    "hoofdstuk",
    "bijlage",
    "versie",
    "deel",
    "cijfer",
    "verhouding",
    "gemiddeld",
    "maximaal",
    "minimaal",
    "elke",
];
/// Behind two numbers these count something.
pub(super) const COUNTED: [&str; 68] = [
    "uur",
    "uren",
    "jaar",
    "jaren",
    "jr",
    "dag",
    "dagen",
    "week",
    "weken",
    "wk",
    "wkn",
    "maand",
    "maanden",
    "mnd",
    "keer",
    "keren",
    "x",
    "maal",
    "km",
    "euro",
    "kinderen",
    "personen",
    "mensen",
    "jarige",
    "jarigen",
    "deel",
    "minuten",
    "min",
    "procent",
    "gesprekken",
    "afspraken",
    "gezinnen",
    "leerlingen",
    "cliënten",
    "clienten",
    "bezoeken",
    "huisbezoeken",
    "sessies",
    "contacten",
    "meldingen",
    "signalen",
    "casussen",
    "medewerkers",
    "bewoners",
    "inwoners",
    "gemeenten",
    "teams",
    "organisaties",
    "partijen",
    "ouders",
    "nachten",
    "dagdelen",
    "kilo",
    "stappen",
    "punten",
    "plekken",
    "plaatsen",
    "tabletten",
    "pillen",
    "glazen",
    "flessen",
    "biertjes",
    "meter",
    "man",
    "partners",
    "mentaliteit",
    "vragen",
    "onderdelen",
];
/// Few people are older than this, and a number alone may point at one of them.
const OLD_YEARS: u32 = 89;
/// Days that have a name and no number.
const FEASTS: [&str; 3] = ["kerstdag", "paasdag", "pinksterdag"];
const FEAST_DAYS: [&str; 4] = ["1e", "2e", "eerste", "tweede"];
/// Between days of one month.
const AND: [&str; 9] = [" en ", ", ", "/", "-", " t/m ", " tm ", " of ", " tot ", " - "];
/// The most of them.
const DAYS_MAX: usize = 4;
/// No word that says something of a number is longer.
const WORD_CHARS_MAX: usize = 20;
/// How far before a date "geboren" may stand.
pub(super) const BIRTH_CHARACTERS: usize = 24;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let starts = spots.iter().map(|spot| spot.start);
    for start in starts.filter(|at| text.low()[*at].is_ascii_digit()) {
        let date = numeric(text, start)
            .or_else(|| written(text, start))
            .or_else(|| several_days(text, start))
            .or_else(|| day_and_month(text, start))
            .or_else(|| nth_day(text, start))
            .or_else(|| in_one_go(text, start))
            .or_else(|| days::roman(text, start))
            .or_else(|| days::dotted(text, start, is_told(text, start)))
            .or_else(|| days::born(text, start));
        let date = date.map(|end| (end, SpanType::Date, "datum"));
        let birth_year = || ages::birth_year(text, start).map(|end| (end, SpanType::BirthDate, "geboortejaar"));
        let time = || times::end(text, start).map(|end| (end, SpanType::Time, "tijdstip"));
        let old = value(text, start, text.digits_end(start)).is_some_and(|age| age > OLD_YEARS);
        let (what, rule) = if old {
            (SpanType::OldAge, "hoge-leeftijd")
        } else {
            (SpanType::Age, "leeftijd")
        };
        let age = || ages::end(text, start).map(|end| (end, what, rule));
        let Some((end, what, rule)) = date.or_else(birth_year).or_else(time).or_else(age) else {
            continue;
        };
        let birth = what == SpanType::Date && ages::is_birth(text, start);
        let (what, rule) = if birth {
            (SpanType::BirthDate, "geboortedatum")
        } else {
            (what, rule)
        };
        let start = if what == SpanType::Date {
            days::weekday_start(text, start)
        } else {
            start
        };
        places.push(Place { start, end, what, rule });
    }
    for pair in spots.windows(2) {
        let [day, month] = pair else { continue };
        places.extend(in_words(text, day, month));
        places.extend(month_first(text, day));
        places.extend(times::in_words(text, day, month));
    }
}

/// `vijf oktober`, and `tweeënnegentig jaar`.
fn in_words(text: &Plain, first: &Spot, second: &Spot) -> Option<Place> {
    let feast = matches!(text.low()[second.start], 'k' | 'p')
        && text.is_any(second.start, second.end, &FEASTS)
        && text.is_any(first.start, first.end, &FEAST_DAYS);
    let of_month = MONTH_FIRSTS.may_stand(text, second.start)
        && text.is_any(second.start, second.end, &MONTHS[..12])
        && is_day(text, first.start, first.end);
    let (what, rule) = if feast || of_month {
        (SpanType::Date, "datum")
    } else if text.stands(second.start, "ja")
        && text.is_any(second.start, second.end, &["jaar", "jarige"])
        && ages::is_old(text, first)
    {
        (SpanType::OldAge, "hoge-leeftijd")
    } else {
        return None;
    };
    let joined = second.start == first.end + 1 && matches!(text.low()[first.end], ' ' | '-');
    let date = what == SpanType::Date;
    joined.then(|| Place {
        start: if date {
            days::weekday_start(text, first.start)
        } else {
            first.start
        },
        end: if date {
            days::year_end(text, second.end)
        } else {
            second.end
        },
        what,
        rule,
    })
}

pub(super) fn value(text: &Plain, start: usize, end: usize) -> Option<u32> {
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
    let end = days::stamp_end(text, third);
    ((in_order || turned) && text.ends(end) && !of_a_law).then_some(end)
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

/// `20/3`, and `16-3 gebeld`: without a year, so not where the numbers count or measure something.
fn day_and_month(text: &Plain, start: usize) -> Option<usize> {
    let first = text.digits_end(start);
    let mark = *text.low().get(first)?;
    let end = text.digits_end(first + 1);
    let (day, month) = (value(text, start, first)?, value(text, first + 1, end)?);
    let short = (1..=2).contains(&(first - start)) && (1..=2).contains(&(end - first - 1));
    let valid = short && (1..=31).contains(&day) && (1..=12).contains(&month);
    let goes_on = matches!(text.low().get(end), Some('/' | '-' | '%' | '€'))
        || (matches!(text.low().get(end), Some('.' | ',' | ':'))
            && text.low().get(end + 1).is_some_and(char::is_ascii_digit));
    let inside = start
        .checked_sub(1)
        .is_some_and(|before| matches!(text.low()[before], '/' | '-' | '.' | ','));
    if !valid || goes_on || inside || !text.ends(end) {
        return None;
    }
    let word = end + usize::from(text.stands(end, " "));
    let word_end = text.run_end(word, char::is_alphabetic);
    let counts = text.is_any(word, word_end, &COUNTED);
    let told = is_told(text, start);
    let fraction = day < month && text.is_any(word, word_end, &["van"]);
    let measured = (day, month) == (24, 7) || fraction || is_behind(text, start, &NO_DAY);
    let fits = match mark {
        '/' | '-' => told || !measured,
        '.' => told && end - start == 5,
        _ => false,
    };
    (fits && !counts).then_some(end)
}

/// Whether one of these words stands right before this place.
pub(super) fn is_behind(text: &Plain, start: usize, words: &[&str]) -> bool {
    let Some(end) = start.checked_sub(1).filter(|end| text.low()[*end] == ' ') else {
        return false;
    };
    let end = end - usize::from(end > 0 && text.low()[end - 1] == '.');
    let word = text.low()[..end]
        .iter()
        .rev()
        .take(WORD_CHARS_MAX)
        .take_while(|c| c.is_alphabetic());
    let first = end - word.count();
    text.is_any(first, end, words)
}

/// `3 en 5 mei`, `3, 4 en 5 mei`, `3 t/m 5 mei`: more days of one month.
fn several_days(text: &Plain, start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..DAYS_MAX {
        let end = text.digits_end(at);
        value(text, at, end).filter(|day| (1..=31).contains(day))?;
        let and = AND.iter().find(|and| text.stands(end, and))?;
        at = end + and.chars().count();
        if let Some(end) = written(text, at) {
            return Some(end);
        }
    }
    None
}

/// `november 16, 2023`.
fn month_first(text: &Plain, word: &Spot) -> Option<Place> {
    if !MONTH_FIRSTS.may_stand(text, word.start) || !text.is_any(word.start, word.end, &MONTHS) {
        return None;
    }
    let day = text.run_end(word.end, |c| matches!(c, ' ' | '.'));
    let day_end = text.digits_end(day);
    value(text, day, day_end).filter(|nr| (1..=31).contains(nr) && day_end <= day + 2)?;
    let year = text.run_end(day_end, |c| matches!(c, ' ' | ','));
    let end = text.digits_end(year);
    let years = value(text, year, end).is_some_and(|nr| is_year(nr, end - year, ' '));
    (years && year > day_end && text.ends(end)).then_some(Place {
        start: word.start,
        end,
        what: SpanType::Date,
        rule: "datum",
    })
}

/// `maandag de 16e`: a day without its month.
fn nth_day(text: &Plain, start: usize) -> Option<usize> {
    let digits = text.digits_end(start);
    value(text, start, digits).filter(|day| (1..=31).contains(day))?;
    let end = ["ste", "de", "e"]
        .iter()
        .find(|mark| text.stands(digits, mark))
        .map(|mark| digits + mark.len())?;
    let word = end + usize::from(text.stands(end, " "));
    let after = text.run_end(word, char::is_alphabetic);
    let ends = after == word
        || text.is_any(
            word,
            after,
            &["om", "is", "en", "in", "bij", "naar", "weer", "terug", "langs"],
        );
    (ends && text.ends(end) && is_behind(text, start, &["de"])).then_some(end)
}

/// `d.d. 081023`
fn in_one_go(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    if end != start + 6
        || !text.ends(end)
        || !(is_told(text, start) || ages::is_birth(text, start) || is_bracketed(text, start, end))
    {
        return None;
    }
    let (day, month) = (value(text, start, start + 2)?, value(text, start + 2, start + 4)?);
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(end)
}

/// `jansen (081023)` and `jansen, 081023,`: behind a name.
fn is_bracketed(text: &Plain, start: usize, end: usize) -> bool {
    let opened = start.checked_sub(1).is_some_and(|at| text.stands(at, "("));
    let listed = start.checked_sub(2).is_some_and(|at| text.stands(at, ", "));
    (opened && matches!(text.low().get(end), Some(')' | ','))) || (listed && text.stands(end, ","))
}

fn is_told(text: &Plain, start: usize) -> bool {
    let Some(end) = start.checked_sub(1).filter(|end| text.low()[*end] == ' ') else {
        return false;
    };
    let last = end.checked_sub(1).map(|at| text.low()[at]);
    ON.iter().filter(|word| word.chars().next_back() == last).any(|word| {
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
