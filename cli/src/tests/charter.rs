//! Changing who belongs, on nodes that do not run: what a person sees, and what is refused.
//!
//! Hashes, keys and ports differ from run to run; in the agreed text they are `#`.

use std::fmt::Write as _;
use std::fs;

use super::papers::{Folder, assert_dutch, succeeded};
use super::{golden, run, run_at};

/// Members on this machine, and everything that was said so far.
struct Played {
    folder: Folder,
    told: String,
}

impl Played {
    /// A federation of these gemeenten.
    fn found(name: &str, members: &[(&str, &str)]) -> Self {
        let folder = Folder::new(name);
        for (who, code) in members {
            folder.init(who, code);
        }
        let charter = folder.path("handvest");
        let (first, others) = members.split_first().unwrap();
        let cards: Vec<String> = others.iter().map(|(who, _)| card(&folder, who)).collect();
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let alone = ["--alone"];
        let alone = if cards.is_empty() { &alone[..] } else { &[] };
        succeeded(&folder.on(
            first.0,
            &[&["charter", "new", "--out", &charter], alone, &cards[..]].concat(),
        ));
        for (who, _) in others {
            succeeded(&folder.on(who, &["charter", "endorse", &charter]));
        }
        for (who, _) in members {
            succeeded(&folder.on(who, &["charter", "import", &charter]));
        }
        Self {
            folder,
            told: String::new(),
        }
    }

    /// A command of a member; one that is refused is told in both languages.
    fn play(&mut self, who: &str, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = self.folder.on(who, &words);
        let (output, errors, code) = (&ran.output, &ran.errors, ran.code);
        let _ = writeln!(self.told, "{who}$ leerkring {line}\n{output}{errors}[{code}]");
        if code != 0 {
            assert_dutch(code, errors);
            let english = self.folder.on(who, &[&words[..], &["--lang", "en"]].concat());
            let _ = writeln!(self.told, "{}[{}]", english.errors, english.code);
        }
        self.told.push('\n');
    }

    /// What the one holds goes to the others.
    fn pass(&self, from: &str, to: &[&str]) {
        let file = self.folder.path("alles");
        succeeded(&self.folder.on(from, &["charter", "export", "--out", &file]));
        for who in to {
            succeeded(&self.folder.on(who, &["charter", "import", &file]));
        }
    }

    fn check(self, name: &str) {
        let told = self.told.replace(&self.folder.path(""), "");
        golden::check(name, &masked(&told));
    }
}

/// The card of a gemeente, made now.
fn card(folder: &Folder, who: &str) -> String {
    let path = folder.path(&format!("{who}.kaart"));
    succeeded(&folder.on(who, &["charter", "card", "--out", &path]));
    path
}

/// The text with a `#` for every hash, key, fingerprint and port.
fn masked(told: &str) -> String {
    let mut out = String::new();
    for line in told.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let masked = words.iter().map(|word| {
            let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let hex = bare.len() >= 4 && bare.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
            match word.rfind("/tcp/") {
                Some(at) => format!("{}#", &word[..at + 5]),
                None if hex => word.replace(bare, "#"),
                None => (*word).to_owned(),
            }
        });
        let masked: Vec<String> = masked.collect();
        out.push_str(&masked.join(" "));
        out.push('\n');
    }
    out
}

const THREE: [(&str, &str); 3] = [
    ("zuiderwaard", "GM9901"),
    ("kromhoek", "GM9902"),
    ("oosterveen", "GM9903"),
];

#[test]
fn a_next_edition_is_proposed_and_decided_or_refused_with_what_to_do() {
    let mut played = Played::found("editions", &THREE);
    for (who, code) in [("westerlo", "GM9904"), ("noordmeer", "GM9905")] {
        played.folder.init(who, code);
    }
    let [west, north, own] = ["westerlo", "noordmeer", "kromhoek"].map(|who| card(&played.folder, who));
    // No node runs here: what is signed is meant.
    let add = |card: &str| format!("charter propose --now --add {card}");
    for line in [
        "charter show",
        "charter endorse --now",
        "charter propose --now",
        "charter propose --now --remove GM9909",
        "charter propose --now --remove Groningen",
        "charter propose --now --carry-suspension GM9902",
        &add(&own),
        "charter merge --now --from GM9902 --into GM9909 --date 2027-01-01",
        "charter merge --now --from GM9902 --into GM9901 --date 2027-02-29",
        "charter merge --now --from GM9902 --into GM9901 --date 2027-01-01 --dry-run",
        "charter leave",
        &format!("{} --dry-run", add(&west)),
        &add(&west),
        &add(&north),
    ] {
        played.play("zuiderwaard", line);
    }
    played.play("westerlo", "charter endorse --now");
    let stranger = played.folder.path("westerlo/keys/root.key");
    played.play("zuiderwaard", &format!("charter endorse --now --root-key {stranger}"));
    // Of three members all have to sign, so a second proposal cannot be decided any more.
    played.pass("zuiderwaard", &["oosterveen"]);
    played.play("oosterveen", &add(&north));
    // Kromhoek has not heard of it, and proposes something else.
    played.play("kromhoek", &add(&north));
    played.pass("zuiderwaard", &["kromhoek", "oosterveen"]);
    played.pass("kromhoek", &["zuiderwaard", "oosterveen"]);
    // In order of hash, which differs from run to run.
    let shown = played.folder.on("oosterveen", &["charter", "show"]).output;
    for said in [
        "Stemming: vastgelopen; in ronde 0 haalt geen voorstel nog 3 van 3 stemmen",
        "ronde 0: getekend door GM9901; nog 2 nodig, van GM9903\n  + GM9904 westerlo komt erbij en stemt\n",
        "ronde 0: getekend door GM9902; nog 2 nodig, van GM9903\n  + GM9905 noordmeer komt erbij en stemt\n",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for (who, line) in [
        ("oosterveen", "charter endorse --now"),
        ("oosterveen", "charter endorse --now --edition zz"),
    ] {
        played.play(who, line);
    }
    played.check("charter-editions.txt");
}

#[test]
fn members_suspend_merge_and_leave() {
    let mut played = Played::found("members", &THREE);
    for (who, line) in [
        ("zuiderwaard", "charter suspend --now GM9901"),
        ("zuiderwaard", "charter suspend --now GM9909"),
        ("zuiderwaard", "charter suspend --now GM9903"),
        ("zuiderwaard", "charter suspend --now GM9903"),
    ] {
        played.play(who, line);
    }
    played.pass("zuiderwaard", &["kromhoek", "oosterveen"]);
    played.play("kromhoek", "charter show");
    played.play("kromhoek", "charter suspend --now GM9903");
    played.play("kromhoek", "charter show --lang en");
    played.pass("kromhoek", &["zuiderwaard", "oosterveen"]);
    played.play(
        "zuiderwaard",
        "charter propose --now --carry-suspension GM9903 --reading GM9902",
    );
    played.pass("zuiderwaard", &["kromhoek"]);
    played.play("kromhoek", "charter endorse --now");
    played.play("kromhoek", "charter endorse --now");
    played.pass("kromhoek", &["oosterveen"]);
    played.play("oosterveen", "charter endorse --now");
    played.pass("oosterveen", &["zuiderwaard", "kromhoek"]);
    played.play("kromhoek", "charter endorse --now");
    played.play(
        "zuiderwaard",
        "charter merge --now --from GM9903 --into GM9901 --date 2027-01-01",
    );
    played.play("zuiderwaard", "charter leave");
    played.pass("zuiderwaard", &["oosterveen"]);
    played.play("oosterveen", "charter endorse --now");
    played.play("oosterveen", "charter leave");
    played.pass("oosterveen", &["zuiderwaard"]);
    let [gone, read] = ["oosterveen", "kromhoek"].map(|who| card(&played.folder, who));
    played.play("zuiderwaard", &format!("charter propose --now --add {gone}"));
    played.play("zuiderwaard", &format!("charter propose --now --renew {read}"));
    for line in [
        "charter show",
        "charter suspend --now GM9902",
        "charter leave",
        "charter leave --now",
        "charter leave --now",
        "charter show",
    ] {
        played.play("zuiderwaard", line);
    }
    played.check("charter-members.txt");
}

#[test]
fn who_leaves_at_a_terminal_first_sees_what_that_does_and_says_yes() {
    let played = Played::found("leave", &THREE);
    let node = played.folder.path("kromhoek");
    let leave = |terminal: bool, more: &[&str], input: &str| {
        let words = [&["charter", "leave", "--now"], more].concat();
        run_at(terminal, &words, input, &[("LEERKRING_NODE", &node), ("NO_COLOR", "1")])
    };
    for answer in ["", "nee\n"] {
        let refused = leave(true, &[], answer);
        assert_eq!(refused.code, 1, "{answer}: {}", refused.output);
        assert!(refused.errors.contains("niet vertrokken"), "{}", refused.errors);
        assert!(
            refused.output.contains("3 van 3 stemmen, en zonder GM9902 zijn er 2"),
            "{}",
            refused.output
        );
    }
    let shown = played.folder.on("kromhoek", &["charter", "show"]);
    assert!(!shown.output.contains("vertrokken"), "{}", shown.output);
    let left = leave(true, &[], "ja\n");
    succeeded(&left);
    assert!(left.output.contains("als deze node draait"), "{}", left.output);
    let other = played.folder.path("oosterveen");
    let words = ["charter", "leave", "--now", "--yes"];
    let left = run_at(true, &words, "", &[("LEERKRING_NODE", &other)]);
    succeeded(&left);
    assert!(!left.output.contains("Typ ja"), "{}", left.output);
}

#[test]
fn a_node_that_has_to_hear_others_signs_nothing_that_could_be_a_second_vote() {
    let played = Played::found("unheard", &THREE);
    let folder = &played.folder;
    succeeded(&folder.on("zuiderwaard", &["charter", "propose", "--remove", "GM9903", "--now"]));
    played.pass("zuiderwaard", &["kromhoek"]);
    // As a backup, or a store that was made anew, leaves it.
    fs::write(folder.path("kromhoek/restored"), "").unwrap();
    for words in [
        &["charter", "propose", "--remove", "GM9901"][..],
        &["charter", "endorse"],
        &["charter", "suspend", "GM9901"],
        &["charter", "leave", "--now"],
        &[
            "charter",
            "merge",
            "--from",
            "GM9903",
            "--into",
            "GM9901",
            "--date",
            "2027-01-01",
        ],
    ] {
        let refused = folder.on("kromhoek", words);
        assert_eq!(refused.code, 6, "{words:?}: {}{}", refused.output, refused.errors);
        assert_dutch(refused.code, &refused.errors);
        assert!(refused.errors.contains("er is niets getekend"), "{}", refused.errors);
    }
    succeeded(&folder.on("kromhoek", &["charter", "propose", "--remove", "GM9901", "--dry-run"]));
    fs::remove_file(folder.path("kromhoek/restored")).unwrap();
    // Nor does one that does not run, and so hears nobody, unless that is meant.
    let refused = folder.on("kromhoek", &["charter", "endorse"]);
    assert_eq!(refused.code, 6, "{}{}", refused.output, refused.errors);
    assert_dutch(refused.code, &refused.errors);
    assert!(refused.errors.contains("of geef --now"), "{}", refused.errors);
    succeeded(&folder.on("kromhoek", &["charter", "endorse", "--now"]));
}

#[test]
fn a_suspension_ends_by_itself_only_where_somebody_reads_that_it_does() {
    let mut played = Played::found("lift", &[&THREE[..], &[("westerlo", "GM9904")]].concat());
    for who in ["kromhoek", "zuiderwaard"] {
        succeeded(&played.folder.on(who, &["charter", "suspend", "GM9903", "--now"]));
        played.pass(who, &["zuiderwaard", "kromhoek"]);
    }
    let merge = "charter merge --now --from GM9904 --into GM9902 --date 2027-01-01 --dry-run";
    for line in [
        "charter propose --now --lift GM9902",
        "charter propose --now --lift GM9903 --carry-suspension GM9903",
        merge,
        &format!("{merge} --carry-suspension GM9903"),
        "charter propose --now --lift GM9903 --dry-run",
        "charter propose --now --lift GM9903",
        "charter show",
    ] {
        played.play("zuiderwaard", line);
    }
    played.check("charter-lift.txt");
}

#[test]
fn a_file_with_a_proposal_is_shown_with_its_course_and_signed() {
    let played = Played::found("endorse-file", &THREE[..2]);
    let folder = &played.folder;
    let [first, second] = [THREE[0].0, THREE[1].0];
    folder.init("westerlo", "GM9904");
    let paper = card(folder, "westerlo");
    let founding = folder.path("handvest");
    let chosen = folder.on(second, &["charter", "endorse", &founding, "--edition", "00"]);
    assert_eq!(chosen.code, 2, "{}", chosen.errors);
    assert_dutch(chosen.code, &chosen.errors);
    succeeded(&folder.on(first, &["charter", "propose", "--add", &paper, "--now"]));
    let file = folder.path("voorstel");
    succeeded(&folder.on(first, &["charter", "export", "--out", &file]));

    let shown = run(&["charter", "show", &file], "", &[]);
    succeeded(&shown);
    for said in [
        "Editie 0 (",
        "Stemming: open",
        "GM9904 westerlo komt erbij",
        "leerkring charter endorse --edition",
    ] {
        assert!(shown.output.contains(said), "{said} is not in:\n{}", shown.output);
    }
    assert!(!shown.output.contains("heeft getekend\n") && !shown.output.contains("Allen hebben getekend"));
    let json = run(&["charter", "show", &file, "--json"], "", &[]);
    let json: serde_json::Value = serde_json::from_str(&json.output).unwrap();
    assert_eq!(
        (&json["editie"], &json["stemming"]["stand"]),
        (&0.into(), &"open".into())
    );

    // The other one never heard of it but by the file.
    let signed = folder.on(second, &["charter", "endorse", &file, "--now"]);
    succeeded(&signed);
    assert!(
        signed.output.contains("editie 1 van kracht") || signed.output.contains("editie 1 is van kracht"),
        "{}",
        signed.output
    );
    let now = folder.on(second, &["charter", "show"]);
    assert!(now.output.contains("Editie 1 ("), "{}", now.output);
    assert!(
        !now.output.contains("charter endorse --now --edition"),
        "{}",
        now.output
    );
}

#[test]
fn whoever_decides_compares_the_fingerprint_that_the_card_shows() {
    let played = Played::found("one-fingerprint", &THREE[..2]);
    let folder = &played.folder;
    folder.init("westerlo", "GM9904");
    let paper = card(folder, "westerlo");
    let shown = run(&["charter", "show", &paper], "", &[]);
    let line = shown.output.lines().find(|line| line.contains("vingerafdruk")).unwrap();
    let print = line.trim().strip_prefix("vingerafdruk").unwrap().trim();
    for more in [[].as_slice(), &["--reading", "GM9904"]] {
        let words = [&["charter", "propose", "--add", &paper, "--dry-run"], more].concat();
        let drawn = folder.on(THREE[0].0, &words);
        succeeded(&drawn);
        assert!(drawn.output.contains(print), "{print} is not in:\n{}", drawn.output);
    }
    // The same for the new card of a member, with another root key.
    let member = THREE[1].0;
    succeeded(&folder.on(member, &["keys", "rotate", "--now"]));
    let paper = card(folder, member);
    let shown = run(&["charter", "show", &paper], "", &[]);
    let line = shown.output.lines().find(|line| line.contains("vingerafdruk")).unwrap();
    let print = line.trim().strip_prefix("vingerafdruk").unwrap().trim();
    let drawn = folder.on(member, &["charter", "propose", "--renew", &paper, "--dry-run"]);
    succeeded(&drawn);
    assert!(drawn.output.contains(print), "{print} is not in:\n{}", drawn.output);
}

#[test]
fn a_charter_that_is_longer_than_other_input_is_taken_in() {
    let played = Played::found("long-charter", &THREE[..1]);
    let file = played.folder.path("handvest");
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.extend(std::iter::repeat_n('\n', protocol::api::BODY_BYTES_MAX));
    std::fs::write(&file, &text).unwrap();
    succeeded(&played.folder.on(THREE[0].0, &["charter", "import", &file]));
    text.extend(std::iter::repeat_n('\n', protocol::api::CHARTER_BYTES_MAX));
    std::fs::write(&file, &text).unwrap();
    let refused = played.folder.on(THREE[0].0, &["charter", "import", &file]);
    assert_eq!(refused.code, 3, "{}", refused.errors);
}
