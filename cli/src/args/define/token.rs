//! The commands about who may use the API.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn token(lang: Lang) -> Command {
    let text = Text {
        name: "token",
        usage: ("OPDRACHT [OPTIES]", "COMMAND [OPTIONS]"),
        about: (
            "Laat een ander programma of een collega de API gebruiken",
            "Let another program or a colleague use the API",
        ),
        more: (
            "Een token heeft een naam en is ergens voor: lezen (wat gedeeld is, en hoe het met de node gaat), schrijven (records \
             vastleggen), nakijken (concepten zien, goedkeuren en intrekken) of beheren (tokens, handvest, uitnodigingen en \
             reservekopieën). De node bewaart alleen een hash. Het token in api.token mag alles en wisselt bij elke start.",
            "A token has a name and is for something: lezen (read what is shared, and how the node is doing), schrijven (record), \
             nakijken (see concepts, approve and withdraw) or beheren (tokens, charter, invitations and backups). The node keeps \
             only a hash. The token in api.token may do everything and changes at every start.",
        ),
        examples: &[
            "leerkring token new --scope lezen --name dashboard --node ./node > dashboard.token",
            "leerkring token list --node ./node",
            "leerkring token revoke dashboard --node ./node",
        ],
    };
    explained(lang, &text, [])
        .subcommand_required(true)
        .subcommands([new(lang), list(lang), revoke(lang)])
}

fn new(lang: Lang) -> Command {
    let text = Text {
        name: "token new",
        usage: (
            "--name NAAM --scope SCOPE [OPTIES]",
            "--name NAME --scope SCOPE [OPTIONS]",
        ),
        about: ("Maak een token", "Make a token"),
        more: (
            "Wat opent staat alleen nu op standaarduitvoer. Het auditlog en vier ogen zien de naam van het token.",
            "What opens is on standard output this one time. The audit log and four eyes see the name of the token.",
        ),
        examples: &[
            "leerkring token new --scope lezen --name dashboard > dashboard.token",
            "leerkring token new --scope schrijven --scope nakijken --name j.de.vries",
        ],
    };
    let name = (
        "Het account waarvoor het token spreekt, zonder spaties",
        "The account it speaks for, without spaces",
    );
    let scope = (
        "Waar het voor is; vaker mag",
        "What it is for; may be given more than once",
    );
    let scopes = ("lezen|schrijven|nakijken|beheren", "lezen|schrijven|nakijken|beheren");
    let scope = option(lang, "scope", scopes, scope)
        .action(ArgAction::Append)
        .value_parser(["lezen", "schrijven", "nakijken", "beheren"])
        .hide_possible_values(true);
    let takes: [Arg; 2] = [
        option(lang, "name", ("NAAM", "NAME"), name).required(true),
        scope.required(true),
    ];
    explained(lang, &text, takes)
}

fn list(lang: Lang) -> Command {
    let text = Text {
        name: "token list",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon de tokens en waar elk voor is",
            "Show the tokens and what each is for",
        ),
        more: ("", ""),
        examples: &["leerkring token list --node ./node", "leerkring token list --json"],
    };
    explained(lang, &text, [])
}

fn revoke(lang: Lang) -> Command {
    let text = Text {
        name: "token revoke",
        usage: ("NAAM [OPTIES]", "NAME [OPTIONS]"),
        about: ("Trek een token in", "End a token"),
        more: (
            "Het opent niets meer, vanaf de volgende vraag.",
            "It opens nothing any more, from the next question on.",
        ),
        examples: &["leerkring token revoke dashboard --node ./node"],
    };
    let help = ("De naam van het token", "The name of the token");
    let name = positional(lang, "name", ("NAAM", "NAME"), help);
    explained(lang, &text, [name.required(true)])
}
