//! What it answers to analysts.

use protocol::api::*;
use protocol::id::Snapshot;

use super::super::super::{Failure, Questions, Thing};
use super::{Fake, week};
use crate::stop::Stop;

impl Fake {
    /// Waits until nobody wants so many questions answered any more; false when that takes longer than a second.
    pub(in super::super) fn are_left(&self, count: usize) -> bool {
        let gate = self.gate.lock().unwrap();
        let second = std::time::Duration::from_secs(1);
        let (gate, _) = self
            .changed
            .wait_timeout_while(gate, second, |gate| gate.left < count)
            .unwrap();
        gate.left >= count
    }

    pub(super) fn say_exporting(&self) {
        self.gate.lock().unwrap().exporting += 1;
        self.changed.notify_all();
    }

    /// Waits until so many exports were begun.
    pub(in super::super) fn wait_until_exporting(&self, count: usize) {
        let gate = self.gate.lock().unwrap();
        drop(self.changed.wait_while(gate, |gate| gate.exporting < count).unwrap());
    }

    pub(super) fn say_left(&self) {
        self.gate.lock().unwrap().left += 1;
        self.changed.notify_all();
    }

    /// Lets a moment pass.
    pub(super) fn pause(&self) {
        let look = std::time::Duration::from_millis(5);
        let gate = self.gate.lock().unwrap();
        drop(self.changed.wait_timeout(gate, look).unwrap());
    }

    fn wait_until_said(&self, stop: &Stop) {
        let mut gate = self.gate.lock().unwrap();
        gate.asked = true;
        self.changed.notify_all();
        while !stop.is_said() && !gate.open {
            let look = std::time::Duration::from_millis(5);
            gate = self.changed.wait_timeout(gate, look).unwrap().0;
        }
        gate.left += 1;
        self.changed.notify_all();
    }
}

impl Questions for Fake {
    /// To `wacht` nothing, until nobody wants to know any more; to `lang` more than a connection holds.
    fn ask_sql(&self, asked: &ZoekvraagAsked, stop: &Stop, _: Lang) -> Result<(Zoekantwoord, Vec<u8>), Failure> {
        let mut rows = br#"[["wonen",2],[null,1]]"#.to_vec();
        match asked.sql.as_str() {
            "wacht" => self.wait_until_said(stop),
            "lang" => rows = format!("[[\"{}\"]]", "x".repeat(8 << 20)).into_bytes(),
            "fout" => {
                return Err(Failure::Input(Fault {
                    pad: "sql".to_owned(),
                    regelnummer: Some(2),
                    kolom: Some(3),
                    melding: "er is geen tabel".to_owned(),
                    ..Fault::default()
                }));
            }
            _ => {}
        }
        let answer = Zoekantwoord {
            peilweek: week(),
            snapshot: Snapshot([7; 32]),
            kolommen: vec!["thema".to_owned(), "aantal".to_owned()],
            aantal: 2,
            afgekapt: true,
            rijen: Vec::new(),
        };
        Ok((answer, rows))
    }

    fn asked_most(&self, _: Lang) -> VoorbeeldvraagPage {
        let vraag = Voorbeeldvraag {
            nr: 1,
            vraag: "Hoeveel signalen".to_owned(),
            sql: "SELECT count(*) FROM signalen".to_owned(),
        };
        VoorbeeldvraagPage { vragen: vec![vraag] }
    }

    fn tables(&self, _: Lang) -> TabelPage {
        let regel = TabelRegel {
            naam: "s-1".to_owned(),
            over: "Een signaal".to_owned(),
            kolommen: 1,
        };
        TabelPage { tabellen: vec![regel] }
    }

    fn dataset(&self) -> Result<serde_json::Value, Failure> {
        Ok(serde_json::json!({ "@type": "dcat:Catalog" }))
    }

    fn table(&self, name: &str, lang: Lang) -> Result<Tabel, Failure> {
        if name != "s-1" {
            let id = name.to_owned();
            return Err(Failure::Unknown { what: Thing::Table, id });
        }
        let kolom = Kolom {
            naam: "thema".to_owned(),
            soort: KolomSoort::Tekst,
            over: lang.pick("Het thema", "The theme").to_owned(),
            eenheid: Some("weken".to_owned()),
            codes: Some("thema".to_owned()),
            verwijst: Some("woordenlijst".to_owned()),
        };
        Ok(Tabel {
            naam: name.to_owned(),
            over: "Een signaal".to_owned(),
            sleutel: vec!["thema".to_owned()],
            kolommen: vec![kolom],
            indexen: vec![Index {
                naam: "s_1".to_owned(),
                kolommen: vec!["thema".to_owned()],
                gevuld: Some("thema".to_owned()),
            }],
        })
    }
}
