//! Everything that reads bytes from outside, as one list: a test gives each what is kept and what is mutated, a fuzzer what
//! it finds.
//!
//! A decoder may refuse anything and must not panic, and what it takes it must write in the same bytes, since bytes are
//! what is signed and hashed.

use ed25519_dalek::{Signer as _, SigningKey};
use protocol::charter::{Card, Invitation, Statement};
use protocol::document;
use protocol::gate::{Known, Policy, screen_text};
use protocol::id;
use protocol::log::{ForkProof, Header, Opening};
use protocol::record::{self, Intake};
use protocol::sync::{Body, Frame, Hint, Request, Response};
use protocol::wire::Writer;

/// Reads bytes; whether it took them.
pub type Decoder = fn(&[u8]) -> bool;

/// All of them, by name.
pub const ALL: [(&str, Decoder); 11] = [
    ("request", frame::<Request>),
    ("response", frame::<Response>),
    ("hint", frame::<Hint>),
    ("statement", statement),
    ("card", card),
    ("invitation", invitation),
    ("header", header),
    ("opening", opening),
    ("fork", fork),
    ("change", change),
    ("intake", intake),
];

/// The decoder with this name.
#[must_use]
pub fn named(name: &str) -> Option<Decoder> {
    ALL.iter().find(|(of, _)| *of == name).map(|(_, decoder)| *decoder)
}

fn frame<B: Body>(bytes: &[u8]) -> bool {
    let Ok(frame) = Frame::<B>::decode(bytes) else {
        return false;
    };
    assert_eq!(frame.encode(), bytes);
    true
}

/// A type and a body, signed: without a signature nothing of a body would ever be read.
fn statement(bytes: &[u8]) -> bool {
    let Some((kind, body)) = bytes.split_first_chunk::<2>() else {
        return false;
    };
    let key = SigningKey::from_bytes(&[1; 32]);
    let mut out = Writer::new();
    out.u8(1)
        .raw(kind)
        .raw(&[2; 32])
        .raw(&key.verifying_key().to_bytes())
        .bytes(body);
    let unsigned = out.finish();
    let signature = key.sign(&id::hash("statement signature", &[&unsigned]));
    let signed = [&unsigned[..], &signature.to_bytes()].concat();
    let Ok(read) = Statement::read(&signed) else {
        return false;
    };
    assert_eq!(read.bytes(), signed);
    let written = Statement::sign(read.federation(), read.body().clone(), &key);
    assert_eq!(
        Statement::read(written.bytes()).map(|again| again.body().clone()),
        Ok(read.body().clone())
    );
    true
}

fn card(bytes: &[u8]) -> bool {
    Card::read(bytes).is_ok()
}

fn invitation(bytes: &[u8]) -> bool {
    Invitation::read(bytes).is_ok()
}

fn header(bytes: &[u8]) -> bool {
    let Ok(header) = Header::decode(bytes) else {
        return false;
    };
    // A later version is read as far as it is known, and never written.
    assert_eq!(header.encode()[1..], bytes[1..]);
    true
}

fn opening(bytes: &[u8]) -> bool {
    let Ok(opening) = Opening::decode(bytes) else {
        return false;
    };
    assert_eq!(opening.encode(), bytes);
    true
}

fn fork(bytes: &[u8]) -> bool {
    let Ok(proof) = ForkProof::decode(bytes) else {
        return false;
    };
    assert_eq!(proof.encode(), bytes);
    proof.verify().is_ok()
}

/// A change that is valid is one that can be read: a founding one by itself.
fn change(bytes: &[u8]) -> bool {
    let Ok(checked) = document::validate(bytes) else {
        return false;
    };
    if checked.deps.is_empty() {
        // What it says may be nonsense; to say so is not to panic.
        let _ = document::read(&[bytes.to_vec()]);
    }
    true
}

/// What a person hands in, and what the gate makes of its text.
fn intake(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let screened = screen_text(text, &Known::default(), &Policy::default());
    assert!(screened.spans.iter().all(|span| span.start < span.end));
    let (Ok(typed), Ok(gemeente), Ok(week)) = (serde_json::from_str(text), "GM9901".parse(), "2026-W10".parse()) else {
        return false;
    };
    let intake = Intake {
        gemeente,
        week,
        kind: None,
    };
    record::read_json(&typed, &intake).is_ok()
}
