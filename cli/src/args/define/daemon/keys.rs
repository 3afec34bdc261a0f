//! The commands about the keys of a gemeente.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::super::{option, positional};
use super::charter::{next_root_key, out, root_key};
use super::path;
use crate::args::help::{Text, explained};

/// The card of which a new node is one more node.
pub(super) fn second_of(lang: Lang) -> Arg {
    let help = (
        "Een tweede node van de gemeente met deze kaart, zonder wortelsleutel",
        "A second node of the gemeente with this card, without a root key",
    );
    path(option(lang, "second-of", ("KAART", "CARD"), help)).conflicts_with_all(["root-key", "next-root-key", "naam"])
}

pub(super) fn new_root_key(lang: Lang) -> Arg {
    let help = (
        "Maak de wortelsleutel in dit bestand [keys/root.key]",
        "Make the root key in this file [keys/root.key]",
    );
    path(option(lang, "root-key", ("BESTAND", "FILE"), help))
}

pub(super) fn new_next_root_key(lang: Lang) -> Arg {
    let help = (
        "Maak de volgende wortelsleutel in dit bestand [keys/next-root.key]",
        "Make the next root key in this file [keys/next-root.key]",
    );
    path(option(lang, "next-root-key", ("BESTAND", "FILE"), help))
}

pub(super) fn keys(lang: Lang) -> Command {
    let text = Text {
        name: "keys",
        usage: ("OPDRACHT [OPTIES]", "COMMAND [OPTIONS]"),
        about: (
            "Zie en beheer de sleutels van deze gemeente",
            "See and look after the keys of this gemeente",
        ),
        more: (
            "Een gemeente spreekt met een wortelsleutel; elke node met een eigen sleutel, die de wortelsleutel beëindigen kan. Is de \
             wortelsleutel weg, dan neemt de volgende haar plaats in.",
            "A gemeente speaks with a root key; each node with a key of its own, which the root key can end. When the root key is \
             gone, the next one takes its place.",
        ),
        examples: &[
            "leerkring keys show --node ./groningen",
            "leerkring keys revoke 3f9a01c2 --root-key /media/een/root.key --node ./groningen",
            "leerkring keys rotate --root-key /media/een/root.key --next-root-key /media/twee/next.key --node ./groningen",
        ],
    };
    explained(lang, &text, []).subcommand_required(true).subcommands([
        show(lang),
        request(lang),
        certify(lang),
        revoke(lang),
        rotate(lang),
    ])
}

fn show(lang: Lang) -> Command {
    let text = Text {
        name: "keys show",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon welke sleutels voor deze gemeente spreken, en tot waar",
            "Show which keys speak for this gemeente, and how far",
        ),
        more: ("", ""),
        examples: &["leerkring keys show --node ./groningen", "leerkring keys show --json"],
    };
    explained(lang, &text, [])
}

fn request(lang: Lang) -> Command {
    let text = Text {
        name: "keys request",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Vraag of deze tweede node voor de gemeente mag spreken",
            "Ask whether this second node may speak for the gemeente",
        ),
        more: (
            "Voor een node die met init --second-of is gemaakt en met join is uitgenodigd. Het bestand bevat geen geheim. Lees de \
             vingerafdruk voor aan wie het verzoek tekent.",
            "For a node that was made with init --second-of and invited with join. The file holds no secret. Read \
             the fingerprint out to whoever signs the request.",
        ),
        examples: &["leerkring keys request --node ./tweede --out tweede.verzoek"],
    };
    explained(lang, &text, [out(lang)])
}

fn certify(lang: Lang) -> Command {
    let text = Text {
        name: "keys certify",
        usage: ("VERZOEK [OPTIES]", "REQUEST [OPTIONS]"),
        about: (
            "Laat een tweede node voor deze gemeente spreken",
            "Have a second node speak for this gemeente",
        ),
        more: (
            "De wortelsleutel tekent de sleutel van die node. Daar is geen stemming voor nodig: de nodes van de anderen laten \
             haar binnen zodra zij dit horen. Geef daarom de vingerafdruk die keys request bij die node toonde, voorgelezen door \
             wie haar beheert: een verzoek kan onderweg zijn verwisseld.",
            "The root key signs the key of that node. That takes no vote: the nodes of the others let it in once they hear of \
             this. So give the fingerprint that keys request showed at that node, read out by whoever looks after it: a request \
             may have been swapped on its way.",
        ),
        examples: &[
            "leerkring keys certify tweede.verzoek --fingerprint '3f9a 01c2 77e1 90ab 12cd 5e6f 0a1b 2c3d' --node ./groningen",
        ],
    };
    let help = ("Het verzoek van die node", "The request of that node");
    let file = path(positional(lang, "file", ("VERZOEK", "REQUEST"), help)).required(true);
    let help = (
        "De vingerafdruk van de sleutel van die node",
        "The fingerprint of the key of that node",
    );
    let print = option(lang, "fingerprint", ("GROEPEN", "GROUPS"), help);
    explained(lang, &text, [file, print, root_key(lang)])
}

fn revoke(lang: Lang) -> Command {
    let text = Text {
        name: "keys revoke",
        usage: ("SLEUTEL [OPTIES]", "KEY [OPTIONS]"),
        about: (
            "Beëindig de sleutel van een node, voorgoed",
            "End the key of a node, for good",
        ),
        more: (
            "Wat met de sleutel geschreven is blijft tellen tot waar deze node het heeft, ook wat een dief in die logs schreef; zij \
             toont van elke log de positie. Is het de sleutel van deze node zelf, dan vraagt zij van logs die zij niet zelf \
             schreef of ze tellen: --log en --without-log, of --only-own voor alle tegelijk. Met --from-nothing telt er niets meer \
             van. Alle nodes weigeren de sleutel zodra zij dit horen.",
            "What was written with the key goes on counting as far as this node holds it, also what a thief wrote in those logs; it \
             shows the position of each log. When it is the key of this node itself, it asks of logs that it did not write itself \
             whether they count: --log and --without-log, or --only-own for all at once. With --from-nothing nothing of it counts. \
             All nodes refuse the key once they hear of this.",
        ),
        examples: &[
            "leerkring keys revoke 3f9a01c2 --node ./groningen --root-key /media/een/root.key",
            "leerkring keys revoke 3f9a01c2 --from-nothing --yes --node ./groningen",
        ],
    };
    let help = (
        "De sleutel van een node, of het begin ervan",
        "The key of a node, or the begin of it",
    );
    let key = positional(lang, "key", ("SLEUTEL", "KEY"), help).required(true);
    let nothing = (
        "Alsof de sleutel nooit heeft gesproken",
        "As if the key had never spoken",
    );
    let yes = (
        "Vraag niet of het goed is; nodig waar niemand aan een terminal zit",
        "Do not ask whether it is right; needed where nobody sits at a terminal",
    );
    let takes = [
        key,
        option(lang, "from-nothing", ("", ""), nothing),
        option(lang, "yes", ("", ""), yes),
    ];
    explained(
        lang,
        &text,
        takes.into_iter().chain(ending(lang)).chain([root_key(lang)]),
    )
}

/// Which logs of a key that ends go on counting.
fn ending(lang: Lang) -> [Arg; 4] {
    let each = |id, help| option(lang, id, ("LOG", "LOG"), help).action(ArgAction::Append);
    let flag = |id, help| option(lang, id, ("", ""), help);
    [
        each(
            "log",
            (
                "Deze log telt, al weet deze node niet dat zij haar schreef",
                "This log counts, although this node does not know that it wrote it",
            ),
        ),
        each("without-log", ("Deze log vervalt", "This log lapses")),
        flag(
            "only-own",
            (
                "Wat deze node niet zelf schreef vervalt",
                "What this node did not write itself lapses",
            ),
        ),
        flag(
            "now",
            (
                "Ook als deze node niet met een andere gelijk is geweest",
                "Also when this node was not equal with another one",
            ),
        ),
    ]
}

fn rotate(lang: Lang) -> Command {
    let text = Text {
        name: "keys rotate",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Vervang de wortelsleutel door de volgende",
            "Replace the root key by the next one",
        ),
        more: (
            "De volgende sleutel tekent; de oude is er niet voor nodig. Wat de oude sleutel over nodes zei vervalt, want wie haar stal \
             kan dat gezegd hebben: zeg dus van elke andere node van deze gemeente of zij blijft (--keep), eindigt (--end) of er nooit \
             had mogen zijn (--drop). Een node die beëindigd is blijft dat met --end; alleen als de dief haar beëindigde: --revive. \
             Doe het bij een node die met de andere verbonden is: die horen het van haar. Daarna staan de nieuwe wortelsleutel en een nieuwe volgende op de oude plaatsen; de oude \
             wortelsleutel blijft bewaard onder een andere naam. Een opdracht die afgebroken werd maakt het de volgende keer af.",
            "The next key signs; the old one is not needed for it. What the old key said of nodes lapses, since whoever stole it may \
             have said so: say of every other node of this gemeente whether it stays (--keep), ends (--end) or never should have \
             been (--drop). A node that has ended stays so with --end; only if the thief ended it: --revive. Do it at a node that is \
             connected to the others: they hear of it from there. Afterwards the new root key and a new next one are in the old places; the old root key is kept under \
             another name. A command that was cut short is finished the next time.",
        ),
        examples: &[
            "leerkring keys rotate --node ./groningen",
            "leerkring keys rotate --keep 3f9a01c2 --drop 77e1 --root-key /media/een/root.key --next-root-key /media/twee/next.key",
        ],
    };
    let each = |id, help| option(lang, id, ("SLEUTEL", "KEY"), help).action(ArgAction::Append);
    let takes = [
        each("keep", ("Deze node blijft spreken", "This node goes on speaking")),
        each(
            "revive",
            (
                "Deze node is beëindigd en spreekt weer: alleen als de dief van de wortelsleutel dat deed",
                "This node ended and speaks again: only if the thief of the root key ended it",
            ),
        ),
        each(
            "end",
            (
                "Deze node eindigt; wat zij schreef blijft",
                "This node ends; what it wrote stays",
            ),
        ),
        each(
            "drop",
            (
                "Niets van deze node telt, ook niet wat zij schreef",
                "Nothing of this node counts, nor what it wrote",
            ),
        ),
    ];
    let yes = (
        "Vraag niet of het goed is; nodig waar niemand aan een terminal zit en er iets vervalt",
        "Do not ask whether it is right; needed where nobody sits at a terminal and something lapses",
    );
    let keys = [option(lang, "yes", ("", ""), yes), root_key(lang), next_root_key(lang)];
    explained(lang, &text, takes.into_iter().chain(ending(lang)).chain(keys))
}
