//! What is wrong with the settings of a node, and on which line.

use std::path::Path;

use node::runtime::{ConfigError, Setting};
use protocol::api::Message;
use protocol::gate::{HeadcountError, PEOPLE_MIN};

use super::{CONFIGURE, told};
use crate::account;
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::gate;

const MEND: (&str, &str) = ("verbeter die regel", "mend that line");

pub(in crate::daemon) fn of_config(error: ConfigError) -> CommandError {
    match error {
        ConfigError::Io { path, source } => CommandError::of_file(&path, source),
        ConfigError::Absent { ref path } => absent(&path.clone(), error),
        ConfigError::Size { ref path, bytes } => {
            let path = path.display();
            let what = (
                format!("{path} is te groot voor instellingen: {bytes} bytes"),
                format!("{path} is too large for a configuration: {bytes} bytes"),
            );
            told(Exit::Input, what, CONFIGURE, error)
        }
        ConfigError::OtherAccount { ref path, account } => other_account(&path.clone(), account, error),
        ConfigError::Setting {
            ref path,
            line,
            ref setting,
        } => of_setting(&path.clone(), line, &setting.clone(), error),
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

fn absent(path: &Path, error: ConfigError) -> CommandError {
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

/// What only who may do everything could do, and what the account of the node could not go on with.
fn other_account(path: &Path, account: u32, error: ConfigError) -> CommandError {
    let (path, name) = (path.display(), account::name_of(account));
    let what = (
        format!(
            "{path} is van het account {name}, en dat is niet wie dit typt: wat er nu in komt kan de node niet lezen"
        ),
        format!(
            "{path} is of the account {name}, which is not who types this: the node could not read what is put into it now"
        ),
    );
    // Which sudo takes for an account without a name.
    let who = name
        .strip_prefix("uid-")
        .map_or(name.clone(), |number| format!("'#{number}'"));
    let hint = Message::with(
        format!("doe het als dat account: sudo -u {who} leerkring ..."),
        format!("do it as that account: sudo -u {who} leerkring ..."),
    );
    told(Exit::Permission, what, CONFIGURE, error).hinting(hint)
}

/// A setting that can be read and cannot be meant.
fn of_setting(path: &Path, line: usize, setting: &Setting, error: ConfigError) -> CommandError {
    let (path, why) = (path.display(), meant(setting));
    let what = (
        format!("de instellingen kloppen niet: {path}, regel {line}: {}", why.nl),
        format!("the configuration is not right: {path}, line {line}: {}", why.en),
    );
    told(Exit::Input, what, MEND, error).hinting(mended(setting))
}

/// What is wrong with it.
fn meant(setting: &Setting) -> Message {
    match setting {
        Setting::Name => Message::new(
            "name is leeg: een gemeente zonder naam herkent niemand op een kaart",
            "name is empty: nobody recognises a gemeente without a name on a card",
        ),
        Setting::Mailbox(mailbox) => Message::with(
            format!("mailbox is geen e-mailadres: {mailbox:?}"),
            format!("mailbox is no e-mail address: {mailbox:?}"),
        ),
        Setting::MemberMib => Message::new(
            "member_mib is 0: van geen andere gemeente zou nog iets binnenkomen",
            "member_mib is 0: nothing of any other gemeente would come in",
        ),
        Setting::SqlSeconds(seconds) => Message::with(
            format!("sql_seconds is {seconds}: een zoekvraag krijgt 1 tot 60 seconden"),
            format!("sql_seconds is {seconds}: a question in SQL gets 1 to 60 seconds"),
        ),
        Setting::Gemeente { written, speaks } => Message::with(
            format!("gemeente is {written}, en deze node spreekt voor {speaks}"),
            format!("gemeente is {written}, and this node speaks for {speaks}"),
        ),
    }
}

/// What to do about it.
fn mended(setting: &Setting) -> Message {
    match setting {
        Setting::Name => Message::new(
            "zet de naam van de eigen gemeente terug, bijvoorbeeld: name = \"Zuiderwaard\"",
            "put the name of your own gemeente back, for instance: name = \"Zuiderwaard\"",
        ),
        Setting::Mailbox(_) => Message::new(
            "geef het adres van een functie, zoals leren@gemeente.example, of laat de regel weg",
            "give the address of a function, such as leren@gemeente.example, or leave the line out",
        ),
        Setting::MemberMib => Message::new(
            "laat de regel weg (256), of geef hoeveel MiB de logs van een andere gemeente hier mogen innemen",
            "leave the line out (256), or give how many MiB the logs of one other gemeente may take here",
        ),
        Setting::SqlSeconds(_) => Message::new(
            "laat de regel weg (10), of geef een aantal van 1 tot 60",
            "leave the line out (10), or give a number from 1 to 60",
        ),
        Setting::Gemeente { speaks, .. } => Message::with(
            format!("zet gemeente = \"{speaks}\" terug; een andere gemeente heeft een eigen node (leerkring init)"),
            format!("put gemeente = \"{speaks}\" back; another gemeente has a node of its own (leerkring init)"),
        ),
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
    use std::path::PathBuf;

    use node::runtime::{Config, Home};

    use super::*;

    const SOUND: &str =
        "gemeente = \"GM9901\"\nname = \"Zuiderwaard\"\nlisten = []\napi = \"127.0.0.1:0\"\nrelease = \"weekly\"\n";

    /// What stands there, what is put in its place, on which line that is wrong, and what is said.
    const WRONG: [(&str, &str, usize, &str); 17] = [
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
        ("Zuiderwaard", "", 2, "name is leeg"),
        (
            "release",
            "mailbox = \"jan\"\nrelease",
            5,
            "mailbox is geen e-mailadres: \"jan\"",
        ),
        ("release", "member_mib = 0\nrelease", 5, "member_mib is 0"),
        ("release", "sql_seconds = 61\nrelease", 5, "sql_seconds is 61"),
        ("GM9901", "GM99", 1, "dit is niet te lezen als instelling"),
        (
            "\"127.0.0.1:0\"",
            "\"127.0.0.1:0",
            4,
            "dit is niet te lezen als instelling",
        ),
    ];

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
        for (from, to, line, expected) in WRONG {
            let told = read(&SOUND.replacen(from, to, 1)).expect_err(to);
            assert!(
                told.contains(&format!(", regel {line}: ")) && told.contains(expected),
                "{to}: {told}"
            );
        }
        fs::remove_dir_all(&dir).expect("our own directory");
    }

    #[test]
    fn what_is_of_another_account_is_told_with_whom_and_what_to_type() {
        let told = |account| {
            let path = PathBuf::from("/var/lib/leerkring/groningen");
            let told = of_config(ConfigError::OtherAccount { path, account });
            assert_eq!(told.exit, Exit::Permission);
            (
                told.message.nl.to_string(),
                told.hint.expect("what to do").nl.to_string(),
            )
        };
        let (what, hint) = told(0);
        assert!(what.contains("van het account root"), "{what}");
        assert_eq!(hint, "doe het als dat account: sudo -u root leerkring ...");
        let (what, hint) = told(4_000_000_001);
        assert!(what.contains("van het account uid-4000000001"), "{what}");
        assert!(hint.ends_with("sudo -u '#4000000001' leerkring ..."), "{hint}");
    }
}
