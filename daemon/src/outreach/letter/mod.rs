//! Emails to candidates about times to choose from: the times, and that they are no longer available.
//!
//! Owns what they say, from the records and the workspace's templates as they are when they leave,
//! and when nobody should get one any more. Invariant: an email with times has only times that are
//! held at that moment, by the numbers they keep, and names nobody but its reader and who invites.

mod ask;
mod drafted;
mod parts;
mod waiting;
mod words;

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, MemberId, OutreachId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;

use self::ask::Memo;
pub(super) use self::ask::{ask, booking_question, draft, question, reminder};
pub(super) use self::drafted::drafted;
pub use self::drafted::written_now;
use self::parts::Parts;
pub(super) use self::parts::went_elsewhere;
pub(super) use self::waiting::ask as ask_waiting;
use self::words::{asked_about, withdrawn};
use super::apply::note;
use super::clock;
use super::look::acts;
use super::step::Event;
use crate::clock::Clock;
use crate::mail::bounce::BounceRecord;
use crate::mail::message::template::{Between, Times, Values};
use crate::mail::message::{Choice, Choices, Letter, Says, when};
use crate::mail::{Author, Written, templates};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord, MessageState};
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{
    NeedsPerson, OutreachRecord, OutreachState, Round, SlotRecord, WaitsFor,
};
use crate::records::pipeline::CandidateRecord;
use crate::store::{StoreError, Tx};

/// What a candidate is asked who can mean several times.
const WHICH: &str = "Which of these times do you mean?";

/// The author of emails about proposed times.
pub struct ProposalLetters {
    /// What time it is.
    pub clock: Clock,
    /// What the assistant is called.
    pub assistant: String,
}

impl ProposalLetters {
    /// The assistant's name, where it writes an email and no person has asked for it.
    fn writes(&self, record: &OutreachRecord, by: Option<MemberId>) -> Option<&str> {
        let is_its = record.is_assisted() && by.is_none();
        is_its.then_some(self.assistant.as_str())
    }

    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        id: OutreachId,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let Some(record) = tx.get::<OutreachRecord>(space, &id.to_string()).await? else {
            return unwanted("the outreach is gone");
        };
        let memo = Memo::of(mail);
        if memo
            .round
            .is_some_and(|it| record.assisted.is_none_or(|own| own.rounds != it))
        {
            return unwanted("other times were chosen since");
        }
        let has_left = matches!(mail.state, MessageState::Sent { .. });
        let to_colleagues = mail.kind == MailKind::WaitingNotice;
        if mail.kind != MailKind::ProposalWithdrawn
            && !to_colleagues
            && !has_left
            && record.is_assisted()
            && !acts(tx, space, &record).await?
        {
            return unwanted("the assistant is paused");
        }
        let Some(parts) = Parts::read(tx, space, &record, memo.by).await? else {
            return unwanted("the candidate is gone");
        };
        if to_colleagues {
            let now = self.clock.now();
            return waiting::letter(tx, space, (id, &record), parts, mail, now).await;
        }
        match mail.kind {
            // To be read as the candidate has it.
            MailKind::Proposal if let MessageState::Sent { .. } = mail.state => {
                self.sent(tx, space, (id, &record), parts, mail).await
            }
            MailKind::Proposal
            | MailKind::ProposalQuestion
            | MailKind::ProposalReminder
            | MailKind::BookingQuestion
                if went_elsewhere(&record, &parts.candidate) =>
            {
                unwanted("the candidate has another address now")
            }
            MailKind::Proposal if is_proposed(&record) => {
                let (now, zone) = (self.clock.now(), parts.zone(&record));
                let until = clock::held(&record.purpose, now, zone);
                let held = (template_of(&record), record.held().collect());
                let record = (id, &record);
                let letter = self
                    .proposal(tx, space, record, parts, held, (now, until))
                    .await?;
                let memo = Memo {
                    until: Some(until),
                    ..memo
                };
                Ok(Written::Letter {
                    letter: Box::new(letter),
                    memo: memo.text(),
                })
            }
            MailKind::ProposalQuestion | MailKind::ProposalReminder
                if has_left || waits_for(mail.kind, &record) =>
            {
                let now = self.clock.now();
                let until = record.until.unwrap_or(now);
                let name = match mail.kind {
                    MailKind::ProposalReminder => TemplateName::Nudge,
                    _ => TemplateName::Ask,
                };
                let times = (name, record.held().collect());
                let record = (id, &record);
                let letter = self
                    .proposal(tx, space, record, parts, times, (now, until))
                    .await?;
                Ok(Written::Letter {
                    letter: Box::new(letter),
                    memo: mail.memo.clone(),
                })
            }
            MailKind::BookingQuestion => self.booking(tx, space, &record, parts, mail).await,
            MailKind::ProposalQuestion => unwanted("the question is answered"),
            MailKind::ProposalReminder => unwanted("the candidate has answered"),
            MailKind::Proposal => unwanted("the times are no longer proposed"),
            MailKind::ProposalWithdrawn => Ok(Written::Letter {
                letter: Box::new(withdrawn(parts, self.writes(&record, memo.by))),
                memo: mail.memo.clone(),
            }),
            _ => unwanted("nobody writes it"),
        }
    }

    /// Asks whether the time that is booked is right, which the email they wrote did not name.
    async fn booking(
        &self,
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
        parts: Parts,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let now = self.clock.now();
        let interview = match record.interview {
            Some(id) => tx.get::<InterviewRecord>(space, &id.to_string()).await?,
            None => None,
        };
        let to_come = |it: &InterviewRecord| it.takes_time() && it.start > now;
        let Some(interview) = interview.filter(to_come) else {
            return Ok(Written::Unwanted(
                "the interview does not stand any more".into(),
            ));
        };
        let theirs = parts.candidate.zone.as_deref();
        let zone = theirs.unwrap_or(&interview.zone);
        let booked = when::stretch(interview.start, interview.end(), zone, zone, now);
        Ok(Written::Letter {
            letter: Box::new(asked_about(parts, &booked, &self.assistant)),
            memo: mail.memo.clone(),
        })
    }

    /// The email that left: every time it had, whatever has become of it, to where it went.
    async fn sent(
        &self,
        tx: &Tx,
        space: &str,
        (id, record): (OutreachId, &OutreachRecord),
        parts: Parts,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let now = record.sent_at.unwrap_or_else(|| self.clock.now());
        let zone = parts.zone(record);
        let told = Memo::of(mail).until;
        let until = told.unwrap_or_else(|| clock::held(&record.purpose, now, zone));
        let all = (template_of(record), (1..).zip(&record.slots).collect());
        let mut letter = self
            .proposal(tx, space, (id, record), parts, all, (now, until))
            .await?;
        if let Some(address) = &mail.address {
            letter.to.address.clone_from(address);
        }
        Ok(Written::Letter {
            letter: Box::new(letter),
            memo: mail.memo.clone(),
        })
    }

    /// Writes the email with these times in the words of this template, as of `now`.
    async fn proposal(
        &self,
        tx: &Tx,
        space: &str,
        (id, record): (OutreachId, &OutreachRecord),
        parts: Parts,
        (name, times): (TemplateName, Vec<(u8, &SlotRecord)>),
        (now, until): (Instant, Instant),
    ) -> Result<Letter, StoreError> {
        let zone = parts.zone(record).to_owned();
        let shared = times.iter().any(|(_, slot)| slot.shared);
        let told = when::moment(until, &zone, now);
        let told = match shared {
            true => format!("{told} or until another candidate chooses one of them"),
            false => told,
        };
        let choices: Vec<_> = times
            .into_iter()
            .map(|(n, slot)| Choice {
                n,
                text: when::stretch(slot.start, record.end(slot), &zone, &zone, now),
            })
            .collect();
        let slots: Vec<_> = choices.iter().map(|it| it.text.clone()).collect();
        let template = templates::words(tx, space, name, Some(record.stage)).await?;
        let between = Between {
            candidate: &parts.candidate.name,
            job: &parts.job,
            workspace: &parts.workspace,
            organizer: &parts.organizer,
        };
        let by_assistant = record.is_assisted();
        let booked = record.purpose.moving().map(|it| {
            let end = it.start.plus_minutes(record.terms.minutes.into());
            when::stretch(it.start, end, &zone, &zone, now)
        });
        let sender = match by_assistant {
            true => self.assistant.clone(),
            false => parts.sender.clone(),
        };
        let times = Times {
            sender: &sender,
            by_assistant,
            minutes: record.terms.minutes,
            slots: &slots,
            until: Some(&told),
            question: (name == TemplateName::Ask).then_some(WHICH),
            shared,
            booked: booked.as_deref(),
        };
        let values = Values::of_times(name, &between, &times);
        let says = Says::Choices(Box::new(Choices {
            template,
            values,
            choices,
            line: record.edits.line.clone().filter(|_| has_line(name)),
            token: id.to_string(),
        }));
        Ok(parts.letter(sender, says))
    }
}

/// What the email says beside the times.
fn template_of(record: &OutreachRecord) -> TemplateName {
    if !record.purpose.is_book() {
        return TemplateName::Fresh;
    }
    match record.assisted.map(|it| it.round) {
        None | Some(Round::First) => TemplateName::Proposal,
        Some(Round::Fresh | Round::Wished) => TemplateName::Fresh,
        Some(Round::Gone) => TemplateName::Gone,
    }
}

/// Whether a person's own line stands in it: where the times are sent, not where something is asked
/// about them.
fn has_line(name: TemplateName) -> bool {
    !matches!(name, TemplateName::Ask | TemplateName::Nudge)
}

/// Whether the times are to be sent: nothing has become of them.
fn is_proposed(record: &OutreachRecord) -> bool {
    let waits = matches!(
        record.state,
        OutreachState::Sending
            | OutreachState::Person {
                why: NeedsPerson::Restored
            }
    );
    waits && record.held().next().is_some()
}

/// Whether the candidate is to be asked which time they mean, or reminded: nothing has become of it
/// since.
fn waits_for(kind: MailKind, record: &OutreachRecord) -> bool {
    let waits = record.assisted.is_some_and(|it| {
        let asked = match kind {
            MailKind::ProposalReminder => it.reminder,
            _ => it.asked,
        };
        asked.is_some() && it.reading.is_none()
    });
    waits && record.state == OutreachState::Proposed && record.held().next().is_some()
}

impl Author for ProposalLetters {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Outreach(id) => self.letter(tx, space, id, mail).await,
                _ => Ok(Written::Unwanted("it is about no outreach".into())),
            }
        })
    }

    /// What becomes of the email with the times becomes of the outreach.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        id: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let now = self.clock.now();
            if let (Settled::Refused { why, address: true }, Some(to)) = (&outcome, &mail.address) {
                BounceRecord::mark(tx, space, to, why, now)?;
            }
            let About::Outreach(outreach) = mail.about else {
                return Ok(());
            };
            if mail.kind == MailKind::WaitingNotice {
                return Ok(());
            }
            let key = outreach.to_string();
            let Some(mut record) = tx.get::<OutreachRecord>(space, &key).await? else {
                return Ok(());
            };
            if matches!(outcome, Settled::Sent) {
                let emails = &mut record.effort.emails;
                *emails = emails.saturating_add(1);
            }
            if mail.kind == MailKind::ProposalQuestion && !matches!(outcome, Settled::Sent) {
                let event = Event::Unasked;
                note(tx, space, (outreach, &record), event, now, "mail").await?;
                return Ok(());
            }
            if record.email != Some(id) {
                return match outcome {
                    Settled::Sent => tx.put(space, &key, &record),
                    Settled::Refused { .. } | Settled::Dropped => Ok(()),
                };
            }
            let candidate = record.candidate.to_string();
            let candidate = tx.peek::<CandidateRecord>(space, &candidate).await?;
            let theirs = candidate.and_then(|it| it.zone);
            let zone = theirs.unwrap_or_else(|| record.terms.zone.clone());
            let usual = || clock::held(&record.purpose, now, &zone);
            let event = match outcome {
                Settled::Sent => Event::Left {
                    at: now,
                    until: Memo::of(mail).until.unwrap_or_else(usual),
                    nudge: clock::nudge(now, &zone),
                },
                Settled::Refused { address, .. } => Event::Returned { address },
                // Nobody undid it: it was kept back.
                Settled::Dropped if record.is_assisted() && !acts(tx, space, &record).await? => {
                    Event::Waits(WaitsFor::Switch)
                }
                Settled::Dropped => Event::Dropped,
            };
            note(tx, space, (outreach, &record), event, now, "mail").await?;
            Ok(())
        })
    }
}
