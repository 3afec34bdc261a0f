//! `tips`: what kringen show with what is typed here, and switching that off.

use protocol::api::{MEDIA_JSON, Message, Tip, TipPage, TipRegel, TipSchakeling, path};

use crate::client::{Client, parse};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Lists the tips, after switching what is asked.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn tips(client: &Client, asked: Option<&TipSchakeling>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = match asked {
        None => client.get(path::TIPS, &[])?,
        Some(asked) => {
            let body = serde_json::to_vec(asked).expect("a question is plain text");
            client.post(path::TIPSCHAKELINGEN, MEDIA_JSON, &body)?
        }
    };
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    show(&parse(&text)?, output)?;
    Ok(Exit::Ok)
}

fn show(page: &TipPage, output: &mut Output<'_>) -> Result<(), Stop> {
    if page.alle_uit {
        output.say(&Message::new(
            "alle tips staan uit, ook wat nog komt; leerkring tips on --all zet ze weer aan",
            "all tips are switched off, also those to come; leerkring tips on --all switches them on again",
        ))?;
    }
    if page.tips.is_empty() {
        return output.say(&Message::new(
            "de kringen van deze gemeente geven geen tips; een kring geeft ze in haar veld tips",
            "the kringen of this gemeente give no tips; a kring gives them in its field tips",
        ));
    }
    page.tips.iter().try_for_each(|line| one(line, output))
}

fn one(line: &TipRegel, output: &mut Output<'_>) -> Result<(), Stop> {
    let on = match (line.aan, line.fout.is_some()) {
        (true, false) => output.lang.pick("aan", "on"),
        (true, true) => output.lang.pick("nooit", "never"),
        (false, _) => output.lang.pick("uit", "off"),
    };
    let Tip { id, naam, toon, .. } = &line.tip;
    output.line(&plain(&format!("{id}  {on}  {naam}  {toon}")))?;
    let when = output.lang.pick("als", "when");
    output.line(&plain(&format!("  {when}: {}", line.als)))?;
    match &line.fout {
        Some(wrong) => output.line(&plain(&format!("  {wrong}"))),
        None => Ok(()),
    }
}

/// Shows what kringen say to what was typed, and how to have that no more.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub fn with(tips: &[Tip], output: &mut Output<'_>) -> Result<(), Stop> {
    for Tip { id, naam, toon, .. } in tips {
        let [id, naam, toon] = [id, naam, toon].map(|text| plain(text));
        output.say(&Message::with(
            format!("  tip van {naam}: {toon} (niet meer: leerkring tips off {id})"),
            format!("  tip of {naam}: {toon} (no more: leerkring tips off {id})"),
        ))?;
    }
    match tips.is_empty() {
        true => Ok(()),
        false => output.say(&Message::new(
            "  geen enkele tip meer: leerkring tips off --all",
            "  no tip any more: leerkring tips off --all",
        )),
    }
}
