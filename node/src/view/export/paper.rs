//! What a person reads of an export, in Dutch and in English, and how to cite it.

use protocol::api::{Momentopname, Uitvoervorm};
use protocol::export::WITHDRAWN_SINCE;

use super::super::tables::Words;
use super::{Known, Suppressed};

/// What may be done with an export.
pub(super) const RIGHTS: Words = Words {
    nl: "Alleen voor deelnemers aan de federatie, onder hun overeenkomst; geen open licentie. Behandel alles als persoonsgegevens.",
    en: "For participants of the federation only, under their agreement; no open licence. Treat everything as personal data.",
};

/// A text in both languages, made here.
pub(super) struct Title {
    pub(super) nl: String,
    pub(super) en: String,
}

pub(super) fn title(told: &Momentopname) -> Title {
    let week = told.peilweek;
    Title {
        nl: format!("Leerkring: wat gemeenten deelden, peilweek {week}"),
        en: format!("Leerkring: what gemeenten shared, reference week {week}"),
    }
}

/// One line that cites a snapshot.
pub(super) fn citation_of(told: &Momentopname) -> String {
    format!(
        "Leden van leerkring-federatie {}. {}. Snapshot {}.",
        &told.federatie.to_string()[..16],
        title(told).nl,
        told.snapshot
    )
}

/// `CITATION.cff`, version 1.2.0. It has no date: a snapshot has none.
pub(super) fn citation(told: &Momentopname) -> String {
    let (title, federation) = (title(told).nl, &told.federatie.to_string()[..16]);
    format!(
        "cff-version: 1.2.0\n\
         message: \"Haal dit snapshot aan / Please cite this snapshot\"\n\
         type: dataset\n\
         title: \"{title}\"\n\
         version: \"{}\"\n\
         authors:\n  - name: \"Leden van leerkring-federatie {federation}\"\n\
         identifiers:\n  - type: other\n    value: \"urn:leerkring:snapshot:{}\"\n    description: \"Snapshot\"\n\
         keywords:\n  - gemeenten\n  - sociaal domein\n  - leren\n",
        told.peilweek, told.snapshot
    )
}

/// `README.md`.
pub(super) fn readme(known: &Known, form: Uitvoervorm, suppressed: Suppressed) -> String {
    let (told, title) = (&known.told, title(&known.told));
    let since = known.since.as_ref().map(|since| since_then(since.documents));
    let (nl, en) = since.map_or_else(Default::default, |since| (since.nl, since.en));
    format!(
        "# {}\n\n*English: see below.*\n\n{nl}{}\n# {}\n\n{en}{}",
        title.nl,
        dutch(told, form, suppressed),
        title.en,
        english(told, form, suppressed)
    )
}

fn since_then(documents: u64) -> Title {
    Title {
        nl: format!(
            "**Later opnieuw uitgevoerd.** Documenten die na dit snapshot zijn ingetrokken: {documents}. Wat daarin stond is niet \
             meer in deze map; `{WITHDRAWN_SINCE}` noemt ze. Al het andere is zoals het was.\n\n"
        ),
        en: format!(
            "**Exported again later.** Documents that were withdrawn after this snapshot: {documents}. What they held is not in \
             this folder any more; `{WITHDRAWN_SINCE}` names them. Everything else is as it was.\n\n"
        ),
    }
}

fn form_of(form: Uitvoervorm) -> Words {
    match form {
        Uitvoervorm::Csv => Words {
            nl: "CSV (RFC 4180, UTF-8). Wat een rekenblad als formule zou lezen kreeg er een ' voor; wie letterlijke tekst wil neemt JSON Lines of Parquet.",
            en: "CSV (RFC 4180, UTF-8). What a spreadsheet would read as a formula got a ' before it; who wants text as it was takes JSON Lines or Parquet.",
        },
        Uitvoervorm::Excel => Words {
            nl: "CSV voor Excel in het Nederlands: puntkomma's, decimale komma's, 1 en 0. Wat Excel als formule zou lezen kreeg er een ' voor.",
            en: "CSV for Excel in Dutch: semicolons, decimal commas, 1 and 0. What Excel would read as a formula got a ' before it.",
        },
        Uitvoervorm::Jsonl => Words {
            nl: "JSON Lines: een rij per regel.",
            en: "JSON Lines: one row per line.",
        },
        Uitvoervorm::Parquet => Words {
            nl: "Parquet, gecomprimeerd met Snappy.",
            en: "Parquet, compressed with Snappy.",
        },
    }
}

fn dutch(told: &Momentopname, form: Uitvoervorm, suppressed: Suppressed) -> String {
    let (rights, form, citation) = (RIGHTS.nl, form_of(form).nl, citation_of(told));
    let (hidden, unreadable) = (suppressed.hidden, suppressed.unreadable);
    let parts = parts(told);
    format!(
        "{rights}\n\n\
         ## Wat dit is\n\n\
         Alle tabellen van één stand van kennis, elk in een bestand, met de rijen in volgorde van de sleutel. {form} \
         `datapackage.json` beschrijft elke kolom, met codes, eenheden en sleutels; `woordenlijst` heeft elke code in het \
         Nederlands en het Engels.\n\n\
         | | |\n|---|---|\n{parts}\n\
         Hetzelfde snapshot geeft op elke node van dezelfde versie dezelfde bytes. Deze map blijft na te kijken, ook volgend \
         jaar, en elke node kan haar dan opnieuw uitvoeren (`leerkring export NIEUW --as-of DEZE_MAP`), zonder wat intussen is \
         ingetrokken. Wat in `ingetrokken.csv` van een latere uitvoer staat hoort ook uit eigen kopieën weg.\n\n\
         ## Aanhalen\n\n{citation}\n\n`CITATION.cff` zegt hetzelfde voor programma's.\n\n\
         ## Wat is weggelaten\n\n\
         - In {hidden} documenten is iets verborgen dat een persoon kan aanwijzen: elke node verbergt hetzelfde bij ontvangst.\n\
         - {unreadable} documenten zijn niet te lezen en staan er niet in.\n\
         - Van een effect met een cel kleiner dan 5 staat geen getal in `experimenten`; `onderdrukt` zegt waarom.\n\
         - Een laag waar te weinig mensen werken is `onthouden`, en soms is alleen het kwartaal verteld en is `week` leeg.\n\n\
         Dat is weggelaten voordat een rij bestond, niet in de vraag.\n\n\
         ## Nakijken\n\n\
         `leerkring verify MAP` rekent zonder netwerk na of elk bestand is wat werd geschreven, of elke kop in `hoogten.json` door \
         zijn node is getekend, en of de verklaringen in `handvest.txt` en de hoogten het snapshot geven. Zonder leerkring: \
         `sha256sum -c SHA256SUMS`. Of de rijen uit de posten volgen toont een andere node: die geeft dezelfde bytes.\n"
    )
}

fn english(told: &Momentopname, form: Uitvoervorm, suppressed: Suppressed) -> String {
    let (rights, form, citation) = (RIGHTS.en, form_of(form).en, citation_of(told));
    let (hidden, unreadable) = (suppressed.hidden, suppressed.unreadable);
    let parts = parts(told);
    format!(
        "{rights}\n\n\
         ## What this is\n\n\
         All tables of one state of knowledge, each in a file, with the rows in order of the key. {form} \
         `datapackage.json` describes every column, with codes, units and keys; `woordenlijst` has every code in Dutch and in \
         English.\n\n\
         | | |\n|---|---|\n{parts}\n\
         The same snapshot gives the same bytes on every node of one version. This folder can be checked next year too, and \
         every node can export it again then (`leerkring export NEW --as-of THIS_FOLDER`), without what was withdrawn in between. \
         What is in the `ingetrokken.csv` of a later export should go from your own copies too.\n\n\
         ## Citing\n\n{citation}\n\n`CITATION.cff` says the same for programs.\n\n\
         ## What was left out\n\n\
         - In {hidden} documents something is hidden that can point out a person: every node hides the same on receipt.\n\
         - {unreadable} documents cannot be read and are not in here.\n\
         - Of an effect with a cell below 5 `experimenten` has no figure; `onderdrukt` says why.\n\
         - A laag in which too few people work is `onthouden`, and sometimes only the quarter is told and `week` is empty.\n\n\
         That was left out before a row existed, not in the question.\n\n\
         ## Checking\n\n\
         `leerkring verify DIR` computes without a network whether every file is what was written, whether every head in \
         `hoogten.json` was signed by its node, and whether the statements in `handvest.txt` and the heights give the snapshot. \
         Without leerkring: `sha256sum -c SHA256SUMS`. Whether the rows follow from the entries another node shows: it gives the \
         same bytes.\n"
    )
}

fn parts(told: &Momentopname) -> String {
    let versions = told.versies;
    let rows = [
        ("snapshot", told.snapshot.to_string()),
        ("peilweek", told.peilweek.to_string()),
        ("federatie", told.federatie.to_string()),
        ("editie", format!("{} ({})", told.editie.nummer, told.editie.hash)),
        (
            "weergave, woordenlijst, regels",
            format!("{}, {}, {}", versions.weergave, versions.woordenlijst, versions.regels),
        ),
    ];
    let rows = rows.map(|(name, value)| format!("| {name} | {value} |\n"));
    rows.concat()
}
