//! The email by which an organizer reads that an interviewer does not reply, or declined.

use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::step::is_with_the_organizer;
use crate::interviews::render::Rendering;
use crate::mail::Written;
use crate::mail::message::{Says, greeting, when};
use crate::mail::reader::to_member;
use crate::outbox::record::{About, MessageRecord, Recipient};
use crate::outbox::{Draft, UNDO_SECONDS};
use crate::records::interview::InterviewRecord;
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// What an organizer is to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Notice {
    /// About whom.
    pub member: MemberId,
    /// What.
    pub what: What,
    /// The next of "any of" who is free; where they took the place, who did.
    pub next: Option<MemberId>,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// No reply, though they were reminded.
    Silent,
    /// Declined, and nobody took the place.
    Declined,
    /// Declined, and somebody took the place.
    Replaced,
}

impl Notice {
    /// The email, to be asked for.
    pub fn draft(&self, id: InterviewId, organizer: MemberId, now: Instant) -> Draft {
        Draft {
            kind: MailKind::ReplyNotice,
            to: Recipient::Member(organizer),
            about: About::Interview(id),
            // As long as what it tells of can be undone.
            not_before: now.plus_seconds(UNDO_SECONDS),
            follows: None,
            memo: serde_json::to_string(self).ok(),
        }
    }

    /// Whether it is still so.
    fn stands(&self, interview: &InterviewRecord) -> bool {
        match self.what {
            What::Silent | What::Declined => is_with_the_organizer(interview, self.member),
            What::Replaced => {
                let takes_part = |member: &MemberId| interview.interviewers.contains(member);
                !takes_part(&self.member) && self.next.as_ref().is_some_and(takes_part)
            }
        }
    }
}

/// The email as the records are now.
pub(in crate::interviews) async fn letter(
    tx: &Tx,
    workspace: WorkspaceId,
    id: InterviewId,
    interview: &InterviewRecord,
    mail: &MessageRecord,
    now: Instant,
) -> Result<Written, StoreError> {
    let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
    let space = workspace.to_string();
    let notice = mail.memo.as_deref();
    let notice = notice.and_then(|memo| serde_json::from_str::<Notice>(memo).ok());
    let Some(notice) = notice else {
        return unwanted("it does not say what it is about");
    };
    if !interview.takes_time() || now >= interview.start || !notice.stands(interview) {
        return unwanted("it is not so any more");
    }
    let Recipient::Member(organizer) = mail.to else {
        return unwanted("it is for no member");
    };
    let organizer = member(tx, &space, organizer).await?;
    let about = member(tx, &space, notice.member).await?;
    let (Some(organizer), Some(about)) = (organizer, about) else {
        return unwanted("nobody is there to read it");
    };
    let next = match notice.next {
        Some(next) => member(tx, &space, next).await?,
        None => None,
    };
    let Some(rendering) = Rendering::read(tx, workspace, id, interview).await? else {
        return unwanted("the candidate is gone");
    };
    let event = rendering.event;
    let candidate = &event.candidate.person.name;
    let name = &about.name;
    let (before, mut paragraphs) = match (notice.what, &next) {
        (What::Silent, _) => (
            format!("No reply from {name}"),
            vec![format!(
                "{name} has not replied to the invitation to interview {candidate}, and a reminder did not help."
            )],
        ),
        (What::Declined, _) => (
            format!("{name} declined"),
            vec![format!(
                "{name} declined the invitation to interview {candidate}."
            )],
        ),
        (What::Replaced, Some(by)) => (
            format!("{} takes {name}'s place", by.name),
            vec![format!(
                "{name} declined the invitation to interview {candidate}, and {} is invited instead. \
                 To undo that, undo the latest change of the interview.",
                by.name
            )],
        ),
        (What::Replaced, None) => return unwanted("who took the place is gone"),
    };
    if notice.what != What::Replaced {
        let ending = id.to_string();
        let ending = ending
            .get(ending.len().saturating_sub(8)..)
            .unwrap_or(&ending);
        paragraphs.push(match &next {
            Some(next) => format!(
                "{} is next of the same group and free then. To invite {} instead: \
                 greenroom interview replace {ending} --from {}",
                next.name, next.name, about.email
            ),
            None => format!(
                "Nobody else of the same group is free then. To invite somebody instead: \
                 greenroom interview replace {ending} --from {} --to EMAIL",
                about.email
            ),
        });
    }
    let end = event.end();
    let stretch = when::stretch(event.start, end, &organizer.zone, &organizer.zone, now);
    paragraphs.push(format!(
        "When       {stretch}\nCandidate  {candidate}\nJob        {}",
        event.job
    ));
    let short = when::short(event.start, &organizer.zone, now);
    let says = Says::Text {
        subject: format!("{before}: interview with {candidate}, {short}"),
        text: format!(
            "{}\n\n{}\n\nGreenroom\n",
            greeting(&organizer.name),
            paragraphs.join("\n\n")
        ),
    };
    let letter = to_member(&organizer, says);
    Ok(Written::Letter {
        letter: Box::new(letter),
        memo: mail.memo.clone(),
    })
}

async fn member(tx: &Tx, space: &str, id: MemberId) -> Result<Option<MemberRecord>, StoreError> {
    tx.peek::<MemberRecord>(space, &id.to_string()).await
}
