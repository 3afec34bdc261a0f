//! The golden vectors of the rules: what stands here may be added to, and never changed.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::*;
use crate::document;
use crate::gate::Shareable;
use crate::id::{DocumentId, Gemeente, Week};
use crate::record::{Fields, Kind, Part, Row, Value};

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
    // One behind the other, and behind an address that a hyphen ends.
    (
        "(020)1234567(020)1234567",
        "[verborgen: telefoonnummer][verborgen: telefoonnummer]",
    ),
    (
        "a@b.nl-06-12345678",
        "[verborgen: e-mailadres]-[verborgen: telefoonnummer]",
    ),
    ("a.b@c.nl-adres", "[verborgen: e-mailadres]-adres"),
    ("a.b@c-d.nl.", "[verborgen: e-mailadres]."),
    ("a@.nl en a@b.c2 en a@b.n", "a@.nl en a@b.c2 en a@b.n"),
    // Only letters and digits of ASCII belong to what stands beside them.
    ("é123456782ж", "é[verborgen: bsn]ж"),
    (
        "\u{661}06-12345678\u{1e5ff}",
        "\u{661}[verborgen: telefoonnummer]\u{1e5ff}",
    ),
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

#[test]
fn a_chain_is_hidden_to_its_end() {
    let (shown, hidden) = first::hide(&"(020)1234567".repeat(20));
    assert_eq!(
        (shown.as_str(), hidden),
        ("[verborgen: telefoonnummer]".repeat(20).as_str(), 20)
    );
    let (shown, hidden) = first::hide(&"a@b.nl-06-12345678 ".repeat(20));
    assert!(!shown.contains('@') && !shown.contains("06"), "{shown}");
    assert_eq!((first::hide(&shown).1, hidden), (0, 40));
}

/// A hash of what the first set makes of many texts: notices every change that the vectors do not.
#[test]
fn the_first_set_is_frozen() {
    const PIECES: [&str; 20] = [
        "(020)1234567",
        "@c.nl",
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
        assert_eq!(first::hide(&shown), (shown.clone(), 0), "{text:?}");
        all.push_str(&shown);
    }
    let hash = all.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    assert_eq!(format!("{hash:016x}"), "9e0c751bd5f84407");
}

/// Fields, and names that this version does not know, of a part that holds nothing else.
fn part(fields: Fields, unknown: &Json) -> Part {
    let founded = document::found([7; 16], &leaky()).unwrap();
    let contents = document::read(&[founded]).unwrap();
    let mut part = contents.into_part(DocumentId([7; 32]), Gemeente::new(9901).unwrap(), 1);
    (part.fields, part.unknown) = (fields, serde_json::from_value(unknown.clone()).unwrap());
    part
}

fn named<const N: usize>(fields: [(&str, Value); N]) -> Fields {
    fields.map(|(name, value)| (name.to_owned(), value)).into()
}

/// What each of these becomes under the first set, like the texts above.
#[test]
fn the_first_set_looks_here_and_nowhere_else() {
    let text = |text: &str| Value::Text(text.to_owned());
    let counts = |counts: [(&str, i64); 2]| Value::Counts(counts.map(|(code, count)| (code.to_owned(), count)).into());
    let of = |number: i64| named([("wat", Value::Number(number))]);
    let before = named([
        ("06-12345678", text("een")),
        ("06-87654321", text("twee")),
        ("aantal", Value::Number(123_456_782)),
        ("bedrag", Value::Hundredths(12_345_678_250)),
        ("iemand@voorbeeld.example", Value::Flag(true)),
        ("kleiner", Value::Hundredths(123_456_782)),
        ("min", Value::Number(-123_456_782)),
        ("per_laag", counts([("123456782", 4), ("beleid", 123_456_782)])),
        ("rij", Value::Row(named([("bsn 123456782", text("een"))]))),
        (
            "rijen",
            Value::Rows([(1, of(1)), (123_456_782, of(2)), (3, of(123_456_782))].into()),
        ),
        ("titel", Value::Number(123_456_783)),
    ]);
    let after = named([
        ("[verborgen: telefoonnummer]", text("een")),
        ("aantal", text("[verborgen: bsn]")),
        ("bedrag", text("[verborgen: bsn].50")),
        ("[verborgen: e-mailadres]", Value::Flag(true)),
        ("kleiner", Value::Hundredths(123_456_782)),
        ("min", text("[verborgen: bsn]")),
        ("per_laag", counts([("[verborgen: bsn]", 4), ("beleid", 0)])),
        ("rij", Value::Row(named([("bsn [verborgen: bsn]", text("een"))]))),
        (
            "rijen",
            Value::Rows([(1, of(1)), (2, of(2)), (3, named([("wat", text("[verborgen: bsn]"))]))].into()),
        ),
        ("titel", Value::Number(123_456_783)),
    ]);
    let unknown = json!({
        "zz:iemand@voorbeeld.example": 123_456_782, "zz:later": {"06-12345678": [7, 123_456_782, 1.5, null, true]},
    });
    let shown = json!({
        "zz:[verborgen: e-mailadres]": "[verborgen: bsn]",
        "zz:later": {"[verborgen: telefoonnummer]": [7, "[verborgen: bsn]", 1.5, null, true]},
    });
    let mut hidden = part(before, &unknown);
    assert_eq!(hide(&mut hidden), 15);
    assert_eq!(hidden, part(after, &shown));
    assert_eq!(hide(&mut hidden), 0);
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
    let mut part = part(leaky().fields().clone(), &json!({}));
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
