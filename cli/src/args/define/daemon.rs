//! The commands about a node itself: making it, running it, checking it.

mod backup;
mod charter;
mod editions;
mod joining;
mod keys;
mod simulate;

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::Lang;

pub(super) use charter::root_key;

use super::{option, positional};
use crate::args::help::{Text, explained};

/// The commands, in the order in which somebody needs them.
pub(super) fn commands(lang: Lang) -> Vec<Command> {
    vec![
        demo(lang),
        init(lang),
        node(lang),
        charter::charter(lang),
        joining::join(lang),
        joining::pending(lang),
        keys::keys(lang),
        verify(lang),
        doctor(lang),
        backup::backup(lang),
        backup::restore(lang),
        simulate::simulate(lang),
    ]
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
        usage: (
            "MAP (--gemeente CODE | --second-of KAART) [OPTIES]",
            "DIR (--gemeente CODE | --second-of CARD) [OPTIONS]",
        ),
        about: ("Maak een node voor een gemeente", "Make a node for a gemeente"),
        more: (
            "Maakt de map, de sleutels en de instellingen. De wortelsleutel spreekt voor de gemeente zelf en is voor het draaien \
             niet nodig: maak haar met --root-key op een stick die daarna in de kluis gaat, en de volgende, die haar vervangt \
             als zij gestolen wordt, met --next-root-key op een andere. Een tweede node van dezelfde gemeente krijgt geen \
             wortelsleutel: geef met --second-of de kaart van de gemeente.",
            "Makes the folder, the keys and the configuration. The root key speaks for the gemeente itself and is not needed to \
             run: make it with --root-key on a stick that goes into the safe afterwards, and the next one, which replaces it when \
             it is stolen, with --next-root-key on another. A second node of the same gemeente gets no root key: give the card \
             of the gemeente with --second-of.",
        ),
        examples: &[
            "leerkring init ./groningen --gemeente GM0014",
            "leerkring init ./oefen --gemeente GM9901 --naam Zuiderwaard --practice",
            "leerkring init ./groningen --gemeente GM0014 --root-key /media/een/root.key --next-root-key /media/twee/next.key",
            "leerkring init ./tweede --second-of groningen.kaart",
            "leerkring init ./node --gemeente GM0014 --listen /ip4/0.0.0.0/tcp/4001 --announce /dns4/leerkring.example/tcp/4001",
        ],
    };
    let help = ("De map van de node", "The folder of the node");
    let dir = path(positional(lang, "dir", ("MAP", "DIR"), help)).required(true);
    explained(lang, &text, [dir].into_iter().chain(init_options(lang)))
}

fn init_options(lang: Lang) -> Vec<Arg> {
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
        "Oefening: goedgekeurde records vertrekken meteen in plaats van wekelijks; voor een oefengemeente (vanaf GM9900) altijd zo",
        "Practice: approved records leave at once instead of weekly; of a practice gemeente (from GM9900 on) always",
    );
    let code = ("CBS-code, zoals GM0014", "CBS code, such as GM0014");
    let name = (
        "Naam; anders die van de CBS-lijst",
        "Name; otherwise the one in the CBS list",
    );
    let api = ("Adres van de API [127.0.0.1:0]", "Address of the API [127.0.0.1:0]");
    let addresses = ("MULTIADDR", "MULTIADDR");
    vec![
        option(lang, "gemeente", ("CODE", "CODE"), code).required_unless_present("second-of"),
        keys::second_of(lang),
        keys::new_root_key(lang),
        keys::new_next_root_key(lang),
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
             staat er nooit in. Een node uit een reservekopie toont en deelt niets voordat genoeg andere haar vertelden wat \
             sindsdien is ingetrokken. Komen die niet meer, start haar dan een keer met --heard: dat staat met uw account in \
             het auditlog.",
            "Also to be started as leerkringd. Log on standard error; LEERKRING_LOG=debug says more. It never holds the \
             content of records. A node that was made of a backup shows and shares nothing before enough others told what was \
             withdrawn since. When they do not come any more, start it once with --heard: the audit log says so, with your \
             account.",
        ),
        examples: &[
            "leerkring node --dir ./groningen",
            "leerkringd --dir /var/lib/leerkring",
        ],
    };
    let offline = ("Zonder netwerk; alleen de API", "Without a network; the API only");
    let heard = (
        "De node komt uit een reservekopie: wacht niet langer op andere nodes",
        "The node was made of a backup: wait no longer for other nodes",
    );
    let stdin = (
        "Stop ook als standaardinvoer sluit",
        "Stop also when standard input closes",
    );
    let help = ("De map van de node", "The folder of the node");
    let takes = [
        path(option(lang, "dir", ("MAP", "DIR"), help)).required(true),
        option(lang, "offline", ("", ""), offline),
        option(lang, "heard", ("", ""), heard),
        option(lang, "stop-with-stdin", ("", ""), stdin),
    ];
    explained(lang, &text, takes)
}

fn verify(lang: Lang) -> Command {
    let text = Text {
        name: "verify",
        usage: ("MAP [OPTIES]", "DIR [OPTIONS]"),
        about: (
            "Controleer een uitvoer, of de map van een node die niet draait",
            "Check an export, or the folder of a node that does not run",
        ),
        more: (
            "Van een uitvoer (leerkring export): elke hash en grootte, elke ondertekende kop, en of de delen het snapshot geven; \
             zonder node en zonder netwerk. Van een node: elk eigen logboek, elke keten, elke handtekening, elke inhoud; van alles wat niet klopt waar het staat en wat te \
             doen. Afsluitcode 0 alleen als alles klopt, 1 als er iets niet klopt. Er verandert niets: de opslag wordt \
             gekopieerd naar verify.tmp in de map, omdat openen al schrijft, en die kopie wordt gelezen en weer verwijderd.",
            "Of an export (leerkring export): every hash and size, every signed head, and whether the parts give the snapshot; \
             without a node or a network. Of a node: every own log, every chain, every signature, every payload; of all that is not right where it is and what to \
             do. Exit code 0 only when everything holds, 1 when something does not. Nothing changes: the store is copied to \
             verify.tmp in the folder, because opening it writes already, and that copy is read and removed again.",
        ),
        examples: &[
            "leerkring verify ./groningen",
            "leerkring verify ./groningen --json",
            "leerkring verify ./uitvoer",
        ],
    };
    let help = (
        "De map van de uitvoer of van de node",
        "The folder of the export or of the node",
    );
    explained(
        lang,
        &text,
        [path(positional(lang, "dir", ("MAP", "DIR"), help)).required(true)],
    )
}

fn doctor(lang: Lang) -> Command {
    let text = Text {
        name: "doctor",
        usage: ("MAP [--anyway] [OPTIES]", "DIR [--anyway] [OPTIONS]"),
        about: (
            "Maak de opslag van een node opnieuw uit wat nog te lezen is",
            "Make the store of a node anew from what can still be read",
        ),
        more: (
            "Het laatste middel, als de opslag of een eigen logboek niet meer opengaat. De oude opslag en een beschadigd eigen \
             logboek worden opzij gezet en nooit weggegooid; de nieuwe krijgt wat de oude nog geven. Wat dan nog ontbreekt \
             sturen de andere nodes; de node toont en deelt niets voordat die vertelden wat er was ingetrokken. Sleutels en \
             records in de kluis blijven. Is er niets mis, dan verandert er niets. De node mag niet draaien.",
            "The last resort, when the store or an own log does not open any more. The old store and a damaged own log are put \
             aside and never thrown away; the new one gets what the old ones still give. What is then missing the other \
             nodes send; the node shows and shares nothing before they told what was withdrawn. Keys and the records in the \
             vault stay. When nothing is wrong nothing changes. The node may not run.",
        ),
        examples: &["leerkring doctor ./groningen"],
    };
    let help = ("De map van de node", "The folder of the node");
    let dir = path(positional(lang, "dir", ("MAP", "DIR"), help)).required(true);
    let help = ("Ook als er niets mis is", "Also when nothing is wrong");
    explained(lang, &text, [dir, option(lang, "anyway", ("", ""), help)])
}
