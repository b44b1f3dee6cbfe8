//! What is stored of a workspace's own words for an email.

use greenroom_protocol::id::StageId;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::{Actor, Record, StoreError, Tx};

/// Words with variables, checked when they were saved. The id is `<name>`, or `<stage>.<name>` for
/// one stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplateRecord {
    /// One line.
    pub subject: String,
    /// Several.
    pub text: String,
    /// When they were changed last.
    pub changed_at: Instant,
    /// By whom.
    #[serde(default)]
    pub changed_by: Actor,
}

impl Record for TemplateRecord {
    const TABLE: &'static str = "template";
    const SCHEMA: u32 = 1;
}

impl TemplateRecord {
    /// Where the words of an email are.
    #[must_use]
    pub fn id(name: TemplateName, stage: Option<StageId>) -> String {
        match stage {
            Some(stage) => format!("{stage}.{name}"),
            None => name.to_string(),
        }
    }

    /// What an id names; `None` where it is not one of ours.
    #[must_use]
    pub fn parts(id: &str) -> Option<(TemplateName, Option<StageId>)> {
        match id.split_once('.') {
            Some((stage, name)) => Some((name.parse().ok()?, Some(stage.parse().ok()?))),
            None => Some((id.parse().ok()?, None)),
        }
    }

    /// The stored words. Nothing that is read here keeps a commit from succeeding: words that
    /// change in the same moment are as good as those before.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn read(
        tx: &Tx,
        space: &str,
        name: TemplateName,
        stage: Option<StageId>,
    ) -> Result<Option<Self>, StoreError> {
        tx.peek(space, &Self::id(name, stage)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_an_email_and_perhaps_a_stage() {
        let stage = StageId::new();
        for stage in [None, Some(stage)] {
            let id = TemplateRecord::id(TemplateName::OnHold, stage);
            assert_eq!(
                TemplateRecord::parts(&id),
                Some((TemplateName::OnHold, stage))
            );
        }
        for strange in ["", "letter", "stg_x.invitation", "invitation.invitation"] {
            assert_eq!(TemplateRecord::parts(strange), None, "{strange}");
        }
    }

    #[test]
    fn words_without_their_author_are_read() {
        let stored = r#"{"subject":"A","text":"B","changed_at":"2026-11-30T09:00:00Z"}"#;
        let read: TemplateRecord = serde_json::from_str(stored).unwrap();
        assert_eq!(
            (read.subject.as_str(), read.changed_by),
            ("A", Actor::default())
        );
    }
}
