//! How far a long run is, on a line of its own that is written over.

use std::io::Write;

const WIDTH: usize = 30;

/// The line; it writes nothing when nobody watches.
pub struct Bar<'a> {
    errors: Option<&'a mut dyn Write>,
    shown: Option<u64>,
}

impl<'a> Bar<'a> {
    /// A bar on this terminal.
    pub fn new(errors: &'a mut dyn Write, watched: bool) -> Self {
        Self {
            errors: watched.then_some(errors),
            shown: None,
        }
    }

    /// So many bytes and lines are done; without a total, as of a pipe, only the lines are told.
    pub(crate) fn at(&mut self, bytes: u64, total: Option<u64>, lines: u64) {
        let percent = total.map(|total| bytes.saturating_mul(100) / total.max(1));
        // Writing for every line would take longer than the work.
        let step = percent.unwrap_or(lines / 100);
        if self.errors.is_none() || self.shown == Some(step) {
            return;
        }
        self.shown = Some(step);
        let line = match percent {
            Some(percent) => {
                let done = usize::try_from(percent.min(100)).unwrap_or(100) * WIDTH / 100;
                let (done, left) = ("#".repeat(done), ".".repeat(WIDTH - done));
                format!("[{done}{left}] {percent:>3} %  {lines}")
            }
            None => format!("{lines}"),
        };
        self.write(&format!("\r{line}"));
    }

    /// Takes the line away.
    pub(crate) fn end(&mut self) {
        if self.shown.take().is_some() {
            self.write("\r\u{1b}[K");
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(errors) = &mut self.errors {
            // Nobody misses a bar that could not be drawn.
            let _ = errors.write_all(text.as_bytes()).and_then(|()| errors.flush());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(watched: bool, total: Option<u64>) -> String {
        let mut written = Vec::new();
        let mut bar = Bar::new(&mut written, watched);
        bar.at(50, total, 1);
        bar.at(50, total, 2);
        bar.at(100, total, 3);
        bar.end();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn a_person_sees_how_far_it_is_and_a_program_nothing() {
        let whole = drawn(true, Some(100));
        assert!(
            whole.contains("\r[###############...............]  50 %  1"),
            "{whole:?}"
        );
        assert!(
            !whole.contains(" 2") && whole.ends_with("100 %  3\r\u{1b}[K"),
            "{whole:?}"
        );
        assert_eq!(drawn(true, None), "\r1\r\u{1b}[K");
        assert_eq!(drawn(false, Some(100)), "");
    }
}
