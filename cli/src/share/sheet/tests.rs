//! Workbooks made by hand: a heading anywhere, dates, formulas, stray cells, and what is none.

use super::*;

/// A container of these files, as they are.
fn container(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let (offset, name, body) = (out.len() as u32, name.as_bytes(), text.as_bytes());
        let mut head = Vec::new();
        for half in [20_u16, 0, 0, 0, 0x21] {
            head.extend(half.to_le_bytes());
        }
        for word in [checksum(body), body.len() as u32, body.len() as u32] {
            head.extend(word.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04".iter().chain(&head).chain(name).chain(body));
        directory.extend(b"PK\x01\x02\x14\x00".iter().chain(&head));
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
    }
    let (begin, count) = (out.len() as u32, files.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(begin.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// The checksum of the container (CRC-32).
fn checksum(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _: u32| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// A workbook with an empty sheet "Uitleg" and this one, "Meldingen".
fn workbook(cells: &str) -> Vec<u8> {
    const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    const MAIN: &str = r#"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#;
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const OWN: &str = r#"xmlns="http://schemas.openxmlformats.org/package/2006/relationships""#;
    let sheet = |data: &str| format!("{HEAD}<worksheet {MAIN}><sheetData>{data}</sheetData></worksheet>");
    let link = |id: &str, kind: &str, target: &str| {
        format!(r#"<Relationship Id="{id}" Type="{LINKS}/{kind}" Target="{target}"/>"#)
    };
    let book = format!(
        r#"{HEAD}<workbook {MAIN} xmlns:r="{LINKS}"><sheets><sheet name="Uitleg" sheetId="1" r:id="r1"/><sheet name="Meldingen" sheetId="2" r:id="r2"/></sheets></workbook>"#
    );
    let links = [
        link("r1", "worksheet", "worksheets/sheet1.xml"),
        link("r2", "worksheet", "worksheets/sheet2.xml"),
        link("r3", "styles", "styles.xml"),
    ];
    let styles = format!(
        r#"{HEAD}<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#
    );
    let root = format!(
        "{HEAD}<Relationships {OWN}>{}</Relationships>",
        link("r0", "officeDocument", "xl/workbook.xml")
    );
    container(&[
        ("_rels/.rels", &root),
        ("xl/workbook.xml", &book),
        (
            "xl/_rels/workbook.xml.rels",
            &format!("{HEAD}<Relationships {OWN}>{}</Relationships>", links.concat()),
        ),
        ("xl/styles.xml", &styles),
        ("xl/worksheets/sheet1.xml", &sheet("")),
        ("xl/worksheets/sheet2.xml", &sheet(cells)),
    ])
}

fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn row(number: u32, cells: &[String]) -> String {
    format!(r#"<row r="{number}">{}</row>"#, cells.concat())
}

#[test]
fn a_sheet_is_read_by_its_name_with_dates_formulas_and_gaps() {
    let heading = row(3, &[text("A3", "week"), text("B3", "tekst"), text("C3", "aantal")]);
    let date = r#"<c r="A4" s="1"><v>46095</v></c>"#.to_owned();
    let formula = r#"<c r="C4"><f>1+1</f><v>2</v></c>"#.to_owned();
    let first = row(4, &[date, text("B4", "=WEBSERVICE(1)"), formula]);
    let second = row(7, &[text("B7", "later"), text("E7", "los")]);
    let book = workbook(&[heading, first, second].concat());
    let table = read(&book, Some(" meldingen")).unwrap();
    assert_eq!(table.header, ["week", "tekst", "aantal"]);
    assert_eq!(table.rows[0].cells, ["2026-03-14", "=WEBSERVICE(1)", "2"]);
    assert_eq!(
        (table.rows[1].line, table.rows[1].cells.clone()),
        (7, ["", "later", ""].map(str::to_owned).to_vec())
    );
    assert_eq!(
        read(&book, None).unwrap().header,
        Vec::<String>::new(),
        "the first sheet is empty"
    );
    let no = read(&book, Some("Blad9")).unwrap_err();
    assert!(no.hint.unwrap().nl.contains("Uitleg, Meldingen"));
}

#[test]
fn a_stray_cell_far_away_takes_no_memory() {
    let book = workbook(
        &[
            row(1, &[text("A1", "tekst")]),
            row(1_048_576, &[text("A1048576", "ver")]),
        ]
        .concat(),
    );
    let table = read(&book, Some("Meldingen")).unwrap();
    assert_eq!((table.rows.len(), table.rows[0].line), (1, 1_048_576));
    let wide = workbook(&row(1, &[text("A1", "tekst"), text("XFD1", "ver")]));
    assert!(
        read(&wide, Some("Meldingen"))
            .unwrap_err()
            .message
            .nl
            .contains("16384 kolommen")
    );
}

#[test]
fn what_is_no_workbook_is_told_and_nothing_panics_on_a_damaged_one() {
    assert!(
        read(b"PK\x03\x04", None)
            .unwrap_err()
            .message
            .nl
            .contains("geen werkboek")
    );
    assert!(read(b"tekst;thema\n", None).is_err());
    let book = workbook(&row(1, &[text("A1", "tekst")]));
    for at in (0..book.len()).step_by(7) {
        let mut damaged = book.clone();
        damaged[at] ^= 0x15;
        // Some of it can still be read; all that counts is that it comes back.
        let _ = read(&damaged, Some("Meldingen"));
        assert!(read(&book[..at], Some("Meldingen")).is_err(), "cut at {at}");
    }
}

#[test]
fn a_workbook_that_is_read_again_is_handed_over_just_so() {
    let cells = [
        row(1, &[text("A1", "week"), text("B1", "tekst")]),
        row(
            2,
            &[
                r#"<c r="A2" s="1"><v>46095</v></c>"#.to_owned(),
                text("B2", "De aanvraag wacht; op een adres."),
            ],
        ),
        row(3, &[text("A3", "2026-W12"), text("B3", "=1+1 is geen antwoord.")]),
    ];
    let handed_over = || {
        let table = read(&workbook(&cells.concat()), Some("Meldingen")).unwrap();
        let batches = crate::share::batch::batches(&table);
        batches.iter().map(|batch| batch.body.clone()).collect::<Vec<_>>()
    };
    let first = handed_over();
    // The node knows a row without an id by what it says: the same body is not taken in twice.
    assert_eq!(first, handed_over());
    let body = String::from_utf8_lossy(&first[0]).into_owned();
    assert!(
        first.len() == 1 && body.contains("op een adres.") && !body.contains("46095"),
        "{body}"
    );
}
