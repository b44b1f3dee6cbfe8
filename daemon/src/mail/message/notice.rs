//! The letter that says that a Zoom connection must be made anew.

use super::line::{lines, one_line};

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
        one_line(&format!("Connect Zoom again ({})", self.workspace))
    }

    pub(super) fn text(&self) -> String {
        lines(&format!(
            "Hello {},\n\n\
             your Zoom connection in {} ({}) does not work any more: {}.\n\n\
             Meetings already made keep their links; no new one is made until you connect again.\n\n\
             Connect again in Settings, Connected Apps, or with:\n\n    greenroom zoom connect\n",
            self.member, self.workspace, self.zoom_email, self.reason,
        ))
    }
}
