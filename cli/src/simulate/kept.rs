//! Plans that were kept: one in a file, or a line of JSON each, with what they showed before it was mended.

use std::path::Path;

use protocol::api::Message;
use serde::Deserialize;

use super::{Law, Plan, Sabotage, World};
use crate::address::read_text_of;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::json;

/// Longest file with plans: thousands of them.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A plan, and the fault that it shows.
#[derive(Debug, Clone, Deserialize)]
pub struct Kept {
    /// What was seen.
    #[serde(default)]
    pub showed: Option<String>,
    /// The rule that was broken when it showed that; the plan is played without it.
    #[serde(default)]
    pub without: Option<Sabotage>,
    /// The law that says so.
    #[serde(default)]
    pub breaks: Option<Law>,
    /// The plan.
    pub plan: Plan,
}

impl Kept {
    /// The federation of the plan: with its fault, or as it is when that is mended.
    #[must_use]
    pub fn world(&self, mended: bool) -> World {
        world(self.plan.clone(), self.fault(mended))
    }

    /// The fault that it is played with.
    pub(super) fn fault(&self, mended: bool) -> Option<Sabotage> {
        self.without.filter(|_| !mended)
    }
}

/// The federation of a plan, with a fault if there is one.
pub(super) fn world(plan: Plan, fault: Option<Sabotage>) -> World {
    let world = World::new(plan);
    match fault {
        Some(fault) => world.sabotaged(fault),
        None => world,
    }
}

/// The plans in a file: one by itself, or one a line.
///
/// # Errors
/// [`CommandError`]: the file cannot be read, or one of its plans makes no sense.
pub(super) fn read(file: &Path) -> Result<Vec<Kept>, CommandError> {
    let text = read_text_of(file, FILE_BYTES_MAX)?;
    let texts: Vec<(usize, &str)> = match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(_) => vec![(1, text.as_str())],
        Err(_) => (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty())
            .collect(),
    };
    let plans = texts.into_iter().map(|(line, text)| {
        let kept = plan(text).map_err(|error| {
            let (shown, why) = (file.display(), json::fault(&error));
            let message = Message::with(
                format!("{shown}, regel {line}: dit is geen plan: {}", why.nl),
                format!("{shown}, line {line}: this is no plan: {}", why.en),
            );
            CommandError::new(Exit::Input, message)
        })?;
        kept.plan.check().map_err(|why| CommandError::new(Exit::Input, why))?;
        Ok(kept)
    });
    plans.collect()
}

fn plan(text: &str) -> Result<Kept, serde_json::Error> {
    let value: serde_json::Value = serde_json::from_str(text)?;
    match value.get("plan") {
        // Read again as what it is, so that an error has its place.
        Some(_) => serde_json::from_str(text),
        None => Ok(Kept {
            showed: None,
            without: None,
            breaks: None,
            plan: serde_json::from_str(text)?,
        }),
    }
}
