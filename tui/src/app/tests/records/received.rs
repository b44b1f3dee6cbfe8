//! Email that came in from a candidate: one of their own, a reply from another address, an absence
//! notice.

use greenroom_protocol::interview::{AttendeeRole, AttendeeState};
use greenroom_protocol::received::{Received, ReceivedFrom, ReceivedMail, SetAside};

use super::{NOW, at, candidate, id};

fn email(number: usize, text: &str) -> Received {
    let candidate = candidate(0);
    Received {
        mail: ReceivedMail {
            id: id("trn", number),
            at: at(NOW).plus_minutes(-5),
            written_at: None,
            who: ReceivedFrom::Candidate,
            name: candidate.name.clone(),
            from: candidate.email.clone(),
            candidate: Some(candidate.id),
            candidate_name: Some(candidate.name),
            interview: None,
            outreach: None,
            subject: "Tomorrow".into(),
            beginning: text.lines().next().unwrap_or_default().into(),
            automatic: false,
            unread: true,
            set_aside: None,
        },
        text: text.into(),
        quoted: None,
        cut: false,
        files: Vec::new(),
        understood: None,
    }
}

/// All of them, newest first.
pub(crate) fn received() -> Vec<Received> {
    let mut ill = email(1, "I am ill and cannot come tomorrow.\n\u{1b}[2JPriya");
    ill.quoted = Some("> Dear Priya".into());
    let mut other = email(2, "I accept.");
    other.mail.who = ReceivedFrom::Other;
    other.mail.name = "priya@work.example".into();
    other.mail.from = "priya@work.example".into();
    other.mail.set_aside = Some(SetAside {
        attendee: Some("Priya Nair".into()),
        role: Some(AttendeeRole::Candidate),
        answer: Some(AttendeeState::Accepted),
        start: None,
        duration_minutes: None,
        comment: None,
    });
    let mut away = email(3, "I am away until Monday.");
    away.mail.automatic = true;
    away.mail.unread = false;
    vec![ill, other, away]
}
