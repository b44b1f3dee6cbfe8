//! The email to colleagues that a candidate waits for a person.
//!
//! Invariant: it is made of the records as they are when it leaves, and of closed words; nothing that
//! the candidate wrote is in it. Nobody gets one about what somebody has seen to since.

use greenroom_protocol::id::{MailId, MemberId, OutreachId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use super::parts::Parts;
use crate::mail::Written;
use crate::mail::message::{Says, greeting, when};
use crate::mail::reader::to_member;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{self, Draft};
use crate::outreach::view;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// Asks for it, at once.
pub(in crate::outreach) fn ask(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    to: MemberId,
    now: Instant,
) -> Result<MailId, StoreError> {
    let draft = Draft {
        kind: MailKind::WaitingNotice,
        to: Recipient::Member(to),
        about: About::Outreach(id),
        not_before: now,
        follows: None,
        memo: serde_json::to_string(&record.since).ok(),
    };
    outbox::post(tx, space, draft, now)
}

pub(super) async fn letter(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    parts: Parts,
    mail: &MessageRecord,
    now: Instant,
) -> Result<Written, StoreError> {
    let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
    let memo = mail.memo.as_deref();
    let since = memo.and_then(|memo| serde_json::from_str::<Instant>(memo).ok());
    let waits = matches!(
        record.state,
        OutreachState::Person { .. } | OutreachState::Taken { .. }
    );
    if !waits || since != Some(record.since) {
        return unwanted("somebody has seen to it");
    }
    let Recipient::Member(to) = mail.to else {
        return unwanted("it is for no member");
    };
    let reader = tx.peek::<MemberRecord>(space, &to.to_string()).await?;
    let Some(reader) = reader else {
        return unwanted("nobody is there to read it");
    };
    let key = id.to_string();
    let ending = key.get(key.len().saturating_sub(8)..).unwrap_or(&key);
    let since = when::moment(record.since, &reader.zone, now);
    let stands = view::message(record);
    let hello = greeting(&reader.name);
    let Parts {
        candidate,
        job,
        workspace,
        organizer,
        ..
    } = &parts;
    let name = &candidate.name;
    let waiting = match record.state {
        OutreachState::Taken { .. } => {
            format!(
                "A colleague took over scheduling with {name} on {since}, and nothing is booked yet."
            )
        }
        _ => format!("{name} has been waiting for a person since {since}."),
    };
    let says = Says::Text {
        subject: format!("{name} is waiting for an answer: interview for {job}"),
        text: format!(
            "{hello}\n\n{waiting}\n\n\
             Candidate  {name}\nJob        {job}\nOrganizer  {organizer}\nStatus     {stands}\n\n\
             To read the emails and the times: greenroom outreach show {ending}\n\
             To have the assistant go on: greenroom outreach hand-back {ending}\n\
             To end it: greenroom outreach stop {ending}\n\nGreenroom, {workspace}\n"
        ),
    };
    Ok(Written::Letter {
        letter: Box::new(to_member(&reader, says)),
        memo: mail.memo.clone(),
    })
}
