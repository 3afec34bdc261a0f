//! A request is signed for the key that somebody read out.

use super::*;

/// What comes of a fingerprint that was given, or typed at a terminal.
fn compare(given: Option<&str>, typed: Option<&str>) -> (Result<(), u8>, String) {
    let mut input = typed.unwrap_or_default().as_bytes();
    let mut written = Vec::new();
    let mut person = Person::new(&mut input, typed.is_some());
    let mut output = Output::new(&mut written, Lang::Nl, false, false);
    let node = NodeKey([0xA7; 32]);
    let compared = compared(node, given.map(str::to_owned), &mut person, &mut output);
    let (ended, said) = match compared {
        Ok(()) => (Ok(()), String::new()),
        Err(Stop::Failed(error)) => (Err(error.exit.code()), error.text(Lang::Nl)),
        Err(Stop::Closed) => panic!("it writes into memory"),
    };
    (ended, said + &String::from_utf8(written).unwrap())
}

#[test]
fn a_request_is_signed_for_the_key_that_was_read_out_and_for_no_other() {
    for typed in [
        "a7a7 a7a7 a7a7 a7a7 a7a7 a7a7 a7a7 a7a7",
        "A7A7A7A7 a7a7a7a7 A7A7A7A7A7A7A7A7",
    ] {
        assert_eq!(compare(Some(typed), None).0, Ok(()), "{typed}");
        assert_eq!(compare(None, Some(typed)).0, Ok(()), "{typed}");
    }
    for typed in ["", "a7a7", "ja", "a7a7 a7a7 a7a7 a7a7 a7a7 a7a7 a7a7 a7a8"] {
        for (ended, said) in [compare(Some(typed), None), compare(None, Some(typed))] {
            assert_eq!(ended, Err(3), "{typed:?}");
            assert!(!said.contains("a7a7"), "{said}");
        }
    }
    let (ended, said) = compare(None, None);
    assert_eq!(ended, Err(2));
    assert!(!said.contains("a7a7") && said.contains("--fingerprint"), "{said}");
}
