//! Stories: Markdown that a person reads as a manual and a test plays as a script, so that the manual cannot be wrong.
//!
//! A story stands in `tests/stories`. What counts in it are its fenced blocks; the prose between them is for people.
//!
//! | block | what happens |
//! |---|---|
//! | ```` ```console ```` | each `$ command` is given to the shell in a fresh directory; what follows is what it prints |
//! | ```` ```console kromhoek ```` | the same, in the terminal of the node in `kromhoek` (`LEERKRING_NODE=kromhoek`) |
//! | ```` ```console kromhoek eventually ```` | the same, again and again until it prints that: another node needs a moment |
//! | ```` ```json signaal.json ```` | the block is written to that file (of any kind, as long as a name is given) |
//!
//! In what is printed, a line of only `...` stands for any lines, `[..]` for anything within a line, and `{naam}` for one word
//! that is remembered: later it means that word, also in a command. A last line `? 3` gives the exit code, which is 0 without
//! it. A command that ends with ` &` keeps running until the story is over; what is expected of it is what it prints first.
//!
//! - [`parse`]: a text becomes steps.
//! - [`expected`]: whether what was printed is what was expected.
//! - [`play`]: the steps are done, in a directory of their own.

pub mod expected;
pub mod parse;
pub mod play;

pub use parse::Story;
pub use play::play;
