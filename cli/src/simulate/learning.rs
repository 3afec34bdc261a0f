//! What teams do with what they read: they ask, explain, meet and try something.

use std::collections::{BTreeMap, BTreeSet};

use protocol::entropy::Seeded;
use protocol::id::{Quarter, RecordId, Week};
use protocol::record::{Fields, Kind, Reference, Row, Value};

use super::law::Broken;
use super::world::World;

/// Quarters and weeks that these records name lie around this one, in which the agendas are compared.
const YEAR: u16 = 2026;

impl World {
    /// A team reacts to a record, or meets about it.
    pub(super) fn learn(&mut self, node: usize, rng: &mut Seeded) -> Result<(), Broken> {
        let about = rng.below(self.written.len() as u64) as usize;
        let Some(about) = self.written.get(about).map(|it| it.document.into()) else {
            return Ok(());
        };
        let kinds = [
            Kind::Sessie,
            Kind::Sessie,
            Kind::Duiding,
            Kind::Bericht,
            Kind::Signaal,
            Kind::Experiment,
        ];
        let kind = kinds[rng.below(kinds.len() as u64) as usize];
        let fields = fields(kind, about, rng);
        let subject = self.subject(node, kind, None);
        self.found_as(node, &subject, fields, rng)
    }
}

/// Fields of a record about another one.
pub(super) fn fields(kind: Kind, about: RecordId, rng: &mut Seeded) -> Fields {
    let fields = match kind {
        Kind::Sessie => sessie(about, rng),
        Kind::Duiding => duiding(about, rng),
        Kind::Bericht => bericht(about, rng),
        Kind::Experiment => experiment(rng),
        _ => question(rng),
    };
    let named = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
    named.collect()
}

type Named = Vec<(&'static str, Value)>;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn code(code: &str) -> Value {
    Value::Code(code.to_owned())
}

fn codes(code: &str) -> Value {
    Value::Codes(BTreeSet::from([code.to_owned()]))
}

fn links(to: RecordId) -> Value {
    Value::Links(BTreeSet::from([Reference::Record(to)]))
}

/// A row without the cells that have nothing.
fn row<const N: usize>(cells: [(&str, Option<Value>); N]) -> Row {
    let cells = cells
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    cells.collect()
}

/// A week of the first half of the year and a little more, now and then none.
fn maybe_week(rng: &mut Seeded) -> Option<Value> {
    let week = Week::new(YEAR, 8 + rng.below(30) as u8).ok();
    week.filter(|_| rng.chance(2, 3)).map(Value::Week)
}

fn maybe_quarter(rng: &mut Seeded) -> Option<Value> {
    let quarter = Quarter::new(YEAR, 1 + rng.below(4) as u8).ok();
    quarter.filter(|_| rng.chance(3, 4)).map(Value::Quarter)
}

/// One that is planned, or was held, with promises that are due, parked or done.
fn sessie(about: RecordId, rng: &mut Seeded) -> Named {
    let promise = |rng: &mut Seeded| {
        let parked = maybe_week(rng).filter(|_| rng.chance(1, 3));
        let done = maybe_week(rng).filter(|_| parked.is_none() && rng.chance(1, 3));
        row([
            ("wat", Some(text("Samen bellen."))),
            ("klaar", maybe_quarter(rng)),
            ("geparkeerd_tot", parked),
            ("afgerond", done),
        ])
    };
    let promises: BTreeMap<u32, Row> = (1..=rng.below(3) as u32).map(|nr| (nr, promise(rng))).collect();
    let mut fields = vec![
        ("aard", code("kwartaalgesprek")),
        ("besproken", links(about)),
        (
            "kwartaal",
            maybe_quarter(rng).unwrap_or(Value::Quarter(first_quarter())),
        ),
    ];
    if rng.chance(2, 3) {
        fields.push(("aanwezig", codes("uitvoering")));
    }
    if !promises.is_empty() {
        fields.push(("afspraken", Value::Rows(promises)));
    }
    fields
}

fn first_quarter() -> Quarter {
    Week::at(0).quarter()
}

fn duiding(about: RecordId, rng: &mut Seeded) -> Named {
    let mut fields = vec![
        ("op", links(about)),
        ("oordeel", code(["kan", "kan_niet"][rng.below(2) as usize])),
        ("uitleg", text("Het was een werkafspraak en geen wet.")),
    ];
    if rng.chance(3, 4) {
        let source = row([("type", Some(code("wet"))), ("verwijzing", Some(text("Artikel 3")))]);
        fields.push(("bron", Value::Rows(BTreeMap::from([(1, source)]))));
    }
    fields.extend(maybe_week(rng).map(|week| ("verloopt", week)));
    fields
}

fn bericht(about: RecordId, rng: &mut Seeded) -> Named {
    let form = ["vraag", "antwoord", "tegenspraak"][rng.below(3) as usize];
    vec![
        ("over", Value::Link(Reference::Record(about))),
        ("vorm", code(form)),
        ("tekst", text("Geldt dit ook voor ons?")),
    ]
}

fn experiment(rng: &mut Seeded) -> Named {
    let week = |year, week| Value::Week(Week::new(year, week).unwrap_or(Week::at(0)));
    let varied = row([
        ("variabele_code", Some(code("aantal_contactpersonen"))),
        ("variabele", Some(text("vaste contactpersonen"))),
        ("van", Some(text("per regeling een ander"))),
        ("naar", Some(text("een"))),
    ]);
    vec![
        ("titel", text("Een vaste contactpersoon")),
        ("vorm", code("proeftuin")),
        ("hypothese", text("Dan hoeft niemand twee keer te vertellen.")),
        ("gevarieerd", Value::Row(varied)),
        ("maat", code("stabiel_6m")),
        ("opzet", code("B_parallelle_vergelijking")),
        ("start", week(YEAR - 1, 2)),
        ("gepland_einde", week(YEAR - 1, 10 + rng.below(43) as u8)),
    ]
}

/// A signaal that asks something, or was put aside until later.
fn question(rng: &mut Seeded) -> Named {
    let mut fields = vec![
        ("aard", code("vraag")),
        ("thema", codes("wonen")),
        ("laag", code("uitvoering")),
        ("tekst", text("Wie beslist hierover?")),
    ];
    fields.extend(maybe_week(rng).map(|until| ("geparkeerd_tot", until)));
    fields
}
