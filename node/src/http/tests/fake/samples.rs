//! What the backend of the tests answers about a node and its federation.

use std::collections::BTreeMap;

use protocol::api::*;
use protocol::id::{Digest, DocumentId, EditionHash, Gemeente, LogId, NodeKey, Snapshot};

use super::week;

pub(super) fn uitnodiging() -> Uitnodiging {
    let node = UitnodigingNode {
        gemeente: "GM9902".parse().unwrap(),
        node: NodeKey([2; 32]),
        adressen: vec!["/ip4/127.0.0.1/tcp/1".to_owned()],
    };
    Uitnodiging {
        federatie: protocol::id::FederationId([6; 32]),
        editie: 3,
        vingerafdruk: "0011 2233".to_owned(),
        nodes: vec![node],
        oordeel: Oordeel::NietBeslist,
        toegelaten: false,
        tweede: false,
    }
}

pub(super) fn full() -> Vol {
    Vol {
        gemeente: "GM9904".parse().unwrap(),
        bytes: 268_435_000,
        grens: 268_435_456,
    }
}

pub(super) fn gemeente() -> Gemeente {
    "GM9901".parse().unwrap()
}

pub(super) fn stemming() -> Stemming {
    let change = Wijziging {
        soort: WijzigingSoort::Herindeling,
        gemeente: gemeente(),
        naam: "Zuiderwaard".to_owned(),
        wortel: Some(protocol::id::RootKey([3; 32])),
        vingerafdruk: Some("0011 2233".to_owned()),
        nodes: vec![NodeKey([2; 32])],
        naar: Some(gemeente()),
        datum: Some("2027-01-01".to_owned()),
        wordt: Some("postbus".to_owned()),
    };
    Stemming {
        stand: StemmingStand::Open,
        quorum: 2,
        stemmers: 2,
        voorstellen: vec![Voorstel {
            editie: EditionHash([8; 32]),
            bekend: true,
            ronde: 0,
            voor: vec![gemeente()],
            ontbreekt: vec![gemeente()],
            nodig: 1,
            wijzigingen: vec![change],
        }],
        zwijgen: vec![gemeente()],
    }
}

fn hears_first() -> HoortEerst {
    HoortEerst {
        nodig: 2,
        gehoord: vec![gemeente()],
        ontbreekt: vec!["GM9903".parse().unwrap()],
    }
}

fn refused(log: LogId, node: NodeKey) -> Refused {
    Refused {
        log,
        node,
        seq: 4,
        reden: "vorm".to_owned(),
    }
}

pub(super) fn stand() -> Stand {
    let node = NodeKey([2; 32]);
    let log = LogId([5; 32]);
    Stand {
        gemeente: "GM9901".parse().unwrap(),
        naam: "Zuiderwaard".to_owned(),
        node,
        peer: "12D3KooW".to_owned(),
        federatie: Some(protocol::id::FederationId([6; 32])),
        editie: Some(1),
        uitnodiging: Some(uitnodiging()),
        lidmaatschap: Lidmaatschap::Geschorst,
        hoort_eerst: Some(hears_first()),
        niemand_gehoord: true,
        luistert: vec!["/ip4/127.0.0.1/tcp/1".to_owned()],
        api: "http://127.0.0.1:1".to_owned(),
        pid: 1,
        peilweek: week(),
        snapshot: Snapshot([7; 32]),
        digest: Digest([8; 32]),
        hoogten: Hoogten::default(),
        records: 0,
        concepten: 0,
        verborgen: 2,
        peers: vec![PeerLine {
            node,
            gemeente: "GM9902".parse().unwrap(),
            adres: Some("/ip4/127.0.0.1/tcp/1".to_owned()),
            versie: Some("leerkring/0.1.0".to_owned()),
            verbonden: false,
            laatste_contact_s: Some(7),
            achter: Some(3),
            laatste_fout: Some(Verbindfout::Geweigerd),
            wijst_af: true,
        }],
        wachtend: vec![Waiting {
            log,
            node,
            seq: 4,
            reden: WachtOp::Document {
                document: DocumentId([6; 32]),
            },
        }],
        geweigerd: vec![refused(log, node)],
        vol: vec![full()],
        gedoseerd: vec![full()],
        weigeringen: BTreeMap::from([("form".to_owned(), 1)]),
        aangeklopt: vec![Knocked {
            peer: "12D3KooX".to_owned(),
            node: Some(node),
            adres: "/ip4/127.0.0.1".to_owned(),
            keer: 2,
            laatst_s: 5,
            reden: KnockedWhy::Ingetrokken,
            gemeente: Some("GM9903".parse().unwrap()),
        }],
        workers: vec![own_log()],
        versies: Versies {
            leerkring: "0.1.0".to_owned(),
            protocol: 1,
            view: 1,
            woordenlijst: 1,
            regels: 1,
        },
    }
}

fn own_log() -> WorkerLine {
    WorkerLine {
        laatste_fout: Some(Fout::EigenGeweigerd {
            log: protocol::id::LogId([5; 32]),
            seq: 4,
            reden: "fork".to_owned(),
        }),
        ..WorkerLine::new(Werk::OwnLog, WerkStatus::Rust).counting(Geteld::Teruggehaald, 2)
    }
}

pub(super) fn intrekking() -> Intrekking {
    Intrekking {
        document: DocumentId([1; 32]),
        eigenaar: "GM9901".parse().unwrap(),
        soort: Some("signaal".to_owned()),
        bevestigd: 1,
        nodes: 2,
    }
}
