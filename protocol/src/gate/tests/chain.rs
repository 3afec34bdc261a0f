//! From draft to what may leave: who may pass, and what stays behind.

use serde_json::{Value as Json, json};

use super::*;
use crate::gate::{Account, Approval, ApproveError, BlockReason, Draft, Screened, Verdict, screen};
use crate::id::{Gemeente, RecordId, Week};
use crate::record::{Around, Input, Intake, Reference, Value, read_json};

fn input(record: &Json) -> Input {
    let intake = Intake {
        gemeente: Gemeente::new(9901).unwrap(),
        week: Week::new(2025, 20).unwrap(),
        kind: None,
    };
    read_json(record, &intake).expect("a test record is good input")
}

fn screened(record: &Json) -> Screened {
    screen(Draft::new(input(record), Known::default()), &Policy::default())
}

fn signaal(tekst: &str) -> Json {
    json!({
        "soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering", "tekst": tekst,
        "team": "t-3f", "casus": "Sanne Zomer, 123456782", "knelpunt": "knelpunt-01", "week": "2025-W06",
    })
}

fn overname() -> Json {
    json!({"soort": "overname", "van": "les-02", "uitkomst": "werkt"})
}

fn account() -> Account {
    Account::new("a.b").unwrap()
}

fn nothing(_: &Reference) -> Option<RecordId> {
    None
}

#[test]
fn what_leaves_is_masked_and_holds_nothing_local() {
    let screened = screened(&signaal("Bel 06-12345678 over het adres"));
    assert_eq!(screened.verdict(), Verdict::Review);
    assert_eq!(screened.found()[0].field, "tekst");
    assert_eq!(screened.original("tekst"), Some("Bel 06-12345678 over het adres"));
    assert_eq!(screened.stays_local().collect::<Vec<_>>(), ["casus", "team"]);
    let approval = Approval::after_reading(account(), &screened);
    let (shareable, pending) = screened.approve(approval).unwrap().release(&nothing);
    assert_eq!(
        shareable.fields()["tekst"],
        Value::Text("Bel [telefoon] over het adres".to_owned())
    );
    assert_eq!(shareable.week().to_string(), "2025-W06");
    let names: Vec<_> = shareable.fields().keys().map(String::as_str).collect();
    assert_eq!(names, ["aard", "laag", "tekst", "thema"]);
    assert_eq!(
        (pending[0].field.as_str(), &pending[0].link),
        ("knelpunt", &Reference::Local("knelpunt-01".into()))
    );
    let all = format!("{shareable:?}");
    for local in ["t-3f", "Zomer", "123456782", "a.b", "knelpunt-01", "06-12345678"] {
        assert!(!all.contains(local), "{local}");
    }
}

#[test]
fn who_does_an_afspraak_stays_in_the_gemeente() {
    let sessie = json!({
        "soort": "sessie", "kwartaal": "2025-Q1", "aard": "kwartaalgesprek", "casus": "Zomer",
        "afspraken": [{"nr": 3, "wat": "nalopen", "actiehouder": "Sanne", "leidt_tot": "les-02"}],
    });
    let screened = screened(&sessie);
    assert_eq!(screened.original("afspraken[3].wat"), Some("nalopen"));
    let approval = Approval::after_reading(account(), &screened);
    let (shareable, pending) = screened.approve(approval).unwrap().release(&nothing);
    assert!(!format!("{shareable:?}").contains("Sanne"));
    assert_eq!(pending[0].field, "afspraken[3].leidt_tot");
}

#[test]
fn local_links_go_along_once_their_record_is_shared() {
    let shared = RecordId([7; 20]);
    let screened = screened(&overname());
    let approved = screened.approve(Approval::without_text(account())).unwrap();
    let (shareable, pending) = approved.release(&|_| Some(shared));
    assert!(pending.is_empty());
    assert_eq!(shareable.fields()["van"], Value::Link(Reference::Record(shared)));
    assert_eq!(approved.by(), &account());
    assert_eq!(approved.release(&nothing).1.len(), 1);
}

#[test]
fn free_text_needs_somebody_who_read_exactly_this() {
    assert_eq!(screened(&overname()).verdict(), Verdict::Pass);
    let text = screened(&signaal("Het loket vraagt een bewijs"));
    assert_eq!(text.verdict(), Verdict::Review);
    let unread = text.clone().approve(Approval::without_text(account()));
    assert_eq!(unread.unwrap_err(), ApproveError::MustBeRead);
    let of_another = Approval::after_reading(account(), &screened(&signaal("Iets anders")));
    assert_eq!(text.clone().approve(of_another).unwrap_err(), ApproveError::Changed);
    let kept = Approval::kept(account(), text.content());
    assert!(text.approve(kept).is_ok());
}

fn experiment(maat: &str) -> Json {
    json!({
        "soort": "experiment", "titel": "t", "vorm": "pilot", "hypothese": "h", "maat": maat,
        "gevarieerd": {"variabele_code": "kanaal", "variabele": "kanaal", "van": "a", "naar": "b"},
        "opzet": "C_voor_na", "start": "2025-W05", "gepland_einde": "2025-W20",
    })
}

#[test]
fn a_word_in_a_code_that_nobody_knows_is_shown_where_it_stands() {
    let found = screened(&experiment("wachttijd_haverkotte"));
    let [unknown] = found.found() else {
        panic!("{:?}", found.found());
    };
    let (span, code) = (unknown.span, found.original("maat").unwrap());
    assert_eq!((unknown.field.as_str(), span.what), ("maat", SpanType::UnknownCode));
    assert_eq!(&code[span.start as usize..span.end as usize], "haverkotte");
    assert_eq!((span.action(), found.verdict()), (Action::Flag, Verdict::Review));
    let approved = found
        .clone()
        .approve(Approval::after_reading(account(), &found))
        .unwrap();
    assert_eq!(
        approved.release(&nothing).0.fields()["maat"],
        Value::Code("wachttijd_haverkotte".to_owned())
    );
    assert_eq!(screened(&experiment("wachttijd")).found(), []);
}

#[test]
fn what_is_blocked_cannot_be_approved_by_anybody() {
    let blocked = screened(&experiment("klant_123456782"));
    assert_eq!(blocked.verdict(), Verdict::Block);
    assert_eq!(
        (blocked.blocks()[0].field.as_str(), blocked.blocks()[0].reason),
        ("maat", BlockReason::CodeHoldsIdentifier)
    );
    let approval = Approval::after_reading(account(), &blocked);
    assert_eq!(blocked.approve(approval).unwrap_err(), ApproveError::Blocked);
    assert_eq!(screened(&signaal("a\u{7}b")).verdict(), Verdict::Block);
}

#[test]
fn masks_that_make_a_text_too_long_block_it() {
    // Sixty postcodes of six characters become masks of ten.
    let text = "1234XB, ".repeat(75);
    let blocked = screened(&signaal(&text));
    assert_eq!(blocked.blocks()[0].reason, BlockReason::TooLong { max: 600 });
}

#[test]
fn a_field_outside_the_schema_cannot_pass() {
    let mut record = input(&overname());
    record.fields.insert("naam".to_owned(), Value::Text("Sanne".to_owned()));
    record
        .fields
        .insert("uitkomst".to_owned(), Value::Text("Zomer".to_owned()));
    let screened = screen(Draft::new(record, Known::default()), &Policy::default());
    assert_eq!(screened.verdict(), Verdict::Block);
    assert_eq!(screened.blocks().len(), 2);
    assert!(
        !screened
            .preview("x")
            .to_json(Week::new(2025, 20).unwrap(), &Around::default())
            .to_string()
            .contains("Zomer")
    );
}

#[test]
fn drafts_do_not_show_themselves_to_a_log() {
    let record = input(&signaal("marker-in-tekst"));
    let draft = Draft::new(record.clone(), Known::new(vec!["marker-bekend".to_owned()]).unwrap());
    let shown = format!("{record:?} {draft:?}");
    let screened = screen(draft, &Policy::default());
    let approval = Approval::after_reading(account(), &screened);
    let shown = format!("{shown} {screened:?} {:?}", screened.clone().approve(approval).unwrap());
    assert!(!shown.contains("marker") && !shown.contains("Zomer"), "{shown}");
}

#[test]
fn an_account_can_be_seen() {
    for wrong in ["", "met spatie", "regel\n", &"a".repeat(81)] {
        assert!(Account::new(wrong).is_err());
    }
    assert_eq!(Account::new("mw.x").unwrap().as_str(), "mw.x");
}

#[test]
fn a_name_in_one_field_is_masked_in_every_other() {
    let sessie = json!({
        "soort": "sessie", "kwartaal": "2025-Q1", "aard": "kwartaalgesprek",
        "afspraken": [
            {"nr": 1, "wat": "ook Bakker bellen"},
            {"nr": 2, "wat": "mevrouw Bakker schrijven over het besluit"},
        ],
    });
    let screened = screened(&sessie);
    let fields: Vec<_> = screened.found().iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields, ["afspraken[1].wat", "afspraken[2].wat"]);
}
