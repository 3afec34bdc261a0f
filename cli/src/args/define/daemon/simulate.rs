//! The command that plays whole federations from a seed.

use clap::{Arg, Command};
use protocol::api::Lang;

use super::super::option;
use super::path;
use crate::args::help::{Text, explained};

/// `simulate`.
pub(super) fn simulate(lang: Lang) -> Command {
    let text = Text {
        name: "simulate",
        usage: (
            "--seed S [OPTIES]\n         leerkring simulate --count C [--from F] [OPTIES]",
            "--seed S [OPTIONS]\n       leerkring simulate --count C [--from F] [OPTIONS]",
        ),
        about: (
            "Speel een federatie na uit een getal, en kijk of elke wet standhoudt",
            "Play a federation from a number, and see whether every law holds",
        ),
        more: (
            "Het echte protocol, met nagebootste klok, verbindingen en schijven. Het getal bepaalt alles: wie erbij hoort, wie wat \
             schrijft, wat er stukgaat. Hetzelfde getal met dezelfde opties geeft dezelfde bytes. Afsluitcode 1 als een wet \
             gebroken is.",
            "The real protocol, with a clock, links and disks that are played. The number decides everything: who belongs, who \
             writes what, what breaks. The same number with the same options gives the same bytes. Exit code 1 when a law is \
             broken.",
        ),
        examples: &[
            "leerkring simulate --seed 17",
            "leerkring simulate --seed 17 --nodes 5 --weeks 26",
            "leerkring simulate --seed 17 --hostile 2 --minimise",
            "leerkring simulate --count 1000 --from 5000",
            "leerkring simulate --plan tests/tests/simulation/plans.jsonl",
        ],
    };
    explained(lang, &text, takes(lang))
}

/// Its options.
fn takes(lang: Lang) -> [Arg; 9] {
    let number = ("N", "N");
    let seed = (
        "Deze federatie, regel voor regel verteld",
        "This federation, told line by line",
    );
    let count = (
        "Zoveel federaties na elkaar; toon alleen wat een wet breekt",
        "So many federations one after the other; show only what breaks a law",
    );
    let from = ("De eerste daarvan [0]", "The first of them [0]");
    let nodes = (
        "Zoveel nodes, in plaats van wat het getal bepaalt",
        "So many nodes, instead of what the number decides",
    );
    let weeks = (
        "Zoveel weken werk, elk samengeperst in tien seconden",
        "So many weeks of work, each pressed into ten seconds",
    );
    let hostile = (
        "Zoveel vijandige nodes, van minder dan een derde van de gemeenten",
        "So many hostile nodes, of fewer than a third of the gemeenten",
    );
    let plan = (
        "Plannen die bewaard zijn, elk met de fout die het toonde, in plaats van een getal",
        "Plans that were kept, each with the fault that it showed, instead of a number",
    );
    let mended = (
        "Speel bewaarde plannen zonder die fout",
        "Play plans that were kept without that fault",
    );
    let minimise = (
        "Zoek van een federatie die een wet breekt het kleinste plan dat dat nog doet",
        "Of a federation that breaks a law find the smallest plan that still does",
    );
    [
        option(lang, "seed", ("S", "S"), seed).conflicts_with_all(["count", "from"]),
        option(lang, "count", number, count).required_unless_present_any(["seed", "plan"]),
        option(lang, "from", number, from).requires("count"),
        option(lang, "nodes", number, nodes),
        option(lang, "weeks", number, weeks),
        option(lang, "hostile", number, hostile),
        path(option(lang, "plan", ("BESTAND", "FILE"), plan))
            .conflicts_with_all(["seed", "count", "nodes", "weeks", "hostile"]),
        option(lang, "mended", ("", ""), mended).requires("plan"),
        option(lang, "minimise", ("", ""), minimise).conflicts_with("count"),
    ]
}
