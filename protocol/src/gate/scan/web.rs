//! Addresses on the network: e-mail, web, IP and hardware.

use super::spots::Spot;
use crate::gate::span::SpanType;
use crate::gate::text::{Place, Plain};

/// Endings of a web address without `www.`; those that are Dutch words are left out.
const ENDINGS: [&str; 6] = ["nl", "com", "org", "eu", "be", "info"];

/// What is said of the sign in an e-mail address, and of the dots behind it.
const AT: [&str; 3] = ["apenstaartje", "apenstaart", "at"];
const DOTS: [&str; 6] = [".", " punt ", " dot ", "(punt)", "[.]", "(dot)"];
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
            '@' => email(text, at, at + 1),
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

/// `(at)`, in place of the sign.
fn at_in_words(text: &Plain, at: usize) -> Option<usize> {
    let end = at + "(at)".len();
    matches!(text.low().get(end - 1), Some(')' | ']')).then_some(end)
}

/// `jan apenstaartje voorbeeld punt nl`, `jan at voorbeeld.nl`: what is said of the sign, between a name and a host.
fn spelled(text: &Plain, word: &Spot) -> Option<Place> {
    let said = text.is_any(word.start, word.end, &AT);
    let spaced = |at: usize| text.low().get(at) == Some(&' ');
    let before = word
        .start
        .checked_sub(1)
        .filter(|before| said && spaced(*before) && spaced(word.end))?;
    let local = |c: &&char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let name = text.low()[..before]
        .iter()
        .rev()
        .take(NAME_CHARS_MAX)
        .take_while(local)
        .count();
    let label = |start: usize| text.run_end(start, |c| c.is_ascii_alphanumeric() || c == '-');
    let mut end = label(word.end + 1);
    let mut parts = 0;
    while let Some(dot) = DOTS.iter().find(|dot| text.stands(end, dot)) {
        let next = label(end + dot.len());
        if next < end + dot.len() + 2 || parts == PARTS_MAX {
            break;
        }
        (end, parts) = (next, parts + 1);
    }
    (name > 0 && parts > 0).then(|| place(before - name, end, SpanType::Email, "e-mailadres"))
}

fn email(text: &Plain, at: usize, after: usize) -> Option<Place> {
    let local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '\'');
    let name = text.low()[..at].iter().rev().take_while(|c| local(**c)).count();
    let end = text.long_run_end(after, |c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let host = text.low()[after..end].iter().rev();
    let end = end - host.take_while(|c| !c.is_alphanumeric()).count();
    (name > 0 && end > after).then(|| place(at - name, end, SpanType::Email, "e-mailadres"))
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
                c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '=' | '?')
            }));
        }
        at = end;
    }
    found.map(|end| place(start, end, SpanType::Url, "domeinnaam"))
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
