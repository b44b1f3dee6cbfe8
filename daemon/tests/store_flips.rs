//! Case R3: one flipped bit anywhere in a store's files is never served silently. Whatever it hits,
//! the store either does not open and says what is wrong, or holds exactly what was written.
//!
//! 200 places of a store of 100 kB; of a larger one a few dozen by default, and with
//! `GREENROOM_FAULTS=full` 200 places of one of 50 MB. `GREENROOM_SEED` repeats a run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use greenroomd::store::engine::{Engine, Revision, Write};
use greenroomd::store::key::{Key, Prefix};
use greenroomd::store::sled::{OpenError, Settings, SledEngine};

const TABLES: [&str; 4] = ["application", "audit", "candidate", "work"];

type Rows = BTreeMap<Key, (Revision, Vec<u8>)>;

/// xorshift64*: the same places for the same seed.
struct Random(u64);

impl Random {
    fn seeded() -> Self {
        let seed = std::env::var("GREENROOM_SEED").ok();
        let seed = seed.and_then(|text| text.parse().ok()).unwrap_or(4711);
        eprintln!("GREENROOM_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let mixed = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        usize::try_from((mixed >> 32) % most as u64).unwrap()
    }
}

fn open(dir: &Path) -> Result<SledEngine, OpenError> {
    let settings = Settings {
        keep_free: 0,
        ..Settings::default()
    };
    SledEngine::open(dir, settings)
}

async fn rows(engine: &SledEngine) -> Rows {
    let (mut rows, mut after) = (Rows::new(), None);
    loop {
        let page = engine
            .scan(Prefix::everything(), after, 10_000)
            .await
            .unwrap();
        after = page.rows.last().map(|(key, _)| key.clone());
        let found = page.rows.into_iter();
        rows.extend(found.map(|(key, row)| (key, (row.revision, row.body))));
        if !page.more {
            return rows;
        }
    }
}

/// A store into which people work: records are made, changed and removed, the log of it grows.
/// Until its files have this many bytes.
async fn fill(engine: &SledEngine, dir: &Path, bytes: u64, random: &mut Random) {
    let at_once = if bytes > 1 << 20 { 120 } else { 8 };
    let mut next = 0;
    while fs::metadata(dir.join("data/db")).unwrap().len() < bytes {
        let mut writes = Vec::new();
        for _ in 0..=random.below(at_once) {
            let table = TABLES[random.below(TABLES.len())];
            let fresh = next == 0 || random.below(3) > 0;
            let id = if fresh { next } else { random.below(next) };
            next = next.max(id + 1);
            let key = Key::new("wsp_1", table, &format!("{id:08}")).unwrap();
            writes.push(match random.below(8) {
                0 => Write::Delete(key),
                _ => Write::Put(
                    key,
                    format!("{{\"n\":{}}}", random.below(1000))
                        .repeat(30)
                        .into(),
                ),
            });
        }
        engine.commit(vec![], writes).await.unwrap();
    }
}

/// What became of one flipped bit.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// It did not open, and said so.
    Refused,
    /// It holds exactly what was written.
    Identical,
}

/// Flips single bits of a store, in one file after the other, weighted by their length.
struct Flips {
    store: PathBuf,
    files: Vec<(PathBuf, u64)>,
    expected: Rows,
    revision: Revision,
}

impl Flips {
    fn of(store: &Path, expected: Rows, revision: Revision) -> Self {
        let mut files = Vec::new();
        for dir in [store.to_owned(), store.join("data")] {
            for entry in fs::read_dir(dir).unwrap() {
                let entry = entry.unwrap();
                let about = entry.metadata().unwrap();
                if about.is_file() && entry.file_name() != "lock" {
                    files.push((entry.path(), about.len()));
                }
            }
        }
        files.sort();
        Self {
            store: store.to_owned(),
            files,
            expected,
            revision,
        }
    }

    async fn run(&self, count: usize, random: &mut Random) -> BTreeMap<End, usize> {
        let mut ends = BTreeMap::new();
        let scratch = tempfile::tempdir().unwrap();
        for number in 0..count {
            // Every file has its turn, most of them go into the log.
            let log = self
                .files
                .iter()
                .position(|(path, _)| path.ends_with("data/db"));
            let which = match number % 10 {
                0 => (number / 10) % self.files.len(),
                _ => log.unwrap(),
            };
            let (file, length) = &self.files[which];
            let at = random.below(usize::try_from(*length).unwrap());
            let bit = random.below(8);
            let dir = scratch.path().join(number.to_string());
            copy(&self.store, &dir);
            let victim = dir.join(file.strip_prefix(&self.store).unwrap());
            let mut bytes = fs::read(&victim).unwrap();
            bytes[at] ^= 1 << bit;
            fs::write(&victim, bytes).unwrap();

            let place = format!("bit {bit} of byte {at} of {}", file.display());
            let end = self.end(&dir, &place).await;
            *ends.entry(end).or_default() += 1;
            fs::remove_dir_all(&dir).unwrap();
        }
        ends
    }

    /// A second opening ends the same way: the first one left nothing behind that passes for whole.
    async fn end(&self, dir: &Path, place: &str) -> End {
        let first = self.opened(dir, place).await;
        let again = self.opened(dir, place).await;
        assert!(again >= first || first == End::Identical, "{place}");
        assert_eq!(first, again, "{place}: opened a second time");
        first
    }

    async fn opened(&self, dir: &Path, place: &str) -> End {
        match open(dir) {
            Err(refused) => {
                let told = refused.to_string();
                let way_out = [
                    "greenroomd restore FILE",
                    "remove it, then link people again",
                ];
                assert!(
                    way_out.iter().any(|it| told.contains(it)),
                    "{place}: {told}"
                );
                End::Refused
            }
            Ok(engine) => {
                let found = rows(&engine).await;
                assert_eq!(*engine.watch().borrow(), self.revision, "{place}");
                assert!(found == self.expected, "{place}: served silently");
                engine.close().await;
                End::Identical
            }
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), &to).unwrap()),
        }
    }
}

/// The store as it lies on the disk after a clean stop, and as a `kill -9` leaves it: everything
/// acknowledged is in the files, nothing was tidied up.
async fn flipped(bytes: u64, count: usize) {
    let mut random = Random::seeded();
    let place = tempfile::tempdir().unwrap();
    let (store, killed) = (place.path().join("store"), place.path().join("killed"));
    let engine = open(&store).unwrap();
    fill(&engine, &store, bytes, &mut random).await;
    let (expected, revision) = (rows(&engine).await, *engine.watch().borrow());
    copy(&store, &killed);
    engine.close().await;
    for (how, dir) in [("stopped", &store), ("killed", &killed)] {
        let flips = Flips::of(dir, expected.clone(), revision);
        let ends = flips.run(count / 2, &mut random).await;
        eprintln!("{how}: {} rows, {ends:?}", expected.len());
        assert!(ends.get(&End::Refused).is_some_and(|&refused| refused > 0));
    }
}

/// Case R3.
#[tokio::test]
async fn no_flipped_bit_of_a_small_store_is_served_silently() {
    flipped(100 << 10, 200).await;
}

/// Case R3.
#[tokio::test]
async fn no_flipped_bit_of_a_large_store_is_served_silently() {
    match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => flipped(50 << 20, 200).await,
        _ => flipped(4 << 20, 24).await,
    }
}
