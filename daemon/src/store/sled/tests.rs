//! The two promises that no caller can check from outside: what is not durable is seen by nobody,
//! and after a failed fsync nothing more is written.

use std::collections::BTreeMap;
use std::fs::File;

use proptest::prelude::*;

use super::super::codec;
use super::*;

type Rows = BTreeMap<u8, u8>;

fn key(id: u8) -> Key {
    Key::new("w", "t", &format!("{id:03}")).unwrap()
}

fn encoded(id: u8, value: u8) -> Vec<u8> {
    codec::encode(key(id).as_str().as_bytes(), Revision(1), &[value])
}

fn pages(view: &View, limit: usize, direction: Direction) -> Vec<(Key, Vec<u8>)> {
    let mut rows: Vec<(Key, Vec<u8>)> = Vec::new();
    loop {
        let from = rows.last().map(|(key, _)| key.clone());
        let page = view
            .page(&Prefix::everything(), from.as_ref(), limit, direction)
            .unwrap();
        assert!(page.rows.len() <= limit);
        assert!(!page.rows.is_empty() || !page.more);
        rows.extend(page.rows.into_iter().map(|(key, row)| (key, row.body)));
        if !page.more {
            return rows;
        }
    }
}

fn sees_exactly(view: &View, expected: &Rows) -> Result<(), TestCaseError> {
    let mut expected: Vec<_> = expected
        .iter()
        .map(|(id, value)| (key(*id), vec![*value]))
        .collect();
    for limit in [1, 2, 5, 100] {
        prop_assert_eq!(&pages(view, limit, Direction::Forward), &expected);
        expected.reverse();
        prop_assert_eq!(&pages(view, limit, Direction::Backward), &expected);
        expected.reverse();
    }
    let keys: Vec<_> = (0..30).map(key).collect();
    let found = view.get(&keys).unwrap().into_iter().zip(keys);
    let found: Vec<_> = found
        .filter_map(|(row, key)| row.map(|row| (key, row.body)))
        .collect();
    prop_assert_eq!(found, expected);
    Ok(())
}

#[test]
fn a_commit_in_progress_is_invisible_to_any_read_until_it_is_durable() {
    let rows = || prop::collection::btree_map(0u8..30, any::<u8>(), 0..20);
    let commit = prop::collection::btree_map(0u8..30, any::<Option<u8>>(), 0..20);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(48));
    let dir = tempfile::tempdir().unwrap();
    let db = ::sled::open(dir.path()).unwrap();
    let checked = runner.run(&(rows(), commit), |(before, commit)| {
        db.clear().unwrap();
        for (id, value) in &before {
            db.insert(key(*id).as_str(), encoded(*id, *value)).unwrap();
        }
        let view = View::new(db.clone(), Revision(1), 10);
        sees_exactly(&view, &before)?;

        let old = commit.keys().map(|id| {
            let name = key(*id).as_str().as_bytes().to_vec();
            let value = before.get(id).map(|value| encoded(*id, *value).into());
            (name, value)
        });
        view.hide(old.collect());
        let mut after = before.clone();
        for (id, value) in commit {
            match value {
                Some(value) => {
                    db.insert(key(id).as_str(), encoded(id, value)).unwrap();
                    after.insert(id, value);
                }
                None => {
                    db.remove(key(id).as_str()).unwrap();
                    after.remove(&id);
                }
            }
        }
        sees_exactly(&view, &before)?;
        view.show(&[]);
        sees_exactly(&view, &after)
    });
    checked.unwrap_or_else(|found| panic!("{found}"));
}

#[tokio::test]
async fn after_a_failed_fsync_nothing_is_written_and_nothing_unsure_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings {
        keep_free: 0,
        ..Settings::default()
    };
    let mut files = open::open(dir.path(), settings).unwrap();
    // The kernel refuses to fsync a device.
    files.log = File::open("/dev/null").unwrap();
    let engine = SledEngine::start(files, settings).unwrap();
    let put = |id| engine.commit(vec![], vec![Write::Put(key(id), vec![1])]);

    assert!(matches!(put(1).await, Err(CommitError::Io(_))));
    assert!(matches!(put(2).await, Err(CommitError::Closed)));
    assert_eq!(
        engine.get(vec![key(1), key(2)]).await.unwrap(),
        [None, None]
    );
    assert_eq!(*engine.watch().borrow(), Revision(0));
    let nothing = Changes::Rows {
        revision: Revision(0),
        rows: vec![],
    };
    assert_eq!(engine.changes(Revision(0)).await.unwrap(), nothing);
}
