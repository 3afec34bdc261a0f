//! Settings that can be read and cannot be meant: found out at the start, and not by whoever reads a card of this node.

use protocol::id::Gemeente;

use super::super::{Home, armor, belongs};
use super::{Config, ConfigError};
use crate::view::sql::SECONDS_MAX;

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Setting {
    /// Nobody recognises a gemeente without a name.
    #[error("the name is empty")]
    Name,
    /// What is no address of a mailbox.
    #[error("{0:?} is no address of a mailbox")]
    Mailbox(String),
    /// Nothing of any other gemeente would be taken in.
    #[error("member_mib is 0")]
    MemberMib,
    /// A question in SQL would have no time, or too much.
    #[error("sql_seconds is {0}, and is to be 1 to {SECONDS_MAX}")]
    SqlSeconds(u16),
    /// Another gemeente than the one that this node speaks for.
    #[error("the gemeente is {written}, and this node speaks for {speaks}")]
    Gemeente {
        /// The one in the configuration.
        written: Gemeente,
        /// The one in the charter, or on the card that this node was made of.
        speaks: Gemeente,
    },
}

/// Whether mail could arrive there, as far as that can be seen.
pub(in crate::runtime) fn is_mailbox(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter == '@');
    text.split_once('@').is_some_and(|(who, at)| plain(who) && plain(at))
}

impl Config {
    /// Refuses what can be read and cannot be meant.
    pub(super) fn check_meant(&self, home: &Home, text: &str) -> Result<(), ConfigError> {
        let wrong = |key: &str, setting: Setting| {
            Err(ConfigError::Setting {
                path: home.config(),
                line: line_of(text, key),
                setting,
            })
        };
        if self.name.trim().is_empty() {
            return wrong("name", Setting::Name);
        }
        if !(self.mailbox.is_empty() || is_mailbox(&self.mailbox)) {
            return wrong("mailbox", Setting::Mailbox(self.mailbox.clone()));
        }
        if self.member_mib == 0 {
            return wrong("member_mib", Setting::MemberMib);
        }
        if !(1..=SECONDS_MAX).contains(&u64::from(self.sql_seconds)) {
            return wrong("sql_seconds", Setting::SqlSeconds(self.sql_seconds));
        }
        let written = self.gemeente;
        match speaks(home).filter(|speaks| *speaks != written) {
            Some(speaks) => wrong("gemeente", Setting::Gemeente { written, speaks }),
            None => Ok(()),
        }
    }
}

/// The gemeente that the node in this directory speaks for, once something outside its configuration says so.
fn speaks(home: &Home) -> Option<Gemeente> {
    let card = || {
        let text = std::fs::read_to_string(home.card()).ok()?;
        Some(armor::read_card(&text).ok()?.member.gemeente)
    };
    belongs::noted_gemeente(home).or_else(card)
}

/// The line, from 1, of a setting; the first when it is nowhere.
fn line_of(text: &str, key: &str) -> usize {
    let is_it = |line: &str| line.split_once('=').is_some_and(|(name, _)| name.trim() == key);
    text.lines().position(is_it).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::runtime::world::{Founded, gemeente, home, root};
    use crate::runtime::{Roots, card, init_with};
    use crate::scratch::Scratch;

    /// What is wrong once this stands in the configuration for that.
    fn changed(home: &Home, from: &str, to: &str) -> Option<(usize, Setting)> {
        let sound = fs::read_to_string(home.config()).unwrap();
        assert!(sound.contains(from), "{from}: {sound}");
        fs::write(home.config(), sound.replace(from, to)).unwrap();
        let read = Config::read(home);
        fs::write(home.config(), sound).unwrap();
        match read {
            Err(ConfigError::Setting { line, setting, .. }) => Some((line, setting)),
            Err(other) => panic!("{to}: {other}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn what_cannot_be_meant_is_told_with_its_line() {
        let scratch = Scratch::new("meant");
        let home = home(scratch.path().join("node"), 0);
        let text = fs::read_to_string(home.config()).unwrap();
        let line = |begin: &str| text.lines().position(|line| line.starts_with(begin)).unwrap() + 1;
        let name = changed(&home, "name = \"Gemeente 0\"", "name = \" \"");
        assert_eq!(name, Some((line("name"), Setting::Name)));
        let none = changed(&home, "member_mib = 256", "member_mib = 0");
        assert_eq!(none, Some((line("member_mib ="), Setting::MemberMib)));
        for seconds in [0, 61] {
            let set = changed(&home, "sql_seconds = 10", &format!("sql_seconds = {seconds}"));
            assert_eq!(set, Some((line("sql_seconds ="), Setting::SqlSeconds(seconds))));
        }
        for wrong in ["jan", "jan@", "@b.nl", "a b@c.nl", "a@b@c"] {
            let told = changed(&home, "mailbox = \"\"", &format!("mailbox = \"{wrong}\""));
            assert_eq!(told, Some((line("mailbox"), Setting::Mailbox(wrong.to_owned()))));
        }
        let sound = "mailbox = \"leren@gemeente.example\"";
        assert_eq!(changed(&home, "mailbox = \"\"", sound), None);
        // It speaks for nobody yet.
        assert_eq!(changed(&home, "GM9901", "GM9902"), None);
    }

    #[test]
    fn a_node_speaks_for_the_gemeente_of_its_charter_or_of_its_card() {
        let founded = Founded::new("meant-gemeente", 2);
        let first = &founded.homes[0];
        let other = |home: &Home| changed(home, "GM9901", "GM9902").map(|(_, setting)| setting);
        let wrong = Setting::Gemeente {
            written: gemeente(1),
            speaks: gemeente(0),
        };
        let (replica, ..) = crate::runtime::open_replica(first).unwrap();
        belongs::note(first, &replica, crate::runtime::roots::me(first).unwrap()).unwrap();
        assert_eq!(other(first), Some(wrong.clone()));

        let second = Home::new(founded.dir().join("second"));
        let config = Config::read(first).unwrap();
        let card = card(first, &root()).unwrap();
        init_with(&second, crate::runtime::Init { config }, &Roots::Elsewhere(card)).unwrap();
        assert_eq!(other(&second), Some(wrong));
    }
}
