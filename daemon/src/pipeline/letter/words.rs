//! What the emails to candidates say. Pure.

use greenroom_protocol::mail::MailKind;

use crate::mail::message::greeting;

/// What such an email may name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Facts {
    /// The candidate's name.
    pub candidate: String,
    /// The job's title.
    pub job: String,
    /// The workspace's name.
    pub workspace: String,
    /// Who sends it.
    pub sender: Option<String>,
}

impl Facts {
    /// Whose name stands below it, and before the address it comes from.
    pub fn signed_by(&self) -> &str {
        self.sender.as_deref().unwrap_or(&self.workspace)
    }
}

/// Subject and text of an email of this kind.
pub(super) fn built_in(kind: MailKind, facts: &Facts) -> Option<(String, String)> {
    let (job, workspace) = (&facts.job, &facts.workspace);
    let body = match kind {
        MailKind::Rejected => format!(
            "Thank you for your interest in {workspace} and for the time you have put into your application for \
             {job}. We have decided not to move forward with it.\n\n\
             We wish you all the best."
        ),
        MailKind::Withdrawn => format!(
            "We have noted that you no longer wish to be considered for {job}. If that is a mistake, please reply \
             to this email.\n\n\
             Thank you for your interest in {workspace}. We wish you all the best."
        ),
        MailKind::OnHold => format!(
            "Your application for {job} is on hold for now. You don't need to do anything. We will be in touch as \
             soon as we can tell you more."
        ),
        _ => return None,
    };
    let subject = format!("Your application for {job} at {workspace}");
    let signature = match &facts.sender {
        Some(sender) => format!("{sender}\n{workspace}"),
        None => workspace.clone(),
    };
    let hello = greeting(&facts.candidate);
    Some((subject, format!("{hello}\n\n{body}\n\n{signature}\n")))
}
