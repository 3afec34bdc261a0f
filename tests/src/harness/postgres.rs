//! A PostgreSQL server of the test's own, in a scratch directory, reached through a socket there.
//!
//! It refuses to run as root: then it runs as the user `postgres` that Debian makes for it.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Command, Process, Ran, Scratch, wait};
use crate::scope;

/// Where Debian keeps the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The oldest version that orders texts as these tests ask.
const OLDEST: u32 = 15;
/// Making an empty database on a machine that is busy with other tests.
const INIT: Duration = Duration::from_secs(120);

/// A server with an empty database.
#[derive(Debug)]
pub struct Postgres {
    place: Scratch,
    programs: PathBuf,
    process: Option<Process>,
    settings: Vec<String>,
}

impl Postgres {
    /// A server that runs; nothing where PostgreSQL is not installed, which is said in the summary of `tests/run`.
    ///
    /// # Panics
    /// When it is installed and does not start.
    #[must_use]
    #[track_caller]
    pub fn start() -> Option<Self> {
        Self::start_with(&["fsync=off", "shared_buffers=16MB"])
    }

    /// The same with these settings.
    ///
    /// # Panics
    /// When it is installed and does not start.
    #[must_use]
    #[track_caller]
    pub fn start_with(settings: &[&str]) -> Option<Self> {
        let Some(programs) = programs() else {
            scope::left_out(
                "the mirror in PostgreSQL: no server of version 15 or newer, with its user, is installed here (apt-get install postgresql)",
            );
            return None;
        };
        let place = Scratch::new("postgres");
        give(place.path());
        let mut server = Self {
            place,
            programs,
            process: None,
            settings: settings.iter().map(|setting| (*setting).to_owned()).collect(),
        };
        // Another order of texts than that of bytes, as in most databases.
        let order = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=nl-NL"];
        let init = server
            .as_owner("initdb")
            .arguments(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        let init = init.arguments(order).arguments(["--no-sync", "-D"]);
        init.arguments([server.data()]).deadline(INIT).run().succeeded();
        server.go_on();
        Some(server)
    }

    /// Starts it again on what it has, and waits until it answers.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn go_on(&mut self) {
        let ready = wait::within(INIT, "PostgreSQL to answer", || {
            // Of one that was killed a part may still be there, and in the way.
            if self.process.as_mut().is_none_or(|process| process.ended().is_some()) {
                let server = self.as_owner("postgres").arguments(["-D".into(), self.data()]);
                let server = server.arguments(["-k".into(), self.place.path().to_owned()]);
                let settings = self.settings.iter().map(String::as_str);
                let settings = ["listen_addresses="]
                    .into_iter()
                    .chain(settings)
                    .flat_map(|setting| ["-c", setting]);
                self.process = Some(server.arguments(settings).start_in(&self.place));
            }
            (self.asked("postgres", "SELECT 1").code == Some(0)).then_some(())
        });
        ready.unwrap_or_else(|timed_out| {
            let said = fs::read_to_string(self.place.join("stderr")).unwrap_or_default();
            panic!("{timed_out}; it said:\n{said}")
        });
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill();
        }
    }

    /// Has everything that is made from here on stand in this directory, which is empty.
    ///
    /// # Panics
    /// When it refuses.
    #[track_caller]
    pub fn keep_in(&self, place: &Path) {
        give(place);
        self.ask(&format!("CREATE TABLESPACE klein LOCATION '{}'", place.display()));
        self.ask("ALTER ROLE postgres SET default_tablespace = klein");
    }

    /// The address of its database for a role.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        let place = self.place.path().to_string_lossy().replace('/', "%2F");
        format!("postgres://{role}@{place}/postgres")
    }

    /// What a question in SQL answers, a line per row.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn ask(&self, sql: &str) -> String {
        self.asked("postgres", sql).succeeded()
    }

    /// The same of a role that may be refused.
    #[must_use]
    pub fn asked(&self, role: &str, sql: &str) -> Ran {
        let psql = Command::new(self.programs.join("psql"), self.place.path());
        let psql = psql.arguments(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql, "-d"]);
        psql.arguments([self.url(role)]).run()
    }

    fn data(&self) -> PathBuf {
        self.place.join("data")
    }

    fn as_owner(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        if !is_root() {
            return Command::new(program, self.place.path());
        }
        let command = Command::new("setpriv", self.place.path());
        let owner = ["--reuid=postgres", "--regid=postgres", "--init-groups", "--"];
        command.arguments(owner).arguments([program])
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT ends what everybody asks, and then the server with all its processes. What does not is killed.
        if let Some(mut process) = self.process.take()
            && process.ended().is_none()
        {
            process.interrupt();
            let _ = wait::within(wait::DEADLINE, "the end of PostgreSQL", || process.ended());
        }
    }
}

/// The newest version that is installed, with its client and a user that it can run as.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir(VERSIONS).ok()?.flatten();
    let numbered = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        Some((number, version.path().join("bin")))
    });
    let whole = numbered.filter(|(number, bin)| {
        let programs = ["initdb", "postgres", "psql"];
        *number >= OLDEST && programs.iter().all(|name| bin.join(name).exists())
    });
    let newest = whole.max()?.1;
    let owned = !is_root() || Command::new("id", Path::new("/")).arguments(["postgres"]).run().code == Some(0);
    owned.then_some(newest)
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|found| found.uid() == 0)
}

/// Makes a directory that of the user that the server runs as.
fn give(place: &Path) {
    if is_root() {
        let (user, group) = (number("-u"), number("-g"));
        chown(place, Some(user), Some(group)).expect("root may give a directory away");
    }
}

/// A number of the user that Debian makes for it.
fn number(of: &str) -> u32 {
    let printed = Command::new("id", Path::new("/")).arguments([of, "postgres"]).run();
    printed.succeeded().trim().parse().expect("id prints a number")
}
