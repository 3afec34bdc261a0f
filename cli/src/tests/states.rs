//! The stand of a node, whatever it is in its federation: said in Dutch, as what it is.

use protocol::api::{Lang, Lidmaatschap, Stand, Uitnodiging};
use serde_json::json;

use super::assert_dutch;
use crate::heard;
use crate::output::Output;
use crate::status;

const ALL: [Lidmaatschap; 9] = [
    Lidmaatschap::NietGesticht,
    Lidmaatschap::Lid,
    Lidmaatschap::LeestMee,
    Lidmaatschap::Verwijderd,
    Lidmaatschap::Opgegaan,
    Lidmaatschap::NodeBeeindigd,
    Lidmaatschap::Vertrokken,
    Lidmaatschap::Geschorst,
    Lidmaatschap::Onbekend,
];

fn stand(lidmaatschap: Lidmaatschap, uitnodiging: Option<Uitnodiging>) -> Stand {
    let mut stand: Stand = serde_json::from_str(include_str!("canned/stand.json")).unwrap();
    stand.lidmaatschap = lidmaatschap;
    stand.uitnodiging = uitnodiging;
    stand.peers[1].wijst_af = true;
    stand.vol.clear();
    stand.gedoseerd.clear();
    stand.hoort_eerst = None;
    stand
}

fn invitation() -> Uitnodiging {
    let invitation = json!({"federatie": "ff".repeat(32), "editie": 0, "vingerafdruk": "01 02", "nodes": [],
        "oordeel": "onbekend", "toegelaten": false});
    serde_json::from_value(invitation).unwrap()
}

fn shown(stand: &Stand, lang: Lang) -> String {
    let mut written = Vec::new();
    status::show(stand, &mut Output::new(&mut written, lang, false, false)).unwrap();
    String::from_utf8(written).unwrap()
}

#[test]
fn every_state_is_told_in_dutch() {
    for place in ALL {
        for invited in [None, Some(invitation())] {
            assert_dutch(&shown(&stand(place, invited), Lang::Nl));
        }
    }
}

#[test]
fn only_who_was_never_let_in_waits_to_be_let_in() {
    for place in ALL {
        let said = shown(&stand(place, Some(invitation())), Lang::Nl);
        let waits = matches!(place, Lidmaatschap::NietGesticht | Lidmaatschap::Onbekend);
        assert_eq!(said.contains("nog niet toegelaten (uitgenodigd"), waits, "{said}");
        assert_eq!(said.contains("nog niet toegelaten door GM9903"), waits, "{said}");
        let told = !matches!(place, Lidmaatschap::NietGesticht | Lidmaatschap::Lid);
        assert_eq!(said.contains("let op"), told, "{said}");
        assert_eq!(said.contains("Volgende stap: stuur uw kaart"), waits, "{said}");
    }
}

#[test]
fn a_node_that_lost_its_charter_takes_it_in_again() {
    let mut stand = stand(Lidmaatschap::NietGesticht, None);
    stand.hoogten.statements = 0;
    stand.hoort_eerst = serde_json::from_value(json!({"nodig": 0, "gehoord": [], "ontbreekt": []})).unwrap();
    let said = shown(&stand, Lang::Nl);
    assert!(
        said.contains("charter import BESTAND") && !said.contains("charter card"),
        "{said}"
    );
    assert!(!said.contains("nog niet: ."), "{said}");
    assert_dutch(&said);
}

#[test]
fn a_line_of_the_stand_fits_a_screen() {
    let said = shown(&stand(Lidmaatschap::Lid, None), Lang::Nl);
    let wide: Vec<&str> = said.lines().filter(|line| line.chars().count() > 84).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn a_second_node_is_told_to_ask_its_own_gemeente_and_no_other() {
    let second = Uitnodiging {
        tweede: true,
        ..invitation()
    };
    let said = shown(&stand(Lidmaatschap::NietGesticht, Some(second)), Lang::Nl);
    assert!(said.contains("keys request") && said.contains("keys certify"), "{said}");
    assert!(!said.contains("charter card"), "{said}");
}

#[test]
fn who_is_heard_by_nobody_is_told_so() {
    for place in ALL {
        let let_in = matches!(
            place,
            Lidmaatschap::NietGesticht | Lidmaatschap::Lid | Lidmaatschap::LeestMee | Lidmaatschap::Onbekend
        );
        let mut stand = stand(place, None);
        stand.peers[0].verbonden = true;
        assert_eq!(heard::deaf(&stand).is_none(), let_in, "{place:?}");
        assert_eq!(heard::needed(Some(&stand)).is_ok(), let_in, "{place:?}");
        for peer in &mut stand.peers {
            peer.verbonden = false;
        }
        assert!(heard::deaf(&stand).is_some(), "{place:?}, with no link");
        stand.peers.clear();
        assert_eq!(heard::deaf(&stand).is_none(), let_in, "{place:?}, alone");
    }
    assert!(heard::needed(None).is_err(), "it does not run");
}
