//! Cards, charters and folders, without a node that runs: what is signed is seen, what is wrong is told.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;

use super::{Ran, run};

/// A folder of its own, removed when dropped.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("leerkring-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    pub(super) fn init(&self, name: &str, code: &str) {
        let words = [
            "init",
            &self.path(name),
            "--gemeente",
            code,
            "--naam",
            name,
            "--practice",
        ];
        succeeded(&run(&words, "", &[]));
    }

    pub(super) fn on(&self, name: &str, words: &[&str]) -> Ran {
        run(words, "", &[("LEERKRING_NODE", &self.path(name))])
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What a test leaves behind is no failure of the test.
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(super) fn succeeded(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.output, ran.errors);
}

#[test]
fn a_card_and_a_charter_are_read_without_a_node() {
    let folder = Folder::new("papers");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    let (card, charter) = (folder.path("kaart"), folder.path("handvest"));
    succeeded(&folder.on("Kromhoek", &["charter", "card", "--out", &card]));
    let shown = run(&["charter", "show", &card], "", &[]);
    succeeded(&shown);
    let fingerprint = shown.output.lines().find(|line| line.contains("vingerafdruk")).unwrap();
    assert!(
        shown.output.starts_with("Kaart\nGM9902 Kromhoek: stemt\n"),
        "{}",
        shown.output
    );
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", &card, "--out", &charter]));
    let before = run(&["charter", "show", &charter], "", &[]);
    assert!(before.output.contains(fingerprint), "{}", before.output);
    assert!(
        before.output.contains("GM9901 Zuiderwaard: stemt, heeft getekend\n"),
        "{}",
        before.output
    );
    assert!(
        before
            .output
            .ends_with("Nog nodig: de handtekening van GM9902 Kromhoek\n"),
        "{}",
        before.output
    );
    let signed = folder.on("Kromhoek", &["charter", "endorse", &charter]);
    succeeded(&signed);
    let after = run(&["charter", "show", &charter], "", &[]);
    // What is shown is what is signed, before it is.
    let (content, _) = before.output.split_once("Nog nodig").unwrap();
    assert!(signed.output.starts_with(content), "{}", signed.output);
    assert!(
        after.output.ends_with("Allen hebben getekend: de federatie bestaat\n"),
        "{}",
        after.output
    );
    let json = run(&["charter", "show", &charter, "--json"], "", &[]);
    let json: Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(
        (&json["soort"], &json["ontbreekt"]),
        (&"handvest".into(), &Value::Array(vec![]))
    );
    assert_eq!(json["leden"][1]["gemeente"], "GM9902");
}

#[test]
fn a_file_of_another_kind_is_called_by_its_name() {
    let folder = Folder::new("kinds");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    let (card, charter) = (folder.path("kaart"), folder.path("handvest"));
    succeeded(&folder.on("Kromhoek", &["charter", "card", "--out", &card]));
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]));
    let invitation = folder.path("uitnodiging");
    succeeded(&folder.on("Zuiderwaard", &["charter", "invite", "--out", &invitation]));
    for (words, said, hint) in [
        (
            ["join", &card].as_slice(),
            "dit is een kaart, geen uitnodiging",
            "charter invite",
        ),
        (
            &["join", &charter],
            "dit is een handvest, geen uitnodiging",
            "charter invite",
        ),
        (&["charter", "import", &card], "dit is een kaart", "--add"),
        (
            &["charter", "import", &invitation],
            "dit is een uitnodiging",
            "leerkring join",
        ),
        (
            &["charter", "propose", "--add", &charter],
            "dit is een handvest",
            "charter import",
        ),
    ] {
        let refused = folder.on("Zuiderwaard", words);
        assert_eq!(refused.code, 3, "{}", refused.errors);
        assert!(
            refused.errors.contains(said) && refused.errors.contains(hint),
            "{}",
            refused.errors
        );
    }
}

#[test]
fn a_folder_of_something_else_is_not_verified() {
    let folder = Folder::new("other");
    fs::create_dir(folder.path("leeg")).unwrap();
    for name in ["leeg", "nergens"] {
        let refused = run(&["verify", &folder.path(name)], "", &[]);
        assert_eq!(refused.code, 3, "{}", refused.errors);
        assert!(refused.errors.contains("geen export"), "{}", refused.errors);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named_and_not_a_file_of_ours() {
    let folder = Folder::new("nowhere");
    folder.init("Zuiderwaard", "GM9901");
    succeeded(&folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &folder.path("handvest")],
    ));
    let nowhere = folder.path("nergens/");
    let refused = folder.on("Zuiderwaard", &["backup", "--out", &nowhere]);
    assert_eq!(refused.code, 3, "{}", refused.errors);
    assert!(
        refused.errors.contains("de map") && !refused.errors.contains(".half"),
        "{}",
        refused.errors
    );
    fs::remove_file(folder.path("Zuiderwaard/keys/storage.key")).unwrap();
    let refused = folder.on("Zuiderwaard", &["charter", "show"]);
    assert!(refused.errors.contains("reservekopie"), "{}", refused.errors);
}

#[test]
fn an_entry_with_keys_of_somebody_else_is_never_signed() {
    let folder = Folder::new("altered");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    folder.init("Vreemd", "GM9903");
    let (card, charter) = (folder.path("kaart"), folder.path("handvest"));
    let at = |name: &str, key: &str| folder.path(&format!("{name}/keys/{key}.key"));
    for key in ["node", "next-root"] {
        let own = fs::read(at("Kromhoek", key)).unwrap();
        // As if the proposer had put a key of his own in the place of this one.
        fs::copy(at("Vreemd", key), at("Kromhoek", key)).unwrap();
        let public = folder.path("Kromhoek/keys/node.public");
        let kept = fs::read(&public).unwrap();
        fs::remove_file(&public).unwrap();
        succeeded(&folder.on("Kromhoek", &["charter", "card", "--out", &card]));
        fs::write(at("Kromhoek", key), own).unwrap();
        fs::write(&public, kept).unwrap();
        if key == "next-root" {
            // What was committed to is what was kept when the node was made.
            let kept = fs::read_to_string(folder.path("Kromhoek/wortelsleutels")).unwrap();
            let first = kept.lines().next().unwrap();
            fs::write(folder.path("Kromhoek/wortelsleutels"), format!("{first}\n")).unwrap();
        }
        succeeded(&folder.on("Zuiderwaard", &["charter", "new", &card, "--out", &charter]));
        let before = fs::read(&charter).unwrap();
        let refused = folder.on("Kromhoek", &["charter", "endorse", &charter]);
        assert_eq!(refused.code, 6, "{key}: {}", refused.output);
        assert!(
            refused.errors.contains("anders dan haar eigen kaart"),
            "{}",
            refused.errors
        );
        assert_dutch(refused.code, &refused.errors);
        assert_eq!(fs::read(&charter).unwrap(), before);
    }
}

#[test]
fn a_gemeente_without_a_name_gets_no_node() {
    let folder = Folder::new("nameless");
    let node = folder.path("Zuiderwaard");
    let refused = run(&["init", &node, "--gemeente", "GM9901", "--naam", " "], "", &[]);
    assert_eq!(refused.code, 2, "{}{}", refused.output, refused.errors);
    assert_dutch(refused.code, &refused.errors);
    assert!(!fs::exists(&node).unwrap());
}

#[test]
fn a_charter_without_cards_founds_a_federation_of_one() {
    let folder = Folder::new("alone");
    folder.init("Zuiderwaard", "GM9901");
    let charter = folder.path("handvest");
    // Whoever forgot the cards founds nothing.
    let refused = folder.on("Zuiderwaard", &["charter", "new", "--out", &charter]);
    assert_eq!(refused.code, 2, "{}", refused.output);
    assert_dutch(refused.code, &refused.errors);
    assert!(refused.errors.contains("--alone") && !fs::exists(&charter).unwrap());
    let made = folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &charter, "--json"],
    );
    succeeded(&made);
    let shown = run(&["charter", "show", &charter, "--lang", "en"], "", &[]);
    assert!(
        shown.output.ends_with("All have signed: the federation exists\n"),
        "{}",
        shown.output
    );
}

#[test]
fn a_paper_is_written_over_an_earlier_one_of_its_kind_and_over_nothing_else() {
    let folder = Folder::new("over");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    let (card, charter) = (folder.path("kaart"), folder.path("handvest"));
    succeeded(&folder.on("Kromhoek", &["charter", "card", "--out", &card]));
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", &card, "--out", &charter]));
    let [key, settings] = ["keys/root.key", "leerkring.toml"].map(|name| folder.path(&format!("Zuiderwaard/{name}")));
    let to_sign = fs::read_to_string(&charter).unwrap();
    for (who, words) in [
        ("Zuiderwaard", &["charter", "card", "--out", &key][..]),
        ("Zuiderwaard", &["charter", "card", "--out", &settings]),
        // The card of another gemeente.
        ("Zuiderwaard", &["charter", "card", "--out", &card]),
        ("Zuiderwaard", &["charter", "export", "--out", &card]),
        ("Zuiderwaard", &["charter", "new", &card, "--out", &key]),
        ("Kromhoek", &["charter", "endorse", &charter, "--out", &key]),
        ("Kromhoek", &["charter", "card", "--out", &folder.path("Kromhoek")]),
    ] {
        let out = words[words.len() - 1];
        let before = fs::read(out).ok();
        let refused = folder.on(who, words);
        assert_eq!(refused.code, 6, "{words:?}: {}{}", refused.output, refused.errors);
        assert_dutch(refused.code, &refused.errors);
        assert!(refused.errors.contains("niets overschreven"), "{}", refused.errors);
        assert_eq!(fs::read(out).ok(), before, "{words:?}");
    }
    assert_eq!(fs::read_to_string(&charter).unwrap(), to_sign, "nothing was signed");
    let shown = folder.on("Kromhoek", &["charter", "show"]);
    assert!(!shown.output.contains("Federatie"), "{}", shown.output);
    for (who, words) in [
        ("Kromhoek", &["charter", "card", "--out", &card][..]),
        ("Kromhoek", &["charter", "endorse", &charter]),
        ("Kromhoek", &["charter", "export", "--out", &charter]),
    ] {
        succeeded(&folder.on(who, words));
    }
}

#[test]
fn verify_says_what_is_wrong_where_and_what_to_do() {
    let folder = Folder::new("verify");
    folder.init("Zuiderwaard", "GM9901");
    let node = folder.path("Zuiderwaard");
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone"]));
    let whole = run(&["verify", &node], "", &[]);
    succeeded(&whole);
    assert!(whole.output.starts_with("In orde: 2 verklaringen"), "{}", whole.output);
    let own = folder.0.join("Zuiderwaard/store/own");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join(format!("{}.log", "ab".repeat(32))), [1, 2, 3]).unwrap();
    let torn = run(&["verify", &node], "", &[]);
    assert_eq!(torn.code, 1, "{}", torn.errors);
    assert!(torn.output.starts_with("Niet in orde: "), "{}", torn.output);
    for said in [
        "1 x een eigen logboek eindigt midden in een entry",
        "wat te doen: start de node",
        "abab.log (3 bytes",
    ] {
        assert!(torn.output.contains(said), "{said}: {}", torn.output);
    }
    let json = run(&["verify", &node, "--json", "--lang", "en"], "", &[]);
    let json: Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(
        (&json["holds"], &json["counts"]["own_torn"]),
        (&false.into(), &1.into())
    );
    assert!(
        json["advice"][0]["text"]
            .as_str()
            .unwrap()
            .starts_with("start the node"),
        "{json}"
    );
}

#[test]
fn a_store_that_does_not_open_names_the_command_that_makes_it_anew() {
    let folder = Folder::new("doctor");
    folder.init("Zuiderwaard", "GM9901");
    let (node, charter) = (folder.path("Zuiderwaard"), folder.path("handvest"));
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]));
    fs::write(folder.0.join("Zuiderwaard/store/sled/conf"), b"nothing of the kind").unwrap();
    let refused = folder.on("Zuiderwaard", &["charter", "import", &charter]);
    assert_eq!(refused.code, 3, "{}", refused.errors);
    assert!(refused.errors.contains("leerkring doctor"), "{}", refused.errors);
    let made = run(&["doctor", &node], "", &[]);
    succeeded(&made);
    assert!(made.output.contains("charter import"), "{}", made.output);
    succeeded(&folder.on("Zuiderwaard", &["charter", "import", &charter]));
    succeeded(&run(&["verify", &node], "", &[]));
}

#[test]
fn the_root_key_is_kept_elsewhere_and_asked_for_where_it_signs() {
    let folder = Folder::new("root-key");
    folder.init("Zuiderwaard", "GM9901");
    let (kept, charter) = (folder.path("stick"), folder.path("handvest"));
    fs::rename(folder.path("Zuiderwaard/keys/root.key"), &kept).unwrap();
    let refused = folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]);
    assert_eq!(refused.code, 3, "{}", refused.output);
    assert_dutch(refused.code, &refused.errors);
    assert!(refused.errors.contains("--root-key BESTAND"), "{}", refused.errors);
    succeeded(&folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &charter, "--root-key", &kept],
    ));
    let whole = folder.path("alles");
    succeeded(&folder.on("Zuiderwaard", &["charter", "export", "--out", &whole]));
    // The founder's own text, and nothing else yet.
    let lines = |path: &str| fs::read_to_string(path).unwrap().lines().count();
    assert_eq!((lines(&whole), lines(&charter)), (3, 3));
    let again = folder.on("Zuiderwaard", &["charter", "import", &whole]);
    assert!(
        again.output.contains("2 verklaringen gelezen, 0 nieuw"),
        "{}",
        again.output
    );
}

/// English words that no Dutch message has.
const ENGLISH: [&str; 9] = [
    " the ",
    " is readable",
    " must ",
    " holds ",
    " cannot ",
    " not ",
    "expected",
    "does not",
    "No such",
];

#[test]
fn what_goes_wrong_is_told_in_dutch() {
    let folder = Folder::new("dutch");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    let (node, card) = (folder.path("Zuiderwaard"), folder.path("kaart"));
    let at = |name: &str| folder.0.join("Zuiderwaard").join(name);
    succeeded(&folder.on("Zuiderwaard", &["charter", "card", "--out", &card]));
    let mut told = Vec::new();
    let mut say = |ran: Ran| told.push((ran.code, ran.errors));
    say(run(&["init", &node, "--gemeente", "GM9901", "--naam", "Z"], "", &[]));
    say(run(
        &[
            "init",
            &folder.path("x"),
            "--gemeente",
            "GM9901",
            "--naam",
            "Z",
            "--listen",
            "hier",
        ],
        "",
        &[],
    ));
    // The same gemeente twice, under two keys.
    folder.init("Dubbel", "GM9901");
    say(folder.on("Dubbel", &["charter", "new", &card]));
    for text in [
        "iets anders",
        "leerkring-handvest-1\n",
        "leerkring-handvest-1\nxyz",
        "leerkring-handvest-1\n00",
        "leerkring-kaart-1\n00",
    ] {
        fs::write(folder.path("stuk"), text).unwrap();
        say(run(&["charter", "show", &folder.path("stuk")], "", &[]));
    }
    say(run(&["charter", "show", &folder.path("nergens")], "", &[]));
    say(run(&["verify", &folder.path("nergens")], "", &[]));
    succeeded(&folder.on(
        "Zuiderwaard",
        &["charter", "new", "--alone", "--out", &folder.path("een")],
    ));
    succeeded(&folder.on(
        "Kromhoek",
        &["charter", "new", "--alone", "--out", &folder.path("ander")],
    ));
    say(folder.on("Zuiderwaard", &["charter", "import", &folder.path("ander")]));
    say(folder.on("Zuiderwaard", &["charter", "endorse", &folder.path("ander")]));
    let key = at("keys/storage.key");
    let whole = fs::read(&key).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    say(run(&["verify", &node], "", &[]));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, [7; 32]).unwrap();
    say(run(&["verify", &node], "", &[]));
    fs::write(&key, [7; 5]).unwrap();
    say(run(&["verify", &node], "", &[]));
    fs::write(&key, whole).unwrap();
    let settings = fs::read_to_string(at("leerkring.toml")).unwrap();
    for change in ["kleur = \"rood\"\n", "release = 5\n", "= =\n"] {
        fs::write(at("leerkring.toml"), format!("{change}{settings}")).unwrap();
        say(run(&["verify", &node], "", &[]));
    }
    fs::write(at("leerkring.toml"), "name = \"Z\"\n").unwrap();
    say(run(&["verify", &node], "", &[]));
    told.iter().for_each(|(code, errors)| assert_dutch(*code, errors));
}

pub(super) fn assert_dutch(code: u8, errors: &str) {
    assert_ne!(code, 0, "{errors}");
    assert!(
        errors.starts_with("fout: ") && errors.contains("\n  wat te doen: "),
        "{errors}"
    );
    // What a library says stands in brackets behind our own words.
    let own = errors.split(" (").next().unwrap();
    let english = ENGLISH.iter().find(|words| own.contains(**words));
    assert_eq!(english, None, "{errors}");
}
