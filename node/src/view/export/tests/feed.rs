//! Who applies what is told has what stands in the tables.

use std::collections::BTreeSet;

use protocol::api::Wijzigingsregel;
use protocol::id::RecordId;

use super::*;
use crate::view::tables::{Mark, Table};

const FEDERATION: FederationId = FederationId([1; 32]);

/// What a mirror holds.
#[derive(Default, PartialEq, Debug)]
struct Mirror {
    rows: BTreeMap<String, BTreeSet<String>>,
    mark: String,
    snapshot: Option<Snapshot>,
}

impl Mirror {
    /// Applies lines, and gives how many records they were about and whether that was everything.
    fn apply(&mut self, lines: &[u8]) -> (usize, bool) {
        let (mut records, mut table, mut is_done) = (Vec::new(), String::new(), None);
        for line in std::str::from_utf8(lines).unwrap().lines() {
            assert_eq!(is_done, None, "a line after the last");
            if line.starts_with('[') {
                self.rows.get_mut(&table).unwrap().insert(line.to_owned());
                continue;
            }
            match serde_json::from_str(line).unwrap() {
                Wijzigingsregel::Begin(begin) => {
                    assert_eq!(begin.federatie, FEDERATION);
                    if begin.geheel {
                        self.rows.clear();
                    }
                }
                Wijzigingsregel::Records(these) => records = these,
                Wijzigingsregel::Tabel(head) => {
                    table = head.naam;
                    let rows = self.rows.entry(table.clone()).or_default();
                    rows.retain(|row| !head.geheel && !is_of(row, &table, &records));
                }
                Wijzigingsregel::Einde(end) => {
                    (self.mark, self.snapshot) = (end.merk, end.snapshot);
                    is_done = Some(end.klaar);
                }
            }
        }
        (records.len(), is_done.unwrap())
    }

    /// Asks on until nothing more changed.
    fn follow(&mut self, writer: &Writer, records_max: usize) {
        loop {
            let (records, is_done) = self.apply(&changes(writer, &self.mark, records_max).unwrap());
            assert!(records <= records_max);
            if is_done {
                return;
            }
            assert_eq!((records, self.snapshot), (records_max, None), "a batch halfway");
        }
    }
}

/// Whether a row is of one of these records.
fn is_of(row: &str, table: &str, records: &[RecordId]) -> bool {
    let table = Table::named(table).unwrap();
    let at = table
        .columns
        .iter()
        .position(|column| column.name == table.key[0])
        .unwrap();
    let row: Vec<Value> = serde_json::from_str(row).unwrap();
    records.iter().any(|record| row[at] == json!(record.to_string()))
}

fn changes(writer: &Writer, mark: &str, records_max: usize) -> Option<Vec<u8>> {
    let mark: Mark = mark.parse().unwrap();
    let readers = writer.readers();
    let told = readers.read(|reading| Ok(reading.changes(FEDERATION, mark, records_max)));
    told.unwrap().unwrap()
}

fn everything(writer: &Writer) -> Mirror {
    let (mut mirror, mut lines) = (Mirror::default(), Vec::new());
    let readers = writer.readers();
    let told = readers.read(|reading| Ok(reading.everything(FEDERATION, &mut lines)));
    told.unwrap().unwrap();
    assert!(mirror.apply(&lines).1);
    mirror
}

fn applied(writer: &mut Writer, changes: Vec<Change>, state: u8) {
    let batch = Batch {
        number: u64::from(state),
        changes,
        state: Some(Digest([state; 32])),
        ..Batch::default()
    };
    writer.apply(&batch).unwrap();
}

fn gone(number: u8, content: Content) -> Change {
    let document = DocumentId([number; 32]);
    Change { document, content }
}

#[test]
fn who_follows_has_what_stands_in_the_tables() {
    let scratch = Scratch::new("feed-follow");
    let mut writer = view(&scratch, &[all()]);
    let mut mirror = everything(&writer);
    assert_eq!(mirror.rows["records"].len(), all().len());
    let steps = [
        (1..=5)
            .map(|number| founded(100 + number, &signaal("Erbij.")))
            .collect(),
        vec![gone(1, Content::Withdrawn), gone(101, Content::Gone)],
        // It goes and comes back otherwise, in one step of who follows.
        vec![gone(2, Content::Gone)],
        vec![founded(2, &signaal("Anders dan het was."))],
    ];
    for (step, state) in steps.into_iter().zip(20..) {
        applied(&mut writer, step, state);
        if state != 22 {
            mirror.follow(&writer, 2);
            assert_eq!(mirror, everything(&writer), "step {state}");
            assert!(mirror.snapshot.is_some());
        }
    }
    let mark = mirror.mark.clone();
    let nothing = changes(&writer, &mark, 2).unwrap();
    assert_eq!(
        nothing.iter().filter(|byte| **byte == b'\n').count(),
        2,
        "begin and end"
    );
    writer.set_peilweek(week("2028-W01")).unwrap();
    mirror.follow(&writer, 2);
    assert_eq!(mirror, everything(&writer));
    assert_ne!(mirror.mark, mark);
}

#[test]
fn a_table_that_is_of_no_record_comes_whole_when_it_changed() {
    let scratch = Scratch::new("feed-whole");
    let mut writer = view(&scratch, &[all()]);
    let mut mirror = everything(&writer);
    let before = mirror.rows["stand"].clone();
    let height = Height {
        log: LogId([4; 32]),
        node: NodeKey([5; 32]),
        height: 3,
        head: protocol::id::HeaderHash([6; 32]),
    };
    let batch = Batch {
        number: 30,
        state: Some(Digest([30; 32])),
        heights: vec![height],
        ..Batch::default()
    };
    writer.apply(&batch).unwrap();
    let told = String::from_utf8(changes(&writer, &mirror.mark, 10).unwrap()).unwrap();
    assert!(
        told.contains(r#"{"naam":"stand","geheel":true}"#) && !told.contains("woordenlijst"),
        "{told}"
    );
    mirror.follow(&writer, 10);
    assert_ne!(mirror.rows["stand"], before);
    assert_eq!(mirror, everything(&writer));
}

#[test]
fn nobody_goes_on_from_the_mark_of_another_view() {
    let (scratch, elsewhere) = (Scratch::new("feed-one"), Scratch::new("feed-other"));
    let mut writer = view(&scratch, &[all()]);
    let other = view(&elsewhere, &[all()]);
    let mark = everything(&writer).mark;
    assert!(changes(&writer, &mark, 10).is_some());
    assert!(changes(&other, &mark, 10).is_none(), "of another view");
    let (rest, table) = mark.rsplit_once('.').unwrap();
    let (rest, record) = rest.rsplit_once('.').unwrap();
    let later = format!("{rest}.{}.{table}", record.parse::<i64>().unwrap() + 1);
    assert!(changes(&writer, &later, 10).is_none(), "of what did not happen");
    let (view, _) = rest.split_once('.').unwrap();
    assert!(
        changes(&writer, &format!("{view}.1.{record}.{table}"), 10).is_none(),
        "of another version"
    );
    writer.clear().unwrap();
    assert!(changes(&writer, &mark, 10).is_none(), "of before it was made anew");
    for wrong in [
        "",
        "a.1.2.3",
        &mark[1..],
        &format!("{mark}.1"),
        &mark.replace('.', ".-"),
    ] {
        assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
    }
}
