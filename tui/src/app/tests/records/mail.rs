//! Mail about an interview: waiting, refused, sent.

use greenroom_protocol::mail::{Mail, MailKind, MailState, Written};

use super::{NOW, at, id};

fn mail(number: usize, to: &str, address: &str, state: MailState) -> Mail {
    let over = matches!(state, MailState::Sent | MailState::Failed);
    Mail {
        id: id("mal", number),
        kind: MailKind::Invitation,
        state,
        to: Some(to.into()),
        address: format!("{address}@mail.example"),
        interview: Some(id("int", 3)),
        application: None,
        message_id: format!("{number}@acme.example"),
        created_at: at(NOW),
        not_before: at(NOW),
        at: over.then(|| at("2026-11-24T09:10:00Z")),
        next_try: None,
        attempts: 0,
        reason: None,
        alone: false,
    }
}

/// One leaves soon, one waits for a server, one was refused; and one that left.
pub(crate) fn mails() -> (Vec<Mail>, Vec<Mail>) {
    let mut soon = mail(11, "Priya Nair", "priya.nair", MailState::Waiting);
    soon.not_before = at(NOW).plus_seconds(7);
    let mut waits = mail(12, "Sam Ito", "sam", MailState::Waiting);
    waits.attempts = 3;
    waits.next_try = Some(at(NOW).plus_minutes(4));
    waits.reason = Some("mail.acme.example cannot be reached".into());
    let mut refused = mail(13, "Mina Okafor", "mina", MailState::Failed);
    refused.reason = Some("550 no such\u{1b}[2J user here".into());
    let sent = mail(14, "Priya Nair", "priya.nair", MailState::Sent);
    (vec![soon, waits, refused], vec![sent])
}

/// An invitation, with what somebody might write to steer a terminal.
pub(crate) fn written() -> Written {
    let lines = (1..=30).map(|number| format!("Line {number} of the letter.\n"));
    Written {
        from: "Dana Reyes <interviews@acme.example>".into(),
        to: "Priya Nair <priya.nair@mail.example>".into(),
        subject: "Interview on 26 November: Backend Engineer at Acme".into(),
        text: format!(
            "Dear Priya Nair,\n\n  When   Thursday 26 November 2026, 14:30 (Kolkata)\n  \
             Join   https://zoom.example/j/81200000003?pwd=x\n\nA \u{1b}]0;title\u{7}comment.\n{}",
            lines.collect::<String>()
        ),
        calendar: Some("BEGIN:VCALENDAR".into()),
    }
}
