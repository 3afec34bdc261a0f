//! The commands about what lasts: knelpunten that stand open, questions that wait, and the word that answers one.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::super::records::peilweek;
use super::super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn knelpunten(lang: Lang) -> Command {
    let text = Text {
        name: "knelpunten",
        usage: (
            "[--returned] [--network] [OPTIES]",
            "[--returned] [--network] [OPTIONS]",
        ),
        about: (
            "Toon hoe lang knelpunten openstaan, of welke opgelost waren en terugkeerden",
            "Show how long knelpunten have been open, or which were solved and came back",
        ),
        more: (
            "Wat de eigen gemeente aangaat, het langst open eerst, geteld vanaf de eerste melding of vanaf de terugkeer. Met \
             --network van de hele federatie. Wat ervan kan worden zegt leerkring mark ID.",
            "What concerns your own gemeente, the longest open first, counted from when it was first reported or from when it came \
             back. With --network of the whole federation. What can become of one says leerkring mark ID.",
        ),
        examples: &[
            "leerkring knelpunten",
            "leerkring knelpunten --returned",
            "leerkring knelpunten --network --thema wonen --json",
        ],
    };
    let returned = (
        "Alleen wat opgelost was en terugkeerde",
        "Only what was solved and came back",
    );
    let theme = (
        "Alleen met dit thema, zoals wonen",
        "Only with this theme, such as wonen",
    );
    let takes = [
        option(lang, "returned", ("", ""), returned),
        network(lang),
        option(lang, "thema", ("THEMA", "THEME"), theme),
        peilweek(lang),
    ];
    explained(lang, &text, takes)
}

pub(super) fn vragen(lang: Lang) -> Command {
    let text = Text {
        name: "vragen",
        usage: ("[--network] [OPTIES]", "[--network] [OPTIONS]"),
        about: (
            "Toon vragen die nog geen antwoord hebben",
            "Show questions that have no answer yet",
        ),
        more: (
            "Vragen, tegenspraak, verzoeken om mee te kijken en signalen die iets vragen, de oudste eerst: van de eigen gemeente en \
             over wat van haar is, of met --network van iedereen. Een antwoord geeft u met leerkring bericht.",
            "Questions, contradictions, requests to look along and signals that ask something, the oldest first: of your own \
             gemeente and about what is its own, or with --network of everybody. You answer with leerkring bericht.",
        ),
        examples: &["leerkring vragen", "leerkring vragen --network"],
    };
    explained(lang, &text, [network(lang), peilweek(lang)])
}

pub(super) fn bericht(lang: Lang) -> Command {
    let text = Text {
        name: "bericht",
        usage: ("ID VORM TEKST [OPTIES]", "ID FORM TEXT [OPTIONS]"),
        about: (
            "Stel een vraag over een record, beantwoord of spreek tegen",
            "Ask something about a record, answer, or contradict",
        ),
        more: (
            "Over elk record, van uzelf of van een ander. VORM is vraag, antwoord, aanvulling, tegenspraak, herkenning of \
             meekijken. Een antwoord gaat over het bericht dat vraagt. Een duiding die wordt tegengesproken is betwist tot de \
             tegenspraak een antwoord heeft. Er vertrekt niets: verder met leerkring review en leerkring approve.",
            "About any record, of yourself or of another. FORM is vraag, antwoord, aanvulling, tegenspraak, herkenning or \
             meekijken. An answer is about the bericht that asks. A duiding that is contradicted is contested until the \
             contradiction has an answer. Nothing leaves: go on with leerkring review and leerkring approve.",
        ),
        examples: &[
            "leerkring bericht 3f8k2m vraag 'Geldt dit ook zonder inschrijving?'",
            "leerkring bericht 3f8k2m tegenspraak 'Onze verordening sluit dit uit'",
            "leerkring bericht 9qd1xs antwoord 'Ja, artikel 2 vraagt geen inschrijving'",
        ],
    };
    let about = (
        "Het record, of een uniek begin van zijn id",
        "The record, or a unique begin of its id",
    );
    let form = ("Wat voor bericht", "What sort of bericht");
    let forms = [
        "vraag",
        "antwoord",
        "aanvulling",
        "tegenspraak",
        "herkenning",
        "meekijken",
    ];
    let words = ("Wat u zegt", "What you say");
    let week = ("De week; anders deze week", "The week; otherwise this week");
    let id = ("Het eigen id van het bericht", "Your own id of the bericht");
    let takes = [
        positional(lang, "about", ("ID", "ID"), about).required(true),
        positional(lang, "form", ("VORM", "FORM"), form)
            .required(true)
            .value_parser(forms)
            .hide_possible_values(true),
        positional(lang, "text", ("TEKST", "TEXT"), words)
            .num_args(1..)
            .action(ArgAction::Append)
            .required(true),
        option(lang, "id", ("ID", "ID"), id),
        option(lang, "week", ("WEEK", "WEEK"), week),
    ];
    explained(lang, &text, takes)
}

fn network(lang: Lang) -> Arg {
    let help = ("Van de hele federatie", "Of the whole federation");
    option(lang, "network", ("", ""), help)
}
