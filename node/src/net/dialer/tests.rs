//! The dial book over time, without a clock: moments are numbers.

use super::*;

const RETRY_MIN: Duration = Duration::from_millis(200);
const RETRY_MAX: Duration = Duration::from_secs(30);

fn dialer(outbound_max: usize) -> Dialer {
    let limits = Limits {
        outbound_max,
        retry_min: RETRY_MIN,
        retry_max: RETRY_MAX,
        ..Limits::default()
    };
    Dialer::new(NodeKey([0; 32]), &limits, 7)
}

fn node(number: u8) -> NodeKey {
    NodeKey([number; 32])
}

fn listed(port: u16) -> Listed {
    Listed {
        of: None,
        addresses: vec![format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap()],
        wrong: None,
    }
}

fn book(count: u8) -> BTreeMap<NodeKey, Listed> {
    (1..=count)
        .map(|number| (node(number), listed(number.into())))
        .collect()
}

#[test]
fn a_refused_port_is_dialed_ever_less_often() {
    let mut dialer = dialer(8);
    let mut now = Instant::now();
    dialer.set(now, book(1));
    let mut waits = Vec::new();
    for _ in 0..20 {
        assert_eq!(dialer.due(now).len(), 1);
        assert!(dialer.due(now).is_empty(), "one dial at a time");
        assert_eq!(dialer.next(), None);
        dialer.failed(now, node(1), Verbindfout::Geweigerd);
        let next = dialer.next().unwrap();
        assert!(dialer.due(now).is_empty());
        waits.push(next - now);
        now = next;
    }
    for (at, wait) in waits.iter().enumerate() {
        let whole = RETRY_MAX.min(RETRY_MIN * (1 << at.min(16)));
        assert!((whole / 2..=whole).contains(wait), "wait {at} is {wait:?}");
    }
    assert_eq!(
        (dialer.status()[0].failures, dialer.status()[0].error),
        (20, Some(Verbindfout::Geweigerd))
    );
}

#[test]
fn new_addresses_are_dialed_at_once() {
    let mut dialer = dialer(8);
    let now = Instant::now();
    dialer.set(now, book(1));
    dialer.due(now);
    dialer.failed(now, node(1), Verbindfout::Geweigerd);
    dialer.set(now, book(1));
    assert!(dialer.due(now).is_empty(), "the same addresses are no reason");
    dialer.set(now, BTreeMap::from([(node(1), listed(99))]));
    let due = dialer.due(now);
    assert_eq!(due[0].1[0].to_string(), "/ip4/127.0.0.1/tcp/99");
    dialer.set(now, BTreeMap::from([(node(1), listed(98))]));
    assert!(
        dialer.due(now).is_empty(),
        "a dial to the old address is still under way"
    );
    dialer.failed(now, node(1), Verbindfout::Geweigerd);
    assert_eq!(dialer.due(now)[0].1[0].to_string(), "/ip4/127.0.0.1/tcp/98");
}

#[test]
fn a_connection_that_ends_at_once_is_a_failure_and_a_settled_one_is_not() {
    let mut dialer = dialer(8);
    let now = Instant::now();
    dialer.set(now, book(1));
    for failures in 1..=5 {
        let at = dialer.next().unwrap();
        dialer.due(at);
        dialer.connected(at, node(1), true);
        assert!(dialer.status().is_empty());
        dialer.disconnected(at, node(1), false);
        assert_eq!(
            (dialer.status()[0].failures, dialer.status()[0].turned_away),
            (failures, true)
        );
    }
    let at = dialer.next().unwrap();
    dialer.due(at);
    dialer.connected(at, node(1), true);
    dialer.disconnected(at + SETTLED, node(1), false);
    assert_eq!((dialer.status()[0].failures, dialer.status()[0].error), (0, None));
    assert!(!dialer.status()[0].turned_away);
    assert!(dialer.next().unwrap() <= at + SETTLED + RETRY_MIN);
    for _ in 0..5 {
        let at = dialer.next().unwrap();
        dialer.due(at);
        dialer.connected(at, node(1), true);
        dialer.disconnected(at, node(1), true);
        assert_eq!(dialer.status()[0].failures, 0, "it was used before it broke");
        assert!(dialer.next().unwrap() <= at + RETRY_MIN);
    }
}

#[test]
fn who_is_turned_away_for_a_day_keeps_asking_and_does_not_hammer() {
    let mut dialer = dialer(1);
    let begin = Instant::now();
    dialer.set(begin, book(1));
    let (mut at, mut dials) = (begin, 0);
    while at < begin + Duration::from_secs(86_400) {
        assert_eq!(dialer.due(at).len(), 1);
        dialer.connected(at, node(1), true);
        dialer.disconnected(at, node(1), false);
        (at, dials) = (dialer.next().expect("it asks again"), dials + 1);
    }
    let least = 86_400 / Limits::default().retry_max.as_secs();
    assert!((least..2 * least + 20).contains(&dials), "{dials}");
    let found = dialer.status();
    assert!(found[0].turned_away && found[0].error.is_some());
    dialer.due(at);
    dialer.failed(at, node(1), Verbindfout::GeenAntwoord);
    assert!(!dialer.status()[0].turned_away, "another reason now");
}

#[test]
fn only_the_first_in_order_are_dialed_and_failing_ones_get_a_substitute() {
    let mut dialer = dialer(3);
    let mut now = Instant::now();
    dialer.set(now, book(10));
    let first: Vec<NodeKey> = dialer.due(now).into_iter().map(|(peer, _)| peer).collect();
    assert_eq!(first, dialer.order[..3]);
    dialer.connected(now, first[0], true);
    dialer.connected(now, first[1], false);
    for _ in 0..FAILURES_UNTIL_SUBSTITUTE {
        dialer.failed(now, first[2], Verbindfout::Geweigerd);
        now = dialer.next().unwrap();
        let due: Vec<NodeKey> = dialer.due(now).into_iter().map(|(peer, _)| peer).collect();
        if dialer.book[&first[2]].failures < FAILURES_UNTIL_SUBSTITUTE {
            assert_eq!(due, [first[2]]);
        } else {
            assert_eq!(due, [dialer.order[3]], "the substitute, at once");
        }
    }
}

#[test]
fn dials_and_dialed_links_are_bounded() {
    let mut dialer = dialer(20);
    let now = Instant::now();
    dialer.set(now, book(200));
    assert_eq!(dialer.due(now).len(), PENDING_OUTBOUND_MAX);
    assert_eq!(dialer.next(), None, "no room: nothing to wake up for");

    let mut far = Dialer {
        outbound_max: 2,
        ..dialer
    };
    far.set(now, BTreeMap::new());
    far.set(now, book(200));
    let mut at = now;
    let mut links = 0;
    while let Some(next) = far.next() {
        at = at.max(next);
        for (peer, _) in far.due(at) {
            far.connected(at, peer, true);
            links += 1;
            // However many links stand, a health record that calls for substitutes must not add without end.
            far.book.get_mut(&peer).unwrap().failures = FAILURES_UNTIL_SUBSTITUTE;
        }
    }
    assert_eq!(links, 4);
}

#[test]
fn a_peer_without_address_is_known_and_never_dialed() {
    let mut dialer = dialer(8);
    let now = Instant::now();
    dialer.set(now, BTreeMap::from([(node(1), Listed::default())]));
    assert!(dialer.knows(node(1)));
    assert_eq!(dialer.next(), None);
    assert!(dialer.due(now).is_empty());
}
