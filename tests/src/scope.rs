//! How much of itself a test runs. `tests/run` leaves the long tail out and says so; `tests/run --full` does not.
//!
//! **Invariant:** what is left out is never left out in silence: whoever asks [`full`] and gets `false` calls [`left_out`].

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

/// Whether everything is to be run, however long it takes.
pub fn full() -> bool {
    env::var("LEERKRING_FULL").is_ok_and(|value| value == "1")
}

/// Says in the summary of `tests/run` what this test did not do. A run of one test by hand has no summary to say it in.
pub fn left_out(what: &str) {
    let Ok(path) = env::var("LEERKRING_LEFT_OUT") else {
        return;
    };
    let file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.and_then(|mut file| file.write_all(format!("{what}\n").as_bytes()));
    written.expect("the file that tests/run made for this can be written");
}
