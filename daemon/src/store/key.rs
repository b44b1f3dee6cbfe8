//! Owns the names of records: `space/table/id`, ordered by their bytes. A [`Key`] that exists is
//! valid, so no engine checks again. It must not know what a table holds.

use std::borrow::Borrow;
use std::fmt;

/// The longest key in bytes. Engines beyond this machine have limits too; this one is far below
/// them.
pub const MAX_KEY_BYTES: usize = 512;

/// Why a name cannot be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The space, the table or the id is empty.
    #[error("The {0} of a record is empty")]
    Empty(&'static str),
    /// A space or a table holds a `/`, which separates the parts; only an id may.
    #[error("The {0} of a record holds a slash")]
    Slash(&'static str),
    /// A part holds NUL, which engines reserve for their own rows.
    #[error("The {0} of a record holds a NUL character")]
    Nul(&'static str),
    /// The whole key is longer than [`MAX_KEY_BYTES`].
    #[error("The key of a record has {0} bytes, at most {MAX_KEY_BYTES} fit")]
    TooLong(usize),
    /// A stored key has fewer than three parts.
    #[error("The key of a record lacks its space, table or id")]
    Shape,
}

/// The name of one record: `space/table/id`. The id may hold further slashes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// Joins the parts, refusing what [`KeyError`] lists.
    pub fn new(space: &str, table: &str, id: &str) -> Result<Self, KeyError> {
        part("space", space)?;
        part("table", table)?;
        if id.is_empty() {
            return Err(KeyError::Empty("id"));
        }
        if id.contains('\0') {
            return Err(KeyError::Nul("id"));
        }
        let key = format!("{space}/{table}/{id}");
        if key.len() > MAX_KEY_BYTES {
            return Err(KeyError::TooLong(key.len()));
        }
        Ok(Self(key))
    }

    /// Reads a key back from its text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(space), Some(table), Some(id)) => Self::new(space, table, id),
            _ => Err(KeyError::Shape),
        }
    }

    /// The whole key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The workspace, or `_` for what belongs to none.
    #[must_use]
    pub fn space(&self) -> &str {
        self.parts().0
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &str {
        self.parts().1
    }

    /// The record's own id.
    #[must_use]
    pub fn id(&self) -> &str {
        self.parts().2
    }

    /// A key behind every record of this one's table.
    #[must_use]
    pub(super) fn end_of_table(&self) -> Self {
        let (space, table, _) = self.parts();
        Self(format!("{space}/{table}/{}", char::MAX))
    }

    /// A key behind every record of this one's space.
    #[must_use]
    pub(super) fn end_of_space(&self) -> Self {
        Self(format!("{}/{}", self.space(), char::MAX))
    }

    fn parts(&self) -> (&str, &str, &str) {
        let (space, rest) = self.0.split_once('/').unwrap_or_default();
        let (table, id) = rest.split_once('/').unwrap_or_default();
        (space, table, id)
    }
}

/// It is ordered and hashed as its text is.
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Ids can carry what a person typed: nothing of it may steer a terminal or split a log
        // line.
        for character in self.0.chars() {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => write!(f, "{character}")?,
            }
        }
        Ok(())
    }
}

/// What a scan covers: everything, a space, a table, or a table's ids with one beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Every record of every space.
    #[must_use]
    pub fn everything() -> Self {
        Self(String::new())
    }

    /// Every record of one space.
    pub fn space(space: &str) -> Result<Self, KeyError> {
        part("space", space)?;
        Ok(Self(format!("{space}/")))
    }

    /// Every record of one table whose id begins with `id_start`, which may be empty.
    pub fn table(space: &str, table: &str, id_start: &str) -> Result<Self, KeyError> {
        part("space", space)?;
        part("table", table)?;
        if id_start.contains('\0') {
            return Err(KeyError::Nul("id"));
        }
        Ok(Self(format!("{space}/{table}/{id_start}")))
    }

    /// The beginning all covered keys share.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a scan of this prefix shows `key`.
    #[must_use]
    pub fn covers(&self, key: &Key) -> bool {
        key.as_str().starts_with(&self.0)
    }
}

fn part(what: &'static str, text: &str) -> Result<(), KeyError> {
    if text.is_empty() {
        return Err(KeyError::Empty(what));
    }
    if text.contains('/') {
        return Err(KeyError::Slash(what));
    }
    if text.contains('\0') {
        return Err(KeyError::Nul(what));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_its_parts_back_and_only_the_id_may_hold_slashes() {
        let key = Key::new("wsp_1", "cal", "mem_1/2026-W48").unwrap();
        assert_eq!(
            (key.space(), key.table(), key.id()),
            ("wsp_1", "cal", "mem_1/2026-W48")
        );
        assert_eq!(Key::parse(key.as_str()), Ok(key));
        assert_eq!(Key::new("a/b", "t", "x"), Err(KeyError::Slash("space")));
        assert_eq!(Key::new("a", "t/u", "x"), Err(KeyError::Slash("table")));
    }

    #[test]
    fn what_cannot_name_a_record_is_refused() {
        assert_eq!(Key::new("a", "t", ""), Err(KeyError::Empty("id")));
        assert_eq!(Key::new("a", "t", "x\0y"), Err(KeyError::Nul("id")));
        assert_eq!(
            Key::new("a", "t", &"x".repeat(509)),
            Err(KeyError::TooLong(513))
        );
        assert_eq!(Key::parse("a/t"), Err(KeyError::Shape));
    }

    #[test]
    fn a_shown_key_never_carries_control_characters() {
        let key = Key::new("a", "t", "x\u{1b}[2J\n").unwrap();
        assert_eq!(key.to_string(), "a/t/x\\u{1b}[2J\\n");
    }
}
