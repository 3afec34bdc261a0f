//! What is made of knelpunten: duidingen, lessen, experimenten, and what others took over.

use super::super::{Column, Table};
use super::{
    EIGENAAR, FICTIEF, ID, KRING, KWARTAAL, NR, STAAT, TITEL, WEEK, WEEK_NR, flag, number, text, week_nr, words,
};

const DUIDING: Column = text("duiding", "De duiding", "The duiding").refers("duidingen");

pub(in super::super) const DUIDINGEN: Table = Table {
    name: "duidingen",
    about: words(
        "Duidingen: wat de regels blijken toe te staan",
        "Duidingen: what the rules turn out to allow",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        TITEL,
        text("oordeel", "Of het kan", "Whether it is possible").codes("oordeel"),
        text("werd_gedacht", "Wat eerst gedacht werd", "What was thought before").codes("oordeel"),
        text(
            "beslisser_laag",
            "De laag die hierover beslist",
            "The laag that decides on this",
        )
        .codes("laag"),
        text("geldt_voor", "Voor wie het geldt", "For whom it holds").codes("geldt_voor"),
        text(
            "verloopt",
            "De laatste week waarin het geldt",
            "The last week in which it holds",
        ),
        text(
            "vervangt",
            "De duiding die hierdoor vervangen is",
            "The duiding that this replaces",
        )
        .refers("duidingen"),
        number("bronnen", "Hoeveel bronnen erbij staan", "How many sources it gives").unit("bron"),
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const DUIDING_BRONNEN: Table = Table {
    name: "duiding_bronnen",
    about: words("De bronnen van een duiding", "The sources of a duiding"),
    columns: &[
        DUIDING,
        NR,
        text("type", "Wat voor bron", "What sort of source").codes("bron_type"),
        text("verwijzing", "Waar het staat", "Where it is written"),
    ],
    key: &["duiding", "nr"],
};

pub(in super::super) const DUIDING_VOORWAARDEN: Table = Table {
    name: "duiding_voorwaarden",
    about: words("Waaronder het kan", "The conditions under which it is possible"),
    columns: &[DUIDING, NR, text("voorwaarde", "De voorwaarde", "The condition")],
    key: &["duiding", "nr"],
};

pub(in super::super) const LESSEN: Table = Table {
    name: "lessen",
    about: words(
        "Lessen: wat er in het systeem veranderde",
        "Lessen: what changed in the system",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        TITEL,
        text("niveau", "Waar het veranderde", "Where it changed").codes("niveau"),
        text(
            "bereik",
            "Voor één iemand of voor iedereen",
            "For one person or for everybody",
        )
        .codes("bereik"),
        text("gewijzigd_artefact", "Wat er gewijzigd is", "What was changed"),
        text("belemmering_weg", "Welke belemmering weg is", "Which obstacle is gone").codes("belemmering"),
        text(
            "vervangt",
            "De les die hierdoor vervangen is",
            "The les that this replaces",
        )
        .refers("lessen"),
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const LES_VOORWAARDEN: Table = Table {
    name: "les_voorwaarden",
    about: words(
        "Wanneer een les werkt en wanneer niet",
        "When a les works and when it does not",
    ),
    columns: &[
        text("les", "De les", "The les").refers("lessen"),
        flag("werkt", "Of zij dan werkt", "Whether it works then"),
        NR,
        text("voorwaarde", "De voorwaarde", "The condition"),
    ],
    key: &["les", "werkt", "nr"],
};

pub(in super::super) const EXPERIMENTEN: Table = Table {
    name: "experimenten",
    about: words(
        "Experimenten: precies één ding gevarieerd, ook die mislukten",
        "Experimenten: exactly one thing varied, failures included",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        TITEL,
        text("vorm", "De vorm", "The form").codes("vorm"),
        text("opzet", "De opzet", "The design").codes("opzet"),
        text(
            "variabele_code",
            "Wat gevarieerd is, als code die experimenten delen",
            "What was varied, as a code that experiments share",
        ),
        text("variabele", "Wat gevarieerd is", "What was varied"),
        text("van", "Hoe het was", "What it was"),
        text("naar", "Wat het werd", "What it became"),
        text("maat", "Waaraan gemeten is", "By what it was measured"),
        text("start", "De week van het begin", "The week in which it starts"),
        week_nr("start_nr", "Die week als getal", "That week as a number"),
        text(
            "gepland_einde",
            "De week waarin het af moest zijn",
            "The week in which it was to end",
        ),
        week_nr("gepland_einde_nr", "Die week als getal", "That week as a number"),
        text(
            "vastgelegd",
            "De week waarin het vastgelegd is",
            "The week in which it was frozen",
        ),
        flag(
            "gewijzigd_na_vastlegging",
            "Of het iets anders zegt dan wat vastgelegd was",
            "Whether it says something else than what was frozen",
        ),
        text("uitkomst", "Wat eruit kwam", "What came of it").codes("uitkomst_oordeel"),
        text("effectmaat", "De maat van het effect", "The measure of the effect").codes("effectmaat"),
        number(
            "yi_honderdsten",
            "Het effect, in honderdsten",
            "The effect, in hundredths",
        )
        .unit("0,01"),
        number(
            "vi_honderdsten",
            "De variantie ervan, in honderdsten",
            "Its variance, in hundredths",
        )
        .unit("0,01"),
        text("n_band", "Hoeveel mensen meededen", "How many people took part").codes("n_band"),
        text(
            "onderdrukt",
            "Waarom het effect er niet staat",
            "Why the effect is withheld",
        )
        .codes("onderdrukt"),
        text(
            "herhaalt",
            "Het experiment dat herhaald is",
            "The experiment that is repeated",
        )
        .refers("experimenten"),
        text("les", "De les die eruit kwam", "The les that came of it").refers("lessen"),
        text("kader", "Het kader waarbinnen", "The framework within which"),
        KRING,
    ],
    key: &["id"],
};

pub(in super::super) const EXPERIMENT_CONSTANTEN: Table = Table {
    name: "experiment_constanten",
    about: words(
        "Wat in een experiment gelijk bleef",
        "What stayed the same in an experiment",
    ),
    columns: &[
        text("experiment", "Het experiment", "The experiment").refers("experimenten"),
        NR,
        text("constant", "Wat gelijk bleef", "What stayed the same"),
    ],
    key: &["experiment", "nr"],
};

pub(in super::super) const OVERNAMES: Table = Table {
    name: "overnames",
    about: words(
        "Overnames: wat een gemeente deed met wat een ander leerde",
        "Overnames: what a gemeente did with what another learned",
    ),
    columns: &[
        ID,
        EIGENAAR,
        WEEK,
        WEEK_NR,
        KWARTAAL,
        STAAT,
        FICTIEF,
        text("van", "Het record dat overgenomen is", "The record that was adopted").refers("records"),
        text("uitkomst", "Wat eruit kwam", "What came of it").codes("overname_uitkomst"),
        flag(
            "aangepast",
            "Of er een aanpassing bij staat; de tekst staat in teksten",
            "Whether an adaptation is told; its text is in teksten",
        ),
        flag("heeft_bewijs", "Of er bewijs bij staat", "Whether evidence is given"),
        KRING,
    ],
    key: &["id"],
};
