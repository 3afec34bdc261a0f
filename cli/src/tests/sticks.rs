//! Root keys from the wrong file, and a store that forgot where it belongs: what is wrong is here, and nobody else is blamed.

use std::fs;

use super::papers::{Folder, assert_dutch, succeeded};
use super::run;

#[test]
fn a_wrong_stick_is_called_what_it_is() {
    let folder = Folder::new("sticks");
    folder.init("Zuiderwaard", "GM9901");
    folder.init("Kromhoek", "GM9902");
    let key = |who: &str, name: &str| folder.path(&format!("{who}/keys/{name}.key"));
    let (root, next) = (key("Zuiderwaard", "root"), key("Zuiderwaard", "next-root"));
    let (strange, gone) = (key("Kromhoek", "root"), folder.path("weg.key"));
    let out = folder.path("kaart");
    for (root, next, said) in [
        (&next, &root, "verwisseld"),
        (&root, &root, "dezelfde wortelsleutel"),
        (&strange, &next, "niet de wortelsleutel van GM9901"),
        (&root, &gone, "de volgende wortelsleutel is er niet"),
        (&gone, &next, "de wortelsleutel is er niet"),
    ] {
        for words in [&["charter", "card"][..], &["charter", "new", "--alone"]] {
            let keys = ["--root-key", root, "--next-root-key", next, "--out", &out];
            let ran = folder.on("Zuiderwaard", &[words, &keys].concat());
            assert_eq!(ran.code, 3, "{}{}", ran.output, ran.errors);
            assert!(ran.errors.contains(said), "{said}: {}", ran.errors);
            assert!(!ran.errors.contains("vertrouw"), "{}", ran.errors);
            assert_dutch(ran.code, &ran.errors);
        }
    }
    assert!(!fs::exists(&out).unwrap());
    succeeded(&folder.on("Zuiderwaard", &["charter", "card", "--out", &out]));
}

#[test]
fn a_node_that_lost_its_store_is_not_told_to_begin_anew() {
    let folder = Folder::new("lost");
    folder.init("Zuiderwaard", "GM9901");
    let charter = folder.path("handvest");
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]));
    succeeded(&folder.on("Zuiderwaard", &["charter", "import", &charter]));
    let dir = folder.path("Zuiderwaard");
    succeeded(&run(&["verify", &dir], "", &[]));
    fs::remove_dir_all(folder.path("Zuiderwaard/store")).unwrap();
    // As a start of the node leaves it.
    fs::write(folder.path("Zuiderwaard/federatie"), "0").unwrap();
    let shown = folder.on("Zuiderwaard", &["charter", "show"]);
    succeeded(&shown);
    let has = |word: &str| shown.output.contains(word);
    assert!(
        has("niet meer kent") && has("leerkring doctor") && !has("charter card"),
        "{}",
        shown.output
    );
    let verified = run(&["verify", &dir], "", &[]);
    assert_eq!(verified.code, 1, "{}", verified.output);
    let has = |word: &str| verified.output.contains(word);
    assert!(
        has("kent de federatie van deze node niet meer") && has("leerkring doctor"),
        "{}",
        verified.output
    );
    for words in [
        &["node", "--dir", &dir][..],
        &["charter", "import", &charter, "--node", &dir],
    ] {
        let refused = run(words, "", &[]);
        assert_eq!(refused.code, 3, "{}{}", refused.output, refused.errors);
        assert_dutch(refused.code, &refused.errors);
    }
    succeeded(&run(&["doctor", &dir], "", &[]));
    let shown = folder.on("Zuiderwaard", &["charter", "show"]);
    assert!(shown.output.contains("charter import"), "{}", shown.output);
    succeeded(&folder.on("Zuiderwaard", &["charter", "import", &charter]));
    succeeded(&run(&["verify", &dir], "", &[]));
}

#[test]
fn doctor_makes_no_new_store_where_a_key_is_what_is_missing_or_nobody_can_look() {
    let folder = Folder::new("doctor-key");
    folder.init("Zuiderwaard", "GM9901");
    let charter = folder.path("handvest");
    succeeded(&folder.on("Zuiderwaard", &["charter", "new", "--alone", "--out", &charter]));
    succeeded(&folder.on("Zuiderwaard", &["charter", "import", &charter]));
    // Nobody can look: the place of the copy is taken.
    fs::write(folder.path("Zuiderwaard/verify.tmp"), "").unwrap();
    let ran = run(&["doctor", &folder.path("Zuiderwaard")], "", &[]);
    assert_eq!(ran.code, 6, "{}{}", ran.output, ran.errors);
    assert_dutch(ran.code, &ran.errors);
    fs::remove_file(folder.path("Zuiderwaard/verify.tmp")).unwrap();
    fs::remove_file(folder.path("Zuiderwaard/keys/vault.key")).unwrap();
    for command in ["verify", "doctor"] {
        let ran = run(&[command, &folder.path("Zuiderwaard")], "", &[]);
        assert_eq!(ran.code, 1, "{}{}", ran.output, ran.errors);
        let has = |word: &str| ran.output.contains(word);
        assert!(has("vault.key") && has("zet de sleutel terug"), "{}", ran.output);
    }
    assert!(!fs::exists(folder.path("Zuiderwaard/store/sled.kapot-1")).unwrap());
}
