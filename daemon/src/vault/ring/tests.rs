use super::layout::{BOXED, MASTER_ID, USED};
use super::*;
use crate::vault::cipher::OVERHEAD;

fn master() -> (cipher::Key, Master) {
    let key = cipher::random().unwrap();
    let master = Master::new(&key);
    (key, master)
}

/// The same ring, as the next process finds it.
fn again(path: &Path, key: &cipher::Key) -> Ring {
    assert_eq!(needs(path).unwrap(), Some(Master::new(key).id));
    Ring::open(path, Master::new(key)).unwrap()
}

#[test]
fn keys_are_found_again_and_a_destroyed_one_is_nowhere_in_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(NAME);
    assert_eq!(needs(&path).unwrap(), None);
    let (key, first) = master();
    let ring = Ring::create(&path, first).unwrap();
    let ids = ring.make(3).unwrap();
    let sealed = ring.cipher(ids[1]).unwrap().seal(b"token", b"").unwrap();
    let slot = ring.locked().keys[&ids[1]].boxed;
    let in_file = || {
        let bytes = fs::read(&path).unwrap();
        bytes.windows(BOXED).any(|part| part == slot)
    };
    assert!(in_file());

    let ring = again(&path, &key);
    let opened = ring.cipher(ids[1]).unwrap().open(&sealed, b"");
    assert_eq!(&**opened.unwrap(), b"token");
    ring.destroy(&[ids[1]]).unwrap();
    assert!(ring.cipher(ids[1]).is_none() && !in_file());

    let ring = again(&path, &key);
    assert_eq!(ring.ids().len(), 2);
    let length = fs::metadata(&path).unwrap().len();
    ring.make(1).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().len(),
        length,
        "its place is used again"
    );
}

#[test]
fn under_another_key_the_same_data_keys_open_and_the_former_file_is_wiped() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(NAME);
    let (_, first) = master();
    let ring = Ring::create(&path, first).unwrap();
    let id = ring.make(1).unwrap()[0];
    let sealed = ring.cipher(id).unwrap().seal(b"token", b"").unwrap();
    let shadow = dir.path().join("shadow");
    fs::hard_link(&path, &shadow).unwrap();

    let (second, next) = master();
    ring.change(next).unwrap();
    for ring in [ring, again(&path, &second)] {
        assert_eq!(
            &**ring.cipher(id).unwrap().open(&sealed, b"").unwrap(),
            b"token"
        );
        assert!(!ring.is_current(id));
        let fresh = ring.make(1).unwrap()[0];
        assert!(ring.is_current(fresh));
    }
    assert!(fs::read(&shadow).unwrap().iter().all(|byte| *byte == 0));
}

#[test]
fn a_torn_slot_belongs_to_nothing_and_an_altered_header_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(NAME);
    let (key, first) = master();
    let ring = Ring::create(&path, first).unwrap();
    let ids = ring.make(2).unwrap();
    let whole = fs::read(&path).unwrap();
    let last = whole.len() - SLOT;
    for torn in [last + 1, last + SLOT / 2, last + USED + 3] {
        fs::write(&path, &whole[..torn]).unwrap();
        let ring = again(&path, &key);
        assert!(ring.cipher(ids[0]).is_some() && ring.cipher(ids[1]).is_none());
        let other = ring.make(1).unwrap()[0];
        assert!(again(&path, &key).cipher(other).is_some());
    }
    for at in 0..MAGIC.len() + MASTER_ID + OVERHEAD + 4 {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        fs::write(&path, altered).unwrap();
        assert!(matches!(needs(&path), Err(RingError::Damaged(_))), "{at}");
    }
}

/// Case R12: nothing destroys what cannot be read: no start, no fresh keys, no copy, no other vault
/// key.
#[test]
fn a_damaged_slot_stays_as_it_is_through_everything() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(NAME);
    let (key, first) = master();
    let ring = Ring::create(&path, first).unwrap();
    let ids = ring.make(3).unwrap();
    let sealed = ring.cipher(ids[1]).unwrap().seal(b"token", b"").unwrap();
    drop(ring);
    let whole = fs::read(&path).unwrap();
    for byte in [0, 1, 30, USED, USED + 3] {
        let at = 2 * SLOT + byte;
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let slot = &damaged[2 * SLOT..3 * SLOT];
        let holds = |bytes: &[u8]| bytes.chunks(SLOT).any(|it| it == slot);

        let ring = again(&path, &key);
        assert_eq!(ring.unread(), 1, "{byte}");
        assert!(ring.cipher(ids[1]).is_none());
        assert_eq!(fs::read(&path).unwrap(), damaged, "starting writes nothing");
        ring.make(4).unwrap();
        ring.destroy(&[ids[0]]).unwrap();
        ring.make(1).unwrap();
        assert!(holds(&fs::read(&path).unwrap()) && holds(&ring.copy().unwrap()));

        // Put back as it was, the secret opens again.
        let mut healed = fs::read(&path).unwrap();
        healed[at] ^= 0x10;
        fs::write(&path, healed).unwrap();
        let opened = again(&path, &key)
            .cipher(ids[1])
            .unwrap()
            .open(&sealed, b"");
        assert_eq!(&**opened.unwrap(), b"token");
        fs::write(&path, &damaged).unwrap();

        let (second, next) = master();
        again(&path, &key).change(next).unwrap();
        let changed = again(&path, &second);
        assert_eq!((changed.unread(), changed.ids().len()), (1, 2));
        assert!(holds(&fs::read(&path).unwrap()));
        let fresh = changed.make(2).unwrap();
        let changed = again(&path, &second);
        assert!(fresh.iter().all(|id| changed.cipher(*id).is_some()));
        assert_eq!(changed.unread(), 1, "nothing was written over it");
    }
}
