//! Bytes of a file to text: UTF-8, UTF-16 as a spreadsheet saves "Unicode text", or Windows-1252 when somebody says that it is.
//!
//! **Invariant:** nothing is guessed that could turn one letter into another: bytes that are no UTF-8 are refused with a hint.

use protocol::api::Message;

use crate::command_error::CommandError;
use crate::exit::Exit;

/// How the letters of a file are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// What everything writes today.
    Utf8,
    /// Two bytes per letter, in either order.
    Utf16,
    /// What older programs write on Windows.
    Windows1252,
}

impl Encoding {
    /// The names that can be typed.
    pub const NAMES: [&'static str; 3] = ["utf-8", "utf-16", "windows-1252"];

    /// The encoding with this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "windows-1252" => Some(Self::Windows1252),
            _ => None,
        }
    }
}

/// Bytes that decide whether a file is UTF-16 when no mark says so.
const LOOKED_AT: usize = 64;

/// The letters of Windows-1252 between 0x80 and 0x9f; everywhere else it has the letter with the number of the byte.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of these bytes, without the mark at its begin.
///
/// # Errors
/// [`CommandError`] when they are not in this encoding.
pub(super) fn text_of(bytes: &[u8], said: Option<Encoding>) -> Result<String, CommandError> {
    match said.unwrap_or_else(|| guess(bytes)) {
        Encoding::Utf8 => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).to_owned()),
            Err(error) => Err(not_utf8(bytes, error.valid_up_to())),
        },
        Encoding::Utf16 => utf16(bytes),
        Encoding::Windows1252 => Ok(bytes.iter().map(|byte| windows(*byte)).collect()),
    }
}

/// UTF-16 shows itself by its mark, or by the empty half of every letter of a heading; everything else says that it is UTF-8.
fn guess(bytes: &[u8]) -> Encoding {
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if marked || halves(bytes).is_some() {
        Encoding::Utf16
    } else {
        Encoding::Utf8
    }
}

/// Which half of every letter at the begin is empty: the second (little end first) or the first.
fn halves(bytes: &[u8]) -> Option<bool> {
    let begin = &bytes[..bytes.len().min(LOOKED_AT) & !1];
    let empty = |half: usize| !begin.is_empty() && begin.iter().skip(half).step_by(2).all(|byte| *byte == 0);
    match (empty(1), empty(0)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn utf16(bytes: &[u8]) -> Result<String, CommandError> {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        all => (halves(all).unwrap_or(true), all),
    };
    let units = bytes.chunks_exact(2).map(|pair| match little {
        true => u16::from_le_bytes([pair[0], pair[1]]),
        false => u16::from_be_bytes([pair[0], pair[1]]),
    });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text),
        _ => Err(CommandError::new(
            Exit::Input,
            Message::new("dit is geen hele UTF-16", "this is not whole UTF-16"),
        )
        .hinting(Message::new(
            "sla het bestand op als 'CSV UTF-8', of geef een andere --encoding",
            "save the file as 'CSV UTF-8', or give another --encoding",
        ))),
    }
}

fn windows(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

fn not_utf8(bytes: &[u8], at: usize) -> CommandError {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("regel {line}, kolom {column}: dit is geen UTF-8"),
            format!("line {line}, column {column}: this is not UTF-8"),
        ),
    )
    .hinting(Message::new(
        "komt het uit een ouder programma op Windows, geef dan --encoding windows-1252 en kijk met --dry-run of de letters kloppen; \
         of sla het op als 'CSV UTF-8'",
        "when it comes from an older program on Windows, give --encoding windows-1252 and look with --dry-run whether the letters are \
         right; or save it as 'CSV UTF-8'",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "tekst;thema\nEén regel van € 5 – “zo”;schulden\n";

    fn units(text: &str, little: bool) -> Vec<u8> {
        let both = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(both).collect()
    }

    #[test]
    fn a_file_is_read_in_the_encoding_it_shows_or_that_is_said() {
        assert_eq!(text_of(TEXT.as_bytes(), None).unwrap(), TEXT);
        assert_eq!(text_of(format!("\u{feff}{TEXT}").as_bytes(), None).unwrap(), TEXT);
        for little in [true, false] {
            assert_eq!(text_of(&units(&format!("\u{feff}{TEXT}"), little), None).unwrap(), TEXT);
            let ascii = "tekst;thema\nEen regel die langer is dan wat bekeken wordt; en nog meer;\n";
            assert_eq!(text_of(&units(ascii, little), None).unwrap(), ascii);
        }
        let windows = b"tekst;thema\nE\xe9n regel van \x80 5 \x96 \x93zo\x94;schulden\n";
        assert_eq!(text_of(windows, Some(Encoding::Windows1252)).unwrap(), TEXT);
    }

    #[test]
    fn what_is_no_utf_8_is_refused_with_its_place_and_what_to_give() {
        let refused = text_of(b"tekst\nE\xe9n", None).unwrap_err();
        assert_eq!(refused.exit, Exit::Input);
        assert!(
            refused.message.nl.starts_with("regel 2, kolom 2"),
            "{:?}",
            refused.message
        );
        assert!(refused.hint.unwrap().nl.contains("--encoding windows-1252"));
    }

    #[test]
    fn half_a_letter_is_refused() {
        let mut bytes = units("\u{feff}tekst", true);
        bytes.push(b'x');
        assert!(text_of(&bytes, None).is_err());
        assert!(text_of(&[0xff, 0xfe, 0x00, 0xd8], None).is_err(), "half of a pair");
        assert_eq!(text_of(b"", None).unwrap(), "");
    }
}
