//! Owns what proves that nothing is missing: for each table the number of its rows and an
//! order-independent sum of hashes of (key, revision). Every commit writes them in its own batch,
//! so they are as durable as its rows; opening counts the rows again. A row that is gone, came
//! back, or is an older version of itself changes the sum.
//!
//! sled alone does not notice: where a bit of its log flips, it ends its replay there or leaves the
//! page as it was before, and opens. The checksum of a single value (`codec`) cannot tell either,
//! for an older value is a whole one.
//!
//! By table, not by workspace and table: what is written with every commit then stays below a
//! kilobyte however many workspaces there are, and the answer to damage, a restored backup, is the
//! same for all of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::engine::Revision;
use super::super::key::Key;

/// One table: its rows, and the wrapping sum of their hashes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Sum(u64, u64);

/// Every table that has rows.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sums(BTreeMap<String, Sum>);

impl Sums {
    /// A row is there.
    pub(super) fn add(&mut self, key: &Key, revision: Revision) {
        // Most tables are known: no name is copied for those.
        if !self.0.contains_key(key.table()) {
            self.0.insert(key.table().to_owned(), Sum::default());
        }
        if let Some(sum) = self.0.get_mut(key.table()) {
            sum.0 = sum.0.wrapping_add(1);
            sum.1 = sum.1.wrapping_add(hash(key, revision));
        }
    }

    /// A row that was there is gone.
    pub(super) fn remove(&mut self, key: &Key, revision: Revision) {
        let Some(sum) = self.0.get_mut(key.table()) else {
            return;
        };
        sum.0 = sum.0.wrapping_sub(1);
        sum.1 = sum.1.wrapping_sub(hash(key, revision));
        if *sum == Sum::default() {
            self.0.remove(key.table());
        }
    }

    /// What is wrong with `found`, where these are the sums it should have; a table a line.
    pub(super) fn differences(&self, found: &Self) -> Vec<Difference> {
        let tables = self.0.keys().chain(found.0.keys());
        let tables: std::collections::BTreeSet<_> = tables.collect();
        let of = |sums: &Self, table: &str| sums.0.get(table).copied().unwrap_or_default();
        let differences = tables.into_iter().filter_map(|table| {
            let (wanted, found) = (of(self, table), of(found, table));
            (wanted != found).then(|| Difference {
                table: table.clone(),
                wanted: wanted.0,
                found: found.0,
            })
        });
        differences.collect()
    }
}

/// A table that is not what was last written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    table: String,
    wanted: u64,
    found: u64,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            table,
            wanted,
            found,
        } = self;
        match wanted.cmp(found) {
            std::cmp::Ordering::Greater => {
                write!(out, "{table}: {} of {wanted} rows missing", wanted - found)
            }
            std::cmp::Ordering::Less => {
                write!(out, "{table}: {} rows too many", found - wanted)
            }
            std::cmp::Ordering::Equal => {
                write!(out, "{table}: rows are older than they should be")
            }
        }
    }
}

/// Never changed: it is stored. The key and the revision name one value for ever, since no revision
/// is given twice.
fn hash(key: &Key, revision: Revision) -> u64 {
    let mut sum = Sha256::new();
    sum.update(key.as_str().as_bytes());
    sum.update([0]);
    sum.update(revision.0.to_be_bytes());
    let digest = sum.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(table: &str, id: u8) -> Key {
        Key::new("w", table, &id.to_string()).unwrap()
    }

    fn of(rows: &[(u8, u64)]) -> Sums {
        let mut sums = Sums::default();
        for (id, revision) in rows {
            sums.add(&key("t", *id), Revision(*revision));
        }
        sums
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter_and_every_other_content_has_another_sum(
            rows in prop::collection::btree_map(any::<u8>(), any::<u64>(), 1..20),
            which: prop::sample::Index,
            older: u64,
        ) {
            let mut rows: Vec<_> = rows.into_iter().collect();
            let sums = of(&rows);
            rows.reverse();
            prop_assert_eq!(&sums, &of(&rows));

            let which = which.index(rows.len());
            let mut fewer = rows.clone();
            let gone = fewer.remove(which);
            prop_assert_ne!(&sums, &of(&fewer));
            let mut removed = sums.clone();
            removed.remove(&key("t", gone.0), Revision(gone.1));
            prop_assert_eq!(&removed, &of(&fewer));

            prop_assume!(older != rows[which].1);
            rows[which].1 = older;
            prop_assert_ne!(&sums, &of(&rows));
        }
    }

    #[test]
    fn what_is_stored_never_changes_its_shape() {
        let sums = of(&[(1, 7)]);
        let text = serde_json::to_string(&sums).unwrap();
        assert_eq!(text, r#"{"t":[1,6435387991565016574]}"#);
        assert_eq!(serde_json::from_str::<Sums>(&text).unwrap(), sums);
    }

    #[test]
    fn a_difference_names_its_table_and_counts_the_rows() {
        let mut wanted = of(&[(1, 7), (2, 7), (3, 7)]);
        wanted.add(&key("audit", 1), Revision(1));
        wanted.add(&key("same", 1), Revision(1));
        let mut found = of(&[(1, 7)]);
        found.add(&key("audit", 1), Revision(0));
        found.add(&key("same", 1), Revision(1));
        found.add(&key("zenith", 1), Revision(1));
        let told: Vec<_> = wanted
            .differences(&found)
            .iter()
            .map(ToString::to_string)
            .collect();
        let expected = [
            "audit: rows are older than they should be",
            "t: 2 of 3 rows missing",
            "zenith: 1 rows too many",
        ];
        assert_eq!(told, expected);
        assert_eq!(wanted.differences(&wanted), []);
    }

    #[test]
    fn a_table_that_is_emptied_leaves_nothing_behind() {
        let mut sums = of(&[(1, 7)]);
        sums.remove(&key("t", 1), Revision(7));
        assert_eq!(sums, Sums::default());
    }
}
