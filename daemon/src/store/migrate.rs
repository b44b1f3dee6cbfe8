//! Owns the number of the store's own layout, the one above single records: which rows there are
//! and what their bytes mean. A store written by a newer program is refused untouched, never
//! guessed at.

/// The layout this program writes. From 2 on every commit writes the sums of its tables: a program
/// that knows only 1 would leave them as they were, so it must not write into such a store.
pub(crate) const FORMAT: u32 = 2;

/// The layout without sums, of version 0.1.0.
pub(crate) const WITHOUT_SUMS: u32 = 1;

/// Why a store's layout cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Written by a newer program.
    #[error(
        "the data was written by a newer version{} (format {found}; this is {}, which knows formats up to {FORMAT}): start the \
         newer version, or go back with {}",
        named(version.as_deref()), greenroom_protocol::BUILD, way_back(before.as_deref())
    )]
    Newer {
        /// The store's format.
        found: u32,
        /// The version that wrote it.
        version: Option<String>,
        /// The backup made before that version wrote anything.
        before: Option<String>,
    },
    /// No program ever wrote this number.
    #[error(
        "the data has format {found}, which no version ever wrote: restore a backup with `greenroomd restore FILE`"
    )]
    Unknown {
        /// The number found.
        found: u32,
    },
}

fn named(version: Option<&str>) -> String {
    version.map(|it| format!(", {it}")).unwrap_or_default()
}

fn way_back(before: Option<&str>) -> String {
    match before {
        Some(file) => format!("the backup it made first: `greenroomd restore {file}`"),
        None => "a backup made with this version: `greenroomd restore FILE`".to_owned(),
    }
}

/// Judges the format found in an existing store, and the version and the backup named beside it.
pub(crate) fn judge(
    found: u32,
    version: Option<&str>,
    before: Option<&str>,
) -> Result<(), FormatError> {
    match found {
        FORMAT | WITHOUT_SUMS => Ok(()),
        0 => Err(FormatError::Unknown { found }),
        _ => Err(FormatError::Newer {
            found,
            version: version.map(str::to_owned),
            before: before.map(str::to_owned),
        }),
    }
}

/// Whether a store that `written_by` wrote last comes from a version before `this`. Stores of 0.1.0
/// do not say.
pub(crate) fn is_older(written_by: Option<&str>, this: &str) -> bool {
    let Some(written_by) = written_by else {
        return true;
    };
    numbers(written_by) < numbers(this)
}

/// `1.2.3-rc1` as numbers; what is no number counts as 0.
fn numbers(version: &str) -> [u64; 3] {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let mut parts = release.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_formats_open() {
        assert_eq!(judge(FORMAT, None, None), Ok(()));
        assert_eq!(judge(WITHOUT_SUMS, None, None), Ok(()));
        assert_eq!(judge(0, None, None), Err(FormatError::Unknown { found: 0 }));
    }

    /// Case C16: an older daemon that refuses names the backup made before the upgrade.
    #[test]
    fn the_refusal_of_a_newer_format_names_the_version_and_the_backup_to_go_back_with() {
        let refused = judge(FORMAT + 1, Some("9.0.0"), Some("/b/before-9.0.0.backup"));
        let told = refused.unwrap_err().to_string();
        assert!(told.contains("written by a newer version, 9.0.0"), "{told}");
        let way_back = "`greenroomd restore /b/before-9.0.0.backup`";
        assert!(told.contains(way_back), "{told}");
        let unnamed = judge(FORMAT + 1, None, None).unwrap_err().to_string();
        assert!(unnamed.contains("`greenroomd restore FILE`"), "{unnamed}");
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_older(None, "0.2.0"));
        assert!(is_older(Some("0.2.0"), "0.10.0"));
        assert!(is_older(Some("0.9.9"), "1.0.0"));
        assert!(!is_older(Some("0.2.0"), "0.2.0"));
        assert!(!is_older(Some("0.10.0"), "0.9.0"));
        assert!(!is_older(Some("0.3.0"), "0.3.0-rc1"));
    }
}
