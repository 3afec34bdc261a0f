//! What a person or program hears of a mirror.

use protocol::api::{Message, Wijzigingseinde};
use serde_json::{Value, json};

use super::Asked;
use super::batch::Applied;
use crate::command_error::CommandError;
use crate::output::{Output, Stop};

/// What happened.
pub(super) enum Event<'a> {
    /// Everything was loaded.
    Loaded(&'a Applied),
    /// It goes on from where it was, with this snapshot.
    Resumed(Option<String>),
    /// It has everything.
    CaughtUp(&'a Wijzigingseinde),
    /// Something does not work, and is tried again.
    Trouble(&'a CommandError),
    /// It works again.
    Back,
}

/// Tells it at once: whoever looks on waits for the next for a long time.
pub(super) fn tell(event: &Event<'_>, asked: &Asked, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        output.line(&value(event, &asked.schema, output).to_string())?;
    } else {
        output.say(&words(event, &asked.schema))?;
    }
    output.flush()
}

fn value(event: &Event<'_>, schema: &str, output: &Output<'_>) -> Value {
    let mut value = match event {
        Event::Loaded(applied) => {
            json!({"gebeurtenis": "geladen", "rijen": applied.rows, "snapshot": applied.end.snapshot})
        }
        Event::Resumed(snapshot) => json!({"gebeurtenis": "verder", "snapshot": snapshot}),
        Event::CaughtUp(end) => json!({"gebeurtenis": "bij", "snapshot": end.snapshot}),
        Event::Trouble(error) => json!({"gebeurtenis": "wacht", "fout": error.message.text(output.lang)}),
        Event::Back => json!({"gebeurtenis": "hersteld"}),
    };
    value["schema"] = json!(schema);
    value
}

fn words(event: &Event<'_>, schema: &str) -> Message {
    match event {
        Event::Loaded(applied) => {
            let rows = applied.rows;
            Message::with(
                format!("Geladen in schema {schema}: {rows} rijen"),
                format!("Loaded into schema {schema}: {rows} rows"),
            )
        }
        Event::Resumed(Some(snapshot)) => Message::with(
            format!("De spiegel in schema {schema} gaat verder vanaf snapshot {snapshot}"),
            format!("The mirror in schema {schema} goes on from snapshot {snapshot}"),
        ),
        Event::Resumed(None) => Message::with(
            format!("De spiegel in schema {schema} gaat verder waar hij bleef"),
            format!("The mirror in schema {schema} goes on where it was"),
        ),
        Event::CaughtUp(Wijzigingseinde {
            snapshot: Some(snapshot),
            ..
        }) => Message::with(
            format!("De spiegel in schema {schema} is bij: snapshot {snapshot}"),
            format!("The mirror in schema {schema} is up to date: snapshot {snapshot}"),
        ),
        Event::CaughtUp(_) => Message::with(
            format!("De spiegel in schema {schema} heeft wat de node toont; die neemt nog meer op"),
            format!("The mirror in schema {schema} has what the node shows; that is still taking more in"),
        ),
        Event::Trouble(error) => Message::with(
            format!(
                "Even niet bij: {}; het wordt vanzelf opnieuw geprobeerd",
                error.message.nl
            ),
            format!("Behind for now: {}; it is tried again by itself", error.message.en),
        ),
        Event::Back => Message::with(
            format!("De spiegel in schema {schema} loopt weer mee"),
            format!("The mirror in schema {schema} follows again"),
        ),
    }
}
