//! What it answers about local records.

use std::collections::BTreeMap;

use protocol::api::*;
use protocol::gate::Account;
use protocol::id::{Quarter, Snapshot, Week};

use super::super::super::{Failure, Learning, Thing};
use super::{Fake, gemeente, record_text, week};

impl Learning for Fake {
    fn local_records(
        &self,
        _: &RecordQuery,
        paging: Option<Paging>,
        _: Lang,
    ) -> Result<(RecordPage, Vec<String>), Failure> {
        let about = RecordPage {
            peilweek: week(),
            snapshot: Snapshot([7; 32]),
            totaal: 2,
        };
        let count = paging.map_or(2, |part| u64::from(part.aantal).min(2));
        Ok((about, (0..count).map(record_text).collect()))
    }

    fn local_record(&self, id: &str, _: Option<Week>) -> Result<String, Failure> {
        match id {
            "s-1" => Ok(record_text(0)),
            _ => Err(Failure::Unknown {
                what: Thing::Local,
                id: id.to_owned(),
            }),
        }
    }

    fn state_of(&self, id: &str, (afspraak, _): (Option<u32>, Option<Week>), _: Lang) -> Result<Toestand, Failure> {
        Ok(Toestand {
            id: id.to_owned(),
            soort: "afspraak".to_owned(),
            afspraak: afspraak.or(Some(1)),
            titel: "Bellen".to_owned(),
            staat: "open".to_owned(),
            overgangen: vec![Overgang {
                staat: "verworpen".to_owned(),
                vraagt: vec!["verworpen_reden".to_owned()],
                mag: vec!["afgerond".to_owned()],
                volgt: Some("vanzelf".to_owned()),
            }],
            concepten: linked(id).concepten,
        })
    }

    fn go(&self, id: &str, asked: &OvergangAsked, _: &Account, lang: Lang) -> Result<Toestand, Failure> {
        if asked.staat == "open" {
            return Err(Failure::Told {
                kind: ProblemKind::Conflict,
                message: Message::new("het is open", "it is open"),
                hint: None,
            });
        }
        self.state_of(id, (asked.afspraak, asked.week), lang)
    }

    fn link(&self, asked: &KoppelingAsked, _: &Account, _: Lang) -> Result<Koppeling, Failure> {
        Ok(linked(asked.signalen.first().map_or("s-1", String::as_str)))
    }

    fn unlink(&self, _: &OntkoppelingAsked, _: &Account, _: Lang) -> Result<Koppeling, Failure> {
        Ok(linked("s-1"))
    }

    fn proposals(&self, _: Option<Week>) -> Result<KoppelvoorstelPage, Failure> {
        let like = Gelijkenis {
            id: "k-1".to_owned(),
            soort: "knelpunt".to_owned(),
            titel: "Twee loketten".to_owned(),
            thema: vec!["wonen".to_owned()],
            regeling: vec!["wmo-2015".to_owned()],
            woorden: vec!["briefa".to_owned()],
        };
        let voorstel = Koppelvoorstel {
            signaal: "s-1".to_owned(),
            titel: "Zonder adres".to_owned(),
            lijkt_op: vec![like],
        };
        Ok(KoppelvoorstelPage {
            signalen: 2,
            ongekoppeld: 1,
            voorstellen: vec![voorstel],
        })
    }

    fn agenda(&self, kwartaal: Quarter, _: Option<Week>, _: Lang) -> Result<AgendaStand, Failure> {
        let punt = Agendapunt {
            nr: 1,
            reden: "afspraak".to_owned(),
            kop: "Afspraken".to_owned(),
            uitleg: "beloofd".to_owned(),
            id: "q-1".to_owned(),
            soort: "sessie".to_owned(),
            titel: "Bellen".to_owned(),
            afspraak: Some(1),
            actiehouder: Some("Wijkteam Noord".to_owned()),
        };
        Ok(AgendaStand {
            kwartaal,
            peilweek: week(),
            punten: vec![punt],
        })
    }

    fn close(&self, asked: &SessieAsked, _: &Account, _: Lang) -> Result<SessieStand, Failure> {
        if asked.id == "gesloten" {
            return Err(Failure::Told {
                kind: ProblemKind::Conflict,
                message: closed_before(&asked.id, week()),
                hint: None,
            });
        }
        Ok(SessieStand {
            id: asked.id.clone(),
            kwartaal: asked.kwartaal,
            week: week(),
            afspraken: 1,
            knelpunten: vec![knelpunt()],
        })
    }

    fn came_of(&self, _: &TerugQuery) -> Result<TerugkoppelingPage, Failure> {
        let gebeurd = Gebeurd {
            week: week(),
            soort: "afspraak".to_owned(),
            id: "q-1".to_owned(),
            afspraak: Some(1),
            gemeente: super::gemeente(),
            titel: "Bellen".to_owned(),
            staat: "open".to_owned(),
            beloofd: Some(week().quarter()),
            leidde_tot: Some("les-1".to_owned()),
        };
        let signaal = Terugkoppeling {
            id: "s-1".to_owned(),
            team: Some("Noord".to_owned()),
            week: week(),
            titel: "Zonder adres".to_owned(),
            staat: "gekoppeld".to_owned(),
            knelpunt: Some("k-1".to_owned()),
            gebeurd: vec![gebeurd],
        };
        Ok(TerugkoppelingPage {
            signalen: vec![signaal],
        })
    }

    fn mailbox(&self, _: Option<Week>) -> Result<PostvakPage, Failure> {
        Ok(PostvakPage {
            postbus: "leerkring@kromhoek.example".to_owned(),
            peilweek: week(),
            totaal: 1,
            open: 1,
            meekijken: 1,
            berichten: vec![PostRegel {
                week: week(),
                vorm: "meekijken".to_owned(),
                gemeente: gemeente(),
                id: "0".repeat(32),
                over: "k-1".to_owned(),
                soort: "knelpunt".to_owned(),
                titel: "Twee loketten".to_owned(),
                tekst: "Kijk mee.".to_owned(),
                staat: "open".to_owned(),
            }],
        })
    }

    fn knelpunten(&self, _: &OpenstaandQuery, _: Paging, _: Lang) -> Result<KnelpuntenPage, Failure> {
        let knelpunt = KnelpuntRegel {
            id: "k-1".to_owned(),
            gemeente: gemeente(),
            titel: "Twee loketten".to_owned(),
            staat: "heropend".to_owned(),
            gemeld: week(),
            sinds: week(),
            weken: 3,
            keren: 1,
            opgelost: Some(week()),
        };
        Ok(KnelpuntenPage {
            peilweek: week(),
            totaal: 1,
            knelpunten: vec![knelpunt],
        })
    }

    fn questions(&self, _: &OpenstaandQuery, _: Paging, _: Lang) -> Result<VragenPage, Failure> {
        let vraag = VraagRegel {
            id: "b-1".to_owned(),
            soort: "bericht".to_owned(),
            vorm: "vraag".to_owned(),
            gemeente: gemeente(),
            week: week(),
            weken: 3,
            titel: "Hoe?".to_owned(),
            over: Some("k-1".to_owned()),
        };
        Ok(VragenPage {
            peilweek: week(),
            totaal: 1,
            vragen: vec![vraag],
        })
    }

    fn related(&self, _: &str, _: VerwantenQuery) -> Result<Verwanten, Failure> {
        Ok(Verwanten {
            peilweek: week(),
            treffers: vec![treffer()],
        })
    }

    fn search(&self, query: &SearchQuery, _: Lang) -> Result<Gevonden, Failure> {
        Ok(Gevonden {
            peilweek: week(),
            totaal: 1,
            alle_woorden: query.words == "briefadres",
            nog_te_lezen: 0,
            treffers: vec![treffer()],
            facetten: BTreeMap::from([("thema".to_owned(), BTreeMap::from([("wonen".to_owned(), 1)]))]),
        })
    }
}

fn knelpunt() -> Knelpuntstand {
    Knelpuntstand {
        id: "k-1".to_owned(),
        titel: "Twee loketten".to_owned(),
        staat: "structureel_vermoed".to_owned(),
        teams: Some("2".to_owned()),
    }
}

fn linked(id: &str) -> Koppeling {
    Koppeling {
        concepten: vec![Gekoppeld {
            id: id.to_owned(),
            voortgang: ConceptState::Wacht,
            gedeeld: false,
        }],
        knelpunten: vec![knelpunt()],
    }
}

pub(super) fn treffer() -> Treffer {
    Treffer {
        id: "s-2".to_owned(),
        lokaal: true,
        soort: "signaal".to_owned(),
        gemeente: gemeente(),
        week: week(),
        staat: "gemeld".to_owned(),
        team: Some("wijkteam Noord".to_owned()),
        thema: vec!["wonen".to_owned()],
        tekst: "Geen briefadres".to_owned(),
        gevonden: vec![Plek { start: 5, einde: 15 }],
        waarom: Overeenkomst {
            thema: vec!["wonen".to_owned()],
            regeling: vec!["participatiewet".to_owned()],
            soort_knelpunt: vec!["regel".to_owned()],
            woorden: vec!["briefadres".to_owned()],
        },
    }
}
