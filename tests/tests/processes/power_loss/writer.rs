//! The child: several writers, each raising its own counter in commits of several records, and
//! readers beside them. It never ends on its own.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use greenroomd::store::engine::{Engine, Expect, Versioned, Write};
use greenroomd::store::key::Key;
use greenroomd::store::sled::{Settings, SledEngine};

/// Said before the store is opened.
pub const OPENING: &str = "opening";
pub const WRITERS: u64 = 12;
/// How many entries of its history a writer keeps.
pub const HISTORY: u64 = 40;

/// The records every commit of a writer sets to the same number, in three tables.
pub fn counters(writer: u64) -> Vec<Key> {
    let key = |table| Key::new("w", table, &writer.to_string()).unwrap();
    ["first", "middle", "zenith"].map(key).into()
}

/// The entry a writer's commit number `count` adds.
pub fn entry(writer: u64, count: u64) -> Key {
    Key::new("w", "history", &format!("{writer}/{count:08}")).unwrap()
}

/// A body that tells `count`, of changing size.
fn body(count: u64) -> Vec<u8> {
    format!(
        "{count} {}",
        "x".repeat(usize::try_from(count * 37 % 700).unwrap())
    )
    .into_bytes()
}

/// What [`body`] told.
pub fn count(row: &Versioned) -> u64 {
    let text = std::str::from_utf8(&row.body).unwrap();
    let (count, filling) = text.split_once(' ').unwrap();
    let count = count.parse().unwrap();
    assert_eq!(
        body(count).len(),
        count.to_string().len() + 1 + filling.len()
    );
    count
}

pub fn run(store: &Path) {
    tell(&format!("\n{OPENING}"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        let engine: Arc<dyn Engine> = Arc::new(SledEngine::open(store, settings).unwrap());
        let writers = (0..WRITERS).map(|writer| tokio::spawn(write(engine.clone(), writer)));
        let writers: Vec<_> = writers.collect();
        tokio::spawn(read(engine.clone()));
        for writer in writers {
            writer.await.unwrap();
        }
    });
}

async fn write(engine: Arc<dyn Engine>, writer: u64) {
    let keys = counters(writer);
    let row = engine
        .get(vec![keys[0].clone()])
        .await
        .unwrap()
        .pop()
        .unwrap();
    let mut expect = row
        .as_ref()
        .map_or(Expect::Absent, |row| Expect::Revision(row.revision));
    let mut done = row.as_ref().map_or(0, count);
    loop {
        done += 1;
        let mut writes: Vec<_> = keys
            .iter()
            .map(|key| Write::Put(key.clone(), body(done)))
            .collect();
        writes.push(Write::Put(entry(writer, done), body(done)));
        if let Some(oldest) = done.checked_sub(HISTORY) {
            writes.push(Write::Delete(entry(writer, oldest)));
        }
        let revision = engine
            .commit(vec![(keys[0].clone(), expect)], writes)
            .await
            .unwrap();
        expect = Expect::Revision(revision);
        tell(&format!("acknowledged {writer} {done}"));
    }
}

/// Anyone who read a number may act on it: it has to last as much as what was acknowledged.
async fn read(engine: Arc<dyn Engine>) {
    let mut seen = vec![0; usize::try_from(WRITERS).unwrap()];
    loop {
        for writer in 0..WRITERS {
            let middle = counters(writer).swap_remove(1);
            let Some(row) = engine.get(vec![middle]).await.unwrap().pop().unwrap() else {
                continue;
            };
            let seen = &mut seen[usize::try_from(writer).unwrap()];
            if count(&row) > *seen {
                *seen = count(&row);
                tell(&format!("read {writer} {seen}"));
            }
        }
        tokio::task::yield_now().await;
    }
}

/// One write a line: what the parent gets of it was said before the kill.
fn tell(line: &str) {
    let _ = std::io::stdout()
        .lock()
        .write_all(format!("{line}\n").as_bytes());
}
