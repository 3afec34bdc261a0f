//! What is wrong with a card, a charter or a step of the founding.

use node::runtime::{ArmorError, Entry, FoundingError, RootError};
use protocol::api::Message;
use protocol::charter::{NAME_BYTES_MAX, StatementError};

use super::{of_config, of_run, of_secret, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

pub(in crate::daemon) fn of_founding(error: FoundingError) -> CommandError {
    match error {
        error @ (FoundingError::Exists { .. } | FoundingError::NotEmpty { .. } | FoundingError::KeyExists { .. }) => {
            of_place(error)
        }
        error @ (FoundingError::NoFolder { .. } | FoundingError::SameFile | FoundingError::Address { .. }) => {
            of_place(error)
        }
        FoundingError::Io { path, source } => CommandError::of_file(&path, source),
        FoundingError::Secret(error) => of_secret(error),
        FoundingError::Itself(error) => of_run(error),
        error @ (FoundingError::IsNext | FoundingError::OneKey) => of_sticks(error),
        error @ (FoundingError::Replaced { .. } | FoundingError::OtherRoot { .. }) => of_sticks(error),
        FoundingError::Root(error) => of_root(error),
        FoundingError::Config(error) => of_config(error),
        FoundingError::Armor(error) => of_armor(error),
        FoundingError::Mailbox { ref text } => no_mailbox(&text.clone(), error),
        FoundingError::TooLong { ref text } => too_long(&text.clone(), error),
        FoundingError::Edition(ref why) => {
            let (nl, en) = of_statement(why);
            let what = (
                format!("van deze kaarten is geen handvest te maken: {nl}"),
                format!("these cards do not make a charter: {en}"),
            );
            let hint = (
                "geef van elke andere gemeente één kaart, de laatste die zij maakte",
                "give one card of each other gemeente, the last that it made",
            );
            told(Exit::Input, what, hint, error)
        }
        FoundingError::NoEdition => {
            let what = (
                "dit handvest zegt niet wie er stichten",
                "this charter does not say who found the federation",
            );
            let hint = (
                "vraag het hele bestand aan wie het opstelde",
                "ask who wrote it for the whole file",
            );
            told(Exit::Input, what, hint, error)
        }
        FoundingError::Altered { gemeente, entry: part } => {
            let part = entry(part);
            let what = (
                format!(
                    "dit handvest noemt {gemeente} anders dan haar eigen kaart; wat verschilt: {}",
                    part.nl
                ),
                format!(
                    "this charter lists {gemeente} otherwise than its own card; what differs: {}",
                    part.en
                ),
            );
            let hint = (
                "teken het niet: bel de opsteller, en geef hem uw kaart nog eens (leerkring charter card)",
                "do not sign it: call who wrote it, and give your card once more (leerkring charter card)",
            );
            told(Exit::Conflict, what, hint, error)
        }
        FoundingError::NotListed { gemeente } => {
            let what = (
                format!("dit handvest noemt {gemeente} niet met de sleutel van deze node"),
                format!("this charter does not list {gemeente} with the key of this node"),
            );
            told(Exit::Input, what, GIVE_CARD, error)
        }
    }
}

/// Part of what an edition says of a member.
pub(in crate::daemon) fn entry(entry: Entry) -> Message {
    match entry {
        Entry::Nodes => Message::new("de sleutel van de node", "the key of the node"),
        Entry::NextRoot => Message::new("de volgende wortelsleutel", "the next root key"),
        Entry::Role => Message::new("of zij stemt", "whether it votes"),
        Entry::Name => Message::new("de naam", "the name"),
        Entry::Mailbox => Message::new("de postbus", "the mailbox"),
        Entry::Addresses => Message::new("de adressen", "the addresses"),
    }
}

/// Files that hold other root keys than they should: nobody else did anything wrong.
fn of_sticks(error: FoundingError) -> CommandError {
    let (what, hint) = match &error {
        FoundingError::IsNext => (
            (
                "dit is de volgende wortelsleutel, niet de wortelsleutel: de twee bestanden zijn verwisseld".to_owned(),
                "this is the next root key, not the root key: the two files are swapped".to_owned(),
            ),
            (
                "geef met --root-key het bestand van de wortelsleutel, en met --next-root-key dat van de volgende",
                "give the file of the root key with --root-key, and that of the next one with --next-root-key",
            ),
        ),
        FoundingError::OneKey => (
            (
                "in beide bestanden staat dezelfde wortelsleutel".to_owned(),
                "both files hold the same root key".to_owned(),
            ),
            (
                "geef met --next-root-key het bestand van de volgende wortelsleutel",
                "give the file of the next root key with --next-root-key",
            ),
        ),
        FoundingError::Replaced { gemeente } => (
            (
                format!("deze wortelsleutel van {gemeente} is vervangen door de volgende"),
                error.to_string(),
            ),
            (
                "geef met --root-key het bestand waar leerkring keys rotate de wortelsleutel in zette",
                "give the file with --root-key in which leerkring keys rotate put the root key",
            ),
        ),
        FoundingError::OtherRoot { gemeente } => (
            (
                format!("dit is niet de wortelsleutel van {gemeente} die deze node kent"),
                error.to_string(),
            ),
            (
                "geef de sleutel waarmee deze node is gemaakt (leerkring init); is het de stick van een andere gemeente?",
                "give the key that this node was made with (leerkring init); is it the stick of another gemeente?",
            ),
        ),
        other => unreachable!("{other} is not about a root key"),
    };
    told(Exit::Input, what, hint, error)
}

/// What is wrong with where a node or a key is to be.
fn of_place(error: FoundingError) -> CommandError {
    match error {
        FoundingError::Exists { ref path } => {
            let path = path.display();
            let what = (
                format!("er is al een node in {path}"),
                format!("there is a node in {path} already"),
            );
            told(Exit::Conflict, what, OTHER_FOLDER, error)
        }
        FoundingError::NotEmpty { ref path } => {
            let path = path.display();
            let what = (format!("{path} is niet leeg"), format!("{path} is not empty"));
            let hint = (
                "kies een nieuwe map: init sluit haar af voor ieder ander",
                "choose a new folder: init closes it to everybody else",
            );
            told(Exit::Conflict, what, hint, error)
        }
        FoundingError::KeyExists { ref path } => {
            let path = path.display();
            let what = (
                format!("er is al een bestand {path}; een sleutel wordt nooit overschreven"),
                format!("there is a file {path} already; a key is never written over"),
            );
            let hint = (
                "geef een ander bestand; is dit van een init die mislukte, haal het dan eerst weg",
                "give another file; when this is of an init that failed, take it away first",
            );
            told(Exit::Conflict, what, hint, error)
        }
        FoundingError::NoFolder { ref path } => {
            let path = path.display();
            let what = (
                format!("de map {path} bestaat niet: daar kan geen sleutel in"),
                format!("the folder {path} does not exist: no key can be put there"),
            );
            let hint = (
                "maak die map, of koppel de stick aan; er is nog niets gemaakt",
                "make that folder, or mount the stick; nothing was made yet",
            );
            told(Exit::Input, what, hint, error)
        }
        FoundingError::SameFile => {
            let what = (
                "de wortelsleutel en de volgende kunnen niet in één bestand",
                "the root key and the next one cannot be in one file",
            );
            let hint = (
                "bewaar de volgende ergens anders: zij is er voor als de eerste gestolen wordt",
                "keep the next one elsewhere: it is there for when the first one is stolen",
            );
            told(Exit::Usage, what, hint, error)
        }
        FoundingError::Address { ref address } => {
            let what = (
                format!("{address:?} is geen adres dat een andere node kan gebruiken"),
                format!("{address:?} is not an address that another node could use"),
            );
            let hint = (
                "geef een adres als /ip4/192.0.2.1/tcp/4001",
                "give an address such as /ip4/192.0.2.1/tcp/4001",
            );
            told(Exit::Input, what, hint, error)
        }
        other => unreachable!("{other} is not about a place"),
    }
}

const OTHER_FOLDER: (&str, &str) = (
    "kies een andere map, of start de node die er is",
    "choose another folder, or start the node",
);

/// There is no root key to sign with.
pub(in crate::daemon) fn of_root(error: RootError) -> CommandError {
    match error {
        RootError::Absent { ref path } => {
            let path = path.display();
            let what = (
                format!("de wortelsleutel is er niet: {path} bestaat niet"),
                format!("the root key is not there: {path} does not exist"),
            );
            let hint = (
                "haal de sleutel waar hij bewaard wordt en noem het bestand: --root-key BESTAND (de volgende: \
                 --next-root-key BESTAND)",
                "get the key from where it is kept and name the file: --root-key FILE (the next one: --next-root-key FILE)",
            );
            told(Exit::Input, what, hint, error)
        }
        RootError::NextAbsent { ref path } => {
            let path = path.display();
            let what = (
                format!("de volgende wortelsleutel is er niet: {path} bestaat niet"),
                format!("the next root key is not there: {path} does not exist"),
            );
            let hint = (
                "haal de sleutel waar hij bewaard wordt en noem het bestand: --next-root-key BESTAND",
                "get the key from where it is kept and name the file: --next-root-key FILE",
            );
            told(Exit::Input, what, hint, error)
        }
        RootError::Secret(error) => of_secret(error),
    }
}

fn no_mailbox(text: &str, error: FoundingError) -> CommandError {
    let what = (
        format!("{text:?} is geen e-mailadres van een functie"),
        format!("{text:?} is no e-mail address of a function"),
    );
    let hint = (
        "geef een adres als leren@gemeente.example, of laat --mailbox weg",
        "give an address such as leren@gemeente.example, or leave --mailbox out",
    );
    told(Exit::Input, what, hint, error)
}

fn too_long(text: &str, error: FoundingError) -> CommandError {
    let (bytes, shown) = (text.len(), text.chars().take(24).collect::<String>());
    let what = (
        format!("{shown:?}... is te lang: {bytes} bytes, op een kaart passen er {NAME_BYTES_MAX}"),
        format!("{shown:?}... is too long: {bytes} bytes, a card carries {NAME_BYTES_MAX}"),
    );
    let hint = ("geef een kortere naam of mailbox", "give a shorter name or mailbox");
    told(Exit::Input, what, hint, error)
}

pub(super) const GIVE_CARD: (&str, &str) = (
    "geef de opsteller de kaart van deze node (leerkring charter card); een tweede node doet eerst leerkring join UITNODIGING",
    "give the card of this node (leerkring charter card) to who wrote it; a second node first does leerkring join INVITATION",
);

/// Why something is no statement, or none that holds.
pub(super) fn of_statement(error: &StatementError) -> (String, String) {
    let (nl, en) = match error {
        StatementError::Form(_) => (
            "het is geen kaart of verklaring in de vorm die deze versie kent",
            "it is no card or statement of a form that this version knows",
        ),
        StatementError::Signature => (
            "de handtekening hoort er niet bij: er is iets aan veranderd",
            "the signature does not belong to it: something was changed",
        ),
        StatementError::Content(what) => (content_nl(what), *what),
    };
    (nl.to_owned(), en.to_owned())
}

fn content_nl(what: &str) -> &str {
    match what {
        "members are not in order of code, each once" => "een gemeente staat er twee keer in",
        "a root key stands twice" => "twee gemeenten hebben dezelfde sleutel",
        "a next root key stands twice" => "twee gemeenten hebben dezelfde volgende sleutel",
        "a next root key is a root key" => "de volgende sleutel van een gemeente is er al een",
        "a node key is listed and ends" => "een node staat erin en houdt op",
        "a gemeente that is no more is a member, or its successor is none" => {
            "wie opgaat staat er nog in, of de opvolger niet"
        }
        "who is suspended is no member" => "wie geschorst is staat er niet in",
        "edition 0 has nothing to end" => "er houdt al iets op voordat het begint",
        "a node key stands twice" => "een node staat er twee keer in",
        "no voting member" => "niemand erin stemt",
        "no such gemeente code" => "er staat een code in die geen gemeente heeft",
        "it has fields unknown here" => "het is van een nieuwere versie",
        "a member is voting or reading" => "een lid stemt of leest mee, iets anders is er niet",
        "only edition 0 has no previous edition" => "het volgt op geen eerdere editie",
        _ => "het spreekt zichzelf tegen",
    }
}

/// A file of ours that belongs to another command.
fn other_paper(heading: &'static str, error: ArmorError) -> CommandError {
    let (what, hint) = match heading.split('-').nth(1).unwrap_or_default() {
        "kaart" => (
            ("dit is een kaart", "this is a card"),
            (
                "geef haar aan leerkring charter new of leerkring charter propose --add; leerkring charter show BESTAND toont haar",
                "give it to leerkring charter new or leerkring charter propose --add; leerkring charter show FILE shows it",
            ),
        ),
        "uitnodiging" => (
            ("dit is een uitnodiging", "this is an invitation"),
            (
                "neem haar over met leerkring join BESTAND",
                "take it in with leerkring join FILE",
            ),
        ),
        "verzoek" => (
            (
                "dit is een verzoek van een tweede node",
                "this is the request of a second node",
            ),
            (
                "certificeer die node met leerkring keys certify BESTAND",
                "certify that node with leerkring keys certify FILE",
            ),
        ),
        _ => (
            ("dit is een handvest", "this is a charter"),
            (
                "teken het met leerkring charter endorse BESTAND, of neem het over met leerkring charter import BESTAND",
                "sign it with leerkring charter endorse FILE, or take it in with leerkring charter import FILE",
            ),
        ),
    };
    told(Exit::Input, what, hint, error)
}

pub(in crate::daemon) fn of_armor(error: ArmorError) -> CommandError {
    let what = match &error {
        ArmorError::Heading { found: Some(found), .. } => return other_paper(found, error),
        ArmorError::Heading { expected, found: None } => (
            format!("dit is niet het goede bestand: de eerste regel is niet {expected:?}"),
            format!("this is not the right file: the first line is not {expected:?}"),
        ),
        ArmorError::Size { bytes, limit } => (
            format!("het bestand is te groot: {bytes} bytes, de grens is {limit}"),
            format!("the file is too large: {bytes} bytes, the limit is {limit}"),
        ),
        ArmorError::Hexadecimal { line } => (
            format!("regel {line} is beschadigd: er staan andere tekens dan 0-9 en a-f"),
            format!("line {line} is damaged: it has other characters than 0-9 and a-f"),
        ),
        ArmorError::Content { line, source } => {
            let (nl, en) = of_statement(source);
            (
                format!("regel {line} klopt niet: {nl}"),
                format!("line {line} is not right: {en}"),
            )
        }
        ArmorError::Empty => (
            "onder de eerste regel staat niets".to_owned(),
            "there is nothing below the first line".to_owned(),
        ),
    };
    let hint = (
        "vraag het bestand opnieuw, onveranderd",
        "ask for the file again, unchanged",
    );
    told(Exit::Input, what, hint, error)
}
