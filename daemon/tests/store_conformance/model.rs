//! Any sequence of calls, one after the other, answered as an ordered map would.

use std::cell::Cell;
use std::collections::BTreeMap;

use greenroomd::store::engine::{
    Changed, Changes, CommitError, Engine, Expect, Revision, Scan, Versioned, Write,
};
use greenroomd::store::key::{Key, Prefix};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

#[derive(Debug, Clone)]
enum Call {
    Commit {
        expect: Vec<(u8, Expected)>,
        writes: Vec<(u8, Option<Vec<u8>>)>,
    },
    Get(Vec<u8>),
    Scan {
        back: bool,
        table: u8,
        from: Option<u8>,
        limit: usize,
    },
    Changes {
        back: usize,
    },
}

#[derive(Debug, Clone, Copy)]
enum Expected {
    /// What is there.
    Truth,
    Absent,
    Outdated,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let expected = prop_oneof![
        6 => Just(Expected::Truth), 1 => Just(Expected::Absent), 1 => Just(Expected::Outdated),
    ];
    let body = prop::option::weighted(0.7, prop::collection::vec(any::<u8>(), 0..8));
    let commit = (
        prop::collection::vec((0u8..24, expected), 0..4),
        prop::collection::vec((0u8..24, body), 0..6),
    );
    let scan = (any::<bool>(), 0u8..4, prop::option::of(0u8..24), 1usize..9);
    let call = prop_oneof![
        5 => commit.prop_map(|(expect, writes)| Call::Commit { expect, writes }),
        2 => prop::collection::vec(0u8..24, 0..40).prop_map(Call::Get),
        3 => scan.prop_map(|(back, table, from, limit)| Call::Scan { back, table, from, limit }),
        1 => (0usize..12).prop_map(|back| Call::Changes { back }),
    ];
    prop::collection::vec(call, 1..40)
}

/// What the engine should hold of one space, and every change that led there.
struct Model {
    space: String,
    rows: BTreeMap<Key, Versioned>,
    history: Vec<Changed>,
    /// Every revision since the case began, which is the first.
    revisions: Vec<Revision>,
}

pub fn agrees(runtime: &Runtime, engine: &dyn Engine) {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 64,
        ..ProptestConfig::default()
    });
    let case = Cell::new(0);
    let checked = runner.run(&calls(), |calls| {
        // A space of its own is as good as an engine of its own, and quicker.
        case.set(case.get() + 1);
        let mut model = Model {
            space: format!("case{}", case.get()),
            rows: BTreeMap::new(),
            history: Vec::new(),
            revisions: vec![*engine.watch().borrow()],
        };
        runtime.block_on(async {
            for call in calls {
                model.check(engine, call).await?;
            }
            Ok(())
        })
    });
    checked.unwrap_or_else(|found| panic!("{found}"));
}

impl Model {
    /// 24 keys over three tables, one of which begins with another's name.
    fn key(&self, n: u8) -> Key {
        let table = ["a", "ab", "b"][usize::from(n % 3)];
        Key::new(&self.space, table, &format!("{:02}/x", n / 3)).unwrap()
    }

    async fn check(&mut self, engine: &dyn Engine, call: Call) -> Result<(), TestCaseError> {
        match call {
            Call::Commit { expect, writes } => self.commit(engine, expect, writes).await,
            Call::Get(keys) => {
                let keys: Vec<_> = keys.into_iter().map(|n| self.key(n)).collect();
                let expected: Vec<_> = keys.iter().map(|key| self.rows.get(key).cloned()).collect();
                prop_assert_eq!(engine.get(keys).await.unwrap(), expected);
                Ok(())
            }
            Call::Scan {
                back,
                table,
                from,
                limit,
            } => {
                let prefix = match table {
                    0 => Prefix::space(&self.space).unwrap(),
                    n => Prefix::table(&self.space, ["a", "ab", "b"][usize::from(n - 1)], "")
                        .unwrap(),
                };
                let from = from.map(|n| self.key(n));
                let expected = self.scan(back, &prefix, from.as_ref(), limit);
                let page = match back {
                    true => engine.scan_back(prefix, from, limit).await,
                    false => engine.scan(prefix, from, limit).await,
                };
                prop_assert_eq!(page.unwrap(), expected);
                Ok(())
            }
            Call::Changes { back } => {
                let index = self.revisions.len().saturating_sub(back + 1);
                let after = self.revisions[index];
                let rows = self
                    .history
                    .iter()
                    .filter(|row| row.revision > after)
                    .cloned()
                    .collect();
                let expected = Changes::Rows {
                    revision: self.now(),
                    rows,
                };
                prop_assert_eq!(engine.changes(after).await.unwrap(), expected);
                Ok(())
            }
        }
    }

    fn now(&self) -> Revision {
        self.revisions.last().copied().unwrap()
    }

    fn scan(&self, back: bool, prefix: &Prefix, from: Option<&Key>, limit: usize) -> Scan {
        let covered = self.rows.iter().filter(|(key, _)| prefix.covers(key));
        let mut rows: Vec<_> = covered
            .map(|(key, row)| (key.clone(), row.clone()))
            .collect();
        match back {
            true => {
                rows.reverse();
                rows.retain(|(key, _)| from.is_none_or(|from| key < from));
            }
            false => rows.retain(|(key, _)| from.is_none_or(|from| key > from)),
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        Scan {
            rows,
            at: self.now(),
            more,
        }
    }

    async fn commit(
        &mut self,
        engine: &dyn Engine,
        expect: Vec<(u8, Expected)>,
        writes: Vec<(u8, Option<Vec<u8>>)>,
    ) -> Result<(), TestCaseError> {
        let mut conflict = None;
        let mut expectations = Vec::new();
        for (n, expected) in expect {
            let key = self.key(n);
            let truth = self.rows.get(&key).map(|row| row.revision);
            let expected = match (expected, truth) {
                (Expected::Truth, Some(revision)) => Expect::Revision(revision),
                (Expected::Truth, None) | (Expected::Absent, _) => Expect::Absent,
                (Expected::Outdated, truth) => {
                    Expect::Revision(Revision(truth.map_or(1, |r| r.0 - 1)))
                }
            };
            let holds = match expected {
                Expect::Absent => truth.is_none(),
                Expect::Revision(revision) => truth == Some(revision),
            };
            if !holds {
                conflict = conflict.or(Some(key.clone()));
            }
            expectations.push((key, expected));
        }
        let writes: Vec<_> = writes
            .into_iter()
            .map(|(n, body)| (self.key(n), body))
            .collect();
        let asked = writes.iter().cloned().map(|(key, body)| match body {
            Some(body) => Write::Put(key, body),
            None => Write::Delete(key),
        });
        let outcome = engine.commit(expectations, asked.collect()).await;
        let revision = match (outcome, conflict) {
            (Err(CommitError::Conflict(at)), Some(conflict)) => {
                prop_assert_eq!(at, conflict);
                return Ok(());
            }
            (Ok(revision), None) => revision,
            (outcome, conflict) => {
                return Err(TestCaseError::fail(format!(
                    "{outcome:?}, conflict {conflict:?}"
                )));
            }
        };
        if writes.is_empty() {
            prop_assert_eq!(revision, self.now());
            return Ok(());
        }
        prop_assert!(revision > self.now());
        self.revisions.push(revision);
        let last: BTreeMap<_, _> = writes.into_iter().collect();
        for (key, body) in last {
            let deleted = body.is_none();
            self.history.push(Changed {
                key: key.clone(),
                revision,
                deleted,
            });
            match body {
                Some(body) => self.rows.insert(key, Versioned { revision, body }),
                None => self.rows.remove(&key),
            };
        }
        Ok(())
    }
}
