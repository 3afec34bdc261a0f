//! A node stops when a part of it does, and says which.

use std::future::pending;

use protocol::id::Gemeente;

use super::super::world::import;
use super::super::{Config, Init, Keep, Options, Release, RootFiles, WORKERS, init, propose, start, threads};
use super::*;
use crate::scratch::Scratch;

/// A node that founded a federation of its own.
fn home(scratch: &Scratch) -> Home {
    let home = Home::new(scratch.path().join("node"));
    let config = Config {
        gemeente: Gemeente::new(9901).unwrap(),
        name: "Zuiderwaard".to_owned(),
        mailbox: String::new(),
        listen: vec!["/ip4/127.0.0.1/tcp/0".to_owned()],
        announce: Vec::new(),
        api: "127.0.0.1:0".to_owned(),
        proxy: None,
        member_mib: crate::runtime::MEMBER_MIB,
        sql_seconds: crate::runtime::SQL_SECONDS,
        gossip: false,
        release: Release::Weekly,
        four_eyes: false,
        zaaknummers: Vec::new(),
        audit: Keep::default(),
        digest: None,
        headcount: None,
    };
    init(&home, Init { config }).unwrap();
    let charter = propose(&home, &[], &RootFiles::default()).unwrap();
    import(&home, &charter).unwrap();
    home
}

/// Plays a test on the threads that a node has.
fn within(test: impl Future<Output = ()>) {
    threads(WORKERS).unwrap().block_on(test);
}

/// Plays a test on the answers of a node that nobody else talks to.
pub(in crate::runtime) fn with_answers(name: &str, test: impl FnOnce(&Answers) + Send + 'static) {
    let scratch = Scratch::new(name);
    let home = home(&scratch);
    within(async move {
        let running = started(&home).await;
        let answers = Arc::clone(&running.answers);
        let played = tokio::task::spawn_blocking(move || test(&answers)).await;
        running.until(async {}).await.unwrap();
        played.unwrap();
    });
}

/// Longest time in which a node must notice what happened to it.
const NOTICED_MAX: Duration = Duration::from_secs(30);

/// What the node says when nobody tells it to stop.
async fn stopped(running: Running) -> Result<(), RunError> {
    let until = tokio::time::timeout(NOTICED_MAX, running.until(pending()));
    until.await.expect("a node without one of its parts stops")
}

async fn started(home: &Home) -> Running {
    start(
        home,
        Options {
            offline: true,
            heard: None,
        },
    )
    .await
    .unwrap()
}

#[test]
fn a_node_that_is_told_to_stop_stops_well() {
    within(async {
        let scratch = Scratch::new("running-stop");
        let home = home(&scratch);
        let running = started(&home).await;
        assert!(home.ready().exists());
        running.until(async {}).await.unwrap();
        assert!(!home.ready().exists());
    });
}

#[test]
fn a_driver_that_panics_stops_the_node() {
    within(async {
        let scratch = Scratch::new("running-driver");
        let home = home(&scratch);
        let running = started(&home).await;
        running.calls.tell(|_| panic!("on purpose")).unwrap();
        let outcome = stopped(running).await;
        assert!(
            matches!(outcome, Err(RunError::Panicked { part: DRIVER })),
            "{outcome:?}"
        );
        assert!(home.ready().exists(), "nothing was flushed: it is as if it was killed");
        // Everything is let go: the same directory runs again.
        started(&home).await.until(async {}).await.unwrap();
    });
}

#[test]
fn a_driver_that_ends_unasked_stops_the_node() {
    within(async {
        let scratch = Scratch::new("running-ended");
        let home = home(&scratch);
        let running = started(&home).await;
        running.calls.stop().await.unwrap();
        let outcome = stopped(running).await;
        assert!(
            matches!(outcome, Err(RunError::Ended { part: DRIVER | VIEW })),
            "{outcome:?}"
        );
    });
}

#[test]
fn a_view_that_panics_stops_the_node() {
    within(async {
        let scratch = Scratch::new("running-view");
        let home = home(&scratch);
        let mut running = started(&home).await;
        running.view = Part::spawn(VIEW, "view", || panic!("on purpose")).unwrap();
        let outcome = stopped(running).await;
        assert!(matches!(outcome, Err(RunError::Panicked { part: VIEW })), "{outcome:?}");
        assert!(!home.ready().exists());
    });
}

#[test]
fn a_release_that_panics_stops_the_node() {
    within(async {
        let scratch = Scratch::new("running-release");
        let home = home(&scratch);
        let mut running = started(&home).await;
        running.releases.part = Part::spawn(RELEASE, "release", || panic!("on purpose")).unwrap();
        let outcome = stopped(running).await;
        assert!(
            matches!(outcome, Err(RunError::Panicked { part: RELEASE })),
            "{outcome:?}"
        );
        assert!(!home.ready().exists());
    });
}

#[test]
fn an_api_that_ends_stops_the_node() {
    within(async {
        let scratch = Scratch::new("running-api");
        let home = home(&scratch);
        let running = started(&home).await;
        running.api.task.abort();
        let outcome = stopped(running).await;
        assert!(matches!(outcome, Err(RunError::Ended { part: API })), "{outcome:?}");
        assert_eq!(
            outcome.unwrap_err().to_string(),
            "the API stopped by itself; the log says why"
        );
        assert!(!home.ready().exists());
    });
}
