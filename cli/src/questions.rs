//! `questions`: what analysts ask most, to be asked as it is or to begin with.

use protocol::api::{Message, VoorbeeldvraagPage, path};

use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Shows which there are, or the SQL of one.
///
/// # Errors
/// [`Stop`] when there is no answer to show, or no such question.
pub fn show(client: &Client, nr: Option<u32>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::ZOEKVRAGEN, &[])?;
    let page: VoorbeeldvraagPage = parse(&text)?;
    let Some(nr) = nr else {
        return all(&text, &page, output);
    };
    let found = page.vragen.iter().find(|question| question.nr == nr);
    let found = found.ok_or_else(|| no_such(nr, page.vragen.len()))?;
    if output.json {
        let line = serde_json::to_string(found).expect("a question is plain text");
        output.line(&line)?;
        return Ok(Exit::Ok);
    }
    for line in found.sql.lines() {
        output.line(&crate::output::plain(line))?;
    }
    Ok(Exit::Ok)
}

fn all(text: &str, page: &VoorbeeldvraagPage, output: &mut Output<'_>) -> Result<Exit, Stop> {
    if output.json {
        output.line(text)?;
        return Ok(Exit::Ok);
    }
    let mut table = Table::new(&output.lang.pick(["NR", "VRAAG"], ["NR", "QUESTION"]));
    for question in &page.vragen {
        table.row(&[&question.nr.to_string(), &question.vraag]);
    }
    for line in table.lines_within(output.width) {
        output.line(&line)?;
    }
    output.say(&Message::new(
        "Zo stelt u er een: leerkring questions NR | leerkring query -",
        "To ask one: leerkring questions NR | leerkring query -",
    ))?;
    Ok(Exit::Ok)
}

fn no_such(nr: u32, count: usize) -> CommandError {
    CommandError::new(
        Exit::Input,
        Message::with(
            format!("er is geen vraag {nr}: zij lopen van 1 tot en met {count}"),
            format!("there is no question {nr}: they run from 1 to {count}"),
        ),
    )
    .hinting(Message::new(
        "leerkring questions toont ze",
        "leerkring questions shows them",
    ))
}
