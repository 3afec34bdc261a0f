//! Records as a gemeente would share them: through the gate, and with a person's approval.

use std::collections::BTreeSet;

use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{Gemeente, RecordId, Week};
use protocol::record::{Fields, Input, Kind, Reference, Value, Visibility};

use super::learning;

const THEMES: [&str; 4] = ["schulden", "wonen", "jeugd", "toegang"];
const LAYERS: [&str; 3] = ["uitvoering", "backoffice", "beleid"];
const TEXTS: [&str; 5] = [
    "De aanvraag moet twee keer worden gedaan.",
    "Niemand mag het besluit nemen.",
    "De regel wordt in elk team anders gelezen.",
    "Het formulier vraagt wat al bekend is.",
    "Er is geen plek waar dit hoort.",
];

/// What a record is about.
pub struct Subject {
    /// The kind.
    pub kind: Kind,
    /// Whose it is.
    pub owner: Gemeente,
    /// The co-written record it contributes to.
    pub contributes_to: Option<RecordId>,
}

/// New fields for a record of a kind.
pub fn fields(kind: Kind, rng: &mut Seeded) -> Fields {
    let mut pick = |from: &[&str]| from[rng.below(from.len() as u64) as usize].to_owned();
    let (theme, layer, text) = (pick(&THEMES), pick(&LAYERS), pick(&TEXTS));
    let thema = Value::Codes(BTreeSet::from([theme]));
    let of = |pairs: Vec<(&str, Value)>| {
        pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    let code = |code: &str| Value::Code(code.to_owned());
    match kind {
        Kind::Knelpunt => of(vec![
            ("titel", Value::Text(text)),
            ("thema", thema),
            ("soort_knelpunt", code("regel")),
            ("teams", code(["1", "2", "3+"][rng.below(3) as usize])),
        ]),
        Kind::Les => of(vec![
            ("titel", Value::Text(text)),
            ("niveau", code("werkproces")),
            ("bereik", code("collectief")),
            ("kern", Value::Text(format!("Les {}", rng.below(1000)))),
        ]),
        _ => of(vec![
            ("aard", code("knelpunt")),
            ("thema", thema),
            ("laag", Value::Code(layer)),
            ("overdracht", Value::Flag(rng.chance(1, 2))),
            ("tekst", Value::Text(text)),
        ]),
    }
}

/// Changes a record a little: a text, or the set of links.
pub(super) fn change(kind: Kind, mut fields: Fields, link: Option<RecordId>, rng: &mut Seeded) -> Fields {
    let fresh = match (kind, link) {
        (Kind::Signaal | Kind::Knelpunt | Kind::Les, _) => self::fields(kind, rng),
        (_, Some(link)) => learning::fields(kind, link, rng),
        (_, None) => return fields,
    };
    let at = rng.below(fresh.len() as u64) as usize;
    if let Some((name, value)) = fresh.into_iter().nth(at) {
        fields.insert(name, value);
    }
    if let (Kind::Knelpunt, Some(link)) = (kind, link) {
        let links = fields
            .entry("signalen".to_owned())
            .or_insert_with(|| Value::Links(BTreeSet::new()));
        if let Value::Links(links) = links {
            links.insert(Reference::Record(link));
        }
    }
    fields
}

/// Takes fields through the gate.
///
/// # Errors
/// What the gate says.
pub fn share(subject: &Subject, fields: Fields, weeks: i64) -> Result<Shareable, String> {
    let input = Input {
        kind: subject.kind,
        owner: subject.owner,
        week: Week::new(2026, 11).map_err(|error| error.to_string())?.plus(weeks),
        visibility: Visibility::Netwerk,
        practice: true,
        id: None,
        contributes_to: subject.contributes_to,
        fields,
        local: Fields::new(),
        notes: Vec::new(),
    };
    let screened = screen(Draft::new(input, Known::default()), &Policy::default());
    let reader = Account::new("lezer").map_err(|error| error.to_string())?;
    let approval = Approval::after_reading(reader, &screened);
    let approved = screened.approve(approval).map_err(|error| error.to_string())?;
    Ok(approved.release(&|_| None).0)
}
