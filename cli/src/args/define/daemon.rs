//! The commands about a node itself: making it, running it, checking it, and founding a federation with others.

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::Lang;

use super::{option, positional};
use crate::args::help::{Text, explained};

/// The commands, in the order in which somebody needs them.
pub(super) fn commands(lang: Lang) -> [Command; 5] {
    [demo(lang), init(lang), node(lang), charter(lang), verify(lang)]
}

fn path(arg: Arg) -> Arg {
    arg.value_parser(value_parser!(std::path::PathBuf))
}

fn demo(lang: Lang) -> Command {
    let text = Text {
        name: "demo",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Speel een oefenfederatie van vijf gemeenten op deze machine",
            "Play a practice federation of five gemeenten on this machine",
        ),
        more: (
            "Echte processen, elk met eigen sleutel, opslag en netwerk. Een node valt uit, de anderen en hij schrijven \
             door, en aan het eind weten allen hetzelfde. De nodes blijven draaien tot Ctrl-C.",
            "Real processes, each with its own key, store and network. One node falls, it and the others write on, and \
             in the end all know the same. The nodes keep running until Ctrl-C.",
        ),
        examples: &[
            "leerkring demo",
            "leerkring demo --once --json",
            "leerkring demo --gemeenten 20 --records 1000",
        ],
    };
    let once = (
        "Stop na de tabel; afsluitcode 1 als de nodes verschillen",
        "Stop after the table; exit code 1 when the nodes differ",
    );
    let gemeenten = (
        "De eerste N gemeenten van Nederland, met verzonnen records",
        "The first N gemeenten of the Netherlands, with made-up records",
    );
    let takes = [
        option(lang, "once", ("", ""), once),
        option(lang, "gemeenten", ("N", "N"), gemeenten),
        option(
            lang,
            "records",
            ("N", "N"),
            ("Zoveel verzonnen records", "So many made-up records"),
        ),
        path(option(
            lang,
            "dir",
            ("MAP", "DIR"),
            ("Bewaar alles in deze map", "Keep everything in this folder"),
        )),
    ];
    explained(lang, &text, takes)
}

fn init(lang: Lang) -> Command {
    let text = Text {
        name: "init",
        usage: ("MAP --gemeente CODE [OPTIES]", "DIR --gemeente CODE [OPTIONS]"),
        about: ("Maak een node voor een gemeente", "Make a node for a gemeente"),
        more: (
            "Maakt de map, de sleutels en de instellingen. keys/root.key spreekt voor de gemeente zelf: bewaar een kopie \
             op een veilige plek.",
            "Makes the folder, the keys and the configuration. keys/root.key speaks for the gemeente itself: keep a copy \
             in a safe place.",
        ),
        examples: &[
            "leerkring init ./groningen --gemeente GM0014",
            "leerkring init ./oefen --gemeente GM9901 --naam Zuiderwaard --practice",
            "leerkring init ./node --gemeente GM0014 --listen /ip4/0.0.0.0/tcp/4001 --announce /dns4/leerkring.example/tcp/4001",
        ],
    };
    let help = ("De map van de node", "The folder of the node");
    let dir = path(positional(lang, "dir", ("MAP", "DIR"), help)).required(true);
    explained(lang, &text, [dir].into_iter().chain(init_options(lang)))
}

fn init_options(lang: Lang) -> [Arg; 7] {
    let listen = (
        "Waar andere nodes verbinding maken; poort 0 kiest een vrije poort [/ip4/127.0.0.1/tcp/0]",
        "Where other nodes connect; port 0 takes a free port [/ip4/127.0.0.1/tcp/0]",
    );
    let announce = (
        "Wat andere nodes als adres te horen krijgen, als dat anders is",
        "What other nodes are told as address, when it differs",
    );
    let mailbox = (
        "E-mailadres van een functie, nooit van een persoon",
        "E-mail address of a function, never of a person",
    );
    let practice = (
        "Oefening: goedgekeurde records vertrekken meteen in plaats van wekelijks",
        "Practice: approved records leave at once instead of weekly",
    );
    let code = ("CBS-code, zoals GM0014", "CBS code, such as GM0014");
    let name = (
        "Naam; anders die van de CBS-lijst",
        "Name; otherwise the one in the CBS list",
    );
    let api = ("Adres van de API [127.0.0.1:0]", "Address of the API [127.0.0.1:0]");
    let addresses = ("MULTIADDR", "MULTIADDR");
    [
        option(lang, "gemeente", ("CODE", "CODE"), code).required(true),
        option(lang, "naam", ("NAAM", "NAME"), name),
        option(lang, "listen", addresses, listen).action(ArgAction::Append),
        option(lang, "announce", addresses, announce).action(ArgAction::Append),
        option(lang, "api", ("ADRES", "ADDRESS"), api),
        option(lang, "mailbox", ("ADRES", "ADDRESS"), mailbox),
        option(lang, "practice", ("", ""), practice),
    ]
}

fn node(lang: Lang) -> Command {
    let text = Text {
        name: "node",
        usage: ("--dir MAP [OPTIES]", "--dir DIR [OPTIONS]"),
        about: (
            "Laat een node draaien, tot Ctrl-C of SIGTERM",
            "Run a node, until Ctrl-C or SIGTERM",
        ),
        more: (
            "Ook te starten als leerkringd. Logboek op standaardfout; LEERKRING_LOG=debug zegt meer. Inhoud van records \
             staat er nooit in.",
            "Also to be started as leerkringd. Log on standard error; LEERKRING_LOG=debug says more. It never holds the \
             content of records.",
        ),
        examples: &[
            "leerkring node --dir ./groningen",
            "leerkringd --dir /var/lib/leerkring",
        ],
    };
    let offline = ("Zonder netwerk; alleen de API", "Without a network; the API only");
    let stdin = (
        "Stop ook als standaardinvoer sluit",
        "Stop also when standard input closes",
    );
    let help = ("De map van de node", "The folder of the node");
    let takes = [
        path(option(lang, "dir", ("MAP", "DIR"), help)).required(true),
        option(lang, "offline", ("", ""), offline),
        option(lang, "stop-with-stdin", ("", ""), stdin),
    ];
    explained(lang, &text, takes)
}

fn verify(lang: Lang) -> Command {
    let text = Text {
        name: "verify",
        usage: ("MAP [OPTIES]", "DIR [OPTIONS]"),
        about: (
            "Controleer de map van een node, zonder dat die draait",
            "Check the folder of a node that does not run",
        ),
        more: (
            "Elke keten, elke handtekening, elke inhoud. Afsluitcode 1 als er iets niet klopt.",
            "Every chain, every signature, every payload. Exit code 1 when something is not right.",
        ),
        examples: &["leerkring verify ./groningen"],
    };
    let help = ("De map van de node", "The folder of the node");
    explained(
        lang,
        &text,
        [path(positional(lang, "dir", ("MAP", "DIR"), help)).required(true)],
    )
}

fn charter(lang: Lang) -> Command {
    let text = Text {
        name: "charter",
        usage: ("OPDRACHT [OPTIES]", "COMMAND [OPTIONS]"),
        about: (
            "Sticht een federatie met anderen, en zie wie erbij hoort",
            "Found a federation with others, and see who belongs",
        ),
        more: (
            "Elke stichter maakt een kaart; een van hen maakt daarvan het handvest; de anderen tekenen het. De bestanden \
             gaan rond zoals u wilt: elke regel erin bewijst zichzelf. De federatie bestaat zodra allen getekend hebben.",
            "Every founder makes a card; one of them makes the charter of these; the others sign it. The files go round \
             in any way: every line in them proves itself. The federation exists once all have signed.",
        ),
        examples: &[
            "leerkring charter card --node ./kromhoek --out kromhoek.kaart",
            "leerkring charter new kromhoek.kaart --node ./zuiderwaard --out kring.handvest",
            "leerkring charter endorse kring.handvest --node ./kromhoek",
            "leerkring charter show --node ./zuiderwaard",
        ],
    };
    explained(lang, &text, []).subcommand_required(true).subcommands([
        charter_card(lang),
        charter_new(lang),
        charter_endorse(lang),
        charter_import(lang),
        charter_show(lang),
    ])
}

fn out(lang: Lang) -> Arg {
    let help = (
        "Schrijf naar dit bestand; anders naar standaarduitvoer",
        "Write to this file; otherwise to standard output",
    );
    path(option(lang, "out", ("BESTAND", "FILE"), help))
}

fn file(lang: Lang) -> Arg {
    let help = ("Het handvest", "The charter");
    path(positional(lang, "file", ("BESTAND", "FILE"), help)).required(true)
}

fn charter_card(lang: Lang) -> Command {
    let text = Text {
        name: "charter card",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Maak de kaart van deze gemeente, voor wie het handvest opstelt",
            "Make the card of this gemeente, for whoever writes the charter",
        ),
        more: ("", ""),
        examples: &["leerkring charter card --node ./kromhoek --out kromhoek.kaart"],
    };
    explained(lang, &text, [out(lang)])
}

fn charter_new(lang: Lang) -> Command {
    let text = Text {
        name: "charter new",
        usage: ("KAART... [OPTIES]", "CARD... [OPTIONS]"),
        about: (
            "Stel het handvest op van deze gemeente en die van de kaarten",
            "Write the charter of this gemeente and those of the cards",
        ),
        more: (
            "Deze gemeente tekent meteen, en haar node neemt het handvest op.",
            "This gemeente signs at once, and its node takes the charter in.",
        ),
        examples: &["leerkring charter new kromhoek.kaart --node ./zuiderwaard --out kring.handvest"],
    };
    let help = ("De kaarten van de andere stichters", "The cards of the other founders");
    let cards = path(positional(lang, "cards", ("KAART", "CARD"), help));
    let cards = cards.num_args(1..).action(ArgAction::Append).required(true);
    explained(lang, &text, [cards, out(lang)])
}

fn charter_endorse(lang: Lang) -> Command {
    let text = Text {
        name: "charter endorse",
        usage: ("BESTAND [OPTIES]", "FILE [OPTIONS]"),
        about: ("Teken een handvest", "Sign a charter"),
        more: (
            "Teken alleen wat de stichters samen hebben afgesproken. De handtekening komt in het bestand erbij, en de node \
             neemt het handvest op; de andere nodes krijgen haar vanzelf.",
            "Sign only what the founders agreed on together. The signature is added to the file, and the node takes the \
             charter in; the other nodes get it by themselves.",
        ),
        examples: &["leerkring charter endorse kring.handvest --node ./kromhoek"],
    };
    explained(lang, &text, [file(lang), out(lang)])
}

fn charter_import(lang: Lang) -> Command {
    let text = Text {
        name: "charter import",
        usage: ("BESTAND [OPTIES]", "FILE [OPTIONS]"),
        about: ("Neem een handvest op in de node", "Take a charter into the node"),
        more: ("", ""),
        examples: &["leerkring charter import kring.handvest --node ./zuiderwaard"],
    };
    explained(lang, &text, [file(lang)])
}

fn charter_show(lang: Lang) -> Command {
    let text = Text {
        name: "charter show",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: ("Toon wie erbij hoort", "Show who belongs"),
        more: ("", ""),
        examples: &["leerkring charter show", "leerkring charter show --json"],
    };
    explained(lang, &text, [])
}
