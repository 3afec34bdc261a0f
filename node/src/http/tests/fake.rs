//! A backend that answers from memory, and that can be slow or broken on demand.

mod exports;
mod kringen;
mod learning;
mod questions;
mod samples;

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use protocol::api::*;
use protocol::gate::Account;
use protocol::id::{Content, DocumentId, EditionHash, FederationId, Gemeente, NodeKey, RecordId, Snapshot, Week};

use super::super::{Backend, Deed, Failure, Thing};
use samples::{gemeente, intrekking, stand, stemming, uitnodiging};

/// How far a question to `wacht` is.
#[derive(Default)]
struct Gate {
    asked: bool,
    open: bool,
    /// Questions that somebody did not want answered any more.
    left: usize,
    /// Exports that were begun.
    exporting: usize,
}

#[derive(Default)]
pub(super) struct Fake {
    gate: Mutex<Gate>,
    changed: Condvar,
    /// Who did what, and to what.
    noted: Mutex<Vec<String>>,
    /// Whether its store does not work.
    pub(super) broken: AtomicBool,
    /// How often somebody waited for what was written.
    pub(super) waited: AtomicUsize,
}

pub(super) fn record_text(n: u64) -> String {
    // Wide enough that the list takes several chunks, and spaced as no encoder would write it.
    let said = r#""soort":"signaal","eigenaar":"GM9901","week":"2026-W07""#;
    format!("{{\"id\": \"{n:032}\",{said},  \"tekst\":\"{}\"}}", "é".repeat(100))
}

impl Fake {
    pub(super) const RECORDS: u64 = 1_000;

    pub(super) fn wait_until_asked(&self) {
        let gate = self.gate.lock().unwrap();
        let _asked = self.changed.wait_while(gate, |gate| !gate.asked).unwrap();
    }

    pub(super) fn let_go(&self) {
        self.gate.lock().unwrap().open = true;
        self.changed.notify_all();
    }

    pub(super) fn noted(&self) -> Vec<String> {
        self.noted.lock().unwrap().clone()
    }

    fn wait(&self) {
        let mut gate = self.gate.lock().unwrap();
        gate.asked = true;
        self.changed.notify_all();
        let _open = self.changed.wait_while(gate, |gate| !gate.open).unwrap();
    }
}

fn week() -> Week {
    "2026-W07".parse().unwrap()
}

fn concept(id: &str) -> Concept {
    Concept {
        id: id.to_owned(),
        soort: "signaal".to_owned(),
        week: week(),
        titel: "Zonder adres geen uitkering".to_owned(),
        verdict: Verdict::Review,
        aantal_findings: 1,
        staat: ConceptState::Wacht,
        inhoud: Some(Content([4; 32])),
        mislukt: Some(Mislukt::Veranderd),
    }
}

fn finding() -> Finding {
    Finding {
        veld: "tekst".to_owned(),
        start: 3,
        einde: 7,
        soort: "naam".to_owned(),
        regel: "cue".to_owned(),
        actie: "masker".to_owned(),
        melding: "lijkt op een naam".to_owned(),
    }
}

fn fault() -> Fault {
    Fault {
        pad: "thema[1]".to_owned(),
        regelnummer: Some(3),
        kolom: Some(7),
        melding: "geen thema".to_owned(),
        hint: Some("kies er een".to_owned()),
        toegestaan: vec!["wonen".to_owned()],
    }
}

fn approval(id: &str) -> Approval {
    Approval {
        id: id.to_owned(),
        staat: ConceptState::Gedeeld,
        record: Some(RecordId([1; 20])),
        vertrekt: Some(week()),
        document: Some(DocumentId([1; 32])),
        vervallen: vec!["knelpunt-01".to_owned()],
        fout: (id == "s-2").then(fault),
    }
}

impl Backend for Fake {
    fn intake(&self, _: Format, body: &[u8], _: &Account, _: bool, _: Lang) -> Result<Intake, Failure> {
        let fault = fault();
        if body == b"kapot" {
            return Err(Failure::Input(fault));
        }
        let taken = Outcome::Taken {
            id: "s-1".to_owned(),
            verdict: Verdict::Review,
            findings: vec![finding()],
            inhoud: Content([4; 32]),
            eerder: Some("s-0".to_owned()),
            lijkt_op: vec![learning::treffer()],
            tips: vec![kringen::tip()],
        };
        let refused = Outcome::Refused {
            id: Some("s-2".to_owned()),
            fouten: vec![fault],
        };
        Ok(Intake {
            concepten: vec![taken, refused],
        })
    }

    fn shown(&self) {
        self.waited.fetch_add(1, Ordering::SeqCst);
    }

    fn concepts(&self, _: Paging) -> Result<ConceptPage, Failure> {
        Ok(ConceptPage {
            totaal: 1,
            concepten: vec![concept("s-1")],
        })
    }

    fn concept(&self, id: &str, _: Lang) -> Result<ConceptDetail, Failure> {
        Ok(ConceptDetail {
            concept: concept(id),
            findings: vec![FindingInSentence {
                finding: finding(),
                zin: "De buurman.".to_owned(),
                zin_start: 3,
                zin_einde: 7,
            }],
            wordt_gedeeld: serde_json::json!({ "soort": "signaal" }),
            achtergehouden: vec!["laag".to_owned()],
            blijft_lokaal: vec!["team".to_owned()],
            toelichting: "De poort mist soms iets.".to_owned(),
            versie: "0a".repeat(16),
            record: Some(RecordId([1; 20])),
        })
    }

    fn replace(
        &self,
        id: &str,
        shown: &dyn Fn(&ConceptDetail) -> bool,
        _: &[u8],
        _: &Account,
        lang: Lang,
    ) -> Result<ConceptDetail, Failure> {
        let now = self.concept(id, lang)?;
        if shown(&now) {
            return Ok(now);
        }
        Err(Failure::Told {
            kind: ProblemKind::Achterhaald,
            message: Message::new("gewijzigd", "changed"),
            hint: None,
        })
    }

    fn approve(&self, shown: &[Shown], _: &Account, _: Lang) -> Result<Approvals, Failure> {
        if shown.iter().any(|shown| shown.inhoud != Content([4; 32])) {
            return Err(Failure::Told {
                kind: ProblemKind::Conflict,
                message: Message::new("veranderd", "changed"),
                hint: None,
            });
        }
        if shown.iter().any(|shown| shown.id == "geblokkeerd") {
            return Err(Failure::Told {
                kind: ProblemKind::Geweigerd,
                message: Message::new("er staat een bsn in", "there is a bsn in it"),
                hint: None,
            });
        }
        Ok(Approvals {
            goedkeuringen: shown.iter().map(|shown| approval(&shown.id)).collect(),
        })
    }

    fn discard(&self, id: &str, asked: VerwijderingGevraagd, _: &Account, _: Lang) -> Result<Verwijderd, Failure> {
        Ok(Verwijderd {
            id: id.to_owned(),
            titel: "een signaal".to_owned(),
            record: asked.gedeeld_blijft.then_some(RecordId([7; 20])),
        })
    }

    fn records(
        &self,
        query: &RecordQuery,
        paging: Option<Paging>,
        _: Lang,
        each: &mut dyn FnMut(&str) -> ControlFlow<()>,
    ) -> Result<RecordPage, Failure> {
        let thema = query.thema.as_deref().unwrap_or_default();
        assert_ne!(thema, "paniek", "on demand");
        if thema == "kapot" {
            return Err(Failure::internal("sled is gone"));
        }
        let all = if query.soort.is_some() { 0 } else { Self::RECORDS };
        let skip = paging.map_or(0, Paging::skip);
        let take = paging.map_or(all, |paging| u64::from(paging.aantal));
        for n in (skip..all.min(skip + take)).take_while(|n| thema.is_empty() || *n < 900) {
            if each(&record_text(n)).is_break() {
                break;
            }
        }
        assert_ne!(thema, "paniek-halverwege", "on demand");
        if thema == "kapot-halverwege" {
            return Err(Failure::internal("sled is gone"));
        }
        Ok(RecordPage {
            peilweek: week(),
            snapshot: Snapshot([7; 32]),
            totaal: all,
        })
    }

    fn record(&self, prefix: &str, _: Option<Week>) -> Result<String, Failure> {
        match prefix {
            "uniek" => Ok(record_text(0)),
            "wacht" => {
                self.wait();
                Ok("{}".to_owned())
            }
            "0" => Err(Failure::Ambiguous {
                what: Thing::Record,
                prefix: prefix.to_owned(),
                candidates: vec!["00".to_owned(), "01".to_owned()],
            }),
            _ => Err(Failure::Unknown {
                what: Thing::Record,
                id: prefix.to_owned(),
            }),
        }
    }

    fn withdraw(&self, id: &str) -> Result<Ingetrokken, Failure> {
        match id {
            "niet-van-ons" => Err(Failure::Told {
                kind: ProblemKind::Conflict,
                message: Message::new("niet van ons", "not ours"),
                hint: None,
            }),
            _ => Ok(Ingetrokken {
                documenten: vec![DocumentId([1; 32])],
            }),
        }
    }

    fn place(&self, id: &str) -> Result<Vindplaats, Failure> {
        if id == "zzz" {
            return Err(Failure::Unknown {
                what: Thing::Record,
                id: id.to_owned(),
            });
        }
        Ok(Vindplaats {
            document: DocumentId([7; 32]),
            eigenaar: gemeente(),
            soort: 1,
            log: protocol::id::LogId([5; 32]),
            positie: 3,
            nummer: 1,
        })
    }

    fn withdrawals(&self, _: Paging) -> Result<IntrekkingPage, Failure> {
        Ok(IntrekkingPage {
            totaal: 1,
            intrekkingen: vec![intrekking()],
        })
    }

    fn withdrawal(&self, id: &str) -> Result<IntrekkingDetail, Failure> {
        if id == "zzz" {
            return Err(Failure::Unknown {
                what: Thing::Withdrawal,
                id: id.to_owned(),
            });
        }
        let receipt = Ontvangst {
            node: NodeKey([2; 32]),
            gemeente: "GM9901".parse().unwrap(),
            bevestigd: true,
            hoort_erbij: true,
        };
        Ok(IntrekkingDetail {
            intrekking: intrekking(),
            ontvangst: vec![receipt],
        })
    }

    fn stand(&self, _: Option<Week>) -> Result<Stand, Failure> {
        Ok(stand())
    }

    fn charter(&self) -> Result<HandvestStand, Failure> {
        let node = LidNode {
            node: NodeKey([2; 32]),
            adressen: vec!["/ip4/127.0.0.1/tcp/1".to_owned()],
            einde: Some(Einde::Schorsing),
        };
        let lid = Lid {
            gemeente: "GM9901".parse().unwrap(),
            naam: "Zuiderwaard".to_owned(),
            wortel: protocol::id::RootKey([3; 32]),
            stemt: true,
            getekend: true,
            vertrokken: false,
            geschorst: true,
            nodes: vec![node],
        };
        Ok(HandvestStand {
            federatie: Some(FederationId([6; 32])),
            editie: Some(0),
            uitnodiging: Some(uitnodiging()),
            hash: Some(EditionHash([9; 32])),
            leden: vec![lid],
            stemming: Some(stemming()),
            schorsingen: vec![Schorsing {
                gemeente: gemeente(),
                door: vec![gemeente()],
                nodig: 1,
                door_editie: false,
                van_kracht: false,
            }],
            intrekkingen: vec![IntrekkingGevraagd {
                document: DocumentId([7; 32]),
                eigenaar: gemeente(),
                soort: Some("les".to_owned()),
                door: vec![gemeente()],
                nodig: 1,
                ontbreekt: vec![gemeente()],
            }],
            herindelingen: vec![Herindeling {
                van: gemeente(),
                naar: gemeente(),
                datum: "2027-01-01".to_owned(),
            }],
            vorken: vec![Vork {
                log: protocol::id::LogId([5; 32]),
                node: NodeKey([2; 32]),
                gemeente: Some(gemeente()),
                positie: 3,
            }],
            dubbele_stemmen: vec![DubbeleStem {
                editie: 1,
                gemeente: gemeente(),
            }],
            opgeheven: false,
            statements: vec![StatementLine {
                id: protocol::id::StatementId([4; 32]),
                soort: "editie".to_owned(),
                telt: true,
            }],
            totaal: 1,
        })
    }

    fn statements(&self) -> Result<String, Failure> {
        Ok("leerkring-handvest-1\n00\n".to_owned())
    }

    fn logs(&self, gemeente: Gemeente) -> Result<HandvestLogs, Failure> {
        let height = LogHoogte {
            log: protocol::id::LogId([5; 32]),
            positie: 7,
            kop: protocol::id::HeaderHash([6; 32]),
        };
        let node = NodeLogs {
            node: NodeKey([2; 32]),
            logs: vec![height],
        };
        Ok(HandvestLogs {
            gemeente,
            nodes: vec![node],
        })
    }

    fn invite(&self) -> Result<NieuweUitnodiging, Failure> {
        Ok(NieuweUitnodiging {
            tekst: "leerkring-uitnodiging-1".to_owned(),
            uitnodiging: uitnodiging(),
        })
    }

    fn join(&self, _: &[u8], _: Lang) -> Result<Uitnodiging, Failure> {
        Ok(uitnodiging())
    }

    fn import(&self, body: &[u8], _: Lang) -> Result<(Imported, Vec<String>), Failure> {
        let imported = Imported {
            gelezen: body.len() as u64,
            nieuw: 0,
            federatie: Some(FederationId([6; 32])),
        };
        Ok((imported, Vec::new()))
    }

    fn orphans(&self) -> Result<VerweesdPage, Failure> {
        let line = Verweesd {
            document: DocumentId([3; 32]),
            log: protocol::id::LogId([5; 32]),
            node: NodeKey([2; 32]),
            seq: 4,
            entries: 2,
            soort: Some("signaal".to_owned()),
            waarom: Waarom::Gesplitst,
            lot: Lot::Verweesd,
            id: Some("s-1".to_owned()),
            record: Some(serde_json::json!({ "soort": "signaal" })),
        };
        Ok(VerweesdPage {
            verweesd: vec![line],
            totaal: 1,
        })
    }

    fn reissue(&self, id: Option<&str>, _: Lang) -> Result<Approvals, Failure> {
        match id {
            Some("weg") => Err(Failure::Unknown {
                what: Thing::Record,
                id: "weg".to_owned(),
            }),
            id => Ok(Approvals {
                goedkeuringen: id.map(approval).into_iter().collect(),
            }),
        }
    }

    fn backup(&self, audit: bool, out: &mut dyn Write) -> Result<(), Failure> {
        let failed = |_| Failure::internal("nobody reads");
        out.write_all(&[7; 100_000]).map_err(failed)?;
        if self.broken.load(Ordering::SeqCst) {
            return Err(Failure::internal("the disk broke"));
        }
        out.write_all(if audit { b"audit" } else { b"end" }).map_err(failed)
    }

    fn health(&self) -> Health {
        let broken = self.broken.load(Ordering::SeqCst);
        let store = Onderdeel {
            naam: "store".to_owned(),
            werkt: !broken,
            reden: broken.then(|| "wegschrijven mislukt".to_owned()),
        };
        Health::new(vec![store], Some(1), Some(2))
    }

    fn note(&self, by: &Account, deed: Deed, about: &[String]) {
        let line = format!("{} {} {}", by.as_str(), deed.name(), about.join(","));
        self.noted.lock().unwrap().push(line);
    }
}
