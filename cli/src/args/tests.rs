//! What is typed becomes what was meant, and what is wrong is said in one message with what to do.

use super::*;
use crate::exit::Exit;
use crate::share::Form;

fn typed(line: &str) -> Result<Read, CommandError> {
    let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    read(&args, Lang::Nl, &|_| None)
}

fn command_of(line: &str) -> Command {
    match typed(line).unwrap() {
        Read::Typed(typed) => typed.command,
        Read::Text(text) => panic!("{line}: {text}"),
    }
}

#[test]
fn commands_are_read_with_their_values() {
    let plain = |file: &str, form| share::Asked {
        file: file.into(),
        form,
        sheet: None,
        mapping: None,
        encoding: None,
        dry_run: false,
        known: None,
    };
    let share = |file: &str, form| Command::Share(plain(file, form));
    assert_eq!(command_of("leerkring share a.csv"), share("a.csv", Some(Form::Csv)));
    let register = share::Asked {
        sheet: Some("Blad".to_owned()),
        mapping: Some("m.toml".into()),
        dry_run: true,
        ..plain("a.XLSX", Some(Form::Xlsx))
    };
    let line = "leerkring share a.XLSX --sheet Blad --mapping m.toml --dry-run";
    assert_eq!(command_of(line), Command::Share(register));
    assert_eq!(command_of("leerkring share -"), share("-", None));
    assert_eq!(
        command_of("leerkring share a --format jsonl"),
        share("a", Some(Form::JsonLines))
    );
    assert_eq!(command_of("leerkring approve --all"), Command::Approve { ids: vec![] });
    let ids = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(command_of("leerkring approve a b"), Command::Approve { ids });
    let query = RecordQuery {
        soort: Some("les".to_owned()),
        eigenaar: Some("GM0014".parse().unwrap()),
        peilweek: Some("2026-W07".parse().unwrap()),
        thema: None,
    };
    let line = "leerkring list --soort les --eigenaar GM0014 --peilweek 2026-W07";
    assert_eq!(command_of(line), Command::List { query, local: false });
}

#[test]
fn what_is_wrong_is_named_and_what_to_do_is_said() {
    for (line, said, hint) in [
        ("leerkring", "ontbreekt een opdracht", "--help"),
        ("leerkring lisst", "geen opdracht lisst", "list"),
        ("leerkring list --themas x", "--themas", "--thema"),
        ("leerkring list --eigenaar GM1", "\"GM1\"", "GM0014"),
        ("leerkring show x --peilweek 2025-W53", "\"2025-W53\"", "2026-W07"),
        ("leerkring show", "<ID>", "--help"),
        ("leerkring approve", "<ID>", "typ leerkring approve ID"),
        ("leerkring keys revoke", "<SLEUTEL>", "leerkring keys revoke --help"),
        (
            "leerkring charter suspend Oosterveen",
            "\"Oosterveen\" is geen code",
            "GM0014",
        ),
        (
            "leerkring charter merge --from GM9902 --into GM9902 --date 2027-01-01",
            "in zichzelf",
            "--from",
        ),
        ("leerkring approve a --all", "--all", "--help"),
        ("leerkring share x", "\"x\"", "--format"),
        ("leerkring share x --format pdf", "\"pdf\"", "jsonl"),
        ("leerkring list --lang fr", "\"fr\"", "nl, en"),
        ("leerkring list --node", "--node", "--help"),
    ] {
        let error = typed(line).unwrap_err();
        assert_eq!(error.exit, Exit::Usage, "{line}");
        assert!(error.message.nl.contains(said), "{line}: {}", error.message.nl);
        assert!(error.message.en != error.message.nl, "{line}");
        let found = error.hint.unwrap().nl;
        assert!(found.contains(hint), "{line}: {found}");
    }
}

#[test]
fn the_language_is_known_before_anything_else() {
    let of = |line: &str, set: Option<&str>| {
        let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        lang(&args, &|name| {
            set.filter(|_| name == "LEERKRING_LANG").map(str::to_owned)
        })
    };
    assert_eq!(of("leerkring list", None), Lang::Nl);
    assert_eq!(of("leerkring list --lang en", None), Lang::En);
    assert_eq!(of("leerkring --lang=en lisst", None), Lang::En);
    assert_eq!(of("leerkring list", Some("en_GB.UTF-8")), Lang::En);
    assert_eq!(of("leerkring list --lang nl", Some("en")), Lang::Nl);
    assert_eq!(of("leerkring share -- --lang=en", None), Lang::Nl);
}

#[test]
fn the_definition_holds_together() {
    for lang in [Lang::Nl, Lang::En] {
        command(lang).debug_assert();
    }
}

#[test]
fn founding_and_running_are_read_too() {
    let command = command_of("leerkring init d --gemeente GM0014 --listen /a --listen /b --practice");
    let Command::Init(init) = command else {
        panic!("{command:?}")
    };
    assert_eq!((init.listen.len(), init.practice, init.name), (2, true, None));
    assert_eq!(init.api, "127.0.0.1:0");
    let node = NodeOptions {
        dir: "d".into(),
        offline: false,
        heard: false,
        stop_with_stdin: true,
    };
    assert_eq!(
        command_of("leerkring node --stop-with-stdin --dir d"),
        Command::Node(node)
    );
    let new = Charter::New {
        keys: RootFiles::default(),
        cards: vec!["a".into(), "b".into()],
        alone: false,
        out: Some("c".into()),
    };
    assert_eq!(command_of("leerkring charter new a b --out c"), Command::Charter(new));
    let alone = Charter::New {
        keys: RootFiles::default(),
        cards: Vec::new(),
        alone: true,
        out: None,
    };
    assert_eq!(command_of("leerkring charter new --alone"), Command::Charter(alone));
    let shown = Charter::Show {
        file: Some("kring.handvest".into()),
    };
    assert_eq!(
        command_of("leerkring charter show kring.handvest"),
        Command::Charter(shown)
    );
    for wrong in [
        "leerkring demo --records 0",
        "leerkring demo --gemeenten 343",
        "leerkring init d --gemeente x",
    ] {
        assert_eq!(typed(wrong).unwrap_err().exit, Exit::Usage, "{wrong}");
    }
}

#[test]
fn options_for_every_command_may_stand_anywhere() {
    for line in [
        "leerkring --node n --json charter show",
        "leerkring charter --node n --json show",
        "leerkring charter show --node n --json",
    ] {
        let Read::Typed(typed) = typed(line).unwrap() else {
            panic!("{line}")
        };
        assert_eq!(typed.node.unwrap(), Node::Dir("n".into()), "{line}");
        assert!(typed.json, "{line}");
    }
}
