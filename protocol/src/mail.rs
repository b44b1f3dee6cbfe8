//! Mail that leaves, and how far it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// An interview takes place: the first invitation, or how it stands since it changed.
    Invitation,
    /// An interview does not take place, or not with the reader.
    Cancellation,
    /// An interview takes place soon.
    Reminder,
    /// A Zoom admin is asked to approve the app.
    ApprovalRequest,
    /// A Zoom connection must be made anew.
    ConnectionNotice,
}
