//! Who must be written to: invitations brought in line with an interview, in the commit that
//! changes it.
//!
//! Level-triggered: it looks at how the interview stands and at what each person was last told,
//! never at what has just happened. Invariants: nobody is invited before the interview stands
//! (confirmed, and people know how to join); a cancellation goes to those who have an invitation,
//! or may have one, and to nobody else; that somebody may have one is noted with them until a later
//! email leaves, however many are called back in between; an email that has not left is not followed
//! by a second, for it is written when it leaves; and who knows how it stands is not written to.
//!
//! One commit may not hold an email to each of many people: then it asks for as many as it holds,
//! and the work for the interview asks for the others, which looking at how things stand allows.

use greenroom_protocol::id::{InterviewId, MailId, MemberId};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::make::KIND;
use super::{reach, remind};
use crate::outbox::record::{About, MessageRecord, MessageState};
use crate::outbox::{self, CalledBack, Draft, UNDO_SECONDS};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer, Told};
use crate::store::engine::{Limits, MAX_VALUE_BYTES};
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// What the commit of a change writes and relies on after the emails: the interview, its work, its
/// timers, a notice to the organizer and the audit, each at most once, the interview being the largest record there is.
const AFTER_THE_EMAILS: Limits = Limits {
    expectations: 8,
    writes: 12,
    bytes: 2 * MAX_VALUE_BYTES,
};

/// Why a first invitation is held.
const IN_DOUBT: &str = "the meeting was made after the backup, and people may have been invited";

/// Why a cancellation is called back.
const GOES_AHEAD: &str = "the interview goes ahead after all";

/// Whether a commit holds all emails about a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// It does.
    Whole,
    /// It holds some; others are still to be asked for.
    InPart,
}

/// One interview and the commit that changes it.
pub struct Inviting<'a> {
    /// The transaction.
    pub tx: &'a Tx,
    /// The workspace's space.
    pub space: &'a str,
    /// The interview.
    pub id: InterviewId,
    /// What time it is.
    pub now: Instant,
    /// Who asks for the emails and for nothing else; `None`: a change asks for them.
    pub asked_by: Option<MemberId>,
}

impl Inviting<'_> {
    /// Brings the invitations, and the timer of reminders, in line with the interview, or as many
    /// of them as the commit holds. The caller writes the interview afterwards, and nothing larger.
    pub async fn follow(&self, interview: &mut InterviewRecord) -> Result<(), StoreError> {
        interview.invitation.unfinished = self.invite(interview).await? == Done::InPart;
        if interview.invitation.unfinished {
            WorkRecord::ask(self.tx, self.space, KIND, &self.id.to_string(), self.now)?;
        }
        remind::follow(self.tx, self.space, self.id, interview, self.now).await
    }

    /// Whether an email about the interview has left to somebody who was not told otherwise since,
    /// or may have.
    pub async fn may_have_left(&self, interview: &InterviewRecord) -> Result<bool, StoreError> {
        let standing = |it: &&Invitee| !it.dismissed;
        for invitee in interview.invitation.invitees.iter().filter(standing) {
            if invitee.may_have_one() {
                return Ok(true);
            }
            let mail = outbox::find(self.tx, self.space, invitee.mail).await?;
            if mail.is_some_and(|mail| mail.may_have_left()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an email to somebody has left since `at`, or may have: a change of then is known.
    pub async fn has_left_since(
        &self,
        interview: &InterviewRecord,
        at: Instant,
    ) -> Result<bool, StoreError> {
        for invitee in &interview.invitation.invitees {
            let mail = outbox::find(self.tx, self.space, invitee.mail).await?;
            let Some(mail) = mail.filter(MessageRecord::may_have_left) else {
                continue;
            };
            let left = match mail.state {
                MessageState::Sent { at }
                | MessageState::Sending { at }
                | MessageState::Held { at, .. }
                | MessageState::Withdrawn { at, .. } => at,
                MessageState::Waiting | MessageState::Failed { .. } => mail.not_before,
            };
            if left >= at {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Has those invited who were written to at an address that bounced or is not theirs any more,
    /// or one of them. `false`: there is nobody like that. The caller writes the interview
    /// afterwards.
    pub async fn again(
        &self,
        interview: &mut InterviewRecord,
        only: Option<Peer>,
    ) -> Result<bool, StoreError> {
        if !interview.stands() || self.now >= interview.end() {
            return Ok(false);
        }
        let mut found = false;
        for guest in guests(interview) {
            let invitee = interview.invitation.of(guest).cloned();
            let Some(mut invitee) = invitee.filter(|it| only.is_none_or(|only| it.guest == only))
            else {
                continue;
            };
            let moved = reach::has_moved(self.tx, self.space, &invitee).await?;
            if invitee.dismissed || !(moved || invitee.unreached.is_some()) {
                continue;
            }
            let mail = outbox::find(self.tx, self.space, invitee.mail).await?;
            // One that waits says how it stands when it leaves, and where to.
            if mail
                .as_ref()
                .is_some_and(|it| matches!(it.state, MessageState::Waiting))
            {
                continue;
            }
            if mail.is_some_and(|it| matches!(it.state, MessageState::Failed { .. })) {
                self.call_back(&mut invitee, "a new one was asked for")
                    .await?;
            }
            invitee.begin_again();
            interview.invitation.keep(invitee);
            found = true;
        }
        if found {
            self.follow(interview).await?;
        }
        Ok(found)
    }

    async fn invite(&self, interview: &mut InterviewRecord) -> Result<Done, StoreError> {
        match interview.status {
            InterviewStatus::Confirmed if interview.stands() => self.announce(interview).await,
            // People are emailed once it is known how they join.
            InterviewStatus::Confirmed => self.spare(interview).await,
            InterviewStatus::Cancelled => self.call_off(interview, "it was cancelled").await,
            InterviewStatus::ToBeConfirmed => {
                self.call_off(interview, "it is not confirmed any more")
                    .await
            }
            InterviewStatus::Completed | InterviewStatus::NoShow => Ok(Done::Whole),
        }
    }

    async fn announce(&self, interview: &mut InterviewRecord) -> Result<Done, StoreError> {
        let now = Told::by(interview);
        let moved = |it: &Invitee| it.told.as_ref().is_some_and(|told| !told.same_time(&now));
        if interview.invitation.invitees.iter().any(moved) {
            interview.invitation.asks.clear();
            let asked = FindingCode::RescheduleAsked;
            interview.warnings.retain(|it| it.code != asked);
        }
        let wanted = guests(interview);
        let mut supersedes = false;
        let mut done = Done::Whole;
        for guest in &wanted {
            let before = self.tx.mark();
            let mut follows_another = false;
            let invitee = match interview.invitation.of(*guest).cloned() {
                Some(mut known) => {
                    let moved = reach::has_moved(self.tx, self.space, &known).await?;
                    // They never received the last one, so nothing has changed for them: it is a
                    // first invitation.
                    if !known.knows(&now) && (moved || known.unreached.is_some()) {
                        known.begin_again();
                    }
                    let (known, again) = self.tell(known, &now).await?;
                    follows_another = again;
                    known
                }
                None => {
                    let first = self.draft(MailKind::Invitation, *guest, None, now.memo());
                    let mail = match interview.invitation.in_doubt {
                        true => outbox::hold(self.tx, self.space, first, IN_DOUBT, self.now)?,
                        false => outbox::post(self.tx, self.space, first, self.now)?,
                    };
                    Invitee::new(*guest, mail)
                }
            };
            if !self.tx.has_room(AFTER_THE_EMAILS) {
                self.tx.back_to(before);
                done = Done::InPart;
                break;
            }
            supersedes |= follows_another;
            interview.invitation.keep(invitee);
        }
        let gone = |it: &&Invitee| !it.dismissed && !wanted.contains(&it.guest);
        let gone: Vec<_> = interview
            .invitation
            .invitees
            .iter()
            .filter(gone)
            .cloned()
            .collect();
        if done == Done::Whole {
            let why = "this person takes no part any more";
            done = self
                .dismiss_all(interview, gone, why, &mut supersedes)
                .await?;
        }
        interview.invitation.sequence += u32::from(supersedes);
        // Those who are still to be invited are in the same doubt.
        interview.invitation.in_doubt &= done == Done::InPart;
        Ok(done)
    }

    async fn call_off(
        &self,
        interview: &mut InterviewRecord,
        why: &str,
    ) -> Result<Done, StoreError> {
        let standing = |it: &&Invitee| !it.dismissed;
        let standing: Vec<_> = interview
            .invitation
            .invitees
            .iter()
            .filter(standing)
            .cloned()
            .collect();
        let mut supersedes = false;
        let done = self
            .dismiss_all(interview, standing, why, &mut supersedes)
            .await?;
        interview.invitation.sequence += u32::from(supersedes);
        Ok(done)
    }

    async fn dismiss_all(
        &self,
        interview: &mut InterviewRecord,
        invitees: Vec<Invitee>,
        why: &str,
        supersedes: &mut bool,
    ) -> Result<Done, StoreError> {
        for invitee in invitees {
            let before = self.tx.mark();
            let (dismissed, again) = self.dismiss(invitee, why).await?;
            if !self.tx.has_room(AFTER_THE_EMAILS) {
                self.tx.back_to(before);
                return Ok(Done::InPart);
            }
            *supersedes |= again;
            interview.invitation.keep(dismissed);
        }
        Ok(Done::Whole)
    }

    /// It goes ahead, and how to join is not known yet: a cancellation that has not left does not.
    /// Who has one is invited anew, once people know how to join.
    async fn spare(&self, interview: &mut InterviewRecord) -> Result<Done, StoreError> {
        for guest in guests(interview) {
            let invitee = interview.invitation.of(guest).filter(|it| it.dismissed);
            let Some(mut invitee) = invitee.cloned() else {
                continue;
            };
            let before = self.tx.mark();
            let called_back = self.call_back(&mut invitee, GOES_AHEAD).await?;
            if !self.tx.has_room(AFTER_THE_EMAILS) {
                self.tx.back_to(before);
                return Ok(Done::InPart);
            }
            if called_back != CalledBack::TooLate {
                invitee.dismissed = false;
                interview.invitation.keep(invitee);
            }
        }
        Ok(Done::Whole)
    }

    /// Tells somebody who was written to before how it stands, unless they know, or an email that
    /// has yet to be written will. Says whether an email follows one that they have, or may
    /// have.
    async fn tell(&self, mut known: Invitee, now: &Told) -> Result<(Invitee, bool), StoreError> {
        known.dismissed = false;
        let mail = outbox::find(self.tx, self.space, known.mail).await?;
        let Some(mail) = mail else {
            return self.write_to(known, CalledBack::NothingThere, now);
        };
        let says = Told::from_memo(mail.memo.as_deref());
        let says_so = says.is_some_and(|says| says.same(now));
        let why = match (mail.kind, &mail.state) {
            (MailKind::Invitation, MessageState::Waiting) if !known.knows(now) => {
                if !says_so {
                    let until = self.now.plus_seconds(UNDO_SECONDS);
                    outbox::put_off(self.tx, self.space, known.mail, mail, until, now.memo())?;
                }
                return Ok((known, false));
            }
            (MailKind::Invitation, MessageState::Sending { .. } | MessageState::Held { .. })
                if says_so =>
            {
                return Ok((known, false));
            }
            // A person puts it right and has it sent again; then it says how it stands.
            (MailKind::Invitation, MessageState::Failed { .. }) => return Ok((known, false)),
            (MailKind::Invitation, MessageState::Waiting) => "nothing has changed after all",
            (MailKind::Invitation, _) => "a newer email says how it stands",
            _ => GOES_AHEAD,
        };
        let called_back = self.call_back(&mut known, why).await?;
        let cancelled = match mail.kind {
            MailKind::Invitation => CalledBack::NothingThere,
            _ => called_back,
        };
        self.write_to(known, cancelled, now)
    }

    /// Calls the newest email back, and cancels what has arrived. Says whether an email follows
    /// one that they may have.
    async fn dismiss(
        &self,
        mut invitee: Invitee,
        why: &str,
    ) -> Result<(Invitee, bool), StoreError> {
        let called_back = self.call_back(&mut invitee, why).await?;
        let may_have_one = invitee.may_have_one() || called_back == CalledBack::TooLate;
        if may_have_one {
            let follows = invitee.first.or(Some(invitee.mail));
            invitee.mail = self.post(MailKind::Cancellation, invitee.guest, follows, None)?;
        }
        invitee.dismissed = true;
        Ok((invitee, may_have_one))
    }

    /// Writes to somebody, unless they know. `cancelled`: what became of a cancellation to them.
    fn write_to(
        &self,
        mut known: Invitee,
        cancelled: CalledBack,
        now: &Told,
    ) -> Result<(Invitee, bool), StoreError> {
        if known.knows(now) {
            return Ok((known, false));
        }
        let (guest, first) = (known.guest, known.first);
        known.mail = self.post(MailKind::Invitation, guest, first, now.memo())?;
        let again = known.may_have_one() || cancelled == CalledBack::TooLate;
        Ok((known, again))
    }

    /// Calls the newest email to somebody back. Where it may have left, that is noted with them:
    /// the email that takes its place may be called back in time, and then nothing else says so.
    async fn call_back(&self, invitee: &mut Invitee, why: &str) -> Result<CalledBack, StoreError> {
        let mail = invitee.mail;
        let called_back = outbox::call_back(self.tx, self.space, mail, why, self.now).await?;
        invitee.unsure |= called_back == CalledBack::Perhaps;
        Ok(called_back)
    }

    fn post(
        &self,
        kind: MailKind,
        guest: Peer,
        follows: Option<MailId>,
        memo: Option<String>,
    ) -> Result<MailId, StoreError> {
        let draft = self.draft(kind, guest, follows, memo);
        outbox::post_for(self.tx, self.space, draft, self.asked_by, self.now)
    }

    fn draft(
        &self,
        kind: MailKind,
        guest: Peer,
        follows: Option<MailId>,
        memo: Option<String>,
    ) -> Draft {
        Draft {
            kind,
            to: guest.recipient(),
            about: About::Interview(self.id),
            not_before: self.now.plus_seconds(UNDO_SECONDS),
            follows,
            memo,
        }
    }
}

/// Who is to be invited.
pub(super) fn guests(interview: &InterviewRecord) -> Vec<Peer> {
    let interviewers = interview.interviewers.iter().copied().map(Peer::Member);
    std::iter::once(Peer::Candidate(interview.candidate))
        .chain(interviewers)
        .collect()
}
