//! The commands about kringen: groups across gemeenten that nobody is put in.

use clap::{Arg, Command};
use protocol::api::Lang;

use super::learning::{form, kwartaal};
use super::records::peilweek;
use super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn kring(lang: Lang) -> Command {
    let text = Text {
        name: "kring",
        usage: ("[OPDRACHT] [OPTIES]", "[COMMAND] [OPTIONS]"),
        about: (
            "Leer met anderen in een kring, en toon wat die deed",
            "Learn with others in a kring, and show what it did",
        ),
        more: (
            "Een kring is vrijwillig: elke gemeente zegt zelf dat zij erin komt of eruit gaat, en ondertekent dat. Wat in een \
             kring gemaakt is (veld kring) blijft van wie het schreef. Alle leden van de federatie zien het, ook wie niet in de \
             kring zit. Zonder opdracht: de kringen die er zijn.",
            "A kring is voluntary: each gemeente says itself that it comes in or leaves, and signs that. What was made in a \
             kring (field kring) stays of who wrote it. All members of the federation see it, also who is not in the kring. \
             Without a command: the kringen that there are.",
        ),
        examples: &[
            "leerkring kring list",
            "leerkring kring new 'Wonen en bestaanszekerheid' --purpose 'Samen leren' --rhythm kwartaal",
            "leerkring kring join 9abcdef012",
            "leerkring kring account 9abcdef012 --kwartaal 2026-Q3 --format md",
        ],
    };
    explained(lang, &text, []).subcommands([list(lang), new(lang), join(lang), leave(lang), account(lang)])
}

fn list(lang: Lang) -> Command {
    let text = Text {
        name: "kring list",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: ("Toon de kringen en wie erin zit", "Show the kringen and who is in each"),
        more: ("", ""),
        examples: &["leerkring kring list --peilweek 2026-W40"],
    };
    explained(lang, &text, [peilweek(lang)])
}

fn new(lang: Lang) -> Command {
    let text = Text {
        name: "kring new",
        usage: ("NAAM --purpose DOEL [OPTIES]", "NAME --purpose PURPOSE [OPTIONS]"),
        about: ("Begin een kring", "Begin a kring"),
        more: (
            "Deze gemeente zit erin vanaf die week. De anderen horen ervan na leerkring review en leerkring approve.",
            "This gemeente is in it from that week on. The others hear of it after leerkring review and leerkring approve.",
        ),
        examples: &["leerkring kring new 'Wonen en bestaanszekerheid' --purpose 'Samen leren' --rhythm kwartaal"],
    };
    let name = ("Hoe de kring heet", "What the kring is called");
    let purpose = ("Waar de kring voor is", "What the kring is for");
    let rhythm = (
        "Hoe vaak zij bijeenkomt, zoals kwartaal",
        "How often it meets, such as kwartaal",
    );
    let id = ("Het eigen id", "Your own id");
    let takes = [
        positional(lang, "name", ("NAAM", "NAME"), name).required(true),
        option(lang, "purpose", ("DOEL", "PURPOSE"), purpose).required(true),
        option(lang, "rhythm", ("RITME", "RHYTHM"), rhythm),
        option(lang, "id", ("ID", "ID"), id),
        from_week(lang),
    ];
    explained(lang, &text, takes)
}

fn join(lang: Lang) -> Command {
    let text = Text {
        name: "kring join",
        usage: ("KRING [OPTIES]", "KRING [OPTIONS]"),
        about: ("Treed toe tot een kring", "Come into a kring"),
        more: (
            "De anderen horen ervan na leerkring review en leerkring approve. Wie eruit ging kan terugkomen.",
            "The others hear of it after leerkring review and leerkring approve. Who left can come back.",
        ),
        examples: &["leerkring kring join 9abcdef012 --week 2026-W36"],
    };
    explained(lang, &text, [which(lang), from_week(lang)])
}

fn leave(lang: Lang) -> Command {
    let text = Text {
        name: "kring leave",
        usage: ("KRING [OPTIES]", "KRING [OPTIONS]"),
        about: ("Ga uit een kring", "Leave a kring"),
        more: (
            "Wat deze gemeente in de kring deelde blijft van haar, en blijft staan tot zij het intrekt. De anderen horen ervan \
             na leerkring review en leerkring approve.",
            "What this gemeente shared in the kring stays its own, and stays until it takes that back. The others hear of it \
             after leerkring review and leerkring approve.",
        ),
        examples: &["leerkring kring leave 9abcdef012"],
    };
    explained(lang, &text, [which(lang), from_week(lang)])
}

fn account(lang: Lang) -> Command {
    let text = Text {
        name: "kring account",
        usage: (
            "KRING --kwartaal KWARTAAL [OPTIES]",
            "KRING --kwartaal QUARTER [OPTIONS]",
        ),
        about: (
            "Toon wat een kring in een kwartaal deed, waarom, en wat zij leerde",
            "Show what a kring did in a quarter, why, and what it learned",
        ),
        more: (
            "De horizontale verantwoording: gemaakt van wat de leden deelden, en op elke node hetzelfde. Van een kwartaal dat \
             voorbij is: zoals het aan het einde stond, tenzij met --peilweek.",
            "The horizontal account: made of what the members shared, and the same at every node. Of a quarter that is over: \
             as it stood at its end, unless with --peilweek.",
        ),
        examples: &["leerkring kring account 9abcdef012 --kwartaal 2026-Q3 --format html > verantwoording.html"],
    };
    explained(lang, &text, [which(lang), kwartaal(lang), form(lang), peilweek(lang)])
}

fn which(lang: Lang) -> Arg {
    let help = (
        "Het id van de kring of het begin ervan",
        "The id of the kring or the begin of it",
    );
    positional(lang, "kring", ("KRING", "KRING"), help).required(true)
}

fn from_week(lang: Lang) -> Arg {
    let help = (
        "Vanaf welke week; anders deze week",
        "From which week on; otherwise this week",
    );
    option(lang, "week", ("WEEK", "WEEK"), help)
}
