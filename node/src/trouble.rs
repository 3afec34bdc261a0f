//! Something that fails again and again, such as every write to a full disk: the log says it once, then now and then how often
//! it was since, and when it is over. A line for each time would push out of the log what led to it.

/// Least time between two lines of one trouble, in milliseconds.
const AGAIN_MS: u64 = 5 * 60_000;

/// One thing that fails, or does not.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    /// Times since a line was written.
    since: u64,
    /// Times since the first line that none followed of its end.
    all: u64,
    said_ms: Option<u64>,
}

impl Trouble {
    /// It failed. How often since the last line, when another one is due: one that comes and goes is told no more often than
    /// one that stays.
    pub(crate) fn again(&mut self, now_ms: u64) -> Option<u64> {
        self.since += 1;
        self.all += u64::from(self.all > 0);
        if self.said_ms.is_some_and(|said_ms| now_ms < said_ms + AGAIN_MS) {
            return None;
        }
        self.said_ms = Some(now_ms);
        self.all = self.all.max(self.since);
        Some(std::mem::take(&mut self.since))
    }

    /// It did not fail. How often it had, when a line said that it did and none yet that it is over.
    pub(crate) fn over(&mut self) -> Option<u64> {
        let all = std::mem::take(&mut self.all);
        if all > 0 {
            self.since = 0;
        }
        (all > 0).then_some(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_told_at_first_then_now_and_then_and_at_its_end() {
        let mut trouble = Trouble::default();
        assert_eq!(trouble.over(), None);
        let said: Vec<(u64, u64)> = (0..700)
            .filter_map(|second| Some((second, trouble.again(second * 1_000)?)))
            .collect();
        assert_eq!(said, [(0, 1), (300, 300), (600, 300)]);
        assert_eq!(trouble.over(), Some(700));
        assert_eq!(trouble.over(), None);
    }

    #[test]
    fn what_comes_and_goes_is_told_no_more_often() {
        let mut trouble = Trouble::default();
        let mut lines = 0;
        for second in 0..600 {
            lines += usize::from(trouble.again(second * 1_000).is_some());
            lines += usize::from(trouble.over().is_some());
        }
        assert_eq!(lines, 4);
        assert_eq!(trouble.again(600_000), Some(300));
    }
}
