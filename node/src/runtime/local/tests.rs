//! Local and shared records are one world.

use protocol::gate::{Account, Approval, Draft, Known, Policy, screen};
use protocol::id::{Digest, LogId, Week};
use protocol::record::{Intake, read_json};
use protocol::{api, document};
use serde_json::{Value, json};

use super::*;
use crate::scratch::Scratch;
use crate::secret::Secret;
use crate::vault::intake::{self, Format};
use crate::vault::{Decision, Screening, Shared};
use crate::view::{Batch, Change, Content, Writer};

pub(in crate::runtime) const OURS: u16 = 9901;

pub(in crate::runtime) fn intake_of(gemeente: u16) -> Intake {
    Intake {
        gemeente: Gemeente::new(gemeente).unwrap(),
        week: "2026-W10".parse().unwrap(),
        kind: None,
    }
}

/// A vault and a view in one directory.
pub(in crate::runtime) struct Place {
    _scratch: Scratch,
    pub(in crate::runtime) vault: Vault,
    writer: Writer,
}

impl Place {
    pub(in crate::runtime) fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        let vault = Vault::open(&scratch.path().join("vault"), &Secret::new([6; 32])).unwrap();
        let writer = Writer::open(&scratch.path().join("view.sqlite")).unwrap();
        Self {
            _scratch: scratch,
            vault,
            writer,
        }
    }

    /// Types records.
    pub(in crate::runtime) fn type_in(&mut self, records: &Value) {
        let body = serde_json::to_vec(records).unwrap();
        for taken in intake::read(&body, Format::Json, &intake_of(OURS)).unwrap() {
            self.vault.add(&taken.unwrap()).unwrap();
        }
    }

    /// What was typed here is shared as the document with this number.
    pub(in crate::runtime) fn is_shared(&mut self, id: &str, number: u8) -> RecordId {
        let screening = Screening {
            verdict: api::Verdict::Review,
            findings: Vec::new(),
        };
        self.vault.screened(id, screening).unwrap();
        let decision = Decision {
            by: "tester".to_owned(),
            week: "2026-W10".parse().unwrap(),
            content: None,
        };
        self.vault.approve(id, decision).unwrap();
        let document = DocumentId([number; 32]);
        let record = self.vault.get(id).unwrap().input().unwrap().contributes_to;
        let record = record.unwrap_or_else(|| RecordId::from(document));
        let shared = Shared { document, record };
        self.vault.mark_shared(id, shared, None, Vec::new()).unwrap();
        record
    }

    /// A document arrives, of whoever.
    pub(in crate::runtime) fn arrives(&mut self, number: u8, by: u16, typed: &Value) -> RecordId {
        let document = DocumentId([number; 32]);
        let draft = Draft::new(read_json(typed, &intake_of(by)).unwrap(), Known::default());
        let screened = screen(draft, &Policy::default());
        let approval = Approval::after_reading(Account::new("tester").unwrap(), &screened);
        let shareable = screened.approve(approval).unwrap().release(&|_| None).0;
        let change = document::found(document::actor(LogId([1; 32]), document), &shareable).unwrap();
        let change = Change {
            document,
            content: Content::Changes {
                gemeente: Gemeente::new(by).unwrap(),
                kind: shareable.kind().number(),
                changes: vec![change],
            },
        };
        let batch = Batch {
            changes: vec![change],
            state: Some(Digest([9; 32])),
            ..Batch::default()
        };
        self.writer.apply(&batch).unwrap();
        shareable.contributes_to().unwrap_or_else(|| RecordId::from(document))
    }

    /// A gemeente became part of another.
    pub(in crate::runtime) fn goes_on(&mut self, from: u16, to: u16) {
        let [from, to] = [from, to].map(|number| Gemeente::new(number).unwrap());
        let batch = Batch {
            state: Some(Digest([8; 32])),
            heirs: BTreeMap::from([(from, to)]),
            ..Batch::default()
        };
        self.writer.apply(&batch).unwrap();
    }

    /// Asks something of the world as it is now.
    pub(in crate::runtime) fn ask<T>(&self, question: impl FnOnce(&World<'_>) -> T) -> T {
        let locals = Locals::refreshed(&Arc::default(), &self.vault).unwrap();
        let readers = self.writer.readers();
        let answer = readers.read(|reading| Ok(question(&World::open(&locals, reading)?)));
        answer.unwrap()
    }

    pub(in crate::runtime) fn shown(&self, id: &str) -> Value {
        let peilweek: Week = "2026-W20".parse().unwrap();
        self.ask(|world| {
            let named = world.find(id).unwrap();
            serde_json::from_str(&world.json(&named, peilweek).unwrap().unwrap()).unwrap()
        })
    }
}

pub(in crate::runtime) fn signaal(id: &str, team: &str, knelpunt: Option<&str>) -> Value {
    json!({"id": id, "soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": ["wonen"],
        "laag": "uitvoering", "tekst": "De aanvraag wacht op een ander loket.", "team": team, "knelpunt": knelpunt})
}

pub(in crate::runtime) fn knelpunt(id: Option<&str>) -> Value {
    json!({"id": id, "soort": "knelpunt", "week": "2026-W07", "titel": "Twee loketten wachten op elkaar",
        "thema": ["wonen"], "soort_knelpunt": "werkproces"})
}

#[test]
fn what_was_typed_is_a_record_with_its_team_before_anything_is_shared() {
    let mut place = Place::new("local-alone");
    place.type_in(&json!([
        signaal("s-1", "wijkteam Noord", Some("k-1")),
        knelpunt(Some("k-1"))
    ]));
    let signal = place.shown("s-1");
    assert_eq!(signal["team"], "wijkteam Noord");
    assert_eq!(
        (&signal["staat"], &signal["knelpunt"]),
        (&json!("gekoppeld"), &json!("k-1"))
    );
    assert_eq!(signal["voortgang"], "wacht");
    assert_eq!(place.shown("k-1")["staat"], "incident");
    let listed = place.ask(|world| world.listed(&Shown::default()).len());
    assert_eq!(listed, 2);
}

#[test]
fn an_own_record_that_is_shared_is_one_record_with_what_others_wrote_in_it() {
    let mut place = Place::new("local-joined");
    place.type_in(&json!([
        signaal("s-1", "wijkteam Noord", Some("k-1")),
        knelpunt(Some("k-1"))
    ]));
    let record = place.is_shared("k-1", 1);
    let before = place.shown("k-1");
    assert_eq!(before["record"], record.to_string());
    let mut theirs = knelpunt(None);
    theirs["titel"] = "Loketten wachten".into();
    theirs["bijdrage_aan"] = record.to_string().into();
    place.arrives(1, OURS, &knelpunt(None));
    place.arrives(2, 9902, &theirs);
    let les = json!({"soort": "les", "week": "2026-W09", "titel": "Een loket", "niveau": "werkproces",
        "kern": "Wie het eerst ziet, belt.", "uit": [record.to_string()]});
    place.arrives(3, 9902, &les);
    let shown = place.shown(&record.to_string()[..10]);
    assert_eq!(shown["id"], "k-1");
    assert_eq!(shown["bijdragen"], json!(["GM9901", "GM9902"]));
    assert_eq!(shown["staat"], "in_aanpak", "a les of another gemeente is about it");
    assert_eq!(place.shown("s-1")["knelpunt"], "k-1");
    assert_eq!(place.ask(|world| world.listed(&Shown::default()).len()), 2);
}

#[test]
fn a_draft_that_adds_to_a_record_of_others_is_read_with_it() {
    let mut place = Place::new("local-contributes");
    let record = place.arrives(1, 9902, &knelpunt(None));
    let mut ours = knelpunt(Some("k-9"));
    ours["bijdrage_aan"] = record.to_string().into();
    place.type_in(&ours);
    let shown = place.shown("k-9");
    assert_eq!(shown["bijdragen"], json!(["GM9901", "GM9902"]));
    assert_eq!(shown["staat"], "structureel_vermoed", "two gemeenten say so");
}

#[test]
fn what_was_typed_again_or_thrown_away_is_so_at_once() {
    let mut place = Place::new("local-again");
    place.type_in(&signaal("s-1", "Noord", None));
    let locals = Locals::refreshed(&Arc::default(), &place.vault).unwrap();
    let same = Locals::refreshed(&locals, &place.vault).unwrap();
    assert!(Arc::ptr_eq(&locals, &same));
    place.vault.discard("s-1").unwrap();
    place.type_in(&signaal("s-1", "Zuid", None));
    let locals = Locals::refreshed(&locals, &place.vault).unwrap();
    let team = locals.get("s-1").unwrap().input.local["team"].clone();
    assert_eq!(team, protocol::record::Value::Text("Zuid".to_owned()));
    assert!(!format!("{locals:?} {:?}", locals.get("s-1")).contains("Zuid"));
}

#[test]
fn what_was_frozen_and_then_changed_shows_before_anything_is_shared_and_stays() {
    let mut place = Place::new("local-frozen");
    let mut typed = json!({"id": "e", "soort": "experiment", "titel": "Eerst bellen", "vorm": "pilot", "maat": "wachttijd",
        "hypothese": "Wie eerst belt, wacht korter.", "opzet": "C_voor_na", "start": "2026-W15",
        "gepland_einde": "2026-W30", "vastgelegd": "2026-W11",
        "gevarieerd": {"variabele_code": "bellen", "variabele": "bellen", "van": "niet", "naar": "wel"}});
    place.type_in(&json!([typed]));
    assert_eq!(place.shown("e")["gewijzigd_na_vastlegging"], Value::Null);
    typed["titel"] = "Wie eerst belt".into();
    place.type_in(&json!([typed]));
    assert_eq!(
        place.shown("e")["gewijzigd_na_vastlegging"],
        Value::Null,
        "a title is not frozen"
    );
    typed["hypothese"] = "Wie eerst belt, is sneller tevreden.".into();
    place.type_in(&json!([typed]));
    assert_eq!(place.shown("e")["gewijzigd_na_vastlegging"], true);
    // Unfrozen for a while it was frozen all the same.
    typed["vastgelegd"] = Value::Null;
    place.type_in(&json!([typed]));
    typed["vastgelegd"] = "2026-W12".into();
    place.type_in(&json!([typed]));
    assert_eq!(place.shown("e")["gewijzigd_na_vastlegging"], true);
    place.is_shared("e", 1);
    assert_eq!(place.shown("e")["gewijzigd_na_vastlegging"], true);
}
