//! The audit log: who did what at this node, and when. One JSON object per line, in a file per month.
//!
//! It says which concept or document, and never what is in it: a document by its id, a concept that was not shared yet by a
//! fingerprint of its local id, since that may be the number of a case. It is about the accounts of this gemeente, so it
//! stays in the directory of the node: it is no part of what is shared, and of a backup only when that is asked for.
//!
//! What is older than the configuration says is removed, by months, at the first line of a new one: a month is old when its last
//! day is, so a line is kept for that long and at most a month more. The clock alone says nothing, and one that jumps makes a
//! single month of its own: in the time that is kept three months have lines, as far as it has so many.
//!
//! **Invariant:** it is bounded: a file has a largest size, and all of them together have one.
//! **Invariant:** a line is whole, or ends where a crash cut it off: no line stands behind another in one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use protocol::api::Fout;
use protocol::gate::Account;
use serde::Serialize;

use super::config::Keep;
use crate::fault::fault;
use crate::http::Deed;

const MEGABYTE: u64 = 1024 * 1024;
/// A file is at most this part of all of them, so that removing the oldest leaves most.
const PARTS: u64 = 8;
/// Ids in one line; more are counted only.
const IDS_MAX: usize = 100;
/// Days of the longest month.
const MONTH_DAYS_MAX: u16 = 31;
/// So many months with lines say together that time passed; fewer may be those of a clock that jumped.
const AGREE: u16 = 3;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The audit log of a running node.
#[derive(Debug)]
pub(super) struct Audit {
    dir: PathBuf,
    keep: Keep,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    file: Option<(String, File, u64)>,
    error: Option<Fout>,
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    tijd: String,
    account: &'a str,
    daad: &'static str,
    aantal: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    van: &'a [String],
}

impl Audit {
    /// The log in a directory, which is made at the first line.
    pub(super) fn new(dir: PathBuf, keep: Keep) -> Self {
        Self {
            dir,
            keep,
            open: Mutex::default(),
        }
    }

    /// Keeps a line. What cannot be kept is told by [`Audit::error`] and holds nothing up.
    pub(super) fn note(&self, by: &Account, deed: Deed, about: &[String]) {
        // Told by the status, and in the log.
        let _ = self.noted(by, deed, about);
    }

    /// Keeps a line, for whoever does nothing that is not kept.
    pub(super) fn noted(&self, by: &Account, deed: Deed, about: &[String]) -> io::Result<()> {
        self.note_at(SystemTime::now(), by, deed, about)
    }

    fn note_at(&self, now: SystemTime, by: &Account, deed: Deed, about: &[String]) -> io::Result<()> {
        let at = Moment::of(now);
        let line = Line {
            tijd: at.text(),
            account: by.as_str(),
            daad: deed.name(),
            aantal: about.len(),
            van: &about[..about.len().min(IDS_MAX)],
        };
        let line = serde_json::to_string(&line).expect("texts and a number have a form in JSON");
        let mut open = self.open();
        let written = self.append(&mut open, &at, now, &line);
        if let Err(error) = &written {
            tracing::error!(%error, "the audit log could not be written");
            open.file = None;
        }
        open.error = written.as_ref().err().map(|error| fault(error));
        written
    }

    /// Why the last line could not be kept, if it could not.
    pub(super) fn error(&self) -> Option<Fout> {
        self.open().error.clone()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn append(&self, open: &mut Open, at: &Moment, now: SystemTime, line: &str) -> io::Result<()> {
        let bytes = line.len() as u64 + 1;
        let limit = self.bytes_max() / PARTS;
        let fits = |(name, _, size): &(String, File, u64)| name.starts_with(&at.month()) && size + bytes <= limit;
        if !open.file.as_ref().is_some_and(fits) {
            let file = self.file_for(at, bytes, limit)?;
            self.remove_old(now, &file.0)?;
            open.file = Some(file);
        }
        let Some((_, file, size)) = &mut open.file else {
            return Ok(());
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        *size += bytes;
        file.sync_data()
    }

    /// The last file of this month with room for so much, or the next.
    fn file_for(&self, at: &Moment, bytes: u64, limit: u64) -> io::Result<(String, File, u64)> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
        let month = at.month();
        let last = self.names()?.into_iter().rfind(|name| name.starts_with(&month));
        let number = last.as_deref().and_then(number_of).unwrap_or(0);
        for number in number.max(1).. {
            let name = format!("{month}.{number:04}.jsonl");
            let file = OpenOptions::new()
                .read(true)
                .append(true)
                .create(true)
                .mode(0o600)
                .open(self.dir.join(&name))?;
            let size = file.metadata()?.len();
            if size == 0 || size + bytes <= limit {
                let size = end_line(&file, size)?;
                return Ok((name, file, size));
            }
        }
        Err(io::ErrorKind::FileTooLarge.into())
    }

    /// Removes what is too old, and the oldest while all together are too large. The file that is
    /// written stays, also when a clock that was ahead left later ones.
    fn remove_old(&self, now: SystemTime, written: &str) -> io::Result<()> {
        let names = self.names()?;
        let oldest = self.oldest(now, &names);
        let mut total: u64 = names.iter().map(|name| size_of(&self.dir.join(name))).sum();
        // The part that is about to be written must fit too.
        let most = self.bytes_max() - self.bytes_max() / PARTS;
        for name in names.iter().filter(|name| *name != written) {
            if name.as_str() >= oldest.as_str() && total <= most {
                break;
            }
            let path = self.dir.join(name);
            total -= size_of(&path);
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// The first month that is kept.
    fn oldest(&self, now: SystemTime, names: &[String]) -> String {
        let first = now.checked_sub(DAY * u32::from(self.keep.days));
        let first = first.map_or(String::new(), |first| Moment::of(first).month());
        let this = Moment::of(now).month();
        // What a clock that was ahead wrote says nothing of the time that passed.
        let months = names.iter().filter_map(|name| name.get(..this.len()));
        let mut months: Vec<&str> = months.filter(|month| *month <= this.as_str()).collect();
        months.dedup();
        let kept = months.iter().filter(|month| **month >= first.as_str()).count();
        let agree = AGREE.min(self.keep.days / MONTH_DAYS_MAX + 1).max(2);
        match kept >= usize::from(agree) {
            true => first,
            false => String::new(),
        }
    }

    /// The files, oldest first.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for found in fs::read_dir(&self.dir)? {
            names.extend(
                found?
                    .file_name()
                    .into_string()
                    .ok()
                    .filter(|name| number_of(name).is_some()),
            );
        }
        names.sort_unstable();
        Ok(names)
    }

    fn bytes_max(&self) -> u64 {
        u64::from(self.keep.megabytes.max(1)) * MEGABYTE
    }
}

/// Ends a line that a crash left unfinished, so that the next does not stand behind it; the size that the file then has.
fn end_line(file: &File, size: u64) -> io::Result<u64> {
    let Some(last) = size.checked_sub(1) else { return Ok(0) };
    let mut end = [0];
    file.read_exact_at(&mut end, last)?;
    if end == [b'\n'] {
        return Ok(size);
    }
    let mut file = file;
    file.write_all(b"\n")?;
    Ok(size + 1)
}

/// The number of a file within its month.
fn number_of(name: &str) -> Option<u32> {
    let (month, rest) = name.split_once('.')?;
    let number = rest.strip_suffix(".jsonl")?;
    (month.len() == "2026-01".len()).then(|| number.parse().ok()).flatten()
}

fn size_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

/// A moment in the calendar of UTC.
struct Moment {
    year: u64,
    month: u64,
    day: u64,
    seconds: u64,
}

impl Moment {
    fn of(time: SystemTime) -> Self {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let (mut days, seconds) = (since / DAY.as_secs(), since % DAY.as_secs());
        let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let mut year = 1970;
        while days >= 365 + u64::from(leap(year)) {
            days -= 365 + u64::from(leap(year));
            year += 1;
        }
        let february = 28 + u64::from(leap(year));
        let mut month = 1;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
            if days < length {
                break;
            }
            days -= length;
            month += 1;
        }
        Self {
            year,
            month,
            day: days + 1,
            seconds,
        }
    }

    fn month(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    fn text(&self) -> String {
        let (hour, minute, second) = (self.seconds / 3600, self.seconds / 60 % 60, self.seconds % 60);
        format!("{}-{:02}T{hour:02}:{minute:02}:{second:02}Z", self.month(), self.day)
    }
}

#[cfg(test)]
mod tests;
