//! What many at once changes: nothing that anybody sees, but for whom waits.

use protocol::record::Kind;

use super::*;

/// More changes than are read together.
fn many() -> Vec<Change> {
    let typed = |number: u8| match number % 3 {
        0 => knelpunt("Twee loketten", "wonen"),
        1 => signaal("Hetzelfde hier.", Some(RecordId([number - 1; 20]))),
        _ => signaal("Iets anders.", None),
    };
    let mut all: Vec<Change> = (0..180)
        .map(|number| founded(number, 9901 + u16::from(number % 4), &typed(number)))
        .collect();
    all[100].content = Content::Unreadable {
        gemeente: gemeente(9901),
    };
    all
}

#[test]
fn a_batch_of_many_writes_what_many_batches_write() {
    let scratch = Scratch::new("view-many");
    let all = many();
    let together = filled(&scratch, "together", &[batch(&all, true)]);
    let apart: Vec<Batch> = all.chunks(7).map(|part| batch(part, true)).collect();
    let apart = filled(&scratch, "apart", &apart);
    let of = |view: &Readers| listed(view, &Filter::default());
    assert_eq!(of(&together).len(), 179);
    assert_eq!(of(&together), of(&apart));
}

#[test]
fn how_many_there_are_is_how_many_are_listed_whatever_came_and_went() {
    let scratch = Scratch::new("view-counted");
    let mut writer = Writer::open(&scratch.path().join("v")).unwrap();
    let all = many();
    let gone: Vec<Change> = all[..40]
        .iter()
        .map(|change| Change {
            content: Content::Gone,
            ..change.clone()
        })
        .collect();
    let view = writer.readers();
    for changes in [&all[..90], &all[..], &gone[..], &all[..20], &[]] {
        match changes.is_empty() {
            true => writer.clear().unwrap(),
            false => writer.apply(&batch(changes, true)).unwrap(),
        }
        for kind in [None, Some(Kind::Signaal), Some(Kind::Knelpunt), Some(Kind::Les)] {
            let filter = Filter {
                kind,
                ..Filter::default()
            };
            let mut there = 0;
            let counted = view.read(|reading| {
                reading.records(&filter, None, week(), &mut |_| {
                    there += 1;
                    ControlFlow::Continue(())
                })?;
                reading.count(&filter)
            });
            assert_eq!(counted.unwrap(), there, "{kind:?}");
            assert_eq!(there > 0, !changes.is_empty() && kind != Some(Kind::Les));
        }
    }
}

#[test]
fn a_view_opens_at_once_however_much_its_index_lacks() {
    let scratch = Scratch::new("view-behind");
    let path = scratch.path().join("v");
    // More than one commit of the index takes.
    let withdrawn = (0..5_001_u32).map(|number| Change {
        document: DocumentId(protocol::id::hash("test", &[&number.to_be_bytes()])),
        content: Content::Withdrawn,
    });
    let mut writer = Writer::open(&path).unwrap();
    writer.apply(&batch(&many(), true)).unwrap();
    writer.index_some().unwrap();
    assert!(!writer.is_behind());
    writer.apply(&batch(&withdrawn.collect::<Vec<_>>(), true)).unwrap();
    assert!(writer.is_behind() && writer.owes());
    drop(writer);
    let mut writer = Writer::open(&path).unwrap();
    assert!(
        writer.is_behind() && writer.owes(),
        "it was all done before anybody could ask"
    );
    while writer.is_behind() {
        writer.index_some().unwrap();
    }
    writer.settle().unwrap();
    assert!(!writer.owes());
}
