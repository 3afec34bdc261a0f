//! A token with a name opens what it is for, until it is ended, and its file opens nothing.

use std::os::unix::fs::PermissionsExt;

use axum::http::header::AUTHORIZATION;

use super::*;
use crate::scratch::Scratch;

fn showing(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
    headers
}

fn asked(naam: &str, scopes: &[Scope]) -> TokenAsked {
    TokenAsked {
        naam: naam.to_owned(),
        scopes: scopes.to_vec(),
    }
}

fn open(path: &Path) -> Door {
    Door::open(Token::of_text("start"), path).unwrap()
}

#[test]
fn a_token_opens_what_it_is_for_until_it_is_ended_also_after_a_restart() {
    let dir = Scratch::new("door");
    let path = dir.path().join("tokens.json");
    let door = open(&path);
    let made = door.make(&asked("dashboard", &[Scope::Lezen, Scope::Lezen])).unwrap();
    assert_eq!(made.scopes, [Scope::Lezen]);
    let kept = fs::read_to_string(&path).unwrap();
    assert!(!kept.contains(&made.token), "only the hash is kept");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let door = open(&path);
    let holder = door.holder(&showing(&made.token)).unwrap();
    assert!(holder.may(&[Scope::Nakijken, Scope::Lezen]) && !holder.may(&[Scope::Schrijven]));
    assert!(!holder.may(&[]), "what is open needs no holder");
    assert_eq!(door.holder(&showing(&made.token[1..])), None);
    assert_eq!(door.end("dashboard").unwrap().naam, "dashboard");
    assert_eq!(door.holder(&showing(&made.token)), None);
    assert!(matches!(door.end("dashboard"), Err(DoorError::Unknown)));
    assert_eq!(open(&path).holder(&showing(&made.token)), None);
    assert_eq!(open(&path).holder(&showing("start")), Some(Holder::Start));
}

#[test]
fn the_hash_of_a_token_does_not_open() {
    let dir = Scratch::new("door-hash");
    let path = dir.path().join("tokens.json");
    let door = open(&path);
    door.make(&asked("a", &[Scope::Beheren])).unwrap();
    let kept: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let hash = kept["tokens"][0]["hash"].as_str().unwrap();
    assert_eq!(door.holder(&showing(hash)), None);
}

#[test]
fn a_name_is_taken_once_and_a_token_is_for_something() {
    let door = Door::of_start(Token::of_text("start"));
    door.make(&asked("b", &[Scope::Lezen])).unwrap();
    door.make(&asked("a", &[Scope::Schrijven])).unwrap();
    assert!(matches!(
        door.make(&asked("b", &[Scope::Beheren])),
        Err(DoorError::Exists)
    ));
    assert!(matches!(door.make(&asked("c", &[])), Err(DoorError::ForNothing)));
    for name in ["", "met spatie", &"x".repeat(81)] {
        assert!(matches!(door.make(&asked(name, &[Scope::Lezen])), Err(DoorError::Name)));
    }
    let names: Vec<_> = door.lines().into_iter().map(|line| line.naam).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn no_more_are_kept_than_can_be_looked_after() {
    let door = Door::of_start(Token::of_text("start"));
    for number in 0..TOKENS_MAX {
        door.make(&asked(&format!("t-{number}"), &[Scope::Lezen])).unwrap();
    }
    assert!(matches!(
        door.make(&asked("nog", &[Scope::Lezen])),
        Err(DoorError::Full)
    ));
}

#[test]
fn a_file_that_is_damaged_opens_nothing_and_stops_the_start() {
    let dir = Scratch::new("door-form");
    let path = dir.path().join("tokens.json");
    for damaged in [
        "",
        "{",
        r#"{"form":2,"tokens":[]}"#,
        r#"{"form":1,"tokens":[{"naam":"a"}]}"#,
    ] {
        fs::write(&path, damaged).unwrap();
        let opened = Door::open(Token::of_text("start"), &path);
        assert!(matches!(opened, Err(TokenError::Form { .. })), "{damaged}");
    }
}
