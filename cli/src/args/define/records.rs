//! The commands about records: from a file into the vault, past a person, to the federation and back.

use clap::{Arg, ArgAction, Command, value_parser};
use protocol::api::Lang;

use super::daemon::root_key;
use super::{option, positional, search};
use crate::args::help::{Text, explained};
use crate::share::{Encoding, Form};

/// The commands, in the order in which somebody needs them.
pub(super) fn commands(lang: Lang) -> [Command; 11] {
    [
        share(lang),
        review(lang),
        approve(lang),
        discard(lang),
        list(lang),
        show(lang),
        search::search(lang),
        withdraw(lang),
        receipts(lang),
        orphans(lang),
        status(lang),
    ]
}

pub(super) fn peilweek(lang: Lang) -> Arg {
    let help = (
        "De week waarvoor de vraag gesteld wordt, zoals 2026-W07; anders deze week",
        "The week the question is asked for, such as 2026-W07; otherwise this week",
    );
    option(lang, "peilweek", ("WEEK", "WEEK"), help)
}

fn share(lang: Lang) -> Command {
    let text = Text {
        name: "share",
        usage: ("BESTAND|- [OPTIES]", "FILE|- [OPTIONS]"),
        about: (
            "Leg records vast en laat de poort ernaar kijken",
            "Record what was seen and let the gate look at it",
        ),
        more: (
            "Er vertrekt niets: het record ligt daarna in de kluis van de eigen gemeente, met wat de poort erin vond. \
             Delen is een tweede stap: leerkring review, dan leerkring approve. U ziet erbij wat er al is dat erop lijkt, en tips \
             van de kringen van deze gemeente (leerkring tips). Een record met een id dat er al is \
             vervangt het vorige; zo wijzigt u ook een record dat al gedeeld is. Een rij zonder id die er precies zo al ligt komt er \
             niet nog eens bij, dus een bestand mag opnieuw. Een mapping is een TOML-bestand: [columns] met \"kolom\" = \"veld\", \
             [values.veld] met \"waarde\" = \"code\", en [constants]; een dag in een kolom week wordt de week.",
            "Nothing leaves: the record lies in the vault of your own gemeente then, with what the gate found in it. \
             Sharing is a second step: leerkring review, then leerkring approve. Beside it you see what is there already that \
             resembles it, and tips of the kringen of this gemeente (leerkring tips). A record with an id that exists \
             replaces it; that is also how you change a record that was shared. A row without an id that lies there just so is not \
             added again, so a file may be read anew. A mapping is a TOML file: [columns] with \"column\" = \"field\", \
             [values.field] with \"value\" = \"code\", and [constants]; a day in a column week becomes the week.",
        ),
        examples: &[
            "leerkring share signalen.csv --node ./node",
            "leerkring share register.xlsx --sheet Meldingen --mapping mapping.toml --dry-run",
            "leerkring share - --format jsonl --json < records.jsonl",
            "leerkring share signaal.json --known dossier.txt",
        ],
    };
    let help = (
        "JSON, JSON Lines, CSV of XLSX; - leest standaardinvoer",
        "JSON, JSON Lines, CSV or XLSX; - reads standard input",
    );
    let file = positional(lang, "file", ("BESTAND", "FILE"), help);
    let help = (
        "De vorm; anders volgt die uit de naam van het bestand",
        "The form; otherwise it follows from the name of the file",
    );
    let forms = ("json|jsonl|csv|xlsx", "json|jsonl|csv|xlsx");
    let format = option(lang, "format", forms, help).value_parser(Form::NAMES);
    let file = file.required(true).value_parser(value_parser!(std::path::PathBuf));
    let known = (
        "Namen, adressen en nummers uit het dossier, een per regel: de poort zoekt ze in elk record, nu en later; ze blijven \
         verzegeld in de kluis",
        "Names, addresses and numbers of the case file, one per line: the gate looks for them in every record, now and later; \
         they stay sealed in the vault",
    );
    let known = option(lang, "known", ("BESTAND", "FILE"), known).value_parser(value_parser!(std::path::PathBuf));
    let [sheet, mapping, encoding, dry_run] = of_rows(lang);
    let format = format.hide_possible_values(true);
    explained(lang, &text, [file, format, sheet, mapping, encoding, known, dry_run])
}

/// How the rows of somebody else's register are read.
fn of_rows(lang: Lang) -> [Arg; 4] {
    let sheet = (
        "Het blad van het werkboek; anders het eerste",
        "The sheet of the workbook; otherwise the first",
    );
    let mapping = (
        "Hoe kolommen velden worden, en waarden codes",
        "How columns become fields, and values codes",
    );
    let encoding = (
        "Hoe de letters van een CSV zijn vastgelegd, als het geen UTF-8 is",
        "How the letters of a CSV are written down, when it is not UTF-8",
    );
    let dry_run = (
        "Toon van elke rij wat zij zou worden en wat er mis is, en neem niets op",
        "Show of every row what it would become and what is wrong, and take nothing in",
    );
    let names = ("utf-8|utf-16|windows-1252", "utf-8|utf-16|windows-1252");
    [
        option(lang, "sheet", ("NAAM", "NAME"), sheet),
        option(lang, "mapping", ("BESTAND", "FILE"), mapping).value_parser(value_parser!(std::path::PathBuf)),
        option(lang, "encoding", names, encoding)
            .value_parser(Encoding::NAMES)
            .hide_possible_values(true),
        option(lang, "dry-run", ("", ""), dry_run),
    ]
}

fn review(lang: Lang) -> Command {
    let text = Text {
        name: "review",
        usage: ("[ID|--all] [OPTIES]", "[ID|--all] [OPTIONS]"),
        about: (
            "Toon wat op een mens wacht, of een concept met zijn bevindingen",
            "Show what waits for a person, or one concept with its findings",
        ),
        more: (
            "Met een ID, of met --all van alles wat wacht: elke bevinding in haar zin, en het record precies zoals het zou \
             vertrekken. Alleen wat zo getoond is kunt u daarna goedkeuren.",
            "With an ID, or with --all of everything that waits: every finding in its sentence, and the record exactly as \
             it would leave. Only what was shown like that can be approved.",
        ),
        examples: &[
            "leerkring review",
            "leerkring review signaal-01",
            "leerkring review --all",
        ],
    };
    let help = ("Het id van het concept", "The id of the concept");
    let id = positional(lang, "id", ("ID", "ID"), help);
    let help = ("Alles wat wacht, voluit", "All that waits, in full");
    let all = option(lang, "all", ("", ""), help).conflicts_with("id");
    explained(lang, &text, [id, all])
}

fn approve(lang: Lang) -> Command {
    let text = Text {
        name: "approve",
        usage: ("ID...|--all [OPTIES]", "ID...|--all [OPTIONS]"),
        about: ("Keur goed dat concepten vertrekken", "Approve that concepts leave"),
        more: (
            "Goedgekeurd wordt precies wat leerkring review u getoond heeft. Is een concept sindsdien veranderd, of nog \
             niet bekeken, dan blijft het hier (afsluitcode 6). Wat de poort tegenhoudt vertrekt nooit. Verwijzingen tussen concepten die samen worden goedgekeurd blijven heel.",
            "What is approved is exactly what leerkring review showed you. A concept that has changed since, or was not \
             reviewed yet, stays here (exit code 6). What the gate holds back never leaves. Links between concepts that are approved together stay whole.",
        ),
        examples: &["leerkring approve signaal-01 knelpunt-01", "leerkring approve --all"],
    };
    let help = ("De id's van de concepten", "The ids of the concepts");
    let ids = positional(lang, "ids", ("ID", "ID"), help).num_args(1..);
    let help = (
        "Alles wat wacht, bekeken is en niet wordt tegengehouden",
        "All that waits, was reviewed and is not held back",
    );
    let all = option(lang, "all", ("", ""), help).conflicts_with("ids");
    let ids = ids.action(ArgAction::Append).required_unless_present("all");
    explained(lang, &text, [ids, all])
}

fn discard(lang: Lang) -> Command {
    let text = Text {
        name: "discard",
        usage: ("ID... [OPTIES]", "ID... [OPTIONS]"),
        about: (
            "Gooi concepten weg die niet vertrokken zijn",
            "Throw concepts away that have not left",
        ),
        more: (
            "Voorgoed, en alleen hier: het concept gaat uit de kluis van deze node. Ook een concept dat is goedgekeurd en nog \
             wacht kan weg, en een waarvan het record is ingetrokken. Wat gedeeld is trekt u eerst in met leerkring withdraw. \
             Met --keep-shared blijft gedeeld wat gedeeld is, en gaat hier weg wat alleen hier ligt: de woorden zoals u ze typte, \
             het verhaal van de casus en de bekenden. Geef de hele id, zoals leerkring review die toont.",
            "For ever, and here only: the concept goes from the vault of this node. One that was approved and still waits can \
             go too, and one of which the record was withdrawn. What was shared is taken back first, with leerkring withdraw. \
             With --keep-shared what was shared stays so, and what lies here only goes: the words as you typed them, the story of \
             the case and the known identities. Give the whole id, as leerkring review shows it.",
        ),
        examples: &[
            "leerkring discard 4yev59r82w --node ./node",
            "leerkring discard signaal-01 --keep-shared",
        ],
    };
    let help = ("De id's van de concepten", "The ids of the concepts");
    let ids = positional(lang, "ids", ("ID", "ID"), help).num_args(1..);
    let help = (
        "Laat staan wat gedeeld is, en gooi weg wat alleen hier ligt",
        "Keep what was shared, and throw away what lies here only",
    );
    let keep = option(lang, "keep-shared", ("", ""), help);
    explained(lang, &text, [ids.action(ArgAction::Append).required(true), keep])
}

fn list(lang: Lang) -> Command {
    let text = Text {
        name: "list",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon de records van de federatie, of die hier zijn vastgelegd",
            "Show the records of the federation, or those recorded here",
        ),
        more: (
            "Op volgorde van id. Met --local wat hier is vastgelegd, ook zonder federatie, elk samen met wat anderen in hetzelfde \
             record schreven. Met --json een record per regel, in zijn canonieke vorm: twee nodes met dezelfde \
             kennis geven dezelfde bytes.",
            "In order of id. With --local what was recorded here, also without a federation, each together with what others wrote \
             in the same record. With --json one record per line, in its canonical form: two nodes with the same \
             knowledge give the same bytes.",
        ),
        examples: &[
            "leerkring list --soort les --thema wonen",
            "leerkring list --local",
            "leerkring list --json > records.jsonl",
        ],
    };
    let soort = ("Alleen deze soort, zoals les", "Only this kind, such as les");
    let thema = (
        "Alleen records met dit thema, zoals wonen",
        "Only records with this theme, such as wonen",
    );
    let eigenaar = (
        "Alleen records van deze gemeente, zoals GM0014",
        "Only records of this gemeente, such as GM0014",
    );
    let takes = [
        option(lang, "soort", ("SOORT", "KIND"), soort),
        option(lang, "thema", ("THEMA", "THEME"), thema),
        option(lang, "eigenaar", ("CODE", "CODE"), eigenaar),
        local(lang),
        peilweek(lang),
    ];
    explained(lang, &text, takes)
}

fn local(lang: Lang) -> Arg {
    let help = (
        "Wat hier is vastgelegd, met team en casus",
        "What was recorded here, with team and case",
    );
    option(lang, "local", ("", ""), help)
}

fn show(lang: Lang) -> Command {
    let text = Text {
        name: "show",
        usage: ("ID [OPTIES]", "ID [OPTIONS]"),
        about: ("Toon een record", "Show a record"),
        more: (
            "Het record zoals de federatie het kent. Van een record dat alleen hier is, of met --local: zoals het is vastgelegd, \
             met zijn team, zijn koppelingen en de staat die daaruit volgt.",
            "The record as the federation knows it. Of a record that is here only, or with --local: as it was recorded, with \
             its team, its links and the state that follows from them.",
        ),
        examples: &[
            "leerkring show 3f8k2m",
            "leerkring show signaal-01",
            "leerkring show 3f8k2m --json",
        ],
    };
    let help = (
        "Het id van het record, of een uniek begin ervan",
        "The id of the record, or a unique begin of it",
    );
    let id = positional(lang, "id", ("ID", "ID"), help).required(true);
    explained(lang, &text, [id, local(lang), peilweek(lang)])
}

fn status(lang: Lang) -> Command {
    let text = Text {
        name: "status",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: ("Toon hoe het met de node gaat", "Show how the node is doing"),
        more: (
            "Hoogten en snapshot, andere nodes en hoever zij voorlopen, wat wacht, wat geweigerd is, en de laatste \
             fout van elke worker.",
            "Heights and snapshot, other nodes and how far ahead they are, what waits, what was refused, and the last \
             error of every worker.",
        ),
        examples: &["leerkring status", "leerkring status --json"],
    };
    explained(lang, &text, [peilweek(lang)])
}

fn orphans(lang: Lang) -> Command {
    let text = Text {
        name: "orphans",
        usage: ("[--reissue [ID]] [OPTIES]", "[--reissue [ID]] [OPTIONS]"),
        about: (
            "Toon eigen werk dat voor niemand telt, en deel het opnieuw",
            "Show own work that counts for nobody, and share it anew",
        ),
        more: (
            "Werk telt niet als zijn log is gesplitst (twee machines schreven als dezelfde node verder), als het handvest de \
             sleutel eerder beëindigde, of als een entry ervoor ongeldig is. Met --reissue vertrekt wat in de kluis staat \
             opnieuw, zoals het was goedgekeurd, in een nieuw log; wat is ingetrokken niet. Is het log van de draaiende node \
             zelf gesplitst, herstart haar dan eerst.",
            "Work does not count when its log was forked (two machines wrote on as the same node), when the charter ended the \
             key before, or when an entry before it is invalid. With --reissue what is in the vault leaves again, as it was \
             approved, in a new log; not what was withdrawn. When the log of the running node itself was forked, restart it \
             first.",
        ),
        examples: &[
            "leerkring orphans --node ./node",
            "leerkring orphans --reissue signaal-01",
        ],
    };
    let help = ("Deel het opnieuw", "Share it anew");
    let reissue = option(lang, "reissue", ("", ""), help);
    let help = (
        "Alleen dit: uw eigen id, of dat van document of record of het begin ervan",
        "This only: your own id, or that of document or record or the begin of it",
    );
    let id = positional(lang, "id", ("ID", "ID"), help).requires("reissue");
    explained(lang, &text, [reissue, id])
}

fn withdraw(lang: Lang) -> Command {
    let text = Text {
        name: "withdraw",
        usage: (
            "ID [--yes] [OPTIES]\n         leerkring withdraw --all [--yes] [OPTIES]",
            "ID [--yes] [OPTIONS]\n       leerkring withdraw --all [--yes] [OPTIONS]",
        ),
        about: (
            "Trek in wat deze gemeente aan een record bijdroeg, voorgoed",
            "Take back what this gemeente contributed to a record, for ever",
        ),
        more: (
            "Elke node vernietigt het zodra hij dit hoort, ook een die nu uit de lucht is. Het is niet terug te draaien. Wat \
             anderen schreven blijft; wat u zelf vastlegde blijft in de kluis en kan onder een nieuw id, of \
             gewijzigd, opnieuw gedeeld worden. Aan een terminal ziet u eerst welk record het is. Van een gemeente die weg is, of het zelf niet doet, trekken de leden het samen in: meer dan twee \
             derde van de stemmende leden vraagt er met --by-quorum om, elk met de wortelsleutel. Wie de federatie heeft \
             verlaten geeft zijn intrekking door met leerkring charter export, en een lid neemt haar op met charter import.",
            "Every node destroys it once it hears of this, also one that is down now. It cannot be undone. What others wrote \
             stays; what you recorded yourself stays in the vault and can be shared anew under a new id, or changed. At a \
             terminal you first see which record it is. What a gemeente shared that is gone, or does not withdraw it itself, the members withdraw together: more than two thirds of the \
             voting members ask for it with --by-quorum, each with the root key. Who left the federation hands its withdrawal \
             on with leerkring charter export, and a member takes it in with charter import.",
        ),
        examples: &[
            "leerkring withdraw mmtw8gex82",
            "leerkring withdraw signaal-01",
            "leerkring withdraw 3f2a9c0d11ef --by-quorum --node ./zuiderwaard --root-key /media/stick/root.key",
        ],
    };
    let yes = (
        "Vraag aan een terminal niet of dit het goede record is",
        "Do not ask at a terminal whether this is the right record",
    );
    let yes = option(lang, "yes", ("", ""), yes);
    let help = (
        "Het id van het record of het begin ervan, of het eigen id in de kluis",
        "The id of the record or the begin of it, or your own id in the vault",
    );
    let id = positional(lang, "id", ("ID", "ID"), help).required_unless_present("all");
    let all = (
        "Alles wat deze gemeente deelde, zoals wie weggaat dat wil",
        "All that this gemeente shared, as who leaves may want",
    );
    let all = option(lang, "all", ("", ""), all).conflicts_with_all(["id", "by-quorum"]);
    let together = (
        "Vraag dit met andere leden, van wie het ook is; ID is dan dat van record of document",
        "Ask this with other members, whoever it is of; ID is that of record or document then",
    );
    let together = option(lang, "by-quorum", ("", ""), together);
    explained(
        lang,
        &text,
        [id, yes, all, together, root_key(lang).requires("by-quorum")],
    )
}

fn receipts(lang: Lang) -> Command {
    let text = Text {
        name: "receipts",
        usage: ("[ID] [OPTIES]", "[ID] [OPTIONS]"),
        about: (
            "Toon wie heeft bevestigd dat iets gewist is",
            "Show who has confirmed that something is erased",
        ),
        more: (
            "Een node bevestigt ten hoogste eens per dag, en pas als het ook van zijn schijf is.",
            "A node confirms at most once a day, and only when it is gone from its disk too.",
        ),
        examples: &["leerkring receipts", "leerkring receipts mmtw8gex82"],
    };
    let help = (
        "Het id van het ingetrokken record of het begin ervan, of het eigen id",
        "The id of the withdrawn record or the begin of it, or your own id",
    );
    explained(lang, &text, [positional(lang, "id", ("ID", "ID"), help)])
}
