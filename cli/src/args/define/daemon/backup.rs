//! The commands about a backup.

use clap::{ArgGroup, Command};
use protocol::api::Lang;

use super::super::{option, positional};
use super::path;
use crate::args::help::{Text, explained};

pub(super) fn backup(lang: Lang) -> Command {
    let text = Text {
        name: "backup",
        usage: (
            "--node MAP --out BESTAND|MAP [OPTIES]",
            "--node DIR --out FILE|DIR [OPTIONS]",
        ),
        about: (
            "Maak een reservekopie van een node, ook terwijl zij draait",
            "Make a backup of a node, also while it runs",
        ),
        more: (
            "Een bestand met alles wat deze node heeft: instellingen, kluis, alle entries, het handvest, en de sleutels node, \
             storage en vault. Wie het bestand heeft kan dus alles lezen en namens deze node spreken: bewaar het als de \
             sleutels zelf. Met --without-keys is het zonder keys/storage.key niet te lezen. De sleutels root en next-root \
             staan er nooit in. Wat al is ingetrokken staat er niet in; wat later wordt ingetrokken wel: maak dan een nieuwe \
             en vernietig de oude. Het bestand wordt teruggelezen voordat het zijn naam krijgt.",
            "One file with all that this node has: configuration, vault, all entries, the charter, and the keys node, storage \
             and vault. So whoever has the file can read everything and speak for this node: keep it as you keep the keys. \
             With --without-keys it cannot be read without keys/storage.key. The keys root and next-root are never in it. What \
             is withdrawn already is not in it; what is withdrawn later is: make a new one then, and destroy the old. The file \
             is read again before it gets its name.",
        ),
        examples: &[
            "leerkring backup --node ./groningen --out /backup/groningen.reservekopie",
            "leerkring backup --node ./groningen --out /backup --without-keys",
        ],
    };
    let out = (
        "Het bestand, of een map: dan kiest de opdracht een naam",
        "The file, or a folder: the command then chooses a name",
    );
    let bare = ("Zonder de sleutels", "Without the keys");
    let audit = ("Met het auditlog", "With the audit log");
    let takes = [
        path(option(lang, "out", ("BESTAND|MAP", "FILE|DIR"), out)).required(true),
        option(lang, "without-keys", ("", ""), bare),
        option(lang, "with-audit", ("", ""), audit),
    ];
    explained(lang, &text, takes)
}

pub(super) fn restore(lang: Lang) -> Command {
    let text = Text {
        name: "restore",
        usage: ("BESTAND --into MAP [OPTIES]", "FILE --into DIR [OPTIONS]"),
        about: (
            "Maak een node uit een reservekopie, in een nieuwe map",
            "Make a node of a backup, in a new folder",
        ),
        more: (
            "Leest het hele bestand voordat er iets wordt geschreven, en zegt wat erin staat; met --check alleen dat. De nieuwe \
             node toont en geeft niets voordat een andere node heeft verteld wat sinds de reservekopie is ingetrokken; daarna \
             haalt zij op wat zij mist, ook wat zij zelf later schreef en anderen hebben. Laat de oude node niet naast de \
             nieuwe draaien.",
            "Reads the whole file before anything is written, and says what is in it; with --check only that. The new node \
             shows and gives nothing before another node told what was withdrawn since the backup; then it fetches what it \
             lacks, also what it wrote itself later and others have. Do not run the old node beside the new one.",
        ),
        examples: &[
            "leerkring restore groningen.reservekopie --check",
            "leerkring restore groningen.reservekopie --into ./groningen",
            "leerkring restore groningen.reservekopie --into ./groningen --keys /veilig/keys",
        ],
    };
    let file = ("De reservekopie", "The backup");
    let into = ("De map die gemaakt wordt", "The folder that is made");
    let keys = (
        "De map met node.key, storage.key en vault.key, voor een reservekopie zonder",
        "The folder with node.key, storage.key and vault.key, for a backup without",
    );
    let alone = (
        "Er is geen andere node meer: wacht op geen",
        "No other node is left: wait for none",
    );
    let check = ("Alleen nakijken", "Check only");
    let takes = [
        path(positional(lang, "file", ("BESTAND", "FILE"), file)).required(true),
        path(option(lang, "into", ("MAP", "DIR"), into)),
        path(option(lang, "keys", ("MAP", "DIR"), keys)),
        option(lang, "alone", ("", ""), alone),
        option(lang, "check", ("", ""), check),
    ];
    let either = ArgGroup::new("what").args(["into", "check"]).required(true);
    explained(lang, &text, takes).group(either)
}
