//! The only door out of a gemeente: `Draft -> Screened -> Approved -> Shareable`.
//!
//! | file | what it holds |
//! |---|---|
//! | `draft` | a local record that asks to leave, and what is known of the case behind it |
//! | `screened`, `walk` | the draft with every free text masked, field by field, what was found, and the verdict |
//! | `compound` | what Dutch wrote as one word, taken apart with the same word list |
//! | `combine`, `history` | what characteristics say together, in a text and in the coded fields |
//! | `structure` | what the coded fields would give away, and what is withheld |
//! | `approved` | the same after a person, and its release |
//! | `shareable` | the record that may leave |
//! | `text` | a text made plain for the scanners, with the way back to the original |
//! | `case_pattern` | what the case numbers of a gemeente look like |
//! | `characters` | characters as a reader sees them |
//! | `mask` | what stands in its place, and the numbers of persons |
//! | `measured` | what was measured of it, for whoever approves |
//! | `span` | what was found in a text, where, and what becomes of it |
//! | `received` | what is hidden of what arrives, by numbered rules that never change |
//! | `scan` | the scanners, one per sort of identifier |
//!
//! **Invariant:** a [`Shareable`] can be built nowhere else, and only a [`Shareable`] can be written to a log.
//!
//! **Invariant:** free text leaves only after a person has read what will leave. Every error blocks.
//!
//! The way out, from what was typed to what may be signed:
//!
//! ```
//! use protocol::gate::{Account, Approval, Draft, Known, Policy, screen};
//! use protocol::record::{Intake, Kind, read_json};
//!
//! let intake = Intake {
//!     gemeente: "GM9901".parse()?,
//!     week: "2025-W20".parse()?,
//!     kind: Some(Kind::Signaal),
//! };
//! let typed = serde_json::json!({
//!     "aard": "vraag", "thema": ["wonen"], "laag": "backoffice", "tekst": "Bel mij op 06-12345678",
//! });
//! let input = read_json(&typed, &intake).expect("it keeps to the schema");
//! let screened = screen(Draft::new(input, Known::default()), &Policy::default());
//! let approval = Approval::after_reading(Account::new("a.b")?, &screened);
//! let (shareable, _) = screened.approve(approval)?.release(&|_| None);
//! assert!(format!("{shareable:?}").contains("Bel mij op [telefoon]"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Nothing outside this room can build a record that may leave:
//!
//! ```compile_fail,E0451
//! use protocol::gate::Shareable;
//! use protocol::{id::{Gemeente, Week}, record::{Fields, Kind}};
//! let forged = Shareable {
//!     kind: Kind::Signaal,
//!     owner: Gemeente::new(14).unwrap(),
//!     week: Week::new(2025, 6).unwrap(),
//!     quarter_only: false,
//!     contributes_to: None,
//!     practice: false,
//!     fields: Fields::new(),
//! };
//! ```
//!
//! A draft cannot be released:
//!
//! ```compile_fail,E0599
//! fn leak(draft: protocol::gate::Draft) {
//!     draft.release(&|_| None);
//! }
//! ```
//!
//! Nor can what was screened but not approved:
//!
//! ```compile_fail,E0599
//! fn leak(screened: protocol::gate::Screened) {
//!     screened.release(&|_| None);
//! }
//! ```
//!
//! And an approval cannot be made up:
//!
//! ```compile_fail,E0451
//! fn forge(by: protocol::gate::Account) -> protocol::gate::Approval {
//!     protocol::gate::Approval { by, read: None }
//! }
//! ```

mod approved;
mod case_pattern;
mod characters;
mod combine;
mod compound;
mod draft;
mod history;
mod lexicon;
mod mask;
mod measured;
pub mod received;
mod scan;
mod screened;
mod shareable;
mod span;
mod structure;
#[cfg(test)]
mod tests;
mod text;
mod walk;

pub use approved::{Account, AccountError, Approval, ApproveError, Approved, Pending};
pub use case_pattern::{CasePattern, CasePatternError, CasePatterns};
pub use compound::{Compounds, PARTS_MAX};
pub use draft::{Draft, Known, KnownError, Policy};
pub use history::{ALIKE_MIN, Coarse, History};
pub use measured::{MEANT, NOTES_LEAKING_PERCENT_MAX, measured};
pub use screened::{Block, BlockReason, Found, Screened, Verdict, screen};
pub use shareable::Shareable;
pub use span::{Action, Span, SpanType};
pub use structure::{Headcount, HeadcountError, PEOPLE_MIN};
pub use text::{ScreenedText, screen_text};
