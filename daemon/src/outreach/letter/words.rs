//! Emails to candidates that have no template: about the time that is booked, and that times are no
//! longer available.

use super::parts::Parts;
use crate::mail::message::{Letter, Says, greeting};

/// Whether the time that is booked is right.
pub(super) fn asked_about(parts: Parts, booked: &str, assistant: &str) -> Letter {
    let Parts {
        job,
        workspace,
        organizer,
        ..
    } = &parts;
    let hello = greeting(&parts.candidate.name);
    let text = format!(
        "{hello}\n\nThank you for your email. It names another time than the one your interview for {job} at \
         {workspace} is booked for:\n\n  {booked}\n\nCan you make it then? Reply “yes” if so; otherwise \
         tell us when you are free.\n\nThis email was written by {assistant}, an automated assistant. To speak \
         with a person, say so in your reply, and {organizer} will answer.\n\nBest regards,\n{assistant}\n\
         {workspace}"
    );
    let subject = format!("Interview for {job} at {workspace}: a question about the time");
    let sender = assistant.to_owned();
    parts.letter(sender, Says::Text { subject, text })
}

/// That the times are no longer available.
pub(super) fn withdrawn(parts: Parts, assistant: Option<&str>) -> Letter {
    let Parts { job, workspace, .. } = &parts;
    let sender = assistant.unwrap_or(&parts.sender);
    let written = assistant
        .map(|name| format!(" This email was written by {name}, an automated assistant."))
        .unwrap_or_default();
    let hello = greeting(&parts.candidate.name);
    let text = format!(
        "{hello}\n\nThe times we sent you for your interview for {job} at {workspace} are no longer \
         available, so there is no need to choose one.\n\nIf you have questions, reply to this \
         email.{written}\n\nBest regards,\n{sender}\n{workspace}"
    );
    let subject =
        format!("Interview for {job} at {workspace}: these times are no longer available");
    let sender = sender.to_owned();
    parts.letter(sender, Says::Text { subject, text })
}
