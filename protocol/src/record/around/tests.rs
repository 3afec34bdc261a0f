//! What records mean together: several of them, in whatever order, with what a user would call right.

use serde_json::{Value as Json, json};

use super::*;
use crate::entropy::Seeded;
use crate::id::{DocumentId, RecordId};
use crate::record::{Held, Part, merge, read_json};
use crate::record::{Input, Intake};

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn gemeente(number: u16) -> Gemeente {
    Gemeente::new(number).unwrap()
}

/// The id of the record that the document with this number founds.
fn id(number: u8) -> String {
    RecordId([number; 20]).to_string()
}

fn read(by: u16, typed: &Json) -> Input {
    let intake = Intake {
        gemeente: gemeente(by),
        week: week("2025-W20"),
        kind: None,
    };
    read_json(typed, &intake).unwrap_or_else(|findings| panic!("{typed}: {findings:?}"))
}

/// A document, as it arrives.
fn part(number: u8, by: u16, typed: Json) -> Part {
    let input = read(by, &typed);
    Part {
        gemeente: gemeente(by),
        document: DocumentId([number; 32]),
        kind: input.kind.number(),
        week: input.week,
        quarter_only: false,
        contributes_to: input.contributes_to,
        practice: input.practice,
        fields: input.fields,
        unknown: BTreeMap::new(),
    }
}

/// The records that these documents make.
fn records(parts: &[Part]) -> Vec<Merged> {
    let mut of = BTreeMap::<RecordId, Vec<Part>>::new();
    for part in parts {
        let record = part.contributes_to.unwrap_or(part.document.into());
        of.entry(record).or_default().push(part.clone());
    }
    of.iter().filter_map(|(id, parts)| merge(*id, parts)).collect()
}

fn shown_in(held: &Held, records: &[Merged], number: u8, peilweek: &str) -> Json {
    let wanted = Reference::Record(RecordId([number; 20]));
    let record = records.iter().find(|record| record.id == wanted).unwrap();
    record.to_json(week(peilweek), &held.around(record))
}

/// The record with this number at a peilweek.
fn shown(parts: &[Part], number: u8, peilweek: &str) -> Json {
    let records = records(parts);
    shown_in(&Held::new(&records), &records, number, peilweek)
}

fn state_of(parts: &[Part], number: u8, peilweek: &str) -> String {
    shown(parts, number, peilweek)["staat"].as_str().unwrap().to_owned()
}

fn knelpunt(week: &str) -> Json {
    json!({"soort": "knelpunt", "week": week, "titel": "Twee loketten", "thema": "wonen", "soort_knelpunt": "regel",
        "teams": "1"})
}

fn signaal(week: &str, knelpunt: u8) -> Json {
    json!({"soort": "signaal", "week": week, "aard": "knelpunt", "thema": "wonen", "laag": "uitvoering",
        "tekst": "Het loket wacht.", "knelpunt": id(knelpunt)})
}

fn duiding(week: &str, on: u8) -> Json {
    json!({"soort": "duiding", "week": week, "op": id(on), "oordeel": "kan", "uitleg": "Het mag.",
        "bron": [{"type": "wet", "verwijzing": "Een artikel"}], "verloopt": "2026-W01"})
}

fn bericht(week: &str, over: u8, form: &str) -> Json {
    json!({"soort": "bericht", "week": week, "over": id(over), "vorm": form, "tekst": "Bij ons is dat anders."})
}

fn les(week: &str, out_of: u8) -> Json {
    json!({"soort": "les", "week": week, "titel": "Eerst bellen", "niveau": "werkproces", "kern": "Bellen helpt.",
        "uit": id(out_of), "gewijzigd_artefact": "werkafspraak"})
}

fn with(mut typed: Json, name: &str, value: Json) -> Json {
    typed[name] = value;
    typed
}

#[test]
fn a_duiding_is_contested_until_the_answer_of_who_wrote_it_or_of_who_contests_it() {
    let mut parts = vec![
        part(1, 9901, knelpunt("2025-W01")),
        part(2, 9902, duiding("2025-W10", 1)),
        part(3, 9903, bericht("2025-W12", 2, "tegenspraak")),
        part(4, 9903, bericht("2025-W12", 2, "vraag")),
    ];
    assert_eq!(state_of(&parts, 2, "2025-W11"), "vastgesteld");
    assert_eq!(state_of(&parts, 2, "2025-W12"), "betwist");
    assert_eq!(shown(&parts, 3, "2025-W30")["antwoord"], "open");
    // A third may have an opinion, and the contradiction stays.
    parts.push(part(5, 9904, bericht("2025-W13", 3, "antwoord")));
    parts.push(part(6, 9904, bericht("2025-W13", 4, "antwoord")));
    assert_eq!(state_of(&parts, 2, "2025-W30"), "betwist");
    assert_eq!(shown(&parts, 4, "2025-W30")["antwoord"], "beantwoord");
    for by in [9902, 9903] {
        let mut parts = parts.clone();
        parts.push(part(7, by, bericht("2025-W15", 3, "antwoord")));
        assert_eq!(state_of(&parts, 2, "2025-W14"), "betwist");
        assert_eq!(state_of(&parts, 2, "2025-W15"), "vastgesteld");
        let shown = shown(&parts, 3, "2025-W15");
        assert_eq!(
            (&shown["staat"], &shown["antwoord"]),
            (&json!("geplaatst"), &json!("beantwoord"))
        );
    }
    // An aanvulling settles nothing; a new duiding of the rule does.
    parts.push(part(7, 9902, bericht("2025-W15", 3, "aanvulling")));
    assert_eq!(state_of(&parts, 2, "2025-W30"), "betwist");
    parts.push(part(8, 9902, duiding("2025-W16", 3)));
    assert_eq!(state_of(&parts, 2, "2025-W30"), "vastgesteld");
}

#[test]
fn a_contested_duiding_expires_and_the_contradiction_stays_open() {
    let parts = [
        part(1, 9901, knelpunt("2025-W01")),
        part(2, 9902, duiding("2025-W10", 1)),
        part(3, 9903, bericht("2025-W52", 2, "tegenspraak")),
    ];
    assert_eq!(state_of(&parts, 2, "2026-W01"), "betwist");
    assert_eq!(state_of(&parts, 2, "2026-W02"), "verlopen");
    assert_eq!(shown(&parts, 3, "2026-W02")["antwoord"], "open");
}

#[test]
fn a_link_says_what_became_of_its_target() {
    let parts = [
        part(2, 9902, duiding("2025-W10", 1)),
        part(3, 9902, signaal("2025-W09", 1)),
    ];
    let unknown = json!({ id(1): "nog_onbekend" });
    assert_eq!(shown(&parts, 2, "2025-W30")["verwijzingen"], unknown);
    assert_eq!(shown(&parts, 3, "2025-W30")["verwijzingen"], unknown);
    assert_eq!(state_of(&parts, 3, "2025-W30"), "gekoppeld");
    let records = records(&parts);
    let held = Held::new(&records).without([RecordId([1; 20])]);
    let gone = json!({ id(1): "ingetrokken" });
    assert_eq!(shown_in(&held, &records, 2, "2025-W30")["verwijzingen"], gone);
    let signal = shown_in(&held, &records, 3, "2025-W30");
    assert_eq!((&signal["verwijzingen"], &signal["staat"]), (&gone, &json!("gemeld")));
    // It arrives, and nothing has to be said of it.
    let arrived = [&parts[..], &[part(1, 9901, knelpunt("2025-W01"))]].concat();
    assert!(shown(&arrived, 2, "2025-W30").get("verwijzingen").is_none());
}

#[test]
fn what_others_wrote_of_a_knelpunt_stays_when_its_founder_withdraws() {
    let part_of = part(2, 9902, with(knelpunt("2025-W03"), "bijdrage_aan", json!(id(1))));
    let parts = [part_of, part(3, 9902, signaal("2025-W09", 1))];
    let records = records(&parts);
    let held = Held::new(&records).without([RecordId([1; 20])]);
    let signal = shown_in(&held, &records, 3, "2025-W30");
    assert_eq!(
        (signal.get("verwijzingen"), &signal["staat"]),
        (None, &json!("gekoppeld"))
    );
}

#[test]
fn what_links_to_a_merged_knelpunt_counts_for_the_one_it_goes_on_in() {
    let solved = json!([{"opgelost": "2025-W30"}]);
    let merged = |week, into: u8| with(knelpunt(week), "samengevoegd_met", json!(id(into)));
    let mut parts = vec![
        part(1, 9901, with(knelpunt("2025-W01"), "episodes", solved)),
        part(2, 9901, merged("2025-W02", 1)),
        part(3, 9901, merged("2025-W02", 2)),
    ];
    assert_eq!(state_of(&parts, 2, "2025-W40"), "samengevoegd_met");
    assert_eq!(state_of(&parts, 1, "2025-W40"), "opgelost");
    let third = part(4, 9902, signaal("2025-W31", 3));
    parts.push(third);
    assert_eq!(state_of(&parts, 1, "2025-W40"), "heropend");
    assert_eq!(
        shown(&parts, 4, "2025-W40")["verwijzingen"][id(3)],
        json!({"samengevoegd_met": [id(2)]})
    );
    assert_eq!(state_of(&parts, 4, "2025-W40"), "gekoppeld");
    parts.push(part(5, 9902, signaal("2025-W29", 3)));
    assert_eq!(state_of(&parts, 5, "2025-W40"), "opgelost");
    parts.push(part(6, 9903, les("2025-W33", 2)));
    assert_eq!(state_of(&parts, 1, "2025-W40"), "in_aanpak");
}

#[test]
fn of_knelpunten_that_were_merged_into_one_another_one_goes_on() {
    let merged = |into: u8| with(knelpunt("2025-W02"), "samengevoegd_met", json!(id(into)));
    let round = [
        part(1, 9901, merged(2)),
        part(2, 9902, merged(3)),
        part(3, 9903, merged(1)),
    ];
    let states = [1, 2, 3].map(|number| state_of(&round, number, "2025-W40"));
    assert_eq!(states, ["structureel_vermoed", "samengevoegd_met", "samengevoegd_met"]);
    // The one it went on in was withdrawn: then it goes on by itself.
    let alone = [part(1, 9901, merged(9))];
    let records = records(&alone);
    assert_eq!(state_of(&alone, 1, "2025-W40"), "samengevoegd_met");
    let held = Held::new(&records).without([RecordId([9; 20])]);
    assert_eq!(shown_in(&held, &records, 1, "2025-W40")["staat"], "incident");
}

#[test]
fn a_signal_that_the_knelpunt_names_reopens_it_and_every_episode_has_its_time() {
    let episodes = json!([{"opgelost": "2025-W10", "heropend": "2025-W15"}, {"opgelost": "2025-W30"}]);
    let typed = with(knelpunt("2025-W01"), "episodes", episodes);
    let mut free = signaal("2025-W35", 1);
    free.as_object_mut().unwrap().remove("knelpunt");
    let parts = [
        part(1, 9901, with(typed, "signalen", json!([id(2), id(3)]))),
        part(2, 9901, free.clone()),
        part(3, 9901, with(free, "week", json!("2025-W05"))),
    ];
    for (peilweek, state) in [
        ("2025-W09", "incident"),
        ("2025-W10", "opgelost"),
        ("2025-W15", "heropend"),
        ("2025-W30", "opgelost"),
        ("2025-W34", "opgelost"),
        ("2025-W35", "heropend"),
    ] {
        assert_eq!(state_of(&parts, 1, peilweek), state, "{peilweek}");
    }
    // The early signal was solved by the first episode already.
    assert_eq!(state_of(&parts, 3, "2025-W12"), "opgelost");
    assert_eq!(state_of(&parts, 2, "2025-W40"), "gekoppeld");
}

#[test]
fn two_gemeenten_that_write_one_knelpunt_apart_stand_side_by_side() {
    let second = with(knelpunt("2025-W03"), "titel", json!("Loket tegen loket"));
    let second = with(with(second, "bijdrage_aan", json!(id(1))), "thema", json!(["toegang"]));
    let parts = [part(1, 9901, knelpunt("2025-W01")), part(2, 9902, second)];
    let json = shown(&parts, 1, "2025-W20");
    assert_eq!(
        json["titel"],
        json!({"GM9901": "Twee loketten", "GM9902": "Loket tegen loket"})
    );
    assert_eq!(json["thema"], json!(["toegang", "wonen"]));
    assert_eq!(json["staat"], "structureel_vermoed");
    let back: Vec<_> = parts.iter().rev().cloned().collect();
    assert_eq!(shown(&back, 1, "2025-W20"), json);
}

#[test]
fn week_53_comes_between_two_years() {
    // 2026 has 53 weeks.
    let typed = with(knelpunt("2026-W50"), "episodes", json!([{"opgelost": "2026-W52"}]));
    let parts = [part(1, 9901, typed), part(2, 9901, signaal("2026-W53", 1))];
    assert_eq!(state_of(&parts, 1, "2026-W52"), "opgelost");
    assert_eq!(state_of(&parts, 1, "2026-W53"), "heropend");
    assert_eq!(state_of(&parts, 1, "2027-W01"), "heropend");
    let late = |end: &str, peilweek: &str| {
        let typed = json!({"soort": "experiment", "week": "2026-W01", "titel": "Bellen", "vorm": "pilot",
            "hypothese": "Bellen helpt.", "maat": "rust", "opzet": "C_voor_na", "start": "2026-W02",
            "gepland_einde": end,
            "gevarieerd": {"variabele_code": "bellen", "variabele": "bellen", "van": "niet", "naar": "wel"}});
        state_of(&[part(1, 9901, typed)], 1, peilweek)
    };
    assert_eq!(late("2026-W40", "2027-W13"), "lopend");
    assert_eq!(late("2026-W40", "2027-W14"), "te_laat");
}

#[test]
fn a_gemeente_that_goes_on_as_another_keeps_its_signals_and_its_duidingen() {
    let parts = [
        part(1, 9901, knelpunt("2025-W01")),
        part(2, 9902, duiding("2025-W10", 1)),
        part(3, 9903, bericht("2025-W11", 2, "tegenspraak")),
        part(4, 9902, signaal("2025-W09", 1)),
        // 9902 became part of 9905, which writes on.
        part(5, 9905, les("2025-W20", 4)),
        part(6, 9905, bericht("2025-W20", 3, "antwoord")),
        part(7, 9905, with(duiding("2025-W25", 1), "vervangt", json!(id(2)))),
    ];
    let records = records(&parts);
    let (apart, one) = (
        Held::new(&records),
        Held::new(&records).after([(gemeente(9902), gemeente(9905))]),
    );
    let state = |held: &Held, number, peilweek| shown_in(held, &records, number, peilweek)["staat"].clone();
    assert_eq!(state(&one, 4, "2025-W20"), "opgelost");
    assert_eq!(
        (state(&apart, 2, "2025-W24"), state(&one, 2, "2025-W24")),
        (json!("betwist"), json!("vastgesteld"))
    );
    assert_eq!(
        (state(&apart, 2, "2025-W25"), state(&one, 2, "2025-W25")),
        (json!("betwist"), json!("vervangen"))
    );
    // The past keeps its code.
    assert_eq!(shown_in(&one, &records, 2, "2025-W25")["eigenaar"], "GM9902");
    // A circle of mergers, which no charter makes, ends.
    let round = Held::new(&records).after([(gemeente(9902), gemeente(9905)), (gemeente(9905), gemeente(9902))]);
    assert_eq!(state(&round, 2, "2025-W25"), "vervangen");
}

#[test]
fn a_sessie_that_is_closed_twice_is_closed_once() {
    let sessie = |lagen: Json| {
        json!({"soort": "sessie", "week": "2025-W13", "kwartaal": "2025-Q1", "aard": "kwartaalgesprek",
            "aanwezig": lagen, "besproken": [id(1)], "afspraken": [{"nr": 1, "wat": "Bellen", "afgerond": "2025-W15"}]})
    };
    let knelpunt = part(1, 9901, with(knelpunt("2025-W01"), "teams", json!("2")));
    let once = [knelpunt.clone(), part(2, 9901, sessie(json!(["beleid"])))];
    // The same document again: two nodes of one gemeente that both closed it write in one document.
    let twice = [&once[..], &[part(2, 9901, sessie(json!(["beleid"])))]].concat();
    for number in [1, 2] {
        assert_eq!(shown(&once, number, "2025-W20"), shown(&twice, number, "2025-W20"));
    }
    // And as a record of its own, as somebody who did not find the first would do.
    let again = [&once[..], &[part(3, 9901, sessie(json!(["uitvoering"])))]].concat();
    assert_eq!(state_of(&again, 1, "2025-W20"), "structureel_bevestigd");
    assert_eq!(
        (state_of(&again, 2, "2025-W20"), state_of(&again, 3, "2025-W20")),
        ("afgerond".into(), "afgerond".into())
    );
}

#[test]
fn a_kring_is_who_says_to_be_in_it_and_sleeps_and_ends() {
    let kring = json!({"soort": "kring", "week": "2025-W02", "naam": "Wonen", "doel": "Leren", "ritme": "kwartaal",
        "leden": ["GM9901", "GM9902"]});
    let joins = |week: &str| json!({"soort": "kring", "week": week, "bijdrage_aan": id(1)});
    let left = |from: &str, until: &str| with(joins("2025-W05"), "lidmaatschap", json!([{"van": from, "tot": until}]));
    let founded = part(1, 9901, kring.clone());
    // Nobody is in it because another says so.
    assert_eq!(
        shown(std::slice::from_ref(&founded), 1, "2025-W10")["leden"],
        json!(["GM9901"])
    );
    let parts = [
        founded,
        part(2, 9902, left("2025-W05", "2025-W20")),
        part(3, 9903, joins("2025-W52")),
    ];
    let leden = |peilweek| shown(&parts, 1, peilweek)["leden"].clone();
    assert_eq!(leden("2025-W04"), json!(["GM9901"]));
    assert_eq!(leden("2025-W19"), json!(["GM9901", "GM9902"]));
    assert_eq!(leden("2025-W20"), json!(["GM9901"]));
    assert_eq!(shown(&parts, 1, "2025-W10")["naam"], "Wonen");
    let quiet = [
        part(
            1,
            9901,
            with(kring, "lidmaatschap", json!([{"van": "2025-W02", "tot": "2027-W10"}])),
        ),
        part(2, 9902, with(signaal("2025-W20", 9), "kring", json!(id(1)))),
    ];
    for (peilweek, state) in [
        ("2025-W03", "actief"),
        ("2026-W20", "actief"),
        ("2026-W21", "slapend"),
        ("2027-W10", "gesloten"),
    ] {
        assert_eq!(state_of(&quiet, 1, peilweek), state, "{peilweek}");
    }
}

#[test]
fn no_order_of_documents_and_no_repetition_changes_what_is_shown() {
    let mut rng = Seeded::new(53);
    for round in 0..60 {
        let mut parts = drawn(&mut rng);
        let peilweek = Week::new(2025, 1).unwrap().plus(i64::try_from(rng.below(110)).unwrap());
        let all = |parts: &[Part]| {
            let records = records(parts);
            let held = Held::new(&records).without([RecordId([2; 20]), RecordId([5; 20])]);
            let show = |record: &Merged| record.to_json(peilweek, &held.around(record)).to_string();
            records.iter().map(show).collect::<Vec<_>>()
        };
        let expected = all(&parts);
        for _ in 0..4 {
            rng.shuffle(&mut parts);
            let repeated: Vec<_> = parts.iter().chain(&parts[..3]).cloned().collect();
            assert_eq!(all(&repeated), expected, "round {round}");
        }
    }
}

/// Documents of every kind that say something of one another, drawn.
fn drawn(rng: &mut Seeded) -> Vec<Part> {
    let mut pick = |from: &[&str]| from[usize::try_from(rng.below(from.len() as u64)).unwrap()].to_owned();
    let weeks = ["2025-W01", "2025-W20", "2025-W52", "2026-W01", "2026-W30", "2026-W53"];
    (1..25_u8)
        .map(|number| {
            let (at, later) = (pick(&weeks), pick(&weeks));
            let mut other = || {
                pick(&["1", "2", "3", "4", "5", "6", "7", "8", "9"])
                    .parse::<u8>()
                    .unwrap()
            };
            let (one, two) = (other(), other());
            let by = 9900 + u16::from(other());
            let typed = match number % 8 {
                0 => signaal(&at, one),
                1 => with(knelpunt(&at), "signalen", json!([id(one), id(two)])),
                2 => with(knelpunt(&at), "samengevoegd_met", json!(id(one))),
                3 => with(
                    with(knelpunt(&at), "episodes", json!([{"opgelost": later}])),
                    "bijdrage_aan",
                    json!(id(one)),
                ),
                4 => with(duiding(&at, one), "vervangt", json!(id(two))),
                5 => bericht(&at, one, &pick(&["tegenspraak", "antwoord", "vraag"])),
                6 => les(&at, one),
                _ => json!({"soort": "kring", "week": at, "naam": "Wonen", "doel": "Leren",
                    "lidmaatschap": [{"van": later}]}),
            };
            part(number, by, typed)
        })
        .collect()
}
