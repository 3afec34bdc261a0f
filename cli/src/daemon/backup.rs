//! `backup` and `restore`: a node in one file, and a node made of it.

use std::io::Read;
use std::path::Path;

use node::runtime::{self, Ask, Checked, Home};
use protocol::api::{Message, path};
use serde_json::json;

use super::refused::of_backup;
use super::{account, home_of};
use crate::address::Node;
use crate::amount;
use crate::args::{Backup, Restore};
use crate::client::Client;
use crate::exit::Exit;
use crate::output::{Output, Stop};

/// Makes a backup of a node: of one that runs through its API, of one that does not from its files.
///
/// # Errors
/// [`Stop`] when there is none.
pub fn backup(node: &Node, asked: &Backup, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let home = home_of(node.dir()?)?;
    let ask = Ask {
        keys: asked.keys,
        audit: asked.audit,
    };
    let mut running = match node.running()? {
        None => None,
        Some(_) => {
            let query = [("audit", asked.audit.to_string())];
            Some(Client::of(node, output.lang)?.bytes(path::RESERVEKOPIE, &query)?)
        }
    };
    let stream = running.as_mut().map(|stream| stream as &mut dyn Read);
    let made = runtime::backup(&home, ask, &asked.out, stream).map_err(of_backup)?;
    let (file, bytes) = (made.path.display(), made.bytes);
    if output.json {
        let value = json!({
            "bestand": file.to_string(), "bytes": bytes, "sleutels": asked.keys, "ontbreekt": made.missing,
            "wortelsleutels_ernaast": made.root_beside,
        });
        output.line(&value.to_string())?;
        return Ok(whole(made.missing));
    }
    let keep = match asked.keys {
        true => Message::new(
            "met sleutels: wie dit bestand heeft kan alles lezen en namens deze node spreken",
            "with keys: whoever has this file can read everything and speak for this node",
        ),
        false => Message::new(
            "zonder sleutels: bewaar keys/node.key, storage.key en vault.key apart, anders is dit bestand niets waard",
            "without keys: keep keys/node.key, storage.key and vault.key elsewhere, or this file is worth nothing",
        ),
    };
    output.say(&Message::with(
        format!("Reservekopie van {bytes} bytes in {file}, {}", keep.nl),
        format!("Backup of {bytes} bytes in {file}, {}", keep.en),
    ))?;
    if made.root_beside {
        output.say(&Message::new(
            "Let op: root.key en next-root.key staan in keys/ en niet hierin; zonder die kan de gemeente na een brand niet tekenen. \
             Zet ze op een stick en in een kluis",
            "Mind: root.key and next-root.key are in keys/ and not in this; without them the gemeente cannot sign after a fire. \
             Put them on a stick and in a safe",
        ))?;
    }
    let missing = made.missing;
    if missing > 0 {
        output.say(&Message::with(
            format!(
                "{missing} entries waren niet te lezen en staan er niet in: herstel ze eerst (leerkring status, leerkring verify) en \
                 maak dan een nieuwe"
            ),
            format!(
                "{missing} entries could not be read and are not in it: mend them first (leerkring status, leerkring verify) and \
                 then make a new one"
            ),
        ))?;
    }
    Ok(whole(missing))
}

/// A backup that lacks entries is not what was asked for.
fn whole(missing: u64) -> Exit {
    match missing {
        0 => Exit::Ok,
        _ => Exit::Refused,
    }
}

/// Looks at a backup, and makes a node of it where a folder was given.
///
/// # Errors
/// [`Stop`] when it is not whole, or no node could be made.
pub fn restore(asked: &Restore, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let keys = asked.keys.as_deref();
    let by = account()?;
    let checked = match asked.into.as_deref() {
        None => runtime::check(&asked.file, keys),
        Some(into) => runtime::restore(
            &asked.file,
            &runtime::Restore {
                keys,
                into,
                alone: asked.alone,
                by: &by,
            },
        ),
    };
    let checked = checked.map_err(of_backup)?;
    if output.json {
        let value = json!({
            "gemeente": checked.head.gemeente, "naam": checked.head.name, "node": checked.head.node,
            "federatie": checked.head.federation, "gemaakt": checked.head.made_s, "leerkring": checked.head.leerkring,
            "sleutels": checked.has_keys, "inhoud": checked.totals, "map": asked.into,
        });
        output.line(&value.to_string())?;
    } else {
        tell(&checked, output)?;
    }
    let missing = checked.totals.map_or(0, |totals| totals.missing);
    match asked.into.as_deref() {
        None => Ok(whole(missing)),
        // It was made, and other nodes have what it lacks.
        Some(into) if !output.json => tell_next(into, asked.alone, output).map(|()| Exit::Ok),
        Some(_) => Ok(Exit::Ok),
    }
}

fn tell(checked: &Checked, output: &mut Output<'_>) -> Result<(), Stop> {
    let head = &checked.head;
    let (code, name, node) = (head.gemeente, &head.name, head.node);
    let keys = match checked.has_keys {
        true => ("met sleutels", "with keys"),
        false => ("zonder sleutels", "without keys"),
    };
    output.say(&Message::with(
        format!("Hele reservekopie van {code} {name}, {}\n  node {node}", keys.0),
        format!("Whole backup of {code} {name}, {}\n  node {node}", keys.1),
    ))?;
    let Some(totals) = checked.totals else {
        return output.say(&Message::new(
            "  de inhoud is zonder sleutels niet na te kijken: geef --keys MAP",
            "  the content cannot be checked without keys: give --keys DIR",
        ));
    };
    let (logs, entries) = (
        amount::of(totals.logs, "log", "logs"),
        amount::of(totals.entries, "entry", "entries"),
    );
    let (erased, missing, vault) = (totals.erased, totals.missing, totals.vault_bytes);
    let nl = amount::of(totals.statements, "verklaring", "verklaringen");
    let en = amount::of(totals.statements, "statement", "statements");
    output.say(&Message::with(
        format!(
            "  {nl}, {logs}, {entries} ({erased} gewist), kluis van {vault} bytes{}",
            match missing {
                0 => String::new(),
                missing => format!("; {missing} entries waren niet te lezen en komen van andere nodes"),
            }
        ),
        format!(
            "  {en}, {logs}, {entries} ({erased} erased), vault of {vault} bytes{}",
            match missing {
                0 => String::new(),
                missing => format!("; {missing} entries could not be read and come from other nodes"),
            }
        ),
    ))
}

fn tell_next(into: &Path, alone: bool, output: &mut Output<'_>) -> Result<(), Stop> {
    let dir = into.display();
    output.say(&Message::with(
        format!("De node staat in {dir}. Verder met: leerkring node --dir {dir}"),
        format!("The node is in {dir}. Go on with: leerkring node --dir {dir}"),
    ))?;
    if !alone {
        output.say(&Message::new(
            "Zij toont pas iets als andere nodes vertelden wat sindsdien is ingetrokken; leerkring status zegt op wie zij wacht",
            "It shows nothing before other nodes told what was withdrawn since; leerkring status says for whom it waits",
        ))?;
    }
    if Home::new(into).key("root").exists() {
        return Ok(());
    }
    output.say(&Message::new(
        "root.key en next-root.key staan in geen reservekopie: zet uw kopie in keys/ als u voor de gemeente moet tekenen",
        "root.key and next-root.key are in no backup: put your copy in keys/ when you have to sign for the gemeente",
    ))
}
