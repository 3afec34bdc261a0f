//! Why there is no backup, or no node of one.

use std::io;
use std::path::Path;

use node::runtime::BackupError;

use super::{of_replica, of_run, of_vault, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(in crate::daemon) fn of_backup(error: BackupError) -> CommandError {
    match error {
        BackupError::Run(error) => of_run(error),
        BackupError::Vault(error) => of_vault(error),
        BackupError::Replica(error) => of_replica(error),
        BackupError::Io { ref path, ref source } if is_gone(path, source) => no_folder(&path.clone(), error),
        BackupError::Io { path, source } => CommandError::of_file(&path, source),
        BackupError::Exists { ref path } => {
            let path = path.display();
            let what = (
                format!("{path} bestaat al: er wordt niets overschreven"),
                format!("{path} exists already: nothing is written over"),
            );
            let hint = (
                "kies een andere naam; wat op .half eindigt is de rest van iets dat is afgebroken en mag weg",
                "choose another name; what ends in .half is left of something that was cut short and may go",
            );
            told(Exit::Conflict, what, hint, error)
        }
        BackupError::Inside { ref path } => inside(&path.clone(), error),
        BackupError::Damaged { ref path, what } => {
            let (path, nl) = (path.display(), damage_nl(what));
            let what = (
                format!("{path} is geen hele reservekopie: {nl}"),
                format!("{path} is no whole backup: {what}"),
            );
            let hint = ("gebruik een andere reservekopie", "use another backup");
            told(Exit::Input, what, hint, error)
        }
        BackupError::Newer { ref path } => {
            let path = path.display();
            let what = (
                format!("{path} is door een nieuwere versie gemaakt"),
                format!("{path} was made by a newer version"),
            );
            told(Exit::Conflict, what, super::NEWER, error)
        }
        BackupError::NoKeys => {
            let what = (
                "deze reservekopie is zonder sleutels gemaakt",
                "this backup was made without keys",
            );
            let hint = (
                "geef met --keys de map met node.key, storage.key en vault.key",
                "give the folder with node.key, storage.key and vault.key with --keys",
            );
            told(Exit::Input, what, hint, error)
        }
        BackupError::WrongKey => {
            let what = (
                "storage.key is niet de sleutel waarmee deze reservekopie is verzegeld",
                "storage.key is not the key that this backup is sealed with",
            );
            let hint = (
                "geef met --keys de sleutels van die node",
                "give the keys of that node with --keys",
            );
            told(Exit::Input, what, hint, error)
        }
        BackupError::Call(_) => {
            let what = ("de node stopt", "the node is stopping");
            let hint = (
                "probeer het opnieuw als zij gestopt is",
                "try again once it has stopped",
            );
            told(Exit::Conflict, what, hint, error)
        }
    }
}

/// Where it would burn with what it is of.
fn inside(path: &Path, error: BackupError) -> CommandError {
    let path = path.display();
    let what = (
        format!("{path} staat in de map van de node zelf, en gaat met haar verloren"),
        format!("{path} is in the folder of the node itself, and is lost with it"),
    );
    let hint = (
        "kies een plaats op een andere schijf of machine",
        "choose a place on another disk or machine",
    );
    told(Exit::Conflict, what, hint, error)
}

/// Whether what is written first, under a name of our own, has no folder to be written in.
fn is_gone(path: &Path, source: &io::Error) -> bool {
    let half = path.to_string_lossy().ends_with(".half");
    half && source.kind() == io::ErrorKind::NotFound
}

fn no_folder(half: &Path, error: BackupError) -> CommandError {
    let folder = half.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).display();
    let what = (
        format!("de map {folder} bestaat niet"),
        format!("the folder {folder} does not exist"),
    );
    let hint = (
        "maak die map, of koppel de schijf aan, en probeer het opnieuw",
        "make that folder, or mount the disk, and try again",
    );
    told(Exit::Input, what, hint, error)
}

fn damage_nl(what: &str) -> &str {
    match what {
        "it breaks off" => "hij breekt af",
        "its hash is another" => "de hash aan het eind klopt niet",
        "it does not begin as one" => "hij begint niet als een reservekopie",
        "an entry in it is not what was signed" => "een entry erin is niet wat er is ondertekend",
        "a part was changed, or stands in another place" => "een deel is veranderd of verplaatst",
        _ => "een deel ervan is niet te lezen",
    }
}
