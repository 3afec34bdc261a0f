//! The records of the learning loop that the demo tells, all made up.

use protocol::api::NieuwKnelpunt;
use protocol::id::{Quarter, Week};
use serde_json::{Value, json};

/// A week of the year of the story.
pub(in crate::demo) fn week(number: u32) -> Week {
    format!("2025-W{number:02}").parse().expect("2025 has this week")
}

/// A quarter of it.
pub(in crate::demo) fn quarter(number: u32) -> Quarter {
    format!("2025-Q{number}").parse().expect("a year has this quarter")
}

/// What another gemeente learned the year before.
pub(in crate::demo) fn earlier() -> Value {
    json!({"id": "lus-gemeentehuis", "soort": "les", "week": "2024-W40", "fictief": true, "niveau": "casus",
        "bereik": "individueel", "titel": "Een briefadres op het gemeentehuis",
        "kern": "Een inwoner zonder adres kreeg een briefadres op het gemeentehuis. Het volgende huishouden liep weer vast.",
        "werkt_als": ["iemand belt beide loketten"]})
}

/// A signal of a team.
pub(in crate::demo) fn signal(id: &str, at: u32, team: &str) -> Value {
    let what = match at {
        1 => "Zonder briefadres geen uitkering, en zonder uitkering geen briefadres.",
        5 => "De uitkering wacht op een briefadres dat niemand geeft.",
        _ => "Weer geen uitkering omdat het briefadres op zich laat wachten.",
    };
    json!({"id": id, "soort": "signaal", "week": week(at), "fictief": true, "aard": "knelpunt",
        "thema": ["wonen", "bestaanszekerheid"], "regeling": ["participatiewet"], "laag": "uitvoering",
        "overdracht": true, "tekst": what, "team": team})
}

/// What the signals have in common.
pub(in crate::demo) fn knelpunt() -> NieuwKnelpunt {
    NieuwKnelpunt {
        id: Some("lus-knelpunt".to_owned()),
        titel: "Briefadres en uitkering wachten op elkaar".to_owned(),
        soort_knelpunt: "werkproces".to_owned(),
    }
}

/// What the rules turn out to allow.
pub(in crate::demo) fn duiding(knelpunt: &str) -> Value {
    json!({"id": "lus-kan", "soort": "duiding", "week": week(14), "fictief": true,
        "titel": "Loket en inkomen mogen naast elkaar", "op": [knelpunt], "werd_gedacht": "kan_niet",
        "oordeel": "kan_onder_voorwaarden",
        "uitleg": "De volgorde was een werkafspraak van het loket en geen wettelijke eis. Adres en aanvraag mogen naast elkaar.",
        "bron": [{"type": "eigen_werkafspraak", "verwijzing": "Werkafspraak loket, versie 3"}],
        "voorwaarden": ["identiteit is vastgesteld", "de inwoner is bereikbaar"],
        "beslisser_laag": "backoffice", "geldt_voor": "vergelijkbaar", "verloopt": "2099-W14"})
}

/// Where the rules say otherwise.
pub(in crate::demo) fn contradiction(duiding: &str) -> Value {
    json!({"id": "lus-verordening", "soort": "bericht", "week": week(15), "fictief": true, "over": duiding,
        "vorm": "tegenspraak",
        "tekst": "Bij ons staat deze volgorde in de verordening, niet in een werkafspraak. Dan is eerst een raadsbesluit nodig."})
}

/// One thing varied; with its outcome once it ended.
pub(in crate::demo) fn experiment(ended: bool) -> Value {
    let mut record = json!({"id": "lus-bellen", "soort": "experiment", "week": week(16), "fictief": true,
        "titel": "Bellen in plaats van een formulier", "vorm": "pilot",
        "hypothese": "Met een telefoongesprek in plaats van een formulier is een briefadres sneller geregeld.",
        "gevarieerd": {"variabele_code": "kanaal", "variabele": "kanaal van de aanvraag", "van": "formulier", "naar": "telefoon"},
        "constant": ["toegangseisen"], "maat": "doorlooptijd", "opzet": "C_voor_na", "vastgelegd": week(17),
        "start": week(18), "gepland_einde": week(26)});
    if ended {
        record["uitkomst"] =
            json!({"oordeel": "mislukt", "effectmaat": "logRR", "yi": -0.12, "vi": 0.09, "n_band": "50-99"});
        record["geleerd"] = "Het gesprek kostte meer tijd; twee loketten wachtten nog steeds op elkaar.".into();
    }
    record
}

/// What changed because of it.
pub(in crate::demo) fn les(experiment: &str) -> Value {
    json!({"id": "lus-naast-elkaar", "soort": "les", "week": week(24), "fictief": true, "niveau": "werkproces",
        "bereik": "collectief", "titel": "Adres en inkomen naast elkaar beoordelen",
        "kern": "Twee loketten wachtten op elkaar. Gelijktijdig beoordelen haalt de kring eruit; een ander kanaal niet.",
        "uit": ["lus-knelpunt", "lus-gesprek", experiment], "gewijzigd_artefact": "werkafspraak loket, versie 4",
        "belemmering_weg": "weten", "werkt_als": ["beide loketten zien de aanvraag"],
        "werkt_niet_als": ["alleen het kanaal verandert"]})
}

/// Another gemeente does it too, as it is or adapted.
pub(in crate::demo) fn taken_over(les: &str, adaptation: Option<&str>) -> Value {
    let outcome = if adaptation.is_some() {
        "werkt_met_aanpassing"
    } else {
        "werkt"
    };
    json!({"id": "lus-overname", "soort": "overname", "week": week(30), "fictief": true, "van": les,
        "aanpassing": adaptation, "uitkomst": outcome, "bewijs": "sessie, 2025-Q3"})
}
