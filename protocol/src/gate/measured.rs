//! What was measured of the gate, in the words that stand wherever a person decides.

use crate::api::{Lang, Message};

/// Of so many notes in a hundred at most something comes through before a person reads them. The gate is measured on notes
/// that a program wrote, by `cargo test -p tests --test gate`, which fails when it is more.
pub const NOTES_LEAKING_PERCENT_MAX: u64 = 5;

/// How everybody has to treat a record, whoever shared it: this stands wherever records are shown.
pub const MEANT: Message = Message::new(
    "Geanonimiseerd bedoeld; behandel als persoonsgegevens tot uw DPIA anders oordeelt.",
    "Meant to be anonymous; treat as personal data until your DPIA says otherwise.",
);

/// What whoever approves must know of the gate.
#[must_use]
pub fn measured(lang: Lang) -> String {
    let of = NOTES_LEAKING_PERCENT_MAX;
    lang.pick(
        format!(
            "De poort mist soms iets: gemeten bleef in hoogstens {of} van de 100 nagemaakte notities iets staan, in echte kan het meer \
             zijn; wie herkenbaar is zonder naam of nummer ziet zij niet. {}",
            MEANT.nl

        ),
        format!(
            "The gate misses things: measured, something was left in at most {of} of 100 made-up notes, and it may be more in real \
             ones; who can be recognised without a name or number it does not see. {}",
            MEANT.en

        ),
    )
}
