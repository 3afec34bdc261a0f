//! An invitation is taken in only when somebody says that its fingerprint is right.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::papers::{Folder, assert_dutch, succeeded};
use super::{Ran, run, typed};

/// A member that invites, and a node that is invited, in one folder.
fn invited(name: &str) -> (Folder, String, String) {
    let folder = Folder::new(name);
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Westmeer", "GM9904");
    succeeded(&folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &folder.path("handvest")],
    ));
    let invitation = folder.path("uitnodiging");
    let written = folder.on("Zuiderwaard", &["charter", "invite", "--out", &invitation]);
    succeeded(&written);
    let print = print_of(&invitation);
    assert!(written.output.contains(&print), "{}", written.output);
    (folder, invitation, print)
}

/// What `charter show` says of the file.
fn print_of(invitation: &str) -> String {
    let shown = run(&["charter", "show", invitation, "--json"], "", &[]);
    let shown: Value = serde_json::from_str(&shown.output).unwrap();
    shown["vingerafdruk"].as_str().unwrap().to_owned()
}

fn kept(folder: &Folder, who: &str) -> bool {
    let home = folder.path(who);
    Path::new(&home).join("uitnodiging").exists() || Path::new(&home).join("uitnodiging.coming").exists()
}

fn at_terminal(folder: &Folder, invitation: &str, answer: &str) -> Ran {
    typed(&["join", invitation, "--node", &folder.path("Westmeer")], answer)
}

#[test]
fn without_a_terminal_the_fingerprint_is_given_or_nothing_is_kept() {
    let (folder, invitation, print) = invited("join-given");
    let before = folder.on("Westmeer", &["join", &invitation]);
    assert!(before.output.contains(&print), "{}", before.output);
    assert_eq!(before.code, 2, "{}", before.errors);
    assert!(before.errors.contains("--fingerprint"), "{}", before.errors);
    assert_dutch(before.code, &before.errors);
    let other = print.replace(|digit: char| digit.is_ascii_digit(), "f");
    for wrong in ["", "ja", &print[..9], &other] {
        let refused = folder.on("Westmeer", &["join", &invitation, "--fingerprint", wrong]);
        assert_eq!(refused.code, 3, "{wrong}: {}", refused.errors);
        assert_dutch(refused.code, &refused.errors);
        assert!(
            !refused.output.contains(&print) && !refused.errors.contains(&print),
            "{wrong}"
        );
    }
    assert_eq!(folder.on("Westmeer", &["join", &invitation, "--json"]).code, 2);
    assert!(!kept(&folder, "Westmeer"));
    let read_out = print.replace(' ', "").to_uppercase();
    let joined = folder.on("Westmeer", &["join", &invitation, "--fingerprint", &read_out]);
    succeeded(&joined);
    assert!(joined.output.contains("charter card"), "{}", joined.output);
    assert!(kept(&folder, "Westmeer"));
}

#[test]
fn somebody_at_a_terminal_types_what_was_read_out() {
    let (folder, invitation, print) = invited("join-typed");
    for (answer, code) in [
        ("", 1),
        ("\n", 1),
        ("Nee\n", 1),
        ("wie weet\n", 3),
        (&print[..9], 3),
        (&print[..print.len() - 1], 3),
        ("0000 0000\n", 3),
    ] {
        let refused = at_terminal(&folder, &invitation, answer);
        assert_eq!(refused.code, code, "{answer}: {}", refused.errors);
        assert!(
            refused.output.contains(&print) && refused.output.contains("Klopt zij"),
            "{}",
            refused.output
        );
        assert!(!kept(&folder, "Westmeer"), "{answer}");
    }
    for answer in ["ja\n", "JA", &format!("{}\r\n", print.to_uppercase())] {
        succeeded(&at_terminal(&folder, &invitation, answer));
        assert!(kept(&folder, "Westmeer"));
        fs::remove_file(Path::new(&folder.path("Westmeer")).join("uitnodiging")).unwrap();
    }
}

#[test]
fn an_invitation_is_shown_beside_where_it_is_itself_the_answer() {
    let (folder, _, _) = invited("join-beside");
    let written = folder.on("Zuiderwaard", &["charter", "invite"]);
    succeeded(&written);
    let file = folder.path("van-stdout");
    fs::write(&file, &written.output).unwrap();
    assert!(written.errors.contains(&print_of(&file)), "{}", written.errors);
}

#[test]
fn another_federation_may_be_joined_until_this_node_belongs() {
    let (folder, first, print) = invited("join-again");
    succeeded(&folder.on("Westmeer", &["join", &first, "--fingerprint", &print]));
    folder.init("Elders", "GM9905");
    succeeded(&folder.on(
        "Elders",
        &["charter", "new", "--alone", "--out", &folder.path("elders")],
    ));
    let second = folder.path("uitnodiging-elders");
    succeeded(&folder.on("Elders", &["charter", "invite", "--out", &second]));
    let other = print_of(&second);
    succeeded(&folder.on("Westmeer", &["join", &second, "--fingerprint", &other]));
    for (who, invitation, print) in [
        ("Elders", &second, &other),
        ("Elders", &first, &print),
        ("Zuiderwaard", &second, &other),
    ] {
        let refused = folder.on(who, &["join", invitation, "--fingerprint", print]);
        assert_eq!(refused.code, 6, "{who}: {}", refused.errors);
        assert!(refused.errors.contains("hoort al bij federatie"), "{}", refused.errors);
        assert_dutch(refused.code, &refused.errors);
        assert!(!kept(&folder, who));
    }
}

#[test]
fn a_second_node_is_told_to_ask_whether_it_may_speak() {
    let (folder, invitation, print) = invited("join-second");
    let card = folder.path("kaart");
    succeeded(&folder.on("Zuiderwaard", &["charter", "card", "--out", &card]));
    let second = folder.path("tweede");
    succeeded(&run(&["init", &second, "--second-of", &card], "", &[]));
    let joined = folder.on("tweede", &["join", &invitation, "--fingerprint", &print]);
    succeeded(&joined);
    assert!(
        joined.output.contains("keys request") && !joined.output.contains("charter card"),
        "{}",
        joined.output
    );
}
