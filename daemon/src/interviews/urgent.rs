//! What a candidate writes shortly before an interview, or while it is held: the organizer reads of
//! it at once, and so do the interviewers where they would wait in vain.
//!
//! Invariant: the email is made of the records and of closed words; nothing the candidate wrote is in
//! it. Must not read what they wrote: the assistant's room says what it comes to.

use greenroom_protocol::id::{InterviewId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::render::Rendering;
use crate::mail::Written;
use crate::mail::message::{Says, greeting, when};
use crate::mail::reader::to_member;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{self, Draft};
use crate::records::interview::InterviewRecord;
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgent {
    /// They may be late, or can't join.
    Late,
    /// They may not come at that time.
    Absent,
    /// A person has to read it.
    Other,
}

/// Asks for the emails, at once: nobody undoes what somebody else wrote.
///
/// # Errors
/// The store can't be written.
pub fn tell(
    tx: &Tx,
    space: &str,
    (id, interview): (InterviewId, &InterviewRecord),
    what: Urgent,
    now: Instant,
) -> Result<(), StoreError> {
    let waiting = match what {
        Urgent::Late | Urgent::Absent => interview.interviewers.as_slice(),
        Urgent::Other => &[],
    };
    let others = waiting.iter().filter(|it| **it != interview.organizer);
    for member in std::iter::once(&interview.organizer).chain(others) {
        let draft = Draft {
            kind: MailKind::UrgentNotice,
            to: Recipient::Member(*member),
            about: About::Interview(id),
            not_before: now,
            follows: None,
            memo: serde_json::to_string(&what).ok(),
        };
        outbox::post(tx, space, draft, now)?;
    }
    Ok(())
}

/// The email as the records are now.
pub(super) async fn letter(
    tx: &Tx,
    workspace: WorkspaceId,
    id: InterviewId,
    interview: &InterviewRecord,
    mail: &MessageRecord,
    now: Instant,
) -> Result<Written, StoreError> {
    let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
    let space = workspace.to_string();
    let memo = mail.memo.as_deref();
    let Some(what) = memo.and_then(|memo| serde_json::from_str::<Urgent>(memo).ok()) else {
        return unwanted("it does not say what it is about");
    };
    if !interview.takes_time() || now >= interview.end() {
        return unwanted("the interview does not stand any more");
    }
    let Recipient::Member(to) = mail.to else {
        return unwanted("it is for no member");
    };
    let reader = tx.peek::<MemberRecord>(&space, &to.to_string()).await?;
    let Some(reader) = reader else {
        return unwanted("nobody is there to read it");
    };
    let Some(rendering) = Rendering::read(tx, workspace, id, interview).await? else {
        return unwanted("the candidate is gone");
    };
    let event = rendering.event;
    let candidate = &event.candidate.person.name;
    let (subject, wrote) = match what {
        Urgent::Late => (
            format!("{candidate} may be late"),
            format!("{candidate} wrote that they may be late, or have trouble joining."),
        ),
        Urgent::Absent => (
            format!("{candidate} may not come"),
            format!("{candidate} wrote that they may not be able to come to the interview."),
        ),
        Urgent::Other => (
            format!("{candidate} wrote about the interview"),
            format!("{candidate} wrote about the interview, and nobody has answered yet."),
        ),
    };
    let next = match to == interview.organizer {
        true => {
            let key = id.to_string();
            let ending = key.get(key.len().saturating_sub(8)..).unwrap_or(&key);
            format!(
                "Nothing was changed. Read the email: greenroom mail list --received --unread\n\
                 To move the interview: greenroom interview reschedule {ending}\n\
                 To cancel it: greenroom interview cancel {ending}"
            )
        }
        false => format!(
            "Nothing was changed so far. {} organizes the interview and will tell you.",
            event.organizer.name
        ),
    };
    let stretch = when::stretch(event.start, event.end(), &reader.zone, &reader.zone, now);
    let short = when::short(event.start, &reader.zone, now);
    let says = Says::Text {
        subject: format!("{subject}: interview {short}"),
        text: format!(
            "{}\n\n{wrote}\n\n{next}\n\nWhen       {stretch}\nCandidate  {candidate}\nJob        {}\n\nGreenroom\n",
            greeting(&reader.name),
            event.job
        ),
    };
    Ok(Written::Letter {
        letter: Box::new(to_member(&reader, says)),
        memo: mail.memo.clone(),
    })
}
