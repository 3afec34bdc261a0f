//! The one message with which a command fails: what is wrong, where, what to do, and the exit code.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use protocol::api::{Lang, Message, Problem, ProblemKind};

use crate::exit::Exit;

/// Why a command failed.
#[derive(Debug)]
pub struct CommandError {
    /// How the command ends.
    pub exit: Exit,
    /// What is wrong, and where.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
    /// Which problem of the API it is, when the node told it.
    pub problem: Option<ProblemKind>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CommandError {
    /// A failure with this ending.
    #[must_use]
    pub fn new(exit: Exit, message: Message) -> Self {
        Self {
            exit,
            message,
            hint: None,
            problem: None,
            source: None,
        }
    }

    /// The same failure with what to do about it.
    #[must_use]
    pub fn hinting(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same failure with what caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A failure that the node told us, already in the language we asked for.
    #[must_use]
    pub fn of_problem(problem: &Problem, lang: Lang) -> Self {
        let place = place(problem, lang);
        let allowed = problem.toegestaan.join(", ");
        let allowed = match allowed.as_str() {
            "" => String::new(),
            list if problem.detail.contains(list) => String::new(),
            list => format!(" ({list})"),
        };
        let told = |text: String| Message::with(text.clone(), text);
        let message = told(format!("{place}{}{allowed}", problem.detail));
        let mut error = Self::new(Exit::of_problem(problem.known_kind()), message);
        error.hint = problem.hint.clone().map(told);
        error.problem = problem.known_kind();
        error
    }

    /// A file or folder that cannot be used.
    #[must_use]
    pub fn of_file(path: &Path, error: io::Error) -> Self {
        let shown = path.display();
        let (exit, message, hint) = match error.kind() {
            io::ErrorKind::NotFound => (
                Exit::Input,
                Message::with(format!("{shown} bestaat niet"), format!("{shown} does not exist")),
                Message::new("controleer de naam", "check the name"),
            ),
            io::ErrorKind::PermissionDenied => (
                Exit::Permission,
                Message::with(format!("geen toegang tot {shown}"), format!("no access to {shown}")),
                Message::new(
                    "voer de opdracht uit als de gebruiker van de node, of pas de rechten aan",
                    "run the command as the user of the node, or change the permissions",
                ),
            ),
            io::ErrorKind::AlreadyExists => (
                Exit::Conflict,
                Message::with(format!("{shown} bestaat al"), format!("{shown} exists already")),
                Message::new("kies een andere naam", "choose another name"),
            ),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
                Exit::Conflict,
                Message::with(
                    format!("de schijf is vol: geen ruimte voor {shown}"),
                    format!("the disk is full: no space left for {shown}"),
                ),
                Message::new("maak ruimte en probeer opnieuw", "make room and try again"),
            ),
            _ => {
                let words = system_words(&error);
                (
                    Exit::Input,
                    Message::with(
                        format!("{shown} is niet te gebruiken: {}", words.nl),
                        format!("{shown} cannot be used: {}", words.en),
                    ),
                    Message::new("controleer bestand en schijf", "check the file and the disk"),
                )
            }
        };
        Self::new(exit, message).hinting(hint).caused_by(error)
    }

    /// The failure for a person: one line of what is wrong and, indented, what to do.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let label = match lang {
            Lang::Nl => "fout",
            Lang::En => "error",
        };
        let mut text = format!("{label}: {}\n", self.message.text(lang));
        if let Some(hint) = &self.hint {
            let label = match lang {
                Lang::Nl => "wat te doen",
                Lang::En => "what to do",
            };
            text += &format!("  {label}: {}\n", hint.text(lang));
        }
        text
    }

    /// The failure for a program: one line of JSON.
    #[must_use]
    pub fn json(&self, lang: Lang) -> String {
        let value = serde_json::json!({
            "fout": self.message.text(lang),
            "hint": self.hint.as_ref().map(|hint| hint.text(lang)),
            "exit": self.exit.code(),
        });
        format!("{value}\n")
    }
}

/// What the system said about a file or a port, in the language of the user as far as we know the case.
#[must_use]
pub fn system_words(error: &io::Error) -> Message {
    let (nl, en) = match error.kind() {
        io::ErrorKind::NotFound => ("het bestaat niet", "it does not exist"),
        io::ErrorKind::PermissionDenied => ("geen toegang", "no permission"),
        io::ErrorKind::AlreadyExists => ("het bestaat al", "it exists already"),
        io::ErrorKind::StorageFull => ("de schijf is vol", "the disk is full"),
        io::ErrorKind::QuotaExceeded => ("het quotum is op", "the quota is used up"),
        io::ErrorKind::ReadOnlyFilesystem => ("de schijf is alleen te lezen", "the disk can only be read"),
        io::ErrorKind::NotADirectory => ("een deel van het pad is geen map", "part of the path is no folder"),
        io::ErrorKind::IsADirectory => ("het is een map", "it is a folder"),
        io::ErrorKind::InvalidData => ("het is geen leesbare tekst", "it is no readable text"),
        io::ErrorKind::AddrInUse => ("er luistert al een ander programma", "another program listens there"),
        io::ErrorKind::AddrNotAvailable => (
            "deze machine heeft dat adres niet",
            "this machine does not have that address",
        ),
        io::ErrorKind::ResourceBusy => ("het is in gebruik", "it is in use"),
        _ => {
            return Message::with(
                format!("het systeem meldt: {error}"),
                format!("the system says: {error}"),
            );
        }
    };
    Message::new(nl, en)
}

/// The place in the body that a problem is about, as `regel 3, kolom 7, thema[1]: `, as far as the sentence itself
/// does not name it.
fn place(problem: &Problem, lang: Lang) -> String {
    let (line, column) = match lang {
        Lang::Nl => ("regel", "kolom"),
        Lang::En => ("line", "column"),
    };
    let line = problem.regelnummer.map(|number| format!("{line} {number}"));
    let column = problem.kolom.map(|number| format!("{column} {number}"));
    let field = problem.pad.clone().filter(|field| !problem.detail.starts_with(field));
    let places = [line, column]
        .into_iter()
        .flatten()
        .filter(|place| !problem.detail.contains(place));
    let parts: Vec<String> = places.chain(field).collect();
    match parts.as_slice() {
        [] => String::new(),
        parts => format!("{}: ", parts.join(", ")),
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.en)
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(detail: &str) -> String {
        let problem = Problem {
            kind: format!("{}invoer", Problem::TYPE_PREFIX),
            title: String::new(),
            status: 400,
            detail: detail.to_owned(),
            hint: None,
            pad: Some("thema".to_owned()),
            regelnummer: Some(3),
            kolom: None,
            toegestaan: vec!["wonen".to_owned(), "jeugd".to_owned()],
        };
        CommandError::of_problem(&problem, Lang::Nl).message.nl.into_owned()
    }

    #[test]
    fn the_place_is_said_once() {
        assert_eq!(said("onbekend"), "regel 3, thema: onbekend (wonen, jeugd)");
        assert_eq!(said("regel 3: onbekend"), "thema: regel 3: onbekend (wonen, jeugd)");
        assert_eq!(said("thema: kies wonen, jeugd"), "regel 3: thema: kies wonen, jeugd");
    }

    #[test]
    fn a_failure_says_what_to_do() {
        let error = CommandError::of_file(Path::new("/x"), io::ErrorKind::PermissionDenied.into());
        assert_eq!(error.exit, Exit::Permission);
        let text = error.text(Lang::En);
        assert!(text.starts_with("error: no access to /x\n  what to do: "), "{text}");
    }
}
