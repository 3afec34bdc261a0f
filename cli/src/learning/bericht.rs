//! A word about a record: a question, an answer, a contradiction.

use protocol::api::{Intake, MEDIA_JSON, path};
use serde_json::{Value, json};

use crate::args::learning::Bericht;
use crate::client::{Client, parse, path_of};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::share;

/// Takes it into the vault, as anything that is typed.
pub(super) fn bericht(client: &Client, asked: &Bericht, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let about = about(client, &asked.over)?;
    let record = json!({
        "id": asked.id, "soort": "bericht", "week": asked.week, "over": about["id"], "vorm": asked.vorm,
        "tekst": asked.tekst, "fictief": about["fictief"],
    });
    let body = serde_json::to_vec(&record).expect("a bericht is plain text");
    let taken: Intake = parse(&client.post(path::CONCEPTEN, MEDIA_JSON, &body)?)?;
    share::told(&taken, output)
}

/// The record that it is about, by what it is called here.
fn about(client: &Client, id: &str) -> Result<Value, CommandError> {
    match client.get(&path_of(path::LOKAAL_RECORD, id), &[]) {
        Ok(text) => parse(&text),
        Err(error) if error.exit == Exit::Input => parse(&client.get(&path_of(path::RECORD, id), &[])?),
        Err(error) => Err(error),
    }
}
