//! Writes changes by hand: valid to begin with, then anything.

use sha2::{Digest, Sha256};

use crate::document::input::Input;

/// Column numbers, written out here a second time on purpose.
pub(super) const KEY: u64 = 21;
pub(super) const INSERT: u64 = 52;
pub(super) const ACTION: u64 = 66;
pub(super) const VALUE_META: u64 = 86;
pub(super) const VALUE: u64 = 87;
pub(super) const PRED_COUNT: u64 = 112;
pub(super) const PRED_ACTOR: u64 = 113;
pub(super) const PRED_COUNTER: u64 = 115;

/// The parts of a change, before they become bytes.
#[derive(Debug, Clone)]
pub(super) struct Forge {
    pub(super) chunk_type: u8,
    pub(super) dependencies: Vec<[u8; 32]>,
    pub(super) actor: Vec<u8>,
    pub(super) seq: u64,
    pub(super) start_op: u64,
    pub(super) time: i64,
    pub(super) message: Vec<u8>,
    pub(super) others: Vec<Vec<u8>>,
    pub(super) columns: Vec<(u64, Vec<u8>)>,
    pub(super) extra: Vec<u8>,
}

impl Forge {
    /// A valid change that depends on nothing and writes `true` under one key.
    pub(super) fn root() -> Self {
        Self {
            chunk_type: 1,
            dependencies: vec![],
            actor: vec![7; 16],
            seq: 1,
            start_op: 1,
            time: 0,
            message: vec![],
            others: vec![],
            columns: vec![
                (KEY, literal([text("a")])),
                (INSERT, unsigned(1)),
                (ACTION, literal([unsigned(1)])),
                (VALUE_META, literal([unsigned(2)])),
                (PRED_COUNT, literal([unsigned(0)])),
            ],
            extra: vec![],
        }
    }

    /// A valid change after operation `start_op - 1`, with one dependency.
    pub(super) fn later(start_op: u64) -> Self {
        Self {
            dependencies: vec![[1; 32]],
            start_op,
            ..Self::root()
        }
    }

    /// The parts of a change that automerge wrote.
    pub(super) fn of(change: &[u8]) -> Self {
        let mut input = Input::new(&change[8..]);
        let chunk_type = input.byte().unwrap();
        input.unsigned().unwrap();
        let count = input.unsigned().unwrap();
        let dependencies = (0..count).map(|_| *input.array().unwrap()).collect();
        let actor = prefixed(&mut input);
        let (seq, start_op) = (input.unsigned().unwrap(), input.unsigned().unwrap());
        let (time, message) = (input.signed().unwrap(), prefixed(&mut input));
        let count = input.unsigned().unwrap();
        let others = (0..count).map(|_| prefixed(&mut input)).collect();
        let count = input.unsigned().unwrap();
        let specs: Vec<_> = (0..count)
            .map(|_| (input.unsigned().unwrap(), input.unsigned().unwrap()))
            .collect();
        let columns = specs
            .into_iter()
            .map(|(number, length)| (number, input.take(length).unwrap().to_vec()));
        Self {
            chunk_type,
            dependencies,
            actor,
            seq,
            start_op,
            time,
            message,
            others,
            columns: columns.collect(),
            extra: input.take(input.len() as u64).unwrap().to_vec(),
        }
    }

    /// Replaces a column, or puts it where its number belongs.
    pub(super) fn with(mut self, number: u64, bytes: Vec<u8>) -> Self {
        self.columns.retain(|(present, _)| *present != number);
        self.columns.push((number, bytes));
        self.columns.sort();
        self
    }

    pub(super) fn contents(&self) -> Vec<u8> {
        let mut out = unsigned(self.dependencies.len() as u64);
        out.extend(self.dependencies.concat());
        out.extend(with_length(&self.actor));
        out.extend([unsigned(self.seq), unsigned(self.start_op), signed(self.time)].concat());
        out.extend(with_length(&self.message));
        out.extend(unsigned(self.others.len() as u64));
        self.others.iter().for_each(|actor| out.extend(with_length(actor)));
        out.extend(unsigned(self.columns.len() as u64));
        for (number, bytes) in &self.columns {
            out.extend([unsigned(*number), unsigned(bytes.len() as u64)].concat());
        }
        self.columns.iter().for_each(|(_, bytes)| out.extend(bytes));
        out.extend(&self.extra);
        out
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        seal(self.chunk_type, &self.contents())
    }
}

/// Contents with the frame of a chunk around them; the checksum is right.
pub(super) fn seal(chunk_type: u8, contents: &[u8]) -> Vec<u8> {
    let hashed = [&[chunk_type], &unsigned(contents.len() as u64)[..], contents].concat();
    let checksum = &Sha256::digest(&hashed)[..4];
    [&[0x85, 0x6f, 0x4a, 0x83], checksum, &hashed].concat()
}

pub(super) fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = vec![];
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

pub(super) fn signed(mut value: i64) -> Vec<u8> {
    let mut out = vec![];
    while !(-64..64).contains(&value) {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8 & 0x7f);
    out
}

pub(super) fn text(text: &str) -> Vec<u8> {
    with_length(text.as_bytes())
}

/// One element, so many times.
pub(super) fn run(count: i64, element: Vec<u8>) -> Vec<u8> {
    [signed(count), element].concat()
}

/// These elements as automerge writes them: runs where neighbours are equal.
pub(super) fn column(elements: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let elements: Vec<_> = elements.into_iter().collect();
    let mut out = vec![];
    let mut singles: Vec<Vec<u8>> = vec![];
    for same in elements.chunk_by(|a, b| a == b) {
        if same.len() == 1 {
            singles.push(same[0].clone());
            continue;
        }
        if !singles.is_empty() {
            out.extend(literal(singles.drain(..)));
        }
        out.extend(run(same.len() as i64, same[0].clone()));
    }
    if !singles.is_empty() {
        out.extend(literal(singles));
    }
    out
}

/// These elements, one by one.
pub(super) fn literal(elements: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let elements: Vec<_> = elements.into_iter().collect();
    [signed(-(elements.len() as i64)), elements.concat()].concat()
}

fn with_length(bytes: &[u8]) -> Vec<u8> {
    [unsigned(bytes.len() as u64), bytes.to_vec()].concat()
}

fn prefixed(input: &mut Input<'_>) -> Vec<u8> {
    let length = input.unsigned().unwrap();
    input.take(length).unwrap().to_vec()
}
