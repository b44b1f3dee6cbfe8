//! Whether the assistant acts, as a workspace and a job have it.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Actor;

/// The switch. Who paused it is a reference, so that it says so after they are gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum SwitchRecord {
    /// It acts.
    #[default]
    On,
    /// It sends nothing and answers nothing.
    Paused {
        /// Who paused it.
        by: Actor,
        /// When.
        at: Instant,
        /// Why.
        #[serde(default)]
        why: Option<String>,
    },
    /// What a later version wrote: it does not act.
    #[serde(other)]
    Unknown,
}

impl SwitchRecord {
    /// Whether the assistant acts.
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self == Self::On
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_version_wrote_does_not_act() {
        let later: SwitchRecord = serde_json::from_str(r#"{"is":"on-weekdays","days":5}"#).unwrap();
        assert!(!later.is_on());
        let on: SwitchRecord = serde_json::from_str(r#"{"is":"on"}"#).unwrap();
        assert!(on.is_on() && SwitchRecord::default().is_on());
    }
}
