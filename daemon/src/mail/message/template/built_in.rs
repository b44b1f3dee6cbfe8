//! The built-in words of every email that has a template: polite business English, what is asked of
//! the reader first, and one way out.

use greenroom_protocol::template::TemplateName;

use super::Words;

/// How an email to a candidate ends that a person of the workspace signs.
const SIGNED: &str = "Best regards,\n{{organizer}}\n{{workspace}}";

/// How an email ends that the assistant signs, or the person who proposes times.
const SENT: &str = "Best regards,\n{{sender}}\n{{workspace}}";

pub(super) fn words(name: TemplateName) -> Words {
    let (subject, body, end) = match name {
        TemplateName::Invitation => (
            "Interview for {{job}} at {{workspace}}, {{when_short}}",
            "You are invited to an interview for {{job}} at {{workspace}}. Please let us know whether you can make it: \
             accept or decline this invitation in your calendar, or reply to this email.",
            SIGNED,
        ),
        TemplateName::Update => (
            "Updated: Interview for {{job}} at {{workspace}}, {{when_short}}",
            "Your interview for {{job}} at {{workspace}} has been updated:\n\nReason: {{reason}}",
            SIGNED,
        ),
        TemplateName::Cancellation => (
            "Cancelled: Interview for {{job}} at {{workspace}}, {{when_short}}",
            "Your interview for {{job}} at {{workspace}} has been cancelled. No action is needed.\n\n\
             Reason: {{reason}}",
            SIGNED,
        ),
        TemplateName::Reminder => (
            "Reminder: Interview for {{job}} at {{workspace}}, {{when_short}}",
            "This is a reminder of your interview for {{job}} at {{workspace}}.",
            SIGNED,
        ),
        TemplateName::NoReplyReminder => (
            "Please reply: Interview with {{candidate}} for {{job}}, {{when_short}}",
            "You have not replied to your invitation to interview {{candidate}} for {{job}} ({{stage}}). \
             Please accept or decline it in your calendar.",
            "Best regards,\n{{organizer}}",
        ),
        TemplateName::Rejected => (
            "Your application for {{job}} at {{workspace}}",
            "Thank you for your interest in the {{job}} role at {{workspace}}, and for your time. After careful consideration we \
             have decided not to move forward with your application.\n\n\
             We wish you all the best for your search.",
            SIGNED,
        ),
        TemplateName::Withdrawn => (
            "Your application for {{job}} at {{workspace}} is withdrawn",
            "Your application for {{job}} at {{workspace}} is withdrawn, as you asked. No action is needed.\n\n\
             Thank you for your interest. We would be glad to hear from you again.",
            SIGNED,
        ),
        TemplateName::OnHold => (
            "Your application for {{job}} at {{workspace}}",
            "Your application for {{job}} at {{workspace}} is on hold for now. No action is needed: we will write to you \
             when we continue.",
            SIGNED,
        ),
        TemplateName::Proposal => (
            "Interview for {{job}} at {{workspace}}: please choose a time",
            "We would like to invite you to an interview for {{job}} at {{workspace}}. Please choose one of these times; \
             the interview takes {{duration}}:\n\n\
             {{slots}}\n\n\
             These times are kept for you until {{until}}.",
            SENT,
        ),
        TemplateName::Nudge => (
            "Reminder: please choose a time for your interview for {{job}} at {{workspace}}",
            "We have not heard from you yet about your interview for {{job}} at {{workspace}}. Please choose one of \
             these times:\n\n\
             {{slots}}\n\n\
             These times are kept for you until {{until}}.",
            SENT,
        ),
        TemplateName::Fresh => (
            "Interview for {{job}} at {{workspace}}: other times",
            "Here are other times for your interview for {{job}} at {{workspace}}. Please choose one; the interview \
             takes {{duration}}:\n\n\
             {{slots}}\n\n\
             These times are kept for you until {{until}}.",
            SENT,
        ),
        TemplateName::Ask => (
            "Interview for {{job}} at {{workspace}}: a question",
            "Thank you for your reply about your interview for {{job}} at {{workspace}}. {{question}}\n\n\
             {{slots}}",
            SENT,
        ),
        TemplateName::Gone => (
            "Interview for {{job}} at {{workspace}}: new times",
            "We are sorry: the times we sent you for your interview for {{job}} at {{workspace}} are no longer free. \
             Please choose one of these; the interview takes {{duration}}:\n\n\
             {{slots}}\n\n\
             These times are kept for you until {{until}}.",
            SENT,
        ),
        TemplateName::Handover => (
            "Your interview for {{job}} at {{workspace}}",
            "Thank you for your email about your interview for {{job}} at {{workspace}}. {{organizer}} will reply to you.",
            SENT,
        ),
    };
    Words {
        subject: subject.to_owned(),
        text: format!("{{{{greeting}}}}\n\n{body}\n\n{{{{details}}}}\n\n{end}"),
    }
}
