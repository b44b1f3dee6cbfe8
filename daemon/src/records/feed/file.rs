//! What a file said, apart by whose clock it goes by: the file itself is not kept.

use serde::{Deserialize, Serialize};

use crate::calendars::apart::{Apart, LocalSpan};
use crate::schedule::ranges::Seconds;
use crate::store::Record;

/// The most spans of either kind that are kept, about 250 kB: a commit has room for both and for the
/// weeks beside them, which keep no more.
const MOST_SPANS: usize = 27 * 336;

/// How to tell what a file said by another clock of its owner's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum FileRecord {
    /// All of it names its own clock: what is kept of its weeks stands by every other.
    Fixed,
    /// Some goes by the owner's clock.
    Apart {
        /// What does not: from a second up to another.
        fixed: Vec<(i64, i64)>,
        /// What does.
        local: Vec<LocalSpan>,
    },
    /// Only the file tells: some of it goes by two clocks, or it is too much to keep twice.
    Needed,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

impl Record for FileRecord {
    const TABLE: &'static str = "feed-file";
    const SCHEMA: u32 = 1;
}

impl FileRecord {
    /// What is kept of a file that says this.
    #[must_use]
    pub fn of(apart: &Apart) -> Self {
        let is_much = apart.fixed.len() > MOST_SPANS || apart.local.len() > MOST_SPANS;
        match (apart.is_mixed, apart.local.is_empty()) {
            (true, _) => Self::Needed,
            (false, true) => Self::Fixed,
            (false, false) if is_much => Self::Needed,
            (false, false) => Self::Apart {
                fixed: apart.fixed.iter().map(|it| (it.start, it.end)).collect(),
                local: apart.local.clone(),
            },
        }
    }

    /// What it says by every clock; `None`: only the file tells.
    #[must_use]
    pub fn apart(&self) -> Option<Apart> {
        let Self::Apart { fixed, local } = self else {
            return None;
        };
        let spans = fixed.iter().map(|(start, end)| *start..*end);
        Some(Apart {
            fixed: spans.collect::<Vec<Seconds>>(),
            local: local.clone(),
            is_mixed: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_told_again_and_what_is_too_much_needs_the_file() {
        let local: LocalSpan = (10, 20, 0).into();
        let apart = Apart {
            fixed: std::iter::once(1..2).collect(),
            local: vec![local],
            is_mixed: false,
        };
        let kept = FileRecord::of(&apart);
        let stored = serde_json::to_string(&kept).expect("a text");
        assert_eq!(
            stored,
            r#"{"is":"apart","fixed":[[1,2]],"local":[[10,20,0]]}"#
        );
        let read: FileRecord = serde_json::from_str(&stored).expect("a record");
        assert_eq!(read.apart(), Some(apart.clone()));
        let many = Apart {
            local: vec![local; MOST_SPANS + 1],
            ..apart.clone()
        };
        assert_eq!(FileRecord::of(&many), FileRecord::Needed);
        let mixed = Apart {
            is_mixed: true,
            ..apart
        };
        assert_eq!(FileRecord::of(&mixed), FileRecord::Needed);
        assert_eq!(FileRecord::of(&Apart::default()), FileRecord::Fixed);
    }

    #[test]
    fn what_a_later_version_keeps_needs_the_file() {
        let stored = r#"{"is":"sealed","text":"x"}"#;
        let read: FileRecord = serde_json::from_str(stored).expect("a record");
        assert_eq!((read.apart(), read), (None, FileRecord::Unknown));
    }
}
