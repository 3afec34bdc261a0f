//! What a text is searched by.

use super::*;

fn stems(text: &str) -> Vec<String> {
    let tokens = Analysis::new().tokens(text).into_iter();
    tokens.filter(|token| !token.stops).map(|token| token.stem).collect()
}

#[test]
fn words_of_one_family_count_as_one_and_words_of_the_domain_as_themselves() {
    for (words, stem) in [
        ("gemeente Gemeenten gemeentelijke", "gemeente"),
        ("weigeren geweigerd weigering weigert", "weiger"),
        ("aanvraag aanvragen aangevraagd", "aanvraag"),
        ("vraagt vragen gevraagd", "vraag"),
        ("afgewezen afwijzen", "afwijs"),
        ("dakloze daklozen dakloos", "daklos"),
        ("cliënt clienten cliënten", "client"),
        ("toeslag toeslagen", "toeslag"),
        ("betaald betaalt betaling", "betaal"),
    ] {
        for found in stems(words) {
            assert_eq!(found, stem, "{words}");
        }
    }
    let two = stems("kinderen kinderopvang wet weet");
    assert_eq!(two.iter().collect::<std::collections::BTreeSet<_>>().len(), two.len());
}

#[test]
fn a_combining_accent_and_a_written_one_are_the_same() {
    assert_eq!(stems("cree\u{308}ert"), stems("creëert"));
    assert_eq!(stems("IDEEE\u{308}N"), stems("ideeën"));
}

#[test]
fn a_compound_is_found_by_its_parts() {
    let terms = Analysis::new().terms("Schuldhulpverlening hielp.");
    assert!(terms.parts.contains_key("schuld") && terms.parts.contains_key("hulp"));
    assert!(terms.words.contains_key("help"), "{terms:?}");
}

#[test]
fn several_names_of_one_thing_are_one_thing() {
    let analysis = Analysis::new();
    let named = |text: &str| {
        let concepts = analysis.terms(text).concepts.into_keys();
        concepts.filter(|concept| !concept.is_subject).collect::<Vec<_>>()
    };
    let both = |one: &str, other: &str| named(one).iter().any(|concept| named(other).contains(concept));
    assert!(both("een briefadres", "zijn postadressen"));
    assert!(both("Iemand is dakloos", "mensen zonder vaste woon- of verblijfplaats"));
    assert!(both("bijstandsuitkering", "uitkering voor levensonderhoud"));
    assert!(!both("briefadres", "bijstand"));
}

#[test]
fn every_line_of_the_lists_says_something() {
    let lists = include_str!("begrippen.txt").lines().filter(|line| !line.is_empty());
    for line in lists.filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("= ") || line.starts_with("~ "), "{line}");
        assert!(line.split(',').count() > 1, "{line}");
    }
    let forms = include_str!("vormen.txt").lines().filter(|line| !line.starts_with('#'));
    for line in forms {
        assert!(
            line.split_once(": ")
                .is_some_and(|(stem, forms)| !stem.contains(' ') && !forms.is_empty()),
            "{line}"
        );
    }
}

#[test]
fn no_text_makes_it_fail() {
    let analysis = Analysis::new();
    for text in [
        "",
        " ",
        "\0",
        "🙂🙂",
        "مرحبا",
        "a\u{300}\u{301}",
        "'''",
        &"x".repeat(100_000),
        &"woord ".repeat(20_000),
    ] {
        assert!(analysis.tokens(text).len() <= TOKENS_MAX);
    }
}
