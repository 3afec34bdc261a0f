//! Bytes that went wrong somewhere, for tests of what reads them. Only there when tests are built.

use protocol::entropy::Seeded;

/// Bytes that mean something to one reader or another.
const TELLING: &[u8] = b"\0\x01\x7f\x80\xff\n;\"{}[]0-,:";

/// Changes, cuts, doubles and inserts a few bytes.
pub(crate) fn mutate(bytes: &mut Vec<u8>, rng: &mut Seeded) {
    for _ in 0..=rng.below(3) {
        let at = rng.below(bytes.len() as u64 + 1) as usize;
        match rng.below(6) {
            0 if rng.chance(1, 4) => bytes.truncate(at),
            1 => bytes.insert(at, rng.next() as u8),
            2 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            3 if at < bytes.len() => bytes[at] = TELLING[rng.below(TELLING.len() as u64) as usize],
            4 if at < bytes.len() => {
                bytes.remove(at);
            }
            _ => {
                let end = (at + rng.below(20) as usize).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
}
