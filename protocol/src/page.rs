//! Lists come in pages, so that no frame grows with what is stored.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rows of a page when the caller names no number.
pub const DEFAULT_LIMIT: u32 = 100;

/// The most rows one page may have.
pub const MOST: u32 = 500;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// How many rows the whole list has.
    pub total: u64,
    /// What to pass as `cursor` for the next page; nothing when this was the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that fits in one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            total: items.len() as u64,
            items,
            next: None,
        }
    }
}
