//! What was typed about learning here.

use clap::ArgMatches;
use protocol::api::{KoppelingAsked, Message, NieuwKnelpunt, TerugQuery};
use protocol::id::{Quarter, Week};

use super::{owned, parsed, text, texts, week};
use crate::args::learning::{Close, Form, Learning, Quartered};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// What this command asks.
pub(super) fn learning(name: &str, own: &ArgMatches) -> Result<Learning, CommandError> {
    Ok(match name {
        "link" => link(own)?,
        "unlink" => Learning::Unlink {
            signals: texts(own, "ids"),
        },
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
