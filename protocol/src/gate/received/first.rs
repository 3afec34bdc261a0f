//! The first set of rules. It is frozen: every node that has number 1 hides exactly this, for ever.
//!
//! Only what proves itself is hidden, since nobody is there to ask: numbers that pass their own test, and forms that
//! nothing else has. It reads the text as it stands, character by character, and uses nothing of the gate, which goes on
//! changing.

mod walk;

pub(super) use walk::part;

/// The number of this set.
pub(super) const NUMBER: u32 = 1;

/// Characters of what stands before the `@` of an e-mail address, and of what stands behind it.
const EMAIL_CHARS_MAX: usize = 254;
/// How long an IBAN of these countries is.
const IBANS: [(&str, usize); 8] = [
    ("NL", 18),
    ("BE", 16),
    ("DE", 22),
    ("FR", 27),
    ("LU", 20),
    ("GB", 22),
    ("ES", 24),
    ("PL", 28),
];
/// Letters that no Dutch postcode ends in.
const NO_POSTCODES: [[char; 2]; 3] = [['S', 'A'], ['S', 'D'], ['S', 'S']];

/// The text with what the rules find hidden, and how many places that were. To read what it gives again finds nothing.
pub(super) fn hide(text: &str) -> (String, u32) {
    let chars: Vec<char> = text.chars().collect();
    let (mut shown, mut hidden, mut at) = (String::with_capacity(text.len()), 0, 0);
    // Something begins behind what was hidden just as it would behind the bracket that is shown for it.
    let mut begins = true;
    while at < chars.len() {
        let found = if begins { found(&chars[at..]) } else { None };
        match found {
            Some((length, what)) => {
                shown.push_str("[verborgen: ");
                shown.push_str(what);
                shown.push(']');
                hidden += 1;
                at += length;
                begins = true;
            }
            None => {
                shown.push(chars[at]);
                begins = !(belongs(chars[at]) || chars[at] == '+');
                at += 1;
            }
        }
    }
    (shown, hidden)
}

/// A letter or digit of ASCII: what else is a letter differs with the tables that a compiler brings.
fn belongs(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether something may end before this place.
fn ends(rest: &[char], at: usize) -> bool {
    rest.get(at).is_none_or(|c| !belongs(*c))
}

/// Where what begins at the first of these characters ends, if it is what the rule looks for.
type Rule = fn(&[char]) -> Option<usize>;

/// What begins at the first of these characters: how long it is, and what.
fn found(rest: &[char]) -> Option<(usize, &'static str)> {
    let rules: [(Rule, &'static str); 5] = [
        (email, "e-mailadres"),
        (iban, "rekeningnummer"),
        (phone, "telefoonnummer"),
        (bsn, "bsn"),
        (address, "adres"),
    ];
    rules.iter().find_map(|(rule, what)| {
        let length = rule(rest).filter(|end| ends(rest, *end));
        length.map(|length| (length, *what))
    })
}

/// `iemand@voorbeeld.nl`: a name, and a domain of two parts or more that ends in letters. The longest one: what follows
/// behind a full stop or hyphen belongs to the sentence, and may be hidden by itself.
fn email(rest: &[char]) -> Option<usize> {
    let in_name = |c: &char| c.is_ascii_alphanumeric() || "._%+-".contains(*c);
    let in_domain = |c: &char| c.is_ascii_alphanumeric() || ".-".contains(*c);
    let name = rest.iter().take(EMAIL_CHARS_MAX).take_while(|c| in_name(c)).count();
    if name == 0 || rest.get(name) != Some(&'@') {
        return None;
    }
    let domain = &rest[name + 1..];
    let length = domain.iter().take(EMAIL_CHARS_MAX).take_while(|c| in_domain(c)).count();
    let is_domain = |end: &usize| {
        if !ends(domain, *end) {
            return false;
        }
        let letters = domain[..*end].iter().rev().take_while(|c| c.is_ascii_alphabetic());
        let letters = letters.count();
        // A dot before the letters, and something before the dot.
        letters >= 2 && *end >= letters + 2 && domain[*end - letters - 1] == '.'
    };
    let end = (1..=length).rev().find(is_domain)?;
    Some(name + 1 + end)
}

/// An account of one of the countries, with or without spaces, that passes the test of 97.
fn iban(rest: &[char]) -> Option<usize> {
    let country: String = rest.iter().take(2).map(char::to_ascii_uppercase).collect();
    let (_, length) = IBANS.iter().find(|(code, _)| *code == country)?;
    let mut found = Vec::with_capacity(*length);
    let mut at = 0;
    while found.len() < *length {
        match rest.get(at)? {
            c if c.is_ascii_alphanumeric() => found.push(c.to_ascii_uppercase()),
            ' ' if rest[at - 1] != ' ' => {}
            _ => return None,
        }
        at += 1;
    }
    let turned = found[4..].iter().chain(&found[..4]);
    let rest = turned.fold(0, |sum: u32, c| match c.to_digit(36).unwrap_or(0) {
        digit @ 0..10 => (sum * 10 + digit) % 97,
        letter => (sum * 100 + letter) % 97,
    });
    (rest == 1).then_some(at)
}

/// A Dutch telephone number of ten digits: `06-12345678`, `(020) 123 45 67`, `+31 6 12345678`, `0031 20 1234567`.
fn phone(rest: &[char]) -> Option<usize> {
    let (number, mut at) = match rest {
        ['+', '3', '1', ..] => (Vec::from(['0']), 3),
        ['0', '0', '3', '1', ..] => (Vec::from(['0']), 4),
        _ => (Vec::new(), 0),
    };
    let mut number: Vec<char> = number;
    if !number.is_empty() {
        at += usize::from(rest.get(at) == Some(&' '));
        at += if rest[at..].starts_with(&['(', '0', ')']) { 3 } else { 0 };
    }
    let opened = number.is_empty() && rest.first() == Some(&'(');
    at += usize::from(opened);
    let mut closed = false;
    while number.len() < 10 {
        match rest.get(at)? {
            c if c.is_ascii_digit() => number.push(*c),
            ')' if opened && !closed && (3..=4).contains(&number.len()) => closed = true,
            ' ' | '-' | '.' if !number.is_empty() && (rest[at - 1].is_ascii_digit() || rest[at - 1] == ')') => {}
            _ => return None,
        }
        at += 1;
    }
    let dutch = number[0] == '0' && number[1] != '0' && opened == closed;
    dutch.then_some(at)
}

/// Nine digits that pass the test of eleven, together or as `123.456.782`, `1234 56 782`.
fn bsn(rest: &[char]) -> Option<usize> {
    let groups: [&[usize]; 3] = [&[9], &[3, 3, 3], &[4, 2, 3]];
    groups.iter().find_map(|groups| {
        let (mut digits, mut at) = (Vec::with_capacity(9), 0);
        for (nth, group) in groups.iter().enumerate() {
            if nth > 0 {
                matches!(rest.get(at)?, ' ' | '.').then_some(())?;
                at += 1;
            }
            for c in rest.get(at..at + group)? {
                digits.push(c.to_digit(10)?);
            }
            at += group;
        }
        let weighed = digits
            .iter()
            .zip([9, 8, 7, 6, 5, 4, 3, 2])
            .map(|(digit, weight)| digit * weight);
        let sum: u32 = weighed.sum();
        (sum > 0 && sum % 11 == digits[8]).then_some(at)
    })
}

/// A postcode with a house number behind it: `1234 AB 12`, `1234AB, 12a`.
fn address(rest: &[char]) -> Option<usize> {
    let digits = rest.get(..4)?;
    if digits[0] == '0' || !digits.iter().all(char::is_ascii_digit) {
        return None;
    }
    let letters = 4 + usize::from(rest.get(4) == Some(&' '));
    let pair: [char; 2] = rest.get(letters..letters + 2)?.try_into().ok()?;
    if !pair.iter().all(char::is_ascii_uppercase) || NO_POSTCODES.contains(&pair) {
        return None;
    }
    let mut at = letters + 2;
    at += usize::from(rest.get(at) == Some(&','));
    at += usize::from(rest.get(at) == Some(&' '));
    let number = rest[at..].iter().take_while(|c| c.is_ascii_digit()).count();
    if at == letters + 2 || !(1..=5).contains(&number) || rest[at] == '0' {
        return None;
    }
    at += number;
    let letter = rest.get(at).is_some_and(char::is_ascii_alphabetic);
    Some(at + usize::from(letter))
}
