//! Characters as a reader sees them: whatever looks the same is the same to a scanner.
//!
//! **Invariant:** this only changes how a text is read. What a person wrote stays in the masked text, except what nobody sees.

use icu_normalizer::properties::CanonicalCompositionBorrowed;

/// Stands for a character of a mask: it matches no scanner and ends every word.
pub(super) const SEALED: char = '\u{1}';

/// The letter that these two are together: `e` and an accent are `é` (NFC).
pub(super) fn composed(letter: char, mark: char) -> Option<char> {
    // No mark comes before these, and most characters do.
    (mark >= '\u{300}')
        .then(|| CanonicalCompositionBorrowed::new().compose(letter, mark))
        .flatten()
}

/// The Latin letter that a Cyrillic or Greek one cannot be told from.
pub(super) fn looks_like(c: char) -> Option<char> {
    Some(match c {
        'а' | 'А' | 'α' | 'Α' => 'a',
        'В' | 'Β' => 'b',
        'с' | 'С' | 'ϲ' => 'c',
        'е' | 'Е' | 'Ε' => 'e',
        'Н' | 'Η' => 'h',
        'і' | 'І' | 'Ι' | 'ι' => 'i',
        'ј' | 'Ј' => 'j',
        'К' | 'к' | 'Κ' | 'κ' | '\u{212a}' => 'k',
        'М' | 'Μ' => 'm',
        'Ν' => 'n',
        'о' | 'О' | 'ο' | 'Ο' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' => 'p',
        'ѕ' | 'Ѕ' => 's',
        'Т' | 'Τ' => 't',
        'ν' => 'v',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'Υ' => 'y',
        'Ζ' => 'z',
        _ => return None,
    })
}

/// The form a character has for a reader; `None` when a reader sees nothing.
pub(super) fn plain_character(c: char) -> Option<char> {
    match c {
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}'
        | '\u{feff}' => None,
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fffb}' => None,
        '\u{e0000}'..='\u{e0fff}' => None,
        '\r' => None,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{ffa0}' => None,
        _ => Some(digit(c).unwrap_or(c)),
    }
}

/// The plain digit that a digit of another script or style stands for.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 24] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
        0x1040, 0x17e0, 0x1810, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1fbf0,
    ];
    let code = u32::from(c);
    let superscript = match c {
        '⁰' | '₀' => Some(0),
        '¹' | '①' => Some(1),
        '²' => Some(2),
        '³' => Some(3),
        '⁴'..='⁹' => Some(code - 0x2070),
        '₁'..='₉' => Some(code - 0x2080),
        '②'..='⑨' => Some(code - 0x245f),
        _ => None,
    };
    let decimal = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code));
    let value = superscript.or_else(|| decimal.map(|zero| code - zero))?;
    char::from_digit(value, 10)
}

/// The lower-case form, when it is one character; dashes of every length are the same to a scanner.
pub(super) fn lower(c: char) -> char {
    if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}') {
        return '-';
    }
    if c == SEALED {
        return c;
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}
