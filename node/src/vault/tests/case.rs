//! What the vault holds of the case behind a record, and how it goes.

use protocol::gate::Known;

use super::*;

#[test]
fn what_is_known_of_the_case_is_kept_sealed_until_another_list_is_given() {
    let dir = Scratch::new("vault-known");
    let mut vault = open(&dir);
    let known = |names: &[&str]| Some(Known::new(names.iter().map(|name| (*name).to_owned()).collect()).unwrap());
    let typed = |text: &str, known: Option<Known>| Taken {
        known,
        ..signaal(Some("s-1"), text)
    };
    vault.add(&typed("Eerst.", known(&["MERKTEKEN"]))).unwrap();
    share(&mut vault, "s-1", 1, Vec::new());
    assert!(!files_contain(&dir, b"MERKTEKEN"));
    assert!(!format!("{:?}", vault.get("s-1").unwrap()).contains("MERKTEKEN"));
    // Typed without, nothing is said of what is known.
    assert!(matches!(vault.add(&typed("Eerst.", None)), Ok(Added::Same { .. })));
    assert!(matches!(vault.add(&typed("Dan.", None)), Ok(Added::Updated { .. })));
    assert_eq!(Some(vault.get("s-1").unwrap().known), known(&["MERKTEKEN"]));
    // Another list changes what would leave, so a person looks again.
    share(&mut vault, "s-1", 1, Vec::new());
    assert!(matches!(
        vault.add(&typed("Dan.", known(&["Zomer"]))),
        Ok(Added::Updated { .. })
    ));
    let concept = vault.get("s-1").unwrap();
    assert_eq!((concept.state, Some(concept.known)), (State::Draft, known(&["Zomer"])));
    vault.withdrawn(&[DocumentId([1; 32])]).unwrap();
    assert!(matches!(vault.add(&typed("Dan.", known(&[]))), Ok(Added::Same { .. })));
}

#[test]
fn what_is_thrown_away_is_gone_from_the_files_also_sealed() {
    let dir = Scratch::new("vault-gone");
    let mut vault = open(&dir);
    let long = "Het loket vraagt een bewijs. ".repeat(15);
    for id in ["weg", "half", "blijft"] {
        vault.add(&signaal(Some(id), &format!("{long} {id}"))).unwrap();
    }
    share(&mut vault, "half", 1, Vec::new());
    let sealed = |vault: &Vault, id: &str| -> Vec<u8> {
        let found = "SELECT body FROM concept WHERE place = ?1";
        let place = key().mark("local id", &[id.as_bytes()]);
        vault
            .file
            .connection()
            .query_row(found, [place], |row| row.get(0))
            .unwrap()
    };
    let (gone, half) = (sealed(&vault, "weg"), sealed(&vault, "half"));
    let stays = sealed(&vault, "blijft");
    let parts = |body: &[u8]| body.chunks_exact(40).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let left = |body: &[u8]| parts(body).iter().filter(|part| files_contain(&dir, part)).count();
    assert!(parts(&gone).len() > 8 && left(&gone) == parts(&gone).len());
    vault.discard("weg").unwrap();
    let record = serde_json::json!({"soort": "signaal", "aard": "knelpunt", "thema": ["wonen"], "laag": "uitvoering", "tekst": "x"});
    assert_eq!(vault.reduce("half", record).unwrap(), State::Shared);
    assert_eq!((left(&gone), left(&half)), (0, 0));
    assert_eq!(left(&stays), parts(&stays).len());
    let half = vault.get("half").unwrap();
    assert!(half.input().unwrap().local.is_empty() && half.shared.is_some());
}
