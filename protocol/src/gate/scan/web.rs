//! Addresses on the network: e-mail, web, IP and hardware.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Endings of a web address without `www.`; those that are Dutch words are left out.
const ENDINGS: [&str; 6] = ["nl", "com", "org", "eu", "be", "info"];

/// What is said of the sign in an e-mail address, and of the dots behind it.
const AT: [&str; 5] = ["apenstaartje", "apenstaart", "apestaartje", "apestaart", "at"];
const DOTS: [&str; 9] = [
    ".", " punt ", " dot ", "(punt)", "[.]", "(dot)", "[punt]", "[dot]", "(.)",
];
/// The most spaces around the sign, in an address that was typed with a slip.
const SPACES_MAX: usize = 2;
/// The most dots, and characters before the sign.
const PARTS_MAX: usize = 4;
const NAME_CHARS_MAX: usize = 60;

pub(super) fn scan(text: &Plain, spots: &[Spot], places: &mut Vec<Place>) {
    let mut after = 0;
    for spot in spots {
        if text.low()[spot.start] == 'a' && spot.start >= after {
            let found = spelled(text, spot);
            after = found.map_or(after, |found| found.end);
            places.extend(found);
        }
        // All others hold one of these marks behind their first word.
        let marked = matches!(text.low().get(spot.end), Some('.' | ':' | '-' | '@' | '(' | '['));
        if spot.start < after || !marked {
            continue;
        }
        let at = spot.start;
        let found = match text.low()[at] {
            '@' => email(text, at, at + 1).or_else(|| handle(text, at)),
            '(' | '[' => at_in_words(text, at).and_then(|end| email(text, at, end)),
            _ if text.begins(at) => url(text, at).or_else(|| address(text, at)),
            _ => None,
        };
        after = found.map_or(at + 1, |found| found.end);
        places.extend(found);
    }
}

fn address(text: &Plain, at: usize) -> Option<Place> {
    ip4(text, at)
        .or_else(|| hexadecimal(text, at))
        .or_else(|| domain(text, at))
}

fn place(start: usize, end: usize, what: SpanType, rule: &'static str) -> Place {
    Place { start, end, what, rule }
}

/// `(at)` or `[ at ]`, in place of the sign.
fn at_in_words(text: &Plain, at: usize) -> Option<usize> {
    let word = at + 1 + usize::from(text.stands(at + 1, " "));
    let end = word + "at".len();
    let end = end + usize::from(text.stands(end, " "));
    matches!(text.low().get(end), Some(')' | ']')).then_some(end + 1)
}

/// `jan apenstaartje voorbeeld punt nl`, `jan at voorbeeld.nl`: what is said of the sign, between a name and a host.
fn spelled(text: &Plain, word: &Spot) -> Option<Place> {
    let said = text.is_any(word.start, word.end, &AT);
    let spaced = |at: usize| text.low().get(at) == Some(&' ');
    let before = word
        .start
        .checked_sub(1)
        .filter(|before| said && spaced(*before) && spaced(word.end))?;
    let name = dotted_start(text, local_start(text, before));
    let (end, parts) = host_end(text, word.end + 1);
    (name < before && parts > 0).then(|| place(name, end, SpanType::Email, "e-mailadres"))
}

/// Where the name in front of the sign begins.
fn local_start(text: &Plain, end: usize) -> usize {
    let local = |c: &&char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
    end - text.low()[..end]
        .iter()
        .rev()
        .take(NAME_CHARS_MAX)
        .take_while(local)
        .count()
}

/// The same, past dots that are written as words: `sara(punt)ali`.
fn dotted_start(text: &Plain, start: usize) -> usize {
    let mut start = start;
    for _ in 0..PARTS_MAX {
        let dot = DOTS[1..].iter().find_map(|dot| {
            let before = start.checked_sub(dot.len())?;
            text.stands(before, dot).then_some(before)
        });
        match dot.map(|before| local_start(text, before)) {
            Some(before) if before < start => start = before,
            _ => break,
        }
    }
    start
}

/// `@jayden_x030`: what somebody is called on the web.
fn handle(text: &Plain, at: usize) -> Option<Place> {
    let end = text.run_end(at + 1, |c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let named = text.low().get(at + 1).is_some_and(|c| c.is_alphabetic()) && end > at + 2;
    (named && text.begins(at)).then(|| place(at, end, SpanType::Person, "naam"))
}

/// Where the host that begins here ends, and how many dots it has, however they are written.
fn host_end(text: &Plain, start: usize) -> (usize, usize) {
    let label = |start: usize| text.run_end(start, |c| c.is_alphanumeric() || c == '-');
    let mut end = label(start);
    let mut parts = 0;
    while let Some(next) = dot_end(text, end).filter(|_| end > start && parts < PARTS_MAX) {
        let after = label(next);
        if after < next + 2 {
            break;
        }
        (end, parts) = (after, parts + 1);
    }
    (end, parts)
}

/// Where the dot that stands here ends: `.`, `(punt)`, and ` . ` in front of what an address ends in.
fn dot_end(text: &Plain, at: usize) -> Option<usize> {
    let before = text.run_end(at, |c| c == ' ');
    let after = text.run_end(before + 1, |c| c == ' ');
    let spaced = before + 1 < after || before > at;
    let near = before <= at + 1 && after <= before + 2 && text.low().get(before) == Some(&'.');
    let word = text.run_end(after, |c| c.is_ascii_alphanumeric());
    if near && spaced && text.is_any(after, word, &ENDINGS[..5]) {
        return Some(after);
    }
    let comma = text.run_end(at + 1, |c| c.is_ascii_alphanumeric());
    if text.stands(at, ",") && text.is_any(at + 1, comma, &ENDINGS[..5]) {
        return Some(at + 1);
    }
    let dot = DOTS.iter().find(|dot| text.stands(at, dot))?;
    Some(at + dot.len())
}

/// An address around its sign. With spaces around it the host must look like one.
fn email(text: &Plain, at: usize, after: usize) -> Option<Place> {
    let spaces = text.low()[..at].iter().rev().take_while(|c| **c == ' ').count();
    let host = text.run_end(after, |c| c == ' ');
    if spaces > SPACES_MAX || host > after + SPACES_MAX {
        return None;
    }
    let name = dotted_start(text, local_start(text, at - spaces));
    let (end, dots) = host_end(text, host);
    let spaced = spaces > 0 || host > after;
    // `werkafspraak-loket@4` points at the fourth version of a record.
    let lettered = text.low()[host..end].iter().any(|c| c.is_alphabetic());
    let found = name < at - spaces && lettered && (!spaced || dots > 0);
    found.then(|| place(name, end, SpanType::Email, "e-mailadres"))
}

fn url(text: &Plain, start: usize) -> Option<Place> {
    let known = ["http://", "https://", "www.", "ftp://"];
    let prefix = known.iter().find(|prefix| text.stands(start, prefix))?;
    let inside =
        |c: char| !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']') && !c.is_control();
    let end = text.long_run_end(start, inside);
    let tail = text.low()[start..end].iter().rev();
    let end = end - tail.take_while(|c| !c.is_alphanumeric() && **c != '/').count();
    (end > start + prefix.len()).then(|| place(start, end, SpanType::Url, "webadres"))
}

/// `gemeente.nl`, without anything in front of it.
fn domain(text: &Plain, start: usize) -> Option<Place> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut at = text.run_end(start, inside);
    let mut found = None;
    // A name has few parts; the bound keeps the scan linear.
    for _ in 0..6 {
        if text.low().get(at) != Some(&'.') || at < start + 2 {
            break;
        }
        let end = text.run_end(at + 1, inside);
        if text.is_any(at + 1, end, &ENDINGS) {
            found = Some(text.run_end(end, |c| {
                c.is_ascii_alphanumeric()
                    || matches!(c, '/' | '-' | '_' | '=' | '?' | '.' | '&' | '%' | '#' | '~' | '@')
            }));
        }
        at = end;
    }
    // What ends the sentence is no part of it.
    let trimmed = |end: usize| {
        end - text.low()[start..end]
            .iter()
            .rev()
            .take_while(|c| !c.is_alphanumeric() && **c != '/')
            .count()
    };
    found.map(|end| place(start, trimmed(end), SpanType::Url, "domeinnaam"))
}

fn ip4(text: &Plain, start: usize) -> Option<Place> {
    let mut at = start;
    for part in 0..4 {
        let end = text.digits_end(at);
        let value: Option<u16> = text.slice(at, end.min(at + 4)).parse().ok();
        value.filter(|value| *value <= 255)?;
        at = end;
        if part < 3 {
            (text.low().get(at) == Some(&'.')).then_some(())?;
            at += 1;
        }
    }
    text.ends(at).then(|| place(start, at, SpanType::Ip, "ip-adres"))
}

/// IP version 6 and hardware addresses: hexadecimal groups with colons or, for hardware, dashes.
fn hexadecimal(text: &Plain, start: usize) -> Option<Place> {
    let end = text.run_end(start, |c| c.is_ascii_hexdigit() || matches!(c, ':' | '-'));
    if end - start > 39 || !text.ends(end) {
        return None;
    }
    let found = text.slice(start, end);
    let hardware = [':', '-'].iter().any(|mark| {
        let groups: Vec<_> = found.split(*mark).collect();
        groups.len() == 6
            && groups
                .iter()
                .all(|group| group.len() == 2 && !group.contains([':', '-']))
    });
    let colons = found.matches(':').count();
    let version_6 = !found.contains('-') && (colons == 7 || (colons >= 2 && found.contains("::")));
    (hardware || version_6).then(|| {
        place(
            start,
            end,
            SpanType::Ip,
            if hardware { "mac-adres" } else { "ip-adres" },
        )
    })
}
