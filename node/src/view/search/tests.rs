//! The index finds what the view shows, in one order, and forgets what went.

use protocol::entropy::Seeded;
use protocol::gate::{Account, Approval, Draft, Known, Policy, screen};
use protocol::id::{Digest, DocumentId, Gemeente, LogId, RecordId, Week};
use protocol::{document, record};
use serde_json::json;

use super::*;
use crate::scratch::Scratch;
use crate::view::{Batch, Change, Content, Fits, Readers, Writer};

fn week() -> Week {
    "2026-W10".parse().unwrap()
}

/// A document of one change, with the number as its id.
fn signaal(number: u8, by: u16, thema: &str, tekst: &str) -> Change {
    let gemeente = Gemeente::new(by).unwrap();
    let intake = record::Intake {
        gemeente,
        week: week(),
        kind: None,
    };
    let typed = json!({"soort": "signaal", "week": "2026-W07", "aard": "knelpunt", "thema": [thema],
        "laag": "uitvoering", "overdracht": true, "tekst": tekst});
    let draft = Draft::new(record::read_json(&typed, &intake).unwrap(), Known::default());
    let screened = screen(draft, &Policy::default());
    let approval = Approval::after_reading(Account::new("tester").unwrap(), &screened);
    let record = screened.approve(approval).unwrap().release(&|_| None).0;
    let document = DocumentId([number; 32]);
    let change = document::found(document::actor(LogId([by as u8; 32]), document), &record).unwrap();
    Change {
        document,
        content: Content::Changes {
            gemeente,
            kind: record.kind().number(),
            changes: vec![change],
        },
    }
}

fn changes() -> Vec<Change> {
    vec![
        signaal(
            1,
            9901,
            "wonen",
            "De aanvraag voor een briefadres werd geweigerd aan de balie.",
        ),
        signaal(
            2,
            9902,
            "wonen",
            "Iemand zonder vaste woonplek krijgt geen postadres en dus geen uitkering.",
        ),
        signaal(
            3,
            9903,
            "schulden",
            "Schuldhulpverlening wacht op de beschikking van een ander loket.",
        ),
        signaal(4, 9901, "jeugd", "Jongeren wachten lang op jeugdhulp."),
        signaal(5, 9902, "jeugd", "Jongeren wachten lang op jeugdhulp."),
    ]
}

fn batch(changes: &[Change]) -> Batch {
    Batch {
        changes: changes.to_vec(),
        state: Some(Digest([9; 32])),
        ..Batch::default()
    }
}

fn caught_up(writer: &mut Writer) {
    while writer.is_behind() {
        writer.index_some().unwrap();
    }
}

fn filled(scratch: &Scratch, name: &str, parts: &[&[Change]]) -> (Writer, Readers) {
    let mut writer = Writer::open(&scratch.path().join(name)).unwrap();
    for part in parts {
        writer.apply(&batch(part)).unwrap();
        caught_up(&mut writer);
    }
    let readers = writer.readers();
    (writer, readers)
}

fn ask(readers: &Readers, text: &str) -> Fits {
    let asked = Asked {
        text: text.to_owned(),
        take: 10,
        ..Asked::default()
    };
    readers.search(&asked, week()).unwrap()
}

/// The first byte of the id of each record that was found, in order.
fn found(fits: &Fits) -> Vec<u8> {
    let id = |id: &record::Reference| match id {
        record::Reference::Record(RecordId(bytes)) => bytes[0],
        record::Reference::Local(_) => 0,
    };
    fits.found.iter().map(|fits| id(&fits.record.id)).collect()
}

#[test]
fn a_word_is_found_in_every_form_in_a_compound_and_under_another_name() {
    let scratch = Scratch::new("search-words");
    let (_writer, readers) = filled(&scratch, "v", &[&changes()]);
    assert_eq!(
        found(&ask(&readers, "briefadres")),
        [1, 2],
        "as it is typed comes first"
    );
    assert_eq!(found(&ask(&readers, "Weigering briefadressen")), [1]);
    assert_eq!(found(&ask(&readers, "schuld")), [3]);
    assert_eq!(found(&ask(&readers, "dakloze")), [2]);
    let both = ask(&readers, "wachten");
    assert_eq!(
        found(&both),
        [4, 5, 3],
        "equal texts stand in order of id, a longer one behind"
    );
    assert_eq!((both.total, both.has_all), (3, true));
    assert_eq!(both.facets["thema"]["jeugd"], 2);
    assert_eq!(both.facets["gemeente"]["GM9901"], 1);
    let some = ask(&readers, "briefadres zeppelin");
    assert_eq!((found(&some), some.has_all), (vec![1, 2], false));
    assert_eq!(found(&ask(&readers, "zeppelin")), Vec::<u8>::new());
    let why = &ask(&readers, "postadres").found[0].matched;
    assert_eq!(&why.text[why.places[0].clone()], "postadres");
}

#[test]
fn filters_leave_out_what_does_not_pass() {
    let scratch = Scratch::new("search-filters");
    let (_writer, readers) = filled(&scratch, "v", &[&changes()]);
    let asked = |change: &dyn Fn(&mut Asked)| {
        let mut asked = Asked {
            text: "wachten".to_owned(),
            take: 10,
            ..Asked::default()
        };
        change(&mut asked);
        found(&readers.search(&asked, week()).unwrap())
    };
    let theme = |asked: &mut Asked| drop(asked.codes.insert("thema".to_owned(), vec!["schulden".to_owned()]));
    assert_eq!(asked(&theme), [3]);
    assert_eq!(
        asked(&|asked| asked.gemeenten = vec![Gemeente::new(9902).unwrap()]),
        [5]
    );
    assert_eq!(asked(&|asked| asked.kinds = vec![record::Kind::Les]), Vec::<u8>::new());
    assert_eq!(asked(&|asked| asked.since = Some("2026-W07".parse().unwrap())).len(), 3);
    assert_eq!(asked(&|asked| asked.since = Some("2026-W08".parse().unwrap())).len(), 0);
    assert_eq!(asked(&|asked| asked.until = Some("2026-W06".parse().unwrap())).len(), 0);
}

#[test]
fn the_order_depends_on_the_records_alone() {
    let scratch = Scratch::new("search-order");
    let (_writer, whole) = filled(&scratch, "whole", &[&changes()]);
    let asked = ["wachten op een loket", "jongeren", "uitkering beschikking balie"];
    let answers = |readers: &Readers| {
        asked.map(|text| {
            let fits = ask(readers, text);
            (
                found(&fits),
                fits.found.iter().map(|fits| fits.score).collect::<Vec<_>>(),
                fits.facets,
            )
        })
    };
    let expected = answers(&whole);
    let mut rng = Seeded::new(3);
    let mut all = changes();
    for round in 0..6 {
        rng.shuffle(&mut all);
        // Something that is deleted again lies in the segments meanwhile, and records that came twice.
        let extra = signaal(99, 9903, "jeugd", "Jongeren wachten op een loket.");
        let gone = Change {
            document: extra.document,
            content: Content::Gone,
        };
        let parts: Vec<&[Change]> = all.chunks(1 + rng.below(3) as usize).collect();
        let (mut writer, readers) = filled(&scratch, &round.to_string(), &parts);
        writer.apply(&batch(&[extra, all[0].clone()])).unwrap();
        caught_up(&mut writer);
        writer.apply(&batch(&[gone])).unwrap();
        assert_eq!(answers(&readers), expected);
    }
}

/// Every term in every segment of which a file is there: they are packed, so that looking for bytes would find nothing.
fn terms(place: &std::path::Path) -> Vec<String> {
    let index = tantivy::Index::open_in_dir(place).unwrap();
    let living = index.searchable_segments().unwrap();
    let files = std::fs::read_dir(place)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let segments = files.filter(|name| name.ends_with(".term")).count();
    assert_eq!(segments, living.len(), "a segment that no longer counts is still there");
    let mut found = Vec::new();
    for segment in living {
        let reader = tantivy::SegmentReader::open(&segment).unwrap();
        for (field, entry) in index.schema().fields() {
            if entry.is_indexed() {
                let inverted = reader.inverted_index(field).unwrap();
                let mut terms = inverted.terms().stream().unwrap();
                while terms.advance() {
                    found.push(String::from_utf8_lossy(terms.key()).into_owned());
                }
            }
        }
    }
    found
}

#[test]
fn what_was_withdrawn_is_found_no_more_and_in_no_file() {
    let scratch = Scratch::new("search-erasure");
    let word = "kwartelmarkering";
    let marked = signaal(7, 9902, "wonen", "Bij de aanvraag is de kwartelmarkering gebruikt.");
    let all = changes();
    let (mut writer, readers) = filled(&scratch, "v", &[&all[..3], std::slice::from_ref(&marked), &all[3..]]);
    assert_eq!(found(&ask(&readers, word)), [7]);
    let place = scratch.path().join("v.search");
    let words = || {
        let mut terms = terms(&place).into_iter();
        terms.any(|term| term.contains("kwartel") || term.contains("markering"))
    };
    assert!(words());
    let gone = Change {
        document: marked.document,
        content: Content::Withdrawn,
    };
    writer.apply(&batch(&[gone])).unwrap();
    assert!(!writer.owes());
    assert_eq!(found(&ask(&readers, word)), Vec::<u8>::new());
    assert!(!words());
    assert_eq!(found(&ask(&readers, "wachten")), [4, 5, 3]);
}

#[test]
fn who_waits_for_the_index_is_seen_until_it_has_all() {
    let scratch = Scratch::new("search-asked");
    let all = changes();
    let (mut writer, readers) = filled(&scratch, "v", &[&all[..1]]);
    writer.apply(&batch(&all[1..])).unwrap();
    assert!(!writer.is_asked());
    assert_eq!(ask(&readers, "briefadres").unread, 4);
    assert!(writer.is_asked());
    caught_up(&mut writer);
    assert!(!writer.is_asked());
    assert_eq!(ask(&readers, "briefadres").unread, 0);
}

#[test]
fn an_index_that_is_there_is_used_and_any_other_made_anew() {
    let scratch = Scratch::new("search-restart");
    let (writer, _) = filled(&scratch, "v", &[&changes()]);
    let path = scratch.path().join("v");
    let place = scratch.path().join("v.search");
    drop(writer);
    let opened = |behind: bool| {
        let mut writer = Writer::open(&path).unwrap();
        assert_eq!(writer.is_behind(), behind);
        caught_up(&mut writer);
        assert_eq!(found(&ask(&writer.readers(), "briefadres")), [1, 2]);
    };
    opened(false);
    std::fs::remove_dir_all(&place).unwrap();
    opened(true);
    opened(false);
    let files = std::fs::read_dir(&place).unwrap().map(|file| file.unwrap().path());
    let largest = files.filter(|path| path.extension().is_some_and(|end| end == "term"));
    let largest = largest
        .max_by_key(|path| std::fs::metadata(path).unwrap().len())
        .unwrap();
    let mut bytes = std::fs::read(&largest).unwrap();
    // Not in what tantivy writes behind it, in which it says what the rest should be.
    bytes[10] ^= 4;
    std::fs::write(&largest, bytes).unwrap();
    opened(true);
    // What was marked before a crash is indexed after it.
    let mut writer = Writer::open(&path).unwrap();
    writer
        .apply(&batch(&[signaal(8, 9903, "wonen", "Nog een briefadres.")]))
        .unwrap();
    drop(writer);
    let mut writer = Writer::open(&path).unwrap();
    caught_up(&mut writer);
    assert_eq!(ask(&writer.readers(), "briefadres").total, 3);
}

/// What a crash between the files of a commit and its list leaves behind.
#[test]
fn a_commit_that_was_cut_off_is_made_again() {
    let scratch = Scratch::new("search-cut");
    let place = scratch.path().join("v.search");
    let replace = |records: &[(u8, bool)]| {
        let record = |(number, stays): &(u8, bool)| ([*number; 20], stays.then(Entry::default));
        let (mut index, was_there) = Index::open(&place, "v", Reader::default()).unwrap();
        index.replace(&records.iter().map(record).collect()).unwrap();
        was_there
    };
    assert!(!replace(&[(1, true), (2, true)]));
    let list = std::fs::read(place.join("meta.json")).unwrap();
    assert!(replace(&[(1, false)]));
    std::fs::write(place.join("meta.json"), list).unwrap();
    let is_cut_off = |file: std::io::Result<std::fs::DirEntry>| {
        let name = file.unwrap().file_name();
        name.to_string_lossy().ends_with(".del")
    };
    assert!(std::fs::read_dir(&place).unwrap().any(is_cut_off));
    assert!(replace(&[(1, false)]), "the index that was there is used");
}

#[test]
fn a_draft_finds_what_resembles_it_and_says_why() {
    let scratch = Scratch::new("search-draft");
    let (_writer, readers) = filled(&scratch, "v", &[&changes()]);
    let draft = Looks {
        codes: vec!["soort=signaal".to_owned(), "thema=wonen".to_owned()],
        texts: vec!["Postadres afgewezen voor een dakloze jongere.".to_owned()],
        ..Looks::default()
    };
    let found = readers
        .resembling(&draft, &std::collections::BTreeSet::new(), 10, week())
        .unwrap();
    let ids: Vec<_> = found.iter().map(|found| found.record.id.clone()).collect();
    let id = |number: u8| record::Reference::Record(RecordId([number; 20]));
    assert_eq!(ids[..2], [id(2), id(1)], "{ids:?}");
    assert_eq!(found[0].why.codes["thema"], ["wonen"]);
    assert!(
        found[0].why.words.contains(&"postadres".to_owned()),
        "{:?}",
        found[0].why
    );
    let without = std::collections::BTreeSet::from([RecordId([2; 20])]);
    let found = readers.resembling(&draft, &without, 10, week()).unwrap();
    assert_eq!(found[0].record.id, id(1));
}

#[test]
fn no_question_makes_it_fail() {
    let scratch = Scratch::new("search-odd");
    let (_writer, readers) = filled(&scratch, "v", &[&changes()]);
    for text in [
        "",
        " ",
        "de van het",
        "\"",
        "*",
        "\0",
        "a:b",
        "🙂",
        &"woord ".repeat(5_000),
        &"x".repeat(70_000),
    ] {
        assert!(ask(&readers, text).found.len() <= 10);
    }
    let empty = Writer::open(&scratch.path().join("empty")).unwrap();
    assert_eq!(ask(&empty.readers(), "briefadres").total, 0);
}
