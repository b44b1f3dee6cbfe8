//! Where somebody is written to now, and what is known of whether it reaches them.
//!
//! Invariant: what happened to an email to one address says nothing of another one. A warning that
//! email did not reach somebody is one a person; it goes when something reaches them.

use greenroom_protocol::schedule::FindingCode;

use crate::input::folded;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer};
use crate::records::pipeline::CandidateRecord;
use crate::records::workspace::MemberRecord;
use crate::store::{StoreError, Tx};

/// The present address of a guest; `None` where they are gone.
pub(super) async fn address(
    tx: &Tx,
    space: &str,
    guest: Peer,
) -> Result<Option<String>, StoreError> {
    Ok(match guest {
        Peer::Candidate(id) => {
            let found = tx.peek::<CandidateRecord>(space, &id.to_string()).await?;
            found.map(|it| it.email)
        }
        Peer::Member(id) => {
            let found = tx.peek::<MemberRecord>(space, &id.to_string()).await?;
            found.map(|it| it.email)
        }
    })
}

/// Whether the newest email to somebody went where they are no longer written to.
pub(super) async fn has_moved(tx: &Tx, space: &str, invitee: &Invitee) -> Result<bool, StoreError> {
    let Some(went) = &invitee.address else {
        return Ok(false);
    };
    let now = address(tx, space, invitee.guest).await?;
    Ok(now.is_some_and(|now| folded(&now) != folded(went)))
}

/// Why an email did not reach somebody.
pub(super) enum Obstacle<'a> {
    /// The address does not receive.
    Address(&'a str),
    /// Our server is refused; the address is as good as before.
    Ours(&'a str),
    /// The mail server did not take it.
    NotSent(&'a str),
}

/// Notes that an email did not reach somebody, in the place of what was known of that before.
pub(super) fn is_unreached(interview: &mut InterviewRecord, guest: Peer, obstacle: &Obstacle<'_>) {
    is_reached(interview, guest);
    let whom = whom(interview, guest);
    let (code, why, message) = match obstacle {
        Obstacle::Address(why) => (
            FindingCode::AddressBounces,
            why,
            format!("Email to {whom} bounced: {why}"),
        ),
        Obstacle::Ours(why) => (
            FindingCode::MailRefused,
            why,
            format!(
                "Email to {whom} was refused because of our mail server, not the address: {why}. An administrator has to look into it"
            ),
        ),
        Obstacle::NotSent(why) => (
            FindingCode::MailRefused,
            why,
            format!("Email to {whom} could not be sent: {why}"),
        ),
    };
    let why = (*why).to_owned();
    if let Some(invitee) = interview.invitation.of_mut(guest) {
        invitee.unreached = Some(why);
    }
    interview.warn(code, &message);
}

/// Notes that something reaches somebody: nothing that said otherwise is left.
pub(super) fn is_reached(interview: &mut InterviewRecord, guest: Peer) {
    let about = format!("Email to {} ", whom(interview, guest));
    let address = interview
        .invitation
        .of(guest)
        .and_then(|it| it.address.clone());
    if let Some(invitee) = interview.invitation.of_mut(guest) {
        invitee.unreached = None;
    }
    let alone = interview
        .invitation
        .invitees
        .iter()
        .all(|it| it.unreached.is_none());
    interview.warnings.retain(|it| match it.code {
        FindingCode::AddressBounces => {
            // The last is said before a confirmation; those of earlier builds do not say whom they
            // are about.
            let theirs = address
                .as_ref()
                .is_some_and(|address| it.message.contains(address.as_str()));
            let obsolete = alone && it.message.starts_with("mail to ");
            let settled = theirs || obsolete || it.message.starts_with(&about);
            !settled
        }
        FindingCode::MailRefused => {
            let obsolete = alone && it.message.starts_with("a letter about");
            let settled = obsolete || it.message.starts_with(&about);
            !settled
        }
        _ => true,
    });
}

/// Whom a warning is about. A candidate is not named: warnings outlive the candidate's record.
fn whom(interview: &InterviewRecord, guest: Peer) -> String {
    let Peer::Member(_) = guest else {
        return "the candidate".to_owned();
    };
    let address = interview
        .invitation
        .of(guest)
        .and_then(|it| it.address.as_deref());
    match address {
        Some(address) => format!("interviewer {address}"),
        None => "an interviewer".to_owned(),
    }
}
