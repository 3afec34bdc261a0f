//! One line per notation: what it becomes. Every number here is made up.

use super::*;
use crate::api::Lang;
use crate::gate::BlockReason;

#[test]
fn identifiers_become_masks() {
    for (text, expected) in [
        ("bsn 123456782.", "bsn [bsn]."),
        ("nr 123.456.782 en 123 456 782", "nr [bsn] en [bsn]"),
        ("negen cijfers: 987654321", "negen cijfers: [nummer]"),
        ("bsn: 987654321", "bsn: [bsn]"),
        ("ligt op 1234567", "ligt op [nummer]"),
        ("pas 1234 5678 9012 3456", "pas [nummer]"),
        ("NL91 ABNA 0417 1643 00", "[iban]"),
        ("nl91abna0417164300, ook", "[iban], ook"),
        ("NL91ABNA0417164301", "[iban]"),
        ("BE68 5390 0754 7034.", "[iban]."),
        ("bel 06-12345678", "bel [telefoon]"),
        ("06 12 34 56 78 of +31 (0)6 1234 5678", "[telefoon] of [telefoon]"),
        ("(020) 123 45 67; 0031201234567", "[telefoon]; [telefoon]"),
        (
            "bel nul zes, twaalf vierendertig zesenvijftig achtenzeventig.",
            "bel [telefoon].",
        ),
        ("nul zes een twee drie vier vijf zes zeven acht", "[telefoon]"),
        ("0800-1234 en +49 30 901820", "[telefoon] en [telefoon]"),
        ("mail jan@voorbeeld.example!", "mail [e-mail]!"),
        ("zie www.voorbeeld.nl/pad?x=1.", "zie [webadres]."),
        ("op voorbeeld.nl staat", "op [webadres] staat"),
        ("https://voorbeeld.example/a(b)", "[webadres](b)"),
        ("server 192.168.10.1, fe80::1", "server [ip-adres], [ip-adres]"),
        ("00:1b:44:11:3a:b7", "[ip-adres]"),
        ("1234 AB, 1234ab en 1234 ab", "[postcode], [postcode] en [postcode]"),
        ("Kerkstraat 12", "[adres]"),
        ("kerkstraat 12a, boven", "[adres], boven"),
        ("op de Jan van Galenstraat 3-hs", "op de [adres]"),
        ("Laan van Meerdervoort 12", "[adres]"),
        ("Brinkhof 4 B", "[adres]"),
        ("auto AB-12-CD", "auto [kenteken]"),
        ("12-abc-3, X-123-YZ, ab12cd", "[kenteken], [kenteken], [kenteken]"),
        ("AB 12 CD", "[kenteken]"),
        ("KvK-nummer is 12345678", "KvK-nummer is [kvk]"),
        ("NL123456789B01", "[btw]"),
        ("zaaknummer 2023/456789", "zaaknummer [zaaknummer]"),
        ("dossiernummer: A-123", "dossiernummer: [zaaknummer]"),
        ("paspoort ZX1234567", "paspoort [documentnummer]"),
        ("op 22/11/2024 en 3 mei", "op [datum] en [datum]"),
        ("1985-03-15; 15 mrt. '85", "[datum]; [datum]"),
        ("geboren op 15 maart 1985", "geboren op [geboortedatum]"),
        (
            "geb. 15-03-85, geboren in 1985",
            "geb. [geboortedatum], geboren in [geboortedatum]",
        ),
        ("om 14:30, om 14.30 uur", "om [tijd], om [tijd] uur"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn letter_case_hides_nothing() {
    for text in [
        "NL91 ABNA 0417 1643 00",
        "jan@voorbeeld.example",
        "AB-12-CD",
        "1234 XB",
        "Kerkstraat 12",
        "ZAAKNUMMER: 2023/456789",
        "15 maart 1985",
    ] {
        let found = |text: &str| {
            !screen_text(text, &Known::default(), &Policy::default())
                .spans
                .is_empty()
        };
        assert!(found(&text.to_lowercase()) && found(&text.to_uppercase()), "{text}");
    }
}

#[test]
fn ordinary_sentences_stay_as_they_are() {
    for text in [
        "Zonder adres geen uitkering, zonder uitkering geen adres.",
        "In 2024 en 2025 was 1000 euro genoeg; in week 12 van 2025 niet.",
        "Wmo 2015, artikel 2.3.5, lid 3; artikel 2.3.15 en art. 4.1.12.",
        "Van 1500 op 2000 euro, 3 van de 4 keer, 24/7 en 1-2 keer.",
        "Tussen 2023-2024 waren er 120 meldingen.",
        "Onderweg 3 keer gestopt, weg 4 keer.",
        "De leerkring 2 en het akkoord 5 en de begroting 2025.",
        "Zij kreeg 1.250,50 euro per maand.",
        "Een e-mail, een kenteken, een postcode: geen probleem.",
        "",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn an_age_is_shown_to_a_person_and_stays() {
    let screened = screen_text("een man van 43 jaar", &Known::default(), &Policy::default());
    assert_eq!(screened.masked, "een man van 43 jaar");
    assert_eq!(screened.spans[0].action(), Action::Flag);
}

#[test]
fn hidden_characters_hide_nothing_and_offsets_count_them() {
    let screened = |text: &str| screen_text(text, &Known::default(), &Policy::default());
    for text in [
        "é１２３４５６７８２",
        "é1\u{200b}2\u{200b}3\u{200b}4\u{200b}5\u{200b}6\u{200b}7\u{200b}8\u{200b}2",
        "é123\u{a0}456\u{202f}782",
        "é\u{202e}123456782\u{202c}",
        "é١٢٣٤٥٦٧٨٢",
        "é123\u{2011}456\u{2013}782",
    ] {
        let screened = screened(text);
        assert_eq!(screened.masked, "é[bsn]", "{text}");
        let span = screened.spans[0];
        let hidden: Vec<_> = text.chars().collect();
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(hidden[start].is_numeric() && hidden[end - 1].is_numeric());
        assert!(hidden[end..].iter().all(|c| !c.is_numeric()));
    }
}

#[test]
fn what_is_known_of_the_case_is_found_in_any_letter_case() {
    let known = vec!["Sanne Zomer".to_owned(), "Zomer".to_owned(), "K-17".to_owned()];
    let known = Known::new(known).unwrap();
    let masked = |text: &str| screen_text(text, &known, &Policy::default()).masked;
    assert_eq!(masked("SANNE  zomer belde"), "[naam 1] belde");
    assert_eq!(masked("Sanne\nZomer; dossier k-17."), "[naam 1]; dossier [bekend].");
    assert_eq!(masked("in de zomermaanden, K-171"), "in de zomermaanden, K-171");
    assert!(Known::new(vec!["x".to_owned()]).is_err());
    assert!(Known::new(vec!["xy".to_owned(); 101]).is_err());
}

#[test]
fn a_known_name_is_found_in_parts_with_initials_and_with_a_slip() {
    let known = Known::new(vec!["Sanne van der Haverkotte".to_owned(), "Piet Zomer".to_owned()]).unwrap();
    let masked = |text: &str| screen_text(text, &known, &Policy::default()).masked;
    for (text, expected) in [
        ("s. van der haverkotte", "[naam 1]"),
        ("bel S.H. terug", "bel [naam 1] terug"),
        (
            "haverkote en haverktote, ook hverkotte",
            "[naam 1] en [naam 2], ook [naam 3]",
        ),
        ("p. zomer komt in de zomer", "[naam 1] komt in de [naam 1]"),
        ("zomers is het kamer vol", "zomers is het kamer vol"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn what_is_not_text_or_too_long_is_blocked() {
    let policy = Policy {
        text_chars_max: 10,
        ..Policy::default()
    };
    let block = |text: &str| screen_text(text, &Known::default(), &policy).block;
    assert_eq!(block("0123456é\u{1f600}9"), None);
    assert_eq!(block("01234567890"), Some(BlockReason::TooLong { max: 10 }));
    assert_eq!(block("a\0b"), Some(BlockReason::ControlCharacter));
    assert_eq!(block("a\u{1b}[31m"), Some(BlockReason::ControlCharacter));
    assert_eq!(block("a\tb\r\nc"), None);
}

#[test]
fn every_type_says_why_in_both_languages() {
    for what in SpanType::ALL {
        let span = Span {
            start: 0,
            end: 1,
            what,
            rule: "regel",
            nr: None,
        };
        assert_ne!(span.why(Lang::Nl), span.why(Lang::En));
        if span.action() != Action::Flag {
            assert!(span.why(Lang::Nl).contains(&span.mask()));
        }
    }
}

#[test]
fn names_are_masked_however_they_are_written() {
    for (text, expected) in [
        ("De heer Bakker belde.", "De heer [naam 1] belde."),
        ("de heer bakker belde", "de heer [naam 1] belde"),
        ("Mw. Zomer heeft geen adres.", "Mw. [naam 1] heeft geen adres."),
        (
            "Mark belt morgen; roos gaat mee.",
            "[naam 1] belt morgen; [naam 2] gaat mee.",
        ),
        ("gesproken met mark", "gesproken met [naam 1]"),
        ("J.M.P. van den Berg", "[naam 1]"),
        (
            "mevrouw van 't Hof en dhr. d'Hondt",
            "mevrouw [naam 1] en dhr. [naam 2]",
        ),
        ("Jan-Willem O'Brien tekende.", "[naam 1] tekende."),
        ("GESPROKEN MET SAMIRA EL IDRISSI", "GESPROKEN MET [naam 1]"),
        ("Zij woont in Bergen op Zoom.", "Zij woont in [plaats]."),
        ("hij woont in den haag", "hij woont in [plaats]"),
        ("woont op coolsingel 12", "woont op [adres]"),
        ("zij gaat naar basisschool de regenboog", "zij gaat naar [naam 1]"),
        (
            "<p>Gesproken met <b>Tjibbelien</b></p>",
            "<p>Gesproken met <b>[naam 1]</b></p>",
        ),
        (
            "Ik sprak gisteren van Basten (Zülle).",
            "Ik sprak gisteren [naam 1] ([naam 2]).",
        ),
        ("geb. 3-5-'72", "geb. [geboortedatum]"),
        ("zoon tjibbelien gaat naar school", "zoon [onbekend] gaat naar school"),
        ("Een vrouw van 93 jaar valt op.", "Een vrouw van [leeftijd] valt op."),
        (
            "V-nummer 1234567890, agb 12345678",
            "V-nummer [documentnummer], agb [nummer]",
        ),
        ("zaak 2023/456789 ligt stil", "zaak [zaaknummer] ligt stil"),
    ] {
        assert_eq!(masked(text), expected);
    }
}

#[test]
fn words_of_the_work_are_no_names() {
    for text in [
        "De Participatiewet en de Wmo bieden ruimte; het UWV denkt daar anders over.",
        "KEUKENTAFELGESPREK GEVOERD, BRIEFADRES AFGEWEZEN",
        "de client krijgt pgb, mantelzorger is overbelast, zie verslag mdo",
        "In januari en op maandag is het loket dicht.",
        "Het schuldhulpverlenerstekort raakt de woonurgentiecommissie.",
        "De gemente wacht op een beschiking van de ambtenaar.",
        "Nederlandse les voor een Syrische inwoner.",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn another_language_is_blocked() {
    let english = "The municipality asked the resident for a document that nobody can get before the application was decided, and so \
        the whole process stopped for three months while the debts kept growing every week.";
    let screened = screen_text(english, &Known::default(), &Policy::default());
    assert_eq!(screened.block, Some(BlockReason::NotDutch));
    assert!(!screened.masked.is_empty());
}

#[test]
fn what_singles_somebody_out_is_shown_to_a_person() {
    for text in ["Zij is de enige in het dorp.", "de wethouder van toen"] {
        let screened = screen_text(text, &Known::default(), &Policy::default());
        assert!(
            screened.spans.iter().any(|span| span.what == SpanType::Unique),
            "{text}"
        );
        assert_eq!(screened.masked, text);
    }
}
