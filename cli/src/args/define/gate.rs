//! The command that shows what the gate makes of a text, without a node.

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::Lang;

use super::{option, positional};
use crate::args::help::{Text, explained};

/// `gate`.
pub(super) fn gate(lang: Lang) -> Command {
    let text = Text {
        name: "gate",
        usage: (
            "BESTAND|- [--jsonl] [--known BESTAND] [--case-number PATROON]...\n         leerkring gate --evaluate BESTAND",
            "FILE|- [--jsonl] [--known FILE] [--case-number PATTERN]...\n       leerkring gate --evaluate FILE",
        ),
        about: (
            "Laat zien wat de poort in een tekst vindt en wat ervan wordt",
            "Show what the gate finds in a text and what becomes of it",
        ),
        more: (
            "Er is geen node nodig en er vertrekt niets. pass: niets gevonden; review: een mens moet kijken; block: mag zo niet \
             weg (afsluitcode 1). Met --jsonl staat het oordeel per regel en is de afsluitcode 0; een regel die niet te lezen is \
             wordt block, en dan is zij aan het eind 3. Plaatsen tellen in Unicode-tekens, vanaf 0. Wat de poort doorlaat is geanonimiseerd \
             bedoeld; behandel het als persoonsgegevens tot uw DPIA anders oordeelt.",
            "No node is needed and nothing leaves. pass: nothing found; review: a person must look; block: may not leave like \
             this (exit code 1). With --jsonl the verdict stands on every line and the exit code is 0; a line that cannot be \
             read becomes block, and then it is 3 at the end. Places count in Unicode characters, from 0. What the gate lets through is meant to be \
             anonymous; treat it as personal data until your DPIA says otherwise.",
        ),
        examples: &[
            "leerkring gate verslag.txt",
            "leerkring gate - --json < verslag.txt",
            "leerkring gate teksten.jsonl --jsonl > gemaskeerd.jsonl",
            "leerkring gate verslag.txt --case-number Z/##/###### --known dossier.txt",
            "leerkring gate --evaluate voorbeelden.jsonl",
        ],
    };
    let file = positional(
        lang,
        "file",
        ("BESTAND", "FILE"),
        ("De tekst; - leest standaardinvoer", "The text; - reads standard input"),
    );
    let file = path(file).required_unless_present("evaluate");
    let jsonl = (
        "Elke regel is {\"id\",\"text\"}; het antwoord is een regel JSON per regel",
        "Every line is {\"id\",\"text\"}; the answer is a line of JSON per line",
    );
    let evaluate = (
        "Meet de poort aan teksten waarvan bekend is wat erin staat: {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"type\"}]}",
        "Measure the gate on texts of which is known what they hold: {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"type\"}]}",
    );
    let known = (
        "Namen, adressen en nummers uit het dossier, een per regel; ze worden gezocht, niet bewaard",
        "Names, addresses and numbers of the case file, one per line; they are looked for, not kept",
    );
    let case_number = (
        "Hoe een zaaknummer er hier uitziet: # is een cijfer, @ een letter, * nog meer cijfers; mag vaker",
        "What a case number looks like here: # is a digit, @ a letter, * any more digits; may be repeated",
    );
    let takes = [
        file,
        option(lang, "jsonl", ("", ""), jsonl),
        path(option(lang, "evaluate", ("BESTAND", "FILE"), evaluate)).conflicts_with_all(["file", "jsonl", "known"]),
        path(option(lang, "known", ("BESTAND", "FILE"), known)),
        option(lang, "case-number", ("PATROON", "PATTERN"), case_number).action(ArgAction::Append),
    ];
    explained(lang, &text, takes)
}

fn path(arg: Arg) -> Arg {
    arg.value_parser(value_parser!(std::path::PathBuf))
}
