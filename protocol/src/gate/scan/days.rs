//! What goes with a day, and days that are written in an odd way: the weekday in front, the hour of a time stamp behind,
//! Roman months, a dot behind the month, and years in words.

use super::ages;
use super::dates::{MONTHS, is_behind, value};
use crate::gate::text::Plain;

const WEEKDAYS: [&str; 21] = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "ma",
    "di",
    "wo",
    "do",
    "vr",
    "za",
    "zo",
    "maa",
    "din",
    "woe",
    "don",
    "vrij",
    "zat",
    "zon",
];
/// Between the weekday and the day.
const BETWEEN: [&str; 6] = [" ", ", ", ". ", " de ", " d.d. ", " dd "];
/// The longest of them.
const WEEKDAY_CHARS_MAX: usize = 9;
const ROMANS: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
/// What a year in words begins with.
const CENTURIES: [&str; 3] = ["negentien", "tweeduizend", "achttien"];
/// Behind these two numbers with dots are no day.
const NO_DAY: [&str; 14] = [
    "artikel",
    "art",
    "lid",
    "paragraaf",
    "par",
    "versie",
    "hoofdstuk",
    "bijlage",
    "tabel",
    "cijfer",
    "punt",
    "gemiddeld",
    "een",
    "met",
];

/// Where the weekday in front of the date begins, or the date itself.
pub(super) fn weekday_start(text: &Plain, start: usize) -> usize {
    let before = |between: &str| {
        let end = start
            .checked_sub(between.len())
            .filter(|end| text.stands(*end, between))?;
        let letters = text.low()[..end]
            .iter()
            .rev()
            .take(WEEKDAY_CHARS_MAX + 1)
            .take_while(|c| c.is_alphabetic());
        let first = end - letters.count();
        text.is_any(first, end, &WEEKDAYS).then_some(first)
    };
    BETWEEN.iter().find_map(|between| before(between)).unwrap_or(start)
}

/// `2025-01-17T09:12`: where the time behind the day ends, or the day itself.
pub(super) fn stamp_end(text: &Plain, end: usize) -> usize {
    let hours = text.digits_end(end + 1);
    let stamped = text.stands(end, "t") && hours == end + 3 && text.stands(hours, ":");
    if !stamped {
        return end;
    }
    let stop = text.run_end(hours, |c| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | 'z'));
    stop - text.low()[..stop]
        .iter()
        .rev()
        .take_while(|c| !c.is_alphanumeric())
        .count()
}

/// `07.XI.1996`, `7-IV-'85`.
pub(super) fn roman(text: &Plain, start: usize) -> Option<usize> {
    let digits = text.digits_end(start);
    let mark = *text.low().get(digits).filter(|c| matches!(c, '.' | '-' | '/' | ' '))?;
    value(text, start, digits).filter(|day| (1..=31).contains(day) && digits <= start + 2)?;
    let month = text.run_end(digits + 1, char::is_alphabetic);
    let year = month + 1 + usize::from(matches!(text.low().get(month + 1), Some('\'' | '’')));
    let end = text.digits_end(year);
    let told = text.is_any(digits + 1, month, &ROMANS) && text.low().get(month) == Some(&mark);
    let years = end == year + 4 && (text.stands(year, "19") || text.stands(year, "20"));
    let short = end == year + 2 && mark != ' ';
    (told && (years || short) && text.ends(end)).then_some(end)
}

/// `15.4.`: a day and a month, each with its dot.
pub(super) fn dotted(text: &Plain, start: usize, told: bool) -> Option<usize> {
    let day_end = text.digits_end(start);
    if !text.stands(day_end, ".") {
        return None;
    }
    let end = text.digits_end(day_end + 1);
    let (day, month) = (value(text, start, day_end)?, value(text, day_end + 1, end)?);
    let short = (1..=2).contains(&(day_end - start)) && (1..=2).contains(&(end - day_end - 1));
    let marks =
        text.stands(day_end, ".") && text.stands(end, ".") && (1..=31).contains(&day) && (1..=12).contains(&month);
    if !short || !marks || text.low().get(end + 1).is_some_and(|c| c.is_alphanumeric()) {
        return None;
    }
    let before = start.checked_sub(1).map(|at| text.low()[at]);
    let begins = matches!(before, None | Some('\n' | '('));
    let inside = before.is_some_and(|c| !matches!(c, ' ' | '\n' | '('));
    // A sentence goes on behind it, so the dot is no full stop.
    let goes_on = text.stands(end + 1, " ")
        && text.low().get(end + 2).is_some_and(|c| c.is_alphabetic())
        && (!text.is_capital(end + 2) || text.is_capital(end + 3))
        && (start + 2 == day_end || text.stands(end + 1, " is "));
    let fits = told || begins || goes_on || weekday_start(text, start) < start;
    (fits && !inside && !is_behind(text, start, &NO_DAY)).then_some(end)
}

/// `geb. 15 03 85`: between spaces, behind what says that somebody was born.
pub(super) fn born(text: &Plain, start: usize) -> Option<usize> {
    let day = text.digits_end(start);
    if !text.stands(day, " ") {
        return None;
    }
    let month = text.digits_end(day + 1);
    let end = text.digits_end(month + 1);
    let spaced = text.stands(day, " ") && text.stands(month, " ");
    let lengths = day - start <= 2 && month - day == 3 && end - month == 3;
    let (days, months) = (value(text, start, day)?, value(text, day + 1, month)?);
    let valid = (1..=31).contains(&days) && (1..=12).contains(&months);
    (spaced && lengths && valid && text.ends(end) && ages::is_birth(text, start)).then_some(end)
}

/// `eerste april negentienzeventig`: where the year behind the month ends, or the month itself.
pub(super) fn year_end(text: &Plain, month_end: usize) -> usize {
    if !text.stands(month_end, " ") {
        return month_end;
    }
    let digits = text.digits_end(month_end + 1);
    let years = text.stands(month_end + 1, "19") || text.stands(month_end + 1, "20");
    if digits == month_end + 5 && years && text.ends(digits) {
        return digits;
    }
    let mut end = month_end;
    let told = CENTURIES.iter().any(|century| text.stands(month_end + 1, century));
    // `negentien honderd zeventig`
    while told && text.stands(end, " ") {
        let next = text.run_end(end + 1, char::is_alphabetic);
        let word = text.slice(end + 1, next);
        let number = ["tig", "tien", "honderd", "duizend"]
            .iter()
            .any(|tail| word.ends_with(tail))
            || CENTURIES.iter().any(|century| word.starts_with(century));
        if !number {
            break;
        }
        end = next;
    }
    end
}

/// Whether a month stands here.
pub(super) fn is_month(text: &Plain, start: usize, end: usize) -> bool {
    text.is_any(start, end, &MONTHS)
}
