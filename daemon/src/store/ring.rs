//! Owns the recent history: which record changed with which commit, bounded in memory, whole
//! commits only. It answers "what changed after" exactly or says `Reset`; it never leaves a change
//! out.

use std::collections::VecDeque;

use super::engine::{Changed, Changes, Committed, Revision};

/// Recent changes in commit order.
#[derive(Debug)]
pub(crate) struct Ring {
    rows: VecDeque<Changed>,
    most: usize,
    /// Everything after this revision is in `rows`.
    floor: Revision,
    revision: Revision,
}

impl Ring {
    /// An empty history beginning at `revision`, keeping about `most` rows.
    pub(crate) fn new(revision: Revision, most: usize) -> Self {
        Self {
            rows: VecDeque::new(),
            most,
            floor: revision,
            revision,
        }
    }

    /// The revision of the last commit noted.
    pub(crate) fn revision(&self) -> Revision {
        self.revision
    }

    /// Notes a commit, forgetting the oldest ones where there is no more room.
    pub(crate) fn note(&mut self, commit: &Committed) {
        let revision = commit.revision;
        self.rows
            .extend(commit.rows.iter().map(|(key, row)| Changed {
                key: key.clone(),
                revision,
                deleted: row.is_none(),
            }));
        self.revision = revision;
        while self.rows.len() > self.most {
            self.forget_oldest();
        }
    }

    /// What changed after `after`.
    pub(crate) fn after(&self, after: Revision) -> Changes {
        let revision = self.revision;
        if after < self.floor || after > revision {
            return Changes::Reset { revision };
        }
        let first = self.rows.partition_point(|row| row.revision <= after);
        Changes::Rows {
            revision,
            rows: self.rows.range(first..).cloned().collect(),
        }
    }

    fn forget_oldest(&mut self) {
        let Some(oldest) = self.rows.front().map(|row| row.revision) else {
            return;
        };
        self.floor = oldest;
        while self.rows.front().is_some_and(|row| row.revision == oldest) {
            self.rows.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::key::Key;

    fn commit(revision: u64, ids: &[&str]) -> Committed {
        let rows = ids
            .iter()
            .map(|id| (Key::new("w", "t", id).unwrap(), None))
            .collect();
        Committed {
            revision: Revision(revision),
            rows,
        }
    }

    fn ids(changes: Changes) -> Option<Vec<String>> {
        match changes {
            Changes::Reset { .. } => None,
            Changes::Rows { rows, .. } => {
                Some(rows.iter().map(|row| row.key.id().to_owned()).collect())
            }
        }
    }

    #[test]
    fn whole_commits_are_forgotten_and_whoever_is_behind_is_told() {
        let mut ring = Ring::new(Revision(10), 3);
        ring.note(&commit(11, &["a", "b"]));
        ring.note(&commit(12, &["c"]));
        assert_eq!(ids(ring.after(Revision(10))).unwrap(), ["a", "b", "c"]);

        ring.note(&commit(13, &["d"]));
        assert_eq!(
            ids(ring.after(Revision(10))),
            None,
            "half of 11 would be a lie"
        );
        assert_eq!(ids(ring.after(Revision(11))).unwrap(), ["c", "d"]);
        assert_eq!(ids(ring.after(Revision(13))).unwrap(), [""; 0]);
        assert_eq!(
            ids(ring.after(Revision(14))),
            None,
            "a revision from another history"
        );
        assert_eq!(ids(ring.after(Revision(9))), None);
    }
}
