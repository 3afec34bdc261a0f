//! Texts that were agreed on, in files beside this one.

use std::path::Path;

/// Compares a text with the file of that name, or writes the file when `LEERKRING_BLESS` is set.
pub(super) fn check(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/tests/golden")
        .join(name);
    if std::env::var_os("LEERKRING_BLESS").is_some() {
        std::fs::write(&path, found).unwrap();
        return;
    }
    let agreed = std::fs::read_to_string(&path).unwrap_or_default();
    if agreed != found {
        let lines = agreed.lines().zip(found.lines()).position(|(a, b)| a != b);
        let at = lines.unwrap_or_else(|| agreed.lines().count().min(found.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(end)").to_owned();
        panic!(
            "{name} differs from line {}:\n  agreed: {}\n  found:  {}\nLEERKRING_BLESS=1 writes it anew",
            at + 1,
            line(&agreed),
            line(found)
        );
    }
}
