//! What the vault promises, over a real store and real files.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::store::engine::Write;
use crate::store::key::Key as RecordKey;
use crate::store::{self, Store};

const SPACE: &str = "wsp_1";
const ID: &str = "grant/mem_1";

/// A data directory and a configuration directory, as one daemon after another finds them.
struct Place {
    dir: tempfile::TempDir,
    store: Store,
}

impl Place {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = store::open(&dir.path().join("store"), settings()).await;
        Self {
            store: store.unwrap(),
            dir,
        }
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("config")
    }

    fn key_file(&self) -> PathBuf {
        self.config().join("vault.key")
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("store")
    }

    async fn open(&self) -> Result<Vault, OpenError> {
        let choice = KeyChoice::File;
        Vault::open(&choice, &self.config(), &self.data(), &self.store).await
    }

    async fn vault(&self) -> Vault {
        self.open().await.unwrap()
    }

    async fn put(&self, vault: &Vault, id: &str, secret: &str) {
        let put = |tx: Tx| async move { vault.put(&tx, SPACE, id, &secret).await };
        self.store.transact(put).await.unwrap();
    }

    async fn get(&self, vault: &Vault, id: &str) -> Result<Option<String>, VaultError> {
        let get = |tx: Tx| async move { vault.get::<String>(&tx, SPACE, id).await };
        Ok(self.store.transact(get).await?.0)
    }

    async fn delete(&self, vault: &Vault, id: &str) {
        let delete = |tx: Tx| async move { vault.delete(&tx, SPACE, id).await };
        self.store.transact(delete).await.unwrap();
    }

    async fn sealed(&self, id: &str) -> Sealed {
        let stored = self.store.get::<Sealed>(SPACE, id).await.unwrap();
        stored.unwrap().record
    }

    /// Writes what a copy had, past the vault.
    async fn write(&self, id: &str, sealed: &Sealed) {
        let write = |tx: Tx| async move { tx.put(SPACE, id, sealed) };
        self.store.transact(write).await.unwrap();
    }
}

fn settings() -> store::sled::Settings {
    store::sled::Settings {
        keep_free: 0,
        ..Default::default()
    }
}

#[tokio::test]
async fn a_secret_opens_only_under_its_own_name() {
    let place = Place::new().await;
    let vault = place.vault().await;
    place.put(&vault, ID, "rotated").await;
    let found = place.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("rotated"));
    place.write("grant/mem_2", &place.sealed(ID).await).await;
    let moved = place.get(&vault, "grant/mem_2").await;
    assert!(matches!(moved, Err(VaultError::Damaged)));
    let mut altered = place.sealed(ID).await;
    altered.sealed.replace_range(40..41, "*");
    place.write(ID, &altered).await;
    let altered = place.get(&vault, ID).await;
    assert!(matches!(altered, Err(VaultError::Damaged)));
}

#[tokio::test]
async fn a_secret_renewed_keeps_its_key_and_one_removed_takes_it_along() {
    let place = Place::new().await;
    let vault = place.vault().await;
    place.put(&vault, ID, "first").await;
    place.put(&vault, "grant/mem_2", "another's").await;
    let copy = place.sealed(ID).await;
    place.put(&vault, ID, "second").await;
    assert_eq!(vault.0.ring.ids().len(), 2);

    let ring = fs::read(place.data().join(ring::NAME)).unwrap();
    place.delete(&vault, ID).await;
    assert_eq!(vault.0.ring.ids().len(), 1);
    place.write(ID, &copy).await;
    let copied = place.get(&vault, ID).await;
    assert!(matches!(copied, Err(VaultError::KeyGone)));
    let others = place.get(&vault, "grant/mem_2").await.unwrap();
    assert_eq!(others.as_deref(), Some("another's"));

    // No later daemon opens it either; a whole copy from before does, together with the vault's
    // key.
    drop(vault);
    let vault = place.vault().await;
    assert_eq!(vault.unopened(), [(SPACE.to_owned(), ID.to_owned())]);
    fs::write(place.data().join(ring::NAME), ring).unwrap();
    let vault = place.vault().await;
    let found = place.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("first"));
}

#[tokio::test]
async fn a_commit_that_does_not_come_leaves_no_key_behind() {
    let place = Place::new().await;
    let vault = &place.vault().await;
    let refused = place.store.transact(|tx| async move {
        vault.put(&tx, SPACE, ID, &"never").await?;
        Err::<(), _>(VaultError::Damaged)
    });
    assert!(matches!(refused.await, Err(VaultError::Damaged)));
    assert!(vault.0.ring.ids().is_empty());

    // One that another overtook is done again, under one key in the end.
    let tries = std::sync::atomic::AtomicU32::new(0);
    let (place, tries) = (&place, &tries);
    let put = place.store.transact(|tx| async move {
        vault.put(&tx, SPACE, ID, &"mine").await?;
        if tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            place.put(vault, ID, "theirs").await;
        }
        Ok::<_, VaultError>(())
    });
    put.await.unwrap();
    assert_eq!(vault.0.ring.ids().len(), 1);
    let found = place.get(vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("mine"));
}

#[tokio::test]
async fn keys_a_killed_daemon_left_are_destroyed_at_the_next_start() {
    let place = Place::new().await;
    let vault = place.vault().await;
    place.put(&vault, ID, "kept").await;
    vault.make(3).await.unwrap();
    drop(vault);
    let vault = place.vault().await;
    assert_eq!(vault.0.ring.ids().len(), 1);
    let found = place.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("kept"));
}

/// What the first version stored: sealed with the vault's key itself.
#[tokio::test]
async fn a_secret_of_the_former_shape_comes_forward() {
    let place = Place::new().await;
    fs::create_dir(place.config()).unwrap();
    let key: [u8; cipher::LENGTH] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    fs::write(place.key_file(), key).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(place.key_file(), mode).unwrap();
    let former = include_str!("../../tests/fixtures/store/secret.1.json");
    let body = [&1u32.to_be_bytes()[..], former.trim().as_bytes()].concat();
    let name = RecordKey::new(SPACE, Sealed::TABLE, ID).unwrap();
    let write = vec![Write::Put(name, body)];
    place.store.engine().commit(vec![], write).await.unwrap();
    assert!(matches!(place.sealed(ID).await.under, Under::Vault(_)));

    let vault = &place.vault().await;
    assert!(vault.unopened().is_empty());
    assert!(matches!(place.sealed(ID).await.under, Under::Key(_)));
    let pair = place
        .store
        .transact(|tx| async move { vault.get::<serde_json::Value>(&tx, SPACE, ID).await });
    let pair = pair.await.unwrap().0.unwrap();
    assert_eq!(
        (pair["refresh"].as_str(), pair["generation"].as_u64()),
        (Some("a-refresh-token"), Some(3))
    );
}

#[tokio::test]
async fn a_copied_data_directory_is_useless_without_the_key() {
    let place = Place::new().await;
    let vault = place.vault().await;
    place.put(&vault, ID, "rotated").await;
    drop(vault);
    let key = fs::read(place.key_file()).unwrap();

    fs::remove_file(place.key_file()).unwrap();
    let refused = place.open().await.err().unwrap();
    assert!(matches!(refused, OpenError::KeyLost { .. }), "{refused}");
    assert!(!place.key_file().exists(), "no fresh key beside secrets");

    fs::write(place.key_file(), [7; 32]).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(place.key_file(), mode).unwrap();
    let refused = place.open().await.err().unwrap().to_string();
    assert!(refused.contains("put that key back"), "{refused}");

    fs::write(place.key_file(), key).unwrap();
    let vault = place.vault().await;
    let found = place.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("rotated"));
}

#[tokio::test]
async fn with_a_lost_key_one_begins_anew_and_the_ring_is_kept_aside() {
    let place = Place::new().await;
    place.put(&place.vault().await, ID, "rotated").await;
    fs::remove_file(place.key_file()).unwrap();
    let aside = start_over(&place.data()).unwrap().unwrap();
    assert!(aside.exists() && start_over(&place.data()).unwrap().is_none());
    let vault = place.vault().await;
    assert_eq!(vault.unopened().len(), 1);
    place.put(&vault, ID, "connected again").await;
    let vault = place.vault().await;
    assert!(vault.unopened().is_empty());
}

#[tokio::test]
async fn a_copy_of_the_ring_opens_a_copy_of_the_records_under_the_same_key() {
    let place = Place::new().await;
    let vault = place.vault().await;
    place.put(&vault, ID, "rotated").await;
    let (copy, sealed) = (vault.ring_copy().unwrap(), place.sealed(ID).await);
    let backup = random().unwrap();
    let sealed_key = vault.seal_key("backup/1", &backup).unwrap();

    let elsewhere = Place::new().await;
    let none = Vault::key_only(&KeyChoice::File, &elsewhere.config()).await;
    assert!(matches!(none, Err(KeyError::Nothing(_))));
    fs::create_dir(elsewhere.config()).unwrap();
    fs::copy(place.key_file(), elsewhere.key_file()).unwrap();
    let key_only = Vault::key_only(&KeyChoice::File, &elsewhere.config()).await;
    let opened = key_only.unwrap().open_key("backup/1", &sealed_key);
    assert_eq!(*opened.unwrap(), *backup);
    elsewhere.write(ID, &sealed).await;
    put_ring(&elsewhere.data(), &copy).unwrap();
    let vault = elsewhere.vault().await;
    let found = elsewhere.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("rotated"));
    assert!(put_ring(&elsewhere.data(), b"no ring").is_err());
}

#[tokio::test]
async fn under_a_new_key_everything_opens_and_with_the_former_nothing() {
    let place = Place::new().await;
    let vault = place.vault().await;
    let all = &vault;
    let members = Vec::from_iter(0..205);
    let put = place
        .store
        .transact_each(&members, |tx, member| async move {
            let (id, token) = (format!("grant/mem_{member}"), format!("token {member}"));
            all.put(&tx, SPACE, &id, &token).await
        });
    put.await.unwrap();
    let before = place.sealed("grant/mem_7").await;
    drop(vault);
    let (key, ring) = (
        fs::read(place.key_file()).unwrap(),
        fs::read(place.data().join(ring::NAME)).unwrap(),
    );
    let (choice, config, data) = (KeyChoice::File, place.config(), place.data());
    let steps = std::sync::Mutex::new(Vec::new());
    let changed = rekey(
        &choice,
        &config,
        &data,
        &place.store,
        NewKey::Random,
        |step| {
            steps.lock().unwrap().push(step);
        },
    );
    let changed = changed.await.unwrap();
    assert_eq!(
        steps.into_inner().unwrap(),
        [
            Step::Opened,
            Step::Written,
            Step::Changed,
            Step::InPlace,
            Step::Sealed
        ]
    );
    assert!(changed.from != changed.to && changed.unopened == 0);

    let vault = place.vault().await;
    for member in [0, 7, 204] {
        let found = place.get(&vault, &format!("grant/mem_{member}")).await;
        assert_eq!(found.unwrap(), Some(format!("token {member}")));
    }
    // The former key and the former ring together open nothing that is stored from now on.
    let after = place.sealed("grant/mem_7").await;
    let (Under::Key(former), Under::Key(fresh)) = (before.under, after.under) else {
        panic!("both have keys of their own")
    };
    assert!(former != fresh && vault.0.ring.ids().len() == 205);
    fs::write(place.key_file(), key).unwrap();
    let refused = place.open().await.err().unwrap();
    assert!(matches!(refused, OpenError::OtherKey { .. }), "{refused}");
    fs::write(place.data().join(ring::NAME), ring).unwrap();
    assert_eq!(place.vault().await.unopened().len(), 205);
}

#[tokio::test]
async fn a_key_that_comes_from_a_command_is_changed_for_a_given_one() {
    let place = Place::new().await;
    let keys = place.dir.path().join("keys");
    fs::create_dir(&keys).unwrap();
    let (former, next) = (keys.join("former"), keys.join("next"));
    for (path, byte) in [(&former, 1), (&next, 2)] {
        fs::write(path, [byte; 32]).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(path, mode).unwrap();
    }
    let cat = |path: &PathBuf| vec!["cat".to_owned(), path.display().to_string()];
    let (config, data) = (place.config(), place.data());
    let choice = KeyChoice::Command(cat(&former));
    let vault = Vault::open(&choice, &config, &data, &place.store)
        .await
        .unwrap();
    place.put(&vault, ID, "rotated").await;
    drop(vault);

    let change = |new| rekey(&choice, &config, &data, &place.store, new, |_| {});
    let refused = change(NewKey::Random).await.unwrap_err().to_string();
    assert!(refused.contains("--new-key-file"), "{refused}");
    let gone = change(NewKey::File(keys.join("gone"))).await.unwrap_err();
    assert!(matches!(gone, RekeyError::NoFile(_)));
    change(NewKey::File(next.clone())).await.unwrap();

    // The command still prints the former key: said, and a second run with the same new key is
    // carried on.
    let refused = Vault::open(&choice, &config, &data, &place.store).await;
    assert!(matches!(refused, Err(OpenError::OtherKey { .. })));
    change(NewKey::Command(cat(&next))).await.unwrap();
    let choice = KeyChoice::Command(cat(&next));
    let vault = Vault::open(&choice, &config, &data, &place.store)
        .await
        .unwrap();
    let found = place.get(&vault, ID).await.unwrap();
    assert_eq!(found.as_deref(), Some("rotated"));
}
