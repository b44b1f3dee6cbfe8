//! What the store must hold: at least what the child told of, and of every commit all or nothing.

use std::collections::BTreeMap;
use std::path::Path;

use greenroomd::store::engine::Engine;
use greenroomd::store::key::Prefix;
use greenroomd::store::sled::{Settings, SledEngine};

use super::writer::{HISTORY, WRITERS, count, counters, entry};

/// The highest number of each writer known to be durable.
#[derive(Default)]
pub struct Ledger {
    durable: BTreeMap<u64, u64>,
}

impl Ledger {
    /// Notes a line of the child; false where it is none of its own.
    pub fn note(&mut self, line: &str) -> bool {
        let mut words = line.split(' ');
        let (Some("acknowledged" | "read"), Some(writer), Some(count)) =
            (words.next(), words.next(), words.next())
        else {
            return false;
        };
        let (Ok(writer), Ok(count)) = (writer.parse(), count.parse::<u64>()) else {
            return false;
        };
        let durable = self.durable.entry(writer).or_default();
        *durable = count.max(*durable);
        true
    }

    /// Opens the store, which must always work, and compares.
    pub fn check(&mut self, store: &Path, when: &str) {
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        let engine =
            SledEngine::open(store, settings).unwrap_or_else(|why| panic!("{when}: {why}"));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let rows = runtime.block_on(engine.scan(Prefix::everything(), None, 100_000));
        let rows: BTreeMap<_, _> = rows.unwrap().rows.into_iter().collect();
        let mut expected = 0;
        for writer in 0..WRITERS {
            let told = self.durable.get(&writer).copied().unwrap_or(0);
            let found = counters(writer)
                .iter()
                .map(|key| rows.get(key).map_or(0, count))
                .collect();
            let found: Vec<u64> = found;
            assert!(
                found.iter().all(|&n| n == found[0]),
                "{when}: torn: writer {writer}: {found:?}"
            );
            assert!(
                found[0] >= told,
                "{when}: lost: writer {writer}: {told} is {}",
                found[0]
            );
            let kept = found[0].saturating_sub(HISTORY - 1).max(1)..=found[0];
            for n in kept.clone() {
                assert_eq!(
                    rows.get(&entry(writer, n)).map(count),
                    Some(n),
                    "{when}: {writer}"
                );
            }
            expected += kept.count() + if found[0] > 0 { found.len() } else { 0 };
            // What was read here is durable from now on.
            self.durable.insert(writer, found[0]);
        }
        assert_eq!(
            rows.len(),
            expected,
            "{when}: there is something nobody wrote, or half of it"
        );
        runtime.block_on(engine.close());
    }
}
