//! What is withdrawn is nowhere any more: not at whoever was there, not at whoever was away.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use tests::harness::{Federation, Node, records, wait};

const FIVE: [(&str, &str); 5] = [
    ("GM9901", "Zuiderwaard"),
    ("GM9902", "Kromhoek"),
    ("GM9903", "Oosterveen"),
    ("GM9904", "Westerlo"),
    ("GM9905", "Noordmeer"),
];

/// What a node that is late missed: editions, and records of each of the others.
const EDITIONS: u64 = 4;
const MISSED: usize = 25;

/// A word that is nowhere else.
const MARKER: &str = "zonsverduisteringsloket";

fn signal(id: &str, text: &str) -> String {
    let fields =
        "\"soort\":\"signaal\",\"week\":\"2026-W05\",\"fictief\":true,\"aard\":\"knelpunt\",\"thema\":[\"wonen\"]";
    format!("{{\"id\":\"{id}\",{fields},\"laag\":\"uitvoering\",\"overdracht\":false,\"tekst\":\"{text}\"}}")
}

fn share(node: &Node, id: &str, text: &str) -> String {
    share_record(node, id, &signal(id, text))
}

fn share_record(node: &Node, id: &str, record: &str) -> String {
    node.command(["share", "-", "--format", "json"])
        .stdin(record)
        .run()
        .succeeded();
    node.run(["review", id]).succeeded();
    let approved = node.run(["approve", id, "--json"]).succeeded();
    let approved: serde_json::Value = serde_json::from_str(&approved).expect("one line of JSON");
    approved["record"].as_str().expect("it left").to_owned()
}

/// Files below a folder that hold these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be listed").path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
            continue;
        }
        let held = match fs::read(&path) {
            // The node works on: what went meanwhile holds nothing.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            read => read.expect("it can be read"),
        };
        if held.windows(bytes.len()).any(|part| part == bytes) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn everywhere(federation: &Federation) -> Vec<String> {
    let homes = federation.nodes.iter().map(Node::home);
    homes.flat_map(|home| holding(home, MARKER.as_bytes())).collect()
}

/// The first node decides for editions with the others that run: each has the gemeente under another name.
fn decide(federation: &Federation, editions: u64) {
    let first = &federation.nodes[0];
    let card = federation.scratch.join("anders.kaart");
    let name = |edition: u64| match edition {
        0 => "Zuiderwaard".to_owned(),
        edition => format!("Zuiderwaard {edition}"),
    };
    for edition in 1..=editions {
        let quoted = |edition| format!("\"{}\"", name(edition));
        first.configure(&quoted(edition - 1), &quoted(edition));
        let _ = fs::remove_file(&card);
        let make = first.command(["charter", "card", "--out"]).arguments([&card]);
        make.run().succeeded();
        let propose = first.command(["charter", "propose", "--renew"]).arguments([&card]);
        propose.run().succeeded();
        let running = || federation.nodes.iter().filter(|node| node.is_running());
        for node in running().skip(1) {
            wait::until("a vote", || {
                (node.run(["charter", "endorse"]).code == Some(0)).then_some(())
            });
        }
        wait::until("an edition", || {
            running().all(|node| node.stand().editie == Some(edition)).then_some(())
        });
    }
}

/// How many nodes have confirmed, and how many should, as a node sees it.
fn confirmed(node: &Node, id: &str) -> (u64, u64) {
    let ran = node.run(["receipts", id, "--json"]);
    let detail: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let number = |name: &str| detail[name].as_u64().unwrap_or(0);
    (number("bevestigd"), number("nodes"))
}

#[test]
fn what_is_withdrawn_is_in_no_folder_any_more_also_of_a_node_that_was_away() {
    let mut federation = Federation::start(&FIVE);
    share(
        &federation.nodes[1],
        "blijft",
        "Dit signaal blijft staan, want het loket wacht nog steeds.",
    );
    let record = share(&federation.nodes[0], "weg", &format!("Het {MARKER} is nooit open."));
    federation.agree_on(2);
    assert!(
        everywhere(&federation).len() >= 5,
        "every node shows it, so the search would find it"
    );
    federation.nodes[4].stop();
    let refused = federation.nodes[1].run(["withdraw", &record[..12]]).failed(6);
    assert!(refused.contains("niets bijgedragen"), "{refused}");
    federation.nodes[0].run(["withdraw", &record[..12]]).succeeded();
    wait::until("four nodes confirm", || {
        (confirmed(&federation.nodes[0], &record) == (4, 5)).then_some(())
    });
    let told = federation.nodes[0].run(["receipts", &record]).succeeded();
    assert!(told.contains("4 van 5") && told.contains("nog niet"), "{told}");
    // Much happens while the fifth is away, in logs that it has never heard of.
    decide(&federation, EDITIONS);
    for at in 0..4 {
        if at > 0 {
            federation.nodes[at].stop();
            federation.nodes[at].start();
        }
        let signal = |number| records::signal(&format!("gemist-{number}"), at * MISSED + number);
        let signals: Vec<_> = (0..MISSED).map(signal).collect();
        federation.nodes[at]
            .api()
            .share(&signals)
            .expect("a node that runs answers");
    }
    let all = 1 + 4 * MISSED;
    federation.agree_on(all);
    federation.nodes[4].start();
    wait::until("the fifth confirms", || {
        (confirmed(&federation.nodes[0], "weg") == (5, 5)).then_some(())
    });
    federation.agree_on(all);
    assert_eq!(federation.nodes[4].stand().editie, Some(EDITIONS));
    federation.nodes.iter_mut().for_each(|node| {
        node.stop();
    });
    assert_eq!(everywhere(&federation), Vec::<String>::new());
    federation.nodes.iter_mut().for_each(|node| {
        node.run(["verify", &node.home().display().to_string()]).succeeded();
        node.start();
    });
    assert!(!federation.agree_on(all).contains(MARKER));
}

#[test]
fn what_was_withdrawn_can_be_shared_anew_as_another_record() {
    let federation = Federation::start(&FIVE[..2]);
    let node = &federation.nodes[0];
    let first = share(node, "een", "Het loket is te vaak dicht.");
    federation.agree_on(1);
    node.run(["withdraw", "een"]).succeeded();
    federation.agree_on(0);
    assert!(
        node.run(["review"])
            .succeeded()
            .lines()
            .all(|line| !line.starts_with("een")),
        "nobody has to look again"
    );
    let said = node.run(["approve", "een"]).failed(6);
    assert!(
        said.contains("een is ingetrokken") && said.contains("nieuw id"),
        "{said}"
    );
    let second = share(node, "een", "Het loket is te vaak dicht, ook op maandag.");
    assert_ne!(first, second);
    assert_eq!(federation.agree_on(1).lines().count(), 1);
    node.run(["withdraw", "nergens"]).failed(3);
    node.run(["receipts", "nergens"]).failed(3);
}

#[test]
fn who_has_still_to_confirm_is_shown_the_same_after_a_restart() {
    let mut federation = Federation::start(&FIVE[..3]);
    let record = share(&federation.nodes[0], "weg", "Het loket gaf geen antwoord.");
    federation.agree_on(1);
    federation.nodes[2].stop();
    federation.nodes[0].run(["withdraw", &record]).succeeded();
    let reached = |node: &Node, expected| {
        wait::until("the receipts", || (confirmed(node, &record) == expected).then_some(()));
    };
    reached(&federation.nodes[0], (2, 3));
    for node in 0..2 {
        federation.nodes[node].stop();
        federation.nodes[node].start();
        assert_eq!(
            confirmed(&federation.nodes[node], &record),
            (2, 3),
            "it is in the charter"
        );
        let told = federation.nodes[node].run(["receipts", &record]).succeeded();
        assert_eq!(told.matches("nog niet").count(), 1, "{told}");
    }
    federation.nodes[2].start();
    reached(&federation.nodes[0], (3, 3));
    federation.nodes[0].stop();
    federation.nodes[0].start();
    assert_eq!(confirmed(&federation.nodes[0], &record), (3, 3));
}

/// The field of a record, as a node shows it.
fn shown(node: &Node, id: &str, field: &str) -> serde_json::Value {
    let shown = node.run(["show", id, "--json"]).succeeded();
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("one line of JSON");
    shown[field].clone()
}

#[test]
fn what_links_to_a_withdrawn_record_or_took_it_over_stays_and_leads_to_nothing() {
    let mut federation = Federation::start(&FIVE[..3]);
    let json = |fields: serde_json::Value| {
        let mut record = serde_json::json!({"week": "2026-W05", "fictief": true});
        let fields = fields.as_object().expect("an object").clone();
        record.as_object_mut().expect("an object").extend(fields);
        record.to_string()
    };
    let lesson = json(serde_json::json!({
        "id": "les", "soort": "les", "titel": "Eerst het adres", "niveau": "werkproces",
        "kern": format!("Het {MARKER} belt eerst."),
    }));
    let lesson = share_record(&federation.nodes[0], "les", &lesson);
    let signal = share(&federation.nodes[0], "weg", &format!("Het {MARKER} is nooit open."));
    federation.agree_on(2);
    let adopted =
        json(serde_json::json!({"id": "over", "soort": "overname", "van": lesson, "aanpassing": "Wij bellen ook."}));
    let adopted = share_record(&federation.nodes[1], "over", &adopted);
    let linking = json(serde_json::json!({
        "id": "eigen", "soort": "les", "titel": "Samen bellen", "niveau": "werkproces", "kern": "Samen bellen werkt.",
        "uit": [signal],
    }));
    let linking = share_record(&federation.nodes[2], "eigen", &linking);
    federation.agree_on(4);
    assert!(everywhere(&federation).len() >= 3, "the search would find it");

    for id in ["les", "weg"] {
        federation.nodes[0].run(["withdraw", id]).succeeded();
    }
    let list = federation.agree_on(2);
    assert!(!list.contains(MARKER), "{list}");
    for node in &federation.nodes {
        // They say what they said, and what they say it of is told to be gone.
        assert_eq!(shown(node, &adopted, "van"), lesson.as_str());
        assert_eq!(shown(node, &adopted, "aanpassing"), "Wij bellen ook.");
        assert_eq!(shown(node, &linking, "uit"), serde_json::json!([signal]));
        for gone in [&lesson, &signal] {
            let said = node.run(["show", gone]).failed(3);
            assert!(said.contains("is ingetrokken"), "{said}");
        }
        let said = node.run(["show", "0000"]).failed(3);
        assert!(said.contains("er is hier geen record"), "{said}");
    }
    // Who took it over can go on with it.
    let again =
        json(serde_json::json!({"id": "over", "soort": "overname", "van": lesson, "aanpassing": "Wij bellen vooraf."}));
    assert_eq!(share_record(&federation.nodes[1], "over", &again), adopted);
    wait::until("the change everywhere", || {
        let changed = |node: &Node| shown(node, &adopted, "aanpassing") == "Wij bellen vooraf.";
        federation.nodes.iter().all(changed).then_some(())
    });
    wait::until("all receipts", || {
        let all = |id| confirmed(&federation.nodes[0], id) == (3, 3);
        (all("les") && all("weg")).then_some(())
    });
    federation.nodes.iter_mut().for_each(|node| {
        node.stop();
    });
    assert_eq!(everywhere(&federation), Vec::<String>::new());
}

/// Whether a withdrawal of this record is known to a node.
fn knows(node: &Node, id: &str) -> bool {
    node.run(["receipts", id]).code == Some(0)
}

/// Hands all statements of one node to another as a file.
fn bring(federation: &Federation, from: usize, to: usize) {
    let file = federation.scratch.join(format!("van-{from}-naar-{to}.handvest"));
    let export = federation.nodes[from].command(["charter", "export", "--out"]);
    export.arguments([&file]).run().succeeded();
    let import = federation.nodes[to].command(["charter", "import"]);
    import.arguments([&file]).run().succeeded();
}

#[test]
fn what_a_gemeente_shared_that_left_is_withdrawn_by_a_file_or_by_a_quorum() {
    let mut federation = Federation::start(&FIVE[..4]);
    let own = share(
        &federation.nodes[3],
        "eigen",
        &format!("Het {MARKER} belt nooit terug."),
    );
    let left = share(&federation.nodes[3], "samen", &format!("Het {MARKER} is nooit open."));
    federation.agree_on(2);
    federation.nodes[3].run(["charter", "leave", "--now"]).succeeded();
    wait::until("the others hear of it", || {
        let alone = |node: &Node| node.run(["charter", "show"]).stdout.contains("vertrokken");
        federation.nodes[..3].iter().all(alone).then_some(())
    });
    // The farewell is over: nobody connects with it.
    for node in &mut federation.nodes {
        node.stop();
        node.start();
    }

    federation.nodes[3].run(["withdraw", "eigen"]).succeeded();
    assert!(!knows(&federation.nodes[0], &own), "it comes as a file only");
    bring(&federation, 3, 0);
    wait::until("all that belong", || {
        federation.nodes[..3].iter().all(|node| knows(node, &own)).then_some(())
    });

    let ask = |at: usize| federation.nodes[at].run(["withdraw", &left[..12], "--by-quorum"]);
    let told = ask(0).succeeded();
    assert!(
        told.contains("van GM9904, door GM9901; nog 2 nodig, van GM9902, GM9903, GM9904"),
        "{told}"
    );
    let again = ask(0).failed(6);
    assert!(again.contains("al om gevraagd"), "{again}");
    for (at, needed) in [(1, "nog 2 nodig"), (2, "nog 1 nodig")] {
        wait::until("what was asked", || {
            let shown = federation.nodes[at].run(["charter", "show"]).stdout;
            shown.contains(needed).then_some(())
        });
        ask(at).succeeded();
    }
    wait::until("the withdrawal", || {
        federation.nodes[..3]
            .iter()
            .all(|node| knows(node, &left))
            .then_some(())
    });
    ask(0).failed(3);
    assert!(!knows(&federation.nodes[3], &left), "who left is told by nobody");
    let vault = |id: &str| federation.nodes[3].run(["review", id]).stdout;
    assert!(vault("eigen").contains("ingetrokken") && !vault("samen").contains("ingetrokken"));
    bring(&federation, 0, 3);
    assert!(knows(&federation.nodes[3], &left));
    // Its vault does not wait for the next look at what is due.
    assert!(vault("samen").contains("ingetrokken"), "{}", vault("samen"));
    let said = federation.nodes[3].run(["approve", "samen"]);
    assert!(said.code != Some(0) && !said.stdout.contains("gedeeld"), "{said:?}");
    wait::until("receipts of who belongs", || {
        let all = |id: &str| confirmed(&federation.nodes[0], id).0 >= 3;
        (all(&own) && all(&left)).then_some(())
    });
    federation.nodes.iter_mut().for_each(|node| {
        node.stop();
    });
    // The vault of who shared it keeps it, sealed, and nobody else anything.
    assert_eq!(everywhere(&federation), Vec::<String>::new());
}
