//! Hexadecimal and base32 text of fixed-length names.

use std::fmt;

use super::ParseIdError;

/// Base32 in the order of Crockford: no `i`, `l`, `o`, `u`, which people misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

pub(super) fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

pub(super) fn read_hex<const N: usize>(text: &str) -> Result<[u8; N], ParseIdError> {
    check_length(text, N * 2)?;
    let mut out = [0; N];
    for (at, found) in text.chars().enumerate() {
        let value = match found {
            '0'..='9' => found as u8 - b'0',
            'a'..='f' => found as u8 - b'a' + 10,
            _ => return Err(ParseIdError::Character { found, at }),
        };
        out[at / 2] = out[at / 2] << 4 | value;
    }
    Ok(out)
}

pub(super) fn write_base32(f: &mut fmt::Formatter<'_>, bytes: &[u8; 20]) -> fmt::Result {
    for group in bytes.chunks_exact(5) {
        let value = group.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        for shift in (0..8).rev() {
            let digit = ALPHABET[(value >> (shift * 5) & 31) as usize];
            fmt::Write::write_char(f, char::from(digit))?;
        }
    }
    Ok(())
}

pub(super) fn read_base32(text: &str) -> Result<[u8; 20], ParseIdError> {
    check_length(text, 32)?;
    let mut out = [0; 20];
    let mut value = 0_u64;
    for (at, found) in text.chars().enumerate() {
        let digit = ALPHABET.iter().position(|known| char::from(*known) == found);
        let digit = digit.ok_or(ParseIdError::Character { found, at })?;
        value = value << 5 | digit as u64;
        if at % 8 == 7 {
            let group = at / 8 * 5;
            out[group..group + 5].copy_from_slice(&value.to_be_bytes()[3..]);
            value = 0;
        }
    }
    Ok(out)
}

fn check_length(text: &str, expected: usize) -> Result<(), ParseIdError> {
    // A cheap bound first: the text comes from outside and may be long.
    let found = if text.len() > expected * 4 {
        text.len()
    } else {
        text.chars().count()
    };
    if found == expected {
        Ok(())
    } else {
        Err(ParseIdError::Length { expected, found })
    }
}
