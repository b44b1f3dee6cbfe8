//! Whether the assistant acts: the switch of a workspace, and of a job.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// Whether the assistant acts. While it is paused it sends nothing and answers nothing; what comes
/// in is kept and shown all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantSwitch {
    /// Whether it acts.
    pub on: bool,
    /// Since when it is paused.
    #[serde(default)]
    pub since: Option<Instant>,
    /// The name of who paused it.
    #[serde(default)]
    pub by: Option<String>,
    /// Why.
    #[serde(default)]
    pub why: Option<String>,
}

impl Default for AssistantSwitch {
    fn default() -> Self {
        Self {
            on: true,
            since: None,
            by: None,
            why: None,
        }
    }
}

/// Turns the assistant on, or pauses it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantSwitchSet {
    /// Whether it is to act.
    pub on: bool,
    /// Why it is paused: one line of at most 200 characters.
    #[serde(default)]
    pub why: Option<String>,
}

/// Where the assistant is paused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AssistantPaused {
    /// The job's title; `None`: in the whole workspace.
    #[serde(default)]
    pub job: Option<String>,
    /// Since when, by whom and why.
    pub switch: AssistantSwitch,
}
