//! `discard`: a concept that never leaves, such as a registration that was taken in twice.

use protocol::api::{self, Message, Verwijderd, path};

use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Throws these away, one after another; the first that may not go stops it.
///
/// # Errors
/// [`Stop`] when the node does not, or there is no such concept.
pub fn discard(client: &Client, ids: &[String], output: &mut Output<'_>) -> Result<Exit, Stop> {
    for id in ids {
        let text = client.post(&path_of(path::CONCEPT_VERWIJDERING, id), api::MEDIA_JSON, b"{}")?;
        if output.json {
            output.line(&text)?;
        } else {
            let gone: Verwijderd = parse(&text)?;
            let (id, title) = (plain(&gone.id), plain(&gone.titel));
            output.say(&Message::with(
                format!("weggegooid: {id}  {title}"),
                format!("discarded: {id}  {title}"),
            ))?;
        }
    }
    Ok(Exit::Ok)
}
