//! Emails to candidates about times to choose from: the times, and that they are no longer available.
//!
//! Owns what they say, from the records and the workspace's templates as they are when they leave,
//! and when nobody should get one any more. Invariant: an email with times has only times that are
//! held at that moment, by the numbers they keep, and names nobody but its reader and who invites.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{MailId, MemberId, OutreachId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::apply::note;
use super::clock;
use super::look::acts;
use super::step::Event;
use crate::access::RequestContext;
use crate::clock::Clock;
use crate::interviews;
use crate::mail::bounce::BounceRecord;
use crate::mail::message::template::{Between, Times, Values};
use crate::mail::message::{Choice, Choices, Letter, Person, Says, greeting, when};
use crate::mail::{Author, Written, templates};
use crate::outbox;
use crate::outbox::record::{About, MessageRecord, MessageState, Recipient};
use crate::outbox::{Draft, Settled, UNDO_SECONDS};
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{
    NeedsPerson, OutreachRecord, OutreachState, Round, SlotRecord, WaitsFor,
};
use crate::records::pipeline::{CandidateRecord, JobRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::{GLOBAL, StoreError, Tx};

/// What stands in the place of a name that is gone.
const GONE: &str = "(removed)";

/// What is kept with such an email until it leaves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Memo {
    /// Who sends it; `None`: the organizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<MemberId>,
    /// Until when the times are held, as the email says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
    /// Which of the assistant's rounds it has the times of; another's never leave with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    round: Option<u32>,
}

impl Memo {
    fn of(mail: &MessageRecord) -> Self {
        let memo = mail.memo.as_deref();
        let memo = memo.and_then(|memo| serde_json::from_str(memo).ok());
        memo.unwrap_or_default()
    }

    fn text(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}

/// An email of this kind to the candidate, to be asked for; it leaves when the time to undo is over.
pub(super) fn draft(
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
pub(super) fn ask(
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
pub(super) fn question(
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
pub(super) fn booking_question(
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
pub(super) fn reminder(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    now: Instant,
) -> Result<MailId, StoreError> {
    let kind = MailKind::ProposalReminder;
    let asked = draft(kind, (id, record), None, record.email, now);
    outbox::post_for(tx, space, asked, None, now)
}

/// What a candidate is asked who can mean several times.
const WHICH: &str = "Which of these times do you mean?";

/// The author of emails about proposed times.
pub struct ProposalLetters {
    /// What time it is.
    pub clock: Clock,
    /// What the assistant is called.
    pub assistant: String,
}

/// How the email with the times of a draft would read now.
///
/// # Errors
/// The store can't be read.
pub async fn written_now(
    services: &Services,
    context: &RequestContext,
    id: OutreachId,
) -> Result<Option<greenroom_protocol::mail::Written>, Error> {
    let (space, key) = (&context.space(), &id.to_string());
    let (written, _) = services
        .store
        .transact(|tx| async move {
            let record = tx.get::<OutreachRecord>(space, key).await?;
            match record.filter(|it| it.state == OutreachState::Draft) {
                Some(record) => drafted(services, &tx, space, (id, &record)).await,
                None => Ok(None),
            }
        })
        .await?;
    let written = written.map(|letter| interviews::written(services, context, &letter));
    written.transpose()
}

/// The email with the times of a draft, as of now; `None`: the candidate is gone.
pub(super) async fn drafted(
    services: &Services,
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
) -> Result<Option<Letter>, StoreError> {
    let letters = ProposalLetters {
        clock: services.clock.clone(),
        assistant: services.config.assistant.name.clone(),
    };
    let Some(parts) = Parts::read(tx, space, record, None).await? else {
        return Ok(None);
    };
    let now = letters.clock.now();
    let until = clock::held(&record.purpose, now, parts.zone(record));
    let drafted = (template_of(record), record.drafted().collect());
    let written = letters.proposal(tx, space, (id, record), parts, drafted, (now, until));
    written.await.map(Some)
}

/// What every such email is written with.
struct Parts {
    candidate: CandidateRecord,
    job: String,
    workspace: String,
    organizer: String,
    sender: String,
}

impl Parts {
    /// `None`: the candidate is gone.
    async fn read(
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
        by: Option<MemberId>,
    ) -> Result<Option<Self>, StoreError> {
        let candidate = record.candidate.to_string();
        let Some(candidate) = tx.peek::<CandidateRecord>(space, &candidate).await? else {
            return Ok(None);
        };
        let job = record.job.to_string();
        let job = tx.peek::<JobRecord>(space, &job).await?;
        let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let organizer = name(tx, space, record.terms.organizer).await?;
        let sender = match by {
            Some(member) => name(tx, space, member).await?,
            None => organizer.clone(),
        };
        Ok(Some(Self {
            candidate,
            job: job.map_or_else(|| GONE.to_owned(), |it| it.title),
            workspace: workspace.map_or_else(|| GONE.to_owned(), |it| it.name),
            organizer,
            sender,
        }))
    }

    fn letter(self, from_name: String, says: Says) -> Letter {
        Letter {
            to: Person {
                name: self.candidate.name,
                address: self.candidate.email,
            },
            from_name,
            says,
        }
    }

    /// The zone the candidate reads times in: theirs, else the one they were scheduled in, which
    /// every time names.
    fn zone<'a>(&'a self, record: &'a OutreachRecord) -> &'a str {
        let theirs = self.candidate.zone.as_deref();
        theirs.unwrap_or(&record.terms.zone)
    }
}

/// Whether the candidate's address was changed after somebody asked for the times to be sent.
pub(super) fn went_elsewhere(record: &OutreachRecord, candidate: &CandidateRecord) -> bool {
    let since = candidate.email_since;
    let asked = record.assisted.and_then(|it| it.handed_back);
    let asked = asked.unwrap_or(record.created_at);
    since.is_some_and(|since| since > asked)
}

async fn name(tx: &Tx, space: &str, member: MemberId) -> Result<String, StoreError> {
    let member = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
    Ok(member.map_or_else(|| GONE.to_owned(), |it| it.name))
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
        if mail.kind != MailKind::ProposalWithdrawn
            && !has_left
            && record.is_assisted()
            && !acts(tx, space, &record).await?
        {
            return unwanted("the assistant is paused");
        }
        let Some(parts) = Parts::read(tx, space, &record, memo.by).await? else {
            return unwanted("the candidate is gone");
        };
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

/// Whether the time that is booked is right.
fn asked_about(parts: Parts, booked: &str, assistant: &str) -> Letter {
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
fn withdrawn(parts: Parts, assistant: Option<&str>) -> Letter {
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
