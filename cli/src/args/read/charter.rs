//! The steps of `charter`, with checked values.

use std::path::PathBuf;

use clap::ArgMatches;
use protocol::api::Message;
use protocol::charter::{Day, Merge};
use protocol::id::Gemeente;

use super::super::{Charter, Leave, NextEdition, Shared};
use super::{needed, owned, parsed, path, root_files, text, unfit};
use crate::command_error::CommandError;
use crate::exit::Exit;

/// The step that was typed.
pub(super) fn step(own: &ArgMatches) -> Result<Charter, CommandError> {
    let (name, own) = own.subcommand().expect("the parser asks for a command");
    let out = || path(own, "out");
    Ok(match name {
        "card" => Charter::Card {
            keys: root_files(own),
            out: out(),
        },
        "invite" => Charter::Invite { out: out() },
        "new" => Charter::New {
            cards: paths(own, "cards"),
            alone: own.get_flag("alone"),
            keys: root_files(own),
            out: out(),
        },
        "endorse" => Charter::Endorse {
            file: path(own, "file"),
            edition: owned(own, "edition"),
            keys: root_files(own),
            out: out(),
            now: own.get_flag("now"),
        },
        "import" => Charter::Import {
            file: needed(own, "file"),
        },
        "export" => Charter::Export { out: out() },
        "propose" => Charter::Propose {
            next: NextEdition {
                add: paths(own, "add"),
                renew: paths(own, "renew"),
                remove: gemeenten(own, "remove")?,
                reading: gemeenten(own, "reading")?,
                voting: gemeenten(own, "voting")?,
                carry: gemeenten(own, "carry-suspension")?,
                lift: lifted(own)?,
                merges: Vec::new(),
                against: own.get_flag("against"),
                dry_run: own.get_flag("dry-run"),
                now: own.get_flag("now"),
            },
            keys: root_files(own),
        },
        "merge" => Charter::Propose {
            next: NextEdition {
                add: paths(own, "add"),
                merges: merges(own)?,
                carry: gemeenten(own, "carry-suspension")?,
                dry_run: own.get_flag("dry-run"),
                now: own.get_flag("now"),
                ..NextEdition::default()
            },
            keys: root_files(own),
        },
        "suspend" => Charter::Suspend {
            gemeente: text(own, "gemeente")
                .expect("the parser asks for a gemeente")
                .parse()
                .map_err(|_| no_code(own))?,
            keys: root_files(own),
            now: own.get_flag("now"),
        },
        "leave" => Charter::Leave {
            asked: leave(own),
            keys: root_files(own),
        },
        _ => Charter::Show {
            file: path(own, "file"),
        },
    })
}

fn leave(own: &ArgMatches) -> Leave {
    Leave {
        now: own.get_flag("now"),
        yes: own.get_flag("yes"),
        shared: match (own.get_flag("keep"), own.get_flag("withdraw")) {
            (true, _) => Some(Shared::Keep),
            (false, true) => Some(Shared::Withdraw),
            (false, false) => None,
        },
    }
}

fn paths(own: &ArgMatches, id: &str) -> Vec<PathBuf> {
    own.get_many::<PathBuf>(id).into_iter().flatten().cloned().collect()
}

const CODE: Message = Message::new("een CBS-code zoals GM0014", "a CBS code such as GM0014");

fn gemeenten(own: &ArgMatches, id: &str) -> Result<Vec<Gemeente>, CommandError> {
    let given = own.get_many::<String>(id).into_iter().flatten();
    let codes = given.map(|text| text.parse().map_err(|_| unfit(text, id, &CODE)));
    codes.collect()
}

/// Whose suspension is to end; one that is carried over too does not.
fn lifted(own: &ArgMatches) -> Result<Vec<Gemeente>, CommandError> {
    let (lifted, carried) = (gemeenten(own, "lift")?, gemeenten(own, "carry-suspension")?);
    let Some(both) = lifted.iter().find(|gemeente| carried.contains(gemeente)) else {
        return Ok(lifted);
    };
    let what = Message::with(
        format!("de schorsing van {both} kan niet blijven en ophouden"),
        format!("the suspension of {both} cannot stay and end"),
    );
    let hint = Message::new(
        "geef --lift of --carry-suspension, niet allebei voor hetzelfde lid",
        "give --lift or --carry-suspension, not both for one member",
    );
    Err(CommandError::new(Exit::Usage, what).hinting(hint))
}

/// What stands in the place of a code is none; there is no option to blame.
fn no_code(own: &ArgMatches) -> CommandError {
    let given = text(own, "gemeente").unwrap_or_default();
    let what = Message::with(
        format!("{given:?} is geen code van een gemeente"),
        format!("{given:?} is not the code of a gemeente"),
    );
    CommandError::new(Exit::Usage, what).hinting(Message::new(
        "geef een CBS-code zoals GM0014; leerkring charter show noemt die van de leden",
        "give a CBS code such as GM0014; leerkring charter show names those of the members",
    ))
}

fn one(own: &ArgMatches, id: &str) -> Result<Gemeente, CommandError> {
    Ok(parsed(own, id, &CODE)?.expect("the parser asks for a gemeente"))
}

fn merges(own: &ArgMatches) -> Result<Vec<Merge>, CommandError> {
    let to = one(own, "into")?;
    let given = text(own, "date").expect("the parser asks for a day");
    let expected = Message::new("een dag zoals 2027-01-01", "a day such as 2027-01-01");
    let date = day(given).ok_or_else(|| unfit(given, "date", &expected))?;
    let from = gemeenten(own, "from")?;
    if from.contains(&to) {
        let what = Message::with(
            format!("{to} kan niet in zichzelf opgaan"),
            format!("{to} cannot become part of itself"),
        );
        let hint = Message::new(
            "geef met --from wie ophoudt en met --into wie verder gaat",
            "give with --from who ends and with --into who goes on",
        );
        return Err(CommandError::new(Exit::Usage, what).hinting(hint));
    }
    let from = from.into_iter();
    Ok(from.map(|from| Merge { from, to, date }).collect())
}

fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let day = Day::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    // One text for a day.
    (day.to_string() == text).then_some(day)
}
