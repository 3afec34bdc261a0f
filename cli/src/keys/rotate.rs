//! `keys rotate`: another root key, and what becomes of each node key.
//!
//! **Invariant:** the files of the keys are touched only when others can hear of the change, or somebody said that they need not;
//! and what lapses by it was shown to somebody who agreed.

use std::collections::BTreeMap;

use protocol::api::{HandvestLogs, Message};
use protocol::charter::root_fingerprint;
use protocol::id::NodeKey;
use serde_json::{Value, json};

use super::{Asking, Known, counted, ends, known, moved_on, state};
use crate::address::Node;
use crate::args::{Ending, RootFiles};
use crate::charter::held::{hand_over, text_of};
use crate::command_error::CommandError;
use crate::daemon::{self, Choice, Finished, KeyRing, Rotating};
use crate::exit::Exit;
use crate::heard;
use crate::output::{Output, Stop};

/// Replaces the root key by the next one.
///
/// # Errors
/// [`Stop`] when it is not replaced, or not to the end.
pub(super) fn rotate(
    node: &Node,
    (typed, said): (&[(Vec<String>, Choice)], &Ending),
    keys: &RootFiles,
    mut asking: Asking<'_, '_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let Known { charter, ring, logs } = known(node, output.lang)?;
    let before = heard::stand(node, output.lang)?;
    let dir = node.dir()?;
    let rotating = daemon::rotate(dir, &charter, &logs, (&choices(&ring, typed)?, said), keys)?;
    if rotating.text.is_some() {
        if !said.now {
            heard::needed(before.as_ref())?;
        }
        ends(node, &rotating.ends, said.now, output)?;
        agreed(&rotating, &logs, &mut asking, output)?;
        // Somebody may have looked for a while: what came meanwhile would lapse for good, and nobody was shown that.
        let after = known(node, output.lang)?;
        let typed = choices(&after.ring, typed)?;
        let now = daemon::rotate(dir, &after.charter, &after.logs, (&typed, said), keys)?;
        if is_other((&rotating, &logs), (&now, &after.logs)) {
            return Err(moved_on().into());
        }
        if let Some(text) = &now.text {
            hand_over(node, text, output.lang)?;
        }
    }
    let finished = daemon::finish_rotation(dir, &text_of(node, output.lang)?, keys)?;
    told(&rotating, &finished, output)?;
    match output.json {
        true => Ok(()),
        false => heard::told(before.as_ref(), output),
    }
}

/// Whether something else would happen now than was shown: to a key, to where those end, or to how much lapses of the others.
fn is_other(shown: (&Rotating, &HandvestLogs), now: (&Rotating, &HandvestLogs)) -> bool {
    let lost = |(rotating, logs): (&Rotating, &HandvestLogs)| -> Vec<_> {
        let dropped = rotating.fates.iter().filter(|(_, choice)| **choice == Choice::Drop);
        dropped.map(|(node, _)| counted(logs, *node)).collect()
    };
    (&shown.0.fates, &shown.0.ends) != (&now.0.fates, &now.0.ends) || lost(shown) != lost(now)
}

/// Shows what becomes of each key, and has somebody say that this is right where something lapses.
fn agreed(
    rotating: &Rotating,
    logs: &HandvestLogs,
    asking: &mut Asking<'_, '_>,
    output: &mut Output<'_>,
) -> Result<(), Stop> {
    let ends = |node: &NodeKey| rotating.ends.iter().any(|parted| parted.node == *node);
    let lapses = |(node, choice): (&NodeKey, &Choice)| *choice == Choice::Drop || ends(node);
    if !rotating.fates.iter().any(lapses) {
        return Ok(());
    }
    let shown = (!output.json).then_some(&rotating.fates);
    for (node, choice) in shown.into_iter().flatten() {
        let held = counted(logs, *node);
        let (nl, en) = match choice {
            Choice::Keep => ("blijft spreken", "goes on speaking"),
            Choice::Revive => ("spreekt weer", "speaks again"),
            Choice::End => ("eindigt", "ends"),
            Choice::Drop => ("vervalt, met alles wat zij schreef", "lapses, with all that it wrote"),
        };
        output.say(&Message::with(
            format!("  {node}  {nl}: {held}"),
            format!("  {node}  {en}: {held}"),
        ))?;
    }
    let question = Message::new(
        "Is dit wat er met deze nodes gebeurt? Typ ja:",
        "Is this what becomes of these nodes? Type yes:",
    );
    let otherwise = [
        Message::new("niet vervangen: er is niets veranderd", "not replaced: nothing changed"),
        Message::new(
            "er is niets veranderd: van nodes vervalt iets voorgoed, en niemand zei dat dat goed is",
            "nothing changed: something of nodes lapses for good, and nobody said that this is right",
        ),
    ];
    asking.agreed(&question, otherwise, output)
}

fn told(rotating: &Rotating, finished: &Finished, output: &mut Output<'_>) -> Result<(), Stop> {
    let (root, next) = (finished.root.display(), finished.next.display());
    if output.json {
        let fates: BTreeMap<String, Value> = rotating
            .fates
            .iter()
            .map(|(node, choice)| (node.to_string(), word(*choice).into()))
            .collect();
        let aside = finished.aside.as_ref().map(|path| path.display().to_string());
        let told = json!({"gemeente": rotating.gemeente, "wortel": rotating.root, "begin_wortel": root_fingerprint(rotating.root),
            "nodes": fates, "wortelsleutel": root.to_string(), "volgende": next.to_string(), "oude": aside});
        return output.line(&told.to_string());
    }
    let (gemeente, begin) = (rotating.gemeente, root_fingerprint(rotating.root));
    output.say(&Message::with(
        format!("{gemeente} heeft een andere wortelsleutel, die begint met {begin}"),
        format!("{gemeente} has another root key, which begins with {begin}"),
    ))?;
    output.say(&Message::with(
        format!("zij staat in {root}; een nieuwe volgende staat in {next}"),
        format!("it is in {root}; a new next one is in {next}"),
    ))?;
    if let Some(aside) = &finished.aside {
        let aside = aside.display();
        output.say(&Message::with(
            format!("de oude staat nog in {aside}"),
            format!("the old one is still in {aside}"),
        ))?;
    }
    output.say(&Message::new(
        "Maak nu een nieuwe kaart (leerkring charter card) en stel haar voor met leerkring charter propose --renew KAART:\n\
         pas als een editie haar noemt kan deze gemeente haar wortelsleutel nog eens vervangen",
        "Now make a new card (leerkring charter card) and propose it with leerkring charter propose --renew CARD:\n\
         only when an edition lists it can this gemeente change its root key once more",
    ))
}

fn word(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "keep",
        Choice::Revive => "revive",
        Choice::End => "end",
        Choice::Drop => "drop",
    }
}

/// What was typed of each node key; one key has one fate, and a key that the gemeente ended stays so unless somebody says in so
/// many words that it lives on.
fn choices(ring: &KeyRing, typed: &[(Vec<String>, Choice)]) -> Result<BTreeMap<NodeKey, Choice>, CommandError> {
    let mut choices = BTreeMap::new();
    let each = typed
        .iter()
        .flat_map(|(keys, choice)| keys.iter().map(move |text| (choice, text)));
    for (choice, text) in each {
        let key = daemon::find_key(ring, text)?;
        if choices.insert(key, *choice).is_some_and(|other| other != *choice) {
            return Err(CommandError::new(
                Exit::Usage,
                Message::with(
                    format!("van {key} is meer dan één ding gezegd"),
                    format!("more than one thing was said of {key}"),
                ),
            )
            .hinting(Message::new(
                "kies --keep, --revive, --end of --drop",
                "choose --keep, --revive, --end or --drop",
            )));
        }
    }
    let ended = ring.nodes.iter().filter(|key| key.reden == Some("lid"));
    match ended
        .into_iter()
        .find(|key| choices.get(&key.node) == Some(&Choice::Keep))
    {
        Some(key) => {
            let (nl, en) = state(key);
            let node = key.node;
            Err(CommandError::new(
                Exit::Conflict,
                Message::with(
                    format!("{node} kan niet blijven: {nl}"),
                    format!("{node} cannot stay: {en}"),
                ),
            )
            .hinting(Message::new(
                "geef --end; alleen als wie de wortelsleutel stal haar beëindigde: --revive",
                "give --end; only if whoever stole the root key ended it: --revive",
            )))
        }
        None => Ok(choices),
    }
}
