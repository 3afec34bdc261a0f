//! In which state something is, what it can become, and that it did.

use protocol::api::{Message, Overgang, OvergangAsked, Toestand, path};

use super::{post, shown, waits};
use crate::args::learning::Mark;
use crate::client::{Client, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Looks at it, or says what it is now.
pub(super) fn mark(client: &Client, asked: Mark, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let to = path_of(path::OVERGANGEN, &asked.id);
    let Some(staat) = asked.state else {
        let query = [
            asked.afspraak.map(|nr| ("afspraak", nr.to_string())),
            asked.week.map(|week| ("peilweek", week.to_string())),
        ];
        let query: Vec<_> = query.into_iter().flatten().collect();
        return shown(&client.get(&to, &query)?, output, looked_at);
    };
    let said = asked.fields.into_iter();
    let question = OvergangAsked {
        staat,
        afspraak: asked.afspraak,
        week: asked.week,
        velden: said.map(|(name, text)| (name, text.into())).collect(),
    };
    shown(&post(client, &to, &question)?, output, |done: &Toestand, output| {
        headline(done, output)?;
        waits(&done.concepten, output)
    })
}

fn headline(stand: &Toestand, output: &mut Output<'_>) -> Result<(), Stop> {
    let nr = stand.afspraak.map(|nr| format!("/{nr}")).unwrap_or_default();
    let line = format!("{}{nr}  {}  {}", stand.id, stand.staat, stand.titel);
    output.line(&plain(&line))
}

fn looked_at(stand: &Toestand, output: &mut Output<'_>) -> Result<(), Stop> {
    headline(stand, output)?;
    if stand.overgangen.is_empty() {
        return output.say(&Message::new("daarna komt niets meer", "nothing comes after that"));
    }
    let lang = output.lang;
    let lines = stand.overgangen.iter().map(|next| {
        let how = match &next.volgt {
            Some(how) => format!("{} {how}", lang.pick("vanzelf,", "by itself,")),
            None => said_with(next, lang.pick("vraagt", "asks"), lang.pick("mag met", "may have")),
        };
        (next.staat.as_str(), how)
    });
    let lines: Vec<_> = lines.collect();
    let width = lines.iter().map(|(state, _)| state.len()).max().unwrap_or_default();
    for (state, how) in lines {
        output.line(plain(&format!("  {state:width$}  {how}")).trim_end())?;
    }
    Ok(())
}

fn said_with(next: &Overgang, asks: &str, may: &str) -> String {
    let part = |word: &str, fields: &[String]| match fields.is_empty() {
        true => None,
        false => Some(format!("{word} {}", fields.join(", "))),
    };
    let parts = [part(asks, &next.vraagt), part(may, &next.mag)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
