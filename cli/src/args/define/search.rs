//! The command that searches: with words, or with a record that others may resemble.

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::records::peilweek;
use super::{option, positional};
use crate::args::help::{Text, explained};

pub(super) fn search(lang: Lang) -> Command {
    let text = Text {
        name: "search",
        usage: ("TEKST... | --like ID [OPTIES]", "TEXT... | --like ID [OPTIONS]"),
        about: ("Zoek in wat de federatie weet", "Search what the federation knows"),
        more: (
            "Woorden in elke vorm, als deel van een samenstelling, en wat het sociaal domein anders noemt: briefadres vindt ook \
             postadres. Het best passende staat bovenaan; onderaan hoeveel records er per soort, thema en regeling zijn. Heeft \
             geen record alle woorden, dan komen die met de meeste. Met --like komt wat op een record lijkt, met waarom.",
            "Words in every form, as a part of a compound, and what the sociaal domein calls otherwise: briefadres finds \
             postadres too. What fits best comes first; below it how many records there are per kind, theme and rule. When no \
             record has all words, those with most of them come. With --like what resembles a record comes, with why.",
        ),
        examples: &[
            "leerkring search briefadres",
            "leerkring search geen briefadres --soort duiding --regeling participatiewet",
            "leerkring search wachtlijst --thema jeugd --since-week 2026-W01 --json",
            "leerkring search --like 3fq0n5k1ha",
        ],
    };
    let help = ("De woorden", "The words");
    let words = positional(lang, "words", ("TEKST", "TEXT"), help).num_args(1..);
    let like = option(
        lang,
        "like",
        ("ID", "ID"),
        (
            "Wat lijkt op dit record; zonder woorden en zonder filters",
            "What resembles this record; without words and without filters",
        ),
    );
    let narrows = [
        "soort",
        "thema",
        "regeling",
        "laag",
        "gemeente",
        "since-week",
        "until-week",
    ];
    let like = like.conflicts_with("words").conflicts_with_all(narrows);
    let words = words.action(ArgAction::Append).required_unless_present("like");
    let all = [words, like].into_iter().chain(filters(lang));
    explained(lang, &text, all.chain([peilweek(lang)]))
}

/// Which of the records that have the words.
fn filters(lang: Lang) -> [Arg; 8] {
    let known = [
        (
            "soort",
            ("SOORT", "KIND"),
            ("Alleen deze soort, zoals les", "Only this kind, such as les"),
        ),
        (
            "thema",
            ("THEMA", "THEME"),
            (
                "Alleen met dit thema, zoals wonen",
                "Only with this theme, such as wonen",
            ),
        ),
        (
            "regeling",
            ("CODE", "CODE"),
            (
                "Alleen over deze regeling, zoals jeugdwet",
                "Only about this rule, such as jeugdwet",
            ),
        ),
        (
            "laag",
            ("LAAG", "LAYER"),
            (
                "Alleen wat deze laag vastlegde, zoals backoffice",
                "Only what this layer recorded, such as backoffice",
            ),
        ),
        (
            "gemeente",
            ("CODE", "CODE"),
            (
                "Alleen van deze gemeente, zoals GM0014",
                "Only of this gemeente, such as GM0014",
            ),
        ),
        (
            "since-week",
            ("WEEK", "WEEK"),
            ("Alleen over deze week of later", "Only about this week or a later one"),
        ),
        (
            "until-week",
            ("WEEK", "WEEK"),
            (
                "Alleen over deze week of eerder",
                "Only about this week or an earlier one",
            ),
        ),
        (
            "max",
            ("AANTAL", "NUMBER"),
            (
                "Hoeveel records hoogstens, 1 tot 200; anders 20",
                "How many records at most, 1 to 200; otherwise 20",
            ),
        ),
    ];
    known.map(|(name, value, help)| option(lang, name, value, help))
}
