//! The records of a country over five years: nine kinds that link to each other, also across gemeenten, each through the gate and
//! signed by a node of its gemeente, in the store of one of them.

use std::sync::mpsc::sync_channel;
use std::thread::{available_parallelism, scope};

use ed25519_dalek::SigningKey;
use node::runtime::Home;
use node::secret::Secret;
use node::store::Sled;
use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, screen};
use protocol::id::{Gemeente, RecordId, Week};
use protocol::log::{Entry, Replica, Write};
use protocol::record::{Intake, read_json};
use protocol::store::Memory;
use serde_json::{Value, json};

use super::process::gemeente;
use super::world::empty_replica;

/// The last week, and how far back the records go.
const LAST: &str = "2026-W46";
const WEEKS: u64 = 260;
/// Records that belong together: one knelpunt and what came of it.
const TOGETHER: usize = 20;
/// Gemeenten that report the same knelpunt.
const SHARED_BY: u16 = 4;
/// Logs that wait for the disk.
const WAITING: usize = 2;

const THEMES: [&str; 6] = [
    "schulden",
    "wonen",
    "jeugd",
    "toegang",
    "bestaanszekerheid",
    "participatie",
];
const RULES: [&str; 4] = ["participatiewet", "wmo-2015", "jeugdwet", "wgs"];
const LAYERS: [&str; 3] = ["uitvoering", "backoffice", "beleid"];
const BLOCKED: [&str; 3] = ["weten", "willen", "doen"];
const TEXTS: [&str; 5] = [
    "De aanvraag wacht op een ander loket, en dat loket wacht op de aanvraag.",
    "Niemand weet wie dit besluit mag nemen; daarom blijft het liggen.",
    "De regel wordt in elk team anders gelezen, en mensen merken dat.",
    "Het formulier vraagt wat al bekend is, en stuurt dan een brief.",
    "Er is geen plek waar dit hoort, dus krijgt het geen vervolg.",
];

/// Puts this many records into the store of the first of these nodes, which do not run: of each gemeente as many.
///
/// # Panics
/// When something does not work.
pub(super) fn fill(homes: &[Home], records: usize) {
    let secret = |home: &Home, name| Secret::load(&home.key(name)).expect("a node has its keys");
    let keys = homes
        .iter()
        .map(|home| SigningKey::from_bytes(secret(home, "node").bytes()));
    let keys: Vec<SigningKey> = keys.collect();
    let store = Sled::open(&homes[0].store(), &secret(&homes[0], "storage")).expect("no process has the store open");
    let mut replica = Replica::open(store).expect("the store of a node opens");
    let federation = replica.federation().expect("it is founded");
    let statements: Vec<_> = replica.statements().iter().cloned().collect();
    let threads = available_parallelism().map_or(1, usize::from);
    let share = homes.len().div_ceil(threads);
    scope(|scope| {
        let (sender, logs) = sync_channel::<Vec<Entry>>(WAITING);
        for first in (0..homes.len()).step_by(share) {
            let (sender, keys, statements) = (sender.clone(), &keys, &statements);
            scope.spawn(move || {
                let mut elsewhere = Elsewhere::default();
                for at in first..keys.len().min(first + share) {
                    let replica = empty_replica(federation, statements);
                    let wanted = records * (at + 1) / keys.len() - records * at / keys.len();
                    let log = Author::open(replica, &keys[at], at).write(wanted, &mut elsewhere);
                    sender.send(log).expect("they are taken");
                }
            });
        }
        drop(sender);
        for log in logs {
            for ingested in replica.restore(log).expect("the disk has room") {
                assert_eq!(ingested.refused, None);
            }
        }
    });
    replica.flush().expect("the disk has room");
}

/// The last knelpunt and les of another gemeente.
#[derive(Default)]
struct Elsewhere {
    knelpunt: Option<RecordId>,
    les: Option<RecordId>,
}

/// Who writes a log.
struct Author<'a> {
    replica: Replica<Memory>,
    key: &'a SigningKey,
    gemeente: Gemeente,
    rng: Seeded,
    entries: Vec<Entry>,
}

impl<'a> Author<'a> {
    fn open(mut replica: Replica<Memory>, key: &'a SigningKey, at: usize) -> Self {
        let mut rng = Seeded::new(at as u64);
        let opening = replica.open_log(key, &mut rng).expect("the node is a member's");
        Self {
            replica,
            key,
            gemeente: gemeente(at),
            rng,
            entries: vec![opening],
        }
    }

    fn write(mut self, records: usize, elsewhere: &mut Elsewhere) -> Vec<Entry> {
        let wanted = records + 1;
        let mut last = Elsewhere::default();
        while self.entries.len() < wanted {
            last = self.loop_of_learning(wanted, elsewhere);
        }
        // What several gemeenten report is one knelpunt of one of them.
        if self.gemeente.number().is_multiple_of(SHARED_BY) {
            *elsewhere = last;
        }
        self.entries
    }

    /// One knelpunt with its signalen and what came of it, as far as it still fits.
    fn loop_of_learning(&mut self, wanted: usize, elsewhere: &Elsewhere) -> Elsewhere {
        let began = self.rng.below(WEEKS);
        let knelpunt = self.knelpunt(began);
        let knelpunt = self.found(began, knelpunt);
        let mut les = None;
        for at in 1..TOGETHER.min(wanted.saturating_sub(self.entries.len()) + 1) {
            // Some of it happens at once, some a year later; nothing after the week in which it is looked at.
            let week = (began + self.rng.below(52)).min(WEEKS - 1);
            let about = if at == 1 {
                elsewhere.knelpunt.unwrap_or(knelpunt)
            } else {
                knelpunt
            };
            let record = match at {
                12 => duiding(about, week),
                13 | 14 => bericht(about),
                15 => self.experiment(week),
                16 => self.les(about),
                17 => self.overname(elsewhere.les.or(les).unwrap_or(about)),
                _ => self.signal(about),
            };
            let id = self.found(week, record);
            les = if at == 16 { Some(id) } else { les };
        }
        Elsewhere {
            knelpunt: Some(knelpunt),
            les,
        }
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.rng.below(from.len() as u64) as usize]
    }

    fn knelpunt(&mut self, began: u64) -> Value {
        let solved = began + 30;
        let episodes = if solved < WEEKS && self.rng.chance(1, 3) {
            json!([{"opgelost": week(solved).to_string()}])
        } else {
            json!([])
        };
        json!({"soort": "knelpunt", "titel": self.pick(&TEXTS), "thema": [self.pick(&THEMES)], "soort_knelpunt": "werkproces",
            "teams": self.pick(&["1", "2", "3+"]), "episodes": episodes})
    }

    fn signal(&mut self, about: RecordId) -> Value {
        let mut record = json!({"soort": "signaal", "aard": "knelpunt", "thema": [self.pick(&THEMES)], "laag": self.pick(&LAYERS),
            "regeling": [self.pick(&RULES)], "overdracht": self.rng.chance(1, 3), "belemmering": self.pick(&BLOCKED),
            "tekst": self.pick(&TEXTS)});
        match self.rng.below(8) {
            // A theme alone joins nothing, and a question has no knelpunt.
            0 => record["aard"] = json!("vraag"),
            1 => {}
            _ => record["knelpunt"] = json!(about.to_string()),
        }
        record
    }

    fn experiment(&mut self, began: u64) -> Value {
        let at = |weeks: u64| week(began + weeks).to_string();
        json!({"soort": "experiment", "titel": self.pick(&TEXTS), "vorm": "pilot", "hypothese": "Bellen gaat sneller dan schrijven.",
            "gevarieerd": {"variabele_code": "kanaal", "variabele": "kanaal van de aanvraag", "van": "formulier", "naar": "telefoon"},
            "constant": ["toegangseisen"], "maat": "doorlooptijd", "opzet": "C_voor_na", "vastgelegd": at(0), "start": at(1),
            "gepland_einde": at(9),
            "uitkomst": {"oordeel": self.pick(&["gelukt", "gelukt_deels", "mislukt", "gestopt"]), "n_band": "50-99"}})
    }

    fn les(&mut self, from: RecordId) -> Value {
        json!({"soort": "les", "niveau": "werkproces", "bereik": "collectief", "titel": self.pick(&TEXTS), "kern": self.pick(&TEXTS),
            "uit": [from.to_string()], "gewijzigd_artefact": self.pick(&["werkafspraak loket", "verordening"]),
            "belemmering_weg": self.pick(&BLOCKED)})
    }

    fn overname(&mut self, of: RecordId) -> Value {
        json!({"soort": "overname", "van": of.to_string(), "uitkomst": self.pick(&["werkt", "werkt_met_aanpassing", "werkt_niet"]),
            "aanpassing": self.pick(&TEXTS)})
    }

    fn found(&mut self, at: u64, mut record: Value) -> RecordId {
        record["week"] = json!(week(at).to_string());
        record["fictief"] = json!(true);
        let intake = Intake {
            gemeente: self.gemeente,
            week: week(at),
            kind: None,
        };
        let input = read_json(&record, &intake).unwrap_or_else(|error| panic!("{record}: {error:?}"));
        let screened = screen(Draft::new(input, Known::default()), &Policy::default());
        let account = Account::new("bench").expect("it is an account");
        let approval = Approval::after_reading(account, &screened);
        let approved = screened.approve(approval).expect("nothing in it is blocked");
        let shareable = approved.release(&|_| None).0;
        let write = Write::Found { record: &shareable };
        let written = self.replica.write(self.key, &mut self.rng, write);
        let entry = written.expect("its own gemeente may write it").expect("it is new");
        let document = entry.signed.header().document;
        self.entries.push(entry);
        RecordId::from(document)
    }
}

fn duiding(about: RecordId, began: u64) -> Value {
    json!({"soort": "duiding", "op": [about.to_string()], "oordeel": "kan_onder_voorwaarden", "werd_gedacht": "kan_niet",
        "uitleg": "De volgorde was een werkafspraak en geen eis van de wet.",
        "bron": [{"type": "eigen_werkafspraak", "verwijzing": "Werkafspraak loket, versie 3"}],
        "voorwaarden": ["de inwoner is bereikbaar"], "beslisser_laag": "backoffice", "geldt_voor": "eigen",
        "verloopt": week(began + 52).to_string()})
}

fn bericht(about: RecordId) -> Value {
    json!({"soort": "bericht", "over": about.to_string(), "vorm": "vraag", "tekst": "Hoe doen jullie dat?"})
}

/// The week that many weeks after the first.
fn week(at: u64) -> Week {
    let last: Week = LAST.parse().expect("it is a week");
    let back = i64::try_from(WEEKS).expect("it is small");
    last.plus(i64::try_from(at).expect("it is small") + 1 - back)
}
