//! The commands by which a federation changes who belongs to it.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::super::{option, positional};
use super::charter::root_key;
use super::path;
use crate::args::help::{Text, explained};

type Both = (&'static str, &'static str);

/// An option that may be given more than once.
fn many(lang: Lang, id: &'static str, help: Both) -> Arg {
    option(lang, id, ("CODE", "CODE"), help).action(ArgAction::Append)
}

fn cards(lang: Lang, id: &'static str, help: Both) -> Arg {
    path(option(lang, id, ("KAART", "CARD"), help)).action(ArgAction::Append)
}

fn carry(lang: Lang) -> Arg {
    let help = ("Een lid dat geschorst blijft", "A member that stays on hold");
    many(lang, "carry-suspension", help)
}

fn against(lang: Lang) -> Arg {
    let help = ("Als stem tegen wat er ligt", "As a vote against what is proposed");
    option(lang, "against", ("", ""), help)
}

fn dry_run(lang: Lang) -> Arg {
    let help = ("Toon alleen wat er zou veranderen", "Only show what would change");
    option(lang, "dry-run", ("", ""), help)
}

pub(super) fn now(lang: Lang) -> Arg {
    let help = (
        "Ook als deze node sinds haar start nog niemand hoorde",
        "Also when this node has heard nobody since its start",
    );
    option(lang, "now", ("", ""), help)
}

pub(super) fn propose(lang: Lang) -> Command {
    let text = Text {
        name: "charter propose",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Stel de volgende editie van de ledenlijst voor",
            "Propose the next edition of the list of members",
        ),
        more: (
            "Het voorstel volgt op de editie die van kracht is, met de stem van deze gemeente erbij; de andere leden zien het \
             met charter show en stemmen met charter endorse. Het is besloten met meer dan twee derde van de stemmende leden \
             (bij een, twee of drie: allemaal). Nodes van wie eruit gaat houden op waar deze node ze heeft: laat hem eerst \
             bijlezen. --renew neemt de nieuwe kaart van een lid over: wortelsleutel, volgende wortelsleutel, nodes, naam en \
             postbus; nodes die er niet op staan houden voorgoed op, behalve die de wortelsleutel zelf heeft toegelaten. Wie \
             van stemmen naar meelezen gaat heeft daarvoor nieuwe nodes nodig (--renew met zijn nieuwe kaart). Een schorsing \
             vervalt met de volgende editie, tenzij --carry-suspension haar meeneemt; --lift heft haar op zonder dat er verder \
             iets verandert. Met --against is het een stem tegen wat er ligt, ook zonder enige verandering en ook als het niet \
             meer kan winnen: kan geen van beide het nog halen, dan begint er een volgende ronde.",
            "The proposal follows on the edition in force, with the vote of this gemeente; the other members see it with \
             charter show and vote with charter endorse. It is decided with more than two thirds of the voting members (of \
             one, two or three: all). Nodes of who goes end where this node has them: let it catch up first. --renew takes \
             over the new card of a member: root key, next root key, nodes, name and mailbox; nodes that are not on it end for \
             good, except those that the root key itself let in. Who goes from voting to reading needs new nodes for that \
             (--renew with its new card). A suspension lapses with the next edition, unless --carry-suspension carries it; --lift \
             ends it without any other change. With --against it is a vote against what is proposed, also without any change and \
             also when it cannot win any more: once neither can, a next ballot begins.",
        ),
        examples: &[
            "leerkring charter propose --add oosterveen.kaart --node ./zuiderwaard",
            "leerkring charter propose --remove GM9902 --dry-run --node ./zuiderwaard",
            "leerkring charter propose --renew kromhoek.kaart --root-key /media/stick/root.key --node ./zuiderwaard",
        ],
    };
    let takes = [
        cards(lang, "add", ("De kaart van wie erbij komt", "The card of who joins")),
        many(lang, "remove", ("Een lid dat eruit gaat", "A member that goes")),
        many(
            lang,
            "reading",
            ("Een lid dat voortaan meeleest", "A member that reads along from now on"),
        ),
        many(
            lang,
            "voting",
            ("Een lid dat voortaan stemt", "A member that votes from now on"),
        ),
        cards(
            lang,
            "renew",
            ("De nieuwe kaart van een lid", "The new card of a member"),
        ),
        carry(lang),
        many(
            lang,
            "lift",
            ("Een lid waarvan de schorsing ophoudt", "A member whose suspension ends"),
        ),
        against(lang),
        dry_run(lang),
        now(lang),
        root_key(lang),
    ];
    explained(lang, &text, takes)
}

pub(super) fn suspend(lang: Lang) -> Command {
    let text = Text {
        name: "charter suspend",
        usage: ("CODE [OPTIES]", "CODE [OPTIONS]"),
        about: (
            "Vraag een lid te schorsen, tot de volgende editie",
            "Ask to put a member on hold, until the next edition",
        ),
        more: (
            "Voor een gestolen sleutel of een node die schade doet. Meer dan een derde van de stemmende leden, en ten minste \
             twee, moet erom vragen, nooit het lid zelf. Zolang het geschorst is maken zijn nodes geen verbinding en telt niet \
             wat zij schrijven voorbij waar deze node ze nu heeft; stemmen mag het lid wel.",
            "For a stolen key or a node that does harm. More than a third of the voting members, and at least two, have to ask \
             for it, never the member itself. While it is on hold its nodes do not connect, and what they write beyond where \
             this node has them now does not count; the member may vote.",
        ),
        examples: &["leerkring charter suspend GM9903 --node ./zuiderwaard"],
    };
    let help = ("Het lid", "The member");
    let gemeente = positional(lang, "gemeente", ("CODE", "CODE"), help).required(true);
    explained(lang, &text, [gemeente, now(lang), root_key(lang)])
}

pub(super) fn merge(lang: Lang) -> Command {
    let text = Text {
        name: "charter merge",
        usage: (
            "--from CODE --into CODE --date DAG [OPTIES]",
            "--from CODE --into CODE --date DAY [OPTIONS]",
        ),
        about: (
            "Stel een herindeling voor: leden gaan op in een ander",
            "Propose a merger: members become part of another one",
        ),
        more: (
            "Een voorstel als dat van charter propose. Wat er gedeeld is houdt zijn code; de opvolger mag het intrekken. De nodes \
             van wie opgaat houden op waar deze node ze heeft: laat ze eerst delen wat klaarligt, en laat deze node bijlezen. \
             Is de opvolger nog geen lid, geef dan zijn kaart met --add. De dag is voor wie het leest: de editie geldt zodra \
             zij besloten is. Een schorsing vervalt ermee, tenzij --carry-suspension haar meeneemt.",
            "A proposal like that of charter propose. What was shared keeps its code; the successor may withdraw it. The nodes \
             of who merges end where this node has them: let them first share what is ready, and let this node catch up. When \
             the successor is no member yet, give its card with --add. The day is for who reads it: the edition is in force \
             once it is decided. A suspension lapses with it, unless --carry-suspension carries it.",
        ),
        examples: &[
            "leerkring charter merge --from GM9902 --into GM9901 --date 2027-01-01 --node ./zuiderwaard",
            "leerkring charter merge --from GM9901 --from GM9902 --into GM9904 --add nieuw.kaart --date 2027-01-01 --dry-run",
        ],
    };
    let into = ("De gemeente die verder gaat", "The gemeente that goes on");
    let date = ("Vanaf wanneer, zoals 2027-01-01", "From when on, such as 2027-01-01");
    let takes = [
        many(
            lang,
            "from",
            ("Een gemeente die opgaat", "A gemeente that becomes part of it"),
        )
        .required(true),
        option(lang, "into", ("CODE", "CODE"), into).required(true),
        option(lang, "date", ("DAG", "DAY"), date).required(true),
        cards(lang, "add", ("De kaart van wie erbij komt", "The card of who joins")),
        carry(lang),
        dry_run(lang),
        now(lang),
        root_key(lang),
    ];
    explained(lang, &text, takes)
}

pub(super) fn leave(lang: Lang) -> Command {
    let text = Text {
        name: "charter leave",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: ("Verlaat de federatie", "Leave the federation"),
        more: (
            "Stem eerst met de anderen voor een editie zonder deze gemeente (charter propose --remove): is die besloten, dan is \
             er verder niets nodig. Wie zomaar gaat (--now) blijft meetellen in elke stemming, zodat de anderen misschien \
             niets meer kunnen besluiten. Wat er gedeeld is blijft staan (--keep) of wordt eerst ingetrokken (--withdraw; de node \
             moet dan draaien). Aan een terminal vraagt de opdracht welk van beide, en of u het zeker weet; zonder terminal, \
             of met --yes, gaat zij meteen, en wat niet gezegd is blijft staan. Wie per editie gaat trekt eerst in met \
             leerkring withdraw --all.",
            "First vote with the others for an edition without this gemeente (charter propose --remove): once that is decided, \
             nothing more is needed. Who just goes (--now) goes on counting in every vote, so that the others can perhaps \
             decide nothing any more. What was shared stays (--keep) or is withdrawn first (--withdraw; the node has to run then). \
             At a terminal the command asks which of both, and whether you are sure; without a terminal, or with --yes, it \
             goes ahead at once, and what was not said stays. Who goes by edition withdraws first, with leerkring withdraw \
             --all.",
        ),
        examples: &[
            "leerkring charter leave --now --node ./kromhoek",
            "leerkring charter leave --now --withdraw --node ./kromhoek",
        ],
    };
    let now = (
        "Ook als er nog geen editie zonder deze gemeente is, of deze node sinds haar start nog niemand hoorde",
        "Also when there is no edition without this gemeente yet, or this node has heard nobody since its start",
    );
    let yes = ("Vraag niets", "Ask nothing");
    let keep = ("Wat gedeeld is blijft staan", "What was shared stays");
    let withdraw = (
        "Trek eerst alles in wat gedeeld is",
        "First withdraw all that was shared",
    );
    let takes = [
        option(lang, "now", ("", ""), now),
        option(lang, "yes", ("", ""), yes),
        option(lang, "keep", ("", ""), keep).conflicts_with("withdraw"),
        option(lang, "withdraw", ("", ""), withdraw),
        root_key(lang),
    ];
    explained(lang, &text, takes)
}
