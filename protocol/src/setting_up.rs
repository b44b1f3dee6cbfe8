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
    /// When people work, which each sets for themselves.
    Hours,
}

impl SetupStep {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Workspace,
        Self::ZoomApp,
        Self::Email,
        Self::Job,
        Self::Candidates,
        Self::Hours,
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
    /// Undoes that.
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

/// What a step of making an app has to do with: what is opened or copied there, or pasted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GuideField {
    /// The page to open.
    Link,
    /// The redirect URL to enter there.
    RedirectUri,
    /// The scopes to choose there.
    Scopes,
    /// The client id to paste here.
    ClientId,
    /// The client secret to paste here.
    ClientSecret,
    /// Microsoft's tenant id to paste here.
    Tenant,
}

/// A step of making an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuideStep {
    /// What to do, in a sentence or two.
    pub text: String,
    /// What it has to do with; `None`: it is only done there.
    pub about: Option<GuideField>,
}

/// How an app is made: what to click, what to copy, what to paste here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppGuide {
    /// Which app.
    pub app: AppKind,
    /// The page it begins at.
    pub link: String,
    /// What to do, in this order.
    pub steps: Vec<GuideStep>,
    /// The redirect URL to enter; `None`: none is entered there.
    pub redirect_uri: Option<String>,
    /// The scopes to choose, each as the provider names it.
    pub scopes: Vec<String>,
    /// The client id the workspace uses now; `None`: there is none.
    pub client_id: Option<String>,
    /// Whether the daemon's configuration decided it.
    pub from_configuration: bool,
    /// Subject of the email to the person who makes it.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// Whether it was emailed, or would be were this no dry run; else somebody has to send it.
    pub sent: bool,
    /// Nothing was sent.
    pub dry_run: bool,
}

impl AppKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Zoom, Self::Google, Self::Microsoft];

    /// Whose it is, for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zoom => "Zoom",
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
        }
    }

    /// Its word in commands.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Zoom => "zoom",
            Self::Google => "google",
            Self::Microsoft => "microsoft",
        }
    }

    /// What is odd about a client id, in a sentence; `None` where nothing is, and of an empty text.
    /// Nobody publishes the form of Zoom's, so this is advice, never a refusal. Sources of the
    /// others: <https://developers.google.com/identity/protocols/oauth2/native-app> and
    /// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow>.
    #[must_use]
    pub fn client_id_advice(self, client_id: &str) -> Option<&'static str> {
        let id = client_id.trim();
        if id.is_empty() {
            return None;
        }
        if id.contains("://") || id.contains('@') || id.contains(char::is_whitespace) {
            return Some("This doesn't look like a client ID: it has no spaces, no @ and no ://");
        }
        match self {
            Self::Zoom if !id.chars().all(is_plain) || !(10..=64).contains(&id.len()) => {
                Some("Zoom's client IDs usually have 22 letters, digits, - or _")
            }
            Self::Google if !id.ends_with(".apps.googleusercontent.com") => {
                Some("Google's client IDs end in .apps.googleusercontent.com")
            }
            Self::Microsoft if !is_uuid(id) => {
                Some("Microsoft's application ID looks like 00000000-0000-0000-0000-000000000000")
            }
            _ => None,
        }
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
    let hexadecimal = |it: &&str| it.chars().all(|digit| digit.is_ascii_hexdigit());
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(hexadecimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_id_is_looked_at_and_real_ones_are_fine() {
        for (app, id, fine) in [
            (AppKind::Zoom, "q7Jw2uVdRzS_x-k0mB1cQw", true),
            (AppKind::Zoom, "q7Jw2uVdRz", true),
            (AppKind::Zoom, "", true),
            (AppKind::Zoom, "https://zoom.us/oauth", false),
            (AppKind::Zoom, "my client id", false),
            (AppKind::Zoom, "dana@acme.example", false),
            (AppKind::Zoom, "abc", false),
            (AppKind::Google, "1234-abc.apps.googleusercontent.com", true),
            (AppKind::Google, "GOCSPX-abc", false),
            (
                AppKind::Microsoft,
                "6731de76-14a6-49ae-97bc-6eba6914391e",
                true,
            ),
            (AppKind::Microsoft, "6731de76-14a6-49ae-97bc", false),
            (AppKind::Microsoft, "acme.onmicrosoft.com", false),
        ] {
            let advice = app.client_id_advice(id);
            assert_eq!(advice.is_none(), fine, "{app:?} {id}: {advice:?}");
        }
    }
}
