//! The command about tips: what kringen show with what is typed here.

use clap::{Arg, Command};
use protocol::api::Lang;

use super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn tips(lang: Lang) -> Command {
    let text = Text {
        name: "tips",
        usage: ("[OPDRACHT] [OPTIES]", "[COMMAND] [OPTIONS]"),
        about: (
            "Zie wat kringen laten zien bij wat u vastlegt, en zet dat uit of aan",
            "See what kringen show with what you record, and switch that off or on",
        ),
        more: (
            "Een kring waar deze gemeente in zit kan in haar veld tips zetten wat iemand te zien krijgt (toon) bij wat hij vastlegt \
             (als). In als staat wat moet gelden, met en ertussen: thema=wonen,schulden en overdracht=ja en woorden=briefadres. \
             Er kan gevraagd worden naar soort (anders: signaal), aard, thema, regeling, laag, belemmering, soort_knelpunt, \
             overdracht (ja of nee), woorden, en teams>=2 (zelfde knelpunt bij twee teams binnen dertien weken); altijd geldt \
             altijd. Wat uit staat geldt op deze node, en niemand anders hoort ervan of een tip getoond is. Zonder opdracht: de \
             tips die er zijn.",
            "A kring that this gemeente is in can say in its field tips what somebody is shown (toon) with what they record \
             (als). In als stands what must hold, with en in between: thema=wonen,schulden en overdracht=ja en \
             woorden=briefadres. What can be asked for is soort (otherwise: signaal), aard, thema, regeling, laag, belemmering, \
             soort_knelpunt, overdracht (ja or nee), woorden, and teams>=2 (the same knelpunt at two teams within thirteen \
             weeks); altijd always holds. What is switched off is so at this node, and nobody else hears whether a tip was \
             shown. Without a command: the tips that there are.",
        ),
        examples: &[
            "leerkring tips",
            "leerkring tips off 3fa91c02",
            "leerkring tips off --all",
            "leerkring tips on --all",
        ],
    };
    explained(lang, &text, []).subcommands([list(lang), off(lang), on(lang)])
}

fn list(lang: Lang) -> Command {
    let text = Text {
        name: "tips list",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon de tips, en welke hier aan staan",
            "Show the tips, and which are on here",
        ),
        more: ("", ""),
        examples: &["leerkring tips list"],
    };
    explained(lang, &text, [])
}

fn off(lang: Lang) -> Command {
    let text = Text {
        name: "tips off",
        usage: ("ID|--all [OPTIES]", "ID|--all [OPTIONS]"),
        about: ("Zet een tip uit, of alle", "Switch a tip off, or all of them"),
        more: (
            "Met --all verschijnt geen enkele tip meer, ook geen die nog komt. Wijzigt een kring een tip, dan is dat een andere tip.",
            "With --all no tip appears any more, nor any that is yet to come. When a kring changes a tip, that is another tip.",
        ),
        examples: &["leerkring tips off 3fa91c02", "leerkring tips off --all"],
    };
    explained(lang, &text, which(lang))
}

fn on(lang: Lang) -> Command {
    let text = Text {
        name: "tips on",
        usage: ("ID|--all [OPTIES]", "ID|--all [OPTIONS]"),
        about: ("Zet een tip weer aan, of alle", "Switch a tip on again, or all of them"),
        more: ("", ""),
        examples: &["leerkring tips on 3fa91c02", "leerkring tips on --all"],
    };
    explained(lang, &text, which(lang))
}

fn which(lang: Lang) -> [Arg; 2] {
    let id = (
        "Het id van de tip of het begin ervan",
        "The id of the tip or the begin of it",
    );
    let all = ("Alle, ook wat nog komt", "All, also those to come");
    [
        positional(lang, "tip", ("ID", "ID"), id).required_unless_present("all"),
        option(lang, "all", ("", ""), all).conflicts_with("tip"),
    ]
}
