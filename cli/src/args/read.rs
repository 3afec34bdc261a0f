//! What was typed, as a command with checked values.

mod charter;
mod kring;
mod learning;

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ArgMatches;
use protocol::api::{
    FOUND_DEFAULT, FOUND_MAX, Message, RecordQuery, Scope, SearchQuery, TipSchakeling, Uitvoervorm, VerwantenQuery,
};
use protocol::id::{Gemeente, Week};

use super::{Backup, Command, Ending, Init, Keys, NodeOptions, Restore, RootFiles, Token, Typed};
use crate::address::Node;
use crate::command_error::CommandError;
use crate::demo;
use crate::exit::Exit;
use crate::export;
use crate::gate::{Asked, What};
use crate::mirror;
use crate::query;
use crate::share::{self, Encoding, Form};
use crate::simulate;

/// Reads what the parser accepted.
pub(super) fn typed(matches: &ArgMatches, variable: &dyn Fn(&str) -> Option<String>) -> Result<Typed, CommandError> {
    let (name, own) = matches.subcommand().expect("the parser asks for a command");
    // clap hands the options of every command down to the subcommand, and up again.
    let token_file = own.get_one::<PathBuf>("token-file").map(PathBuf::as_path);
    Ok(Typed {
        command: command(name, own)?,
        node: Node::find(text(own, "node"), token_file, variable),
        json: own.get_flag("json"),
    })
}

fn command(name: &str, own: &ArgMatches) -> Result<Command, CommandError> {
    Ok(match name {
        "share" => share(own)?,
        "review" => Command::Review {
            id: owned(own, "id"),
            all: own.get_flag("all"),
        },
        "approve" => Command::Approve { ids: texts(own, "ids") },
        "discard" => discard(own),
        "list" => Command::List {
            query: query(own)?,
            local: own.get_flag("local"),
        },
        "show" => Command::Show {
            id: owned(own, "id").expect("the parser asks for an id"),
            peilweek: week(own)?,
            local: own.get_flag("local"),
        },
        "search" => searched(own)?,
        "query" => Command::Query(asked(own)),
        "questions" => Command::Questions {
            nr: own.get_one("nr").copied(),
        },
        "tables" => Command::Tables {
            name: owned(own, "name"),
        },
        "snapshot" => Command::Snapshot,
        "export" => Command::Export(exported(own)?),
        "mirror" => Command::Mirror(mirrored(own)),
        "withdraw" => withdraw(own),
        "receipts" => Command::Receipts { id: owned(own, "id") },
        "orphans" => orphans(own),
        "status" => Command::Status { peilweek: week(own)? },
        "pending" => Command::Pending,
        "kring" => Command::Kring(kring::kring(own)?),
        "tips" => Command::Tips(tips(own)),
        "token" => Command::Token(token(own)),
        "gate" => Command::Gate(gate(own)),
        "keys" => Command::Keys(keys(own)),
        "join" => Command::Join {
            file: needed(own, "file"),
            fingerprint: owned(own, "fingerprint"),
        },
        "demo" => Command::Demo(demo_options(own)?),
        "simulate" => Command::Simulate(simulated(own)?),
        other => return of_node(other, own),
    })
}

/// The commands about a node itself, and those about learning together.
fn of_node(name: &str, own: &ArgMatches) -> Result<Command, CommandError> {
    Ok(match name {
        "init" => Command::Init(init(own)?),
        "node" => Command::Node(NodeOptions {
            dir: needed(own, "dir"),
            offline: own.get_flag("offline"),
            heard: own.get_flag("heard"),
            stop_with_stdin: own.get_flag("stop-with-stdin"),
        }),
        "verify" => Command::Verify {
            dir: needed(own, "dir"),
        },
        "doctor" => Command::Doctor {
            dir: needed(own, "dir"),
            anyway: own.get_flag("anyway"),
        },
        "backup" => Command::Backup(Backup {
            out: needed(own, "out"),
            keys: !own.get_flag("without-keys"),
            audit: own.get_flag("with-audit"),
        }),
        "restore" => Command::Restore(Restore {
            file: needed(own, "file"),
            into: path(own, "into").filter(|_| !own.get_flag("check")),
            keys: path(own, "keys"),
            alone: own.get_flag("alone"),
        }),
        "charter" => Command::Charter(charter::step(own)?),
        other => Command::Learning(learning::learning(other, own)?),
    })
}

fn mirrored(own: &ArgMatches) -> mirror::Asked {
    mirror::Asked {
        address: mirror::Address(owned(own, "address").unwrap_or_default()),
        schema: owned(own, "schema").unwrap_or_default(),
        reader: owned(own, "reader"),
        once: own.get_flag("once"),
        anew: own.get_flag("anew"),
    }
}

fn exported(own: &ArgMatches) -> Result<export::Asked, CommandError> {
    let format = text(own, "format").expect("the parser asks for a format");
    let form = match (format, own.get_flag("excel-nl")) {
        ("csv", true) => Uitvoervorm::Excel,
        (_, true) => return Err(excel_is_csv(format)),
        (format, false) => format.parse().expect("the parser knows the formats"),
    };
    Ok(export::Asked {
        dir: needed(own, "dir"),
        form,
        as_of: own.get_one("as-of").cloned(),
    })
}

fn excel_is_csv(format: &str) -> CommandError {
    CommandError::new(
        Exit::Usage,
        Message::with(
            format!("--excel-nl gaat niet samen met --format {format}"),
            format!("--excel-nl does not go together with --format {format}"),
        ),
    )
    .hinting(Message::new("geef --format csv", "give --format csv"))
}

fn withdraw(own: &ArgMatches) -> Command {
    Command::Withdraw {
        id: owned(own, "id"),
        by_quorum: own.get_flag("by-quorum").then(|| root_files(own)),
        yes: own.get_flag("yes"),
    }
}

fn text<'a>(matches: &'a ArgMatches, id: &str) -> Option<&'a str> {
    matches.get_one::<String>(id).map(String::as_str)
}

fn owned(matches: &ArgMatches, id: &str) -> Option<String> {
    text(matches, id).map(str::to_owned)
}

fn path(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    matches.get_one::<PathBuf>(id).cloned()
}

fn needed(matches: &ArgMatches, id: &str) -> PathBuf {
    path(matches, id).expect("the parser asks for it")
}

fn texts(matches: &ArgMatches, id: &str) -> Vec<String> {
    matches.get_many::<String>(id).into_iter().flatten().cloned().collect()
}

fn token(own: &ArgMatches) -> Token {
    let (name, own) = own.subcommand().expect("the parser asks for a command");
    let named = || owned(own, "name").expect("the parser asks for a name");
    match name {
        "new" => Token::New {
            name: named(),
            scopes: texts(own, "scope")
                .iter()
                .filter_map(|name| Scope::of_name(name))
                .collect(),
        },
        "revoke" => Token::Revoke { name: named() },
        _ => Token::List,
    }
}

fn discard(own: &ArgMatches) -> Command {
    Command::Discard {
        ids: texts(own, "ids"),
        keep_shared: own.get_flag("keep-shared"),
    }
}

fn gate(own: &ArgMatches) -> Asked {
    let what = match path(own, "evaluate") {
        Some(gold) => What::Evaluate(gold),
        None if own.get_flag("jsonl") => What::Lines(needed(own, "file")),
        None => What::Text(needed(own, "file")),
    };
    Asked {
        what,
        known: path(own, "known"),
        case_numbers: texts(own, "case-number"),
    }
}

/// A number within bounds, when one is given.
fn number(own: &ArgMatches, id: &str, (min, max): (u64, u64)) -> Result<Option<u64>, CommandError> {
    let expected = Message::with(
        format!("een getal van {min} tot en met {max}"),
        format!("a number from {min} to {max}"),
    );
    let given = parsed::<u64>(own, id, &expected)?;
    match given {
        Some(number) if !(min..=max).contains(&number) => Err(unfit(&number.to_string(), id, &expected)),
        given => Ok(given),
    }
}

fn simulated(own: &ArgMatches) -> Result<simulate::Options, CommandError> {
    let any = (0, u64::MAX);
    let seed = number(own, "seed", any)?.or(number(own, "from", any)?);
    Ok(simulate::Options {
        seed: seed.unwrap_or(0),
        count: number(own, "count", (1, u64::MAX))?,
        plan: path(own, "plan"),
        mended: own.get_flag("mended"),
        minimise: own.get_flag("minimise"),
        wish: simulate::Wish {
            nodes: number(own, "nodes", (2, simulate::NODES_MAX as u64))?.map(|nodes| nodes as usize),
            weeks: number(own, "weeks", (1, simulate::WEEKS_MAX))?,
            hostile: number(own, "hostile", (0, simulate::NODES_MAX as u64))?.map(|nodes| nodes as usize),
        },
    })
}

fn demo_options(own: &ArgMatches) -> Result<demo::Options, CommandError> {
    let number = |id, max: usize| Ok(number(own, id, (1, max as u64))?.map(|number| number as usize));
    Ok(demo::Options {
        gemeenten: number("gemeenten", demo::GEMEENTEN_MAX)?,
        records: number("records", demo::RECORDS_MAX)?,
        dir: path(own, "dir"),
        once: own.get_flag("once"),
        json: own.get_flag("json"),
    })
}

fn init(own: &ArgMatches) -> Result<Init, CommandError> {
    let expected = Message::new("een CBS-code zoals GM0014", "a CBS code such as GM0014");
    let gemeente = parsed(own, "gemeente", &expected)?;
    let mut listen = texts(own, "listen");
    if listen.is_empty() {
        listen.push("/ip4/127.0.0.1/tcp/0".to_owned());
    }
    Ok(Init {
        dir: needed(own, "dir"),
        gemeente,
        second_of: path(own, "second-of"),
        roots: root_files(own),
        name: owned(own, "naam"),
        mailbox: owned(own, "mailbox").unwrap_or_default(),
        listen,
        announce: texts(own, "announce"),
        api: owned(own, "api").unwrap_or_else(|| "127.0.0.1:0".to_owned()),
        practice: own.get_flag("practice"),
    })
}

fn keys(own: &ArgMatches) -> Keys {
    let (name, own) = own.subcommand().expect("the parser asks for a command");
    match name {
        "request" => Keys::Request { out: path(own, "out") },
        "certify" => Keys::Certify {
            file: needed(own, "file"),
            fingerprint: owned(own, "fingerprint"),
            keys: root_files(own),
        },
        "revoke" => Keys::Revoke {
            node: owned(own, "key").expect("the parser asks for a key"),
            said: ending(own),
            yes: own.get_flag("yes"),
            keys: root_files(own),
        },
        "rotate" => Keys::Rotate {
            keep: texts(own, "keep"),
            revive: texts(own, "revive"),
            end: texts(own, "end"),
            drop: texts(own, "drop"),
            said: ending(own),
            yes: own.get_flag("yes"),
            keys: root_files(own),
        },
        _ => Keys::Show,
    }
}

/// What was typed of logs; a change of root key has another word for nothing.
fn ending(own: &ArgMatches) -> Ending {
    let nothing = own.try_get_one::<bool>("from-nothing").ok().flatten();
    Ending {
        from_nothing: nothing.copied().unwrap_or_default(),
        with: texts(own, "log"),
        without: texts(own, "without-log"),
        only_own: own.get_flag("only-own"),
        now: own.get_flag("now"),
    }
}

/// The files of the root keys; a command that signs with one of them has no option for the other.
fn root_files(own: &ArgMatches) -> RootFiles {
    let given = |id: &str| own.try_get_one::<PathBuf>(id).ok().flatten().cloned();
    RootFiles {
        root: given("root-key"),
        next: given("next-root-key"),
    }
}

fn share(own: &ArgMatches) -> Result<Command, CommandError> {
    let file = needed(own, "file");
    let form = match text(own, "format") {
        Some(name) => Form::of_name(name),
        None => of_name(&file)?,
    };
    Ok(Command::Share(share::Asked {
        file,
        form,
        sheet: owned(own, "sheet"),
        mapping: path(own, "mapping"),
        encoding: text(own, "encoding").and_then(Encoding::of_name),
        known: path(own, "known"),
        dry_run: own.get_flag("dry-run"),
    }))
}

/// The format that the name of a file says; standard input has none, and is JSON then.
fn of_name(file: &Path) -> Result<Option<Form>, CommandError> {
    if file == Path::new("-") {
        return Ok(None);
    }
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    match Form::of_file(&name) {
        Some(format) => Ok(Some(format)),
        None => Err(CommandError::new(
            Exit::Usage,
            Message::with(
                format!("aan de naam {name:?} is niet te zien welke vorm het bestand heeft"),
                format!("the name {name:?} does not tell which form the file has"),
            ),
        )
        .hinting(Message::new(
            "geef --format json, jsonl, csv of xlsx",
            "give --format json, jsonl, csv or xlsx",
        ))),
    }
}

fn query(own: &ArgMatches) -> Result<RecordQuery, CommandError> {
    let expected = Message::new("een CBS-code zoals GM0014", "a CBS code such as GM0014");
    Ok(RecordQuery {
        soort: owned(own, "soort"),
        thema: owned(own, "thema"),
        eigenaar: parsed::<Gemeente>(own, "eigenaar", &expected)?,
        peilweek: week(own)?,
    })
}

fn asked(own: &ArgMatches) -> query::Asked {
    query::Asked {
        sql: owned(own, "sql").expect("the parser asks for a question"),
        values: texts(own, "value"),
        rows: own.get_one("rows").copied(),
        search: owned(own, "search"),
        csv: own.get_flag("csv"),
    }
}

fn searched(own: &ArgMatches) -> Result<Command, CommandError> {
    let query = words(own)?;
    Ok(match owned(own, "like") {
        Some(id) => Command::Related {
            id,
            query: VerwantenQuery {
                peilweek: query.peilweek,
                aantal: query.aantal,
            },
        },
        None => Command::Search { query },
    })
}

fn words(own: &ArgMatches) -> Result<SearchQuery, CommandError> {
    let gemeente = Message::new("een CBS-code zoals GM0014", "a CBS code such as GM0014");
    let week = Message::new("een ISO-week zoals 2026-W07", "an ISO week such as 2026-W07");
    let most = Message::with(
        format!("een getal van 1 tot en met {FOUND_MAX}"),
        format!("a number from 1 to {FOUND_MAX}"),
    );
    let aantal = parsed::<u32>(own, "max", &most)?;
    if let Some(given) = aantal.filter(|aantal| !(1..=FOUND_MAX).contains(aantal)) {
        return Err(unfit(&given.to_string(), "max", &most));
    }
    Ok(SearchQuery {
        words: texts(own, "words").join(" "),
        soort: owned(own, "soort"),
        thema: owned(own, "thema"),
        regeling: owned(own, "regeling"),
        laag: owned(own, "laag"),
        gemeente: parsed::<Gemeente>(own, "gemeente", &gemeente)?,
        since: parsed(own, "since-week", &week)?,
        until: parsed(own, "until-week", &week)?,
        peilweek: parsed(own, "peilweek", &week)?,
        aantal: aantal.unwrap_or(FOUND_DEFAULT),
    })
}

fn week(own: &ArgMatches) -> Result<Option<Week>, CommandError> {
    parsed(
        own,
        "peilweek",
        &Message::new("een ISO-week zoals 2026-W07", "an ISO week such as 2026-W07"),
    )
}

/// A value of this form, when the option was typed.
fn parsed<T: FromStr>(own: &ArgMatches, id: &str, expected: &Message) -> Result<Option<T>, CommandError> {
    let Some(given) = text(own, id) else {
        return Ok(None);
    };
    given.parse().map(Some).map_err(|_| unfit(given, id, expected))
}

fn unfit(given: &str, id: &str, expected: &Message) -> CommandError {
    let message = Message::with(
        format!("{given:?} past niet bij --{id}"),
        format!("{given:?} is not a value for --{id}"),
    );
    let hint = Message::with(format!("geef {}", expected.nl), format!("give {}", expected.en));
    CommandError::new(Exit::Usage, message).hinting(hint)
}

fn orphans(own: &ArgMatches) -> Command {
    Command::Orphans {
        id: owned(own, "id"),
        reissue: own.get_flag("reissue"),
    }
}

/// What is to be switched; nothing when they are only listed.
fn tips(own: &ArgMatches) -> Option<TipSchakeling> {
    let (aan, own) = match own.subcommand() {
        Some(("on", own)) => (true, own),
        Some(("off", own)) => (false, own),
        _ => return None,
    };
    let tip = owned(own, "tip");
    Some(TipSchakeling { tip, aan })
}
