//! `charter`: the steps of founding a federation, who belongs to it, and how that changes.
//!
//! Cards and signatures are made with keys in the folder of the node, so these steps work on its files. What a
//! node must know is handed to it when it runs, and put into its store when it does not.

mod changes;
mod editions;
pub mod held;
mod leaving;
mod paper;
mod stand;
mod together;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use protocol::api::{self, HandvestStand, Imported, Lang, Message, NOT_FOUNDED, NOT_FOUNDED_NEXT, path};
use protocol::id::Gemeente;

use crate::address::{Node, read_text_of};
use crate::args::{Charter, RootFiles};
use crate::client::{Client, parse};
use crate::command_error::CommandError;
use crate::daemon::{self, Past};
use crate::exit::Exit;
use crate::heard;
use crate::joining;
use crate::next;
use crate::output::{Output, Stop};
use crate::person::Person;

use held::hand_over;
pub(crate) use leaving::own;

pub use paper::{Paper, Signatory};
pub use together::withdraw;

/// Longest card or charter: what a node exports another takes in.
const FILE_BYTES_MAX: u64 = api::CHARTER_BYTES_MAX as u64;

/// Does one step.
///
/// # Errors
/// [`Stop`] when it failed.
pub fn charter(node: &Node, step: Charter, person: &mut Person<'_>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match step {
        Charter::Card { keys, out } => {
            write(out.as_deref(), &daemon::card(node.dir()?, &keys)?, output)?;
            written(out.as_deref(), next::of_card, output)?;
        }
        Charter::New { cards, alone, .. } if cards.is_empty() && !alone => return Err(no_cards().into()),
        Charter::New { cards, keys, out, .. } => {
            let text = daemon::propose(node.dir()?, &read_all(&cards)?, &keys)?;
            // Drawn anew at every call: a node that took in a charter which was then not written would belong to a
            // federation that nobody else can sign.
            let staged = out.as_deref().map(|out| Staged::beside(out, &text)).transpose()?;
            let imported = hand_over(node, &text, output.lang)?;
            match staged {
                Some(staged) => {
                    staged.publish()?;
                    told(&imported, output)?;
                    written(
                        out.as_deref(),
                        |file| next::of_paper(&daemon::inspect(&text).ok()?, file),
                        output,
                    )?;
                }
                None => output.bytes(text.as_bytes())?,
            }
        }
        Charter::Endorse {
            file: Some(file),
            keys,
            out,
            edition,
            now,
        } => endorse(node, &file, (edition.as_deref(), &keys, now), out.as_deref(), output)?,
        Charter::Endorse { edition, keys, now, .. } => {
            editions::endorse(node, (edition.as_deref(), &keys, now), output)?
        }
        Charter::Propose { next, keys } => editions::propose(node, &next, &keys, output)?,
        Charter::Suspend { gemeente, keys, now } => editions::suspend(node, gemeente, (&keys, now), output)?,
        Charter::Leave { asked, keys } => leaving::leave(node, &asked, &keys, person, output)?,
        Charter::Import { file } => {
            let text = read(&file)?;
            daemon::is_charter(&text)?;
            let before = edition_of(node, output);
            let taken = hand_over(node, &text, output.lang)?;
            told(&taken, output)?;
            imported(node, &taken, before, output)?;
        }
        Charter::Export { out } => {
            let text = held::text_of(node, output.lang)?;
            if !text.lines().skip(1).any(|line| !line.trim().is_empty()) {
                return Err(nothing_to_export().into());
            }
            write(out.as_deref(), &text, output)?;
            written(out.as_deref(), next::of_export, output)?;
        }
        Charter::Invite { out } => return joining::invite(node, out.as_deref(), output),
        Charter::Show { file: Some(file) } => return show_file(&file, output),
        Charter::Show { file: None } => show(node, output)?,
    }
    Ok(Exit::Ok)
}

/// Signs a charter, and says what is signed before the signature exists. One of a federation that exists is taken in, and
/// the vote is for a proposal in it.
fn endorse(
    node: &Node,
    file: &Path,
    (edition, keys, now): (Option<&str>, &RootFiles, bool),
    out: Option<&Path>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let text = read(file)?;
    if daemon::inspect(&text)?.course.is_some() {
        out.map_or(Ok(()), |out| paper::makes_room(out, &text))?;
        heard::before_vote(node, now, output.lang)?;
        hand_over(node, &text, output.lang)?;
        editions::endorse(node, (edition, keys, now), output)?;
        return out.map_or(Ok(()), |out| {
            write(Some(out), &held::text_of(node, output.lang)?, output)
        });
    }
    if edition.is_some() {
        let what = Message::new(
            "dit bestand sticht een federatie: er is geen voorstel in om met --edition te kiezen",
            "this file founds a federation: there is no proposal in it to choose with --edition",
        );
        let hint = Message::new(
            "laat --edition weg om de oprichting te tekenen",
            "leave --edition out to sign the founding",
        );
        return Err(CommandError::new(Exit::Usage, what).hinting(hint).into());
    }
    let endorsing = daemon::to_endorse(node.dir()?, &text, keys)?;
    if !output.json {
        endorsing.paper.content(output)?;
        endorsing.differs.iter().try_for_each(|entry| {
            output.say(&Message::with(
                format!("LET OP: {} is anders dan in uw eigen kaart", entry.nl),
                format!("NOTE: {} differs from your own card", entry.en),
            ))
        })?;
        output.flush()?;
    }
    let before: Vec<Gemeente> = endorsing.paper.missing().map(|member| member.gemeente).collect();
    let text = endorsing.sign();
    let paper = daemon::inspect(&text)?;
    let staged = Staged::beside(out.unwrap_or(file), &text)?;
    let imported = hand_over(node, &text, output.lang)?;
    staged.publish()?;
    if !output.json {
        let mut signed = before.iter();
        if let Some(by) = signed.find(|by| paper.missing().all(|member| member.gemeente != **by)) {
            output.say(&Message::with(
                format!("{by} heeft nu getekend"),
                format!("{by} has signed now"),
            ))?;
        }
        paper.standing(output)?;
        told(&imported, output)?;
        return written(Some(out.unwrap_or(file)), |file| next::of_paper(&paper, file), output);
    }
    let mut value = serde_json::to_value(imported).expect("numbers and an id");
    value["handvest"] = paper.json();
    output.line(&value.to_string())
}

/// Shows what a card or a charter says, without any node.
///
/// # Errors
/// [`Stop`] when the file is neither.
pub fn show_file(file: &Path, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = read(file)?;
    if let Some(invitation) = daemon::invitation(&text)? {
        if output.json {
            output.line(&serde_json::to_string(&invitation).expect("texts, numbers and keys"))?;
        } else {
            joining::show(&invitation, output)?;
        }
        return Ok(Exit::Ok);
    }
    let paper = daemon::inspect(&text)?;
    if output.json {
        output.line(&paper.json().to_string())?;
    } else {
        paper.show(output)?;
    }
    Ok(Exit::Ok)
}

fn read(path: &Path) -> Result<String, CommandError> {
    read_text_of(path, FILE_BYTES_MAX)
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<String>, CommandError> {
    paths.iter().map(|path| read(path)).collect()
}

pub(crate) fn write(out: Option<&Path>, text: &str, output: &mut Output<'_>) -> Result<(), Stop> {
    match out {
        Some(path) => Ok(Staged::beside(path, text)?.publish()?),
        None => output.bytes(text.as_bytes()),
    }
}

/// A text that is on the disk, beside its place: a failure leaves what was there.
struct Staged<'a> {
    beside: PathBuf,
    path: &'a Path,
}

impl<'a> Staged<'a> {
    fn beside(path: &'a Path, text: &str) -> Result<Self, CommandError> {
        paper::makes_room(path, text)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let staged = Self {
            beside: beside.into(),
            path,
        };
        let written = File::create(&staged.beside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| CommandError::of_file(path, error))?;
        Ok(staged)
    }

    fn publish(self) -> Result<(), CommandError> {
        fs::rename(&self.beside, self.path).map_err(|error| CommandError::of_file(self.path, error))
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        // Renamed already, or never to be.
        let _ = fs::remove_file(&self.beside);
    }
}

fn told(imported: &Imported, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        return output.line(&serde_json::to_string(imported).expect("numbers and an id"));
    }
    let (read, new) = (imported.gelezen, imported.nieuw);
    output.say(&Message::with(
        format!("{read} verklaringen gelezen, {new} nieuw"),
        format!("{read} statements read, {new} new"),
    ))
}

fn show(node: &Node, output: &mut Output<'_>) -> Result<(), Stop> {
    let text = stand_of(node, output.lang)?;
    if output.json {
        return output.line(&text);
    }
    let stand: HandvestStand = parse(&text)?;
    let past = match stand.federatie.is_none() && stand.uitnodiging.is_none() {
        true => daemon::past(node),
        false => Past::None,
    };
    let step = match past {
        Past::None => return stand::show(&stand, output),
        Past::Lost => next::storeless(),
        Past::MadeAnew => next::charterless(),
    };
    output.heading(&Message::new(
        "Deze node hoorde bij een federatie die haar opslag niet meer kent",
        "This node belonged to a federation that its store does not know any more",
    ))?;
    next::say(&step, output)
}

/// Who belongs, as the node holds it, whether it runs or not.
fn stand_of(node: &Node, lang: Lang) -> Result<String, CommandError> {
    match node.running()? {
        None if node.dir().is_ok_and(Path::is_dir) => {
            let stand = daemon::charter_stand(node.dir()?)?;
            Ok(serde_json::to_string(&stand).expect("texts, numbers and ids"))
        }
        _ => Client::of(node, lang)?.get(path::HANDVEST, &[]),
    }
}

/// Says what to do with a file that was written. When the answer itself was the file, nothing may stand around it.
fn written(
    out: Option<&Path>,
    step: impl FnOnce(&Path) -> Option<Message>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let step = out.filter(|_| !output.json).and_then(step);
    step.map_or(Ok(()), |step| next::say(&step, output))
}

/// The edition that a node has in force, where that can be told to a person.
fn edition_of(node: &Node, output: &Output<'_>) -> Option<u64> {
    let text = (!output.json)
        .then(|| stand_of(node, output.lang))
        .and_then(Result::ok)?;
    parse::<HandvestStand>(&text).ok()?.editie
}

/// What a charter that was taken in made of the edition in force.
fn made_of(before: Option<u64>, number: u64) -> Message {
    match before {
        None => Message::with(
            format!("De federatie bestaat: editie {number} is van kracht"),
            format!("The federation exists: edition {number} is in force"),
        ),
        Some(before) if before == number => Message::with(
            format!("Editie {number} blijft van kracht"),
            format!("Edition {number} stays in force"),
        ),
        Some(before) => Message::with(
            format!("Editie {number} is van kracht; eerst was het editie {before}"),
            format!("Edition {number} is in force; it was edition {before} before"),
        ),
    }
}

/// Says what is next once a charter was taken in.
fn imported(node: &Node, taken: &Imported, before: Option<u64>, output: &mut Output<'_>) -> Result<(), Stop> {
    if output.json {
        return Ok(());
    }
    let stand: HandvestStand = parse(&stand_of(node, output.lang)?)?;
    if let Some(number) = stand.editie.filter(|_| taken.nieuw > 0) {
        output.say(&made_of(before, number))?;
    }
    let start = match (stand.editie, node.dir(), node.running()?) {
        (Some(_), Ok(dir), None) if daemon::is_second(dir) => Some(next::of_second(dir)),
        (Some(_), Ok(dir), None) => Some(next::start(dir)),
        _ => None,
    };
    next::of_charter(&stand)
        .or(start)
        .map_or(Ok(()), |step| next::say(&step, output))
}

/// Cards that were forgotten would found a federation that the others can never come into by founding.
fn no_cards() -> CommandError {
    CommandError::new(
        Exit::Usage,
        Message::new(
            "zonder kaarten wordt het een federatie van één, en de andere stichters staan er dan niet in",
            "without cards it becomes a federation of one, and the other founders are not in it then",
        ),
    )
    .hinting(Message::new(
        "geef de kaarten van de andere stichters (leerkring charter new KAART...), of --alone als het om deze gemeente alleen gaat",
        "give the cards of the other founders (leerkring charter new CARD...), or --alone when it is about this gemeente alone",
    ))
}

/// A charter without a statement is of no use to anybody.
fn nothing_to_export() -> CommandError {
    CommandError::new(Exit::Conflict, NOT_FOUNDED).hinting(NOT_FOUNDED_NEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_hears_which_edition_it_had_and_has() {
        assert!(made_of(None, 2).nl.contains("De federatie bestaat: editie 2"));
        assert_eq!(made_of(Some(2), 2).nl, "Editie 2 blijft van kracht");
        assert_eq!(made_of(Some(1), 3).nl, "Editie 3 is van kracht; eerst was het editie 1");
    }
}
