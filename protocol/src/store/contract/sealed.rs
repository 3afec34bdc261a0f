//! The laws of sealed values: who can read them, and what forgetting means.

use super::{Engine, document, done, get};
use crate::id::DocumentId;
use crate::store::{Batch, Space, Store, StoreError};

/// A sealed value is read with its document and its key only; documents may use the same key.
pub fn sealed_values_belong_to_their_document<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"k", *b"of one");
    batch.put_sealed(document(1), *b"k", *b"of one, again");
    batch.put_sealed(document(2), *b"k", *b"of two");
    batch.put_sealed(document(2), *b"empty", *b"");
    done(store.commit(batch), "sealed");
    assert_eq!(sealed(&store, document(1), b"k"), Some(b"of one, again".to_vec()));
    assert_eq!(sealed(&store, document(2), b"k"), Some(b"of two".to_vec()));
    assert_eq!(sealed(&store, document(2), b"empty"), Some(Vec::new()));
    assert_eq!(
        sealed(&store, document(1), b"empty"),
        None,
        "read with another document"
    );
    assert_eq!(sealed(&store, document(3), b"k"), None, "read with another document");
    assert_eq!(sealed(&store, document(1), b""), None);
}

/// A forgotten document has no payloads and takes none, also when it never had one, also after reopening; the
/// order within a batch counts.
pub fn forgetting_is_for_ever<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"a", *b"payload");
    batch.put_sealed(document(2), *b"a", *b"payload");
    done(store.commit(batch), "sealed");
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"b", *b"just before");
    batch.forget(document(1));
    batch.forget(document(3));
    batch.put(Space::Meta, *b"with it", *b"1");
    done(store.commit(batch), "seal, then forget");
    assert_eq!(get(&store, Space::Meta, b"with it"), Some(b"1".to_vec()));
    assert_forgotten(&mut store);
    let mut batch = Batch::default();
    batch.forget(document(1));
    done(store.commit(batch), "forget again");
    let mut batch = Batch::default();
    batch.forget(document(4));
    batch.put_sealed(document(4), *b"a", *b"payload");
    refused(&store.commit(batch), document(4));
    assert!(
        !done(store.is_forgotten(document(4)), "is_forgotten"),
        "the batch was refused"
    );
    done(store.flush(), "flush");
    let mut store = engine.reopen(store);
    assert_forgotten(&mut store);
}

/// What is sealed for a document goes when it is discarded, and only that; it may be sealed again, in the same batch too.
/// What is forgotten stays forgotten.
pub fn what_is_discarded_may_be_sealed_again<E: Engine>(engine: &mut E) {
    let mut store = engine.fresh();
    let mut batch = Batch::default();
    for number in [1, 2, 3] {
        batch.put_sealed(document(number), *b"a", *b"before");
    }
    batch.put_sealed(document(4), *b"a", *b"before");
    batch.forget(document(5));
    done(store.commit(batch), "sealed");
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"b", *b"just before");
    for number in [1, 2, 2, 5, 6] {
        batch.discard(document(number));
    }
    batch.put_sealed(document(2), *b"c", *b"just after");
    batch.discard(document(4));
    batch.put_sealed(document(4), *b"a", *b"for a moment");
    batch.discard(document(4));
    done(store.commit(batch), "discard");
    assert_discarded(&store);
    done(store.flush(), "flush");
    assert_discarded(&store);
    let mut store = engine.reopen(store);
    assert_discarded(&store);
    let mut batch = Batch::default();
    batch.put_sealed(document(1), *b"b", *b"anew");
    done(store.commit(batch), "seal again");
    assert_eq!(sealed(&store, document(1), b"b"), Some(b"anew".to_vec()));
    assert_eq!(sealed(&store, document(1), b"a"), None);
    let mut batch = Batch::default();
    batch.put_sealed(document(5), *b"a", *b"payload");
    refused(&store.commit(batch), document(5));
}

fn assert_discarded(store: &impl Store) {
    for (number, key) in [(1, b"a"), (1, b"b"), (2, b"a"), (4, b"a")] {
        assert_eq!(sealed(store, document(number), key), None, "document {number}");
    }
    assert_eq!(sealed(store, document(2), b"c"), Some(b"just after".to_vec()));
    assert_eq!(
        sealed(store, document(3), b"a"),
        Some(b"before".to_vec()),
        "the neighbour"
    );
    for (number, forgotten) in [(1, false), (2, false), (5, true), (6, false)] {
        let found = done(store.is_forgotten(document(number)), "is_forgotten");
        assert_eq!(found, forgotten, "document {number}");
    }
}

fn assert_forgotten(store: &mut impl Store) {
    assert_eq!(sealed(store, document(1), b"a"), None);
    assert_eq!(sealed(store, document(1), b"b"), None);
    assert_eq!(
        sealed(store, document(2), b"a"),
        Some(b"payload".to_vec()),
        "the neighbour keeps its own"
    );
    for (number, forgotten) in [(1, true), (2, false), (3, true)] {
        let found = done(store.is_forgotten(document(number)), "is_forgotten");
        assert_eq!(found, forgotten, "document {number}");
    }
    for number in [1, 3] {
        let mut batch = Batch::default();
        batch.put(Space::Meta, *b"never", *b"1");
        batch.put_sealed(document(number), *b"a", *b"again");
        refused(&store.commit(batch), document(number));
        assert_eq!(get(store, Space::Meta, b"never"), None);
    }
}

fn refused(result: &Result<(), StoreError>, document: DocumentId) {
    match result {
        Err(StoreError::Forgotten { document: found }) if *found == document => {}
        other => panic!("a payload for forgotten {document} gave {other:?}"),
    }
}

fn sealed(store: &impl Store, of: DocumentId, key: &[u8]) -> Option<Vec<u8>> {
    done(store.get_sealed(of, key), "get_sealed")
}
