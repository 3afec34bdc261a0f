//! The tables in a PostgreSQL that the test starts: the same rows as on the node, whatever is cut, and nothing of anybody else.

use std::collections::BTreeMap;
use std::fs;

use cli::exit::Exit;
use serde_json::{Value, json};
use tests::harness::{Disk, Federation, Node, Postgres, Process, Scratch, records, wait};
use tests::scope;

const ONE: [(&str, &str); 1] = [("GM9901", "Zuiderwaard")];

/// A mirror that runs, and what it prints.
struct Mirror {
    process: Process,
    output: Scratch,
}

impl Mirror {
    fn start(node: &Node, server: &Postgres) -> Self {
        let output = Scratch::new("mirror");
        let process = node.command(["mirror", &server.url("postgres")]).start_in(&output);
        Self { process, output }
    }

    fn printed(&self) -> String {
        fs::read_to_string(self.output.join("stdout")).unwrap_or_default()
    }

    /// Waits until it said this so many times.
    #[track_caller]
    fn says(&mut self, words: &str, times: usize) {
        let said = wait::within(wait::DEADLINE, words, || {
            assert_eq!(self.process.ended(), None, "{}", self.errors());
            (self.printed().matches(words).count() >= times).then_some(())
        });
        assert_eq!(said, Ok(()), "{}{}", self.printed(), self.errors());
    }

    fn errors(&self) -> String {
        fs::read_to_string(self.output.join("stderr")).unwrap_or_default()
    }
}

#[track_caller]
fn once(node: &Node, server: &Postgres, more: &[&str]) -> String {
    let address = server.url("postgres");
    node.run([&["mirror", &address, "--once"], more].concat()).succeeded()
}

#[track_caller]
fn refused(node: &Node, address: &str, exit: Exit, words: &str) {
    let errors = node.run(["mirror", address, "--once"]).failed(i32::from(exit.code()));
    assert!(errors.contains(words), "{errors}");
}

#[track_caller]
fn share(node: &Node, record: &Value) -> String {
    let approvals = node.api().share(std::slice::from_ref(record));
    let approvals = approvals.expect("a node that runs answers");
    let shared = approvals.first().and_then(|approval| approval.record);
    shared.unwrap_or_else(|| panic!("{record} was not shared")).to_string()
}

/// Numbers as one kind of number, whoever wrote them.
fn alike(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Object(object) => object.into_iter().map(|(name, value)| (name, alike(value))).collect(),
        Value::Array(values) => values.into_iter().map(alike).collect(),
        other => other,
    }
}

fn rows(lines: &str) -> Vec<String> {
    let parsed = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a row is JSON"));
    let mut rows: Vec<String> = parsed.map(|row| alike(row).to_string()).collect();
    rows.sort();
    rows
}

/// Every table of an export of the node.
#[track_caller]
fn exported(node: &Node, place: &Scratch, at: usize) -> BTreeMap<String, Vec<String>> {
    let dir = place.join(format!("uitvoer-{at}"));
    let dir_text = dir.to_str().expect("a path is text");
    node.run(["export", dir_text, "--format", "jsonl"]).succeeded();
    let files = fs::read_dir(&dir).expect("an export is a folder").flatten();
    let tables = files.filter_map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        let table = name.strip_suffix(".jsonl")?.to_owned();
        Some((table, rows(&fs::read_to_string(file.path()).expect("a table is text"))))
    });
    tables.collect()
}

/// Waits until every row of every table is on the mirror as it is in an export.
#[track_caller]
fn agree(node: &Node, server: &Postgres) {
    let place = Scratch::new("mirror-export");
    let mut tries = 0..;
    let mut differs = Vec::new();
    let agreed = wait::within(wait::DEADLINE, "a mirror that has what the export has", || {
        let exported = exported(node, &place, tries.next()?);
        assert!(
            exported.len() > 30 && !exported["records"].is_empty(),
            "{}",
            exported.len()
        );
        let mirrored = |table: &String| rows(&server.ask(&format!("SELECT row_to_json(t) FROM leerkring.{table} t")));
        differs = exported
            .iter()
            .filter(|(table, rows)| mirrored(table) != **rows)
            .map(|(table, _)| table.clone())
            .collect();
        differs.is_empty().then_some(())
    });
    assert_eq!(agreed, Ok(()), "{differs:?}");
}

/// Waits until the mirror has this record, or has it no more.
#[track_caller]
fn has(server: &Postgres, record: &str, is_there: bool) {
    let sql = format!("SELECT count(*) FROM leerkring.records WHERE id = '{record}'");
    wait::until("a record on the mirror", || {
        let asked = server.asked("postgres", &sql);
        (asked.code == Some(0) && asked.stdout.trim() == if is_there { "1" } else { "0" }).then_some(())
    });
}

#[test]
fn a_mirror_has_what_the_export_has_and_follows() {
    let Some(server) = Postgres::start() else { return };
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let mut odd = records::signal("s-vreemd", 1);
    odd["tekst"] = json!("\tmet \\N en \\. erin, 😀 עברית");
    share(node, &odd);
    let knelpunt = share(node, &records::knelpunt("k-1", None, "wonen"));
    server.ask("CREATE ROLE analist LOGIN");
    let told = once(node, &server, &["--reader", "analist"]);
    assert!(
        told.contains("Geladen in schema leerkring") && told.contains("is bij: snapshot"),
        "{told}"
    );
    agree(node, &server);
    let read = server.asked("analist", "SELECT tekst FROM leerkring.teksten WHERE tekst LIKE '%😀%'");
    assert!(read.succeeded().contains(r"\N en \. erin"));
    let may_not = server.asked("analist", "DELETE FROM leerkring.records");
    assert!(may_not.failed(1).contains("permission denied"));
    let about = "SELECT col_description('leerkring.records'::regclass, attnum), format_type(atttypid, atttypmod)
        FROM pg_attribute WHERE attrelid = 'leerkring.records'::regclass AND attname = 'fictief'";
    assert_eq!(server.ask(about), "Oefengegevens|boolean\n");
    // What others made on the tables stays, also when everything is loaded anew.
    server.ask("CREATE VIEW public.soorten AS SELECT soort, count(*) AS aantal FROM leerkring.records GROUP BY soort");

    let mut mirror = Mirror::start(node, &server);
    mirror.says("gaat verder vanaf snapshot", 1);
    let added = share(node, &records::signal("s-2", 2));
    has(&server, &added, true);
    node.run(["withdraw", &added, "--yes"]).succeeded();
    has(&server, &added, false);
    agree(node, &server);
    assert!(!mirror.printed().contains("Geladen"), "{}", mirror.printed());
    assert!(server.ask("SELECT * FROM public.soorten").contains("knelpunt|1"));

    // A node that made its tables anew counts anew.
    drop(mirror);
    server.ask("UPDATE leerkring.spiegel SET merk = repeat('0', 32) || substr(merk, 33)");
    server.ask(&format!("DELETE FROM leerkring.records WHERE id = '{knelpunt}'"));
    assert!(once(node, &server, &[]).contains("Geladen"));
    agree(node, &server);
    assert!(server.ask("SELECT * FROM public.soorten").contains("knelpunt|1"));
}

#[test]
fn what_is_cut_goes_on_by_itself() {
    let Some(mut server) = Postgres::start() else { return };
    let mut federation = Federation::start(&ONE);
    share(&federation.nodes[0], &records::signal("s-1", 1));
    let mut mirror = Mirror::start(&federation.nodes[0], &server);
    mirror.says("Geladen", 1);
    server.kill();
    mirror.says("Even niet bij", 1);
    let meanwhile = share(&federation.nodes[0], &records::signal("s-2", 2));
    server.go_on();
    has(&server, &meanwhile, true);
    mirror.says("loopt weer mee", 1);
    assert_eq!(
        mirror.printed().matches("Even niet bij").count(),
        1,
        "{}",
        mirror.printed()
    );

    server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'leerkring'");
    mirror.says("loopt weer mee", 2);
    federation.nodes[0].kill();
    mirror.says("Even niet bij", 3);
    federation.nodes[0].start();
    let later = share(&federation.nodes[0], &records::signal("s-3", 3));
    has(&server, &later, true);
    agree(&federation.nodes[0], &server);
    assert_eq!(mirror.printed().matches("Geladen").count(), 1, "{}", mirror.printed());
}

#[test]
fn what_is_not_a_mirror_of_this_federation_is_left_alone() {
    let Some(server) = Postgres::start() else { return };
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    share(node, &records::signal("s-1", 1));
    let address = server.url("postgres");

    for wrong in [
        "mysql://ergens/anders",
        "host=ergens sslmode=require",
        "postgress://wie:geheim=x@ergens/iets",
    ] {
        let errors = node
            .run(["mirror", wrong, "--once"])
            .failed(i32::from(Exit::Usage.code()));
        assert!(errors.contains("geen adres") && !errors.contains("geheim"), "{errors}");
    }
    refused(
        node,
        &address.replace("leerkring-postgres", "niemand"),
        Exit::Unreachable,
        "antwoordt niet",
    );
    server.ask("CREATE ROLE lezer LOGIN");
    refused(
        node,
        &server.url("lezer"),
        Exit::Permission,
        "mag niet in de spiegel schrijven",
    );
    server.ask("CREATE SCHEMA leerkring; CREATE TABLE leerkring.records (eigen TEXT)");
    refused(
        node,
        &address,
        Exit::Conflict,
        "tabel records, die niet van een spiegel is",
    );
    server.ask("DROP TABLE leerkring.records; CREATE TABLE leerkring.spiegel (glas TEXT)");
    for more in [&[][..], &["--anew"]] {
        let ran = node.run([&["mirror", &address, "--once"], more].concat());
        let errors = ran.failed(i32::from(Exit::Conflict.code()));
        assert!(
            errors.contains("tabel spiegel, die niet van een spiegel is"),
            "{errors}"
        );
    }
    server.ask("DROP TABLE leerkring.spiegel; CREATE TABLE leerkring.eigen (glas TEXT)");
    once(node, &server, &[]);
    // What an older version made goes with the next whole load; what others made stays.
    server.ask(
        "CREATE TABLE leerkring.vroeger (id TEXT);
        UPDATE leerkring.spiegel SET vorm = 'ouder', tabellen = tabellen || '{vroeger}'::text[]",
    );
    assert!(once(node, &server, &[]).contains("Geladen"));
    let there = server.ask("SELECT relname FROM pg_class WHERE relname IN ('vroeger', 'eigen')");
    assert_eq!(there, "eigen\n");

    let mut mirror = Mirror::start(node, &server);
    mirror.says("gaat verder", 1);
    refused(
        node,
        &address,
        Exit::Conflict,
        "een andere leerkring mirror houdt schema leerkring al bij",
    );
    drop(mirror);
    refuses_what_was_altered(node, &server);
    refuses_another_federation(&server);
}

fn state(server: &Postgres) -> String {
    server.ask("SELECT merk, bijgewerkt FROM leerkring.spiegel")
}

#[track_caller]
fn refuses_what_was_altered(node: &Node, server: &Postgres) {
    server.ask("ALTER TABLE leerkring.signalen DROP COLUMN aard");
    let before = state(server);
    wait::until("the lock of the one before to go", || {
        let ran = node.run(["mirror", &server.url("postgres"), "--once"]);
        assert_eq!(ran.code, Some(i32::from(Exit::Conflict.code())), "{ran:?}");
        ran.stderr
            .contains("kolom aard van tabel signalen ontbreekt")
            .then_some(())
    });
    assert_eq!(state(server), before);
    once(node, server, &["--anew"]);
    server.ask("ALTER TABLE leerkring.records ALTER fictief TYPE TEXT");
    refused(
        node,
        &server.url("postgres"),
        Exit::Conflict,
        "kolom fictief van tabel records is text in plaats van boolean",
    );
    once(node, server, &["--anew"]);
    agree(node, server);
}

#[track_caller]
fn refuses_another_federation(server: &Postgres) {
    let other = Federation::start(&ONE);
    share(&other.nodes[0], &records::signal("s-9", 9));
    let before = state(server);
    refused(
        &other.nodes[0],
        &server.url("postgres"),
        Exit::Conflict,
        "de spiegel van een andere federatie",
    );
    assert_eq!(state(server), before);
    once(&other.nodes[0], server, &["--anew"]);
    agree(&other.nodes[0], server);
}

#[test]
fn a_full_disk_of_the_database_is_told_and_goes_on_once_there_is_room() {
    let Some(server) = Postgres::start() else { return };
    let Some(disk) = Disk::of(1) else {
        return scope::left_out("a full disk under PostgreSQL: no file system can be mounted here");
    };
    let folder = disk.path().join("tafels");
    fs::create_dir(&folder).expect("a disk takes a folder");
    server.keep_in(&folder);
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    let before = share(node, &records::signal("s-1", 1));
    refused(
        node,
        &server.url("postgres"),
        Exit::Conflict,
        "de schijf van PostgreSQL is vol",
    );
    assert_eq!(
        server.ask("SELECT count(*) FROM pg_tables WHERE schemaname = 'leerkring'"),
        "0\n"
    );
    disk.grow_to(64);
    let mut mirror = Mirror::start(node, &server);
    mirror.says("Geladen", 1);
    has(&server, &before, true);

    // Full again, under a mirror that runs.
    let ballast = disk.path().join("ballast");
    let filled = fs::write(&ballast, vec![0; 64 << 20]);
    assert!(filled.is_err(), "the disk takes everything");
    let many: Vec<Value> = (10..400)
        .map(|number| records::signal(&format!("s-{number}"), 2))
        .collect();
    node.api().share(&many).expect("a node that runs answers");
    mirror.says("de schijf van PostgreSQL is vol", 1);
    fs::remove_file(&ballast).expect("what was written can be removed");
    mirror.says("loopt weer mee", 1);
    federation.agree_on(391);
    agree(node, &server);
}

#[test]
fn what_is_altered_under_a_mirror_that_runs_stops_it() {
    let Some(server) = Postgres::start() else { return };
    let federation = Federation::start(&ONE);
    let node = &federation.nodes[0];
    share(node, &records::signal("s-1", 1));
    let mut mirror = Mirror::start(node, &server);
    mirror.says("Geladen", 1);
    server.ask("ALTER TABLE leerkring.signalen DROP COLUMN aard");
    let before = state(&server);
    share(node, &records::signal("s-2", 2));
    let ended = wait::until("the end of the mirror", || mirror.process.ended());
    assert_eq!(
        ended.code(),
        Some(i32::from(Exit::Conflict.code())),
        "{}",
        mirror.errors()
    );
    let errors = mirror.errors();
    assert!(errors.contains("aard") && errors.contains("--anew"), "{errors}");
    assert_eq!(state(&server), before);
    once(node, &server, &["--anew"]);
    agree(node, &server);
}

/// The practice federation, so that every question has something to answer.
#[test]
fn the_ten_questions_have_the_same_answers() {
    let Some(server) = Postgres::start() else { return };
    let place = Scratch::new("mirror-demo");
    let dir = place.join("oefening");
    let output = Scratch::new("mirror-demo-output");
    let demo = tests::harness::Command::leerkring(place.path(), ["demo", "--json", "--dir"]).arguments([&dir]);
    let mut demo = demo.env("TMPDIR", place.path()).start_in(&output);
    let done = wait::within(std::time::Duration::from_secs(300), "the demo", || {
        assert_eq!(demo.ended(), None, "the demo ended");
        let printed = fs::read_to_string(output.join("stdout")).unwrap_or_default();
        (printed.contains("\"done\"") && printed.ends_with('\n')).then_some(())
    });
    assert_eq!(done, Ok(()));
    let node = Node::new(dir.join("GM9905"));
    once(&node, &server, &[]);
    let asked = node.run(["questions", "--json"]).succeeded();
    let asked: Value = serde_json::from_str(&asked).expect("the questions are JSON");
    let questions = asked["vragen"].as_array().expect("there are questions");
    assert_eq!(questions.len(), 10);
    let mut with_rows = 0;
    for question in questions {
        let sql = question["sql"].as_str().expect("SQL is text");
        let answer = node.command(["query", "-", "--json"]).stdin(sql).run().succeeded();
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        let here = alike(answer["rijen"].clone());
        let in_order = format!("SET search_path = leerkring; SELECT row_to_json(q) FROM ({sql}\n) q");
        let columns = answer["kolommen"].as_array().expect("an answer has columns");
        let there = server.ask(&in_order);
        let row = |line: &str| -> Value {
            let row: Value = serde_json::from_str(line).expect("a row is JSON");
            let cells = columns
                .iter()
                .map(|name| row[name.as_str().unwrap_or_default()].clone());
            alike(cells.collect())
        };
        let there: Value = there.lines().map(row).collect();
        assert_eq!(there, here, "{}", question["vraag"]);
        with_rows += usize::from(here != json!([]));
    }
    assert!(with_rows >= 8, "only {with_rows} of the ten have an answer");
    demo.interrupt();
    wait::until("the end of the demo", || demo.ended());
}
