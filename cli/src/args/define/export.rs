//! The commands for whole states of knowledge.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Command, value_parser};
use protocol::api::{Lang, Uitvoervorm};

use super::{option, positional};
use crate::args::help::{Text, explained};

/// The words for `--format`; Excel's own form is CSV with `--excel-nl`.
fn forms() -> PossibleValuesParser {
    let all = Uitvoervorm::ALL.into_iter();
    PossibleValuesParser::new(all.filter(|form| *form != Uitvoervorm::Excel).map(Uitvoervorm::name))
}

pub(super) fn commands(lang: Lang) -> [Command; 3] {
    [snapshot(lang), export(lang), mirror(lang)]
}

fn snapshot(lang: Lang) -> Command {
    let text = Text {
        name: "snapshot",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon de hash die aanhaalt wat de node nu weet, en waaruit die volgt",
            "Show the hash that cites what the node knows now, and what it follows from",
        ),
        more: (
            "Twee nodes met hetzelfde snapshot geven op elke vraag hetzelfde antwoord. --json noemt ook van elk logboek hoever het \
             meetelt, met de handtekening van zijn node.",
            "Two nodes with the same snapshot give the same answer to every question. --json also tells of every log how far it \
             counts, with the signature of its node.",
        ),
        examples: &["leerkring snapshot", "leerkring snapshot --json"],
    };
    explained(lang, &text, [])
}

fn export(lang: Lang) -> Command {
    let text = Text {
        name: "export",
        usage: ("MAP --format VORM [OPTIES]", "DIR --format FORMAT [OPTIONS]"),
        about: (
            "Schrijf alle tabellen van een snapshot in een map",
            "Write all tables of a snapshot to a folder",
        ),
        more: (
            "Een bestand per tabel, een beschrijving (datapackage.json), hoe u aanhaalt (CITATION.cff, README.md), wat is \
             ingetrokken, en wat het snapshot bewijst. Hetzelfde snapshot geeft op elke node dezelfde bytes. De map mag nog niet \
             bestaan, of is leeg; mislukt er iets, dan komt zij er niet. leerkring verify MAP kijkt haar later na. --as-of voert de \
             stand van een eerdere uitvoer opnieuw uit, in dezelfde bytes, zonder wat sindsdien is ingetrokken.",
            "One file per table, a description (datapackage.json), how to cite (CITATION.cff, README.md), what was withdrawn, and \
             what proves the snapshot. The same snapshot gives the same bytes on every node. The folder may not be there yet, or \
             is empty; when something fails it is not made. leerkring verify DIR checks it later. --as-of exports the state of an \
             earlier export again, in the same bytes, without what was withdrawn since.",
        ),
        examples: &[
            "leerkring export ./uitvoer --format parquet",
            "leerkring export ./uitvoer --format csv --excel-nl",
            "leerkring verify ./uitvoer",
            "leerkring export ./opnieuw --format parquet --as-of ./uitvoer",
        ],
    };
    let help = ("De map die gemaakt wordt", "The folder that is made");
    let format = option(
        lang,
        "format",
        ("VORM", "FORMAT"),
        ("De vorm: csv, jsonl of parquet", "The form: csv, jsonl or parquet"),
    );
    let excel = option(
        lang,
        "excel-nl",
        ("", ""),
        (
            "CSV voor Excel in het Nederlands: BOM, puntkomma's, decimale komma's",
            "CSV for Excel in Dutch: BOM, semicolons, decimal commas",
        ),
    );
    let as_of = option(
        lang,
        "as-of",
        ("MAP", "DIR"),
        (
            "Een eerdere uitvoer: exporteer wat toen bekend was",
            "An earlier export: export what was known then",
        ),
    );
    let takes = [
        positional(lang, "dir", ("MAP", "DIR"), help)
            .value_parser(value_parser!(PathBuf))
            .required(true),
        format.value_parser(forms()).required(true),
        excel,
        as_of.value_parser(value_parser!(PathBuf)),
    ];
    explained(lang, &text, takes)
}

fn mirror(lang: Lang) -> Command {
    let text = Text {
        name: "mirror",
        usage: ("postgres://… [OPTIES]", "postgres://… [OPTIONS]"),
        about: (
            "Houd de tabellen bij in een eigen PostgreSQL",
            "Keep the tables in a PostgreSQL of your own",
        ),
        more: (
            "Laadt eerst alles en volgt daarna elke seconde wat wijzigt, tot Ctrl-C; daarna gaat hij verder waar hij bleef. Wie \
             leest ziet steeds een hele stand; tabel spiegel zegt welke (snapshot). Is PostgreSQL of de node even weg, dan \
             probeert hij het vanzelf opnieuw. Het wachtwoord kan in PGPASSWORD; sslmode=verify-full in het adres controleert wie \
             er antwoordt. Behandel de database als persoonsgegevens.",
            "Loads everything first and then follows what changes every second, until Ctrl-C; later it goes on where it was. Who \
             reads always sees a whole state; table spiegel says which (snapshot). When PostgreSQL or the node is away for a \
             while, it tries again by itself. The password may stand in PGPASSWORD; sslmode=verify-full in the address checks who \
             answers. Treat the database as personal data.",
        ),
        examples: &[
            "leerkring mirror postgres://leerkring@db.example/analyse --reader analisten",
            "leerkring mirror \"postgres://leerkring@db.example/analyse?sslmode=verify-full\" --once",
        ],
    };
    let help = (
        "De database: postgres://ROL@MACHINE/DATABASE",
        "The database: postgres://ROLE@MACHINE/DATABASE",
    );
    let schema = (
        "Het schema dat hij maakt; standaard leerkring",
        "The schema that it makes; leerkring by default",
    );
    let reader = ("De rol die mag lezen", "The role that may read");
    let once = ("Haal bij en stop", "Catch up and stop");
    let anew = (
        "Laad alles opnieuw, wat er ook staat",
        "Load everything anew, whatever stands there",
    );
    let takes = [
        positional(lang, "address", ("ADRES", "ADDRESS"), help).required(true),
        option(lang, "schema", ("NAAM", "NAME"), schema)
            .default_value("leerkring")
            .hide_default_value(true),
        option(lang, "reader", ("ROL", "ROLE"), reader),
        option(lang, "once", ("", ""), once),
        option(lang, "anew", ("", ""), anew),
    ];
    explained(lang, &text, takes)
}
