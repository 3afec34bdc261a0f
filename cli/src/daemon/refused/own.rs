//! What of a node's own files is refused: a key that is another, a store that knows nothing any more, and what others can reach.

use std::path::Path;

use node::runtime::RunError;

use super::{PUT_BACK_KEY, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(super) fn other_key(error: RunError) -> CommandError {
    let RunError::OtherKey { key, public } = &error else {
        return super::of_stop(error);
    };
    let (key, public) = (key.display(), public.display());
    let what = (
        format!("{key} is niet de sleutel waarmee deze node begon: die hoort bij {public}"),
        format!("{key} is not the key that this node began with: that one belongs to {public}"),
    );
    told(Exit::Input, what, PUT_BACK_KEY, error)
}

pub(super) fn store_lost(error: RunError) -> CommandError {
    let RunError::StoreLost { path } = &error else {
        return super::of_stop(error);
    };
    let path = path.display();
    let what = (
        format!("{path} kent de federatie van deze node niet meer: de opslag is weg of leeg"),
        format!("{path} does not know the federation of this node any more: the store is gone or empty"),
    );
    let hint = (
        "zet de map terug uit een reservekopie, of maak de opslag opnieuw met leerkring doctor MAP en neem het handvest van een \
         andere node over (leerkring charter export daar, leerkring charter import hier)",
        "put the folder back from a backup, or make the store anew with leerkring doctor DIR and take in the charter of another \
         node (leerkring charter export there, leerkring charter import here)",
    );
    told(Exit::Input, what, hint, error)
}

pub(super) fn open_to_others(path: &Path, mode: u32, directory: bool, error: RunError) -> CommandError {
    let path = path.display();
    let what = (
        format!("anderen kunnen bij wat van deze node alleen is: {path} heeft rechten {mode:03o}"),
        format!("others can reach what is this node's alone: {path} has mode {mode:03o}"),
    );
    let hint = match directory {
        true => ("chmod 700 op die map", "chmod 700 on that folder"),
        false => ("chmod 600 op dat bestand", "chmod 600 on that file"),
    };
    told(Exit::Permission, what, hint, error)
}
