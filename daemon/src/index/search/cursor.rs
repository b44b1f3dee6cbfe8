//! Owns where a page of the candidate list ended, as text. It names a person and what they were
//! sorted by, never a number of rows, so it stays good whatever changes in between.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::id::StageId;

use crate::index::chunk::Order;

/// Where a page ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) class: Class,
    pub(super) key: Key,
    pub(super) order: Order,
}

/// The runs of the list, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Every word begins a word. Where a list is not sorted by name, all that match exactly.
    Begins,
    /// The others that match exactly.
    Inside,
    /// Some word only nearly matches.
    Near,
}

/// What the last row was sorted by, before its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// Nothing.
    Name,
    /// Seconds; `None` where there is no application.
    Time(Option<u32>),
    /// A stage; `None` where there is no application.
    Stage(Option<StageId>),
}

/// The text is not a cursor this program gave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The cursor is not one that a page ended with; start again without it")]
pub struct BadCursor;

const NOTHING: &str = "-";

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.class {
            Class::Begins => "b",
            Class::Inside => "i",
            Class::Near => "n",
        })?;
        match self.key {
            Key::Name => {}
            Key::Time(None) => write!(out, ":t{NOTHING}")?,
            Key::Time(Some(seconds)) => write!(out, ":t{seconds}")?,
            Key::Stage(None) => write!(out, ":s{NOTHING}")?,
            Key::Stage(Some(stage)) => write!(out, ":s{stage}")?,
        }
        write!(out, ".{}.{}", self.order.id, self.order.name)
    }
}

impl FromStr for Cursor {
    type Err = BadCursor;

    fn from_str(text: &str) -> Result<Self, BadCursor> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(BadCursor);
        let head = part()?;
        let (class, key) = head.split_once(':').unwrap_or((head, ""));
        let class = match class {
            "b" => Class::Begins,
            "i" => Class::Inside,
            "n" => Class::Near,
            _ => return Err(BadCursor),
        };
        let key = match (key.get(..1), key.get(1..)) {
            (None, _) => Key::Name,
            (Some("t"), Some(NOTHING)) => Key::Time(None),
            (Some("t"), Some(at)) => Key::Time(Some(at.parse().map_err(|_| BadCursor)?)),
            (Some("s"), Some(NOTHING)) => Key::Stage(None),
            (Some("s"), Some(id)) => Key::Stage(Some(id.parse().map_err(|_| BadCursor)?)),
            _ => return Err(BadCursor),
        };
        let id = part()?.parse().map_err(|_| BadCursor)?;
        let name = part()?.to_owned();
        let order = Order { name, id };
        Ok(Self { class, key, order })
    }
}
