//! What the packed lists know, and that they hold what their sources say.

use super::*;

fn letters(word: &str) -> Vec<char> {
    word.chars().collect()
}

#[test]
fn every_line_of_the_dictionary_is_known() {
    let lexicon = Lexicon::new();
    for (text, mark) in [
        (include_str!("../../../data/woorden.txt"), Marks::WORD),
        (include_str!("../../../data/namen.txt"), Marks::NAME),
        (include_str!("../../../data/openbaar.txt"), Marks::PLAIN),
    ] {
        assert!(text.lines().count() > 100);
        let words = text.lines().filter(|word| !word.contains(' '));
        for word in words.step_by(7) {
            // The most frequent words are no names, whatever a list says.
            let marks = lexicon.word(&letters(word));
            assert!(
                marks.any(mark) || (mark == Marks::NAME && marks.any(Marks::FREQUENT)),
                "{word}"
            );
        }
    }
}

#[test]
fn letter_case_and_accents_make_no_other_word() {
    let lexicon = Lexicon::new();
    for word in ["cliënten", "CLIENTEN", "Clienten", "beëindigen", "beeindigen", "foto’s"] {
        assert!(lexicon.word(&letters(word)).any(Marks::WORD), "{word}");
    }
    assert_eq!(lexicon.word(&letters("xqzzy")), Marks::default());
    assert_eq!(lexicon.word(&letters(&"a".repeat(500))), Marks::default());
}

#[test]
fn compounds_are_words_and_names_are_not() {
    let lexicon = Lexicon::new();
    for word in [
        "schuldhulpverlenerstekort",
        "woonurgentiecommissie",
        "wijkteamoverleg",
        "jeugdhulpregio",
    ] {
        assert!(lexicon.is_compound(&letters(word)), "{word}");
    }
    for word in ["jansen", "dijkstra", "mohammedi", "veerappan", "el", ""] {
        assert!(!lexicon.is_compound(&letters(word)), "{word}");
    }
}

#[test]
fn a_slip_of_the_pen_is_near_its_word() {
    let lexicon = Lexicon::new();
    for word in ["gemente", "gemeetne", "gemeeente", "gemeebte", "gemeante", "uitkerign"] {
        assert!(lexicon.is_slip(&letters(word)), "{word}");
    }
    for word in ["elif", "wojciech", "fatma", "yilmaz", "dijkstra", "filmon"] {
        assert!(!lexicon.is_slip(&letters(word)), "{word}");
    }
}

#[test]
fn streets_are_known_by_their_whole_name() {
    let lexicon = Lexicon::new();
    let phrase = |words: &str| lexicon.phrase(&words.chars().collect::<Vec<_>>());
    assert!(phrase("laan van meerdervoort").any(Marks::STREET));
    assert!(phrase("bergen op zoom").any(Marks::PLACE));
    assert!(!phrase("laan van nergens en nooit").any(Marks::STREET));
}
