//! What is stored of saved views: all of one member's in one record, whose id is the member's, so
//! that they are read with one look and go with the member.

use greenroom_protocol::pipeline::CandidateView;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A member's saved views of the list of candidates.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewsRecord {
    /// By name.
    #[serde(default)]
    pub views: Vec<CandidateView>,
}

impl Record for ViewsRecord {
    const TABLE: &'static str = "candidate-view";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_that_says_nothing_but_its_search_is_read() {
        let stored = r#"{"views":[{"name":"Rust","query":{"text":"rust"}}]}"#;
        let read: ViewsRecord = serde_json::from_str(stored).unwrap();
        assert_eq!(read.views[0].query.text, "rust");
        assert_eq!(
            serde_json::from_str::<ViewsRecord>("{}").unwrap(),
            ViewsRecord::default()
        );
    }
}
