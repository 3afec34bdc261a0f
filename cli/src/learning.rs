//! The commands about learning here: what belongs together, what a quarter asks, the sessie that did, and what came of it.

pub(crate) mod agenda;
mod bericht;
mod lasting;
mod mark;
mod post;

use protocol::api::{
    AfspraakAsked, AgendaStand, Gekoppeld, Knelpuntstand, Koppeling, Koppelvoorstel, KoppelvoorstelPage, MEDIA_JSON,
    Message, OntkoppelingAsked, SessieAsked, SessieStand, TerugQuery, Terugkoppeling, TerugkoppelingPage, path,
};
use serde::Serialize;

use crate::args::learning::{Close, Learning, Quartered};
use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Asks it, and shows the answer.
///
/// # Errors
/// [`Stop`] when there is no answer to show.
pub fn learning(client: &Client, asked: Learning, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match asked {
        Learning::Proposals { peilweek } => {
            let query: Vec<_> = peilweek
                .map(|week| ("peilweek", week.to_string()))
                .into_iter()
                .collect();
            let text = client.get(path::KOPPELVOORSTELLEN, &query)?;
            shown(&text, output, proposals)
        }
        Learning::Link(asked) => shown(&post(client, path::KOPPELINGEN, &asked)?, output, linked),
        Learning::Unlink { signals } => {
            let asked = OntkoppelingAsked { signalen: signals };
            shown(&post(client, path::ONTKOPPELINGEN, &asked)?, output, linked)
        }
        Learning::Mark(asked) => mark::mark(client, asked, output),
        Learning::Agenda { of, form } => {
            let text = agenda_of(client, of)?;
            shown(&text, output, |stand, output| agenda::show(stand, form, output))
        }
        Learning::Close(asked) => {
            let question = question(client, *asked)?;
            shown(&post(client, path::SESSIES, &question)?, output, closed)
        }
        Learning::Post { all, peilweek } => {
            let query: Vec<_> = peilweek
                .map(|week| ("peilweek", week.to_string()))
                .into_iter()
                .collect();
            let text = client.get(path::POSTVAK, &query)?;
            shown(&text, output, |page, output| post::show(page, all, output))
        }
        Learning::Knelpunten(query) => lasting::knelpunten(client, &query, output),
        Learning::Questions(query) => lasting::questions(client, &query, output),
        Learning::Say(asked) => bericht::bericht(client, &asked, output),
        Learning::Back(query) => back(client, &query, output),
    }
}

fn post(client: &Client, path: &str, asked: &impl Serialize) -> Result<String, CommandError> {
    let body = serde_json::to_vec(asked).expect("a question is plain text and numbers");
    client.post(path, MEDIA_JSON, &body)
}

/// Shows an answer as it came, or as a person reads it.
fn shown<T: serde::de::DeserializeOwned>(
    text: &str,
    output: &mut Output<'_>,
    show: impl FnOnce(&T, &mut Output<'_>) -> Result<(), Stop>,
) -> Result<Exit, Stop> {
    if output.json {
        output.line(text)?;
    } else {
        show(&parse(text)?, output)?;
    }
    Ok(Exit::Ok)
}

fn agenda_of(client: &Client, of: Quartered) -> Result<String, CommandError> {
    let mut query = vec![("kwartaal", of.quarter.to_string())];
    query.extend(of.peilweek.map(|week| ("peilweek", week.to_string())));
    client.get(path::AGENDA, &query)
}

fn proposals(page: &KoppelvoorstelPage, output: &mut Output<'_>) -> Result<(), Stop> {
    let (without, all) = (page.ongekoppeld, page.signalen);
    output.say(&Message::with(
        format!("{without} van {all} eigen signalen horen nog bij geen knelpunt"),
        format!("{without} of {all} signals of your own belong to no knelpunt yet"),
    ))?;
    page.voorstellen.iter().try_for_each(|one| proposal(one, output))
}

fn proposal(one: &Koppelvoorstel, output: &mut Output<'_>) -> Result<(), Stop> {
    output.line("")?;
    output.line(&plain(&format!("{}  {}", one.signaal, one.titel)))?;
    for like in &one.lijkt_op {
        let same: Vec<&str> = [&like.thema, &like.regeling, &like.woorden]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let like_line = format!("  {} {}  {} ({})", like.soort, like.id, like.titel, same.join(", "));
        output.line(&plain(&like_line))?;
    }
    Ok(())
}

fn linked(done: &Koppeling, output: &mut Output<'_>) -> Result<(), Stop> {
    knelpunten(&done.knelpunten, output)?;
    waits(&done.concepten, output)
}

/// What was shared before and is an edit now.
fn waits(changed: &[Gekoppeld], output: &mut Output<'_>) -> Result<(), Stop> {
    let waits: Vec<&str> = changed
        .iter()
        .filter(|one| one.gedeeld)
        .map(|one| one.id.as_str())
        .collect();
    if waits.is_empty() {
        return Ok(());
    }
    let ids = plain(&waits.join(" "));
    output.say(&Message::with(
        format!("{ids}: gedeeld, dus dit wacht op een mens: leerkring review, dan leerkring approve"),
        format!("{ids}: shared, so this waits for a person: leerkring review, then leerkring approve"),
    ))
}

fn knelpunten(knelpunten: &[Knelpuntstand], output: &mut Output<'_>) -> Result<(), Stop> {
    for one in knelpunten {
        // Of a knelpunt without signals of our own nobody here can say.
        let teams = match one.teams.as_deref() {
            None => String::new(),
            Some("1") => "1 team  ".to_owned(),
            Some(teams) => format!("{teams} teams  "),
        };
        output.line(&plain(&format!("{}  {}  {teams}{}", one.id, one.staat, one.titel)))?;
    }
    Ok(())
}

/// The question, with what was talked about by its number on the agenda.
fn question(client: &Client, asked: Close) -> Result<SessieAsked, CommandError> {
    let by_number = |id: &String| id.chars().all(|c| c.is_ascii_digit());
    let agenda: Option<AgendaStand> = match asked.discussed.iter().any(by_number) {
        true => Some(parse(&agenda_of(client, asked.of)?)?),
        false => None,
    };
    let discussed = asked.discussed.iter().map(|id| match &agenda {
        Some(agenda) if by_number(id) => {
            let point = agenda.punten.iter().find(|point| point.nr.to_string() == *id);
            point.map(|point| point.id.clone()).ok_or_else(|| no_point(id))
        }
        _ => Ok(id.clone()),
    });
    let besproken = discussed.collect::<Result<Vec<_>, _>>()?;
    let afspraken = asked.afspraken.iter().map(|typed| afspraak(typed));
    let afspraken = afspraken.collect::<Result<Vec<_>, _>>()?;
    Ok(SessieAsked {
        besproken,
        afspraken,
        id: asked.id,
        kwartaal: asked.of.quarter,
        aard: asked.aard,
        week: asked.week,
        aanwezig: asked.present,
        aantal_band: asked.band,
    })
}

fn no_point(nr: &str) -> CommandError {
    let message = Message::with(
        format!("de agenda heeft geen punt {nr}"),
        format!("the agenda has no point {nr}"),
    );
    CommandError::new(Exit::Input, message).hinting(Message::new(
        "leerkring agenda toont de punten met hun nummer",
        "leerkring agenda shows the points with their number",
    ))
}

/// `WAT|LAAG|KWARTAAL|LEIDT_TOT|WIE`.
fn afspraak(typed: &str) -> Result<AfspraakAsked, CommandError> {
    let parts: Vec<&str> = typed.split('|').map(str::trim).collect();
    let part = |at: usize| parts.get(at).copied().filter(|part| !part.is_empty());
    let wrong = || {
        let message = Message::with(
            format!("{typed:?} is geen afspraak"),
            format!("{typed:?} is no afspraak"),
        );
        CommandError::new(Exit::Usage, message).hinting(Message::new(
            "geef WAT|LAAG|KWARTAAL|LEIDT_TOT|WIE, zoals 'Werkwijze aanpassen|beleid|2027-Q1'",
            "give WHAT|LAAG|QUARTER|LEADS_TO|WHO, such as 'Werkwijze aanpassen|beleid|2027-Q1'",
        ))
    };
    let klaar = part(2).map(str::parse).transpose().map_err(|_| wrong())?;
    if parts.len() > 5 {
        return Err(wrong());
    }
    Ok(AfspraakAsked {
        wat: part(0).ok_or_else(wrong)?.to_owned(),
        laag: part(1).map(str::to_owned),
        klaar,
        leidt_tot: part(3).map(str::to_owned),
        actiehouder: part(4).map(str::to_owned),
    })
}

fn closed(done: &SessieStand, output: &mut Output<'_>) -> Result<(), Stop> {
    let (id, quarter, count) = (plain(&done.id), done.kwartaal, done.afspraken);
    output.say(&Message::with(
        format!(
            "{id}: sessie van {quarter} afgerond in {}, afspraken: {count}",
            done.week
        ),
        format!("{id}: sessie of {quarter} closed in {}, afspraken: {count}", done.week),
    ))?;
    knelpunten(&done.knelpunten, output)
}

fn back(client: &Client, query: &TerugQuery, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.get(path::TERUGKOPPELINGEN, &query.pairs())?;
    shown(&text, output, |page: &TerugkoppelingPage, output| {
        if page.signalen.is_empty() {
            return output.say(&Message::new("niets", "nothing"));
        }
        page.signalen.iter().try_for_each(|signal| came_of(signal, output))
    })
}

fn came_of(signal: &Terugkoppeling, output: &mut Output<'_>) -> Result<(), Stop> {
    let team = signal.team.as_deref().unwrap_or("-");
    let head = format!(
        "{}  {}  {team}  {}  {}",
        signal.id, signal.week, signal.staat, signal.titel
    );
    output.line(&plain(&head))?;
    for one in &signal.gebeurd {
        let nr = one.afspraak.map(|nr| format!("/{nr}")).unwrap_or_default();
        let line = format!(
            "  {}  {} {}{nr}  {}  {}",
            one.week, one.soort, one.id, one.staat, one.titel
        );
        let (for_when, to_what) = output
            .lang
            .pick(("beloofd voor", "leidde tot"), ("promised for", "led to"));
        let said = [
            one.beloofd.map(|quarter| format!("{for_when} {quarter}")),
            one.leidde_tot.as_ref().map(|to| format!("{to_what} {to}")),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        let behind = match said.is_empty() {
            true => String::new(),
            false => format!(" ({})", said.join("; ")),
        };
        output.line(&plain(&format!("{line}{behind}")))?;
    }
    Ok(())
}
