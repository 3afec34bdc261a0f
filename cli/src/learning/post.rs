//! What others say about our records, as a person reads it.

use protocol::api::{Message, PostvakPage};
use protocol::gate::MEANT;

use crate::output::{Output, Stop, plain};

/// How one is answered.
const ANSWER: Message = Message::new(
    "antwoord met leerkring bericht ID antwoord TEKST, met het id van het bericht dat vraagt",
    "answer with leerkring bericht ID antwoord TEXT, with the id of the bericht that asks",
);

/// Shows what waits for an answer, or everything.
pub(super) fn show(page: &PostvakPage, all: bool, output: &mut Output<'_>) -> Result<(), Stop> {
    let (open, looks) = (page.open, page.meekijken);
    let to = match page.postbus.is_empty() {
        true => String::new(),
        false => format!("{}: ", plain(&page.postbus)),
    };
    output.say(&Message::with(
        format!("{to}{open} op antwoord wachtend, waarvan {looks} om mee te kijken"),
        format!("{to}{open} waiting for an answer, of these {looks} to look along"),
    ))?;
    let shown = page.berichten.iter().filter(|one| all || one.staat == "open");
    let mut count = 0;
    for one in shown {
        output.line("")?;
        let head = format!(
            "{}  {}  {}  {}  {}",
            one.id, one.gemeente, one.week, one.vorm, one.staat
        );
        output.line(&plain(&head))?;
        output.line(&plain(&format!("  {} {}: {}", one.soort, one.over, one.titel)))?;
        output.line(&plain(&format!("  {}", one.tekst)))?;
        count += 1;
    }
    if open > 0 {
        output.line("")?;
        output.say(&ANSWER)?;
    }
    if count == 0 { Ok(()) } else { output.say(&MEANT) }
}
