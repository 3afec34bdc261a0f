//! What of a node's own files is refused: a key that is another, and what others can reach.

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
