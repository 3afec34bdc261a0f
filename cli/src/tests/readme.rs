//! README types nothing that the executable would refuse to read: every command line in it, also those that a service or
//! a timer starts, goes through the parser.

use std::ffi::OsString;

use protocol::api::Lang;

use crate::args::{self, Command, Read};
use crate::exit::Exit;

const README: &str = include_str!("../../../README.md");

/// The lines inside the blocks of this kind.
fn blocks(kind: &str) -> Vec<&'static str> {
    let mut within = None;
    let mut found = Vec::new();
    for line in README.lines() {
        match (line.strip_prefix("```"), within) {
            (Some(opened), None) => within = Some(opened),
            (Some(_), Some(_)) => within = None,
            (None, Some(opened)) if opened == kind => found.push(line),
            (None, _) => {}
        }
    }
    found
}

/// What follows the name of the executable, as a shell would take it apart.
fn words(line: &str) -> Option<Vec<OsString>> {
    let starts = ["leerkring", "/usr/local/bin/leerkring", "target/release/leerkring"];
    let mut words = Vec::new();
    for (at, part) in line.split('\'').enumerate() {
        match at % 2 {
            0 => words.extend(part.split_whitespace().map(OsString::from)),
            _ => words.push(part.into()),
        }
    }
    let name = words
        .iter()
        .rposition(|word| starts.iter().any(|start| word == *start))?;
    Some(words.split_off(name))
}

fn read(line: &str) -> Option<Command> {
    let read = args::read(&words(line)?, Lang::Nl, &|_| None);
    match read.unwrap_or_else(|error| panic!("{line}: {error}")) {
        Read::Typed(typed) => Some(typed.command),
        Read::Text(_) => None,
    }
}

#[test]
fn every_command_that_a_person_is_told_to_type_is_one() {
    let typed = blocks("console")
        .into_iter()
        .filter_map(|line| line.strip_prefix("$ "))
        .filter(|line| !line.contains(" install ") && !line.contains(" useradd "));
    let read = typed.filter_map(read).count();
    assert!(read > 40, "{read}");
}

#[test]
fn the_service_starts_a_node_and_may_write_where_it_is() {
    let unit = blocks("ini");
    let value = |name: &str| {
        let mut lines = unit
            .iter()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        lines.next_back().unwrap_or_else(|| panic!("no {name}"))
    };
    let Some(Command::Node(options)) = read(value("ExecStart")) else {
        panic!("{}", value("ExecStart"))
    };
    assert_eq!(options.dir.to_str(), Some(value("ReadWritePaths")));
    assert!(
        !options.offline && !options.stop_with_stdin,
        "a service has no standard input"
    );
    let hopeless = value("RestartPreventExitStatus").split(' ').map(|code| code.parse());
    let hopeless: Vec<u8> = hopeless.collect::<Result<_, _>>().unwrap();
    assert_eq!(hopeless, [Exit::Usage, Exit::Input, Exit::Permission].map(Exit::code));
}

#[test]
fn the_timer_makes_a_backup() {
    let lines = blocks("crontab");
    let made: Vec<Command> = lines
        .into_iter()
        .filter(|line| !line.starts_with('#'))
        .filter_map(read)
        .collect();
    assert!(matches!(made.as_slice(), [Command::Backup(_)]), "{made:?}");
}
