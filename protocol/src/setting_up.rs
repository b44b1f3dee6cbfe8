//! Setting up a workspace: the steps, which are done, and what somebody else has to do at Zoom,
//! Google or Microsoft.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A step of setting up, in this order. Each can be skipped and found again.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SetupStep {
    /// The workspace, its first member and their zone.
    Workspace,
    /// The app at Zoom that people connect with.
    ZoomApp,
    /// How email leaves and where replies are read.
    Email,
    /// The first job with its stages.
    Job,
    /// The first candidates.
    Candidates,
}

impl SetupStep {
    /// All, in order.
    pub const ALL: [Self; 5] = [
        Self::Workspace,
        Self::ZoomApp,
        Self::Email,
        Self::Job,
        Self::Candidates,
    ];
}

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SetupState {
    /// Nobody has done it.
    Open,
    /// Somebody has decided to do without, for now.
    Skipped,
    /// It is done.
    Done,
}

/// One step, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetupItem {
    /// Which.
    pub step: SetupStep,
    /// How it stands.
    pub state: SetupState,
    /// What there is, in a few words, such as the app's client id or the address.
    pub detail: Option<String>,
    /// Whether the daemon's configuration decided it, not the workspace.
    pub from_configuration: bool,
}

/// How far setting up is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SetupProgress {
    /// Every step, in order.
    pub steps: Vec<SetupItem>,
    /// The first that is open; `None`: nothing is.
    pub next: Option<SetupStep>,
}

/// Skips a step, or takes that back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetupSkip {
    /// Which.
    pub step: SetupStep,
    /// Takes it back.
    #[serde(default)]
    pub undo: bool,
}

/// An app that somebody makes once for the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AppKind {
    /// At Zoom.
    Zoom,
    /// At Google.
    Google,
    /// At Microsoft.
    Microsoft,
}

/// How an app is made, or an email to somebody who makes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AppGuideQuery {
    /// Which app.
    pub app: AppKind,
    /// The address of somebody else who makes it: they are emailed the steps. `None`: they are only
    /// shown.
    #[serde(default)]
    pub email_to: Option<String>,
    /// Shows the email, and sends nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// How an app is made: what to click, what to copy, what to paste here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppGuide {
    /// Which app.
    pub app: AppKind,
    /// The page it begins at.
    pub link: String,
    /// What to do there, a step each.
    pub steps: Vec<String>,
    /// The redirect URL to enter.
    pub redirect_uri: String,
    /// The scopes to choose, each as the provider names it.
    pub scopes: Vec<String>,
    /// The client id the workspace uses now; `None`: there is none.
    pub client_id: Option<String>,
    /// Whether the daemon's configuration decided it.
    pub from_configuration: bool,
    /// Subject of the email to whoever makes it.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Whether it was emailed; else somebody has to send it.
    pub sent: bool,
}
