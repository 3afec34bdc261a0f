//! Every message within its limits is read back and nothing else is; no bytes end the process.

use super::super::fragment::{Meaning, Nonce};
use super::super::limits::*;
use super::super::*;
use crate::charter::STATEMENT_BYTES_MAX;
use crate::entropy::{Entropy, Seeded};
use crate::id::{Digest, LogId};
use crate::log::{HEADER_BYTES_MAX, PAYLOAD_BYTES_MAX, Payload};
use crate::wire::ReadError;

const NONCE: Nonce = Nonce([7; 8]);

fn sent(header: usize, payload: usize) -> Sent {
    Sent {
        header: vec![1; header],
        signature: [2; 64],
        payload: Payload::Held {
            salt: [3; 16],
            bytes: vec![4; payload],
        },
    }
}

fn erased() -> Sent {
    Sent {
        payload: Payload::Erased,
        ..sent(192, 0)
    }
}

fn want(node: usize, haves: usize) -> Want {
    let have = |n: usize| Have {
        log: n as u32,
        hold: if n.is_multiple_of(3) {
            Hold::Enough
        } else {
            Hold::At {
                held: n as u64,
                head: 9,
            }
        },
    };
    Want {
        node: node as u32,
        haves: (0..haves).map(have).collect(),
    }
}

fn requests() -> Vec<Request> {
    vec![
        Request::Compare {
            digest: Digest([1; 32]),
            statements: Digest([2; 32]),
            nonce: NONCE,
            listed: true,
        },
        Request::Statements {
            nonce: NONCE,
            held: vec![1, 2, u64::MAX],
        },
        Request::Pull {
            nonce: NONCE,
            wants: vec![want(5, 0), want(6, 4)],
        },
        Request::Header {
            log: LogId([3; 32]),
            seq: 300,
        },
    ]
}

fn responses() -> Vec<Response> {
    vec![
        Response::Equal,
        Response::StatementsDiffer,
        Response::Parts(vec![3, 1, 2]),
        Response::Listed(vec![(1, 9), (2, 0), (2, 1)]),
        Response::Statements {
            more: true,
            statements: vec![vec![1; 200], vec![]],
        },
        Response::Entries {
            more: false,
            runs: vec![vec![sent(192, 130), erased()], vec![sent(200, 0)]],
            forks: vec![8],
        },
        Response::Header(None),
        Response::Header(Some(SentHeader {
            bytes: vec![6; 192],
            signature: [5; 64],
        })),
        Response::Busy { retry_ms: 20 },
        Response::Unknown { version: 2, kind: 99 },
    ]
}

fn round<B: Body + Clone + PartialEq + std::fmt::Debug>(body: &B) -> Result<usize, FrameError> {
    let bytes = Frame::from(body.clone()).encode();
    let read = Frame::<B>::decode(&bytes)?;
    assert_eq!(read, Frame::from(body.clone()));
    Ok(bytes.len())
}

#[test]
fn every_message_is_read_back() {
    for request in requests() {
        round(&request).unwrap();
    }
    for response in responses() {
        round(&response).unwrap();
    }
    round(&Hint {
        digest: Digest([1; 32]),
    })
    .unwrap();
}

#[test]
fn a_round_of_equals_fits_in_two_hundred_bytes() {
    let asked = round(&requests()[0]).unwrap();
    let answered = round(&Response::Equal).unwrap();
    assert!(asked + answered <= 80, "{asked} + {answered}");
}

#[test]
fn an_entry_costs_little_more_than_itself() {
    let entries = |count| Response::Entries {
        more: false,
        runs: vec![vec![sent(192, 400); count]],
        forks: vec![],
    };
    let (one, many) = (round(&entries(1)).unwrap(), round(&entries(101)).unwrap());
    // The header is the same each time, so next to nothing of it is sent again.
    assert!((many - one) / 100 <= 400 + 64 + 16 + 5);
}

#[test]
fn a_header_is_sent_as_what_differs_and_in_one_way_only() {
    let mut other = sent(192, 0);
    other.header[100] = 9;
    let runs = vec![vec![sent(192, 0), other], vec![sent(193, 0)], vec![sent(10, 0)]];
    let answer = Response::Entries {
        more: false,
        runs,
        forks: vec![],
    };
    let alone = round(&Response::Entries {
        more: false,
        runs: vec![vec![sent(192, 0)]],
        forks: vec![],
    })
    .unwrap();
    assert!(round(&answer).unwrap() < alone + 92 + 92 + 3 * (64 + 16 + 6));
    // The second header says that it shares 99 bytes, although the hundredth is the same too.
    let mut bytes = Frame::from(answer).encode();
    let at = bytes.windows(3).position(|window| window == [100, 92, 9]).unwrap();
    bytes.splice(at..at + 2, [99, 93, 1]);
    assert!(Frame::<Response>::decode(&bytes).is_err());
}

/// Whether a list of `limit - 1` and `limit` is read and one of `limit + 1` is refused for its count.
fn bounds<B: Body + Clone + PartialEq + std::fmt::Debug>(limit: usize, of: impl Fn(usize) -> B) {
    for count in [limit - 1, limit] {
        round(&of(count)).unwrap();
    }
    let over = round(&of(limit + 1));
    assert!(
        matches!(over, Err(FrameError::Form(ReadError::Limit { .. }))),
        "{over:?}"
    );
}

#[test]
fn request_limits_hold_at_below_and_above() {
    bounds(HELD_MAX, |count| Request::Statements {
        nonce: NONCE,
        held: (0..count as u64).collect(),
    });
    bounds(WANTS_MAX, |count| Request::Pull {
        nonce: NONCE,
        wants: (0..count).map(|node| want(node, 1)).collect(),
    });
    bounds(HAVES_MAX, |count| Request::Pull {
        nonce: NONCE,
        wants: vec![want(5, count)],
    });
    bounds(HAVES_MAX, |count| Request::Pull {
        nonce: NONCE,
        wants: vec![want(5, count - 9), want(6, 9)],
    });
    round(&Request::Header {
        log: LogId([0; 32]),
        seq: u64::MAX,
    })
    .unwrap();
}

#[test]
fn response_limits_hold_at_below_and_above() {
    let entries = |runs| Response::Entries {
        more: false,
        runs,
        forks: vec![],
    };
    bounds(NODES_MAX, |count| Response::Parts(vec![1; count]));
    bounds(NODES_MAX, |count| {
        Response::Listed((0..count as u32).map(|n| (n, 7)).collect())
    });
    bounds(STATEMENTS_MAX, |count| Response::Statements {
        more: true,
        statements: vec![vec![1]; count],
    });
    bounds(STATEMENT_BYTES_MAX, |len| Response::Statements {
        more: true,
        statements: vec![vec![1; len]],
    });
    bounds(RUNS_MAX, |count| entries(vec![vec![sent(1, 0)]; count]));
    bounds(RUN_ENTRIES_MAX, |count| entries(vec![vec![sent(1, 0); count]]));
    bounds(HEADER_BYTES_MAX, |len| entries(vec![vec![sent(len, 1)]]));
    bounds(HEADER_BYTES_MAX, |len| entries(vec![vec![sent(192, 1), sent(len, 1)]]));
    bounds(PAYLOAD_BYTES_MAX, |len| entries(vec![vec![sent(192, len)]]));
    bounds(FORKS_MAX, |count| Response::Entries {
        more: false,
        runs: vec![],
        forks: vec![1; count],
    });
    bounds(HEADER_BYTES_MAX, |len| {
        Response::Header(Some(SentHeader {
            bytes: vec![6; len],
            signature: [5; 64],
        }))
    });
    bounds(BUSY_MS_MAX as usize, |ms| Response::Busy { retry_ms: ms as u64 });
}

#[test]
fn a_frame_is_at_most_a_chunk_and_its_framing() {
    let big = |last| Response::Entries {
        more: true,
        runs: vec![vec![sent(192, PAYLOAD_BYTES_MAX); 16], vec![sent(192, last)]],
        forks: vec![],
    };
    let rest = FRAME_BYTES_MAX - (round(&big(20_000)).unwrap() - 20_000);
    for (last, fits) in [(rest - 1, true), (rest, true), (rest + 1, false)] {
        let read = round(&big(last));
        assert_eq!(read.is_ok(), fits, "{last}");
        assert_eq!(matches!(read, Err(FrameError::TooLarge { .. })), !fits);
    }
}

#[test]
fn what_a_later_version_adds_is_kept_and_bounded() {
    let with = |count: u64, bytes: usize| {
        let mut frame = Frame::from(requests()[0].clone());
        (0..count).for_each(|tag| {
            frame.extension.set(tag, vec![1; bytes / count as usize]);
        });
        frame
    };
    for (count, bytes, fits) in [
        (1, EXTENSION_BYTES_MAX - 1, true),
        (1, EXTENSION_BYTES_MAX, true),
        (1, EXTENSION_BYTES_MAX + 1, false),
        (EXTENSION_FIELDS_MAX as u64, 16, true),
        (EXTENSION_FIELDS_MAX as u64 + 1, 17, false),
    ] {
        let frame = with(count, bytes);
        let read = Frame::decode(&frame.encode());
        assert_eq!(read.as_ref().ok(), fits.then_some(&frame));
    }
    let mut empty = Frame::from(Response::Equal).encode();
    empty.push(0);
    assert!(
        Frame::<Response>::decode(&empty).is_err(),
        "an empty extension has no bytes"
    );
}

#[test]
fn unknown_versions_and_types_are_told_apart_from_nonsense() {
    let unknown = |bytes: &[u8]| matches!(Frame::<Request>::decode(bytes), Err(FrameError::Unknown { .. }));
    assert!(unknown(&[2, 1, 9, 9]) && unknown(&[1, 77]) && unknown(&[1, 0x81]));
    assert!(!unknown(&[1]) && !unknown(&[]) && !unknown(&[1, 1, 0]));
}

#[test]
fn only_the_one_encoding_is_read() {
    let listed = Frame::from(Response::Listed(vec![(2, 0), (1, 0)])).encode();
    let held = Frame::from(Request::Statements {
        nonce: NONCE,
        held: vec![4, 4],
    })
    .encode();
    let no_run = Frame::from(Response::Entries {
        more: false,
        runs: vec![vec![]],
        forks: vec![],
    })
    .encode();
    let mut twice = want(5, 3);
    twice.haves[2] = twice.haves[1];
    for wants in [
        vec![want(5, 1), want(5, 2)],
        vec![want(6, 0), want(5, 0)],
        vec![twice],
        vec![Want {
            node: 5,
            haves: want(5, 3).haves.into_iter().rev().collect(),
        }],
    ] {
        let pull = Frame::from(Request::Pull { nonce: NONCE, wants }).encode();
        assert!(Frame::<Request>::decode(&pull).is_err());
    }
    assert!(Frame::<Response>::decode(&listed).is_err());
    assert!(Frame::<Request>::decode(&held).is_err());
    assert!(Frame::<Response>::decode(&no_run).is_err());
}

/// Changes, cuts, doubles and inserts a few bytes.
fn mutate(bytes: &mut Vec<u8>, rng: &mut Seeded) {
    for _ in 0..=rng.below(4) {
        let at = rng.below(bytes.len() as u64 + 1) as usize;
        match rng.below(5) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, rng.next() as u8),
            2 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            3 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][rng.below(5) as usize],
            _ => {
                let tail = bytes[at..].to_vec();
                bytes.extend_from_slice(&tail);
            }
        }
    }
}

fn hammer<B: Body>(samples: &[Vec<u8>], seed: u64) -> (u64, u64) {
    let mut rng = Seeded::new(seed);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        let mut bytes = samples[round % samples.len()].clone();
        mutate(&mut bytes, &mut rng);
        match Frame::<B>::decode(&bytes) {
            Ok(frame) => {
                assert_eq!(frame.encode(), bytes, "seed {seed}, round {round}");
                read += 1;
            }
            Err(_) => refused += 1,
        }
    }
    (read, refused)
}

#[test]
fn a_hundred_thousand_mutations_per_decoder_do_no_harm() {
    let mut extended = Frame::from(requests()[2].clone());
    extended.extension.set(3, *b"later").set(900, *b"much later");
    let mut asked: Vec<Vec<u8>> = requests().into_iter().map(|body| Frame::from(body).encode()).collect();
    asked.push(extended.encode());
    let answered: Vec<Vec<u8>> = responses().into_iter().map(|body| Frame::from(body).encode()).collect();
    let hinted = [Frame::from(Hint {
        digest: Digest([1; 32]),
    })
    .encode()];
    for (read, refused) in [
        hammer::<Request>(&asked, 1),
        hammer::<Response>(&answered, 2),
        hammer::<Hint>(&hinted, 3),
    ] {
        assert!(read > 0 && refused > 0, "{read} read, {refused} refused");
    }
}

#[test]
fn random_bytes_behind_every_type_do_no_harm() {
    let mut rng = Seeded::new(4);
    for round in 0..100_000_u32 {
        let mut bytes = vec![0; rng.below(300) as usize + 2];
        rng.fill(&mut bytes);
        (bytes[0], bytes[1]) = (1, [1, 2, 3, 4, 0x83, 0x84, 0x85, 0x86, 0x87][round as usize % 9]);
        if let Ok(frame) = Frame::<Request>::decode(&bytes) {
            assert_eq!(frame.encode(), bytes);
        }
        if let Ok(frame) = Frame::<Response>::decode(&bytes) {
            assert_eq!(frame.encode(), bytes);
        }
    }
}

#[test]
fn fragments_depend_on_nonce_and_meaning() {
    let mut rng = Seeded::new(5);
    let (one, other) = (Nonce::draw(&mut rng), Nonce::draw(&mut rng));
    let fragments = [
        one.long(Meaning::Log, b"x"),
        other.long(Meaning::Log, b"x"),
        one.long(Meaning::Head, b"x"),
        one.long(Meaning::Log, b"y"),
    ];
    let distinct: std::collections::BTreeSet<u64> = fragments.into_iter().collect();
    assert_eq!(distinct.len(), fragments.len());
    assert_eq!(u64::from(one.short(Meaning::Log, b"x")), fragments[0] >> 32);
}
