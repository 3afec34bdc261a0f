//! A node as a process among others: how it starts, refuses, stops, and what it leaves on the disk.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;

use node::runtime::{self, Home, Options};
use serde_json::Value;
use tests::harness::{Federation, Node, Ran, records, wait};

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];

fn alone() -> Federation {
    Federation::found(&TWO[..1])
}

/// Starts the node in a way in which it must refuse, and gives what it said.
#[track_caller]
fn refused(node: &Node, code: i32) -> String {
    let ran: Ran = node
        .command(["node", "--lang", "nl", "--dir"])
        .arguments([node.home()])
        .run();
    let said = ran.failed(code);
    let last = said.lines().rev().take(2).collect::<Vec<_>>();
    assert!(
        last[0].contains("wat te doen: ") && last[1].starts_with("fout: "),
        "{said}"
    );
    said
}

/// A connection to the API of a node with something unfinished on it.
fn half_asked(node: &Node, text: &str) -> TcpStream {
    let address = node.ready().api.strip_prefix("http://").expect("the API is HTTP");
    let mut stream = TcpStream::connect(address).expect("the API accepts");
    stream.write_all(text.as_bytes()).expect("the API reads");
    stream
}

#[test]
fn sigterm_drains_and_stops_in_time_with_clients_connected() {
    let mut federation = Federation::start(&TWO);
    let node = &mut federation.nodes[0];
    let asked = [
        "",
        "GET /v1/sta",
        "POST /v1/concepten HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{",
    ];
    let _connected = asked.map(|text| half_asked(node, text));
    let api = node.api();
    let mut acknowledged = Vec::new();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let batches = (0..).map(|number| api.share(&[records::signal(&format!("s-{number}"), number)]));
            let answered = batches.map_while(Result::ok).flatten();
            answered.filter_map(|approval| approval.record).collect::<Vec<_>>()
        });
        wait::until("the first records", || {
            (api.stand(records::week()).is_ok_and(|stand| stand.records > 3)).then_some(())
        });
        // Longer than it may take fails here.
        assert_eq!(node.stop().code(), Some(0));
        acknowledged = writer.join().expect("the writer ends with the node");
    });
    assert!(!node.home().join("node.json").exists());
    node.start();
    let list = node
        .api()
        .list(records::week())
        .expect("a node that is ready lists")
        .concat();
    for record in acknowledged {
        assert!(list.contains(&record.to_string()), "{record} was acknowledged");
    }
}

#[test]
fn a_second_node_on_a_directory_is_refused_and_the_first_goes_on() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    let said = refused(node, 6);
    assert!(said.contains("draait al"), "{said}");
    assert!(node.api().stand(records::week()).is_ok());
    let verify = node.command(["verify"]).arguments([node.home()]).run();
    assert!(verify.failed(6).contains("draait al"));
}

#[test]
fn a_port_in_use_is_said_with_what_to_do() {
    let federation = alone();
    let node = &federation.nodes[0];
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = taken.local_addr().map(|at| (taken, at.port())).expect("a bound port");
    node.configure("api = \"127.0.0.1:0\"", &format!("api = \"127.0.0.1:{}\"", taken.1));
    let said = refused(node, 6);
    assert!(
        said.contains(&taken.1.to_string()) && said.contains("in gebruik"),
        "{said}"
    );
    node.configure(&format!("127.0.0.1:{}", taken.1), "127.0.0.1:0");
    let config = fs::read_to_string(node.home().join("leerkring.toml")).expect("a node has a configuration");
    let listen = config.split("/tcp/").nth(1).and_then(|rest| rest.split('"').next());
    let listen = listen.expect("init chose a port");
    node.configure(&format!("/tcp/{listen}"), &format!("/tcp/{}", taken.1));
    let said = refused(node, 6);
    assert!(
        said.contains(&taken.1.to_string()) && said.contains("in gebruik"),
        "{said}"
    );
}

#[test]
fn an_address_that_nobody_can_use_is_not_told_to_others() {
    let federation = alone();
    let node = &federation.nodes[0];
    node.configure("announce = []", "announce = [\"leerkring.example:4001\"]");
    let said = refused(node, 3);
    assert!(
        said.contains("leerkring.example:4001") && said.contains("regel ") && said.contains("announce"),
        "{said}"
    );
    node.configure("announce = [\"leerkring.example:4001\"]", "announce = []");
    let config = fs::read_to_string(node.home().join("leerkring.toml")).expect("a node has a configuration");
    let listen = config
        .lines()
        .find(|line| line.starts_with("listen"))
        .expect("init chose one");
    node.configure(listen, "listen = [\"0.0.0.0:4001\"]");
    let said = refused(node, 3);
    assert!(said.contains("listen") && !said.contains("andere poort"), "{said}");
}

#[test]
fn the_first_start_of_a_node_warns_of_nothing() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    assert!(!node.printed().contains("WARN"), "{}", node.printed());
}

#[test]
fn a_damaged_store_waits_for_a_person() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    node.share_signal(1);
    node.stop();
    let healthy = node.command(["doctor"]).arguments([node.home()]).run().succeeded();
    assert!(healthy.contains("er is niets veranderd"), "{healthy}");
    let own = files_below(&node.home().join("store").join("own"));
    let mut bytes = fs::read(&own[0]).expect("our own file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&own[0], &bytes).expect("our own file");
    // Started again every ten seconds it would not get better: the service stops at this code.
    let said = refused(node, 3);
    assert!(said.contains("leerkring doctor"), "{said}");
    let made = node.command(["doctor"]).arguments([node.home()]).run().succeeded();
    assert!(made.contains("opnieuw gemaakt"), "{made}");
    let healthy = node.command(["doctor", "--anyway"]).arguments([node.home()]).run();
    assert!(healthy.succeeded().contains("opnieuw gemaakt"));
}

#[test]
fn a_key_that_others_can_read_is_refused() {
    let federation = alone();
    let node = &federation.nodes[0];
    for name in ["node.key", "storage.key", "vault.key"] {
        let key = node.home().join("keys").join(name);
        let mode = |mode| fs::set_permissions(&key, fs::Permissions::from_mode(mode)).expect("our own file");
        mode(0o644);
        let said = refused(node, 5);
        assert!(said.contains(name) && said.contains("chmod 600"), "{said}");
        mode(0o600);
    }
}

#[test]
fn keys_and_vault_that_others_can_reach_are_refused_with_what_to_type() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    node.stop();
    for (path, closed, hint) in [
        ("keys", 0o700, "chmod 700"),
        ("vault", 0o700, "chmod 700"),
        ("vault/vault.sqlite", 0o600, "chmod 600"),
    ] {
        let at = node.home().join(path);
        let mode = |mode| fs::set_permissions(&at, fs::Permissions::from_mode(mode)).expect("our own file");
        for open in [closed | 0o040, closed | 0o004] {
            mode(open);
            let said = refused(node, 5);
            assert!(said.contains(path) && said.contains(hint), "{said}");
        }
        mode(closed);
    }
    node.start();
}

#[test]
fn a_node_can_be_stopped_from_the_moment_it_says_that_it_is_ready() {
    let federation = alone();
    let home = Home::new(federation.nodes[0].home());
    // A signal that is not listened for yet ends this process, and every test in it.
    let myself = std::process::id().to_string();
    let ran = runtime::run(&home, Options::default(), false, |_| {
        let told = std::process::Command::new("kill").args(["-TERM", &myself]).status();
        assert!(told.expect("kill is installed").success());
    });
    ran.expect("it was told to stop");
}

#[test]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn a_node_takes_few_arenas_of_memory() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    let place = format!("/proc/{}/environ", node.ready().pid);
    let environment = fs::read(place).expect("the process that says that it is ready runs");
    let mut environment = environment.split(|byte| *byte == 0);
    assert!(environment.any(|one| one == b"MALLOC_ARENA_MAX=2"));
}

#[test]
fn health_is_told_to_anybody_and_names_the_parts() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    let api = node.ready().api.clone();
    let mut answer = ureq::get(format!("{api}/health"))
        .call()
        .expect("a node that runs is healthy");
    let health: Value = answer.body_mut().read_json().expect("it is JSON");
    assert_eq!(health["status"], "ok");
    let names: Vec<_> = health["onderdelen"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|part| &part["naam"])
        .collect();
    assert_eq!(names, ["driver", "store", "own-log", "vault", "view"]);
    assert!(
        !health.to_string().contains("GM9901"),
        "it says nothing of what the node holds"
    );
}

#[test]
fn the_audit_log_says_which_account_did_what_and_nothing_of_the_content() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    let home = node.home().to_owned();
    let file = home.join("signaal.json");
    fs::write(&file, records::signal("s-1", 1).to_string()).expect("our own directory");
    node.run(["share".as_ref(), file.as_os_str()]).succeeded();
    node.run(["review", "--all"]).succeeded();
    node.run(["approve", "--all"]).succeeded();
    node.run(["withdraw", "s-1"]).succeeded();
    let audit = fs::read_dir(home.join("audit")).expect("something was done").flatten();
    let text: String = audit
        .map(|file| fs::read_to_string(file.path()).expect("our own file"))
        .collect();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    let deeds: Vec<_> = lines
        .iter()
        .map(|line| line["daad"].as_str().unwrap_or_default())
        .collect();
    // Founding takes the charter in twice: where it is written, and when it is signed. Withdrawing shows what it is first.
    let expected = [
        "handvest",
        "handvest",
        "opgenomen",
        "bekeken",
        "goedgekeurd",
        "bekeken",
        "ingetrokken",
    ];
    assert_eq!(deeds, expected, "{text}");
    let account = cli::account::name();
    assert!(lines.iter().all(|line| line["account"] == account.as_str()), "{text}");
    assert!(!text.contains(&records::text_of(1)), "{text}");
}

#[test]
fn a_view_that_was_deleted_is_made_anew_with_the_same_bytes() {
    let mut federation = alone();
    let node = &mut federation.nodes[0];
    node.start();
    let batch: Vec<Value> = (0..50)
        .map(|number| records::signal(&format!("s-{number}"), number))
        .collect();
    node.api().share(&batch).expect("a node that runs answers");
    let before = node.api().list(records::week()).expect("a node that runs lists");
    assert_eq!(before.len(), 50);
    node.stop();
    for name in ["view.sqlite", "view.sqlite-wal", "view.sqlite-shm"] {
        let path = node.home().join(name);
        if path.exists() {
            fs::remove_file(path).expect("our own file");
        }
    }
    node.start();
    assert_eq!(
        node.api().list(records::week()).expect("a node that runs lists"),
        before
    );
}

/// Words that no other text has.
const DRAFT: &str = "kwartelmarkering";
const TEAM: &str = "wielewaalteam";
const LOCAL_ID: &str = "roerdompnummer";

#[test]
fn nothing_local_is_logged_left_readable_or_sent() {
    let mut federation = Federation::start(&TWO);
    let node = &federation.nodes[0];
    let mut draft = records::signal("concept", 1);
    draft["tekst"] = format!("Bel {DRAFT} over de aanvraag.").into();
    node.api().take_in(&[draft]).expect("a node that runs answers");
    let mut shared = records::signal(LOCAL_ID, 2);
    shared["team"] = TEAM.into();
    let approvals = node.api().share(&[shared]).expect("a node that runs answers");
    assert!(approvals[0].record.is_some(), "{approvals:?}");
    federation.agree_on(1);
    let logged = federation.nodes.iter().map(Node::printed).collect::<String>();
    assert!(logged.contains("ready"), "the nodes log");
    for node in &mut federation.nodes {
        node.stop();
    }
    let shared = records::text_of(2);
    let holding = federation
        .nodes
        .iter()
        .filter(|node| !files_with(&shared, node).is_empty());
    assert_eq!(
        holding.count(),
        2,
        "what is shared can be found, so a search that finds nothing says something"
    );
    for marker in [DRAFT, TEAM, LOCAL_ID] {
        assert!(!logged.contains(marker), "{marker} is in a log:\n{logged}");
        let found: Vec<PathBuf> = federation
            .nodes
            .iter()
            .flat_map(|node| files_with(marker, node))
            .collect();
        assert!(found.is_empty(), "{marker} is in {found:?}");
    }
}

/// The files of a node in which a text stands.
fn files_with(text: &str, node: &Node) -> Vec<PathBuf> {
    let holds = |file: &PathBuf| {
        let bytes = fs::read(file).expect("our own file");
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    files_below(node.home()).into_iter().filter(holds).collect()
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("our own directory").flatten();
    let (directories, mut files): (Vec<_>, Vec<_>) = entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    files.extend(directories.iter().flat_map(|directory| files_below(directory)));
    files
}

#[test]
fn a_node_that_cannot_say_where_it_answers_ends_whole() {
    let federation = alone();
    let node = &federation.nodes[0];
    // Where the file is written before it is put in its place: as on a disk that has no room for it.
    std::fs::create_dir(node.home().join("node.json.new")).expect("a node has a directory");
    let start = node.command(["node", "--stop-with-stdin", "--dir"]);
    let said = start.arguments([node.home()]).run().failed(70);
    assert!(!said.contains("panicked"), "{said}");
}
