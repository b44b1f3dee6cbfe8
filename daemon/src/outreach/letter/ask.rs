//! Asking for emails about proposed times, in the commit that decides them.
//!
//! Owns what is kept with each until it leaves. Writes none: they are written as they leave.

use greenroom_protocol::id::{MailId, MemberId, OutreachId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::outbox;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{Draft, UNDO_SECONDS};
use crate::outreach::clock;
use crate::records::outreach::OutreachRecord;
use crate::store::{StoreError, Tx};

/// What is kept with such an email until it leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Memo {
    /// Who sends it; `None`: the organizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<MemberId>,
    /// Until when the times are held, as the email says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Instant>,
    /// Which of the assistant's rounds it has the times of; another's never leave with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) round: Option<u32>,
}

impl Memo {
    pub(super) fn of(mail: &MessageRecord) -> Self {
        let memo = mail.memo.as_deref();
        let memo = memo.and_then(|memo| serde_json::from_str(memo).ok());
        memo.unwrap_or_default()
    }

    pub(super) fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// An email of this kind to the candidate, to be asked for; it leaves when the time to undo is over.
pub(in crate::outreach) fn draft(
    kind: MailKind,
    (id, record): (OutreachId, &OutreachRecord),
    by: Option<MemberId>,
    follows: Option<MailId>,
    now: Instant,
) -> Draft {
    Draft {
        kind,
        to: Recipient::Candidate(record.candidate),
        about: About::Outreach(id),
        not_before: now.plus_seconds(UNDO_SECONDS),
        follows,
        memo: Memo {
            by,
            until: None,
            round: record.assisted.map(|it| it.rounds),
        }
        .text(),
    }
}

/// Asks for the email with times that the assistant chose, in this of its rounds, for a candidate in
/// this zone. `by`: who approved it. The email, and until when the times are held.
pub(in crate::outreach) fn ask(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    (round, zone, by): (u32, &str, Option<MemberId>),
    now: Instant,
) -> Result<(MailId, Instant), StoreError> {
    let memo = Memo {
        by: None,
        until: None,
        round: Some(round),
    };
    let usual = draft(MailKind::Proposal, (id, record), None, record.email, now);
    let asked = Draft {
        memo: memo.text(),
        ..usual
    };
    let until = clock::held(&record.purpose, asked.not_before, zone);
    let email = outbox::post_for(tx, space, asked, by, now)?;
    Ok((email, until))
}

/// Asks for the email that asks the candidate which of the times they mean.
pub(in crate::outreach) fn question(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    now: Instant,
) -> Result<MailId, StoreError> {
    let kind = MailKind::ProposalQuestion;
    let asked = draft(kind, (id, record), None, record.email, now);
    outbox::post_for(tx, space, asked, None, now)
}

/// Asks for the email that asks the candidate whether the time that is booked is right.
pub(in crate::outreach) fn booking_question(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    now: Instant,
) -> Result<MailId, StoreError> {
    let kind = MailKind::BookingQuestion;
    let asked = draft(kind, (id, record), None, record.email, now);
    outbox::post_for(tx, space, asked, None, now)
}

/// Asks for the email that reminds the candidate of the times they have.
pub(in crate::outreach) fn reminder(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    now: Instant,
) -> Result<MailId, StoreError> {
    let kind = MailKind::ProposalReminder;
    let asked = draft(kind, (id, record), None, record.email, now);
    outbox::post_for(tx, space, asked, None, now)
}
