//! What people write about an interview beside what their calendars answer: kept with the
//! interview, and shown.
//!
//! Invariants: words change nothing but that there is something to read, and that an interviewer
//! who wrote is not reminded to reply; a reply from an address nobody was invited at is kept and
//! named, and counts only once a person says whose it is (`accept`).

use greenroom_protocol::id::{CandidateId, InterviewId, MailId};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::answers::whom;
use super::{reach, replies};
use crate::mail::inbound::read::{Incoming, Proposal, Reply, Saying};
use crate::mail::inbound::{Aside, AsideAnswer, Owner, Says, Speaker, Thread, TurnRecord, keep};
use crate::outbox;
use crate::outbox::record::About;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer};
use crate::records::pipeline::CandidateRecord;
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// Replies from other addresses that an interview warns of one by one; more of them are in its
/// mail.
const MOST_TOLD: usize = 3;

/// What `warnings` say of mail that waits to be read; reading it takes them back.
const ABOUT_MAIL: [FindingCode; 2] = [FindingCode::AnsweredInWords, FindingCode::OtherAddress];

/// Keeps an email about an interview. Whether it found its place there.
pub(super) async fn words(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    incoming: &Incoming,
    now: Instant,
) -> Result<bool, StoreError> {
    let Some(interview) = open(tx, space, id).await? else {
        return Ok(false);
    };
    let asked = written_to(tx, space, id, incoming).await?;
    let who = speaker(tx, space, &interview, asked, incoming).await?;
    // A machine's notice from elsewhere answers for nobody.
    let is_reply = who.is_none() && !incoming.heard.automatic;
    let aside = is_reply.then(|| Aside {
        guest: asked.map(|(guest, _)| guest.recipient()),
        answer: None,
        to: asked.map(|(_, mail)| mail),
    });
    file(tx, space, id, interview, incoming, who, aside, now).await?;
    Ok(true)
}

/// Keeps a calendar's answer that came from another address, or from somebody nobody invited.
pub(super) async fn set_aside(
    tx: &Tx,
    space: &str,
    incoming: &Incoming,
    reply: &Reply,
    proposal: Option<&Proposal>,
    guest: Option<Peer>,
    now: Instant,
) -> Result<bool, StoreError> {
    let id = reply.interview;
    let Some(interview) = open(tx, space, id).await? else {
        return Ok(false);
    };
    let asked = written_to(tx, space, id, incoming).await?;
    let guest = guest.or(asked.map(|(guest, _)| guest));
    let answer = AsideAnswer {
        answer: reply.answer,
        sequence: reply.sequence,
        at: reply.at,
        counter: proposal.is_some(),
        start: proposal.and_then(|it| it.start),
        duration_minutes: proposal.and_then(|it| it.duration_minutes),
        comment: reply.note.clone(),
    };
    let aside = Aside {
        guest: guest.map(Peer::recipient),
        answer: Some(answer),
        to: asked.map(|(_, mail)| mail),
    };
    file(tx, space, id, interview, incoming, None, Some(aside), now).await?;
    Ok(true)
}

/// Keeps what a calendar answered to a time or a plan that has changed since: it does not count,
/// and it is not lost.
pub(super) async fn outdated(
    tx: &Tx,
    space: &str,
    incoming: &Incoming,
    id: InterviewId,
    guest: Peer,
    now: Instant,
) -> Result<(), StoreError> {
    let Some(interview) = open(tx, space, id).await? else {
        return Ok(());
    };
    let turn = turn(id, incoming, Some(guest), None, now);
    let owner = Owner::Candidate(interview.candidate);
    keep::keep(tx, space, owner, &turn).await.map(drop)
}

/// Somebody has read the mail about an interview: it waits for nobody any more.
pub async fn mail_is_read(tx: &Tx, space: &str, id: InterviewId) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    let before = interview.warnings.len();
    interview
        .warnings
        .retain(|it| !ABOUT_MAIL.contains(&it.code));
    match interview.warnings.len() == before {
        true => Ok(()),
        false => tx.put(space, &key, &interview),
    }
}

/// The interview, unless its candidate was erased: what is written about it then is about nobody.
async fn open(
    tx: &Tx,
    space: &str,
    id: InterviewId,
) -> Result<Option<InterviewRecord>, StoreError> {
    let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
    let interview = interview.filter(|it| it.candidate != CandidateId::NOBODY);
    let Some(interview) = interview else {
        return Ok(None);
    };
    // Expected to stay: an erasure at the same moment finds this, or this finds nobody.
    let candidate = interview.candidate.to_string();
    let candidate = tx.get::<CandidateRecord>(space, &candidate).await?;
    Ok(candidate.map(|_| interview))
}

#[expect(
    clippy::too_many_arguments,
    reason = "one place where a turn and its mark on the interview are written together"
)]
async fn file(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    mut interview: InterviewRecord,
    incoming: &Incoming,
    who: Option<Peer>,
    aside: Option<Aside>,
    now: Instant,
) -> Result<(), StoreError> {
    let owner = Owner::Candidate(interview.candidate);
    let is_aside = aside.is_some();
    let turn = turn(id, incoming, who, aside, now);
    let kept = keep::keep(tx, space, owner, &turn).await?;
    if kept.is_none() || !turn.is_unread() {
        return Ok(());
    }
    match who {
        Some(guest) => {
            let said = format!("{} wrote an email that nobody has read yet", whom(guest));
            let about = reach::about(guest, None);
            interview.warn_of(about, FindingCode::AnsweredInWords, &said);
            replies::heard(&mut interview.invitation, guest, now);
        }
        None if is_aside && told(&interview) >= MOST_TOLD => return Ok(()),
        None if is_aside => {
            let said = format!(
                "a reply came from another address, {}; it does not count until someone accepts it",
                incoming.from
            );
            interview.warn(FindingCode::OtherAddress, &said);
        }
        None => return Ok(()),
    }
    tx.put(space, &id.to_string(), &interview)
}

/// The replies from other addresses that the interview warns of.
fn told(interview: &InterviewRecord) -> usize {
    let warnings = interview.warnings.iter();
    warnings
        .filter(|it| it.code == FindingCode::OtherAddress)
        .count()
}

fn turn(
    id: InterviewId,
    incoming: &Incoming,
    who: Option<Peer>,
    aside: Option<Aside>,
    now: Instant,
) -> TurnRecord {
    let mut heard = incoming.heard.clone();
    // What a calendar sends for somebody is their answer, whatever its headers say of machines.
    let answers = !matches!(incoming.says, Saying::Words);
    heard.automatic &= !answers;
    TurnRecord {
        thread: Thread::Interview(id),
        at: now,
        who: match who {
            Some(Peer::Candidate(_)) => Speaker::Candidate,
            Some(Peer::Member(member)) => Speaker::Member(member),
            None => Speaker::Other,
        },
        says: Says::Heard(heard),
        read_at: None,
        aside,
        understood: None,
    }
}

/// To whom the email went that this one answers, if it was about this interview.
async fn written_to(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    incoming: &Incoming,
) -> Result<Option<(Peer, MailId)>, StoreError> {
    let here = incoming
        .answers
        .iter()
        .filter(|it| it.0.to_string() == space);
    for (_, mail_id) in here {
        let Some(mail) = outbox::find(tx, space, *mail_id).await? else {
            continue;
        };
        if mail.about != About::Interview(id) {
            continue;
        }
        if let Some(guest) = Peer::of(&mail.to) {
            return Ok(Some((guest, *mail_id)));
        }
    }
    Ok(None)
}

/// Who wrote, by the address: the one the answered email went to, one that somebody was invited at
/// or has now, or one that is remembered.
async fn speaker(
    tx: &Tx,
    space: &str,
    interview: &InterviewRecord,
    asked: Option<(Peer, MailId)>,
    incoming: &Incoming,
) -> Result<Option<Peer>, StoreError> {
    let from = incoming.from.as_str();
    if let Some((guest, mail)) = asked {
        let mail = outbox::find(tx, space, mail).await?;
        let address = mail.and_then(|mail| mail.address);
        if address.is_some_and(|it| it.to_lowercase() == from) {
            return Ok(Some(guest));
        }
    }
    let invitees = &interview.invitation.invitees;
    let invited = |it: &&Invitee| {
        let address = it.address.as_deref().map(str::to_lowercase);
        address.as_deref() == Some(from)
    };
    if let Some(invitee) = invitees.iter().find(invited) {
        return Ok(Some(invitee.guest));
    }
    let key = interview.candidate.to_string();
    let candidate = tx.get::<CandidateRecord>(space, &key).await?;
    if candidate.is_some_and(|it| it.email.to_lowercase() == from) {
        return Ok(Some(Peer::Candidate(interview.candidate)));
    }
    let members = interview.interviewers.iter().chain([&interview.organizer]);
    for member in members {
        let record = tx.peek::<MemberRecord>(space, &member.to_string()).await?;
        let theirs = |it: &MemberRecord| {
            let addresses = [it.email.as_str(), it.zoom_address()];
            addresses.iter().any(|it| it.to_lowercase() == from)
        };
        if record.as_ref().is_some_and(theirs) {
            return Ok(Some(Peer::Member(*member)));
        }
    }
    remembered(tx, space, interview, from).await
}

/// Whose an address is by what people said before, where it is somebody of this interview.
pub(super) async fn remembered(
    tx: &Tx,
    space: &str,
    interview: &InterviewRecord,
    address: &str,
) -> Result<Option<Peer>, StoreError> {
    let of = keep::remembered(tx, space, address).await?;
    Ok(of.as_ref().and_then(Peer::of).filter(|guest| match guest {
        Peer::Candidate(id) => *id == interview.candidate,
        Peer::Member(id) => interview.interviewers.contains(id) || interview.organizer == *id,
    }))
}
