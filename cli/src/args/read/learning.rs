//! What was typed about learning here.

use clap::ArgMatches;
use protocol::api::{KoppelingAsked, Message, NieuwKnelpunt, OpenstaandQuery, TerugQuery};
use protocol::id::{Quarter, Week};

use super::{owned, parsed, text, texts, week};
use crate::args::learning::{Bericht, Close, Form, Learning, Mark, Quartered};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// What this command asks.
pub(super) fn learning(name: &str, own: &ArgMatches) -> Result<Learning, CommandError> {
    Ok(match name {
        "link" => link(own)?,
        "unlink" => Learning::Unlink {
            signals: texts(own, "ids"),
        },
        "mark" => Learning::Mark(mark(own)?),
        "agenda" => Learning::Agenda {
            of: quartered(own)?,
            form: form(own),
        },
        "sessie" => Learning::Close(Box::new(Close {
            id: owned(own, "id").unwrap_or_default(),
            of: quartered(own)?,
            week: a_week(own, "week")?,
            aard: owned(own, "aard"),
            present: texts(own, "present"),
            band: owned(own, "people"),
            discussed: texts(own, "discussed"),
            afspraken: texts(own, "afspraak"),
        })),
        "post" => Learning::Post {
            all: own.get_flag("all"),
            peilweek: week(own)?,
        },
        "terug" => Learning::Back(TerugQuery {
            team: owned(own, "team"),
            sinds: a_week(own, "since")?,
            peilweek: week(own)?,
        }),
        "knelpunten" => Learning::Knelpunten(OpenstaandQuery {
            keert_terug: own.get_flag("returned"),
            netwerk: own.get_flag("network"),
            thema: owned(own, "thema"),
            peilweek: week(own)?,
        }),
        "vragen" => Learning::Questions(OpenstaandQuery {
            netwerk: own.get_flag("network"),
            peilweek: week(own)?,
            ..OpenstaandQuery::default()
        }),
        "bericht" => Learning::Say(Box::new(Bericht {
            over: owned(own, "about").unwrap_or_default(),
            vorm: owned(own, "form").unwrap_or_default(),
            tekst: texts(own, "text").join(" "),
            id: owned(own, "id"),
            week: a_week(own, "week")?,
        })),
        other => unreachable!("the parser knows no command {other}"),
    })
}

pub(super) fn a_week(own: &ArgMatches, id: &str) -> Result<Option<Week>, CommandError> {
    let expected = Message::new("een ISO-week zoals 2026-W07", "an ISO week such as 2026-W07");
    parsed(own, id, &expected)
}

/// How it is to be written down.
pub(super) fn form(own: &ArgMatches) -> Form {
    match text(own, "format") {
        Some("md") => Form::Markdown,
        Some("html") => Form::Html,
        _ => Form::Text,
    }
}

pub(super) fn quartered(own: &ArgMatches) -> Result<Quartered, CommandError> {
    let expected = Message::new("een kwartaal zoals 2026-Q4", "a quarter such as 2026-Q4");
    let quarter: Option<Quarter> = parsed(own, "kwartaal", &expected)?;
    Ok(Quartered {
        quarter: quarter.expect("the parser asks for a quarter"),
        peilweek: week(own)?,
    })
}

/// `SESSIE/NR` is an afspraak: no id has a slash.
fn mark(own: &ArgMatches) -> Result<Mark, CommandError> {
    let typed = owned(own, "id").unwrap_or_default();
    let (id, afspraak) = match typed.split_once('/') {
        Some((id, nr)) => {
            let nr = nr.parse().map_err(|_| {
                let message = Message::with(
                    format!("{typed:?} is geen afspraak: achter / staat haar nummer"),
                    format!("{typed:?} is no afspraak: behind / stands its number"),
                );
                CommandError::new(Exit::Usage, message)
            })?;
            (id.to_owned(), Some(nr))
        }
        None => (typed, None),
    };
    let fields = texts(own, "fields").into_iter().map(|text| match text.split_once('=') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => {
            let message = Message::with(
                format!("{text:?} is geen VELD=WAARDE"),
                format!("{text:?} is no FIELD=VALUE"),
            );
            let hint = Message::new(
                "zet aanhalingstekens om een waarde met spaties: verworpen_reden='te duur'",
                "put quotes around a value with spaces: verworpen_reden='te duur'",
            );
            Err(CommandError::new(Exit::Usage, message).hinting(hint))
        }
    });
    Ok(Mark {
        id,
        afspraak,
        state: owned(own, "state"),
        fields: fields.collect::<Result<_, _>>()?,
        week: a_week(own, "week")?,
    })
}

fn link(own: &ArgMatches) -> Result<Learning, CommandError> {
    let mut ids = texts(own, "ids");
    let new = owned(own, "new").map(|titel| NieuwKnelpunt {
        id: owned(own, "id"),
        titel,
        soort_knelpunt: owned(own, "kind").unwrap_or_default(),
    });
    if new.is_none() && ids.is_empty() {
        return Ok(Learning::Proposals { peilweek: week(own)? });
    }
    let knelpunt = if new.is_none() { ids.pop() } else { None };
    if ids.is_empty() {
        let message = Message::new(
            "na leerkring link staan signalen en als laatste hun knelpunt",
            "behind leerkring link stand signals and their knelpunt last",
        );
        let hint = Message::new(
            "bijvoorbeeld leerkring link signaal-01 knelpunt-01; --new maakt een knelpunt",
            "for example leerkring link signaal-01 knelpunt-01; --new makes a knelpunt",
        );
        return Err(CommandError::new(Exit::Usage, message).hinting(hint));
    }
    Ok(Learning::Link(KoppelingAsked {
        signalen: ids,
        knelpunt,
        nieuw: new,
    }))
}
