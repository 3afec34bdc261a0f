//! A token is made once, kept from others, and nothing but the token opens.

use std::os::unix::fs::PermissionsExt;

use super::*;

fn showing(header: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, header.parse().unwrap());
    headers
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("leerkring-token-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn a_token_is_made_once_and_read_again() {
    let dir = folder("once");
    let path = dir.join("api.token");
    let made = Token::of_file(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    assert_eq!(Token::of_file(&path).unwrap(), made);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(made.opens(&showing(&format!("Bearer {}", text.trim()))));
    assert!(!made.opens(&showing(&format!("Bearer {}", &text.trim()[1..]))));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let dir = folder("open");
    let path = dir.join("api.token");
    Token::of_file(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(
        Token::of_file(&path),
        Err(TokenError::Open { mode: 0o640, .. })
    ));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_file_with_something_else_is_refused() {
    let dir = folder("else");
    let path = dir.join("api.token");
    for text in ["", "kort", &"a".repeat(65), &"g".repeat(64)] {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(Token::of_file(&path), Err(TokenError::Form { .. })), "{text}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn only_the_token_itself_opens() {
    let token = Token::of_text("geheim");
    assert!(token.opens(&showing("bearer geheim")));
    for wrong in [
        "Bearer",
        "Bearer ",
        "Bearer geheim2",
        "Basic geheim",
        "geheim",
        "Bearer GEHEIM",
    ] {
        assert!(!token.opens(&showing(wrong)), "{wrong}");
    }
    assert!(!token.opens(&HeaderMap::new()));
}
