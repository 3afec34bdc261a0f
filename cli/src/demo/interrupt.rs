//! Ctrl-C while the demo plays: it ends between two steps, so that its nodes stop and its temporary directory goes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use protocol::api::Message;

use super::system;
use crate::command_error::CommandError;
use crate::daemon;
use crate::exit::Exit;

/// Whether somebody asked the demo to stop.
pub(super) struct Interrupt {
    asked: Arc<AtomicBool>,
    watcher: JoinHandle<Result<(), CommandError>>,
}

impl Interrupt {
    /// Watches for Ctrl-C and SIGTERM from now on.
    pub(super) fn watch() -> Result<Self, CommandError> {
        let asked = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&asked);
        let watch = move || {
            daemon::until_stopped()?;
            tell.store(true, Ordering::Relaxed);
            Ok(())
        };
        let spawned = thread::Builder::new().name("interrupt".to_owned()).spawn(watch);
        let watcher = spawned.map_err(|error| system("watching for Ctrl-C", error))?;
        Ok(Self { asked, watcher })
    }

    /// An error once somebody asked.
    pub(super) fn check(&self) -> Result<(), CommandError> {
        if !self.asked.load(Ordering::Relaxed) {
            return Ok(());
        }
        let message = Message::new("gestopt voor het einde", "stopped before the end");
        Err(CommandError::new(Exit::Refused, message))
    }

    /// Waits until somebody asks.
    pub(super) fn wait(self) -> Result<(), CommandError> {
        let watched = self.watcher.join();
        watched.unwrap_or_else(|_| {
            Err(system(
                "watching for Ctrl-C",
                std::io::Error::other("it ended by a panic"),
            ))
        })
    }
}
