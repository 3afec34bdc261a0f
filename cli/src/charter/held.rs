//! What a node holds of the charter, and how statements reach it: over its API when it runs, in its folder when it does not.

use protocol::api::{self, HandvestLogs, Imported, Lang, path};
use protocol::id::Gemeente;

use crate::address::Node;
use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::daemon;

/// All statements that the node holds, as a charter file.
///
/// # Errors
/// [`CommandError`] when it cannot be asked or read.
pub fn text_of(node: &Node, lang: Lang) -> Result<String, CommandError> {
    match node.running()? {
        None => daemon::export(node.dir()?),
        Some(_) => Client::of(node, lang)?.get(path::HANDVEST_VERKLARINGEN, &[]),
    }
}

/// How far the node holds each log of a gemeente.
///
/// # Errors
/// [`CommandError`] when it cannot be asked or read.
pub fn logs_of(node: &Node, gemeente: Gemeente, lang: Lang) -> Result<HandvestLogs, CommandError> {
    match node.running()? {
        None => daemon::log_heights(node.dir()?, gemeente),
        Some(_) => Client::of(node, lang)?.read(path::HANDVEST_LOGS, &[("gemeente", gemeente.to_string())]),
    }
}

/// Hands a charter to the node that runs, or puts it into the store of one that does not.
///
/// # Errors
/// [`CommandError`] when it is refused.
pub fn hand_over(node: &Node, charter: &str, lang: Lang) -> Result<Imported, CommandError> {
    match node.running()? {
        None => daemon::import(node.dir()?, charter),
        Some(_) => {
            let client = Client::of(node, lang)?;
            parse(&client.post(path::HANDVEST, api::MEDIA_BYTES, charter.as_bytes())?)
        }
    }
}
