//! The commands about learning here: from signals that belong together to what came of them.

mod lasting;

use clap::{Arg, ArgAction, Command};
use protocol::api::Lang;

use super::records::peilweek;
use super::{option, positional};
use crate::args::help::{Text, explained};

/// The commands, in the order in which somebody needs them.
pub(super) fn commands(lang: Lang) -> [Command; 10] {
    [
        link(lang),
        unlink(lang),
        agenda(lang),
        sessie(lang),
        terug(lang),
        post(lang),
        mark(lang),
        lasting::knelpunten(lang),
        lasting::vragen(lang),
        lasting::bericht(lang),
    ]
}

fn link(lang: Lang) -> Command {
    let text = Text {
        name: "link",
        usage: (
            "[SIGNAAL... KNELPUNT]\n         leerkring link SIGNAAL... --new TITEL --kind SOORT [--id ID]",
            "[SIGNAL... KNELPUNT]\n       leerkring link SIGNAL... --new TITLE --kind KIND [--id ID]",
        ),
        about: (
            "Zeg dat signalen bij een knelpunt horen, of zie wat daarvoor in aanmerking komt",
            "Say that signals belong to a knelpunt, or see what may",
        ),
        more: (
            "Zonder iets erachter: signalen zonder knelpunt, met waar zij bij kunnen horen en waarom. Een thema alleen is geen \
             reden. Met signalen en een knelpunt legt u de koppeling; met --new maakt u het knelpunt van die signalen. Komen zij \
             van twee teams binnen dertien weken, dan is het knelpunt structureel vermoed. Een koppeling is een wijziging: is \
             het signaal of het knelpunt al gedeeld, dan vertrekt zij na leerkring review en leerkring approve. Namen van teams \
             vertrekken nooit, alleen hun aantal.",
            "With nothing behind it: signals without a knelpunt, with what they may belong to and why. A theme alone is no \
             reason. With signals and a knelpunt you link them; with --new you make the knelpunt of those signals. When they are \
             of two teams within thirteen weeks, the knelpunt is suspected to be structural. A link is an edit: when the \
             signal or the knelpunt is shared already, it leaves after leerkring review and leerkring approve. Names of teams \
             never leave, only how many.",
        ),
        examples: &[
            "leerkring link",
            "leerkring link signaal-01 signaal-07 knelpunt-01",
            "leerkring link signaal-01 --new 'Twee loketten wachten op elkaar' --kind werkproces",
        ],
    };
    let ids = (
        "De signalen, en als laatste het knelpunt",
        "The signals, and the knelpunt last",
    );
    let ids = positional(lang, "ids", ("ID", "ID"), ids)
        .num_args(1..)
        .action(ArgAction::Append);
    let new = ("Maak een knelpunt met deze titel", "Make a knelpunt with this title");
    let kind = (
        "De soort van dat knelpunt, zoals werkproces of regeluitleg",
        "The kind of that knelpunt, such as werkproces or regeluitleg",
    );
    let id = ("Het eigen id van dat knelpunt", "Your own id of that knelpunt");
    let new = option(lang, "new", ("TITEL", "TITLE"), new)
        .requires("ids")
        .requires("kind");
    let kind = option(lang, "kind", ("SOORT", "KIND"), kind).requires("new");
    let id = option(lang, "id", ("ID", "ID"), id).requires("new");
    explained(lang, &text, [ids, new, kind, id, peilweek(lang)])
}

fn unlink(lang: Lang) -> Command {
    let text = Text {
        name: "unlink",
        usage: ("SIGNAAL... [OPTIES]", "SIGNAL... [OPTIONS]"),
        about: (
            "Zeg dat signalen toch niet bij hun knelpunt horen",
            "Say that signals do not belong to their knelpunt after all",
        ),
        more: (
            "Het knelpunt telt zijn teams opnieuw. Waar de signalen wel bij kunnen horen zegt leerkring link.",
            "The knelpunt counts its teams anew. What else the signals may belong to says leerkring link.",
        ),
        examples: &["leerkring unlink signaal-01"],
    };
    let ids = positional(lang, "ids", ("SIGNAAL", "SIGNAL"), ("De signalen", "The signals"));
    let ids = ids.num_args(1..).action(ArgAction::Append).required(true);
    explained(lang, &text, [ids])
}

fn mark(lang: Lang) -> Command {
    let text = Text {
        name: "mark",
        usage: (
            "ID|SESSIE/NR [STAAT [VELD=WAARDE...]] [OPTIES]",
            "ID|SESSIE/NR [STATE [FIELD=VALUE...]] [OPTIONS]",
        ),
        about: (
            "Zeg in welke staat een eigen record of een afspraak nu is, of zie wat ervan kan worden",
            "Say in which state your own record or an afspraak is now, or see what can become of it",
        ),
        more: (
            "Zonder STAAT: de staat van nu, en elke staat daarna met de velden die daarbij moeten of mogen. Sommige staten zegt \
             niemand: zij volgen uit wat anderen schrijven of uit een week die komt, en ook dat staat erbij. Wat van hieruit niet \
             kan wordt geweigerd (afsluitcode 6) en er verandert niets. Is het record gedeeld, dan is dit een wijziging: zij vertrekt na leerkring review en \
             leerkring approve.",
            "Without STATE: the state of now, and every state behind it with the fields that must or may go with it. Some states \
             nobody says: they follow from what others write or from a week that comes, and that is shown too. What cannot be \
             from here is refused (exit code 6) and nothing changes. When the record is shared this is an edit: it leaves after leerkring review \
             and leerkring approve.",
        ),
        examples: &[
            "leerkring mark q4/1",
            "leerkring mark q4/1 afgerond leidt_tot=les-01",
            "leerkring mark q4/2 bewust_geparkeerd geparkeerd_tot=2027-W02",
            "leerkring mark knelpunt-01 opgelost --week 2026-W40",
            "leerkring mark les-01 verworpen verworpen_reden='te duur'",
        ],
    };
    let id = (
        "Het record, of een afspraak als SESSIE/NR",
        "The record, or an afspraak as SESSIE/NR",
    );
    let id = positional(lang, "id", ("ID", "ID"), id).required(true);
    let state = ("De staat", "The state");
    let fields = (
        "Wat erbij gezegd wordt, zoals geparkeerd_tot=2027-W02",
        "What is said with it, such as geparkeerd_tot=2027-W02",
    );
    let fields = positional(lang, "fields", ("VELD=WAARDE", "FIELD=VALUE"), fields);
    let week = (
        "De week waarin het zo werd; anders deze week",
        "The week in which it became so; otherwise this week",
    );
    let takes = [
        id,
        positional(lang, "state", ("STAAT", "STATE"), state),
        fields.num_args(1..).action(ArgAction::Append),
        option(lang, "week", ("WEEK", "WEEK"), week),
    ];
    explained(lang, &text, takes)
}

pub(super) fn kwartaal(lang: Lang) -> Arg {
    let help = ("Het kwartaal, zoals 2026-Q4", "The quarter, such as 2026-Q4");
    option(lang, "kwartaal", ("KWARTAAL", "QUARTER"), help).required(true)
}

fn agenda(lang: Lang) -> Command {
    let text = Text {
        name: "agenda",
        usage: ("--kwartaal KWARTAAL [OPTIES]", "--kwartaal QUARTER [OPTIONS]"),
        about: (
            "Toon wat een kwartaal vraagt te bespreken",
            "Show what a quarter asks to be talked about",
        ),
        more: (
            "Precies wat openstaat, elk punt met de reden: nieuwe knelpunten en die terugkeren, vragen zonder antwoord, afspraken \
             die klaar moeten zijn, duidingen die verlopen, wat tot nu geparkeerd was, en experimenten zonder uitkomst. Van een \
             kwartaal dat voorbij is: zoals het aan het einde stond, tenzij met --peilweek. Is het besproken, leg dat dan vast met \
             leerkring sessie.",
            "Exactly what is open, each point with why: new knelpunten and those that come back, questions without an answer, \
             afspraken that are due, duidingen that expire, what was parked until now, and experiments without an outcome. Of a \
             quarter that is over: as it stood at its end, unless with --peilweek. Once it was talked about, record that with \
             leerkring sessie.",
        ),
        examples: &[
            "leerkring agenda --kwartaal 2026-Q4",
            "leerkring agenda --kwartaal 2026-Q4 --format html > agenda.html",
        ],
    };
    explained(lang, &text, [kwartaal(lang), form(lang), peilweek(lang)])
}

/// How it is written down.
pub(super) fn form(lang: Lang) -> Arg {
    let help = (
        "De vorm, om te lezen, te bewerken of af te drukken",
        "The form, to read, to edit or to print",
    );
    option(lang, "format", ("text|md|html", "text|md|html"), help)
        .value_parser(["text", "md", "html"])
        .hide_possible_values(true)
}

fn sessie(lang: Lang) -> Command {
    let text = Text {
        name: "sessie",
        usage: (
            "ID --kwartaal KWARTAAL --present LAAG,... [OPTIES]",
            "ID --kwartaal QUARTER --present LAAG,... [OPTIONS]",
        ),
        about: ("Leg een sessie vast die gehouden is", "Record a sessie that was held"),
        more: (
            "Een sessie rondt een keer af; wat er daarna aan verandert gaat met leerkring share. Een knelpunt dat structureel \
             vermoed is en besproken werd, is daarna structureel bevestigd. Een afspraak is WAT|LAAG|KWARTAAL|LEIDT_TOT|WIE: \
             alles achter WAT mag weg, en WIE blijft hier. Wat ervan komt zegt u met leerkring mark ID/1 afgerond.",
            "A sessie closes once; what changes in it after that goes with leerkring share. A knelpunt that was suspected to be \
             structural and was talked about, is confirmed by it. An afspraak is WHAT|LAAG|QUARTER|LEADS_TO|WHO: all that is \
             behind WHAT may be left out, and WHO stays here. What comes of it you say with leerkring mark ID/1 afgerond.",
        ),
        examples: &[
            "leerkring sessie q4 --kwartaal 2026-Q4 --present uitvoering,beleid --discussed 1,3 \\\n      --afspraak \
             'Werkwijze aanpassen|beleid|2027-Q1'",
        ],
    };
    let id = ("Het eigen id van de sessie", "Your own id of the sessie");
    let id = positional(lang, "id", ("ID", "ID"), id).required(true);
    let present = ("De lagen die er waren", "The lagen that were there");
    let discussed = (
        "Wat besproken is: nummers van de agenda, of id's",
        "What was talked about: numbers of the agenda, or ids",
    );
    let afspraak = ("Wat is afgesproken; mag vaker", "What was agreed; may be repeated");
    let week = (
        "De week waarin zij gehouden is; anders deze week",
        "The week in which it was held; otherwise this week",
    );
    let aard = (
        "kwartaalgesprek (gewoon), casuistiekreflectie of kringbijeenkomst",
        "kwartaalgesprek (the usual), casuistiekreflectie or kringbijeenkomst",
    );
    let band = (
        "Hoeveel mensen: <5, 5-9, 10-19 of 20+",
        "How many people: <5, 5-9, 10-19 or 20+",
    );
    let listed = |arg: Arg| arg.value_delimiter(',').action(ArgAction::Append);
    let takes = [
        id,
        kwartaal(lang),
        listed(option(lang, "present", ("LAAG,...", "LAAG,..."), present)).required(true),
        listed(option(lang, "discussed", ("NR|ID,...", "NR|ID,..."), discussed)),
        option(lang, "afspraak", ("AFSPRAAK", "AFSPRAAK"), afspraak).action(ArgAction::Append),
        option(lang, "week", ("WEEK", "WEEK"), week),
        option(lang, "aard", ("AARD", "SORT"), aard),
        option(lang, "people", ("BAND", "BAND"), band),
        peilweek(lang),
    ];
    explained(lang, &text, takes)
}

fn terug(lang: Lang) -> Command {
    let text = Text {
        name: "terug",
        usage: (
            "[--team NAAM] [--since WEEK] [OPTIES]",
            "[--team NAME] [--since WEEK] [OPTIONS]",
        ),
        about: (
            "Toon wat er met de eigen signalen gebeurde",
            "Show what happened to your own signals",
        ),
        more: (
            "Per signaal elke duiding, les, afspraak en elk antwoord dat naar het signaal of naar zijn knelpunt verwijst, van de \
             eigen gemeente of van een ander, met wanneer het beloofd is.",
            "Per signal every duiding, les, afspraak and answer that links to the signal or to its knelpunt, of your own \
             gemeente or of another, with when it was promised.",
        ),
        examples: &[
            "leerkring terug --team 'Wijkteam Noord'",
            "leerkring terug --since 2026-W40",
        ],
    };
    let team = ("Alleen signalen van dit team", "Only signals of this team");
    let since = (
        "Alleen wat in deze week of later gebeurde",
        "Only what happened in this week or later",
    );
    let takes = [
        option(lang, "team", ("NAAM", "NAME"), team),
        option(lang, "since", ("WEEK", "WEEK"), since),
        peilweek(lang),
    ];
    explained(lang, &text, takes)
}

fn post(lang: Lang) -> Command {
    let text = Text {
        name: "post",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon wat andere gemeenten over eigen records vragen",
            "Show what other gemeenten ask about your own records",
        ),
        more: (
            "Vragen, tegenspraak en verzoeken om mee te kijken, met over welk record. U antwoordt op het bericht zelf, met \
             leerkring bericht ID antwoord. Met digest in leerkring.toml legt de node hoogstens een keer per week een mail aan de postbus klaar, met \
             aantallen en zonder inhoud.",
            "Questions, contradictions and requests to look along, with about which record. You answer the bericht itself, with \
             leerkring bericht ID antwoord. With digest in leerkring.toml the node drops a mail for the mailbox at most once a week, with \
             counts and without content.",
        ),
        examples: &[
            "leerkring post",
            "leerkring bericht 9qd1xs antwoord 'Wij kijken dinsdag mee'",
            "leerkring post --all --peilweek 2026-W40",
        ],
    };
    let all = ("Ook wat niet op antwoord wacht", "Also what waits for no answer");
    explained(lang, &text, [option(lang, "all", ("", ""), all), peilweek(lang)])
}
