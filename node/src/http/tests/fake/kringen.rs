//! What it answers about kringen.

use protocol::api::*;
use protocol::gate::Account;
use protocol::id::Snapshot;

use super::super::super::{Failure, Kringen};
use super::{Fake, gemeente, week};

pub(super) fn tip() -> Tip {
    Tip {
        id: "0123456789".to_owned(),
        kring: "k-1".to_owned(),
        naam: "Wonen".to_owned(),
        toon: "Vraag of een briefadres kan".to_owned(),
    }
}

impl Kringen for Fake {
    fn membership(&self, asked: &LidmaatschapAsked, _: &Account, _: Lang) -> Result<LidmaatschapStand, Failure> {
        Ok(LidmaatschapStand {
            id: "kring-lid".to_owned(),
            kring: asked.kring.clone(),
            naam: "Wonen".to_owned(),
            lid: asked.lid,
            week: asked.week.unwrap_or_else(week),
            voortgang: ConceptState::Wacht,
        })
    }

    fn account(&self, query: &VerantwoordingQuery, _: Lang) -> Result<Verantwoording, Failure> {
        let regel = VerantwoordingRegel {
            deel: "gedaan".to_owned(),
            kop: "Wat wij deden".to_owned(),
            week: week(),
            gemeente: gemeente(),
            wat: "afspraak nagekomen".to_owned(),
            soort: "sessie".to_owned(),
            id: "0".repeat(32),
            afspraak: Some(1),
            titel: "Bellen".to_owned(),
            staat: "afgerond".to_owned(),
            uitkomst: Some("werkt".to_owned()),
        };
        Ok(Verantwoording {
            kring: query.kring.clone(),
            naam: "Wonen".to_owned(),
            doel: "Samen leren".to_owned(),
            kwartaal: query.kwartaal,
            peilweek: query.peilweek.unwrap_or_else(week),
            snapshot: Snapshot([7; 32]),
            leden: vec![gemeente()],
            toegetreden: vec![gemeente()],
            vertrokken: vec![gemeente()],
            regels: vec![regel],
            volledig: true,
        })
    }

    fn tips(&self, _: Lang) -> Result<TipPage, Failure> {
        Ok(TipPage {
            alle_uit: false,
            totaal: 1,
            tips: vec![TipRegel {
                tip: tip(),
                als: "thema=wonne".to_owned(),
                aan: true,
                fout: Some("thema heeft geen waarde \"wonne\"".to_owned()),
            }],
        })
    }

    fn switch_tips(&self, asked: &TipSchakeling, lang: Lang) -> Result<TipPage, Failure> {
        let mut page = self.tips(lang)?;
        page.alle_uit = asked.tip.is_none() && !asked.aan;
        Ok(page)
    }
}
