//! Who is told apart in a masked record, and that a mask stays what it is.

use serde_json::json;

use super::*;
use crate::gate::{Draft, screen};
use crate::record::{Intake, Value, read_json};

#[test]
fn the_same_person_keeps_a_number() {
    for (text, expected) in [
        (
            "Sanne Haverkotte belde. Later belde mevrouw HAVERKOTTE weer; Piet Jansen niet.",
            "[naam 1] belde. Later belde mevrouw [naam 1] weer; [naam 2] niet.",
        ),
        (
            "Mevrouw Haverkotte belde met Sanne Haverkotte.",
            "Mevrouw [naam 1] belde met [naam 1].",
        ),
        (
            "S. van der Haverkotte en dhr. Jansen; Sanne van der Haverkotte tekende.",
            "[naam 1] en dhr. [naam 2]; [naam 1] tekende.",
        ),
        ("Haverkottes zus sprak Haverkotte.", "[naam 1] zus sprak [naam 1]."),
        (
            "Mevrouw Haverkotte belde. haverkotte wacht.",
            "Mevrouw [naam 1] belde. [naam 1] wacht.",
        ),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn two_persons_never_become_one() {
    let text = "Sanne Haverkotte en Piet Haverkotte kwamen; mevrouw Haverkotte sprak, Sanne zweeg.";
    assert_eq!(
        masked(text),
        "[naam 1] en [naam 2] kwamen; mevrouw [naam 3] sprak, [naam 1] zweeg."
    );
}

#[test]
fn a_mask_that_a_person_typed_stays_and_keeps_its_number() {
    for mask in ["[naam 4]", "[NAAM 4]", "[plaats]", "[Datum]", "[naam]"] {
        let text = format!("{mask} wacht op een besluit");
        let screened = screen_text(&text, &Known::default(), &Policy::default());
        assert_eq!((screened.spans.len(), screened.masked), (0, text));
    }
    assert_eq!(
        masked("Mevrouw Haverkotte sprak met [naam 4]."),
        "Mevrouw [naam 5] sprak met [naam 4]."
    );
    for text in [
        "[naam 0]",
        "[naam 1000]",
        "[bsn 123456782]",
        "[naam 06-12345678]",
        "[haverkotte 1]",
    ] {
        let screened = screen_text(&format!("{text} wacht"), &Known::default(), &Policy::default());
        let reread = screen_text(&screened.masked, &Known::default(), &Policy::default());
        assert_eq!(reread.masked, screened.masked);
        assert!(!screened.masked.contains("123456782") && !screened.masked.contains("12345678"));
        assert!(!screened.masked.contains("haverkotte"), "{text}");
    }
}

#[test]
fn numbers_go_through_the_record_in_reading_order() {
    let intake = Intake {
        gemeente: "GM9901".parse().unwrap(),
        week: "2025-W20".parse().unwrap(),
        kind: None,
    };
    let typed = json!({
        "soort": "duiding", "titel": "Piet Jansen mag", "op": ["knelpunt-01"], "oordeel": "kan", "werd_gedacht": "kan_niet",
        "uitleg": "Mevrouw Haverkotte en Jansen vroegen [naam 3] om raad.", "beslisser_laag": "beleid", "geldt_voor": "eigen",
        "bron": [{"type": "advies", "verwijzing": "advies van Sanne Haverkotte"}],
        "voorwaarden": ["dhr. Jansen tekent"],
    });
    let input = read_json(&typed, &intake).expect("it keeps to the schema");
    let screened = screen(Draft::new(input, Known::default()), &Policy::default());
    let shown = &screened.masked;
    assert_eq!(shown["titel"], Value::Text("[naam 4] mag".to_owned()));
    let uitleg = "Mevrouw [naam 5] en [naam 4] vroegen [naam 3] om raad.";
    assert_eq!(shown["uitleg"], Value::Text(uitleg.to_owned()));
    assert_eq!(
        shown["voorwaarden"],
        Value::Texts(vec!["dhr. [naam 4] tekent".to_owned()])
    );
    assert!(format!("{:?}", shown["bron"]).contains("advies van [naam 5]"));
    let fields: Vec<_> = screened.found().iter().map(|found| found.field.as_str()).collect();
    assert_eq!(fields[..2], ["titel", "uitleg"]);
    assert!(
        screened.found()[0]
            .message(crate::api::Lang::Nl)
            .contains("wordt [naam 4]")
    );
}
