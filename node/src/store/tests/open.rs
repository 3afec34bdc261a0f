//! Opening: once, by one process, with the right key, not from the future.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn a_directory_is_open_once() {
    let dir = Scratch::new("open");
    let first = open(dir.path()).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    drop(first);
    open(dir.path()).unwrap();
}

#[test]
fn half_a_snapshot_and_half_its_parameters_do_not_keep_sled_from_opening() {
    let dir = Scratch::new("open");
    let files = dir.path().join("sled");
    fs::create_dir_all(&files).unwrap();
    fs::write(files.join("conf"), [1; 20]).unwrap();
    drop(open(dir.path()).unwrap());
    let mut store = open(dir.path()).unwrap();
    let half = files.join("snap.FFFFFFFFFFFFFFFF.generating");
    fs::write(&half, [1; 20]).unwrap();
    assert!(matches!(open(dir.path()).unwrap_err(), OpenError::InUse { .. }));
    assert!(half.exists(), "whoever has the store open may be writing it");
    let mut batch = Batch::default();
    batch.put(protocol::store::Space::Meta, *b"k", *b"v");
    store.commit(batch).unwrap();
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(
        store.get(protocol::store::Space::Meta, b"k").unwrap(),
        Some(b"v".to_vec())
    );
    assert!(!half.exists());
}

#[test]
fn another_storage_key_is_refused() {
    let dir = Scratch::new("open");
    drop(open(dir.path()).unwrap());
    let error = Sled::open(dir.path(), &Secret::new([4; 32])).unwrap_err();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    open(dir.path()).unwrap();
}

#[test]
fn a_newer_format_is_refused_by_name() {
    let dir = Scratch::new("open");
    drop(open(dir.path()).unwrap());
    let key = layout::own("format");
    let newer = layout::FORMAT + 1;
    let db = sled::open(dir.path().join("sled")).unwrap();
    db.insert(&key, layout::hashed(&key, &newer.to_be_bytes())).unwrap();
    db.flush().unwrap();
    drop(db);
    let error = open(dir.path()).unwrap_err();
    assert!(
        matches!(error, OpenError::Newer { found, known, .. } if found == newer && known == layout::FORMAT),
        "{error}"
    );
}

#[test]
fn a_place_where_no_directory_can_be_is_an_error_with_its_path() {
    let dir = Scratch::new("open");
    let file = dir.path().join("a file");
    fs::write(&file, b"").unwrap();
    let error = open(&file).unwrap_err().to_string();
    assert!(error.contains("a file"), "{error}");
}

#[test]
fn files_with_keys_are_private() {
    let dir = Scratch::new("open");
    let mut store = open(dir.path()).unwrap();
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"k", *b"v");
    store.commit(batch).unwrap();
    let mode = fs::metadata(dir.path().join("keys/000000.seg"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn keys_that_were_made_beforehand_are_used_and_none_is_made_twice() {
    use protocol::id::DocumentId;
    let dir = Scratch::new("open");
    let mut store = open(dir.path()).unwrap();
    let documents: Vec<DocumentId> = (1..=3).map(|number| DocumentId([number; 32])).collect();
    let write = |store: &mut Sled, document: DocumentId| {
        let mut batch = Batch::default();
        batch.put_sealed(document, *b"k", document.0);
        store.commit(batch).unwrap();
    };
    let given = |store: &Sled| store.keys().ring().next();
    write(&mut store, documents[0]);
    store.prepare(documents.iter().copied().collect()).unwrap();
    store.prepare(documents.iter().copied().collect()).unwrap();
    assert_eq!(given(&store), 3);
    write(&mut store, documents[1]);
    write(&mut store, documents[2]);
    assert_eq!(given(&store), 3);
    store.flush().unwrap();
    drop(store);
    let store = open(dir.path()).unwrap();
    assert_eq!(given(&store), 3);
    for document in documents {
        assert_eq!(store.get_sealed(document, b"k").unwrap(), Some(document.0.to_vec()));
    }
}
