//! A card or a charter on paper: what it says, before anybody signs it, and what it may be written over.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use protocol::api::{HandvestStand, Lang, Message};
use protocol::id::{FederationId, Gemeente, NodeKey, RootKey};
use serde_json::{Value, json};

use super::stand;
use crate::command_error::CommandError;
use crate::daemon;
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Longest part of a file that is read to see what it is: a card fits.
const LOOK_BYTES: u64 = 64 * 1024;

/// Refuses to write a paper over anything but an earlier one of its kind: a name typed wrong may be that of a root key. A card
/// makes room for a card of the same gemeente only.
///
/// # Errors
/// [`CommandError`].
pub(crate) fn makes_room(path: &Path, text: &str) -> Result<(), CommandError> {
    let of_file = |error| CommandError::of_file(path, error);
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(of_file(error)),
        Ok(found) if !found.is_file() => return Err(in_the_way(path)),
        Ok(_) => {}
    }
    let mut there = Vec::new();
    let file = File::open(path).map_err(of_file)?;
    file.take(LOOK_BYTES).read_to_end(&mut there).map_err(of_file)?;
    let there = String::from_utf8_lossy(&there);
    let kind = |text: &str| text.lines().next().map(|line| line.trim().to_owned());
    let same = kind(&there).is_some() && kind(&there) == kind(text);
    match same && card_of(&there) == card_of(text) {
        true => Ok(()),
        false => Err(in_the_way(path)),
    }
}

/// Whose card this is, when it is one.
fn card_of(text: &str) -> Option<Gemeente> {
    let paper = daemon::inspect(text).ok().filter(|paper| paper.federation.is_none())?;
    paper.members.first().map(|member| member.gemeente)
}

fn in_the_way(path: &Path) -> CommandError {
    let path = path.display();
    let what = Message::with(
        format!("{path} bestaat al, en er staat iets anders in: er wordt niets overschreven"),
        format!("{path} exists already, with something else in it: nothing is written over"),
    );
    CommandError::new(Exit::Conflict, what).hinting(Message::new(
        "geef met --out een andere naam; alleen een eerder bestand van dezelfde soort maakt plaats",
        "give another name with --out; only an earlier file of the same kind makes room",
    ))
}

/// What a card or a charter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// The federation that a charter founds; a card founds none.
    pub federation: Option<FederationId>,
    /// Who is in it, in order of code.
    pub members: Vec<Signatory>,
    /// Statements in a charter.
    pub statements: usize,
    /// How it stands with the editions, in a charter that holds more than its founding.
    pub course: Option<HandvestStand>,
}

/// A gemeente in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// CBS code.
    pub gemeente: Gemeente,
    /// Its name.
    pub naam: String,
    /// The key that speaks for it.
    pub wortel: RootKey,
    /// What is read out by phone: the root key and the next one, the vote and the node keys.
    pub vingerafdruk: String,
    /// Whether it votes.
    pub stemt: bool,
    /// Whether it signed.
    pub getekend: bool,
    /// Its nodes.
    pub nodes: Vec<NodeKey>,
    /// Where these can be reached.
    pub adressen: Vec<String>,
    /// Mailbox of a function.
    pub postbus: String,
}

impl Paper {
    /// The same for a program.
    #[must_use]
    pub fn json(&self) -> Value {
        let members = self.members.iter().map(|member| {
            json!({"gemeente": member.gemeente, "naam": member.naam, "wortel": member.wortel,
                "vingerafdruk": member.vingerafdruk, "stemt": member.stemt, "getekend": member.getekend,
                "nodes": member.nodes, "adressen": member.adressen, "postbus": member.postbus})
        });
        let missing: Vec<Gemeente> = self.missing().map(|member| member.gemeente).collect();
        json!({
            "soort": if self.federation.is_some() { "handvest" } else { "kaart" },
            "federatie": self.federation, "leden": members.collect::<Vec<_>>(), "ontbreekt": missing,
            "verklaringen": self.statements,
            "editie": self.course.as_ref().and_then(|course| course.editie),
            "stemming": self.course.as_ref().and_then(|course| course.stemming.as_ref()),
        })
    }

    pub(crate) fn missing(&self) -> impl Iterator<Item = &Signatory> {
        self.members.iter().filter(|member| !member.getekend)
    }

    /// Shows it to a person, with who has still to sign.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn show(&self, output: &mut Output<'_>) -> Result<(), Stop> {
        self.content(output)?;
        self.standing(output)
    }

    /// Shows what it says to a person.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn content(&self, output: &mut Output<'_>) -> Result<(), Stop> {
        output.heading(&match self.federation {
            Some(federation) => Message::with(
                format!("Handvest van federatie {federation}"),
                format!("Charter of federation {federation}"),
            ),
            None => Message::new("Kaart", "Card"),
        })?;
        self.members.iter().try_for_each(|member| self.member(member, output))
    }

    /// Says who has still to sign, or of a card what to do with it.
    ///
    /// # Errors
    /// [`Stop`] when nobody reads any more or writing fails.
    pub fn standing(&self, output: &mut Output<'_>) -> Result<(), Stop> {
        if self.federation.is_none() {
            return output.say(&Message::new(
                "Bel de gemeente en laat haar de vingerafdruk voorlezen (leerkring charter show op haar eigen kaart)",
                "Call the gemeente and let it read out the fingerprint (leerkring charter show on its own card)",
            ));
        }
        if let Some(course) = &self.course {
            return stand::course(course, output);
        }
        let missing: Vec<String> = self
            .missing()
            .map(|member| format!("{} {}", member.gemeente, plain(&member.naam)))
            .collect();
        output.say(&match missing.join(", ").as_str() {
            "" => Message::new(
                "Allen hebben getekend: de federatie bestaat",
                "All have signed: the federation exists",
            ),
            names => Message::with(
                format!("Nog nodig: de handtekening van {names}"),
                format!("Still needed: the signature of {names}"),
            ),
        })
    }

    fn member(&self, member: &Signatory, output: &mut Output<'_>) -> Result<(), Stop> {
        let nl = output.lang == Lang::Nl;
        let word = |dutch: &'static str, english: &'static str| if nl { dutch } else { english };
        let votes = match member.stemt {
            true => word("stemt", "votes"),
            false => word("leest mee", "reads along"),
        };
        let signed = match (self.federation.filter(|_| self.course.is_none()), member.getekend) {
            (None, _) => "",
            (_, true) => word(", heeft getekend", ", has signed"),
            (_, false) => word(", heeft nog niet getekend", ", has not signed yet"),
        };
        output.line(&format!("{} {}: {votes}{signed}", member.gemeente, plain(&member.naam)))?;
        let line = |name: &str, value: &str| format!("  {name:<15} {}", plain(value));
        output.line(&line(word("vingerafdruk", "fingerprint"), &member.vingerafdruk))?;
        for node in &member.nodes {
            output.line(&line("node", &node.to_string()))?;
        }
        for address in &member.adressen {
            output.line(&line(word("adres", "address"), address))?;
        }
        if member.postbus.is_empty() {
            return Ok(());
        }
        output.line(&line(word("postbus", "mailbox"), &member.postbus))
    }
}
