//! The commands of founding a federation with others.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::super::{option, positional};
use super::{editions, path};
use crate::args::help::{Text, explained};

pub(super) fn charter(lang: Lang) -> Command {
    let text = Text {
        name: "charter",
        usage: ("OPDRACHT [OPTIES]", "COMMAND [OPTIONS]"),
        about: (
            "Sticht een federatie met anderen, en besluit samen wie erbij hoort",
            "Found a federation with others, and decide together who belongs",
        ),
        more: (
            "Elke stichter maakt een kaart; een van hen maakt daarvan het handvest; de anderen tekenen het. De bestanden \
             gaan rond zoals u wilt: elke regel erin bewijst zichzelf. De federatie bestaat zodra allen getekend hebben. \
             Daarna verandert zij per editie: een lid stelt de volgende voor (propose, merge), de anderen tekenen die \
             (endorse), en met meer dan twee derde van de stemmen is zij van kracht.",
            "Every founder makes a card; one of them makes the charter of these; the others sign it. The files go round \
             in any way: every line in them proves itself. The federation exists once all have signed. From then on it \
             changes by edition: a member proposes the next (propose, merge), the others sign it (endorse), and with more \
             than two thirds of the votes it is in force.",
        ),
        examples: &[
            "leerkring charter card --node ./kromhoek --out kromhoek.kaart",
            "leerkring charter new kromhoek.kaart --node ./zuiderwaard --out kring.handvest",
            "leerkring charter endorse kring.handvest --node ./kromhoek",
            "leerkring charter show --node ./zuiderwaard",
            "leerkring charter propose --add oosterveen.kaart --node ./zuiderwaard",
        ],
    };
    explained(lang, &text, []).subcommand_required(true).subcommands([
        charter_card(lang),
        charter_new(lang),
        charter_endorse(lang),
        charter_import(lang),
        charter_export(lang),
        charter_show(lang),
        charter_invite(lang),
        editions::propose(lang),
        editions::suspend(lang),
        editions::merge(lang),
        editions::leave(lang),
    ])
}

pub(super) fn out(lang: Lang) -> Arg {
    let help = (
        "Schrijf naar dit bestand; anders naar standaarduitvoer",
        "Write to this file; otherwise to standard output",
    );
    path(option(lang, "out", ("BESTAND", "FILE"), help))
}

/// Every command that signs with the root key takes it from a file that may be anywhere.
pub(in crate::args::define) fn root_key(lang: Lang) -> Arg {
    let help = (
        "Het bestand met de wortelsleutel [keys/root.key in de map van de node]",
        "The file with the root key [keys/root.key in the folder of the node]",
    );
    path(option(lang, "root-key", ("BESTAND", "FILE"), help))
}

/// The key that is to follow the root key, where a card commits to it.
pub(super) fn next_root_key(lang: Lang) -> Arg {
    let help = (
        "Het bestand met de volgende wortelsleutel [keys/next-root.key]",
        "The file with the next root key [keys/next-root.key]",
    );
    path(option(lang, "next-root-key", ("BESTAND", "FILE"), help))
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
    explained(lang, &text, [out(lang), root_key(lang), next_root_key(lang)])
}

fn charter_new(lang: Lang) -> Command {
    let text = Text {
        name: "charter new",
        usage: ("[KAART...] [OPTIES]", "[CARD...] [OPTIONS]"),
        about: (
            "Stel het handvest op van deze gemeente en die van de kaarten",
            "Write the charter of this gemeente and those of the cards",
        ),
        more: (
            "Deze gemeente tekent meteen, en haar node neemt het handvest op. Zolang niet allen tekenden kan het opnieuw, met \
             andere kaarten. Een federatie van één vraagt --alone: daar komt niemand meer bij door te stichten.",
            "This gemeente signs at once, and its node takes the charter in. As long as not all have signed it can be done again, \
             with other cards. A federation of one takes --alone: nobody comes into that by founding any more.",
        ),
        examples: &["leerkring charter new kromhoek.kaart --node ./zuiderwaard --out kring.handvest"],
    };
    let help = ("De kaarten van de andere stichters", "The cards of the other founders");
    let cards = path(positional(lang, "cards", ("KAART", "CARD"), help));
    let cards = cards.num_args(0..).action(ArgAction::Append);
    let alone = (
        "Zonder kaarten: een federatie van één",
        "Without cards: a federation of one",
    );
    let alone = option(lang, "alone", ("", ""), alone);
    explained(
        lang,
        &text,
        [cards, alone, out(lang), root_key(lang), next_root_key(lang)],
    )
}

fn charter_endorse(lang: Lang) -> Command {
    let text = Text {
        name: "charter endorse",
        usage: ("[BESTAND] [OPTIES]", "[FILE] [OPTIONS]"),
        about: (
            "Teken een handvest, of stem voor een voorstel",
            "Sign a charter, or vote for a proposal",
        ),
        more: (
            "Met een bestand: teken de oprichting. Teken alleen wat de stichters samen hebben afgesproken: lees het eerst met \
             leerkring charter show BESTAND. De handtekening komt in het bestand erbij, en de node neemt het handvest op; de \
             andere nodes krijgen haar vanzelf. Bestaat de federatie al, dan neemt de node het bestand op en stemt u voor het \
             voorstel dat erin staat. Zonder bestand: stem voor het voorstel dat in het handvest van de node open \
             staat; leerkring charter show toont het. Zijn er meer, noem dan het begin van de hash met --edition. Elk lid \
             heeft in een ronde één stem: een tweede is een bewijs van kwade trouw en wordt geweigerd.",
            "With a file: sign the founding. Sign only what the founders agreed on together: read it first with leerkring \
             charter show FILE. The signature is added to the file, and the node takes the charter in; the other nodes get it \
             by themselves. When the federation exists, the node takes the file in and you vote for the proposal in it. \
             Without a file: vote for the proposal that is open in the charter of the node; leerkring charter \
             show shows it. When there are more, give the begin of the hash with --edition. Each member has one vote in a \
             ballot: a second one is proof of bad faith and is refused.",
        ),
        examples: &[
            "leerkring charter endorse kring.handvest --node ./kromhoek",
            "leerkring charter endorse --node ./kromhoek",
            "leerkring charter endorse --edition 3f2a9c --node ./kromhoek --root-key /media/stick/root.key",
        ],
    };
    let edition = (
        "Het begin van de hash van het voorstel",
        "The begin of the hash of the proposal",
    );
    let edition = option(lang, "edition", ("HASH", "HASH"), edition);
    let file = file(lang).required(false);
    explained(
        lang,
        &text,
        [file, edition, out(lang), editions::now(lang), root_key(lang)],
    )
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

fn charter_export(lang: Lang) -> Command {
    let text = Text {
        name: "charter export",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Schrijf alles op wat de node van het handvest heeft",
            "Write down all that the node holds of the charter",
        ),
        more: (
            "Elke verklaring erin bewijst zichzelf: het bestand is geen geheim. Wie erbij komt neemt het op met leerkring \
             charter import, en het is de reservekopie van wie erbij hoort. De node mag draaien en mag stilstaan.",
            "Every statement in it proves itself: the file is no secret. Who joins takes it in with leerkring charter \
             import, and it is the backup of who belongs. The node may run or not.",
        ),
        examples: &["leerkring charter export --node ./zuiderwaard --out kring.handvest"],
    };
    explained(lang, &text, [out(lang)])
}

fn charter_show(lang: Lang) -> Command {
    let text = Text {
        name: "charter show",
        usage: ("[BESTAND] [OPTIES]", "[FILE] [OPTIONS]"),
        about: (
            "Toon wie erbij hoort, of wat er in een kaart of handvest staat",
            "Show who belongs, or what a card or charter says",
        ),
        more: (
            "Met een bestand is geen node nodig: wie erin staat, met vingerafdruk, nodes en stem, wie getekend heeft en wie nog \
             niet. Laat de andere gemeenten hun vingerafdruk door de telefoon voorlezen voordat u tekent.",
            "With a file no node is needed: who is in it, with fingerprint, nodes and vote, who has signed and who has not. \
             Let the other gemeenten read out their fingerprint by phone before you sign.",
        ),
        examples: &[
            "leerkring charter show",
            "leerkring charter show --json",
            "leerkring charter show kring.handvest",
        ],
    };
    let help = ("Een kaart of handvest", "A card or charter");
    explained(lang, &text, [path(positional(lang, "file", ("BESTAND", "FILE"), help))])
}

fn charter_invite(lang: Lang) -> Command {
    let text = Text {
        name: "charter invite",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Nodig een gemeente uit in de federatie die er is",
            "Invite a gemeente into the federation that exists",
        ),
        more: (
            "De uitnodiging zegt welke federatie het is, welke editie nu geldt, en waar deze node en twee van andere gemeenten \
             te bereiken zijn. Zij bevat geen geheim en geeft niemand iets te zeggen: wie erbij komt beslissen de leden, met \
             de kaart van die gemeente.",
            "The invitation says which federation it is, which edition is in force, and where this node and two of other \
             gemeenten can be reached. It holds no secret and gives nobody a say: who comes in the members decide, with the \
             card of that gemeente.",
        ),
        examples: &["leerkring charter invite --node ./zuiderwaard --out kring.uitnodiging"],
    };
    explained(lang, &text, [out(lang)])
}
