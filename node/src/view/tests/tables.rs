//! The tables of analysts are a function of what there is and the peilweek, whatever came first.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use rusqlite::types::ValueRef;

use super::*;
use crate::view::tables::{Height, TABLES};

/// Documents of one federation.
const DOCUMENTS: u8 = 48;

/// One number for each row of the list of kinds that are written here.
fn kind_of(number: u8) -> &'static str {
    match number % 12 {
        0..=2 => "signaal",
        3..=5 => "knelpunt",
        6 => "duiding",
        7 => "les",
        8 => "sessie",
        9 => "bericht",
        10 => "kring",
        _ => {
            if number.is_multiple_of(2) {
                "experiment"
            } else {
                "overname"
            }
        }
    }
}

/// The id of another record, mostly of one that there is.
fn other(rng: &mut Seeded, kind: &str) -> String {
    let fits: Vec<u8> = (1..=DOCUMENTS + 3)
        .filter(|number| kind.is_empty() || kind_of(*number) == kind)
        .collect();
    RecordId([fits[rng.below(fits.len() as u64) as usize]; 20]).to_string()
}

fn any_other(rng: &mut Seeded) -> String {
    let kind = one_of(rng, &["", "duiding", "bericht"]);
    other(rng, kind)
}

fn one_of(rng: &mut Seeded, of: &[&'static str]) -> &'static str {
    of[rng.below(of.len() as u64) as usize]
}

fn any_week(rng: &mut Seeded) -> String {
    let first: Week = "2025-W45".parse().unwrap();
    first.plus(rng.below(20) as i64).to_string()
}

fn typed(rng: &mut Seeded, number: u8) -> Value {
    let kind = kind_of(number);
    let at = any_week(rng);
    let mut record = match kind {
        "signaal" => json!({"aard": "vraag", "thema": ["wonen"], "laag": "uitvoering", "tekst": "Het wacht.",
            "regeling": ["wmo-2015"], "overdracht": rng.below(2) == 0, "geparkeerd_tot": any_week(rng)}),
        "knelpunt" => json!({"titel": one_of(rng, &["Wachten", "Loketten"]), "thema": ["wonen"],
            "soort_knelpunt": "regel", "teams": "1", "signalen": [other(rng, "signaal")]}),
        "duiding" => json!({"op": [other(rng, "signaal"), other(rng, "knelpunt"), other(rng, "bericht")],
            "oordeel": "kan", "uitleg": "Het mag.", "bron": [{"type": "wet", "verwijzing": "Een artikel"}],
            "voorwaarden": ["Als het past"], "verloopt": any_week(rng), "vervangt": other(rng, "duiding")}),
        "les" => {
            json!({"titel": "Het formulier", "niveau": "regel", "kern": "Korter.", "uit": [other(rng, ""), other(rng, "knelpunt")],
            "gewijzigd_artefact": "Het formulier", "werkt_als": ["Altijd"], "vervangt": other(rng, "les")})
        }
        "sessie" => json!({"kwartaal": "2026-Q1", "aard": "kwartaalgesprek", "aanwezig": ["uitvoering"],
            "besproken": [other(rng, "knelpunt"), other(rng, "les")], "ingebracht_door": {"beleid": 2},
            "afspraken": [{"wat": "Bellen", "geparkeerd_tot": any_week(rng), "leidt_tot": other(rng, "les")},
                {"wat": "Schrijven", "afgerond": any_week(rng)}]}),
        "bericht" => json!({"over": any_other(rng),
            "vorm": one_of(rng, &["vraag", "tegenspraak", "antwoord"]), "tekst": "Bij ons niet."}),
        "kring" => json!({"naam": "Kring", "doel": "Leren", "ritme": one_of(rng, &["jaar", "maand"]),
            "lidmaatschap": [{"van": any_week(rng)}], "tips": [{"als": "Iemand wacht", "toon": "De les"}]}),
        "experiment" => json!({"titel": "Proef", "vorm": "pilot", "hypothese": "Sneller.", "maat": "duur",
            "gevarieerd": {"variabele_code": "duur", "variabele": "Duur", "van": "lang", "naar": "kort"},
            "opzet": "D_beschrijvend", "start": any_week(rng), "gepland_einde": any_week(rng), "constant": ["Het loket"],
            "herhaalt": other(rng, "experiment")}),
        _ => json!({"van": other(rng, ""), "uitkomst": "werkt", "aanpassing": "Anders."}),
    };
    record["soort"] = kind.into();
    record["week"] = at.into();
    if kind == "signaal" && rng.below(3) > 0 {
        record["knelpunt"] = other(rng, "knelpunt").into();
    }
    if kind == "knelpunt" && rng.below(2) == 0 {
        record["samengevoegd_met"] = other(rng, "knelpunt").into();
    }
    if kind == "knelpunt" && rng.below(2) == 0 {
        record["episodes"] = json!([{"opgelost": any_week(rng)}]);
    }
    if matches!(kind, "knelpunt" | "kring") && rng.below(3) == 0 {
        record["bijdrage_aan"] = other(rng, kind).into();
    }
    if kind == "kring" {
        record.as_object_mut().unwrap().remove("week");
    }
    record
}

/// Every document as it was and as it became, each the later of the two last.
fn federation(rng: &mut Seeded) -> Vec<Vec<Change>> {
    let of = |number: u8, rng: &mut Seeded| {
        let by = 9901 + u16::from(number % 5);
        let mut told: Vec<Change> = (0..1 + rng.below(2))
            .map(|_| founded(number, by, &typed(rng, number)))
            .collect();
        if rng.below(6) == 0 {
            let content = if rng.below(2) == 0 {
                Content::Withdrawn
            } else {
                Content::Gone
            };
            told.push(Change {
                content,
                ..told[0].clone()
            });
        }
        told
    };
    (1..=DOCUMENTS).map(|number| of(number, rng)).collect()
}

/// Everything that stands in the tables, in the order of their keys.
fn dump(path: &Path) -> BTreeMap<&'static str, String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut dumped = BTreeMap::new();
    for table in TABLES {
        let query = format!("SELECT * FROM {} ORDER BY {}", table.name, table.key.join(", "));
        let mut statement = connection.prepare(&query).unwrap();
        let mut rows = statement.query([]).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            for at in 0..table.columns.len() {
                match row.get_ref(at).unwrap() {
                    ValueRef::Text(bytes) => write!(text, "{}|", String::from_utf8_lossy(bytes)).unwrap(),
                    other => write!(text, "{other:?}|").unwrap(),
                }
            }
            text.push('\n');
        }
        dumped.insert(table.name, text);
    }
    dumped
}

fn drain(writer: &mut Writer) {
    while writer.tables_due().is_some() {
        writer.fill_some().unwrap();
    }
}

fn last(heirs: &BTreeMap<Gemeente, Gemeente>) -> Batch {
    let height = Height {
        log: LogId([7; 32]),
        node: protocol::id::NodeKey([8; 32]),
        height: 48,
        head: protocol::id::HeaderHash([9; 32]),
    };
    Batch {
        heirs: heirs.clone(),
        heights: vec![height],
        ..batch(&[], true)
    }
}

/// The tables of a view that is made from what there is in the end.
fn anew(
    path: &Path,
    told: &[Vec<Change>],
    heirs: &BTreeMap<Gemeente, Gemeente>,
    peilweek: Week,
) -> BTreeMap<&'static str, String> {
    let mut writer = Writer::open(path).unwrap();
    writer.set_peilweek(peilweek).unwrap();
    let ends: Vec<Change> = told.iter().filter_map(|versions| versions.last().cloned()).collect();
    writer.apply(&batch(&ends, false)).unwrap();
    writer.apply(&last(heirs)).unwrap();
    drain(&mut writer);
    drop(writer);
    dump(path)
}

/// One way in which all of it arrives: versions of a document in order, everything else as it comes.
fn arrival(rng: &mut Seeded, told: &[Vec<Change>]) -> Vec<Change> {
    let mut order: Vec<usize> = told
        .iter()
        .enumerate()
        .flat_map(|(at, versions)| vec![at; versions.len()])
        .collect();
    rng.shuffle(&mut order);
    let mut next = vec![0; told.len()];
    let arrives = order.into_iter().map(|at| {
        next[at] += 1;
        told[at][next[at] - 1].clone()
    });
    arrives.collect()
}

/// Everything arrives and is filled at once, at one peilweek: what is not marked by what arrives stays as it was.
fn steadily(
    writer: &mut Writer,
    rng: &mut Seeded,
    arrives: &[Change],
    heirs: &BTreeMap<Gemeente, Gemeente>,
    peilweek: Week,
) {
    writer.set_peilweek(peilweek).unwrap();
    let half = arrives.len() / 2;
    for part in arrives[..half].chunks(1 + rng.below(4) as usize) {
        writer.apply(&batch(part, false)).unwrap();
        drain(writer);
    }
    writer.apply(&last(heirs)).unwrap();
    drain(writer);
    for part in arrives[half..].chunks(1 + rng.below(4) as usize) {
        writer.apply(&batch(part, false)).unwrap();
        drain(writer);
    }
}

/// It is filled now and then, and weeks pass, also backwards.
fn now_and_then(writer: &mut Writer, rng: &mut Seeded, arrives: &[Change], peilweek: Week) {
    let mut now = peilweek.plus(-20);
    for part in arrives.chunks(1 + rng.below(9) as usize) {
        writer.apply(&batch(part, false)).unwrap();
        match rng.below(4) {
            0 => writer.fill_some().unwrap(),
            1 => {
                now = now.plus(rng.below(7) as i64 - 2);
                writer.set_peilweek(now).unwrap();
            }
            _ => {}
        }
    }
}

#[test]
fn whatever_came_first_and_whenever_it_was_filled_the_tables_are_the_same() {
    let scratch = Scratch::new("tables-order");
    for seed in 0..5 {
        let mut rng = Seeded::new(seed);
        let told = federation(&mut rng);
        let heirs = BTreeMap::from([(gemeente(9902), gemeente(9905)), (gemeente(9903), gemeente(9901))]);
        let peilweek = "2026-W05".parse::<Week>().unwrap();
        let whole = anew(&scratch.path().join(format!("whole-{seed}")), &told, &heirs, peilweek);
        assert!(whole["signalen"].lines().count() > 5 && whole["knelpunt_gemeenten"].lines().count() > 5);
        for round in 0..4 {
            let path = scratch.path().join(format!("{seed}-{round}"));
            let mut writer = Writer::open(&path).unwrap();
            let arrives = arrival(&mut rng, &told);
            match round {
                0 => now_and_then(&mut writer, &mut rng, &arrives, peilweek),
                _ => steadily(&mut writer, &mut rng, &arrives, &heirs, peilweek),
            }
            writer.apply(&last(&heirs)).unwrap();
            writer.set_peilweek(peilweek).unwrap();
            drain(&mut writer);
            drop(writer);
            for (table, rows) in dump(&path) {
                assert_eq!(rows, whole[table], "{table} seed {seed} round {round}");
            }
        }
    }
}

#[test]
fn a_state_in_the_tables_is_the_one_that_is_listed_at_every_peilweek() {
    let scratch = Scratch::new("tables-state");
    let mut rng = Seeded::new(11);
    let told = federation(&mut rng);
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    let ends: Vec<Change> = told.iter().filter_map(|versions| versions.last().cloned()).collect();
    writer.apply(&batch(&ends, false)).unwrap();
    writer.apply(&last(&BTreeMap::new())).unwrap();
    let first: Week = "2025-W40".parse().unwrap();
    for peilweek in (0..90).map(|more| first.plus(more)) {
        writer.set_peilweek(peilweek).unwrap();
        drain(&mut writer);
        let readers = writer.readers();
        let compared = readers.read(|reading| {
            let mut compared = 0;
            reading.records(&Filter::default(), None, peilweek, &mut |json| {
                let shown: Value = serde_json::from_str(json).unwrap();
                let query = "SELECT staat FROM records WHERE id = ?1";
                let id = shown["id"].as_str().unwrap();
                let state: String = reading.transaction.query_row(query, [id], |row| row.get(0)).unwrap();
                assert_eq!(shown["staat"], state.as_str(), "{shown} {peilweek}");
                compared += 1;
                ControlFlow::Continue(())
            })?;
            Ok(compared)
        });
        assert!(compared.unwrap() > 20);
    }
}

#[test]
fn the_rows_of_what_is_withdrawn_go_with_it() {
    let scratch = Scratch::new("tables-gone");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    writer.set_peilweek(week()).unwrap();
    writer.apply(&batch(&changes(), true)).unwrap();
    let before = dump(&path);
    assert!(before["teksten"].contains("Het wacht") || before["teksten"].contains("wacht op een ander loket"));
    assert_eq!(before["knelpunt_delen"].lines().count(), 2);
    let withdrawn = |at: usize| Change {
        content: Content::Withdrawn,
        ..changes()[at].clone()
    };
    // More than is filled at once: what is gone must not wait for it.
    let many: Vec<Change> = (0..300_u16)
        .map(|number| {
            let mut change = changes()[4].clone();
            change.document.0[..2].copy_from_slice(&(1000 + number).to_be_bytes());
            change
        })
        .collect();
    writer.apply(&batch(&many, true)).unwrap();
    assert!(writer.tables_due().is_some());
    writer.apply(&batch(&[withdrawn(2), withdrawn(0)], true)).unwrap();
    let after = dump(&path);
    assert!(!after["teksten"].contains("wacht op een ander loket"));
    assert_eq!(after["knelpunt_delen"].lines().count(), 1);
    assert!(!after.values().any(|rows| rows.contains("Twee loketten")));
    drain(&mut writer);
    let shown = writer.readers().read(|reading| reading.tables()).unwrap();
    assert_eq!(shown.peilweek, Some(week()));
    assert!(shown.snapshot.is_some());
}

#[test]
fn where_gemeenten_differ_none_wins_and_each_is_told() {
    let scratch = Scratch::new("tables-parts");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    writer.set_peilweek(week()).unwrap();
    writer.apply(&batch(&changes(), true)).unwrap();
    let dumped = dump(&path);
    assert!(
        dumped["knelpunten"].contains("Twee loketten | Loketten wachten op elkaar"),
        "{}",
        dumped["knelpunten"]
    );
    let parts: Vec<&str> = dumped["knelpunt_delen"].lines().collect();
    assert!(
        parts[0].contains("GM9901") && parts[0].contains("|Twee loketten|"),
        "{parts:?}"
    );
    assert!(
        parts[1].contains("GM9902") && parts[1].contains("|Loketten wachten op elkaar|"),
        "{parts:?}"
    );
    assert_eq!(dumped["knelpunt_gemeenten"].lines().count(), 2);
    assert!(dumped["gemeenten"].contains("GM0014|Groningen|"));
    assert_eq!(dumped["momentopname"].lines().count(), 1);
}

/// A charter of one practice member and one listed one, after a merger.
fn merged_charter() -> crate::view::tables::Charter {
    use protocol::charter::{Member, Role};
    let member = |code: u16, name: &str| crate::view::tables::MemberRow {
        member: Member {
            gemeente: gemeente(code),
            name: name.to_owned(),
            root: protocol::id::RootKey([code as u8; 32]),
            next_root: [0; 32],
            role: Role::Voting,
            nodes: Vec::new(),
            mailbox: String::new(),
            addresses: Vec::new(),
        },
        left: false,
    };
    crate::view::tables::Charter {
        members: vec![
            member(402, "Hilversum, zoals de lijst het noemt"),
            member(9901, "Oefenstad"),
        ],
        mergers: [(gemeente(1696), (gemeente(402), "2027-01-01".to_owned()))].into(),
        ..Default::default()
    }
}

#[test]
fn members_that_are_on_no_list_are_gemeenten_too_and_a_merger_ends_a_code() {
    let scratch = Scratch::new("tables-members");
    let path = scratch.path().join("v");
    let mut writer = Writer::open(&path).unwrap();
    let listed = dump(&path)["gemeenten"].clone();
    let charter = Some(merged_charter());
    for _ in 0..2 {
        writer
            .apply(&Batch {
                charter: charter.clone(),
                ..batch(&[], true)
            })
            .unwrap();
    }
    let dumped = dump(&path);
    assert_eq!(dumped["gemeenten"].lines().count(), 343);
    let row = |code: &str| {
        dumped["gemeenten"]
            .lines()
            .find(|row| row.starts_with(code))
            .unwrap()
            .to_owned()
    };
    assert!(row("GM9901").starts_with("GM9901|Oefenstad|Null|"));
    assert!(row("GM0402").starts_with("GM0402|Hilversum|Noord-Holland|"));
    assert!(row("GM1696").ends_with("|2027-01-01|GM0402|"));
    assert_eq!(dumped["leden"].lines().count(), 2);
    let charter = Some(crate::view::tables::Charter::default());
    writer
        .apply(&Batch {
            charter,
            ..batch(&[], true)
        })
        .unwrap();
    assert_eq!(dump(&path)["gemeenten"], listed);
}

/// The state of a record in the tables.
fn state_of(writer: &Writer, number: u8) -> String {
    let read = writer.readers().read(|reading| {
        let id = RecordId([number; 20]).to_string();
        let query = "SELECT staat FROM records WHERE id = ?1";
        Ok(reading.transaction.query_row(query, [id], |row| row.get(0))?)
    });
    read.unwrap()
}

#[test]
fn what_a_state_looks_further_for_than_a_link_makes_it_anew_too() {
    let scratch = Scratch::new("tables-further");
    let mut writer = Writer::open(&scratch.path().join("v")).unwrap();
    writer.set_peilweek(week()).unwrap();
    let id = |number: u8| RecordId([number; 20]).to_string();
    let mut merged = knelpunt("Twee loketten", "wonen");
    merged["samengevoegd_met"] = id(2).into();
    let mut solved = knelpunt("Eén loket", "wonen");
    solved["episodes"] = json!([{"opgelost": "2026-W09"}]);
    let said = |over: u8, form: &str| json!({"soort": "bericht", "over": id(over), "vorm": form, "tekst": "Het staat er anders."});
    let duiding = json!({"soort": "duiding", "week": "2026-W08", "op": [id(9)], "oordeel": "kan", "uitleg": "Het mag.",
        "bron": [{"type": "wet", "verwijzing": "Een artikel"}]});
    let signal = signaal("Het wacht.", Some(RecordId([1; 20])));
    let before = [
        founded(1, 9901, &merged),
        founded(3, 9902, &signal),
        founded(4, 9901, &duiding),
        founded(5, 9902, &said(4, "tegenspraak")),
    ];
    writer.apply(&batch(&before, true)).unwrap();
    assert_eq!(
        (state_of(&writer, 3).as_str(), state_of(&writer, 4).as_str()),
        ("gekoppeld", "betwist")
    );
    // Neither the signaal nor the duiding has a link to or from what comes now.
    writer.apply(&batch(&[founded(2, 9903, &solved)], true)).unwrap();
    assert_eq!(state_of(&writer, 3), "opgelost");
    writer
        .apply(&batch(&[founded(6, 9901, &said(5, "antwoord"))], true))
        .unwrap();
    assert_eq!(state_of(&writer, 4), "vastgesteld");
}
