//! Names and numbers that hide: in other characters, in other notations, over lines, in other spellings.

use super::*;
use crate::gate::BlockReason;

/// Where the only finding is, in code points of the text.
fn place(text: &str) -> (u32, u32) {
    let screened = screen_text(text, &Known::default(), &Policy::default());
    assert_eq!(screened.spans.len(), 1, "{text:?}");
    (screened.spans[0].start, screened.spans[0].end)
}

#[test]
fn what_nobody_sees_hides_nothing() {
    for (text, expected) in [
        ("bsn 123\u{200b}456\u{200d}782 klopt", "bsn [bsn] klopt"),
        ("bsn １２３４５６７８２ klopt", "bsn [bsn] klopt"),
        ("\u{202e}bsn 123456782\u{202c}", "bsn [bsn]"),
        ("bsn\u{a0}123\u{2009}456\u{2009}782", "bsn [bsn]"),
        ("bsn 123·456·782 of 123  456  782", "bsn [bsn] of [bsn]"),
        ("iban NL91АBNА0417164300 klopt", "iban [iban] klopt"),
        ("kenteken ХB-12-ZZ", "kenteken [kenteken]"),
        ("Gesproken met محمد العلي", "Gesproken met [onbekend] [onbekend]"),
        (
            "\u{1f468}\u{200d}\u{1f469} Tjibbelien \u{1f600}",
            "\u{1f468}\u{1f469} [naam 1] \u{1f600}",
        ),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn accents_that_stand_alone_belong_to_their_letter() {
    assert_eq!(masked("Mevrouw Go\u{308}khan belde."), "Mevrouw [naam 1] belde.");
    assert_eq!(masked("de clie\u{308}nt belde"), "de cliënt belde");
    assert_eq!(place("bij Wildero\u{308}ne\u{301} thuis"), (4, 15));
    assert_eq!(place("bij Wildero\u{308}ne\u{301}"), (4, 15));
}

#[test]
fn a_word_in_another_script_stays_itself() {
    assert_eq!(masked("Gesproken met Оксана"), "Gesproken met [naam 1]");
}

#[test]
fn marks_of_other_notations_do_not_protect_a_name() {
    for (text, expected) in [
        (
            "Gesproken met **Tjibbelien Haverkotte**.",
            "Gesproken met **[naam 1]**.",
        ),
        (
            "# Verslag\n- [ ] bel *Tjibbelien*\n| naam | Haverkotte |",
            "# Verslag\n- [ ] bel *[naam 1]*\n| naam | [naam 2] |",
        ),
        ("<td>Tjibbelien</td>", "<td>[naam 1]</td>"),
        ("mail jan(at)voorbeeld.nl", "mail [e-mail]"),
        (
            "mail jan.zomer apenstaartje voorbeeld punt nl of bel",
            "mail [e-mail] of bel",
        ),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn a_name_goes_on_behind_the_end_of_a_line() {
    for (text, expected) in [
        (
            "Gesproken met mevrouw\nBakker over de huur.",
            "Gesproken met mevrouw\n[naam 1] over de huur.",
        ),
        (
            "gesproken met mevrouw\nbakker over de huur",
            "gesproken met mevrouw\n[naam 1] over de huur",
        ),
        (
            "Het ging om dhr. J.\nde Wit uit Assen.",
            "Het ging om dhr. [naam 1]\n[naam 2] uit [plaats].",
        ),
        (
            "Gesproken met Sanne\nZomer over de huur.",
            "Gesproken met [naam 1]\n[naam 2] over de huur.",
        ),
        (
            "Dat vindt mevrouw.\nBrieven komen laat.",
            "Dat vindt mevrouw.\nBrieven komen laat.",
        ),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn names_are_found_in_every_spelling() {
    let spellings = "Yusuf Youssef Jusuf Iosif Mohammed Muhammed Khadija Chadisja Oksana Oxana Nguyễn Wojciech Ouafae";
    for name in spellings.split(' ') {
        for text in [
            format!("gesproken met {name}"),
            format!("{name} belde"),
            format!("gesproken met {}", name.to_lowercase()),
        ] {
            assert_eq!(masked(&text).matches('[').count(), 1, "{text}");
        }
    }
    let known = Known::new(vec!["Sanne Haverkotte".to_owned()]).unwrap();
    for slip in ["haverkote", "haverkottte", "havrekotte", "Haverkotfe"] {
        let screened = screen_text(&format!("toen zei {slip} niets"), &known, &Policy::default());
        assert_eq!(screened.masked.matches('[').count(), 1, "{slip}");
    }
}

#[test]
fn names_as_registers_and_the_press_write_them() {
    for (text, expected) in [
        (
            "staat bij ons als Haverkotte, T.B. van",
            "staat bij ons als [naam 1], [naam 2]",
        ),
        ("Aanwezig: C L Haverkotte", "Aanwezig: [naam 1]"),
        ("advocaat B. H. W. Haverkotte", "advocaat [naam 1]"),
        ("De verdachte Ruud L. zwijgt.", "De verdachte [naam 1] zwijgt."),
        ("- Vos: geen adres", "- [naam 1]: geen adres"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn numbers_in_other_notations() {
    for (text, expected) in [
        ("zaak Z-24-77582, WMO-2023.2643", "zaak [zaaknummer], [zaaknummer]"),
        ("pas NX5H70541", "pas [documentnummer]"),
        ("onder 2024-14627 ligt", "onder [zaaknummer] ligt"),
        ("kvk 0342 6671", "kvk [kvk]"),
        ("bel 06,12345678", "bel [telefoon]"),
        (
            "auto 28VTKJ, 29.68.NX en 77 hf 52",
            "auto [kenteken], [kenteken] en [kenteken]",
        ),
        ("DE14 0275 7960 8341 3190 81", "[iban]"),
        (
            "1234-AB; postcode 1234 mw; 1234  ab",
            "[postcode]; postcode [postcode]; [postcode]",
        ),
        ("Kerkstraat 12 44 kmr 4, Kerkweg 39/3", "[adres], [adres]"),
        ("Kerkstraat34, Kerkstraat 30 t/m 115", "[adres], [adres]"),
        ("op 16-3, 20/3 en 24\\8\\2024", "op [datum], [datum] en [datum]"),
        (
            "vijf oktober, d.d. 081023, 4 - 7 - 2022",
            "[datum], d.d. [datum], [datum]",
        ),
        ("om 17u30", "om [tijd]"),
        ("drieënnegentig jaar", "[leeftijd]"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn amounts_and_laws_are_no_numbers_of_people() {
    for text in [
        "80 procent van 1.250.000 euro in 2023-2024",
        "2-3 dagen, 24/7 bereikbaar, 9-10 uur, 50/50",
        "de A12, de N201, covid-19, 4e druk, artikel 2.3.5",
        "in 2009 in totaal 12 km",
        "de Kamer van Koophandel en de Raad voor de Kinderbescherming",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn bytes_that_are_no_text_are_blocked() {
    let bytes: Vec<u8> = (0..=255).cycle().take(4_000).collect();
    let screened = screen_text(&String::from_utf8_lossy(&bytes), &Known::default(), &Policy::default());
    assert_eq!(screened.block, Some(BlockReason::ControlCharacter));
    assert_eq!(screened.masked, "");
}
