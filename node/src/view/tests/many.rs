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
fn the_last_whole_state_is_there_while_the_next_comes_in_parts_and_nothing_is_taken_away() {
    let scratch = Scratch::new("view-held");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    let (view, all) = (writer.readers(), many());
    let held = || {
        view.read_held(|reading| {
            assert!(reading.state().is_some());
            reading.count(&Filter::default())
        })
        .unwrap()
    };
    writer.apply(&batch(&all[..10], false)).unwrap();
    assert_eq!(held(), None, "there was none yet");
    writer.apply(&batch(&all[..10], true)).unwrap();
    assert_eq!(held(), None, "what is shown is whole");
    for end in [20, 30] {
        writer.apply(&batch(&all[10..end], false)).unwrap();
        assert_eq!(held(), Some(10));
    }
    writer.apply(&batch(&all[30..40], true)).unwrap();
    assert_eq!(held(), None);
    writer.apply(&batch(&all[40..50], false)).unwrap();
    assert_eq!(held(), Some(40));
    let gone = Change {
        content: Content::Gone,
        ..all[0].clone()
    };
    writer.apply(&batch(&[gone], false)).unwrap();
    assert_eq!(held(), None, "what is gone is not shown");
    writer.apply(&batch(&all[50..60], true)).unwrap();
    for number in 0..40 {
        writer.apply(&batch(&all[60..61], false)).unwrap();
        assert_eq!(held().is_some(), number < 16, "the log does not grow for ever");
    }
}
