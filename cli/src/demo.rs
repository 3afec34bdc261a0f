//! `leerkring demo`: a practice federation of real node processes on this machine, and what happens when one dies.
//!
//! Nothing is simulated: every gemeente is a process of this very program with its own directory, found with the same
//! steps a person takes, asked through the same API. What it shows at the end is what the nodes say of themselves.

mod federation;
mod interrupt;
mod leerlus;
mod material;
mod place;
mod process;
mod report;
mod script;

use std::path::PathBuf;

use protocol::api::Message;

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};

use federation::Federation;
use interrupt::Interrupt;
use report::Report;

/// Most gemeenten that run at once on one machine.
pub const GEMEENTEN_MAX: usize = 342;
/// Most synthetic records.
pub const RECORDS_MAX: usize = 1_000_000;

/// What is asked on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The first so many of the national list, with synthetic records, instead of the five of the examples.
    pub gemeenten: Option<usize>,
    /// So many synthetic records instead of the examples.
    pub records: Option<usize>,
    /// Where the directories of the nodes are kept; a temporary place that is removed when absent.
    pub dir: Option<PathBuf>,
    /// Stop after the table.
    pub once: bool,
    /// JSON Lines instead of text.
    pub json: bool,
}

/// Runs the demo; the exit code says whether every node ended with the same knowledge.
///
/// # Errors
/// [`Stop`] when a node does not start or answer, or nobody reads what is told.
pub fn run(options: &Options, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let interrupt = Interrupt::watch()?;
    let place = place::Place::new(options.dir.as_deref())?;
    let founders = match options.gemeenten {
        Some(count) => material::first_gemeenten(count),
        None => material::founders(),
    };
    let mut report = Report::new(output, &interrupt);
    let mut federation = Federation::found(place.path(), founders, &mut report)?;
    let outcome = script::play(&mut federation, options, &mut report)?;
    report.done(&federation, &outcome)?;
    if !options.once {
        report.running(&federation)?;
        interrupt.wait()?;
    }
    federation.stop();
    Ok(if outcome.converged { Exit::Ok } else { Exit::Refused })
}

/// A moment between two looks at something that another process does: there is nothing here to be woken by.
#[expect(clippy::disallowed_methods, reason = "what is waited for is another process")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}

/// Something of this machine that did not work.
fn system(what: &str, error: std::io::Error) -> CommandError {
    let message = Message::with(format!("{what}: {error}"), format!("{what}: {error}"));
    CommandError::new(Exit::Internal, message).caused_by(error)
}
