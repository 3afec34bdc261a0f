//! Times of day: with marks, with `uur`, and in words.

use super::dates::{COUNTED, is_behind, value};
use super::spoken;
use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Words behind which a number of hours is a time, and no duration.
const AT: [&str; 50] = [
    "om",
    "vanaf",
    "tot",
    "rond",
    "tussen",
    "circa",
    "omstreeks",
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
    "morgen",
    "vandaag",
    "ochtends",
    "middags",
    "avonds",
    "gister",
    "gisteren",
    "overmorgen",
    "eergisteren",
    "maandagochtend",
    "maandagmiddag",
    "maandagavond",
    "dinsdagochtend",
    "dinsdagmiddag",
    "dinsdagavond",
    "woensdagochtend",
    "woensdagmiddag",
    "woensdagavond",
    "donderdagochtend",
    "donderdagmiddag",
    "donderdagavond",
    "vrijdagochtend",
    "vrijdagmiddag",
    "vrijdagavond",
    "morgenochtend",
    "morgenmiddag",
    "vanmiddag",
    "vanochtend",
    "vanavond",
];
/// Behind these two numbers with a dot are no time.
const NO_TIME: [&str; 24] = [
    "art",
    "artikel",
    "artikelen",
    "lid",
    "par",
    "paragraaf",
    "versie",
    "v",
    "hoofdstuk",
    "bijlage",
    "tabel",
    "figuur",
    "nr",
    "nummer",
    "eur",
    "euro",
    "bedrag",
    "regel",
    "punt",
    "hfst",
    "h",
    "onder",
    "sub",
    "bijv",
];
/// What is said of hours behind their number.
const HOURS: [&str; 4] = [" uur", "uur", " u", "u"];
/// Behind the hours these make a duration of them.
const LASTING: [&str; 12] = [
    "per",
    "p",
    "in",
    "lang",
    "week",
    "hulp",
    "begeleiding",
    "zorg",
    "werk",
    "slaap",
    "verzuim",
    "reizen",
];
/// Between the begin and the end.
const UNTIL: [&str; 6] = ["-", " - ", " tot ", " en ", "/", " t/m "];
/// Words of a time that is told: `kwart over twee`, `half 3`.
const QUARTERS: [&str; 2] = ["half", "kwart"];
const OVER: [&str; 2] = ["over", "voor"];
/// The twelfth word for a number is the last on a clock.
const CLOCK_MAX: u32 = 12;

/// Where the time that begins here ends: `14:30`, `14u30`, `14.30 uur`, `om 9 uur`, `1430 uur`.
pub(super) fn end(text: &Plain, start: usize) -> Option<usize> {
    marked(text, start)
        .or_else(|| in_one_go(text, start))
        .or_else(|| whole_hours(text, start))
}

/// `14:30`, `14u30`, and `14.30 uur`.
fn marked(text: &Plain, start: usize) -> Option<usize> {
    let hours = text.digits_end(start);
    let mark = text.low().get(hours)?;
    let end = text.digits_end(hours + 1);
    let colon = matches!(*mark, ':' | 'u' | 'h');
    let told = |end: usize| HOURS.iter().any(|word| text.stands(end, word));
    let until = || {
        UNTIL
            .iter()
            .any(|until| text.stands(end, until) && ends_time(text, end + until.len()))
    };
    let said = *mark == '.'
        && (told(end) || until() || is_until(text, start) || is_behind(text, start, &AT) || is_bare(text, start, end));
    let known = (colon || said) && hours - start <= 2 && end == hours + 3;
    let hour = value(text, start, hours)?;
    let minute = value(text, hours + 1, end)?;
    let glued = end + usize::from(text.stands(end, "u") && text.ends(end + 1));
    (known && hour < 24 && minute < 60 && (text.ends(end) || told(end))).then_some(glued)
}

/// Whether a time with a dot and what is said of hours begins here.
fn ends_time(text: &Plain, start: usize) -> bool {
    let hours = text.digits_end(start);
    let end = text.digits_end(hours + 1);
    let dotted = matches!(text.low().get(hours), Some('.' | ':'));
    dotted && hours > start && end == hours + 3 && (HOURS.iter().any(|word| text.stands(end, word)) || text.ends(end))
}

/// `1430 uur`, `0930u`.
fn in_one_go(text: &Plain, start: usize) -> Option<usize> {
    let end = text.digits_end(start);
    let told = HOURS
        .iter()
        .any(|word| text.stands(end, word) && text.ends(end + word.len()));
    if end != start + 4 {
        return None;
    }
    let (hour, minute) = (value(text, start, start + 2)?, value(text, start + 2, end)?);
    (told && hour < 24 && minute < 60).then_some(end)
}

/// `om 9 uur`, `tussen 9 en 11 uur`, `9-11u`.
fn whole_hours(text: &Plain, start: usize) -> Option<usize> {
    let digits = text.digits_end(start);
    value(text, start, digits).filter(|hour| digits <= start + 2 && *hour <= 24)?;
    // `28/2 15u`: right behind a day.
    let dated = is_behind_date(text, start);
    let told = || is_behind(text, start, &AT) || (dated && text.stands(text.run_end(digits, |c| c == ' '), "u"));
    if let Some(end) = hours_end(text, digits) {
        return (told() || is_until(text, start)).then_some(end);
    }
    let until = UNTIL.iter().find(|until| text.stands(digits, until))?;
    let next = digits + until.chars().count();
    let next_digits = text.digits_end(next);
    value(text, next, next_digits).filter(|hour| next_digits > next && *hour <= 24)?;
    let end = hours_end(text, next_digits)?;
    (told() || text.stands(next_digits, "u") || is_behind(text, start, &["van"])).then_some(end)
}

/// Right behind a day, or behind a comma there.
fn is_behind_date(text: &Plain, start: usize) -> bool {
    let Some(before) = start.checked_sub(2).filter(|at| text.low()[at + 1] == ' ') else {
        return false;
    };
    let comma = usize::from(text.low()[before] == ',');
    before
        .checked_sub(comma)
        .is_some_and(|at| text.low()[at].is_ascii_digit() || text.is_sealed(at))
}

/// `15.30`: two digits, a dot and two more, where nothing says that they are an amount or part of a law.
fn is_bare(text: &Plain, start: usize, end: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).map(|at| text.low()[at]);
    let glued = matches!(before(1), Some('€' | '.' | ',' | '-' | '/' | '+'));
    let paid = before(1) == Some(' ') && before(2) == Some('€');
    let word = end + usize::from(text.stands(end, " "));
    let counts = text.is_any(word, text.run_end(word, char::is_alphabetic), &COUNTED)
        || text.is_any(
            word,
            text.run_end(word, char::is_alphabetic),
            &["eur", "mln", "mld", "kg", "p"],
        );
    let more = matches!(text.low().get(end), Some('.' | ',' | '-' | '/'))
        && text.low().get(end + 1).is_some_and(|c| c.is_ascii_digit());
    let marked = matches!(text.low().get(end), Some('%' | '€'));
    // `9.30` may be a mark at school, and `09.30` is none.
    let long = end == start + 5 || is_behind_date(text, start);
    long && !glued && !paid && !counts && !more && !marked && !is_behind(text, start, &NO_TIME)
}

/// Whether a time and `tot` or the like stand before this place: the first of the two may have been found already.
fn is_until(text: &Plain, start: usize) -> bool {
    UNTIL[..4].iter().any(|until| {
        let at = start.checked_sub(until.chars().count()).filter(|at| *at > 0);
        at.is_some_and(|at| text.stands(at, until) && text.is_sealed(at - 1))
    })
}

fn hours_end(text: &Plain, digits: usize) -> Option<usize> {
    let said = HOURS
        .iter()
        .find(|word| text.stands(digits, word) && text.ends(digits + word.len()))?;
    let end = digits + said.len();
    let word = end + usize::from(text.stands(end, " "));
    let lasts = text.is_any(word, text.run_end(word, char::is_alphabetic), &LASTING) || text.stands(end, "/");
    (!lasts).then_some(end)
}

/// `half 3`, `kwart over drie`.
pub(super) fn in_words(text: &Plain, first: &Spot, second: &Spot) -> Option<Place> {
    let quarter = matches!(text.low()[first.start], 'h' | 'k') && text.is_any(first.start, first.end, &QUARTERS);
    if !quarter || second.start != first.end + 1 || text.low()[first.end] != ' ' {
        return None;
    }
    let hour = if text.is_any(second.start, second.end, &OVER) {
        second.end + usize::from(text.stands(second.end, " "))
    } else {
        second.start
    };
    let kwart = text.stands(first.start, "kwart");
    let end = text.run_end(hour, char::is_alphanumeric);
    let on_clock =
        value(text, hour, end).is_some_and(|nr| (1..=CLOCK_MAX).contains(&nr)) || spoken::is_hour(text, hour, end);
    (on_clock && kwart == (hour != second.start)).then_some(Place {
        start: first.start,
        end,
        what: SpanType::Time,
        rule: "tijdstip",
    })
}
