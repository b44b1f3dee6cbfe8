//! Letters about Zoom: a request to the admin who must approve the app, and the notice that a connection must be made anew.

use super::line::{lines, one_line};

/// A member asks their Zoom admin to approve the app.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalRequest {
    /// Who asks.
    pub member: String,
    /// Their Zoom user's address.
    pub zoom_email: String,
    /// The workspace's name.
    pub workspace: String,
    /// The app's name, or its client id where the name is not known.
    pub app: String,
    /// Where the app is approved.
    pub marketplace_url: String,
    /// Each permission with its reason.
    pub permissions: Vec<(String, String)>,
}

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
    /// Confirmed interviews to come that this user hosts.
    pub interviews_to_come: usize,
}

impl ApprovalRequest {
    pub(super) fn subject(&self) -> String {
        one_line(&format!("Please approve {} for Zoom", self.app))
    }

    /// The text of the request; also what is shown for copying.
    pub fn text(&self) -> String {
        let permissions: String = self
            .permissions
            .iter()
            .map(|(permission, reason)| {
                format!("- {}: {}\n", one_line(permission), one_line(reason))
            })
            .collect();
        lines(&format!(
            "Hello,\n\n\
             {} ({}) plans job interviews for {} with Greenroom, which makes the Zoom meetings. Zoom says that an admin of \
             our account has to approve the app {} before it can be connected.\n\n\
             You can approve it here:\n{}\n\n\
             It asks for these permissions:\n{permissions}\n\
             The keys stay on our own machine, each member connects their own Zoom user, and a connection can be ended at any \
             time.\n\n\
             Thank you\n{}\n",
            self.member,
            self.zoom_email,
            self.workspace,
            self.app,
            self.marketplace_url,
            self.member,
        ))
    }
}

impl BrokenConnection {
    pub(super) fn subject(&self) -> String {
        one_line(&format!("Connect Zoom again ({})", self.workspace))
    }

    pub(super) fn text(&self) -> String {
        let waiting = match self.interviews_to_come {
            0 => String::new(),
            1 => "One confirmed interview to come is hosted by it. ".to_owned(),
            many => format!("{many} confirmed interviews to come are hosted by it. "),
        };
        lines(&format!(
            "Hello {},\n\n\
             your Zoom connection in {} ({}) does not work any more: {}.\n\n\
             {waiting}Meetings already made keep their links; no new one is made until you connect again.\n\n\
             Connect again in Settings, Connected Apps, or with:\n\n    greenroom zoom connect\n",
            self.member, self.workspace, self.zoom_email, self.reason,
        ))
    }
}
