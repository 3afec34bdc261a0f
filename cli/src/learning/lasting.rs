//! What lasts: knelpunten that stand open or came back, questions that wait for an answer.

use protocol::api::{KnelpuntenPage, Lang, Message, OpenstaandQuery, VragenPage, path};

use super::shown;
use crate::client::Client;
use crate::exit::Exit;
use crate::output::{Output, Stop};
use crate::table::Table;

/// Most lines of one list.
const SHOWN: u32 = 100;

/// Shows the knelpunten.
pub(super) fn knelpunten(client: &Client, query: &OpenstaandQuery, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::KNELPUNTEN, &pairs(query))?;
    shown(&text, output, |page: &KnelpuntenPage, output| {
        let heading = match (query.keert_terug, output.lang) {
            (true, Lang::Nl) => ["ID", "STAAT", "OPGELOST", "TERUG IN", "KEER", "TITEL"],
            (true, Lang::En) => ["ID", "STATE", "SOLVED", "BACK IN", "TIMES", "TITLE"],
            (false, Lang::Nl) => ["ID", "STAAT", "GEMELD", "OPEN SINDS", "WEKEN", "TITEL"],
            (false, Lang::En) => ["ID", "STATE", "REPORTED", "OPEN SINCE", "WEEKS", "TITLE"],
        };
        let mut table = Table::new(&heading);
        for one in &page.knelpunten {
            let since = one.sinds.to_string();
            let (before, count) = match query.keert_terug {
                true => (one.opgelost.map(|week| week.to_string()).unwrap_or_default(), one.keren),
                false => (one.gemeld.to_string(), one.weken),
            };
            table.row(&[&one.id, &one.staat, &before, &since, &count.to_string(), &one.titel]);
        }
        listed(&table, (page.knelpunten.len(), page.totaal), output)
    })
}

/// Shows the questions.
pub(super) fn questions(client: &Client, query: &OpenstaandQuery, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::VRAGEN, &pairs(query))?;
    shown(&text, output, |page: &VragenPage, output| {
        let heading = match output.lang {
            Lang::Nl => ["ID", "VORM", "GEMEENTE", "WEEK", "WEKEN", "OVER", "TITEL"],
            Lang::En => ["ID", "FORM", "GEMEENTE", "WEEK", "WEEKS", "ABOUT", "TITLE"],
        };
        let mut table = Table::new(&heading);
        for one in &page.vragen {
            let (gemeente, week) = (one.gemeente.to_string(), one.week.to_string());
            let about = one.over.as_deref().unwrap_or("-");
            table.row(&[
                &one.id,
                &one.vorm,
                &gemeente,
                &week,
                &one.weken.to_string(),
                about,
                &one.titel,
            ]);
        }
        listed(&table, (page.vragen.len(), page.totaal), output)
    })
}

fn pairs(query: &OpenstaandQuery) -> Vec<(&'static str, String)> {
    let mut pairs = query.pairs();
    pairs.push(("aantal", SHOWN.to_string()));
    pairs
}

fn listed(table: &Table, (shown, all): (usize, u64), output: &mut Output<'_>) -> Result<(), Stop> {
    if table.is_empty() {
        return output.say(&Message::new("niets", "nothing"));
    }
    for line in table.lines() {
        output.line(&line)?;
    }
    if (shown as u64) < all {
        output.say(&Message::with(
            format!("{shown} van {all}; de API geeft de rest, per bladzijde"),
            format!("{shown} of {all}; the API gives the rest, page by page"),
        ))?;
    }
    Ok(())
}
