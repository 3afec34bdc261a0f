//! Feeds one decoder, named by `LEERKRING_DECODER`, what the fuzzer thinks of.
//!
//! `tests/fuzz/run NAME SECONDS` builds and runs it; what it finds goes into `corpus/NAME`, where a test of the room
//! gives it to the decoder for ever.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

#[path = "../../src/decoders.rs"]
mod decoders;

fn chosen() -> decoders::Decoder {
    static CHOSEN: OnceLock<decoders::Decoder> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let name = std::env::var("LEERKRING_DECODER").unwrap_or_default();
        decoders::named(&name).unwrap_or_else(|| panic!("LEERKRING_DECODER={name:?} is no decoder"))
    })
}

fuzz_target!(|bytes: &[u8]| {
    chosen()(bytes);
});
