//! What leaves a gemeente, what does not, and that nothing planted comes through.

mod beside;
mod called;
mod chain;
mod classes;
mod combining;
mod disguises;
mod forms;
mod masks;
mod patterns;
mod properties;
mod structure;
mod texts;
mod wholes;

use super::{Action, Known, Policy, Span, SpanType, screen_text};

/// The masked text, without anything known of a case.
fn masked(text: &str) -> String {
    let screened = screen_text(text, &Known::default(), &Policy::default());
    assert_eq!(screened.block, None, "{text}");
    screened.masked
}
