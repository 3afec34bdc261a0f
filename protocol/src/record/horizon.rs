//! Until when the state of a record stays as it is, if nothing arrives: so that whoever keeps states need not look at every
//! record again when a week begins.
//!
//! **Law:** at every peilweek from the one asked about up to, but not in, the horizon a record has the same state.

use std::collections::BTreeSet;

use super::state::{ASLEEP_WEEKS, LATE_WEEKS};
use super::{Around, Kind, Merged, Row, Value};
use crate::id::Week;

/// The first week after the peilweek in which the state may be another; nothing when it stays for good.
///
/// A state compares weeks with the peilweek and nothing else: before, in, or behind. So it can change in a week that is told
/// or in the one after it, or so many weeks behind one.
#[must_use]
pub fn horizon(record: &Merged, around: &Around, peilweek: Week) -> Option<Week> {
    let mut weeks = BTreeSet::from([record.week]);
    for name in record.fields.keys() {
        record.values(name).for_each(|value| told(value, &mut weeks));
    }
    weeks.extend(around.answered);
    for other in &around.linked {
        weeks.insert(other.facts.week);
        weeks.extend(&other.facts.done);
        weeks.extend(other.answered);
    }
    let behind: &[i64] = match record.kind {
        Kind::Experiment => &[0, 1, LATE_WEEKS + 1],
        Kind::Kring => &[0, 1, ASLEEP_WEEKS + 1, 2 * ASLEEP_WEEKS + 1],
        _ => &[0, 1],
    };
    let changes = weeks
        .iter()
        .flat_map(|week| behind.iter().map(|behind| week.plus(*behind)));
    changes.filter(|week| *week > peilweek).min()
}

fn told(value: &Value, weeks: &mut BTreeSet<Week>) {
    let of_row = |row: &Row, weeks: &mut _| row.values().for_each(|value| told(value, weeks));
    match value {
        Value::Week(week) => {
            weeks.insert(*week);
        }
        Value::Row(row) => of_row(row, weeks),
        Value::Rows(rows) => rows.values().for_each(|row| of_row(row, weeks)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::id::Gemeente;
    use crate::record::{Held, Intake, read_json, returns, state};

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    fn local(id: &str, typed: &Json) -> Merged {
        let intake = Intake {
            gemeente: Gemeente::new(14).unwrap(),
            week: week("2026-W10"),
            kind: None,
        };
        Merged::local(id, &read_json(typed, &intake).unwrap())
    }

    fn world() -> Vec<Merged> {
        let typed = [
            (
                "kring",
                json!({"soort": "kring", "week": "2025-W03", "naam": "Kring", "doel": "Leren", "ritme": "kwartaal",
                "lidmaatschap": [{"van": "2025-W10", "tot": "2025-W30"}, {"van": "2026-W01"}]}),
            ),
            (
                "jaarkring",
                json!({"soort": "kring", "week": "2025-W03", "naam": "Kring", "doel": "Leren", "ritme": "jaar",
                "lidmaatschap": [{"van": "2025-W10"}]}),
            ),
            (
                "knelpunt",
                json!({"soort": "knelpunt", "week": "2025-W05", "titel": "Wachten", "thema": ["wonen"],
                "soort_knelpunt": "regel", "kring": "kring",
                "episodes": [{"opgelost": "2025-W20"}, {"opgelost": "2026-W12", "heropend": "2026-W20"}]}),
            ),
            (
                "signaal",
                json!({"soort": "signaal", "week": "2025-W09", "aard": "knelpunt", "thema": ["wonen"],
                "laag": "uitvoering", "tekst": "Het wacht.", "knelpunt": "knelpunt", "geparkeerd_tot": "2025-W14"}),
            ),
            (
                "later",
                json!({"soort": "signaal", "week": "2025-W41", "aard": "knelpunt", "thema": ["wonen"],
                "laag": "uitvoering", "tekst": "Het wacht weer.", "knelpunt": "knelpunt"}),
            ),
            (
                "duiding",
                json!({"soort": "duiding", "week": "2025-W11", "op": ["signaal", "vraag"], "oordeel": "kan",
                "uitleg": "Het mag.", "bron": [{"type": "wet", "verwijzing": "Artikel 1"}], "verloopt": "2026-W02"}),
            ),
            (
                "vraag",
                json!({"soort": "bericht", "week": "2025-W10", "over": "knelpunt", "vorm": "vraag", "tekst": "Hoe?"}),
            ),
            (
                "tegenspraak",
                json!({"soort": "bericht", "week": "2025-W13", "over": "duiding", "vorm": "tegenspraak",
                "tekst": "Nee."}),
            ),
            (
                "antwoord",
                json!({"soort": "bericht", "week": "2025-W17", "over": "tegenspraak", "vorm": "antwoord",
                "tekst": "Toch wel."}),
            ),
            (
                "sessie",
                json!({"soort": "sessie", "week": "2026-W15", "kwartaal": "2026-Q2", "aard": "kwartaalgesprek",
                "aanwezig": ["uitvoering"], "besproken": ["knelpunt"],
                "afspraken": [{"wat": "Bellen", "geparkeerd_tot": "2026-W18", "afgerond": "2026-W30"}]}),
            ),
            (
                "experiment",
                json!({"soort": "experiment", "week": "2025-W05", "titel": "Proef", "vorm": "pilot",
                "hypothese": "Het gaat sneller.", "gevarieerd": {"variabele_code": "duur", "variabele": "Duur", "van": "lang",
                "naar": "kort"}, "maat": "duur", "opzet": "D_beschrijvend", "vastgelegd": "2025-W06", "start": "2025-W08",
                "gepland_einde": "2025-W16"}),
            ),
        ];
        typed.iter().map(|(id, typed)| local(id, typed)).collect()
    }

    #[test]
    fn up_to_the_horizon_nothing_changes_and_somewhere_everything_did() {
        let records = world();
        let held = Held::new(&records);
        let mut changed = 0;
        for record in &records {
            let around = held.around(record);
            let shown = |at: Week| (state(record, &around, at), returns(record, &around, at));
            let first = week("2024-W50");
            for index in 0..260 {
                let at = first.plus(index);
                let next = at.plus(1);
                if shown(at) == shown(next) {
                    continue;
                }
                changed += 1;
                assert_eq!(horizon(record, &around, at), Some(next), "{:?} {at}", record.id);
            }
            assert_eq!(horizon(record, &around, week("2040-W01")), None);
        }
        assert!(changed > 20, "{changed}");
    }
}
