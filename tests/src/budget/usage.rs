//! What a process used, as the system counts it in `/proc`. Where there is no `/proc`, nothing is known and zero is said.

use std::fs;
use std::time::Instant;

/// Clock ticks per second in `/proc/PID/stat`, on every Linux that runs this.
const TICKS_PER_SECOND: f64 = 100.0;

/// Time that something took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    /// On the clock, in seconds.
    pub(super) wall_s: f64,
    /// On all cores together, in seconds; the system counts hundredths.
    pub(super) cpu_s: f64,
}

/// Runs something in this process and says what that took.
pub(super) fn timed<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let me = std::process::id();
    let (began, cpu_s) = (Instant::now(), cpu_s(me));
    let done = work();
    let spent = Spent {
        wall_s: began.elapsed().as_secs_f64(),
        cpu_s: self::cpu_s(me) - cpu_s,
    };
    (done, spent)
}

/// Processor seconds of a process so far, all threads.
pub(super) fn cpu_s(pid: u32) -> f64 {
    let ticks = || {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name before it may hold spaces.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(ticks(11)? + ticks(12)?)
    };
    ticks().unwrap_or(0) as f64 / TICKS_PER_SECOND
}

/// Memory of a process in MB: resident now, and the most it ever was.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Memory {
    /// Resident now.
    pub(super) now_mb: u64,
    /// The most that was resident.
    pub(super) peak_mb: u64,
}

impl Memory {
    /// Of a process that runs.
    pub(super) fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()?.div_ceil(1024))
        };
        Self {
            now_mb: field("VmRSS:").unwrap_or(0),
            peak_mb: field("VmHWM:").unwrap_or(0),
        }
    }
}

/// Of the memory of a process what is its own, in MB: what it shares with others counts for each its part.
pub(super) fn pss_mb(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find(|line| line.starts_with("Pss:"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kb.unwrap_or(0).div_ceil(1024)
}

/// Runs something in this process and says by how many MB at most what is resident grew meanwhile; nothing where the
/// system does not let the greatest value be set back.
pub(super) fn grown_mb<T>(work: impl FnOnce() -> T) -> (T, Option<u64>) {
    let me = std::process::id();
    let set_back = fs::write("/proc/self/clear_refs", "5").is_ok();
    let before = Memory::of(me);
    let done = work();
    let grown = Memory::of(me).peak_mb.saturating_sub(before.now_mb);
    (done, (set_back && before.now_mb > 0).then_some(grown))
}
