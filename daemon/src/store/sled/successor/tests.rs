use super::super::super::engine::Write;
use super::*;
use crate::store::key::Key;

/// What else is kept beside sled's files.
const BESIDE: &str = "ring";

fn key(id: &str) -> Key {
    Key::new("w", "t", id).unwrap()
}

/// A store in which only `id` is, with a successor in which only `heir` is.
async fn with_successor(dir: &Path, id: &str, heir: &str) -> PathBuf {
    let store = open(dir).await;
    put(&store, id).await;
    let successor = Successor::begin(dir, store.revision()).await.unwrap();
    put(successor.store(), heir).await;
    fs::write(successor.directory().join(BESIDE), heir).unwrap();
    fs::write(dir.join(BESIDE), id).unwrap();
    assert!(successor.store().revision() > store.revision());
    let aside = successor.ready("20261130T090000Z").await.unwrap();
    store.close().await;
    aside
}

async fn open(dir: &Path) -> Store {
    crate::store::open(dir, Settings::default()).await.unwrap()
}

async fn put(store: &Store, id: &str) {
    let write = Write::Put(key(id), b"1".to_vec());
    store.engine().commit(vec![], vec![write]).await.unwrap();
}

async fn has(store: &Store, id: &str) -> bool {
    store.engine().get(vec![key(id)]).await.unwrap()[0].is_some()
}

/// The names in a directory.
fn listing(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_successor_takes_the_place_and_the_former_store_stays() {
    let dir = tempfile::tempdir().unwrap();
    let aside = with_successor(dir.path(), "old", "new").await;
    let store = open(dir.path()).await;
    assert!(has(&store, "new").await && !has(&store, "old").await);
    assert_eq!(fs::read(dir.path().join(BESIDE)).unwrap(), b"new");
    store.close().await;

    // The way back is to move the former store's files.
    fs::remove_dir_all(dir.path().join(DATA)).unwrap();
    for name in listing(&aside) {
        fs::rename(aside.join(&name), dir.path().join(&name)).unwrap();
    }
    let store = open(dir.path()).await;
    assert!(has(&store, "old").await && !has(&store, "new").await);
    store.close().await;
}

#[tokio::test]
async fn killed_between_any_two_steps_the_next_opening_finishes() {
    for step in 0..=8 {
        let dir = tempfile::tempdir().unwrap();
        let aside = with_successor(dir.path(), "old", "new").await;
        let successor = dir.path().join(format!("{SUCCESSOR}20261130T090000Z"));
        let out = ["store-id", "last-revision", BESIDE, DATA];
        let out = out.map(|name| (dir.path().join(name), aside.join(name)));
        let come = [DATA, BESIDE, "last-revision", "store-id"];
        let come = come.map(|name| (successor.join(name), dir.path().join(name)));
        fs::create_dir(&aside).unwrap();
        for (from, to) in out.into_iter().chain(come).take(step) {
            fs::rename(from, to).unwrap();
        }
        let store = open(dir.path()).await;
        assert!(has(&store, "new").await, "step {step}");
        store.close().await;
        let whole = ["data", "last-revision", BESIDE, "store-id"];
        assert_eq!(listing(&aside), whole, "step {step}");
        assert_eq!(fs::read(aside.join(BESIDE)).unwrap(), b"old");
        assert_eq!(fs::read(dir.path().join(BESIDE)).unwrap(), b"new");
        assert!(!successor.exists());
    }
}

#[tokio::test]
async fn what_is_half_made_is_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    put(&store, "old").await;
    let half = Successor::begin(dir.path(), Revision(0)).await.unwrap();
    put(half.store(), "half").await;
    half.store().close().await;
    store.close().await;
    let store = open(dir.path()).await;
    assert!(has(&store, "old").await);
    // The next restore begins anew.
    let next = Successor::begin(dir.path(), Revision(0)).await.unwrap();
    assert!(!has(next.store(), "half").await);
}

#[tokio::test]
async fn a_store_that_is_open_is_not_reserved() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let held = Reserved::take(dir.path());
    assert!(matches!(held, Err(OpenError::Locked { .. })));
    store.close().await;
    let reserved = Reserved::take(dir.path()).unwrap();
    let successor = Successor::begin(dir.path(), Revision(7)).await.unwrap();
    put(successor.store(), "first").await;
    let aside = successor.ready("20261130T090000Z").await.unwrap();
    reserved.succeed().unwrap();
    drop(reserved);
    assert!(aside.exists(), "the empty store was one, too");
    assert!(has(&open(dir.path()).await, "first").await);
}

#[tokio::test]
async fn two_restores_of_one_second_set_two_stores_aside() {
    let dir = tempfile::tempdir().unwrap();
    let first = with_successor(dir.path(), "old", "new").await;
    let second = with_successor(dir.path(), "newer", "newest").await;
    assert_ne!(first, second);
    let store = open(dir.path()).await;
    assert!(has(&store, "newest").await);
    assert!(first.join(DATA).exists() && second.join(DATA).exists());
}
