//! What comes from outside can be anything: every decoder takes what is well made, and anything else without harm.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use protocol::entropy::{Entropy as _, Seeded};
use tests::{decoders, samples, scope};

/// Mutated inputs per decoder, and when nothing is left out.
const MUTATIONS: u64 = 100_000;
const MUTATIONS_FULL: u64 = 1_000_000;
/// Of the decoder of what people type, which takes a thousand times as long for one.
const SLOW: (&str, u64) = ("intake", 50);

fn corpus(decoder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(decoder)
}

/// What is kept for a decoder: seeds, and inputs that once did harm.
fn kept(decoder: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(corpus(decoder)).unwrap_or_else(|error| panic!("{decoder}: {error}"));
    let mut kept: Vec<(String, Vec<u8>)> = files
        .map(|file| file.expect("the directory can be read"))
        .map(|file| {
            let bytes = fs::read(file.path()).expect("a kept input can be read");
            (file.file_name().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    kept.sort();
    kept
}

#[test]
fn what_is_well_made_is_taken() {
    for (name, decoder) in decoders::ALL {
        let samples = samples::of(name);
        let taken = samples.iter().filter(|sample| decoder(sample)).count();
        // The last thing that people type is no record but a note.
        let notes = usize::from(name == "intake");
        assert_eq!(taken + notes, samples.len(), "{name}");
    }
}

#[test]
fn every_kept_input_does_no_harm_and_every_decoder_has_some() {
    let bless = std::env::var("LEERKRING_BLESS").is_ok_and(|value| value == "1");
    for (name, decoder) in decoders::ALL {
        if bless {
            write_seeds(name);
        }
        let kept = kept(name);
        assert!(
            kept.len() >= samples::of(name).len(),
            "{name} has a seed for each of its samples"
        );
        for (_, bytes) in kept {
            decoder(&bytes);
        }
    }
    let known: BTreeSet<&str> = decoders::ALL.iter().map(|(name, _)| *name).collect();
    for directory in fs::read_dir(corpus(".")).unwrap() {
        let name = directory.unwrap().file_name();
        assert!(known.contains(&*name.to_string_lossy()), "{name:?} is no decoder");
    }
}

fn write_seeds(name: &str) {
    fs::create_dir_all(corpus(name)).expect("the tree can be written");
    for (at, sample) in samples::of(name).iter().enumerate() {
        fs::write(corpus(name).join(format!("seed-{at}")), sample).expect("the tree can be written");
    }
}

#[test]
fn a_hundred_thousand_mutations_of_what_is_kept_do_no_harm_to_any_decoder() {
    let mutations = if scope::full() { MUTATIONS_FULL } else { MUTATIONS };
    if !scope::full() {
        scope::left_out(&format!("mutated inputs: {MUTATIONS} of {MUTATIONS_FULL} per decoder"));
    }
    for (name, decoder) in decoders::ALL {
        let kept = kept(name);
        let mut rng = Seeded::new(11);
        let times = if name == SLOW.0 { mutations / SLOW.1 } else { mutations };
        let mut taken = 0;
        for round in 0..times {
            let mut bytes = kept[rng.below(kept.len() as u64) as usize].1.clone();
            let other = &kept[rng.below(kept.len() as u64) as usize].1;
            (0..=rng.below(4)).for_each(|_| mutate(&mut bytes, other, &mut rng));
            taken += u64::from(decoder(&bytes));
            // A panic says which input it was only when it is known before.
            assert!(bytes.len() < 1 << 20, "{name}, round {round}");
        }
        assert!(taken < times, "{name} refuses something");
    }
}

/// A bit, a byte, a piece taken out, doubled or of another input.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], rng: &mut Seeded) {
    let at = |len: usize, rng: &mut Seeded| rng.below(len as u64 + 1) as usize;
    let (from, to) = (at(bytes.len(), rng), at(bytes.len(), rng));
    let (from, to) = (from.min(to), from.max(to));
    match rng.below(6) {
        0 if from < bytes.len() => bytes[from] ^= 1 << rng.below(8),
        1 if from < bytes.len() => bytes[from] = [0, 1, 0x7f, 0x80, 0xff][rng.below(5) as usize],
        2 => drop(bytes.drain(from..to)),
        3 if bytes.len() < 4_096 => drop(bytes.splice(from..from, bytes[from..to].to_vec())),
        4 if bytes.len() < 4_096 => {
            let piece = at(other.len(), rng);
            drop(bytes.splice(from..to, other[piece..].to_vec()));
        }
        _ => bytes.extend(rng.bytes::<3>()),
    }
}
