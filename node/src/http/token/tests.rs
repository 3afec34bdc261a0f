//! Every run has a token of its own, kept from others, and nothing but the token opens.

use std::os::unix::fs::PermissionsExt;

use super::*;

fn showing(header: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, header.parse().unwrap());
    headers
}

fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("leerkring-token-{}-{name}", std::process::id()));
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn every_run_has_a_token_of_its_own() {
    let dir = folder("fresh");
    let path = dir.join("api.token");
    let made = Token::fresh(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(made.opens(&showing(&format!("Bearer {}", text.trim()))));
    assert!(!made.opens(&showing(&format!("Bearer {}", &text.trim()[1..]))));
    let next = Token::fresh(&path).unwrap();
    assert!(!next.opens(&showing(&format!("Bearer {}", text.trim()))));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_a_killed_start_left_behind_is_no_obstacle_and_opens_nothing() {
    let dir = folder("killed");
    let path = dir.join("api.token");
    for left in ["", "kort", &"a".repeat(CHARS)] {
        for file in [path.clone(), dir.join("api.token.new")] {
            fs::write(&file, left).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        }
        let made = Token::fresh(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(made.opens(&showing(&format!("Bearer {}", text.trim()))));
        assert_ne!(text.trim(), left);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::remove_dir_all(dir).unwrap();
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
