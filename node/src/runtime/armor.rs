//! Cards, charters, invitations and requests as text that survives mail: a heading, then lower-case hexadecimal lines.

use protocol::charter::{Card, Invitation, NodeRequest, STATEMENT_BYTES_MAX, Statement, StatementError};
use protocol::export::{CHARTER_HEADING, from_hexadecimal, hexadecimal};

/// Most bytes of a text that is read: an edition of every gemeente with all its endorsements and receipts.
const TEXT_BYTES_MAX: usize = protocol::api::CHARTER_BYTES_MAX;
const CARD_HEADING: &str = "leerkring-kaart-1";
const INVITATION_HEADING: &str = "leerkring-uitnodiging-1";
const REQUEST_HEADING: &str = "leerkring-verzoek-1";

/// Why a text is not a card or a charter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArmorError {
    /// The first line is not the heading that was expected.
    #[error("the first line is not {expected:?}")]
    Heading {
        /// The heading.
        expected: &'static str,
        /// The heading of another kind of file, when it has one.
        found: Option<&'static str>,
    },
    /// The text is over the limit.
    #[error("{bytes} bytes, the limit is {limit}")]
    Size {
        /// Bytes found.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A line is not hexadecimal.
    #[error("line {line} is not hexadecimal")]
    Hexadecimal {
        /// Line, from 1.
        line: usize,
    },
    /// A line is not what it should be.
    #[error("line {line}: {source}")]
    Content {
        /// Line, from 1.
        line: usize,
        /// What is wrong.
        #[source]
        source: StatementError,
    },
    /// There is nothing below the heading.
    #[error("there is nothing below the heading")]
    Empty,
}

/// A card as text.
#[must_use]
pub(super) fn write_card(card: &[u8]) -> String {
    format!("{CARD_HEADING}\n{}\n", hexadecimal(card))
}

/// Whether a text calls itself a card.
#[must_use]
pub(super) fn is_card(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.trim() == CARD_HEADING)
}

/// The card in a text, its signature checked.
///
/// # Errors
/// [`ArmorError`].
pub(super) fn read_card(text: &str) -> Result<Card, ArmorError> {
    let (line, bytes) = lines(text, CARD_HEADING)?.into_iter().next().ok_or(ArmorError::Empty)?;
    Card::read(&bytes).map_err(|source| ArmorError::Content { line, source })
}

/// A signed invitation as text.
#[must_use]
pub(super) fn write_invitation(signed: &[u8]) -> String {
    format!("{INVITATION_HEADING}\n{}\n", hexadecimal(signed))
}

/// A request as text.
#[must_use]
pub(super) fn write_request(request: &[u8]) -> String {
    format!("{REQUEST_HEADING}\n{}\n", hexadecimal(request))
}

/// The request in a text, its proof checked.
///
/// # Errors
/// [`ArmorError`].
pub(super) fn read_request(text: &str) -> Result<NodeRequest, ArmorError> {
    let lines = lines(text, REQUEST_HEADING)?;
    let (line, bytes) = lines.into_iter().next().ok_or(ArmorError::Empty)?;
    NodeRequest::read(&bytes).map_err(|source| ArmorError::Content { line, source })
}

/// Whether a text calls itself an invitation.
#[must_use]
pub(super) fn is_invitation(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.trim() == INVITATION_HEADING)
}

/// The invitation in a text, its signature checked.
///
/// # Errors
/// [`ArmorError`].
pub(super) fn read_invitation(text: &str) -> Result<Invitation, ArmorError> {
    let lines = lines(text, INVITATION_HEADING)?;
    let (line, bytes) = lines.into_iter().next().ok_or(ArmorError::Empty)?;
    Invitation::read(&bytes).map_err(|source| ArmorError::Content { line, source })
}

/// Statements as text.
#[must_use]
pub(super) fn write_charter<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> String {
    write_statements(statements.into_iter().map(Statement::bytes))
}

/// The bytes of statements as text.
#[must_use]
pub(super) fn write_statements<'a>(statements: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut text = format!("{CHARTER_HEADING}\n");
    for bytes in statements {
        text.extend([hexadecimal(bytes).as_str(), "\n"]);
    }
    text
}

/// The bytes of everything a node holds, when the text of it is not more than is read again. Whoever has them can make that
/// text without the node waiting for it.
///
/// # Errors
/// [`ArmorError::Size`].
pub(super) fn whole<'a>(statements: impl Iterator<Item = &'a Statement> + Clone) -> Result<Vec<Vec<u8>>, ArmorError> {
    let lines = statements.clone().map(|statement| 2 * statement.bytes().len() + 1);
    let bytes = CHARTER_HEADING.len() + 1 + lines.sum::<usize>();
    match bytes <= TEXT_BYTES_MAX {
        true => Ok(statements.map(|statement| statement.bytes().to_vec()).collect()),
        false => Err(ArmorError::Size {
            bytes,
            limit: TEXT_BYTES_MAX,
        }),
    }
}

/// The statements in a text, their signatures checked.
///
/// # Errors
/// [`ArmorError`].
pub(super) fn read_charter(text: &str) -> Result<Vec<Statement>, ArmorError> {
    let lines = lines(text, CHARTER_HEADING)?;
    let read = |(line, bytes): (usize, Vec<u8>)| {
        Statement::read(&bytes).map_err(|source| ArmorError::Content { line, source })
    };
    let statements = lines.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if statements.is_empty() {
        Err(ArmorError::Empty)
    } else {
        Ok(statements)
    }
}

/// The heading of a text that is one of ours.
fn heading_of(text: &str) -> Option<&'static str> {
    let first = text.lines().next()?.trim();
    let all = [CARD_HEADING, CHARTER_HEADING, INVITATION_HEADING, REQUEST_HEADING];
    all.into_iter().find(|heading| *heading == first)
}

/// Reads a charter for what is wrong with it only.
///
/// # Errors
/// [`ArmorError`].
pub fn is_charter(text: &str) -> Result<(), ArmorError> {
    read_charter(text).map(drop)
}

fn lines(text: &str, heading: &'static str) -> Result<Vec<(usize, Vec<u8>)>, ArmorError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(ArmorError::Size {
            bytes: text.len(),
            limit: TEXT_BYTES_MAX,
        });
    }
    let mut lines = text.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line));
    if lines.next().is_none_or(|(_, line)| line != heading) {
        return Err(ArmorError::Heading {
            expected: heading,
            found: heading_of(text),
        });
    }
    let filled = lines.filter(|(_, line)| !line.is_empty());
    filled
        .map(|(line, text)| Ok((line, bytes(text).ok_or(ArmorError::Hexadecimal { line })?)))
        .collect()
}

/// The bytes of a line, in either case: who retypes one from paper may hold the shift key.
fn bytes(text: &str) -> Option<Vec<u8>> {
    from_hexadecimal(&text.to_ascii_lowercase(), STATEMENT_BYTES_MAX)
}

#[cfg(test)]
mod mutations;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_a_charter_is_refused_with_its_line() {
        let heading = ArmorError::Heading {
            expected: CHARTER_HEADING,
            found: None,
        };
        assert_eq!(read_charter("iets anders\n"), Err(heading));
        assert!(matches!(
            read_charter("leerkring-kaart-1\n00\n"),
            Err(ArmorError::Heading {
                found: Some(CARD_HEADING),
                ..
            })
        ));
        assert_eq!(read_charter("leerkring-handvest-1\n\n"), Err(ArmorError::Empty));
        assert_eq!(
            read_charter("leerkring-handvest-1\n\nxyz\n"),
            Err(ArmorError::Hexadecimal { line: 3 })
        );
        assert!(matches!(
            read_charter("leerkring-handvest-1\n00\n"),
            Err(ArmorError::Content { line: 2, .. })
        ));
        let large = format!("leerkring-handvest-1\n{}", " ".repeat(TEXT_BYTES_MAX));
        assert!(matches!(read_charter(&large), Err(ArmorError::Size { .. })));
    }

    #[test]
    fn bytes_are_read_back() {
        assert_eq!(bytes(&hexadecimal(&[0, 9, 0xa0, 0xff])), Some(vec![0, 9, 0xa0, 0xff]));
        assert_eq!(bytes("A0ff"), Some(vec![0xa0, 0xff]));
        assert_eq!((bytes("0"), bytes("0g"), bytes("é1")), (None, None, None));
    }
}
