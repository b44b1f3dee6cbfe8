//! How lists of candidates are sorted, what a page of one is, and what of a row a search matched.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CandidateQuery, CandidateRow};
use crate::page::Page;

/// What a list of candidates is sorted by. Those who are alike come by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CandidateSort {
    /// By name; of a search, those first where every word begins a word.
    #[default]
    Name,
    /// By the stage of the application shown: first stages first.
    Stage,
    /// By how long the application shown has been in its stage, the longest first.
    Since,
    /// By when they were added, the newest first.
    Added,
}

impl CandidateSort {
    pub(super) fn is_name(&self) -> bool {
        *self == Self::Name
    }
}

/// One page of candidates. The schema knows it by the name it had when it was any other list's
/// page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Page")]
pub struct CandidatePage {
    /// The rows, in the list's order.
    pub items: Vec<CandidateRow>,
    /// How many rows the whole list has.
    pub total: u64,
    /// What to pass as `cursor` for the next page; nothing when this was the last.
    pub next: Option<String>,
    /// How many of the whole list match only nearly; they come last. Always 0 unless `fuzzy` was
    /// asked for.
    #[serde(default)]
    pub near: u64,
    /// Whether nobody matches even nearly: these are the nearest, one page of them.
    #[serde(default)]
    pub nearest: bool,
}

impl CandidatePage {
    /// A list that fits in one page.
    pub fn whole(items: Vec<CandidateRow>) -> Self {
        Page::whole(items).into()
    }
}

impl From<Page<CandidateRow>> for CandidatePage {
    /// All of the page match.
    fn from(page: Page<CandidateRow>) -> Self {
        Self {
            items: page.items,
            total: page.total,
            next: page.next,
            near: 0,
            nearest: false,
        }
    }
}

impl From<CandidatePage> for Page<CandidateRow> {
    fn from(page: CandidatePage) -> Self {
        Self {
            items: page.items,
            total: page.total,
            next: page.next,
        }
    }
}

/// A part of a row's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Highlight {
    /// Which text.
    pub field: HighlightField,
    /// Its first byte, on the bound of a character.
    pub from: u32,
    /// The byte after its last one, on the bound of a character.
    pub to: u32,
}

/// The texts of a row that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HighlightField {
    /// The candidate's name.
    Name,
    /// The candidate's address.
    Email,
    /// The job's title.
    Job,
    /// The stage's name.
    Stage,
}

/// The most views a member may save.
pub const MOST_VIEWS: usize = 50;

/// The most characters in the name of a view.
pub const LONGEST_VIEW_NAME: usize = 60;

/// A list that a member goes back to: its name, and what it asks for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateView {
    /// Its name, 1 to 60 characters. A member's own names differ, whatever their case.
    pub name: String,
    /// What it asks for, without `cursor` and `limit`. Jobs are kept by id and so survive a new
    /// title; a stage is kept as it was named, and means every stage of this name.
    pub query: CandidateQuery,
}

/// Which view.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ViewDelete {
    /// Its name, in whatever case.
    pub name: String,
}
