//! Who could have written a record: nobody is one of fewer than five.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use super::*;
use crate::document;
use crate::gate::{Account, Approval, Draft, Headcount, HeadcountError, Screened, Shareable, screen};
use crate::record::{Around, Intake, List, Value, WITHHELD, read_json};

/// The codes of the word list, in its order.
fn lagen() -> impl Iterator<Item = &'static str> {
    List::Laag.words().iter().map(|word| word.code)
}

fn counts(counts: [u32; 8]) -> BTreeMap<String, u32> {
    lagen().map(str::to_owned).zip(counts).collect()
}

fn policy(of: [u32; 8]) -> Policy {
    Policy {
        headcount: Some(Headcount::new(&counts(of)).unwrap()),
        ..Policy::default()
    }
}

fn screened(record: &Json, policy: &Policy) -> Screened {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: "2025-W20".parse().unwrap(),
        kind: None,
    };
    let input = read_json(record, &intake).expect("a test record is good input");
    screen(Draft::new(input, Known::default()), policy)
}

fn signaal(laag: &str) -> Json {
    json!({"soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": laag, "tekst": "Het loket vraagt een bewijs."})
}

fn released(screened: Screened) -> Shareable {
    let approval = Approval::after_reading(Account::new("a.b").unwrap(), &screened);
    screened.approve(approval).unwrap().release(&|_| None).0
}

#[test]
fn a_small_laag_and_the_week_are_withheld() {
    let policy = policy([40, 12, 9, 7, 5, 4, 3, 0]);
    let large = screened(&signaal("management"), &policy);
    assert_eq!(large.withheld().count(), 0);
    assert_eq!(released(large).week().to_string(), "2025-W20");

    let small = screened(&signaal("bestuur"), &policy);
    assert_eq!(small.withheld().collect::<Vec<_>>(), ["laag", "week"]);
    let shown = small
        .preview("x")
        .to_json("2025-W30".parse().unwrap(), &Around::default());
    assert_eq!(
        (&shown["laag"], &shown["week"]),
        (&json!("onthouden"), &json!("2025-Q2"))
    );
    let shareable = released(small);
    assert_eq!(shareable.fields()["laag"], Value::Code(WITHHELD.to_owned()));
    assert_eq!(shareable.week().to_string(), "2025-W14");
    assert!(shareable.is_quarter_only());
}

#[test]
fn withheld_is_something_else_than_unknown() {
    let policy = policy([40, 12, 9, 7, 5, 4, 3, 0]);
    let duiding = |laag: Option<&str>| {
        let mut duiding = json!({"soort": "duiding", "op": ["knelpunt-01"], "oordeel": "kan", "uitleg": "Het mag."});
        if let Some(laag) = laag {
            duiding["beslisser_laag"] = laag.into();
        }
        released(screened(&duiding, &policy))
    };
    let (withheld, unknown) = (duiding(Some("bestuur")), duiding(None));
    assert_eq!(withheld.fields()["beslisser_laag"], Value::Code(WITHHELD.to_owned()));
    assert!(!unknown.fields().contains_key("beslisser_laag") && !unknown.is_quarter_only());
    // Nobody can type it, so what says it was withheld by a gate.
    assert!(!List::Laag.allows(WITHHELD));
}

#[test]
fn every_place_of_a_laag_is_looked_at() {
    let sessie = json!({
        "soort": "sessie", "kwartaal": "2025-Q1", "aard": "kwartaalgesprek", "aanwezig": ["uitvoering", "bestuur", "partner"],
        "ingebracht_door": {"uitvoering": 3, "bestuur": 1, "partner": 2},
        "afspraken": [{"nr": 1, "wat": "nalopen", "laag": "bestuur"}],
    });
    let screened = screened(&sessie, &policy([40, 12, 9, 7, 5, 4, 3, 0]));
    let withheld: BTreeSet<_> = screened.withheld().collect();
    assert_eq!(
        withheld,
        BTreeSet::from(["aanwezig", "afspraken[1].laag", "ingebracht_door", "week"])
    );
    let shareable = released(screened);
    assert!(!format!("{shareable:?}").contains("bestuur"));
    let counts = BTreeMap::from([("onthouden".to_owned(), 3), ("uitvoering".to_owned(), 3)]);
    assert_eq!(shareable.fields()["ingebracht_door"], Value::Counts(counts));
}

#[test]
fn what_is_withheld_is_never_one_of_fewer_than_five() {
    let withheld = |of: [u32; 8]| {
        let headcount = Headcount::new(&counts(of)).unwrap();
        let lagen = lagen().zip(of).filter(|(laag, _)| headcount.withholds(laag));
        lagen.collect::<Vec<_>>()
    };
    // Three managers alone would be known by being withheld, so the next larger laag hides them.
    assert_eq!(
        withheld([40, 12, 9, 7, 3, 6, 8, 20]),
        [("management", 3), ("bestuur", 6)]
    );
    assert_eq!(withheld([40, 12, 9, 7, 5, 6, 8, 20]), []);
    let mut seed = 0x5eed_u64;
    for _ in 0..5_000 {
        let of = [(); 8].map(|()| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            u32::try_from(seed >> 60).unwrap()
        });
        let hidden = withheld(of);
        let together: u32 = hidden.iter().map(|(_, count)| count).sum();
        let total: u32 = of.iter().sum();
        assert!(together == 0 || together >= 5.min(total), "{of:?} {hidden:?}");
        let small = lagen().zip(of).filter(|(_, count)| *count < 5);
        assert!(small.into_iter().all(|small| hidden.contains(&small)), "{of:?}");
    }
}

#[test]
fn a_gemeente_of_four_people_shares_no_week_at_all() {
    let screened = screened(
        &json!({"soort": "overname", "van": "les-02", "uitkomst": "werkt"}),
        &policy([2, 0, 0, 1, 0, 1, 0, 0]),
    );
    assert_eq!(screened.withheld().collect::<Vec<_>>(), ["week"]);
}

#[test]
fn without_a_headcount_nothing_is_withheld() {
    let screened = screened(&signaal("bestuur"), &Policy::default());
    assert_eq!(screened.withheld().count(), 0);
}

#[test]
fn a_headcount_names_every_laag_and_no_other() {
    let mut some = counts([1; 8]);
    some.remove("partner");
    assert_eq!(Headcount::new(&some), Err(HeadcountError::Absent { laag: "partner" }));
    some.insert("directie".to_owned(), 9);
    assert_eq!(
        Headcount::new(&some),
        Err(HeadcountError::Unknown {
            laag: "directie".to_owned()
        })
    );
}

#[test]
fn a_document_says_the_quarter_and_every_node_reads_no_more() {
    let small = released(screened(&signaal("bestuur"), &policy([40, 12, 9, 7, 5, 4, 3, 0])));
    let large = released(screened(&signaal("uitvoering"), &policy([40, 12, 9, 7, 5, 4, 3, 0])));
    let founded = document::found([7; 16], &small).unwrap();
    let contents = document::read(std::slice::from_ref(&founded)).unwrap();
    assert!(contents.quarter_only);
    assert_eq!(contents.week.to_string(), "2025-W14");
    assert!(contents.unknown.is_empty());
    // An edit takes it back, and so the other way around.
    let changes = [
        founded.clone(),
        document::edit([8; 16], &[founded], &large).unwrap().unwrap(),
    ];
    let contents = document::read(&changes).unwrap();
    assert!(!contents.quarter_only && contents.week.to_string() == "2025-W20");
}
