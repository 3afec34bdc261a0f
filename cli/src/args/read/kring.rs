//! What was typed about kringen.

use clap::ArgMatches;
use protocol::api::{LidmaatschapAsked, VerantwoordingQuery};

use super::learning::{a_week, form, quartered};
use super::{owned, week};
use crate::args::kring::{Kring, New};
use crate::command_error::CommandError;

/// What this command asks.
pub(super) fn kring(own: &ArgMatches) -> Result<Kring, CommandError> {
    let membership = |own: &ArgMatches, lid| -> Result<Kring, CommandError> {
        Ok(Kring::Membership(LidmaatschapAsked {
            kring: owned(own, "kring").unwrap_or_default(),
            lid,
            week: a_week(own, "week")?,
        }))
    };
    Ok(match own.subcommand() {
        Some(("new", own)) => Kring::New(New {
            name: owned(own, "name").unwrap_or_default(),
            purpose: owned(own, "purpose").unwrap_or_default(),
            rhythm: owned(own, "rhythm"),
            id: owned(own, "id"),
            week: a_week(own, "week")?,
        }),
        Some(("join", own)) => membership(own, true)?,
        Some(("leave", own)) => membership(own, false)?,
        Some(("account", own)) => {
            let of = quartered(own)?;
            Kring::Account {
                query: VerantwoordingQuery {
                    kring: owned(own, "kring").unwrap_or_default(),
                    kwartaal: of.quarter,
                    peilweek: of.peilweek,
                },
                form: form(own),
            }
        }
        Some((_, own)) => Kring::List { peilweek: week(own)? },
        None => Kring::List { peilweek: None },
    })
}
