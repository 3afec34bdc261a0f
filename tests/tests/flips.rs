//! A disk that changes one bit of what a node keeps of its federation (its store, its own logs and its view) while the node is
//! off. With one healthy peer nothing of it is ever shown otherwise without being noticed, and all of it comes back: by itself, or
//! by the command that the node names when it refuses to start. Its keys nobody else has: one that changed is refused by name.
//! What else is only here (the vault, the invitation, the settings) has tests in the rooms that read it, and comes from a backup.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use protocol::api::Werk;
use protocol::entropy::Seeded;
use protocol::id::{Digest, Snapshot};
use tests::harness::{Command, Federation, Node, records, wait};
use tests::scope;

const TWO: [(&str, &str); 2] = [("GM9901", "Zuiderwaard"), ("GM9902", "Kromhoek")];
/// Bits, and when nothing is left out.
const FEW: usize = 20;
const MANY: usize = 1_000;
/// A pair of nodes for each, since most of it is waiting; the bits of a pair are drawn from the seeds behind it.
const SEEDS: [u64; 4] = [10_000, 20_000, 30_000, 40_000];
/// Records of each of the two.
const RECORDS: usize = 12;
/// Most places that are drawn to find one where something was written: much of a file of sled is empty.
const PLACES_MAX: usize = 16;
/// Most commands that it may take until a node starts.
const COMMANDS_MAX: usize = 3;
/// What a node logs when it finds that its disk changed something.
const NOTICED: [&str; 4] = ["damaged", "not what it was", "made anew", "taken back from the own log"];
/// How long it may take until everything is there again: a peer that was let down often asks again after a minute only.
const MENDED: Duration = Duration::from_secs(150);
/// Lines of its log that are told when it did not.
const LINES: usize = 30;

/// Two nodes that hold the same, of which one is off.
struct World {
    federation: Federation,
    /// The directory of the one that is off, with nothing wrong.
    whole: PathBuf,
    list: Vec<String>,
    stand: (Digest, Snapshot),
}

/// What became of the bits.
#[derive(Debug, Default)]
struct Tally {
    /// The node refused to start and named the command that helped.
    refused: usize,
    /// It started, and said that something was lost.
    told: usize,
    /// Nothing that anybody reads was there.
    harmless: usize,
    /// What went wrong, each with its seed.
    wrong: Vec<String>,
}

enum Outcome {
    Refused,
    Told,
    Harmless,
}

impl World {
    fn new() -> Self {
        let mut federation = Federation::start(&TWO);
        let founded = federation.nodes[1]
            .api()
            .share(&[records::knelpunt("k", None, "wonen")])
            .expect("a node that runs answers")[0]
            .record
            .expect("it left");
        for number in 0..RECORDS {
            for node in &federation.nodes {
                node.share_signal(number);
            }
        }
        federation.agree_on(2 * RECORDS + 1);
        // A second log of its own, a record with two writers, and one that is no more.
        federation.nodes[0].stop();
        federation.nodes[0].start();
        let part = records::knelpunt("k", Some(&founded.to_string()), "jeugd");
        federation.nodes[0]
            .api()
            .share(&[part])
            .expect("a node that runs answers");
        federation.nodes[0].run(["withdraw", "s-3"]).succeeded();
        federation.nodes[1].run(["withdraw", "s-4"]).succeeded();
        wait::until("both receipts at both", || {
            let told = |node: &Node, id: &str| node.run(["receipts", id]).stdout.contains("2 van 2");
            (told(&federation.nodes[0], "s-3") && told(&federation.nodes[1], "s-4")).then_some(())
        });
        federation.agree_on(2 * RECORDS - 1);
        federation.agree_on_snapshot(records::week());
        assert_eq!(federation.nodes[0].stop().code(), Some(0));
        let whole = federation.scratch.join("whole");
        copy(federation.nodes[0].home(), &whole);
        let (list, stand) = said(&federation.nodes[1]).expect("a node that runs answers");
        World {
            federation,
            whole,
            list,
            stand,
        }
    }

    /// Changes one bit and has the node go on; what became of it.
    fn flip(&mut self, rng: &mut Seeded, told: &mut String) -> Outcome {
        let node = &self.federation.nodes[0];
        fs::remove_dir_all(node.home()).expect("our own directory");
        copy(&self.whole, node.home());
        *told = flip(node.home(), rng);
        let (mut refused, mut noticed) = (false, false);
        for _ in 0..=COMMANDS_MAX {
            let (at_start, meanwhile) = self.mend();
            (refused, noticed) = (refused | at_start, noticed | meanwhile);
            let node = &self.federation.nodes[0];
            let verified = node.run(["verify".as_ref(), node.home().as_os_str()]);
            if verified.code == Some(0) {
                return match (refused, noticed) {
                    (true, _) => Outcome::Refused,
                    (false, true) => Outcome::Told,
                    (false, false) => Outcome::Harmless,
                };
            }
            // It stopped before it came to what is lost; or a key of a document was, and with it what the own log sealed.
            noticed = true;
            match verified.stdout.contains("leerkring doctor") {
                true => doctor(node, &verified.stdout, &self.charter()),
                false => assert!(verified.stdout.contains("wat te doen: start de node"), "{verified:#?}"),
            }
        }
        panic!("it is not in order after {COMMANDS_MAX} commands");
    }

    /// Has the node run until it has everything and stop; whether it refused to start at first, and whether it noticed anything.
    fn mend(&mut self) -> (bool, bool) {
        let charter = self.charter();
        let node = &mut self.federation.nodes[0];
        let refused = started(node, &charter);
        let mut otherwise = None;
        let healed = wait::within(MENDED, "a node that has everything again", || {
            let (list, stand) = said(node)?;
            if list != self.list {
                otherwise = Some(list);
                return None;
            }
            (stand == self.stand).then_some(())
        });
        let printed = node.printed();
        let last: Vec<&str> = printed.lines().rev().take(LINES).collect();
        assert_eq!(healed, Ok(()), "{:?}; the last that it printed: {last:#?}", said(node));
        let noticed = NOTICED.iter().any(|words| printed.contains(words));
        if let Some(list) = otherwise {
            assert!(refused || noticed, "it said nothing, and answered {list:?}");
        }
        assert_eq!(node.stop().code(), Some(0));
        (refused, noticed)
    }

    /// What a person kept to import again.
    fn charter(&self) -> PathBuf {
        self.federation.scratch.join("handvest")
    }
}

/// The list and the state of a node; nothing when it refuses to say, or waits for what it knows to be damaged.
fn said(node: &Node) -> Option<(Vec<String>, (Digest, Snapshot))> {
    let api = node.api();
    let list = api.list(records::week()).ok()?;
    let stand = api.stand(records::week()).ok()?;
    let mut workers = stand.workers.iter();
    if workers.any(|worker| worker.naam == Werk::Scrub && worker.wachtrij > 0) {
        return None;
    }
    Some((list, (stand.digest, stand.snapshot)))
}

/// Starts the node, with what it says is needed for that; whether it refused at first.
fn started(node: &mut Node, charter: &Path) -> bool {
    for tried in 0..=COMMANDS_MAX {
        let Err(printed) = node.try_start() else {
            return tried > 0;
        };
        doctor(node, &printed, charter);
    }
    panic!("it does not start after {COMMANDS_MAX} commands");
}

/// Does what it said is to be done.
fn doctor(node: &Node, said: &str, charter: &Path) {
    assert!(
        said.contains("wat te doen: ") && said.contains("leerkring doctor"),
        "{said}"
    );
    let told = node.run(["doctor".as_ref(), node.home().as_os_str()]).succeeded();
    if told.contains("charter import") {
        let import = node.command(["charter", "import"]).arguments([charter]);
        import.run().succeeded();
    }
}

/// The same files with the same permissions.
fn copy(from: &Path, to: &Path) {
    let copied = Command::new("/bin/cp", from).arguments(["-a"]);
    copied.arguments([from, to]).run().succeeded();
}

/// Changes one bit of what is kept of the federation; which.
fn flip(home: &Path, rng: &mut Seeded) -> String {
    let mut files = files_below(&home.join("store"));
    files.push(home.join("view.sqlite"));
    files.retain(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0));
    files.sort();
    let path = &files[rng.below(files.len() as u64) as usize];
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.expect("our own file");
    let length = file.metadata().expect("our own file").len();
    let mut drawn = || {
        let (at, mut byte) = (rng.below(length), [0]);
        file.read_exact_at(&mut byte, at).expect("it is in the file");
        (at, byte[0])
    };
    let written = (0..PLACES_MAX).map(|_| drawn()).find(|(_, byte)| *byte != 0);
    let (at, byte) = written.unwrap_or_else(&mut drawn);
    let bit = rng.below(8);
    file.write_all_at(&[byte ^ 1 << bit], at).expect("our own file");
    let name = path.strip_prefix(home).expect("it is below").display();
    format!("bit {bit} of byte {at} of {length} of {name}")
}

fn files_below(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("our own directory").flatten();
    let (directories, mut files): (Vec<_>, Vec<_>) = entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    files.extend(directories.iter().flat_map(|directory| files_below(directory)));
    files
}

fn flip_over_and_over(seed: u64, times: usize) -> Tally {
    let (mut world, mut tally) = (World::new(), Tally::default());
    for seed in seed..seed + times as u64 {
        let mut told = String::new();
        let flipped = catch_unwind(AssertUnwindSafe(|| world.flip(&mut Seeded::new(seed), &mut told)));
        match flipped {
            Ok(Outcome::Refused) => tally.refused += 1,
            Ok(Outcome::Told) => tally.told += 1,
            Ok(Outcome::Harmless) => tally.harmless += 1,
            Err(panic) => {
                world.federation.nodes[0].kill();
                let why = panic.downcast_ref::<String>().map_or("", String::as_str);
                tally.wrong.push(format!("seed {seed}, {told}: {why}"));
            }
        }
    }
    tally
}

#[test]
fn a_flipped_bit_of_store_own_log_or_view_is_never_silent_and_all_comes_back_from_a_peer() {
    let times = if scope::full() { MANY } else { FEW };
    if !scope::full() {
        scope::left_out(&format!("flipped bits: {} of {MANY}", MANY - FEW));
    }
    let tallies: Vec<Tally> = thread::scope(|scope| {
        let each = |seed| scope.spawn(move || flip_over_and_over(seed, times / SEEDS.len()));
        let running: Vec<_> = SEEDS.map(each).into_iter().collect();
        running
            .into_iter()
            .map(|pair| pair.join().expect("what panics in it is caught"))
            .collect()
    });
    let wrong: Vec<&String> = tallies.iter().flat_map(|tally| &tally.wrong).collect();
    assert!(wrong.is_empty(), "{} of {times}:\n{wrong:#?}", wrong.len());
    let noticed: usize = tallies.iter().map(|tally| tally.refused + tally.told).sum();
    assert!(noticed > 0, "no bit did anything: {tallies:?}");
}

#[test]
fn a_key_of_which_a_bit_changed_is_refused_by_name_and_works_once_it_is_put_back() {
    let mut federation = Federation::start(&TWO[..1]);
    let node = &mut federation.nodes[0];
    let record = node.share_signal(1);
    assert_eq!(node.stop().code(), Some(0));
    let mut rng = Seeded::new(SEEDS[0]);
    for name in ["node", "storage", "vault", "root"] {
        let path = node.home().join(format!("keys/{name}.key"));
        let whole = fs::read(&path).expect("a node has its keys");
        let mut flipped = whole.clone();
        flipped[rng.below(32) as usize] ^= 1 << rng.below(8);
        fs::write(&path, &flipped).expect("our own file");
        let said = match name {
            // A node does not need it to run: whoever signs with it is told.
            "root" => {
                let vote = ["charter", "leave", "--now"];
                node.run(vote).failed(6)
            }
            _ => node.try_start().expect_err("it does not start"),
        };
        let expected = match name {
            "root" => "deze wortelsleutel spreekt voor geen lid",
            name => &format!("keys/{name}.key is niet de sleutel waarmee"),
        };
        assert!(
            said.contains(expected) && said.contains("wat te doen: "),
            "{name}: {said}"
        );
        fs::write(&path, &whole).expect("our own file");
    }
    node.start();
    let list = node.api().list(records::week()).expect("a node that runs lists");
    assert!(list.concat().contains(&record), "{list:?}");
}
