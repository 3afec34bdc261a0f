//! What is wrong with the settings of a node, and on which line.

use std::path::Path;

use node::runtime::ConfigError;
use protocol::gate::{HeadcountError, PEOPLE_MIN};

use super::{CONFIGURE, told};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate;

const MEND: (&str, &str) = ("verbeter die regel", "mend that line");

pub(in crate::daemon) fn of_config(error: ConfigError) -> CommandError {
    match error {
        ConfigError::Io { path, source } => CommandError::of_file(&path, source),
        ConfigError::Absent { ref path } => {
            let path = path.display();
            let what = (
                format!("hier is geen node: {path} bestaat niet"),
                format!("there is no node here: {path} does not exist"),
            );
            let hint = (
                "maak er een met leerkring init MAP --gemeente CODE",
                "make one with leerkring init DIR --gemeente CODE",
            );
            told(Exit::Input, what, hint, error)
        }
        ConfigError::Size { ref path, bytes } => {
            let path = path.display();
            let what = (
                format!("{path} is te groot voor instellingen: {bytes} bytes"),
                format!("{path} is too large for a configuration: {bytes} bytes"),
            );
            told(Exit::Input, what, CONFIGURE, error)
        }
        ConfigError::Address {
            ref path,
            line,
            ref address,
        } => of_address(&path.clone(), line, &address.clone(), error),
        ConfigError::Form {
            ref path,
            line,
            ref detail,
        } => {
            let path = path.display();
            let what = (
                format!(
                    "de instellingen kloppen niet: {path}, regel {line}: {}",
                    setting_nl(detail)
                ),
                format!("the configuration is not right: {path}, line {line}: {detail}"),
            );
            told(Exit::Input, what, MEND, error)
        }
        ConfigError::Headcount {
            ref path,
            line,
            ref source,
        } => {
            let (path, (nl, en)) = (path.display(), headcount(source));
            let what = (
                format!("de instellingen kloppen niet: {path}, regel {line}: {nl}"),
                format!("the configuration is not right: {path}, line {line}: {en}"),
            );
            told(Exit::Input, what, MEND, error)
        }
        ConfigError::CaseNumber { ref path, line, source } => {
            let (path, why) = (path.display(), gate::case_number(source));
            let what = (
                format!("de instellingen kloppen niet: {path}, regel {line}: {}", why.nl),
                format!("the configuration is not right: {path}, line {line}: {}", why.en),
            );
            told(Exit::Input, what, MEND, error)
        }
    }
}

fn headcount(error: &HeadcountError) -> (String, String) {
    match error {
        HeadcountError::Unknown { laag } => (
            format!("[headcount] noemt een laag die niet bestaat: {laag}"),
            format!("[headcount] names a laag that does not exist: {laag}"),
        ),
        HeadcountError::Absent { laag } => (
            format!(
                "[headcount] noemt {laag} niet; schrijf 0 als daar niemand werkt (onder de {PEOPLE_MIN} gaat een laag niet mee)"
            ),
            format!(
                "[headcount] leaves out {laag}; write 0 when nobody works there (below {PEOPLE_MIN} a laag is withheld)"
            ),
        ),
    }
}

/// What others would be told, and none of them could use.
fn of_address(path: &Path, line: usize, address: &str, error: ConfigError) -> CommandError {
    let path = path.display();
    let what = (
        format!(
            "de instellingen kloppen niet: {path}, regel {line}: {address:?} is geen adres dat een andere node kan gebruiken"
        ),
        format!(
            "the configuration is not right: {path}, line {line}: {address:?} is not an address that another node could use"
        ),
    );
    let hint = (
        "geef bij announce een adres als /dns4/leerkring.groningen.example/tcp/4001, of laat de regel weg",
        "give an address such as /dns4/leerkring.groningen.example/tcp/4001 at announce, or leave the line out",
    );
    told(Exit::Input, what, hint, error)
}

/// What is wrong with a setting, as far as the reader of TOML says it in a form we know.
fn setting_nl(detail: &str) -> String {
    let mut quoted = detail.split('`').skip(1).step_by(2);
    let first = quoted.next().unwrap_or_default();
    match detail {
        _ if detail.starts_with("unknown field") => format!("de instelling {first} bestaat niet"),
        _ if detail.starts_with("missing field") => format!("de instelling {first} ontbreekt"),
        _ if detail.starts_with("duplicate key") => "een instelling staat er twee keer".to_owned(),
        _ if detail.starts_with("unknown variant") => {
            let choices: Vec<&str> = quoted.collect();
            format!("{first} is hier geen keuze; kies uit {}", choices.join(", "))
        }
        _ if detail.starts_with("invalid type") => format!("hier hoort {}", sort_nl(detail)),
        _ if detail.starts_with("invalid value") => format!("{first} is hier te groot of te klein"),
        _ => format!("dit is niet te lezen als instelling ({detail})"),
    }
}

/// What the reader of TOML expected, in Dutch.
fn sort_nl(detail: &str) -> &'static str {
    match detail.split("expected ").nth(1).unwrap_or_default() {
        "a string" | "string" => "een tekst tussen aanhalingstekens",
        "a boolean" => "true of false",
        "a sequence" => "een lijst tussen [ en ]",
        number if number.starts_with(['u', 'i']) => "een heel getal",
        _ => "een waarde van een andere soort",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use node::runtime::{Config, Home};

    use super::*;

    const SOUND: &str =
        "gemeente = \"GM9901\"\nname = \"Zuiderwaard\"\nlisten = []\napi = \"127.0.0.1:0\"\nrelease = \"weekly\"\n";

    #[test]
    fn every_damage_of_the_settings_is_told_in_dutch_with_its_line() {
        let dir = std::env::temp_dir().join(format!("leerkring-settings-{}", std::process::id()));
        fs::create_dir_all(&dir).expect("a directory of our own");
        let home = Home::new(&dir);
        let read = |text: &str| {
            fs::write(home.config(), text).expect("our own file");
            Config::read(&home).map_err(|error| of_config(error).message.nl)
        };
        assert!(read(SOUND).is_ok());
        for (from, to, line, expected) in [
            ("listen", "listin", 3, "de instelling listin bestaat niet"),
            (
                "weekly",
                "dagelijks",
                5,
                "dagelijks is hier geen keuze; kies uit weekly, at-once",
            ),
            ("listen = []", "listen = 4", 3, "hier hoort een lijst tussen [ en ]"),
            (
                "api = \"127.0.0.1:0\"",
                "api = 80",
                4,
                "hier hoort een tekst tussen aanhalingstekens",
            ),
            ("release", "gossip = \"ja\"\nrelease", 5, "hier hoort true of false"),
            (
                "release",
                "member_mib = \"veel\"\nrelease",
                5,
                "hier hoort een heel getal",
            ),
            ("release", "member_mib = -1\nrelease", 5, "is hier te groot of te klein"),
            (
                "release",
                "api = \"127.0.0.1:1\"\nrelease",
                5,
                "een instelling staat er twee keer",
            ),
            ("name = \"Zuiderwaard\"\n", "", 1, "de instelling name ontbreekt"),
            (
                "release = \"weekly\"\n",
                "release = \"weekly\"\n[headcount]\nuitvoering = 9\n",
                6,
                "[headcount] noemt backoffice niet; schrijf 0 als daar niemand werkt",
            ),
            (
                "release",
                "zaaknummers = [\"Z/@@/@@\"]\nrelease",
                5,
                "een zaaknummer heeft ten minste 3 cijfers (#), niet 0",
            ),
            ("GM9901", "GM99", 1, "dit is niet te lezen als instelling"),
            (
                "\"127.0.0.1:0\"",
                "\"127.0.0.1:0",
                4,
                "dit is niet te lezen als instelling",
            ),
        ] {
            let told = read(&SOUND.replacen(from, to, 1)).expect_err(to);
            assert!(
                told.contains(&format!(", regel {line}: ")) && told.contains(expected),
                "{to}: {told}"
            );
        }
        fs::remove_dir_all(&dir).expect("our own directory");
    }
}
