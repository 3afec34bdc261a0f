//! `discard`: a concept that never leaves, such as a registration that was taken in twice; or of what was shared the part that
//! nobody else has.

use protocol::api::{self, Message, Verwijderd, VerwijderingGevraagd, path};

use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Throws these away, one after another; the first that may not go stops it.
///
/// # Errors
/// [`Stop`] when the node does not, or there is no such concept.
pub fn discard(client: &Client, ids: &[String], keep_shared: bool, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let asked = VerwijderingGevraagd {
        gedeeld_blijft: keep_shared,
    };
    let body = serde_json::to_vec(&asked).expect("a flag has a form in JSON");
    for id in ids {
        let text = client.post(&path_of(path::CONCEPT_VERWIJDERING, id), api::MEDIA_JSON, &body)?;
        if output.json {
            output.line(&text)?;
        } else {
            let gone: Verwijderd = parse(&text)?;
            let (id, title) = (plain(&gone.id), plain(&gone.titel));
            output.say(&match gone.record {
                None => Message::with(
                    format!("weggegooid: {id}  {title}"),
                    format!("discarded: {id}  {title}"),
                ),
                Some(record) => Message::with(
                    format!("hier ligt alleen nog wat gedeeld is: {id}  {record}  {title}"),
                    format!("only what was shared is left here: {id}  {record}  {title}"),
                ),
            })?;
        }
    }
    Ok(Exit::Ok)
}
