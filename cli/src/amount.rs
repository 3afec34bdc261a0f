//! A number with its noun: one record, two records.

/// The number and the noun that goes with it.
#[must_use]
pub(crate) fn of(count: u64, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}

/// What is held of some logs.
#[must_use]
pub(crate) fn held(entries: u64, logs: u64) -> String {
    format!("{} in {}", of(entries, "entry", "entries"), of(logs, "log", "logs"))
}

#[cfg(test)]
mod tests {
    use super::held;

    #[test]
    fn one_is_one() {
        assert_eq!(held(1, 1), "1 entry in 1 log");
        assert_eq!(held(0, 2), "0 entries in 2 logs");
    }
}
