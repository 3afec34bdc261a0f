//! What the view is said to show is what it shows, when it fails and while ever more comes in.

use std::ops::ControlFlow;
use std::sync::mpsc::TryRecvError;

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Edition, Ending, Endorsement, Member, Role, Statement};
use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, Shareable, screen};
use protocol::id::{Gemeente, NodeKey, RootKey};
use protocol::log::Write;
use protocol::record;
use protocol::store::Memory;
use serde_json::json;

use super::*;
use crate::scratch::Scratch;
use crate::view::{ViewError, follow};

/// The secret root key of the one member.
const ROOT: [u8; 32] = [8; 32];

/// A node whose view can fail, with a clock that is turned by hand.
struct World {
    replica: Replica<Memory>,
    key: SigningKey,
    rng: Seeded,
    feed: Feed,
    to_view: Receiver<Batch>,
    now_ms: u64,
}

fn gemeente() -> Gemeente {
    Gemeente::new(9901).unwrap()
}

/// A federation of one.
fn founded(root: &SigningKey, node: &SigningKey) -> Replica<Memory> {
    let member = Member {
        gemeente: gemeente(),
        name: "Zuiderwaard".to_owned(),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: [0; 32],
        role: Role::Voting,
        nodes: vec![NodeKey(node.verifying_key().to_bytes())],
        mailbox: String::new(),
        addresses: Vec::new(),
    };
    let edition = Edition::founding([1; 16], vec![member]);
    let (federation, edition_hash) = (edition.federation(), edition.hash());
    let vote = Endorsement {
        edition: edition_hash,
        number: 0,
        ballot: 0,
    };
    let statements = [Body::Edition(edition), Body::Endorse(vote)].map(|body| Statement::sign(federation, body, root));
    let mut replica = Replica::open(Memory::default()).unwrap();
    replica.join(federation).unwrap();
    replica.add_statements(statements.to_vec()).unwrap();
    replica
}

fn signaal(number: u32) -> Shareable {
    let typed = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": ["wonen"],
        "laag": "uitvoering", "overdracht": true, "tekst": format!("Het loket wacht, keer {number}.")});
    let intake = record::Intake {
        gemeente: gemeente(),
        week: "2026-W10".parse().unwrap(),
        kind: None,
    };
    let draft = Draft::new(record::read_json(&typed, &intake).unwrap(), Known::default());
    let screened = screen(draft, &Policy::default());
    let approval = Approval::after_reading(Account::new("tester").unwrap(), &screened);
    screened.approve(approval).unwrap().release(&|_| None).0
}

impl World {
    /// A founded node whose view shows everything.
    fn new() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let mut replica = founded(&SigningKey::from_bytes(&ROOT), &key);
        let mut rng = Seeded::new(1);
        replica.open_log(&key, &mut rng).unwrap();
        let (feed, to_view) = Feed::new(Some(replica.state()));
        Self {
            replica,
            key,
            rng,
            feed,
            to_view,
            now_ms: 1_000,
        }
    }

    /// A new record, and what follows from it.
    fn write(&mut self, number: u32) {
        let record = &signaal(number);
        let write = Write::Found { record };
        self.replica.write(&self.key, &mut self.rng, write).unwrap();
        self.fill();
    }

    fn fill(&mut self) {
        self.feed.fill(&self.replica, self.now_ms).unwrap();
    }

    /// The view works through what is under way, and fails at these; the numbers of what it wrote.
    fn view(&mut self, failing: &[u64]) -> Vec<u64> {
        let mut written = Vec::new();
        let write = |batch: &Batch| {
            if failing.contains(&batch.number) {
                return Err(ViewError::Damaged {
                    detail: "it".to_owned(),
                });
            }
            written.push(batch.number);
            Ok(())
        };
        let mut outcomes = Vec::new();
        follow(self.to_view.try_iter(), write, |outcome| {
            outcomes.push(outcome);
            ControlFlow::Continue(())
        });
        for outcome in outcomes {
            self.feed.answered(outcome, &mut self.replica, self.now_ms);
        }
        written
    }

    fn due(&self) -> u64 {
        self.replica.marks_waiting().unwrap()
    }

    fn shows_all(&self) -> bool {
        self.feed.shown == Some(self.replica.state())
    }

    /// A question that was put now.
    fn ask(&mut self) -> Receiver<()> {
        let (tell, told) = sync_channel(1);
        assert!(self.feed.tell_when_shown(self.replica.state(), tell, self.now_ms));
        told
    }
}

#[test]
fn a_batch_behind_one_that_failed_unmarks_nothing_and_shows_nothing() {
    let mut world = World::new();
    let before = world.feed.shown;
    world.write(1);
    world.write(2);
    assert_eq!(world.feed.under_way.len(), 2);
    assert!(world.view(&[0]).is_empty());
    assert_eq!((world.due(), world.feed.shown), (2, before));
    assert!(world.feed.error.is_some());
    world.now_ms += RETRY_MS_MIN;
    world.fill();
    assert_eq!(world.view(&[]), [2]);
    assert!(world.shows_all());
    assert_eq!((world.due(), &world.feed.error), (0, &None));
}

#[test]
fn only_the_marks_of_what_was_written_are_taken_away() {
    let mut world = World::new();
    world.write(1);
    world.write(2);
    assert_eq!(world.view(&[1]), [0]);
    assert_eq!(world.due(), 1);
    assert!(!world.shows_all());
    world.now_ms += RETRY_MS_MIN;
    world.fill();
    assert_eq!(world.view(&[]), [2]);
    assert!(world.shows_all() && world.due() == 0);
}

fn damaged() -> ViewError {
    ViewError::Damaged {
        detail: "it".to_owned(),
    }
}

#[test]
fn an_answer_about_what_was_given_up_changes_nothing() {
    let mut world = World::new();
    world.write(1);
    let state = Some(world.replica.state());
    world.view(&[0]);
    for written in [Ok(state), Err(damaged())] {
        let retry_ms = world.feed.retry_ms();
        let stale = Outcome { number: 0, written };
        world.feed.answered(stale, &mut world.replica, world.now_ms + 1);
        assert_eq!((world.due(), world.feed.retry_ms()), (1, retry_ms));
        assert!(!world.shows_all() && world.feed.error.is_some());
    }
    world.now_ms += RETRY_MS_MIN;
    world.fill();
    let stale = Outcome {
        number: 0,
        written: Ok(state),
    };
    world.feed.answered(stale, &mut world.replica, world.now_ms);
    assert_eq!((world.due(), world.feed.under_way.len()), (1, 1));
}

#[test]
fn a_view_that_keeps_failing_is_tried_ever_less_often() {
    let mut world = World::new();
    world.write(1);
    let mut waits = Vec::new();
    for number in 0..12 {
        assert!(world.view(&[number]).is_empty());
        let retry_ms = world.feed.retry_ms().unwrap();
        waits.push(retry_ms - world.now_ms);
        world.now_ms = retry_ms - 1;
        world.fill();
        assert!(world.feed.under_way.is_empty(), "nothing is sent before its time");
        world.now_ms = retry_ms;
        world.fill();
        assert_eq!(world.feed.under_way.len(), 1);
    }
    assert_eq!(waits[..4], [250, 500, 1_000, 2_000]);
    assert_eq!(waits[10..], [RETRY_MS_MAX, RETRY_MS_MAX]);
    assert_eq!(world.view(&[]), [12]);
    assert_eq!((world.feed.retry_ms(), world.feed.failures), (None, 0));
    world.write(2);
    world.view(&[13]);
    assert_eq!(world.feed.retry_ms(), Some(world.now_ms + RETRY_MS_MIN));
}

#[test]
fn a_question_waits_for_what_there_was_when_it_came_however_much_follows() {
    let mut world = World::new();
    world.write(1);
    let first = world.ask();
    world.write(2);
    let second = world.ask();
    world.write(3);
    let third = world.ask();
    // Two batches are under way, of the first and of the second record; for the third there was no room.
    assert_eq!(first.try_recv(), Err(TryRecvError::Empty));
    for number in 4..20 {
        let batch = world.to_view.recv().unwrap();
        let outcome = Outcome {
            number: batch.number,
            written: Ok(batch.state),
        };
        world.feed.answered(outcome, &mut world.replica, world.now_ms);
        world.write(number);
        assert!(!world.shows_all(), "there is always something newer");
        assert_eq!(second.try_recv().is_ok(), batch.number == 1);
        assert_eq!(third.try_recv().is_ok(), batch.number == 2);
    }
    assert_eq!(first.try_recv(), Ok(()));
}

#[test]
fn a_question_about_what_failed_is_answered_when_it_is_shown() {
    let mut world = World::new();
    world.write(1);
    let told = world.ask();
    world.view(&[0]);
    assert_eq!(told.try_recv(), Err(TryRecvError::Empty));
    world.now_ms += RETRY_MS_MIN;
    world.fill();
    world.view(&[]);
    assert_eq!(told.try_recv(), Ok(()));
    assert_eq!(world.ask().try_recv(), Ok(()), "what is shown already needs no waiting");
}

#[test]
fn part_of_what_is_due_answers_no_question() {
    let mut world = World::new();
    for number in 0..=BATCH_DOCUMENTS_MAX as u32 {
        let record = &signaal(number);
        let write = Write::Found { record };
        world.replica.write(&world.key, &mut world.rng, write).unwrap();
    }
    let told = world.ask();
    world.fill();
    let batches: Vec<_> = world.to_view.try_iter().collect();
    assert_eq!(batches.len(), 2);
    let mut answers = batches.iter().map(|batch| {
        let written = Ok(batch.state);
        let number = batch.number;
        world.feed.answered(Outcome { number, written }, &mut world.replica, 0);
        told.try_recv().is_ok()
    });
    assert_eq!((answers.next(), answers.next()), (Some(false), Some(true)));
}

#[test]
fn who_gave_up_waiting_leaves_its_place_to_another() {
    let mut world = World::new();
    world.write(1);
    let asked: Vec<_> = (0..WAITING_MAX).map(|_| world.ask()).collect();
    let (tell, _told) = sync_channel(1);
    let state = world.replica.state();
    assert!(!world.feed.tell_when_shown(state, tell, world.now_ms));
    world.now_ms += PATIENCE_MS;
    let told = world.ask();
    assert_eq!(asked[0].try_recv(), Err(TryRecvError::Disconnected));
    world.view(&[]);
    assert_eq!(told.try_recv(), Ok(()));
}

#[test]
fn what_stops_counting_leaves_the_view() {
    let mut world = World::new();
    world.write(1);
    world.write(2);
    world.view(&[]);
    assert!(world.shows_all());
    let ending = Body::NodeKeyEnd(Ending {
        node: NodeKey(world.key.verifying_key().to_bytes()),
        cuts: Vec::new(),
    });
    let federation = world.replica.federation().unwrap();
    let statement = Statement::sign(federation, ending, &SigningKey::from_bytes(&ROOT));
    world.replica.add_statements(vec![statement]).unwrap();
    world.fill();
    let batch = world.to_view.recv().unwrap();
    let gone = batch
        .changes
        .iter()
        .filter(|change| matches!(change.content, Content::Gone));
    assert_eq!((gone.count(), batch.changes.len()), (2, 2));
}

#[test]
fn a_document_that_changed_often_is_read_once() {
    let mut world = World::new();
    let mut document = None;
    for number in 0..3 {
        let record = &signaal(number);
        let write = document.map_or(Write::Found { record }, |document| Write::Edit { document, record });
        let entry = world.replica.write(&world.key, &mut world.rng, write).unwrap().unwrap();
        document = Some(entry.signed.header().document);
    }
    world.fill();
    let batch = world.to_view.recv().unwrap();
    let [
        Change {
            content: Content::Changes { changes, .. },
            ..
        },
    ] = &batch.changes[..]
    else {
        panic!("one document with changes, not {:?}", batch.changes);
    };
    assert_eq!((changes.len(), world.due()), (3, 3));
    let written = Ok(batch.state);
    let number = batch.number;
    world.feed.answered(Outcome { number, written }, &mut world.replica, 0);
    assert!(world.shows_all() && world.due() == 0);
}

#[test]
fn a_document_too_large_to_open_holds_up_nobody_elses() {
    let info = DocumentInfo {
        owner: gemeente(),
        kind: 1,
        changes: 4_097,
    };
    let document = DocumentId([1; 32]);
    let found = 5_000_000;
    for too_large in [
        ReplicaError::TooManyChanges { document, found },
        ReplicaError::TooManyBytes { document, found },
    ] {
        assert!(matches!(opened(&info, Err(too_large)), Ok(Content::Unreadable { .. })));
    }
    let lost = ReplicaError::PayloadLost { document };
    assert!(matches!(opened(&info, Err(lost)), Ok(Content::Unreadable { .. })));
    assert!(opened(&info, Err(ReplicaError::Meta)).is_err());
}

#[test]
fn a_view_that_was_lost_while_something_was_due_is_made_anew() {
    let scratch = Scratch::new("feed-anew");
    let mut world = World::new();
    for number in 0..3 {
        world.write(number);
        world.view(&[]);
    }
    world.write(3);
    let mut writer = Writer::open(&scratch.path().join("v")).unwrap();
    let (feed, to_view) = Feed::open(&mut writer, &mut world.replica).unwrap();
    (world.feed, world.to_view) = (feed, to_view);
    world.fill();
    let documents: BTreeSet<_> = world
        .to_view
        .try_iter()
        .flat_map(|batch| batch.changes)
        .map(|change| change.document)
        .collect();
    assert_eq!(documents.len(), 4, "also what nobody had marked any more");
    // A start that ends before the view showed everything leaves it as unfinished as it was.
    let batch = Batch {
        number: 0,
        restarts: true,
        changes: Vec::new(),
        ..Batch::default()
    };
    writer.apply(&batch).unwrap();
    let before = world.due();
    Feed::open(&mut writer, &mut world.replica).unwrap();
    assert_eq!(world.due(), before + 4);
    let state = Some(world.replica.state());
    writer.apply(&Batch { state, ..batch }).unwrap();
    let before = world.due();
    Feed::open(&mut writer, &mut world.replica).unwrap();
    assert_eq!(world.due(), before, "one that is whole is left alone");
}

#[test]
fn what_a_node_left_goes_from_the_view() {
    let mut world = World::new();
    world.write(1);
    world.write(2);
    assert_eq!(world.view(&[]).len(), 2);
    assert!(world.shows_all());
    world.replica.leave(NodeKey([9; 32])).unwrap();
    assert!(!world.shows_all());
    world.fill();
    let batch = world.to_view.try_recv().unwrap();
    assert_eq!(batch.state, Some(world.replica.state()));
    assert_eq!(batch.changes.len(), 2);
    assert!(
        batch
            .changes
            .iter()
            .all(|change| matches!(change.content, Content::Gone))
    );
}
