//! A register of somebody else is tried, taken in and read again, by a real node.

use std::path::PathBuf;

use tests::harness::{Federation, Node, Ran};

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];

/// As an older program on Windows writes it, with a last line that broke off.
const REGISTER: &[u8] =
    b"Naam;Omschrijving;Cluster;Datum\nJansen;De bijstand wacht op een adres, dat is niet geregeld.;KCC;14-03-2026\n\
    Smit;Wie geen briefadres heeft krijgt geen post: twee\xebntwintig weken.;beleid;2026-03-20\n\
    Bakker;=1+1 is geen antwoord op een aanvraag.;Onbekend;2026-W11\nVisser;De aanv";
const MAPPING: &str = "[columns]\n\"Omschrijving\" = \"tekst\"\n\"Cluster\" = \"laag\"\n\"Datum\" = \"week\"\n\
    [values.laag]\n\"KCC\" = \"uitvoering\"\n[constants]\nthema = \"wonen\"\naard = \"knelpunt\"\nfictief = \"ja\"\noverdracht = \"nee\"\n";

struct Register {
    federation: Federation,
    file: PathBuf,
    mapping: PathBuf,
}

impl Register {
    fn new() -> Self {
        let federation = Federation::start(&ONE);
        let written = |name: &str, bytes: &[u8]| {
            let file = federation.scratch.join(name);
            std::fs::write(&file, bytes).expect("a scratch directory can be written");
            file
        };
        let (file, mapping) = (
            written("register.csv", REGISTER),
            written("mapping.toml", MAPPING.as_bytes()),
        );
        Register {
            file,
            mapping,
            federation,
        }
    }

    fn node(&self) -> &Node {
        &self.federation.nodes[0]
    }

    fn share(&self, options: &[&str]) -> Ran {
        let command = self
            .node()
            .command(["share"])
            .arguments([&self.file])
            .arguments(["--mapping"]);
        command.arguments([&self.mapping]).arguments(options).run()
    }

    fn waiting(&self) -> u64 {
        self.node().stand().concepten
    }
}

#[test]
fn a_register_is_tried_taken_in_and_read_again_without_doubles() {
    let register = Register::new();
    let wrong = register.share(&[]).failed(3);
    assert!(wrong.contains("--encoding windows-1252"), "{wrong}");
    let windows = ["--encoding", "windows-1252"];
    let tried = register.share(&[&windows[..], &["--dry-run"]].concat());
    assert_eq!((tried.code, register.waiting()), (Some(3), 0), "{tried:?}");
    for told in [
        "regel 2",
        "laag=uitvoering",
        "twee\u{eb}ntwintig",
        "regel 4  kan zo niet",
        "regel 5: deze regel heeft 2 cellen",
        "2 van 4",
    ] {
        assert!(tried.stdout.contains(told), "{told}: {}", tried.stdout);
    }
    let taken = register.share(&windows);
    assert_eq!((taken.code, register.waiting()), (Some(3), 2), "{taken:?}");
    let again = register.share(&windows);
    assert_eq!(register.waiting(), 2, "{again:?}");
    assert!(again.stdout.contains("2 daarvan lag er al"), "{again:?}");
    let listed = register.node().run(["review", "--all"]).succeeded();
    assert!(listed.contains("2026-W12") || listed.contains("2026-W11"), "{listed}");
    assert!(!listed.contains("Jansen") && !listed.contains("14-03-2026"), "{listed}");
}

#[test]
fn many_rows_go_in_parts_and_a_formula_stays_text() {
    let register = Register::new();
    let rows = (0..2_500).map(|n| format!("=1+{n} staat er, en de aanvraag wacht.;wonen;uitvoering;knelpunt\n"));
    let text = format!("tekst;thema;laag;aard\n{}", rows.collect::<String>());
    std::fs::write(&register.file, text).expect("a scratch directory can be written");
    let taken = register
        .node()
        .command(["share"])
        .arguments([&register.file])
        .arguments(["--json"])
        .run();
    assert_eq!(taken.stdout.lines().count(), 2_500, "{:?}", taken.code);
    assert_eq!(register.waiting(), 2_500);
    let first: serde_json::Value =
        serde_json::from_str(taken.stdout.lines().next().unwrap_or_default()).expect("an outcome");
    let id = first["id"].as_str().expect("it was taken in");
    let shown = register.node().run(["review", id]).succeeded();
    assert!(shown.contains("=1+0 staat er"), "{shown}");
}
