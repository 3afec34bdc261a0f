//! Tests of the document room: the validator against hand-made and mutated changes, reading against automerge.

mod columns;
mod differential;
mod forge;
pub(crate) mod growing;
mod hostile;
mod limits;
mod mapping;
mod merging;
mod mutations;
mod samples;
