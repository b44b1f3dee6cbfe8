//! The letter that says that a Zoom connection must be made anew.

use super::line::{lines, one_line};
use super::words::greeting;

/// A connection that must be made anew.
#[derive(Debug, Clone, PartialEq)]
pub struct BrokenConnection {
    /// Whose.
    pub member: String,
    /// The workspace's name.
    pub workspace: String,
    /// The Zoom user's address.
    pub zoom_email: String,
    /// Why.
    pub reason: String,
}

impl BrokenConnection {
    pub(super) fn subject(&self) -> String {
        one_line(&format!("Reconnect Zoom ({})", self.workspace))
    }

    pub(super) fn text(&self) -> String {
        lines(&format!(
            "{}\n\n\
             Your Zoom connection in {} ({}) has stopped working. Please reconnect in Settings, Connected Apps, or with:\n\n    \
             greenroom zoom connect\n\n\
             Reason: {}.\n\n\
             Meetings that exist keep their links. No new meetings can be created until you reconnect.\n",
            greeting(&self.member),
            self.workspace,
            self.zoom_email,
            self.reason,
        ))
    }
}
