//! The promises of [`Engine`], each on an engine that is fresh.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures::future::join_all;
use greenroomd::store::Store;
use greenroomd::store::copy::copy;
use greenroomd::store::engine::{
    Changes, CommitError, Committed, Engine, Expect, MAX_VALUE_BYTES, Observer, ReadError,
    Revision, Versioned, Write,
};
use greenroomd::store::key::{Key, Prefix};

type Subject = Arc<dyn Engine>;

fn key(id: impl std::fmt::Display) -> Key {
    Key::new("w", "t", &id.to_string()).unwrap()
}

fn put(id: impl std::fmt::Display, body: &[u8]) -> Write {
    Write::Put(key(id), body.to_vec())
}

async fn read(engine: &Subject, id: impl std::fmt::Display) -> Option<Versioned> {
    engine.get(vec![key(id)]).await.unwrap().pop().unwrap()
}

async fn everything(engine: &Subject) -> BTreeMap<Key, Versioned> {
    pages(engine, Prefix::everything(), 1000)
        .await
        .into_iter()
        .collect()
}

async fn pages(engine: &Subject, prefix: Prefix, limit: usize) -> Vec<(Key, Versioned)> {
    let mut rows = Vec::new();
    loop {
        let after = rows.last().map(|(key, _): &(Key, Versioned)| key.clone());
        let page = engine.scan(prefix.clone(), after, limit).await.unwrap();
        assert!(page.rows.len() <= limit);
        assert!(
            !page.rows.is_empty() || !page.more,
            "one could not go on from an empty page"
        );
        rows.extend(page.rows);
        if !page.more {
            return rows;
        }
    }
}

/// Bodies come back as written, expectations hold or name the key that differs, and a refused
/// commit leaves nothing.
pub async fn a_commit_happens_only_as_expected(engine: Subject) {
    let first = engine
        .commit(vec![(key("a"), Expect::Absent)], vec![put("a", b"1")])
        .await;
    let first = first.unwrap();
    assert_eq!(
        read(&engine, "a").await,
        Some(Versioned {
            revision: first,
            body: b"1".to_vec()
        })
    );

    let expect = vec![(key("b"), Expect::Absent), (key("a"), Expect::Absent)];
    let refused = engine
        .commit(expect, vec![put("b", b"1"), put("a", b"2")])
        .await
        .unwrap_err();
    assert!(matches!(refused, CommitError::Conflict(at) if at == key("a")));
    assert_eq!(read(&engine, "b").await, None);

    let expect = vec![(key("a"), Expect::Revision(first))];
    let second = engine
        .commit(expect.clone(), vec![Write::Delete(key("a"))])
        .await
        .unwrap();
    assert!(second > first);
    assert_eq!(read(&engine, "a").await, None);
    assert!(matches!(
        engine.commit(expect, vec![put("a", b"3")]).await,
        Err(CommitError::Conflict(_))
    ));
    engine
        .commit(vec![(key("a"), Expect::Absent)], vec![put("a", b"4")])
        .await
        .unwrap();
}

/// Of 64 who rely on the same state one commits; the others learn which record it was.
pub async fn of_many_racers_one_wins(engine: Subject) {
    let mut expected = Expect::Absent;
    for _ in 0..20 {
        let race = (0..64u8).map(|racer| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let writes = vec![put("prize", &[racer]), put(racer, b"won")];
                (
                    racer,
                    engine.commit(vec![(key("prize"), expected)], writes).await,
                )
            })
        });
        let outcomes: Vec<_> = join_all(race)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let (winners, losers): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|o| o.1.is_ok());
        let [(winner, Ok(revision))] = &winners[..] else {
            panic!("{winners:?}")
        };
        for (_, outcome) in losers {
            assert!(matches!(outcome, Err(CommitError::Conflict(at)) if at == key("prize")));
        }
        let prize = Versioned {
            revision: *revision,
            body: vec![*winner],
        };
        assert_eq!(read(&engine, "prize").await, Some(prize));
        expected = Expect::Revision(*revision);
    }
}

/// Commits made durable together succeed and fail each on its own.
pub async fn a_refused_commit_leaves_its_neighbours_alone(engine: Subject) {
    let commits = (0..200u32).map(|n| {
        let good = n % 3 != 0;
        let expected = if good {
            Expect::Absent
        } else {
            Expect::Revision(Revision(u64::MAX))
        };
        let writes = vec![put(format!("{n}-a"), b"1"), put(format!("{n}-b"), b"1")];
        let commit = engine.commit(vec![(key(format!("{n}-a")), expected)], writes);
        async move { (n, good, commit.await) }
    });
    for (n, good, outcome) in join_all(commits).await {
        assert_eq!(outcome.is_ok(), good);
        for part in ["a", "b"] {
            let row = read(&engine, format!("{n}-{part}")).await;
            assert_eq!(row.map(|row| row.revision), outcome.as_ref().ok().copied());
        }
    }
}

/// Pages of any size join up without gap or repetition, and neighbouring tables and spaces stay
/// out.
pub async fn pages_cover_a_table_once_in_either_direction(engine: Subject) {
    let ids: Vec<String> = (0..50).map(|n| format!("{n:02}")).collect();
    let neighbours = [("w", "s"), ("w", "ta"), ("v", "t"), ("w2", "t")]
        .map(|(space, table)| Write::Put(Key::new(space, table, "01").unwrap(), vec![]));
    let rows = ids
        .iter()
        .map(|id| put(id, id.as_bytes()))
        .chain(neighbours)
        .collect();
    let at = engine.commit(vec![], rows).await.unwrap();

    let table = Prefix::table("w", "t", "").unwrap();
    for limit in [1, 7, 49, 50, 51] {
        let rows = pages(&engine, table.clone(), limit).await;
        assert_eq!(
            rows.iter().map(|(key, _)| key.id()).collect::<Vec<_>>(),
            ids
        );

        let mut back: Vec<String> = Vec::new();
        loop {
            let before = back.last().map(key);
            let page = engine
                .scan_back(table.clone(), before, limit)
                .await
                .unwrap();
            assert_eq!(page.at, at);
            back.extend(page.rows.iter().map(|(key, _)| key.id().to_owned()));
            if !page.more {
                break;
            }
        }
        back.reverse();
        assert_eq!(back, ids);
    }
    let twenties = pages(&engine, Prefix::table("w", "t", "2").unwrap(), 100).await;
    assert_eq!(twenties.len(), 10);
    assert_eq!(
        pages(&engine, Prefix::space("w").unwrap(), 100).await.len(),
        52
    );
    assert_eq!(pages(&engine, Prefix::everything(), 100).await.len(), 54);
}

/// Revisions only rise, deletions count, and `watch` shows at least what was acknowledged.
pub async fn every_commit_has_a_later_revision_and_is_watched(engine: Subject) {
    let watch = engine.watch();
    let mut last = *watch.borrow();
    for n in 0..20 {
        let write = if n % 2 == 0 {
            put("a", b"x")
        } else {
            Write::Delete(key("a"))
        };
        let revision = engine.commit(vec![], vec![write]).await.unwrap();
        assert!(revision > last);
        assert_eq!(*watch.borrow(), revision);
        assert_eq!(
            engine.commit(vec![], vec![]).await.unwrap(),
            revision,
            "nothing was written"
        );
        last = revision;
    }
}

/// A scan under a writer may be torn; reading again what `changes` names since it began makes it
/// exact.
pub async fn changes_over_a_torn_scan_are_exact(engine: Subject) {
    for round in 0..10u64 {
        let stop = Arc::new(AtomicBool::new(false));
        let writer = tokio::spawn({
            let (engine, stop) = (engine.clone(), stop.clone());
            async move {
                let mut n = round * 7919;
                while !stop.load(Ordering::Relaxed) {
                    let id = |n: u64| format!("{:03}", n % 199);
                    let removed = Write::Delete(key(id(n * 31)));
                    let writes = vec![put(id(n), &n.to_be_bytes()), removed, put(id(n * 13), b"")];
                    engine.commit(vec![], writes).await.unwrap();
                    n += 1;
                }
            }
        });
        let first = engine.scan(Prefix::everything(), None, 1).await.unwrap();
        let mut copy: BTreeMap<_, _> = pages(&engine, Prefix::everything(), 20)
            .await
            .into_iter()
            .collect();
        stop.store(true, Ordering::Relaxed);
        writer.await.unwrap();

        let Changes::Rows { revision, rows } = engine.changes(first.at).await.unwrap() else {
            panic!("so few changes are remembered")
        };
        assert_eq!(revision, *engine.watch().borrow());
        assert!(rows.is_sorted_by_key(|row| row.revision));
        for changed in rows {
            copy.remove(&changed.key);
            let now = engine
                .get(vec![changed.key.clone()])
                .await
                .unwrap()
                .pop()
                .unwrap();
            copy.extend(now.map(|row| (changed.key, row)));
        }
        assert_eq!(copy, everything(&engine).await);
    }
}

/// A reader who comes with a revision this store never had must read everything again.
pub async fn a_revision_from_elsewhere_is_a_reset(engine: Subject) {
    let revision = engine.commit(vec![], vec![put("a", b"1")]).await.unwrap();
    let nothing = Changes::Rows {
        revision,
        rows: vec![],
    };
    assert_eq!(engine.changes(revision).await.unwrap(), nothing);
    let elsewhere = Revision(revision.0 + 1);
    assert_eq!(
        engine.changes(elsewhere).await.unwrap(),
        Changes::Reset { revision }
    );
}

#[derive(Default)]
struct Heard(Mutex<Vec<Committed>>);

impl Observer for Heard {
    fn committed(&self, commit: &Committed) {
        self.0.lock().unwrap().push(commit.clone());
    }
}

/// Every commit once, in order, with what it wrote, and before its caller knows.
pub async fn observers_hear_in_order_before_the_caller_does(engine: Subject) {
    engine
        .commit(vec![], vec![put("before", b"1")])
        .await
        .unwrap();
    let heard = Arc::new(Heard::default());
    engine.observe(heard.clone());
    let commits = (0..100u8).map(|n| {
        let (engine, heard) = (engine.clone(), heard.clone());
        tokio::spawn(async move {
            let revision = engine.commit(vec![], vec![put(n, &[n])]).await.unwrap();
            let heard = heard.0.lock().unwrap();
            let mine = heard
                .iter()
                .find(|commit| commit.revision == revision)
                .unwrap();
            let row = Versioned {
                revision,
                body: vec![n],
            };
            assert_eq!(mine.rows, [(key(n), Some(row))]);
        })
    });
    join_all(commits).await.into_iter().for_each(Result::unwrap);
    engine
        .commit(vec![], vec![put(1, b"x"), Write::Delete(key(1))])
        .await
        .unwrap();

    let heard = heard.0.lock().unwrap();
    assert_eq!(heard.len(), 101);
    assert!(
        heard
            .windows(2)
            .all(|pair| pair[0].revision < pair[1].revision)
    );
    assert_eq!(
        heard[100].rows,
        [(key(1), None)],
        "the last write of a key holds"
    );
}

/// An observer that has heard enough hears no more, and is dropped.
pub async fn an_observer_that_is_over_is_let_go_of(engine: Subject) {
    struct Once(AtomicUsize);
    impl Observer for Once {
        fn committed(&self, _: &Committed) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
        fn is_over(&self) -> bool {
            self.0.load(Ordering::SeqCst) > 0
        }
    }
    let once = Arc::new(Once(AtomicUsize::new(0)));
    engine.observe(once.clone());
    for _ in 0..3 {
        engine.commit(vec![], vec![put("a", b"1")]).await.unwrap();
    }
    assert_eq!(once.0.load(Ordering::SeqCst), 1);
    assert_eq!(Arc::strong_count(&once), 1);
}

/// A copy made under a storm of writers is the store at the revision it ends with, to the byte.
pub async fn a_copy_among_writers_is_exact(engine: Subject) {
    const KEYS: u64 = 2500;
    for chunk in 0..KEYS / 100 {
        let rows = (chunk * 100..(chunk + 1) * 100).map(|n| put(n, b"first"));
        engine.commit(vec![], rows.collect()).await.unwrap();
    }
    let heard = Arc::new(Heard::default());
    let before = everything(&engine).await;
    engine.observe(heard.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let writers = (0..4u64).map(|writer| {
        let (engine, stop) = (engine.clone(), stop.clone());
        tokio::spawn(async move {
            let mut turn = writer;
            while !stop.load(Ordering::SeqCst) {
                turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let (one, other) = (turn >> 33, (turn >> 17) ^ writer);
                let writes = vec![
                    put(one % KEYS, &turn.to_be_bytes()),
                    Write::Delete(key(other % KEYS)),
                    put(KEYS + one % 50, &turn.to_be_bytes()),
                ];
                engine.commit(vec![], writes).await.unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let store = Store::new(engine.clone());
    let mut most = 0;
    for _ in 0..20 {
        let (into, mut pages) = tokio::sync::mpsc::channel(1);
        let copying = tokio::spawn({
            let store = store.clone();
            async move { copy(&store, into).await.unwrap().unwrap() }
        });
        let mut copied = BTreeMap::new();
        while let Some(lines) = pages.recv().await {
            for line in lines {
                match line.body {
                    Some(body) => copied.insert(line.key, (line.revision, body)),
                    None => copied.remove(&line.key),
                };
            }
        }
        let at = copying.await.unwrap();
        let mut expected: BTreeMap<_, _> = before
            .iter()
            .map(|(key, row)| (key.clone(), (row.revision, row.body.clone())))
            .collect();
        let heard = heard.0.lock().unwrap();
        let until = heard.iter().take_while(|commit| commit.revision <= at);
        for (key, row) in until.flat_map(|commit| &commit.rows) {
            match row {
                Some(row) => expected.insert(key.clone(), (row.revision, row.body.clone())),
                None => expected.remove(key),
            };
        }
        assert_eq!(copied, expected, "as of revision {at}");
        assert!(heard.last().unwrap().revision >= at);
        most = most.max(at.0);
    }
    stop.store(true, Ordering::SeqCst);
    join_all(writers).await.into_iter().for_each(Result::unwrap);
    assert!(most > 200, "the writers wrote meanwhile");
}

/// Limits refuse the whole commit before anything of it is written.
pub async fn what_is_too_large_is_refused_whole(engine: Subject) {
    let fits = vec![0; MAX_VALUE_BYTES];
    engine.commit(vec![], vec![put("a", &fits)]).await.unwrap();
    assert_eq!(read(&engine, "a").await.unwrap().body, fits);

    let too_long = vec![put("b", b""), put("c", &[0; MAX_VALUE_BYTES + 1])];
    let refused = engine.commit(vec![], too_long).await;
    assert!(matches!(refused, Err(CommitError::TooLarge { .. })));
    assert_eq!(everything(&engine).await.len(), 1);
}

/// No change that works on one engine is refused by another: each takes as much as etcd does in one
/// transaction, and says by name which limit more of it exceeds.
pub async fn a_commit_holds_what_its_limits_say_and_names_the_one_it_exceeds(engine: Subject) {
    let limits = engine.limits();
    assert_eq!((limits.expectations, limits.writes), (128, 128));
    assert_eq!(limits.bytes, 1 << 20);
    let absent = |n: usize| (key(format!("absent{n}")), Expect::Absent);
    let expected = |n: usize| (0..n).map(absent).collect::<Vec<_>>();
    let written = |n: usize| (0..n).map(|n| put(n, b"")).collect::<Vec<_>>();
    let most = engine.commit(expected(128), written(128)).await;
    most.unwrap();

    // Each key and each body is three or more bytes of the total.
    let large = |n: usize| {
        let each = vec![7; limits.bytes / n];
        (0..n).map(|n| put(n, &each)).collect::<Vec<_>>()
    };
    for (expect, writes, named) in [
        (expected(129), written(1), "expectations"),
        (expected(129), vec![], "expectations"),
        (expected(1), written(129), "writes"),
        (vec![], large(32), "size in bytes"),
    ] {
        let before = everything(&engine).await;
        match engine.commit(expect, writes).await {
            Err(CommitError::TooLarge { what, .. }) => assert!(what.contains(named), "{what}"),
            other => panic!("{named}: {other:?}"),
        }
        assert_eq!(everything(&engine).await, before);
    }
}

/// What was asked before closing is done, what comes after is refused, and closing twice is no
/// error.
pub async fn a_closed_engine_says_so(engine: Subject) {
    let asked: Vec<_> = (0..50)
        .map(|n| {
            tokio::spawn({
                let engine = engine.clone();
                async move { engine.commit(vec![], vec![put(n, b"1")]).await }
            })
        })
        .collect();
    engine.close().await;
    engine.close().await;
    for outcome in join_all(asked).await {
        assert!(matches!(outcome.unwrap(), Ok(_) | Err(CommitError::Closed)));
    }
    let refused = engine.commit(vec![], vec![put("late", b"1")]).await;
    assert!(matches!(refused, Err(CommitError::Closed)));
    assert!(matches!(
        engine.get(vec![key("late")]).await,
        Err(ReadError::Closed)
    ));
}
