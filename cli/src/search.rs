//! `search`: full text, and how a record that was found is shown.

use protocol::api::{Gevonden, Lang, Message, SearchQuery, Treffer, Verwanten, VerwantenQuery, path};

use crate::amount;
use crate::client::{Client, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, bold, plain};

/// Characters of an id: enough to be unique among very many.
const ID_CHARS: usize = 10;
/// Codes of a field that are counted for a person.
const CODES_MAX: usize = 5;
/// Fields of which the codes are counted for a person.
const COUNTED: [&str; 3] = ["soort", "thema", "regeling"];

/// Shows the records that have these words.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn search(client: &Client, query: &SearchQuery, output: &mut Output<'_>) -> Result<Exit, Stop> {
    if output.json {
        output.line(&client.get(path::ZOEKEN, &query.pairs())?)?;
        return Ok(Exit::Ok);
    }
    let found: Gevonden = client.read(path::ZOEKEN, &query.pairs())?;
    if !found.alle_woorden && found.totaal > 0 {
        output.say(&Message::new(
            "geen record heeft al deze woorden; deze hebben de meeste",
            "no record has all these words; these have most of them",
        ))?;
    }
    for treffer in &found.treffers {
        show(treffer, "", output)?;
    }
    counts(&found, output)?;
    if found.nog_te_lezen > 0 {
        let left = found.nog_te_lezen;
        output.say(&Message::with(
            format!("nog niet doorzocht: {left}; de node maakt de index nog"),
            format!("not searched yet: {left}; the node is still making the index"),
        ))?;
    }
    Ok(Exit::Ok)
}

/// Shows the records that resemble one, each with why.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn related(client: &Client, id: &str, query: VerwantenQuery, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let path = path_of(path::VERWANTEN, id);
    if output.json {
        output.line(&client.get(&path, &query.pairs())?)?;
        return Ok(Exit::Ok);
    }
    let found: Verwanten = client.read(&path, &query.pairs())?;
    if found.treffers.is_empty() {
        output.say(&Message::new("er lijkt niets op", "nothing resembles it"))?;
    }
    for treffer in &found.treffers {
        with_why(treffer, "", output)?;
    }
    Ok(Exit::Ok)
}

fn counts(found: &Gevonden, output: &mut Output<'_>) -> Result<(), Stop> {
    let total = found.totaal;
    let mut line = amount::of(total, "record", "records");
    for field in COUNTED {
        let Some(codes) = found.facetten.get(field) else {
            continue;
        };
        let mut codes: Vec<(&String, &u64)> = codes.iter().collect();
        codes.sort_by_key(|(code, count)| (std::cmp::Reverse(**count), (*code).clone()));
        let codes = codes
            .iter()
            .take(CODES_MAX)
            .map(|(code, count)| format!("{code} {count}"));
        line += &format!("; {field}: {}", codes.collect::<Vec<_>>().join(", "));
    }
    output.line(&plain(&line))
}

/// Shows a record that was found: what it is, and the text with its words marked.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub fn show(found: &Treffer, indent: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    let id: String = match found.lokaal {
        true => found.id.clone(),
        false => found.id.chars().take(ID_CHARS).collect(),
    };
    let whose = match &found.team {
        Some(team) => format!("{} {team}", found.gemeente),
        None => found.gemeente.to_string(),
    };
    let week = found.week.to_string();
    let parts = [&id, &found.soort, &whose, &week, &found.staat, &found.thema.join(", ")];
    output.line(&plain(&format!("{indent}{}", parts.map(String::as_str).join("  "))))?;
    let text = marked(found, output.is_terminal());
    output.bytes(format!("{indent}  {text}\n").as_bytes())
}

/// The text with each word that was found standing out.
fn marked(found: &Treffer, colour: bool) -> String {
    let chars: Vec<char> = found.tekst.chars().collect();
    let mut text = String::new();
    let mut at = 0;
    let piece = |from: usize, to: usize| {
        plain(
            &chars[from.min(chars.len())..to.min(chars.len())]
                .iter()
                .collect::<String>(),
        )
    };
    for place in &found.gevonden {
        let (start, end) = (place.start as usize, place.einde as usize);
        if start < at || end <= start || end > chars.len() {
            continue;
        }
        text += &piece(at, start);
        text += &match colour {
            true => bold(&piece(start, end), true),
            false => format!("*{}*", piece(start, end)),
        };
        at = end;
    }
    text + &piece(at, chars.len())
}

/// Shows what resembles a draft, each with why.
///
/// # Errors
/// [`Stop`] when nobody reads any more.
pub fn resembling(found: &[Treffer], output: &mut Output<'_>) -> Result<(), Stop> {
    if found.is_empty() {
        return Ok(());
    }
    output.say(&Message::new("  lijkt op:", "  resembles:"))?;
    found.iter().try_for_each(|treffer| with_why(treffer, "  ", output))
}

fn with_why(found: &Treffer, indent: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    show(found, indent, output)?;
    let why = why(found, output.lang);
    match why.is_empty() {
        true => Ok(()),
        false => output.line(&plain(&format!("{indent}  {why}"))),
    }
}

fn why(found: &Treffer, lang: Lang) -> String {
    let why = &found.waarom;
    let words: Vec<String> = why.woorden.iter().map(|word| format!("{word:?}")).collect();
    let parts = [
        (lang.pick("zelfde thema", "same theme"), why.thema.join(", ")),
        (lang.pick("zelfde regeling", "same rule"), why.regeling.join(", ")),
        (
            lang.pick("zelfde soort knelpunt", "same sort of knelpunt"),
            why.soort_knelpunt.join(", "),
        ),
        (lang.pick("woorden", "words"), words.join(", ")),
    ];
    let parts = parts.iter().filter(|(_, what)| !what.is_empty());
    parts
        .map(|(name, what)| format!("{name}: {what}"))
        .collect::<Vec<_>>()
        .join("; ")
}
