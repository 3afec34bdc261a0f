//! The golden vectors of the rules: what stands here may be added to, and never changed.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::document;
use crate::gate::Shareable;
use crate::id::{DocumentId, Gemeente, Week};
use crate::record::{Fields, Kind};

/// What each text becomes under the first set. A change here is a change of what nodes already agreed on.
const FIRST: &[(&str, &str)] = &[
    ("bel 06-12345678.", "bel [verborgen: telefoonnummer]."),
    ("06 12 34 56 78", "[verborgen: telefoonnummer]"),
    (
        "+31 6 12345678, +31(0)612345678",
        "[verborgen: telefoonnummer], [verborgen: telefoonnummer]",
    ),
    ("0031 20 123 45 67", "[verborgen: telefoonnummer]"),
    ("(020) 123 45 67", "[verborgen: telefoonnummer]"),
    ("0201234567", "[verborgen: telefoonnummer]"),
    ("bsn 123456782", "bsn [verborgen: bsn]"),
    ("123.456.782 en 1234 56 782", "[verborgen: bsn] en [verborgen: bsn]"),
    ("NL91 ABNA 0417 1643 00", "[verborgen: rekeningnummer]"),
    ("nl91abna0417164300;", "[verborgen: rekeningnummer];"),
    ("BE68 5390 0754 7034", "[verborgen: rekeningnummer]"),
    ("mail jan.zomer@voorbeeld.example.", "mail [verborgen: e-mailadres]."),
    ("1234 AB 12", "[verborgen: adres]"),
    ("1234AB, 12a", "[verborgen: adres]"),
    // What does not prove itself stays.
    ("bsn 123456783", "bsn 123456783"),
    ("NL91ABNA0417164301", "NL91ABNA0417164301"),
    ("in 1234 AB", "in 1234 AB"),
    ("1234 SS 12", "1234 SS 12"),
    ("1234 ab 12", "1234 ab 12"),
    ("x123456782 en 1234567821", "x123456782 en 1234567821"),
    ("000000000", "000000000"),
    ("+32 6 12345678", "+32 6 12345678"),
    ("0012345678", "0012345678"),
    ("a@b en iemand@ergens", "a@b en iemand@ergens"),
    (
        "Wmo 2015, artikel 2.3.5; 1.250,50 euro",
        "Wmo 2015, artikel 2.3.5; 1.250,50 euro",
    ),
    ("[naam 1] woont in [plaats]", "[naam 1] woont in [plaats]"),
    ("een woord van een mens", "een woord van een mens"),
    ("", ""),
];

#[test]
fn the_first_set_hides_this_and_nothing_else() {
    assert_eq!(first::NUMBER, 1);
    for (text, expected) in FIRST {
        let (shown, hidden) = first::hide(text);
        assert_eq!(shown, *expected);
        assert_eq!(hidden, u32::try_from(expected.matches("[verborgen").count()).unwrap());
        assert_eq!(first::hide(&shown), (shown, 0), "hidden twice");
    }
}

/// A hash of what the first set makes of many texts: notices every change that the vectors do not.
#[test]
fn the_first_set_is_frozen() {
    const PIECES: [&str; 18] = [
        "06-12345678",
        "123456782",
        "NL91ABNA0417164300",
        "a.b@c.nl",
        "1234 AB 12",
        "+31",
        "0",
        " ",
        ".",
        "-",
        "(",
        ")",
        "x",
        "é",
        "123",
        "45",
        "[",
        "\n",
    ];
    let (mut seed, mut all) = (0x5eed_u64, String::new());
    for _ in 0..5_000 {
        let mut text = String::new();
        for _ in 0..6 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(PIECES[usize::try_from(seed >> 33).unwrap() % PIECES.len()]);
        }
        let (shown, _) = first::hide(&text);
        assert_eq!(first::hide(&shown).1, 0, "{text:?} became {shown:?}");
        all.push_str(&shown);
    }
    let hash = all.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    assert_eq!(format!("{hash:016x}"), "a7da011452a040c8");
}

/// A record as a gate would not let it go, by somebody who has none.
fn leaky() -> Shareable {
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = Fields::from([
        ("aard".to_owned(), Value::Code("knelpunt".to_owned())),
        ("laag".to_owned(), Value::Code("beleid".to_owned())),
        (
            "tekst".to_owned(),
            text("Bel 06-12345678 of mail a.zomer@voorbeeld.example."),
        ),
    ]);
    let gemeente = Gemeente::new(9901).unwrap();
    Shareable::for_test(Kind::Signaal, gemeente, Week::new(2025, 20).unwrap(), fields)
}

#[test]
fn a_part_is_hidden_wherever_it_holds_text() {
    let founded = document::found([7; 16], &leaky()).unwrap();
    let contents = document::read(&[founded]).unwrap();
    let mut part = contents.into_part(DocumentId([7; 32]), Gemeente::new(9901).unwrap(), 1);
    part.fields
        .insert("werkt_als".to_owned(), Value::Texts(vec!["bsn 123456782".to_owned()]));
    let row = Row::from([("wat".to_owned(), Value::Text("1234 AB 12".to_owned()))]);
    part.fields
        .insert("afspraken".to_owned(), Value::Rows(BTreeMap::from([(1, row)])));
    part.unknown
        .insert("later".to_owned(), json!({"lijst": ["0201234567", 7]}));
    assert_eq!(hide(&mut part), 5);
    let shown = format!("{part:?}");
    for left in ["12345678", "zomer", "1234 AB", "0201234567"] {
        assert!(!shown.contains(left), "{left} in {shown}");
    }
    assert_eq!(hide(&mut part), 0);
}

/// The change that the tests of other crates use, which cannot make such a record.
#[test]
fn the_leaky_change_is_the_one_of_the_golden_file() {
    let founded = document::found([7; 16], &leaky()).unwrap();
    assert_eq!(founded, include_bytes!("leaky.change"));
}
