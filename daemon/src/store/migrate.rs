//! Owns the number of the store's own layout, the one above single records: which rows there are and what their
//! bytes mean. A store written by a newer program is refused untouched, never guessed at.

/// The layout this program writes.
pub(crate) const FORMAT: u32 = 1;

/// Why a store's layout cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Written by a newer program.
    #[error(
        "open the store: it has format {found} and this program knows up to {FORMAT}; \
         start the newer program, or restore a backup made with this one"
    )]
    Newer {
        /// The store's format.
        found: u32,
    },
    /// No program ever wrote this number.
    #[error("open the store: format {found} does not exist; restore a backup")]
    Unknown {
        /// The number found.
        found: u32,
    },
}

/// Judges the format found in an existing store. Formats older than [`FORMAT`] are brought forward here, once
/// there are any.
pub(crate) fn judge(found: u32) -> Result<(), FormatError> {
    match found {
        FORMAT => Ok(()),
        0 => Err(FormatError::Unknown { found }),
        _ => Err(FormatError::Newer { found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_known_format_opens() {
        assert_eq!(judge(FORMAT), Ok(()));
        assert_eq!(judge(0), Err(FormatError::Unknown { found: 0 }));
        assert_eq!(
            judge(FORMAT + 1),
            Err(FormatError::Newer { found: FORMAT + 1 })
        );
    }
}
